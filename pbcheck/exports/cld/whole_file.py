"""What is wrong with a return as a whole: its period, its release, the name of the council, and starts reset to the first of April."""

from __future__ import annotations

from collections import Counter

from pbcheck.exports.cld.events import Desk
from pbcheck.exports.cld.faults import cell_fault
from pbcheck.exports.cld.fields import HEADERS
from pbcheck.exports.cld.person import Period
from pbcheck.exports.cld.release import R2_FROM
from pbcheck.exports.cld.store import Store
from pbcheck.exports.cld.values import Column, as_date, column, read_cell
from pbcheck.figures.dates import days
from pbcheck.source.document import Mark

FEWEST_RESETS = 10
SHARE_OF_RESETS = 10  # per cent of the services open on a first of April that start on that very day
FEWEST_EVENTS = 20
"""Below these numbers a pattern may be chance, and nothing is said of it."""


def period_of(store: Store, desk: Desk) -> Period:
    """Return the reporting period: the latest that rows state, from the earliest start; empty dates, with a fault, where none does."""
    stated: Counter[tuple[str, str]] = Counter()
    for start, end, number, *_ in store.counts("period_start", "period_end"):
        first, last = read_cell(start, as_date).value, read_cell(end, as_date).value
        if first and last and first <= last:
            stated[first, last] += number
    if not stated:
        words = "No row states a reporting period that can be read, so nothing can be judged by date. Fill in both of its columns."
        desk.faults.append(cell_fault("cld-period-not-stated", words, Mark(1, 1)))
        return Period("", "")
    ends = {end for _, end in stated}
    return Period(min(start for start, _ in stated), max(ends), len(ends) > 1)


Councils = dict[str, tuple[int, int]]


def councils_of(store: Store) -> Councils:
    """Return each way in which the council is named, with line and byte of its first row."""
    found: Councils = {}
    for code, _, line, offset in store.counts("la_code"):
        if code.strip():
            found[code.strip()] = min(found.get(code.strip(), (line, offset)), (line, offset))
    return found


def check_whole(store: Store, desk: Desk, period: Period, councils: Councils) -> None:
    """Write down what is wrong with the file as a whole."""
    _check_release(desk, period)
    _check_councils(councils, desk)
    _check_length(store, desk, period)


def _check_release(desk: Desk, period: Period) -> None:
    if desk.release.number == 1 and period.end >= R2_FROM:
        words = "The words of this return are those of Release 1, but for a period that ends this late Release 2 is in force."
        desk.faults.append(cell_fault("cld-old-release", words, Mark(1, 1)))


def _check_councils(councils: Councils, desk: Desk) -> None:
    """Write down that the council is named in several ways: each further one at its first row."""
    first, *others = sorted(councils.values()) or [(0, 0)]
    for line, offset in others:
        words = f"The council is named in another way than in row {first[0]}. Use one code, written in one way, in all rows."
        mark = desk.mark(line, offset, "la_code")
        desk.faults.append(cell_fault("cld-council-varies", f"{HEADERS['la_code']}: {words}", mark, (HEADERS["la_code"],)))


def _check_length(store: Store, desk: Desk, period: Period) -> None:
    """Write down that no request, assessment or review was completed in the first or the last month or more of a period."""
    if not period.end or days(period.start, period.end) < 80:
        return
    kinds, dates = column("event_type", desk.release.number), Column(as_date)
    ends: Counter[str] = Counter()
    for kind, end, number, *_ in store.counts("event_type", "end"):
        day = dates[end].value
        if kinds[kind].value in ("Request", "Assessment", "Review") and day and period.start <= day <= period.end:
            ends[day] += number
    if sum(ends.values()) < FEWEST_EVENTS:
        return
    for first, last in ((period.start, min(ends)), (max(ends), period.end)):
        if days(first, last) > 31:
            words = (
                f"The stated period is from {period.start} to {period.end}, but no request, assessment or review was completed "
                f"between {first} and {last}. State the period that the data cover, or add what is missing."
            )
            desk.faults.append(cell_fault("cld-period-longer-than-data", words, Mark(1, 1)))


def reset_days(store: Store, desk: Desk) -> frozenset[str]:
    """Return the first days of April on which so many services start that the starts look reset: ten, and a tenth of all that are open."""
    kinds, dates = column("event_type", desk.release.number), Column(as_date)
    starts: Counter[str] = Counter()
    for kind, start, number, *_ in store.counts("event_type", "start"):
        first = dates[start].value
        if kinds[kind].value == "Service" and first and first[5:] == "04-01":
            starts[first] += number
    suspect = {day: number for day, number in starts.items() if number >= FEWEST_RESETS}
    running: Counter[str] = Counter()
    for kind, start, end, number, *_ in store.counts("event_type", "start", "end") if suspect else ():
        first, last = dates[start].value, dates[end].value or "9999"
        if kinds[kind].value == "Service" and first:
            running.update({day: number for day in suspect if first <= day <= last})
    return frozenset(day for day, number in suspect.items() if number * 100 >= SHARE_OF_RESETS * running[day])
