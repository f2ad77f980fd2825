"""Amounts, shares and dates as a reader sees them; rounded once, half up, and only here."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pbcheck.figures.quantities import pence
from pbcheck.figures.yearly import PARTS

Number = int | Fraction
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
A_PERIOD = {"week": "a week", "four_weeks": "every four weeks", "month": "a month", "year": "a year", "one_off": "once"}


def half_up(number: Number) -> int:
    """Return an exact number rounded to a whole one, halves away from zero."""
    whole = Fraction(number)
    twice = 2 * abs(whole.numerator) + whole.denominator
    size = twice // (2 * whole.denominator)
    return size if whole >= 0 else -size


def of_pence(amount: int) -> str:
    """Return pence in pounds, such as £1,234.50."""
    return f"{'-' if amount < 0 else ''}£{abs(amount) // 100:,}.{abs(amount) % 100:02}"


def pounds(parts: Number) -> str:
    """Return parts of a penny in pounds, rounded half up to the penny."""
    return of_pence(half_up(Fraction(parts) / PARTS))


def recorded(amount: Any, period: str = "") -> str:
    """Return an amount as it is recorded, such as £40.00 a week."""
    words = A_PERIOD.get(period, "")
    return f"{of_pence(pence(amount))}{' ' + words if words else ''}"


def percent(share: Number) -> str:
    """Return a percentage with one decimal, rounded half up."""
    tenths = half_up(Fraction(share) * 10)
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}%"


def day(date: str) -> str:
    """Return an ISO date as it is said, such as 16 March 2026."""
    year, month, number = date.split("-")
    return f"{int(number)} {MONTHS[int(month) - 1]} {year}"
