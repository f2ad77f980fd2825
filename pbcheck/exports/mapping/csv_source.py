"""CSV files: the encoding found out, every row with the number of its line, and nothing lost without a word.

DuckDB's sniffer proposes the delimiter. The rows themselves are read by Python's reader: it keeps the line of each row and refuses what is
broken, where a reader made for speed skips it.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from pbcheck.exports.mapping.sources import Broken, Row
from pbcheck.exports.mapping.store import Store
from pbcheck.source.document import Fault, Mark, Unreadable

BLOCK = 1 << 20
SAMPLE = 1 << 16
DELIMITERS = (",", ";", "\t", "|")
_CODECS = {"utf-8": "utf-8-sig", "windows-1252": "cp1252", "utf-16": "utf-16"}


class CsvSource:
    """A CSV file; raises Unreadable where it is empty or changes while it is read."""

    def __init__(self, path: Path, shown: str, encoding: str, store: Store) -> None:
        self.path: Path | None = path
        self.file = path
        self.shown = shown
        self.before = path.stat()
        self.sha256, self.size, found = _first_pass(path)
        if not self.size:
            raise Unreadable(Fault("empty-file", "The table is empty: expected a row of headings.", Mark(1, 1)))
        self.codec = _CODECS[encoding or found]
        with path.open("r", encoding=self.codec, errors="replace", newline="") as handle:
            sniffed = store.delimiter(handle.read(SAMPLE))
        self.delimiters: Sequence[str] = list(dict.fromkeys([one for one in (sniffed,) if one in DELIMITERS] + list(DELIMITERS)))

    def rows(self, delimiter: str = "") -> Iterator[Row | Broken]:
        """Yield the rows, each with the number of the line it begins on."""
        with self.file.open("r", encoding=self.codec, errors="replace", newline="") as handle:
            reader = csv.reader(handle, delimiter=delimiter or ",", strict=True)
            before = 0
            while True:
                try:
                    cells = next(reader)
                    yield Row(before + 1, [one.strip() for one in cells])
                except StopIteration:
                    break
                except csv.Error:
                    where = f"lines {before + 1} to {reader.line_num}" if reader.line_num > before + 1 else "this line"
                    words = f"A quotation mark on {where} is not closed, or stands inside a cell: export the table again."
                    yield Broken(before + 1, reader.line_num, words)
                before = reader.line_num
        after = self.file.stat()
        if (after.st_mtime_ns, after.st_size, after.st_ino) != (self.before.st_mtime_ns, self.before.st_size, self.before.st_ino):
            raise Unreadable(Fault("file-changed", "The table changed while it was being read: run again when nothing writes to it."))


def _first_pass(path: Path) -> tuple[str, int, str]:
    """Return the hash, the size in bytes and the encoding of a file: UTF-16 by its mark, UTF-8 where every byte fits, else Windows-1252."""
    found, utf8 = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    size, encoding = 0, "utf-8"
    with path.open("rb") as handle:
        while block := handle.read(BLOCK):
            if not size and block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                encoding = "utf-16"
            found.update(block)
            size += len(block)
            try:
                if encoding == "utf-8":
                    utf8.decode(block, final=size == os.fstat(handle.fileno()).st_size)
            except UnicodeDecodeError:
                encoding = "windows-1252"
    return found.hexdigest(), size, encoding
