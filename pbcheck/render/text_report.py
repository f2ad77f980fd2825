"""Text for a terminal or a log: each finding with its place, the line where that is a policy, why, what to do, and the source."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pbcheck.model import SEVERITIES, Finding, Report, Rule
from pbcheck.render.words import by_rule, inert, sections, summary, wrapped

PLACES = 10


def render(report: Report) -> str:
    """Return the report as text: the worst findings first, those of one rule together, then remarks and the summary line."""
    parts = []
    groups = by_rule(report.findings)
    for _, found in sorted(groups.items(), key=lambda group: (SEVERITIES.index(group[1][0].severity), group[0])):
        parts.append(_group(report.rules[found[0].rule], found))
    parts += [f"remark: {inert(one)}\n" for one in report.remarks]
    parts += _incomplete(report)
    parts.append(summary(report) + "\n")
    return "\n".join(parts)


def _group(rule: Rule, found: list[Finding]) -> str:
    first, *more = found
    lines = [f"{first.severity}[{rule.id}]: {inert(first.message)}", f"  --> {_place(first)}", *_snippet(first)]
    differ = any(one.message != first.message for one in more)
    for one in more[:PLACES]:
        lines.append(f"  --> {_place(one)}{': ' + inert(one.message) if differ else ''}")
    if len(more) > PLACES:
        lines.append(f"  ... and {len(more) - PLACES:,} more places; -f json lists them all")
    lines.append(wrapped(rule.why, "   = why: "))
    lines.append(wrapped(rule.remedy, "   = do: "))
    if not rule.built_in:
        lines.append(wrapped(sections(None, rule), "   = source: "))
        if rule.law:
            lines.append(wrapped(rule.law, "   = law: "))
    return "\n".join(lines) + "\n"


def _place(one: Finding) -> str:
    place = one.location
    at = f"{inert(place.file)}:{place.line}:{place.column}" if place.line else inert(place.file)
    record = f" ({one.subject} {inert(one.record)})" if one.record and one.subject in ("case", "contract") else ""
    return f"{at}{record}" if at else "the audit as a whole"


def _snippet(one: Finding) -> list[str]:
    """Return the line of a policy or manifest with a caret; a line of a case is never shown."""
    place = one.location
    if one.subject not in ("policy", "export") or not place.line:
        return []
    lines = _lines(place.file)
    if place.line > len(lines):
        return []
    text = inert(lines[place.line - 1].replace("\t", " "))
    gutter = str(place.line)
    width = max(1, place.end_column - place.column) if place.end_column else 1
    caret = " " * (place.column - 1) + "^" * min(width, max(1, len(text) - place.column + 1))
    blank = " " * len(gutter)
    return [f" {blank} |", f" {gutter} | {text}", f" {blank} | {caret}"]


@cache
def _lines(file: str) -> tuple[str, ...]:
    try:
        return tuple(Path(file).read_text(encoding="utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError):
        return ()


def _incomplete(report: Report) -> list[str]:
    unread = sum(1 for one in report.findings if one.incomplete)
    if report.complete:
        return []
    return [f"The audit is incomplete: {unread:,} of these findings say what could not be read or judged.\n"]
