"""JSON lines: one finding a line with the keys of the JSON format, and a last line that says what was audited and how it ended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pbcheck.model import SEVERITIES, Report
from pbcheck.render.json_report import _ACTING, _finding, as_data
from pbcheck.render.machine import json_line


def render(report: Report) -> str:
    """Return the report as JSON lines; a file without the last line, which alone has the key `summary`, was cut off."""
    lines = [_line(_finding(one)) for one in report.findings]
    return "\n".join([*lines, _line(_last(report))]) + "\n"


def _line(data: dict[str, Any]) -> str:
    text = json_line(data)
    return text if text.isprintable() else _ACTING.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _last(report: Report) -> dict[str, Any]:
    data = as_data(replace(report, findings=()))
    audit = data["audit"] | {"complete": report.complete}
    counts = data["summary"] | {f"{name}s": report.count(name) for name in SEVERITIES}
    return {"schema_version": data["schema_version"], "tool": data["tool"], "audit": audit, "summary": counts}
