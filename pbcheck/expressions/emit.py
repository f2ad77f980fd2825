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

from pbcheck.expressions.emitted import LOOK_CLOSER
from pbcheck.expressions.fast import Group, Loop, Member, group_statements, list_statements, of_element, sharing
from pbcheck.expressions.order import sides
from pbcheck.expressions.parts import Unit, in_parts, names_in
from pbcheck.expressions.tree import Node
from pbcheck.expressions.unrolled import unrolled
from pbcheck.expressions.writer import GROUPS, Prefixes, Unsupported, Writer, function, thunk

_PARAMETERS = ("record", "policy", "figure", "as_of")
_ITEM = "item"


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
    prefixes = Prefixes(subject)
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
        writer = Writer(subject, prefixes, exact=False)
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
    record = ast.Tuple([ast.Name(one, ast.Store()) for one in (*_PARAMETERS, "outcomes", "lacking", GROUPS)], ast.Store())
    return function(f"judge_{number}", ["asked"], [ast.For(record, ast.Name("asked", ast.Load()), body, [])])


def _group(members: list[tuple[int, Conditions]], subject: str, prefixes: Prefixes, slow: _Slow) -> Group:
    """Return rules that share one `when`, and the sides of it as they are written each by itself."""
    when = members[0][1].when
    write = Writer(subject, prefixes, exact=False).write
    statements = group_statements(when, [Member(index, rule.expect, bool(rule.unless)) for index, rule in members], write, slow.asked)
    return Group(statements, _sides(when, lambda one: Writer(subject, prefixes, exact=False).write(one)))


def _loop(index: int, rule: Conditions, subject: str, prefixes: Prefixes) -> Loop:
    """Return a rule about each element of a list; the element has the same name in all of them."""

    def write(node: Node) -> ast.expr:
        writer = Writer(subject, prefixes, exact=False)
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
    prefixes = Prefixes(subject)
    writer = Writer(subject, prefixes, exact=True)
    over = writer.write(rule.over) if rule.over else ast.List([ast.Constant(None)], ast.Load())
    variable = writer.bind(rule.variable or "_")
    when: ast.expr = thunk(writer.write(rule.when)) if rule.when else ast.Constant(None)
    unless = ast.Tuple([thunk(writer.write(one)) for one in rule.unless], ast.Load())
    verdict = ast.Call(ast.Name("verdict", ast.Load()), [when, thunk(writer.write(rule.expect)), unless], [])
    each = ast.comprehension(ast.Name(variable, ast.Store()), over, [], 0)
    result = ast.Return(ast.ListComp(verdict, [each]))
    return function(f"exact_{index}", [*_PARAMETERS, "verdict"], [*prefixes.statements(names_in([result])), result])


def _set(index: int, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Subscript(ast.Name("outcomes", ast.Load()), ast.Constant(index), ast.Store())], value)


class _Slow:
    """Conditions that are asked under CEL's rules for a missing key: a function `slow_<n>` each."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.functions: list[ast.stmt] = []

    def asked(self, node: Node) -> ast.expr:
        """Return a call of the function that answers a condition about the record as a whole."""
        prefixes, name = Prefixes(self.subject), f"slow_{len(self.functions)}"
        answer = Writer(self.subject, prefixes, exact=True).write(node)
        result = ast.Return(answer)
        self.functions.append(function(name, list(_PARAMETERS), [*prefixes.statements(names_in([result])), result]))
        return ast.Call(ast.Name(name, ast.Load()), [ast.Name(one, ast.Load()) for one in _PARAMETERS], [])
