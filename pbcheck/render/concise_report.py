"""One line a finding, `file:line:column: severity: message [rule]`, as editors and `grep` read it; the summary is the last line.

One that was set aside says `set aside` in the place of the severity.
"""

from __future__ import annotations

from collections.abc import Iterator

from pbcheck.model import Report
from pbcheck.render.machine import line
from pbcheck.render.words import summary


def render(report: Report) -> str:
    """Return the report with one line a finding, in the order of files and places."""
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """Yield the same, line by line."""
    for one in report.findings:
        yield f"{line(one)}\n"
    yield f"{summary(report)}\n"
