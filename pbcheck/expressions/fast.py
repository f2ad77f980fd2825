"""Rules as statements of the fast function: pass, not applicable, cannot tell with the key, or look closer.

The statements are written below as templates of our own; only the upper-case names in them are replaced, by syntax trees that
the emitter made. An `&&` whose sides can each lack a key is asked side by side: one false side decides, whatever is missing on
another; the same for `||` and true. So a missing key needs the exact way only where it hides deeper inside. Each condition is
first asked outright: where no key is missing on the way, Python's answer is CEL's.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from pbcheck.expressions.order import direct, ordered
from pbcheck.expressions.tree import Node

CANNOT_TELL = 3
LOOK_CLOSER = 4
Write = Callable[[Node], ast.expr]

# In the emitted code below, whatever a fast condition runs into is not decided there: 4 sends the rule to a closer look.

_SINGLE = """
try:
    if WHEN:
        outcomes[INDEX] = 1 if EXPECT else 4
except KeyError as lack:
    outcomes[INDEX] = 3
    lacking((INDEX, lack.args[0]))
except Exception:
    outcomes[INDEX] = 4
"""
_GROUP = """
try:
    try:
        applies = WHEN
        missing = None
    except KeyError:
        WHEN_STEPS
except Exception:
    applies = None
if applies is None:
    for number in NUMBERS:
        outcomes[number] = 4
elif missing is not None:
    for number in NUMBERS:
        outcomes[number] = 3
        lacking((number, missing))
elif applies:
    MEMBERS
"""
_STEPWISE_MEMBER = """
try:
    try:
        outcomes[INDEX] = 1 if EXPECT else 4
    except KeyError:
        EXPECT_STEPS
        if missing is None:
            outcomes[INDEX] = 1 if met else 4
        else:
            outcomes[INDEX] = 3
            lacking((INDEX, missing))
except Exception:
    outcomes[INDEX] = 4
"""
_BLUNT_MEMBER = """
try:
    outcomes[INDEX] = 1 if EXPECT else 4
except Exception:
    outcomes[INDEX] = 4
"""
_BLUNT_GROUP = """
try:
    if WHEN:
        MEMBERS
except Exception:
    for number in NUMBERS:
        outcomes[number] = 4
"""
_LOOP = """
try:
    elements = OVER
except KeyError as lack:
    outcomes[INDEX] = 3
    lacking((INDEX, lack.args[0]))
else:
    try:
        for ITEM in elements:
            if WHEN:
                if EXPECT:
                    outcomes[INDEX] = 1
                else:
                    outcomes[INDEX] = 4
                    break
    except Exception:
        outcomes[INDEX] = 4
"""
_START = "VALUE = FIRST\nmissing = None"
_ASK_WHILE_TRUE = """
if VALUE:
    try:
        VALUE = SIDE
    except KeyError as lack:
        missing = missing or lack.args[0]
"""
_ASK_WHILE_FALSE = """
if not VALUE:
    try:
        VALUE = SIDE
    except KeyError as lack:
        missing = missing or lack.args[0]
"""


_SETTLED_BY_FALSE = """
if not VALUE:
    missing = None
"""
_SETTLED_BY_TRUE = """
if VALUE:
    missing = None
"""


def template(text: str, **nodes: ast.AST | list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements of a template with its upper-case names replaced by syntax trees, or by several statements."""
    body = ast.parse(text).body
    return [one for statement in body for one in _Replace(nodes).statement(statement)]


class _Replace(ast.NodeTransformer):
    def __init__(self, nodes: dict[str, ast.AST | list[ast.stmt]]) -> None:
        self.nodes = nodes

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        made = self.visit(node)
        return made if isinstance(made, list) else [made]

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:  # the name that the standard library asks for
        if isinstance(node.value, ast.Name) and isinstance(self.nodes.get(node.value.id), list):
            found = self.nodes[node.value.id]
            assert isinstance(found, list)
            return found
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:  # the name that the standard library asks for
        found = self.nodes.get(node.id)
        if isinstance(found, ast.Name):
            return ast.Name(found.id, node.ctx)
        return found if isinstance(found, ast.AST) else node


def group_statements(when: Node | None, members: list[tuple[int, Node]], write: Write) -> list[ast.stmt]:
    """Return the statements of rules about the record as a whole that share one `when`, asked once for all of them."""
    if when is not None and len(members) == 1 and direct(when) and direct(members[0][1]):
        index, expect = members[0]
        return template(_SINGLE, INDEX=ast.Constant(index), WHEN=write(when), EXPECT=write(expect))
    numbers = ast.Tuple([ast.Constant(index) for index, _ in members], ast.Load())
    body = [one for index, expect in members for one in _member(index, expect, write)]
    condition = when or Node("const", True)
    asked = stepwise(condition, "applies", write)
    if asked is None:
        return template(_BLUNT_GROUP, WHEN=write(condition), NUMBERS=numbers, MEMBERS=body)
    return template(_GROUP, WHEN=write(condition), WHEN_STEPS=asked, NUMBERS=numbers, MEMBERS=body)


def _member(index: int, expect: Node, write: Write) -> list[ast.stmt]:
    number = ast.Constant(index)
    if direct(expect):
        return template(_SINGLE, INDEX=number, WHEN=ast.Constant(True), EXPECT=write(expect))
    steps = stepwise(expect, "met", write)
    if steps is None:
        return template(_BLUNT_MEMBER, INDEX=number, EXPECT=write(expect))
    return template(_STEPWISE_MEMBER, INDEX=number, EXPECT=write(expect), EXPECT_STEPS=steps)


def stepwise(node: Node, name: str, write: Write) -> list[ast.stmt] | None:
    """Return statements that leave the value of a condition in a variable, and in `missing` the key without which it is not settled.

    None where some side may meet a missing key deeper inside, where another could make up for it.
    """
    value = ast.Name(name, ast.Load())
    if direct(node):
        sides, ask, first, settle = [node], _ASK_WHILE_TRUE, True, ""
    elif node.op == "call" and node.value == "_||_":
        sides, ask, first, settle = ordered(node), _ASK_WHILE_FALSE, False, _SETTLED_BY_TRUE
    elif node.op == "call" and node.value == "_&&_":
        sides, ask, first, settle = ordered(node), _ASK_WHILE_TRUE, True, _SETTLED_BY_FALSE
    else:
        return None
    if not all(direct(one) for one in sides):
        return None
    made = template(_START, VALUE=value, FIRST=ast.Constant(first))
    for one in sides:
        made += template(ask, VALUE=value, SIDE=write(one))
    return made + template(settle, VALUE=value)


def loop_statements(index: int, over: Node, item: str, expect: Node, when: Node | None, write: Write) -> list[ast.stmt]:
    """Return the statements of a rule about each element of a list: the first breach, or anything missing, is looked at closer."""
    applies = write(when) if when else ast.Constant(True)
    return template(
        _LOOP,
        INDEX=ast.Constant(index),
        OVER=write(over),
        ITEM=ast.Name(item, ast.Store()),
        WHEN=applies,
        EXPECT=write(expect),
    )
