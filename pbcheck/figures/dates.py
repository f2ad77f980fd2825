"""Plain arithmetic with ISO dates."""

from __future__ import annotations

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=8192)
def _ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def is_date(text: str) -> bool:
    """Return whether a text is a date that exists, written year-month-day."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except (ValueError, TypeError):
        return False


def days(start: str, end: str) -> int:
    """Return the whole days from one ISO date to another: end minus start, so 0 where they are equal (convention `days`)."""
    return _ordinal(end) - _ordinal(start)
