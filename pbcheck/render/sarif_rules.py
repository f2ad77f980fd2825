"""The rules of a SARIF file: descriptions, help as text and as Markdown, tags; and how SARIF writes words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pbcheck.model import Rule
from pbcheck.render.escapes import clean, cut, markdown
from pbcheck.render.words import law_lines, sections

LONGEST = 1024
"""Characters that GitHub takes for a description."""
TAGS = 20
"""Tags of a rule that GitHub takes; it refuses a file with more."""
_GITHUB_WORDS = {"error": "error", "warning": "warning", "note": "recommendation"}


def message(text: str, longest: int = 0) -> dict[str, str]:
    """Return words as a SARIF message: braces are doubled, so that none is a placeholder, and no link is left in it."""
    words = clean(text).replace("](", "] (")
    words = words.replace("{", "{{").replace("}", "}}")
    return {"text": cut(words, longest) if longest else words}


def descriptor(rule: Rule, law: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a rule as a reporting descriptor."""
    parts = _help(rule, law)
    text = "\n".join(f"{head}: {message(words)['text']}" for head, words in parts)
    styled = "\n\n".join(f"**{head}:** {markdown(words)}" for head, words in parts)
    tags = [rule.theme, rule.subject, rule.force, *(f"note-{name.lower()}" for name in sorted(rule.notes)), f"severity-{rule.severity}"]
    return {
        "id": clean(rule.id),
        "shortDescription": message(rule.title or rule.id, LONGEST),
        "fullDescription": message(rule.why or rule.title or rule.id, LONGEST),
        "help": {"text": text, "markdown": styled},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {
            "tags": [clean(one) for one in dict.fromkeys(tags) if one][:TAGS],
            "problem.severity": _GITHUB_WORDS[rule.severity],
            "obligations": [clean(one) for one in rule.obligations],
        },
    }


def _help(rule: Rule, law: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    parts = [("Why", rule.why), ("What to do", rule.remedy), ("Who", rule.who), ("For the person", rule.plain)]
    if not rule.built_in:
        parts += [("Source", sections(rule)), ("Law", " ".join([rule.law, *law_lines(rule, law)]).strip())]
    parts.append(("Not checked", rule.not_checked))
    return [(head, words) for head, words in parts if words] or [("Rule", rule.id)]
