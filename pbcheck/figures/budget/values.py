"""The values of a figure as they are written: their status, their unit, rounded and exact; a figure has one, or one for each part."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pbcheck.figures.budget.base import AtLeast, Lacking, Not
from pbcheck.figures.budget.figure import PERIODS, BudgetFigure
from pbcheck.figures.budget.figure_row import AT_LEAST, KNOWN, NOT_APPLICABLE, UNKNOWN
from pbcheck.figures.budget.shown import digits_of, in_units, unit_of
from pbcheck.figures.figure import EMPTY, Data

Value = tuple[str, str, str, str, str, tuple[str, ...], str]
"""Part, unit, status, value in digits, exact value, what is lacking, and why it does not apply; a plain tuple, since there are millions."""


def period_of(case: Data, group: str) -> str:
    """Return the period that the sums of a group of fields are for; empty where it is not stated, or where there is no such group."""
    return str(case.get(group, EMPTY).get("period", "")) if group else ""


def values_of(figure: BudgetFigure, found: Any, period: str) -> list[Value]:
    """Return the values of a figure, from what a sheet found for it; `period` is the one that its sums are for."""
    if isinstance(found, Lacking):
        return [("", figure.unit_of(""), UNKNOWN, "", "", found.paths, "")]
    if isinstance(found, Not):
        return [("", figure.unit_of(""), NOT_APPLICABLE, "", "", (), found.reason)]
    made: list[Value] = []
    for part, number in (found if isinstance(found, dict) else {"": found}).items():
        status, lacking = KNOWN, ()
        if isinstance(number, AtLeast):
            status, number, lacking = AT_LEAST, number.number, number.lacking
        unit, text, exact = written(number, PERIODS.get(period) or figure.unit_of(part))
        made.append((part, unit, status, text, exact, lacking, ""))
    return made


@lru_cache(maxsize=1 << 14, typed=True)
def written(number: Any, unit: str) -> tuple[str, str, str]:
    """Return the unit of a number of a sheet, its digits rounded, and its exact value; the same amounts come again and again."""
    unit = unit_of(number, unit)
    exact = in_units(number, unit)
    return unit, digits_of(exact, number, unit), "" if exact is None else str(exact)
