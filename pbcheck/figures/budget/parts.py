"""The figures of a budget in parts: whether the parts add up, how much is managed, and whom net payment leaves short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pbcheck.figures.budget.base import AtLeast, Base, Not, Number, Ratio, label
from pbcheck.figures.budget.figure import A_PERIOD, A_YEAR, PERCENT, BudgetFigure
from pbcheck.figures.budget.sums import contribution_of_year, final
from pbcheck.figures.figure import Data, Unknown
from pbcheck.figures.pay_basis import pay_basis

_PART = "case.arrangements.*"


def net_by_arrangement(sheet: Base) -> Any:
    """Return the net sum of each part of a mixed budget, for its own period, where the split of the contribution is recorded."""
    parts = sheet.running()
    if len(parts) < 2:
        return Not("the budget is in one part")
    return {
        label(one, number, "arrangement"): sheet.most(sheet.money(one, "amount", _PART) - sheet.money(one, "contribution", _PART), 0)
        for number, one in enumerate(parts, 1)
    }


def split(sheet: Base) -> Any:
    """Return what the parts of the budget that run together add up to, and what the whole is short of; so for their contributions."""
    parts = sheet.running()
    if not parts:
        return Not("no arrangement is recorded")
    budget = final(sheet)
    total = _total(sheet, parts, "amount")
    found = {"parts": total, "parts less the whole": total - sheet.yearly(budget, "gross", "case.final")}
    if all("contribution" in one for one in parts):
        borne = _total(sheet, parts, "contribution")
        found["contributions"] = borne
        found["contributions less the whole"] = borne - contribution_of_year(sheet)
    return found


def _total(sheet: Base, parts: Sequence[Data], key: str) -> Number:
    total: Number = 0
    for one in parts:
        total = total + sheet.yearly(one, key, _PART)
    return total


def managed_share(sheet: Base) -> Any:
    """Return the share of the money that is managed, and whether the person has a managed budget, a direct payment or both.

    By the derived form, never by the label; where the council is the holder's agent it is a direct payment.
    """
    parts = sheet.running()
    if not parts:
        return Not("no arrangement is recorded")
    if any("managed" not in one["derived"] for one in parts):
        raise Unknown(f"{_PART}.contract_party")
    kinds = {bool(one["derived"]["managed"]) for one in parts}
    person = "mixed" if len(kinds) == 2 else "managed" if kinds.pop() else "direct payment"
    found: dict[str, Any] = {"person": person}
    if all("amount" in one and "period" in one for one in parts):
        whole = _total(sheet, parts, "amount")
        if whole:
            found["by money"] = Ratio(_total(sheet, [one for one in parts if one["derived"]["managed"]], "amount"), whole)
    return found


def holder_shortfall(sheet: Base) -> Any:
    """Return by how much a year net payment leaves holders short who cannot reach the person's money (table pay_basis)."""
    sure: Number = 0
    bounds: list[Number] = []
    lacking: list[str] = []
    for one in sheet.items(sheet.case, "arrangements", "case"):
        try:
            result = pay_basis(sheet.case, one)
        except Unknown as lack:
            lacking.append(lack.args[0])
            continue
        if result == "shortfall":
            sure = sure + _borne(sheet, one)
        elif result == "possible_shortfall":
            bounds.append(_borne(sheet, one))
    if lacking:
        return AtLeast(sure, tuple(sorted(set(lacking))))
    if not bounds:
        return sure
    bound = bounds[0]
    for one_bound in bounds[1:]:
        bound = sheet.most(bound, one_bound)
    return {"sure": sure, "possible, at most": bound}


def _borne(sheet: Base, one: Data) -> Number:
    if "contribution" in one and "period" in one:
        return sheet.yearly(one, "contribution", _PART)
    return contribution_of_year(sheet)


_MONEY = ("case.final", "policy.money.weeks_per_year")
_PARTS = ("case.arrangements", *_MONEY, "case.contribution")
FIGURES = (
    BudgetFigure(
        "net_by_arrangement",
        "FIG-NET",
        "The net sum of each part of a mixed budget",
        A_PERIOD,
        net_by_arrangement,
        "the part's amount less the contribution borne there",
        ("PPF-4-12", "PPF-I-16"),
        ("case.arrangements", "as_of"),
    ),
    BudgetFigure(
        "split",
        "FIG-SPLIT",
        "Whether the parts add up to the whole",
        A_YEAR,
        split,
        "the parts that run together, by the year, added up, and less the whole; so for their contributions",
        ("PPF-I-16",),
        (*_PARTS, "as_of"),
    ),
    BudgetFigure(
        "managed_share",
        "FIG-MANAGED-SHARE",
        "How much is managed",
        PERCENT,
        managed_share,
        "the amounts of managed arrangements over those of all, by the derived form",
        ("PPF-F-1", "PPF-I-16"),
        ("case.arrangements", "policy.money.weeks_per_year", "as_of"),
        (("person", "kind"),),
    ),
    BudgetFigure(
        "holder_shortfall",
        "FIG-HOLDER-SHORTFALL",
        "What net payment leaves holders short of",
        A_YEAR,
        holder_shortfall,
        "the contributions, by the year, of parts paid net to a holder without authority over the person's money",
        ("PPF-4-16",),
        (*_PARTS, "case.representative.authority_over_money"),
    ),
)
