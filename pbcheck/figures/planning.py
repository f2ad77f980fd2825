"""Figures about the support plan, its sign-off, changes and reviews."""

from __future__ import annotations

import math
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import MAXYEAR, date
from fractions import Fraction
from itertools import accumulate

from pbcheck.figures.dates import days
from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Tally, Unknown, stated
from pbcheck.figures.money import ALL_WEEKS, WEEKS, annual
from pbcheck.figures.quantities import pence, thousandths

YEAR = 12
SMALLEST_GROUP = 5
_REVIEW_READS = (
    "case.as_of",
    "case.reviews.*.date",
    "case.final.starts_on",
    "case.final.ends_on",
    "case.support_started_on",
    "case.arrangements.*.ends_on",
)


def months_later(start: str, months: int) -> str:
    """Return the ISO date a number of whole months after another: the same day, or the last day of a shorter month."""
    year, month = divmod(int(start[:4]) * 12 + int(start[5:7]) - 1 + months, 12)
    if year > MAXYEAR:
        return date.max.isoformat()
    return date(year, month + 1, min(int(start[8:10]), monthrange(year, month + 1)[1])).isoformat()


def outcome_review_overdue(facts: Facts) -> int:
    """Return the days by which a review of outcomes is overdue (FIG-REVIEW-GAP); 0 where none is due yet."""
    return _overdue(facts, facts.policy.get("reviews", EMPTY).get("interval_months") or YEAR)


def yearly_review_overdue(facts: Facts) -> int:
    """Return the days by which the yearly look at a budget is overdue (CWR-1-19)."""
    return _overdue(facts, YEAR)


def _overdue(facts: Facts, months: int) -> int:
    case = facts.record
    until = _judged_on(facts)
    seen = stated(case, "case.reviews")
    if any("date" not in one for one in seen):
        raise Unknown("case.reviews.*.date")
    start = case.get("final", EMPTY).get("starts_on") or case.get("support_started_on")
    held = [one["date"] for one in seen if one["date"] <= until]
    if start is None and not held:
        raise Unknown("case.final.starts_on")
    last = max([start, *held]) if start else max(held)
    return max(0, days(months_later(last, months), until))


def _judged_on(facts: Facts) -> str:
    """Return the date to judge by, or the day on which the budget or its last arrangement ended, if that was earlier."""
    if facts.as_of is None:
        raise Unknown("as_of")
    case = facts.record
    ends = [facts.as_of, case.get("final", EMPTY).get("ends_on", facts.as_of)]
    arrangements = case.get("arrangements", ())
    if arrangements and all("ends_on" in one for one in arrangements):
        ends.append(max(one["ends_on"] for one in arrangements))
    return str(min(ends))


def days_beyond_a_year(facts: Facts) -> int:
    """Return the days by which the budget ends later than a year after its start; 0 where it does not."""
    start, end = stated(facts.record, "case.final.starts_on"), stated(facts.record, "case.final.ends_on")
    return max(0, days(months_later(start, YEAR), end))


def _weeks(policy: Data) -> tuple[Fraction, ...]:
    """Return the number of weeks the council counts in a year, or every usual one where it does not say."""
    declared = policy.get("money", EMPTY).get("weeks_per_year", "")
    return tuple(Fraction(one) for one in ((WEEKS[declared],) if declared in WEEKS else ALL_WEEKS))


def budget_per_year(facts: Facts) -> int:
    """Return the gross final budget of a year in pence (FIG-GROSS-FINAL), with 52 weeks where the policy states no number."""
    gross, period = stated(facts.record, "case.final.gross"), stated(facts.record, "case.final.period")
    weeks = WEEKS.get(facts.policy.get("money", EMPTY).get("weeks_per_year", "52"), WEEKS["52"])
    return math.floor(annual(pence(gross), period, weeks) + Fraction(1, 2))


def plan_over_budget(facts: Facts) -> int:
    """Return by how many pence a year the items now running cost more than the gross budget (FIG-PLAN-HEADROOM); 0 where they fit."""
    case = facts.record
    gross, period = pence(stated(case, "case.final.gross")), stated(case, "case.final.period")
    items = []
    for one in _running(stated(case, "case.plan.components"), facts.as_of):
        if one.get("arrangement") == "external":
            continue
        for name in ("cost", "period"):
            if name not in one:
                raise Unknown(f"case.plan.components.*.{name}")
        items.append((pence(one["cost"]), one["period"]))
    if period == "one_off" and any(other != "one_off" for _, other in items):
        raise Unknown("case.final.period")
    tolerance = 100 if any(other != period for _, other in items) else len(items)
    over = min(sum(annual(cost, other, weeks) for cost, other in items) - annual(gross, period, weeks) for weeks in _weeks(facts.policy))
    return math.ceil(over) if over > tolerance else 0


