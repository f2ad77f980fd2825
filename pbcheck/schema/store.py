"""The shipped schemas, loaded once, with references between their parts followed."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pbcheck.errors import UsageError
from pbcheck.schema.suggest import did_you_mean
from pbcheck.shipped import shipped

KINDS = ("policy", "case", "contract", "portfolio", "export")


def names() -> list[str]:
    """Return the names of all shipped schemas, in order."""
    return sorted(path.name.removesuffix(".schema.json") for path in shipped("schemas").glob("*.schema.json"))


@cache
def load(name: str) -> dict[str, Any]:
    """Return a shipped schema by name, such as `policy`; raises UsageError for an unknown one."""
    path = shipped("schemas") / f"{name}.schema.json"
    if not path.is_file():
        raise UsageError(f"There is no schema called `{name}`.{did_you_mean(name, names())} Known: {', '.join(names())}.")
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def deref(root: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Return a schema node with its `$ref` into `$defs` followed; annotations beside the reference are kept."""
    while "$ref" in node:
        target = root["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}, "x-type": node["$ref"].rsplit("/", 1)[-1]}
    return node


def at(root: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """Return the schema node that describes a path of the data; an empty one where none does."""
    node = deref(root, root)
    for step in path:
        if isinstance(step, int):
            node = deref(root, _list_branch(node).get("items", {}))
        elif step in node.get("properties", {}):
            node = deref(root, node["properties"][step])
        else:
            extra = node.get("additionalProperties")
            node = deref(root, extra) if isinstance(extra, dict) else {}
    return node


def _list_branch(node: dict[str, Any]) -> dict[str, Any]:
    if "items" in node:
        return node
    return next((branch for branch in node.get("anyOf", []) if "items" in branch), {})
