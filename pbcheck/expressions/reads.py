"""Which fields a condition reads: so that nothing passes on a value that could not be read, and a missing one has its full name."""

from __future__ import annotations

from collections.abc import Iterator

from pbcheck.expressions.tree import Node
from pbcheck.figures.catalogue import DERIVED, FIGURES

ReadPath = tuple[str, ...]


def reads(node: Node, variables: dict[str, ReadPath]) -> set[ReadPath]:
    """Return the paths a condition reads, each from its root, `*` for any element; the inputs of figures included."""
    found: set[ReadPath] = set()
    for path in _paths(node, variables):
        found.add(path)
        found.update(_behind(path))
    return found


def _behind(path: ReadPath) -> Iterator[ReadPath]:
    if path[0] == "figure" and len(path) > 1:
        for figures in FIGURES.values():
            if path[1] in figures:
                yield from (tuple(one.split(".")) for one in figures[path[1]].reads)
    if "derived" in path:
        at = path.index("derived")
        parent = ".".join(step for step in path[:at] if step != "*")
        for figure in DERIVED.get(parent, {}).values():
            yield from ((*path[:at], one) for one in figure.reads)


def _paths(node: Node, variables: dict[str, ReadPath]) -> Iterator[ReadPath]:
    if node.op in ("name", "select", "has"):
        path = _resolve(node, variables)
        if path:
            yield path
        elif node.args:
            yield from _paths(node.args[0], variables)
        return
    if node.op in ("all", "exists", "exists_one", "filter", "map"):
        over = _element(node.args[0], variables)
        yield from _paths(node.args[0], variables)
        for child in node.args[1:]:
            yield from _paths(child, variables | {node.value: over})
        return
    for child in node.args:
        yield from _paths(child, variables)


def _element(node: Node, variables: dict[str, ReadPath]) -> ReadPath:
    if node.op in ("filter",):
        return _element(node.args[0], variables)
    path = _resolve(node, variables)
    return (*path, "*") if path else ()


def _resolve(node: Node, variables: dict[str, ReadPath]) -> ReadPath:
    if node.op == "name":
        return variables.get(node.value, (node.value,))
    if node.op in ("select", "has"):
        above = _resolve(node.args[0], variables)
        return (*above, node.value) if above else ()
    return ()


def touches(read: ReadPath, root: str, blocked: tuple[str | int, ...]) -> bool:
    """Return whether a read path of a document under `root` goes through, or into, a path that cannot be judged."""
    if read[0] != root:
        return False
    steps = read[1:]
    return all(mine == "*" or str(mine) == str(theirs) for mine, theirs in zip(steps, blocked, strict=False))
