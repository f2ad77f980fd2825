"""The parts of an export judged by workers, or taken from the folder of an audit that was interrupted; in the order of the export."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from pbcheck.judging import Chunk, Context, judge_part
from pbcheck.known import MetMany
from pbcheck.model import Finding, Location
from pbcheck.opened import Part
from pbcheck.packing import packed, unpacked
from pbcheck.resume import Folder
from pbcheck.source.files import FileRead
from pbcheck.workers import Duty, Lost, Pool, as_message, cores

AHEAD = 2
"""Parts that are read ahead for each worker."""


class _Begun(NamedTuple):
    """A part on its way: judged in an earlier run (`found`), by a worker (`asked`), or else by this process when its turn comes."""

    number: int
    found: bytes | None = None
    asked: Future[bytes] | None = None


def judged(
    parts: Iterable[Part], root: Path | None, context: Context, asked: frozenset[str], *, jobs: int, folder: Path | None
) -> Iterator[tuple[Part, Chunk]]:
    """Yield each part in its order with what came of it, whatever the number of workers: 1 is this process alone, 0 one a processor.

    With a `folder`, parts that are finished there are not judged again; raises UsageError where it belongs to another audit.
    """
    duty, jobs = Duty(context, root, asked), jobs or cores()
    with ExitStack() as stack:
        work = _Work(duty, Folder(folder, duty) if folder else None, stack.enter_context(Pool(jobs, duty)) if jobs != 1 else None)
        waiting: deque[tuple[Part, _Begun]] = deque()
        for number, part in enumerate(parts):
            waiting.append((part, work.begin(number, part)))
            while len(waiting) > (jobs * AHEAD if jobs != 1 else 0):
                first, begun = waiting.popleft()
                yield first, work.end(first, begun)
        while waiting:
            first, begun = waiting.popleft()
            yield first, work.end(first, begun)
        work.done()


class _Work:
    def __init__(self, duty: Duty, folder: Folder | None, pool: Pool | None) -> None:
        self.duty = duty
        self.folder = folder
        self.pool = pool
        self.known = MetMany()

    def begin(self, number: int, part: Part) -> _Begun:
        """Have a part judged, or find what an earlier run made of it."""
        if part.last:
            return _Begun(number)
        if self.folder is not None and (found := self.folder.find(number, part)) is not None:
            return _Begun(number, found=found)
        message = as_message(part) if self.pool is not None else None
        return _Begun(number, asked=self.pool.submit(message) if self.pool is not None and message is not None else None)

    def end(self, part: Part, begun: _Begun) -> Chunk:
        """Return what came of a part; the ids in it are known from now on."""
        if begun.found is not None:
            return self._met(unpacked(begun.found))
        if begun.asked is None:
            chunk = judge_part(part, self.duty.root, self.duty.context, self.known)
            if self.folder is None or part.last:
                return chunk
            raw = packed(chunk, self.duty.asked)
            self.folder.keep(begun.number, part, raw)
            return unpacked(raw)
        try:
            raw, chunk = self._answer(part, begun.asked.result())
        except Lost:
            return lost(part, self.duty.context)
        if self.folder is not None:
            self.folder.keep(begun.number, part, raw)
        return self._met(chunk)

    def _answer(self, part: Part, raw: bytes) -> tuple[bytes, Chunk]:
        """Return the answer of a worker, packed and not; where an id in it was met in another part, that of one that knows."""
        chunk = unpacked(raw)
        twice = [key for key in chunk.keys if key in self.known]
        message = as_message(part, twice) if twice else None
        if message is None or self.pool is None:
            return raw, chunk
        raw = self.pool.submit(message).result()
        return raw, unpacked(raw)

    def _met(self, chunk: Chunk) -> Chunk:
        for key in chunk.keys:
            self.known.met(key)
        return chunk

    def done(self) -> None:
        """Say that all parts were judged."""
        if self.folder is not None:
            self.folder.done()


def lost(part: Part, context: Context) -> Chunk:
    """Return what stands for a part that could not be judged: a finding that names its file and its lines or documents."""
    rule = context.rulebook.rules["range-not-judged"]
    files = part.files or ([part.file] if part.file else [])
    first = Location(files[0].shown) if files else Location("")
    what = f"These files were not judged: {files[0].shown} to {files[-1].shown}." if files else "Some documents were not judged."
    if part.piece is not None:
        lines = [number for number, _ in part.piece.lines()]
        first = Location(first.file, lines[0], 1)
        what = f"Lines {lines[0]:,} to {lines[-1]:,} of this file were not judged."
    elif part.documents:
        start, end = (one.locate(()) for one in (part.documents[0], part.documents[-1]))
        first = Location(part.documents[0].file, start.line, start.column)
        what = f"{len(part.documents):,} records, from line {start.line:,} to line {end.line:,}, were not judged."
    words = f"{what} The worker process that judged them ended without an answer, twice: it was stopped, or ran out of memory."
    found = Finding(rule.id, rule.severity, words, "file", "", first, incomplete=True)
    return Chunk(findings=[found], files=[FileRead(one.path, one.shown, one.kind, faulty=1) for one in files])
