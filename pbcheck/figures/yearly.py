"""Sums brought to a year as whole numbers: exact under every week count that may apply, and many times cheaper than fractions.

A penny is cut into PARTS, so that a year of any week count comes out whole. Source: FIG-ANNUAL.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from pbcheck.figures.figure import EMPTY, Data
from pbcheck.figures.money import ALL_WEEKS, WEEKS

PARTS = 2800
POUND = 100 * PARTS  # what rounding may make of two sums in different periods
Year = Mapping[str, int]  # how many parts a penny of each period comes to in a year


def _year(weeks: Fraction) -> Year:
    week = int(weeks * PARTS)
    return {"week": week, "four_weeks": week // 4, "month": 12 * PARTS, "year": PARTS, "one_off": PARTS}


YEARS: tuple[Year, ...] = tuple(_year(weeks) for weeks in ALL_WEEKS)
_DECLARED = {name: (_year(weeks),) for name, weeks in WEEKS.items()}


def years(policy: Data) -> tuple[Year, ...]:
    """Return the years that a policy allows: of the week count it declares, else of all."""
    return _DECLARED.get(policy.get("money", EMPTY).get("weeks_per_year"), YEARS)


def declared_year(weeks: str) -> Year:
    """Return the year of a week count as policies declare it: 52, 365/7 or 366/7."""
    return _DECLARED[weeks][0]


def whole_pence(parts: int) -> int:
    """Return parts as pence, rounded up, and 0 where there are none or less."""
    return -(-parts // PARTS) if parts > 0 else 0
