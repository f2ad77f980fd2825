"""Questions about lists asked in loops give the answers, and raise the errors, of the expressions they were made of."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pbcheck.expressions.unrolled import unrolled

# `item["x"]` raises KeyError for some elements: where a question ends early, it must not be asked of them.
ATOMS = st.sampled_from(["True", "False", 'item["x"]', 'other["x"]', 'item["x"] == other["x"]', "missing", "len(rows) > 1"])
LISTS = st.sampled_from(["rows", "[]", 'item["more"]', "[one for one in rows if one]"])


def longer(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {} or {})".format, inner, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("{}({} for {} in {})".format, st.sampled_from(["any", "all"]), inner, st.sampled_from(["item", "other"]), LISTS),
    )


CONDITIONS = st.recursive(ATOMS, longer, max_leaves=12)
ROWS = st.lists(st.fixed_dictionaries({"more": st.just([{"x": True}, {}])}, optional={"x": st.booleans()}), max_size=3)
TEMPLATES = (
    "if {}:\n    found = 1\nelse:\n    found = 4",
    "found = {}",
    "found = 1 if {} else 4",
    "try:\n    found = {}\nexcept KeyError:\n    again = found",
    "found = True\ntry:\n    found = {}\nexcept KeyError:\n    again = found",
    "for item in rows:\n    if {}:\n        found = item\n        break",
)


@pytest.mark.slow
@settings(max_examples=3000, deadline=None)
@given(CONDITIONS, ROWS, st.sampled_from(TEMPLATES))
@example('False or any(item["x"] for item in rows)', [{"more": []}], TEMPLATES[4])
@example('True and all(item["x"] for item in rows)', [{"more": []}], TEMPLATES[3])
def test_loops_answer_as_expressions_do(condition: str, rows: list[Any], template: str) -> None:
    text = template.format(f"({unique(condition)})")
    plain, in_loops = ast.parse(text), ast.parse(text)
    in_loops.body = unrolled(in_loops.body)
    assert ran(in_loops, rows) == ran(plain, rows)


def test_no_question_is_left_where_a_statement_can_ask_it() -> None:
    text = "if a and not any(all(two for two in one) for one in b) or (any(c for c in d) if e else f):\n    pass"
    written = ast.unparse(ast.fix_missing_locations(ast.Module(unrolled(ast.parse(text).body), [])))
    assert "any(" not in written
    assert "all(" not in written
    assert written.count("for ") == 3


def unique(condition: str) -> str:
    """Return the condition with a name of its own for the variable of each loop, as the emitter gives them."""
    tree = ast.parse(condition, mode="eval")
    return ast.unparse(ast.fix_missing_locations(_Renamed().visit(tree)))


class _Renamed(ast.NodeTransformer):
    def __init__(self) -> None:
        self.number = 0
        self.names: dict[str, str] = {}

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:  # the name that the standard library asks for
        [each] = node.generators
        each.iter = self.visit(each.iter)
        assert isinstance(each.target, ast.Name)
        before = dict(self.names)
        self.number += 1
        self.names[each.target.id] = f"item_{self.number}"
        each.target = ast.Name(f"item_{self.number}", ast.Store())
        node.elt = self.visit(node.elt)
        self.names = before
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:  # the name that the standard library asks for
        return ast.Name(self.names.get(node.id, node.id), node.ctx)


def ran(module: ast.Module, rows: list[Any]) -> object:
    """Return what a program leaves in `found`, or which error it raises; `item` and `other` are there from the start."""
    names: dict[str, Any] = {"rows": rows, "item": {"x": True, "more": [{}]}, "other": {"x": False, "more": []}, "found": None}
    try:
        exec(compile(ast.fix_missing_locations(module), "a condition", "exec"), names)
    except (KeyError, NameError) as error:
        return type(error).__name__, str(error)
    return names["found"]
