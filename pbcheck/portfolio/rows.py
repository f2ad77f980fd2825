"""The figures of an export as flat rows: for all cases and for each group, with denominator, who is left out, and what is kept back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from pbcheck.figures.figure import EMPTY, Data, Unknown
from pbcheck.figures.planning_effort import median
from pbcheck.portfolio.added import Group, Portfolio
from pbcheck.portfolio.declared import Declared, differences, return_lines, return_numbers
from pbcheck.portfolio.grid import ALL, Cell, grid_of, number
from pbcheck.portfolio.groups import DIMENSIONS
from pbcheck.portfolio.relations import ABOUT
from pbcheck.portfolio.shares import FIGURES
from pbcheck.portfolio.suppress import LIMIT, PROTECTS, suppressed
from pbcheck.portfolio.table import MIDDLE, SHARE, SOURCES, SUM, PortfolioFigure
from pbcheck.portfolio.words import NOT_APPLICABLE, in_pounds, shown


class LeftOut(NamedTuple):
    """Why some cases are left out, and how many; None where that number is kept back."""

    reason: str
    number: int | None


@dataclass(frozen=True)
class Row:
    """One line of the portfolio.

    `dimension` and `group` say of whom (`all` for everyone), `figure` is the id in the register, `name` how reports call it. `value` is
    exact: a percentage, pounds, days or a count; None where it does not apply or is kept back, and `text` says which. `numerator` and
    `denominator` are people, or pounds for shares of money; of a sum or a median the denominator is the cases it is about. `suppressed` is
    empty, `small` or `protects`. `as_of` names the dates judged by.
    """

    dimension: str
    group: str
    figure: str
    name: str
    title: str
    part: str
    value: Fraction | None
    text: str
    unit: str
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    left_out: tuple[LeftOut, ...] = ()
    citation: tuple[str, ...] = ()
    suppressed: str = ""
    as_of: str = ""
    note: str = ""


def portfolio_rows(
    portfolio: Portfolio, declared: Data | None = None, *, limit: int = LIMIT, dimensions: Sequence[str] = DIMENSIONS
) -> list[Row]:
    """Return every line for all cases, then what a declared portfolio adds, then every line for each group of the dimensions asked for.

    `declared` is the data of the portfolio document. Numbers below `limit`, and those that would give them away, are kept back; a limit
    of 0 shows all. What is to be published together has to be asked for together: two answers may keep back different numbers.
    """
    numbers = return_numbers(declared or EMPTY)
    grid = grid_of(portfolio, dimensions, numbers)
    lines = _Lines(portfolio, suppressed(grid, limit), limit)
    rows = list(lines.of_group(ALL, portfolio.whole))
    rows += lines.of_return(declared or EMPTY, numbers)
    for dimension in dimensions:
        for group in sorted(one for one in portfolio.groups if one[0] == dimension):
            rows += lines.of_group(group, portfolio.groups[group])
    return rows


class _Lines:
    """Makes the rows of one portfolio, given which cells are kept back."""

    def __init__(self, portfolio: Portfolio, hidden: dict[Cell, str], limit: int) -> None:
        self.portfolio = portfolio
        self.hidden = hidden
        self.limit = limit
        self.dates = _dates(portfolio.whole)

    def of_group(self, group: Group, counts: Counter[str]) -> Iterator[Row]:
        """Yield the lines of one group."""
        for figure in FIGURES:
            if figure.whole_only and group != ALL:
                continue
            left_out = tuple(self._left_out(group, counts, figure))
            for part, key in figure.parts:
                value, upper, lower = _value(figure, key, counts)
                cells = [Cell(group, figure.lower), *([] if figure.kind == MIDDLE else [Cell(group, key)])]
                kept = self._kept(cells)
                yield Row(
                    *group,
                    *(figure.id, figure.name, figure.title, part),
                    value=None if kept else value,
                    text=self._text(figure, value, lower, kept),
                    unit=figure.unit,
                    numerator=upper if figure.kind == SHARE and Cell(group, key) not in self.hidden else None,
                    denominator=None if Cell(group, figure.lower) in self.hidden else lower,
                    left_out=left_out,
                    citation=SOURCES[figure.id],
                    suppressed=kept,
                    as_of=self.dates,
                    note=figure.note,
                )

    def _left_out(self, group: Group, counts: Counter[str], figure: PortfolioFigure) -> Iterator[LeftOut]:
        for theme in figure.out:
            start = f"{theme}.out:"
            for key in sorted(one for one in self.portfolio.whole if one.startswith(start)):
                if Cell(group, key) in self.hidden:
                    yield LeftOut(key.removeprefix(start), None)
                elif counts.get(key):
                    yield LeftOut(key.removeprefix(start), counts[key])

    def _kept(self, cells: Sequence[Cell]) -> str:
        """Return why one of some cells is kept back: it is small, or it protects another; nothing where all are shown."""
        found = {self.hidden[one] for one in cells if one in self.hidden}
        return "" if not found else "protects" if found == {PROTECTS} else "small"

    def _text(self, figure: PortfolioFigure, value: Fraction | None, lower: Fraction, kept: str) -> str:
        if kept:
            return self._kept_words(kept)
        if value is None and lower and lower < figure.least:
            return f"{NOT_APPLICABLE} (fewer than {figure.least} cases)"
        return shown(value, figure.unit)

    def _kept_words(self, kept: str) -> str:
        return f"suppressed (fewer than {self.limit})" if kept == "small" else "suppressed (to protect another number)"

    def of_return(self, declared: Data, numbers: dict[str, int]) -> Iterator[Row]:
        """Yield the lines of a declared return, and one for each declared number that is not what the cases give."""
        for line in [*return_lines(declared, numbers), *differences(declared, self.portfolio.whole)]:
            kept = self._kept([Cell(ALL, key) for key in line.cells])
            yield Row(
                *ALL,
                *(line.figure, line.name, line.title, line.part),
                value=None if kept else line.value,
                text=self._kept_words(kept) if kept else shown(line.value, line.unit),
                unit=line.unit,
                numerator=self._declared(line, 0),
                denominator=self._declared(line, 1),
                left_out=tuple(LeftOut(reason, None if self._kept([Cell(ALL, key)]) else numbers[key]) for reason, key in line.out),
                citation=SOURCES.get(line.figure, (line.figure,)),
                suppressed=kept,
                as_of=str(declared.get("as_of", "")) if line.of_return else self.dates,
                note=line.note,
            )

    def _declared(self, line: Declared, place: int) -> Fraction | None:
        """Return the upper or the lower part of a declared share, where it has one and it may be shown."""
        if not line.share or Cell(ALL, line.cells[place]) in self.hidden:
            return None
        return Fraction(line.share[place])


def _value(figure: PortfolioFigure, key: str, counts: Counter[str]) -> tuple[Fraction | None, Fraction, Fraction]:
    """Return a figure's exact value, None where it does not apply, with its numerator and its denominator."""
    lower = _amount(counts, figure.lower)
    if figure.kind == MIDDLE:
        try:
            return Fraction(median(counts, key, 1)), Fraction(0), lower
        except Unknown:
            return None, Fraction(0), lower
    upper = _amount(counts, key)
    if not lower or (figure.kind == SHARE and lower < figure.least):
        return None, upper, lower
    return (upper if figure.kind == SUM else 100 * upper / lower), upper, lower


def _amount(counts: Counter[str], key: str) -> Fraction:
    """Return what is counted under a key; in pounds where it is a sum of money."""
    found = number(counts, key)
    return in_pounds(found) if key in ABOUT else Fraction(found)


def _dates(counts: Counter[str]) -> str:
    """Return the date that all cases are judged by, or the first and the last of them."""
    start = "judged_on:"
    dates = sorted(key.removeprefix(start) for key in counts if key.startswith(start))
    return dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}" if dates else ""
