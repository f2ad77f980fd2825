"""JUnit XML: a test suite for each theme and a test case for each rule, valid by the schemas of Jenkins and of Ant (Windy Road).

A rule that failed is a failure (an error where something could not be read or judged); one whose findings are notes only, that could not
be told or that applied to nothing is skipped with the reason, and so is one whose findings were all set aside; any other passed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pbcheck.model import Finding, Report, Rule, Tally
from pbcheck.render.escapes import xml
from pbcheck.render.machine import EVERYTHING, line, said
from pbcheck.render.overview import OfRule, overview
from pbcheck.render.words import counted, summary

LINES = 200
"""Findings of one rule whose places are listed; the others are counted."""
NO_DATE = "1970-01-01"
_DATES = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class _Case:
    """One rule as a test case: how it ended (failure, error, skipped, or empty for passed), in a few words and at length."""

    rule: Rule
    end: str
    words: str = ""
    lines: tuple[str, ...] = ()


def render(report: Report) -> str:
    """Return the report as JUnit XML; times are nought and the date is the one judged by, so that the same input gives the same bytes."""
    groups = overview(report, LINES).rules
    tallies = {one.rule: one for one in report.outcomes}
    suites: dict[str, list[_Case]] = {}
    for name in sorted({*groups, *tallies}):
        rule = report.rules[name]
        suites.setdefault(rule.theme, []).append(_case(rule, groups.get(name), tallies.get(name)))
    dates = [one for one in report.as_of.split(", ") if _DATES.fullmatch(one)]
    stamp = f"{max(dates, default=NO_DATE)}T00:00:00"
    parts = [_suite(number, theme, cases, stamp) for number, (theme, cases) in enumerate(sorted(suites.items()))]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {_comment(report)} -->\n<testsuites>'
    return "\n".join([head, *parts, "</testsuites>"]) + "\n"


def _comment(report: Report) -> str:
    return xml(summary(report)).replace("--", "- -")


def _case(rule: Rule, found: OfRule | None, tally: Tally | None) -> _Case:
    if found is not None:
        lines = _listed(found.counting, found.number, "findings of this rule")
        lines += _listed(found.aside, found.number_aside, "findings of this rule that were set aside")
        lines += [f"What to do: {rule.remedy}"] if rule.remedy else []
        lines += [_untold(tally)] if tally and tally.cannot_tell else []
        return _Case(rule, _end(found), _words(found), tuple(lines))
    if tally is None or (not tally.cannot_tell and tally.not_applicable < tally.records):
        return _Case(rule, "")
    words = _untold(tally) if tally.cannot_tell else "Not applicable: there is no record to which the rule applies."
    return _Case(rule, "skipped", words)


def _end(found: OfRule) -> str:
    """Return how a rule ends by its findings that count; where none does, it is skipped."""
    if found.incomplete:
        return "error"
    return "failure" if found.severities.keys() - {"note"} else "skipped"


def _words(found: OfRule) -> str:
    """Return how many findings of a rule count, how many were set aside, and the first of them."""
    words = said((found.counting or found.aside)[0])
    number = found.number or found.number_aside
    if number > 1:
        words = f"{counted(number, 'finding')}. The first: {words}"
    if not found.number:
        return f"Set aside by decision, which fails nothing. {words}"
    if found.number_aside:
        words = f"{words} Besides, {counted(found.number_aside, 'finding')} set aside by decision."
    return f"Noted, which fails nothing. {words}" if _end(found) == "skipped" else words


def _listed(found: Sequence[Finding], number: int, what: str) -> list[str]:
    """Return the first of so many findings one a line, and how many are left out."""
    lines = [line(one) for one in found]
    return [*lines, f"{number - LINES:,} more {what} are left out here; {EVERYTHING}."] if number > LINES else lines


def _untold(tally: Tally) -> str:
    """Return for how many records a rule could not be told, and what they lack."""
    keys = ", ".join(f"{name} ({number:,})" for name, number in sorted(tally.missing.items()))
    return f"Cannot tell for {tally.cannot_tell:,} of {counted(tally.records, 'record')}{f'; missing: {keys}' if keys else ''}."


def _suite(number: int, theme: str, cases: list[_Case], stamp: str) -> str:
    ends = [one.end for one in cases]
    names = f'name="{xml(theme) or "rules"}" package="pbcheck" id="{number}" timestamp="{stamp}" hostname="localhost"'
    counts = " ".join(f'{key}="{ends.count(end)}"' for key, end in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")))
    head = f'<testsuite {names} tests="{len(cases)}" {counts} time="0">'
    return "\n".join([head, "<properties/>", *map(_test, cases), "<system-out/>", "<system-err/>", "</testsuite>"])


def _test(case: _Case) -> str:
    rule = case.rule
    head = f'<testcase name="{xml(rule.id)}" classname="pbcheck.{xml(rule.theme)}" time="0"'
    if not case.end:
        return f"{head}/>"
    kind = "" if case.end == "skipped" else f' type="{xml(rule.severity)}"'
    text = "\n".join(map(xml, case.lines))
    return f'{head}><{case.end} message="{xml(case.words)}"{kind}>{text}</{case.end}></testcase>'
