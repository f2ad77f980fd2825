"""Wording that several formats share."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pbcheck.model import SEVERITIES, Finding, Report, Rule

NOTES = {"PPF": "Putting People First advice note", "CWR": "Implementing Personal Budgets (Duffy)"}
FORCES = {
    "statute": "statute",
    "guidance-must": "guidance (must)",
    "guidance-should": "guidance (should)",
    "good-practice": "good practice",
    "data-quality": "data quality",
}
RELATIONS = {
    "requires": "the law asks the same",
    "permits": "the law leaves the council free",
    "forbids": "the law asks the opposite, or takes away what the note assumes",
    "qualifies": "the law asks something narrower, wider or with exceptions",
    "silent": "no rule of law speaks of it",
}
KIND_WORDS = {
    "policy": ("policy", "policies"),
    "case": ("case", "cases"),
    "contract": ("contract", "contracts"),
    "portfolio": ("portfolio", "portfolios"),
    "export": ("manifest", "manifests"),
}


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, in the singular or plural."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def sections(rule: Rule) -> str:
    """Return the source of a rule in words: the notes with the obligations, and how strongly they ask."""
    by_note: dict[str, list[str]] = {}
    for name in rule.obligations:
        by_note.setdefault(name.split("-")[0], []).append(name)
    parts = [f"{NOTES.get(note, note)}: {', '.join(names)}" for note, names in sorted(by_note.items())]
    return "; ".join([*parts, FORCES.get(rule.force, rule.force)])


def law_lines(rule: Rule, law: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what today's law says to the obligations of a rule, one line an entry of the register: relation, then provisions."""
    lines = []
    for one in law:
        if set(one["obligations"]) & set(rule.obligations):
            cited = "; ".join(f"{p['instrument']} {p['provision']}" for p in one["provisions"])
            lines.append(f"{one['id']}: {RELATIONS[one['relation']]}{f' ({cited})' if cited else ''}.")
    return lines


def summary(report: Report) -> str:
    """Return the last line of a report: what was checked, and how often each outcome came."""
    kinds = ", ".join(counted(n, *KIND_WORDS[kind]) for kind, n in report.records.items()) or "nothing"
    found = ", ".join(counted(report.count(one), one) for one in ("error", "warning", "note"))
    ledger = (
        f"{report.total('passed'):,} passed, {report.total('failed'):,} failed, {report.total('excused'):,} excused, "
        f"{report.total('cannot_tell'):,} cannot tell, {report.total('not_applicable'):,} not applicable"
    )
    return f"Checked {kinds} against {counted(len(report.outcomes), 'rule')}: {found}. Outcomes: {ledger}."


def inert(text: str) -> str:
    """Return a text without control characters, direction marks and words that a build log runs, so that it acts on nothing it passes."""
    if not text.isprintable() or not text.isascii():
        marks = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
        text = "".join(one if one.isprintable() and one not in marks else "\ufffd" for one in text)
    return text.replace("##[", "# #[").replace("##vso[", "# #vso[") if "##" in text else text


def inert_lines(text: str) -> str:
    """Return a text of several lines, each made inert."""
    return "\n".join(inert(line) for line in text.split("\n"))


def wrapped(text: str, indent: str, width: int = 100) -> str:
    """Return a text folded to a width, every line indented."""
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=" " * len(indent), break_on_hyphens=False)


def by_rule(findings: tuple[Finding, ...]) -> dict[str, list[Finding]]:
    """Return the findings of each rule, in the order in which the rules first appear."""
    groups: dict[str, list[Finding]] = {}
    for one in findings:
        groups.setdefault(one.rule, []).append(one)
    return groups


def place(one: Finding) -> str:
    """Return where a finding is, and in which record, for a reader."""
    spot = one.location
    at = f"{inert(spot.file)}:{spot.line}:{spot.column}" if spot.line else inert(spot.file)
    record = f" ({one.subject} {inert(one.record)})" if one.record and one.subject in ("case", "contract") else ""
    return f"{at}{record}" if at else "the audit as a whole"


class ToDo(NamedTuple):
    """A rule with findings, and how many records or places they are in, with the noun for them."""

    rule: Rule
    number: int
    nouns: tuple[str, str]

    @property
    def where(self) -> str:
        """Return in how many records it was found, in words."""
        return counted(self.number, *self.nouns)


def do_first(report: Report, most: int = 3) -> list[ToDo]:
    """Return the rules to act on first: what could not be read, then by severity, strength of the source, and number of records."""
    found = []
    for name, group in by_rule(report.findings).items():
        rule, subjects = report.rules[name], {one.subject for one in group}
        nouns = KIND_WORDS.get(next(iter(subjects)), ("place", "places")) if len(subjects) == 1 else ("place", "places")
        number = len({(one.subject, one.record or one.location) for one in group})
        unread = not any(one.incomplete for one in group)
        found.append(((unread, SEVERITIES.index(group[0].severity), _strength(rule), -number, name), ToDo(rule, number, nouns)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])[:most]]


def _strength(rule: Rule) -> int:
    """Return the place of a rule's force among all, the strongest first."""
    names = tuple(FORCES)
    return names.index(rule.force) if rule.force in FORCES else len(names)
