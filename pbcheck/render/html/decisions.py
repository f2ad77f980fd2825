"""What was set aside and by what decision: the sentence near the top of the report, and the rows of its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pbcheck.model import SEVERITIES, Decision, Report
from pbcheck.render.html.groups import Group, joined
from pbcheck.render.words import EXCEPTION_WORDS, counted

ROWS = 500
"""How many decisions a page lists; those in force come first."""


class Row(NamedTuple):
    """A decision as its table shows it, with who approved it, when and where that is recorded in one text."""

    kind: str
    name: str
    rule: str
    where: str
    reason: str
    approved: str
    until: str
    standing: str
    findings: int


def rows(report: Report) -> list[Row]:
    """Return the decisions: those in force first, then by kind and name."""
    kinds = tuple(EXCEPTION_WORDS)
    found = sorted(report.decisions, key=lambda one: (bool(one.standing), kinds.index(one.kind), one))
    return [_row(one) for one in found]


def _row(one: Decision) -> Row:
    approved = ", ".join(part for part in (one.approver, one.approved_on, one.reference) if part)
    kind = EXCEPTION_WORDS[one.kind][0]
    return Row(kind, one.name, one.rule, one.where, one.reason, approved, one.until, one.standing, one.findings)


def numbers(groups: Sequence[Group]) -> str:
    """Return how many findings were set aside, and how many of each severity."""
    found: Counter[str] = sum((one.aside_severities for one in groups), Counter())
    severities = joined([counted(found[one], one) for one in SEVERITIES if found[one]])
    return f"{counted(found.total(), 'finding')} ({severities})" if severities else "no finding"


def by_kind(groups: Sequence[Group]) -> str:
    """Return by what kinds of decision findings were set aside, and how many by each."""
    found: Counter[str] = sum((one.aside_by for one in groups), Counter())
    return joined([f"{found[kind]:,} by {many}" for kind, (_, many) in EXCEPTION_WORDS.items() if found[kind]])


def not_in_force(report: Report) -> str:
    """Return how many of the decisions are not in force, in a sentence; empty where all are."""
    out = sum(1 for one in report.decisions if one.standing)
    if not out:
        return ""
    return f"{out:,} of {counted(len(report.decisions), 'decision')} {'is' if out == 1 else 'are'} not in force."
