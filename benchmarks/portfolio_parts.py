"""Whether the portfolio of an export is the same from one file, from shuffled parts and from one file a case, and how long it takes.

Run it with: python -m benchmarks.portfolio_parts [--cases N]

The same cases are written three ways, and `pbcheck figures` is run on each with all groups; the three outputs must be the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.generated_cases import AS_OF, cases, contracts, policies

PARTS = 7
GROUPS = ("team", "holder_kind", "form", "complexity")


def export(folder: Path, files: Iterable[tuple[str, list[dict[str, Any]]]], known: dict[str, Any]) -> Path:
    """Write an export folder: manifest, policy, contracts, and the cases file by file."""
    folder.mkdir(parents=True)
    (folder / "export.yaml").write_text(f"kind: export\nauthority: Exampleshire\nas_of: {AS_OF}\n")
    (folder / "policy.yaml").write_text(yaml.safe_dump({"kind": "policy", "authority": "Exampleshire"} | policies()["52"]))
    (folder / "contracts.jsonl").write_text("".join(json.dumps(one) + "\n" for one in known.values()))
    for name, made in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(one) + "\n" for one in made))
    return folder


def ran(folder: Path) -> tuple[str, float]:
    """Return the hash of what is printed, and the seconds it took; raises CalledProcessError where the command fails."""
    start = time.perf_counter()
    asked = [one for group in GROUPS for one in ("--by", group)]
    command = [sys.executable, "-m", "pbcheck", "figures", str(folder), *asked, "-f", "csv"]
    out = subprocess.run(command, check=True, capture_output=True).stdout
    return hashlib.sha256(out).hexdigest(), time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    number = parser.parse_args().cases
    made = list(cases(number, seed=7))
    known = contracts(made)
    mixed = made[:]
    Random(7).shuffle(mixed)
    with tempfile.TemporaryDirectory() as root:
        ways = {
            "one file": [("cases.jsonl", made)],
            f"{PARTS} shuffled parts": [(f"part-{n}.jsonl", mixed[n::PARTS]) for n in range(PARTS)],
            "one file a case": [(f"cases/{n % 100:02}/{one['id']}.json", [one]) for n, one in enumerate(mixed)],
        }
        found = {}
        for name, files in ways.items():
            found[name], seconds = ran(export(Path(root) / name.replace(" ", "-"), files, known))
            print(f"{name:<20} {number:,} cases in {seconds:5.1f} s, {found[name][:16]}")
    same = len(set(found.values())) == 1
    print("the same" if same else "NOT the same")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
