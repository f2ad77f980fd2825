"""Asks the Rego rules of prepared cases: python -m benchmarks.peers.rego FOLDER... [--verdicts].

The rules are compiled once and the policy is loaded once, before the clock starts. Reading is parsing, by the quickest parser there
is, and turning what was parsed into Rego's values; its own reading of text takes longer.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import orjson
from regopy import Input, Interpreter

from benchmarks.peers.answer import Answer, asked

RULES = Path(__file__).with_name("rules.rego")
AT_ONCE = 500  # cases that are held as Rego's values at a time


def main() -> None:
    folders, verdicts = asked(__doc__)
    for folder in folders:
        answered(folder).show(verdicts)


def answered(folder: Path) -> Answer:
    rego = Interpreter()
    rego.add_module(RULES.name, RULES.read_text(encoding="utf-8"))
    rego.add_data({"policy": json.loads((folder / "policy.json").read_text(encoding="utf-8"))})
    bundle = rego.build("fails = data.pbcheck.fails")
    lines = (folder / "cases.jsonl").read_bytes().splitlines()
    answer = Answer(len(lines))
    for first in range(0, len(lines), AT_ONCE):
        before = time.process_time()
        some = [orjson.loads(line) for line in lines[first : first + AT_ONCE]]
        values = [Input(one) for one in some]
        start = time.process_time()
        answer.reading += start - before
        for one, value in zip(some, values, strict=True):
            rego.set_input(value)
            answer.take(one["id"], rego.query_bundle(bundle)[0]["fails"])
        answer.seconds += time.process_time() - start
    return answer


if __name__ == "__main__":
    main()
