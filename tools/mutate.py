"""Mutate the conditions of rules and see whether their own examples notice: python -m tools.mutate [RULE or THEME ...].

A mutant changes one thing: a comparison is turned round or its bound moved by one, a clause of `&&` or `||` is dropped, a `!`
taken away or put in, `all` becomes `exists`, an exception is left out. It is killed when some example no longer comes out as it says.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from pbcheck.evaluate import Judge, Verdict
from pbcheck.expressions.emit import Conditions, Unsupported, emit
from pbcheck.expressions.tree import Node
from pbcheck.figures.catalogue import figures
from pbcheck.figures.figure import Facts
from pbcheck.figures.forms import derive
from pbcheck.model import Outcome, Rule
from pbcheck.rulebook.book import Asked, SubjectRules, load_rulebook
from pbcheck.rulebook.compile import Compiled, compile_rule
from pbcheck.rulebook.register import load as load_register
from pbcheck.ruletest import EXPECTED, baseline, patched, sources

TURNED = {
    "_==_": ("_!=_",),
    "_!=_": ("_==_",),
    "_<_": ("_<=_", "_>=_"),
    "_<=_": ("_<_", "_>_"),
    "_>_": ("_>=_", "_<=_"),
    "_>=_": ("_>_", "_<_"),
}


@dataclass(frozen=True)
class Mutant:
    """One changed condition, in words, and whether an example noticed."""

    rule: str
    change: str
    killed: bool


def changes(node: Node) -> Iterator[tuple[Node, str]]:
    """Yield every tree that differs from this one in one thing, with the change in words."""
    for index, child in enumerate(node.args):
        for changed, words in changes(child):
            made = copy.copy(node)
            made.args = [*node.args[:index], changed, *node.args[index + 1 :]]
            yield made, words
    if node.op == "call":
        yield from _changed_call(node)
    if node.op == "has":
        yield Node("call", "!_", [node], node.offset), f"the has() at {node.offset} is negated"
    if node.op in ("all", "exists"):
        yield replace(node, op="exists" if node.op == "all" else "all"), f"{node.op} at {node.offset} is turned"
    if node.op == "const" and isinstance(node.value, int) and not isinstance(node.value, bool):
        for step in (1, -1):
            yield replace(node, value=node.value + step), f"the bound at {node.offset} is moved by {step}"


def _changed_call(node: Node) -> Iterator[tuple[Node, str]]:
    for other in TURNED.get(node.value, ()):
        yield replace(node, value=other), f"{node.value} becomes {other} at {node.offset}"
    if node.value in ("_&&_", "_||_"):
        for kept, words in ((1, "left"), (0, "right")):
            yield node.args[kept], f"the {words} side of {node.value} at {node.offset} is dropped"
    if node.value == "!_":
        yield node.args[0], f"the ! at {node.offset} is dropped"
    if node.value == "@in":
        yield Node("call", "!_", [node], node.offset), f"the `in` at {node.offset} is negated"


def mutants(conditions: Conditions) -> Iterator[tuple[Conditions, str]]:
    """Yield every mutant of a rule's conditions."""
    for changed, words in changes(conditions.expect):
        yield replace(conditions, expect=changed), f"expect: {words}"
    if conditions.when:
        yield replace(conditions, when=None), "when: left out"
        for changed, words in changes(conditions.when):
            yield replace(conditions, when=changed), f"when: {words}"
    for index, one in enumerate(conditions.unless):
        never = (*conditions.unless[:index], Node("const", False), *conditions.unless[index + 1 :])
        yield replace(conditions, unless=never), f"unless {index}: left out"
        for changed, words in changes(one):
            yield (
                replace(conditions, unless=(*conditions.unless[:index], changed, *conditions.unless[index + 1 :])),
                f"unless {index}: {words}",
            )


@dataclass(frozen=True)
class Situation:
    """An example made ready: its documents, and the outcomes it allows."""

    record: dict[str, Any]
    policy: dict[str, Any]
    facts: Facts
    as_of: str | None
    allowed: tuple[Outcome, ...]
    profile: str


