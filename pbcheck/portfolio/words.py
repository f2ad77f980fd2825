"""Values of the portfolio as a reader sees them: rounded once, half up, and only here."""

from __future__ import annotations

from fractions import Fraction

from pbcheck.figures.contributions import half_up
from pbcheck.figures.yearly import POUND
from pbcheck.portfolio.table import A_YEAR, PERCENT, POINTS, POUNDS

NOT_APPLICABLE = "n/a"


def in_pounds(parts: int) -> Fraction:
    """Return parts of a penny as exact pounds."""
    return Fraction(parts, POUND)


def shown(value: Fraction | None, unit: str) -> str:
    """Return a value with the decimals of its unit: pounds to the penny, percentages and points to a tenth, all else whole."""
    if value is None:
        return NOT_APPLICABLE
    if unit in (POUNDS, A_YEAR):
        pence = _times(value, 100)
        return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"
    if unit in (PERCENT, POINTS):
        tenths = _times(value, 10)
        return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10:,}.{abs(tenths) % 10}{'%' if unit == PERCENT else ''}"
    return f"{_times(value, 1):,}"


def _times(value: Fraction, factor: int) -> int:
    return half_up(value.numerator * factor, value.denominator)
