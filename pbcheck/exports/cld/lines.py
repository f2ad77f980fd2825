"""The text of a return: its records one after another with line and place in the file, and where each cell of a record stands.

A record may run over several lines (a free text with line breaks in quotes). What cannot be taken apart is given back as None,
and reading goes on with the line after it.
"""

from __future__ import annotations

import csv
import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pbcheck.source.document import Mark

BOM = b"\xef\xbb\xbf"
LONGEST = 120_000
_PIECE = 1 << 20


@dataclass(frozen=True)
class Dialect:
    """How the text of a return is written: its encoding, and what stands between two cells."""

    encoding: str
    delimiter: str


class Record(NamedTuple):
    """One record: the line it begins on (from 1), the byte it begins at, and its cells; None where it cannot be taken apart."""

    line: int
    offset: int
    cells: list[str] | None


def encoding_of(path: Path) -> str:
    """Return `utf-8` where the whole file is that, else `cp1252`, as older Excel saves it; raises OSError."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as handle:
        while piece := handle.read(_PIECE):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                return "cp1252"
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


class _Feed:
    """The lines of a file for the csv reader, which may be given back."""

    def __init__(self, handle: BinaryIO, encoding: str, took: Callable[[bytes], object]) -> None:
        self.handle = handle
        self.encoding = encoding
        self.took = took
        self.waiting: deque[bytes] = deque()
        self.taken: list[bytes] = []
        self.first = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.waiting:
            raw = self.waiting.popleft()
        else:
            raw = self.handle.readline()
            if not raw:
                raise StopIteration
            self.took(raw)
        self.taken.append(raw)
        if self.first:
            self.first = False
            raw = raw.removeprefix(BOM)
        return raw.decode(self.encoding, "replace")

    def give_back(self) -> None:
        """Give back all lines of the record but its first, to be read again."""
        self.waiting.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def records(handle: BinaryIO, dialect: Dialect, took: Callable[[bytes], object], width: int = 0) -> Iterator[Record]:
    """Yield the records of a file, the header first, blank lines left out; `took` is given every line of bytes once.

    Where `width` says how many cells a record has, one that runs over several lines and has others is taken for a quotation mark
    that was not closed: only its first line is lost.
    """
    feed = _Feed(handle, dialect.encoding, took)
    reader = csv.reader(feed, delimiter=dialect.delimiter, strict=True)
    line, offset, taken = 1, 0, feed.taken
    spoilt = dialect.encoding != "utf-8"
    while True:
        cells: list[str] | None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            feed.give_back()
            reader = csv.reader(feed, delimiter=dialect.delimiter, strict=True)
            cells = None
        if cells and width and len(cells) != width and len(taken) > 1:
            feed.give_back()
            cells = None
        if cells is None or cells:
            if spoilt and cells and any("\ufffd" in one for one in cells):
                cells = None
            yield Record(line, offset, cells)
        line += len(taken)
        for raw in taken:
            offset += len(raw)
        taken.clear()


def marks(text: str, line: int, delimiter: str) -> list[Mark]:
    """Return where each cell of a record's text stands: line, column and the column after it, all from 1."""
    if '"' not in text:
        column, found = 1, []
        for cell in text.rstrip("\r\n").split(delimiter):
            found.append(Mark(line, column, column + len(cell)))
            column += len(cell) + 1
        return found
    return list(_quoted_marks(text, line, delimiter))


def _quoted_marks(text: str, line: int, delimiter: str) -> Iterator[Mark]:
    column, start, quoted = 1, (line, 1), False
    for character in text:
        if not quoted and character in (delimiter, "\n", "\r"):
            yield Mark(*start, column if start[0] == line else 0)
            if character != delimiter:
                return
            start = (line, column + 1)
        elif character == '"':
            quoted = not quoted
        column += 1
        if character == "\n":
            line, column = line + 1, 1
    yield Mark(*start, column if start[0] == line else 0)


def marks_in(handle: BinaryIO, offset: int, line: int, dialect: Dialect) -> list[Mark]:
    """Return where each cell of the record at a place in an open file stands; raises OSError."""
    handle.seek(offset)
    raw = handle.readline()
    while raw.count(b'"') % 2 and len(raw) < LONGEST:
        more = handle.readline()
        if not more:
            break
        raw += more
    return marks(raw.removeprefix(BOM).decode(dialect.encoding, "replace"), line, dialect.delimiter)


@lru_cache(maxsize=4096)
def marks_at(path: Path, offset: int, line: int, dialect: Dialect) -> tuple[Mark, ...]:
    """Return where each cell of the record at a place in a file stands; a single mark where the file can no longer be read."""
    try:
        with path.open("rb") as handle:
            return tuple(marks_in(handle, offset, line, dialect))
    except OSError:
        return (Mark(line, 1),)


class Hash:
    """The hash and the size of what was read."""

    def __init__(self) -> None:
        self.found = hashlib.sha256()
        self.size = 0

    def __call__(self, raw: bytes) -> None:
        """Take the next bytes of the file."""
        self.found.update(raw)
        self.size += len(raw)
