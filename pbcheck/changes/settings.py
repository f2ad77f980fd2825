"""Settings of two versions of a policy, and what differs between them in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pbcheck.findings import NAMES
from pbcheck.schema.store import load
from pbcheck.source.document import Path, pointer

IDENTITY = ("kind", "authority", "as_of", "provenance")
NOTHING = object()


@dataclass(frozen=True)
class Setting:
    """One setting that differs: where it stands, what it is called, and the change in words."""

    pointer: str
    title: str
    words: str
    before: Any = None
    after: Any = None


def changed_settings(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Setting]:
    """Return what differs between two versions of a policy, in the order of the vocabulary; what came and what went counts."""
    schema = load("policy")
    names = [name for name in schema["properties"] if name not in IDENTITY]
    found: list[Setting] = []
    for name in names:
        found += _compare(before.get(name, NOTHING), after.get(name, NOTHING), (name,), schema["properties"][name])
    return found


def _compare(before: Any, after: Any, path: Path, schema: Mapping[str, Any]) -> Iterator[Setting]:
    if before is NOTHING and after is NOTHING:
        return
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        yield from _groups(before, after, path, schema)
    elif _elements(before) or _elements(after):
        yield from _lists(before, after, path, schema)
    elif before is NOTHING or after is NOTHING or before != after:
        yield Setting(pointer(path), title(schema, path), in_words(before, after, schema, path), _plain(before), _plain(after))


def _groups(before: Any, after: Any, path: Path, schema: Mapping[str, Any]) -> Iterator[Setting]:
    old = before if isinstance(before, Mapping) else {}
    new = after if isinstance(after, Mapping) else {}
    inner = schema.get("properties", {})
    for key in [*inner, *sorted((set(old) | set(new)) - set(inner))]:
        yield from _compare(old.get(key, NOTHING), new.get(key, NOTHING), (*path, key), inner.get(key, {}))


def _elements(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, Mapping) for one in value)


def _lists(before: Any, after: Any, path: Path, schema: Mapping[str, Any]) -> Iterator[Setting]:
    """Compare lists of groups element by element; an element is found again by its name, else by its place."""
    old = _named(before if isinstance(before, list) else [])
    new = _named(after if isinstance(after, list) else [])
    for name in dict.fromkeys([*old, *new]):
        yield from _compare(old.get(name, NOTHING), new.get(name, NOTHING), (*path, name), schema.get("items", {}))


def _named(elements: list[Any]) -> dict[str | int, Any]:
    found: dict[str | int, Any] = {}
    for number, one in enumerate(elements):
        key = next((str(one[name]) for name in NAMES if isinstance(one, Mapping) and name in one), "")
        found[key if key and key not in found else number] = one
    return found


def title(schema: Mapping[str, Any], path: Path) -> str:
    """Return how a setting is called: its title in the vocabulary, with the name of the element it belongs to."""
    own = str(schema.get("title") or str(path[-1]).replace("_", " "))
    elements = [str(step) for step in path[:-1] if isinstance(step, int) or " " in str(step) or "'" in str(step)]
    return f"{own} ({', '.join(elements)})" if elements else own


_ONE = re.compile(r"(?<![\d.,])(1 (?:day|week|month|year))s\b")
"""One of a unit of time, with its plural ending."""


def in_words(before: Any, after: Any, schema: Mapping[str, Any], path: Path) -> str:
    """Return a change as a sentence: with the vocabulary's own phrase where it has one, else by the title."""
    phrase = schema.get("x-phrase")
    if phrase and before is not NOTHING and after not in (NOTHING, None):
        said = _ONE.sub(r"\1", phrase.replace("{value}", said_as(after, schema)))
        return f"{said[0].upper()}{said[1:]} (was {said_as(before, schema)})."
    name = title(schema, path)
    if isinstance(before, list) and isinstance(after, list):
        added = ", ".join(said_as(one, schema) for one in after if one not in before)
        gone = ", ".join(said_as(one, schema) for one in before if one not in after)
        parts = [f"adds {added}" if added else "", f"leaves out {gone}" if gone else ""]
        return f"{name}: {'; '.join(one for one in parts if one) or 'another order'}."
    if before is NOTHING:
        return f"{name}: now {said_as(after, schema)}, was not stated."
    if after is NOTHING:
        return f"{name}: no longer stated, was {said_as(before, schema)}."
    return f"{name}: now {said_as(after, schema)}, was {said_as(before, schema)}."


def said_as(value: Any, schema: Mapping[str, Any]) -> str:
    """Return a value of a policy as it is said: yes or no, pounds, words for the words of the data."""
    if value is None:
        return "not set"
    if value is NOTHING:
        return "not stated"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(said_as(one, schema) for one in value) or "none"
    if str(schema.get("$ref", "")).endswith("/money") or any(
        str(one.get("$ref", "")).endswith("/money") for one in schema.get("anyOf", ())
    ):
        from pbcheck.figures.quantities import pence

        whole = pence(value)
        return f"£{whole // 100:,}.{whole % 100:02}"
    return str(value).replace("_", " ")


def _plain(value: Any) -> Any:
    return None if value is NOTHING else value
