"""What runs on the machines of a cluster: first the lines are counted and their ids hashed, then they are judged.

Rows come as Spark reads them: the address of a file, where the split of the file starts that the row is in, and the bytes of a line
(or of a cell that holds a record). Of one split they come in their order, the only order that Spark promises.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pbcheck.findings import from_fault
from pbcheck.judging import Chunk, Line, judge_lines, key_of
from pbcheck.known import KEY
from pbcheck.opened import case_among
from pbcheck.packing import packed
from pbcheck.source.document import Fault, Mark
from pbcheck.source.files import FileRead, line_document
from pbcheck.source.lines import LONGEST_LINE, PIECE
from pbcheck.spark.reading import plain
from pbcheck.workers import Duty

SURVEYED = "file string, start bigint, size bigint, first bigint, number bigint, keys binary"
JUDGED = "file string, start bigint, size bigint, first bigint, number bigint, packed binary"
NO_KEY = bytes(KEY)
_TOO_LONG = f"This line is longer than {LONGEST_LINE >> 20} MB, which no record needs: it was not read."


class Split(NamedTuple):
    """A part of a file that Spark reads in one go: the file's address, at which byte the part starts, and the file's size in bytes."""

    file: str
    start: int
    size: int


@dataclass(frozen=True)
class Job:
    """What the workers need: how each file is called and what it holds, where its splits begin, and which lines repeat a record.

    `duty` are the bytes of `Duty.written`. `cells` says that every row is a record, also an empty one; else blank lines are none.
    """

    files: dict[str, tuple[str, str, str]]
    named: bool
    cells: bool
    duty: bytes = b""
    before: dict[Split, int] = field(default_factory=dict)
    repeated: frozenset[tuple[str, int]] = frozenset()

    def file(self, address: str) -> FileRead:
        """Return a file, of which nothing was read yet."""
        path, shown, kind = self.files[plain(address)]
        return FileRead(Path(path), shown, kind)

    def holds(self, raw: bytes) -> bool:
        """Return whether a row is to be read as a record."""
        return self.cells or bool(raw.strip())


class _Places:
    """The rows of batches in groups: of one split, in their order, and of about so many bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.seen: dict[Split, int] = {}

    def groups(self, batches: Iterable[Any]) -> Iterator[tuple[Split, int, list[bytes]]]:
        """Yield groups: the split, how many rows of it came before, and the bytes of each row."""
        split, rows, weight = Split("", 0, 0), list[bytes](), 0
        for batch in batches:
            columns = (batch.column(number).to_pylist() for number in range(4))
            for *place, raw in zip(*columns, strict=True):
                if rows and (weight >= self.size or tuple(place) != split):
                    yield self._group(split, rows)
                    rows, weight = [], 0
                if not rows:
                    split = Split(*place)
                rows.append(b"null" if raw is None else raw)
                weight += len(rows[-1])
        if rows:
            yield self._group(split, rows)

    def _group(self, split: Split, rows: list[bytes]) -> tuple[Split, int, list[bytes]]:
        first = self.seen.get(split, 0)
        self.seen[split] = first + len(rows)
        return split, first, rows


class _Repeated:
    """Says of the line that is being judged whether it repeats a record: that was found out before, for all machines together."""

    def __init__(self, places: frozenset[tuple[str, int]]) -> None:
        self.places = places
        self.at = ("", 0)

    def met(self, key: bytes) -> bool:
        """Return whether the id of the line that is being judged was met before."""
        return self.at in self.places


def survey(job: Job, batches: Iterable[Any]) -> Iterator[Any]:
    """Yield how many rows each group has, and the hashed id of each row (NO_KEY where it has none), in the columns of SURVEYED."""
    for split, first, rows in _Places(PIECE).groups(batches):
        file = job.file(split.file)
        keys = b"".join(_key(job, file, raw) for raw in rows)
        yield _batch((*split, first, len(rows), keys), SURVEYED)


def _key(job: Job, file: FileRead, raw: bytes) -> bytes:
    if not job.holds(raw) or len(raw) > LONGEST_LINE:
        return NO_KEY
    document = line_document(file, raw, 1)
    return (document is not None and case_among(document, file, named=job.named) and key_of(document)) or NO_KEY


def judge(job: Job, batches: Iterable[Any]) -> Iterator[Any]:
    """Yield what came of each group of rows, packed, in the columns of JUDGED."""
    duty = _duty(job.duty)
    for split, first, rows in _Places(PIECE).groups(batches):
        chunk = _judged(job, duty, job.file(split.file), job.before.get(split, 0) + first + 1, rows)
        yield _batch((*split, first, len(rows), packed(chunk, duty.asked)), JUDGED)


@lru_cache(maxsize=1)
def _duty(raw: bytes) -> Duty:
    made: Duty = pickle.loads(raw)  # noqa: S301 from the program that asks
    return made


def _judged(job: Job, duty: Duty, file: FileRead, number: int, rows: list[bytes]) -> Chunk:
    known = _Repeated(job.repeated)
    too_long: list[int] = []

    def lines() -> Iterator[Line]:
        for at, raw in enumerate(rows, number):
            if len(raw) > LONGEST_LINE:
                too_long.append(at)
            elif job.holds(raw):
                known.at = (file.shown, at)
                yield file, at, raw

    chunk = judge_lines(lines(), duty.context, known)
    if too_long:
        here = FileRead(file.path, file.shown, file.kind)
        here.faults += [Fault("too-large", _TOO_LONG, Mark(at, 1)) for at in too_long]
        rules = duty.context.rulebook.rules
        chunk.findings += [from_fault(rules[one.check], one, here.shown) for one in here.faults]
        chunk.files = chunk.files or [here]
        chunk.files[0].faulty += len(too_long)
    return chunk


def _batch(row: tuple[Any, ...], columns: str) -> Any:
    import pyarrow as pa

    types = {"string": pa.string(), "bigint": pa.int64(), "binary": pa.binary()}
    schema = pa.schema([(name, types[kind]) for name, kind in (one.split() for one in columns.split(", "))])
    return pa.record_batch([pa.array([value], field.type) for value, field in zip(row, schema, strict=True)], schema)
