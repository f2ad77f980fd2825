"""The rows of a return brought together person by person, out of core: a private database on disk that vanishes when it is closed.

A person is known by the NHS number, else by the council's own identifier (the national method). Where a row has no NHS number,
but other rows with the same identifier have one and the same, that is the person's. NHS numbers are kept as hashes with a key of
this run, so that none is ever written to disk.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter, mul
from types import TracebackType
from typing import Any

MEMORY = 64 * 1024  # kibibytes the database may hold before it writes to disk
BATCH = 5000
_WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2)
_DIGITS = re.compile(r"[0-9]{10}\Z")

COUNTED = ("la_code", "period_start", "period_end", "event_type", "start", "end")
"""The columns that are counted over the whole file; all cells of a row are kept in one packed text beside."""
_BETWEEN = "\x1f"

Stored = tuple[Any, ...]
"""A row as given back: the number of the person, line, offset, whether the identifier goes with several NHS numbers, and its cells."""


class Store:
    """A table of rows that gives them back by person: use it in a `with` statement."""

    def __init__(self, names: Sequence[str]) -> None:
        self.counted = itemgetter(*(names.index(name) for name in COUNTED))
        self.key = os.urandom(32)
        self.database = sqlite3.connect("", check_same_thread=False)

    def __enter__(self) -> Store:
        for setting in (f"cache_size = -{MEMORY}", "temp_store = FILE", "journal_mode = OFF", "synchronous = OFF"):
            self.database.execute(f"PRAGMA {setting}")
        self.database.execute(f"CREATE TABLE event (line INTEGER, offset INTEGER, nhs BLOB, la TEXT, {', '.join(COUNTED)}, packed)")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.database.close()

    def nhs_key(self, text: str) -> bytes | None:
        """Return the hash that stands for an NHS number; None where the text is none."""
        digits = text.replace(" ", "").replace("-", "")
        return hashlib.blake2b(digits.encode(), digest_size=16, key=self.key).digest() if is_nhs_number(digits) else None

    def fill(self, rows: Iterable[tuple[int, int, bytes | None, str, list[str]]]) -> None:
        """Take all rows: line, offset, the hash of the NHS number or None, the council's code with its identifier, and the cells."""
        places = ", ".join("?" * (5 + len(COUNTED)))
        packed = ((line, offset, nhs, la, *self.counted(cells), _pack(cells)) for line, offset, nhs, la, cells in rows)
        self.database.executemany(f"INSERT INTO event VALUES ({places})", packed)  # noqa: S608  # placeholders only
        self.database.executescript(_PERSONS)

    def counts(self, *names: str) -> list[tuple[Any, ...]]:
        """Return how often each combination of what stands in some columns occurs, in the order of the combinations."""
        listed = ", ".join(names)
        found = self.database.execute(f"SELECT {listed}, COUNT(*), MIN(line), MIN(offset) FROM event GROUP BY {listed} ORDER BY {listed}")  # noqa: S608  # our own names
        return found.fetchall()

    def people(self) -> Iterator[Stored]:
        """Yield the rows person by person, in the order of the persons' first rows; person 0 is nobody."""
        cursor = self.database.execute(
            "SELECT person.first, line, offset, COALESCE(known.many, 0) > 1, packed FROM event"
            " JOIN owner USING (line) JOIN person USING (who) LEFT JOIN known USING (la) ORDER BY 1, 2"
        )
        while batch := cursor.fetchmany(BATCH):
            for person, line, offset, clash, packed in batch:
                yield person, line, offset, clash, packed.split(_BETWEEN)


def _pack(cells: list[str]) -> str:
    packed = _BETWEEN.join(cells)
    if packed.count(_BETWEEN) == len(cells) - 1:
        return packed
    return _BETWEEN.join(cell.replace(_BETWEEN, "\N{REPLACEMENT CHARACTER}") for cell in cells)


_PERSONS = """
CREATE TABLE known (la TEXT PRIMARY KEY, nhs BLOB, many INTEGER) WITHOUT ROWID;
INSERT INTO known SELECT la, MIN(nhs), COUNT(DISTINCT nhs) FROM event WHERE nhs IS NOT NULL AND la <> '' GROUP BY la;
CREATE TABLE owner (line INTEGER PRIMARY KEY, who BLOB);
INSERT INTO owner SELECT line, COALESCE(event.nhs, CASE WHEN known.many = 1 THEN known.nhs END, NULLIF(event.la, ''), 0)
  FROM event LEFT JOIN known USING (la) ORDER BY line;
CREATE TABLE person (who BLOB PRIMARY KEY, first INTEGER) WITHOUT ROWID;
INSERT INTO person SELECT who, CASE WHEN who = 0 THEN 0 ELSE MIN(line) END FROM owner GROUP BY who;
"""


def is_nhs_number(text: str) -> bool:
    """Return whether a text is a valid NHS number: ten digits of which the last is the check digit (modulus 11)."""
    if not _DIGITS.match(text) or len(set(text)) == 1:
        return False
    rest = 11 - sum(map(mul, map(int, text), _WEIGHTS)) % 11
    return rest != 10 and (0 if rest == 11 else rest) == int(text[9])
