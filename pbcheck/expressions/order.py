"""In which order the sides of `&&` and `||` may be asked, and where a missing key on one side could be made up for by another.

CEL lets either side decide: `a && b` is false where b is false, even where a cannot be told. Python asks from left to right
and stops at the first thing missing. Asked in the right order, the sides that cannot be missing first, both agree wherever at
most one side can be missing; only the rest needs the exact way.
"""

from __future__ import annotations

from pbcheck.expressions.tree import Node

FOLDS = ("all", "exists", "exists_one", "filter", "map")
_LOGIC = ("_&&_", "_||_")
Guards = frozenset[tuple[str, ...]]
_NONE: Guards = frozenset()


def sides(node: Node) -> list[Node]:
    """Return the operands of a chain of one logical operator, left to right."""
    found: list[Node] = []
    for one in node.args:
        found += sides(one) if one.op == "call" and one.value == node.value else [one]
    return found


def ordered(node: Node, guards: Guards = _NONE) -> list[Node]:
    """Return the operands of a chain with those first that cannot lack a key; the order among equals is kept."""
    parts = sides(node)
    known = guards | _guards(node.value, parts)
    guard = [one for one in parts if _guard_of(node.value, one) is not None]
    rest = [one for one in parts if _guard_of(node.value, one) is None]
    safe = [one for one in rest if not may_lack(one, known)]
    return [*guard, *safe, *(one for one in rest if may_lack(one, known))]


def direct(node: Node, guards: Guards = _NONE) -> bool:
    """Return whether a missing key, met in the order of `ordered`, always means that nobody can tell."""
    if node.op == "call" and node.value in _LOGIC:
        parts = sides(node)
        known = guards | _guards(node.value, parts)
        return sum(may_lack(one, known) for one in parts) <= 1 and all(direct(one, known) for one in parts)
    if node.op in FOLDS:
        inner = _inside(node, guards)
        decides = node.op in ("all", "exists") and may_lack(node.args[1], inner)
        return direct(node.args[0], guards) and not decides and all(direct(one, inner) for one in node.args[1:])
    return all(direct(one, guards) for one in node.args)


def may_lack(node: Node, guards: Guards) -> bool:
    """Return whether evaluating a node can meet a missing key."""
    if node.op == "select":
        path = node.path()
        if node.message and path is not None:
            return False
        return not (path is not None and path in guards)
    if node.op == "has":
        return bool(node.args) and node.args[0].op not in ("select", "name")
    if node.op == "call" and node.value in _LOGIC:
        parts = sides(node)
        known = guards | _guards(node.value, parts)
        return any(may_lack(one, known) for one in parts)
    if node.op == "call" and node.value == "_[_]":
        return True
    if node.op in FOLDS:
        return may_lack(node.args[0], guards) or any(may_lack(one, _inside(node, guards)) for one in node.args[1:])
    return any(may_lack(one, guards) for one in node.args)


def _inside(node: Node, guards: Guards) -> Guards:
    """Return the guards that hold inside a loop: those of an outer variable of the same name do not."""
    return frozenset(one for one in guards if one[0] != node.value)


def _guards(operator: str, parts: list[Node]) -> Guards:
    return frozenset(path for one in parts if (path := _guard_of(operator, one)) is not None)


def _guard_of(operator: str, node: Node) -> tuple[str, ...] | None:
    """Return the path that a side makes sure of for the others: `has(x) && ...`, or `!has(x) || ...`."""
    if operator == "_||_":
        node = node.args[0] if node.op == "call" and node.value == "!_" else Node("none")
    return node.path() if node.op == "has" and not may_lack(node, _NONE) else None
