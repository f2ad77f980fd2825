"""The checked expression as a small tree of our own, read from the official checker's bytes without a protobuf library.

Source: the CheckedExpr and Expr messages of the CEL specification (cel/expr/checked.proto, cel/expr/syntax.proto).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Node:
    """One node: `op` says which kind, `offset` where it stands in the expression's text, `message` the type it has if a message.

    ops: const(value) name(value) select(value=field, args=[operand]) has(value=field, args=[operand])
    call(value=function, args) list(args) all|exists|exists_one|filter|map(value=variable, args=[range, body, condition?])
    """

    op: str
    value: Any = None
    args: list[Node] = field(default_factory=list)
    offset: int = 0
    message: str = ""

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it."""
        yield self
        for child in self.args:
            yield from child.walk()

    def path(self) -> tuple[str, ...] | None:
        """Return ('case', 'plan', 'started_on') for a chain of selects from a name, else None."""
        if self.op == "name":
            return (self.value,)
        if self.op in ("select", "has"):
            above = self.args[0].path()
            return (*above, self.value) if above else None
        return None


def read(serialized: bytes) -> Node:
    """Return the tree of a checked expression as the official library serialises it."""
    checked = _message(_message(serialized)[2][0])
    types = {}
    for raw in checked.get(3, []):
        entry = _message(raw)
        name = _message(entry[2][0]).get(9)
        if name:
            types[entry[1][0]] = name[0].decode().split(".", 1)[1].replace("__", ".")
    info = _message(checked[5][0])
    offsets = {}
    for raw in info.get(4, []):
        entry = _message(raw)
        offsets[entry[1][0]] = entry.get(2, [0])[0]
    return _Reader(types, offsets).node(checked[4][0])


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _message(raw: bytes) -> dict[int, list[Any]]:
    out: dict[int, list[Any]] = {}
    at = 0
    while at < len(raw):
        tag, at = _varint(raw, at)
        wire = tag & 7
        value: Any
        if wire == 0:
            value, at = _varint(raw, at)
        elif wire == 2:
            size, at = _varint(raw, at)
            value, at = raw[at : at + size], at + size
        else:
            size = 8 if wire == 1 else 4
            value, at = raw[at : at + size], at + size
        out.setdefault(tag >> 3, []).append(value)
    return out


class _Reader:
    def __init__(self, types: dict[int, str], offsets: dict[int, int]) -> None:
        self.types = types
        self.offsets = offsets

    def node(self, raw: bytes) -> Node:
        fields = _message(raw)
        number = fields.get(2, [0])[0]
        node = self._shape(fields)
        node.offset = self.offsets.get(number, 0)
        node.message = self.types.get(number, "")
        return node

    def _shape(self, fields: dict[int, list[Any]]) -> Node:
        if 3 in fields:
            return Node("const", _constant(fields[3][0]))
        if 4 in fields:
            return Node("name", _message(fields[4][0])[1][0].decode())
        if 5 in fields:
            select = _message(fields[5][0])
            op = "has" if select.get(3, [0])[0] else "select"
            return Node(op, select[2][0].decode(), [self.node(select[1][0])])
        if 6 in fields:
            call = _message(fields[6][0])
            args = [self.node(one) for one in [*call.get(1, []), *call.get(3, [])]]
            return Node("call", call[2][0].decode(), args)
        if 7 in fields:
            return Node("list", None, [self.node(one) for one in _message(fields[7][0]).get(1, [])])
        if 9 in fields:
            return self._fold(_message(fields[9][0]))
        return Node("unknown")

    def _fold(self, fields: dict[int, list[Any]]) -> Node:
        """Recognise the macros from the loops they expand to."""
        variable = fields[1][0].decode()
        over = self.node(fields[2][0])
        step = self.node(fields[6][0])
        if step.op == "call" and step.value == "_&&_":
            return Node("all", variable, [over, step.args[1]])
        if step.op == "call" and step.value == "_||_":
            return Node("exists", variable, [over, step.args[1]])
        condition = None
        if step.op == "call" and step.value == "_?_:_":
            condition, step = step.args[0], step.args[1]
        if step.op == "call" and step.value == "_+_":
            added = step.args[1]
            if added.op == "const" and condition is not None:
                return Node("exists_one", variable, [over, condition])
            if added.op == "list" and len(added.args) == 1:
                element = added.args[0]
                if condition is not None and element.op == "name" and element.value == variable:
                    return Node("filter", variable, [over, condition])
                return Node("map", variable, [over, element, *([condition] if condition is not None else [])])
        return Node("unknown", variable, [over, step])


def _constant(raw: bytes) -> Any:
    fields = _message(raw)
    if 2 in fields:
        return bool(fields[2][0])
    if 3 in fields:
        number = fields[3][0]
        return number - (1 << 64) if number >> 63 else number
    if 5 in fields:
        return struct.unpack("<d", fields[5][0])[0]
    if 6 in fields:
        return fields[6][0].decode()
    return None
