"""JSON lines: one finding a line with the keys of the JSON format, and a last line that says what was audited and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pbcheck.model import Report
from pbcheck.render.json_report import _ACTING, finding_data, heading
from pbcheck.render.machine import json_line


def render(report: Report) -> str:
    """Return the report as JSON lines; a file without the last line, which alone has the key `summary`, was cut off."""
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """Yield the same, line by line."""
    for one in report.findings:
        yield f"{_line(finding_data(one))}\n"
    yield f"{_line(heading(report))}\n"


def _line(data: dict[str, Any]) -> str:
    text = json_line(data)
    return text if text.isprintable() else _ACTING.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
