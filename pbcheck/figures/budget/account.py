"""The figures of the accounts: what was paid and drawn, what is left, which statements cover it, and what was taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pbcheck.figures.budget.base import Base, Not, Number, Ratio, label
from pbcheck.figures.budget.budget_years import BudgetYear, next_day
from pbcheck.figures.budget.figure import PERCENT, POUNDS, BudgetFigure
from pbcheck.figures.budget.sums import final
from pbcheck.figures.figure import EMPTY, Data, Unknown
from pbcheck.figures.reviews import months_later
from pbcheck.figures.statements import PERIODIC, covered_share
from pbcheck.figures.unspent import LEFT_OUT, takings

_PART, _PAYMENT, _STATEMENT = "case.arrangements.*", "case.payments.*", "case.statements.*"
_DRAW = f"{_STATEMENT}.drawdowns.*"
PAID, RETURNED = ("to_holder", "to_provider"), ("clawback", "error_corrected")


def paid_to_date(sheet: Base) -> Any:
    """Return for each part what was paid by the date judged by, what was due by then, and the difference."""
    today = sheet.today()
    parts = sheet.items(sheet.case, "arrangements", "case")
    payments = sheet.items(sheet.case, "payments", "case")
    found: dict[str, Any] = {}
    lacking = ""
    for number, one in enumerate(parts, 1):
        name = label(one, number, "arrangement")
        try:
            due = _due(sheet, one, today, alone=len(parts) == 1)
        except Unknown as lack:
            lacking = lacking or lack.args[0]
            continue
        paid = _paid(
            sheet, [pay for pay in payments if pay.get("arrangement", one.get("id") if len(parts) == 1 else None) == one.get("id")], today
        )
        found |= {f"{name}: paid": paid, f"{name}: due": due, f"{name}: paid less due": paid - due}
    if not found:
        if lacking:
            raise Unknown(lacking)
        return Not("no arrangement is recorded")
    return found


def _paid(sheet: Base, payments: list[Data], today: str) -> Number:
    total: Number = 0
    for one in payments:
        direction = one.get("direction")
        if direction is None:
            raise Unknown(f"{_PAYMENT}.direction")
        if direction in PAID:
            if sheet.date(one, "date", _PAYMENT) <= today:
                total = total + sheet.money(one, "amount", _PAYMENT)
        elif direction in RETURNED and sheet.date(one, "date", _PAYMENT) <= today:
            total = total - sheet.money(one, "amount", _PAYMENT)
    return total


def _due(sheet: Base, one: Data, today: str, *, alone: bool) -> Number:
    """Return the part of an arrangement's amount that falls on its days so far; net of the contribution where it pays net."""
    budget = final(sheet)
    first = sheet.date(one, "starts_on", _PART)
    span = first, min(today, one.get("ends_on", today))
    if "amount" in one or not alone:
        whole, key, where = one, "amount", _PART
    else:
        whole, key, where = budget, "gross", "case.final"
    due = sheet.prorated(whole, key, where, sheet.date(whole, "period", where), span)
    if sheet.date(one, "pays", _PART) == "gross":
        return due
    if "contribution" in one:
        return due - sheet.prorated(one, "contribution", _PART, sheet.date(one, "period", _PART), span)
    if not alone:
        raise Unknown(f"{_PART}.contribution")
    share: Data = sheet.case.get("contribution", EMPTY)
    return due - sheet.prorated(share, "amount", "case.contribution", sheet.date(share, "period", "case.contribution"), span)


def drawdowns(sheet: Base) -> Iterator[Data]:
    """Yield every sum drawn that the statements list."""
    for statement in sheet.items(sheet.case, "statements", "case"):
        yield from sheet.items(statement, "drawdowns", _STATEMENT)


def drawn_between(sheet: Base, first: str, last: str) -> Number:
    """Return what was drawn on the days of a span, both ends counted."""
    total: Number = 0
    for one in drawdowns(sheet):
        if first <= sheet.date(one, "date", _DRAW) <= last:
            total = total + sheet.money(one, "amount", _DRAW)
    return total


def _named(statement: Data, number: int) -> str:
    return f"{statement['from']} to {statement['to']}" if "from" in statement and "to" in statement else f"statement {number}"


