"""The thirty rules written for other tools say the same as ours: on the rules' own examples, the sample export, and invented cases.

What is measured in `benchmarks/` is only worth something while this holds. A peer that cannot say a rule is listed with the reason.
"""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.peers import PEERS, missing
from benchmarks.peers.prepared import write_for_peers
from benchmarks.peers.thirty import THIRTY
from pbcheck import audit
from pbcheck.ruletest import baseline, patched, sources
from tests.generated_cases import AS_OF, cases, policies

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "fixtures" / "compliant" / "cases.jsonl"


@dataclass
class Group:
    """Cases under one policy, numbered so that no two share an id."""

    policy: Mapping[str, Any]
    cases: list[dict[str, Any]] = field(default_factory=list)

    def take(self, case: Mapping[str, Any]) -> None:
        self.cases.append(copy.deepcopy(dict(case)) | {"id": f"V-{len(self.cases):05d}"})


@cache
def groups() -> tuple[Group, ...]:
    """Return what the verdicts are compared on: examples by their policy, sample and invented cases, and cases with keys taken away."""
    by_policy: dict[str, Group] = {}
    for rule in sources():
        if rule.data["id"] in THIRTY:
            for example in (one for kind in rule.data["examples"].values() for one in kind):
                documents = patched(baseline(), example.get("set", {}))
                name = terms(documents["policy"])
                by_policy.setdefault(name, Group(documents["policy"])).take(documents["case"])
    whole = by_policy[terms(baseline()["policy"])]
    examples = list(whole.cases)
    chance = random.Random(6)
    for one in [*map(json.loads, SAMPLE.read_text(encoding="utf-8").splitlines()), *cases(150, seed=6)]:
        whole.take(one)
    for one in examples * 2 + list(cases(150, seed=16)):
        whole.take(with_gaps(one, chance))
    silent = Group(policies()["none"])
    for one in cases(60, seed=26):
        silent.take(one)
    return (*by_policy.values(), silent)


def terms(policy: Mapping[str, Any]) -> str:
    """Return what the thirty rules ask of a policy."""
    return json.dumps([policy.get("options"), policy.get("delegation")], sort_keys=True)


def with_gaps(case: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return the case with a few keys or elements taken away, wherever they are."""
    made = copy.deepcopy(dict(case))
    for _ in range(chance.randint(1, 4)):
        spots = [(owner, key) for owner, key in keys(made) if not (owner is made and key in ("kind", "id"))]
        owner, key = chance.choice(spots)
        del owner[key]
    return made


def keys(value: Any) -> Iterable[tuple[Any, Any]]:
    for key, child in list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()):
        yield value, key
        yield from keys(child)


@cache
def ours() -> tuple[dict[str, list[str]], ...]:
    """Return for each group the cases that each of the thirty rules fails."""
    found = []
    for group in groups():
        failed: dict[str, set[str]] = {}
        for one in audit(group.policy, copy.deepcopy(group.cases), as_of=AS_OF).findings:
            if one.rule in THIRTY:
                failed.setdefault(one.rule, set()).add(one.record)
        found.append({rule: sorted(names) for rule, names in sorted(failed.items())})
    return tuple(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PEERS))
def test_the_verdicts_are_ours(name: str, tmp_path: Path) -> None:
    peer = PEERS[name]
    lacks = missing(peer)
    if lacks:
        pytest.skip(lacks)
    folders = []
    for number, group in enumerate(groups()):
        (tmp_path / str(number)).mkdir()
        folders.append(write_for_peers(tmp_path / str(number), group.cases, group.policy, AS_OF))
    command = [sys.executable, "-m", peer.module, *map(str, folders), "--verdicts"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    said = [json.loads(line)["failed"] for line in ran.stdout.splitlines()]
    asked = set(THIRTY) - set(peer.cannot)
    wanted = [{rule: names for rule, names in one.items() if rule in asked} for one in ours()]
    assert not differences(said, wanted)
    assert set().union(*wanted) == asked, "every rule that the peer is asked for fails somewhere"


def differences(said: list[dict[str, list[str]]], wanted: list[dict[str, list[str]]]) -> list[str]:
    """Return each case and rule on which a peer and pbcheck disagree."""
    assert len(said) == len(wanted)
    found = []
    for number, (theirs, mine) in enumerate(zip(said, wanted, strict=True)):
        for rule in sorted(theirs.keys() | mine.keys()):
            apart = set(theirs.get(rule, ())) ^ set(mine.get(rule, ()))
            found += [
                f"{rule}: policy {number}, case {case}, {'peer' if case in theirs.get(rule, ()) else 'pbcheck'} says fail" for case in apart
            ]
    return sorted(found)


@pytest.mark.parametrize("name", sorted(PEERS))
def test_what_a_peer_cannot_say_is_listed_with_the_reason(name: str) -> None:
    cannot = PEERS[name].cannot
    assert set(cannot) <= set(THIRTY)
    assert all(len(reason.split()) > 3 for reason in cannot.values())


def test_the_thirty_are_rules_of_ours_about_cases() -> None:
    about_cases = {rule.data["id"] for rule in sources() if rule.data["subject"] == "case"}
    assert len(set(THIRTY)) == 30
    assert set(THIRTY) <= about_cases
