"""The figures of statements: what was drawn in their periods, what they close on, and how much of the time they cover."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pbcheck.figures.budget.base import Base, Number, Ratio, label, not_here
from pbcheck.figures.budget.figure import PERCENT, POUNDS, BudgetFigure
from pbcheck.figures.figure import EMPTY, Data, Unknown
from pbcheck.figures.statements import PERIODIC, covered_share

_PART, _STATEMENT = "case.arrangements.*", "case.statements.*"
_DRAW = f"{_STATEMENT}.drawdowns.*"


def drawdowns(sheet: Base) -> Iterator[Data]:
    """Yield every sum drawn that the statements list."""
    for statement in sheet.items(sheet.case, "statements", "case"):
        yield from sheet.items(statement, "drawdowns", _STATEMENT)


def drawn_between(sheet: Base, first: str, last: str) -> Number:
    """Return what was drawn on the days of a span, both ends counted; raises Unknown where no statement is about any of them."""
    if not any(one.get("from", first) <= last and one.get("to", last) >= first for one in sheet.case.get("statements", ())):
        raise Unknown("case.statements")
    total: Number = 0
    for one in drawdowns(sheet):
        if first <= sheet.date(one, "date", _DRAW) <= last:
            total = total + sheet.money(one, "amount", _DRAW)
    return total


def _named(statement: Data, number: int, found: dict[str, Number]) -> str:
    """Return how a statement is called: its days, with its number where another one has the same."""
    if "from" not in statement or "to" not in statement:
        return f"statement {number}"
    days = f"{statement['from']} to {statement['to']}"
    return f"{days}, statement {number}" if days in found else days


def drawn(sheet: Base) -> Any:
    """Return for each statement what it lists as drawn on the days of its period."""
    found: dict[str, Number] = {}
    for number, statement in enumerate(sheet.items(sheet.case, "statements", "case"), 1):
        first, last = sheet.date(statement, "from", _STATEMENT), sheet.date(statement, "to", _STATEMENT)
        total: Number = 0
        for one in sheet.items(statement, "drawdowns", _STATEMENT):
            if first <= sheet.date(one, "date", _DRAW) <= last:
                total = total + sheet.money(one, "amount", _DRAW)
        found[_named(statement, number, found)] = total
    return found or not_here("no statement is recorded")


def closing(sheet: Base) -> Any:
    """Return for each statement its opening balance and what was paid in, less what it lists as drawn."""
    found: dict[str, Number] = {}
    for number, statement in enumerate(sheet.items(sheet.case, "statements", "case"), 1):
        left = sheet.money(statement, "opening", _STATEMENT) + sheet.money(statement, "paid_in", _STATEMENT)
        for one in sheet.items(statement, "drawdowns", _STATEMENT):
            left = left - sheet.money(one, "amount", _DRAW)
        found[_named(statement, number, found)] = left
    return found or not_here("no statement is recorded")


def statement_cover(sheet: Base) -> Any:
    """Return for each managed arrangement the share of its days that statements cover, up to the last period that is due."""
    today = sheet.today()
    terms: Data = sheet.policy.get("statements", EMPTY)
    frequency = sheet.date(terms, "frequency", "policy.statements")
    if frequency == "on_request":
        return not_here("statements are sent on request")
    if frequency not in PERIODIC and (terms.get("target_date") or "") > today:
        return not_here("statements are still to come")
    found: dict[str, Any] = {}
    managed = False
    for number, one in enumerate(sheet.items(sheet.case, "arrangements", "case"), 1):
        if one["derived"].get("managed"):
            managed = True
            start = sheet.date(one, "starts_on", _PART)
            statements = sheet.items(sheet.case, "statements", "case")
            if any("from" not in each or "to" not in each for each in statements):
                raise Unknown(f"{_STATEMENT}.to")
            for each in statements:
                sheet.saw(each, "from")
                sheet.saw(each, "to")
            share = covered_share(start, one.get("ends_on"), frequency, statements, today)
            if share is not None:
                found[label(one, number, "arrangement")] = Ratio(*share)
    if found:
        return found
    return not_here("no statement is due yet" if managed else "no arrangement is managed")


_DRAWN = ("case.statements",)
FIGURES = (
    BudgetFigure(
        "drawn",
        "FIG-DRAWN",
        "What was drawn in the period of a statement",
        POUNDS,
        drawn,
        "the sums drawn that are dated within the period",
        ("PPF-1-34",),
        _DRAWN,
    ),
    BudgetFigure(
        "closing",
        "FIG-CLOSING",
        "The closing balance of a statement",
        POUNDS,
        closing,
        "opening balance plus paid in less the sums drawn",
        ("PPF-1-35",),
        _DRAWN,
    ),
    BudgetFigure(
        "statement_cover",
        "FIG-STATEMENT-COVER",
        "Share of the time that statements cover",
        PERCENT,
        statement_cover,
        "days that statements cover over the days from the start to the end of the last period that is due",
        ("PPF-1-34",),
        ("case.statements", "case.arrangements", "policy.statements.frequency", "policy.statements.target_date", "as_of"),
    ),
)
