"""The fields of a case or a contract as the schemas have them: their types, and the names to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pbcheck.schema.store import at, deref, load

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class FieldType:
    """What a field takes: its kind, the words of an enumeration, and for a list the kind of its elements.

    `kind` is one of text, id, bool, integer, date, money, decimal, enum, list. `any_word` is the word that may stand in place
    of a list.
    """

    kind: str
    words: tuple[str, ...] = ()
    items: str = ""
    title: str = ""
    nullable: bool = False
    personal: bool = False
    any_word: str = ""


def field_type(kind: str, path: Steps) -> FieldType | None:
    """Return the type of the field at a path of a case or contract (0 for any element); None where no field is there."""
    root = load(kind)
    node = at(root, path)
    if not node or "properties" in node or "additionalProperties" in node or path == ("kind",):
        return None
    items = deref(root, node["items"]) if "items" in node else {}
    if "properties" in items:
        return None
    title, personal = str(node.get("title", "")), bool(node.get("x-personal"))
    nullable = None in node.get("enum", ()) or "null" in node.get("type", ())
    any_word = ""
    for branch in node.get("anyOf", ()) if "x-type" not in node else ():
        if branch.get("type") == "null":
            nullable = True
        elif "const" in branch:
            any_word = branch["const"]
        else:
            node = {**deref(root, branch)}
            items = deref(root, node["items"]) if "items" in node else {}
    words = tuple(str(one) for one in node.get("enum", items.get("enum", ())) if one is not None)
    if items:
        return FieldType("list", words, "enum" if words else str(items.get("x-type", "text")), title, nullable, personal, any_word)
    return FieldType("enum" if words else str(node.get("x-type", "text")), words, "", title, nullable, personal)


def field_names(kind: str, base: Steps) -> dict[str, FieldType]:
    """Return the fields below a group or an element of a list, by their dotted names; maps and inner lists have none."""
    found = {}
    for steps in _leaves(load(kind), at(load(kind), base)):
        made = field_type(kind, (*base, *steps))
        if made:
            found[".".join(steps)] = made
    return found


def list_names(kind: str, base: Steps) -> list[str]:
    """Return the lists of groups below a group or an element of a list, by their dotted names."""
    return sorted(_lists(load(kind), at(load(kind), base), ()))


def is_list(kind: str, path: Steps) -> bool:
    """Return whether a list of groups is at a path."""
    return "properties" in at(load(kind), (*path, 0)) and "items" in at(load(kind), path)


def _leaves(root: dict[str, Any], node: dict[str, Any], steps: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, raw in node.get("properties", {}).items():
        inner = deref(root, raw)
        if "properties" in inner:
            yield from _leaves(root, inner, (*steps, name))
        else:
            yield (*steps, name)


def _lists(root: dict[str, Any], node: dict[str, Any], steps: tuple[str, ...]) -> Iterator[str]:
    for name, raw in node.get("properties", {}).items():
        inner = deref(root, raw)
        if "properties" in inner:
            yield from _lists(root, inner, (*steps, name))
        elif "properties" in deref(root, inner.get("items", {})):
            yield ".".join((*steps, name))
