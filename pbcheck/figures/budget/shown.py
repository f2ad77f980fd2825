"""Exact numbers as they are shown: rounded once, here, half away from zero.

Money to the penny, shares to one decimal, hours as they are to three decimals; source: conventions of the register of figures.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pbcheck.figures.budget.base import Ratio
from pbcheck.figures.budget.figure import HOURS, MONEY_UNITS, PERCENT, YES_NO
from pbcheck.figures.yearly import PARTS

POUND = 100 * PARTS


def half_up(number: int | Fraction, digits: int) -> str:
    """Return a number with so many decimals, rounded half away from zero."""
    above, below = number.numerator * 10**digits, number.denominator
    whole = (2 * abs(above) + below) // (2 * below)
    text = f"{whole:0{digits + 1}}"
    sign = "-" if above < 0 and whole else ""
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else sign + text


def in_units(value: Any, unit: str) -> Fraction | None:
    """Return a number of a sheet in its unit: pounds, percent, hours, or as it is; None where it is no number."""
    if isinstance(value, Ratio):
        return value.percent
    if isinstance(value, (bool, str)) or value is None:
        return None
    if unit in MONEY_UNITS:
        return Fraction(value, POUND)
    return Fraction(value, 1000) if unit == HOURS else Fraction(value)


def shown(value: Any, unit: str) -> str:
    """Return a number of a sheet as plain digits in its unit, without a sign of the unit and without commas."""
    return digits_of(in_units(value, unit), value, unit)


def digits_of(number: Fraction | None, value: Any, unit: str) -> str:
    """Return the same, where the number in its unit was worked out before."""
    if number is None:
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    if unit in MONEY_UNITS:
        return half_up(number, 2)
    if isinstance(value, Ratio) or unit == PERCENT:
        return half_up(number, 1)
    text = half_up(number, 3 if unit == HOURS else 2)
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_of(value: Any, unit: str) -> str:
    """Return the unit of a value: a share is in percent and an answer is yes or no, whatever the figure's own unit."""
    if isinstance(value, Ratio):
        return PERCENT
    return YES_NO if isinstance(value, bool) else unit


def for_reader(text: str, unit: str) -> str:
    """Return digits as a reader sees them: with pound sign and commas, a percent sign, or the unit behind."""
    if unit in MONEY_UNITS:
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        whole, _, pence = digits.partition(".")
        return f"{sign}£{int(whole):,}.{pence}"
    if unit == PERCENT:
        return f"{text} %"
    return text
