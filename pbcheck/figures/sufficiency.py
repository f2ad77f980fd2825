"""Figures that hold the budget against the plan, and the plan against the quotes: whether the sums can be enough."""

from __future__ import annotations

from collections.abc import Sequence

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown, stated
from pbcheck.figures.quantities import pence
from pbcheck.figures.yearly import POUND, Year, whole_pence, years


def plan_cost_over_budget(facts: Facts) -> int:
    """Return by how many pence a year the parts of the plan that serve eligible needs cost more than the budget (FIG-SUFF-GAP).

    Only parts that run on the date judged by count, and not what is paid from elsewhere. A penny a part is left out of
    account, a pound where periods differ; where no week count is declared, the smallest gap of all conventions counts.
    """
    case = facts.record
    gross, period = pence(stated(case, "case.final.gross")), stated(case, "case.final.period")
    parts = _serving_needs(case, facts.as_of)
    priced = [(pence(one["cost"]), one["period"]) for one in parts if "cost" in one and "period" in one]
    gap = _gap(priced, gross, period, years(facts.policy))
    if gap <= 0 and len(priced) < len(parts):
        raise Unknown("case.plan.components.*.cost")
    return whole_pence(gap)


def _gap(costs: list[tuple[int, str]], gross: int, period: str, possible: Sequence[Year]) -> int:
    """Return the smallest gap that some week count leaves, in parts of a penny."""
    alike = -gross
    for cost, every in costs:
        if every != period:
            break
        alike += cost - 1
    else:
        return alike * possible[0][period]
    if period == "one_off":
        raise Unknown("case.final.period")
    return min(sum(cost * year[every] for cost, every in costs) - gross * year[period] for year in possible) - POUND


def _serving_needs(case: Data, as_of: str | None) -> list[Data]:
    """Return the parts of the plan that serve an eligible need and run on the date, without what is paid from elsewhere."""
    eligible = {one.get("id") for one in stated(case, "case.assessment.needs") if one.get("eligible") is True}
    starts = case.get("final", EMPTY).get("starts_on")
    by = starts if starts and (not as_of or starts > as_of) else as_of
    found = []
    for one in stated(case, "case.plan.components"):
        if one.get("arrangement") == "external" or (by and not one.get("starts_on", by) <= by <= one.get("ends_on", by)):
            continue
        if "needs" not in one:
            raise Unknown("case.plan.components.*.needs")
        if not eligible.isdisjoint(one["needs"]):
            found.append(one)
    return found


def parts_below_quotes(facts: Facts) -> int:
    """Return how many parts of the plan have a cost below every quote recorded for them, by more than a pound a year."""
    case = facts.record
    parts = case.get("plan", EMPTY).get("components")
    if not parts:
        return 0
    quotes = stated(case, "case.quotes")
    if not quotes:
        return 0
    possible = years(facts.policy)
    return sum(
        _below(part, [one for one in quotes if one.get("component") == part["id"]], possible)
        for part in parts
        if "id" in part and "cost" in part and "period" in part
    )


def _below(part: Data, quotes: list[Data], possible: Sequence[Year]) -> bool:
    period = part["period"]
    if not quotes or not all("amount" in one and "period" in one for one in quotes):
        return False
    if any(one["period"] != period and "one_off" in (period, one["period"]) for one in quotes):
        return False
    cost = pence(part["cost"])
    return all(pence(one["amount"]) * year[one["period"]] - cost * year[period] > POUND for one in quotes for year in possible)


CASE: dict[str, Figure] = {
    "plan_cost_over_budget": Figure(
        "money",
        plan_cost_over_budget,
        "FIG-SUFF-GAP",
        "By how much the parts of the plan that serve eligible needs cost more than the budget, a year",
        (
            "case.final.gross",
            "case.final.period",
            "case.final.starts_on",
            "case.assessment.needs",
            "case.plan.components",
            "policy.money.weeks_per_year",
        ),
    ),
    "parts_below_quotes": Figure(
        "integer",
        parts_below_quotes,
        "FIG-ALT-DIFF",
        "How many parts of the plan are priced below every quote recorded for them",
        ("case.quotes", "case.plan.components", "policy.money.weeks_per_year"),
    ),
}
