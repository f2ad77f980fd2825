"""Findings and rows beyond some number lie on disk, in sorted runs that are merged while they are read; a few stay in memory.

The file has no name where the system can do without one, belongs to this process alone, and is gone when nobody needs it, however
the process ends. Nothing in it is ever read but by the process that wrote it.
"""

from __future__ import annotations

import heapq
import weakref
import zlib
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import accumulate, islice
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar, overload

import msgspec

from pbcheck.model import Finding, Location, SetAside, kind_of

T = TypeVar("T")
FEW = 50_000
"""So many things of a kind are kept in memory; where there are more, all of them lie on disk."""
WAITING = 20_000
BLOCK = 1024
MOST_RUNS = 32
_FIELDS = tuple(one.name for one in fields(Finding) if one.name != "location")
_NUMBERS = ("line", "column", "end_column")
_COLUMNS = (*_FIELDS, "location.file", "location.pointer")


Kinds = dict[Any, int]


class Block(NamedTuple):
    """Some things in their order, as bytes: how many, the keys of the first and the last, and how many of each kind."""

    raw: bytes
    number: int
    first: Any = None
    last: Any = None
    kinds: Kinds = {}  # noqa: RUF012 nobody writes to it


class Coding(NamedTuple, Generic[T]):
    """How things come back from bytes, and become bytes where they do not come packed; what they are sorted by, and counted by.

    Without a `key` they keep the order in which they came.
    """

    unpack: Callable[[bytes], Iterable[T]]
    pack: Callable[[Sequence[T]], bytes] | None = None
    key: Callable[[T], Any] | None = None
    kind: Callable[[T], Any] | None = None

    def blocks(self, things: Iterable[T]) -> Iterator[Block]:
        """Yield things that are in their order as blocks; raises TypeError for what comes packed."""
        left = iter(things)
        while some := list(islice(left, BLOCK)):
            if self.pack is None:
                raise TypeError("these things come packed")
            first, last = (self.key(some[0]), self.key(some[-1])) if self.key else (None, None)
            yield Block(self.pack(some), len(some), first, last, dict(Counter(map(self.kind, some))) if self.kind else {})


def pack_findings(findings: Sequence[Finding]) -> bytes:
    """Return findings as bytes: column by column, each value that comes again and again written once."""
    table: dict[Any, int] = {}
    columns = [array("I", [table.setdefault(one, len(table)) for one in map(attrgetter(name), findings)]) for name in _COLUMNS]
    columns += [array("I", map(attrgetter(f"location.{name}"), findings)) for name in _NUMBERS]
    values = [_written(one) for one in table]
    return zlib.compress(msgspec.msgpack.encode(([one.tobytes() for one in columns], values)), 1)


