"""Parts of the fast function: nothing is lost or reordered, what belongs together stays so, and each fetches what it reads."""

from __future__ import annotations

import ast

from pbcheck.expressions.check import Scope, check
from pbcheck.expressions.emit import Conditions, emit
from pbcheck.expressions.emitted import load, parts_of
from pbcheck.expressions.parts import LARGEST, in_parts, names_in, weight


def unit(number: int, size: int) -> list[ast.stmt]:
    """Return a unit of two statements, of about so many nodes."""
    return ast.parse(f"first_{number} = [{'0, ' * size}]\nsecond_{number} = first_{number}").body


def test_parts_keep_units_whole_and_in_their_order() -> None:
    units = [unit(number, size) for number, size in enumerate((10, 900, 900, 900, 3 * LARGEST, 5, 5))]
    parts = list(in_parts(units))
    assert [one for part in parts for one in part] == [one for some in units for one in some]
    assert len(parts) == 4
    assert all(len(part) % 2 == 0 for part in parts)
    assert all(weight(part) <= LARGEST or len(part) == 2 for part in parts)
    assert list(in_parts([])) == []


def test_each_part_fetches_the_groups_that_it_reads_and_no_others() -> None:
    texts = [f'has(case.final.gross) && case.plan.point_of_control.exists(p, p == "{n}")' for n in range(150)]
    texts += [f'has(case.person.funding) && case.decision.agreed_by == "person" && case.team != "{n}"' for n in range(150)]
    scope = Scope("case")
    module = emit("case", [Conditions(f"r{n}", check(text, scope), check(f'case.id != "{n}"', scope)) for n, text in enumerate(texts)])
    functions = [one for one in module.body if isinstance(one, ast.FunctionDef) and one.name.startswith("judge_")]
    assert len(functions) > 1
    for one in functions:
        fetched = [statement for statement in one.body if isinstance(statement, ast.Assign) and "EMPTY" in names_in([statement])]
        rest = names_in(statement for statement in one.body if statement not in fetched)
        assert {name for statement in fetched for name in names_in(statement.targets)} <= rest
    outcomes = bytearray(len(texts))
    for ask in parts_of(load(compile(module, "<test>", "exec"))):
        ask({"id": "C-1", "final": {"gross": "1.00"}, "plan": {"point_of_control": ["7"]}, "person": {}}, {}, {}, None, outcomes, [].append)
    assert outcomes[7] == 1
    assert set(outcomes[:7]) == set(outcomes[8:150]) == {4}
