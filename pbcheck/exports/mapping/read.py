"""The whole way of a mapping: read it, check it, load the tables, join them, make the records, give the account."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from pbcheck.errors import UsageError
from pbcheck.exports.mapping.build import NOT_ASKED_FOR, Builder
from pbcheck.exports.mapping.convert import plain
from pbcheck.exports.mapping.faults import Faults
from pbcheck.exports.mapping.joined import (
    BLANK_KEY,
    KEY_TWICE,
    NO_PARENT,
    flag_keys,
    join_use,
    left_out,
    same_rows,
    same_texts,
    taken_by_none,
)
from pbcheck.exports.mapping.loading import Loaded, Loader
from pbcheck.exports.mapping.mapping_file import read_mapping_text
from pbcheck.exports.mapping.meaning import made as mapping_of
from pbcheck.exports.mapping.places import PlaceBook
from pbcheck.exports.mapping.spec import Mapping, Use
from pbcheck.exports.mapping.store import Store
from pbcheck.exports.mapping.tally import Reconciliation, TableTally, UseCounter
from pbcheck.model import Input
from pbcheck.source.document import Document, Fault
from pbcheck.source.document import Path as Place
from pbcheck.source.files import FileRead

BLANK_ROW = "blank row"
NOT_READ_ROW = "row that could not be read"
DIFFER = "table-totals-differ"


class MappedExport:
    """The tables that a mapping file names, as contracts and cases. Close it, or use it in a `with`: it keeps a private folder meanwhile.

    Opening reads the mapping and the headings, and raises MappingError with every fault of the mapping before any row is read;
    UsageError where a library or the database is not there. Faults of the tables gather in `file.faults`, each with its own
    file. `inputs` and `account` are complete when the records have been read.
    """

    def __init__(self, file: FileRead, root: Path | None = None) -> None:
        self.file = file
        self.account = Reconciliation()
        self.closing = ExitStack()
        self.inputs: list[Input] = []
        raw = _bytes(file)
        text = read_mapping_text(raw, file.shown)
        mapping = mapping_of(text)
        text.refuse()
        try:
            self.store = self.closing.enter_context(Store())
            loader = Loader(mapping, file.path.parent, root, file.shown, self.store, self.closing)
            tables = loader.open_all(text)
            text.refuse()
        except BaseException:
            self.closing.close()
            raise
        self.mapping, self.loader = mapping, loader
        self.tables = {one.table.name: one for one in tables}
        self.uses = mapping.uses()
        self.book = _book(mapping, self.tables)
        self.faults = Faults(file.faults, self.book, self.tables, self.uses)
        self.counters: list[UseCounter] = []

    def __enter__(self) -> MappedExport:
        return self

    def __exit__(self, *stopped: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the private folder and end the connection to the database."""
        self.closing.close()

    def documents(self, kind: str = "") -> Iterator[Document]:
        """Yield the contracts, then the cases, or those of one `kind`; what was yielded once is not read again.

        Raises UsageError where the disk is full.
        """
        try:
            if not self.counters:
                self._load()
            for root in [one for one in self.mapping.records if kind in ("", one.kind) and one.kind not in self.account.records]:
                self.account.records[root.kind] = 0
                for document in Builder(root, self.tables, self.store, self.counters, self.book, self.faults).documents():
                    self.account.records[root.kind] += 1
                    self.file.records += 1
                    yield document
                self._settle(root)
        except self.store.errors as error:
            words = "free space on the disk that holds temporary files, or name another one in TMPDIR"
            raise UsageError(f"The tables could not be joined ({type(error).__name__}): {words}.") from None

    def _load(self) -> None:
        """Bring the tables into the store, join them, and count what is left out before any record is made."""
        for table in self.tables.values():
            self.loader.load(table)
            flag_keys(self.store, table)
            for shown, fault in table.faults:
                self.faults.table(shown, fault)
            self.inputs += table.inputs
        for use in self.uses:
            files = [one.source.shown for one in self.tables[use.home.table].files]
            self.counters.append(UseCounter(use, self.tables[use.home.table].places, files))
        for use in self.uses:
            self._prepare(use)
        told: set[tuple[int, int, str]] = set()
        for use in self.uses:
            if not use.same_row:
                self._left_out(use, told)

    def _prepare(self, use: Use) -> None:
        """Count what one use has to account for, and join its rows to those they belong to."""
        table = self.tables[use.home.table]
        counter = self.counters[use.number]
        counter.tally.read = table.rows
        for reason, rows in ((BLANK_ROW, table.blank), (NOT_READ_ROW, table.broken)):
            if rows:
                counter.tally.left[reason] = rows
        for at, (_, places) in enumerate(counter.money):
            for *cells, rows in same_texts(self.store, table, places):
                counter.read(at, cells, rows)
        use.unread = table.unread
        self.faults.without_owner[use.number] = table.broken > 0
        if not use.same_row:
            join_use(self.store, use, self.tables)

    def _left_out(self, use: Use, told: set[tuple[int, int, str]]) -> None:
        """Count the rows that a use leaves out before any record is made, and say which have a fault."""
        table = self.tables[use.table]
        own = [*use.key] if use.parent is None else [own for own, _ in use.match]
        for reason, file, row, name, *cells in left_out(self.store, use, table):
            words = ""
            if reason == BLANK_KEY:
                self.faults.without_owner[use.number] = True
                words = "The row does not say which record it belongs to: this cell is blank. Fill it in, or take the row out."
                check, column = "table-key-blank", own[0]
            elif reason == NO_PARENT and not use.lookup:
                above = use.parent.table if use.parent else ""
                words = f"The row belongs to one that is not in the table `{above}`, or is left out there: add it, or correct this cell."
                check, column = "table-row-without-owner", own[0]
            elif reason == KEY_TWICE and (file, row, use.table) not in told:
                told.add((file, row, use.table))
                words = "Another row has the same key but says otherwise: give each row its own key, or take one of the two out."
                check, column = "table-rows-differ", table.table.key[0]
            if words:
                self.faults.row(check, words, use, file, row, name, column)
            reason = NOT_ASKED_FOR if reason == NO_PARENT and use.lookup else reason
            self.counters[use.number].take(cells, reason, (file, row))
            for below in use.lists:
                if below.same_row:
                    self.counters[below.number].take(cells, reason, (file, row))

    def _settle(self, root: Use) -> None:
        """Hold the account of one kind of record against itself; complete it after the last one."""
        for one in (self.counters[use.number].tally for use in root.all()):
            self.account.uses.append(one)
            if not one.agrees:
                words = f"Rows or amounts of the table `{one.table}` for `{one.part}` do not add up: tell the maintainers of pbcheck."
                self.faults.table(self.file.shown, Fault(DIFFER, words))
        if len(self.account.records) == len(self.mapping.records):
            self._tables()
            self.faults.close()

    def _tables(self) -> None:
        """Add to the account what there is to say of each table."""
        for name, table in self.tables.items():
            files = tuple(one.source.shown for one in table.files)
            made = TableTally(name, files, table.rows, table.blank, table.broken, tuple(table.not_mapped()), unread=table.unread)
            uses = [one for one in self.uses if one.table == name]
            if not table.table.key and any(one.list_path for one in uses):
                made.same = same_rows(self.store, table)
            made.taken_by_none = taken_by_none(self.store, uses, table)
            self.account.tables.append(made)


def _bytes(file: FileRead) -> bytes:
    try:
        raw = file.path.read_bytes()
    except OSError:
        raise UsageError(f"{file.shown} cannot be read: check the path, and that this user may read it.") from None
    file.sha256, file.size = hashlib.sha256(raw).hexdigest(), len(raw)
    return raw


def _book(mapping: Mapping, tables: dict[str, Loaded]) -> PlaceBook:
    book = PlaceBook()
    for use in mapping.uses():
        files = tables[use.home.table].files
        book.files.append([one.source.shown for one in files])
        fed: dict[Place, list[int]] = {}
        for made in use.fields:
            if made.columns:
                fed[made.path] = [one.columns[plain(made.columns[0])] + 1 for one in files]
        book.columns.append(fed)
    return book


def read_mapped(file: FileRead, root: Path | None) -> Iterator[Document]:
    """Yield the contracts, then the cases that a mapping file makes of its tables; faults gather in `file.faults`.

    `root` is the folder that links must not leave. Raises MappingError before any row is read, and UsageError.
    """
    with MappedExport(file, root) as export:
        yield from export.documents()
