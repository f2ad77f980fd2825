"""Exports to measure on: invented cases in which much is wrong, a case of 3 KB in which nothing is, one to nine of both, or full records.

All are written as a stream, so that a million cases need no more memory than a thousand.
"""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from benchmarks.case_speed import SIZE, case_of
from pbcheck.gather import put_together
from pbcheck.opened import open_export
from pbcheck.pipeline import Context
from pbcheck.rulebook.book import load_rulebook
from pbcheck.ruletest import baseline
from pbcheck.source.document import Document
from tests.conftest import FIXTURES
from tests.generated_cases import AS_OF, cases, contracts

DISTINCT = 2_000  # invented cases that differ; in longer exports they come again under other ids
MIX = 10
SAMPLE = FIXTURES / "compliant"


@cache
def invented() -> tuple[str, ...]:
    """Return the invented cases as lines, with an empty id."""
    return tuple(_line(one) for one in cases(DISTINCT, seed=3))


@cache
def quiet() -> str:
    """Return the case without findings as a line, with an empty id."""
    book = load_rulebook()
    policy = put_together([Document("policy", baseline()["policy"])], book.rules)
    return _line(json.loads(case_of(SIZE, Context(book, policy, as_of=AS_OF))))


@cache
def full() -> tuple[str, ...]:
    """Return the cases of the sample export as lines, with an empty id: records of 12 KB in which nothing is wrong."""
    return tuple(_line(one.data) for batch in open_export([SAMPLE]).batches() for one in batch)


def _line(case: dict[str, Any]) -> str:
    return json.dumps(case | {"id": ""}, separators=(",", ":"), default=str)


def lines(number: int, kind: str) -> Iterator[str]:
    """Yield so many cases as lines of JSON, each under an id of its own: `invented`, `quiet`, `mixed` (one invented in ten) or `full`."""
    found = itertools.cycle(full() if kind == "full" else invented())
    for index in range(number):
        take_next = kind in ("invented", "full") or (kind == "mixed" and index % MIX == 0)
        yield (next(found) if take_next else quiet()).replace('"id":""', f'"id":"M-{index:07d}"', 1)


def write_export(folder: Path, number: int, kind: str) -> Path:
    """Write an export folder (manifest, policy, contracts, cases) and return it.

    The contracts list no accounts: a contract that names every case of a million is nothing a council would hand out.
    """
    folder.mkdir(parents=True)
    day, known = AS_OF, dict[str, dict[str, Any]]()
    if kind == "full":
        sample = open_export([SAMPLE])
        day, known = str(sample.as_of), {one.data["id"]: one.data for one in sample.contracts.judged}
        for one in (SAMPLE / "policy").glob("*.yaml"):
            shutil.copy(one, folder / f"policy-{one.name}")
    else:
        (folder / "policy.yaml").write_text(yaml.safe_dump(baseline()["policy"]), encoding="utf-8")
    if kind in ("mixed", "invented"):
        known = contracts(cases(DISTINCT, seed=3))
    (folder / "export.yaml").write_text(f"kind: export\nauthority: Exampleshire\nas_of: {day}\n", encoding="utf-8")
    if known:
        rows = [{key: value for key, value in one.items() if key != "accounts"} for one in known.values()]
        (folder / "contracts.jsonl").write_text("".join(f"{json.dumps(one, default=str)}\n" for one in rows), encoding="utf-8")
    with (folder / "cases.jsonl").open("w", encoding="utf-8") as out:
        out.writelines(f"{one}\n" for one in lines(number, kind))
    return folder


def size(folder: Path) -> int:
    """Return how many bytes the cases of an export have."""
    return (folder / "cases.jsonl").stat().st_size
