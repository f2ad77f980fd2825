"""How many statements are written in a second, and what of that time is reading the export.

Run it with: python -m benchmarks.statements [--cases N]

One core, one process: an export of generated cases on disk, read, worked out, set as HTML and written to a folder, a file a case,
as `pbcheck statement EXPORT --all FOLDER` does. The same export is read without writing anything, in the same run, for the ratio.
The bar is 200 statements a second.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from pbcheck.opened import open_export
from pbcheck.statement.folder import write_all
from tests.generated_cases import AS_OF, cases, contracts, policies

BAR = 200
LAYOUTS = ("standard", "large-print", "easy-read")


def export(folder: Path, number: int) -> None:
    """Write an export of generated cases, with a policy and the contracts that fit."""
    made = list(cases(number, seed=5))
    (folder / "cases.jsonl").write_text("".join(json.dumps(one) + "\n" for one in made), encoding="utf-8")
    (folder / "contracts.jsonl").write_text("".join(json.dumps(one) + "\n" for one in contracts(made).values()), encoding="utf-8")
    (folder / "policy.json").write_text(json.dumps(policies()["52"]), encoding="utf-8")


def read(folder: Path) -> float:
    """Return the seconds that reading all cases takes."""
    start = time.perf_counter()
    for _ in open_export([folder], as_of=AS_OF).cases():
        pass
    return time.perf_counter() - start


def write(folder: Path, out: Path, layout: str) -> tuple[int, float]:
    """Return how many statements were written, and the seconds it took."""
    start = time.perf_counter()
    opened = open_export([folder], as_of=AS_OF)
    number = sum(1 for _ in write_all(opened, out, None, layout=layout, style="html", names=False))
    return number, time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2000)
    number = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "export"
        folder.mkdir()
        export(folder, number)
        read(folder)  # once, so that templates, schemas and rules are there
        reading = read(folder)
        print(f"{'reading alone':24} {number / reading:8.0f} cases a second")
        slowest = 0.0
        for layout in LAYOUTS:
            written, seconds = write(folder, Path(name) / layout, layout)
            assert written == number
            slowest = max(slowest, seconds)
            print(f"{layout:24} {number / seconds:8.0f} statements a second, {seconds / reading:.1f} times reading alone")
        met = "met" if number / slowest >= BAR else "missed"
        print(f"bar of {BAR} a second {met}")


if __name__ == "__main__":
    main()
