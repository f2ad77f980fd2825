"""Wording that several formats share."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from pbcheck.model import Finding, Report, Rule

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
    """Return a text without control characters and direction marks, so that it cannot act on a terminal or reorder a line."""
    return "".join(one if one.isprintable() and not ("‪" <= one <= "‮" or "⁦" <= one <= "⁩") else "�" for one in text)


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
