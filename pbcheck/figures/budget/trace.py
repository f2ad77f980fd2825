"""Figures that explain themselves: the same code, worked out with numbers that remember the sum they came from.

A traced figure has its value, the sum in digits (so that it can be worked out again by hand: amounts in pounds, hours as hours),
the inputs that it read with their places, and remarks. Nothing is computed a second way: only the way inputs are read differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pbcheck.figures.budget.base import NOTES, AtLeast, Base, Cost, Lacking, Not, Number, Ratio, not_known
from pbcheck.figures.budget.figure import BudgetFigure
from pbcheck.figures.budget.sheet import ContractSheet, Sheet
from pbcheck.figures.budget.worked import ATOM, PRODUCT, Worked, worked
from pbcheck.figures.figure import Data, Unknown
from pbcheck.figures.yearly import PARTS
from pbcheck.source.document import Path

CASE, POLICY = "case", "policy"
"""How the paths of inputs begin: the record itself, the policy in force, or else "contract" and its id."""


@dataclass
class Explained:
    """One figure of a record with how it came about.

    `value` is as the sheet gives it (numbers without their sums). `sums` are the sums in digits by part, "" for a figure of
    one value; `inputs` the paths that were read, each with its document first, and what they hold; `lacking` what is not stated;
    `remarks` what to know.
    """

    figure: BudgetFigure
    value: Any
    sums: dict[str, str] = field(default_factory=dict)
    inputs: dict[Path, Any] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class TracedSheet(Sheet):
    """A sheet whose figures remember how they were worked out; made for the records that are explained."""

    def __init__(
        self,
        case: Data,
        policy: Data | None = None,
        contracts: Mapping[str, Data] | None = None,
        as_of: str | None = None,
        *,
        method: str = NOTES,
        weeks: str | None = None,
    ) -> None:
        super().__init__(case, policy, contracts, as_of, method=method, weeks=weeks)
        self.paths: dict[int, Path] = {}
        self._walk(case, (CASE,))
        self._walk(self.policy, (POLICY,))
        for one in case.get("arrangements", ()):
            if one.get("contract_id") in self.contracts:
                self._walk(self.contracts[one["contract_id"]], (f"contract {one['contract_id']}",))
        self.inputs: dict[Path, Any] = {}
        self.remarks: list[str] = []
        self.lacking: list[str] = []
        self.kept: dict[str, tuple[dict[Path, Any], tuple[str, ...]]] = {}

    def _walk(self, value: Any, path: Path) -> None:
        if isinstance(value, Mapping):
            self.paths[id(value)] = path
            for key, child in value.items():
                if key != "derived":
                    self._walk(child, (*path, key))
        elif isinstance(value, list):
            for index, child in enumerate(value):
                self._walk(child, (*path, index))

    def explain(self, name: str) -> Explained:
        """Return a figure with its sums, inputs, remarks and what is missing."""
        figure = self.table[name]
        try:
            found = self.value(name)
        except Unknown as lack:
            path = str(lack.args[0])
            return Explained(figure, not_known(path), inputs=dict(self._of(name)[0]), lacking=self._all_lacking(name, path))
        inputs, remarks = self._of(name)
        sums: dict[str, str] = {}
        value = _plain(found, "", sums)
        lacking = value.lacking if isinstance(value, AtLeast) else ()
        return Explained(figure, value, sums, dict(inputs), lacking, remarks)

    def found(self, name: str) -> Any:
        """Return a figure as the sheet does; what it read counts as read by the figure that asks for it."""
        outer, self.inputs = self.inputs, {}
        remarks, self.remarks = self.remarks, []
        try:
            return super().found(name)
        finally:
            if name not in self.kept:
                self.kept[name] = (self.inputs, tuple(self.remarks))
            inputs, said = self.kept[name]
            self.inputs, self.remarks = {**outer, **inputs}, [*remarks, *(one for one in said if one not in remarks)]

    def _of(self, name: str) -> tuple[dict[Path, Any], tuple[str, ...]]:
        return self.kept.get(name, ({}, ()))

    def _all_lacking(self, name: str, first: str) -> tuple[str, ...]:
        """Return everything that a figure lacks: it is worked out again with nothing in the place of what is missing."""
        probe = _Probe(self.case, self.policy, self.contracts, self.facts.as_of, method=self.method, weeks=self.weeks)
        with suppress(Unknown, KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError):
            probe.value(name)  # where the stand-ins lead nowhere, what was found missing until then is named
        return tuple(dict.fromkeys([*probe.lacking, first]))

    def note(self, words: str) -> None:
        """Keep a remark on the figure at hand."""
        self.remarks.append(words)

    def note_span(self, span: tuple[str, str]) -> None:
        """Keep the days that a sum is for as a remark."""
        self.note(f"{span[0]} to {span[1]}, both ends counted")

    def costs(self) -> Sequence[Cost]:
        """Return the components with their costs, read anew for each figure, so that each takes down what it rests on."""
        return self._costs()

    def saw(self, owner: Data, key: str) -> None:
        """Take down a field that the figure at hand rests on."""
        if key in owner:
            self._read(owner, key)

    # Inputs

    def _read(self, owner: Data, key: str) -> Any:
        value = owner[key]
        self.inputs[(*self.paths.get(id(owner), (CASE,)), key)] = value
        return value

    def _weekly(self, period: str) -> None:
        """Take down the week count of the policy, where a sum of weeks rests on it."""
        if self.declared and period in ("week", "four_weeks"):
            self._read(self.policy["money"], "weeks_per_year")

    def money(self, owner: Data, key: str, where: str) -> Number:
        """Return an amount as it stands, and take it down."""
        number = super().money(owner, key, where)
        return Worked(number, pounds(self._read(owner, key)))

    def yearly(self, owner: Data, key: str, where: str, period: str = "period") -> Number:
        """Return an amount brought to a year, and take down the amount and its period."""
        super().yearly(owner, key, where, period)
        self._weekly(owner[period])
        return self.of_year(self.money(owner, key, where), self._read(owner, period))

    def yearly_for(self, owner: Data, key: str, where: str, period: str) -> Number:
        """Return an amount brought to a year from a period named elsewhere."""
        self._weekly(period)
        return self.of_year(self.money(owner, key, where), period)

    def hours(self, owner: Data, key: str, where: str) -> Number:
        """Return a quantity, and take it down."""
        number = super().hours(owner, key, where)
        return Worked(number, str(self._read(owner, key)))

    def count(self, owner: Data, key: str, where: str) -> Number:
        """Return a whole number, and take it down."""
        number = super().count(owner, key, where)
        return Worked(number, str(self._read(owner, key)))

    def date(self, owner: Data, key: str, where: str) -> str:
        """Return a date, and take it down."""
        found = super().date(owner, key, where)
        self._read(owner, key)
        return found

    # Sums

    def least(self, one: Number, other: Number) -> Number:
        """Return the smaller of two numbers, as min(a, b)."""
        return self._one_of("min", one, other, super().least(one, other))

    def most(self, one: Number, other: Number) -> Number:
        """Return the larger of two numbers, as max(a, b)."""
        return self._one_of("max", one, other, super().most(one, other))

    def _one_of(self, name: str, one: Number, other: Number, found: Number) -> Worked:
        return Worked(worked(found).number, f"{name}({worked(one).text}, {worked(other).text})")

    def times(self, number: Number, top: int, bottom: int = 1) -> Number:
        """Return a number times top over bottom, with both in the sum."""
        one = worked(number)
        over = worked(bottom)
        words = "" if top == 1 else f"*{top}"
        words += "" if over == 1 else f"/{over.within(ATOM)}"
        return self._worked(one, super().times(one.number, top, int(over)), words)

    def _worked(self, one: Worked, found: Number, words: str) -> Worked:
        return Worked(found, one.within(PRODUCT) + words, PRODUCT) if words else Worked(found, one.text, one.level)

    def of_year(self, amount: Number, period: str) -> Number:
        """Return an amount brought to a year, with the number of its periods in the sum."""
        one, factor = worked(amount), self._factor(period)
        return self._worked(one, Base.times(self, one.number, self.year[period], PARTS), f"*{factor}" if factor else "")

    def for_period(self, year_sum: Number, period: str) -> Number:
        """Return a sum of a year as one of a period, with the number of periods in the sum."""
        one, factor = worked(year_sum), self._factor(period)
        over = f"/({factor})" if "/" in factor else f"/{factor}" if factor else ""
        return self._worked(one, Base.times(self, one.number, PARTS, self.year[period]), over)

    def at_rate(self, hours: Number, rate: int) -> Number:
        """Return hours at an hourly rate by the year, with the weeks and the rate in the sum."""
        one = worked(hours)
        found = Base.times(self, one.number, rate * self.year["week"], 1000)
        return self._worked(one, found, f"*{self.weeks}*{rate // 100}.{rate % 100:02}")

    def _factor(self, period: str) -> str:
        """Return in digits how many of a period there are in a year; nothing for one."""
        return {"week": self.weeks, "four_weeks": f"{self.weeks}/4", "month": "12"}.get(period, "")

    def days(self, start: str, end: str) -> Number:
        """Return the days between two dates, written as a call."""
        return Worked(super().days(start, end), f"days({start}, {end})")

    def months(self, start: str, end: str) -> Number:
        """Return the whole months between two dates, written as a call."""
        return Worked(super().months(start, end), f"months({start}, {end})")


class TracedContractSheet(TracedSheet):
    """The same for a contract."""

    table = ContractSheet.table


class _Probe(TracedSheet):
    """A sheet that goes on with nothing where an input is missing, to find all that a figure lacks."""

    def _or(self, read: Callable[[], Any], instead: Any) -> Any:
        try:
            return read()
        except Unknown as lack:
            self.lacking.append(str(lack.args[0]))
            return instead

    def money(self, owner: Data, key: str, where: str) -> Number:
        """Return the same, or a stand-in where it is missing."""
        return self._or(lambda: super(_Probe, self).money(owner, key, where), Worked(0, "0"))

    def yearly(self, owner: Data, key: str, where: str, period: str = "period") -> Number:
        """Return the same, or a stand-in where it is missing."""
        for name in (key, period):
            if name not in owner:
                self.lacking.append(f"{where}.{name}")
        return self._or(lambda: super(_Probe, self).yearly(owner, key, where, period), Worked(0, "0"))

    def hours(self, owner: Data, key: str, where: str) -> Number:
        """Return the same, or a stand-in where it is missing."""
        return self._or(lambda: super(_Probe, self).hours(owner, key, where), Worked(0, "0"))

    def count(self, owner: Data, key: str, where: str) -> Number:
        """Return the same, or a stand-in where it is missing."""
        return self._or(lambda: super(_Probe, self).count(owner, key, where), Worked(0, "0"))

    def date(self, owner: Data, key: str, where: str) -> str:
        """Return the same, or a stand-in where it is missing."""
        found: str = self._or(lambda: super(_Probe, self).date(owner, key, where), "year" if key == "period" else "2000-01-01")
        return found

    def items(self, owner: Data, key: str, where: str) -> Any:
        """Return the same, or a stand-in where it is missing."""
        return self._or(lambda: super(_Probe, self).items(owner, key, where), ())

    def today(self) -> str:
        """Return the same, or a stand-in where it is missing."""
        found: str = self._or(super().today, "2000-01-01")
        return found

    def found(self, name: str) -> Any:
        """Return the same, or a stand-in where it is missing."""
        found = super().found(name)
        if type(found) is not Lacking:
            return found
        self.lacking += found.paths
        return Worked(0, "0")

    def exactly(self, name: str) -> Number:
        """Return the same, or a stand-in where it is missing."""
        return self._or(lambda: super(_Probe, self).exactly(name), Worked(0, "0"))


def pounds(value: Any) -> str:
    """Return an amount as it stands in the data, in pounds and pence."""
    from pbcheck.figures.quantities import pence

    whole = pence(value)
    return f"{'-' if whole < 0 else ''}{abs(whole) // 100}.{abs(whole) % 100:02}"


def _plain(found: Any, part: str, sums: dict[str, str]) -> Any:
    """Return a value without the sums of its numbers, which are taken down by part."""
    if isinstance(found, Worked):
        sums[part] = found.text
        return found.number
    if isinstance(found, Ratio):
        one, other = worked(found.part), worked(found.whole)
        sums[part] = f"100*{one.within(ATOM)}/{other.within(ATOM)}"
        return Ratio(one.number, other.number)
    if isinstance(found, AtLeast):
        return AtLeast(_plain(found.number, part, sums), found.lacking)
    if isinstance(found, dict):
        return {name: _plain(one, name, sums) for name, one in found.items()}
    if isinstance(found, int) and not isinstance(found, (bool, Not)):
        sums[part] = str(found)
    return found
