"""A commented YAML document, made from a schema: each section with what it means, ready to be uncommented."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from pbcheck.schema.store import deref

WIDTH = 116
_INSTEAD = {
    "bool": (True, "Write true or false."),
    "date": ("2026-04-01", "A date."),
    "decimal": (1, "A number."),
    "id": ("A-1", "A reference."),
    "integer": (1, "A whole number."),
    "money": ("100.00", "Pounds and pence, in quotes."),
    "text": ("In the council's own words", "Text."),
}
"""For each named type of the schemas the value where a field has no example, and what to expect in words."""
_NOTED = ("bool", "integer", "money")
_COMMENT = "# "


def document(schema: Mapping[str, Any], live: Mapping[str, Any]) -> str:
    """Return the text of a document: the keys of `live` with their values, and every other section of the schema as a comment.

    Taking `# ` from the beginning of the lines of a block makes it part of the document; lines with `##` stay comments.
    """
    root = dict(schema)
    parts = [_live(root, key, value) for key, value in live.items()]
    parts += [block(root, key) for key in root["properties"] if key not in live]
    return "\n".join(parts)


def block(schema: Mapping[str, Any], key: str) -> str:
    """Return one section of a document as a comment, its title and description above it; values are the schema's own examples."""
    root = dict(schema)
    node = deref(root, root["properties"][key])
    lines = [*_told(node, "## "), *(_COMMENT + line for line in _entry(root, key, node, ""))]
    return "\n".join(lines) + "\n"


def _live(root: dict[str, Any], key: str, value: Any) -> str:
    node = deref(root, root["properties"][key])
    return "\n".join([*_told(node, "# "), f"{key}: {_value(value)}"]) + "\n"


def _told(node: Mapping[str, Any], sign: str) -> list[str]:
    """Return title, description and what is expected of a field as comment lines, the first characters of each being `sign`."""
    text = " ".join(one for one in (f"{node['title']}: {node['description']}", _expected(node)) if one)
    return textwrap.wrap(text, WIDTH, initial_indent=sign, subsequent_indent=sign, break_long_words=False, break_on_hyphens=False)


def _expected(node: Mapping[str, Any]) -> str:
    """Return in words which values a field takes, where neither its example nor its description says so."""
    for one in (node, *node.get("anyOf", ())):
        if "enum" in one:
            return f"One of: {', '.join(_value(value) for value in one['enum'])}."
        if "enum" in one.get("items", {}):
            return f"Any of: {', '.join(_value(value) for value in one['items']['enum'])}."
    kind = _named(node)
    return _INSTEAD[kind][1] if kind in _NOTED else ""


def _named(node: Mapping[str, Any]) -> str:
    """Return which of the named types of the schemas a field has, also one that may be null; empty where none."""
    references = [one["$ref"].rsplit("/", 1)[-1] for one in node.get("anyOf", ()) if "$ref" in one]
    return str(node.get("x-type") or next(iter(references), ""))


def _entry(root: dict[str, Any], key: str, node: dict[str, Any], indent: str) -> Iterator[str]:
    """Yield the lines of a key and its value; groups and lists of groups go on below it, each key with its description."""
    items = deref(root, node["items"]) if "items" in node else {}
    if "properties" in node:
        yield f"{indent}{key}:"
        yield from _group(root, node, indent + "  ")
    elif "properties" in items:
        yield f"{indent}{key}:"
        lines = list(_group(root, items, indent + "  "))
        first = next(number for number, line in enumerate(lines) if not line.strip().startswith("#"))
        lines[first] = f"{indent}- {lines[first].strip()}"
        yield from lines
    else:
        yield f"{indent}{key}: {_value(_example(node))}"


def _group(root: dict[str, Any], node: dict[str, Any], indent: str) -> Iterator[str]:
    """Yield the lines of all keys of a group; where the schema asks for one of several sets of keys, those of the first set."""
    sets = [one["required"] for one in node.get("anyOf", ()) if "required" in one]
    for key, inner in node["properties"].items():
        if not sets or key in sets[0]:
            field = deref(root, inner)
            yield from _told(field, f"{indent}# ")
            yield from _entry(root, key, field, indent)


def _example(node: Mapping[str, Any]) -> Any:
    """Return the first example of a field, or a value of its type."""
    if node.get("examples"):
        return node["examples"][0]
    if "const" in node or "enum" in node:
        return node["const"] if "const" in node else node["enum"][0]
    kind = _named(node)
    return _INSTEAD[kind][0] if kind in _INSTEAD else []


def _value(value: Any) -> str:
    """Return a value as YAML on one line."""
    text: str = yaml.safe_dump(value, default_flow_style=True, width=float("inf"), allow_unicode=True, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...").strip()
