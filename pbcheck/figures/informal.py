"""Figures about help from family and friends that the indicative amount took off."""

from __future__ import annotations

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown, stated
from pbcheck.figures.quantities import thousandths


def hours_assumed(facts: Facts) -> int:
    """Return the hours a week, in thousandths, deducted beyond help confirmed by the date of the indicative amount."""
    case = facts.record
    deducted = thousandths(stated(case, "case.indicative.informal_hours_deducted"))
    if not deducted:
        return 0
    by = stated(case, "case.indicative.date")
    support = case.get("assessment", EMPTY).get("informal_support", ())
    return max(0, deducted - sum(_confirmed_hours(one, by) for one in support))


def _confirmed_hours(support: Data, by: str) -> int:
    if support.get("basis") != "confirmed" or support.get("confirmed_on", "9999") > by:
        return 0
    if "hours_per_week" not in support:
        raise Unknown("case.assessment.informal_support.*.hours_per_week")
    return thousandths(support["hours_per_week"])


CASE: dict[str, Figure] = {
    "informal_hours_assumed": Figure(
        "decimal",
        hours_assumed,
        "FIG-INFORMAL-DEDUCT",
        "Hours a week taken off the indicative amount for help that nobody had confirmed by its date",
        ("case.indicative.informal_hours_deducted", "case.indicative.date", "case.assessment.informal_support"),
    ),
}
