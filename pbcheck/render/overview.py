"""What a report says of its findings rule by rule, from one pass over them: numbers, and as many findings as are shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pbcheck.model import SEVERITIES, Finding, Report

_IN_ORDER = ("case", "file")
"""Documents of which there may be millions: the findings of each stand one after another, so that they are counted without a list."""


class Distinct:
    """How many different things there are; of those that come one after another where they are the same, none is kept."""

    def __init__(self) -> None:
        self.number = 0
        self.last: Any = None
        self.known: set[Any] = set()

    def add(self, thing: Any, *, in_order: bool) -> None:
        """Count a thing, if it is another one."""
        if in_order:
            self.number += thing != self.last
            self.last = thing
        elif thing not in self.known:
            self.known.add(thing)
            self.number += 1


@dataclass
class OfRule:
    """The findings of one rule: the first that count and the first that were set aside, how many of each severity, in how many records.

    `records` counts records by file, `things` by reference, or places where no record is named, of findings that count; `by` counts
    those set aside by the kind of decision; `alike` says whether all have the same message, `counting_alike` whether those that count have.
    """

    first: Finding
    alike: bool = True
    counting_alike: bool = True
    counting: list[Finding] = field(default_factory=list)
    aside: list[Finding] = field(default_factory=list)
    severities: Counter[str] = field(default_factory=Counter)
    aside_severities: Counter[str] = field(default_factory=Counter)
    by: Counter[str] = field(default_factory=Counter)
    subjects: set[str] = field(default_factory=set)
    incomplete: int = 0
    records: Distinct = field(default_factory=Distinct)
    things: Distinct = field(default_factory=Distinct)

    @property
    def number(self) -> int:
        """Return how many findings count."""
        return self.severities.total()

    @property
    def number_aside(self) -> int:
        """Return how many findings were set aside."""
        return self.aside_severities.total()

    @property
    def worst(self) -> str:
        """Return the worst severity of those that count, or of all where none does."""
        return min(self.severities or self.aside_severities, key=SEVERITIES.index)

    def take(self, one: Finding, keep: int) -> None:
        """Add a finding; the first `keep` of a kind are kept."""
        self.alike = self.alike and one.message == self.first.message
        if one.set_aside is not None:
            self.aside_severities[one.severity] += 1
            self.by[one.set_aside.by] += 1
            if len(self.aside) < keep:
                self.aside.append(one)
            return
        self.severities[one.severity] += 1
        self.subjects.add(one.subject)
        self.incomplete += one.incomplete
        if len(self.counting) < max(1, keep):
            self.counting.append(one)
        self.counting_alike = self.counting_alike and one.message == self.counting[0].message
        place, in_order = one.location, one.subject in _IN_ORDER and one.location.line > 0
        self.records.add((place.file, one.subject, one.record), in_order=in_order)
        self.things.add((one.subject, one.record or place), in_order=in_order)


@dataclass
class Overview:
    """The findings of a report by rule, in the order in which the rules first appear; the teams they name; and the cases they are about."""

    rules: dict[str, OfRule] = field(default_factory=dict)
    teams: set[str] = field(default_factory=set)
    cases: Distinct = field(default_factory=Distinct)


def overview(report: Report, keep: int) -> Overview:
    """Return what one pass over the findings tells; of each rule the first `keep` that count are kept, and the first set aside.

    Cases are those with a finding that counts and is from a rule, not from a check of the documents.
    """
    made = Overview()
    for one in report.findings:
        rule = made.rules.get(one.rule)
        if rule is None:
            rule = made.rules[one.rule] = OfRule(one)
        rule.take(one, keep)
        if one.team:
            made.teams.add(one.team)
        if one.subject == "case" and one.set_aside is None and not report.rules[one.rule].built_in:
            made.cases.add((one.location.file, one.record), in_order=one.location.line > 0)
    return made