def situations(rule: Rule, examples: Mapping[str, Any]) -> list[Situation]:
    """Return the examples of a rule, made ready."""
    made = []
    for kind, group in examples.items():
        for example in group:
            documents = patched(baseline(), example.get("set", {}))
            contracts = {documents["contract"].get("id", ""): documents["contract"]}
            derive(documents["case"], contracts)
            record = documents[rule.subject]
            as_of = record.get("as_of") or documents["export"].get("as_of")
            totals = {key: value for key, value in documents["portfolio"].items() if isinstance(value, int)}
            facts = Facts(record, documents["policy"], contracts, as_of, {"cases": 1, **totals})
            made.append(Situation(record, documents["policy"], facts, as_of, EXPECTED[kind], example.get("profile", "today")))
    return made


class Trial:
    """A rule with changed conditions, emitted once for each set of exceptions that a profile lets count."""

    def __init__(self, rule: Rule, conditions: Conditions) -> None:
        self.rule = rule
        self.conditions = conditions
        self.judges: dict[tuple[bool, ...], Judge] = {}

    def outcome(self, situation: Situation) -> Outcome | None:
        """Return what the changed conditions make of a situation; None where they break."""
        kept = self.rule.exceptions_under(situation.profile)
        judge = self._judge(tuple(one in kept for one in self.rule.unless))
        table = figures(self.rule.subject, situation.facts)
        try:
            verdicts: list[Verdict] = judge.look_closer(0, situation.record, situation.policy, table, situation.as_of)
        except Exception:  # a mutant may break in any way: that counts as noticed
            return None
        return max((one.outcome for one in verdicts), default=Outcome.NOT_APPLICABLE)

    def _judge(self, counts: tuple[bool, ...]) -> Judge:
        if counts not in self.judges:
            unless = tuple(node for node, one in zip(self.conditions.unless, counts, strict=True) if one)
            code = compile(emit(self.rule.subject, [replace(self.conditions, unless=unless)]), "<mutant>", "exec")
            blank = tuple("" for _ in unless)
            self.judges[counts] = Judge(SubjectRules(self.rule.subject, (Asked(self.rule, (), blank, blank, ()),), code))
            if self.judges[counts].exact[0] is None:
                raise Unsupported("asked of the official evaluator")
        return self.judges[counts]


def compiled_rules() -> Iterator[tuple[Rule, Compiled, Mapping[str, Any]]]:
    """Yield every rule with its checked conditions and examples."""
    register = {one["id"]: one for one in load_register("obligations")}
    reasons = frozenset([*register, *(one["id"] for name in ("law", "tensions") for one in load_register(name))])
    for source in sources():
        rule, ready, _ = compile_rule(source, register, reasons)
        if ready:
            yield rule, ready, source.data["examples"]


def run(wanted: tuple[str, ...] = ()) -> Iterator[Mutant]:
    """Yield every mutant of the rules or themes named, or of all."""
    load_rulebook()
    for rule, ready, examples in compiled_rules():
        if wanted and not {rule.id, rule.theme} & set(wanted):
            continue
        conditions = ready.conditions(rule.unless)
        ready_examples = situations(rule, examples)
        for mutant, words in mutants(conditions):
            try:
                trial = Trial(rule, mutant)
                killed = any(trial.outcome(one) not in one.allowed for one in ready_examples)
            except Unsupported:
                continue
            yield Mutant(rule.id, words, killed)


def explained() -> dict[tuple[str, str], str]:
    """Return the survivors that change nothing a record can show, each with its reason: tests/survivors/<theme>.yaml."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted((Path(__file__).resolve().parent.parent / "tests" / "survivors").glob("*.yaml")):
        for one in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
            found[one["rule"], one["change"]] = one["reason"]
    return found


def main() -> int:
    found = list(run(tuple(sys.argv[1:])))
    reasons = explained()
    left = [one for one in found if not one.killed and (one.rule, one.change) not in reasons]
    for one in left:
        print(f"survived: {one.rule}: {one.change}")
    killed = sum(one.killed for one in found)
    known = len(found) - killed - len(left)
    share = killed * 100 / max(1, len(found))
    print(f"{killed} of {len(found)} mutants noticed ({share:.1f} %), {known} survivors explained, {len(left)} not")
    return 0


if __name__ == "__main__":
    sys.exit(main())
