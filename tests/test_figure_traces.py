"""A figure's sum in digits, worked out again by hand, gives the figure; its inputs are where it says they are."""

from __future__ import annotations

import re
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from pbcheck.figures.budget import kept
from pbcheck.figures.budget.base import COST_METHODS, AtLeast, Lacking, Not, Ratio
from pbcheck.figures.budget.budget_years import months_between
from pbcheck.figures.budget.rows import explained_rows, sheet_rows
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.budget.shown import in_units, unit_of
from pbcheck.figures.budget.trace import Explained, TracedSheet
from pbcheck.figures.budget.values import written
from pbcheck.figures.dates import days
from pbcheck.figures.forms import derive
from pbcheck.opened import open_export
from tests.conftest import FIXTURES
from tests.generated_cases import AS_OF, cases, contracts, policies

pytestmark = pytest.mark.slow

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"'[^']*'|\d+(?:\.\d+)?")


def by_hand(sum_in_digits: str) -> Fraction:
    """Return what a sum in digits comes to, worked out with exact fractions and nothing of the first computation."""
    quoted = _DATE.sub(lambda found: f"'{found.group()}'", sum_in_digits)
    exact = _NUMBER.sub(lambda found: found.group() if "'" in found.group() else f"Fraction('{found.group()}')", quoted)
    names = {"Fraction": Fraction, "min": min, "max": max, "days": days, "months": months_between}
    return Fraction(eval(exact, {"__builtins__": {}}, names))  # the text is of our own making


def numbers(one: Explained) -> dict[str, Any]:
    """Return the numbers of a figure by part, in their units; answers and kinds left out."""
    value = one.value
    parts = value if isinstance(value, dict) else {"": value}
    found = {}
    for part, number in parts.items():
        exact = number.number if isinstance(number, AtLeast) else number
        if not isinstance(exact, (bool, str, Not, Lacking)):
            found[part] = in_units(exact, unit_of(exact, one.figure.unit_of(part)))
    return found


@pytest.mark.parametrize("weeks", ["52", "365/7", "366/7", "none"])
@pytest.mark.parametrize("method", COST_METHODS)
def test_every_sum_in_digits_comes_to_the_figure(weeks: str, method: str) -> None:
    made = list(cases(150, seed=4))
    known, policy = contracts(made), policies()[weeks]
    replayed = 0
    for case in made:
        derive(case, known)
        sheet = TracedSheet(case, policy, known, AS_OF, method=method)
        plain = Sheet(case, policy, known, AS_OF, method=method).all()
        for name in sheet.table:
            one = sheet.explain(name)
            if isinstance(plain[name], Lacking):
                assert isinstance(one.value, Lacking)
                assert plain[name].paths[0] in one.lacking
                continue
            assert one.value == plain[name], "a figure is the same, explained or not"
            for part, number in numbers(one).items():
                assert by_hand(one.sums[part]) == number, (case["id"], name, part, one.sums[part])
                replayed += 1
    assert replayed > 3000


def test_the_inputs_of_a_figure_are_where_it_says() -> None:
    opened = open_export([FIXTURES / "compliant"])
    looked_up = 0
    for case in opened.cases():
        if not case.file.endswith(".yaml"):
            continue
        policy = opened.policy_for(case)
        assert policy is not None
        sheet = TracedSheet(case.data, policy.data, opened.contracts.known, opened.clock(case))
        for row in explained_rows(sheet, "x", opened.documents(case)):
            for read in row.inputs:
                key = read.pointer.rpartition("/")[2]
                line = Path(read.file).read_text(encoding="utf-8").splitlines()[read.line - 1]
                assert f"{key}:" in line, (read, line)
                assert read.value.split(", ")[0] in line
                looked_up += 1
    assert looked_up > 1000


def test_everything_that_is_missing_is_named() -> None:
    case = {"kind": "case", "final": {"gross": "100.00"}, "contribution": {"maximum": "10.00"}, "arrangements": []}
    one = TracedSheet(case, {}, {}, None).explain("net")
    assert {"case.final.period", "case.contribution.period"} <= set(one.lacking)
    so_far = TracedSheet({"kind": "case"}, {}, {}, None).explain("year_so_far")
    assert {"as_of", "case.final.starts_on"} <= set(so_far.lacking)


def test_without_a_week_count_both_ends_are_shown() -> None:
    case = {"kind": "case", "final": {"gross": "210.00", "period": "week"}}
    narrow, wide = Sheet(case), Sheet(case, weeks="366/7")
    row = next(one for one in sheet_rows(narrow, "x", wide) if one.figure == "gross_final")
    assert (row.value, row.up_to, row.weeks) == ("10920.00", "10980.00", "52 (not declared)")
    said = next(one for one in sheet_rows(Sheet(case, {"money": {"weeks_per_year": "365/7"}}), "x") if one.figure == "gross_final")
    assert (said.value, said.up_to, said.weeks) == ("10950.00", "", "365/7")


