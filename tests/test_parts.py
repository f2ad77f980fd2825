"""Parts of the fast function: nothing is lost or reordered, what belongs together stays so, and each fetches what it reads."""

from __future__ import annotations

import ast
from typing import Any

from pbcheck.expressions.check import Scope, check
from pbcheck.expressions.emit import Conditions, emit
from pbcheck.expressions.emitted import LOOK_CLOSER, load, parts_of
from pbcheck.expressions.parts import LARGEST, in_parts, names_in, weight
from pbcheck.model import Outcome


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
        [loop] = one.body
        assert isinstance(loop, ast.For)
        taken = [statement for statement in loop.body if isinstance(statement, ast.Assign) and "groups" in names_in([statement])]
        rest = names_in(statement for statement in loop.body if statement not in taken)
        assert {name for statement in taken for name in names_in([statement])} - {"groups"} == {
            name for name in rest if name.startswith("group_")
        }
    names = load(compile(module, "<test>", "exec"))
    records = [{"id": "C-1", "final": {"gross": "1.00"}, "plan": {"point_of_control": [one]}, "person": {}} for one in ("7", "8")]
    outcomes = [bytearray(len(texts)) for _ in records]
    asked = [(one, {}, {}, None, found, [].append, names["groups_of"](one, {})) for one, found in zip(records, outcomes, strict=True)]
    for ask in parts_of(names):
        ask(asked)
    for place, found in zip((7, 8), outcomes, strict=True):
        assert found[place] == 1
        assert set(found[:place]) == set(found[place + 1 : 150]) == {4}


def test_an_element_that_fails_is_looked_at_closer_whatever_the_others_are() -> None:
    scope = Scope("case", "c", "case.plan.components")
    when, expect = check('c.period == "week"', scope), check("c.cost > 1000", scope)
    over = check("size(case.plan.components) > 0", Scope("case")).args[0].args[0]
    names = load(compile(emit("case", [Conditions("r", expect, when, over=over, variable="c")]), "<test>", "exec"))

    def answer(*components: tuple[str, str]) -> int:
        return of({"plan": {"components": [{"period": period, "cost": cost} for period, cost in components]}})

    def of(record: dict[str, Any]) -> int:
        outcomes = bytearray(1)
        for ask in parts_of(names):
            ask([(record, {}, {}, None, outcomes, [].append, names["groups_of"](record, {}))])
        return outcomes[0]

    dear, cheap, other = ("week", "20.00"), ("week", "5.00"), ("year", "5.00")
    assert answer() == answer(other) == 0
    assert answer(dear, other) == answer(other, dear) == 1
    assert {answer(cheap), answer(cheap, dear), answer(dear, cheap), answer(dear, cheap, dear, other)} == {LOOK_CLOSER}
    assert of({"plan": {"components": None}}) == LOOK_CLOSER
    assert of({"plan": {}}) == Outcome.CANNOT_TELL
