"""Records from joined rows: one after another, each with the place of its values, what is blocked in it, and the account of its rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Any

from pbcheck.exports.mapping.convert import NOT_MAPPED, NOTHING, NotRead
from pbcheck.exports.mapping.faults import Faults
from pbcheck.exports.mapping.joined import CELLS, UP, D, F, I, K, M, N, O, R, joined_rows
from pbcheck.exports.mapping.loading import Loaded
from pbcheck.exports.mapping.places import PlaceBook, RowPlace, TableDocument
from pbcheck.exports.mapping.spec import FieldMap, Use
from pbcheck.exports.mapping.store import Store
from pbcheck.exports.mapping.tally import USED, UseCounter
from pbcheck.source.document import Path

Row = tuple[Any, ...]
REPEATED = "repeats its record"
SAYS_THE_SAME = "the same record again"
DIFFERS = "another row of the same record says otherwise"
OLDER = "an older row"
PARENT_LEFT = "belongs to a row that was left out"
SEVERAL_PARENTS = "several rows that it would belong to"
NOTHING_STATED = "nothing in these columns"
NOT_ASKED_FOR = "not asked for"


@dataclass
class Part:
    """What one row, and the rows that hang on it, give: data, blocked paths, and the rows by the path of the element they feed."""

    data: dict[str, Any] = field(default_factory=dict)
    blocked: list[Path] = field(default_factory=list)
    rows: dict[Path, list[RowPlace]] = field(default_factory=dict)
    faults: list[tuple[Path, str, str, RowPlace, FieldMap | None, int]] = field(default_factory=list)


class _Stream:
    """The rows of one use, handed out record by record."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self.groups = groupby(rows, key=lambda row: row[O])
        self.next: tuple[int, Iterator[Row]] | None = next(self.groups, None)
        self.held: dict[int, list[Row]] = {}

    def turn_to(self, record: int) -> None:
        """Hold the rows of a record, by the row that they belong to; records are asked for in order."""
        self.held = {}
        while self.next is not None and self.next[0] <= record:
            if self.next[0] == record:
                for row in self.next[1]:
                    self.held.setdefault(row[UP], []).append(row)
            self.next = next(self.groups, None)


