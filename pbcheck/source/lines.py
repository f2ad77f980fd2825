"""Files of lines in pieces: plain, gzip or Zstandard, never more in memory than a piece, and never unfolded beyond a bound."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pbcheck.source.document import Fault, Mark, Unreadable

PLAIN = (".jsonl", ".ndjson")
GZIP, ZSTD = ".gz", ".zst"
LINES = (*PLAIN, *(plain + packed for plain in PLAIN for packed in (GZIP, ZSTD)))
PIECE = 1 << 20
LONGEST_LINE = 32 << 20
MOST_UNFOLDED = 64 << 30
MOST_TIMES = 250
"""A file may unfold to so many times its size, and to `FREE` bytes in any case."""
FREE = 64 << 20
_READ = 1 << 16
_ZSTD_READ = 1 << 10  # a Zstandard block of four bytes can stand for 128 KiB: so little at a time bounds what comes of it
_ZSTD_WINDOW = 1 << 27
_BOM = b"\xef\xbb\xbf"


class Reading(Protocol):
    """What is taken down of a file while it is read: its hash and its size, in bytes as they lie on the disk."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True)
class Piece:
    """Whole lines of a file, and the number of the first of them, from 1."""

    number: int
    raw: bytes

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield each line that is not blank with its number, without its end."""
        for number, raw in enumerate(self.raw.split(b"\n"), self.number):
            if raw and not raw.isspace():
                yield number, raw


class _Damaged(Exception):
    """The compressed file is damaged, or ends in the middle."""


def ending(path: Path) -> str:
    """Return what says how a file is to be read: its suffix, and the one before it where the file is compressed; in small letters."""
    both = "".join(path.suffixes[-2:]).lower()
    return both if both in LINES else path.suffix.lower()


def pieces(file: Reading, size: int = PIECE) -> Iterator[Piece]:
    """Yield a file of lines in pieces of about `size` bytes; takes down its hash and its size.

    Raises Unreadable where it cannot be read to its end; what was yielded before then are whole lines that were read soundly.
    """
    digest, cut = hashlib.sha256(), _Cut(size)
    with file.path.open("rb") as handle:
        before = os.fstat(handle.fileno())
        small = ending(file.path).endswith(ZSTD)
        blocks = _blocks(handle, file, digest, size if ending(file.path) in PLAIN else _ZSTD_READ if small else _READ)
        try:
            for block in _unfolded(ending(file.path), blocks, file):
                yield from cut.more(block)
        except _Damaged:
            yield from cut.whole_lines()
            words = f"The compressed file is damaged or cut off here: {_before(cut.number)}. Make the file again."
            raise Unreadable(Fault("file-not-read", words, Mark(cut.number, 1))) from None
        except Unreadable:
            yield from cut.whole_lines()
            raise
        yield from cut.rest()
        unchanged(before, file.path)
    file.sha256 = digest.hexdigest()


def unchanged(before: os.stat_result, path: Path) -> None:
    """Raise Unreadable where a file is not what it was when it was opened."""
    after = path.stat()
    if (before.st_mtime_ns, before.st_size, before.st_ino) != (after.st_mtime_ns, after.st_size, after.st_ino):
        words = "The file changed while it was being read: run again when nothing writes to it."
        raise Unreadable(Fault("file-changed", words))


def _before(number: int) -> str:
    return f"{number - 1:,} {'line' if number == 2 else 'lines'} before this place {'was' if number == 2 else 'were'} read"


class _Cut:
    """Cuts what is read into pieces of whole lines; `number` is that of the first line that was not yielded yet."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.number = 1
        self.kept = bytearray()
        self.began = False

    def more(self, block: bytes) -> Iterator[Piece]:
        """Take more bytes; yield the pieces that are full."""
        if not block:
            return
        self.kept += block
        if not self.began and len(self.kept) >= len(_BOM):
            self.began = True
            if self.kept.startswith(_BOM):
                del self.kept[: len(_BOM)]
        if len(self.kept) >= self.size:
            yield from self.whole_lines()
        if len(self.kept) > LONGEST_LINE:
            words = f"This line is longer than {LONGEST_LINE >> 20} MB, which no record needs: {_before(self.number)}, and none after it."
            self.kept.clear()
            raise Unreadable(Fault("too-large", words, Mark(self.number, 1)))

    def whole_lines(self) -> Iterator[Piece]:
        """Yield what there is up to the last line that has an end."""
        end = self.kept.rfind(b"\n") + 1
        if end:
            yield self._piece(end)

    def rest(self) -> Iterator[Piece]:
        """Yield what is left at the end of the file, whose last line may lack its end."""
        if self.kept.strip():
            yield self._piece(len(self.kept))

    def _piece(self, end: int) -> Piece:
        with memoryview(self.kept) as kept:
            made = Piece(self.number, bytes(kept[:end]))
        del self.kept[:end]
        self.number += made.raw.count(b"\n")
        return made


