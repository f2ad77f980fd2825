"""Wording that several formats share."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pbcheck.model import SEVERITIES, Finding, Report, Rule, SetAside
from pbcheck.render.overview import Overview, overview

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
EXCEPTION_WORDS = {
    "waiver": ("waiver", "waivers"),
    "suppression": ("suppression comment", "suppression comments"),
    "baseline": ("baseline", "baselines"),
    "per-file-ignore": ("per-file ignore", "per-file ignores"),
}
"""What a finding can be set aside by, in the order in which a reader is told of them."""


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
    number = report.set_aside.total()
    aside = f" Set aside by decision: {counted(number, 'finding')}." if number else ""
    return f"Checked {kinds} against {counted(len(report.outcomes), 'rule')}: {found}.{aside} Outcomes: {ledger}."


def decided(one: SetAside) -> str:
    """Return by what a finding was set aside: the exception, its last day, who approved it and why, as far as they are stated."""
    words = " ".join(part for part in (EXCEPTION_WORDS[one.by][0], one.name) if part)
    words += f" until {one.until}" if one.until else ""
    words += f", approved by {one.approver}" if one.approver else ""
    return f"{words}: {one.reason}" if one.reason else words


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


def open_findings(report: Report) -> Iterator[Finding]:
    """Yield the findings that count, in order: those that no decision set aside."""
    return (one for one in report.findings if one.set_aside is None)


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


def do_first(report: Report, most: int = 3, seen: Overview | None = None) -> list[ToDo]:
    """Return the rules to act on first: what could not be read, then by severity, strength of the source, and number of records.

    What was set aside is not among them. `seen` is the overview of the report where it is at hand.
    """
    found = []
    for name, group in (seen or overview(report, 1)).rules.items():
        if not group.number:
            continue
        rule, subjects, number = report.rules[name], group.subjects, group.things.number
        nouns = KIND_WORDS.get(next(iter(subjects)), ("place", "places")) if len(subjects) == 1 else ("place", "places")
        weight = (not group.incomplete, SEVERITIES.index(group.counting[0].severity), _strength(rule), -number, name)
        found.append((weight, ToDo(rule, number, nouns)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])[:most]]


def _strength(rule: Rule) -> int:
    """Return the place of a rule's force among all, the strongest first."""
    names = tuple(FORCES)
    return names.index(rule.force) if rule.force in FORCES else len(names)
