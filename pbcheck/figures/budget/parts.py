"""The figures of a budget in parts: whether the parts add up, how much is managed, and whom net payment leaves short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pbcheck.figures.budget.base import AtLeast, Base, Number, Ratio, label, not_here
from pbcheck.figures.budget.figure import A_PERIOD, A_YEAR, PERCENT, BudgetFigure
from pbcheck.figures.budget.sums import contribution_of_year, final
from pbcheck.figures.figure import EMPTY, Data, Unknown

_PART = "case.arrangements.*"


def net_by_arrangement(sheet: Base) -> Any:
    """Return the net sum of each part of a mixed budget, for its own period, where the split of the contribution is recorded."""
    parts = sheet.running()
    if len(parts) < 2:
        return not_here("the budget is in one part")
    return {
        label(one, number, "arrangement"): sheet.most(sheet.money(one, "amount", _PART) - sheet.money(one, "contribution", _PART), 0)
        for number, one in enumerate(parts, 1)
    }


def split(sheet: Base) -> Any:
    """Return what the parts of the budget that run together add up to, and what the whole is short of; so for their contributions."""
    parts = sheet.running()
    if not parts:
        return not_here("no arrangement is recorded")
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
        return not_here("no arrangement is recorded")
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
    """Return by how much a year net payment leaves holders short who cannot reach the person's money.

    Where the record does not say whether they can, or how a mixed budget's contribution is split, it is possible, at most so much.
    """
    parts = sheet.running()
    sure: Number = 0
    bound: Number | None = None
    lacking: list[str] = []
    for one in parts:
        try:
            if not _paid_net(sheet, one):
                continue
        except Unknown as lack:
            lacking.append(lack.args[0])
            continue
        borne, whole = _borne(sheet, one, alone=len(parts) == 1)
        if borne == 0:
            continue
        if whole or _authority(sheet, one) is None:
            bound = borne if bound is None else sheet.most(bound, borne)
        else:
            sure = sure + borne
    if lacking:
        return AtLeast(sure, tuple(sorted(set(lacking))))
    return sure if bound is None else {"sure": sure, "possible, at most": bound}


def _paid_net(sheet: Base, one: Data) -> bool:
    """Return whether an arrangement is paid net to a holder who may not reach the person's money; raises Unknown where it is not said."""
    if "holder_kind" not in one:
        raise Unknown(f"{_PART}.holder_kind")
    if one["holder_kind"] in ("person", "local_authority") or _authority(sheet, one) is True:
        return False
    if sheet.case.get("contribution", EMPTY).get("collection") == "paid_to_holder":
        return False
    if "pays" not in one:
        raise Unknown(f"{_PART}.pays")
    return bool(one["pays"] == "net")


def _authority(sheet: Base, one: Data) -> bool | None:
    found: bool | None = one.get("holder_authority_over_money")
    if found is None and one["holder_kind"] == "representative":
        found = sheet.case.get("representative", EMPTY).get("authority_over_money")
    return found


def _borne(sheet: Base, one: Data, *, alone: bool) -> tuple[Number, bool]:
    """Return the contribution that an arrangement bears, by the year, and whether that is the whole one for want of a split."""
    if "contribution" in one:
        own = sheet.money(one, "contribution", _PART)
        if own == 0 or "period" in one:
            return sheet.of_year(own, one.get("period", "year")), False
    return contribution_of_year(sheet), not alone


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
