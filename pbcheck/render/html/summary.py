"""The plain summary: what was found, in sentences and pictures, and what to do first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pbcheck.model import SEVERITIES, Report
from pbcheck.render.html.charts import Chart, Row, chart, percent
from pbcheck.render.html.decisions import numbers
from pbcheck.render.html.frame import in_words
from pbcheck.render.html.groups import OUTCOMES, Group, Theme, joined
from pbcheck.render.words import KIND_WORDS, counted

FIRST = 10
"""How many rules the list of what to do first names."""
OUTCOME_WORDS = {"passed": "passed", "failed": "failed", "excused": "excused", "cannot_tell": "could not be told"}
PROFILES = {
    "ppf": "the Putting People First advice note as written",
    "cwr": "Implementing Personal Budgets as written",
    "notes": "both notes as written",
    "today": "both notes, as far as today's law leaves room",
}


def kinds(report: Report) -> str:
    """Return what was read and judged, by kind."""
    return joined([counted(number, *KIND_WORDS.get(kind, (kind,))) for kind, number in report.records.items() if number]) or "nothing"


def sentences(report: Report, groups: Sequence[Group], themes: Sequence[Theme], judged: int) -> list[str]:
    """Return the summary in sentences; `judged` is how many cases that were judged have a finding that counts."""
    asked = len(report.outcomes)
    told = [f"pbcheck held {kinds(report)} against {counted(asked, 'rule')}."]
    told.append(_found(report, [one for one in groups if one.findings], themes, judged))
    if report.set_aside:
        told.append(f"Set aside by decision, and in none of these numbers of findings: {numbers(groups)}.")
    applied = sum(report.total(one) for one in OUTCOMES)
    if applied:
        shares = [f"{report.total(one):,} ({percent(report.total(one), applied)}) {OUTCOME_WORDS[one]}" for one in OUTCOMES]
        times = "Once a rule applied to a record" if applied == 1 else f"{applied:,} times a rule applied to a record"
        told.append(f"{times}: {joined(shares)}.")
    else:
        told.append("No rule applied to any record, so nothing passed.")
    if report.total("cannot_tell"):
        told.append("What could not be told is neither good nor bad: the data does not say.")
    return told


def _found(report: Report, groups: Sequence[Group], themes: Sequence[Theme], judged: int) -> str:
    if not groups:
        return f"It found nothing{' else' if report.set_aside else ''} to put right."
    numbers = joined([counted(report.count(one), one) for one in SEVERITIES if report.count(one)])
    words = f"It found {numbers}, from {counted(len(groups), 'rule')}"
    cases = report.records.get("case", 0)
    if judged and judged <= cases:
        words += f"; {judged:,} of {counted(cases, 'case')} {'has' if judged == 1 else 'have'} at least one finding"
    most = max(themes, key=lambda one: one.findings)
    if len(themes) > 1 and most.findings > 1:
        words += f". Most findings are about {in_words(most.name).lower()} ({most.findings:,})"
    return words + "."


def outcomes_chart(report: Report) -> Chart | None:
    """Return the picture of what came of the rules where they applied; None where none did."""
    applied = sum(report.total(one) for one in OUTCOMES)
    if not applied:
        return None
    rows = [
        Row(words.capitalize(), f"{report.total(one):,} ({percent(report.total(one), applied)})", [(one, Fraction(report.total(one)))])
        for one, words in OUTCOME_WORDS.items()
    ]
    return chart("outcomes", "What came of the rules where they applied", rows, Fraction(applied))


def themes_chart(themes: Sequence[Theme]) -> Chart | None:
    """Return the picture of the findings by theme and severity; None where there are none."""
    found = [one for one in themes if one.findings]
    if not found:
        return None
    most = max(one.findings for one in found)
    rows = [
        Row(
            in_words(one.name),
            ", ".join(counted(one.count(severity), severity) for severity in SEVERITIES if one.count(severity)),
            [(severity, Fraction(one.count(severity))) for severity in SEVERITIES],
        )
        for one in found
    ]
    return chart("by-theme", "Findings by theme", rows, Fraction(most))
