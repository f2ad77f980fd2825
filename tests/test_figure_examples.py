"""The examples of the register of figures, and what holds of every figure whatever the numbers."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pbcheck.figures import forms
from pbcheck.figures.budget.sheet import AtLeast, ContractSheet, Lacking, Not, Ratio, Sheet
from tests.generated_cases import AS_OF, contracts, policies
from tests.generated_cases import case as generated

Row = dict[str, Any]
POUND = 280_000  # parts
WEEKS_52: Row = {"money": {"weeks_per_year": "52"}, "statements": {"frequency": "quarterly"}, "reviews": {"interval_months": 12}}
YEAR: Row = {"gross": "11400.00", "period": "year", "starts_on": "2010-05-10"}
MANAGED: Row = {"contract_party": "council", "holder_kind": "local_authority", "agent": "none"}
DIRECT: Row = {"contract_party": "person", "holder_kind": "person", "agent": "none"}
QUARTER: Row = {"from": "2010-05-10", "to": "2010-08-09", "opening": "0.00", "paid_in": "2850.00"}
DRAWN: list[Row] = [{"date": "2010-06-01", "amount": "780.00"}, {"date": "2010-07-01", "amount": "1560.00"}]
STATEMENT: Row = {**QUARTER, "drawdowns": DRAWN}


def sheet(as_of: str = "2010-08-31", policy: Row = WEEKS_52, known: dict[str, Row] | None = None, **case: Any) -> Sheet:
    data = {"kind": "case", "id": "E-1", **deepcopy(case)}
    forms.derive(data, known or {})
    return Sheet(data, policy, known or {}, as_of)


def pence(parts: Any) -> Fraction:
    """Pounds to the penny, half up."""
    return Fraction((abs(parts) * 100 / Fraction(POUND) + Fraction(1, 2)) // 1, 100) * (1 if parts >= 0 else -1)


def pounds(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def percent(ratio: Ratio) -> Fraction:
    """To one decimal place, half up."""
    return Fraction((Fraction(ratio.part) / Fraction(ratio.whole) * 1000 + Fraction(1, 2)) // 1, 10)


@pytest.mark.parametrize(("weeks", "expected"), [("52", "10,920.00"), ("365/7", "10,950.00"), ("366/7", "10,980.00")])
def test_annual_equivalent(weeks: str, expected: str) -> None:
    made = sheet(policy={"money": {"weeks_per_year": weeks}}, final={"gross": "210.00", "period": "week"}).value("yearly_amounts")
    assert pence(made["final"]) == pounds(expected)


def test_part_period() -> None:
    made = sheet("2011-03-31", final={"gross": "12000.00", "period": "year", "starts_on": "2010-05-10"})
    assert pence(made.value("year_so_far")) == pounds("10,717.81")


CONTRIBUTION: Row = {"maximum": "40.00", "period": "week", "collection": "invoiced"}
TO_SISTER: Row = {"id": "A1", "holder_kind": "representative", "contract_party": "representative", "pays": "net", "starts_on": "2010-05-10"}
SHORT: Row = {**TO_SISTER, "holder_authority_over_money": False, "amount": "11400.00", "contribution": "2080.00", "period": "year"}
WEEKLY: Row = {"id": "A1", "amount": "219.23", "period": "week", "starts_on": "2010-05-10", "pays": "gross", **DIRECT}
PLAN: list[Row] = [
    {"id": "P1", "cost": "48.00", "period": "week"},
    {"id": "P2", "cost": "60.00", "period": "month"},
    {"id": "P3", "cost": "300.00", "period": "one_off"},
]
NEEDS: list[Row] = [{"id": f"N{number}", "eligible": True} for number in range(1, 5)] + [{"id": "B1", "eligible": False}]
ONE_NEED: Row = {"needs": [{"id": "N1", "eligible": True}, {"id": "B1", "eligible": False}]}


def costing(amount: str, *needs: str) -> Row:
    return {"cost": amount, "period": "year", "needs": list(needs)}


EXAMPLES: list[tuple[str, str, Row, Any]] = [
    ("gross indicative", "gross_indicative", {"indicative": {"amount": "10800.00", "basis": "gross", "period": "year"}}, "10,800.00"),
    ("gross final", "gross_final", {"final": YEAR}, "11,400.00"),
    (
        *("capped contribution", "contribution"),
        {"contribution": {"maximum": "260.00", "period": "week"}, "final": {"gross": "210.00", "period": "week"}},
        "210.00",
    ),
    ("net", "net", {"final": YEAR, "contribution": CONTRIBUTION, "alternative_funding": []}, "9,320.00"),
    ("council", "council_share", {"final": YEAR, "contribution": CONTRIBUTION, "alternative_funding": []}, "9,320.00"),
    (
        *("shortfall", "holder_shortfall"),
        {"final": YEAR, "contribution": {**CONTRIBUTION, "amount": "40.00"}, "arrangements": [SHORT]},
        "2,080.00",
    ),
    ("plan cost", "plan_cost", {"plan": {"components": PLAN}}, "3,516.00"),
    ("headroom", "plan_headroom", {"final": YEAR, "plan": {"components": [costing("11000.00")]}}, "400.00"),
    (
        *("insufficiency", "sufficiency_gap"),
        {"final": {**YEAR, "gross": "26000.00"}, "plan": {"components": [costing("31400.00", "N1")]}, "assessment": ONE_NEED},
        "5,400.00",
    ),
    (
        *("eligible cost", "eligible_cost"),
        {"plan": {"components": [costing("9900.00", "N1"), costing("1500.00", "B1")]}, "assessment": ONE_NEED},
        {"eligible needs": "9,900.00", "broader aims only": "1,500.00"},
    ),
    (
        *("alternative", "alternative_difference"),
        {
            "options": [
                {"outcome": "chosen", "cost": "11400.00", "period": "year"},
                {"outcome": "not_chosen", "cost": "9900.00", "period": "year"},
            ]
        },
        {"option 2": "-1,500.00"},
    ),
    ("drawn", "drawn", {"statements": [STATEMENT]}, {"2010-05-10 to 2010-08-09": "2,340.00"}),
    ("closing", "closing", {"statements": [STATEMENT]}, {"2010-05-10 to 2010-08-09": "510.00"}),
    (
        *("alternative funding", "alternative_funding"),
        {"final": YEAR, "alternative_funding": [{"amount": "1200.00", "inside_budget": False}]},
        {"inside the budget": "0.00", "outside the budget": "1,200.00"},
    ),
]


@pytest.mark.parametrize(("name", "case", "expected"), [one[1:] for one in EXAMPLES], ids=[one[0] for one in EXAMPLES])
def test_example_in_pounds(name: str, case: Row, expected: Any) -> None:
    made = sheet(**case).value(name)
    if isinstance(expected, dict):
        assert {part: pence(value) for part, value in made.items()} == {part: pounds(text) for part, text in expected.items()}
    else:
        assert pence(made) == pounds(expected)


def test_payments_against_entitlement() -> None:
    made = sheet("2010-07-04", final=YEAR, arrangements=[WEEKLY], payments=[]).value("paid_to_date")  # 56 days
    assert pence(made["arrangement A1: due"]) == pounds("1,753.84")


def test_cover_of_eligible_needs() -> None:
    components = [{"id": f"P{number}", "needs": [f"N{number}"]} for number in range(1, 4)]
    made = sheet(assessment={"needs": NEEDS}, plan={"components": components, "outcomes": []}).value("eligible_cover")
    assert percent(made) == Fraction(75)


def test_draw_of_a_component() -> None:
    made = sheet(final=YEAR, plan={"components": [{"id": "P1", **costing("2480.00")}]}).value("draw_share")
    assert (percent(made["component P1: share"]), pence(made["component P1: left after it"])) == (Fraction("21.8"), pounds("8,920.00"))


def test_mixed_arrangement() -> None:
    rows = [
        {"id": "A1", "amount": "4000.00", "period": "year", **DIRECT},
        {"id": "A2", "amount": "8000.00", "period": "year", **MANAGED},
    ]
    made = sheet(final={**YEAR, "gross": "12000.00"}, arrangements=rows)
    assert (pence(made.value("split")["parts"]), made.value("split")["parts less the whole"]) == (pounds("12,000.00"), 0)
    share = made.value("managed_share")
    assert (share["person"], percent(share["by money"])) == ("mixed", Fraction("66.7"))


def test_left_in_a_third_party_account() -> None:
    fund = {"id": "A1", "amount": "8000.00", "period": "year", "starts_on": "2010-05-10", "contract_party": "council"}
    fund |= {"holder_kind": "support_provider", "called_off_by": "person", "agent": "none"}
    drawn = [{"component": "P1", "date": "2010-06-01", "amount": "5250.00"}]
    rows = {"plan": {"components": [{"id": "P1", "arrangement": "A1", **costing("8000.00")}]}, "year_ends": []}
    final = {**YEAR, "gross": "8000.00"}
    made = sheet(final=final, arrangements=[fund], statements=[{**QUARTER, "drawdowns": drawn}], **rows).value("calloff_left")
    assert [pence(value) for value in made.values()] == [pounds("2,750.00")]


def test_contracts() -> None:
    purchases = [{"amount": "180.00", "date": "2010-06-01"}, {"amount": "95.00", "date": "2010-07-01"}]
    contract: Row = {"kind": "contract", "id": "K-1", "buy_in": {"purchases": purchases}}
    contract |= {"form": "prepaid_block", "block_value": "120000.00", "accounts": [{"amount": "97400.00", "period": "year"}]}
    made = ContractSheet(contract, WEEKS_52, {}, "2010-08-31")
    assert pence(made.value("bought_in")) == pounds("275.00")
    assert {part: pence(value) for part, value in made.value("block_allocation").items()} == {
        "placed": pounds("97,400.00"),
        "not placed": pounds("22,600.00"),
    }


def test_remaining_by_both_views() -> None:
    rows = {"final": YEAR, "statements": [STATEMENT], "year_ends": []}
    year = sheet(arrangements=[{"id": "A1", **MANAGED}], **rows).value("remaining")
    cash = sheet(arrangements=[{"id": "A1", **DIRECT}], **rows).value("remaining")
    assert {part: pence(value) for part, value in (year | cash).items()} == {"year view": pounds("9,060.00"), "cash view": pounds("510.00")}


def test_cover_by_statements() -> None:
    made = sheet("2011-06-30", final=YEAR, arrangements=[{"id": "A1", "starts_on": "2010-05-10", **MANAGED}], statements=[STATEMENT])
    (cover,) = made.value("statement_cover").values()
    assert (cover, percent(cover)) == (Ratio(92, 365), Fraction("25.2"))


def test_indicative_to_final() -> None:
    indicative = {"amount": "10800.00", "basis": "gross", "period": "year"}
    made = sheet(final=YEAR, indicative=indicative).value("indicative_to_final")
    assert (pence(made["a year"]), percent(made["share"])) == (pounds("600.00"), Fraction("5.6"))


def test_budget_equals_the_old_package() -> None:
    service = {"cost": "212.00", "period": "week"}
    made = sheet(final={**YEAR, "gross": "11024.00"}, existing_services=[service])
    assert made.value("converts_match") is True
    assert sheet(final={**YEAR, "gross": "11400.00"}, existing_services=[service]).value("converts_match") is False


def test_hours() -> None:
    indicative = {"date": "2010-04-01", "informal_hours_deducted": "10"}
    support = [{"basis": "confirmed", "confirmed_on": "2010-03-01", "hours_per_week": "4"}]
    policy = {**WEEKS_52, "rates": [{"service": "Home support", "unit": "hour", "amount": "14.00"}]}
    needs = [{"id": "N1", "eligible": True, "unmet_hours_per_week": "10"}, {"id": "N2", "eligible": True, "unmet_hours_per_week": "3.5"}]
    plan = {"components": [{"id": "P1", "needs": ["N1"], "units": "8", "unit": "hours_per_week"}]}
    made = sheet(policy=policy, indicative=indicative, assessment={"informal_support": support, "needs": needs}, plan=plan, arrangements=[])
    deducted = made.value("informal_deduction")
    assert (deducted["hours"], pence(deducted["at the hourly rate"])) == (6000, pounds("4,368.00"))
    assert made.value("hours_assessed") == 13_500
    assert made.value("hours_planned") == {"in all": 8000, "need N1": 8000}


def test_information_lead() -> None:
    told = [{"topic": "options_for_managing", "given_on": "2010-03-30", "to": ["person"]}]
    assert sheet(decision={"made_on": "2010-04-06"}, information=told).value("information_lead") == {"options_for_managing": 7}


def test_review_gap() -> None:
    made = sheet("2011-12-12", final=YEAR, reviews=[]).value("review_gap")
    assert {part: made[part] for part in ("months", "interval for outcomes", "overdue for outcomes")} == {
        "months": 19,
        "interval for outcomes": 12,
        "overdue for outcomes": 7,
    }


def test_burden() -> None:
    made = sheet(assessment={"forms": 6, "financial_forms": 1, "questions": 214, "minutes": 480}).value("burden")
    assert made == {"forms": 5, "questions": 214, "minutes": 480, "above their limits": 3}


def test_planning_effort_and_days_to_support() -> None:
    plan = {"council_minutes": 90, "approval_stages": 3}
    made = sheet(final=YEAR, plan=plan, assessment={"completed_on": "2010-04-21"}, support_started_on="2010-05-10")
    assert made.value("days_to_support") == 19
    assert made.value("planning_effort") == {"minutes": 90, "stages": 3, "gross budget a stage": 3800 * POUND}


def test_unspent_and_clawed_back() -> None:
    statement = {"from": "2010-05-10", "to": "2011-05-09", "drawdowns": [{"date": "2010-09-01", "amount": "9940.00"}]}
    ended = [{"ended_on": "2011-05-09", "unspent": "1460.00", "action": "clawed_back"}]
    payments = [{"date": "2011-07-01", "amount": "1460.00", "direction": "clawback"}]
    made = sheet("2011-08-01", final=YEAR, statements=[statement], year_ends=ended, payments=payments, recoveries=[])
    assert {part: pence(value) for part, value in made.value("unspent").items()} == {
        "2011-05-09: recorded": pounds("1,460.00"),
        "2011-05-09: worked out": pounds("1,460.00"),
    }
    assert pence(made.value("clawback")["taken back"]) == pounds("1,460.00")


# What holds whatever the numbers. Cases are generated; a figure that is not known is left out of an identity, never taken as zero.

PLACES = st.integers(0, 20_000)
POLICIES = st.sampled_from(sorted(policies()))
# Texts and figures without money, and those that hang on a rate of the policy or on a tolerance
NOT_SCALED = {"eligible_cover", "statement_cover", "hours_assessed", "hours_planned", "information_lead", "review_gap", "burden"}
NOT_SCALED |= {"days_to_support", "informal_deduction"}
MONEY = {"amount", "gross", "maximum", "contribution", "cost", "council_amount", "personal_amount", "net", "opening", "paid_in"}
MONEY |= {"closing", "unspent", "value"}


def results(case: Row, policy: str, known: dict[str, Row] | None = None) -> Row:
    """The figures of a case that are known."""
    known = contracts([case]) if known is None else known
    forms.derive(case, known)
    made = Sheet(case, policies()[policy], known, case.get("as_of", AS_OF)).all()
    return {name: value for name, value in made.items() if not isinstance(value, Lacking | Not)}


@given(PLACES, POLICIES)
@settings(max_examples=150, deadline=None)
def test_parts_add_up_to_the_whole(place: int, policy: str) -> None:
    case = generated(place)
    made = results(case, policy)
    told = made.get
    if "plan_cost" in made and "eligible_cost" in made:
        assert sum(made["eligible_cost"].values()) == made["plan_cost"]
        if "sufficiency_gap" in made:
            assert made["sufficiency_gap"] == max(0, made["eligible_cost"]["eligible needs"] - made["gross_final"])
    if "plan_headroom" in made:
        assert made["plan_headroom"] + made["plan_cost"] == made["gross_final"]
        if "draw_share" in made:
            assert [part for label, part in made["draw_share"].items() if label.endswith("left after it")][-1] == made["plan_headroom"]
    if "indicative_to_final" in made:
        assert made["indicative_to_final"]["a year"] + made["gross_indicative"] == made["gross_final"]
    if "net" in made and case.get("contribution", {}).get("period") == case["final"]["period"]:
        inside = [pounds(one["amount"]) * POUND for one in case.get("alternative_funding", ()) if one["inside_budget"]]
        gross = pounds(str(case["final"]["gross"])) * POUND
        assert made["net"] == made["council_share"] == max(0, gross - made["contribution"] - sum(inside))
    if "split" in made and not any(one.get("ends_on") or one["starts_on"] > AS_OF for one in case["arrangements"]):
        parts = [part for label, part in made["yearly_amounts"].items() if label.startswith("arrangement ")]
        assert sum(parts) == made["split"]["parts"]
    if "by money" in (told("managed_share") or {}):
        share = Fraction(made["managed_share"]["by money"].part) / made["managed_share"]["by money"].whole
        assert {"managed": share == 1, "direct payment": share == 0, "mixed": 0 <= share <= 1}[made["managed_share"]["person"]]


@given(PLACES, POLICIES)
@settings(max_examples=150, deadline=None)
def test_the_account_adds_up(place: int, policy: str) -> None:
    case = generated(place)
    made = results(case, policy)
    for label, part in made.get("paid_to_date", {}).items():
        if label.endswith(": paid"):
            assert made["paid_to_date"][f"{label} less due"] == part - made["paid_to_date"][label[:-4] + "due"]
    for one in case.get("statements", ()) if "closing" in made else ():
        label = f"{one['from']} to {one['to']}"  # every drawdown of a generated statement lies in its period
        assert made["closing"][label] + made["drawn"][label] == (pounds(one["opening"]) + pounds(one["paid_in"])) * POUND
    for ended in case.get("year_ends", ()) if "unspent" in made else ():
        label = f"{ended['ended_on']}: worked out"
        then = results({**deepcopy(case), "as_of": ended["ended_on"]}, policy).get("remaining", {})
        if label in made["unspent"] and "year view" in then and "ends_on" not in case["final"]:
            assert then["year view"] == made["unspent"][label]


@given(PLACES, POLICIES, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_what_is_recorded_does_not_matter(place: int, policy: str, chance: Any) -> None:
    case, other = generated(place), generated(place)
    shuffled(other, chance)
    one, two = results(case, policy), results(other, policy)
    for made in (one, two):
        made.pop("alternative_difference", None)  # names options by their place
        made["draw_share"] = {label: part for label, part in made.get("draw_share", {}).items() if label.endswith("share")}
    assert one == two


def shuffled(value: Any, chance: Any) -> None:
    """Put every list of groups in another order, options excepted."""
    for name, inner in value.items():
        if isinstance(inner, list) and inner and isinstance(inner[0], dict) and name != "options":
            chance.shuffle(inner)
        for group in inner if isinstance(inner, list) else [inner]:
            if isinstance(group, dict):
                shuffled(group, chance)


@given(PLACES, POLICIES, st.integers(2, 9))
@settings(max_examples=150, deadline=None)
def test_money_times_a_number_gives_figures_times_that_number(place: int, policy: str, factor: int) -> None:
    case = generated(place)
    known, made = contracts([case]), results(generated(place), policy)
    scaled(case, factor)
    more = results(case, policy, known)
    assert more.keys() == made.keys()
    for name in made.keys() - {"converts_match", "planning_effort"}:
        assert more[name] == (made[name] if name in NOT_SCALED else times(made[name], factor))
    stage = made.get("planning_effort", {}).get("gross budget a stage", 0)
    assert more.get("planning_effort", {}).get("gross budget a stage", 0) == stage * factor


def scaled(value: Any, factor: int) -> None:
    for name, inner in value.items():
        if name in MONEY and not isinstance(inner, dict):
            value[name] = two_places(inner, factor)
        for group in inner if isinstance(inner, list) else [inner]:
            if isinstance(group, dict):
                scaled(group, factor)


def two_places(amount: Any, factor: int) -> str:
    whole = int(pounds(str(amount)) * 100 * factor)
    return f"{'-' if whole < 0 else ''}{abs(whole) // 100}.{abs(whole) % 100:02d}"


def times(value: Any, factor: int) -> Any:
    """A result with its money multiplied; a share stays as it is."""
    if isinstance(value, dict):
        return {part: times(one, factor) for part, one in value.items()}
    if isinstance(value, Ratio):
        return Ratio(value.part * factor, value.whole * factor)
    if isinstance(value, AtLeast):
        return AtLeast(value.number * factor, value.lacking)
    return value if isinstance(value, str) else value * factor


@given(
    st.sampled_from(("week", "four_weeks", "month", "year")),
    st.integers(0, 5_000_000),
    st.integers(1, 1500),
    st.integers(1, 1500),
    POLICIES,
)
@settings(max_examples=200, deadline=None)
def test_a_span_cut_in_two_adds_up(period: str, amount: int, first: int, more: int, policy: str) -> None:
    start = date(2010, 5, 10)
    cut, end = (start + timedelta(days=number) for number in (first, first + more))
    common = {"amount": two_places(Fraction(amount, 100), 1), "period": period, "pays": "gross", **DIRECT}

    def due(since: date, until: date) -> Any:
        row = {"id": "A1", "starts_on": since.isoformat(), "ends_on": until.isoformat(), **common}
        case = {"final": {**YEAR, "gross": "0.00"}, "arrangements": [row], "payments": []}
        return sheet("2030-01-01", policies()[policy], **case).value("paid_to_date")["arrangement A1: due"]

    assert due(start, cut) + due(cut + timedelta(days=1), end) == due(start, end)


@given(PLACES, POLICIES)
@settings(max_examples=100, deadline=None)
def test_another_option_chosen_turns_the_difference_round(place: int, policy: str) -> None:
    case = generated(place)
    options = case.get("options", [])
    assume(len(options) > 1)
    chosen = next(at for at, one in enumerate(options) if one["outcome"] == "chosen")
    other = (chosen + 1) % len(options)
    forth = results(case, policy)["alternative_difference"][f"option {other + 1}"]
    options[chosen]["outcome"], options[other]["outcome"] = "not_chosen", "chosen"
    assert results(case, policy)["alternative_difference"][f"option {chosen + 1}"] == -forth


@given(PLACES, POLICIES)
@settings(max_examples=100, deadline=None)
def test_hours_and_effort_hold_together(place: int, policy: str) -> None:
    case = generated(place)
    made = results(case, policy)
    if "hours_planned" in made:
        per_need = [hours for label, hours in made["hours_planned"].items() if label != "in all"]
        assert all(hours <= made["hours_planned"]["in all"] for hours in per_need)
    if "review_gap" in made:
        gap = made["review_gap"]
        assert gap["overdue for outcomes"] == max(0, gap["months"] - gap["interval for outcomes"])
    if "planning_effort" in made and "gross budget a stage" in made["planning_effort"]:
        assert made["planning_effort"]["gross budget a stage"] * made["planning_effort"]["stages"] == made["gross_final"]
    for name in ("eligible_cover", "statement_cover"):
        found = made.get(name, {})
        for ratio in found.values() if isinstance(found, dict) else [found]:
            assert 0 <= ratio.part <= ratio.whole


@given(st.lists(st.integers(0, 9_000_000), min_size=1, max_size=8), POLICIES)
@settings(max_examples=60, deadline=None)
def test_accounts_of_a_block_add_up_in_any_order(sums: list[int], policy: str) -> None:
    rows = [{"case_id": f"E-{at}", "amount": two_places(Fraction(one, 100), 1), "period": "year"} for at, one in enumerate(sums)]
    bought = [{"date": "2010-06-01", "amount": row["amount"]} for row in rows]

    def made(step: int) -> ContractSheet:
        contract = {"kind": "contract", "id": "K-1", "form": "prepaid_block", "block_value": "120000.00"}
        contract |= {"accounts": rows[::step], "buy_in": {"purchases": bought[::step]}}
        return ContractSheet(contract, policies()[policy], {}, AS_OF)

    whole = made(1).value("block_allocation")
    assert whole["placed"] + whole["not placed"] == 120_000 * POUND
    assert made(1).value("bought_in") == whole["placed"] == Fraction(sum(sums), 100) * POUND
    assert made(-1).value("block_allocation") == whole
