"""Costs, shares and review timing against a second computation that follows the published national code step by step, and the account."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from pbcheck.exports.cld.account import LEFT_OUT, TWICE, USED
from pbcheck.exports.cld.reader import ReturnRead, read_cld
from pbcheck.exports.cld.shown import KEPT_BACK, shares
from tests.cld_returns import SPOILS, Known, Row, write_return
from tests.test_cld_defects import read_rows

START, END, QUARTER = date(2025, 4, 1), date(2026, 3, 31), date(2026, 1, 1)
NATIONAL = {"week": (1, 1), "fortnight": (1, 2), "4-week": (1, 4), "month": (12, 52), "quarter": (4, 52), "annual": (1, 52)}
SAFE = (
    "cld-negative-amount",
    "cld-zero-cost",
    "cld-units-contradict",
    "cld-units-missing",
    "cld-ends-before-start",
    "cld-open-after-death",
)
LONG = ("Nursing care", "Residential care", "Community", "Prison")


def _read(path: Path) -> ReturnRead:
    file = ReturnRead(path, "cld.csv")
    for _ in read_cld(file, None):
        pass
    return file


def _events(path: Path) -> list[Row]:
    """Return the events in the period, each once, with `ends`: the end that the national code derives."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    kept: dict[tuple[str, ...], Row] = {}
    for row in rows:
        start, end, death = (row[name] for name in ("Event Start Date", "Event End Date", "Date of Death"))
        if death and ((end and start <= death <= end) or (not end and death > start)):
            end = death
        service = row["Event Type"] == "Service"
        inside = (not end or end >= str(START)) if service else str(START) <= end <= str(END)
        if not inside or start > str(END) or (death and (death < str(START) or death < start)):
            continue
        row["ends"] = end
        names = ["Client Type", "Event Type", "Event Start Date", "LA Person Unique Identifier"]
        names += [
            "Service Type",
            "Service Component",
            "Delivery Mechanism",
            "Unit Cost",
            "Cost Frequency (Unit Type)",
            "Planned units per week",
        ]
        names += [] if service else ["ends", "Assessment Type", "Request: Route of Access"]
        kept.setdefault(tuple(row[name] for name in names), row)
    return list(kept.values())


def _national_costs(events: list[Row]) -> tuple[Fraction, Fraction, int]:
    weekly = period = Fraction(0)
    number = 0
    for row in events:
        end = date.fromisoformat(row["ends"]) if row["ends"] else None
        start = date.fromisoformat(row["Event Start Date"])
        if row["Event Type"] != "Service" or not row["Unit Cost"] or (end and (end < QUARTER or end < start)):
            continue
        cost = abs(Fraction(row["Unit Cost"])) * 100
        frequency = row["Cost Frequency (Unit Type)"].lower()
        factor = next((Fraction(*value) for name, value in NATIONAL.items() if frequency.startswith(name)), None)
        units = factor if factor is not None else abs(Fraction(row["Planned units per week"] or 0))
        if cost == 0 or (frequency != "one-off" and units == 0):
            continue
        number += 1
        if frequency == "one-off":
            period += cost
            continue
        weeks = Fraction((min(end or END, END) - max(start, QUARTER)).days + 1, 7)
        weekly += cost * units
        period += cost * units * weeks
    return weekly, period, number


def _national_shares(events: list[Row]) -> tuple[Counter[str], Counter[str]]:
    clients: dict[str, list[tuple[int, int]]] = defaultdict(list)
    carers: dict[str, list[int]] = defaultdict(list)
    death: dict[str, str] = defaultdict(str)
    for row in events:
        death[row["LA Person Unique Identifier"]] = max(death[row["LA Person Unique Identifier"]], row["Date of Death"])
    ranks = ["Direct payment", "CASSR managed personal budget", "CASSR commissioned support", ""]
    for row in events:
        person = row["LA Person Unique Identifier"]
        mechanism = "Direct payment" if row["Service Component"] == "Direct payment" else row["Delivery Mechanism"]
        kind = row["Service Type"].removeprefix("Long term support: ")
        if row["ends"] and row["ends"] < row["Event Start Date"]:
            continue
        if row["Service Type"] == "Unpaid carer support: Direct to unpaid carer":
            carers[person].append(ranks.index(mechanism))
        elif kind in LONG and (not row["ends"] or row["ends"] >= str(END)) and not "" < death[person] < str(END):
            clients[person].append((LONG.index(kind), ranks.index(mechanism) if kind == "Community" else 9))
    best = Counter(ranks[min(found)[1]] for found in clients.values() if min(found)[0] == LONG.index("Community"))
    return best, Counter(ranks[min(found)] for found in carers.values())


