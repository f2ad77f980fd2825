"""Asks pandera's checks of prepared cases: python -m benchmarks.peers.pandera FOLDER... [--verdicts].

Reading is parsing and making the tables; joins and checks are the asking. All rows are asked (`lazy`), whatever fails.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import orjson
import pandera.errors

from benchmarks.peers.answer import Answer, asked
from benchmarks.peers.pandera.rules import joined, rules_for
from benchmarks.peers.pandera.tables import tables


def main() -> None:
    folders, verdicts = asked(__doc__)
    for folder in folders:
        answered(folder).show(verdicts)


def answered(folder: Path) -> Answer:
    lines = (folder / "cases.jsonl").read_bytes().splitlines()
    before = time.process_time()
    cases = [orjson.loads(line) for line in lines]
    found = tables(cases)
    reading = time.process_time() - before
    rules = rules_for(json.loads((folder / "policy.json").read_text(encoding="utf-8")))
    answer = Answer(len(cases), reading=reading)
    start = time.process_time()
    rows = joined(found)
    for rule in rules:
        table = rows[rule.table]
        try:
            rule.schema().validate(table[rule.columns.split()], lazy=True)
        except pandera.errors.SchemaErrors as error:
            failed = error.failure_cases["index"].drop_duplicates()
            for number in failed if rule.table == "cases" else table["case"].loc[failed]:
                answer.take(cases[number]["id"], [rule.name])
    answer.seconds = time.process_time() - start
    return answer


if __name__ == "__main__":
    main()
