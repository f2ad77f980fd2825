"""Lines of the portfolio as plain texts, for files and for the report: the same keys for every line."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pbcheck.portfolio.rows import LeftOut, Row


def plain(row: Row) -> dict[str, Any]:
    """Return a line with texts for numbers: `value` as a reader sees it, `exact` the same unrounded; empty where it is kept back."""
    return {
        "dimension": row.dimension,
        "group": row.group,
        "figure": row.figure,
        "name": row.name,
        "title": row.title,
        "part": row.part,
        "value": row.text,
        "exact": _exact(row.value),
        "unit": row.unit,
        "numerator": _exact(row.numerator),
        "denominator": _exact(row.denominator),
        "left_out": [left_out(one) for one in row.left_out],
        "citation": list(row.citation),
        "suppressed": row.suppressed,
        "as_of": row.as_of,
        "note": row.note,
    }


def left_out(one: LeftOut) -> str:
    """Return why some cases are left out, and how many."""
    return f"{one.reason}: {'suppressed' if one.number is None else one.number}"


def _exact(value: Fraction | None) -> str:
    return "" if value is None else str(value)
