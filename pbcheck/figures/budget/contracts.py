"""The figures of a contract: what its provider bought in from others, and how much of a pre-paid block is placed."""

from __future__ import annotations

from typing import Any

from pbcheck.figures.budget.base import Base, Number
from pbcheck.figures.budget.figure import A_YEAR, POUNDS, BudgetFigure
from pbcheck.figures.figure import EMPTY

_ACCOUNT, _PURCHASE = "contract.accounts.*", "contract.buy_in.purchases.*"


def bought_in(sheet: Base) -> Number:
    """Return what the provider bought in from others under a contract; on the sheet of a contract, as all of this module."""
    total: Number = 0
    for one in sheet.items(sheet.case.get("buy_in", EMPTY), "purchases", "contract.buy_in"):
        total = total + sheet.money(one, "amount", _PURCHASE)
    return total


def block_allocation(sheet: Base) -> dict[str, Any]:
    """Return what the accounts on a pre-paid block come to by the year, and what of the block is left; below nothing, placed twice."""
    placed: Number = 0
    for one in sheet.items(sheet.case, "accounts", "contract"):
        placed = placed + sheet.yearly(one, "amount", _ACCOUNT)
    return {"placed": placed, "not placed": sheet.money(sheet.case, "block_value", "contract") - placed}


FIGURES = (
    BudgetFigure(
        "bought_in",
        "FIG-BUYIN-TOTAL",
        "Bought in from other providers",
        POUNDS,
        bought_in,
        "the purchases under the contract's buy-in clause, added up",
        ("PPF-1-11", "PPF-1-12"),
        ("contract.buy_in.purchases",),
    ),
    BudgetFigure(
        "block_allocation",
        "FIG-BLOCK-ALLOC",
        "How much of a pre-paid block is placed",
        A_YEAR,
        block_allocation,
        "the accounts on the contract by the year; and the value of the block less these",
        ("PPF-1-10",),
        ("contract.accounts", "contract.block_value", "policy.money.weeks_per_year"),
    ),
)
