"""What was drawn in the days of a statement, what was paid, and what is left; which view of the balance is told."""

from __future__ import annotations

from typing import Any

from pbcheck.figures.budget.base import label
from pbcheck.figures.budget.drawn import drawn_between
from pbcheck.figures.figure import EMPTY, Data
from pbcheck.figures.quantities import pence
from pbcheck.render.words import inert
from pbcheck.statement.amounts import day, half_up, of_pence, pounds, recorded
from pbcheck.statement.budget import item_name
from pbcheck.statement.known import Known
from pbcheck.statement.model import Row, Section, Table
from pbcheck.statement.period import Period, covered, last_statement

PENNY = 1
DIRECT = "direct_payment"
PAYMENTS = {
    "to_holder": "Paid to you",
    "to_provider": "Paid to a provider",
    "contribution_in": "You paid your share in",
    "clawback": "Taken back by the council",
    "voluntary_return": "You gave back",
    "error_corrected": "A mistake put right",
}
YEAR_ENDS = {
    "carried_forward": "It was carried into the next year.",
    "clawed_back": "The council took it back.",
    "offset_next_year": "It was taken off the budget of the next year.",
    "voluntary_return": "You gave it back.",
}
DRAWN = "what was drawn in this period"
LEFT = "what is left of your budget"


def drawn_in(known: Known, period: Period) -> Any:
    """Return what was drawn in a period, in parts; None, with the gap taken down, where the record does not cover every day of it."""
    if "statements" in known.case and not covered(known.case, period):
        some = "the statements on record do not cover all of these days" if known.case["statements"] else "no statement is on record"
        known.gaps.setdefault(DRAWN, some)
        return None
    return known.attempt(DRAWN, lambda sheet: drawn_between(sheet, period.first, period.last), ("case.statements",))


def your_period(known: Known, period: Period | None) -> Section:
    """Return what was drawn in the period, item by item, and for direct payments what was paid."""
    title = "What was drawn in this period"
    if period is None:
        known.lack(DRAWN, "as_of" if known.as_of is None else "case.arrangements.*.starts_on")
        words = "We could not tell which days this statement is for."
        return Section("drawn", title, (words,), easy=(words,))
    total, draws = drawn_in(known, period), _draws(known, period)
    lead = f"This statement is for {period.words}. {period.reason}"
    easy = [lead, "Drawn means taken out of your budget to pay for support."]
    tables = []
    if draws or total is not None:
        rows = [Row((day(one["date"]) if "date" in one else "No date", _item(known, one), _amount(one))) for one in draws]
        easy.append("\n".join(f"{row.cells[0]}: {row.cells[2]} for {row.cells[1]}." for row in rows))
        if total is not None:
            rows.append(Row(("All together", "", pounds(total)), total=True))
            easy.append(f"All together {pounds(total)} was drawn.")
        tables.append(Table("What was drawn from your budget", ("Date", "Item", "Amount"), (False, False, True), tuple(rows)))
    after = _not_covered(known, draws) if total is None else ()
    paid = _payments(known, period)
    if paid:
        tables.append(paid)
        easy.append("\n".join(f"{row.cells[0]}: {row.cells[1][0].lower()}{row.cells[1][1:]}, {row.cells[2]}." for row in paid.rows))
    return Section("drawn", title, (lead,), tuple(tables), after, easy=tuple(one for one in (*easy, *after) if one))


def _not_covered(known: Known, draws: list[Data]) -> tuple[str, ...]:
    last = last_statement(known.case, known.as_of)
    first = "The record does not show all that was drawn" if draws else "The record does not show what was drawn"
    second = f"The last statement on record ends on {day(last['to'])}." if last else "No statement is on record."
    return (f"{first} on these days. {second}",)


def _draws(known: Known, period: Period) -> list[Data]:
    """Return the sums drawn in a period in order of their date; one without a date is kept where its statement lies in the period."""
    found = []
    for statement in known.case.get("statements", ()):
        within = period.first <= statement.get("from", "") and statement.get("to", "9999") <= period.last
        for one in statement.get("drawdowns", ()):
            if period.first <= one["date"] <= period.last if "date" in one else within:
                found.append(one)
    return sorted(found, key=lambda one: (one.get("date", ""), str(one.get("component", ""))))


