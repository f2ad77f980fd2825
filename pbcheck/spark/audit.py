"""An audit whose cases Spark reads and judges; what comes of it is what one machine gives, finding by finding and penny by penny."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pbcheck.discover import Export, find_exports, shown
from pbcheck.errors import UsageError
from pbcheck.figures.dates import is_date
from pbcheck.gate.exceptions import Exceptions
from pbcheck.gate.settings import Settings
from pbcheck.judging import Chunk, Context, judge_part
from pbcheck.known import KEY, MetMany
from pbcheck.model import PROFILES, Report
from pbcheck.opened import Opened, Part
from pbcheck.packing import unpacked
from pbcheck.pipeline import Run
from pbcheck.rulebook.book import EVERYTHING, load_rulebook
from pbcheck.schema.suggest import did_you_mean
from pbcheck.source.document import Document, Fault, Unreadable
from pbcheck.source.files import FileRead, refuse, why_not_read
from pbcheck.source.lines import PIECE, PLAIN, Piece, ending, unchanged
from pbcheck.spark.reading import address_of, addresses, as_pattern, plain, rows
from pbcheck.spark.session import errors_in_words, use_this_python
from pbcheck.spark.worker import JUDGED, NO_KEY, SURVEYED, Job, Split, judge, survey
from pbcheck.spill import Store
from pbcheck.workers import Duty

_CHANGED = "The file changed while it was being read: run again when nothing writes to it."
_PASSED_OVER = "Spark did not read this file, so its lines were not judged: run pbcheck audit on it, or give it another name."


def audit_on_spark(
    spark: Any,
    export: str | Path,
    cases: Sequence[str] = (),
    *,
    column: str = "",
    rules: Sequence[str | Path] = (),
    profile: str = "today",
    as_of: str | None = None,
    figures: bool = False,
    key: bytes = b"",
    settings: Settings | None = None,
    without: Sequence[str] = (),
) -> Report:
    """Audit an export and return the report, equal to that of `pbcheck.audit`.

    `spark` is a `pyspark.sql.SparkSession`. `export` is a folder (or file) on this machine with policies, contracts and manifest; its
    plain JSONL files of cases are judged by Spark, its other cases by this process. `cases` are more cases, at any paths that Spark reads:
    JSONL, or with a `column` Parquet files in which that column holds the JSON of a case. The other arguments are those of `audit`.
    Raises UsageError for a path or column that is not there, and where there is not exactly one export; SparkFailed where Spark gives up.
    """
    if key:
        from pbcheck.pseudonyms import check_key

        check_key(key)
    if profile not in PROFILES:
        raise UsageError(f"There is no profile `{profile}`.{did_you_mean(profile, PROFILES)} Known: {', '.join(PROFILES)}.")
    if as_of is not None and not is_date(as_of):
        raise UsageError("`as_of` must be a date written year-month-day, such as 2026-09-30.")
    choice = settings.choice if settings else EVERYTHING
    rulebook = load_rulebook(profile=profile, own=tuple(Path(one) for one in rules), choice=choice)
    exceptions = Exceptions(settings, rulebook, without) if settings else None
    exports = find_exports([Path(export)])
    if len(exports) != 1:
        raise UsageError(f"Expected one export, found {len(exports)}: name one folder that holds an export.yaml.")
    run = SparkRun(rulebook, as_of, portfolio=True, figures=figures, key=key, exceptions=exceptions)
    use_this_python(spark)
    run.cluster = _Cluster(spark, tuple(cases), column)
    try:
        with errors_in_words():
            run.take(exports[0])
    finally:
        run.cluster.close()
    return run.report()


class _OpenedForSpark(Opened):
    """An export whose plain files of lines are left for Spark: a part that holds nothing but the file stands for each."""

    def _pieces(self, file: FileRead, size: int) -> Iterator[Part]:
        readable = ending(file.path) in PLAIN and file.path.name[0] not in "_." and str(file.path).isprintable()
        yield from [Part(file=file)] if readable else super()._pieces(file, size)


class SparkRun(Run):
    """One audit, the lines of whose cases Spark judges."""

    cluster: _Cluster

    def _opened(self, export: Export, plain: Sequence[Document]) -> Opened:
        return _OpenedForSpark(export, self.rulebook.rules, self.as_of, plain)

    def _judged(self, opened: Opened, context: Context) -> Generator[tuple[Part, Chunk], None, None]:
        duty = Duty(context, opened.export.root, self._asked())
        known = MetMany()
        waiting: list[FileRead] = []
        for part in opened.parts(PIECE):
            if part.file is not None and part.documents is None and part.piece is None:
                waiting.append(part.file)
                continue
            yield from self.cluster.of_export(waiting, duty, known)
            waiting = []
            yield part, judge_part(part, opened.export.root, context, known)
        yield from self.cluster.of_export(waiting, duty, known)
        yield from self.cluster.elsewhere(duty, known)


class _Cluster:
    """Has files of cases judged by Spark."""

    def __init__(self, spark: Any, cases: tuple[str, ...], column: str) -> None:
        self.spark = spark
        self.cases = cases
        self.column = column
        self.kept: list[Any] = []

    def close(self) -> None:
        """Let go of what Spark keeps on its disks."""
        for one in self.kept:
            one.unpersist()

    def of_export(self, files: list[FileRead], duty: Duty, known: MetMany) -> Iterator[tuple[Part, Chunk]]:
        """Yield what comes of plain files of lines in the export's folder, in their order."""
        sound, before = {}, {}
        for file in files:
            try:
                refuse(file.path, duty.root)
                address = address_of(file.path)
                before[address] = _hashed(file)
                sound[address] = file
            except (Unreadable, OSError, RuntimeError) as error:
                file.faults += why_not_read(error)
        if any(file.size for file in sound.values()):
            yield from self._judged(sound, rows(self.spark, [as_pattern(one) for one in sound]), False, duty, known)
        _unchanged(sound, before)
        for file in files:
            yield Part([], file, last=True), Chunk()

    def elsewhere(self, duty: Duty, known: MetMany) -> Iterator[tuple[Part, Chunk]]:
        """Yield what comes of the files that were named for Spark, in the order of their addresses; those on this machine are hashed."""
        if not self.cases:
            return
        names = addresses(self.spark, self.cases, self.column)
        files = {one: FileRead(Path(one), shown(Path(one)) if one.startswith("/") else one, "case") for one in names}
        before = {}
        for address, file in files.items():
            with suppress(OSError):  # it lies on another machine, or only Spark may read it
                before[address] = _hashed(file)
        yield from self._judged(files, rows(self.spark, self.cases, self.column), bool(self.column), duty, known)
        _unchanged(files, before)
        for file in files.values():
            yield Part([], file, last=True), Chunk()

    def _judged(self, files: dict[str, FileRead], frame: Any, cells: bool, duty: Duty, known: MetMany) -> Iterator[tuple[Part, Chunk]]:
        """Yield each group of rows of a frame with what came of it, in the order of files and lines."""
        names = {address: (str(one.path), one.shown, one.kind) for address, one in files.items()}
        job = Job(names, named=duty.context.named, cells=cells)
        ranks = {address: rank for rank, address in enumerate(files)}
        found = _Survey(files, known)
        surveyed = frame.mapInArrow(partial(survey, job), SURVEYED).collect()
        for row in sorted(surveyed, key=lambda one: (ranks[plain(one.file)], one.start, one.first)):
            found.take(row)
        job = replace(job, duty=duty.written(), before=found.before, repeated=frozenset(found.repeated))
        store, places, read = Store(), [], Counter[str]()
        for row in self._on_disk(frame.mapInArrow(partial(judge, job), JUDGED)):
            read[plain(row.file)] += row.number
            places.append((ranks[plain(row.file)], row.start, row.first, plain(row.file), store.write(bytes(row.packed))))
        for address, file in files.items():
            if found.lines[address] != read[address]:
                file.faults.append(Fault("file-changed", _CHANGED))
            elif file.size and not read[address]:
                file.faults.append(Fault("file-not-read", _PASSED_OVER))
        for _, _, first, address, place in sorted(places):
            yield Part(file=files[address], piece=Piece(first + 1, b"")), unpacked(store.read(place))

    def _on_disk(self, frame: Any) -> Iterator[Any]:
        """Yield the rows of a frame, worked out once, on all machines; Spark keeps them on its disks until they were all taken."""
        from pyspark import StorageLevel

        kept = frame.persist(StorageLevel.DISK_ONLY)
        self.kept.append(kept)
        kept.count()
        yield from kept.toLocalIterator()


