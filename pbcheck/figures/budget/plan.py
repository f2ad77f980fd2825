"""The figures of the plan: what it costs, what of it serves eligible needs, and how it draws on the budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pbcheck.figures.budget.base import NATIONAL, NOTES, AtLeast, Base, Cost, Lacking, Number, Ratio, label, not_here
from pbcheck.figures.budget.figure import A_YEAR, PERCENT, PERIODS, YES_NO, BudgetFigure
from pbcheck.figures.budget.hours import is_eligible
from pbcheck.figures.budget.national import national_cost, national_week
from pbcheck.figures.budget.sums import final
from pbcheck.figures.conversion import carried_on, equals_existing_cost
from pbcheck.figures.figure import EMPTY, Data, Unknown

_PLAN, _COMPONENT = "case.plan", "case.plan.components.*"


def _priced(found: Cost) -> Number:
    """Return what a component costs a year by the notes' way; raises Unknown where that is not known."""
    if found.yearly is None:
        raise Unknown(found.lacking)
    return found.yearly


def _cost(sheet: Base, one: Cost) -> Number:
    """Return what a component costs a year by the cost method of the sheet."""
    return national_cost(sheet, one.component) if sheet.method == NATIONAL else _priced(one)


def plan_cost(sheet: Base) -> Any:
    """Return what the plan costs a year, one-offs once; `at least` where a component has no price."""
    return _added(sheet, sheet.paid(), _cost)


def _added(sheet: Base, components: Iterable[Cost], way: Callable[[Base, Cost], Number]) -> Any:
    total: Number = 0
    lacking: list[str] = []
    for one in components:
        try:
            total = total + way(sheet, one)
        except Unknown as lack:
            lacking.append(lack.args[0])
    return AtLeast(total, tuple(sorted(set(lacking)))) if lacking else total


def plan_week_cost(sheet: Base) -> Any:
    """Return what the parts of the plan that run on the date judged by cost a week; one-offs have no weekly cost."""
    today = sheet.facts.as_of
    parts = [one for one in sheet.paid() if one.component.get("period") != "one_off" and _runs(one.component, today)]
    if sheet.method == NATIONAL:
        return _added(sheet, parts, lambda base, one: national_week(base, one.component))
    found = _added(sheet, parts, lambda _, one: _priced(one))
    if isinstance(found, AtLeast):
        return AtLeast(sheet.for_period(found.number, "week"), found.lacking)
    return sheet.for_period(found, "week")


def _runs(one: Data, today: str | None) -> bool:
    return today is None or one.get("starts_on", today) <= today <= one.get("ends_on", today)


def plan_headroom(sheet: Base) -> Any:
    """Return what the gross budget leaves when the plan is paid for; below nothing where it is over-committed."""
    gross = sheet.found("gross_final")
    if type(gross) is Lacking:
        return gross
    if sheet.method == NOTES:
        return gross - sheet.exactly("plan_cost")
    for one in sheet.paid():
        gross = gross - _priced(one)
    return gross


def eligible_cost(sheet: Base) -> dict[str, Number]:
    """Return what of the cost of the plan serves an eligible need, whole, and what serves broader aims only."""
    return _by_need(sheet, _cost)


def _by_need(sheet: Base, way: Callable[[Base, Cost], Number]) -> dict[str, Number]:
    needs = sheet.items(sheet.case.get("assessment", EMPTY), "needs", "case.assessment")
    eligible = {one.get("id") for one in needs if one.get("eligible") is True}
    unsaid = {one.get("id") for one in needs if "eligible" not in one}
    served: Number = 0
    broader: Number = 0
    for one in sheet.paid():
        if "needs" not in one.component:
            raise Unknown(f"{_COMPONENT}.needs")
        if not eligible.isdisjoint(one.component["needs"]):
            served = served + way(sheet, one)
        elif unsaid.isdisjoint(one.component["needs"]):
            broader = broader + way(sheet, one)
        else:
            raise Unknown("case.assessment.needs.*.eligible")
    return {"eligible needs": served, "broader aims only": broader}


def sufficiency_gap(sheet: Base) -> Any:
    """Return by how much a year the parts of the plan that serve eligible needs cost more than the gross budget."""
    costs = sheet.value("eligible_cost") if sheet.method == NOTES else _by_need(sheet, lambda _, one: _priced(one))
    gross = sheet.found("gross_final")
    return gross if type(gross) is Lacking else sheet.most(costs["eligible needs"] - gross, 0)


def eligible_cover(sheet: Base) -> Any:
    """Return the share of eligible needs that a running component names, or an outcome that says how it is met."""
    needs = sheet.items(sheet.case.get("assessment", EMPTY), "needs", "case.assessment")
    eligible = {one.get("id") for one in needs if is_eligible(one)}
    if not eligible:
        return not_here("no eligible need is recorded")
    today, plan = sheet.facts.as_of, sheet.case.get("plan", EMPTY)
    covered: set[Any] = set()
    for one in sheet.items(plan, "components", _PLAN):
        if today is None or one.get("ends_on", today) >= today:
            covered.update(one.get("needs", ()))
            sheet.saw(one, "needs")
    for one in plan.get("outcomes", ()):
        if one.get("how_met"):
            covered.update(one.get("needs", ()))
            sheet.saw(one, "needs")
    return Ratio(len(eligible & covered), len(eligible))


