"""How long a Client Level Data return takes: reading and building its cases, and asking every rule of them on one core and on two.

Run it with: python -m benchmarks.cld_speed [--rows N] [--defects N] [--keep FOLDER]

The return is made up (tests/cld_returns.py), with a few hundred defects of each kind. `read` is everything up to the cases: both passes,
all checks, the account and the figures; `audited` is reading and the whole catalogue with the export's totals. The bar is 30 seconds
for 200,000 rows on two cores. Peak memory is that of the reading process. Seconds of processor time are given beside those of the
clock: on a machine that does other work as well, only the former say anything.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from pathlib import Path

from pbcheck.exports.cld.reader import ReturnRead, read_cld
from pbcheck.pipeline import Chunk, Context, audit_chunk
from pbcheck.rulebook.book import load_rulebook
from pbcheck.source.document import Document
from tests.cld_returns import write_return

CHUNK = 1000
BAR = 30
WAITING = 4  # chunks that may wait for a worker, so that memory stays flat


def batches(path: Path) -> Iterator[list[Document]]:
    """Yield the cases of a return in chunks."""
    cases = read_cld(ReturnRead(path, path.name), None)
    while batch := list(islice(cases, CHUNK)):
        yield batch


def read_only(path: Path) -> tuple[float, ReturnRead]:
    """Return the seconds that reading takes, and what came of it."""
    file = ReturnRead(path, path.name)
    start = time.perf_counter()
    for _ in read_cld(file, None):
        pass
    return time.perf_counter() - start, file


def one_core(path: Path, context: Context) -> tuple[float, Chunk]:
    """Return the seconds that reading and judging take in one process."""
    whole = Chunk()
    start = time.perf_counter()
    for batch in batches(path):
        whole.add(audit_chunk(batch, context))
    return time.perf_counter() - start, whole


def worked() -> float:
    """Return the seconds of processor time that this process and its workers have used."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


_context: Context


def _begin() -> None:
    global _context
    _context = Context(load_rulebook())


def _judge(batch: list[Document]) -> Chunk:
    return audit_chunk(batch, _context)


def two_cores(path: Path) -> tuple[float, Chunk]:
    """Return the seconds that reading here and judging in two workers take, the start of the workers included."""
    whole = Chunk()
    waiting: list[Future[Chunk]] = []
    start = time.perf_counter()
    with ProcessPoolExecutor(2, initializer=_begin) as pool:
        for batch in batches(path):
            waiting.append(pool.submit(_judge, batch))
            if len(waiting) > WAITING:
                whole.add(waiting.pop(0).result())
        for one in waiting:
            whole.add(one.result())
    return time.perf_counter() - start, whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--defects", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="keep the return in this folder, and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        path = (options.keep or Path(made)) / f"cld-{options.rows}.csv"
        if not path.exists():
            write_return(path, rows=options.rows, seed=7, defects=options.defects)
        before = worked()
        reading, file = read_only(path)
        spent = worked() - before
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        account = file.account
        assert account.reconciles
        print(
            f"{account.rows_in:,} rows, {file.size / 1e6:.0f} MB, {account.people:,} people, {account.cases:,} cases, {len(file.faults):,} "
            f"defects: read in {reading:.1f} s ({spent:.1f} s of processor time), peak {memory:.0f} MB"
        )
        rulebook = load_rulebook()
        before = worked()
        alone, first = one_core(path, Context(rulebook))
        between = worked()
        both, second = two_cores(path)
        after = worked()
        assert first.records == second.records
        rules = rulebook.subjects["case"]
        assert first.ledgers["case"].tallies(rules) == second.ledgers["case"].tallies(rules)
        print(
            f"audited on one core in {alone:.1f} s ({between - before:.1f} s of processor time), "
            f"on two in {both:.1f} s ({after - between:.1f} s), bar {BAR} s for 200,000 rows"
        )


if __name__ == "__main__":
    main()
