"""How long judging a case takes, as a multiple of bare parsing of the same bytes.

Run it with: python -m benchmarks.case_speed [--rounds N]

One core, one process. `parse` is orjson.loads; `all` is what an audit does with a record: parse exactly, check for duplicate
keys, validate against the schema, derive forms, tally, and ask every rule. Medians over the rounds, interleaved.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

import orjson

from pbcheck.gather import put_together
from pbcheck.pipeline import Context, audit_chunk
from pbcheck.rulebook.book import load_rulebook
from pbcheck.ruletest import baseline
from pbcheck.source.document import Document
from pbcheck.source.files import FileRead, read_documents

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "compliant" / "cases.jsonl"
SIZE = 3000


def case_of(size: int) -> bytes:
    """Return a case of the sample export, cut to about a size in bytes: shorter sentences and lists, then fewer sections."""
    case = json.loads(FIXTURE.read_text(encoding="utf-8").splitlines()[0])
    spare = ["statements", "payments", "information", "reviews", "audits", "referrals", "options", "existing_services"]
    more = ["prior_budget", "contribution", "representative", "referrals", "options", "eligibility", "controls", "consultees", "advocate"]
    case = shortened(case)
    while len(orjson.dumps(case)) > size:
        longest = max((key for key in spare if case.get(key)), key=lambda key: len(orjson.dumps(case[key])), default=None)
        if longest is not None:
            case[longest].pop()
        elif more:
            case.pop(more.pop(), None)
        else:
            break
    return orjson.dumps(case)


def shortened(value: Any) -> Any:
    """Return the value with its sentences cut to a few words."""
    if isinstance(value, dict):
        return {key: shortened(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shortened(one) for one in value]
    return value[:24] if isinstance(value, str) and " " in value else value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cases", type=int, default=2000)
    rounds, count = parser.parse_args().rounds, parser.parse_args().cases
    raw = case_of(SIZE)
    rulebook = load_rulebook()
    policy = put_together([Document("policy", baseline()["policy"])], rulebook.rules)
    context = Context(rulebook, policy, {}, "2026-09-30")
    folder = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path.cwd()
    lines = folder / "pbcheck-benchmark.jsonl"
    numbered = [raw.replace(b'"id":"', b'"id":"N' + str(n).encode() + b"-", 1) for n in range(count)]
    lines.write_bytes(b"\n".join(numbered) + b"\n")
    times: dict[str, list[float]] = {"parse": [], "all": []}
    findings = 0
    try:
        for _ in range(rounds):
            start = time.perf_counter()
            for one in numbered:
                orjson.loads(one)
            times["parse"].append((time.perf_counter() - start) / count)
            start = time.perf_counter()
            chunk = audit_chunk(read_documents(FileRead(lines, "cases.jsonl", "case"), None), context)
            times["all"].append((time.perf_counter() - start) / count)
            findings = len(chunk.findings)
    finally:
        lines.unlink()
    parse, whole = (statistics.median(times[name]) * 1e6 for name in ("parse", "all"))
    asked = len(rulebook.subjects["case"].asked) if "case" in rulebook.subjects else 0
    print(f"{len(raw)} bytes a case, {count} cases, {rounds} rounds, {asked} rules about cases, {findings} findings")
    print(f"bare orjson.loads  {parse:7.1f} us a case")
    print(f"audit of a case    {whole:7.1f} us a case: {whole / parse:.1f} times")


if __name__ == "__main__":
    main()
