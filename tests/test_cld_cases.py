"""What a case holds that was built from a return: all that the return says, nothing that it does not, and the place of each field."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbcheck.exports.cld.build import COLUMNS, HARMLESS, not_said
from pbcheck.exports.cld.reader import ReturnRead, read_cld
from pbcheck.model import Outcome
from pbcheck.pipeline import Context, audit_chunk
from pbcheck.rulebook.book import load_rulebook
from pbcheck.schema.store import at, load
from pbcheck.schema.validate import validator
from pbcheck.source.document import Document
from tests.cld_returns import write_return
from tests.test_cld_defects import BASE, checks, read_rows

DP = {"mechanism": "Direct payment", "component": "Direct payment", "unit_cost": "150.00"}
REVIEW = {
    **dict.fromkeys(("service_type", "component", "mechanism", "unit_cost", "frequency"), ""),
    "event_type": "Review",
    "start": "2025-09-01",
    "end": "2025-09-15",
    "review_reason": "Planned",
}
ASSESSED = REVIEW | {"event_type": "Assessment", "review_reason": "", "assessment_type": "Long term assessment", "eligible": "Yes"}


def test_a_mixed_package_is_built_as_the_return_says(tmp_path: Path) -> None:
    hourly = {"component": "Home support or domiciliary care", "unit_cost": "20.00", "frequency": "Hourly", "units": "10.50"}
    file, (case,) = read_rows(tmp_path / "cld.csv", {}, ASSESSED | {"funding": "Joint client and social care funded"}, DP, REVIEW, hourly)
    assert file.faults == []
    assert case.data == {
        "kind": "case",
        "id": "A1",
        "as_of": "2026-03-31",
        "arrangements": [
            {"id": "A1", "label": "Direct payment", "form": "direct_payment", "starts_on": "2024-06-03"},
            {"id": "A2", "label": "CASSR managed personal budget", "starts_on": "2024-06-03"},
        ],
        "plan": {
            "components": [
                {"id": "P1", "category": "day support", "starts_on": "2024-06-03", "arrangement": "A2", "cost": "100.00", "period": "week"},
                {
                    "id": "P2",
                    "category": "direct payment",
                    "starts_on": "2024-06-03",
                    "arrangement": "A1",
                    "cost": "150.00",
                    "period": "week",
                },
                {
                    "id": "P3",
                    "category": "home support or domiciliary care",
                    "starts_on": "2024-06-03",
                    "arrangement": "A2",
                    "unit_rate": "20.00",
                    "unit": "hours_per_week",
                    "units": "10.50",
                    "cost": "210.00",
                    "period": "week",
                },
            ]
        },
        "support_started_on": "2024-06-03",
        "assessment": {"started_on": "2025-09-01", "completed_on": "2025-09-15"},
        "reviews": [{"date": "2025-09-15"}],
        "person": {"eligible": True, "funding": "part_funded"},
    }
    assert set(case.blocked) == {*not_said(), ("carers",)}


@pytest.mark.parametrize(
    ("frequency", "cost", "period"),
    [
        ("Fortnightly", "200.00", "four_weeks"),
        ("4-weekly", "100.00", "four_weeks"),
        ("Monthly", "100.00", "month"),
        ("Quarterly", "400.00", "year"),
        ("Annually", "100.00", "year"),
        ("One-off", "100.00", "one_off"),
    ],
)
def test_each_frequency_becomes_a_period_without_rounding(tmp_path: Path, frequency: str, cost: str, period: str) -> None:
    _, (case,) = read_rows(tmp_path / "cld.csv", {"frequency": frequency})
    assert (case.data["plan"]["components"][0]["cost"], case.data["plan"]["components"][0]["period"]) == (cost, period)


def test_a_cost_a_week_that_is_no_whole_penny_is_not_rounded(tmp_path: Path) -> None:
    _, (case,) = read_rows(tmp_path / "cld.csv", {"unit_cost": "17.35", "frequency": "Hourly", "units": "10.25"})
    (component,) = case.data["plan"]["components"]
    assert "cost" not in component
    assert ("plan", "components", 0, "cost") in case.blocked
    assert (component["unit_rate"], component["units"]) == ("17.35", "10.25")


def test_a_direct_payment_in_the_component_alone_is_one(tmp_path: Path) -> None:
    file, (case,) = read_rows(tmp_path / "cld.csv", {"component": "Direct payment", "mechanism": ""})
    assert checks(file) == {"cld-direct-payment-in-component-only": 1}
    assert [one["form"] for one in case.data["arrangements"]] == ["direct_payment"]


def test_commissioned_support_is_no_arrangement_and_needs_no_cost(tmp_path: Path) -> None:
    file, (case,) = read_rows(tmp_path / "cld.csv", {"mechanism": "CASSR commissioned support", "unit_cost": "", "frequency": ""})
    assert file.faults == []
    assert "arrangements" not in case.data
    assert ("plan", "components", 0, "cost") in case.blocked


def test_a_mechanism_that_is_not_stated_leaves_open_how_the_money_is_held(tmp_path: Path) -> None:
    file, (case,) = read_rows(tmp_path / "cld.csv", DP, {"mechanism": ""})
    assert checks(file) == {"cld-mechanism-not-stated": 1}
    assert "arrangements" not in case.data
    assert ("arrangements",) in case.blocked


@pytest.mark.parametrize(
    ("change", "blocked"),
    [
        ({"unit_cost": "-100.00"}, "cost"),
        ({"unit_cost": "0.00"}, "cost"),
        ({"unit_cost": "a lot"}, "cost"),
        ({"frequency": "Wekly"}, "cost"),
        ({"frequency": "Hourly"}, "units"),
        ({"frequency": "Hourly", "units": "-3.00"}, "units"),
        ({"units": "7.00"}, "units"),
        ({"component": "Sailing"}, "category"),
        ({"death": "2026-01-05"}, "ends_on"),
        ({"outcome": "NFA: Support ended as planned"}, "ends_on"),
        ({"mechanism": "Direct paymnt"}, "arrangement"),
    ],
)
def test_a_defective_value_is_blocked_and_never_used(tmp_path: Path, change: dict[str, str], blocked: str) -> None:
    file, (case,) = read_rows(tmp_path / "cld.csv", change)
    assert file.faults
    assert ("plan", "components", 0, blocked) in case.blocked
    assert blocked not in case.data["plan"]["components"][0]


def test_a_carer_has_a_case_and_a_person_who_is_both_has_two(tmp_path: Path) -> None:
    carer = {"client_type": "Unpaid carer", "service_type": "Unpaid carer support: Direct to unpaid carer"}
    file, cases = read_rows(tmp_path / "cld.csv", {}, carer | DP, carer | {"person_id": "A2"})
    assert [one.data["id"] for one in cases] == ["A1", "A1/carer", "A2/carer"]
    assert cases[1].data["arrangements"][0]["form"] == "direct_payment"
    assert (file.account.people, file.account.cases, file.account.carers) == (2, 3, 2)


def test_a_person_is_known_by_the_nhs_number_first_and_rows_without_are_joined(tmp_path: Path) -> None:
    path = tmp_path / "cld.csv"
    one, other = {"nhs_number": "999 000 0018"}, {"nhs_number": "9990000026"}
    file, cases = read_rows(
        path, one, one | {"person_id": "Z9", "component": "Meals"}, {"component": "Transport"}, other | {"person_id": "A3"}
    )
    assert [(case.data["id"], len(case.data["plan"]["components"])) for case in cases] == [("A1", 3), ("A3", 1)]
    assert file.account.people == 2


@pytest.mark.parametrize("identifier", ["9990000018", "999 000 0018", "Ottoline Specimen", "=1+1", "", "row-7", "x" * 60])
def test_a_case_is_never_named_by_an_nhs_number_or_a_name(tmp_path: Path, identifier: str) -> None:
    file, (case,) = read_rows(tmp_path / "cld.csv", {"nhs_number": "9990000026", "person_id": identifier})
    assert case.data["id"] == "row-2"
    assert not [one for one in file.faults if "999" in one.message]


def test_reviews_are_stated_only_where_the_return_holds_all_that_matter(tmp_path: Path) -> None:
    for services, reviews in (
        (({"start": "2023-05-02"},), None),
        (({"start": "2025-05-02"},), []),
        (({"start": "2023-05-02"}, REVIEW), [{"date": "2025-09-15"}]),
        (({"start": "2023-05-02", "end": "2025-06-30"}, REVIEW), None),
    ):
        _, (case,) = read_rows(tmp_path / "cld.csv", *services)
        assert case.data.get("reviews") == reviews
        assert (("reviews",) in case.blocked) is (reviews is None)


def test_fields_point_to_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "cld.csv"
    _, (case,) = read_rows(path, {"description": 'two\nlines, and "quotes"'}, DP, REVIEW, {"component": "Meals", "description": "a\nb\nc"})
    lines = path.read_bytes().decode().split("\n")

    def stands(*steps: str | int) -> str:
        mark = case.locate(steps)
        return lines[mark.line - 1][mark.column - 1 : mark.end_column - 1]

    assert stands("plan", "components", 0, "cost") == "100.00"
    assert stands("plan", "components", 1, "cost") == "150.00"
    assert stands("plan", "components", 2, "category") == "Meals"
    assert stands("reviews", 0, "date") == "2025-09-15"
    assert stands("arrangements", 0, "form") == "Direct payment"
    assert stands("id") == "A1"
    assert stands("as_of") == "2026-03-31"
    assert case.locate(("contribution", "amount")).line == 2
    path.unlink()
    assert case.locate(("plan", "components", 3, "cost")).line >= 1


def test_the_fields_a_return_fills_are_those_of_the_vocabulary() -> None:
    for path in (*COLUMNS, *HARMLESS, *not_said()):
        assert at(load("case"), tuple(0 if step == "*" else step for step in path)), path
    assert not {*COLUMNS, *HARMLESS} & {*not_said()}


def _cases(path: Path, **options: int) -> tuple[ReturnRead, list[Document]]:
    write_return(path, rows=1500, **options)
    file = ReturnRead(path, "cld.csv")
    return file, list(read_cld(file, None))


@pytest.mark.parametrize("release", [1, 2])
def test_every_case_meets_the_schema_and_no_rule_breaks_on_it(tmp_path: Path, release: int) -> None:
    file, cases = _cases(tmp_path / "cld.csv", seed=21 + release, defects=2 if release == 2 else 0, release=release)
    check = validator("case")
    for case in cases:
        assert check.is_valid(case.data), case.data
    rulebook = load_rulebook()
    chunk = audit_chunk(cases, Context(rulebook))
    assert not [one for one in chunk.findings if one.rule == "rule-error"]
    tallies = {one.rule: one for one in chunk.ledgers["case"].tallies(rulebook.subjects["case"])}
    assert tallies["cost-without-a-period"].passed > 50
    assert tallies["review-overdue"].passed > 50
    assert sum(one.failed for one in tallies.values()) == 0
    assert all(one.records == len(cases) == file.records for one in tallies.values())


def test_both_releases_of_the_same_return_give_the_same_cases(tmp_path: Path) -> None:
    made = [_cases(tmp_path / f"{release}.csv", seed=31, release=release)[1] for release in (1, 2)]
    assert [one.data for one in made[0]] == [one.data for one in made[1]]
    assert [one.blocked for one in made[0]] == [one.blocked for one in made[1]]


def test_no_rule_passes_on_a_value_that_is_defective(tmp_path: Path) -> None:
    """A rule that reads the cost of a part passes on a good return, and cannot tell where that cost is below zero."""
    rulebook = load_rulebook()
    at_cost = next(number for number, asked in enumerate(rulebook.subjects["case"].asked) if asked.rule.id == "cost-without-a-period")
    found = []
    for change in ({}, {"unit_cost": "-100.00"}, {"frequency": ""}):
        _, cases = read_rows(tmp_path / "cld.csv", BASE | change)
        chunk = audit_chunk(cases, Context(rulebook))
        found.append(Outcome(chunk.ledgers["case"].rows[at_cost]))
    assert found == [Outcome.PASS, Outcome.CANNOT_TELL, Outcome.FAIL]