def _running(components: Iterable[Data], as_of: str | None) -> Iterator[Data]:
    """Yield the items of the plan that run on a date; items that follow one another are never added up."""
    for one in components:
        if "starts_on" in one or "ends_on" in one:
            if as_of is None:
                raise Unknown("as_of")
            if one.get("ends_on", as_of) < as_of or one.get("starts_on", as_of) > as_of:
                continue
        yield one


def hours_short(facts: Facts) -> int:
    """Return by how many thousandths of an hour a week the plan falls short of the assessed hours (FIG-HOURS-PLANNED).

    An item for several needs counts for each of them and once in the total: the larger of the two shortfalls is the least
    that is certain.
    """
    case = facts.record
    assessed = {one.get("id"): thousandths(one["unmet_hours_per_week"]) for one in _needs_in_hours(case)}
    planned = dict.fromkeys(assessed, 0)
    total = 0
    for one in _running(stated(case, "case.plan.components"), facts.as_of):
        if "needs" not in one:
            raise Unknown("case.plan.components.*.needs")
        served = planned.keys() & set(one["needs"])
        if served:
            hours = _planned_hours(one)
            total += hours
            for need in served:
                planned[need] += hours
    by_need = sum(max(0, hours - planned[need]) for need, hours in assessed.items())
    return max(by_need, sum(assessed.values()) - total, 0)


def _needs_in_hours(case: Data) -> Iterator[Data]:
    for one in stated(case, "case.assessment.needs"):
        if one.get("unmet_hours_per_week") is None:
            continue
        if "eligible" not in one:
            raise Unknown("case.assessment.needs.*.eligible")
        if one["eligible"]:
            yield one


def _planned_hours(component: Data) -> int:
    if component.get("units") is None or component.get("unit") != "hours_per_week":
        raise Unknown("case.plan.components.*.units")
    return thousandths(component["units"])


def sign_off_over_limit(facts: Facts) -> int:
    """Return by how many pence a year the gross budget is above what the post that signed off may approve; 0 where it is not."""
    case = facts.record
    role = stated(case, "case.sign_off.role")
    posts = [one for one in stated(facts.policy, "policy.delegation") if one.get("role") == role]
    if not posts:
        raise Unknown("policy.delegation.*.role")
    return min(_above(one, facts) for one in posts)


def _above(post: Data, facts: Facts) -> int:
    if "limit" not in post:
        raise Unknown("policy.delegation.*.limit")
    if post["limit"] is None:
        return 0
    if "period" not in post:
        raise Unknown("policy.delegation.*.period")
    gross, period = pence(stated(facts.record, "case.final.gross")), stated(facts.record, "case.final.period")
    limit = pence(post["limit"])
    if period == post["period"]:
        return max(0, gross - limit)
    over = min(annual(gross, period, weeks) - annual(limit, post["period"], weeks) for weeks in _weeks(facts.policy))
    return math.ceil(over) if over > 100 else 0


def points_of_control(facts: Facts) -> int:
    """Return how many arrangements the plan names as holding the money; 0 where it states that it does not settle it."""
    return len(stated(facts.record, "case.plan.point_of_control") or ())


def provider_change_route_stated(facts: Facts) -> bool:
    """Return whether the contract of every managed arrangement that a provider holds states how changes are made."""
    found = True
    for one in stated(facts.record, "case.arrangements"):
        if one.get("holder_kind") != "support_provider" or one.get("derived", EMPTY).get("managed") is not True:
            continue
        contract = facts.contracts.get(one.get("contract_id", ""))
        if contract is None:
            raise Unknown("case.arrangements.*.contract_id")
        route = contract.get("changes", EMPTY).get("route")
        if route is None:
            raise Unknown("contract.changes.route")
        found = found and route != "unstated"
    return found


def tally(totals: Counter[str], facts: Facts) -> None:
    """Count one case by its days from assessment to support, and by its complexity and the council's minutes on the plan."""
    case = facts.record
    assessed, started = case.get("assessment", EMPTY).get("completed_on"), case.get("support_started_on")
    if assessed and started:
        totals[f"days_to_support:{days(assessed, started)}"] += 1
    minutes, complexity = case.get("plan", EMPTY).get("council_minutes"), case.get("person", EMPTY).get("complexity")
    if minutes is not None and complexity:
        totals[f"council_minutes_{complexity}:{minutes}"] += 1


def median(totals: Mapping[str, int], name: str, smallest: int) -> int:
    """Return the lower median of values counted as `name:value`; Unknown where there are fewer of them than the smallest group."""
    start = f"{name}:"
    counted = sorted((int(key[len(start) :]), number) for key, number in totals.items() if key.startswith(start))
    size = sum(number for _, number in counted)
    if size < smallest:
        raise Unknown(f"portfolio.{name}")
    reached = accumulate(number for _, number in counted)
    return next(value for (value, _), so_far in zip(counted, reached, strict=True) if so_far * 2 >= size)


