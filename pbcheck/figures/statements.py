"""Figures about the statements of managed budgets: which are due (table statements_due), and whether their sums are right.

Source: table `statements_due`, FIG-STATEMENT-COVER and FIG-CLOSING. Periods are counted from the start of an arrangement, and due
28 days after their last day. Statements may keep to other days, such as quarters of the year: only a stretch without any that is
as long as a period counts as missing.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import MAXYEAR, date
from functools import cache
from types import MappingProxyType

from pbcheck.figures.dates import ordinal
from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown
from pbcheck.figures.forms import FORM_INPUTS
from pbcheck.figures.quantities import pence

MONTHS = {"monthly": 1, "quarterly": 3, "six_monthly": 6, "annual": 12}
PERIODIC = (*MONTHS, "four_weekly")
STATEMENT_DAYS = 28
"""A statement is due this many days after the last day of its period."""
PENNY = 1

Value = str | bool | None
INPUTS: Mapping[str, tuple[Value, ...]] = MappingProxyType(
    {
        "managed": (True, False, None),
        "frequency": (*PERIODIC, "on_request", "none", None),
        "begins_later": (True, False, None),
        "has_statements": (True, False, None),
        "periods": ("not_due", "missing", "covered", None),
    }
)
"""Every input of the table with its values; None where the record does not say. What the arrangement is called is no input.

`managed` is by the derived form; `begins_later` whether the date set for a start lies after the date to judge by; `periods`
whether no whole period is due, some that is due has no statement, or each has.
"""
ROWS: tuple[tuple[Mapping[str, Collection[Value]], str], ...] = (
    ({"managed": (False,)}, "not_applicable"),
    ({"frequency": ("none",), "begins_later": (True,)}, "still_to_come"),
    ({"frequency": ("none",)}, "none_sent"),
    ({"frequency": (None,), "has_statements": (True,)}, "covered"),
    ({"frequency": (None,)}, "cannot_tell"),
    ({"frequency": ("on_request",)}, "on_request"),
    ({"managed": (None,)}, "cannot_tell"),
    ({"periods": ("not_due",)}, "not_due"),
    ({"periods": ("missing",)}, "missing"),
    ({"periods": ("covered",)}, "covered"),
    ({}, "cannot_tell"),
)
"""The table: the first row whose inputs all have one of the values named decides."""


@cache
def statements_due(managed: Value, frequency: Value, begins_later: Value, has_statements: Value, periods: Value) -> str:
    """Return what the table says of the statements of one arrangement."""
    given = dict(zip(INPUTS, (managed, frequency, begins_later, has_statements, periods), strict=True))
    return next(result for wanted, result in ROWS if all(given[name] in values for name, values in wanted.items()))


def periods_without_statement(facts: Facts) -> int:
    """Return how many whole statement periods that are due no statement covers, for the managed arrangement with the most.

    Where the policy does not say how often, a case with statements has none missing.
    """
    if facts.as_of is None:
        raise Unknown("as_of")
    case = facts.record
    terms: Data = facts.policy.get("statements", EMPTY)
    frequency = terms.get("frequency")
    target = terms.get("target_date")
    begins_later = None if target is None else target > facts.as_of
    statements = case.get("statements")
    has_statements = None if statements is None else bool(statements)
    if "arrangements" not in case:
        raise Unknown("case.arrangements")
    most = 0
    for one in case["arrangements"]:
        managed = one["derived"].get("managed")
        missing = _periods_missing(one, statements, frequency, facts.as_of) if managed and frequency in PERIODIC else None
        periods = None if missing is None else "missing" if missing > 0 else "covered" if missing == 0 else "not_due"
        result = statements_due(managed, frequency, begins_later, has_statements, periods)
        if result == "cannot_tell":
            raise Unknown("policy.statements.frequency" if frequency is None else "case.arrangements.*.contract_party")
        if missing is not None and missing > most:
            most = missing
    return most


def _periods_missing(arrangement: Data, statements: list[Data] | None, frequency: str, now: str) -> int:
    """Return how many periods that are due no statement covers; -1 where none is due."""
    if "starts_on" not in arrangement:
        raise Unknown("case.arrangements.*.starts_on")
    first = date.fromisoformat(arrangement["starts_on"])
    start, limit = first.toordinal(), ordinal(now) - STATEMENT_DAYS + 1
    stop = ordinal(arrangement["ends_on"]) + 1 if "ends_on" in arrangement else date.max.toordinal() + 1
    if min(_later(first, frequency, 1), stop) > limit or start >= stop:
        return -1
    if statements is None:
        raise Unknown("case.statements")
    covered = _covered(statements)
    if _reach(start, covered) >= min(limit, stop):
        return 0
    due = _last_due(first, frequency, stop, limit)
    missing = sum(_whole_periods(a, b, frequency) for a, b in _gaps(start, due, covered))
    if missing and len(covered) < len(statements):
        raise Unknown("case.statements.*.to")
    return missing


def covered_share(start: str, ends_on: str | None, frequency: str, statements: Sequence[Data], now: str) -> tuple[int, int] | None:
    """Return the days that statements cover and the days they should, up to the last period that is due (FIG-STATEMENT-COVER).

    None where no period is due yet. Where the policy has none sent, every day up to the date judged by should be covered.
    """
    first = date.fromisoformat(start)
    today = ordinal(now)
    stop = ordinal(ends_on) + 1 if ends_on else date.max.toordinal() + 1
    end = _last_due(first, frequency, stop, today - STATEMENT_DAYS + 1) if frequency in PERIODIC else min(stop, today + 1)
    here, days = first.toordinal(), 0
    whole = end - here
    if whole <= 0:
        return None
    for begin, after in _covered(statements):
        begin, after = max(begin, here), min(after, end)
        if after > begin:
            days += after - begin
            here = after
    return days, whole


def _last_due(first: date, frequency: str, stop: int, limit: int) -> int:
    """Return the day after the last period that ends, with the arrangement at the latest, by a limit."""
    due, number = first.toordinal(), 1
    while due < stop:
        after = min(_later(first, frequency, number), stop)
        if after > limit:
            break
        due, number = after, number + 1
    return due


def _later(start: date, frequency: str, number: int) -> int:
    """Return the first day, as an ordinal, after a number of periods; the end of the calendar where it lies beyond."""
    if frequency == "four_weekly":
        return start.toordinal() + 28 * number
    months = start.month - 1 + MONTHS[frequency] * number
    year, month = start.year + months // 12, months % 12 + 1
    if year > MAXYEAR:
        return date.max.toordinal() + 1
    day = start.day if start.day <= 28 else min(start.day, monthrange(year, month)[1])
    return date(year, month, day).toordinal()


def _covered(statements: Sequence[Data]) -> list[tuple[int, int]]:
    """Return the spans that statements cover, as ordinals, each with the day after its last."""
    found = [(ordinal(one["from"]), ordinal(one["to"]) + 1) for one in statements if "from" in one and "to" in one]
    found.sort()
    return found


def _reach(here: int, covered: list[tuple[int, int]]) -> int:
    """Return up to where, from a day on, the spans cover every day."""
    for first, after in covered:
        if first > here:
            break
        here = max(here, after)
    return here


def _gaps(start: int, end: int, covered: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the stretches from `start` up to, not with, `end` that no span covers, each with the day after its last."""
    here = start
    for first, after in covered:
        if here < min(first, end):
            yield here, min(first, end)
        here = max(here, after)
    if here < end:
        yield here, end


