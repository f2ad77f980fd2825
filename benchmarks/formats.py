"""How long a report over 20,000 cases with 50,000 findings takes to write in all formats, against JSON alone, and how much memory.

Run it with: python -m benchmarks.formats [--findings N] [--audit CASES]

Each measurement is a process of its own: making the report is not counted, writing the files is. HTML is in `all` and is shown apart, too.
With --audit the whole command is measured on generated cases, which give more findings each: with JSON alone and with every format.
The bar: all formats in at most twice the time of JSON alone, under 500 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pbcheck.render import FORMATS, write_all

REPEATS = 3
MB = 1024


def measure(names: list[str], findings: int) -> None:
    """Write a report in formats and print seconds of processor time a format, and the peak memory before and after."""
    from tests import reports

    report = reports.many(findings)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            start = time.process_time()
            failed = write_all(report, [(name, Path(folder) / name)])
            took[name] = time.process_time() - start
            assert not failed, failed
        sizes = {name: (Path(folder) / name).stat().st_size for name in names}
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"took": took, "sizes": sizes, "before": before / MB, "after": after / MB}))


def best(names: list[str], findings: int) -> dict[str, dict[str, float]]:
    """Return the measurement with the least time of several processes."""
    command = [sys.executable, "-m", "benchmarks.formats", "--only", *names, "--findings", str(findings)]
    found = [json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(REPEATS)]
    return min(found, key=lambda one: sum(one["took"].values()))


def rendering(findings: int) -> None:
    alone = best(["json"], findings)
    every = best(list(FORMATS), findings)
    rest = [name for name in FORMATS if name != "html"]
    print(f"{findings:,} findings, best of {REPEATS} processes")
    for name in FORMATS:
        print(f"  {name:9} {every['took'][name]:6.2f} s {every['sizes'][name] / 1e6:8.1f} MB")
    base = alone["took"]["json"]
    for words, names in (("all formats", list(FORMATS)), ("all but HTML", rest)):
        total = sum(every["took"][name] for name in names)
        print(f"{words}: {total:.2f} s, {total / base:.2f} times JSON alone ({base:.2f} s)")
    print(f"peak memory: {every['after']:.0f} MB, of which the report itself {every['before']:.0f} MB; JSON alone {alone['after']:.0f} MB")


def command(cases: int) -> None:
    """Measure the whole command on generated cases."""
    from benchmarks.portfolio_parts import export
    from tests.generated_cases import cases as generated
    from tests.generated_cases import contracts

    made = list(generated(cases))
    with tempfile.TemporaryDirectory() as name:
        folder = export(Path(name) / "export", [("cases.jsonl", made)], contracts(made))
        for words, names in (("JSON alone", ["json"]), ("all formats", list(FORMATS))):
            outputs = [part for one in names for part in ("-o", f"{one}={Path(name) / one}")]
            audit = [sys.executable, "-m", "pbcheck", "audit", str(folder), "-f", "github", *outputs]
            start = time.perf_counter()
            ended = subprocess.Popen(audit, stdout=subprocess.DEVNULL)
            _, _, used = os.wait4(ended.pid, 0)
            print(f"audit of {cases:,} cases, {words}: {time.perf_counter() - start:.1f} s, peak {used.ru_maxrss / MB:.0f} MB")
        found = json.loads((Path(name) / "json").read_text())["findings"]
        print(f"({len(found):,} findings)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=int, default=50_000)
    parser.add_argument("--only", nargs="+", choices=FORMATS)
    parser.add_argument("--audit", type=int, metavar="CASES", help="measure the command on so many generated cases")
    given = parser.parse_args()
    if given.only:
        measure(given.only, given.findings)
    elif given.audit:
        command(given.audit)
    else:
        rendering(given.findings)


if __name__ == "__main__":
    main()
