"""Findings put together by rule and by theme, in the order in which they are to be put right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, overload

from pbcheck.model import SEVERITIES, Finding, Report, Rule, Tally
from pbcheck.render.html.policy_line import PolicyLine, PolicyLines
from pbcheck.render.overview import OfRule, Overview
from pbcheck.render.words import FORCES, NOTES, RELATIONS, decided, place

ORDER = tuple(FORCES)
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(/[A-Za-z0-9._~!$&()*+,;=:@%/?#-]*)?")
OUTCOMES = ("passed", "failed", "excused", "cannot_tell")


class Place(NamedTuple):
    """Where a finding is: the record, the place in words, what was found where that differs, the line of a policy, and the team.

    `aside` says by what decision it was set aside; it is empty for a finding that counts.
    """

    record: str
    where: str
    message: str
    line: PolicyLine | None
    team: str = ""
    aside: str = ""


class Citation(NamedTuple):
    """An obligation that a rule rests on: its id, the note, the place in it, and what it asks."""

    id: str
    note: str
    locator: str
    obligation: str


class First(Sequence[Finding]):
    """The first of so many findings: its length is that of all of them."""

    def __init__(self, shown: Sequence[Finding], number: int) -> None:
        self.shown = shown
        self.number = number

    def __len__(self) -> int:
        return self.number

    @overload
    def __getitem__(self, place: int) -> Finding: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Finding]: ...
    def __getitem__(self, place: int | slice) -> Finding | Sequence[Finding]:
        return self.shown[place]


@dataclass(frozen=True)
class Group:
    """The findings of one rule that count, those that were set aside, in how many records the former are, what was found, and where.

    `severity` is the worst of those that count, where any does; `message` is empty where each place says its own; `tally` is None for a
    check that is not counted.
    """

    rule: Rule
    severity: str
    findings: First
    aside: First
    severities: Counter[str]
    aside_severities: Counter[str]
    aside_by: Counter[str]
    records: int
    message: str
    tally: Tally | None
    citations: tuple[Citation, ...]
    law: tuple[Mapping[str, Any], ...]

    @property
    def of_policy(self) -> bool:
        """Return whether the findings are about a policy or a manifest."""
        return self.rule.subject in ("policy", "export") and not self.rule.built_in

    @property
    def all(self) -> First:
        """The first of all findings, those that count before those set aside."""
        return First((*self.findings.shown, *self.aside.shown), len(self.findings) + len(self.aside))

    @property
    def states(self) -> str:
        """Return what there is among the findings, in the words of the filter: `open`, `aside` or both."""
        return " ".join(name for name, found in (("open", self.findings), ("aside", self.aside)) if found)

    def places(self, lines: PolicyLines, found: Iterable[Finding]) -> list[Place]:
        """Return the places of some of the findings."""
        return [
            Place(
                one.record if one.subject in ("case", "contract") else "",
                _where(one),
                "" if self.message else one.message,
                lines.of(one),
                one.team,
                decided(one.set_aside) if one.set_aside else "",
            )
            for one in found
        ]


@dataclass(frozen=True)
class Theme:
    """A theme: the groups of findings in it, the tallies of all its rules, and its findings that count by severity."""

    name: str
    groups: tuple[Group, ...]
    tallies: tuple[Tally, ...]

    def count(self, severity: str) -> int:
        """Return the number of findings of one severity that count."""
        return self._by_severity[severity]

    @cached_property
    def _by_severity(self) -> Counter[str]:
        return sum((one.severities for one in self.groups), Counter())

    @property
    def findings(self) -> int:
        """Return the number of findings that count."""
        return sum(len(one.findings) for one in self.groups)

    @property
    def aside(self) -> int:
        """Return the number of findings that were set aside."""
        return sum(len(one.aside) for one in self.groups)

    @property
    def found(self) -> int:
        """Return the number of rules with findings that count."""
        return sum(1 for one in self.groups if one.findings)

    def total(self, outcome: str) -> int:
        """Return the sum of one outcome over the rules."""
        return sum(int(getattr(one, outcome)) for one in self.tallies)

    @property
    def applied(self) -> int:
        """Return how often a rule applied to a record."""
        return sum(applied(one) for one in self.tallies)


def joined(parts: Sequence[str]) -> str:
    """Return parts as a list in a sentence."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def applied(one: Tally) -> int:
    """Return to how many records a rule applied."""
    return one.records - one.not_applicable