def _item(known: Known, draw: Data) -> str:
    name = draw.get("component")
    if name is None:
        return "no item on record"
    for one in known.case.get("plan", EMPTY).get("components", ()):
        if one.get("id") == name:
            return item_name(known, one, name)
    return f"{inert(str(name))} (your plan does not list it)"


def _amount(draw: Data) -> str:
    return recorded(draw["amount"]) if "amount" in draw else "not known"


def _payments(known: Known, period: Period) -> Table | None:
    """Return the payments of the period that are about a direct payment, or that the person made or lost; None where there are none."""
    forms = {one.get("id"): one.get("derived", EMPTY).get("form") for one in known.case.get("arrangements", ())}
    only = next(iter(forms.values())) if len(forms) == 1 else None
    rows = []
    for one in sorted(known.case.get("payments", ()), key=lambda pay: (pay.get("date", ""), pay.get("direction", ""))):
        direct = (forms.get(one["arrangement"]) if "arrangement" in one else only) == DIRECT
        shown = direct or one.get("direction") not in ("to_holder", "to_provider")
        if shown and "direction" in one and "amount" in one and period.first <= one.get("date", "") <= period.last:
            rows.append(Row((day(one["date"]), _paid(known, one), recorded(one["amount"]))))
    return Table("What was paid in this period", ("Date", "What", "Amount"), (False, False, True), tuple(rows)) if rows else None


def _paid(known: Known, payment: Data) -> str:
    holders = {one.get("id"): one.get("holder_kind", "person") for one in known.case.get("arrangements", ())}
    holder = holders.get(payment.get("arrangement"), "person")
    if payment["direction"] == "to_holder" and holder != "person":
        return "Paid to whoever holds the money for you"
    return PAYMENTS[payment["direction"]]


def left_of(known: Known) -> tuple[str, Any]:
    """Return the view of the balance that fits, `year view` or `cash view`, and what is left; None, with the gap taken down, if not known.

    A balance is told only where the statements on record cover every day from the start of the budget year to the last of them, and
    where the budget is in one part: the record does not say for which part of a mixed budget a statement is.
    """
    forms = known.forms
    view = "cash view" if forms == {DIRECT} else "year view"
    if len(forms) > 1:
        known.gaps.setdefault(LEFT, "your budget is in more than one part. The record does not say for which part a statement is")
        return view, None
    found = known.figure("remaining", LEFT)
    if found is None:
        if LEFT not in known.gaps:
            known.gaps[LEFT] = known.why_not("remaining")
        return view, None
    first, last = _year_start(known), last_statement(known.case, known.as_of)
    if last is None or last["to"] < first or not covered(known.case, Period(first, last["to"], "")):
        known.gaps.setdefault(LEFT, f"the statements on record do not cover all the days since {day(first)}")
        return view, None
    return view, found[view]


def _year_start(known: Known) -> str:
    """Return the first day of the budget year at hand on which money could be drawn: of the year, or of the arrangement if later."""
    final = known.case.get("final", EMPTY)
    today = known.as_of or ""
    year = known.sheet.budget_year(min(today, final.get("ends_on", today)))
    begins = min((one["starts_on"] for one in known.parts if "starts_on" in one), default=year.first)
    return max(year.first, begins)


def whats_left(known: Known, period: Period | None) -> Section:
    """Return what is left: which view is told, the balances of the period, accounts with providers, payments so far, the last year end."""
    view, left = left_of(known)
    lead = (
        _view(known, view, left) if left is not None else ("We could not show what is left. The reason is under “What we could not show”.",)
    )
    tables = tuple(one for one in (_account(known, statement) for statement in _within(known, period)) if one)
    after = (*_provider_accounts(known), *_so_far(known), *_year_ends(known))
    sums = ["\n".join((f"{table.caption}:", *(f"{row.cells[0]}: {row.cells[1]}." for row in table.rows))) for table in tables]
    return Section("left", "What is left", lead, tables, after, easy=(*lead, *sums, *after))


