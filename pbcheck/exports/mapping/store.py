"""A private place for tables while they are joined: a DuckDB file in a folder of its own, bounded in memory, removed at the end."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from pbcheck.errors import UsageError

MEMORY = "120MB"
FETCH = 500
SAMPLE = "sample.csv"
_SPOOL = "header=false, all_varchar=true, delim=',', quote='\"', escape='\"', auto_detect=false, parallel=false"


class Store:
    """A DuckDB database in a private temporary folder; nothing is loaded from the network and nothing is left behind.

    Raises UsageError where DuckDB is not installed.
    """

    def __init__(self) -> None:
        try:
            import duckdb
        except ImportError:
            raise UsageError("Tables are read with DuckDB, which is not installed: pip install 'pbcheck[tables]'.") from None
        self.home = tempfile.TemporaryDirectory(prefix="pbcheck-")
        self.folder = Path(self.home.name)
        config: dict[str, Any] = {
            "memory_limit": MEMORY,
            "threads": 2,
            "temp_directory": str(self.folder / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        self.connection: Any = duckdb.connect(str(self.folder / "tables.duckdb"), config=config)
        self.errors: type[Exception] = duckdb.Error

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and remove its folder."""
        self.connection.close()
        self.home.cleanup()

    def run(self, words: str) -> None:
        """Run one statement made of generated names only."""
        self.connection.execute(words)

    def rows(self, words: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query, a few thousand in memory at a time."""
        cursor = self.connection.cursor()
        try:
            cursor.execute("SET streaming_buffer_size = '100KB'")  # for each of many streams read side by side
            cursor.execute(words, list(values))
            while batch := cursor.fetchmany(FETCH):
                yield from batch
        finally:
            cursor.close()

    def in_order(self, table: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table made in the order of its first column, numbers from 1: sorting it anew would fill the memory."""
        for number, row in enumerate(self.rows(f"SELECT * FROM {table}"), 1):  # noqa: S608  # generated names
            if row[0] != number:
                raise AssertionError(f"{table} is not read in the order in which it was made")
            yield row

    def load(self, name: str, width: int, rows: Iterable[Sequence[Any]]) -> None:
        """Make a table of rows: `f` (number of the file), `r` (row in it), `k` (name of the row, or empty) and `width` cells of text."""
        spool = self.folder / f"{name}.csv"
        with spool.open("w", encoding="utf-8", errors="replace", newline="") as handle:
            csv.writer(handle, quoting=csv.QUOTE_ALL).writerows(rows)
        types = ", ".join(["'f': 'INTEGER'", "'r': 'BIGINT'", "'k': 'VARCHAR'", *(f"'c{at}': 'VARCHAR'" for at in range(width))])
        cells = "".join(f", coalesce(c{at}, '') AS c{at}" for at in range(width))
        words = f"CREATE TABLE {name} AS SELECT f, r, coalesce(k, '') AS k{cells} FROM read_csv(?, columns={{{types}}}, {_SPOOL})"  # noqa: S608  # generated names
        self.connection.execute(words, [str(spool)])
        spool.unlink()

    def delimiter(self, sample: str) -> str:
        """Return what DuckDB's sniffer takes for the delimiter of a CSV text; empty where it cannot tell."""
        path = self.folder / SAMPLE
        path.write_text(sample, encoding="utf-8", errors="replace", newline="")
        words = "SELECT Delimiter FROM sniff_csv(?, all_varchar=true, null_padding=true, strict_mode=false)"
        try:
            found = self.connection.execute(words, [str(path)]).fetchone()
        except self.errors:
            return ""
        finally:
            path.unlink()
        return str(found[0]) if found else ""
