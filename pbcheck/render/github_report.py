"""Annotations on GitHub: workflow commands for the log of a step, worst first, as many as GitHub takes, the others counted."""

from __future__ import annotations

from pbcheck.model import SEVERITIES, Finding, Report
from pbcheck.render.escapes import command_data, command_property, cut
from pbcheck.render.machine import path_of, said
from pbcheck.render.words import counted, summary
from pbcheck.vcs import Checkout

OF_EACH_KIND = 10
"""Annotations of one kind that GitHub takes from a step; those after them are dropped without a word."""
LONGEST = 4096
_KINDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report, checkout: Checkout | None = None) -> str:
    """Return the annotations; where some are left out, the last notice says how many and where they all are."""
    groups = {name: [one for one in report.findings if one.severity == name] for name in SEVERITIES}
    whole = all(len(found) <= OF_EACH_KIND for found in groups.values())
    lines, left = [], []
    for name, found in groups.items():
        most = OF_EACH_KIND - (name == "note" and not whole)
        lines += [_annotation(one, checkout) for one in found[:most]]
        if len(found) > most:
            left.append(counted(len(found) - most, name))
    if left:
        more = f"Not annotated: {', '.join(left)}. GitHub takes {OF_EACH_KIND} annotations of each kind from a step."
        lines.append(f"::notice title=pbcheck::{command_data(f'{more} The job summary (-f markdown) lists more; -f json has them all.')}")
    return "\n".join([*lines, summary(report)]) + "\n"


def _annotation(one: Finding, checkout: Checkout | None) -> str:
    spot = one.location
    properties = [f"title={command_property(cut(one.rule, 255))}"]
    if spot.file:
        properties.insert(0, f"file={command_property(path_of(spot.file, checkout))}")
    if spot.file and spot.line:
        properties.insert(1, f"line={spot.line}" + (f",col={spot.column}" if spot.column else ""))
    return f"::{_KINDS[one.severity]} {','.join(properties)}::{command_data(cut(said(one), LONGEST))}"