@pytest.mark.parametrize(("rows", "seed", "defects"), [(1, 1, 0), (40, 2, 0), (900, 3, 0), (2500, 4, 3), (2500, 5, 7)])
def test_costs_and_shares_are_those_of_the_national_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, seed: int, defects: int
) -> None:
    for name in set(SPOILS) - set(SAFE):
        monkeypatch.delitem(SPOILS, name)
    write_return(tmp_path / "cld.csv", rows=rows, seed=seed, defects=defects)
    account = _read(tmp_path / "cld.csv").account
    events = _events(tmp_path / "cld.csv")
    spent = account.spent.values()
    found = (
        sum((one.weekly for one in spent), Fraction(0)),
        sum((one.period for one in spent), Fraction(0)),
        sum(one.services for one in spent),
    )
    assert found == _national_costs(events)
    clients, carers = _national_shares(events)
    names = {
        "direct payment": "Direct payment",
        "managed personal budget": "CASSR managed personal budget",
        "commissioned support": "CASSR commissioned support",
    }
    for ours, theirs in names.items():
        assert account.shares[f"community: {ours}"] == clients[theirs]
        assert account.shares[f"carers: {ours}"] == carers[theirs]


def test_the_cost_of_one_service_by_hand(tmp_path: Path) -> None:
    file, _ = read_rows(tmp_path / "cld.csv", {"frequency": "Monthly", "unit_cost": "520.00", "start": "2026-03-18"})
    (spent,) = file.account.spent.values()
    assert spent.weekly == 12_000  # 520 a month is 12/52 of it a week: 120 pounds
    assert spent.period == 24_000  # two weeks, from 18 to 31 March
    assert file.account.reviews == {"support for less than a year": 1}


def _generated(path: Path, rows: int, seed: int, defects: int, twice: int) -> tuple[Known, ReturnRead]:
    known = write_return(path, rows=rows, seed=seed, defects=defects, twice=twice)
    return known, _read(path)


@pytest.mark.parametrize(
    ("rows", "seed", "defects", "twice"),
    [
        (1, 1, 0, 0),
        (7, 2, 0, 0),
        (300, 3, 0, 5),
        (1500, 4, 2, 0),
        (3000, 5, 5, 20),
        pytest.param(60_000, 6, 60, 500, marks=pytest.mark.slow),
    ],
)
def test_every_row_and_every_penny_is_accounted_for(tmp_path: Path, rows: int, seed: int, defects: int, twice: int) -> None:
    known, file = _generated(tmp_path / "cld.csv", rows, seed, defects, twice)
    account = file.account
    assert account.rows_in == known.rows == sum(account.rows.values())
    assert account.pence_in == known.pence == sum(account.pence.values())
    assert account.reconciles
    assert set(account.rows) <= {*USED, TWICE, *LEFT_OUT}
    assert account.rows[TWICE] >= twice
    assert account.unread_costs == defects
    assert account.rows["person"] == defects
    assert account.defects == Counter(one.check for one in file.faults)


def test_the_same_return_gives_the_same_account_in_any_order_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "cld.csv"
    write_return(path, rows=900, seed=8, defects=2)
    with path.open(encoding="utf-8", newline="") as handle:
        header, *rows = list(csv.reader(handle))
    before = _read(path).account
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *reversed(rows)])
    after = _read(path).account
    assert (before.spent, before.shares, before.reviews, before.people) == (after.spent, after.shares, after.reviews, after.people)
    assert (before.pence_in, sum(before.rows.values())) == (after.pence_in, sum(after.rows.values()))


def test_small_numbers_of_people_are_kept_back(tmp_path: Path) -> None:
    direct = {"mechanism": "Direct payment", "component": "Direct payment"}
    few = [direct | {"person_id": f"D{n}"} for n in range(3)] + [{"person_id": f"M{n}"} for n in range(20)]
    file, _ = read_rows(tmp_path / "cld.csv", *few)
    clients = shares(file.account)[:2]
    assert [one["numerator"] for one in clients] == [KEPT_BACK, KEPT_BACK]
    assert [one["per cent"] for one in clients] == [None, None]
    assert [one["numerator"] for one in shares(file.account, 0)[:2]] == [23, 3]
    assert [one["per cent"] for one in shares(file.account, 0)[:2]] == ["100.0", "13.0"]


def test_settings_are_counted_once_in_the_highest(tmp_path: Path) -> None:
    nursing = {"service_type": "Long term support: Nursing care", "component": "Nursing care", "mechanism": ""}
    file, _ = read_rows(tmp_path / "cld.csv", {"component": "Direct payment", "mechanism": "Direct payment"}, nursing)
    assert file.account.shares == {"nursing": 1}
    child = {"birth": "2010-05-05"}
    file, _ = read_rows(tmp_path / "cld.csv", child)
    assert not file.account.shares