class Builder:
    """Makes the records of one root use."""

    def __init__(
        self, root: Use, tables: dict[str, Loaded], store: Store, counters: list[UseCounter], book: PlaceBook, faults: Faults
    ) -> None:
        self.root = root
        self.tables = tables
        self.store = store
        self.counters = counters
        self.book = book
        self.faults = faults
        self.streams = {one.number: _Stream(joined_rows(store, one)) for one in root.all() if one.parent and not one.same_row}
        self.asked_for: dict[int, set[tuple[int, int]]] = defaultdict(set)
        self.cells = {
            one.number: [[tables[one.home.table].places[column] for column in made.columns] for made in one.fields] for one in root.all()
        }

    def documents(self) -> Iterator[TableDocument]:
        """Yield the records in the order of their first rows."""
        groups = groupby(joined_rows(self.store, self.root), key=lambda row: row[O])
        for index, (number, rows) in enumerate(groups, 1):
            for stream in self.streams.values():
                stream.turn_to(number)
            part = Part()
            first = next(rows)
            self._fill(self.root, first, part)
            self._others(self.root, first, rows, part, SAYS_THE_SAME if not self.root.repeats else REPEATED)
            self._leftovers()
            yield self._document(part, index)
        self._not_asked_for()

    def _document(self, part: Part, index: int) -> TableDocument:
        kind = self.root.kind
        file = self.book.files[self.root.number][part.rows[()][0][1]]
        data = {"kind": kind, **part.data}
        made = TableDocument(kind, data, file, blocked=tuple(dict.fromkeys(part.blocked)), index=index, rows=part.rows, book=self.book)
        name = str(data.get("id") or f"number {index}")
        for path, check, words, row, cell, column in part.faults:
            self.faults.cell(check, words, row, cell, column, path, kind, name)
        return made

    def _leftovers(self) -> None:
        """Count the rows of this record that belong to a row which was left out."""
        for number, stream in self.streams.items():
            use = self.counters[number].use
            for row in (one for rows in stream.held.values() for one in rows if one[I] == 1 and not use.lookup):
                self._left(use, row, PARENT_LEFT if row[M] == 1 else SEVERAL_PARENTS)

    def _not_asked_for(self) -> None:
        """Count the rows of look-up tables that were joined to rows, but to none that was used."""
        for use in (one for one in self.root.all() if one.lookup):
            for row in joined_rows(self.store, use):
                if row[I] == 1 and (row[F], row[R]) not in self.asked_for[use.number]:
                    self._left(use, row, NOT_ASKED_FOR)

    def _left(self, use: Use, row: Row, reason: str) -> None:
        """Count a row as left out of a use, and of the lists made of its further columns."""
        self.counters[use.number].take(row[CELLS:], reason, (row[F], row[R]))
        for one in use.lists:
            if one.same_row:
                self._left(one, row, reason)

    def _fill(self, use: Use, row: Row, part: Part) -> None:
        """Fill a part with a row of a use and everything that hangs on it."""
        part.rows.setdefault((), []).append(_place(use, row))
        if (row[F], row[R]) not in self.asked_for[use.number]:
            self.counters[use.number].take(row[CELLS:], USED, (row[F], row[R]))
        if use.lookup:
            self.asked_for[use.number].add((row[F], row[R]))
        self._fields(use, row, part)
        for join in use.joins:
            self._join(join, use, row, part)
        for one in use.lists:
            self._list(one, row, part)

    def _fields(self, use: Use, row: Row, part: Part) -> None:
        for made, places in zip(use.fields, self.cells[use.number], strict=True):
            if not places:
                _put(part.data, made.path, made.constant)
                continue
            try:
                value = made.how.read([row[CELLS + one] for one in places])
            except NotRead as stop:
                part.blocked.append(made.path)
                part.faults.append((made.path, stop.check, stop.words, _place(use, row), made, stop.column))
                continue
            if value is not NOTHING:
                _put(part.data, made.path, value)
            if row[D] == 1:
                part.blocked.append(made.path)

    def _join(self, join: Use, above: Use, row: Row, part: Part) -> None:
        rows = self._rows_of(join, row, part, [made.path for one in _beside(join) for made in one.fields])
        if not rows:
            self._missing(join, above, row, part)
            return
        if len(rows) == 1:
            self._fill(join, rows[0], part)
        elif join.latest:
            self._latest(join, rows, part)
        else:
            self._fill(join, rows[0], part)
            self._others(join, rows[0], iter(rows[1:]), part, SAYS_THE_SAME)
        if join.unread:
            part.blocked += [made.path for made in join.fields]

    def _missing(self, join: Use, above: Use, row: Row, part: Part) -> None:
        """Block what a join without a row would say, where the row may be one that could not be read, or a code is not in its list."""
        if join.lookup and join.match:
            places = self.tables[above.home.table].places
            column = join.match[0][1]
            if row[CELLS + places[column]]:
                part.blocked += [made.path for one in _beside(join) for made in one.fields]
                words = f"This code is not in the table `{join.table}`: add it there, or correct it."
                where = next((one for one in above.fields if column in one.columns), None)
                part.faults.append((where.path if where else (), NOT_MAPPED, words, _place(above, row), where, 0))
        if self._partly(join):
            part.blocked += [made.path for one in _beside(join) for made in one.fields]
            part.blocked += [one.list_path for beside in _beside(join) for one in beside.lists]

    def _partly(self, use: Use) -> bool:
        """Return whether a row of a table may be missing: a file or a row was not read, or a row does not say what it belongs to."""
        return use.unread or self.faults.without_owner[use.number]

    def _rows_of(self, use: Use, row: Row, part: Part, fed: Sequence[Path]) -> list[Row]:
        """Take the rows that belong to a row; those that would belong to several are left out, and what they feed is blocked."""
        rows = self.streams[use.number].held.pop(row[N], [])
        if use.lookup or all(one[M] == 1 for one in rows):
            return rows
        for one in rows:
            if one[M] > 1:
                part.blocked += fed
                if one[I] == 1:
                    self._left(use, one, SEVERAL_PARENTS)
                    words = f"The row matches {one[M]} rows of `{use.parent.table if use.parent else ''}`: expected one."
                    part.faults.append((fed[0] if fed else (), "table-row-without-owner", words, _place(use, one), None, 0))
        return [one for one in rows if one[M] == 1]

    def _latest(self, join: Use, rows: list[Row], part: Part) -> None:
        """Fill in the row with the latest date; where a date cannot be read, or two are the same, nobody can tell which that is."""
        at = next(number for number, made in enumerate(join.fields) if made.path == join.latest)
        dates = []
        for row in rows:
            try:
                value = join.fields[at].how.read([row[CELLS + one] for one in self.cells[join.number][at]])
            except NotRead as stop:
                part.faults.append((join.latest, stop.check, stop.words, _place(join, row), join.fields[at], stop.column))
                value = None
            dates.append("" if value is NOTHING else value)
        known = [one for one in dates if one]
        chosen = rows[dates.index(max(known))] if known else rows[0]
        unsure = None in dates or not known
        same = [row for row, day in zip(rows, dates, strict=True) if known and day == max(known) and row is not chosen]
        self._fill(join, chosen, part)
        self._others(join, chosen, iter(same), part, SAYS_THE_SAME)
        for row in rows:
            if row is not chosen and row not in same:
                self._left(join, row, OLDER)
        if unsure:
            part.blocked += [made.path for one in _beside(join) for made in one.fields]
            part.blocked += [one.list_path for beside in _beside(join) for one in beside.lists]

    def _others(self, use: Use, first: Row, rows: Iterator[Row], part: Part, agrees: str) -> None:
        """Hold further rows of one thing against its first: where a field differs, nobody can tell which is right."""
        told = set()
        for row in rows:
            reason = agrees
            for at, (made, places) in enumerate(zip(use.fields, self.cells[use.number], strict=True)):
                if _same(made, [first[CELLS + one] for one in places], [row[CELLS + one] for one in places]):
                    continue
                reason = DIFFERS
                words = "Another row of the same record says otherwise: correct one of the two."
                part.faults.append((made.path, "table-rows-differ", words, _place(use, row), made, 0))
                if at not in told:
                    told.add(at)
                    self.counters[use.number].move(at, _take(part.data, made.path), DIFFERS)
                    part.blocked.append(made.path)
            self._left(use, row, reason)

    def _list(self, use: Use, row: Row, part: Part) -> None:
        path = use.list_path
        rows = [row] if use.same_row else self._rows_of(use, row, part, [path])
        made = []
        for one in rows:
            element = Part()
            if use.same_row and not any(one[CELLS + at] for places in self.cells[use.number] for at in places):
                self.counters[use.number].take(one[CELLS:], NOTHING_STATED, (one[F], one[R]))
                continue
            self._fill(use, one, element)
            made.append(element)
        if use.order:
            made.sort(key=lambda element: _rank(_value(element.data, use.order)))
        partly = self._partly(use)
        if partly and (use.unread or not made):
            part.blocked.append(path)
        if made or (use.complete and not partly):
            known = _value(part.data, path)
            if known is None:
                known = []
                _put(part.data, path, known)
            for element in made:
                _attach(part, element, (*path, len(known)))
                known.append(element.data)


