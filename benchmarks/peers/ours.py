"""Audits an export in one process and beside it only parses the same bytes: python -m benchmarks.peers.ours EXPORT.

The time of an audit of the same export with its first case alone is taken off: loading the rules, reading the policy. Prints one line
of JSON with the processor time of each, for all cases but the first.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

import orjson

from benchmarks.peers.thirty import THIRTY
from pbcheck import audit
from pbcheck.gate.settings import load_settings

TIMES = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("export", type=Path)
    parser.add_argument("--thirty", action="store_true", help="ask the thirty rules alone")
    parser.add_argument("--figures", action="store_true", help="each case's budget figures, too")
    parser.add_argument("--no-totals", action="store_true", help="no figures over all cases")
    given = parser.parse_args()
    raw = (given.export / "cases.jsonl").read_bytes().splitlines()
    parsing = statistics.median(parsed(raw) for _ in range(TIMES))
    settings = load_settings({"select": list(THIRTY)} if given.thirty else {}, {}, given.export, isolated=True)
    asked = {"settings": settings, "figures": given.figures, "portfolio": not given.no_totals}
    with tempfile.TemporaryDirectory() as name:
        single = shutil.copytree(given.export, Path(name) / "export", ignore=shutil.ignore_patterns("cases.jsonl"))
        (single / "cases.jsonl").write_bytes(raw[0] + b"\n")
        audit(single, **asked)
        start = time.process_time()
        audit(single, **asked)
        begun = time.process_time()
    report = audit(given.export, **asked)
    seconds = (time.process_time() - begun) - (begun - start)
    failed = {(one.rule, one.record) for one in report.findings if one.subject == "case"}
    told = {
        "cases": len(raw) - 1,
        "parsing": parsing * (len(raw) - 1) / len(raw),
        "seconds": seconds,
        "rules": sum(1 for one in report.outcomes if one.subject == "case"),
        "findings": len(report.findings),
        "failed": dict(sorted(Counter(rule for rule, _ in failed).items())),
    }
    print(json.dumps(told))


def parsed(lines: list[bytes]) -> float:
    """Return the seconds that bare parsing takes."""
    start = time.process_time()
    for one in lines:
        orjson.loads(one)
    return time.process_time() - start


if __name__ == "__main__":
    main()
