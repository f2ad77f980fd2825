"""Text for a terminal or a log: each finding with its place, the line where that is a policy, why, what to do, and the source."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from pbcheck.model import SEVERITIES, Finding, Report, Rule
from pbcheck.render.words import by_rule, inert, place, sections, summary, wrapped

PLACES = 10
YAML = (".yaml", ".yml")
_SAYS_SO = re.compile(r"""\s*\{?\s*(["']?)kind\1\s*:\s*["']?(?:policy|export)\b""")


def render(report: Report) -> str:
    """Return the report as text: the worst findings first, those of one rule together, then remarks and the summary line."""
    parts = []
    groups = by_rule(report.findings)
    for _, found in sorted(groups.items(), key=lambda group: (SEVERITIES.index(group[1][0].severity), group[0])):
        parts.append(group_text(report.rules[found[0].rule], found))
    parts += [f"remark: {inert(one)}\n" for one in report.remarks]
    parts += _incomplete(report)
    parts.append(summary(report) + "\n")
    return "\n".join(parts)


def read_lines(file: str) -> Sequence[str]:
    """Return the lines of a file as its reader counts them, or nothing where it cannot be read any more."""
    try:
        text = Path(file).read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ()
    return text.splitlines() if file.lower().endswith(YAML) else text.split("\n")


def group_text(rule: Rule, found: list[Finding], lines_of: Callable[[str], Sequence[str]] = read_lines) -> str:
    """Return the block of one rule: its first finding in full, the places of the others, then why, what to do, and the source."""
    first, *more = found
    lines = [f"{first.severity}[{rule.id}]: {inert(first.message)}", f"  --> {place(first)}", *_snippet(first, lines_of)]
    differ = any(one.message != first.message for one in more)
    for one in more[:PLACES]:
        lines.append(f"  --> {place(one)}{': ' + inert(one.message) if differ else ''}")
        if rule.built_in:
            lines += _snippet(one, lines_of)
    if len(more) > PLACES:
        lines.append(f"  ... and {len(more) - PLACES:,} more places; -f json lists them all")
    lines.append(wrapped(rule.why, "   = why: "))
    lines.append(wrapped(rule.remedy, "   = do: "))
    if not rule.built_in:
        lines.append(wrapped(sections(rule), "   = source: "))
        if rule.law:
            lines.append(wrapped(rule.law, "   = law: "))
    return "\n".join(lines) + "\n"


def _snippet(one: Finding, lines_of: Callable[[str], Sequence[str]]) -> list[str]:
    """Return the line of a document that says itself that it is a policy or manifest, with a caret; a line of a case is never shown."""
    spot = one.location
    if one.subject not in ("policy", "export") or not spot.line:
        return []
    lines = lines_of(spot.file)
    if spot.line > len(lines) or not any(_SAYS_SO.match(line) for line in lines):
        return []
    text = inert(lines[spot.line - 1].replace("\t", " "))
    gutter = str(spot.line)
    width = max(1, spot.end_column - spot.column) if spot.end_column else 1
    caret = " " * (spot.column - 1) + "^" * min(width, max(1, len(text) - spot.column + 1))
    blank = " " * len(gutter)
    return [f" {blank} |", f" {gutter} | {text}", f" {blank} | {caret}"]


def _incomplete(report: Report) -> list[str]:
    unread = sum(1 for one in report.findings if one.incomplete)
    if report.complete:
        return []
    return [f"The audit is incomplete: {unread:,} of these findings say what could not be read or judged.\n"]
