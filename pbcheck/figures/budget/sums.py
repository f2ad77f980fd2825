"""The figures of the budget itself: estimate, gross budget, contribution, net budget, and money from elsewhere."""

from __future__ import annotations

from typing import Any

from pbcheck.figures.budget.base import Base, Lacking, Not, Number, Ratio, label, not_here, not_known
from pbcheck.figures.budget.figure import A_PERIOD, A_YEAR, PERCENT, POUNDS, BudgetFigure
from pbcheck.figures.figure import EMPTY, Data, Unknown

_FINAL, _SHARE = "case.final", "case.contribution"
NOT_DISCLOSED = "means were not disclosed, by choice: the contribution is the whole budget"


def final(sheet: Base) -> Data:
    """Return the final budget's group of fields."""
    found: Data = sheet.case.get("final", EMPTY)
    return found


def yearly_amounts(sheet: Base) -> Any:
    """Return each amount of the case that has a period, brought to a year."""
    case = sheet.case
    found: dict[str, Number] = {}
    for name, key, words in (
        ("indicative", "amount", "indicative"),
        ("final", "gross", "final"),
        ("contribution", "amount", "contribution"),
    ):
        group = case.get(name, EMPTY)
        if key in group and "period" in group:
            found[words] = sheet.yearly(group, key, f"case.{name}")
    for number, one in enumerate(case.get("arrangements", ()), 1):
        if "amount" in one and "period" in one:
            found[label(one, number, "arrangement")] = sheet.yearly(one, "amount", "case.arrangements.*")
    for cost in sheet.costs() if "components" in case.get("plan", EMPTY) else ():
        if cost.yearly is not None:
            found[label(cost.component, cost.number, "component")] = cost.yearly
    return found or not_known("case.final.gross")


def year_so_far(sheet: Base) -> Any:
    """Return the part of the gross budget that falls on this budget year up to the date judged by."""
    today, budget = sheet.today(), final(sheet)
    start = sheet.date(budget, "starts_on", _FINAL)
    if start > today:
        return not_here("the budget has not started")
    if budget.get("ends_on", start) < start:
        return not_here("the budget ends before it starts")
    year = sheet.budget_year(min(today, budget.get("ends_on", today)))
    period = sheet.date(budget, "period", _FINAL)
    return sheet.prorated(budget, "gross", _FINAL, period, (max(start, year.first), min(today, budget.get("ends_on", today))))


def gross_indicative(sheet: Base) -> Any:
    """Return the estimate, gross, by the year; a net one with the contribution added."""
    estimate: Data = sheet.case.get("indicative", EMPTY)
    if "amount" not in estimate and estimate.get("omitted_reason"):
        return not_here("there is no estimate, and a reason for it is recorded")
    amount = sheet.yearly(estimate, "amount", "case.indicative")
    if sheet.date(estimate, "basis", "case.indicative") == "gross":
        return amount
    sheet.note("the estimate is recorded net: the contribution is added")
    return amount + contribution_of_year(sheet)


def gross_final(sheet: Base) -> Number:
    """Return the gross budget by the year; for the short term what falls on it, for a grant the sum as it stands."""
    budget = final(sheet)
    term = budget.get("term")
    if term == "one_off_grant":
        return sheet.money(budget, "gross", _FINAL)
    if term == "short_term":
        span = sheet.date(budget, "starts_on", _FINAL), sheet.date(budget, "ends_on", _FINAL)
        return sheet.prorated(budget, "gross", _FINAL, sheet.date(budget, "period", _FINAL), span)
    return sheet.yearly(budget, "gross", _FINAL)


def contribution(sheet: Base) -> Number:
    """Return what the person pays, for the contribution's own period: the most they can pay, or the gross budget where that is less."""
    share: Data = sheet.case.get("contribution", EMPTY)
    if share.get("declined_disclosure_on") is not None:
        sheet.note(NOT_DISCLOSED)
        return gross_in(sheet, sheet.date(share, "period", _SHARE))
    if "maximum" not in share:
        if "amount" in share:
            return sheet.money(share, "amount", _SHARE)
        raise Unknown(f"{_SHARE}.maximum")
    most = sheet.money(share, "maximum", _SHARE)
    if most == 0:
        return most
    found = sheet.least(most, gross_in(sheet, sheet.date(share, "period", _SHARE)))
    if "amount" in share and sheet.money(share, "amount", _SHARE) > found:
        sheet.note("the amount recorded is more than this")
    return found


def gross_in(sheet: Base, period: str) -> Number:
    """Return the gross budget for a period; raises Unknown where one of the two is a one-off and the other not."""
    budget = final(sheet)
    gross = sheet.money(budget, "gross", _FINAL)
    own = sheet.date(budget, "period", _FINAL)
    return brought(sheet, gross, own, period)


def brought(sheet: Base, amount: Number, own: str, period: str) -> Number:
    """Return an amount of one period as an amount of another."""
    if own == period:
        return amount
    if "one_off" in (own, period):
        raise Unknown(f"{_FINAL}.period")
    return sheet.for_period(sheet.of_year(amount, own), period)


def contribution_of_year(sheet: Base) -> Number:
    """Return the contribution brought to a year."""
    share = sheet.case.get("contribution", EMPTY)
    found = sheet.exactly("contribution")
    return sheet.of_year(found, sheet.date(share, "period", _SHARE)) if found else found