def days_to_support_median(facts: Facts) -> int:
    """Return the usual days from the completed assessment to the start of support (FIG-DAYS-TO-SUPPORT); what is declared is kept."""
    declared = facts.record.get("days_to_support_median")
    return int(declared) if declared is not None else median(facts.totals, "days_to_support", SMALLEST_GROUP)


def minutes_standard(facts: Facts) -> int:
    """Return the council's usual minutes on a plan for standard needs (FIG-PLAN-EFFORT)."""
    return _minutes(facts, "standard")


def minutes_complex(facts: Facts) -> int:
    """Return the council's usual minutes on a plan for complex needs, or for very complex ones where those are not known."""
    try:
        return _minutes(facts, "complex")
    except Unknown:
        return _minutes(facts, "very_complex")


def _minutes(facts: Facts, complexity: str) -> int:
    declared = facts.record.get("council_minutes_by_complexity", EMPTY).get(complexity)
    return int(declared) if declared is not None else median(facts.totals, f"council_minutes_{complexity}", SMALLEST_GROUP)


# A figure that can do without a policy does not name what it takes from one: the interval of reviews, the weeks of a year.
_MINUTES = ("portfolio.council_minutes_by_complexity",)
CASE: dict[str, Figure] = {
    "outcome_review_overdue": Figure(
        "integer",
        outcome_review_overdue,
        "FIG-REVIEW-GAP",
        "Days by which a review of outcomes is overdue: the policy's interval, else twelve months, after the start or the last review",
        _REVIEW_READS,
    ),
    "yearly_review_overdue": Figure(
        "integer",
        yearly_review_overdue,
        "FIG-REVIEW-GAP",
        "Days by which a review is overdue, twelve months after the start or the last review",
        _REVIEW_READS,
    ),
    "days_beyond_a_year": Figure(
        "integer",
        days_beyond_a_year,
        "CWR-1-19",
        "Days by which the budget ends later than a year after its start",
        ("case.final.starts_on", "case.final.ends_on"),
    ),
    "plan_budget_per_year": Figure(
        "money",
        budget_per_year,
        "FIG-GROSS-FINAL",
        "The gross final budget of a year",
        ("case.final.gross", "case.final.period"),
    ),
    "plan_over_budget": Figure(
        "money",
        plan_over_budget,
        "FIG-PLAN-HEADROOM",
        "By how much a year the items of the plan that run now cost more than the gross budget",
        ("case.plan.components", "case.final.gross", "case.final.period", "case.as_of"),
    ),
    "plan_hours_short": Figure(
        "decimal",
        hours_short,
        "FIG-HOURS-PLANNED",
        "Hours a week by which the plan falls short of the assessed hours",
        ("case.assessment.needs", "case.plan.components", "case.as_of"),
    ),
    "sign_off_over_limit": Figure(
        "money",
        sign_off_over_limit,
        "PPF-5-20",
        "By how much a year the gross budget is above what the post that signed off may approve",
        ("case.sign_off.role", "case.final.gross", "case.final.period", "policy.delegation"),
    ),
    "points_of_control": Figure(
        "integer",
        points_of_control,
        "CWR-2-15",
        "How many arrangements the plan names as holding the money",
        ("case.plan.point_of_control",),
    ),
    "provider_change_route_stated": Figure(
        "bool",
        provider_change_route_stated,
        "PPF-5-10",
        "The contract of every managed arrangement that a provider holds states how changes are made",
        (
            "case.arrangements.*.holder_kind",
            "case.arrangements.*.contract_id",
            "case.arrangements.*.contract_party",
            "case.arrangements.*.agent",
        ),
    ),
}
CONTRACT: dict[str, Figure] = {}
POLICY: dict[str, Figure] = {}
PORTFOLIO: dict[str, Figure] = {
    "days_to_support_median": Figure(
        "integer",
        days_to_support_median,
        "FIG-DAYS-TO-SUPPORT",
        "Usual days from the completed assessment to the start of support",
        ("portfolio.days_to_support_median",),
    ),
    "planning_minutes_standard": Figure(
        "integer", minutes_standard, "FIG-PLAN-EFFORT", "The council's usual minutes on a plan for standard needs", _MINUTES
    ),
    "planning_minutes_complex": Figure(
        "integer", minutes_complex, "FIG-PLAN-EFFORT", "The council's usual minutes on a plan for complex needs", _MINUTES
    ),
}
TALLIES: tuple[Tally, ...] = (tally,)
