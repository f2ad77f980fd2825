"""The decision table full_cost_label over its whole input space, and the count of full-cost payers that rests on it."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any

import pytest

from pbcheck.figures.catalogue import figures
from pbcheck.figures.decision_tables import Value, results
from pbcheck.figures.figure import Facts, Unknown
from pbcheck.figures.full_cost import INPUTS, LABELS, ROWS, full_cost_label, table, tally
from pbcheck.model import Outcome
from pbcheck.pipeline import judge_for
from pbcheck.rulebook.book import load_rulebook
from pbcheck.ruletest import baseline

EVERY = list(product(*INPUTS.values()))


def read(eligible: Value, assessed: Value, declined: Value, maximum: Value) -> str:
    """Read the table in another way: straight down, one question after the other."""
    if eligible is None:
        return "unknown"
    if not eligible:
        return "outside"
    if not assessed:
        return "not_disclosed" if declined else "not_assessed"
    if maximum == "nil":
        return "council_funded"
    if maximum == "below_gross":
        return "part_funded"
    return "full_cost_payer" if maximum == "gross_or_more" else "unknown"


def test_no_gap_and_no_dead_row() -> None:
    deciding = [
        next(n for n, (conditions, _) in enumerate(ROWS) if conditions.items() <= dict(zip(INPUTS, one, strict=True)).items())
        for one in EVERY
    ]
    assert set(deciding) == set(range(len(ROWS)))
    assert all(value in INPUTS[key] for conditions, _ in ROWS for key, value in conditions.items())
    assert {result for _, result in ROWS} == {*LABELS, "unknown"}
    with pytest.raises(ValueError, match="no row"):
        results(INPUTS, ROWS[:-1])


@pytest.mark.parametrize("values", EVERY)
def test_every_input_gives_what_the_table_says(values: tuple[Value, ...]) -> None:
    assert table(*values) == read(*values)


def case(maximum: str, gross: str, *, funding: str = "part_funded", period: str = "week", budget_period: str = "week") -> dict[str, Any]:
    return {
        "person": {"eligible": True, "funding": funding},
        "contribution": {"assessed_on": "2026-02-11", "maximum": maximum, "period": period},
        "final": {"gross": gross, "period": budget_period},
    }


@pytest.mark.parametrize("funding", ["council_funded", "part_funded", "full_cost_payer"])
@pytest.mark.parametrize("form", ["direct_payment", "council_account"])
def test_label_and_form_are_no_inputs(funding: str, form: str) -> None:
    assert not {"label", "form", "funding"} & INPUTS.keys()
    record = case("40.00", "219.23", funding=funding) | {"arrangements": [{"form": form, "label": form}]}
    assert full_cost_label(Facts(record)) == "part_funded"


@pytest.mark.parametrize(
    ("maximum", "gross", "budget_period", "weeks", "expected"),
    [
        ("219.23", "219.23", "week", None, "full_cost_payer"),
        ("219.22", "219.23", "week", None, "part_funded"),
        ("0.00", "219.23", "week", None, "council_funded"),
        ("0.01", "219.23", "week", None, "part_funded"),
        ("100.00", "5201.00", "year", "52", "full_cost_payer"),
        ("100.00", "5201.01", "year", "52", "part_funded"),
        ("100.00", "5201.00", "year", None, "full_cost_payer"),
        ("100.00", "5229.58", "year", None, "part_funded"),
    ],
)
def test_the_maximum_beside_the_gross_budget(maximum: str, gross: str, budget_period: str, weeks: str | None, expected: str) -> None:
    policy = {"money": {"weeks_per_year": weeks}} if weeks else {}
    assert full_cost_label(Facts(case(maximum, gross, budget_period=budget_period), policy)) == expected


@pytest.mark.parametrize(
    ("record", "missing"),
    [
        (case("100.00", "5215.00", budget_period="year"), "policy.money.weeks_per_year"),
        (case("100.00", "5215.00", budget_period="one_off"), "case.final.period"),
        ({"person": {"eligible": True, "funding": "part_funded"}}, "case.contribution.assessed_on"),
        ({"person": {"funding": "full_cost_payer"}}, "case.person.eligible"),
    ],
)
def test_what_is_missing_is_named(record: dict[str, Any], missing: str) -> None:
    with pytest.raises(Unknown) as caught:
        full_cost_label(Facts(record))
    assert caught.value.args == (missing,)


@pytest.mark.parametrize(
    ("record", "counted"),
    [
        (case("219.23", "219.23"), 1),
        (case("219.22", "219.23", funding="full_cost_payer"), 0),
        ({"person": {"eligible": True, "funding": "full_cost_payer"}}, 1),
        ({"person": {"funding": "full_cost_payer"}}, 1),
        ({"person": {"funding": "part_funded"}}, 0),
        ({"person": {"eligible": False, "funding": "full_cost_payer"}}, 0),
        ({}, 0),
    ],
)
def test_full_cost_payers_are_counted_by_the_label_worked_out(record: dict[str, Any], counted: int) -> None:
    totals: Counter[str] = Counter()
    tally(totals, Facts(record))
    assert totals["full_cost_payers"] == counted


@pytest.mark.parametrize(("payers", "expected"), [(0, Outcome.NOT_APPLICABLE), (1, Outcome.FAIL)])
def test_one_full_cost_payer_among_the_cases_is_enough_to_ask_how_they_are_counted(payers: int, expected: Outcome) -> None:
    rulebook = load_rulebook()
    judge = judge_for(rulebook, "portfolio")
    index = next(n for n, one in enumerate(rulebook.subjects["portfolio"].asked) if one.rule.id == "ni130-shown-one-way")
    record = {**baseline()["portfolio"], "ni130": {"numerator": 12, "denominator": 12}}
    assert judge is not None
    table_of_figures = figures("portfolio", Facts(record, {}, {}, "2026-09-30", {"full_cost_payers": payers}))
    assert [one.outcome for one in judge.look_closer(index, record, {}, table_of_figures, "2026-09-30")] == [expected]