class _Survey:
    """What the first look at files brought: where each split begins, how many lines a file has, and which lines repeat a record."""

    def __init__(self, files: dict[str, FileRead], known: MetMany) -> None:
        self.files = files
        self.known = known
        self.before: dict[Split, int] = {}
        self.lines: Counter[str] = Counter()
        self.repeated: set[tuple[str, int]] = set()

    def take(self, row: Any) -> None:
        """Take one group of rows; groups come in the order of files and lines."""
        address = plain(row.file)
        file, lines = self.files[address], self.lines[address]
        file.size = file.size or row.size
        self.before.setdefault(Split(row.file, row.start, row.size), lines)
        keys = bytes(row.keys)
        for at in range(row.number):
            key = keys[at * KEY : at * KEY + KEY]
            if key != NO_KEY and self.known.met(key):
                self.repeated.add((file.shown, lines + at + 1))
        self.lines[address] += row.number


def _hashed(file: FileRead) -> os.stat_result:
    """Take down the hash and the size of a file; return what it was when it was opened."""
    with file.path.open("rb") as handle:
        found = os.fstat(handle.fileno())
        file.sha256, file.size = hashlib.file_digest(handle, "sha256").hexdigest(), found.st_size
    return found


def _unchanged(files: dict[str, FileRead], before: dict[str, os.stat_result]) -> None:
    """Take down which files are not what they were when they were hashed."""
    for address, stat in before.items():
        try:
            unchanged(stat, files[address].path)
        except (Unreadable, OSError) as error:
            files[address].faults = files[address].faults or why_not_read(error)
