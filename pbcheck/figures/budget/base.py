"""What the figures of a case are worked out with: the data, the year, and exact sums.

Money is counted in parts: 2,800 to the penny (`pbcheck.figures.yearly`), so that a year of 52, 365/7 or 366/7 weeks gives whole
numbers; pro-rated sums are Fractions of parts. Hours are thousandths. Nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from pbcheck.figures.budget.budget_years import BudgetYear, budget_year, budget_years, months_between, recorded_ends
from pbcheck.figures.dates import days
from pbcheck.figures.figure import EMPTY, Data, Facts, Unknown
from pbcheck.figures.quantities import pence, thousandths
from pbcheck.figures.yearly import PARTS, declared_year

NOTES, NATIONAL = "notes", "national"
COST_METHODS = (NOTES, NATIONAL)
DEFAULT_WEEKS = "52"
_DAYS_OF = {"week": 7, "four_weeks": 28}
NEVER = "9999-12-31"
EXTERNAL = "external"
"""What the plan names as the arrangement of a component that is paid from elsewhere."""

Number = Any
"""An exact number: int or Fraction, or one that remembers how it was worked out (`pbcheck.figures.budget.trace`)."""


class Not(NamedTuple):
    """The figure does not apply here, and why."""

    reason: str


@cache
def not_here(reason: str) -> Not:
    """Return that a figure does not apply; the same few reasons come again and again."""
    return Not(reason)


class Ratio(NamedTuple):
    """A share as two whole numbers; as a percentage, 100 times the first over the second."""

    part: Number
    whole: Number

    @property
    def percent(self) -> Fraction:
        """The exact percentage."""
        return Fraction(self.part) * 100 / Fraction(self.whole)


class AtLeast(NamedTuple):
    """A sum that lacks some of its addends; `lacking` names the inputs that are not stated."""

    number: Number
    lacking: tuple[str, ...]


class Lacking(NamedTuple):
    """The figure is not known; `paths` are the full dotted paths of the inputs that are not stated."""

    paths: tuple[str, ...]


@cache
def not_known(path: str) -> Lacking:
    """Return that a figure is not known for want of an input; the same few inputs are missing again and again."""
    return Lacking((path,))


class Cost(NamedTuple):
    """A component of the plan with its number and its cost by the year; None where that is not known, and what is missing."""

    number: int
    component: Data
    yearly: Number | None
    lacking: str = ""


class Base:
    """The facts of a case, its year of so many weeks, and the sums that figures are made of.

    `weeks` is the week count used; `declared` whether the policy states it. `method` is the way costs are brought to a year.
    """

    __slots__ = ("case", "contracts", "current", "declared", "facts", "method", "policy", "priced", "weeks", "year")

    def __init__(self, facts: Facts, method: str = NOTES, weeks: str | None = None) -> None:
        self.facts = facts
        self.case = facts.record
        self.policy = facts.policy
        self.contracts = facts.contracts
        self.method = method
        self.current: Sequence[Data] | None = None
        self.priced: Sequence[Cost] | None = None
        stated = facts.policy.get("money", EMPTY).get("weeks_per_year")
        self.declared = stated is not None
        self.weeks: str = weeks or stated or DEFAULT_WEEKS
        self.year: Mapping[str, int] = declared_year(self.weeks)

    @property
    def weeks_in_words(self) -> str:
        """The week count used, and where the policy does not state it, that it does not."""
        return self.weeks if self.declared else f"{self.weeks} (not declared)"

    def found(self, name: str) -> Any:
        """Return another figure of the case, or the Lacking that says why it is not known: for what then is not known either."""
        raise NotImplementedError

    def value(self, name: str) -> Any:
        """Return another figure: a number, a Ratio, a dict of these, an AtLeast or a Not; raises Unknown where it is not known."""
        found = self.found(name)
        if type(found) is Lacking:
            raise Unknown(found.paths[0])
        return found

    def running(self) -> Sequence[Data]:
        """Return the arrangements that run on the date judged by; where all have ended, those that ended last."""
        if self.current is None:
            self.current = _running(self.items(self.case, "arrangements", "case"), self.facts.as_of)
        return self.current

    def costs(self) -> Sequence[Cost]:
        """Return all components of the plan with what each costs a year, or what is missing for that."""
        if self.priced is None:
            self.priced = self._costs()
        return self.priced

    def paid(self) -> Sequence[Cost]:
        """Return the same without those that are paid from elsewhere."""
        return [one for one in self.costs() if one.component.get("arrangement") != EXTERNAL]

    def _costs(self) -> list[Cost]:
        found: list[Cost] = []
        for number, one in enumerate(self.items(self.case.get("plan", EMPTY), "components", "case.plan"), 1):
            try:
                found.append(Cost(number, one, self.yearly(one, "cost", "case.plan.components.*")))
            except Unknown as lack:
                found.append(Cost(number, one, None, lack.args[0]))
        return found

    def exactly(self, name: str) -> Number:
        """Return a figure that is one number; raises Unknown where it is known in part only, or does not apply."""
        found = self.value(name)
        if type(found) is AtLeast:
            raise Unknown(found.lacking[0])
        if type(found) is Not:
            raise Unknown(f"case ({found.reason})")
        return found

    def note(self, words: str) -> None:
        """Keep a remark on the figure at hand, where it is explained."""

    def note_span(self, span: tuple[str, str]) -> None:
        """Keep the days that a sum is for."""

    def saw(self, owner: Data, key: str) -> None:
        """Take down, where the figure at hand is explained, that it rests on a field that is no number."""

    # Inputs

    def money(self, owner: Data, key: str, where: str) -> Number:
        """Return an amount as it stands, in parts; `where` is the dotted path of its owner, for what is missing."""
        amount = owner.get(key)
        if amount is None:
            raise Unknown(f"{where}.{key}")
        return pence(amount) * PARTS

    def yearly(self, owner: Data, key: str, where: str, period: str = "period") -> Number:
        """Return an amount brought to a year, in parts; a one-off counts once (FIG-ANNUAL)."""
        amount, every = owner.get(key), owner.get(period)
        if amount is None or every is None:
            raise Unknown(f"{where}.{key if amount is None else period}")
        return pence(amount) * self.year[every]

    def yearly_for(self, owner: Data, key: str, where: str, period: str) -> Number:
        """Return an amount that is for a period named elsewhere, brought to a year, in parts."""
        amount = owner.get(key)
        if amount is None:
            raise Unknown(f"{where}.{key}")
        return pence(amount) * self.year[period]

    def hours(self, owner: Data, key: str, where: str) -> Number:
        """Return a quantity in thousandths."""
        found = owner.get(key)
        if found is None:
            raise Unknown(f"{where}.{key}")
        return thousandths(found)

    def count(self, owner: Data, key: str, where: str) -> Number:
        """Return a whole number of the data."""
        found = owner.get(key)
        if found is None:
            raise Unknown(f"{where}.{key}")
        return found

    def date(self, owner: Data, key: str, where: str) -> str:
        """Return a date of the data."""
        found = owner.get(key)
        if found is None:
            raise Unknown(f"{where}.{key}")
        return str(found)

    def items(self, owner: Data, key: str, where: str) -> Sequence[Data]:
        """Return a list of the data; an empty one is stated, an absent one is missing."""
        found: Sequence[Data] | None = owner.get(key)
        if found is None:
            raise Unknown(f"{where}.{key}")
        return found

    def today(self) -> str:
        """Return the date to judge by."""
        if self.facts.as_of is None:
            raise Unknown("as_of")
        return self.facts.as_of

    # Sums

    def least(self, one: Number, other: Number) -> Number:
        """Return the smaller of two numbers."""
        return one if one <= other else other

    def most(self, one: Number, other: Number) -> Number:
        """Return the larger of two numbers."""
        return other if one <= other else one

    def times(self, number: Number, top: int, bottom: int = 1) -> Number:
        """Return a number times top over bottom, whole where it comes out whole."""
        if type(number) is int:
            whole, rest = divmod(number * top, bottom)
            return Fraction(number * top, bottom) if rest else whole
        return number * Fraction(top, bottom)

    def days(self, start: str, end: str) -> Number:
        """Return the days from one date to another, as a plain difference."""
        return days(start, end)

    def months(self, start: str, end: str) -> Number:
        """Return the whole months from one date to another."""
        return months_between(start, end)

    def parted(self, number: Number, by: Number) -> Number:
        """Return a number divided by a whole number."""
        return self.times(number, 1, by)

    def of_year(self, amount: Number, period: str) -> Number:
        """Return an amount of a period, in parts, brought to a year; a one-off counts once (FIG-ANNUAL)."""
        return self.times(amount, self.year[period], PARTS)

    def for_period(self, year_sum: Number, period: str) -> Number:
        """Return a sum of a year as a sum of another period."""
        return self.times(year_sum, PARTS, self.year[period])

    def at_rate(self, hours: Number, rate: int) -> Number:
        """Return hours a week, in thousandths, at an hourly rate in pence, by the year in parts."""
        return self.times(hours, rate * self.year["week"], 1000)

    def prorated(self, owner: Data, key: str, where: str, period: str, span: tuple[str, str]) -> Number:
        """Return the part of an amount that falls on some days, both ends counted (FIG-PRORATA).

        A span over several budget years is split where they meet; a one-off counts whole where its owner starts on one of the days.
        """
        whole = self.money(owner, key, where)
        if period == "one_off":
            return whole if span[0] <= owner.get("starts_on", span[0]) <= span[1] else 0
        self.note_span(span)
        first, last = span
        if last < first:
            return 0
        if period in _DAYS_OF:
            return self.times(whole, days(first, last) + 1, _DAYS_OF[period])
        rate = 12 if period == "month" else 1
        total: Number | None = None
        for year in self.budget_years(first, last):
            number = days(max(first, year.first), min(last, year.last)) + 1
            part = self.times(whole, rate * number, year.days)
            total = part if total is None else total + part
        return 0 if total is None else total

    def budget_years(self, first: str, last: str) -> Iterator[BudgetYear]:
        """Yield the budget years that meet a span; raises Unknown where the start of the budget is not stated."""
        start = self.date(self.case.get("final", EMPTY), "starts_on", "case.final")
        return budget_years(start, recorded_ends(self.case.get("year_ends", ())), first, last)

    def year_of(self, start: str, on: str) -> BudgetYear:
        """Return the twelve months from a start, or an anniversary of it, that hold a date."""
        return budget_year(start, (), on)

    def budget_year(self, on: str) -> BudgetYear:
        """Return the budget year that holds a date."""
        start = self.date(self.case.get("final", EMPTY), "starts_on", "case.final")
        return budget_year(start, recorded_ends(self.case.get("year_ends", ())), on)


def _running(parts: Sequence[Data], today: str | None) -> Sequence[Data]:
    if today is None:
        return parts
    current = [one for one in parts if one.get("ends_on", today) >= today >= one.get("starts_on", today)]
    if current or not parts:
        return current
    last = max(one.get("ends_on", NEVER) for one in parts)
    return [one for one in parts if one.get("ends_on", NEVER) == last]


Compute = Callable[[Base], Any]


def label(one: Data, number: int, what: str) -> str:
    """Return how an element is called in a figure of several values: its id, else its number."""
    return f"{what} {one.get('id', number)}"