def grouped(report: Report, seen: Overview) -> tuple[Group, ...]:
    """Return the findings by rule: the worst first, then by the force of their source, then by the number of records.

    Rules all of whose findings were set aside come last. `seen` is the overview of the report.
    """
    tallies = {one.rule: one for one in report.outcomes}
    made = [_group(report, name, found, tallies.get(name)) for name, found in seen.rules.items()]
    return tuple(sorted(made, key=_rank))


def _rank(one: Group) -> tuple[Any, ...]:
    force = ORDER.index(one.rule.force) if one.rule.force in ORDER else len(ORDER)
    return (not one.findings, SEVERITIES.index(one.severity), force, -one.records, one.rule.id)


def _group(report: Report, name: str, found: OfRule, tally: Tally | None) -> Group:
    rule = report.rules[name]
    return Group(
        rule=rule,
        severity=found.worst,
        findings=First(found.counting, found.number),
        aside=First(found.aside, found.number_aside),
        severities=found.severities,
        aside_severities=found.aside_severities,
        aside_by=found.by,
        records=found.records.number,
        message=found.first.message if found.alike else "",
        tally=tally,
        citations=citations(rule, report.obligations),
        law=law_of(rule, report.law),
    )


def themes_of(report: Report, groups: Iterable[Group]) -> tuple[Theme, ...]:
    """Return the themes that were asked or found something: the worst first, then by name."""
    found: dict[str, list[Group]] = {}
    asked: dict[str, list[Tally]] = {}
    for group in groups:
        found.setdefault(group.rule.theme, []).append(group)
    for tally in report.outcomes:
        asked.setdefault(report.rules[tally.rule].theme, []).append(tally)
    made = [Theme(name, tuple(found.get(name, ())), tuple(asked.get(name, ()))) for name in sorted(found.keys() | asked.keys())]
    return tuple(sorted(made, key=lambda one: (*(-one.count(severity) for severity in SEVERITIES), one.name)))


def citations(rule: Rule, register: Mapping[str, Mapping[str, Any]]) -> tuple[Citation, ...]:
    """Return what a rule rests on."""
    rows = ((name, register.get(name, {})) for name in rule.obligations)
    return tuple(
        Citation(name, NOTES.get(name.split("-")[0], ""), str(row.get("locator", "")), str(row.get("obligation", ""))) for name, row in rows
    )


def law_of(rule: Rule, law: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Return the entries of the law register that speak of a rule's obligations: id, relation in words, provisions."""
    wanted = set(rule.obligations)
    return tuple(law_entry(one) for one in law if wanted.intersection(one["obligations"]))


def law_entry(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry of the law register with its relation in words, and addresses only where they are of the web."""
    return {
        "id": one["id"],
        "relation": RELATIONS[one["relation"]],
        "provisions": [
            {"words": f"{each['instrument']} {each['provision']}", "says": each.get("says", ""), "address": _address(each.get("address"))}
            for each in one["provisions"]
        ],
    }


def _address(text: Any) -> str:
    """Return an address that a reader may follow; nothing for one of another kind."""
    safe = (
        isinstance(text, str) and text.startswith("https://") and text.isascii() and text.isprintable() and not set(text) & set(" \"'<>`\\")
    )
    return str(text) if safe else ""


def _where(one: Finding) -> str:
    spot = one.location
    if not spot.file:
        return place(one)
    return f"{spot.file}:{spot.line}:{spot.column}" if spot.line else f"{spot.file} {spot.pointer}".rstrip()
