"""How time and memory grow with the number of cases, and what a second worker gains.

Run it with: python -m benchmarks.scaling [--largest CASES] [--rounds N]

The command itself is measured, start-up included: it reads an export, judges it, and writes the result as JSON and as an HTML
report. Memory is that of the whole process tree at its peak.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

from benchmarks.peers.exports import size, write_export
from benchmarks.peers.measure import Table
from benchmarks.peers.processes import MB, Ran, middle, run

SMALLEST, LARGEST = 1_000, 100_000
BASE = 10_000  # what a case costs in an export of so many is what it costs in larger ones held against
ONCE = 50_000  # from so many cases on, a run is long enough to be made once
AUDIT = [sys.executable, "-m", "pbcheck", "audit"]
NO_WORKERS = "`pbcheck audit` has no option `-j` yet: two workers were not measured"


def scaling(largest: int, rounds: int) -> Table:
    """Measure exports of 1,000 cases and ten, a hundred ... times as many, with one worker and with two, start-up included."""
    numbers = [SMALLEST]
    while numbers[-1] * 10 <= largest:
        numbers.append(numbers[-1] * 10)
    standard, base = min(BASE, numbers[-1]), 0.0
    rows = []
    for number in numbers:
        with tempfile.TemporaryDirectory() as name:
            folder = write_export(Path(name) / "export", number, "mixed")
            found = audited(folder, 1 if number >= ONCE else rounds)
            megabytes = size(folder) / MB
        alone = middle([one.seconds for one in found["1"]])
        base = alone / number if number == standard else base
        row = [
            f"{number:,}",
            f"{megabytes:,.0f}",
            f"{alone:.1f}",
            f"{number / alone:,.0f}",
            f"{alone / number / base:.2f}" if number >= standard else "-",
            peak(found["1"]),
        ]
        if "2" in found:
            both = middle([one.seconds for one in found["2"]])
            row += [f"{both:.1f}", f"{alone / both:.2f}", peak(found["2"])]
        else:
            row += ["-", "-", "-"]
        rows.append(tuple(row))
    headings = ("cases", "MB", "1 worker, s", "cases a second", f"time a case, of {standard:,} cases", "peak MB")
    return Table((*headings, "2 workers, s", "times faster", "peak MB"), tuple(rows))


def has_workers() -> bool:
    """Return whether the command can be told how many workers to use."""
    return re.search(r"^\s*-j\b", run([*AUDIT, "--help"]).out, re.MULTILINE) is not None


def audited(folder: Path, rounds: int) -> dict[str, list[Ran]]:
    """Return the runs with one worker and with two, round by round; raises RuntimeError where an audit is not complete."""
    workers = ("1", "2") if has_workers() else ("1",)
    found: dict[str, list[Ran]] = {one: [] for one in workers}
    for _ in range(rounds):
        for one in workers:
            with tempfile.TemporaryDirectory() as out:
                files = [f"json={Path(out) / 'result.json'}", f"html={Path(out) / 'report.html'}"]
                command = [*AUDIT, folder, "-f", "concise", *(part for file in files for part in ("-o", file))]
                ran = run([*command, "-j", one] if len(workers) > 1 else command)
            if ran.code not in (0, 1):
                raise RuntimeError(f"an audit that was measured ended with exit code {ran.code}: {ran.said}")
            found[one].append(ran)
    return found


def peak(found: list[Ran]) -> str:
    return f"{max(one.peak for one in found) / MB:,.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=LARGEST, metavar="CASES")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(scaling(given.largest, given.rounds).markdown())
    if not has_workers():
        print(f"\n{NO_WORKERS}.")


if __name__ == "__main__":
    main()
