"""How long judging a case takes, as a multiple of bare parsing of the same bytes.

Run it with: python -m benchmarks.case_speed [--rounds N]

One core, one process, medians of interleaved rounds. `judging` is every rule and figure on a record that was read; `parsing, validating
and judging` is all that `check` does with a line: hash it, read it exactly, look for duplicate keys, validate it against the schema,
derive the forms, ask every rule; `totals` are the tallies over cases that an audit keeps beside.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from pbcheck.gather import put_together
from pbcheck.judging import AT_ONCE
from pbcheck.model import Outcome
from pbcheck.pipeline import Chunk, Context, audit_chunk, judge_records
from pbcheck.rulebook.book import load_rulebook
from pbcheck.ruletest import baseline
from pbcheck.source.document import Document
from pbcheck.source.files import FileRead, read_documents

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "compliant" / "cases.jsonl"
RULES = FIXTURE.parent.parent.parent / "rules"
SIZE = 3000
FIFTEEN = (
    "support-planning/component-without-cost.yaml",
    "knowing-your-budget/not-told-before-choosing.yaml",
    "knowing-your-budget/direct-payment-without-information.yaml",
    "support-planning/volumes-demanded-in-every-plan.yaml",
    "use-of-the-budget/unspent-money-taken-back.yaml",
    "use-of-the-budget/itemised-accounts-demanded.yaml",
    "use-of-the-budget/itemised-accounts-required.yaml",
    "sign-off-and-review/plan-signed-off-by-an-outsider.yaml",
    "setting-the-budget/estimate-recorded-as-final.yaml",
    "setting-the-budget/family-help-taken-for-granted.yaml",
    "setting-the-budget/family-help-built-into-figures.yaml",
    "contributions-and-payments/charge-tied-to-service.yaml",
    "full-cost-payers/full-cost-payers-always-refused.yaml",
    "genuine-budgets/services-renamed-as-budget.yaml",
    "genuine-budgets/many-budgets-look-converted.yaml",
)


def case_of(size: int, context: Context) -> bytes:
    """Return a case of the sample export with shorter words and less in it, as near to a size in bytes as it goes.

    Nothing is left out that would bring a finding or leave a rule unable to tell: every rule is really answered.
    """
    case = shortened(json.loads(FIXTURE.read_text(encoding="utf-8").splitlines()[0]))
    while len(orjson.dumps(case)) > size:
        smaller = next((one for one in without_one(case) if answered(one, context)), None)
        if smaller is None:
            break
        case = smaller
    return orjson.dumps(case)


def answered(case: dict[str, Any], context: Context) -> bool:
    """Return whether every rule passes, is excused or does not apply."""
    chunk = audit_chunk([Document("case", json.loads(json.dumps(case)), "x")], context)
    return not chunk.findings and Outcome.CANNOT_TELL not in chunk.ledgers["case"].rows


def without_one(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the case without one of its parts, the largest first."""
    spots = sorted(parts(case, []), key=lambda spot: -spot[0])
    for _, path in spots:
        made = json.loads(json.dumps(case))
        owner = made
        for step in path[:-1]:
            owner = owner[step]
        del owner[path[-1]]
        yield made


def parts(value: Any, path: list[str | int]) -> Iterator[tuple[int, list[str | int]]]:
    """Yield the size and path of every part of a record but its kind and id."""
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key not in ("kind", "id"):
            yield len(orjson.dumps(child)), [*path, key]
        yield from parts(child, [*path, key])


def shortened(value: Any) -> Any:
    """Return the value with its sentences cut to a few words."""
    if isinstance(value, dict):
        return {key: shortened(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shortened(one) for one in value]
    return value[:12] if isinstance(value, str) and " " in value else value


@dataclass(frozen=True)
class Times:
    """Medians in microseconds a case: parsing alone, judging alone, all that a check does, and all that an audit does."""

    parse: float
    judge: float
    checked: float
    whole: float
    rules: int
    findings: int


def measure(raw: bytes, context: Context, count: int, rounds: int) -> Times:
    """Return the medians over interleaved rounds, on copies of one case under different ids."""
    asking = replace(context, totals=False)
    numbered = [raw.replace(b'"id":"', b'"id":"N' + str(n).encode() + b"-", 1) for n in range(count)]
    folder = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path.cwd()
    lines = folder / "pbcheck-benchmark.jsonl"
    lines.write_bytes(b"\n".join(numbered) + b"\n")
    times: dict[str, list[float]] = {"parse": [], "judge": [], "checked": [], "whole": []}
    findings = 0
    try:
        for _ in range(rounds):
            start = time.perf_counter()
            for one in numbered:
                orjson.loads(one)
            times["parse"].append(time.perf_counter() - start)
            chunk, judging = Chunk(), 0.0
            records = read_documents(FileRead(lines, "cases.jsonl", "case"), None)
            while some := list(islice(records, AT_ONCE)):
                start = time.perf_counter()
                judge_records(some, asking, chunk)
                judging += time.perf_counter() - start
            times["judge"].append(judging)
            for name, used in (("checked", asking), ("whole", context)):
                start = time.perf_counter()
                chunk = audit_chunk(read_documents(FileRead(lines, "cases.jsonl", "case"), None), used)
                times[name].append(time.perf_counter() - start)
            findings = len(chunk.findings)
    finally:
        lines.unlink()
    middle = {name: statistics.median(found) / count * 1e6 for name, found in times.items()}
    asked = len(context.rulebook.subjects["case"].asked)
    return Times(middle["parse"], middle["judge"], middle["checked"], middle["whole"], asked, findings)


def fifteen(folder: Path) -> tuple[Path, ...]:
    """Return a pack of the fifteen rule files of the first issue, copied from the shipped rules."""
    for name in FIFTEEN:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(RULES / name, folder / name)
    return (folder,)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cases", type=int, default=1000)
    options = parser.parse_args()
    policy = put_together([Document("policy", baseline()["policy"])], load_rulebook().rules)
    full = Context(load_rulebook(), policy, as_of="2026-09-30")
    small = case_of(SIZE, full)
    whole_case = orjson.dumps(json.loads(FIXTURE.read_text(encoding="utf-8").splitlines()[0]))
    with tempfile.TemporaryDirectory() as folder:
        few = Context(load_rulebook(fifteen(Path(folder)), use_cache=False), policy, as_of="2026-09-30")
        for words, raw, context in (
            ("fifteen rule files, 3 KB", small, few),
            ("whole catalogue, 3 KB", small, full),
            ("whole catalogue, a full record", whole_case, full),
        ):
            found = measure(raw, context, options.cases, options.rounds)
            print(
                f"{words:<31} {len(raw):>6} bytes, {found.rules:>3} rules about cases, {found.findings} findings: "
                f"orjson.loads {found.parse:5.1f} us; judging {found.judge:6.1f} us, {found.judge / found.parse:4.1f} times; "
                f"parsing, validating and judging {found.checked:6.1f} us, {found.checked / found.parse:4.1f} times; "
                f"with the export's totals {found.whole:6.1f} us, {found.whole / found.parse:4.1f} times"
            )


if __name__ == "__main__":
    main()
