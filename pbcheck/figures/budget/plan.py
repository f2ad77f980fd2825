"""The figures of the plan: what it costs, what of it serves eligible needs, how it draws on the budget, and its hours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pbcheck.figures.budget.base import NATIONAL, AtLeast, Base, Not, Number, Ratio, label
from pbcheck.figures.budget.figure import A_YEAR, HOURS, PERCENT, YES_NO, BudgetFigure
from pbcheck.figures.budget.national import national_cost
from pbcheck.figures.budget.sums import final
from pbcheck.figures.conversion import carried_on, equals_existing_cost
from pbcheck.figures.figure import EMPTY, Data, Unknown
from pbcheck.figures.quantities import pence

_PLAN, _COMPONENT, _NEED = "case.plan", "case.plan.components.*", "case.assessment.needs.*"
_EXTERNAL = "external"


def paid_from_budget(sheet: Base) -> Iterator[tuple[int, Data]]:
    """Yield the components of the plan with their numbers, without those that are paid from elsewhere."""
    for number, one in enumerate(sheet.items(sheet.case.get("plan", EMPTY), "components", _PLAN), 1):
        if one.get("arrangement") != _EXTERNAL:
            yield number, one


def cost(sheet: Base, one: Data) -> Number:
    """Return what a component costs a year by the cost method of the sheet."""
    return national_cost(sheet, one) if sheet.method == NATIONAL else sheet.yearly(one, "cost", _COMPONENT)


def plan_cost(sheet: Base) -> Any:
    """Return what the plan costs a year, one-offs once; `at least` where a component has no price."""
    total: Number = 0
    lacking: list[str] = []
    for _, one in paid_from_budget(sheet):
        try:
            total = total + cost(sheet, one)
        except Unknown as lack:
            lacking.append(lack.args[0])
    return AtLeast(total, tuple(sorted(set(lacking)))) if lacking else total


def plan_headroom(sheet: Base) -> Number:
    """Return what the gross budget leaves when the plan is paid for; below nothing where it is over-committed."""
    return sheet.exactly("gross_final") - sheet.exactly("plan_cost")


def _eligible(sheet: Base) -> set[Any]:
    needs = sheet.items(sheet.case.get("assessment", EMPTY), "needs", "case.assessment")
    return {one.get("id") for one in needs if one.get("eligible") is True}


def eligible_cost(sheet: Base) -> dict[str, Number]:
    """Return what of the cost of the plan serves an eligible need, whole, and what serves broader aims only."""
    eligible = _eligible(sheet)
    found: dict[str, Number] = {"eligible needs": 0, "broader aims only": 0}
    for _, one in paid_from_budget(sheet):
        if "needs" not in one:
            raise Unknown(f"{_COMPONENT}.needs")
        where = "broader aims only" if eligible.isdisjoint(one["needs"]) else "eligible needs"
        found[where] = found[where] + cost(sheet, one)
    return found


def sufficiency_gap(sheet: Base) -> Number:
    """Return by how much a year the parts of the plan that serve eligible needs cost more than the gross budget."""
    served = sheet.value("eligible_cost")["eligible needs"]
    return sheet.most(served - sheet.exactly("gross_final"), 0)


def eligible_cover(sheet: Base) -> Any:
    """Return the share of eligible needs that a running component names, or an outcome that says how it is met."""
    eligible = _eligible(sheet)
    if not eligible:
        return Not("no eligible need is recorded")
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
    gross = sheet.exactly("gross_final")
    if gross == 0:
        return Not("the budget is nil")
    found: dict[str, Any] = {}
    left: Number | None = gross
    for number, one in paid_from_budget(sheet):
        name = label(one, number, "component")
        try:
            drawn = cost(sheet, one)
        except Unknown:  # what follows an unpriced component is not known; the plan's cost names it
            left = None
            continue
        found[f"{name}: share"] = Ratio(drawn, gross)
        if left is not None:
            left = left - drawn
            found[f"{name}: left after it"] = left
    if not found:
        raise Unknown(f"{_COMPONENT}.cost")
    return found


def alternative_difference(sheet: Base) -> Any:
    """Return by how much a year each option that was not chosen costs more, or less, than the chosen one."""
    options = list(enumerate(sheet.items(sheet.case, "options", "case"), 1))
    chosen = next((one for _, one in options if one.get("outcome") == "chosen"), None)
    if chosen is None:
        return Not("no option is recorded as chosen")
    own = sheet.yearly(chosen, "cost", "case.options.*")
    others = [(number, one) for number, one in options if one is not chosen and "cost" in one and "period" in one]
    if not others:
        return Not("no other option has a cost")
    return {f"option {number}": sheet.yearly(one, "cost", "case.options.*") - own for number, one in others}


def converts_match(sheet: Base) -> Any:
    """Return whether the gross budget equals the cost of the services of before, give or take a pound, under some week count."""
    if carried_on(sheet.facts):
        return Not("a budget agreed before was carried on")
    services = sheet.items(sheet.case, "existing_services", "case")
    if not services:
        return Not("there were no services before")
    budget = final(sheet)
    sheet.money(budget, "gross", "case.final")
    sheet.date(budget, "period", "case.final")
    for one in services:
        sheet.yearly(one, "cost", "case.existing_services.*")
    return equals_existing_cost(sheet.case, sheet.policy)


def hours_assessed(sheet: Base) -> Any:
    """Return the hours a week of eligible need that nobody meets, as assessed."""
    total: Number | None = None
    for one in sheet.items(sheet.case.get("assessment", EMPTY), "needs", "case.assessment"):
        if one.get("eligible") is True and one.get("unmet_hours_per_week") is not None:
            hours = sheet.hours(one, "unmet_hours_per_week", _NEED)
            total = hours if total is None else total + hours
    return Not("no need is assessed in hours") if total is None else total


def hours_planned(sheet: Base) -> Any:
    """Return the hours a week that the plan has, in all and for each need; visits and days are not converted."""
    total: Number | None = None
    by_need: dict[str, Number] = {}
    for one in sheet.items(sheet.case.get("plan", EMPTY), "components", _PLAN):
        if one.get("unit") != "hours_per_week":
            continue
        hours = sheet.hours(one, "units", _COMPONENT)
        total = hours if total is None else total + hours
        for need in sorted(one.get("needs", ())):
            key = f"need {need}"
            by_need[key] = by_need[key] + hours if key in by_need else hours
    return Not("no part of the plan is in hours") if total is None else {"in all": total, **by_need}


def informal_deduction(sheet: Base) -> dict[str, Number]:
    """Return the hours a week taken off the estimate beyond help confirmed by its date; in pounds where there is one hourly rate."""
    estimate: Data = sheet.case.get("indicative", EMPTY)
    beyond = sheet.hours(estimate, "informal_hours_deducted", "case.indicative")
    if beyond:
        by = sheet.date(estimate, "date", "case.indicative")
        for one in sheet.case.get("assessment", EMPTY).get("informal_support", ()):
            if one.get("basis") == "confirmed" and one.get("confirmed_on", "9999") <= by:
                beyond = beyond - sheet.hours(one, "hours_per_week", "case.assessment.informal_support.*")
        beyond = sheet.most(beyond, 0)
    found: dict[str, Number] = {"hours": beyond}
    rate = hourly_rate(sheet)
    if rate is not None:
        found["at the hourly rate"] = sheet.at_rate(beyond, rate)
    return found


def hourly_rate(sheet: Base) -> int | None:
    """Return the hourly rate in pence where policy and contracts of the case state just one; None else."""
    rates = {pence(one["amount"]) for one in sheet.policy.get("rates", ()) if one.get("unit") == "hour" and "amount" in one}
    for one in sheet.case.get("arrangements", ()):
        prices = sheet.contracts.get(one.get("contract_id", ""), EMPTY).get("unit_rates", EMPTY)
        if "hour" in prices:
            rates.add(pence(prices["hour"]))
    return rates.pop() if len(rates) == 1 else None


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
    BudgetFigure(
        "informal_deduction",
        "FIG-INFORMAL-DEDUCT",
        "Hours taken off for help that nobody had confirmed",
        HOURS,
        informal_deduction,
        "hours deducted less hours confirmed by the date of the estimate, or nothing; by the year at the hourly rate",
        ("CWR-1-18", "CWR-1-17"),
        ("case.indicative", "case.assessment.informal_support", "case.arrangements", "policy.rates", "policy.money.weeks_per_year"),
        (("at the hourly rate", A_YEAR),),
    ),
    BudgetFigure(
        "hours_assessed",
        "FIG-HOURS-ASSESSED",
        "Hours of eligible need that are unmet, as assessed",
        HOURS,
        hours_assessed,
        "the unmet hours a week of the eligible needs that have them",
        ("PPF-5-6",),
        ("case.assessment.needs",),
    ),
    BudgetFigure(
        "hours_planned",
        "FIG-HOURS-PLANNED",
        "Hours of support in the plan",
        HOURS,
        hours_planned,
        "the units of components that are in hours a week, in all and for each need they serve",
        ("PPF-5-6",),
        ("case.plan.components",),
    ),
)
