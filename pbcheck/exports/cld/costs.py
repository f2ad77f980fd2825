"""The cost of a service by the published national method: a week, and over the days it runs in a period. Exact.

A penny is cut into parts, so that every factor of the method, and a seventh of each, comes out whole.

Source: the Department's published code for costs from Client Level Data. The frequency of a cost is trusted over the planned units;
a year has 52 weeks, so a month is 12/52 of a week's payment; signs are dropped; rows without cost, and rows by the hour, day or
session without units, are left out; a one-off counts at its cost. The period is the last three months of the reporting period,
since a return states the latest known cost.
"""

from __future__ import annotations

from typing import NamedTuple

from pbcheck.exports.cld.account import PARTS
from pbcheck.exports.cld.events import Event
from pbcheck.exports.cld.person import Period
from pbcheck.figures.dates import days

UNITS_PER_WEEK = {
    "week": PARTS,
    "fortnight": PARTS // 2,
    "four_weeks": PARTS // 4,
    "month": PARTS * 12 // 52,
    "quarter": PARTS * 4 // 52,
    "year": PARTS // 52,
}
"""How often a cost occurs in a week, in parts; all of them are whole."""


class Cost(NamedTuple):
    """The cost of one service in parts of a penny: a week (None for a one-off), and in the period."""

    weekly: int | None
    period: int


def units_per_week(event: Event) -> int | None:
    """Return how many times a week the unit cost occurs, in parts: by its frequency, else the planned units without their sign."""
    frequency = event.said["frequency"]
    if frequency in UNITS_PER_WEEK:
        return UNITS_PER_WEEK[frequency]
    units = event.said["units"]
    return None if units is None else abs(int(units.replace(".", ""))) * PARTS // 100


def days_of_service(event: Event, first: str, last: str) -> int:
    """Return the days a service runs from one ISO date to another, both included; 0 where it does not."""
    end = last if event.ends is None else min(event.ends, last)
    return max(days(max(event.start, first), end) + 1, 0)


def cost_of(event: Event, first: str, last: str) -> Cost | str:
    """Return the cost of a service in a period, or why it has none: `no cost`, `nil`, `no units`, or `outside` the period."""
    if event.pence is None:
        return "no cost"
    if event.pence == 0:
        return "nil"
    if event.start > last or (event.ends is not None and event.ends < first):
        return "outside"
    unit = abs(event.pence)
    if event.said["frequency"] == "one_off":
        return Cost(None, unit * PARTS)
    times = units_per_week(event)
    if not times:
        return "no units"
    return Cost(unit * times, unit * times * days_of_service(event, first, last) // 7)


def quarter(period: Period) -> tuple[str, str]:
    """Return the first and the last day for which the national method works out costs: the last three months of the period."""
    return max(period.quarter, period.start), period.end
