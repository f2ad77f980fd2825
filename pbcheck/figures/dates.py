"""Plain arithmetic with ISO dates."""

from __future__ import annotations

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=32768)
def ordinal(text: str) -> int:
    """Return the number of a day, counted from the first of the calendar."""
    return date.fromisoformat(text).toordinal()


def is_date(text: str) -> bool:
    """Return whether a text is a date that exists, written year-month-day."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except (ValueError, TypeError):
        return False


@lru_cache(maxsize=32768)
def days(start: str, end: str) -> int:
    """Return the whole days from one ISO date to another: end minus start, so 0 where they are equal (convention `days`)."""
    return date.fromisoformat(end).toordinal() - date.fromisoformat(start).toordinal()
