"""Where the values of a record stand in the tables: the file, the row and the column of each, found when a finding asks for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pbcheck.source.document import Document, Mark, Path

_NAME = re.compile(r"(?!\d{10}\Z)[A-Za-z0-9][A-Za-z0-9._/-]{0,63}\Z")  # ten digits may be an NHS number
RowPlace = tuple[int, int, int, str]
"""A row that feeds a record: the number of the use, of the file and of the row, and its name in a database (else empty)."""


@dataclass
class PlaceBook:
    """What is the same for all records of a mapping: the files of each use, and the column (from 1) of each field in each file.

    `columns[use][field path]` holds one number for each file.
    """

    files: list[list[str]] = field(default_factory=list)
    columns: list[dict[Path, list[int]]] = field(default_factory=list)

    def place(self, row: RowPlace, path: Path) -> tuple[str, Mark]:
        """Return the file and the mark of a field below the element that a row feeds; of the row, where it feeds no such field."""
        use, file, number, name = row
        columns = self.columns[use].get(path)
        shown = self.files[use][file]
        if name and _NAME.match(name):
            shown = f"{shown}#{name}"
        return shown, Mark(max(number, 1), columns[file] if columns else 1)

    def feeds(self, row: RowPlace, path: Path) -> int:
        """Return how well a row's use knows a path: 2 for a field of its own, 1 for a group or list that one lies in, else 0."""
        columns = self.columns[row[0]]
        if path in columns:
            return 2
        return int(any(one[: len(path)] == path or path[: len(one)] == one for one in columns))


@dataclass(slots=True)
class TableDocument(Document):
    """A record made from tables: `rows` holds the rows that feed each element of it, by the path of the element."""

    rows: dict[Path, list[RowPlace]] = field(default_factory=dict)
    book: PlaceBook = field(default_factory=PlaceBook)

    def where(self, path: Path) -> tuple[str, Mark]:
        """Return the file and the mark of a path, or of the nearest element above it."""
        for length in range(len(path), -1, -1):
            rows = self.rows.get(path[:length])
            if rows:
                rest = path[length:]
                return self.book.place(max(rows, key=lambda row: self.book.feeds(row, rest)), rest)
        return self.file, Mark(0, 0)

    def holder(self, path: Path) -> Document:
        """Return a document that stands for the table which a path comes from."""
        file, mark = self.where(path)
        return Document(self.kind, self.data, file, place=lambda path, key: mark, index=self.index)

    def locate(self, path: Path, *, key: bool = False) -> Mark:
        """Return the row and the column of a path in its table."""
        return self.where(path)[1]


def column_letters(column: int) -> str:
    """Return the letters by which a spreadsheet names a column, counted from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def first_rows(rows: Sequence[int], most: int = 10) -> str:
    """Return row numbers in words: the first few, and how many more there are."""
    shown = ", ".join(str(one) for one in rows[:most])
    return shown if len(rows) <= most else f"{shown} and {len(rows) - most:,} more"
