"""Trees as Python expressions, under CEL's own rules for what is missing or outright, and the groups of keys that they go through.

What is not known here raises Unsupported.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from pbcheck.expressions.order import ordered
from pbcheck.expressions.tree import Node
from pbcheck.expressions.types import messages

GROUPS = "groups"
"""How a part of the fast function names the groups of a record."""
_OPERATORS: dict[str, type[ast.operator]] = {"_+_": ast.Add, "_-_": ast.Sub, "_*_": ast.Mult}
_COMPARISONS: dict[str, type[ast.cmpop]] = {
    "_==_": ast.Eq,
    "_!=_": ast.NotEq,
    "_<_": ast.Lt,
    "_<=_": ast.LtE,
    "_>_": ast.Gt,
    "_>=_": ast.GtE,
    "@in": ast.In,
}


class Unsupported(Exception):
    """The emitter does not know this construct; the official evaluator takes the rule."""


def function(name: str, parameters: list[str], body: list[ast.stmt]) -> ast.stmt:
    """Return the definition of a function."""
    arguments = ast.arguments([], [ast.arg(one) for one in parameters], None, [], [], None, [])
    made: Any = ast.FunctionDef(name=name, args=arguments, body=body, decorator_list=[], returns=None, type_comment=None)
    if "type_params" in ast.FunctionDef._fields:
        made.type_params = []
    statement: ast.stmt = made
    return statement


def thunk(body: ast.expr, *parameters: str) -> ast.expr:
    """Return an expression as a function that is asked later."""
    return ast.Lambda(ast.arguments([], [ast.arg(one) for one in parameters], None, [], [], None, []), body)


class Prefixes:
    """The groups of keys that conditions go through, each fetched once a record: absent ones count as empty."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.names: dict[tuple[str, ...], str] = {}

    def root(self, name: str) -> str:
        if name == self.subject:
            return "record"
        if name in ("policy", "figure", "as_of"):
            return name
        raise Unsupported(name)

    def name(self, path: tuple[str, ...]) -> str:
        if len(path) == 1:
            return self.root(path[0])
        if path not in self.names:
            self.name(path[:-1])
            self.names[path] = f"group_{len(self.names)}"
        return self.names[path]

    def function(self) -> ast.stmt:
        """Return the function that fetches all groups at once, as a tuple, in the order of their names."""
        names = list(self.names.values())
        result = ast.Return(ast.Tuple([ast.Name(one, ast.Load()) for one in names], ast.Load()))
        return function("groups_of", ["record", "policy"], [*self.statements(set(names)), result])

    def taken(self, used: set[str]) -> list[ast.stmt]:
        """Return what takes the groups of some names from that tuple."""
        made: list[ast.stmt] = []
        for number, name in enumerate(self.names.values()):
            if name in used:
                taken = ast.Subscript(ast.Name(GROUPS, ast.Load()), ast.Constant(number), ast.Load())
                made.append(ast.Assign([ast.Name(name, ast.Store())], taken))
        return made

    def statements(self, used: set[str]) -> list[ast.stmt]:
        """Return what fetches the groups of some names, and those that lead to them."""
        needed = {path[:length] for path, name in self.names.items() if name in used for length in range(2, len(path) + 1)}
        made: list[ast.stmt] = []
        for path, name in self.names.items():
            if path not in needed:
                continue
            get = ast.Attribute(ast.Name(self.name(path[:-1]), ast.Load()), "get", ast.Load())
            fetch = ast.Call(get, [ast.Constant(path[-1]), ast.Name("EMPTY", ast.Load())], [])
            made.append(ast.Assign([ast.Name(name, ast.Store())], fetch))
        return made