def _whole_periods(first: int, after: int, frequency: str) -> int:
    number = 0
    while _later(date.fromordinal(first), frequency, number + 1) <= after:
        number += 1
    return number


def statements_out_of_balance(facts: Facts) -> int:
    """Return how many statements do not close on opening plus paid in less drawn (FIG-CLOSING), give or take a penny."""
    wrong, lacking = 0, ""
    for one in _statements(facts):
        try:
            closing = pence(one["opening"]) + pence(one["paid_in"])
            stated = pence(one["closing"])
            for draw in one["drawdowns"]:
                closing -= pence(draw["amount"])
        except KeyError as key:
            lacking = lacking or str(key.args[0])
            continue
        if not -PENNY <= stated - closing <= PENNY:
            wrong += 1
    if lacking and not wrong:
        raise Unknown(f"case.statements.*.{lacking.replace('amount', 'drawdowns.*.amount')}")
    return wrong


def openings_not_carried(facts: Facts) -> int:
    """Return how many statements open on another sum than the statement that ends the day before closes on."""
    statements = [one for one in _statements(facts) if "from" in one and "to" in one]
    if len(statements) < 2:
        return 0
    wrong, lacking = 0, False
    for before, one in _next_to_each_other(statements):
        if "closing" in before and "opening" in one:
            wrong += abs(pence(before["closing"]) - pence(one["opening"])) > PENNY
        else:
            lacking = True
    if lacking and not wrong:
        raise Unknown("case.statements.*.opening")
    return wrong


def _next_to_each_other(statements: list[Data]) -> Iterator[tuple[Data, Data]]:
    """Yield each statement with the one that ends the day before; not where several end or begin on a day."""
    ends: dict[int, list[Data]] = {}
    begins: dict[int, list[Data]] = {}
    for one in statements:
        ends.setdefault(ordinal(one["to"]) + 1, []).append(one)
        begins.setdefault(ordinal(one["from"]), []).append(one)
    for day, after in begins.items():
        before = ends.get(day, ())
        if len(before) == len(after) == 1:
            yield before[0], after[0]


def _statements(facts: Facts) -> list[Data]:
    if "statements" not in facts.record:
        raise Unknown("case.statements")
    found: list[Data] = facts.record["statements"]
    return found


CASE: dict[str, Figure] = {
    "periods_without_statement": Figure(
        "integer",
        periods_without_statement,
        "statements_due",
        "Whole statement periods that are due and that no statement covers, for the managed arrangement with the most",
        (
            "policy.statements.frequency",
            "policy.statements.target_date",
            "case.statements.*.from",
            "case.statements.*.to",
            *(f"case.arrangements.*.{name}" for name in ("starts_on", "ends_on", *FORM_INPUTS)),
        ),
    ),
    "statements_out_of_balance": Figure(
        "integer",
        statements_out_of_balance,
        "FIG-CLOSING",
        "Statements whose closing balance is not opening plus paid in less drawn",
        ("case.statements",),
    ),
    "openings_not_carried": Figure(
        "integer",
        openings_not_carried,
        "FIG-CLOSING",
        "Statements that do not open on the closing balance of the statement before",
        ("case.statements",),
    ),
}
