"""Audits an export and then writes its reports: python -m benchmarks.peers.whole EXPORT [-j N].

Prints one line of JSON: the seconds by the clock of the audit, from the files to the ledger, the findings and the figures over all cases,
with the start of its workers; and those of writing the result as JSON and as an HTML report, which one process does.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from pbcheck import audit
from pbcheck.pipeline import Way
from pbcheck.render import write_all


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("export", type=Path)
    parser.add_argument("-j", type=int, default=1, dest="jobs")
    given = parser.parse_args()
    start = time.perf_counter()
    report = audit(given.export, way=Way(jobs=given.jobs))
    audited = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        failed = write_all(report, [("json", Path(name) / "result.json"), ("html", Path(name) / "report.html")])
        written = time.perf_counter()
    if failed or not report.complete:
        raise SystemExit(f"the audit is not complete, or its reports were not written: {failed}")
    print(json.dumps({"audit": audited - start, "reports": written - audited, "findings": len(report.findings)}))


if __name__ == "__main__":
    main()
