"""All numbers that a portfolio shows or from which one that it shows could be worked out, cell by cell, and how they add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pbcheck.portfolio.added import Group, Portfolio
from pbcheck.portfolio.groups import HOLDER, NONE_CURRENT, NOT_RECORDED
from pbcheck.portfolio.relations import ABOUT, RELATIONS, TOTALS

ALL: Group = ("all", "all")
Counts = Mapping[str, int]


class Cell(NamedTuple):
    """One number: of which group, and its key."""

    group: Group
    key: str


class Sum(NamedTuple):
    """Cells of which the first is the sum of the others; where it is not `exact`, so nearly that one can be judged by the others."""

    cells: tuple[Cell, ...]
    exact: bool


class Grid(NamedTuple):
    """The numbers by cell, how many people each is about, and how they add up."""

    numbers: dict[Cell, int]
    people: dict[Cell, int]
    sums: list[Sum]


def number(counts: Counts, key: str) -> int:
    """Return what was tallied under a key, or what its parts come to where it is a total."""
    parts = TOTALS.get(key)
    return counts.get(key, 0) if parts is None else sum(number(counts, one) for one in parts)


def grid_of(portfolio: Portfolio, dimensions: Sequence[str], declared: Mapping[str, int] | None = None) -> Grid:
    """Return the grid of a portfolio and of those dimensions of groups that are shown; `declared` are numbers from a return."""
    groups = {ALL: portfolio.whole} | {group: counts for group, counts in sorted(portfolio.groups.items()) if group[0] in dimensions}
    relations = [(one.total, tuple(_spelled(one.parts, portfolio.whole))) for one in RELATIONS]
    keys = sorted({*ABOUT, *(key for total, parts in relations for key in (total, *parts))})
    grid = Grid({}, {}, [])
    for group, counts in groups.items():
        for key in keys:
            cell = Cell(group, key)
            grid.numbers[cell] = number(counts, key)
            grid.people[cell] = number(counts, ABOUT.get(key, key))
        for total, parts in relations:
            _join(grid, (Cell(group, total), *(Cell(group, one) for one in parts)))
    for dimension in dimensions:
        values = [group for group in groups if group[0] == dimension]
        for key in keys:
            _join(grid, (Cell(ALL, key), *(Cell(group, key) for group in values)))
    for group in groups:
        if group[0] == HOLDER:
            kind = {NOT_RECORDED: "unknown", NONE_CURRENT: "none"}.get(group[1], group[1])
            _join(grid, (Cell(ALL, f"holder.{kind}"), Cell(group, "current")))
    _declare(grid, declared or {})
    return grid


def _spelled(parts: Sequence[str], whole: Counter[str]) -> Iterator[str]:
    """Yield the keys of a relation, with every reason for which some case is left out."""
    for part in parts:
        if part.endswith("*"):
            yield from sorted(key for key in whole if key.startswith(part[:-1]))
        else:
            yield part


def _join(grid: Grid, cells: tuple[Cell, ...]) -> None:
    if len(cells) > 1:
        grid.sums.append(Sum(cells, grid.numbers[cells[0]] == sum(grid.numbers[one] for one in cells[1:])))


def _declare(grid: Grid, declared: Mapping[str, int]) -> None:
    """Add the numbers of a declared return: the upper and the lower part of its share, each with the full-cost payers in it."""
    for name, value in declared.items():
        grid.numbers[Cell(ALL, name)] = grid.people[Cell(ALL, name)] = value
    for total, *parts in RETURN_SUMS:
        if all(name in declared for name in (total, *parts)):
            _join(grid, tuple(Cell(ALL, name) for name in (total, *parts)))


RETURN_SUMS = (
    ("return.upper", "return.upper.full_cost", "return.upper.others"),
    ("return.lower", "return.lower.full_cost", "return.lower.others"),
    ("return.lower", "return.upper", "return.rest"),
    ("return.lower.full_cost", "return.upper.full_cost", "return.rest.full_cost"),
    ("return.lower.others", "return.upper.others", "return.rest.others"),
)
"""How the numbers of National Indicator 130 add up."""
