"""The HTML report: one self-contained file for a committee, an auditor and a policy officer; it asks nothing of the network."""

from __future__ import annotations

from pbcheck.model import Report
from pbcheck.render.html.frame import Links
from pbcheck.render.html.page import Pages


def render(report: Report) -> str:
    """Return the report as an HTML page; a list that is cut says how long it is. A folder of pages cuts none: html/folder.py."""
    return Pages(report).whole(Links())