def _view(known: Known, view: str, left: Any) -> tuple[str, ...]:
    """Return what is left, by which view, and how it was counted."""
    last = last_statement(known.case, known.as_of)
    final, today = known.case["final"], str(known.as_of)
    year = known.sheet.budget_year(min(today, final.get("ends_on", today)))
    amount = pounds(abs(left))
    if view == "year view":
        first = f"{amount} of this year’s budget is left." if left >= 0 else f"{amount} more was drawn than this year’s budget."
        start = f"We took the whole budget for the year from {day(year.first)} to {day(year.last)}."
    else:
        first = f"{amount} should be left in your account." if left >= 0 else f"{amount} more was drawn than was paid in."
        start = f"We took the money paid in since {day(year.first)}."
    rest = "We added any money carried in from the year before. Then we took off all that is on record as drawn."
    until = f" The record goes up to {day(last['to'])}." if last else ""
    return first, f"This is the {view}. {start} {rest}{until}"


def _within(known: Known, period: Period | None) -> list[Data]:
    """Return the recorded statements that lie wholly in the period, in order."""
    if period is None or known.refused(("case.statements",)):
        return []
    found = [
        one for one in known.case.get("statements", ()) if period.first <= one.get("from", "") and one.get("to", "9999") <= period.last
    ]
    return sorted(found, key=lambda one: (one["from"], one["to"]))


def _account(known: Known, statement: Data) -> Table | None:
    """Return a recorded statement as a sum from its opening to its closing balance; a closing balance that differs is told."""
    name = f"{statement['from']} to {statement['to']}"
    alike = [one for one in known.case["statements"] if (one.get("from"), one.get("to")) == (statement["from"], statement["to"])]
    words = f"{day(statement['from'])} to {day(statement['to'])}"
    drawn, closing = (known.figure(one, f"the balance at the end of {words}") for one in ("drawn", "closing"))
    if len(alike) > 1 or not drawn or not closing:
        return None
    rows = [
        Row(("Left at the start", recorded(statement["opening"]))),
        Row(("Paid in", recorded(statement["paid_in"]))),
        Row(("Drawn", pounds(drawn[name]))),
        Row(("Left at the end", pounds(closing[name])), total=True),
    ]
    if "closing" in statement and abs(pence(statement["closing"]) - half_up(closing[name] / known.sheet.year["year"])) > PENNY:
        rows.append(Row(("The council’s record says", of_pence(pence(statement["closing"])))))
    return Table(f"Your account from {words}", ("What", "Amount"), (False, True), tuple(rows))


def _provider_accounts(known: Known) -> tuple[str, ...]:
    """Return what is left of each account with a provider, where it is not told already."""
    if len(known.forms) < 2 or "third_party_account" not in known.forms:
        return ()
    found = known.figure("calloff_left", "what is left of your account with another organisation") or {}
    return tuple(f"{pounds(left)} is left this year in your account with another organisation." for left in found.values())


def _so_far(known: Known) -> tuple[str, ...]:
    """Return for each direct payment what was paid by the date of the record, and what was due by then."""
    parts = [one for one in known.parts if one.get("derived", EMPTY).get("form") == DIRECT]
    paid = known.figure("paid_to_date", "what was paid so far") if parts else None
    found = []
    for number, one in enumerate(known.case.get("arrangements", ()), 1):
        name = label(one, number, "arrangement")
        if one in parts and paid and f"{name}: paid" in paid:
            first = f"Since {day(one['starts_on'])}, {pounds(paid[f'{name}: paid'])} of your direct payment has been paid."
            second = f"Counted by the day, {pounds(paid[f'{name}: due'])} was due by {day(str(known.as_of))}."
            found.append(f"{first} {second} Money is often paid for some weeks at a time, so these two can differ.")
    return tuple(found)


def _year_ends(known: Known) -> tuple[str, ...]:
    """Return what was left at the last year end on record, and what was done with it."""
    if not known.case.get("year_ends"):
        return ()
    sums = known.figure("unspent", "what was left at the last year end") or {}
    ends = [one for one in known.case["year_ends"] if "ended_on" in one and (known.as_of is None or one["ended_on"] <= known.as_of)]
    last = max(ends, key=lambda one: one["ended_on"], default=None)
    left = sums.get(f"{last['ended_on']}: recorded") if last else None
    if last is None or left is None:
        return ()
    found = f"When your last budget year ended on {day(last['ended_on'])}, {pounds(left)} was left."
    return (f"{found} {YEAR_ENDS[last['action']]}" if "action" in last else found,)