def _same(made: FieldMap, one: list[str], other: list[str]) -> bool:
    """Return whether two rows say the same of a field, perhaps in other words."""
    try:
        return one == other or bool(made.how.read(one) == made.how.read(other))
    except NotRead:
        return False


def _beside(use: Use) -> list[Use]:
    return [use, *(inner for join in use.joins for inner in _beside(join))]


def _place(use: Use, row: Row) -> RowPlace:
    return (use.number, row[F], row[R], row[K])


def _attach(part: Part, element: Part, path: Path) -> None:
    """Bring what was found in an element into the part that holds it."""
    part.blocked += [(*path, *one) for one in element.blocked]
    for inner, rows in element.rows.items():
        part.rows.setdefault((*path, *inner), []).extend(rows)
    part.faults += [((*path, *inner), *rest) for inner, *rest in element.faults]  # type: ignore[misc]  # a tuple of the same parts


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        data = data.setdefault(step, {})
    data[path[-1]] = value


def _value(data: dict[str, Any], path: tuple[str, ...]) -> Any:
    here: Any = data
    for step in path:
        here = here.get(step) if isinstance(here, dict) else None
    return here


def _rank(value: Any) -> tuple[bool, Fraction, str]:
    """Return what puts elements in order by a value: numbers by size, dates and texts as they are, what is not stated last."""
    text = "" if value is None else str(value)
    number = re.fullmatch(r"-?\d+(\.\d+)?", text)
    return (value is None, Fraction(text) if number else Fraction(0), text)


def _take(data: dict[str, Any], path: tuple[str, ...]) -> Any:
    owner = _value(data, path[:-1])
    return owner.pop(path[-1], None) if isinstance(owner, dict) else None
