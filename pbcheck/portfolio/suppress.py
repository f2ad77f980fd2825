"""Small numbers kept back, and others with them, so that no number kept back can be worked out from those that are shown.

A number about 1 to limit - 1 people is small. So are all parts of a small number, zeros as well, and all numbers of a group of so
few: a zero there would say something of each of them. Any other zero is shown. Then other numbers are kept back until
(a) wherever some numbers add up to another, two or more of them are kept back or none, and what is kept back is about limit people
    or more where their sum is shown;
(b) the equations that all sums give together settle no number that is kept back;
(c) the range in which a number kept back must lie, given which are labelled small, holds more than one value. Where it does not, the
    labels around it tell too much: those numbers are then labelled as protecting others, which says nothing of how large they are.
What is kept back to protect another is the smallest number that serves, in the smallest group, and a total last of all.
"""

from __future__ import annotations

from pbcheck.portfolio.grid import ALL, Cell, Grid, Sum
from pbcheck.portfolio.groups import COMPLEXITY, FORM, HOLDER, NONE_CURRENT
from pbcheck.portfolio.ranges import settled_by_equations, settled_by_ranges

LIMIT = 5
SMALL, WITHIN, PROTECTS = "small", "part of a small number", "protects"


def suppressed(grid: Grid, limit: int = LIMIT) -> dict[Cell, str]:
    """Return the cells kept back, as small, as a part of a small number, or to protect others. A limit of 0 keeps nothing back."""
    if limit < 2:
        return {}
    grid = grid._replace(sums=[one for one in grid.sums if one.exact or _nearly(grid, one, limit)])
    hidden = _small(grid, limit)
    by_cell: dict[Cell, list[Sum]] = {}
    for one in grid.sums:
        for cell in one.cells:
            by_cell.setdefault(cell, []).append(one)
    changed = True
    while changed:
        _close(grid, hidden, limit)
        exposed = settled_by_equations(grid, hidden)
        if not exposed:
            exposed = settled_by_ranges(grid, hidden, limit)
            while exposed and _blur(hidden, by_cell, exposed):
                exposed = settled_by_ranges(grid, hidden, limit)
        changed = False
        for cell in sorted(exposed):
            changed = _protect(grid, hidden, by_cell, cell) or changed
    return hidden


def _nearly(grid: Grid, one: Sum, limit: int) -> bool:
    """Return whether numbers that do not quite add up differ by so few people that one still tells another."""
    total, *parts = one.cells
    return abs(grid.people[total] - sum(grid.people[cell] for cell in parts)) < limit


def _small(grid: Grid, limit: int) -> dict[Cell, str]:
    """Return the cells about too few people, with all parts of such a number, but those that are nothing in the whole portfolio."""
    found = {cell: SMALL for cell, people in grid.people.items() if 0 < people < limit}
    few = {cell.group for cell in found if cell.key == "cases"}
    for cell in grid.people:
        if cell.group in few and cell.key != "cases" and _may_be(grid, cell):
            found[cell] = WITHIN
    changed = True
    while changed:
        before = len(found)
        for one in grid.sums:
            if one.exact and one.cells[0] in found:
                found |= {cell: WITHIN for cell in one.cells[1:] if _may_be(grid, cell) and found.get(cell) != WITHIN}
        changed = len(found) > before
    return _without_plain_zeros(grid, found)


def _without_plain_zeros(grid: Grid, found: dict[Cell, str]) -> dict[Cell, str]:
    """Return the cells but those zeros that follow from zeros shown: as a part of nothing, or as the sum of nothing."""
    changed = True
    while changed:
        plain = set()
        for one in [one for one in grid.sums if one.exact and not grid.people[one.cells[0]]]:
            total, *parts = one.cells
            if total not in found:
                plain.update(found.keys() & parts)
            elif not found.keys() & parts:
                plain.add(total)
        found = {cell: label for cell, label in found.items() if cell not in plain}
        changed = bool(plain)
    return found


def _may_be(grid: Grid, cell: Cell) -> bool:
    """Return whether a number may be other than zero for all that a reader knows: by its group, and by what the whole portfolio shows."""
    if grid.people[cell]:
        return True
    dimension, value = cell.group
    theme, _, last = cell.key.rpartition(".")
    elsewhere = (dimension == FORM and theme == "form") or (dimension == COMPLEXITY and theme.startswith("effort."))
    if elsewhere and last != value.replace(" ", "_"):
        return False
    if dimension == HOLDER and theme == "holder" and value != NONE_CURRENT and last == "none":
        return False
    return grid.people[Cell(ALL, cell.key)] > 0


def _close(grid: Grid, hidden: dict[Cell, str], limit: int) -> None:
    """Keep back more until no single sum gives a number away."""
    changed = True
    while changed:
        changed = False
        for one in grid.sums:
            while _weak(grid, hidden, one, limit):
                found = _candidate(grid, hidden, one)
                if found is None:
                    break
                hidden[found] = PROTECTS
                changed = True


def _weak(grid: Grid, hidden: dict[Cell, str], one: Sum, limit: int) -> bool:
    """Return whether a sum gives a number away: only one is kept back, or those kept back are about too few together."""
    kept = [cell for cell in one.cells if cell in hidden]
    if not kept:
        return False
    if len(kept) == 1:
        return True
    return one.cells[0] not in hidden and sum(grid.people[cell] for cell in kept) < limit


def _candidate(grid: Grid, hidden: dict[Cell, str], one: Sum) -> Cell | None:
    """Return the number of a sum to keep back next: not a zero, in the smallest group, the smallest; the total where no other is left."""
    free = [cell for cell in one.cells[1:] if cell not in hidden and grid.people[cell]]
    if free:
        return min(free, key=lambda cell: (grid.people[Cell(cell.group, "cases")], grid.people[cell], cell))
    total = one.cells[0]
    return total if total not in hidden and grid.people[total] else None


def _blur(hidden: dict[Cell, str], by_cell: dict[Cell, list[Sum]], told: set[Cell]) -> bool:
    """Label the small numbers beside those that labels tell as protecting others; return whether there was one so labelled.

    Where a number has just been labelled anew, those around it wait: they may be safe now.
    """
    anew: set[Cell] = set()
    for cell in sorted(told):
        near = {one for some in by_cell[cell] for one in some.cells if one in hidden}
        if not near & anew:
            anew |= {one for one in near if hidden[one] != PROTECTS}
    hidden.update(dict.fromkeys(anew, PROTECTS))
    return bool(anew)


def _protect(grid: Grid, hidden: dict[Cell, str], by_cell: dict[Cell, list[Sum]], exposed: Cell) -> bool:
    """Keep back one more number near an exposed one: of its own sums, else of those of the numbers kept back around it.

    A zero that cannot be protected within its own sums is shown: it follows from what the words mean. Returns whether something changed.
    """
    seen, here = {exposed}, [exposed]
    while here:
        sums = [one for cell in here for one in by_cell[cell]]
        found = [cell for one in sums if (cell := _candidate(grid, hidden, one)) is not None]
        if found:
            hidden[min(found, key=lambda cell: (cell.group == ALL, grid.people[cell], cell))] = PROTECTS
            return True
        if not grid.people[exposed]:
            del hidden[exposed]
            return True
        here = sorted({cell for one in sums for cell in one.cells if cell in hidden} - seen)
        seen.update(here)
    return False