class Writer:
    """Writes one tree as a Python expression."""

    def __init__(self, subject: str, prefixes: Prefixes, *, exact: bool) -> None:
        self.subject = subject
        self.prefixes = prefixes
        self.exact = exact
        self.variables: dict[str, str] = {}
        self.made = 0

    def bind(self, name: str) -> str:
        self.made += 1
        self.variables[name] = f"item_{self.made}"
        return self.variables[name]

    def write(self, node: Node | None) -> ast.expr:
        assert node is not None
        method = getattr(self, f"_{node.op}", None)
        if method is None:
            raise Unsupported(node.op)
        written: ast.expr = method(node)
        return written

    def _const(self, node: Node) -> ast.expr:
        if isinstance(node.value, float):
            raise Unsupported("a decimal number")
        return ast.Constant(node.value)

    def _name(self, node: Node) -> ast.expr:
        return ast.Name(self.variables.get(node.value) or self.prefixes.root(node.value), ast.Load())

    def _list(self, node: Node) -> ast.expr:
        return ast.List([self.write(one) for one in node.args], ast.Load())

    def _owner(self, node: Node) -> ast.expr:
        """Return the group of keys that a select reads from: a prefix where it hangs on a document, else what the expression gives."""
        path = node.path()
        if path and path[0] not in self.variables and node.message:
            return ast.Name(self.prefixes.name(path), ast.Load())
        return self.write(node)

    def _select(self, node: Node) -> ast.expr:
        path = node.path()
        if path and path[0] not in self.variables and node.message:
            return ast.Name(self.prefixes.name(path), ast.Load())
        owner = node.args[0]
        value: ast.expr = ast.Subscript(self._owner(owner), ast.Constant(node.value), ast.Load())
        field = messages().get(owner.message, {}).get(node.value)
        if field is None or owner.message.startswith("figure."):
            return value
        if field.repeated and field.nullable:
            return ast.BoolOp(ast.Or(), [value, ast.List([], ast.Load())])
        if field.kind in ("money", "decimal") and not field.repeated:
            helper = "pence" if field.kind == "money" else "thousandths"
            return ast.Call(ast.Name(helper, ast.Load()), [value], [])
        return value

    def _index(self, node: Node) -> ast.expr:
        """Write `map[key]`; a list by number is left to the official evaluator, since Python counts from the end too."""
        owner, key = node.args
        field = messages().get(owner.args[0].message, {}).get(owner.value) if owner.op == "select" else None
        if field is None or field.kind != "map":
            raise Unsupported("an index into a list")
        value: ast.expr = ast.Subscript(self.write(owner), self.write(key), ast.Load())
        if field.message in ("money", "decimal"):
            value = ast.Call(ast.Name("pence" if field.message == "money" else "thousandths", ast.Load()), [value], [])
        return value

    def _has(self, node: Node) -> ast.expr:
        return ast.Compare(ast.Constant(node.value), [ast.In()], [self._owner(node.args[0])])

    def _call(self, node: Node) -> ast.expr:
        name, args = node.value, node.args
        if name in ("_&&_", "_||_"):
            return self._logic(name, args)
        if name == "_[_]":
            return self._index(node)
        if name == "!_":
            return ast.UnaryOp(ast.Not(), self.write(args[0]))
        if name == "-_":
            return ast.UnaryOp(ast.USub(), self.write(args[0]))
        if name == "_?_:_":
            return ast.IfExp(*(self.write(one) for one in args))
        if name in _OPERATORS:
            return ast.BinOp(self.write(args[0]), _OPERATORS[name](), self.write(args[1]))
        if name in _COMPARISONS:
            return ast.Compare(self.write(args[0]), [_COMPARISONS[name]()], [self.write(args[1])])
        if name == "size":
            return ast.Call(ast.Name("len", ast.Load()), [self.write(args[0])], [])
        if name == "days":
            return ast.Call(ast.Name("days", ast.Load()), [self.write(one) for one in args], [])
        if name in ("startsWith", "endsWith"):
            method = ast.Attribute(self.write(args[0]), name.lower(), ast.Load())
            return ast.Call(method, [self.write(args[1])], [])
        if name == "contains":
            return ast.Compare(self.write(args[1]), [ast.In()], [self.write(args[0])])
        raise Unsupported(name)

    def _logic(self, name: str, args: list[Node]) -> ast.expr:
        if self.exact:
            helper = "both" if name == "_&&_" else "either"
            return ast.Call(ast.Name(helper, ast.Load()), [thunk(self.write(one)) for one in args], [])
        operands = ordered(Node("call", name, args))
        return ast.BoolOp(ast.And() if name == "_&&_" else ast.Or(), [self.write(one) for one in operands])

    def _loop(self, node: Node, build: Callable[[ast.expr, str], ast.expr]) -> ast.expr:
        over = self.write(node.args[0])
        outer = self.variables.get(node.value)
        variable = self.bind(node.value)
        try:
            return build(over, variable)
        finally:
            if outer is None:
                del self.variables[node.value]
            else:
                self.variables[node.value] = outer

    def _quantifier(self, node: Node, fast: str, exact: str) -> ast.expr:
        def build(over: ast.expr, variable: str) -> ast.expr:
            body = self.write(node.args[1])
            if self.exact:
                return ast.Call(ast.Name(exact, ast.Load()), [over, thunk(body, variable)], [])
            each = ast.comprehension(ast.Name(variable, ast.Store()), over, [], 0)
            return ast.Call(ast.Name(fast, ast.Load()), [ast.GeneratorExp(body, [each])], [])

        return self._loop(node, build)

    def _all(self, node: Node) -> ast.expr:
        return self._quantifier(node, "all", "every")

    def _exists(self, node: Node) -> ast.expr:
        return self._quantifier(node, "any", "some")

    def _exists_one(self, node: Node) -> ast.expr:
        def build(over: ast.expr, variable: str) -> ast.expr:
            each = ast.comprehension(ast.Name(variable, ast.Store()), over, [self.write(node.args[1])], 0)
            count = ast.Call(ast.Name("sum", ast.Load()), [ast.GeneratorExp(ast.Constant(1), [each])], [])
            return ast.Compare(count, [ast.Eq()], [ast.Constant(1)])

        return self._loop(node, build)

    def _filter(self, node: Node) -> ast.expr:
        def build(over: ast.expr, variable: str) -> ast.expr:
            each = ast.comprehension(ast.Name(variable, ast.Store()), over, [self.write(node.args[1])], 0)
            return ast.ListComp(ast.Name(variable, ast.Load()), [each])

        return self._loop(node, build)

    def _map(self, node: Node) -> ast.expr:
        def build(over: ast.expr, variable: str) -> ast.expr:
            conditions = [self.write(one) for one in node.args[2:]]
            each = ast.comprehension(ast.Name(variable, ast.Store()), over, conditions, 0)
            return ast.ListComp(self.write(node.args[1]), [each])

        return self._loop(node, build)
