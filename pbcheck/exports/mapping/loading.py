"""Tables into the store: the files found, the headings held against the mapping, and the columns that are read brought in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from pbcheck.exports.mapping.convert import plain
from pbcheck.exports.mapping.csv_source import CsvSource
from pbcheck.exports.mapping.mapping_file import MappingText
from pbcheck.exports.mapping.sources import Broken, Opened, Row, Source, open_table
from pbcheck.exports.mapping.spec import Mapping, Table
from pbcheck.exports.mapping.store import Store
from pbcheck.model import Input
from pbcheck.schema.suggest import did_you_mean
from pbcheck.source.document import Fault, Mark, Unreadable


@dataclass
class Loaded:
    """One table in the store: its files, and what of it could not be read.

    `columns` are the headings that are read, in the order of the store's cells; `unread` says that a file of it could not be
    read at all, `broken` counts rows that could not.
    """

    table: Table
    name: str
    columns: list[str]
    files: list[Opened] = field(default_factory=list)
    unread: bool = False
    rows: int = 0
    blank: int = 0
    broken: int = 0
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)

    @property
    def places(self) -> dict[str, int]:
        """The cell of each heading in the store, by its name as the mapping writes it."""
        return {column: at for at, column in enumerate(self.columns)}

    def column(self, file: int, heading: str) -> int:
        """Return the place of a heading in one of the files, from 0."""
        return self.files[file].columns[plain(heading)]

    def not_mapped(self) -> list[str]:
        """Return the headings that feed nothing and are not left out on purpose, in order."""
        known = {plain(one) for one in (*self.columns, *self.table.not_used)}
        found = [one for opened in self.files for one in opened.headings if one and plain(one) not in known]
        return list(dict.fromkeys(found))


class Loader:
    """Finds, opens and loads the tables of a mapping."""

    def __init__(self, mapping: Mapping, home: Path, root: Path | None, shown: str, store: Store, closing: ExitStack) -> None:
        self.mapping = mapping
        self.home = home
        self.root = (root or home).resolve()
        self.prefix = shown.rpartition("/")[0]
        self.store = store
        self.closing = closing
        self.database = self._database() if any(one.relation for one in mapping.tables.values()) else None

    def _database(self) -> object:
        from pbcheck.exports.mapping.database_source import Database

        made = Database(self.mapping)
        self.closing.callback(made.close)
        return made

    def open_all(self, text: MappingText) -> list[Loaded]:
        """Return every table with its headings; what does not fit the mapping is taken down in `text.faults`."""
        loaded = []
        for number, table in enumerate(self.mapping.tables.values()):
            one = Loaded(table, f"t{number}", self.mapping.reads(table.name))
            for shown, path in self._paths(text, table):
                try:
                    one.files.append(open_table(table, self._source(table, path, shown), one.columns))
                except Unreadable as stop:
                    one.unread = True
                    one.faults += [(shown, fault) for fault in stop.faults]
                    one.inputs.append(Input(shown, "", 0, "table", 0, read=False))
            for opened in one.files:
                _check_headings(text, self.mapping, table, opened)
            loaded.append(one)
        return loaded

    def _paths(self, text: MappingText, table: Table) -> Iterator[tuple[str, Path | None]]:
        if table.relation:
            yield f"database:{table.relation}", None
            return
        try:
            found = sorted(self.home.glob(table.file.replace("\\", "/")))
        except (ValueError, IndexError, NotImplementedError, OSError):  # what pathlib raises for `**x` and the like
            found = []
        if not found:
            beside = [one.name for one in self.home.iterdir()]
            text.say((*table.place, "file"), f"No file matches this name beside the mapping file.{did_you_mean(table.file, beside)}")
        for path in found:
            name = path.relative_to(self.home).as_posix().encode("utf-8", "backslashreplace").decode()
            yield (f"{self.prefix}/{name}" if self.prefix else name), path

    def _source(self, table: Table, path: Path | None, shown: str) -> Source:
        if path is None:
            from pbcheck.exports.mapping.database_source import Database, DatabaseSource

            assert isinstance(self.database, Database)
            return DatabaseSource(self.database, table)
        if not path.resolve().is_relative_to(self.root):
            raise Unreadable(Fault("file-not-read", "This link leaves the folder: put a copy of the file into it."))
        if not path.is_file():
            raise Unreadable(Fault("file-not-read", "This is no ordinary file: expected a table."))
        try:
            if path.suffix.lower() == ".parquet":
                from pbcheck.exports.mapping.parquet_source import ParquetSource

                return ParquetSource(path, shown, self.store)
            if path.suffix.lower() in (".xlsx", ".xlsm"):
                from pbcheck.exports.mapping.excel_source import ExcelSource

                return ExcelSource(path, shown, table.sheet)
            return CsvSource(path, shown, table.encoding, self.store)
        except OSError:
            raise Unreadable(Fault("file-not-read", "The file cannot be read: ask for permission to read it.")) from None

    def load(self, one: Loaded) -> None:
        """Bring the rows of a table into the store; what could not be read is taken down in it."""
        self.store.load(one.name, len(one.columns), self._cells(one))

    def _cells(self, one: Loaded) -> Iterator[list[str | int]]:
        for number, opened in enumerate(one.files):
            places = [opened.columns[plain(column)] for column in one.columns]
            before, read = one.rows, True
            try:
                for row in opened.rows():
                    cells = self._row(one, opened, row)
                    if cells is not None:
                        yield [number, row.number, row.name if isinstance(row, Row) else "", *(cells[at] for at in places)]
            except Unreadable as stop:
                one.unread, read = True, False
                one.faults += [(opened.source.shown, fault) for fault in stop.faults]
            source = opened.source
            one.inputs.append(Input(source.shown, source.sha256, source.size, "table", one.rows - before, read))

    def _row(self, one: Loaded, opened: Opened, row: Row | Broken) -> list[str] | None:
        """Return the cells of a row, as many as there are headings; None for a blank row, and for a broken one, which is a fault."""
        if isinstance(row, Broken):
            one.rows += row.last - row.number + 1
            one.broken += row.last - row.number + 1
            one.faults.append((opened.source.shown, Fault("table-row-not-read", row.words, Mark(row.number, 1))))
            return None
        one.rows += 1
        width = len(opened.headings)
        if not any(row.cells):
            one.blank += 1
            return None
        if len(row.cells) == width:
            return row.cells
        if any(row.cells[width:]) or (len(row.cells) < width and not self._may_be_short(one.table, opened)):
            one.broken += 1
            words = f"The row has {len(row.cells)} cells under {width} headings: it may be broken in two, or a cell hold the delimiter."
            one.faults.append((opened.source.shown, Fault("table-row-not-read", words, Mark(row.number, 1))))
            return None
        return (row.cells + [""] * width)[:width]

    def _may_be_short(self, table: Table, opened: Opened) -> bool:
        """Return whether a short row ends in blank cells: sheets end where their last cell does, files of text do not."""
        return table.pad_short_rows or not isinstance(opened.source, CsvSource)


def _check_headings(text: MappingText, mapping: Mapping, table: Table, opened: Opened) -> None:
    places = [(column, (*table.place, "key")) for column in table.key]
    for use in mapping.uses():
        if use.table == table.name:
            places += [*use.columns()]
    real = any(opened.has(column) for column, _ in places)
    for column, place in places:
        if not opened.has(column):
            known = opened.headings if real else []
            words = f"`{opened.source.shown}` has no column `{column}`.{did_you_mean(column, known)}"
            if not real:
                words += " None of the columns that the mapping names is there: check `delimiter`, `sheet` and `heading_row`."
            text.say(place, words)
        elif plain(column) in opened.twice:
            text.say(place, f"The heading `{column}` stands twice in `{opened.source.shown}`: give each column a name of its own.")
    for column in table.not_used if real else ():
        if not opened.has(column):
            words = f"`{opened.source.shown}` has no column `{column}`.{did_you_mean(column, opened.headings)}"
            text.say((*table.place, "not_used", table.not_used.index(column)), words)