def draw_share(sheet: Base) -> Any:
    """Return the share of the gross budget that each component draws, and what is left after it, in the order of the plan."""
    gross = sheet.found("gross_final")
    if type(gross) is Lacking:
        return gross
    if gross == 0:
        return not_here("the budget is nil")
    found: dict[str, Any] = {}
    left: Number | None = gross
    for number, one, drawn, _ in sheet.paid():
        if drawn is None:  # what follows an unpriced component is not known; the plan's cost names it
            left = None
            continue
        name = label(one, number, "component")
        found[f"{name}: share"] = Ratio(drawn, gross)
        if left is not None:
            left = found[f"{name}: left after it"] = left - drawn
    if not found:
        raise Unknown(f"{_COMPONENT}.cost")
    return found


def alternative_difference(sheet: Base) -> Any:
    """Return by how much a year each option that was not chosen costs more, or less, than the chosen one."""
    options = list(enumerate(sheet.items(sheet.case, "options", "case"), 1))
    chosen = next((one for _, one in options if one.get("outcome") == "chosen"), None)
    if chosen is None:
        return not_here("no option is recorded as chosen")
    others = [(number, one) for number, one in options if one.get("outcome") != "chosen" and "cost" in one and "period" in one]
    if not others:
        return not_here("no other option has a cost")
    own = sheet.yearly(chosen, "cost", "case.options.*")
    return {f"option {number}": sheet.yearly(one, "cost", "case.options.*") - own for number, one in others}


def converts_match(sheet: Base) -> Any:
    """Return whether the gross budget equals the cost of the services of before, give or take a pound, under some week count."""
    if carried_on(sheet.facts):
        return not_here("a budget agreed before was carried on")
    services = sheet.items(sheet.case, "existing_services", "case")
    if not services:
        return not_here("there were no services before")
    budget = final(sheet)
    sheet.money(budget, "gross", "case.final")
    sheet.date(budget, "period", "case.final")
    for one in services:
        sheet.yearly(one, "cost", "case.existing_services.*")
    return equals_existing_cost(sheet.case, sheet.policy)


_COSTS = ("case.plan.components", "policy.money.weeks_per_year")
_WHOLE = (*_COSTS, "case.final", "case.year_ends")
FIGURES = (
    BudgetFigure(
        "plan_cost",
        "FIG-PLAN-COST",
        "The cost of the plan",
        A_YEAR,
        plan_cost,
        "the components' costs by the year, one-offs once, without what is paid from elsewhere",
        ("PPF-5-4",),
        _COSTS,
    ),
    BudgetFigure(
        "plan_week_cost",
        "FIG-ANNUAL",
        "The cost of the plan a week",
        PERIODS["week"],
        plan_week_cost,
        "the costs by the year of the components that run now, over the weeks of a year; one-offs left out",
        ("PPF-5-4",),
        (*_COSTS, "as_of"),
    ),
    BudgetFigure(
        "plan_headroom",
        "FIG-PLAN-HEADROOM",
        "Room left in the budget",
        A_YEAR,
        plan_headroom,
        "gross final budget less the cost of the plan",
        ("PPF-1-2", "PPF-5-4"),
        _WHOLE,
    ),
    BudgetFigure(
        "sufficiency_gap",
        "FIG-SUFF-GAP",
        "By how much the budget is short of the cost of eligible needs",
        A_YEAR,
        sufficiency_gap,
        "the cost of components that serve an eligible need less the gross final budget, or nothing where that is more",
        ("CWR-1-1", "CWR-1-9"),
        (*_WHOLE, "case.assessment.needs"),
    ),
    BudgetFigure(
        "eligible_cost",
        "FIG-ELIG-COST",
        "Cost that serves eligible needs, and cost that serves broader aims only",
        A_YEAR,
        eligible_cost,
        "the costs of components that name an eligible need, and of the others",
        ("PPF-5-7",),
        (*_COSTS, "case.assessment.needs"),
    ),
    BudgetFigure(
        "eligible_cover",
        "FIG-ELIG-COVER",
        "Share of eligible needs that the plan covers",
        PERCENT,
        eligible_cover,
        "eligible needs that a running component names, or an outcome that says how it is met, over all eligible needs",
        ("PPF-5-3", "PPF-5-8"),
        ("case.plan.components", "case.plan.outcomes", "case.assessment.needs", "as_of"),
    ),
    BudgetFigure(
        "draw_share",
        "FIG-DRAW-SHARE",
        "How each component draws on the budget",
        A_YEAR,
        draw_share,
        "the component's cost by the year over the gross final budget; and the gross budget less the costs so far",
        ("PPF-1-21",),
        _WHOLE,
    ),
    BudgetFigure(
        "alternative_difference",
        "FIG-ALT-DIFF",
        "What the other options cost beside the chosen one",
        A_YEAR,
        alternative_difference,
        "the option's cost by the year less the chosen option's",
        ("PPF-1-23",),
        ("case.options", "policy.money.weeks_per_year"),
    ),
    BudgetFigure(
        "converts_match",
        "FIG-CONVERT-MATCH",
        "The budget equals the cost of the services of before",
        YES_NO,
        converts_match,
        "gross budget less the cost of existing services, by the year, is at most a pound under some week count",
        ("PPF-6-3",),
        ("case.existing_services", "case.final", "case.prior_budget.agreed_on", "case.indicative.method", "policy.money.uplift_pct"),
    ),
)
