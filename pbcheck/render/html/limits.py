"""What this audit did not check and could not tell, whether its ledger adds up, and where every rule comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pbcheck.model import SUBJECTS, Report, Rule
from pbcheck.render.html.groups import Citation, citations, law_entry, law_of
from pbcheck.render.words import FORCES, KIND_WORDS, counted


class Missing(NamedTuple):
    """A key that the data lacks, how many rules could not tell for want of it, and for how many records at least."""

    key: str
    rules: tuple[str, ...]
    records: int


class Sum(NamedTuple):
    """For one kind of record: how many rules met how many records, how often that makes, and how many outcomes were counted."""

    subject: str
    rules: int
    records: int
    meetings: int
    counted: int


class Source(NamedTuple):
    """A rule with the obligations it rests on, how strongly they ask, and what today's law says."""

    rule: Rule
    citations: tuple[Citation, ...]
    force: str
    law: tuple[Mapping[str, Any], ...]


def missing(report: Report) -> list[Missing]:
    """Return the missing keys: the ones that most rules wait for first."""
    rules: dict[str, list[str]] = {}
    records: dict[str, int] = {}
    for tally in report.outcomes:
        for key, number in tally.missing.items():
            rules.setdefault(key, []).append(tally.rule)
            records[key] = max(records.get(key, 0), number)
    made = [Missing(key, tuple(sorted(names)), records[key]) for key, names in rules.items()]
    return sorted(made, key=lambda one: (-one.records, -len(one.rules), one.key))


def excuses(report: Report) -> list[tuple[str, int]]:
    """Return by what breaches were excused, and how often."""
    found: dict[str, int] = {}
    for tally in report.outcomes:
        for name, number in tally.excused_by.items():
            found[name] = found.get(name, 0) + number
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def not_checked(report: Report) -> list[tuple[str, list[Rule]]]:
    """Return the rules that say what they do not check, by theme."""
    found: dict[str, list[Rule]] = {}
    for rule in _asked(report):
        if rule.not_checked:
            found.setdefault(rule.theme, []).append(rule)
    return sorted(found.items())


def sums(report: Report) -> list[Sum]:
    """Return the check of the ledger, one line a kind of record."""
    made = []
    for subject in SUBJECTS:
        tallies = [one for one in report.outcomes if one.subject == subject]
        records = report.records.get(subject, 0)
        if tallies:
            made.append(Sum(subject, len(tallies), records, len(tallies) * records, sum(one.records for one in tallies)))
    return made


def check_words(found: list[Sum]) -> str:
    """Return the sentence that says whether the ledger adds up."""
    meetings, outcomes = sum(one.meetings for one in found), sum(one.counted for one in found)
    parts = [f"{_by(one)} = {one.meetings:,}" for one in found if one.records]
    if not parts:
        return "No rule met a record, so there is nothing to add up."
    total = f", together {meetings:,} meetings" if len(parts) > 1 else " meetings"
    if any(one.meetings != one.counted for one in found):
        return f"The ledger does not add up: {'; '.join(parts)}{total}, and {outcomes:,} outcomes. Do not rely on this report."
    return f"{'; '.join(parts)}{total}. The outcomes of all rules are {outcomes:,}: the ledger adds up."


def _by(one: Sum) -> str:
    return f"{counted(one.rules, 'rule')} × {counted(one.records, *KIND_WORDS[one.subject])}"


def sources(report: Report) -> list[tuple[str, list[Source]]]:
    """Return every rule that was asked or found something, with its citation and today's law, by theme."""
    found: dict[str, list[Source]] = {}
    for rule in _asked(report):
        one = Source(rule, citations(rule, report.obligations), FORCES.get(rule.force, rule.force), law_of(rule, report.law))
        found.setdefault(rule.theme, []).append(one)
    return sorted(found.items())


def register(report: Report) -> list[dict[str, Any]]:
    """Return the entries of the law register that a rule of this report has to do with."""
    cited = {name for rule in _asked(report) for name in rule.obligations}
    excusing = {name for one in report.outcomes for name in one.excused_by}
    return [law_entry(one) for one in report.law if cited.intersection(one["obligations"]) or one["id"] in excusing]


def _asked(report: Report) -> list[Rule]:
    names = {one.rule for one in report.outcomes} | {rule for rule, *_ in report.kinds}
    return [report.rules[name] for name in sorted(names)]
