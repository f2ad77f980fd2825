"""Rules as statements of the fast function: pass, fail, not applicable, cannot tell with the key, or look closer.

The statements are written below as templates of our own; only the upper-case names in them are replaced, by syntax trees that
the emitter made. An `&&` whose sides can each lack a key is asked side by side: one false side decides, whatever is missing on
another; the same for `||` and true. So a missing key needs the exact way only where it hides deeper inside. Each condition is
first asked outright: where no key is missing on the way, Python's answer is CEL's. What several rules ask first is asked once.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pbcheck.expressions.emitted import FAIL, LOOK_CLOSER
from pbcheck.expressions.order import direct, ordered
from pbcheck.expressions.parts import LARGEST, Unit, weight
from pbcheck.expressions.tree import Node

Write = Callable[[Node], ast.expr]

# In the emitted code below 1 is a pass, 3 cannot tell, and ELSE what a condition that is false comes to: a failure, or a closer look
# where something may excuse it. Whatever else a fast condition runs into is not decided there: 5 sends the rule to a closer look.

_SINGLE = """
try:
    if WHEN:
        outcomes[INDEX] = 1 if EXPECT else ELSE
except KeyError as lack:
    outcomes[INDEX] = 3
    lacking((INDEX, lack.args[0]))
except Exception:
    outcomes[INDEX] = 5
"""
_SHARED = """
try:
    DECIDES = SIDE
except Exception:
    DECIDES = None
if DECIDES is not False:
    MEMBERS
"""
_GROUP = """
try:
    try:
        applies = WHEN
    except KeyError:
        WHEN_STEPS
        if missing is not None and applies is not None:
            applies = False
            for number in NUMBERS:
                outcomes[number] = 3
                lacking((number, missing))
except Exception:
    applies = None
if applies:
    MEMBERS
elif applies is None:
    for number in NUMBERS:
        outcomes[number] = 5
"""
_STEPWISE_MEMBER = """
try:
    try:
        outcomes[INDEX] = 1 if EXPECT else ELSE
    except KeyError:
        EXPECT_STEPS
        if missing is None:
            outcomes[INDEX] = 1 if met else ELSE
        else:
            outcomes[INDEX] = 3
            lacking((INDEX, missing))
except Exception:
    outcomes[INDEX] = 5
"""
_BLUNT_MEMBER = """
try:
    try:
        outcomes[INDEX] = 1 if EXPECT else ELSE
    except KeyError:
        outcomes[INDEX] = 1 if EXACTLY else ELSE
except Exception:
    outcomes[INDEX] = 5
"""
_BLUNT_GROUP = """
try:
    if WHEN:
        MEMBERS
except Exception:
    for number in NUMBERS:
        outcomes[number] = 5
"""
_LOOPS = """
try:
    elements = iter(OVER)
except KeyError as lack:
    for number in NUMBERS:
        outcomes[number] = 3
        lacking((number, lack.args[0]))
except Exception:  # a list that cannot be gone through is looked at closer, rule by rule
    for number in NUMBERS:
        outcomes[number] = 5
else:
    for ITEM in elements:
        MEMBERS
"""
_OF_ELEMENT = """
try:
    if WHEN:
        if EXPECT:
            if outcomes[INDEX] != 5:
                outcomes[INDEX] = 1
        else:
            outcomes[INDEX] = 5
except Exception:
    outcomes[INDEX] = 5
"""
_START = "VALUE = FIRST\nMISSING = None"
_ASK_WHILE_TRUE = """
if VALUE:
    ASKED
"""
_ASK_WHILE_FALSE = """
if not VALUE:
    ASKED
"""
_SIDE = """
try:
    VALUE = SIDE
except KeyError as lack:
    MISSING = MISSING or lack.args[0]
"""
_SIDE_OF_SIDES = """
INNER_STEPS
if INNER_MISSING is None:
    VALUE = INNER
else:
    MISSING = MISSING or INNER_MISSING
"""
_SETTLED_BY_FALSE = """
if not VALUE:
    MISSING = None
"""
_SETTLED_BY_TRUE = """
if VALUE:
    MISSING = None
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


class Member(NamedTuple):
    """A rule of a group: its number, what it expects, and whether anything may excuse that it is not so."""

    number: int
    expect: Node
    excusable: bool

    @property
    def otherwise(self) -> ast.expr:
        """What comes of it where the condition is false."""
        return ast.Constant(LOOK_CLOSER if self.excusable else FAIL)


@dataclass(frozen=True)
class Group:
    """Rules about the record as a whole that share one `when`: the statements that ask them, and the sides of that condition.

    `sides` are the conditions of which a single false one decides that no rule of the group applies, by what they are written as.
    """

    statements: list[ast.stmt]
    sides: dict[str, ast.expr]


def sharing(groups: list[Group], depth: int = 1) -> list[Unit]:
    """Return the statements of all groups, in units; a side that several of them have is asked once for all, the commonest first.

    Where it is false, none of them applies; where it is true, none asks it again; where it cannot be told, each asks for itself.
    """
    made: list[Unit] = []
    while counts := Counter(side for one in groups for side in one.sides):
        side, number = max(counts.items(), key=lambda found: found[1])
        if number == 1:
            break
        having = [one for one in groups if side in one.sides]
        decides = ast.Name(f"decides_{depth}", ast.Load())
        known = _Known(side, decides)
        rest = [
            Group(
                [known.visit(statement) for statement in one.statements], {name: node for name, node in one.sides.items() if name != side}
            )
            for one in having
        ]
        members = [statement for unit in sharing(rest, depth + 1) for statement in unit]
        made.append(template(_SHARED, DECIDES=decides, SIDE=having[0].sides[side], MEMBERS=members))
        groups = [one for one in groups if side not in one.sides]
    return [*made, *(one.statements for one in groups)]


