"""Figures about National Indicator 130, with and without full-cost payers (PPF-2-6): whole numbers, rounded once and last."""

from __future__ import annotations

from pbcheck.figures.contributions import half_up
from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown, stated
from pbcheck.figures.quantities import thousandths

_TENTHS = 1000  # tenths of a percent in the whole; a tenth of a percent is a hundred thousandths


def ni130_with(facts: Facts) -> int:
    """Return the share with full-cost payers, in thousandths of a percent, to one decimal (FIG-NI130-INC)."""
    upper, lower = _with(facts.record)
    return half_up(upper * _TENTHS, lower) * 100


def ni130_without(facts: Facts) -> int:
    """Return the share without full-cost payers in either part, in thousandths of a percent, to one decimal (FIG-NI130-EXC)."""
    upper, lower = _without(facts.record)
    return half_up(upper * _TENTHS, lower) * 100


def ni130_gap(facts: Facts) -> int:
    """Return the difference between the two shares: exact, rounded last (FIG-NI130-GAP)."""
    upper, lower = _with(facts.record)
    other_upper, other_lower = _without(facts.record)
    return half_up((upper * other_lower - other_upper * lower) * _TENTHS, lower * other_lower) * 100


def _with(portfolio: Data) -> tuple[int, int]:
    return _share(stated(portfolio, "portfolio.ni130.numerator"), stated(portfolio, "portfolio.ni130.denominator"))


def _without(portfolio: Data) -> tuple[int, int]:
    upper, lower = stated(portfolio, "portfolio.ni130.numerator"), stated(portfolio, "portfolio.ni130.denominator")
    return _share(
        upper - stated(portfolio, "portfolio.ni130.full_cost_in_numerator"),
        lower - stated(portfolio, "portfolio.ni130.full_cost_in_denominator"),
    )


def _share(upper: int, lower: int) -> tuple[int, int]:
    if lower <= 0:
        raise Unknown("portfolio.ni130.denominator")
    return int(upper), int(lower)


def ni130_as_treated(facts: Facts) -> bool:
    """Return whether the reported percentage is the one that follows from the treatment stated; either one where none is stated."""
    reported = thousandths(stated(facts.record, "portfolio.ni130.reported_pct"))
    treatment = facts.record.get("ni130", EMPTY).get("full_cost_treatment")
    if treatment != "excluded" and reported == ni130_with(facts):
        return True
    return treatment != "included" and reported == ni130_without(facts)


_READS = ("portfolio.ni130",)

PORTFOLIO: dict[str, Figure] = {
    "ni130_with": Figure("decimal", ni130_with, "FIG-NI130-INC", "The share with full-cost payers, in percent", _READS),
    "ni130_without": Figure("decimal", ni130_without, "FIG-NI130-EXC", "The share without full-cost payers, in percent", _READS),
    "ni130_gap": Figure("decimal", ni130_gap, "FIG-NI130-GAP", "The difference between the two shares, in percentage points", _READS),
    "ni130_as_treated": Figure(
        "bool", ni130_as_treated, "FIG-NI130-INC", "The reported percentage follows from the stated treatment of full-cost payers", _READS
    ),
}
