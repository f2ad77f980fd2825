"""CEL's logic where a key is missing: the other side of `&&` and `||`, or another element, may decide all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def both(left: Callable[[], bool], right: Callable[[], bool]) -> bool:
    """CEL's `&&`: a missing key on one side counts only where the other side is not false."""
    try:
        first = left()
    except KeyError:
        if not right():
            return False
        raise
    return first and right()


def either(left: Callable[[], bool], right: Callable[[], bool]) -> bool:
    """CEL's `||`: a missing key on one side counts only where the other side is not true."""
    try:
        first = left()
    except KeyError:
        if right():
            return True
        raise
    return first or right()


def every(values: Iterable[Any], test: Callable[[Any], bool]) -> bool:
    """CEL's `all`: one false decides, whatever is missing elsewhere."""
    lacking: list[Any] = []  # the keys and not the errors: an error kept here would lead back here, and hold on to the record
    for value in values:
        try:
            if not test(value):
                return False
        except KeyError as error:
            lacking.append(error.args[0])
    if lacking:
        raise KeyError(lacking[0])
    return True


def some(values: Iterable[Any], test: Callable[[Any], bool]) -> bool:
    """CEL's `exists`: one true decides, whatever is missing elsewhere."""
    return not every(values, lambda value: not test(value))
