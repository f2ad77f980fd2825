"""Parquet files: every column as exact text, rows numbered from 1."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from pbcheck.exports.mapping.sources import Broken, Row
from pbcheck.exports.mapping.store import Store
from pbcheck.source.document import Fault, Unreadable


class ParquetSource:
    """A Parquet file; raises Unreadable where DuckDB cannot read it. The names of its columns stand for row 0."""

    delimiters: Sequence[str] = ("",)

    def __init__(self, path: Path, shown: str, store: Store) -> None:
        self.path: Path | None = path
        self.shown = shown
        self.store = store
        self.size = path.stat().st_size
        with path.open("rb") as handle:
            self.sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        try:
            columns = store.connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        except store.errors:
            raise Unreadable(Fault("file-not-read", "This is no readable Parquet file: export the table again.")) from None
        self.names = [str(one[0]) for one in columns]
        self.floats = [str(one[1]) in ("DOUBLE", "FLOAT") for one in columns]

    def rows(self, delimiter: str = "") -> Iterator[Row | Broken]:
        """Yield the names of the columns as row 0, then the rows."""
        yield Row(0, self.names)
        cells = ", ".join('CAST("' + name.replace('"', '""') + '" AS VARCHAR)' for name in self.names)
        try:
            words = f"SELECT file_row_number, {cells} FROM read_parquet(?, file_row_number=true)"  # noqa: S608  # quoted names
            for number, *row in self.store.rows(words, [str(self.path)]):
                yield Row(number + 1, [_text(one, is_float=kind) for one, kind in zip(row, self.floats, strict=True)])
        except self.store.errors:
            raise Unreadable(Fault("file-not-read", "The Parquet file is damaged: export the table again.")) from None


def _text(value: str | None, *, is_float: bool) -> str:
    if value is None:
        return ""
    return value.removesuffix(".0") if is_float else value.strip()
