"""A summary in Markdown, for a job summary or a comment on a pull request: within the size that both take, what is left out counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pbcheck.model import SEVERITIES, Finding, Input, Report, Rule, Tally
from pbcheck.render.escapes import clean, cut, markdown
from pbcheck.render.machine import EVERYTHING, said, worst_first
from pbcheck.render.words import by_rule, counted, place, summary

T = TypeVar("T")
LIMIT = 65_536
"""Characters that a comment on GitHub takes; a job summary takes 1 MiB, which these never fill."""
SHARES = {"rules": 16_000, "findings": 28_000, "rules not told": 8_000, "files": 8_000, "remarks": 3_000}
"""Characters of each part; they and the head stay below the limit."""
LONGEST = 400


def render(report: Report) -> str:
    """Return the summary: the verdict, rules by severity, findings with their places, what could not be told, what was read."""
    names = ", ".join(report.authorities) or "documents without an authority"
    parts = [
        f"# pbcheck: {_words(names, 1_000)}",
        _verdict(report),
        summary(report),
        f"As of {_words(report.as_of or 'no date')}; profile {report.profile}; pbcheck {_words(report.version)}.",
    ]
    if report.findings:
        parts += ["## Rules that failed", *_table("rules", ("Severity", "Rule", "Findings", "What to do"), _failed(report), _rule_row)]
        found = worst_first(report.findings)
        parts += ["## Findings", *_table("findings", ("Severity", "Place", "Finding", "Rule"), found, _finding_row)]
    untold = sorted((one for one in report.outcomes if one.cannot_tell), key=lambda one: (-one.cannot_tell, one.rule))
    if untold:
        parts += ["## What could not be told", *_table("rules not told", ("Rule", "Records", "What is missing"), untold, _untold_row)]
    if report.inputs:
        parts += ["## What was read", *_table("files", ("File", "Records", "SHA-256"), report.inputs, _file_row)]
    parts += _remarks(report)
    return "\n\n".join(parts) + "\n"


def _words(text: str, longest: int = LONGEST) -> str:
    return markdown(cut(clean(text), longest))


def _verdict(report: Report) -> str:
    counts = [counted(report.count(one), one) for one in SEVERITIES if report.count(one)]
    found = f"**{', '.join(counts)}.**" if counts else "**Nothing was found.**"
    unread = sum(1 for one in report.findings if one.incomplete)
    return found if report.complete else f"{found} **The audit is incomplete:** {counted(unread, 'thing')} could not be read or judged."


def _failed(report: Report) -> list[tuple[Rule, list[Finding]]]:
    """Return the rules with findings: the most severe first, then those with most findings."""
    groups = by_rule(report.findings)
    names = sorted(groups, key=lambda one: (SEVERITIES.index(groups[one][0].severity), -len(groups[one]), one))
    return [(report.rules[name], groups[name]) for name in names]


def _rule_row(one: tuple[Rule, list[Finding]]) -> tuple[str, ...]:
    rule, found = one
    return found[0].severity, f"{_words(rule.title)} ({_words(rule.id)})", f"{len(found):,}", _words(rule.remedy)


def _finding_row(one: Finding) -> tuple[str, ...]:
    return one.severity, _words(place(one)), _words(said(one)), _words(one.rule)


def _file_row(one: Input) -> tuple[str, ...]:
    return _words(one.path), f"{one.records:,}" if one.read else "not read", _words(one.sha256)


def _untold_row(one: Tally) -> tuple[str, ...]:
    missing = ", ".join(f"{name} ({number:,})" for name, number in sorted(one.missing.items()))
    return _words(one.rule), f"{one.cannot_tell:,} of {one.records:,}", _words(missing)


def _table(part: str, head: tuple[str, ...], things: Sequence[T], row: Callable[[T], tuple[str, ...]]) -> list[str]:
    """Return a table as large as its share of the page allows, and how many of the things are left out."""
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    room = SHARES[part] - sum(map(len, lines)) - 200
    for number, one in enumerate(things):
        line = f"| {' | '.join(row(one))} |"
        room -= len(line) + 1
        if room < 0:
            return ["\n".join(lines), f"{len(things) - number:,} more {part} are left out here; {EVERYTHING}."]
        lines.append(line)
    return ["\n".join(lines)]


def _remarks(report: Report) -> list[str]:
    return (
        ["## Remarks", *_table("remarks", ("What else the reader should know",), report.remarks, lambda one: (_words(one),))]
        if report.remarks
        else []
    )