def _written(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    return {one.name: _written(getattr(value, one.name)) for one in fields(value)} if isinstance(value, SetAside) else value


def _read(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogatepass")
    if isinstance(value, list):
        return tuple(_read(one) for one in value)
    return SetAside(**{name: _read(one) for name, one in value.items()}) if isinstance(value, dict) else value


def unpack_findings(raw: bytes) -> list[Finding]:
    """Return the findings that `pack_findings` wrote."""
    columns, written = msgspec.msgpack.decode(zlib.decompress(raw))
    values = [_read(one) for one in written]
    found = [array("I", one) for one in columns]
    width = len(_FIELDS)
    own = zip(*([values[at] for at in column] for column in found[:width]), strict=True)
    files, pointers = ([values[at] for at in column] for column in found[width : width + 2])
    made = []
    for ours, file, pointer, line, column, end in zip(own, files, pointers, *found[width + 2 :], strict=True):
        place, one = object.__new__(Location), object.__new__(Finding)
        place.__dict__.update(file=file, line=line, column=column, pointer=pointer, end_column=end)
        one.__dict__.update(zip(_FIELDS, ours, strict=True), location=place)
        made.append(one)
    return made


def finding_key(one: Finding) -> Any:
    """Return what findings are sorted by."""
    return one.sort_key


FINDINGS: Coding[Finding] = Coding(unpack_findings, pack_findings, finding_key, kind_of)


def pack_rows(rows: Sequence[Any]) -> bytes:
    """Return rows of plain data as bytes."""
    return zlib.compress(msgspec.msgpack.encode([dict(one) for one in rows]), 1)


def unpack_rows(raw: bytes) -> list[Any]:
    """Return the rows that `pack_rows` wrote; a list that was a tuple stays a list."""
    found: list[Any] = msgspec.msgpack.decode(zlib.decompress(raw))
    return found


ROWS: Coding[Any] = Coding(unpack_rows, pack_rows)


class Store:
    """A file without a name, for this process alone, which is closed and gone when nobody refers to this any more."""

    def __init__(self) -> None:
        import tempfile  # here, so that a check of a policy starts without it

        self.file = tempfile.TemporaryFile(prefix="pbcheck-")  # noqa: SIM115 it is closed below
        weakref.finalize(self, self.file.close)

    def write(self, raw: bytes) -> tuple[int, int]:
        """Write bytes at the end; return where."""
        start = self.file.seek(0, 2)
        self.file.write(raw)
        return start, len(raw)

    def read(self, place: tuple[int, int]) -> bytes:
        """Return the bytes at a place."""
        self.file.seek(place[0])
        return self.file.read(place[1])


class _Run:
    """Blocks in a file, in their order: where each begins, how long it is, and how many things it holds."""

    def __init__(self) -> None:
        self.kinds: Counter[Any] = Counter()
        self.places: list[tuple[int, int]] = []
        self.numbers: list[int] = []
        self.last: Any = None


class Gathered(Generic[T]):
    """Takes things one after another, in memory while they are few, then on disk; `result` gives them in their order.

    In memory they are `blocks` that came packed and stay so, and `waiting` things that came after them.
    """

    def __init__(self, coding: Coding[T], few: int | None = None) -> None:
        self.coding = coding
        self.few = FEW if few is None else few
        self.waiting: list[T] = []
        self.blocks: list[Block] = []
        self.store: Store | None = None
        self.runs: list[_Run] = []
        self.number = 0

    def __len__(self) -> int:
        return self.number

    def add(self, things: Iterable[T]) -> None:
        """Take some things."""
        left = iter(things)
        while some := list(islice(left, WAITING)):
            self.waiting += some
            self.number += len(some)
            if len(self.waiting) > WAITING if self.store else self.number > self.few:
                self._spill()

    def add_blocks(self, blocks: Iterable[Block]) -> None:
        """Take things that are blocks already, each block sorted and those of one call in their order."""
        for block in blocks:
            if self.coding.key is None and self.waiting:
                self._pack()
            self.blocks.append(block)
            self.number += block.number
            if self.store or self.number > self.few:
                self._flush()

    def result(self) -> Sequence[T]:
        """Return everything in its order: a tuple where it is little, else what reads it from the disk."""
        if self.store is None:
            found = [*(one for block in self.blocks for one in self.coding.unpack(block.raw)), *self.waiting]
            return tuple(sorted(found, key=self.coding.key) if self.coding.key else found)
        self._spill()
        while len(self.runs) > MOST_RUNS:
            first, self.runs = self.runs[:MOST_RUNS], self.runs[MOST_RUNS:]
            merged = _Run()
            for block in self.coding.blocks(_merged(self.coding, self.store, first)):
                self._append(merged, block)
            self.runs.append(merged)
        return Spilled(self.coding, self.store, self.runs)

    def _spill(self) -> None:
        """Write everything to the disk."""
        self._pack()
        self._flush()

    def _pack(self) -> None:
        """Make blocks of what is waiting."""
        things, self.waiting = self.waiting, []
        self.blocks += self.coding.blocks(sorted(things, key=self.coding.key) if self.coding.key else things)

    def _flush(self) -> None:
        """Write the blocks to the disk."""
        if self.store is None:
            self.store = Store()
        blocks, self.blocks = self.blocks, []
        for block in blocks:
            self._write(block)

    def _write(self, block: Block) -> None:
        """Write a block behind the run it follows on, the last one written to first; else it begins a new one."""
        place = next((n for n, run in enumerate(reversed(self.runs)) if block.first is None or run.last <= block.first), None)
        run = _Run() if place is None else self.runs.pop(len(self.runs) - 1 - place)
        self.runs.append(run)
        self._append(run, block)

    def _append(self, run: _Run, block: Block) -> None:
        assert self.store is not None
        run.places.append(self.store.write(block.raw))
        run.numbers.append(block.number)
        run.kinds.update(block.kinds)
        run.last = block.last


def _blocks(coding: Coding[T], store: Store, run: _Run, start: int = 0) -> Iterator[T]:
    for place in islice(run.places, start, None):
        yield from coding.unpack(store.read(place))


def _merged(coding: Coding[T], store: Store, runs: Sequence[_Run]) -> Iterator[T]:
    if len(runs) == 1 or coding.key is None:
        return (one for run in runs for one in _blocks(coding, store, run))
    return heapq.merge(*(_blocks(coding, store, run) for run in runs), key=coding.key)


class Spilled(Sequence[T]):
    """Things that lie on disk: iterated in their order as often as one likes, a block of each run in memory at a time."""

    def __init__(self, coding: Coding[T], store: Store, runs: Sequence[_Run]) -> None:
        self.coding = coding
        self.store = store
        self.runs = runs
        self.number = sum(sum(run.numbers) for run in runs)
        self.kinds: Counter[Any] = sum((run.kinds for run in runs), Counter())
        self._by_rule: dict[str, Spilled[T]] | None = None

    def __len__(self) -> int:
        return self.number

    def __iter__(self) -> Iterator[T]:
        return _merged(self.coding, self.store, self.runs)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, int):
            at = place + self.number if place < 0 else place
            if not 0 <= at < self.number:
                raise IndexError(place)
            return next(self._from(at))
        start, stop, step = place.indices(self.number)
        if step < 0:
            return tuple(self._from(0))[place]
        return tuple(islice(self._from(start), 0, max(0, stop - start), step))

    def _from(self, start: int) -> Iterator[T]:
        """Return what stands from a place on; of one run, the blocks before it are not read."""
        if len(self.runs) != 1:
            return islice(iter(self), start, None)
        ends = list(accumulate(self.runs[0].numbers))
        block = bisect_right(ends, start)
        return islice(_blocks(self.coding, self.store, self.runs[0], block), start - (ends[block - 1] if block else 0), None)

    @property
    def names(self) -> Iterable[str]:
        """The name of each finding (`Report.fingerprints`), worked out while they are iterated."""
        from pbcheck.spilled_names import Names

        return Names(self)

    def of_rule(self, rule: str) -> Sequence[T]:
        """Return the findings of one rule; all are sorted by rule the first time, in a file beside."""
        if self._by_rule is None:
            self._by_rule = self._sorted_by_rule()
        return self._by_rule.get(rule, ())

    def _sorted_by_rule(self) -> dict[str, Spilled[T]]:
        beside = Gathered(self.coding, 0)
        beside.store = Store()
        runs: dict[str, _Run] = {}
        waiting: dict[str, list[T]] = {}

        def write(rule: str) -> None:
            for block in self.coding.blocks(waiting.pop(rule)):
                beside._append(runs.setdefault(rule, _Run()), block)

        for one in self:
            rule: str = one.rule  # type: ignore[attr-defined]  # asked of findings only
            mine = waiting.setdefault(rule, [])
            mine.append(one)
            if len(mine) >= BLOCK // 4:
                write(rule)
        for rule in sorted(waiting):
            write(rule)
        return {rule: Spilled(self.coding, beside.store, [run]) for rule, run in sorted(runs.items())}
