"""Why no estimate was made, and whether the record bears the reason out: the decision table indicative_absent (T2).

The first matching row decides; a condition that a row does not name may have any value. No label and no form is an input.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pbcheck.figures.figure import EMPTY, Facts, Figure

INPUTS: dict[str, tuple[str | bool | None, ...]] = {
    "estimate_made": (True, False),
    "reason": ("prior_budget", "agreed_by_other_means", "very_complex", None),
    "budget_agreed": (True, False),
    "still_reasonable": (True, False, None),
    "complexity": ("standard", "complex", "very_complex", None),
    "planning_begun": (True, False),
}
ROWS: tuple[tuple[Mapping[str, str | bool | None], str], ...] = (
    ({"estimate_made": True}, "made"),
    ({"reason": "prior_budget", "budget_agreed": True, "still_reasonable": True}, "prior_budget"),
    ({"reason": "prior_budget", "still_reasonable": False}, "contradicted"),
    ({"reason": "prior_budget", "budget_agreed": False}, "contradicted"),
    ({"reason": "prior_budget", "still_reasonable": None}, "not_backed"),
    ({"reason": "agreed_by_other_means"}, "agreed_by_other_means"),
    ({"reason": "very_complex", "complexity": "very_complex"}, "very_complex"),
    ({"reason": "very_complex", "complexity": None}, "not_backed"),
    ({"reason": "very_complex"}, "contradicted"),
    ({"reason": None, "planning_begun": False}, "not_yet_due"),
    ({"reason": None, "planning_begun": True}, "no_reason"),
)
RESULTS = tuple(dict.fromkeys(result for _, result in ROWS))


def matches(row: Mapping[str, str | bool | None], inputs: Mapping[str, str | bool | None]) -> bool:
    """Return whether every condition of a row is met."""
    return all(inputs[name] == value for name, value in row.items())


@cache
def decide(*values: str | bool | None) -> str:
    """Return the result of the first row that matches the inputs, given in the order of INPUTS."""
    inputs = dict(zip(INPUTS, values, strict=True))
    return next(result for row, result in ROWS if matches(row, inputs))


def estimate_absent(facts: Facts) -> str:
    """Return what the table says of a case."""
    case = facts.record
    indicative = case.get("indicative", EMPTY)
    before: Mapping[str, Any] = case.get("prior_budget", EMPTY)
    return decide(
        "amount" in indicative,
        indicative.get("omitted_reason"),
        "agreed_on" in before,
        before.get("still_reasonable"),
        case.get("person", EMPTY).get("complexity"),
        "started_on" in case.get("plan", EMPTY),
    )


CASE: dict[str, Figure] = {
    "estimate_absent": Figure(
        "enum",
        estimate_absent,
        "indicative_absent",
        "Whether an estimate was made, or why none was: borne out by the record, contradicted, not backed, not yet due, or no reason",
        (
            "case.indicative.amount",
            "case.indicative.omitted_reason",
            "case.prior_budget.agreed_on",
            "case.prior_budget.still_reasonable",
            "case.person.complexity",
            "case.plan.started_on",
        ),
        RESULTS,
    ),
}
