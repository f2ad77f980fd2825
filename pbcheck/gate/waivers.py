"""The register of waivers: decisions of named people that a finding does not count for a time, each held against its conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from pbcheck.errors import ConfigError, UsageError
from pbcheck.gate.config_file import shown
from pbcheck.history import authors
from pbcheck.model import Finding, Rule
from pbcheck.schema.messages import SchemaFault
from pbcheck.schema.messages import faults as schema_faults
from pbcheck.schema.suggest import did_you_mean
from pbcheck.schema.validate import validator
from pbcheck.source.document import Mark
from pbcheck.source.instructions import Instructions, read_instructions

LONGEST = {"error": 92, "warning": 184, "note": 366}
"""Days from the decision to the last day of a waiver, by the severity of the rule: about three months, six months, a year."""
SOON = 30
"""Days before its end in which a waiver is said to lapse soon."""
WORDS = (("reason",), ("approved_by", "name"), ("approved_by", "role"), ("decision",))
FEWEST = 2
FORMS = {
    "id": "An id begins with a letter or digit; letters, digits, dots, hyphens, underscores and slashes may follow, 64 signs at most.",
    "rule": "This is no id of a rule: see pbcheck rules list.",
    "where": "Say which finding is meant: `file` with `pointer`, or `record`.",
    "pointer": "A pointer begins with a slash, such as /surplus/recoup: the JSON report names it.",
    "decision": "Write where the decision is recorded, such as Cabinet 2026-03-12, item 7.",
    "name": "Write the name of the person who decided.",
    "role": "Write the office in which the person decided.",
    "reason": "Give the reason in a sentence, of 10 to 2,000 signs.",
}
NO_CLOCK = "there is no date to judge by: give --as-of"


@dataclass(frozen=True)
class Waiver:
    """One entry of a register: its data as far as they can be read, where it stands, and what is wrong with its form."""

    data: Mapping[str, Any]
    source: Instructions
    index: int
    faults: tuple[SchemaFault, ...] = ()

    def text(self, *keys: str) -> str:
        """Return a text of the entry by its keys; empty where it is not there or is no text."""
        here: Any = self.data
        for key in keys:
            here = here.get(key) if isinstance(here, Mapping) else None
        return here if isinstance(here, str) else ""

    @property
    def name(self) -> str:
        """Return the id, or the number of the entry where it has none."""
        return self.text("id") or f"number {self.index + 1}"

    @property
    def approver(self) -> str:
        """Return who decided: name and role."""
        return ", ".join(one for one in (self.text("approved_by", "name"), self.text("approved_by", "role")) if one)

    @property
    def where(self) -> str:
        """Return the place that is meant, in words."""
        pointer = self.text("where", "pointer")
        return " ".join(one for one in (self.text("where", "record"), self.text("where", "file"), pointer) if one)

    def mark(self, *keys: str) -> Mark:
        """Return where a part of the entry stands."""
        return self.source.mark(("waivers", self.index, *keys))

    @cached_property
    def lines(self) -> tuple[int, int]:
        """Return the first and last line of the entry."""
        inside = [mark.line for path, mark in self.source.positions.values.items() if path[:2] == ("waivers", self.index)]
        return min(inside, default=1), max(inside, default=1)

    def is_about(self, one: Finding, file: str, folder: Path) -> bool:
        """Return whether a finding is the one that is meant; `file` is its file as an absolute path, `folder` that of the register."""
        record, pointer = self.text("where", "record"), self.text("where", "pointer")
        if self.text("rule") != one.rule:
            return False
        if record:
            return record == one.record and ("pointer" not in self.data["where"] or pointer == one.location.pointer)
        return pointer == one.location.pointer and (folder / self.text("where", "file")).resolve() == Path(file).resolve()


@dataclass(frozen=True)
class Register:
    """A register that was read: its path and its entries."""

    path: Path
    waivers: tuple[Waiver, ...]

    @property
    def folder(self) -> Path:
        """Return the folder that the paths of the entries start from."""
        return self.path.absolute().parent


def read_register(path: Path) -> Register:
    """Return a register; an entry that is not complete is kept with its faults, and counts as lapsed.

    Raises ConfigError where the file as a whole cannot be used, UsageError where it cannot be opened.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"The register of waivers {shown(path)} cannot be read ({error.strerror}).") from None
    source, found = read_instructions(raw, shown(path), "a register of waivers")
    if found:
        raise ConfigError(found)
    check = validator("waivers")
    problems = schema_faults(check.schema, source.data, check.violations(source.data))
    inside: dict[int, list[SchemaFault]] = {}
    for one in problems:
        if len(one.path) > 1 and isinstance(one.path[1], int):
            inside.setdefault(one.path[1], []).append(one)
        else:
            found.append(source.fault(one.path, one.message, key=one.on_key))
    if found:
        raise ConfigError(found)
    entries = source.data["waivers"]
    made = [Waiver(one if isinstance(one, dict) else {}, source, n, tuple(inside.get(n, ()))) for n, one in enumerate(entries)]
    return Register(path, tuple(made))


