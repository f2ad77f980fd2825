"""The figures of an export: the examples of the register, how cases add up in any order, and what is declared."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.figure import Facts
from pbcheck.figures.forms import derive
from pbcheck.figures.ni130 import ni130_gap, ni130_with, ni130_without
from pbcheck.opened import open_export
from pbcheck.portfolio.added import Portfolio
from pbcheck.portfolio.counted_money import whole
from pbcheck.portfolio.grid import number
from pbcheck.portfolio.groups import COMPLEXITY, DIMENSIONS, FORM, HOLDER, TEAM, memberships
from pbcheck.portfolio.relations import RELATIONS
from pbcheck.portfolio.rows import Row, portfolio_rows
from pbcheck.portfolio.shares import FIGURES
from pbcheck.portfolio.table import SOURCES
from pbcheck.portfolio.tallies import tally_case
from tests.generated_cases import AS_OF, cases, contracts, policies

pytestmark = pytest.mark.slow

Case = dict[str, Any]
BUDGET: Case = {"confirmed_on": "2026-03-06", "gross": "12000.00", "period": "year", "starts_on": "2026-03-16"}
PERSON: Case = {"eligible": True, "need_duration": "ongoing", "complexity": "standard"}
MANAGED: Case = {"id": "A1", "holder_kind": "local_authority", "contract_party": "council", "agent": "none"}
DIRECT: Case = {"id": "A2", "holder_kind": "person", "contract_party": "person", "agent": "none"}
SAME_AND_NOT = {"amount": "12000.00", "period": "year", "basis": "gross"}, {"amount": "11000.00", "period": "year", "basis": "gross"}


def add(portfolio: Portfolio, times: int, as_of: str | None = AS_OF, **case: Any) -> None:
    """Add so many cases alike."""
    record = {"kind": "case", "id": "C-1", **json.loads(json.dumps(case))}
    derive(record, {})
    sheet = Sheet(record, {"money": {"weeks_per_year": "52"}}, {}, as_of)
    delta = tally_case(sheet)
    groups = memberships(delta, sheet)
    for _ in range(times):
        portfolio.add(delta, groups)


def rows_of(portfolio: Portfolio, name: str, declared: Case | None = None, limit: int = 5) -> dict[str, Row]:
    """Return the lines of one figure by what they are called."""
    return {one.part: one for one in portfolio_rows(portfolio, declared, limit=limit, dimensions=()) if one.name == name}


def test_form_mix_as_in_the_register() -> None:
    portfolio = Portfolio()
    add(portfolio, 210, person=PERSON, final=BUDGET, arrangements=[DIRECT])
    add(portfolio, 300, person=PERSON, final=BUDGET, arrangements=[MANAGED])
    add(portfolio, 90, person=PERSON, final=BUDGET, arrangements=[MANAGED, DIRECT])
    add(portfolio, 7, person=PERSON, final=BUDGET, arrangements=[{**DIRECT, "ends_on": "2026-08-31"}])
    add(portfolio, 8, person=PERSON, arrangements=[DIRECT])
    found = rows_of(portfolio, "form_mix")
    line = found["direct payment"]
    assert (line.numerator, line.denominator, line.value, line.text) == (210, 600, 35, "35.0%")
    assert found["mixed"].text == "15.0%"
    assert found["not known"].text == "0.0%"
    assert dict(line.left_out) == {"the budget has ended": 7, "no confirmed budget": 8}
    assert line.as_of == AS_OF


def test_holder_mix_as_in_the_register() -> None:
    portfolio = Portfolio()
    add(portfolio, 412, person=PERSON, final=BUDGET, arrangements=[MANAGED])
    line = rows_of(portfolio, "holder_mix")["local authority"]
    assert (line.numerator, line.denominator, line.text) == (412, 412, "100.0%")


def test_several_kinds_of_holder_count_with_each_and_are_flagged() -> None:
    portfolio = Portfolio()
    add(portfolio, 10, person=PERSON, final=BUDGET, arrangements=[MANAGED, DIRECT, {**DIRECT, "id": "A3"}])
    add(portfolio, 30, person=PERSON, final=BUDGET, arrangements=[MANAGED])
    found = rows_of(portfolio, "holder_mix")
    assert [found[name].numerator for name in ("local authority", "person", "several kinds of holder")] == [40, 10, 10]
    assert {key: counts["cases"] for key, counts in portfolio.groups.items() if key[0] == HOLDER} == {
        (HOLDER, "local_authority"): 40,
        (HOLDER, "person"): 10,
    }


def test_managed_share_as_in_the_register() -> None:
    portfolio = Portfolio()
    split = [{**DIRECT, "amount": "4000.00", "period": "year"}, {**MANAGED, "amount": "8000.00", "period": "year"}]
    add(portfolio, 1, person=PERSON, final=BUDGET, arrangements=split)
    line = rows_of(portfolio, "managed_money", limit=0)["managed"]
    assert (line.numerator, line.denominator, line.text) == (8000, 12000, "66.7%")
    assert {part: one.numerator for part, one in rows_of(portfolio, "managed_people", limit=0).items()} == {
        "direct payment only": 0,
        "managed only": 0,
        "both": 1,
    }


def test_a_sum_that_is_missing_leaves_a_person_out_of_the_money_and_is_never_nil() -> None:
    portfolio = Portfolio()
    add(portfolio, 20, person=PERSON, final=BUDGET, arrangements=[{**MANAGED, "amount": "100.00", "period": "week"}])
    add(portfolio, 6, person=PERSON, final=BUDGET, arrangements=[MANAGED])
    line = rows_of(portfolio, "managed_money")["managed"]
    assert line.denominator == 20 * 5200
    assert dict(line.left_out) == {"the sum of an arrangement is not recorded, or is nil": 6}


def test_same_as_the_estimate_as_in_the_register() -> None:
    portfolio = Portfolio()
    same, other = SAME_AND_NOT
    add(portfolio, 40, person=PERSON, final=BUDGET, indicative=same)
    add(portfolio, 560, person=PERSON, final=BUDGET, indicative=other)
    add(portfolio, 9, person=PERSON, final=BUDGET, indicative={**same, "method": "prior_budget"})
    line = rows_of(portfolio, "final_equals_indicative")["the same"]
    assert (line.numerator, line.denominator, line.text) == (40, 600, "6.7%")
    assert dict(line.left_out) == {"a budget agreed before was carried on": 9}


def test_movement_is_added_up_and_divided_by_the_estimates() -> None:
    portfolio = Portfolio()
    add(portfolio, 10, person=PERSON, final={**BUDGET, "gross": "11400.00"}, indicative={**SAME_AND_NOT[0], "amount": "10800.00"})
    assert rows_of(portfolio, "movement")["final less estimate"].text == "£6,000.00"
    line = rows_of(portfolio, "movement_share")["final less estimate"]
    assert (line.value, line.text) == (Fraction(600 * 100, 10800), "5.6%")
    assert rows_of(portfolio, "movement_people")["above"].text == "100.0%"


def test_a_short_term_is_not_set_against_an_estimate_by_the_year() -> None:
    portfolio = Portfolio()
    short = {**BUDGET, "term": "short_term", "ends_on": "2026-04-15"}
    add(portfolio, 10, person=PERSON, final=short, indicative=SAME_AND_NOT[0])
    line = rows_of(portfolio, "movement")["final less estimate"]
    assert (line.value, line.text, line.denominator) == (None, "n/a", 0)
    assert dict(line.left_out) == {"one of the two is for a fixed term and the other for a year": 10}


def test_conversions_as_in_the_register() -> None:
    portfolio = Portfolio()
    converted = {"conversion_letter_on": "2026-02-01", "decision": {"options_considered": []}}
    add(portfolio, 312, person=PERSON, final=BUDGET, **converted)
    add(portfolio, 288, person=PERSON, final=BUDGET)
    assert rows_of(portfolio, "conversions")["two signs or more, and not excused"].text == "52.0%"
    signs = rows_of(portfolio, "conversion_signs")
    assert [int(one.numerator or 0) for one in signs.values()] == [312, 0, 0, 312]


def test_the_fourth_sign_is_the_budget_that_equals_the_services() -> None:
    portfolio = Portfolio()
    services = [{"cost": "12000.00", "period": "year"}]
    add(portfolio, 30, person=PERSON, final={**BUDGET, "derived_by": "existing_service_cost"}, existing_services=services)
    assert [int(one.numerator or 0) for one in rows_of(portfolio, "conversion_signs").values()] == [0, 30, 30, 0]


def test_practice_is_judged_from_twenty_cases_on() -> None:
    portfolio = Portfolio()
    add(portfolio, 19, person=PERSON, final=BUDGET)
    assert rows_of(portfolio, "conversions")["two signs or more, and not excused"].text == "n/a (fewer than 20 cases)"
    add(portfolio, 1, person=PERSON, final=BUDGET)
    assert rows_of(portfolio, "conversions")["two signs or more, and not excused"].text == "0.0%"


def test_coverage_as_in_the_register() -> None:
    portfolio = Portfolio()
    add(portfolio, 812, person=PERSON, final=BUDGET)
    add(portfolio, 30, person={**PERSON, "funding": "full_cost_payer"}, final=BUDGET)
    add(portfolio, 12, person={**PERSON, "need_duration": "short_term"}, final=BUDGET)
    add(portfolio, 11, person={**PERSON, "need_duration": "one_off"}, final=BUDGET)
    add(portfolio, 10, person={**PERSON, "eligible": False})
    add(portfolio, 9, person={"complexity": "complex"})
    line = rows_of(portfolio, "coverage")["with a confirmed budget"]
    assert (line.numerator, line.denominator, line.text) == (812, 812, "100.0%")
    assert dict(line.left_out) == {
        "pays the full cost": 30,
        "short-term need": 12,
        "one-off need": 11,
        "not eligible": 10,
        "eligibility is not recorded": 9,
    }
    assert rows_of(portfolio, "coverage_full_cost")["with a confirmed budget"].numerator == 30


def test_people_in_planning_are_in_the_denominator() -> None:
    portfolio = Portfolio()
    add(portfolio, 30, person=PERSON, final=BUDGET)
    add(portfolio, 10, person=PERSON)
    found = rows_of(portfolio, "coverage")
    assert (found["with a confirmed budget"].text, found["in process"].text) == ("75.0%", "25.0%")


def test_the_national_indicator_as_in_the_register() -> None:
    declared = {"ni130": {"numerator": 430, "denominator": 1480, "full_cost_in_numerator": 46, "full_cost_in_denominator": 80}}
    found = {name: next(iter(rows_of(Portfolio(), name, declared).values())) for name in ("ni130_with", "ni130_without", "ni130_gap")}
    assert [one.text for one in found.values()] == ["29.1%", "27.4%", "1.6"]
    gap = found["ni130_gap"].value
    assert gap == Fraction(43000, 1480) - Fraction(38400, 1400)
    assert round(gap * 10000) == 16255
    for name, compute in (("ni130_with", ni130_with), ("ni130_without", ni130_without), ("ni130_gap", ni130_gap)):
        value = found[name].value
        assert value is not None
        assert compute(Facts(declared)) == int(value * 10 + Fraction(1, 2)) * 100


@pytest.mark.parametrize(
    ("stated", "note"),
    [
        (None, "No return is declared."),
        ({"numerator": 430}, "Not recorded: portfolio.ni130.denominator, portfolio.ni130.full_cost_in_numerator, "),
        (
            {"numerator": 100, "denominator": 90, "full_cost_in_numerator": 0, "full_cost_in_denominator": 0},
            "The declared numbers cannot be right",
        ),
    ],
)
def test_a_return_that_cannot_be_worked_out_says_why(stated: Case | None, note: str) -> None:
    line = rows_of(Portfolio(), "ni130_with", {} if stated is None else {"ni130": stated})["full-cost payers in both parts"]
    assert (line.value, line.text) == (None, "n/a")
    assert line.note.startswith(note)


def test_days_to_support_as_in_the_register() -> None:
    portfolio = Portfolio()
    for on in ("2026-01-13", "2026-01-20", "2026-01-22", "2026-03-01"):  # 12, 19, 21 and 59 days: the lower of the middle two
        add(portfolio, 5, person=PERSON, assessment={"completed_on": "2026-01-01"}, support_started_on=on)
    assert rows_of(portfolio, "days_to_support")["median"].text == "19"


def test_those_not_started_are_counted_with_their_age_and_withdrawals_left_out() -> None:
    portfolio = Portfolio()
    assessed = {"assessment": {"completed_on": "2026-09-01"}}
    add(portfolio, 20, person=PERSON, support_started_on="2026-09-05", **assessed)
    add(portfolio, 6, person=PERSON, plan={"started_on": "2026-09-10"}, information=[{"topic": "may_stop_here"}], **assessed)
    add(portfolio, 5, person=PERSON, information=[{"topic": "may_stop_here"}], **assessed)
    assert rows_of(portfolio, "support_started")["not started"].numerator == 6
    assert rows_of(portfolio, "days_waiting")["median"].text == "29"
    left_out = dict(rows_of(portfolio, "days_to_support")["median"].left_out)
    assert left_out == {"stopped when told of the option, before there was a plan": 5}


def test_planning_effort_by_complexity_as_in_the_register() -> None:
    portfolio = Portfolio()
    for complexity, minutes in (("standard", (60, 90, 300)), ("complex", (500, 520, 700))):
        for one in minutes:
            add(portfolio, 5, person={**PERSON, "complexity": complexity}, plan={"council_minutes": one, "approval_stages": 2})
    assert rows_of(portfolio, "planning_minutes_standard")["median"].text == "90"
    assert rows_of(portfolio, "planning_minutes_complex")["median"].text == "520"
    assert rows_of(portfolio, "planning_minutes_very_complex")["median"].text == "n/a"
    assert rows_of(portfolio, "planning_stages_complex")["median"].text == "2"


def test_burden_as_in_the_register() -> None:
    portfolio = Portfolio()
    add(portfolio, 6, assessment={"forms": 6, "financial_forms": 1, "questions": 214, "minutes": 480})
    add(portfolio, 5, assessment={"forms": 2, "financial_forms": 1, "questions": 30})
    assert [rows_of(portfolio, f"burden_{one}")["median"].text for one in ("forms", "questions", "minutes")] == ["5", "214", "480"]
    line = rows_of(portfolio, "burden_over")["above"]
    assert (line.numerator, line.denominator) == (6, 11)


def test_term_mix_as_in_the_register() -> None:
    portfolio = Portfolio()
    add(portfolio, 500, person=PERSON, final={**BUDGET, "term": "annual"})
    add(portfolio, 88, person=PERSON, final=BUDGET)
    add(portfolio, 12, person=PERSON, final={**BUDGET, "term": "long_term"})
    found = rows_of(portfolio, "term_mix")
    assert (found["annual"].numerator, found["annual"].text) == (588, "98.0%")
    assert found["annual, assumed as no term is recorded"].numerator == 88


def test_unspent_and_taken_back() -> None:
    portfolio = Portfolio()
    ends = [{"ended_on": "2025-03-15", "unspent": "1460.00", "action": "clawed_back"}, {"ended_on": "2026-03-15", "unspent": "-20.00"}]
    add(portfolio, 5, person=PERSON, year_ends=ends, recoveries=[{"kind": "misuse", "amount": "85.00"}])
    add(portfolio, 20, person=PERSON)
    assert [one.text for one in rows_of(portfolio, "unspent").values()] == ["£7,300.00", "£100.00"]
    assert dict(rows_of(portfolio, "unspent")["unspent"].left_out) == {"case.year_ends is not recorded": 20}
    found = rows_of(portfolio, "clawback")
    assert (found["unspent money taken back"].text, found["not counted: misuse"].text) == ("£7,300.00", "£425.00")
    assert rows_of(portfolio, "clawback_cases")["unspent money taken back"].numerator == 5


def test_who_pays_adds_up_to_the_gross_budget() -> None:
    portfolio = Portfolio()
    inside = [{"amount": "1000.00", "inside_budget": True}]
    paid = {"maximum": "40.00", "period": "week"}
    add(portfolio, 10, person=PERSON, final=BUDGET, contribution=paid, alternative_funding=inside)
    add(portfolio, 7, person=PERSON, final=BUDGET)
    assert rows_of(portfolio, "gross_total")["gross"].value == 17 * 12000
    line = rows_of(portfolio, "contribution_total")["contributions"]
    assert (line.value, line.denominator) == (10 * 2080, 10)
    assert dict(line.left_out) == {"case.contribution.maximum is not recorded": 7}
    net = rows_of(portfolio, "net_total")
    assert [one.value for one in net.values()] == [10 * (12000 - 2080 - 1000), 10 * 1000]


def test_todays_indicator_counts_who_has_long_term_support_in_the_community() -> None:
    portfolio = Portfolio()
    started = {"person": PERSON, "support_started_on": "2026-03-16"}
    add(portfolio, 40, final=BUDGET, arrangements=[DIRECT], **started)
    add(portfolio, 10, final=BUDGET, arrangements=[DIRECT, MANAGED], **started)
    add(portfolio, 30, final=BUDGET, arrangements=[MANAGED], **started)
    add(portfolio, 20, arrangements=[MANAGED], **started)
    add(portfolio, 9, final=BUDGET, arrangements=[DIRECT], **{**started, "person": {**PERSON, "setting": "residential"}})
    add(portfolio, 8, final=BUDGET, arrangements=[DIRECT], **{**started, "person": {**PERSON, "need_duration": "short_term"}})
    add(portfolio, 7, final=BUDGET, arrangements=[DIRECT], person=PERSON)
    found = rows_of(portfolio, "self_directed")
    line = found["direct payment, part direct payment or council-managed budget"]
    assert (line.numerator, line.denominator, line.text) == (80, 100, "80.0%")
    assert dict(line.left_out) == {"lives in a care home": 9, "short-term or one-off need": 8, "support has not started": 7}
    assert rows_of(portfolio, "with_direct_payment")["direct payment, wholly or in part"].text == "50.0%"
    carers = rows_of(portfolio, "carers_self_directed")["self-directed support"]
    assert (carers.text, carers.note[:11]) == ("n/a", "The records")


def test_declared_numbers_that_differ_are_said_and_the_computed_one_shown() -> None:
    portfolio = Portfolio()
    add(portfolio, 30, person=PERSON, final=BUDGET, arrangements=[DIRECT])
    declared = {
        "with_budget": 31,
        "form_counts": {"direct_payment": 30, "mixed": 6},
        "term_counts": {"annual": 30},
        "clawback_total": "5.00",
    }
    found = {one.name: one for one in portfolio_rows(portfolio, declared, dimensions=()) if one.name.startswith("declared_")}
    assert {name: one.text for name, one in found.items()} == {
        "declared_with_budget": "30",
        "declared_form_counts_mixed": "0",
        "declared_clawback_total": "£0.00",
    }
    assert found["declared_with_budget"].note == "portfolio.with_budget is declared as 31; what the cases give is shown."


def test_a_pro_rated_sum_is_rounded_half_up_case_by_case() -> None:
    assert whole(Fraction(7, 2)) == 0
    assert whole(Fraction(2800 * 3, 2) + Fraction(1, 3)) == 5600
    assert whole(Fraction(5600, 2)) == 2800
    assert whole(-Fraction(2800 * 3, 2) - Fraction(1, 3)) == -5600


def test_nothing_is_of_nothing_n_a() -> None:
    found = portfolio_rows(Portfolio())
    assert {one.text for one in found} == {"n/a"}
    assert len({(one.name, one.part) for one in found}) == len(found)


# Adding up, in any order

MADE = list(cases(300, seed=5))
KNOWN = contracts(MADE)
POLICIES = list(policies().values())
Counted = tuple[Counter[str], list[tuple[str, str]]]


def counted(case: Case, place: int) -> Counted:
    derive(case, KNOWN)
    sheet = Sheet(case, POLICIES[place % len(POLICIES)], KNOWN, case.get("as_of", AS_OF))
    delta = tally_case(sheet)
    return delta, memberships(delta, sheet)


COUNTED = [counted(case, place) for place, case in enumerate(MADE)]


def added(counted: list[Counted]) -> Portfolio:
    portfolio = Portfolio()
    for delta, groups in counted:
        portfolio.add(delta, groups)
    return portfolio


WHOLE = added(COUNTED)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 60))
def test_cases_in_parts_and_in_any_order_come_to_the_same(random: Random, number_of_parts: int) -> None:
    parts = [Portfolio() for _ in range(number_of_parts)]
    order = COUNTED.copy()
    random.shuffle(order)
    for delta, groups in order:
        random.choice(parts).add(delta, groups)
    random.shuffle(parts)
    together = Portfolio()
    for one in parts:
        together.merge(pickle.loads(pickle.dumps(one)))
    assert together == WHOLE


def test_every_delta_is_of_whole_numbers() -> None:
    assert {type(value) for delta, _ in COUNTED for value in delta.values()} <= {int, bool}


@pytest.mark.parametrize("dimension", [TEAM, FORM, COMPLEXITY])
def test_the_groups_of_a_dimension_add_up_to_the_whole(dimension: str) -> None:
    total: Counter[str] = Counter()
    for group, counts in WHOLE.groups.items():
        if group[0] == dimension:
            total.update(counts)
    assert total == WHOLE.whole


NEARLY = ("holder.", "form.direct_payment", "form.not_known", "managed.mixed", "managed.managed")


def test_numbers_add_up_as_the_relations_say_for_everyone_and_in_each_group() -> None:
    checked = 0
    for counts in [WHOLE.whole, *WHOLE.groups.values()]:
        for total, parts in RELATIONS:
            if total.startswith(NEARLY) or parts[0].startswith("holder."):
                continue
            keys = [key for part in parts for key in ([part] if part[-1] != "*" else [one for one in counts if one.startswith(part[:-1])])]
            assert number(counts, total) == sum(number(counts, key) for key in keys), total
            checked += 1
    assert checked > 500


def test_counts_agree_with_a_plain_count_of_the_records() -> None:
    """Count again from the records, in other ways than the tallies do."""
    budgets = [one for one in MADE if one.get("final", {}).get("confirmed_on")]

    def live(one: Case) -> list[Case]:
        today = one.get("as_of", AS_OF)
        return [part for part in one.get("arrangements", []) if not part.get("ends_on") or part["ends_on"] >= today]

    def current(one: Case) -> bool:
        if one.get("arrangements"):
            return bool(live(one))
        return one["final"].get("ends_on", "9999") >= one.get("as_of", AS_OF)

    forms = Counter()
    for one in filter(current, budgets):
        found = {part["derived"].get("form") for part in live(one)}
        forms["not_known" if not found or None in found else "mixed" if len(found) > 1 else found.pop()] += 1
    assert {key[5:]: value for key, value in WHOLE.whole.items() if key.startswith("form.")} == forms
    terms = Counter(one["final"].get("term", "assumed") for one in budgets if current(one))
    assert {key[5:]: value for key, value in WHOLE.whole.items() if key.startswith("term.")} == terms
    told = [one["year_ends"] for one, (delta, _) in zip(MADE, COUNTED, strict=True) if "unspent.in" in delta]
    pence = [int(end["unspent"].replace(".", "")) for ends in told for end in ends]
    assert WHOLE.whole["unspent.left"] == sum(one for one in pence if one > 0) * 2800
    assert WHOLE.whole["unspent.over"] == -sum(one for one in pence if one < 0) * 2800


def test_every_figure_has_a_source_and_a_line_for_each_part_in_each_group() -> None:
    assert {one.id for one in FIGURES} <= SOURCES.keys()
    found = portfolio_rows(WHOLE, dimensions=(TEAM,))
    teams = {group for group in WHOLE.groups if group[0] == TEAM}
    lines = sum(len(one.parts) * (1 if one.whole_only else 1 + len(teams)) for one in FIGURES)
    assert len([one for one in found if not one.name.startswith("ni130")]) == lines
    assert {(one.dimension, one.group) for one in found} == {("all", "all"), *teams}


# From files

POLICY = policies()["52"]


def export(folder: Path, layout: str) -> Path:
    """Write the cases as one file, as seven shuffled ones, or as a file for each case."""
    folder.mkdir()
    (folder / "policy.json").write_text(json.dumps(POLICY))
    for name, one in KNOWN.items():
        (folder / f"contract-{name}.json").write_text(json.dumps(one))
    plain = [
        {**one, "arrangements": [{k: v for k, v in a.items() if k != "derived"} for a in one["arrangements"]]}
        if "arrangements" in one
        else one
        for one in MADE[:120]
    ]
    if layout == "each":
        for one in plain:
            (folder / f"case-{one['id']}.json").write_text(json.dumps(one))
        return folder
    Random(3).shuffle(plain)
    number_of_files = 1 if layout == "one" else 7
    for place in range(number_of_files):
        (folder / f"cases-{place}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in plain[place::number_of_files]))
    return folder


def read(folder: Path) -> tuple[Portfolio, list[Row]]:
    opened = open_export([folder], as_of=AS_OF)
    portfolio = Portfolio()
    for case in opened.cases():
        sheet = opened.sheet(case)
        delta = tally_case(sheet)
        portfolio.add(delta, memberships(delta, sheet))
    assert (opened.unsure, portfolio.whole["cases"]) == (0, 120)
    return portfolio, portfolio_rows(portfolio, dimensions=DIMENSIONS)


def test_one_file_seven_shuffled_ones_and_one_for_each_case_come_to_the_same(tmp_path: Path) -> None:
    one = read(export(tmp_path / "one", "one"))
    assert read(export(tmp_path / "seven", "seven")) == one
    assert read(export(tmp_path / "each", "each")) == one


def thinned(value: Any, random: Random) -> Any:
    """Return a record without some of its keys and elements."""
    if isinstance(value, dict):
        return {key: thinned(one, random) for key, one in value.items() if key in ("kind", "id") or random.random() > 0.2}
    return [thinned(one, random) for one in value if random.random() > 0.2] if isinstance(value, list) else value


def test_records_that_lack_much_are_left_out_with_a_reason_and_still_add_up() -> None:
    random = Random(8)
    portfolio = Portfolio()
    for place, case in enumerate(MADE):
        record = thinned(case, random)
        derive(record, {})
        sheet = Sheet(record, random.choice([*POLICIES, {}]), {}, None if place % 9 == 0 else AS_OF)
        delta = tally_case(sheet)
        portfolio.add(delta, memberships(delta, sheet))
    counts = portfolio.whole
    for theme in ("coverage", "current", "today"):
        left_out = sum(value for key, value in counts.items() if key.startswith(f"{theme}.out:"))
        inside = counts["current"] if theme == "current" else number(counts, f"{theme}.in")
        assert (left_out > 0, left_out + inside) == (True, len(MADE))
