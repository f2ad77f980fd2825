"""A rule as its readers see it: for `explain`, `rules list` and the generated pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from pbcheck.model import Rule
from pbcheck.render.words import FORCES, law_lines, wrapped

KINDS = {
    "pass": "Passes",
    "fail": "Fails",
    "near_miss": "Looks like a breach and is none",
    "excused": "Excused",
    "cannot_tell": "Cannot tell",
    "not_applicable": "Does not apply",
}


def as_json(
    rule: Rule, examples: Mapping[str, Any], register: Mapping[str, Mapping[str, Any]], law: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return all that is known of a rule as plain data."""
    return {
        "id": rule.id,
        "title": rule.title,
        "theme": rule.theme,
        "subject": rule.subject,
        "severity": rule.severity,
        "force": rule.force,
        "obligations": [{"id": name, **dict(register.get(name, {}))} for name in rule.obligations],
        "law": rule.law or None,
        "law_register": law_lines(rule, law),
        "for_each": rule.for_each or None,
        "when": rule.when or None,
        "expect": rule.expect or None,
        "unless": [{"when": one.when, "because": one.because} for one in rule.unless],
        "message": rule.message or None,
        "why": rule.why,
        "plain": rule.plain,
        "remedy": rule.remedy,
        "who": rule.who or None,
        "not_checked": rule.not_checked or None,
        "built_in": rule.built_in,
        "examples": dict(examples),
    }


def prose(rule: Rule) -> list[tuple[str, str]]:
    """Return the texts of a rule that are not empty, each with its heading, in the order of its page."""
    texts = (
        ("Why it matters", rule.why),
        ("In plain words", rule.plain),
        ("What to do", rule.remedy),
        ("Who can put it right", rule.who),
        ("Today's law", rule.law),
        ("Not checked", rule.not_checked),
    )
    return [(heading, words) for heading, words in texts if words]


def as_text(rule: Rule, examples: Mapping[str, Any], register: Mapping[str, Mapping[str, Any]], law: Sequence[Mapping[str, Any]]) -> str:
    """Return the page of a rule for a terminal."""
    parts = [
        f"{rule.id}\n{rule.title}\n",
        f"{rule.severity} | about: {rule.subject} | {FORCES.get(rule.force, rule.force)} | theme: {rule.theme}\n",
    ]
    parts += [f"{heading}\n{wrapped(words, '  ')}\n" for heading, words in prose(rule)]
    if rule.obligations:
        lines = [wrapped(f"{name}: {register.get(name, {}).get('obligation', '')}", "  ") for name in rule.obligations]
        parts.append("Where it comes from\n" + "\n".join(lines) + "\n")
    position = law_lines(rule, law)
    if position:
        parts.append("What the register of law says\n" + "\n".join(wrapped(one, "  ") for one in position) + "\n")
    if rule.expect:
        parts.append(_conditions(rule))
    if examples:
        lines = [f"  {words}: {one['about']}" for kind, words in KINDS.items() for one in examples.get(kind, ())]
        parts.append("Examples\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _conditions(rule: Rule) -> str:
    rows = [("for each", rule.for_each and f"{rule.for_each} as {rule.as_}"), ("when", rule.when), ("expect", rule.expect)]
    rows += [("unless", f"{one.when}  (because {one.because})") for one in rule.unless]
    lines = [wrapped(f"{name}: {' '.join(text.split())}", "  ") for name, text in rows if text]
    return "Conditions\n" + "\n".join(lines) + "\n"


def listing(rules: list[Rule]) -> str:
    """Return the rules by theme, one a line."""
    parts = []
    for theme, group in groupby(sorted(rules, key=lambda one: (one.theme, one.id)), key=lambda one: one.theme):
        found = list(group)
        width = max(len(one.id) for one in found)
        lines = [f"  {one.id:<{width}}  {one.severity:<7}  {one.subject:<9}  {one.title}" for one in found]
        parts.append(f"{theme}\n" + "\n".join(lines) + "\n")
    return "\n".join([*parts, f"{len(rules)} rules\n"])
