"""The decision table units_per_need over its whole input space: no gap, no dead row, a plain reading, and the rules that rest on it."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from pbcheck.figures.decision_tables import Value
from pbcheck.figures.figure import Facts, Unknown
from pbcheck.figures.units_per_need import CASE, GRAVITY, INPUTS, ROWS, table, units_per_need
from pbcheck.model import Outcome
from pbcheck.rulebook.book import load_rulebook
from pbcheck.ruletest import baseline, judge_documents, patched

SPACE = list(product(*INPUTS.values()))
HOURS = {"some": "7.5", "none": "0", None: None}
REPORTED = {
    "missing": "hours-assessed-and-no-units",
    "imposed": "units-imposed-on-the-plan",
    "own_choice": "units-where-none-were-needed",
}


def first_row(values: tuple[Value, ...]) -> int | None:
    """Return the number of the first row that these inputs meet."""
    given = dict(zip(INPUTS, values, strict=True)).items()
    return next((number for number, (conditions, _) in enumerate(ROWS) if conditions.items() <= given), None)


def reading(hours: Value, units: Value, volumes: Value) -> str:
    """Return what the table means, read line by line."""
    if hours == "none":
        return "nothing_asked"
    if hours == "some":
        if units is None:
            return "cannot_tell"
        return "compared" if units else "missing"
    if units is None:
        return "cannot_tell"
    if not units:
        return "nothing_asked"
    return "imposed" if volumes == "required" else "own_choice"


def documents(hours: Value, units: Value, volumes: Value) -> dict[str, Any]:
    """Return the sample export with one need and one item that have these inputs on record."""
    return patched(
        baseline(),
        {
            "policy.planning.volumes": "ABSENT" if volumes is None else volumes,
            "case.assessment.needs": [{"id": "N1", "eligible": True, "unmet_hours_per_week": HOURS[hours]}],  # type: ignore[index]
            "case.plan.components.0.units": None if units is False else "7.5",
            "case.plan.components.0.unit": None if units is False else "hours_per_week",
            "case.plan.components.0.needs": "ABSENT" if units is None else ["N1"],
        },
    )


def test_the_inputs_cover_every_value() -> None:
    assert len(SPACE) == 3 * 3 * 4
    assert all(value in INPUTS[name] for conditions, _ in ROWS for name, value in conditions.items())
    assert {result for _, result in ROWS} == set(GRAVITY)


def test_no_label_and_no_form_is_an_input() -> None:
    assert not {"label", "form"} & INPUTS.keys()
    assert not [path for path in CASE["units_per_need"].reads if path.endswith((".label", ".form"))]


def test_there_is_no_gap() -> None:
    assert [values for values in SPACE if first_row(values) is None] == []


def test_there_is_no_dead_row() -> None:
    assert {first_row(values) for values in SPACE} == set(range(len(ROWS)))


def test_the_table_says_what_a_plain_reading_says() -> None:
    for values in SPACE:
        assert table(*values) == reading(*values), values


def test_the_figure_takes_its_inputs_from_the_record() -> None:
    for values in SPACE:
        made = documents(*values)
        facts = Facts(made["case"], made["policy"])
        if table(*values) == "cannot_tell":
            with pytest.raises(Unknown):
                units_per_need(facts)
        else:
            assert units_per_need(facts) == table(*values), values


def test_the_rules_report_what_the_table_says() -> None:
    rulebook = load_rulebook((), "notes")
    for values in SPACE:
        made = documents(*values)
        failed = {name for name in REPORTED.values() if judge_documents(rulebook, rulebook.rules[name], made)[0] is Outcome.FAIL}
        assert failed == {name for result, name in REPORTED.items() if result == table(*values)}, values


def case(needs: list[dict[str, Any]], components: list[dict[str, Any]] | None) -> Facts:
    return Facts({"assessment": {"needs": needs}, "plan": {} if components is None else {"components": components}})


COUNTED = {"id": "N1", "eligible": True, "unmet_hours_per_week": "7.5"}
UNCOUNTED = {"id": "N2", "eligible": True}


@pytest.mark.parametrize(
    ("needs", "components", "result"),
    [
        ([COUNTED, UNCOUNTED], [{"needs": ["N1", "N2"], "units": "7.5"}], "compared"),
        ([COUNTED, UNCOUNTED], [{"needs": ["N1"], "units": "7.5"}, {"needs": ["N2"], "units": "2"}], "compared"),
        ([COUNTED, UNCOUNTED], [{"needs": ["N2"], "units": "2"}], "missing"),
        ([COUNTED], [{"units": None}], "missing"),
        ([{**COUNTED, "eligible": False}], [{"needs": ["N1"], "units": "2"}], "nothing_asked"),
        ([UNCOUNTED], [{"needs": ["N2"], "units": "2"}, {"needs": ["N2"]}], "own_choice"),
        ([UNCOUNTED], [], "nothing_asked"),
    ],
)
def test_the_gravest_result_counts(needs: list[dict[str, Any]], components: list[dict[str, Any]], result: str) -> None:
    assert units_per_need(case(needs, components)) == result


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (Facts({}), "case.assessment.needs"),
        (case([COUNTED], None), "case.plan.components"),
        (case([UNCOUNTED], None), "case.plan.components"),
        (case([{"id": "N1", "unmet_hours_per_week": "7.5"}], []), "case.assessment.needs.*.eligible"),
        (case([UNCOUNTED], [{"units": "2"}]), "case.plan.components.*.needs"),
    ],
)
def test_what_is_not_stated_is_named_and_not_guessed(facts: Facts, missing: str) -> None:
    with pytest.raises(Unknown) as lack:
        units_per_need(facts)
    assert lack.value.args == (missing,)
