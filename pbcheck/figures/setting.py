"""Figures about the estimate and the final budget of a case: when the first came, and how far the second fell below it."""

from __future__ import annotations

from pbcheck.figures.figure import EMPTY, Facts, Figure, Unknown, stated
from pbcheck.figures.quantities import pence
from pbcheck.figures.yearly import PARTS, POUND, whole_pence, years


def first_estimate_on(facts: Facts) -> str:
    """Return the date of the first indicative figure, which decides what came before it; of the only one where there is no first."""
    indicative = facts.record.get("indicative", EMPTY)
    found = indicative.get("first_date") or indicative.get("date")
    if found is None:
        raise Unknown("case.indicative.date")
    return str(found)


def fall_from_estimate(facts: Facts) -> int:
    """Return by how many pence a year the final budget is below the gross indicative figure (FIG-IND-FINAL-DIFF), 0 where it is not."""
    case = facts.record
    if case.get("indicative", EMPTY).get("basis") != "gross":
        raise Unknown("case.indicative.basis")
    first, last = pence(stated(case, "case.indicative.amount")), pence(stated(case, "case.final.gross"))
    before, after = stated(case, "case.indicative.period"), stated(case, "case.final.period")
    if before == after:
        return (first - last) * years(facts.policy)[0][after] // PARTS if first > last else 0
    if before == "one_off" or after == "one_off":
        raise Unknown("case.final.period")
    return whole_pence(min(first * year[before] - last * year[after] for year in years(facts.policy)) - POUND)


def days_allowed(facts: Facts) -> int:
    """Return the days that may pass from the start of support to a budget (PPF-I-17): the council's own target, else 28."""
    return int(facts.policy.get("planning", EMPTY).get("target_days", 28))


def sum_can_be_challenged(facts: Facts) -> bool:
    """Return whether the policy in force has a published route to challenge the amount of a budget (T21)."""
    return bool(stated(facts.policy, "policy.appeals.route"))


CASE: dict[str, Figure] = {
    "first_estimate_on": Figure(
        "date",
        first_estimate_on,
        "FIG-INFO-LEAD",
        "Date of the first indicative figure",
        ("case.indicative.first_date", "case.indicative.date"),
    ),
    "fall_from_estimate": Figure(
        "money",
        fall_from_estimate,
        "FIG-IND-FINAL-DIFF",
        "By how much the final budget is below the gross indicative figure, a year",
        (
            "case.indicative.basis",
            "case.indicative.amount",
            "case.indicative.period",
            "case.final.gross",
            "case.final.period",
            "policy.money.weeks_per_year",
        ),
    ),
    "days_allowed_without_budget": Figure(
        "integer",
        days_allowed,
        "FIG-COVERAGE",
        "Days that may pass from the start of support to a confirmed budget: the council's target, else 28",
        ("case.support_started_on", "policy.planning.target_days"),
    ),
    "sum_can_be_challenged": Figure(
        "bool",
        sum_can_be_challenged,
        "T21",
        "The policy in force has a published route to challenge the amount of a budget",
        ("policy.appeals.route",),
    ),
}
