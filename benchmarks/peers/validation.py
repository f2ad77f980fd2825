"""Validates lines of JSON against the schema of a case and does nothing else: python -m benchmarks.peers.validation TOOL LINES.

A tool that is a library reads its schema before the clock starts. check-jsonschema is a command: it is given a
file for each case in one run, and the time of a run over the first of them is taken off. Prints
one line of JSON with the processor time.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from benchmarks.peers import NODE, ROOT
from benchmarks.peers.processes import run

SCHEMA = ROOT / "schemas" / "case.schema.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", choices=TOOLS)
    parser.add_argument("lines", type=Path)
    given = parser.parse_args()
    print(json.dumps(TOOLS[given.tool](given.lines)))


def ours(lines: Path) -> dict[str, float]:
    from pbcheck.schema.validate import validator

    check = validator("case")
    return counted(lines, lambda data: check.is_valid(data) or not check.violations(data))


def pure(lines: Path) -> dict[str, float]:
    from jsonschema import Draft202012Validator, FormatChecker

    check = Draft202012Validator(json.loads(SCHEMA.read_bytes()), format_checker=FormatChecker(["date"]))
    return counted(lines, lambda data: not list(check.iter_errors(data)))


def counted(lines: Path, valid: Callable[[object], bool]) -> dict[str, float]:
    """Return how many lines there are, how many are invalid, and the seconds it took to parse and validate them."""
    raw = lines.read_bytes().splitlines()
    start = time.process_time()
    invalid = sum(not valid(orjson.loads(one)) for one in raw)
    return {"cases": len(raw), "seconds": time.process_time() - start, "invalid": invalid}


def check_jsonschema(lines: Path) -> dict[str, float]:
    raw = lines.read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory() as name:
        files = [Path(name) / f"{number}.json" for number in range(len(raw))]
        for file, one in zip(files, raw, strict=True):
            file.write_text(one, encoding="utf-8")
        _, beginning = checked(files[:1])
        out, seconds = checked(files)
    invalid = {one["filename"] for one in json.loads(out).get("errors", ())}
    return {"cases": len(raw) - 1, "seconds": seconds - beginning, "invalid": len(invalid)}


def checked(files: list[Path]) -> tuple[str, float]:
    program = Path(sys.executable).with_name("check-jsonschema")
    command = [program, "--output-format", "json", "--schemafile", SCHEMA, *files]
    ran = run(command, watched=False)
    return ran.out, ran.processor


def ajv(lines: Path) -> dict[str, float]:
    script = Path(__file__).parent / "ajv" / "validate.mjs"
    ran = run(["node", script, NODE, SCHEMA, lines], watched=False)
    found: dict[str, float] = json.loads(ran.out)
    return found


TOOLS = {"pbcheck": ours, "ajv": ajv, "jsonschema": pure, "check-jsonschema": check_jsonschema}

if __name__ == "__main__":
    main()
