"""Figures about the effort of planning over a portfolio: the usual days to support and minutes on a plan (PPF-5-14)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

from pbcheck.figures.dates import days
from pbcheck.figures.figure import EMPTY, Addition, Facts, Figure, Tally, Unknown

SMALLEST_GROUP = 5


def tally(totals: Addition, facts: Facts) -> None:
    """Count one case by its days from assessment to support, and by its complexity and the council's minutes on the plan."""
    case = facts.record
    assessed, started = case.get("assessment", EMPTY).get("completed_on"), case.get("support_started_on")
    if assessed and started:
        totals[f"days_to_support:{days(assessed, started)}"] += 1
    minutes, complexity = case.get("plan", EMPTY).get("council_minutes"), case.get("person", EMPTY).get("complexity")
    if minutes is not None and complexity:
        totals[f"council_minutes_{complexity}:{minutes}"] += 1


def median(totals: Mapping[str, int], name: str, smallest: int) -> int:
    """Return the lower median of values counted as `name:value`; Unknown where there are fewer of them than the smallest group."""
    start = f"{name}:"
    counted = sorted((int(key[len(start) :]), number) for key, number in totals.items() if key.startswith(start))
    size = sum(number for _, number in counted)
    if size < smallest:
        raise Unknown(f"portfolio.{name}")
    reached = accumulate(number for _, number in counted)
    return next(value for (value, _), so_far in zip(counted, reached, strict=True) if so_far * 2 >= size)


def days_to_support_median(facts: Facts) -> int:
    """Return the usual days from the completed assessment to the start of support (FIG-DAYS-TO-SUPPORT); what is declared is kept."""
    declared = facts.record.get("days_to_support_median")
    return int(declared) if declared is not None else median(facts.totals, "days_to_support", SMALLEST_GROUP)


def minutes_standard(facts: Facts) -> int:
    """Return the council's usual minutes on a plan for standard needs (FIG-PLAN-EFFORT)."""
    return _minutes(facts, "standard")


def minutes_complex(facts: Facts) -> int:
    """Return the council's usual minutes on a plan for complex needs, or for very complex ones where those are not known."""
    try:
        return _minutes(facts, "complex")
    except Unknown:
        return _minutes(facts, "very_complex")


def _minutes(facts: Facts, complexity: str) -> int:
    declared = facts.record.get("council_minutes_by_complexity", EMPTY).get(complexity)
    return int(declared) if declared is not None else median(facts.totals, f"council_minutes_{complexity}", SMALLEST_GROUP)


_MINUTES = ("portfolio.council_minutes_by_complexity",)
PORTFOLIO: dict[str, Figure] = {
    "days_to_support_median": Figure(
        "integer",
        days_to_support_median,
        "FIG-DAYS-TO-SUPPORT",
        "Usual days from the completed assessment to the start of support",
        ("portfolio.days_to_support_median",),
    ),
    "planning_minutes_standard": Figure(
        "integer", minutes_standard, "FIG-PLAN-EFFORT", "The council's usual minutes on a plan for standard needs", _MINUTES
    ),
    "planning_minutes_complex": Figure(
        "integer", minutes_complex, "FIG-PLAN-EFFORT", "The council's usual minutes on a plan for complex needs", _MINUTES
    ),
}
TALLIES: tuple[Tally, ...] = (tally,)
