"""The faults of a mapping's tables, with their places: each one, until there are so many of one sort that a count says more."""

from __future__ import annotations

from collections import Counter, defaultdict

from pbcheck.exports.mapping.loading import Loaded
from pbcheck.exports.mapping.places import PlaceBook, RowPlace, column_letters
from pbcheck.exports.mapping.spec import FieldMap, Use
from pbcheck.source.document import Fault, Mark, Path

MOST = 10_000


class Faults:
    """Gathers faults in a list that the reader of the mapping owns; `without_owner` says for each use whether a row's owner is not known.

    After MOST faults of one sort in one column the rest are counted, and one more fault says how many they are.
    """

    def __init__(self, found: list[Fault], book: PlaceBook, tables: dict[str, Loaded], uses: list[Use]) -> None:
        self.found = found
        self.book = book
        self.tables = tables
        self.uses = uses
        self.without_owner: dict[int, bool] = defaultdict(bool)
        self.counts: Counter[tuple[str, str, str]] = Counter()

    def cell(
        self, check: str, words: str, row: RowPlace, made: FieldMap | None, column: int, path: Path, subject: str, record: str
    ) -> None:
        """Take down a fault at a cell that feeds a record: `column` says which of the columns of the field it is."""
        table = self.tables[self.uses[row[0]].home.table]
        file, mark = self.book.place(row, ())
        if made is not None:
            heading = made.columns[min(column, len(made.columns) - 1)] if made.columns else ""
            number = self._column(table, row[1], heading)
            mark = Mark(mark.line, number)
            words = f"Column `{heading}`{self._cell(file, mark)}: {words}"
        self._add(check, words, file, mark, heading if made else "", path=path, subject=subject, record=record)

    def row(self, check: str, words: str, use: Use, file: int, number: int, name: str, column: str = "") -> None:
        """Take down a fault of a row that feeds no record."""
        shown, mark = self.book.place((use.number, file, number, name), ())
        if column:
            mark = Mark(mark.line, self._column(self.tables[use.home.table], file, column))
        self._add(check, words, shown, mark, f"{use.number}:{column}")

    def table(self, shown: str, fault: Fault) -> None:
        """Take down a fault of a file of a table."""
        self._add(fault.check, fault.message, shown, fault.mark, "")

    def _add(
        self, check: str, words: str, file: str, mark: Mark, column: str, *, path: Path = (), subject: str = "file", record: str = ""
    ) -> None:
        sort = (check, file.partition("#")[0], column)
        self.counts[sort] += 1
        if self.counts[sort] <= MOST:
            self.found.append(Fault(check, words, mark, path, file=file, subject=subject, record=record))

    def close(self) -> None:
        """Say how many faults of each sort were only counted."""
        for (check, file, column), count in sorted(self.counts.items()):
            if count > MOST:
                where = f" in column `{column}`" if column and ":" not in column else ""
                words = f"{count - MOST:,} further rows{where} have the same fault: they were counted, not listed."
                self.found.append(Fault(check, words, file=file))
        self.counts.clear()

    def _column(self, table: Loaded, file: int, heading: str) -> int:
        return table.column(file, heading) + 1

    def _cell(self, file: str, mark: Mark) -> str:
        return f", cell {column_letters(mark.column)}{mark.line}" if ".xls" in file.lower() else ""
