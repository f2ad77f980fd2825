"""The table statements_due over its whole input space: no gap, no dead row, and the same as reading it straight down."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from pbcheck.figures import statements
from pbcheck.figures.figure import Facts, Unknown
from pbcheck.figures.statements import INPUTS, ROWS, periods_without_statement, statements_due

PERIODS = ("monthly", "four_weekly", "quarterly", "six_monthly", "annual")


def space() -> Iterator[dict[str, Any]]:
    for values in product(*INPUTS.values()):
        yield dict(zip(INPUTS, values, strict=True))


def matching(given: dict[str, Any]) -> list[int]:
    return [at for at, (wanted, _) in enumerate(ROWS) if all(given[name] in values for name, values in wanted.items())]


def read_straight(managed: Any, frequency: Any, begins_later: Any, has_statements: Any, periods: Any) -> str:
    if managed is False:
        return "not_applicable"
    if frequency == "none":
        return "still_to_come" if begins_later else "none_sent"
    if frequency is None:
        return "covered" if has_statements else "cannot_tell"
    if frequency == "on_request":
        return "on_request"
    if managed is None or periods is None:
        return "cannot_tell"
    return str(periods)


def test_every_input_has_a_row() -> None:
    assert all(matching(given) for given in space())


def test_every_row_decides_some_input() -> None:
    assert {matching(given)[0] for given in space()} == set(range(len(ROWS)))


def test_the_table_is_what_it_says_read_straight_down() -> None:
    for given in space():
        assert statements_due(**given) == read_straight(**given), given


def test_rows_name_only_inputs_and_their_values() -> None:
    for wanted, _ in ROWS:
        for name, values in wanted.items():
            assert set(values) <= set(INPUTS[name])


def test_what_an_arrangement_is_called_is_no_input() -> None:
    assert not {"form", "label"} & INPUTS.keys()
    assert None in INPUTS["managed"]
    assert all(None in values for values in INPUTS.values())
    assert set(INPUTS["frequency"]) == {*PERIODS, "on_request", "none", None}
    assert set(statements.PERIODIC) == set(PERIODS)


def case(**changes: Any) -> dict[str, Any]:
    arrangement = {"starts_on": "2026-03-16", "derived": {"managed": True}}
    return {"arrangements": [arrangement], "statements": [], **changes}


@pytest.mark.parametrize(
    ("frequency", "start", "missing"),
    [
        ("quarterly", "2026-06-03", 1),  # ends 2 September, 28 days before the audit
        ("quarterly", "2026-06-04", 0),
        ("monthly", "2026-03-16", 5),
        ("four_weekly", "2026-03-16", 6),
        ("six_monthly", "2025-09-03", 2),
        ("annual", "2025-09-03", 1),
        ("annual", "2025-09-04", 0),
        ("on_request", "2020-01-01", 0),
        ("none", "2020-01-01", 0),
    ],
)
def test_periods_are_due_28_days_after_they_end(frequency: str, start: str, missing: int) -> None:
    record = case(arrangements=[{"starts_on": start, "derived": {"managed": True}}])
    assert periods_without_statement(Facts(record, {"statements": {"frequency": frequency}}, as_of="2026-09-30")) == missing


def test_the_label_changes_nothing() -> None:
    for label, form in product(("direct payment", "managed", ""), ("direct_payment", "council_account")):
        one = {"starts_on": "2026-03-16", "derived": {"managed": True}, "label": label, "form": form}
        record = case(arrangements=[one])
        assert periods_without_statement(Facts(record, {"statements": {"frequency": "quarterly"}}, as_of="2026-09-30")) == 1


@pytest.mark.parametrize(
    ("record", "terms", "lacking"),
    [
        (case(), {}, "policy.statements.frequency"),
        (case(arrangements=[{"derived": {}}]), {"frequency": "quarterly"}, "case.arrangements.*.contract_party"),
        (case(arrangements=[{"derived": {"managed": True}}]), {"frequency": "quarterly"}, "case.arrangements.*.starts_on"),
        ({"arrangements": case()["arrangements"]}, {"frequency": "quarterly"}, "case.statements"),
        ({"statements": []}, {"frequency": "quarterly"}, "case.arrangements"),
    ],
)
def test_what_is_not_recorded_is_named(record: dict[str, Any], terms: dict[str, Any], lacking: str) -> None:
    with pytest.raises(Unknown, match=lacking.replace("*", r"\*")):
        periods_without_statement(Facts(record, {"statements": terms}, as_of="2026-09-30"))
