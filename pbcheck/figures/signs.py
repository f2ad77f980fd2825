"""Counting signs of the same thing: a single sign has a rule of its own, and two or more together say something more."""

from __future__ import annotations

from collections.abc import Iterable

from pbcheck.figures.figure import Data, Unknown

Sign = tuple[bool | None, str]
"""Whether a sign is there (None where the record does not say), and the path that would say so."""
ENOUGH = 2


def count(signs: Iterable[Sign]) -> int:
    """Return how many signs are there; raises Unknown where what is not stated could make it enough."""
    found, unknown, missing = 0, 0, ""
    for sign, path in signs:
        if sign:
            found += 1
        elif sign is None:
            unknown += 1
            missing = missing or path
    if unknown and found < ENOUGH <= found + unknown:
        raise Unknown(missing)
    return found


def holds(group: Data, key: str, value: object = True) -> bool | None:
    """Return whether a field has a value, None where it is not stated."""
    return group[key] == value if key in group else None
