"""The types that travel through pbcheck: places, rules, outcomes, findings and the report. All frozen, no behaviour beyond reading them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any

SEVERITIES = ("error", "warning", "note")
SUBJECTS = ("policy", "case", "contract", "portfolio", "export")
PROFILES = ("ppf", "cwr", "notes", "today")
LOCKED_FORCES = ("statute", "guidance-must")
EXCEPTIONS = ("waiver", "suppression", "baseline", "per-file-ignore")


class Outcome(IntEnum):
    """What came of a rule meeting a record; for a rule with several elements in a record the highest one counts."""

    NOT_APPLICABLE = 0
    PASS = 1
    EXCUSED = 2
    CANNOT_TELL = 3
    FAIL = 4


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file: line and column from 1 (0 where the document is not from a file), and the JSON pointer."""

    file: str
    line: int = 0
    column: int = 0
    pointer: str = ""
    end_column: int = 0


@dataclass(frozen=True)
class Exemption:
    """A condition under which a breach is excused, and by what: an obligation of the notes or an entry of the law register."""

    when: str
    because: str


@dataclass(frozen=True)
class Rule:
    """One rule as its author wrote it: the words for its readers, the conditions as CEL text, the citation.

    `notes` holds which of the two notes it rests on (`PPF`, `CWR`); `built_in` marks the checks that the reader and the
    schemas make, which have a page but no condition.
    """

    id: str
    title: str
    theme: str
    subject: str
    severity: str
    force: str
    obligations: tuple[str, ...]
    why: str
    plain: str
    remedy: str
    who: str = ""
    law: str = ""
    not_checked: str = ""
    for_each: str = ""
    as_: str = ""
    when: str = ""
    unless: tuple[Exemption, ...] = ()
    expect: str = ""
    message: str = ""
    at: str = ""
    examples: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict, hash=False, compare=False)
    file: str = ""
    built_in: bool = False
    tags: tuple[str, ...] = ()

    @property
    def locked(self) -> bool:
        """Whether a council may not switch the rule off, weaken it or set its findings aside: statute, and the musts of guidance."""
        return self.force in LOCKED_FORCES

    @property
    def notes(self) -> frozenset[str]:
        """Return the notes that the rule rests on."""
        return frozenset(name.split("-")[0] for name in self.obligations)

    def applies_under(self, profile: str) -> bool:
        """Return whether the rule is asked at all under a profile; `notes` and `today` ask every rule."""
        if self.built_in:
            return True
        return profile in ("notes", "today") or profile.upper() in self.notes

    def exceptions_under(self, profile: str) -> tuple[Exemption, ...]:
        """Return the exceptions that count under a profile: the law's only under `today`, a note's where that note is asked."""
        return tuple(one for one in self.unless if _counts(one.because.split("-")[0], profile))


def _counts(source: str, profile: str) -> bool:
    if source == "LAW":
        return profile == "today"
    return profile in ("notes", "today") or profile.upper() == source


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]


@dataclass(frozen=True)
class SetAside:
    """Why a finding does not count: by what kind of exception (one of EXCEPTIONS), which one, why, who decided, and until when.

    `name` is the id of a waiver, the place of a comment, the pattern of ignored files, or the file of a baseline; `until` is the last day.
    """

    by: str
    name: str
    reason: str = ""
    approver: str = ""
    until: str = ""


@dataclass(frozen=True, order=True)
class Decision:
    """One exception that was given, in force or not: what it is about, who decided, its dates, and how many findings it set aside.

    `standing` says in words why it is not in force; empty where it is.
    """

    kind: str
    name: str
    rule: str
    where: str
    reason: str = ""
    approver: str = ""
    reference: str = ""
    approved_on: str = ""
    until: str = ""
    standing: str = ""
    findings: int = 0


@dataclass(frozen=True)
class Finding:
    """One breach, unreadable input or schema fault, in one shape for every renderer.

    It carries no value of the data beyond what the message says, unless values were asked for: then `value` is what stands
    at the place, shortened. `team` is the team that holds the case, where that is stated. `set_aside` says by what decision
    the finding does not count, where there is one; it stays in every report. `identity` tells documents of one name apart (the day
    from which a policy is in force), and `spot` is the pointer with the elements of lists named instead of numbered: for baselines and
    comparisons; no report shows them.
    """

    rule: str
    severity: str
    message: str
    subject: str
    record: str
    location: Location
    obligations: tuple[str, ...] = ()
    law: str = ""
    incomplete: bool = False
    arguments: tuple[str, ...] = ()
    team: str = ""
    value: str = ""
    set_aside: SetAside | None = None
    identity: str = field(default="", compare=False)
    spot: str = field(default="", compare=False)

    @cached_property
    def fingerprint(self) -> str:
        """Return a name for the finding that edits elsewhere leave alone: rule, record, pointer and arguments, never the line."""
        parts = (self.rule, self.subject, self.record, self.location.pointer, *self.arguments)
        return hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]

    @cached_property
    def known_as(self) -> str:
        """Return a name for what the finding is about in this version and the next, wherever in its list an element stands."""
        return _hashed(self.rule, self.subject, self.record, self.identity, self.spot or self.location.pointer, *self.arguments)

    @property
    def sort_key(self) -> tuple[Any, ...]:
        """Return the order of findings in every output: file, place, rule."""
        place = self.location
        return (place.file, place.line, place.column, self.rule, self.record, place.pointer, self.message)


def kind_of(one: Finding) -> tuple[str, str, bool, bool]:
    """Return what findings are counted by: rule, severity, whether set aside, and whether the audit is incomplete by it."""
    return one.rule, one.severity, one.set_aside is not None, one.incomplete


