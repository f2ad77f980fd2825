"""Runs a rule's own examples: each is a set of changes to the compliant sample export, and says what should come of it."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pbcheck.discover import find_exports, settle_kind
from pbcheck.errors import RulePackError
from pbcheck.evaluate import Ledger, Meeting
from pbcheck.figures.catalogue import figures
from pbcheck.figures.figure import Facts
from pbcheck.figures.forms import derive
from pbcheck.gather import put_together, record_name
from pbcheck.model import Outcome, Rule
from pbcheck.pipeline import judge_for
from pbcheck.rulebook.book import BUILT_IN, Rulebook, load_rulebook, shown_name
from pbcheck.rulebook.files import RuleSource, pack_files, read_rule_file
from pbcheck.schema.messages import faults
from pbcheck.schema.validate import validator
from pbcheck.shipped import shipped
from pbcheck.source.document import Document
from pbcheck.source.files import read_documents

EXPECTED = {
    "pass": (Outcome.PASS,),
    "fail": (Outcome.FAIL,),
    "near_miss": (Outcome.PASS, Outcome.EXCUSED, Outcome.NOT_APPLICABLE),
    "cannot_tell": (Outcome.CANNOT_TELL,),
    "excused": (Outcome.EXCUSED,),
    "not_applicable": (Outcome.NOT_APPLICABLE,),
}


@dataclass(frozen=True)
class ExampleResult:
    """One example: what was expected of it, what came of it, and the problem in words (empty where all is well)."""

    rule: str
    kind: str
    about: str
    outcome: Outcome | None
    problem: str = ""


@cache
def baseline() -> dict[str, dict[str, Any]]:
    """Return the compliant documents that examples change: the sample export's policy, first case, its contract, portfolio and manifest."""
    documents: dict[str, list[Document]] = {}
    for export in find_exports([shipped("fixtures/compliant")]):
        if export.manifest:
            documents["export"] = [export.manifest]
        for file in export.files:
            for document in read_documents(file, export.root):
                settle_kind(document, file, named=True)
                documents.setdefault(document.kind, []).append(document)
    policy = put_together(documents["policy"], load_rulebook((shipped("rules") / BUILT_IN[0],)).rules).whole[0]
    case = documents["case"][0].data
    wanted = {one.get("contract_id") for one in case["arrangements"]}
    contract = next((one.data for one in documents["contract"] if one.data.get("id") in wanted), documents["contract"][0].data)
    return {
        "policy": policy.data,
        "case": case,
        "contract": contract,
        "portfolio": documents["portfolio"][0].data,
        "export": documents["export"][0].data,
    }


def run_examples(folders: tuple[Path, ...] = (), only: str = "", *, use_cache: bool = True) -> Iterator[ExampleResult]:
    """Yield the result of every example of a pack, or of one rule; raises RulePackError for a bad pack."""
    books: dict[str, Rulebook] = {}
    for source in sources(folders):
        name = source.data["id"]
        if (only and name != only) or source.data.get("built_in"):
            continue
        for kind, examples in source.data.get("examples", {}).items():
            for example in examples:
                profile = example.get("profile", "today")
                if profile not in books:
                    books[profile] = load_rulebook(profile=profile, own=folders, use_cache=use_cache)
                yield run_example(books[profile], books[profile].rules[name], kind, example)


def sources(folders: tuple[Path, ...] = ()) -> Iterator[RuleSource]:
    """Yield the rules of a pack as data, with their examples."""
    for folder in folders or (shipped("rules"),):
        for path in pack_files(folder):
            found, problems = read_rule_file(path, shown_name(folder, path), path.read_bytes())
            if problems:
                raise RulePackError(problems)
            yield from found


def run_example(rulebook: Rulebook, rule: Rule, kind: str, example: Mapping[str, Any]) -> ExampleResult:
    """Return what comes of one example of a rule."""

    def result(outcome: Outcome | None, problem: str = "") -> ExampleResult:
        return ExampleResult(rule.id, kind, example["about"], outcome, problem)

    try:
        documents = patched(baseline(), example.get("set", {}))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        return result(None, f"The path {error} leads nowhere in the sample export.")
    for name, data in documents.items():
        check = validator(name)
        violations = check.violations(data)
        if violations:
            fault = faults(check.schema, data, violations)[0]
            return result(None, f"The example breaks the {name} schema at {'.'.join(map(str, fault.path))}: {fault.message}")
    outcome, because = judge_documents(rulebook, rule, documents)
    if outcome not in EXPECTED[kind]:
        wanted = " or ".join(one.name.lower() for one in EXPECTED[kind])
        return result(outcome, f"Expected {wanted}, came to {outcome.name.lower() if outcome is not None else 'nothing'}{because}.")
    if example.get("because") and example["because"] not in because:
        return result(outcome, f"Expected to be excused by {example['because']}{because}.")
    return result(outcome)


def judge_documents(rulebook: Rulebook, rule: Rule, documents: Mapping[str, Any]) -> tuple[Outcome | None, str]:
    """Return the outcome of one rule on its subject among the documents, and by what it was excused or what was missing."""
    rules = rulebook.subjects.get(rule.subject)
    index = next((n for n, one in enumerate(rules.asked) if one.rule.id == rule.id), None) if rules else None
    judge = judge_for(rulebook, rule.subject)
    if index is None or judge is None:
        return None, ""
    case, policy = documents["case"], documents["policy"]
    contracts = {documents["contract"].get("id", ""): documents["contract"]}
    derive(case, contracts)
    record = Document(rule.subject, documents[rule.subject])
    ledger = Ledger(judge.width)
    clock = record.data.get("as_of") or documents["export"].get("as_of")
    totals = {key: value for key, value in documents["portfolio"].items() if isinstance(value, int)}
    facts = Facts(record.data, policy, contracts, clock, {"cases": 1, **totals})
    judge.run([Meeting(record, record_name(record), Document("policy", policy), figures(rule.subject, facts), clock)], ledger)
    reasons = [key for (one, key) in [*ledger.excused, *ledger.missing] if one == index]
    return Outcome(ledger.rows[index]), f" ({', '.join(sorted(reasons))})" if reasons else ""


def patched(documents: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the documents with dotted paths set; ABSENT takes a key or element away."""
    made: dict[str, Any] = copy.deepcopy(dict(documents))
    for path, value in changes.items():
        _set(made, [int(step) if step.isdigit() else step for step in path.split(".")], copy.deepcopy(value))
    return made


def _set(data: Any, steps: list[str | int], value: Any) -> None:
    for step, following in itertools.pairwise(steps):
        if isinstance(data, dict) and step not in data:
            if value == "ABSENT":
                return
            data[step] = [] if isinstance(following, int) else {}
        elif isinstance(data, list) and step == len(data) and value != "ABSENT":
            data.append([] if isinstance(following, int) else {})
        data = data[step]
    last = steps[-1]
    if value == "ABSENT":
        if isinstance(data, dict):
            data.pop(last, None)
        else:
            del data[last]
    elif isinstance(data, list) and last == len(data):
        data.append(value)
    else:
        data[last] = value
