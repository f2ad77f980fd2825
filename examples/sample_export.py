"""Makes the export that the examples ask: 120 invented cases in four teams, in which we know what is wrong.

    python examples/sample_export.py FOLDER

Every case is one of the sample export that pbcheck ships, in which nothing is to be found, under another id. Then, team by team:
North lost the cost of a component in 10 of its 30 cases, East the estimate in 6, South its reviews in 5; West took back unspent money in 4.
"""

# ruff: noqa: T201 an example prints what it found
from __future__ import annotations

import copy
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import yaml

from pbcheck.shipped import shipped

TEAMS = ("North", "East", "South", "West")
USED = ("C-002", "C-003", "C-004", "C-005", "C-007", "C-010", "C-011")
NUMBER = 120
UNSPENT = "640.25"


def write(folder: Path) -> Path:
    """Write the export into a folder and return it."""
    sample = shipped("fixtures/compliant")
    for name in ("policy", "contracts"):
        shutil.copytree(sample / name, folder / name, dirs_exist_ok=True)
    shutil.copy(sample / "export.yaml", folder)
    manifest = (folder / "export.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in manifest if "cases/" not in line and "portfolio" not in line]
    (folder / "export.yaml").write_text("".join(kept), encoding="utf-8")
    lines = [json.dumps(one, default=str) for one in cases(sample)]
    (folder / "cases.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def cases(sample: Path) -> list[dict[str, Any]]:
    """Return the cases."""
    known = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (sample / "cases").glob("*.yaml")]
    known += [json.loads(line) for line in (sample / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    by_id = {one["id"]: one for one in known}
    made = []
    for number in range(NUMBER):
        one = copy.deepcopy(by_id[USED[number % len(USED)]])
        one["id"], one["team"] = f"S-{number:03}", TEAMS[number % 4]
        spoil(one, number // 4)
        made.append(one)
    return made


def spoil(case: dict[str, Any], turn: int) -> None:
    """Take out of a case, or put into it, what its team is known for; `turn` counts the cases of the team."""
    team = case["team"]
    if team == "North" and turn % 3 == 0:
        del case["plan"]["components"][0]["cost"]
    elif team == "East" and turn % 5 == 0:
        del case["indicative"]
    elif team == "South" and turn % 6 == 0:
        del case["reviews"]
    elif team == "West" and turn % 8 == 0:
        case["year_ends"] = [{"ended_on": "2026-03-31", "unspent": UNSPENT, "action": "clawed_back"}]


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
