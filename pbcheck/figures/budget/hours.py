"""The figures in hours a week: as assessed, as planned, and as taken off for help from family and friends."""

from __future__ import annotations

from typing import Any

from pbcheck.figures.budget.base import Base, Number, not_here
from pbcheck.figures.budget.figure import A_YEAR, HOURS, BudgetFigure
from pbcheck.figures.figure import EMPTY, Data, Unknown
from pbcheck.figures.quantities import pence

_COMPONENT, _NEED, _SUPPORT = "case.plan.components.*", "case.assessment.needs.*", "case.assessment.informal_support.*"


def is_eligible(need: Data) -> bool:
    """Return whether a need is eligible; raises Unknown where the record does not say."""
    if "eligible" not in need:
        raise Unknown(f"{_NEED}.eligible")
    return need["eligible"] is True


def hours_assessed(sheet: Base) -> Any:
    """Return the hours a week of eligible need that nobody meets, as assessed."""
    total: Number | None = None
    for one in sheet.items(sheet.case.get("assessment", EMPTY), "needs", "case.assessment"):
        if one.get("unmet_hours_per_week") is not None and is_eligible(one):
            hours = sheet.hours(one, "unmet_hours_per_week", _NEED)
            total = hours if total is None else total + hours
    return not_here("no need is assessed in hours") if total is None else total


def hours_planned(sheet: Base) -> Any:
    """Return the hours a week that the plan has, in all and for each need; visits and days are not converted."""
    total: Number | None = None
    by_need: dict[str, Number] = {}
    for one in sheet.items(sheet.case.get("plan", EMPTY), "components", "case.plan"):
        if one.get("unit") != "hours_per_week":
            continue
        hours = sheet.hours(one, "units", _COMPONENT)
        total = hours if total is None else total + hours
        for need in sorted(one.get("needs", ())):
            key = f"need {need}"
            by_need[key] = by_need[key] + hours if key in by_need else hours
    return not_here("no part of the plan is in hours") if total is None else {"in all": total, **by_need}


def informal_deduction(sheet: Base) -> dict[str, Number]:
    """Return the hours a week taken off the estimate beyond help confirmed by its date; in pounds where there is one hourly rate."""
    estimate: Data = sheet.case.get("indicative", EMPTY)
    beyond = sheet.hours(estimate, "informal_hours_deducted", "case.indicative")
    if beyond:
        by = sheet.date(estimate, "date", "case.indicative")
        for one in sheet.items(sheet.case.get("assessment", EMPTY), "informal_support", "case.assessment"):
            if one.get("basis") == "confirmed" and sheet.date(one, "confirmed_on", _SUPPORT) <= by:
                beyond = beyond - sheet.hours(one, "hours_per_week", _SUPPORT)
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


FIGURES = (
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
