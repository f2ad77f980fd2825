"""Text for a terminal or a log: each finding with its place, the line where that is a policy, why, what to do, and the source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from pbcheck.model import EXCEPTIONS, SEVERITIES, Finding, Report, Rule, SetAside
from pbcheck.render.overview import OfRule, Overview, overview
from pbcheck.render.words import FORCES, counted, decided, do_first, inert, place, sections, summary, wrapped

PLACES = 10
YAML = (".yaml", ".yml")
RECORD_KEYS = (
    "adjustments",
    "alternative_funding",
    "arrangements",
    "assessment",
    "audits",
    "budget_changes",
    "carers",
    "consultees",
    "controls",
    "decision",
    "existing_services",
    "full_cost_decision",
    "holder_name",
    "person",
    "plan",
    "provider",
    "quotes",
    "recoveries",
    "requests",
)
"""Keys below which personal values stand, and which no policy or manifest has."""
_OF_A_RECORD = re.compile(rf"""(?:^|[{{,])\s*(["']?)(?:{"|".join(RECORD_KEYS)})\1\s*:""")
_SAYS_SO = re.compile(r"""\s*\{?\s*(["']?)kind\1\s*:\s*["']?(?:policy|export)\b""")


def render(report: Report) -> str:
    """Return the report as text: the worst findings first, those of one rule together; then those set aside, remarks, the summary."""
    parts = []
    seen = overview(report, PLACES + 1)
    groups = [(name, found) for name, found in seen.rules.items() if found.number]
    for name, found in sorted(groups, key=lambda group: (SEVERITIES.index(group[1].counting[0].severity), group[0])):
        parts.append(group_text(report.rules[name], found))
    parts += _set_aside(report)
    parts += [f"remark: {inert(one)}\n" for one in report.remarks]
    parts += _first(report, seen)
    parts += _incomplete(report)
    parts.append(summary(report) + "\n")
    return "\n".join(parts)


def read_lines(file: str) -> Sequence[str]:
    """Return the lines of a file as its reader counts them; nothing where it cannot be read any more, or may not be shown."""
    try:
        text = Path(file).read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ()
    lines = text.splitlines() if file.lower().endswith(YAML) else text.split("\n")
    return lines if may_be_shown(lines) else ()


def group_text(rule: Rule, found: OfRule, lines_of: Callable[[str], Sequence[str]] = read_lines) -> str:
    """Return the block of one rule: its first finding in full, the places of the others, then why, what to do, and the source."""
    first, *more = found.counting
    lines = [
        f"{first.severity}[{inert(rule.id)}]: {inert(first.message)}",
        f"  --> {place(first)}",
        *_value(first),
        *_snippet(first, lines_of),
    ]
    for one in more[:PLACES]:
        lines += [f"  --> {place(one)}{'' if found.counting_alike else ': ' + inert(one.message)}", *_value(one)]
        if rule.built_in:
            lines += _snippet(one, lines_of)
    if found.number - 1 > PLACES:
        lines.append(f"  ... and {found.number - 1 - PLACES:,} more places; -f json lists them all")
    lines.append(_folded(rule.why, "   = why: "))
    lines.append(_folded(rule.remedy, "   = do: "))
    if rule.who:
        lines.append(_folded(rule.who, "   = who: "))
    if not rule.built_in:
        lines.append(_folded(sections(rule), "   = source: "))
        if rule.law:
            lines.append(_folded(rule.law, "   = law: "))
    return "\n".join(lines) + "\n"


def may_be_shown(lines: Sequence[str]) -> bool:
    """Return whether lines of a file may be shown: it says that it is a policy or manifest, and holds no key that only a record has."""
    return any(_SAYS_SO.match(line) for line in lines) and not any(_OF_A_RECORD.search(line) for line in lines)


def _snippet(one: Finding, lines_of: Callable[[str], Sequence[str]]) -> list[str]:
    """Return the line of a document that says itself that it is a policy or manifest, with a caret; a line of a case is never shown."""
    spot = one.location
    if one.subject not in ("policy", "export") or not spot.line:
        return []
    lines = lines_of(spot.file)
    if spot.line > len(lines) or not may_be_shown(lines):
        return []
    text = inert(lines[spot.line - 1].replace("\t", " "))
    gutter = str(spot.line)
    width = max(1, spot.end_column - spot.column) if spot.end_column else 1
    caret = " " * (spot.column - 1) + "^" * min(width, max(1, len(text) - spot.column + 1))
    blank = " " * len(gutter)
    return [f" {blank} |", f" {gutter} | {text}", f" {blank} | {caret}"]


def _folded(text: str, indent: str) -> str:
    """Return a text of a rule folded and inert: a rule pack may come from elsewhere."""
    return wrapped(inert(" ".join(text.split())), indent)


def _value(one: Finding) -> list[str]:
    return [f"      value: {inert(one.value)}"] if one.value else []


def _set_aside(report: Report) -> list[str]:
    """Return the findings that were set aside, shortly: those of one decision together, each with its place and rule."""
    if not report.set_aside:
        return []
    numbers: Counter[SetAside] = Counter()
    lines: dict[SetAside, list[str]] = {}
    for one in report.findings:
        if one.set_aside is None:
            continue
        numbers[one.set_aside] += 1
        if numbers[one.set_aside] <= PLACES:
            said = f"  --> {place(one)}: {one.severity}[{inert(one.rule)}]: {inert(one.message)}"
            lines.setdefault(one.set_aside, []).extend([said, *_value(one)])
    parts = [f"Set aside by decision, and not counted: {counted(numbers.total(), 'finding')}."]
    for by in sorted(lines, key=lambda one: (EXCEPTIONS.index(one.by), one.name, one.reason, one.approver, one.until)):
        parts += [_folded(decided(by), "By "), *lines[by]]
        if numbers[by] > PLACES:
            parts.append(f"  ... and {numbers[by] - PLACES:,} more places; -f json lists them all")
    return ["\n".join(parts) + "\n"]


def _first(report: Report, seen: Overview) -> list[str]:
    """Return the three rules of most weight, what to do about each and who can, where there is a choice."""
    found = do_first(report, seen=seen)
    if len(found) < 2:
        return []
    lines = ["What to do first:"]
    for number, one in enumerate(found, 1):
        lines.append(
            _folded(f"{one.rule.title} [{one.rule.id}] {one.where}, {FORCES.get(one.rule.force, one.rule.force)}.", f"  {number}. ")
        )
        lines.append(_folded(f"{one.rule.remedy}{' Who: ' + one.rule.who if one.rule.who else ''}", "     "))
    return ["\n".join(lines) + "\n"]


def _incomplete(report: Report) -> list[str]:
    unread = report.unread
    if report.complete:
        return []
    return [f"The audit is incomplete: {unread:,} of these findings say what could not be read or judged.\n"]
