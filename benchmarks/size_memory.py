"""Time and memory of an audit with an HTML report, from 10,000 to 1,000,000 cases and with one and two workers.

Run it with: python -m benchmarks.size_memory [--cases N ...] [--jobs N ...] [--folder FOLDER]

The cases are of about 3 KB: of twenty, nineteen are that of the sample export on which every rule passes, cut to that size, and one is an
invented one with some 26 findings. Time is that of the whole command; memory is the most that it and its workers held at a time, as
/proc tells it (Linux only). A file of 1,000,000 cases needs 3 GB in the folder.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import orjson
import yaml

from benchmarks.case_speed import SIZE, case_of
from pbcheck.gather import put_together
from pbcheck.pipeline import Context
from pbcheck.rulebook.book import load_rulebook
from pbcheck.ruletest import baseline
from pbcheck.source.document import Document
from tests.generated_cases import AS_OF, cases, contracts

POOL = 400
ONE_IN = 20
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
CHILD = """
import json, sys
from pathlib import Path
from pbcheck.pipeline import Way, audit
from pbcheck.render import write_as
if __name__ == "__main__":
    folder, jobs, out = sys.argv[1:]
    report = audit(folder, way=Way(int(jobs)))
    write_as(Path(out), "html", report)
    print(json.dumps([len(report.findings), report.records["case"], report.complete]))
"""


def prepared() -> tuple[list[tuple[bytes, bytes]], str]:
    """Return cases as what stands before and behind their id, and the contracts that they name, as lines."""
    policy = put_together([Document("policy", baseline()["policy"])], load_rulebook().rules)
    full = case_of(SIZE, Context(load_rulebook(), policy, as_of=AS_OF))
    odd = list(cases(POOL // ONE_IN, seed=7))
    lines = [orjson.dumps(odd[place // ONE_IN]) if place % ONE_IN == 0 else full for place in range(POOL)]
    known = [*contracts(odd).values(), baseline()["contract"]]
    cut = [line.partition(b'"id":"') for line in lines]
    return [(head + mark, rest[rest.index(b'"') :]) for head, mark, rest in cut], "".join(json.dumps(one) + "\n" for one in known)


def export(folder: Path, number: int) -> int:
    """Write an export of so many cases; return the bytes of the cases."""
    lines, known = prepared()
    folder.mkdir(parents=True)
    (folder / "export.yaml").write_text(f"kind: export\nauthority: Exampleshire\nas_of: {AS_OF}\n")
    (folder / "policy.yaml").write_text(yaml.safe_dump(baseline()["policy"]))
    (folder / "contracts.jsonl").write_text(known)
    with (folder / "cases.jsonl").open("wb") as out:
        for place in range(number):
            before, behind = lines[place % POOL]
            out.write(before + b"C-%08d" % place + behind + b"\n")
    return (folder / "cases.jsonl").stat().st_size


def held(parent: int) -> int:
    """Return the bytes of memory that a process and its children hold now; memory that they share counts for each."""
    total = 0
    for pid in (parent, *_children(parent)):
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
        except (OSError, IndexError):
            continue
    return total


def _children(parent: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()] + [
            int(one)
            for task in Path(f"/proc/{parent}/task").iterdir()
            if task.name != str(parent)
            for one in (task / "children").read_text().split()
        ]
    except OSError:
        return []


class Measured(NamedTuple):
    """Seconds by the clock and of the processors, the most bytes of all processes at a time and of the first one, and what was said."""

    seconds: float
    processor: float
    most: int
    own: int
    said: list[int]


def measured(folder: Path, jobs: int, out: Path) -> Measured:
    """Return what one audit with an HTML report takes."""
    start, most, own = time.perf_counter(), 0, 0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([sys.executable, "-c", CHILD, str(folder), str(jobs), str(out)], stdout=said)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            most, own = max(most, held(process.pid)), max(own, _own(process.pid))
            time.sleep(0.05)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, "audit")
        said.seek(0)
        return Measured(seconds, usage.ru_utime + usage.ru_stime, most, own, json.loads(said.read()))


def _own(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def parsing(path: Path) -> float:
    """Return the seconds of a processor that orjson needs for the lines of a file."""
    start = time.process_time()
    with path.open("rb") as lines:
        for line in lines:
            orjson.loads(line)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--folder", type=Path, help="Where the exports are written; a temporary folder without it.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as root:
        for number in options.cases:
            folder = Path(root) / f"export-{number}"
            size = export(folder, number)
            bare = parsing(folder / "cases.jsonl")
            alone = 0.0
            for jobs in options.jobs:
                out = Path(root) / f"report-{number}-{jobs}.html"
                found = measured(folder, jobs, out)
                alone = found.seconds if jobs == 1 else alone
                workers = f"{jobs} workers" if jobs > 1 else "1 process"
                faster = f"; {alone / found.seconds:.2f} times as fast as one" if jobs > 1 and alone else ""
                print(
                    f"{found.said[1]:>9,} cases of {size / number / 1000:.1f} KB, {found.said[0]:,} findings, {workers}: "
                    f"{found.seconds:7.1f} s ({found.processor:.1f} s of processors), {found.processor / bare:5.1f} times orjson.loads "
                    f"({bare:.1f} s), {found.most / 1e6:,.0f} MB in all, {found.own / 1e6:,.0f} MB in the first process; "
                    f"HTML {out.stat().st_size / 1e6:.1f} MB{faster}",
                    flush=True,
                )
            (folder / "cases.jsonl").unlink()


if __name__ == "__main__":
    main()
