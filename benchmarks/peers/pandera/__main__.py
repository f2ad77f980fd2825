"""Asks pandera's checks of prepared cases: python -m benchmarks.peers.pandera FOLDER... [--verdicts].

The tables are there before the clock starts; joins and checks are within the time. All rows are asked (`lazy`), whatever fails.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pandera.errors

from benchmarks.peers.answer import Answer, asked
from benchmarks.peers.pandera.rules import joined, rules_for
from benchmarks.peers.pandera.tables import tables


def main() -> None:
    folders, verdicts = asked(__doc__)
    for folder in folders:
        answered(folder).show(verdicts)


def answered(folder: Path) -> Answer:
    cases = [json.loads(line) for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    found = tables(cases)
    rules = rules_for(json.loads((folder / "policy.json").read_text(encoding="utf-8")))
    answer = Answer(len(cases))
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
