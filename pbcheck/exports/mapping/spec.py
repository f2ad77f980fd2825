"""What a mapping file says, once it has been read and checked: tables, and the uses that records make of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pbcheck.exports.mapping.convert import How
from pbcheck.source.document import Path as Place


@dataclass(frozen=True)
class Table:
    """One table: where it is read from, and how. `place` is where the mapping names it."""

    name: str
    place: Place
    file: str = ""
    relation: str = ""
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    heading_row: int = 0
    key: tuple[str, ...] = ()
    pad_short_rows: bool = False
    not_used: tuple[str, ...] = ()


@dataclass(frozen=True)
class FieldMap:
    """One field and what makes it: `path` below its group or element, the headings of its columns, or a constant."""

    path: tuple[str, ...]
    place: Place
    columns: tuple[str, ...]
    how: How
    constant: Any = None

    @property
    def money(self) -> bool:
        """Whether the field is an amount of money that a column holds."""
        return self.how.type.kind == "money" and bool(self.columns)


@dataclass
class Use:
    """One use of a table: for the records themselves, for one row beside each (a join), or for a list of each.

    `list_path` is the list below the group or element above (empty for records and joins), `base` the same from the root of
    the record with 0 for elements. `match` pairs own columns with columns of `parent`. Without a `table`, the elements are made of
    further columns of the row of `parent`.
    """

    number: int
    kind: str
    place: Place
    table: str
    base: tuple[str | int, ...] = ()
    list_path: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    match: tuple[tuple[str, str], ...] = ()
    only: tuple[tuple[str, frozenset[str]], ...] = ()
    latest: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    complete: bool = False
    repeats: bool = False
    lookup: bool = False
    fields: list[FieldMap] = field(default_factory=list)
    joins: list[Use] = field(default_factory=list)
    lists: list[Use] = field(default_factory=list)
    parent: Use | None = None
    unread: bool = False

    @property
    def name(self) -> str:
        """Return how the use is called in words: the kind of record, or the list."""
        steps = [str(one) for one in self.base if one != 0]
        return ".".join(steps) or self.kind

    @property
    def same_row(self) -> bool:
        """Whether the elements are made of the row of the use above."""
        return not self.table

    @property
    def below(self) -> list[Use]:
        """The uses that hang on this one."""
        return [*self.joins, *self.lists]

    @property
    def home(self) -> Use:
        """The use whose row this one reads: itself, or the nearest above with a table."""
        return self.parent.home if self.same_row and self.parent else self

    def all(self) -> Iterator[Use]:
        """Yield this use and every one below it, each before those that hang on it."""
        yield self
        for one in self.below:
            yield from one.all()

    def columns(self) -> Iterator[tuple[str, Place]]:
        """Yield the headings that this use reads in its own row, and where the mapping names them."""
        for one in self.fields:
            for column in one.columns:
                yield column, one.place
        for own, _ in self.match:
            yield own, (*self.place, "match")
        for column in self.key:
            yield column, (*self.place, "key")
        for column, _ in self.only:
            yield column, (*self.place, "only", column)
        for below in self.below:
            for _, theirs in below.match:
                yield theirs, (*below.place, "match")
            if below.same_row:
                yield from below.columns()


@dataclass
class Mapping:
    """A mapping file as it is used: tables by name, and the uses for contracts and cases."""

    tables: dict[str, Table]
    records: list[Use]
    connection: str = ""
    connection_from: str = ""

    def uses(self) -> list[Use]:
        """Return every use, in the order of their numbers."""
        return [one for record in self.records for one in record.all()]

    def reads(self, table: str) -> list[str]:
        """Return the headings that are read of a table, in order, each once."""
        own = [column for use in self.uses() if use.table == table for column, _ in use.columns()]
        return list(dict.fromkeys([*self.tables[table].key, *own]))
