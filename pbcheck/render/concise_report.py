"""One line a finding, `file:line:column: severity: message [rule]`, as editors and `grep` read it; the summary is the last line."""

from __future__ import annotations

from pbcheck.model import Report
from pbcheck.render.machine import line
from pbcheck.render.words import summary


def render(report: Report) -> str:
    """Return the report with one line a finding, in the order of files and places."""
    return "\n".join([*(line(one) for one in report.findings), summary(report)]) + "\n"
