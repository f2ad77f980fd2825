"""What every kind of table gives: its headings, then rows of text with their numbers, or why a row could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pbcheck.exports.mapping.convert import plain
from pbcheck.exports.mapping.spec import Table

LOOK_AHEAD = 40


@dataclass(frozen=True)
class Row:
    """One row: its number in the file (from 1), its cells as text without space around them, and its name in a database."""

    number: int
    cells: list[str]
    name: str = ""


@dataclass(frozen=True)
class Broken:
    """Rows that could not be read: the numbers of the first and the last, and why."""

    number: int
    last: int
    words: str


class Source(Protocol):
    """A table to read: all its rows, the ones above the headings too. `sha256` and `size` are known once it has been read."""

    path: Path | None
    shown: str
    sha256: str
    size: int
    delimiters: Sequence[str]

    def rows(self, delimiter: str = "") -> Iterator[Row | Broken]:
        """Yield the rows; raises Unreadable where the table cannot be read at all."""


@dataclass
class Opened:
    """A table with its headings found: `columns` are their places (from 0) by name without regard to case and space."""

    table: Table
    source: Source
    headings: list[str] = field(default_factory=list)
    heading_row: int = 0
    delimiter: str = ""
    columns: dict[str, int] = field(default_factory=dict)
    twice: frozenset[str] = frozenset()

    def rows(self) -> Iterator[Row | Broken]:
        """Yield the rows below the headings."""
        return (one for one in self.source.rows(self.delimiter) if one.number > self.heading_row)

    def has(self, column: str) -> bool:
        """Return whether a heading is there."""
        return plain(column) in self.columns


def open_table(table: Table, source: Source, wanted: Sequence[str]) -> Opened:
    """Return a table with its headings: in the row that is stated, else in the one among the first that names most of the wanted columns.

    Raises Unreadable where the table cannot be read at all.
    """
    names = {plain(one) for one in wanted}
    best: tuple[int, int, Opened] | None = None
    for delimiter in [table.delimiter] if table.delimiter else source.delimiters:
        for row in _first(source, delimiter, table.heading_row):
            cells = [plain(one) for one in row.cells]
            filled = [one for one in cells if one]
            score = (len(names & set(filled)), min(len(filled), 2))
            if best is None or score > best[:2]:
                best = (*score, _opened(table, source, row, delimiter))
        if best is not None and best[0] == len(names) > 0:
            break
    return best[2] if best else Opened(table, source)


def _first(source: Source, delimiter: str, heading_row: int) -> Iterator[Row]:
    for row in source.rows(delimiter):
        if heading_row and row.number >= heading_row:
            if isinstance(row, Row) and row.number == heading_row:
                yield row
            return
        if row.number > LOOK_AHEAD:
            return
        if isinstance(row, Row) and not heading_row:
            yield row


def _opened(table: Table, source: Source, row: Row, delimiter: str) -> Opened:
    headings = [" ".join(one.split()) for one in row.cells]
    while headings and not headings[-1]:
        headings.pop()
    made = Opened(table, source, headings, row.number, delimiter)
    seen = [plain(one) for one in headings]
    for place, name in enumerate(seen):
        if name:
            made.columns.setdefault(name, place)
    made.twice = frozenset(one for one in seen if one and seen.count(one) > 1)
    return made
