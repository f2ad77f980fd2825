"""A summary in Markdown, for a job summary or a comment on a pull request: within the size that both take, what is left out counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pbcheck.model import SEVERITIES, Finding, Input, Report, Rule, Tally
from pbcheck.render.escapes import clean, cut, markdown
from pbcheck.render.machine import EVERYTHING, said, words_of, worst_first
from pbcheck.render.overview import overview
from pbcheck.render.words import counted, decided, open_findings, place, summary

T = TypeVar("T")
LIMIT = 65_536
"""Characters that a comment on GitHub takes; a job summary takes 1 MiB, which these never fill."""
SHARES = {"rules": 14_000, "findings": 26_000, "findings set aside": 7_000, "rules not told": 6_000, "files": 7_000, "remarks": 3_000}
"""Characters of each part; they and the head stay below the limit."""
ROWS = 2_000
"""Findings that are looked at for a table: more than its share has room for."""
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
    failed, aside = _failed(report), report.set_aside.total()
    if failed:
        parts += ["## Rules that failed", *_table("rules", ("Severity", "Rule", "Findings", "What to do"), failed, _rule_row)]
        found = [one for one, _ in worst_first(((one, None) for one in open_findings(report)), ROWS)]
        number = sum(one for _, _, one in failed)
        parts += ["## Findings", *_table("findings", ("Severity", "Place", "Finding", "Rule"), found, _finding_row, number)]
    if aside:
        found = [one for one, _ in worst_first(((one, None) for one in report.findings if one.set_aside), ROWS)]
        heads = ("Place", "Finding", "Rule", "Severity", "By what decision")
        parts += ["## Set aside by decision", *_table("findings set aside", heads, found, _aside_row, aside)]
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
    aside = report.set_aside.total()
    found = f"**{', '.join(counts)}.**" if counts else "**Nothing else was found.**" if aside else "**Nothing was found.**"
    if aside:
        found = f"{found} **Set aside by decision: {counted(aside, 'finding')}.**"
    unread = counted(report.unread, "thing")
    return found if report.complete else f"{found} **The audit is incomplete:** {unread} could not be read or judged."


def _failed(report: Report) -> list[tuple[str, Rule, int]]:
    """Return the rules with findings that count, with severity and number: the most severe first, then those with most findings."""
    found = {name: one for name, one in overview(report, 1).rules.items() if one.number}
    names = sorted(found, key=lambda one: (SEVERITIES.index(found[one].counting[0].severity), -found[one].number, one))
    return [(found[name].counting[0].severity, report.rules[name], found[name].number) for name in names]


def _rule_row(one: tuple[str, Rule, int]) -> tuple[str, ...]:
    severity, rule, number = one
    return severity, f"{_words(rule.title)} ({_words(rule.id)})", f"{number:,}", _words(rule.remedy)


def _finding_row(one: Finding) -> tuple[str, ...]:
    return one.severity, _words(place(one)), _words(said(one)), _words(one.rule)


def _aside_row(one: Finding) -> tuple[str, ...]:
    why = _words(decided(one.set_aside)) if one.set_aside else ""
    return _words(place(one)), _words(words_of(one)), _words(one.rule), one.severity, why


def _file_row(one: Input) -> tuple[str, ...]:
    return _words(one.path), f"{one.records:,}" if one.read else "not read", _words(one.sha256)


def _untold_row(one: Tally) -> tuple[str, ...]:
    missing = ", ".join(f"{name} ({number:,})" for name, number in sorted(one.missing.items()))
    return _words(one.rule), f"{one.cannot_tell:,} of {one.records:,}", _words(missing)


def _table(part: str, head: tuple[str, ...], things: Sequence[T], row: Callable[[T], tuple[str, ...]], total: int = 0) -> list[str]:
    """Return a table as large as its share of the page allows, and how many of all the things are left out."""
    total = total or len(things)
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    room = SHARES[part] - sum(map(len, lines)) - 200
    for number, one in enumerate(things):
        line = f"| {' | '.join(row(one))} |"
        room -= len(line) + 1
        if room < 0:
            return ["\n".join(lines), f"{total - number:,} more {part} are left out here; {EVERYTHING}."]
        lines.append(line)
    return ["\n".join(lines)]


def _remarks(report: Report) -> list[str]:
    return (
        ["## Remarks", *_table("remarks", ("What else the reader should know",), report.remarks, lambda one: (_words(one),))]
        if report.remarks
        else []
    )
