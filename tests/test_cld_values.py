"""One cell: exact values, near misses that are used and said, and what is refused; nothing is guessed in silence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbcheck.exports.cld.fields import FREQUENCIES, HEADERS, LISTS, READ
from pbcheck.exports.cld.values import Cell, column

DATES = {
    "2026-03-31": "2026-03-31",
    "31/03/2026": "2026-03-31",
    "1/4/2025": "2025-04-01",
    "2025-04-01 00:00:00": "2025-04-01",
    "2025-04-01T00:00:00.000": "2025-04-01",
    "01/04/2025 00:00": "2025-04-01",
    "29/02/2024": "2024-02-29",
}
AMOUNTS = {"12": "12.00", "12.5": "12.50", "1234.50": "1234.50", "-3.00": "-3.00", "-0": "0.00", "0": "0.00", "007.25": "7.25"}
DRESSED = {
    "£12.50": "12.50",
    "1,234.50": "1234.50",
    "£1,234": "1234.00",
    "-£3.00": "-3.00",
    "£-3.00": "-3.00",
    "17.5000": "17.50",
    "12.": "12.00",
}


def _cell(name: str, raw: str, release: int = 2) -> Cell:
    return column(name, release)[raw]


def _checks(cell: Cell) -> list[str]:
    return [one.check for one in cell.notes]


@pytest.mark.parametrize("raw", DATES)
def test_dates(raw: str) -> None:
    assert _cell("start", raw) == Cell(DATES[raw])


@pytest.mark.parametrize(
    "raw",
    ["03/25/2025", "2025-02-30", "31/04/2025", "25/3/25", "20250401", "2025-04-01 13:30", "April", "45748", "0000-01-01", "2999-01-01"],
)
def test_dates_that_are_none(raw: str) -> None:
    cell = _cell("start", raw)
    assert cell.value is None
    assert cell.refused
    assert _checks(cell) == ["cld-date-not-read"]


@pytest.mark.parametrize("raw", AMOUNTS)
def test_amounts(raw: str) -> None:
    assert _cell("unit_cost", raw) == Cell(AMOUNTS[raw])


@pytest.mark.parametrize("raw", DRESSED)
def test_amounts_in_other_dress_are_used_and_said(raw: str) -> None:
    cell = _cell("unit_cost", raw)
    assert cell.value == DRESSED[raw]
    assert _checks(cell) == ["cld-written-otherwise"]
    assert not cell.refused


@pytest.mark.parametrize(
    "raw", ["12.345", "1e3", "nan", "inf", "12,50", "1,23", "twelve", "(3.00)", "--3", "-£-3", "99999999999", "£", "0x10", "１２", "1 2"]
)
def test_amounts_that_are_none(raw: str) -> None:
    cell = _cell("unit_cost", raw)
    assert cell.value is None
    assert cell.refused or raw == "nan"


@pytest.mark.parametrize("word", ["NULL", "null", "N/A", "NaN", "None"])
def test_words_for_nothing_are_blank_and_said(word: str) -> None:
    for name in READ:
        if name != "nhs_number":
            assert _cell(name, word) == Cell(None, _cell("start", "NULL").notes)
            assert _checks(_cell(name, word)) == ["cld-null-text"]


@pytest.mark.parametrize("release", [1, 2])
@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_word_of_a_list_is_read_as_it_stands(name: str, release: int) -> None:
    for spelling, meaning in LISTS[name].of(release).items():
        assert _cell(name, spelling, release) == Cell(meaning or None)
        assert _checks(_cell(name, f" {spelling}", release)) == ["cld-spaces"]


@pytest.mark.parametrize("name", ["client_type", "service_type", "mechanism", "funding", "assessment_type"])
def test_words_of_the_other_release_are_read_and_said(name: str) -> None:
    for release in (1, 2):
        own, other = LISTS[name].of(release), LISTS[name].of(3 - release)
        for spelling, meaning in other.items():
            if spelling not in own:
                cell = _cell(name, spelling, release)
                assert cell.value == (meaning or None)
                assert _checks(cell) == ["cld-other-release"]
                assert f"Release {3 - release}" in cell.notes[0].words


def test_near_misses_are_explained() -> None:
    capitals = _cell("mechanism", "DIRECT PAYMENT")
    assert capitals.value == "Direct payment"
    assert _checks(capitals) == ["cld-written-otherwise"]
    assert _cell("service_type", "Long term support - Community").value == "Long term support: Community"
    slip = _cell("mechanism", "Direct paymnt")
    assert slip.value is None
    assert slip.refused
    assert "Did you mean `Direct payment`?" in slip.notes[0].words
    unused = _cell("mechanism", "Self-Funder Metering Only")
    assert unused.refused
    assert "CASSR managed personal budget" in unused.notes[0].words
    assert _checks(_cell("component", "Sailing")) == ["cld-value-not-known"]
    assert _cell("review_reason", "Unplanned: Hospital").value == "Unplanned"


@pytest.mark.parametrize(
    ("raw", "period", "said"),
    [
        ("Weekly", "week", False),
        ("weekly", "week", False),
        ("4-weekly", "four_weeks", False),
        ("Per session", "session", False),
        ("One-off", "one_off", False),
        ("Annually", "year", False),
        ("Week", "week", True),
        ("Hourly rate", "hour", True),
        ("4 weekly", "four_weeks", True),
        ("Monthly in arrears", "month", True),
    ],
)
def test_frequencies_by_how_they_begin(raw: str, period: str, said: bool) -> None:
    cell = _cell("frequency", raw)
    assert cell.value == period
    assert bool(cell.notes) is said


def test_a_frequency_that_is_none_is_refused() -> None:
    cell = _cell("frequency", "Wekly")
    assert cell.refused
    assert "Did you mean `Weekly`?" in cell.notes[0].words
    assert set(FREQUENCIES.values()) == {"session", "hour", "day", "week", "fortnight", "four_weeks", "month", "quarter", "year", "one_off"}


SECRET = "Zaphod Beeblebrox\x1b[31m=cmd()"


@given(st.sampled_from(sorted(set(READ) - {"la_code", "person_id", "route"})), st.text(max_size=40))
def test_no_cell_is_ever_repeated_in_what_is_said(name: str, text: str) -> None:
    for raw in (text, SECRET):
        cell = _cell(name, raw)
        assert cell.value is None or not cell.refused
        for note in cell.notes:
            assert SECRET not in note.words
            assert len(raw.strip()) < 12 or raw.strip() not in note.words
            assert re.fullmatch(r"cld-[a-z0-9-]+", note.check)


def test_a_column_forgets_before_it_grows_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pbcheck.exports.cld.values.KEPT", 3)
    found = column("unit_cost", 2)
    for number in range(10):
        assert found[str(number)].value == f"{number}.00"
    assert len(found) <= 3


def test_headers_are_those_of_the_specification() -> None:
    assert set(READ) <= set(HEADERS)
    assert len(HEADERS) == 50