class _Known(ast.NodeTransformer):
    """Puts the answer that is known before a side of a condition, wherever that is asked: where it is true, that is the end of it."""

    def __init__(self, side: str, answer: ast.Name) -> None:
        self.side = side
        self.answer = answer

    def visit(self, node: ast.AST) -> Any:
        """Return a node, with the side in it after its answer."""
        if isinstance(node, ast.expr) and not isinstance(node, (ast.Name, ast.Constant)) and ast.dump(node) == self.side:
            return ast.BoolOp(ast.Or(), [self.answer, node])
        return self.generic_visit(node)


def group_statements(when: Node | None, members: list[Member], write: Write, exactly: Write) -> list[ast.stmt]:
    """Return the statements of rules about the record as a whole that share one `when`, asked once for all of them.

    `exactly` writes a condition such that a missing key on one side may be made up for by the other, as slowly as that takes.
    """
    if when is not None and len(members) == 1 and direct(when) and direct(members[0].expect):
        return _single(members[0], write(when), write)
    numbers = ast.Tuple([ast.Constant(one.number) for one in members], ast.Load())
    body = [statement for one in members for statement in _member(one, write, exactly)]
    condition = when or Node("const", True)
    asked = stepwise(condition, "applies", write)
    if asked is None:
        return template(_BLUNT_GROUP, WHEN=write(condition), NUMBERS=numbers, MEMBERS=body)
    return template(_GROUP, WHEN=write(condition), WHEN_STEPS=asked, NUMBERS=numbers, MEMBERS=body)


def _single(member: Member, when: ast.expr, write: Write) -> list[ast.stmt]:
    return template(_SINGLE, INDEX=ast.Constant(member.number), WHEN=when, EXPECT=write(member.expect), ELSE=member.otherwise)


def _member(member: Member, write: Write, exactly: Write) -> list[ast.stmt]:
    expect = member.expect
    if direct(expect):
        return _single(member, ast.Constant(True), write)
    number, asked, otherwise = ast.Constant(member.number), write(expect), member.otherwise
    steps = stepwise(expect, "met", write)
    if steps is None:
        return template(_BLUNT_MEMBER, INDEX=number, EXPECT=asked, EXACTLY=exactly(expect), ELSE=otherwise)
    return template(_STEPWISE_MEMBER, INDEX=number, EXPECT=asked, EXPECT_STEPS=steps, ELSE=otherwise)


def stepwise(node: Node, name: str, write: Write, depth: int = 0) -> list[ast.stmt] | None:
    """Return statements that leave the value of a condition in a variable, and in `missing` the key without which it is not settled.

    A side that has such sides itself is settled in variables of its own, named by its depth. None where some side may meet a missing
    key deeper inside, where another could make up for it.
    """
    told = {"VALUE": ast.Name(name, ast.Load()), "MISSING": ast.Name(f"missing_{depth}" if depth else "missing", ast.Load())}
    if direct(node):
        sides, ask, first, settle = [node], _ASK_WHILE_TRUE, True, ""
    elif node.op == "call" and node.value == "_||_":
        sides, ask, first, settle = ordered(node), _ASK_WHILE_FALSE, False, _SETTLED_BY_TRUE
    elif node.op == "call" and node.value == "_&&_":
        sides, ask, first, settle = ordered(node), _ASK_WHILE_TRUE, True, _SETTLED_BY_FALSE
    else:
        return None
    made = template(_START, FIRST=ast.Constant(first), **told)
    for one in sides:
        asked = _side(one, told, write, depth)
        if asked is None:
            return None
        made += template(ask, ASKED=asked, **told)
    return made + template(settle, **told)


def _side(node: Node, told: dict[str, ast.Name], write: Write, depth: int) -> list[ast.stmt] | None:
    if direct(node):
        return template(_SIDE, SIDE=write(node), **told)
    inner = f"inner_{depth + 1}"
    steps = stepwise(node, inner, write, depth + 1)
    if steps is None:
        return None
    settled = {"INNER": ast.Name(inner, ast.Load()), "INNER_MISSING": ast.Name(f"missing_{depth + 1}", ast.Load())}
    return template(_SIDE_OF_SIDES, INNER_STEPS=steps, **settled, **told)


class Loop(NamedTuple):
    """A rule about each element of a list: its number, what asks it of one element, and the sides of its condition."""

    number: int
    asked: Group


def list_statements(over: ast.expr, item: str, loops: list[Loop]) -> Iterator[Unit]:
    """Yield the statements of all rules about the elements of one list, in units that each fetch it and go through it once."""
    some: list[Loop] = []
    size = 0
    for one in loops:
        more = weight(one.asked.statements)
        if some and size + more > LARGEST:
            yield _of_list(over, item, some)
            some, size = [], 0
        some.append(one)
        size += more
    yield _of_list(over, item, some)


def _of_list(over: ast.expr, item: str, loops: list[Loop]) -> Unit:
    numbers = ast.Tuple([ast.Constant(one.number) for one in loops], ast.Load())
    members = [statement for unit in sharing([one.asked for one in loops]) for statement in unit]
    return template(_LOOPS, OVER=over, NUMBERS=numbers, ITEM=ast.Name(item, ast.Store()), MEMBERS=members)


def of_element(index: int, expect: Node, when: Node | None, write: Write) -> list[ast.stmt]:
    """Return the statements that ask one rule of an element: a breach, or anything missing, is looked at closer, whatever follows."""
    applies = write(when) if when else ast.Constant(True)
    return template(_OF_ELEMENT, INDEX=ast.Constant(index), WHEN=applies, EXPECT=write(expect))
