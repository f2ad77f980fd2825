"""From checked conditions to Python: one fast function a subject, in parts, and one exact function a rule.

The fast function answers 'not applicable', 'pass' or 'look closer' for every rule and record. The exact function gives the
outcome of each element under CEL's own rules for errors (a missing key is absorbed by `||`, `&&`, `all` and `exists` where
the other side decides). Nothing is built from text of the pack: constants are `ast.Constant`, names are made here, and only
known functions are called. What is not known here raises Unsupported and runs on the official evaluator.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pbcheck.expressions.emitted import LOOK_CLOSER
from pbcheck.expressions.fast import Group, Loop, Member, group_statements, list_statements, of_element, sharing
from pbcheck.expressions.order import ordered, sides
from pbcheck.expressions.parts import Unit, in_parts, names_in
from pbcheck.expressions.tree import Node
from pbcheck.expressions.types import messages
from pbcheck.expressions.unrolled import unrolled

_PARAMETERS = ("record", "policy", "figure", "as_of")
_GROUPS, _ITEM = "groups", "item"
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


@dataclass(frozen=True)
class Conditions:
    """The checked conditions of one rule: trees where a condition is given."""

    rule: str
    expect: Node
    when: Node | None = None
    unless: tuple[Node, ...] = ()
    over: Node | None = None
    variable: str = ""


def emit(subject: str, rules: list[Conditions]) -> ast.Module:
    """Return a module with the parts of the fast function and, for each rule it can express, the exact one.

    These are `judge_<n>(asked)`, which goes through (record, policy, figure, as_of, outcomes, lacking, groups) of several records,
    with `groups_of(record, policy)` for the last of these, and `exact_<n>`. What a part asks the slow way stands in functions of
    its own: a closure would make every name in it slower.
    """
    prefixes = _Prefixes(subject)
    slow = _Slow(subject)
    units: list[Unit] = []
    exact: list[ast.stmt] = []
    groups: dict[str, list[tuple[int, Conditions]]] = {}
    loops: dict[str, tuple[ast.expr, list[Loop]]] = {}
    for index, rule in enumerate(rules):
        try:
            exact.append(_exact(rule, index, subject))
        except Unsupported:
            units.append([_set(index, ast.Constant(LOOK_CLOSER))])
            continue
        writer = _Writer(subject, prefixes, exact=False)
        if rule.over is not None:
            over = writer.write(rule.over)
            loops.setdefault(ast.dump(over), (over, []))[1].append(_loop(index, rule, subject, prefixes))
        else:
            key = ast.dump(writer.write(rule.when)) if rule.when else ""
            groups.setdefault(key, []).append((index, rule))
    for over, each in loops.values():
        units += list_statements(over, _ITEM, each)
    units += sharing([_group(members, subject, prefixes, slow) for members in groups.values()])
    parts = []
    for number, part in enumerate(in_parts(unrolled(one) for one in units)):
        parts.append(_part(number, [*prefixes.taken(names_in(part)), *part]))
    return ast.fix_missing_locations(ast.Module([prefixes.function(), *parts, *exact, *slow.functions], []))


def _part(number: int, body: list[ast.stmt]) -> ast.stmt:
    """Return a part of the fast function, which goes through the records itself: a call for each of them would cost more."""
    record = ast.Tuple([ast.Name(one, ast.Store()) for one in (*_PARAMETERS, "outcomes", "lacking", _GROUPS)], ast.Store())
    return _function(f"judge_{number}", ["asked"], [ast.For(record, ast.Name("asked", ast.Load()), body, [])])


def _group(members: list[tuple[int, Conditions]], subject: str, prefixes: _Prefixes, slow: _Slow) -> Group:
    """Return rules that share one `when`, and the sides of it as they are written each by itself."""
    when = members[0][1].when
    write = _Writer(subject, prefixes, exact=False).write
    statements = group_statements(when, [Member(index, rule.expect, bool(rule.unless)) for index, rule in members], write, slow.asked)
    return Group(statements, _sides(when, lambda one: _Writer(subject, prefixes, exact=False).write(one)))


def _loop(index: int, rule: Conditions, subject: str, prefixes: _Prefixes) -> Loop:
    """Return a rule about each element of a list; the element has the same name in all of them."""

    def write(node: Node) -> ast.expr:
        writer = _Writer(subject, prefixes, exact=False)
        writer.variables[rule.variable] = _ITEM
        return writer.write(node)

    return Loop(index, Group(of_element(index, rule.expect, rule.when, write), _sides(rule.when, write)))


def _sides(when: Node | None, write: Callable[[Node], ast.expr]) -> dict[str, ast.expr]:
    """Return the sides of a condition, of which a single false one decides, by what they are written as."""
    if when is None:
        return {}
    chain = sides(when) if when.op == "call" and when.value == "_&&_" else [when]
    return {ast.dump(one): one for one in map(write, chain)}


def _exact(rule: Conditions, index: int, subject: str) -> ast.stmt:
    prefixes = _Prefixes(subject)
    writer = _Writer(subject, prefixes, exact=True)
    over = writer.write(rule.over) if rule.over else ast.List([ast.Constant(None)], ast.Load())
    variable = writer.bind(rule.variable or "_")
    when: ast.expr = _thunk(writer.write(rule.when)) if rule.when else ast.Constant(None)
    unless = ast.Tuple([_thunk(writer.write(one)) for one in rule.unless], ast.Load())
    verdict = ast.Call(ast.Name("verdict", ast.Load()), [when, _thunk(writer.write(rule.expect)), unless], [])
    each = ast.comprehension(ast.Name(variable, ast.Store()), over, [], 0)
    result = ast.Return(ast.ListComp(verdict, [each]))
    return _function(f"exact_{index}", [*_PARAMETERS, "verdict"], [*prefixes.statements(names_in([result])), result])


def _function(name: str, parameters: list[str], body: list[ast.stmt]) -> ast.stmt:
    arguments = ast.arguments([], [ast.arg(one) for one in parameters], None, [], [], None, [])
    made: Any = ast.FunctionDef(name=name, args=arguments, body=body, decorator_list=[], returns=None, type_comment=None)
    if "type_params" in ast.FunctionDef._fields:
        made.type_params = []
    statement: ast.stmt = made
    return statement


def _thunk(body: ast.expr, *parameters: str) -> ast.expr:
    return ast.Lambda(ast.arguments([], [ast.arg(one) for one in parameters], None, [], [], None, []), body)


def _set(index: int, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Subscript(ast.Name("outcomes", ast.Load()), ast.Constant(index), ast.Store())], value)


class _Slow:
    """Conditions that are asked under CEL's rules for a missing key: a function `slow_<n>` each."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.functions: list[ast.stmt] = []

    def asked(self, node: Node) -> ast.expr:
        """Return a call of the function that answers a condition about the record as a whole."""
        prefixes, name = _Prefixes(self.subject), f"slow_{len(self.functions)}"
        answer = _Writer(self.subject, prefixes, exact=True).write(node)
        result = ast.Return(answer)
        self.functions.append(_function(name, list(_PARAMETERS), [*prefixes.statements(names_in([result])), result]))
        return ast.Call(ast.Name(name, ast.Load()), [ast.Name(one, ast.Load()) for one in _PARAMETERS], [])


class _Prefixes:
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
        return _function("groups_of", ["record", "policy"], [*self.statements(set(names)), result])

    def taken(self, used: set[str]) -> list[ast.stmt]:
        """Return what takes the groups of some names from that tuple."""
        made: list[ast.stmt] = []
        for number, name in enumerate(self.names.values()):
            if name in used:
                taken = ast.Subscript(ast.Name(_GROUPS, ast.Load()), ast.Constant(number), ast.Load())
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


class _Writer:
    """Writes one tree as a Python expression."""

    def __init__(self, subject: str, prefixes: _Prefixes, *, exact: bool) -> None:
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
            return ast.Call(ast.Name(helper, ast.Load()), [_thunk(self.write(one)) for one in args], [])
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
                return ast.Call(ast.Name(exact, ast.Load()), [over, _thunk(body, variable)], [])
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
