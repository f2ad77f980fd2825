"""The budget in force and the plan: who pays what, what each item costs, and how it draws on the budget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pbcheck.figures.budget.base import label
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.budget.sums import brought, contribution_of_year
from pbcheck.figures.figure import EMPTY, Data
from pbcheck.figures.quantities import pence
from pbcheck.figures.yearly import PARTS, POUND
from pbcheck.render.words import inert
from pbcheck.statement.amounts import A_PERIOD, day, percent, pounds, recorded
from pbcheck.statement.known import Known, whole
from pbcheck.statement.model import Row, Section, Table
from pbcheck.statement.words import BASIS, HELD_SHORT, HOLDS, HOLDS_FOR_YOU, WEEKS, category

NOT_KNOWN = "not known"
COLLECTED = {
    "netted_off": "Your share is taken off before the money is paid.",
    "invoiced": "The council sends you a bill for your share.",
    "paid_to_holder": "You pay your share into the budget.",
}
COUNCIL, YOU, OTHERS, WHOLE = "The council pays", "You pay", "Others pay", "Your whole budget"


def your_budget(known: Known) -> Section:
    """Return the budget in force: how long it runs, who holds it, and who pays how much."""
    final = known.case.get("final", EMPTY)
    runs, held, payment = _runs(known, final), _held(known), (*_payment(known), *_differs(known), *_changes(known))
    rows, heads = _shares(known, final)
    table = Table("Your budget and who pays for it", ("Who pays", *heads), (False, *(True for _ in heads)), rows)
    shares = "\n".join(f"{row.cells[0]}{' is' if row.total else ''} {_either(row, heads)}." for row in reversed(rows))
    easy = ("Your budget is the money for your support.", *runs, *held, shares, *payment)
    return Section("budget", "Your budget", (*runs, *held), (table,), payment, easy=tuple(one for one in easy if one))


def _either(row: Row, heads: tuple[str, ...]) -> str:
    return f"{row.cells[1]} {heads[0].lower()}" if row.cells[1] != NOT_KNOWN else "an amount we could not show"


def _runs(known: Known, final: Data) -> tuple[str, ...]:
    start, end = final.get("starts_on"), final.get("ends_on")
    found = ""
    if start is None:
        known.lack("when your budget started", "case.final.starts_on")
    elif known.as_of is not None and end is not None and end < known.as_of:
        found = f"Your budget ran from {day(start)} to {day(end)}. It has ended. "
    elif known.as_of is not None and start > known.as_of:
        found = f"Your budget has not started. It starts on {day(start)}. "
    elif end is not None:
        found = f"Your budget runs from {day(start)} to {day(end)}. "
    else:
        found = f"Your budget started on {day(start)}. No end is on record. "
    if "confirmed_on" in final:
        return (f"{found}It was agreed and confirmed on {day(final['confirmed_on'])}.",)
    known.lack("when your budget was confirmed", "case.final.confirmed_on")
    return (f"{found}It is not on record that your budget has been confirmed.",)


def _held(known: Known) -> tuple[str, ...]:
    """Return who holds the money, a paragraph for each way it is held now."""
    parts = known.parts
    if not parts:
        known.lack("who holds the money", "case.arrangements")
    found = []
    for one in parts:
        form = one.get("derived", EMPTY).get("form")
        if form is None:
            known.lack("who holds the money", "case.arrangements.*.contract_party")
            continue
        holder = one.get("holder_kind", "person")
        words = HOLDS[form] if form != "direct_payment" or holder == "person" else HOLDS_FOR_YOU[holder]
        if len(parts) > 1 and "amount" in one:
            words = f"{words} This part is {recorded(one['amount'], one.get('period', ''))}."
        found.append(words + _on_hold(known, one))
    return tuple(dict.fromkeys(found))


def _on_hold(known: Known, one: Data) -> str:
    """Return that payments are on hold, where they are by the date of the record; why is not told, since that is personal."""
    held, until = one.get("suspended_on"), one.get("resumed_on")
    if held is None or (known.as_of is not None and (held > known.as_of or (until is not None and until <= known.as_of))):
        return ""
    return f" Payments have been on hold since {day(held)}." if known.as_of is not None or until is None else ""


def _changes(known: Known) -> tuple[str, ...]:
    """Return the changes of the amount that are on record for days after the date of the record."""
    found = []
    for one in sorted(known.case.get("budget_changes", ()), key=lambda change: str(change.get("date", ""))):
        if {"date", "from", "to", "period"} <= one.keys() and known.as_of is not None and one["date"] > known.as_of:
            part = f" for {inert(str(one['component']))}" if one.get("component") else ""
            found.append(
                f"On {day(one['date'])} the amount{part} changes from {recorded(one['from'])} to {recorded(one['to'], one['period'])}."
            )
    return tuple(found)


def _differs(known: Known) -> tuple[str, ...]:
    """Return that the record has another sum for the council's share than follows from budget and contribution, where it has.

    As by the conventions of the register, a pound is allowed where the two are set for different periods, else a penny.
    """
    final, share = known.case.get("final", EMPTY), known.figure("council_share")
    if share is None or "council_amount" not in final:
        return ()
    allowed = POUND if known.case.get("contribution", EMPTY).get("period", final["period"]) != final["period"] else PARTS
    if abs(pence(final["council_amount"]) * PARTS - share) <= allowed:
        return ()
    words = f"The council’s record has another amount for what it pays: {recorded(final['council_amount'], final['period'])}."
    return (f"{words} Ask the council which is right.",)


def _shares(known: Known, final: Data) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Return the rows of who pays, for the period the budget is set in and for a year where that is another."""
    period, term = final.get("period"), final.get("term")
    columns: list[tuple[str, dict[str, Any]]] = []
    if period is None:
        known.lack("who pays for your budget", "case.final.period")
        return (), ("A year",)
    if period != "year" or term in ("short_term", "one_off_grant"):
        columns.append((A_PERIOD[period].capitalize(), _for_period(known, final, period)))
    if period != "one_off" and term not in ("short_term", "one_off_grant"):
        columns.append(("A year", _for_year(known, period)))
    names = [one for one in (COUNCIL, YOU, OTHERS, WHOLE) if any(column.get(one, 0) is not None or one != OTHERS for _, column in columns)]
    names = [one for one in names if one != OTHERS or any(column.get(OTHERS) for _, column in columns)]
    rows = []
    for one in names:
        amounts = [column.get(one) for _, column in columns]
        rows.append(Row((one, *(NOT_KNOWN if amount is None else pounds(amount) for amount in amounts)), total=one == WHOLE))
    return tuple(rows), tuple(name for name, _ in columns)


