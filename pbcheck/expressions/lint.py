"""What the official checker lets pass and a rule author would regret: values that cannot occur, dates that do not exist."""

from __future__ import annotations

from collections.abc import Iterator

from pbcheck.expressions.check import ExpressionFault, Scope
from pbcheck.expressions.tree import Node
from pbcheck.expressions.types import Field, messages
from pbcheck.figures.dates import is_date
from pbcheck.schema.suggest import did_you_mean

MAX_NESTING = 3
_FOLDS = ("all", "exists", "exists_one", "filter", "map")
_COMPARISONS = ("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_")


def lint(node: Node, scope: Scope) -> list[ExpressionFault]:
    """Return the faults of a checked condition, in the order of its text."""
    return sorted(_Lint(scope).faults(node, {}, 0), key=lambda fault: fault.offset)


class _Lint:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def faults(self, node: Node, variables: dict[str, Field], depth: int) -> Iterator[ExpressionFault]:
        if node.op == "has":
            yield from self.presence(node)
        if node.op == "call" and node.value in _COMPARISONS:
            left, right = node.args
            yield from self.literal(self.field(left, variables), right)
            yield from self.literal(self.field(right, variables), left)
        if node.op == "call" and node.value == "@in":
            yield from self.membership(node, variables)
        if node.op in _FOLDS:
            if depth >= MAX_NESTING:
                yield ExpressionFault(node.offset, f"Loops are nested deeper than {MAX_NESTING} levels: let a figure compute this.")
            inner = self.field(node.args[0], variables)
            element = {node.value: Field(inner.kind, inner.message, values=inner.values)} if inner else {}
            yield from self.faults(node.args[0], variables, depth)
            for child in node.args[1:]:
                yield from self.faults(child, variables | element, depth + 1)
        else:
            for child in node.args:
                yield from self.faults(child, variables, depth)

    def presence(self, node: Node) -> Iterator[ExpressionFault]:
        field = messages().get(node.args[0].message, {}).get(node.value)
        if field and field.kind == "message" and not field.repeated:
            words = f"`has({node.value})` asks for a group of keys, which is always there: ask for one of its fields."
            yield ExpressionFault(node.offset, words, 3)

    def membership(self, node: Node, variables: dict[str, Field]) -> Iterator[ExpressionFault]:
        item, collection = node.args
        field = self.field(item, variables)
        if collection.op == "list":
            for one in collection.args:
                yield from self.literal(field, one)
        yield from self.literal(self.field(collection, variables), item)

    def field(self, node: Node, variables: dict[str, Field]) -> Field | None:
        if node.op == "name":
            return variables.get(node.value)
        if node.op == "select":
            return messages().get(node.args[0].message, {}).get(node.value)
        if node.op == "filter":
            return self.field(node.args[0], variables)
        return None

    def literal(self, field: Field | None, node: Node) -> Iterator[ExpressionFault]:
        if field is None or node.op != "const" or not isinstance(node.value, str):
            return
        if field.kind == "enum" and field.values and node.value not in field.values:
            hint = did_you_mean(node.value, field.values)
            words = f'"{node.value}" cannot occur here.{hint} Possible: {", ".join(field.values)}.'
            yield ExpressionFault(node.offset, words, len(node.value) + 2)
        if field.kind == "date" and not is_date(node.value):
            yield ExpressionFault(node.offset, "Expected a date that exists, written year-month-day in quotes.", len(node.value) + 2)
