"""JUnit XML: a test suite for each theme and a test case for each rule, valid by the schemas of Jenkins and of Ant (Windy Road).

A rule that failed is a failure (an error where something could not be read or judged); one whose findings are notes only, that could not
be told or that applied to nothing is skipped with the reason; any other passed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pbcheck.model import Finding, Report, Rule, Tally
from pbcheck.render.escapes import xml
from pbcheck.render.machine import EVERYTHING, line, said
from pbcheck.render.words import by_rule, counted, summary

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
    groups = by_rule(report.findings)
    tallies = {one.rule: one for one in report.outcomes}
    suites: dict[str, list[_Case]] = {}
    for name in sorted({*groups, *tallies}):
        rule = report.rules[name]
        suites.setdefault(rule.theme, []).append(_case(rule, groups.get(name, []), tallies.get(name)))
    dates = [one for one in report.as_of.split(", ") if _DATES.fullmatch(one)]
    stamp = f"{max(dates, default=NO_DATE)}T00:00:00"
    parts = [_suite(number, theme, cases, stamp) for number, (theme, cases) in enumerate(sorted(suites.items()))]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {_comment(report)} -->\n<testsuites>'
    return "\n".join([head, *parts, "</testsuites>"]) + "\n"


def _comment(report: Report) -> str:
    return xml(summary(report)).replace("--", "- -")


def _case(rule: Rule, found: list[Finding], tally: Tally | None) -> _Case:
    if found:
        first = said(found[0])
        words = first if len(found) == 1 else f"{counted(len(found), 'finding')}. The first: {first}"
        lines = [line(one) for one in found[:LINES]]
        if len(found) > LINES:
            lines.append(f"{len(found) - LINES:,} more findings of this rule are left out here; {EVERYTHING}.")
        lines += [f"What to do: {rule.remedy}"] if rule.remedy else []
        lines += [_untold(tally)] if tally and tally.cannot_tell else []
        end = "error" if any(one.incomplete for one in found) else "skipped" if all(one.severity == "note" for one in found) else "failure"
        return _Case(rule, end, words if end != "skipped" else f"Noted, which fails nothing. {words}", tuple(lines))
    if tally is None or (not tally.cannot_tell and tally.not_applicable < tally.records):
        return _Case(rule, "")
    words = _untold(tally) if tally.cannot_tell else "Not applicable: there is no record to which the rule applies."
    return _Case(rule, "skipped", words)


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
