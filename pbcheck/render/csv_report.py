"""CSV for a spreadsheet, one finding a row: RFC 4180 with CRLF, UTF-8 with the byte order mark that Excel asks for, and no formulas."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pbcheck.model import Finding, Report, Rule, SetAside
from pbcheck.render.escapes import cell
from pbcheck.render.machine import words_of

COLUMNS = (
    "severity", "rule", "title", "theme", "message", "what_to_do", "subject", "record", "team", "file", "line", "column", "pointer",
    "obligations", "law", "incomplete", "fingerprint",
    "set_aside_by", "set_aside_name", "set_aside_reason", "set_aside_approver", "set_aside_until",
)  # fmt: skip
_MARK = "\ufeff"
_COUNTS = "," * 5
"""The last five cells of a finding that nothing set aside, each after its comma."""


def render(report: Report) -> str:
    """Return the findings as CSV with a head, also those set aside; a text that could run as a formula has an apostrophe before it."""
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """Yield the same, row by row."""
    yield f"{_MARK}{','.join(COLUMNS)}\r\n"
    for one in report.findings:
        yield f"{_row(one, report.rules[one.rule])}\r\n"


def _quoted(text: str) -> str:
    """Return a text as a field, in which there is no line break: in quotation marks where it has one of them or a comma."""
    text = cell(text)
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


_often = lru_cache(maxsize=4096)(_quoted)


def _row(one: Finding, rule: Rule) -> str:
    spot = one.location
    row = ",".join(
        (
            one.severity,
            _often(one.rule),
            _often(rule.title),
            _often(rule.theme),
            _quoted(words_of(one)),
            _often(rule.remedy),
            one.subject,
            _quoted(one.record),
            _often(one.team),
            _often(spot.file),
            str(spot.line or ""),
            str(spot.column or ""),
            _often(spot.pointer),
            _often(" ".join(one.obligations)),
            _often(one.law),
            "yes" if one.incomplete else "no",
            one.fingerprint,
        )
    )
    return row + (_COUNTS if one.set_aside is None else _why_aside(one.set_aside))


def _why_aside(one: SetAside) -> str:
    return "".join(f",{_often(text)}" for text in (one.by, one.name, one.reason, one.approver, one.until))
