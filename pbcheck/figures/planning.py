"""Figures about the support plan: what it costs against the budget, its hours against the assessment, who holds the money."""

from __future__ import annotations

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown
from pbcheck.figures.quantities import pence, thousandths
from pbcheck.figures.yearly import PARTS, POUND, whole_pence, years


def gross_budget(case: Data) -> tuple[int, str]:
    """Return the gross final budget in pence, and its period."""
    final = case.get("final", EMPTY)
    gross, period = final.get("gross"), final.get("period")
    if gross is None:
        raise Unknown("case.final.gross")
    if period is None:
        raise Unknown("case.final.period")
    return pence(gross), period


def budget_per_year(facts: Facts) -> int:
    """Return the gross final budget of a year in pence (FIG-GROSS-FINAL), with 52 weeks where the policy states no number."""
    gross, period = gross_budget(facts.record)
    return gross if period == "year" else (2 * gross * years(facts.policy)[0][period] + PARTS) // (2 * PARTS)


def plan_over_budget(facts: Facts) -> int:
    """Return by how many pence a year the items now running cost more than the gross budget (FIG-PLAN-HEADROOM); 0 where they fit."""
    gross, period = gross_budget(facts.record)
    items, sums = _costs(facts)
    over = sums.pop(period, 0) - gross
    if sums and period == "one_off":
        raise Unknown("case.final.period")
    if over <= 0 and not sums:
        return 0
    parts = min([over * year[period] + sum([cost * year[other] for other, cost in sums.items()]) for year in years(facts.policy)])
    return whole_pence(parts) if parts > (POUND if sums else items * PARTS) else 0


def _costs(facts: Facts) -> tuple[int, dict[str, int]]:
    """Return how many items that run now the budget pays for, and what they cost by period, in pence."""
    items = 0
    sums: dict[str, int] = {}
    for one in _components(facts.record):
        if one.get("arrangement") == "external" or (("ends_on" in one or "starts_on" in one) and not _runs(one, facts.as_of)):
            continue
        try:
            cost, period = one["cost"], one["period"]
        except KeyError as lack:
            raise Unknown(f"case.plan.components.*.{lack.args[0]}") from None
        items += 1
        sums[period] = sums.get(period, 0) + pence(cost)
    return items, sums


def _components(case: Data) -> list[Data]:
    found: list[Data] | None = case.get("plan", EMPTY).get("components")
    if found is None:
        raise Unknown("case.plan.components")
    return found


def _runs(component: Data, as_of: str | None) -> bool:
    """Return whether an item of the plan runs on a date; items that follow one another are never added up."""
    starts, ends = component.get("starts_on"), component.get("ends_on")
    if starts is None and ends is None:
        return True
    if as_of is None:
        raise Unknown("as_of")
    return (ends is None or ends >= as_of) and (starts is None or starts <= as_of)


def hours_short(facts: Facts) -> int:
    """Return by how many thousandths of an hour a week the plan falls short of the assessed hours (FIG-HOURS-PLANNED).

    An item for several needs counts for each of them and once in the total: the larger of the two shortfalls is the least
    that is certain.
    """
    assessed = _assessed_hours(facts.record)
    if not assessed:
        return 0
    planned = dict.fromkeys(assessed, 0)
    total = 0
    for one in _components(facts.record):
        if not _runs(one, facts.as_of):
            continue
        if "needs" not in one:
            raise Unknown("case.plan.components.*.needs")
        served = planned.keys() & one["needs"]
        if served:
            hours = _planned_hours(one)
            total += hours
            for need in served:
                planned[need] += hours
    by_need = sum(max(0, hours - planned[need]) for need, hours in assessed.items())
    return max(by_need, sum(assessed.values()) - total, 0)


def _assessed_hours(case: Data) -> dict[str | None, int]:
    """Return the unmet hours of the eligible needs that were counted in hours, by need, in thousandths."""
    needs = case.get("assessment", EMPTY).get("needs")
    if needs is None:
        raise Unknown("case.assessment.needs")
    found: dict[str | None, int] = {}
    for one in needs:
        hours = one.get("unmet_hours_per_week")
        if hours is None:
            continue
        if "eligible" not in one:
            raise Unknown("case.assessment.needs.*.eligible")
        if one["eligible"]:
            found[one.get("id")] = thousandths(hours)
    return found


def _planned_hours(component: Data) -> int:
    if component.get("units") is None or component.get("unit") != "hours_per_week":
        raise Unknown("case.plan.components.*.units")
    return thousandths(component["units"])


def points_of_control(facts: Facts) -> int:
    """Return how many arrangements the plan names as holding the money; 0 where it states that it does not settle it."""
    plan = facts.record.get("plan", EMPTY)
    if "point_of_control" not in plan:
        raise Unknown("case.plan.point_of_control")
    return len(plan["point_of_control"] or ())


_GROSS = ("case.final.gross", "case.final.period", "policy.money.weeks_per_year")
CASE: dict[str, Figure] = {
    "plan_budget_per_year": Figure(
        "money",
        budget_per_year,
        "FIG-GROSS-FINAL",
        "The gross final budget of a year",
        _GROSS,
    ),
    "plan_over_budget": Figure(
        "money",
        plan_over_budget,
        "FIG-PLAN-HEADROOM",
        "By how much a year the items of the plan that run now cost more than the gross budget",
        ("case.plan.components", *_GROSS, "case.as_of"),
    ),
    "plan_hours_short": Figure(
        "decimal",
        hours_short,
        "FIG-HOURS-PLANNED",
        "Hours a week by which the plan falls short of the assessed hours",
        ("case.assessment.needs", "case.plan.components", "case.as_of"),
    ),
    "points_of_control": Figure(
        "integer",
        points_of_control,
        "CWR-2-15",
        "How many arrangements the plan names as holding the money",
        ("case.plan.point_of_control",),
    ),
}
