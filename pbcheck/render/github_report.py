"""Annotations on GitHub: workflow commands for the log of a step, worst first, as many as GitHub takes, the others counted.

What was set aside is a notice that says so, after all others.
"""

from __future__ import annotations

from collections import Counter

from pbcheck.model import Finding, Report
from pbcheck.render.escapes import command_data, command_property, cut
from pbcheck.render.machine import path_of, said
from pbcheck.render.words import counted, summary
from pbcheck.vcs import Checkout

OF_EACH_KIND = 10
"""Annotations of one kind that GitHub takes from a step; those after them are dropped without a word."""
LONGEST = 4096
_KINDS = {"error": "error", "warning": "warning", "note": "notice", "set aside": "notice"}
_NOUNS = {"set aside": ("finding that was set aside", "findings that were set aside")}


def render(report: Report, checkout: Checkout | None = None) -> str:
    """Return the annotations; where some are left out, the last notice says how many and where they all are."""
    first: dict[str, list[Finding]] = {name: [] for name in _KINDS}
    total: Counter[str] = Counter()
    for one in report.findings:
        name = "set aside" if one.set_aside else one.severity
        total[name] += 1
        if total[name] <= OF_EACH_KIND:
            first[name].append(one)
    asked = {kind: sum(total[name] for name in _KINDS if _KINDS[name] == kind) for kind in _KINDS.values()}
    room = dict.fromkeys(asked, OF_EACH_KIND)
    room["notice"] -= max(asked.values()) > OF_EACH_KIND
    lines, left = [], []
    for name, kind in _KINDS.items():
        shown = first[name][: room[kind]]
        room[kind] -= len(shown)
        lines += [_annotation(one, kind, checkout) for one in shown]
        if total[name] > len(shown):
            left.append(counted(total[name] - len(shown), *_NOUNS.get(name, (name,))))
    if left:
        more = f"Not annotated: {', '.join(left)}. GitHub takes {OF_EACH_KIND} annotations of each kind from a step."
        lines.append(f"::notice title=pbcheck::{command_data(f'{more} The job summary (-f markdown) lists more; -f json has them all.')}")
    return "\n".join([*lines, summary(report)]) + "\n"


def _annotation(one: Finding, kind: str, checkout: Checkout | None) -> str:
    spot = one.location
    properties = [f"title={command_property(cut(one.rule, 255))}"]
    if spot.file:
        properties.insert(0, f"file={command_property(path_of(spot.file, checkout))}")
    if spot.file and spot.line:
        properties.insert(1, f"line={spot.line}" + (f",col={spot.column}" if spot.column else ""))
    return f"::{kind} {','.join(properties)}::{command_data(cut(said(one), LONGEST))}"
