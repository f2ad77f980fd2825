"""Cells to values: exact amounts, the dates that are meant, and a refusal wherever a guess would be needed."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbcheck.exports.mapping.convert import NOT_READ, NOTHING, How, NotRead, pence, plain
from pbcheck.exports.mapping.dates import Dates
from pbcheck.exports.mapping.excel_source import cell_text
from pbcheck.exports.mapping.fields import FieldType, field_type
from pbcheck.schema.validate import validator

MONEY = How(FieldType("money"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("£1,234.50", "1234.50"),
        ("(1,234.50)", "-1234.50"),
        ("(£5)", "-5.00"),
        ("-3", "-3.00"),
        ("3-", "-3.00"),
        ("-£4.1", "-4.10"),
        ("£-4", "-4.00"),
        ("£ 1 234.00", "1234.00"),
        ("\u00a3\u00a01,234", "1234.00"),
        ("GBP 3", "3.00"),
        ("+£7", "7.00"),
        (".5", "0.50"),
        ("5.", "5.00"),
        ("12.3400", "12.34"),
        ("-0.00", "0.00"),
        ("−2", "-2.00"),
    ],
)
def test_amounts_as_councils_write_them(text: str, value: str) -> None:
    assert MONEY.read([text]) == value


@pytest.mark.parametrize(
    "text", ["1,23.4", "12.345", "1e5", "--3", "-(3)", "(-3)", "£", "()", "1.2.3", "ten", "$5", "1/2", "NaN", "1234567890", "5 pw", "=1+1"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(NotRead) as stop:
        MONEY.read([text])
    assert stop.value.check == NOT_READ
    assert text not in stop.value.words.replace("1234.50", "").replace("(1,234.50)", "") or len(text) < 3


@given(st.integers(-99_999_999_999, 99_999_999_999))
def test_every_amount_comes_back_to_the_penny_from_every_form(amount: int) -> None:
    whole, rest = divmod(abs(amount), 100)
    minus = "-" if amount < 0 else ""
    forms = [
        f"{minus}{whole}.{rest:02}",
        f"{minus}£{whole:,}.{rest:02}",
        f"({whole:,}.{rest:02})" if amount < 0 else f" {whole:,}.{rest:02} ".strip(),
    ]
    for form in forms:
        assert pence(MONEY.read([form])) == amount
    assert pence(How(FieldType("money"), pence=True).read([str(amount)])) == amount if abs(amount) < 1_000_000_000 else True
    assert validator("case").is_valid({"kind": "case", "id": "C", "final": {"gross": MONEY.read([forms[0]])}})


@given(st.text(max_size=12))
def test_no_text_makes_the_readers_fall_over(text: str) -> None:
    for kind in ("money", "decimal", "integer", "date", "bool", "id", "text"):
        try:
            value = How(FieldType(kind), dates=Dates(["DD/MM/YYYY", "excel"])).read([text.strip()])
        except NotRead as stop:
            value = stop.check
        assert value is NOTHING or isinstance(value, (str, int))


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_every_day_comes_back_from_every_form(day: date) -> None:
    forms = {
        "DD/MM/YYYY": "%d/%m/%Y",
        "DD-MM-YY": "%d-%m-%y",
        "YYYYMMDD": "%Y%m%d",
        "D Mon YY": "%d %b %y",
        "D Month YYYY": "%d %B %Y",
        "DD/MM/YYYY hh:mm": "%d/%m/%Y 23:59",
        "MM/DD/YYYY": "%m/%d/%Y",
        "YYYY-MM-DDThh:mm:ss": "%Y-%m-%dT08:30:00",
    }
    for form, written in forms.items():
        assert Dates([form]).read(day.strftime(written)) == day.isoformat()
    assert Dates(["excel"]).read(str((day - date(1899, 12, 30)).days)) == day.isoformat()
    assert Dates([]).read(day.isoformat()) == day.isoformat()


@pytest.mark.parametrize(
    "text", ["31/02/2026", "1/2/2026", "2026/02/01", "01/13/2026", "01/02/26", "46054", "0000-00-00", "01/02/2026 10:00"]
)
def test_a_date_of_another_form_is_never_guessed(text: str) -> None:
    with pytest.raises(ValueError):
        Dates(["DD/MM/YYYY"]).read(text)


def test_two_forms_that_read_a_text_as_two_days_are_refused() -> None:
    with pytest.raises(ValueError, match="two ways"):
        Dates(["DD/MM/YYYY", "MM/DD/YYYY"])
    with pytest.raises(ValueError):
        Dates(["YYMMDD", "DDMMYY"]).read("010203")


def test_words_blanks_and_several_columns() -> None:
    setting = field_type("case", ("person", "setting"))
    assert setting is not None
    how = How(setting, values={plain("Own  TENANCY"): "own_home"}, missing=frozenset({plain("N/K")}))
    assert [how.read([one]) for one in ("own tenancy", "Family home", "supported_living")] == [
        "own_home",
        "family_home",
        "supported_living",
    ]
    assert how.read([""]) is NOTHING
    assert how.read(["n/k"]) is NOTHING
    with pytest.raises(NotRead):
        how.read(["tent"])
    joined = How(FieldType("date"), combine="join", separator="/", dates=Dates(["D/M/YYYY"]))
    assert joined.read(["3", "4", "2026"]) == "2026-04-03"
    first = How(FieldType("money"), combine="first")
    assert first.read(["", "2", "3"]) == "2.00"
    total = How(FieldType("money"), combine="sum")
    assert total.read(["1.10", "2.20"]) == "3.30"
    assert total.read(["1.10", ""]) is NOTHING  # unknown is never zero
    assert How(FieldType("money"), combine="sum", blank="0.00").read(["1.10", ""]) == "1.10"
    with pytest.raises(NotRead) as stop:
        total.read(["1", "x"])
    assert stop.value.column == 1


def test_lists_flags_parts_and_units() -> None:
    covers = field_type("case", ("arrangements", 0, "agreement_covers"))
    assert covers is not None
    split = How(covers, split=";", values={plain("Money left"): "surplus"})
    assert split.read(["records; Money  left ;;records"]) == ["records", "surplus"]
    ticked = How(covers, flags=("records", "surplus"))
    assert ticked.read(["Y", "no"]) == ["records"]
    assert ticked.read(["N", "n"]) == []
    assert ticked.read(["Y", ""]) is NOTHING
    assert How(covers, flags=("records", "surplus"), blank=False).read(["Y", ""]) == ["records"]
    assert How(covers, combine="list").read(["records", "", "surplus"]) == ["records", "surplus"]
    assert How(FieldType("date"), split=" - ", part=2, dates=Dates(["DD/MM/YYYY"])).read(["01/04/2026 - 31/03/2027"]) == "2027-03-31"
    assert How(FieldType("decimal"), times=Fraction(1, 60)).read(["195"]) == "3.25"
    assert How(FieldType("decimal"), times=Fraction(1, 60)).read(["20"]) == "0.333"
    assert How(FieldType("integer"), times=Fraction(60)).read(["1.5"]) == 90
    with pytest.raises(NotRead):
        How(FieldType("decimal")).read(["1.2345"])


def test_the_numbers_of_excel_are_those_that_it_shows() -> None:
    assert [cell_text(one) for one in (0.1 + 0.2, 1234.0, 1e15, 0.000001, -2.5, 10**16, True, None)] == [
        "0.3",
        "1234",
        "1000000000000000",
        "0.000001",
        "-2.5",
        "10000000000000000",
        "TRUE",
        "",
    ]


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(1, 400))
def test_days_follow_each_other_in_excel(day: date, days: int) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert Dates(["excel"]).read(str(serial + days)) == (day + timedelta(days=days)).isoformat()
