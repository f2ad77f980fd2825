"""How time and memory grow with the number of cases, and what a second worker gains.

Run it with: python -m benchmarks.scaling [--largest CASES] [--rounds N] [--kind mixed|quiet|invented]

An export is audited, and its result is written as JSON and as an HTML report, with one worker and with two. Time is that of the audit
by the clock, and beside it that of the reports. Memory is that of the whole process tree at its peak, reports included.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.peers.exports import size, write_export
from benchmarks.peers.measure import Table
from benchmarks.peers.processes import MB, Ran, middle, run

SMALLEST, LARGEST = 1_000, 100_000
BASE = 10_000  # what a case costs in an export of so many is what it costs in larger ones held against
LONG = 500_000  # from so many cases on a run takes minutes and is made twice; the machine is not as busy each time
WHOLE = [sys.executable, "-m", "benchmarks.peers.whole"]
HEADINGS = ("cases", "MB", "findings", "1 worker, s", "cases a second", "time a case, of {base} cases", "reports, s", "peak MB")
HEADINGS_OF_TWO = ("2 workers, s", "times faster", "peak MB")


def scaling(largest: int, rounds: int, kind: str = "mixed") -> Table:
    """Measure exports of 1,000 cases and ten, a hundred ... times as many, with one worker and with two."""
    numbers = [SMALLEST]
    while numbers[-1] * 10 <= largest:
        numbers.append(numbers[-1] * 10)
    standard, base = min(BASE, numbers[-1]), 0.0
    rows = []
    for number in numbers:
        with tempfile.TemporaryDirectory() as name:
            folder = write_export(Path(name) / "export", number, kind)
            found = audited(folder, min(2, rounds) if number >= LONG else rounds)
            megabytes = size(folder) / MB
        alone, both = (seconds(one, "audit") for one in found)
        base = alone / number if number == standard else base
        rows.append(
            (
                f"{number:,}",
                f"{megabytes:,.0f}",
                f"{json.loads(found[0][0].out)['findings']:,}",
                f"{alone:.1f}",
                f"{number / alone:,.0f}",
                f"{alone / number / base:.2f}" if number >= standard else "-",
                f"{seconds(found[0], 'reports'):.1f}",
                peak(found[0]),
                f"{both:.1f}",
                f"{alone / both:.2f}",
                peak(found[1]),
            )
        )
    return Table((*(one.format(base=f"{standard:,}") for one in HEADINGS), *HEADINGS_OF_TWO), tuple(rows))


def audited(folder: Path, rounds: int) -> tuple[list[Ran], list[Ran]]:
    """Return the runs with one worker and those with two, made in turns; raises RuntimeError where an audit is not complete."""
    found: tuple[list[Ran], list[Ran]] = [], []
    for _ in range(rounds):
        for workers, runs in enumerate(found, 1):
            ran = run([*WHOLE, folder, "-j", workers])
            if ran.code:
                raise RuntimeError(f"an audit that was measured ended with exit code {ran.code}: {ran.said}")
            runs.append(ran)
    return found


def seconds(runs: list[Ran], part: str) -> float:
    """Return the median of what one part of the runs took."""
    return middle([json.loads(one.out)[part] for one in runs])


def peak(runs: list[Ran]) -> str:
    """Return the most memory that any of the runs held, in megabytes."""
    return f"{max(one.peak for one in runs) / MB:,.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=LARGEST, metavar="CASES")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kind", choices=("mixed", "quiet", "invented"), default="mixed")
    given = parser.parse_args()
    print(scaling(given.largest, given.rounds, given.kind).markdown())


if __name__ == "__main__":
    main()
