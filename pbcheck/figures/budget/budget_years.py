"""Budget years: twelve months from the start of the budget and its anniversaries, unless recorded year ends say otherwise.

Source: convention `budget_year` of the register of figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from pbcheck.figures.dates import days
from pbcheck.figures.figure import Data
from pbcheck.figures.reviews import months_later

TWELVE = 12


class BudgetYear(NamedTuple):
    """A budget year: its first and last day, and the days of twelve months from the first one, 365 or 366."""

    first: str
    last: str
    days: int


def recorded_ends(year_ends: Iterable[Data]) -> tuple[str, ...]:
    """Return the recorded year ends in order."""
    return tuple(sorted([one["ended_on"] for one in year_ends if "ended_on" in one]))


def budget_years(start: str, ends: tuple[str, ...], first: str, last: str) -> Iterator[BudgetYear]:
    """Yield the budget years that meet a span of days, in order; before the start of the budget they are counted back from it."""
    here = first
    while here <= last:
        year = budget_year(start, ends, here)
        yield year
        here = next_day(year.last)


@lru_cache(maxsize=8192)
def budget_year(start: str, ends: tuple[str, ...], on: str) -> BudgetYear:
    """Return the budget year that holds a date; recorded year ends, in order, count from the start of the budget on."""
    before = [one for one in ends if start <= one < on]
    begin = next_day(before[-1]) if before else start
    number = int(on[:4]) - int(begin[:4])
    while months_later(begin, TWELVE * number) > on:
        number -= 1
    first, after = months_later(begin, TWELVE * number), months_later(begin, TWELVE * (number + 1))
    last = min([day_before(after), *(one for one in ends if one >= max(start, on))])
    return BudgetYear(first, last, days(first, after))


def months_between(start: str, end: str) -> int:
    """Return the whole months from one date to another: one is complete on the same day of the next month, or its last day."""
    number = (int(end[:4]) - int(start[:4])) * 12 + int(end[5:7]) - int(start[5:7])
    return number if months_later(start, number) <= end else number - 1


@lru_cache(maxsize=8192)
def next_day(text: str) -> str:
    """Return the ISO date of the day after."""
    return (date.fromisoformat(text) + timedelta(days=1)).isoformat()


@lru_cache(maxsize=8192)
def day_before(text: str) -> str:
    """Return the ISO date of the day before."""
    return (date.fromisoformat(text) - timedelta(days=1)).isoformat()
