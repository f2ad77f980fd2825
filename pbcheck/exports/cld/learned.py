"""What a council can and cannot learn from its return: the rules it answers, and which of its own fields would answer more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pbcheck.exports.cld.build import COLUMNS, HARMLESS
from pbcheck.model import Tally
from pbcheck.rulebook.book import Asked
from pbcheck.schema.store import at, load

STEPS = 10
_OF_CONTRACTS = "arrangements.*.contract_party"


@dataclass(frozen=True)
class Answered:
    """A rule that the return answers for some cases: how each came out, and what the others lack (field: number of cases)."""

    rule: str
    title: str
    passed: int
    failed: int
    excused: int
    cannot_tell: int
    missing: Mapping[str, int]


@dataclass(frozen=True)
class Step:
    """Fields that, added to those before, would let more rules be answered; `titles` are their names in words, in the same order."""

    fields: tuple[str, ...]
    titles: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Learned:
    """What came of asking all rules about cases: those answered, those not, and the fields that would unlock them.

    `alone` holds each field of a case that would unlock rules without any other, `steps` the shortest way to more: each is the set
    of fields that unlocks most rules for its size, given those before. `beside` counts the rules that ask for a policy or a contract.
    """

    asked: int
    answered: tuple[Answered, ...]
    unanswered: tuple[str, ...]
    alone: Mapping[str, tuple[str, ...]]
    steps: tuple[Step, ...]
    beside: Mapping[str, int]


def learned(asked: Sequence[Asked], outcomes: Iterable[Tally]) -> Learned:
    """Return what the rules about cases came to on a return; `outcomes` are the lines of the ledger about cases."""
    tallies = {one.rule: one for one in outcomes if one.subject == "case"}
    answered, unanswered = [], []
    for one in asked:
        found = tallies.get(one.rule.id)
        if found and found.passed + found.failed + found.excused:
            counts = (found.passed, found.failed, found.excused, found.cannot_tell)
            answered.append(Answered(one.rule.id, one.rule.title, *counts, found.missing))
        else:
            unanswered.append(one)
    needs = {one.rule.id: lacking(one) for one in unanswered}
    alone: dict[str, tuple[str, ...]] = {}
    for rule, fields in sorted(needs.items()):
        if len(fields) == 1:
            alone[fields[0]] = (*alone.get(fields[0], ()), rule)
    beside = {kind: sum(any(read[0] == kind for read in one.reads) for one in unanswered) for kind in ("policy", "contract")}
    return Learned(len(asked), tuple(answered), tuple(needs), dict(sorted(alone.items())), tuple(_steps(needs)), beside)


def lacking(asked: Asked) -> tuple[str, ...]:
    """Return the fields of a case that a rule reads and no return has, the deepest of each branch."""
    said = {*COLUMNS, *HARMLESS}
    found: set[str] = set()
    for root, *steps in asked.reads:
        path = tuple(steps)
        if root != "case" or path in said or any(path == one[: len(path)] for one in said):
            continue
        found.add(_OF_CONTRACTS if "derived" in path else ".".join(path))
    return tuple(sorted(one for one in found if not any(other.startswith(f"{one}.") for other in found)))


def title_of(field: str) -> str:
    """Return a field of a case in words, as the vocabulary titles it."""
    path = tuple(0 if step == "*" else step for step in field.split("."))
    return str(at(load("case"), path).get("title", field))


def _steps(needs: Mapping[str, tuple[str, ...]]) -> list[Step]:
    """Return the shortest way to more rules: at each step the set of fields that unlocks most rules for each field it adds."""
    open_ = {rule: frozenset(fields) for rule, fields in needs.items() if fields}
    found: list[Step] = []
    while open_ and len(found) < STEPS:
        candidates = sorted(set(open_.values()), key=sorted)
        best = max(candidates, key=lambda fields: (sum(other <= fields for other in open_.values()) / len(fields), -len(fields)))
        unlocked = tuple(sorted(rule for rule, fields in open_.items() if fields <= best))
        names = tuple(sorted(best))
        found.append(Step(names, tuple(title_of(one) for one in names), unlocked))
        open_ = {rule: fields - best for rule, fields in open_.items() if not fields <= best}
    return found
