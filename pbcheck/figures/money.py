"""Exact money: amounts brought to a year, in pence as exact fractions, under a declared or a bracketed week convention.

Source: FIG-ANNUAL and the conventions of the register of figures. Nothing is rounded here.
"""

from __future__ import annotations

from fractions import Fraction
from typing import cast

Exact = Fraction
WEEKS = {"52": Fraction(52), "365/7": Fraction(365, 7), "366/7": Fraction(366, 7)}
ALL_WEEKS = (Fraction(52), Fraction(5214, 100), Fraction(365, 7), Fraction(5218, 100), Fraction(366, 7))


def annual(pence: int, period: str, weeks: Fraction) -> Fraction:
    """Return an amount of pence a period as pence a year; `weeks` is the number of weeks in a year; a one-off counts once."""
    if period == "week":
        return pence * weeks
    if period == "four_weeks":
        return pence * weeks / 4
    # A whole number is an exact rational too, and costs a tenth of a Fraction.
    return cast("Fraction", pence * 12 if period == "month" else pence)
