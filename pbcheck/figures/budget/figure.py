"""What one figure of the register is: its name, its unit, how it is worked out, in words and in code, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from pbcheck.figures.budget.base import Compute

A_YEAR, A_PERIOD, POUNDS, PERCENT = "pounds a year", "pounds a period", "pounds", "percent"
HOURS, DAYS, MONTHS, COUNT, YES_NO = "hours a week", "days", "months", "count", "yes or no"
PERIODS = {
    "week": "pounds a week",
    "four_weeks": "pounds for four weeks",
    "month": "pounds a month",
    "year": A_YEAR,
    "one_off": "pounds, once",
}
MONEY_UNITS = (A_YEAR, A_PERIOD, POUNDS, *PERIODS.values())


@dataclass(frozen=True)
class BudgetFigure:
    """A figure of the register.

    `name` is how rules and reports call it, `id` its number in the register, `title` how it is called in words, `unit` what
    its numbers are (`units` names the parts of a figure of several values that are something else). `compute` gives a
    number, a dict of part to number, a Ratio, an AtLeast, a Not or a Lacking, or raises Unknown. `formula` says it in words, `sources`
    are the obligations it serves, `reads` the inputs as dotted paths. `period_of` is the group whose period a sum is for.
    """

    name: str
    id: str
    title: str
    unit: str
    compute: Compute
    formula: str
    sources: tuple[str, ...]
    reads: tuple[str, ...]
    units: tuple[tuple[str, str], ...] = ()
    period_of: str = ""

    def unit_of(self, part: str) -> str:
        """Return the unit of one part; the start of its name decides."""
        for start, unit in self.units:
            if part.startswith(start):
                return unit
        return self.unit