def drawn(sheet: Base) -> Any:
    """Return for each statement what it lists as drawn on the days of its period."""
    found: dict[str, Number] = {}
    for number, statement in enumerate(sheet.items(sheet.case, "statements", "case"), 1):
        first, last = sheet.date(statement, "from", _STATEMENT), sheet.date(statement, "to", _STATEMENT)
        total: Number = 0
        for one in sheet.items(statement, "drawdowns", _STATEMENT):
            if first <= sheet.date(one, "date", _DRAW) <= last:
                total = total + sheet.money(one, "amount", _DRAW)
        found[_named(statement, number)] = total
    return found or Not("no statement is recorded")


def closing(sheet: Base) -> Any:
    """Return for each statement its opening balance and what was paid in, less what it lists as drawn."""
    found: dict[str, Number] = {}
    for number, statement in enumerate(sheet.items(sheet.case, "statements", "case"), 1):
        left = sheet.money(statement, "opening", _STATEMENT) + sheet.money(statement, "paid_in", _STATEMENT)
        for one in sheet.items(statement, "drawdowns", _STATEMENT):
            left = left - sheet.money(one, "amount", _DRAW)
        found[_named(statement, number)] = left
    return found or Not("no statement is recorded")


def carried_in(sheet: Base, year: BudgetYear) -> Number:
    """Return what was carried forward into a budget year: the sum left at the year end before, where the record says so."""
    for one in sheet.case.get("year_ends", ()):
        if one.get("action") == "carried_forward" and "ended_on" in one and next_day(one["ended_on"]) == year.first:
            return sheet.money(one, "unspent", "case.year_ends.*")
    return 0


def remaining(sheet: Base) -> Any:
    """Return what is left by the views that fit: of the year's budget for managed accounts, of the cash paid in for direct payments."""
    today, budget = sheet.today(), final(sheet)
    if sheet.date(budget, "starts_on", "case.final") > today:
        return Not("the budget has not started")
    if not sheet.items(sheet.case, "statements", "case"):
        return Not("no statement is recorded: what was drawn is not known")
    year = sheet.budget_year(min(today, budget.get("ends_on", today)))
    carried, spent = carried_in(sheet, year), drawn_between(sheet, year.first, min(today, year.last))
    forms = {one["derived"].get("form") for one in sheet.items(sheet.case, "arrangements", "case")}
    if None in forms:
        raise Unknown(f"{_PART}.contract_party")
    found: dict[str, Number] = {}
    if forms - {"direct_payment"}:
        found["year view"] = gross_of(sheet, year) + carried - spent
    if "direct_payment" in forms:
        paid: Number = 0
        for one in sheet.case["statements"]:
            if year.first <= sheet.date(one, "from", _STATEMENT) <= today:
                paid = paid + sheet.money(one, "paid_in", _STATEMENT)
        found["cash view"] = paid + carried - spent
    return found or Not("no arrangement is recorded")


def gross_of(sheet: Base, year: BudgetYear) -> Number:
    """Return the gross budget of a budget year: a whole one by the year, part of one by its days."""
    budget = final(sheet)
    if budget.get("term") in ("short_term", "one_off_grant"):
        return sheet.exactly("gross_final")
    first, last = max(year.first, budget["starts_on"]), min(year.last, budget.get("ends_on", year.last))
    whole = first == year.first and next_day(last) == next_year(year)
    if whole:
        return sheet.exactly("gross_final")
    return sheet.prorated(budget, "gross", "case.final", sheet.date(budget, "period", "case.final"), (first, last))


def next_year(year: BudgetYear) -> str:
    """Return the day on which the twelve months of a budget year are over."""
    return months_later(year.first, 12)


def calloff_left(sheet: Base) -> Any:
    """Return for each account with a provider what is left of it in its own year, after what was called off."""
    today = sheet.today()
    parts = sheet.items(sheet.case, "arrangements", "case")
    accounts = [(number, one) for number, one in enumerate(parts, 1) if one["derived"].get("form") == "third_party_account"]
    if not accounts:
        return Not("no account is placed with a provider")
    homes = {one["id"]: one.get("arrangement") for one in sheet.case.get("plan", EMPTY).get("components", ()) if "id" in one}
    drawn_sums = list(drawdowns(sheet))
    if not drawn_sums:
        raise Unknown(f"{_STATEMENT}.drawdowns")
    found: dict[str, Number] = {}
    for number, one in accounts:
        year = sheet.year_of(sheet.date(one, "starts_on", _PART), min(today, one.get("ends_on", today)))
        left = sheet.yearly(one, "amount", _PART)
        if len(parts) == 1:
            left = left + carried_in(sheet, year)
        for draw in drawn_sums:
            mine = len(parts) == 1 or homes.get(draw.get("component")) == one.get("id")
            if mine and year.first <= sheet.date(draw, "date", _DRAW) <= year.last:
                left = left - sheet.money(draw, "amount", _DRAW)
        found[label(one, number, "arrangement")] = left
    return found