def own_name(one: Finding) -> str:
    """Return the fingerprint of a finding, with the file where no record is named; others may have the same."""
    return one.fingerprint if one.record else _hashed(one.fingerprint, one.location.file)


def numbered(names: Iterable[str], repeated: Container[str] | None = None) -> Iterator[str]:
    """Yield names so that none comes twice; `repeated` holds those that do, and maybe others, where that is known before."""
    seen: Counter[str] = Counter()
    for name in names:
        if repeated is not None and name not in repeated:
            yield name
            continue
        seen[name] += 1
        yield name if seen[name] == 1 else _hashed(name, str(seen[name]))


@dataclass(frozen=True)
class Tally:
    """How often each outcome came of one rule, over records; `records` is their sum."""

    rule: str
    subject: str
    passed: int = 0
    failed: int = 0
    excused: int = 0
    not_applicable: int = 0
    cannot_tell: int = 0
    excused_by: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)

    @property
    def records(self) -> int:
        """Return how many records the rule met."""
        return self.passed + self.failed + self.excused + self.not_applicable + self.cannot_tell


@dataclass(frozen=True, order=True)
class Input:
    """One file that was asked for: its hash and size, the kind and number of its records, and whether it could be read."""

    path: str
    sha256: str = ""
    size: int = 0
    kind: str = ""
    records: int = 0
    read: bool = True


@dataclass(frozen=True)
class Report:
    """The result of an audit: findings in order, outcomes per rule, the inputs with hashes, and the rules that were asked.

    `figures` are those over all cases, small numbers kept back; `case_figures` those of single cases where they
    were asked for; `figures_lack` says how many documents and files, wholly or in part, they lack. `decisions` are the
    exceptions that were given (waivers, suppressions, baselines, ignored files), whether they were in force or not.
    `findings` and `case_figures` are tuples, or where they are very many, what reads them from the disk whenever they are iterated.
    """

    findings: Sequence[Finding]
    outcomes: tuple[Tally, ...]
    inputs: tuple[Input, ...]
    rules: Mapping[str, Rule]
    records: Mapping[str, int]
    authorities: tuple[str, ...]
    profile: str
    as_of: str
    rulebook_hash: str
    version: str
    remarks: tuple[str, ...] = ()
    obligations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    law: tuple[Mapping[str, Any], ...] = ()
    figures: tuple[Mapping[str, Any], ...] = ()
    case_figures: Sequence[Mapping[str, Any]] = ()
    figures_lack: int = 0
    decisions: tuple[Decision, ...] = ()

    @cached_property
    def kinds(self) -> Counter[tuple[str, str, bool, bool]]:
        """How many findings there are of each kind: by rule, severity, whether set aside, and whether the audit is incomplete by it."""
        known: Counter[tuple[str, str, bool, bool]] | None = getattr(self.findings, "kinds", None)
        return Counter(map(kind_of, self.findings)) if known is None else known

    @cached_property
    def complete(self) -> bool:
        """Whether everything that was asked for was read and judged."""
        return bool(sum(self.records.values())) and not any(incomplete for _, _, _, incomplete in self.kinds)

    @property
    def unread(self) -> int:
        """How many findings say what could not be read or judged."""
        return sum(number for (_, _, _, incomplete), number in self.kinds.items() if incomplete)

    def count(self, severity: str) -> int:
        """Return the number of findings of one severity that count: those that no decision set aside."""
        return sum(number for (_, one, aside, _), number in self.kinds.items() if one == severity and not aside)

    @cached_property
    def set_aside(self) -> Counter[str]:
        """How many findings were set aside, by rule."""
        found: Counter[str] = Counter()
        for (rule, _, aside, _), number in self.kinds.items():
            found[rule] += number if aside else 0
        return +found

    def of_rule(self, name: str) -> Sequence[Finding]:
        """Return the findings of one rule, in their order; all are sorted by rule the first time."""
        finder: Callable[[str], Sequence[Finding]] | None = getattr(self.findings, "of_rule", None)
        return self._by_rule.get(name, ()) if finder is None else finder(name)

    @cached_property
    def _by_rule(self) -> Mapping[str, Sequence[Finding]]:
        found: dict[str, list[Finding]] = {}
        for one in self.findings:
            found.setdefault(one.rule, []).append(one)
        return found

    @cached_property
    def fingerprints(self) -> Iterable[str]:
        """A name for each finding, in their order, that no other has and that edits elsewhere leave alone.

        It is the finding's own fingerprint. The file is added where no record is named, the number where all else is the same.
        """
        names: Iterable[str] | None = getattr(self.findings, "names", None)
        return tuple(numbered(map(own_name, self.findings))) if names is None else names

    def total(self, outcome: str) -> int:
        """Return the sum over all rules of one column of the ledger, such as `passed` or `cannot_tell`."""
        return sum(int(getattr(tally, outcome)) for tally in self.outcomes)

    def to_json(self) -> str:
        """Return the report as JSON text, in the published format of schemas/report.schema.json."""
        from pbcheck.render.json_report import render

        return render(self)

    def to_arrow(self) -> Any:
        """Return the report as Arrow tables (pbcheck.tables.Tables); raises UsageError where pyarrow is not installed."""
        from importlib import import_module  # tables know the renderers' words, of which the model knows nothing

        return import_module("pbcheck.tables").to_arrow(self)

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Return the report that `to_json` wrote; raises UsageError where the text is none."""
        from importlib import import_module  # the reader knows the schemas, of which those who only render know nothing

        made: Report = import_module("pbcheck.saved").report_from(text)
        return made
