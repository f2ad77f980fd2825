"""Figures about what the person pays and how the budget adds up.

Sums of different periods are compared by the year in 28ths of a penny: with a year of 364, 365 or 366 days every sum a week or
four weeks comes out as a whole number of them, so nothing is rounded and no fractions are needed.
"""

from __future__ import annotations

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown, stated
from pbcheck.figures.quantities import pence

PARTS = 28  # of a penny
POUND = 100 * PARTS  # the tolerance where weekly and yearly sums are compared; a penny for each rounded sum otherwise
DAYS = {"52": 364, "365/7": 365, "366/7": 366}  # the days of a year, by the number of weeks that the policy states
BRACKET = (364, 366)  # the shortest and the longest year, where the policy states no number of weeks
WEEKS_STATED = "policy.money.weeks_per_year"


def days_of_year(policy: Data) -> tuple[int, ...]:
    """Return the days of a year as the policy counts weeks; both ends of the bracket where it does not say."""
    declared = DAYS.get(policy.get("money", EMPTY).get("weeks_per_year"))
    return BRACKET if declared is None else (declared,)


def by_year(amount: int, period: str, days: int) -> int:
    """Return pence a period as 28ths of a penny a year; a one-off counts once (FIG-ANNUAL)."""
    if period == "week":
        return amount * 4 * days
    if period == "four_weeks":
        return amount * days
    return amount * (12 * PARTS if period == "month" else PARTS)


def differences(one: int, period: str, other: int, other_period: str, policy: Data) -> tuple[int, ...]:
    """Return one amount less another, by the year in 28ths of a penny: one difference for each year that is possible."""
    if period == other_period:
        return ((one - other) * PARTS,)
    if (period == "one_off" or other_period == "one_off") and one and other:
        raise Unknown("case.final.period")
    return tuple([by_year(one, period, days) - by_year(other, other_period, days) for days in days_of_year(policy)])


def half_up(value: int, parts: int) -> int:
    """Return so many parts of one as a whole number, half away from zero."""
    whole = (2 * abs(value) + parts) // (2 * parts)
    return -whole if value < 0 else whole


# How the budget adds up (PPF-4-10)


def budget_gap(facts: Facts) -> int:
    """Return gross less the council's share, the person's and what others pay inside the budget, in pence (FIG-GROSS-FINAL)."""
    return _gap(facts)[0]


def budget_adds_up(facts: Facts) -> bool:
    """Return whether the shares add up to the gross budget, give or take a penny for each share."""
    gap, shares = _gap(facts)
    return abs(gap) <= shares


def _gap(facts: Facts) -> tuple[int, int]:
    case = facts.record
    final = case.get("final", EMPTY)
    if "gross" not in final:
        raise Unknown("case.final.gross")
    council = final["council_amount"] if "council_amount" in final else stated(case, "case.final.net")
    gap, shares = pence(final["gross"]) - pence(council) - _personal(case, final), 2
    for one in case.get("alternative_funding", ()):
        if "inside_budget" not in one:
            raise Unknown("case.alternative_funding.*.inside_budget")
        if one["inside_budget"]:
            if "amount" not in one:
                raise Unknown("case.alternative_funding.*.amount")
            gap, shares = gap - pence(one["amount"]), shares + 1
    return gap, shares


def _personal(case: Data, final: Data) -> int:
    """Return the person's share: as noted with the budget, else the contribution where it is for the same period."""
    if "personal_amount" in final:
        return pence(final["personal_amount"])
    contribution = case.get("contribution", EMPTY)
    if "amount" in contribution and "period" in final and contribution.get("period") == final["period"]:
        return pence(contribution["amount"])
    raise Unknown("case.final.personal_amount")


def net_is_council_share(facts: Facts) -> bool:
    """Return whether the net figure is the council's share, to the penny (FIG-COUNCIL)."""
    case = facts.record
    return abs(pence(stated(case, "case.final.net")) - pence(stated(case, "case.final.council_amount"))) <= 1


def _beside(case: Data, share: str) -> tuple[int, str, int, str]:
    """Return the contribution and a sum of the budget, each with its period."""
    contribution, final = case.get("contribution", EMPTY), case.get("final", EMPTY)
    if "amount" in contribution and share in final and "period" in contribution and "period" in final:
        return pence(contribution["amount"]), contribution["period"], pence(final[share]), final["period"]
    asked = ("contribution.amount", f"final.{share}", "contribution.period", "final.period")
    raise Unknown(next(f"case.{one}" for one in asked if one.rpartition(".")[2] not in case.get(one.partition(".")[0], EMPTY)))


def contribution_as_in_budget(facts: Facts) -> bool:
    """Return whether the contribution, brought to the budget's period, is the person's share of the budget (FIG-CONTRIB).

    A penny either way where both are for one period, a pound by the year where they are not; where the policy states no
    number of weeks, any from 52 to 366/7 will do.
    """
    amount, period, share, other = _beside(facts.record, "personal_amount")
    if period == other:
        return -1 <= amount - share <= 1
    found = differences(amount, period, share, other, facts.policy)
    return min(found) <= POUND and max(found) >= -POUND


def contribution_above_cost(facts: Facts) -> bool:
    """Return whether the person is asked to pay more than the whole budget costs, under every number of weeks in a year."""
    amount, period, gross, other = _beside(facts.record, "gross")
    if period == other:
        return amount - gross > 1
    return min(differences(amount, period, gross, other, facts.policy)) > POUND


_MONEY = ("case.final", "case.contribution.amount", "case.contribution.period")

CASE: dict[str, Figure] = {
    "budget_gap": Figure(
        "money",
        budget_gap,
        "FIG-GROSS-FINAL",
        "Gross budget less the council's share, the person's share and other money inside the budget",
        (*_MONEY, "case.alternative_funding"),
    ),
    "budget_adds_up": Figure(
        "bool",
        budget_adds_up,
        "FIG-GROSS-FINAL",
        "The shares add up to the gross budget, give or take a penny for each share",
        (*_MONEY, "case.alternative_funding"),
    ),
    "net_is_council_share": Figure(
        "bool",
        net_is_council_share,
        "FIG-COUNCIL",
        "The net figure equals the council's share, to the penny",
        ("case.final.net", "case.final.council_amount"),
    ),
    "contribution_as_in_budget": Figure(
        "bool",
        contribution_as_in_budget,
        "FIG-CONTRIB",
        "The contribution, brought to the budget's period, equals the person's share of the budget",
        (*_MONEY, WEEKS_STATED),
    ),
    "contribution_above_cost": Figure(
        "bool",
        contribution_above_cost,
        "FIG-CONTRIB",
        "The contribution is more than the whole budget costs",
        (*_MONEY, WEEKS_STATED),
    ),
}