def statement_cover(sheet: Base) -> Any:
    """Return for each managed arrangement the share of its days that statements cover, up to the last period that is due."""
    today = sheet.today()
    terms: Data = sheet.policy.get("statements", EMPTY)
    frequency = sheet.date(terms, "frequency", "policy.statements")
    if frequency == "on_request":
        return Not("statements are sent on request")
    if frequency not in PERIODIC and (terms.get("target_date") or "") > today:
        return Not("statements are still to come")
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
    return Not("no statement is due yet" if managed else "no arrangement is managed")


def unspent(sheet: Base) -> Any:
    """Return for each recorded year end what was left: as recorded, and worked out where statements show what was drawn."""
    found: dict[str, Number] = {}
    for one in sheet.items(sheet.case, "year_ends", "case"):
        end = sheet.date(one, "ended_on", "case.year_ends.*")
        if "unspent" in one:
            found[f"{end}: recorded"] = sheet.money(one, "unspent", "case.year_ends.*")
        if sheet.case.get("statements"):
            year = sheet.budget_year(end)
            spent = drawn_between(sheet, year.first, end)
            found[f"{end}: worked out"] = gross_of(sheet, year) + carried_in(sheet, year) - spent
    if not found and sheet.case["year_ends"]:
        raise Unknown("case.year_ends.*.unspent")
    return found or Not("no year end is recorded")


def clawback(sheet: Base) -> dict[str, Number]:
    """Return the unspent money taken back, each sum once, and what else was taken or given back and does not count."""
    total: Number = 0
    for owner, key, where in takings(sheet.case):
        total = total + sheet.money(owner, key, where)
    found: dict[str, Number] = {"taken back": total}
    for group, kind, names in LEFT_OUT:
        for one in sheet.case.get(group, ()):
            if one.get(kind) in names and "amount" in one:
                name = f"not counted: {one[kind].replace('_', ' ')}"
                amount = sheet.money(one, "amount", f"case.{group}.*")
                found[name] = found[name] + amount if name in found else amount
    return found


_DRAWN = ("case.statements",)
_YEAR = ("case.final", "case.year_ends", "case.statements", "policy.money.weeks_per_year", "as_of")
FIGURES = (
    BudgetFigure(
        "paid_to_date",
        "FIG-PAID-TO-DATE",
        "What was paid, and what was due",
        POUNDS,
        paid_to_date,
        "payments to holder and providers less clawback and corrections; against the amount for the days so far, net or gross as paid",
        ("PPF-4-12", "PPF-4-15"),
        ("case.arrangements", "case.payments", "case.final", "case.contribution", "case.year_ends", "as_of"),
    ),
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
        "remaining",
        "FIG-REMAINING",
        "What is left",
        POUNDS,
        remaining,
        "year view: the year's gross budget plus carried forward less drawn; cash view: paid in plus carried forward less drawn",
        ("PPF-1-35",),
        (*_YEAR, "case.arrangements"),
    ),
    BudgetFigure(
        "calloff_left",
        "FIG-CALLOFF-LEFT",
        "What is left of an account with a provider",
        POUNDS,
        calloff_left,
        "the account's amount for its year plus carried forward less the sums drawn from it",
        ("PPF-I-15", "PPF-1-35"),
        (*_YEAR, "case.arrangements", "case.plan.components"),
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
    BudgetFigure(
        "unspent",
        "FIG-UNSPENT",
        "What was left at a year end",
        POUNDS,
        unspent,
        "the year's gross budget plus carried forward less what was drawn in it",
        ("CWR-3-10",),
        _YEAR,
    ),
    BudgetFigure(
        "clawback",
        "FIG-CLAWBACK",
        "Unspent money that was taken back",
        POUNDS,
        clawback,
        "clawback payments, and year ends and recoveries that no such payment already shows; each sum once",
        ("CWR-3-10",),
        ("case.payments", "case.year_ends", "case.recoveries"),
    ),
)
