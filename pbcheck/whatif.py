"""What another policy makes of the figures: case by case, and added up.

The other policy is laid over the one in force: the sections that it states replace that policy's own, the others stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from pbcheck.figures.budget.figure import A_YEAR, MONEY_UNITS, PERIODS, POUNDS
from pbcheck.figures.budget.figure_row import KNOWN, FigureRow
from pbcheck.figures.budget.rows import sheet_rows
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.figure import Data
from pbcheck.figures.money import WEEKS, annual
from pbcheck.gather import Policies, record_name
from pbcheck.opened import Opened
from pbcheck.source.document import Document

_PERIOD_OF = {unit: period for period, unit in PERIODS.items()} | {A_YEAR: "year"}


@dataclass(frozen=True)
class Difference:
    """What another policy makes of one value of one record, exact, in pounds.

    `a_year` and `a_week` are there for sums with a period, `at_once` for balances; `before` and `after` say the values.
    """

    record: str
    figure: str
    title: str
    part: str
    unit: str
    before: str
    after: str
    a_year: Fraction | None = None
    a_week: Fraction | None = None
    at_once: Fraction | None = None


@dataclass
class Total:
    """What a change comes to for one value of a figure over all cases: in how many it changes, and by how many pounds, exact."""

    title: str
    cases: int = 0
    more: int = 0
    less: int = 0
    a_year: Fraction = field(default_factory=Fraction)
    a_week: Fraction = field(default_factory=Fraction)
    at_once: Fraction = field(default_factory=Fraction)

    def add(self, one: Difference) -> None:
        """Add the difference in one case."""
        change = (one.a_year or 0) + (one.at_once or 0)
        self.cases += 1
        self.more += change > 0
        self.less += change < 0
        self.a_year += one.a_year or 0
        self.a_week += one.a_week or 0
        self.at_once += one.at_once or 0


def case_differences(
    opened: Opened, other: Policies, method: str, wanted: Iterable[Document] | None = None
) -> Iterator[tuple[str, list[Difference]]]:
    """Yield each case of the export, or those that are wanted, by name with what differs under another policy."""
    for case in opened.cases() if wanted is None else wanted:
        clock = opened.clock(case)
        now = _terms(opened.policies, clock)
        before = Sheet(case.data, now, opened.contracts.known, clock, method=method)
        after = Sheet(case.data, {**now, **_terms(other, clock)}, opened.contracts.known, clock, method=method)
        name = record_name(case)
        yield name, list(_differences(before, after, name))


def _terms(policies: Policies, clock: str | None) -> Data:
    found = policies.in_force(clock)
    return found.data if found else {}


def _differences(before: Sheet, after: Sheet, name: str) -> Iterator[Difference]:
    olds = {(one.figure, one.part): one for one in sheet_rows(before, name)}
    news = {(one.figure, one.part): one for one in sheet_rows(after, name)}
    for key in dict.fromkeys([*olds, *news]):
        old, new = olds.get(key), news.get(key)
        if old and new and (old.status, old.value, old.exact) == (new.status, new.value, new.exact):
            continue
        some = old or new
        if some is not None:
            words = (_said(old), _said(new))
            yield Difference(some.record, some.figure, some.title, some.part, some.unit, *words, *_pounds(old, new, before, after))


def _said(row: FigureRow | None) -> str:
    if row is None:
        return "not there"
    return row.value if row.status == KNOWN else row.status


def _pounds(old: FigureRow | None, new: FigureRow | None, before: Sheet, after: Sheet) -> tuple[Fraction | None, ...]:
    """Return the difference by the year, by the week, and at once, as far as the unit of the value has them."""
    if not (old and new and old.exact and new.exact) or old.unit not in MONEY_UNITS:
        return None, None, None
    one, other = Fraction(old.exact), Fraction(new.exact)
    if old.unit == POUNDS:
        return None, None, other - one
    period = _PERIOD_OF.get(old.unit)
    if period is None or period == "one_off":
        return None, None, other - one
    first, last = WEEKS[before.weeks], WEEKS[after.weeks]
    one, other = _yearly(one, period, first), _yearly(other, period, last)
    return other - one, other / last - one / first, None


def _yearly(pounds: Fraction, period: str, weeks: Fraction) -> Fraction:
    return pounds * annual(1, period, weeks)


def totals(found: Iterator[tuple[str, list[Difference]]]) -> tuple[int, dict[tuple[str, str], Total]]:
    """Return how many cases there are, and the totals of the values that every case may have; those of single elements are not added up."""
    cases = 0
    made: dict[tuple[str, str], Total] = {}
    for _, changed in found:
        cases += 1
        for one in changed:
            if _alike(one.part):
                made.setdefault((one.figure, one.part), Total(one.title)).add(one)
    return cases, made


def _alike(part: str) -> bool:
    """Return whether a part is named by what it is, and not by an element of one case."""
    return not part.startswith(("component ", "arrangement ", "option ", "need ")) and not part[:4].isdigit()
