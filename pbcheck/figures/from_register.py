"""The budget figures of the register as rules see them: rounded once, to the penny, the thousandth or the whole number.

Where the policy states no week count, sums are of 52 weeks here; rules that compare sums of different periods use the figures
beside these that allow for every count. A figure that does not apply is not there: `has(figure.plan_cost)` asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from pbcheck.figures.budget.base import AtLeast, Not
from pbcheck.figures.budget.figure import HOURS, MONEY_UNITS
from pbcheck.figures.budget.sheet import CASE as REGISTER
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.contributions import half_up
from pbcheck.figures.figure import Facts, Figure, Unknown
from pbcheck.figures.yearly import PARTS

OFFERED = (
    ("gross_indicative", "gross_indicative", ""),
    ("gross_final", "gross_final", ""),
    ("person_contribution", "contribution", ""),
    ("net_budget", "net", ""),
    ("council_share", "council_share", ""),
    ("budget_so_far", "year_so_far", ""),
    ("change_from_estimate", "indicative_to_final", "a year"),
    ("other_money_inside", "alternative_funding", "inside the budget"),
    ("other_money_outside", "alternative_funding", "outside the budget"),
    ("plan_cost", "plan_cost", ""),
    ("plan_headroom", "plan_headroom", ""),
    ("sufficiency_gap", "sufficiency_gap", ""),
    ("cost_of_eligible_needs", "eligible_cost", "eligible needs"),
    ("cost_of_broader_aims", "eligible_cost", "broader aims only"),
    ("hours_assessed", "hours_assessed", ""),
    ("hours_planned", "hours_planned", "in all"),
    ("informal_hours_assumed", "informal_deduction", "hours"),
    ("left_year_view", "remaining", "year view"),
    ("left_cash_view", "remaining", "cash view"),
    ("unspent_taken_back", "clawback", "taken back"),
    ("months_since_review", "review_gap", "months"),
    ("days_to_support", "days_to_support", ""),
)
"""The name that rules use, the figure of the register, and which of its values."""


def _compute(figure: str, part: str, scale: int) -> Callable[[Facts], int]:
    def compute(facts: Facts) -> int:
        value: Any = Sheet.of(facts).value(figure)
        if isinstance(value, AtLeast):
            raise Unknown(value.lacking[0])
        if part and not isinstance(value, Not):
            value = value.get(part)
        if value is None or isinstance(value, Not):
            raise Unknown(REGISTER[figure].reads[0])
        exact = Fraction(value)
        return half_up(exact.numerator, exact.denominator * scale)

    return compute


def _figure(figure: str, part: str) -> Figure:
    one = REGISTER[figure]
    unit = one.unit_of(part)
    kind = "money" if unit in MONEY_UNITS else "decimal" if unit == HOURS else "integer"
    meaning = f"{one.title}: {part}" if part else one.title
    return Figure(kind, _compute(figure, part, PARTS if kind == "money" else 1), one.id, meaning, one.reads)


CASE: dict[str, Figure] = {name: _figure(figure, part) for name, figure, part in OFFERED}