def _for_period(known: Known, final: Data, period: str) -> dict[str, Any]:
    def contribution(sheet: Sheet) -> Any:
        share = sheet.exactly("contribution")
        return brought(sheet, share, known.case.get("contribution", EMPTY).get("period", period), period) if share else share

    others = known.figure("alternative_funding")
    inside = others["inside the budget"] if others else 0
    return {
        COUNCIL: known.figure("council_share", "what the council pays"),
        YOU: known.attempt("what you pay", contribution),
        OTHERS: known.sheet.for_period(inside, period) if inside else 0,
        WHOLE: known.attempt("your whole budget", lambda sheet: sheet.money(final, "gross", "case.final")),
    }


def _for_year(known: Known, period: str) -> dict[str, Any]:
    others = known.figure("alternative_funding")
    return {
        COUNCIL: known.attempt("what the council pays", lambda sheet: sheet.of_year(sheet.exactly("council_share"), period)),
        YOU: known.attempt("what you pay", contribution_of_year),
        OTHERS: others["inside the budget"] if others else 0,
        WHOLE: known.figure("gross_final", "your whole budget"),
    }


def _payment(known: Known) -> tuple[str, ...]:
    """Return how the person's own share is set and paid, as one paragraph."""
    share, final = known.case.get("contribution", EMPTY), known.case.get("final", EMPTY)
    amount = known.figure("contribution")
    found = []
    if amount == 0:
        found.append("You do not have to pay anything.")
    elif amount is not None and share.get("period") not in (None, final.get("period")):
        found.append(f"What you pay is set at {pounds(amount)} {A_PERIOD[share['period']]}.")
    if amount and known.figure("council_share") == 0:
        found.append("You pay the full cost of your support.")
    if amount and share.get("collection"):
        found.append(COLLECTED[share["collection"]])
    return (" ".join(found),) if found else ()


def weeks_note(known: Known) -> str:
    """Return how many weeks were counted in a year, and whether the policy says so; empty where no sum needed it."""
    words = WEEKS[known.sheet.weeks]
    if known.sheet.declared:
        return f"We counted {words} weeks in a year, as your council’s policy does."
    return f"{known.silent('money.weeks_per_year')} how many weeks the council counts in a year. We counted {words}."


