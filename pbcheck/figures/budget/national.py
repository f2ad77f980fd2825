"""The method of the national statistics for the cost of a service: by the week, over the days it runs, in a year of 52 weeks.

Source: the Department's published code for Client Level Data: a frequency is trusted over planned units, a month is 12/52 of a
week's payment, weeks are days over seven, and a one-off counts at its cost. The notes' way is FIG-ANNUAL instead.
"""

from __future__ import annotations

from pbcheck.figures.budget.base import Base, Number
from pbcheck.figures.figure import EMPTY, Data, Unknown

_COMPONENT = "case.plan.components.*"
UNITS_PER_WEEK = {
    "week": (1, 1),
    "four_weeks": (1, 4),
    "month": (12, 52),
    "year": (1, 52),
}


def national_week(sheet: Base, one: Data) -> Number:
    """Return the cost of a component a week, in parts: its cost by its frequency, else its planned units at the unit rate."""
    period = one.get("period")
    if period in UNITS_PER_WEEK:
        return sheet.times(sheet.money(one, "cost", _COMPONENT), *UNITS_PER_WEEK[period])
    if "unit_rate" in one and one.get("units") is not None:
        units = sheet.hours(one, "units", _COMPONENT)
        return sheet.times(sheet.money(one, "unit_rate", _COMPONENT), int(units), 1000)
    raise Unknown(f"{_COMPONENT}.period")


def national_cost(sheet: Base, one: Data) -> Number:
    """Return the cost of a component over the days on which it runs in the budget year of the date judged by, in parts."""
    if one.get("period") == "one_off":
        return sheet.money(one, "cost", _COMPONENT)
    sheet.note("by the method of the national statistics: a cost a week, for the days in this budget year over seven")
    week = national_week(sheet, one)
    first, last = span(sheet, one)
    number = sheet.days(first, last) + 1
    return sheet.times(week, int(number), 7) if number > 0 else week * 0


def span(sheet: Base, one: Data) -> tuple[str, str]:
    """Return the first and the last day on which a component runs in the budget year of the date judged by."""
    budget: Data = sheet.case.get("final", EMPTY)
    start = sheet.date(budget, "starts_on", "case.final")
    today = sheet.facts.as_of
    year = sheet.budget_year(start if today is None or today < start else min(today, budget.get("ends_on", today)))
    last = min(year.last, one.get("ends_on", year.last), budget.get("ends_on", year.last))
    return max(year.first, one.get("starts_on", year.first)), last