def net(sheet: Base) -> Number:
    """Return the gross budget less the contribution and what others pay inside it, for the budget's period; never below nothing."""
    budget = final(sheet)
    gross = sheet.money(budget, "gross", _FINAL)
    period = sheet.date(budget, "period", _FINAL)
    share = sheet.exactly("contribution")
    if share:
        share = brought(sheet, share, sheet.date(sheet.case["contribution"], "period", _SHARE), period)
    left = gross - share
    if "alternative_funding" not in sheet.case:
        sheet.note("whether others pay inside the budget is not recorded: nothing is taken off for it")
    for one in sheet.case.get("alternative_funding", ()):
        if _inside(one):
            left = left - sheet.money(one, "amount", "case.alternative_funding.*")
    return sheet.most(left, 0)


def _inside(one: Data) -> bool:
    if "inside_budget" not in one:
        raise Unknown("case.alternative_funding.*.inside_budget")
    return bool(one["inside_budget"])


def council_share(sheet: Base) -> Any:
    """Return what the council pays: the net budget."""
    return sheet.found("net")


def alternative_funding(sheet: Base) -> dict[str, Number]:
    """Return what others pay, by the year, inside the budget and beside it; a sum without a period is for the budget's period."""
    found: dict[str, Number] = {"inside the budget": 0, "outside the budget": 0}
    for one in sheet.items(sheet.case, "alternative_funding", "case"):
        where = "inside the budget" if _inside(one) else "outside the budget"
        period = sheet.date(final(sheet), "period", _FINAL)
        found[where] = found[where] + sheet.yearly_for(one, "amount", "case.alternative_funding.*", period)
    return found


def indicative_to_final(sheet: Base) -> Any:
    """Return by how much the gross budget differs from the gross estimate, by the year and as a share of the estimate."""
    before = sheet.found("gross_indicative")
    if type(before) in (Not, Lacking):
        return before
    change = sheet.exactly("gross_final") - before
    return {"a year": change, "share": Ratio(change, before)} if before else {"a year": change}


_MONEY = ("case.final", "policy.money.weeks_per_year")
_BORNE = (*_MONEY, "case.contribution")
FIGURES = (
    BudgetFigure(
        "yearly_amounts",
        "FIG-ANNUAL",
        "Amounts brought to a year",
        A_YEAR,
        yearly_amounts,
        "each amount times the number of its periods in a year; a one-off counts once",
        ("CWR-1-19",),
        ("case.arrangements", *_BORNE, "case.indicative", "case.plan.components"),
    ),
    BudgetFigure(
        "year_so_far",
        "FIG-PRORATA",
        "The budget of this budget year up to the date judged by",
        POUNDS,
        year_so_far,
        "the gross budget times the days so far, both ends counted, over the days of the period",
        ("PPF-1-34",),
        ("case.final", "case.year_ends", "as_of"),
    ),
    BudgetFigure(
        "gross_indicative",
        "FIG-GROSS-IND",
        "The estimate (indicative budget), gross",
        A_YEAR,
        gross_indicative,
        "the estimate by the year; where it is recorded net, with the contribution added",
        ("PPF-4-1", "CWR-1-3"),
        (*_BORNE, "case.indicative"),
    ),
    BudgetFigure(
        "gross_final",
        "FIG-GROSS-FINAL",
        "The final budget, gross",
        A_YEAR,
        gross_final,
        "the gross budget by the year; for a short term what falls on it, for a grant the sum as it stands",
        ("PPF-1-17", "PPF-4-10"),
        (*_MONEY, "case.year_ends"),
    ),
    BudgetFigure(
        "contribution",
        "FIG-CONTRIB",
        "The person's contribution",
        A_PERIOD,
        contribution,
        "the most the person can pay, or the gross budget where that is less, for the contribution's period",
        ("PPF-1-19", "PPF-4-10"),
        _BORNE,
        period_of="contribution",
    ),
    BudgetFigure(
        "net",
        "FIG-NET",
        "The net budget",
        A_PERIOD,
        net,
        "gross less the contribution less what others pay inside the budget, for the budget's period; never below nothing",
        ("PPF-4-12",),
        (*_BORNE, "case.alternative_funding"),
        period_of="final",
    ),
    BudgetFigure(
        "council_share",
        "FIG-COUNCIL",
        "The council's share",
        A_PERIOD,
        council_share,
        "the net budget",
        ("PPF-1-18",),
        (*_BORNE, "case.alternative_funding"),
        period_of="final",
    ),
    BudgetFigure(
        "alternative_funding",
        "FIG-ALT-FUNDING",
        "Money from elsewhere",
        A_YEAR,
        alternative_funding,
        "the sums of others by the year, inside the budget and beside it",
        ("PPF-4-5",),
        ("case.alternative_funding", *_MONEY),
    ),
    BudgetFigure(
        "indicative_to_final",
        "FIG-IND-FINAL-DIFF",
        "From the estimate to the final budget",
        A_YEAR,
        indicative_to_final,
        "gross final budget less gross estimate; and as a share of the estimate",
        ("CWR-1-13", "CWR-1-10"),
        (*_BORNE, "case.indicative", "case.year_ends"),
        (("share", PERCENT),),
    ),
)
