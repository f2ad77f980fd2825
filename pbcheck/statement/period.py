"""Which days a statement is about: those asked for, else the council's last statement period that has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count

from pbcheck.errors import UsageError
from pbcheck.figures.budget.budget_years import day_before
from pbcheck.figures.dates import days, is_date
from pbcheck.figures.figure import EMPTY, Data
from pbcheck.figures.reviews import months_later
from pbcheck.figures.statements import MONTHS, PERIODIC
from pbcheck.statement.amounts import day

LAST = "last"
FOUR_WEEKS = 28
LAST_DAY = date.max.isoformat()
HOW_OFTEN = {
    "monthly": "every month",
    "four_weekly": "every four weeks",
    "quarterly": "every three months",
    "six_monthly": "every six months",
    "annual": "once a year",
}


@dataclass(frozen=True)
class Period:
    """The days of a statement, ISO dates, both included; `reason` is a sentence that says why these."""

    first: str
    last: str
    reason: str

    @property
    def words(self) -> str:
        """The days as they are said, such as 16 June 2026 to 15 September 2026."""
        return f"{day(self.first)} to {day(self.last)}"


def asked_for(text: str) -> Period | None:
    """Return the period written as FROM..TO, or None for `last`; raises UsageError for anything else."""
    if text == LAST:
        return None
    first, dots, last = text.partition("..")
    if not dots or not is_date(first) or not is_date(last) or first > last:
        raise UsageError(f"Expected `{LAST}` or two dates as FROM..TO, the earlier first, such as 2026-04-01..2026-06-30.")
    return Period(first, last, "Your council chose these days.")


def period_of(case: Data, policy: Data, as_of: str | None) -> Period | None:
    """Return the days for a statement of a case; None where neither the record nor the policy gives any.

    First the last whole period of the council, counted from the start of the arrangement (of the budget, where that is not
    recorded), that has ended by the date of the record; else the last statement on record; else all the days so far.
    """
    frequency = policy.get("statements", EMPTY).get("frequency")
    owner = _counted_from(case, as_of)
    if owner and as_of and frequency in PERIODIC:
        found = _last_ended(owner["starts_on"], owner.get("ends_on"), frequency, as_of)
        if found:
            return Period(*found, f"Your council sends a statement {HOW_OFTEN[frequency]}.")
    last = last_statement(case, as_of)
    if last:
        return Period(last["from"], last["to"], "These are the days of the last statement on record.")
    if owner and as_of:
        first = "No statement period has ended yet." if frequency in PERIODIC else "It is not on record for which days you get a statement."
        return Period(owner["starts_on"], min(as_of, owner.get("ends_on", as_of)), f"{first} These are all the days so far.")
    return None


def _counted_from(case: Data, as_of: str | None) -> Data | None:
    """Return from what the periods count: the first arrangement that runs, else the one that ended last, else the budget."""
    parts: list[Data] = [one for one in case.get("arrangements", ()) if "starts_on" in one] or [case.get("final", EMPTY)]
    begun = [one for one in parts if "starts_on" in one and (as_of is None or one["starts_on"] <= as_of)]
    running = [one for one in begun if as_of is None or one.get("ends_on", as_of) >= as_of]
    if running:
        return min(running, key=lambda one: one["starts_on"])
    return max(begun, key=lambda one: (one.get("ends_on", ""), one["starts_on"]), default=None)


def last_statement(case: Data, as_of: str | None) -> Data | None:
    """Return the recorded statement that ends last, by the date of the record at the latest; None where there is none."""
    dated = [
        one for one in case.get("statements", ()) if "" < one.get("from", "") <= one.get("to", "") and (as_of is None or one["to"] <= as_of)
    ]
    return max(dated, key=lambda one: (one["to"], one["from"]), default=None)


def _last_ended(start: str, end: str | None, frequency: str, as_of: str) -> tuple[str, str] | None:
    """Return the first and last day of the last period that has ended; the arrangement's own end cuts the last one short."""
    found = None
    for number in count(max(0, _whole(start, as_of, frequency) - 1)):
        first, after = _begins(start, frequency, number), _begins(start, frequency, number + 1)
        if after >= LAST_DAY or (end is not None and first > end):
            break
        last = day_before(after) if end is None else min(day_before(after), end)
        if last > as_of:
            break
        found = (first, last)
    return found


def _whole(start: str, until: str, frequency: str) -> int:
    """Return about how many periods lie between two dates, one too few at most."""
    if frequency == "four_weekly":
        return days(start, until) // FOUR_WEEKS
    return ((int(until[:4]) - int(start[:4])) * 12 + int(until[5:7]) - int(start[5:7])) // MONTHS[frequency] - 1


def _begins(start: str, frequency: str, number: int) -> str:
    """Return the first day of a period, counted from 0; the last day there is where it lies beyond the end of the calendar."""
    if frequency != "four_weekly":
        return months_later(start, MONTHS[frequency] * number)
    return date.fromordinal(min(date.fromisoformat(start).toordinal() + FOUR_WEEKS * number, date.max.toordinal())).isoformat()


def covered(case: Data, period: Period) -> bool:
    """Return whether recorded statements cover every day of a period."""
    here = date.fromisoformat(period.first).toordinal()
    after = date.fromisoformat(period.last).toordinal() + 1
    spans = sorted((one["from"], one["to"]) for one in case.get("statements", ()) if "" < one.get("from", "") <= one.get("to", ""))
    for first, last in spans:
        if date.fromisoformat(first).toordinal() > here:
            break
        here = max(here, date.fromisoformat(last).toordinal() + 1)
    return here >= after
