"""CSV for a spreadsheet, one finding a row: RFC 4180 with CRLF, UTF-8 with the byte order mark that Excel asks for, and no formulas."""

from __future__ import annotations

from functools import lru_cache

from pbcheck.model import Finding, Report, Rule
from pbcheck.render.escapes import cell
from pbcheck.render.machine import words_of

COLUMNS = (
    "severity", "rule", "title", "theme", "message", "what_to_do", "subject", "record", "team", "file", "line", "column", "pointer",
    "obligations", "law", "incomplete", "fingerprint",
)  # fmt: skip
_MARK = "\ufeff"


def render(report: Report) -> str:
    """Return the findings as CSV with a head; a text that could run as a formula has an apostrophe before it."""
    rows = [",".join(COLUMNS), *(_row(one, report.rules[one.rule]) for one in report.findings)]
    return _MARK + "\r\n".join(rows) + "\r\n"


def _quoted(text: str) -> str:
    """Return a text as a field, in which there is no line break: in quotation marks where it has one of them or a comma."""
    text = cell(text)
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


_often = lru_cache(maxsize=4096)(_quoted)


def _row(one: Finding, rule: Rule) -> str:
    spot = one.location
    return ",".join(
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