def your_support(known: Known) -> Section:
    """Return the items of the plan: the cost of each, the share of the budget that it draws, and what is left after it."""
    title = "Your support and what it costs"
    components = known.case.get("plan", EMPTY).get("components")
    if not components:
        words = "No items are on record in your plan."
        if components is None:
            words = "We could not show the items of your plan."
            known.lack("the items of your plan", "case.plan.components")
        return Section("support", title, (words,), easy=(words,))
    rows = _items(known, components)
    easy = [_easy_item(row, one) for row, one in zip(rows, components, strict=True)]
    cost = known.figure("plan_cost", "what your plan costs")
    if cost is not None:
        words = f"{'at least ' if whole(cost) is not cost else ''}{pounds(whole(cost))}"
        rows.append(Row(("All together", "", words, "", ""), total=True))
        easy.append(f"All together your plan costs {words} a year.")
        if whole(cost) is not cost:
            known.lack("the full cost of your plan", cost.lacking[0])
    room = _room(known)
    heads = ("Item", "Cost", "A year", "Share of budget", "Left after it")
    table = Table("What each item costs, and how it draws on your budget", heads, (False, True, True, True, True), tuple(rows))
    lead = ("Each item draws on your whole budget. “Left after it” is what stays in the budget for the next item.",)
    return Section("support", title, lead, (table,), room, easy=(*easy, *room))


def _items(known: Known, components: Sequence[Data]) -> list[Row]:
    """Return a row for each item; where two items have one reference, what a year of them comes to is not told."""
    yearly = known.figure("yearly_amounts") or {}
    draws = known.figure("draw_share", "how your support draws on your budget") or {}
    ids = Counter(one.get("id") for one in components)
    rows = []
    for number, one in enumerate(components, 1):
        name = label(one, number, "component") if ids[one.get("id")] < 2 or "id" not in one else ""
        rows.append(_item(known, one, number, (yearly.get(name), draws.get(f"{name}: share"), draws.get(f"{name}: left after it"))))
    return rows


def item_name(known: Known, one: Data, number: int | str) -> str:
    """Return how a plan item is called: its reference and kind, and its name only where names are asked for."""
    words = inert(str(one.get("id", number)))
    kind = inert(str(one["name"])) if known.names and one.get("name") else category(one)
    return f"{words}, {kind}" if kind else words


def _item(known: Known, one: Data, number: int, figures: tuple[Any, Any, Any]) -> Row:
    """Return an item with its cost as recorded and its figures: a year, the share of the budget, what is left after it."""
    name, note = item_name(known, one, number), "; ".join(_remarks(known, one))
    if "cost" not in one:
        return Row((name, *[NOT_KNOWN] * 4), note=note)
    yearly, share, left = figures
    absent = "" if one.get("arrangement") == "external" else NOT_KNOWN
    cells = (
        recorded(one["cost"], one.get("period", "")),
        pounds(yearly) if yearly is not None else NOT_KNOWN,
        percent(share.percent) if share is not None else absent,
        pounds(left) if left is not None else absent,
    )
    return Row((name, *cells), note=note)


def _remarks(known: Known, one: Data) -> list[str]:
    """Return what is to be known about an item beside its cost: where it is paid from, whether it has ended, how sure the cost is."""
    parts = {part.get("id"): part.get("derived", EMPTY).get("form") for part in known.case.get("arrangements", ())}
    home = one.get("arrangement")
    found = []
    if home == "external":
        found.append("paid for in another way, not from your budget")
    elif home == "contingency":
        found.append("kept in reserve")
    elif len(parts) > 1 and parts.get(home):
        found.append(f"from {HELD_SHORT[str(parts[home])]}")
    if "ends_on" in one and known.as_of is not None and one["ends_on"] < known.as_of:
        found.append(f"ended on {day(one['ends_on'])}")
    if one.get("cost_basis") in BASIS:
        found.append(f"the cost is {BASIS[one['cost_basis']]}")
    return found


def _easy_item(row: Row, one: Data) -> str:
    name, cost, _, share, _ = row.cells
    words = f"{name}{f' ({row.note})' if row.note else ''}."
    if cost == NOT_KNOWN:
        return f"{words} The cost is not known."
    words = f"{words} It costs {cost}."
    return words if share in ("", NOT_KNOWN) else f"{words} That is {share} of your budget."


def _room(known: Known) -> tuple[str, ...]:
    room = known.figure("plan_headroom")
    if room is None:
        return ()
    if room == 0:
        return ("Your plan uses your whole budget.",)
    if room > 0:
        return (f"Your plan leaves {pounds(room)} a year of your budget free.",)
    return (f"Your plan costs {pounds(-room)} a year more than your budget. Ask the council about this.",)
