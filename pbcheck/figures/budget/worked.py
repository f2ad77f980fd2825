"""Exact numbers that remember, in digits, the sum that they came from."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

ATOM, PRODUCT, SUM = 2, 1, 0
"""How tightly a sum in digits holds together: a number or call, a product, a sum."""


class Worked:
    """An exact number with the sum in digits that it came from."""

    __slots__ = ("level", "number", "text")

    def __init__(self, number: int | Fraction, text: str, level: int = ATOM) -> None:
        self.number = number
        self.text = text
        self.level = level

    def within(self, level: int) -> str:
        """Return the sum as it is written inside another one, in brackets where it would fall apart."""
        return self.text if self.level >= level else f"({self.text})"

    def __add__(self, other: Any) -> Worked:
        if not isinstance(other, Worked) and other == 0:
            return self
        one = worked(other)
        return Worked(self.number + one.number, f"{self.text} + {one.within(PRODUCT)}", SUM)

    def __radd__(self, other: Any) -> Worked:
        return self if other == 0 else worked(other) + self

    def __sub__(self, other: Any) -> Worked:
        if not isinstance(other, Worked) and other == 0:
            return self
        one = worked(other)
        return Worked(self.number - one.number, f"{self.text} - {one.within(PRODUCT)}", SUM)

    def __rsub__(self, other: Any) -> Worked:
        return worked(other) - self

    def __mul__(self, other: Any) -> Worked:
        one = worked(other)
        return Worked(self.number * one.number, f"{self.within(PRODUCT)}*{one.within(ATOM)}", PRODUCT)

    def __lt__(self, other: Any) -> bool:
        return bool(self.number < worked(other).number)

    def __le__(self, other: Any) -> bool:
        return bool(self.number <= worked(other).number)

    def __gt__(self, other: Any) -> bool:
        return bool(self.number > worked(other).number)

    def __ge__(self, other: Any) -> bool:
        return bool(self.number >= worked(other).number)

    def __eq__(self, other: object) -> bool:
        return bool(self.number == worked(other).number)

    def __hash__(self) -> int:
        return hash(self.number)

    def __bool__(self) -> bool:
        return bool(self.number)

    def __int__(self) -> int:
        return int(self.number)


def worked(value: Any) -> Worked:
    """Return a number as one that remembers its sum; a plain one is its own sum."""
    if isinstance(value, Worked):
        return value
    return Worked(value, str(value), ATOM if value >= 0 and not (isinstance(value, Fraction) and value.denominator > 1) else PRODUCT)