def _blocks(handle: Any, file: Reading, digest: Any, size: int) -> Iterator[bytes]:
    while block := handle.read(size):
        digest.update(block)
        file.size += len(block)
        yield block


def _unfolded(suffix: str, blocks: Iterator[bytes], file: Reading) -> Iterator[bytes]:
    """Yield what a file unfolds to; raises Unreadable where that is more than any export needs."""
    if suffix in PLAIN:
        yield from blocks
        return
    total = 0
    for block in _gzip(blocks) if suffix.endswith(GZIP) else _zstd(blocks):
        total += len(block)
        if total > MOST_UNFOLDED or total > max(FREE, MOST_TIMES * file.size):
            bound = f"{MOST_UNFOLDED >> 30} GB" if total > MOST_UNFOLDED else f"{MOST_TIMES} times its size"
            words = f"The file unfolds to more than {bound}: the rest of it was not read. Unpack it, and give the unpacked file."
            raise Unreadable(Fault("too-large", words))
        yield block


def _gzip(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what gzip members, one after another, unfold to."""
    inside, begun = zlib.decompressobj(wbits=31), False
    for block in blocks:
        left = block
        while left:
            if inside.eof:
                left = left.lstrip(b"\0")  # a tape's filling after the last member
                if not left:
                    break
                inside = zlib.decompressobj(wbits=31)
            begun = True
            yield from _inflated(inside, left)
            left = inside.unused_data
    if begun and not inside.eof:
        raise _Damaged


def _inflated(inside: Any, block: bytes) -> Iterator[bytes]:
    left = block
    while True:
        try:
            made = inside.decompress(left, PIECE)
        except zlib.error:
            raise _Damaged from None
        yield made
        left = inside.unconsumed_tail
        if not left and len(made) < PIECE:
            return


def _zstd(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what Zstandard frames, one after another, unfold to."""
    start, error = _zstd_library()
    inside, begun = start(), False
    for block in blocks:
        left = block
        while left:
            if inside.eof:
                inside = start()
            begun = True
            try:
                yield inside.decompress(left)
            except error:
                raise _Damaged from None
            left = inside.unused_data
    if begun and not inside.eof:
        raise _Damaged


def _zstd_library() -> tuple[Callable[[], Any], type[Exception]]:
    """Return what unfolds a frame, and the error it raises: Python's own from 3.14 on, else the package zstandard."""
    try:
        from compression import zstd  # type: ignore[import-not-found]  # there from Python 3.14 on
    except ImportError:
        pass
    else:
        bound = {zstd.DecompressionParameter.window_log_max: 27}
        return lambda: zstd.ZstdDecompressor(options=bound), zstd.ZstdError
    try:
        import zstandard
    except ImportError:
        words = 'This file needs the package zstandard to be unpacked: pip install "pbcheck[zstd]", or unpack it yourself.'
        raise Unreadable(Fault("file-not-read", words)) from None
    return lambda: zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj(), zstandard.ZstdError