@dataclass(frozen=True)
class Judged:
    """What is to be said of a waiver: why it is not in force (empty where it is), and findings, each a check, words and a place."""

    waiver: Waiver
    standing: str
    found: tuple[tuple[str, str, Mark], ...] = ()


def judge(register: Register, rules: Mapping[str, Rule], clock: str | None) -> list[Judged]:
    """Return what is to be said of each waiver on a date, without regard to any finding."""
    seen: set[str] = set()
    made = []
    for one in register.waivers:
        made.append(_judge(one, register, rules, clock, twice=one.name in seen))
        seen.add(one.name)
    return made


def _judge(one: Waiver, register: Register, rules: Mapping[str, Rule], clock: str | None, *, twice: bool) -> Judged:
    if one.faults:
        said = {("waiver-malformed", _words_of(fault, one), one.source.mark(fault.path, key=fault.on_key)): None for fault in one.faults}
        return Judged(one, "it is not complete", tuple(said))
    blank = next((keys for keys in WORDS if len(one.text(*keys).strip()) < FEWEST), None)
    if blank:
        words = f"`{blank[-1]}` holds hardly more than blanks: write it out."
        return Judged(one, "it is not complete", (("waiver-malformed", words, one.mark(*blank)),))
    if twice:
        return _refused(one, "waiver-malformed", "Another waiver has the same id: give each its own.", "id", "its id is used twice")
    rule = rules.get(one.text("rule"))
    if rule is None:
        words = f"There is no rule called `{one.text('rule')}`.{did_you_mean(one.text('rule'), rules)}"
        return _refused(one, "waiver-unknown-rule", words, "rule", "its rule does not exist")
    if rule.locked or rule.built_in:
        what = "is locked" if rule.locked else "says what could not be read or decided"
        return _refused(one, "waiver-not-permitted", f"`{rule.id}` {what} and cannot be waived.", "rule", "its rule cannot be waived")
    approved, expires = date.fromisoformat(one.text("approved_on")), date.fromisoformat(one.text("expires"))
    if expires < approved:
        return _refused(one, "waiver-malformed", "The waiver ends before it was approved.", "expires", "it ends before it was approved")
    longest = LONGEST[rule.severity]
    if (expires - approved).days > longest:
        last = (approved + timedelta(days=longest)).isoformat()
        article = "an" if rule.severity == "error" else "a"
        words = f"A waiver of {article} {rule.severity} runs at most {longest} days: this one could end on {last} at the latest."
        return _refused(one, "waiver-too-long", words, "expires", "it runs too long")
    first, end = one.lines
    by_line = authors(register.path.absolute())
    wrote = frozenset(author for line in range(first, end + 1) if (author := by_line.get(line)))
    if _same(one.text("approved_by", "name"), wrote):
        words = "This waiver was written by the person who approved it: another person has to decide."
        return _refused(one, "waiver-own-approval", words, "approved_by", "its author approved it")
    return _in_time(one, approved, expires, clock)


def _words_of(fault: SchemaFault, one: Waiver) -> str:
    """Return what is wrong with the form of an entry, in words of its own where the schema knows no better ones."""
    key = str(fault.path[-1])
    stated = one.text(key) or one.text("where", key) or (key == "where" and key in one.data)
    return FORMS[key] if stated and key in FORMS and fault.named and fault.check != "unknown-key" else fault.message


def _in_time(one: Waiver, approved: date, expires: date, clock: str | None) -> Judged:
    if clock is None:
        return _refused(one, "waiver-lapsed", "Whether this waiver has lapsed is not known: give --as-of.", "expires", NO_CLOCK)
    today = date.fromisoformat(clock)
    if today < approved:
        return Judged(one, f"it was not yet decided on {clock}")
    if today > expires:
        return _refused(one, "waiver-lapsed", f"This waiver ended on {expires}, before {clock}.", "expires", f"it lapsed on {expires}")
    left = (expires - today).days
    if left <= SOON:
        words = f"This waiver ends on {expires}, {left} days after {clock}." if left else f"This waiver ends on {expires}, this very day."
        return Judged(one, "", (("waiver-lapsing", words, one.mark("expires")),))
    return Judged(one, "")


def _refused(one: Waiver, check: str, words: str, key: str, standing: str) -> Judged:
    return Judged(one, standing, ((check, words, one.mark(key)),))


def _same(name: str, others: frozenset[str]) -> bool:
    """Return whether a name is among others, whatever the case, the order and the stops between its words."""
    return _words(name) in {_words(one) for one in others}


def _words(name: str) -> frozenset[str]:
    return frozenset("".join(one if one.isalnum() else " " for one in name.casefold()).split())
