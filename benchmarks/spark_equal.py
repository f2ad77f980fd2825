"""Whether Spark gives what one machine gives, on many invented cases, and how long each takes.

Run it with: python -m benchmarks.spark_equal [--cases N] [--files K]

One run of each, on the same files: one process, two workers, Spark on local[2] (the first time, with the start of its workers, and
again). With budget figures of every case. The results are compared as JSON, byte by byte. Exit code 1 where they differ. Beside the time
that passed stands the processors' time of this process and of all it started (Linux only), on which other programs weigh less.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pbcheck import audit
from pbcheck.model import Report
from pbcheck.pipeline import Way
from pbcheck.spark import audit_on_spark
from pbcheck.spark.session import session
from tests.generated_cases import cases, contracts, policies

MANIFEST = """kind: export
authority: Exampleshire County Council
as_of: 2026-09-30
files:
  - {path: policy.json, kind: policy}
  - {path: contracts/*.json, kind: contract}
  - {path: cases-*.jsonl, kind: case}
"""


def make(folder: Path, number: int, files: int) -> int:
    """Write an export of so many cases in so many files; every thousandth case stands twice. Return the bytes of its cases."""
    made = list(cases(number, seed=20))
    (folder / "contracts").mkdir()
    (folder / "export.yaml").write_text(MANIFEST)
    (folder / "policy.json").write_text(json.dumps(policies()["52"]))
    for name, one in contracts(made).items():
        (folder / "contracts" / f"{name}.json").write_text(json.dumps(one))
    made += made[::1000]
    total = 0
    for file in range(files):
        path = folder / f"cases-{file:03}.jsonl"
        path.write_text("".join(json.dumps(one) + "\n" for one in made[file::files]))
        total += path.stat().st_size
    return total


def processors_time() -> float:
    """Return the seconds that processors spent on this process and on all that came of it, also those that ended; 0 where unknown."""
    ticks, parents = {}, {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            found = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[place.parent.name] = found[1]
        ticks[place.parent.name] = sum(map(int, found[11:15]))
    ours, grown = {str(os.getpid())}, 0
    while grown != len(ours):
        grown = len(ours)
        ours |= {name for name, parent in parents.items() if parent in ours}
    return sum(ticks.get(name, 0) for name in ours) / os.sysconf("SC_CLK_TCK")


def timed(what: str, ask: Callable[[], Report]) -> tuple[Report, str]:
    """Run an audit, print how long it took, and return the report and a hash of it all."""
    start, before = time.perf_counter(), processors_time()
    found = ask()
    took, spent = time.perf_counter() - start, processors_time() - before
    print(f"{what:<26} {took:8.1f} s passed {spent:8.1f} s of processors {1000 * spent / found.records['case']:8.2f} ms a case", flush=True)
    return found, hashed(found)


def hashed(report: Report) -> str:
    """Return a hash of the JSON of a report, and of each figure of each case, so that never all of them are in memory."""
    digest = hashlib.sha256(replace(report, case_figures=()).to_json().encode())
    for one in report.case_figures:
        digest.update(json.dumps(one).encode())
    return digest.hexdigest()


def main() -> int:
    """Make the export, audit it in all ways, and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--files", type=int, default=4)
    given = parser.parse_args()
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(Path.cwd()), os.environ.get("PYTHONPATH", ""))))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        total = make(folder, given.cases, given.files)
        print(f"{given.cases:,} cases, {total / 1e6:,.1f} MB in {given.files} files")
        report, one = timed("one process", lambda: audit(folder, figures=True))
        print(f"{len(report.findings):,} findings, {len(report.case_figures):,} figures of cases", flush=True)
        _, two = timed("two workers", lambda: audit(folder, figures=True, way=Way(jobs=2)))
        with session("local[2]") as spark:
            spark.sparkContext.setLogLevel("ERROR")
            _, first = timed("Spark, local[2], first", lambda: audit_on_spark(spark, folder, figures=True))
            _, again = timed("Spark, local[2], again", lambda: audit_on_spark(spark, folder, figures=True))
    same = one == two == first == again
    print("equal, byte by byte" if same else "NOT EQUAL")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