@pytest.mark.parametrize("weeks", ["52", "none"])
def test_what_is_kept_while_an_audit_runs_makes_the_same_rows(weeks: str) -> None:
    made = list(cases(kept.CASES + 40, seed=6))
    known, policy = contracts(made), policies()[weeks]
    wanted: list[dict[str, Any]] = []
    short = []
    for case in made:
        derive(case, known)
        sheet = Sheet(case, policy, known, AS_OF)
        for row in sheet_rows(sheet, case["id"]):
            data = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(row).items() if value}
            wanted.append(data)
        short.append(kept.kept([(case["id"], sheet)]))
    blocks = list(kept.blocks(short))
    found = [row for block in blocks for row in kept.rows(block.raw)]
    assert found == wanted
    assert [list(one) for one in found] == [list(one) for one in wanted], "columns in the same order"
    assert len(blocks) == 2
    assert sum(one.number for one in blocks) == len(wanted) > 5_000
    assert {one["status"] for one in found} == {"known", "at least", "unknown", "not applicable"}


@pytest.mark.parametrize("amount", ["150.00", f"{10**30}.01"])
def test_sums_of_any_size_are_kept_exactly(amount: str) -> None:
    case = {
        "kind": "case",
        "final": {"gross": amount, "period": "week", "starts_on": "2026-01-05", "net": amount},
        "contribution": {"maximum": "0.10", "period": "month", "amount": "0.10"},
        "indicative": {"amount": "100.00", "period": "week", "basis": "gross"},
        "arrangements": [],
    }
    sheet = Sheet(case, {}, {}, AS_OF)
    assert {type(one) for one in sheet.all().values()} >= {int, Fraction, dict, Not, Lacking}
    wanted = [
        {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(row).items() if value}
        for row in sheet_rows(sheet, "x")
    ]
    [block] = kept.blocks([kept.kept([("x", sheet)])])
    assert list(kept.rows(block.raw)) == wanted
    assert block.number == len(wanted)


def test_a_number_is_written_by_its_type() -> None:
    """One, yes and a whole share are equal to Python, and must not be taken for each other where amounts are remembered."""
    assert written(1, "count") == ("count", "1", "1")
    assert written(True, "count") == ("yes or no", "yes", "")
    assert written(1, "count") == ("count", "1", "1")
    assert written(Ratio(1, 1), "count") == ("percent", "100.0", "100")
    assert written(Fraction(1, 3), "pounds")[1:] == ("0.00", "1/840000")


def test_a_remark_says_what_to_know() -> None:
    case = {"final": {"gross": "100.00", "period": "week"}, "contribution": {"declined_disclosure_on": "2026-01-01", "period": "week"}}
    one = TracedSheet(case).explain("contribution")
    assert one.remarks == ("means were not disclosed, by choice: the contribution is the whole budget",)
    net = TracedSheet(case).explain("net").remarks
    assert set(one.remarks) < set(net)
    assert any("others pay inside the budget is not recorded" in words for words in net)


def test_the_national_method_is_its_own() -> None:
    component = {"id": "P1", "cost": "100.00", "period": "month", "needs": []}
    case = {"final": {"gross": "1200.00", "period": "year", "starts_on": "2026-04-06"}, "plan": {"components": [component]}}
    notes, national = Sheet(case, as_of=AS_OF), Sheet(case, as_of=AS_OF, method="national")
    assert in_units(notes.value("plan_cost"), "pounds a year") == 1200
    assert in_units(national.value("plan_cost"), "pounds a year") == Fraction(100 * 12, 52) * Fraction(365, 7)
    assert in_units(notes.value("plan_week_cost"), "pounds a year") == Fraction(1200, 52)
    assert in_units(national.value("plan_week_cost"), "pounds a year") == Fraction(1200, 52)
    assert national.value("plan_headroom") == notes.value("plan_headroom") == 0, "held against the budget, costs are by the notes' way"
    by_units = {"id": "P1", "units": "3.5", "unit_rate": "20.00", "needs": []}
    assert in_units(Sheet({"plan": {"components": [by_units]}}, method="national").value("plan_week_cost"), "pounds a year") == 70
    assert isinstance(Sheet({"plan": {"components": [by_units]}}).value("plan_week_cost"), AtLeast)


def test_a_share_of_two_is_exact() -> None:
    assert Ratio(2480, 11400).percent == Fraction(248000, 11400)
