"""Rules meet records: every meeting has an outcome that is counted, and every breach becomes a finding with a place.

The fast function of a subject answers for all rules at once; only what is neither a pass nor not applicable is looked at
closer, rule by rule, with the exact function or the official evaluator. A key that is missing is never a pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from pbcheck.expressions import official
from pbcheck.expressions.emitted import LOOK_CLOSER, load, parts_of
from pbcheck.expressions.reads import touches
from pbcheck.expressions.types import Field
from pbcheck.expressions.values import converted
from pbcheck.findings import finding, name_of_missing, of_the_schema, rule_error
from pbcheck.model import Finding, Outcome, Tally
from pbcheck.rulebook.book import Asked, SubjectRules
from pbcheck.source.document import Document, Path

EMPTY: dict[str, Any] = {}
MOST_ROWS = 512
MOST_PATHS = 4096
FEW = 24
"""So many rules at most are asked one by one, where all others read what cannot be judged: that is quicker than asking all at once."""


class Verdict(NamedTuple):
    """The outcome of one rule on one element: which exception excused it, or which key was missing."""

    outcome: Outcome
    exception: int = -1
    missing: str = ""


NOT_APPLICABLE, PASS, FAIL = Verdict(Outcome.NOT_APPLICABLE), Verdict(Outcome.PASS), Verdict(Outcome.FAIL)


class Meeting(NamedTuple):
    """A record and what the rules are asked with: its name in findings, the policy in force, its figures, and the date to judge by."""

    record: Document
    name: str
    policy: Document | None
    figure: Any
    as_of: str | None

    @property
    def terms(self) -> dict[str, Any]:
        """What the policy in force says; nothing where there is none."""
        return EMPTY if self.policy is None else self.policy.data


_Begun = tuple[Meeting, dict[int, str], bytearray, list[tuple[int, str]]]
"""A meeting, the rules that cannot be judged in it, the outcomes so far, and the keys that were missing so far."""


@dataclass
class Ledger:
    """Outcomes of one subject's rules over records, as counts, with counts of reasons; can be added up.

    `rows` holds the outcomes of the last few records, a byte a rule; `counts` how often each outcome came of each rule before
    them: all rules' numbers for the first outcome, then for the next.
    """

    width: int
    rows: bytearray = field(default_factory=bytearray)
    counts: list[int] = field(default_factory=list)
    excused: Counter[tuple[int, str]] = field(default_factory=Counter)
    missing: Counter[tuple[int, str]] = field(default_factory=Counter)

    def take(self, outcomes: bytearray) -> None:
        """Count the outcomes of one record."""
        self.rows += outcomes
        if len(self.rows) >= MOST_ROWS * self.width:
            self.folded()

    def folded(self) -> list[int]:
        """Return the counts with those of the last rows in them, which are then forgotten."""
        if not self.counts:
            self.counts = [0] * (len(Outcome) * self.width)
        if self.rows:
            columns = [self.rows[index :: self.width] for index in range(self.width)]
            nothing = [0] * self.width
            each = [[column.count(one) for column in columns] if one in self.rows else nothing for one in range(len(Outcome))]
            found = [number for counted in each for number in counted]
            self.counts = [before + more for before, more in zip(self.counts, found, strict=True)]
            self.rows = bytearray()
        return self.counts

    def add(self, other: Ledger) -> None:
        """Add the counts of another part of the same audit."""
        self.counts = [one + more for one, more in zip(self.folded(), other.folded(), strict=True)]
        self.excused.update(other.excused)
        self.missing.update(other.missing)

    def tallies(self, rules: SubjectRules) -> list[Tally]:
        """Return one line of the ledger for each rule."""
        made = []
        counts = self.folded()
        for index, asked in enumerate(rules.asked):
            made.append(
                Tally(
                    asked.rule.id,
                    rules.subject,
                    passed=counts[Outcome.PASS * self.width + index],
                    failed=counts[Outcome.FAIL * self.width + index],
                    excused=counts[Outcome.EXCUSED * self.width + index],
                    not_applicable=counts[Outcome.NOT_APPLICABLE * self.width + index],
                    cannot_tell=counts[Outcome.CANNOT_TELL * self.width + index],
                    excused_by={key: n for (rule, key), n in sorted(self.excused.items()) if rule == index},
                    missing=self._missing(index, asked),
                )
            )
        return made

    def _missing(self, index: int, asked: Asked) -> dict[str, int]:
        """Return how many records lacked each key, by its full name."""
        found: Counter[str] = Counter()
        for (rule, key), number in self.missing.items():
            if rule == index:
                found[name_of_missing(asked, key)] += number
        return dict(sorted(found.items()))


class Judge:
    """Judges the records of one subject under one rulebook."""

    def __init__(self, rules: SubjectRules) -> None:
        self.rules = rules
        self.subject = rules.subject
        self.names = load(rules.code)
        self.parts = parts_of(self.names)
        self.groups_of = self.names["groups_of"]
        self.width = len(rules.asked)
        self.exact: list[Callable[..., Any] | None] = [self.names.get(f"exact_{index}") for index in range(self.width)]
        self._known_readers: dict[tuple[str, Path], list[int]] = {}
        self._known_refused: dict[tuple[str | Path, ...], dict[int, str]] = {}

    @cached_property
    def clock_readers(self) -> list[int]:
        """Return the rules that need a clock."""
        return [index for index, asked in enumerate(self.rules.asked) if ("as_of",) in asked.reads]

    def _readers(self, root: str, path: Path) -> list[int]:
        """Return the rules that read a path, worked out once for each of the paths that come up again and again."""
        found = self._known_readers.get((root, path))
        if found is None:
            found = [i for i, asked in enumerate(self.rules.asked) if any(touches(read, root, path) for read in asked.reads)]
            if len(self._known_readers) < MOST_PATHS:
                self._known_readers[root, path] = found
        return found

    def run(self, meetings: Iterable[Meeting], ledger: Ledger) -> list[list[Finding]]:
        """Judge some records: count their outcomes in the ledger and return the findings of each.

        Each part of the fast function is asked of all of them before the next part is, since that is quicker.
        """
        begun: list[_Begun] = [(one, self._blocked(one), bytearray(self.width), []) for one in meetings]
        asked = []
        for meeting, blocked, outcomes, missing in begun:
            if blocked and len(blocked) + FEW >= self.width:
                outcomes[:] = bytes([LOOK_CLOSER]) * self.width
            else:
                data, terms = meeting.record.data, meeting.terms
                asked.append((data, terms, meeting.figure, meeting.as_of, outcomes, missing.append, self.groups_of(data, terms)))
        for ask in self.parts:
            ask(asked)
        return [self._answered(*one, ledger) for one in begun]

    def _answered(
        self, meeting: Meeting, blocked: dict[int, str], outcomes: bytearray, missing: list[tuple[int, str]], ledger: Ledger
    ) -> list[Finding]:
        """Count the outcomes of one record, those that have to be looked at closer among them, and return its findings."""
        if blocked:
            missing = [*((index, key) for index, key in missing if index not in blocked), *blocked.items()]
            for index in blocked:
                outcomes[index] = Outcome.CANNOT_TELL
        found = self._found(meeting, outcomes, missing, ledger) if Outcome.FAIL in outcomes or LOOK_CLOSER in outcomes else []
        ledger.take(outcomes)
        if missing:
            ledger.missing.update(missing)
        return found

    def _found(self, meeting: Meeting, outcomes: bytearray, missing: list[tuple[int, str]], ledger: Ledger) -> list[Finding]:
        """Return the findings of one record; what had to be looked at closer has its outcome then."""
        record, name, policy, figure, as_of = meeting
        found = [finding(self.rules.asked[at], record, name, policy, figure, as_of, None) for at in _places(outcomes, Outcome.FAIL)]
        for at in _places(outcomes, LOOK_CLOSER):
            asked = self.rules.asked[at]
            try:
                verdicts = self.look_closer(at, record.data, meeting.terms, figure, as_of)
            except Exception as error:  # whatever a rule runs into costs its own outcome (a finding and cannot tell), not the run
                found.append(rule_error(asked.rule, error, record, name))
                verdicts = [Verdict(Outcome.CANNOT_TELL, missing="the answer of a rule that could not be run")]
            outcomes[at] = outcome = max((one.outcome for one in verdicts), default=Outcome.NOT_APPLICABLE)
            for element, one in enumerate(verdicts):
                if one.outcome is Outcome.FAIL:
                    found.append(finding(asked, record, name, policy, figure, as_of, element if asked.rule.for_each else None))
            first = next((one for one in verdicts if one.outcome is outcome), NOT_APPLICABLE)
            if outcome is Outcome.EXCUSED:
                ledger.excused[at, asked.because[first.exception]] += 1
            elif outcome is Outcome.CANNOT_TELL:
                missing.append((at, first.missing))
        return found

    def _blocked(self, meeting: Meeting) -> dict[int, str]:
        """Return the rules that cannot be judged here, whatever their conditions say, and why."""
        record, _, policy, _, as_of = meeting
        if not record.blocked and as_of is not None and (policy is None or not policy.blocked):
            return {}
        found: dict[int, str] = {}
        if as_of is None:
            found.update(dict.fromkeys(self.clock_readers, "as_of (the date to judge by)"))
        if policy is not None and self.subject not in ("policy", "export"):
            for path in policy.blocked:
                found.update(dict.fromkeys(self._readers("policy", path), _shown("policy", path)))
        found.update(self._refused(self.subject, record.blocked))
        return found

    def _refused(self, root: str, paths: tuple[Path, ...]) -> dict[int, str]:
        """Return the rules that read one of some paths, and how that path is named; worked out once where the paths come up again."""
        found = self._known_refused.get((root, *paths))
        if found is None:
            found = {}
            for path in paths:
                alone = len(paths) == 1
                found.update(dict.fromkeys(self._readers(root, path), _shown(root, path)) if alone else self._refused(root, (path,)))
            if len(self._known_refused) < MOST_PATHS:
                self._known_refused[root, *paths] = found
        return found

    def look_closer(self, index: int, record: dict[str, Any], policy: dict[str, Any], figure: Any, as_of: str | None) -> list[Verdict]:
        """Return the verdict of one rule on each element of a record, under CEL's rules for what is missing."""
        exact = self.exact[index]
        if exact is not None:
            try:
                return list(exact(record, policy, figure, as_of, verdict))
            except KeyError as error:
                return [Verdict(Outcome.CANNOT_TELL, missing=str(error.args[0]))]
            except TypeError:
                pass  # a null where a value was expected: the official evaluator decides
        return self.ask_official(index, record, policy, figure, as_of)

    def ask_official(self, index: int, record: dict[str, Any], policy: dict[str, Any], figure: Any, as_of: str | None) -> list[Verdict]:
        """Return the same verdicts from the official evaluator, rule text by rule text."""
        asked = self.rules.asked[index]
        rule = asked.rule
        values = official.bindings(self.subject, record, policy, figure, as_of)
        elements: list[Any] = [None]
        if rule.for_each:
            *groups, last = rule.for_each.split(".")[1:]
            here: Any = record
            for step in groups:
                here = here.get(step, EMPTY)
            if last not in here:
                return [Verdict(Outcome.CANNOT_TELL, missing=last)]
            elements = [converted(one, Field("message", rule.for_each)) for one in here[last]]
        return [self._official_verdict(asked, values | ({rule.as_: one} if rule.for_each else {})) for one in elements]

    def _official_verdict(self, asked: Asked, values: dict[str, Any]) -> Verdict:
        rule = asked.rule

        def ask(text: str) -> Callable[[], bool]:
            return lambda: bool(official.evaluate(text, values))

        try:
            return verdict(ask(rule.when) if rule.when else None, ask(rule.expect), tuple(ask(one) for one in asked.unless))
        except official.Undecided:
            return Verdict(Outcome.CANNOT_TELL, missing="a value that is stated as nil")


def verdict(when: Callable[[], bool] | None, expect: Callable[[], bool], unless: tuple[Callable[[], bool], ...]) -> Verdict:
    """Return the outcome of one meeting: applies? as expected? excused? A missing key anywhere means that nobody can tell."""
    try:
        if when is not None and not when():
            return NOT_APPLICABLE
        if expect():
            return PASS
        for number, exception in enumerate(unless):
            if exception():
                return Verdict(Outcome.EXCUSED, number)
    except KeyError as error:
        return Verdict(Outcome.CANNOT_TELL, missing=str(error.args[0]))
    return FAIL


def _places(outcomes: bytearray, wanted: int) -> Iterator[int]:
    """Yield where one number stands among the outcomes, which may be changed meanwhile."""
    at = outcomes.find(wanted)
    while at >= 0:
        yield at
        at = outcomes.find(wanted, at + 1)


def _shown(root: str, path: Path) -> str:
    """Return the name of a path that cannot be judged, without a key that the schema does not know: it may be a person's name."""
    if root == "policy" and not path:
        return "the policy in force"
    return of_the_schema(".".join([root, *(str(step) if isinstance(step, str) else "*" for step in path)]))
