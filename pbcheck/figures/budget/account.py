"""The figures of the accounts: what was paid, what is left of the money, and what was taken back."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from pbcheck.figures.budget.base import Base, Number, label, not_here, not_known
from pbcheck.figures.budget.budget_years import BudgetYear, next_day
from pbcheck.figures.budget.drawn import drawdowns, drawn_between
from pbcheck.figures.budget.figure import POUNDS, BudgetFigure
from pbcheck.figures.budget.sums import final
from pbcheck.figures.figure import EMPTY, Data, Unknown
from pbcheck.figures.reviews import months_later
from pbcheck.figures.unspent import LEFT_OUT, takings

_PART, _PAYMENT, _STATEMENT = "case.arrangements.*", "case.payments.*", "case.statements.*"
_DRAW = f"{_STATEMENT}.drawdowns.*"
PAID, RETURNED = ("to_holder", "to_provider"), ("clawback", "error_corrected")


def paid_to_date(sheet: Base) -> Any:
    """Return for each part what was paid by the date judged by, what was due by then, and the difference."""
    today = sheet.today()
    parts = sheet.items(sheet.case, "arrangements", "case")
    payments = sheet.items(sheet.case, "payments", "case")
    alone_id = parts[0].get("id") if len(parts) == 1 else None
    found: dict[str, Any] = {}
    lacking = ""
    for number, one in enumerate(parts, 1):
        name = label(one, number, "arrangement")
        try:
            due = _due(sheet, one, today, alone=len(parts) == 1)
            paid = _paid(sheet, [pay for pay in payments if pay.get("arrangement", alone_id) == one.get("id")], today)
        except Unknown as lack:
            lacking = lacking or lack.args[0]
            continue
        found |= {f"{name}: paid": paid, f"{name}: due": due, f"{name}: paid less due": paid - due}
    if not found:
        return not_known(lacking) if lacking else not_here("no arrangement is recorded")
    return found


def _paid(sheet: Base, payments: list[Data], today: str) -> Number:
    total: Number = 0
    for one in payments:
        direction = one.get("direction")
        if direction is None:
            raise Unknown(f"{_PAYMENT}.direction")
        if direction in PAID:
            if _on(one) <= today:
                total = total + sheet.money(one, "amount", _PAYMENT)
        elif direction in RETURNED and _on(one) <= today:
            total = total - sheet.money(one, "amount", _PAYMENT)
    return total


def _on(payment: Data) -> str:
    if "date" not in payment:
        raise Unknown(f"{_PAYMENT}.date")
    return str(payment["date"])


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


def carried_in(sheet: Base, year: BudgetYear) -> Number:
    """Return what was carried forward into a budget year: the sum left at the year end before, where the record says so."""
    for one in sheet.case.get("year_ends", ()):
        if one.get("action") == "carried_forward" and "ended_on" in one and next_day(one["ended_on"]) == year.first:
            return sheet.money(one, "unspent", "case.year_ends.*")
    return 0


def remaining(sheet: Base) -> Any:
    """Return what is left by the views that fit: of the year's budget for managed accounts, of the cash paid in for direct payments."""
    if not sheet.items(sheet.case, "statements", "case"):
        return not_here("no statement is recorded: what was drawn is not known")
    parts = sheet.items(sheet.case, "arrangements", "case")
    if not parts:
        return not_here("no arrangement is recorded")
    today, budget = sheet.today(), final(sheet)
    starts = sheet.date(budget, "starts_on", "case.final")
    if starts > today:
        return not_here("the budget has not started")
    if budget.get("ends_on", starts) < starts:
        return not_here("the budget ends before it starts")
    forms = {one["derived"].get("form") for one in parts}
    if None in forms:
        raise Unknown(f"{_PART}.contract_party")
    year = sheet.budget_year(min(today, budget.get("ends_on", today)))
    carried, spent = carried_in(sheet, year), drawn_between(sheet, year.first, min(today, year.last))
    found: dict[str, Number] = {}
    if forms - {"direct_payment"}:
        found["year view"] = gross_of(sheet, year) + carried - spent
    if "direct_payment" in forms:
        found["cash view"] = _paid_in(sheet, year.first, today) + carried - spent
    return found


def _paid_in(sheet: Base, first: str, last: str) -> Number:
    """Return what statements that begin on the days of a span show as paid in."""
    total: Number = 0
    for one in sheet.case["statements"]:
        if first <= sheet.date(one, "from", _STATEMENT) <= last:
            total = total + sheet.money(one, "paid_in", _STATEMENT)
    return total


def gross_of(sheet: Base, year: BudgetYear) -> Number:
    """Return the gross budget of a budget year: a whole one by the year, part of one by its days, a one-off in the year it starts in."""
    budget = final(sheet)
    period = sheet.date(budget, "period", "case.final") if budget.get("term") != "one_off_grant" else "one_off"
    first, last = max(year.first, budget["starts_on"]), min(year.last, budget.get("ends_on", year.last))
    whole = first == year.first and next_day(last) == next_year(year)
    if whole and period != "one_off" and budget.get("term") != "short_term":
        return sheet.exactly("gross_final")
    return sheet.prorated(budget, "gross", "case.final", period, (first, last))


def next_year(year: BudgetYear) -> str:
    """Return the day on which the twelve months of a budget year are over."""
    return months_later(year.first, 12)


def calloff_left(sheet: Base) -> Any:
    """Return for each account with a provider what is left of it in its own year, after what was called off."""
    today = sheet.today()
    parts = sheet.items(sheet.case, "arrangements", "case")
    accounts = [(number, one) for number, one in enumerate(parts, 1) if one["derived"].get("form") == "third_party_account"]
    if not accounts:
        return not_here("no account is placed with a provider")
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


def unspent(sheet: Base) -> Any:
    """Return for each recorded year end what was left: as recorded, and worked out where statements show what was drawn."""
    found: dict[str, Number] = {}
    for one in sheet.items(sheet.case, "year_ends", "case"):
        end = sheet.date(one, "ended_on", "case.year_ends.*")
        if "unspent" in one:
            found[f"{end}: recorded"] = sheet.money(one, "unspent", "case.year_ends.*")
        with suppress(Unknown):  # where statements do not show the year, there is only what is recorded
            if sheet.date(final(sheet), "starts_on", "case.final") <= end:
                year = sheet.budget_year(end)
                spent = drawn_between(sheet, year.first, end)
                found[f"{end}: worked out"] = gross_of(sheet, year) + carried_in(sheet, year) - spent
    if not found and sheet.case["year_ends"]:
        raise Unknown("case.year_ends.*.unspent")
    return found or not_here("no year end is recorded")


def clawback(sheet: Base) -> dict[str, Number]:
    """Return the unspent money taken back, each sum once, and what else was taken or given back and does not count."""
    if not any(group in sheet.case for group in ("payments", "year_ends", "recoveries")):
        raise Unknown("case.payments")
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
