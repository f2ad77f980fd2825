"""What a reader can work out of the numbers that are kept back: from how they add up, and from how they are labelled."""

from __future__ import annotations

from collections.abc import Mapping
from math import gcd

from pbcheck.portfolio.grid import Cell, Grid
from pbcheck.portfolio.relations import ABOUT

Row = dict[int, int]
Range = tuple[int, int]
_MOST = 10**12


def settled_by_ranges(grid: Grid, hidden: Mapping[Cell, str], limit: int) -> set[Cell]:
    """Return the counts kept back that can have one value only, given that those labelled small are below the limit.

    With a limit of 2 the label alone tells: a small number is 1, and nothing can be done about it here.
    """
    labelled = {"small": (1, limit - 1), "protects": (0, _MOST)}
    ranges = {cell: labelled.get(label, (0, limit - 1)) for cell, label in hidden.items() if cell.key not in ABOUT}
    told = {cell for cell, (low, high) in ranges.items() if low == high}
    sums = [one.cells for one in grid.sums if one.exact and one.cells[0].key not in ABOUT]
    open_sums = [cells for cells in sums if any(cell in ranges for cell in cells)]
    changed = True
    while changed:
        changed = False
        for cells in open_sums:
            changed = _narrow(grid, ranges, cells) or changed
    return {cell for cell, (low, high) in ranges.items() if low == high} - told


def _narrow(grid: Grid, ranges: dict[Cell, Range], cells: tuple[Cell, ...]) -> bool:
    """Narrow the ranges of the cells of one sum by each other; return whether one became narrower."""
    signed = [(cell, -1 if place else 1) for place, cell in enumerate(cells)]
    lows, highs = 0, 0
    for cell, sign in signed:
        low, high = ranges.get(cell) or (grid.numbers[cell],) * 2
        lows += low if sign > 0 else -high
        highs += high if sign > 0 else -low
    changed = False
    for cell, sign in signed:
        if cell not in ranges:
            continue
        low, high = ranges[cell]
        rest_low = lows - (low if sign > 0 else -high)  # what the others of the sum come to, at least
        rest_high = highs - (high if sign > 0 else -low)
        found = (max(low, -rest_high), min(high, -rest_low)) if sign > 0 else (max(low, rest_low), min(high, rest_high))
        if found != (low, high):
            ranges[cell] = found
            lows += (found[0] - low) if sign > 0 else (high - found[1])
            highs += (found[1] - high) if sign > 0 else (low - found[0])
            changed = True
    return changed


def settled_by_equations(grid: Grid, hidden: Mapping[Cell, str]) -> set[Cell]:
    """Return the cells kept back that all sums together settle: those alone in a row of the equations, brought to their simplest form."""
    numbered = {cell: place for place, cell in enumerate(hidden)}
    solved = _Equations()
    for one in grid.sums:
        if one.exact:
            row: Row = {}
            for place, cell in enumerate(one.cells):
                if cell in numbered:
                    row[numbered[cell]] = -1 if place else 1
            solved.enter(row)
    return {cell for cell, place in numbered.items() if len(solved.rows.get(place, ())) == 1}


class _Equations:
    """Equations in their simplest form, in whole numbers: each is led by an unknown that stands in no other."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.users: dict[int, set[int]] = {}  # for each unknown, the leads of the equations in which it stands

    def enter(self, row: Row) -> None:
        """Bring in one more equation."""
        for unknown in [one for one in row if one in self.rows]:
            row = _without(row, unknown, self.rows[unknown])
        if not row:
            return
        lead = next((one for one in row if abs(row[one]) == 1), next(iter(row)))
        for user in self.users.pop(lead, set()):
            self._keep(user, _without(self.rows[user], lead, row))
        self._keep(lead, row)

    def _keep(self, lead: int, row: Row) -> None:
        for unknown in self.rows.get(lead, {}).keys() - row.keys():
            if unknown in self.users:
                self.users[unknown].discard(lead)
        for unknown in row:
            self.users.setdefault(unknown, set()).add(lead)
        self.rows[lead] = row


def _without(row: Row, unknown: int, other: Row) -> Row:
    """Return an equation rid of one unknown by means of another that holds it."""
    times, factor = other[unknown], row[unknown]
    made = {one: value * times for one, value in row.items()}
    for one, value in other.items():
        left = made.get(one, 0) - value * factor
        if left:
            made[one] = left
        else:
            made.pop(one, None)
    shared = gcd(*made.values())
    return made if shared <= 1 else {one: value // shared for one, value in made.items()}
