"""`any` and `all` over a list as loops of statements: the same answers in the same order, without a generator for each question.

Works on what the emitter wrote for the fast function; a question that stands where no statement can go is left as it is.
"""

from __future__ import annotations

import ast
from typing import TypeGuard

_ASKS = {"any": True, "all": False}
"""What is asked of a list, and the answer of one element that decides."""

_TRUTH = "truth"


def unrolled(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return statements that do the same, with the questions about lists in their conditions asked in loops."""
    module = _Unroll().visit(ast.Module(body, []))
    found: list[ast.stmt] = module.body
    return found


class _Unroll(ast.NodeTransformer):
    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:  # the name that the standard library asks for
        self.generic_visit(node)
        if not _asks(node.test):
            return node
        before = _settle(_TRUTH, node.test, 1)
        node.test = ast.Name(_TRUTH, ast.Load())
        return [*before, node]

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:  # the name that the standard library asks for
        if not _asks(node.value):
            return node
        before = _settle(_TRUTH, node.value, 1)  # the target keeps what it was where an error comes on the way
        node.value = ast.Name(_TRUTH, ast.Load())
        return [*before, node]


def _asks(node: ast.expr) -> bool:
    """Return whether a condition asks something of a list where a statement can ask it: among the sides of and, or, not, if."""
    if isinstance(node, ast.BoolOp):
        return any(_asks(one) for one in node.values)
    if isinstance(node, ast.IfExp):
        return any(_asks(one) for one in (node.test, node.body, node.orelse))
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not) and _asks(node.operand)
    return _is_question(node)


def _is_question(node: ast.expr) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ASKS


def _settle(name: str, node: ast.expr, depth: int) -> list[ast.stmt]:
    """Return statements that leave the value of a condition in a variable; `depth` is that of the loops it stands in, from 1."""
    if not _asks(node):
        return [_store(name, node)]
    if isinstance(node, ast.BoolOp):
        return _one_after_another(name, node.op, node.values, depth)
    if isinstance(node, ast.UnaryOp):
        return [*_settle(name, node.operand, depth), _store(name, ast.UnaryOp(ast.Not(), ast.Name(name, ast.Load())))]
    if isinstance(node, ast.IfExp):
        chosen = ast.If(ast.Name(name, ast.Load()), _settle(name, node.body, depth), _settle(name, node.orelse, depth))
        return [*_settle(name, node.test, depth), chosen]
    assert isinstance(node, ast.Call)
    return _loop(name, node, depth)


def _one_after_another(name: str, operator: ast.boolop, sides: list[ast.expr], depth: int) -> list[ast.stmt]:
    """Return statements that ask the sides of an `and` or `or` from left to right, each only where those before leave it open."""
    plain = next(number for number, one in enumerate(sides) if _asks(one))
    if plain:
        first: list[ast.stmt] = [_store(name, sides[0] if plain == 1 else ast.BoolOp(operator, sides[:plain]))]
        rest = sides[plain:]
    else:
        first, rest = _settle(name, sides[0], depth), sides[1:]
    if not rest:
        return first
    value: ast.expr = ast.Name(name, ast.Load())
    still_open = value if isinstance(operator, ast.And) else ast.UnaryOp(ast.Not(), value)
    more = _settle(name, rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest), depth)
    return [*first, ast.If(still_open, more, [])]


def _loop(name: str, question: ast.Call, depth: int) -> list[ast.stmt]:
    """Return a loop that ends at the first element that decides."""
    assert isinstance(question.func, ast.Name)
    [asked] = question.args
    assert isinstance(asked, ast.GeneratorExp)
    [each] = asked.generators
    deciding = _ASKS[question.func.id]
    before: list[ast.stmt] = []
    met = asked.elt
    if _asks(met):
        inner = f"{_TRUTH}_{depth}"
        before, met = _settle(inner, met, depth + 1), ast.Name(inner, ast.Load())
    decided: list[ast.stmt] = [_store(name, ast.Constant(deciding)), ast.Break()]
    test = met if deciding else ast.UnaryOp(ast.Not(), met)
    otherwise: list[ast.stmt] = [_store(name, ast.Constant(not deciding))]
    return [ast.For(each.target, each.iter, [*before, ast.If(test, decided, [])], otherwise)]


def _store(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)
