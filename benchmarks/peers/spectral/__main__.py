"""Asks Spectral's rules of prepared cases: python -m benchmarks.peers.spectral FOLDER... [--verdicts].

One run of the command over one file that lists all cases; the same run over an empty list is taken off the time.
"""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

from benchmarks.peers import NODE
from benchmarks.peers.answer import Answer, asked
from benchmarks.peers.processes import run

RULESET = Path(__file__).with_name("ruleset.yaml")
PROGRAM = NODE / "node_modules" / ".bin" / "spectral"


def main() -> None:
    folders, verdicts = asked(__doc__)
    for folder in folders:
        answered(folder).show(verdicts)


def answered(folder: Path) -> Answer:
    ids = [one["id"] for one in json.loads((folder / "cases.json").read_text(encoding="utf-8"))]
    results, seconds = linted(folder / "cases.json")
    answer = Answer(len(ids), seconds - beginning())
    for one in results:
        answer.take(ids[int(one["path"][0])], [one["code"]])
    return answer


@cache
def beginning() -> float:
    """Return the seconds that the command takes over an empty list."""
    with tempfile.TemporaryDirectory() as name:
        nothing = Path(name) / "cases.json"
        nothing.write_text("[]\n", encoding="utf-8")
        return linted(nothing)[1]


def linted(path: Path) -> tuple[list[dict[str, object]], float]:
    """Return what Spectral finds in a file, and the processor time of the command; raises RuntimeError where it fails."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "found.json"
        command = [PROGRAM, "lint", "--quiet", "--ruleset", RULESET, "--format", "json", "--output", out, path]
        ran = run(command, watched=False)
        if not out.exists():
            raise RuntimeError(f"Spectral did not run: {ran.out}{ran.said}")
        return json.loads(out.read_text(encoding="utf-8")), ran.processor


if __name__ == "__main__":
    main()
