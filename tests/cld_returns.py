"""Client Level Data returns of any size, made up: no real person, a seed for each, streamed to CSV, with defects whose places are known.

    python -m tests.cld_returns FOLDER/cld.csv --rows 200000 --seed 1 [--release 1] [--defects 40] [--clean]

`write_return` returns what it knows of the file: rows, pennies, and for each kind of defect the lines that have it.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from pbcheck.exports.cld.fields import HEADERS, LISTS

START, END = date(2025, 4, 1), date(2026, 3, 31)
POOL = 400  # rows that wait to be written in a random order, so that a person's rows lie apart
Row = dict[str, str]

_FUNDING = ("Fully client funded", "Joint client and social care funded", "Fully social care funded")
_COMPONENTS = ("Home support or domiciliary care", "Day support", "Community supported living", "Shared Lives", "Transport", "Meals")
_SUB_WEEKLY = {"Hourly": (1400, 2600), "Daily": (4000, 9000), "Per session": (1500, 6000)}
_PERIODS = {
    "Weekly": (5000, 120_000),
    "Fortnightly": (10_000, 60_000),
    "4-weekly": (20_000, 200_000),
    "Monthly": (20_000, 200_000),
    "Quarterly": (50_000, 300_000),
    "Annually": (100_000, 2_000_000),
    "One-off": (5_000, 90_000),
}


@dataclass
class Known:
    """What the maker knows of a return: rows and pennies written, people, and the lines of each kind of defect."""

    rows: int = 0
    pence: int = 0
    people: int = 0
    services: int = 0
    defects: dict[str, set[int]] = field(default_factory=dict)

    @property
    def counts(self) -> Counter[str]:
        return Counter({check: len(lines) for check, lines in self.defects.items() if lines})


def nhs_number(number: int) -> str:
    """Return a valid NHS number of the range that is kept for tests (999...)."""
    stem = 999_000_000 + number
    while True:
        rest = 11 - sum(int(digit) * (10 - at) for at, digit in enumerate(str(stem))) % 11
        if rest != 10:
            return f"{stem}{0 if rest == 11 else rest}"
        stem += 700_000


def _day(chance: random.Random, first: date, last: date) -> date:
    """Return a day between two, but no first of April, which is a defect of its own."""
    found = first + timedelta(days=chance.randint(0, max((last - first).days, 0)))
    return found + timedelta(days=1) if (found.month, found.day) == (4, 1) else found


def _money(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02}"


class _Maker:
    """Makes the rows of one person after another."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.number = 0

    def person(self) -> list[Row]:
        self.number += 1
        chance = self.chance
        base = dict.fromkeys(HEADERS, "")
        base |= {
            "la_code": "E10000099",
            "period_start": START.isoformat(),
            "period_end": END.isoformat(),
            "nhs_number": nhs_number(self.number) if chance.random() < 0.85 else "",
            "person_id": f"NM{100_000 + self.number}",
            "first_name": "Robin",
            "last_name": "Example",
            "birth": _day(chance, date(1930, 1, 1), date(2005, 12, 31)).isoformat(),
            "gender": chance.choice(("Male", "Female")),
            "postcode": "ZZ1 1ZZ",
            "client_type": "Service user",
            "has_carer": chance.choice(("Yes", "No", "Unknown")),
            "funding": chance.choice(_FUNDING),
        }
        kind = chance.random()
        if kind < 0.35:
            return [self._event(base, "Request") for _ in range(chance.randint(1, 2))]
        if kind < 0.5:
            return [self._event(base, "Request"), self._assessment(base, "Short term assessment"), self._short(base)]
        if kind < 0.9:
            return self._long_term(base)
        return self._carer(base | {"client_type": chance.choice(("Unpaid carer", "Unpaid carer known by association"))})

    def _event(self, base: Row, kind: str) -> Row:
        ended = _day(self.chance, START, END)
        started = _day(self.chance, ended - timedelta(days=40), ended - timedelta(days=1))
        made = base | {
            "event_type": kind,
            "start": started.isoformat(),
            "end": ended.isoformat(),
            "reference": f"R{self.chance.random():.12f}",
        }
        made["outcome"] = self.chance.choice(("NFA: Other", "Progress to support planning or services"))
        if kind == "Request":
            made["route"] = "Planned entry (transition)"
        return made

    def _assessment(self, base: Row, kind: str) -> Row:
        return self._event(base, "Assessment") | {"assessment_type": kind, "eligible": self.chance.choice(("Yes", "No"))}

    def _short(self, base: Row) -> Row:
        return self._event(base, "Service") | {"service_type": "Short term support: ST-Max", "component": "Reablement"}

    def _long_term(self, base: Row) -> list[Row]:
        chance = self.chance
        home = chance.random() < 0.2
        rows = [self._assessment(base, "Long term assessment")] if chance.random() < 0.4 else []
        for _ in range(1 if home else chance.randint(1, 4)):
            rows.append(self._care_home(base) if home else self._community(base))
        for _ in range(chance.choice((0, 1, 1, 2))):
            rows.append(self._event(base, "Review") | {"review_reason": chance.choice(("Planned", "Unplanned"))})
        return rows

    def _service(self, base: Row) -> Row:
        started = _day(self.chance, date(2022, 1, 1), END - timedelta(days=20))
        ended = _day(self.chance, max(started, START), END) if self.chance.random() < 0.15 else None
        return base | {
            "event_type": "Service",
            "start": started.isoformat(),
            "end": ended.isoformat() if ended else "",
            "reference": f"S{self.chance.random():.12f}",
            "outcome": "NFA: Support ended as planned" if ended else "",
            "description": self.chance.choice(("", "a, b", 'said "yes"', "two\nlines")),
        }

    def _care_home(self, base: Row) -> Row:
        kind = self.chance.choice(("Nursing care", "Residential care"))
        priced = {"unit_cost": _money(self.chance.randint(70_000, 180_000)), "frequency": "Weekly"}
        return self._service(base) | {"service_type": f"Long term support: {kind}", "component": kind} | priced

    def _community(self, base: Row) -> Row:
        mechanism = self.chance.choices(("Direct payment", "CASSR managed personal budget", "CASSR commissioned support"), (3, 5, 2))[0]
        component = "Direct payment" if mechanism == "Direct payment" else self.chance.choice(_COMPONENTS)
        made = self._service(base) | {"service_type": "Long term support: Community", "component": component, "mechanism": mechanism}
        return made | self._cost()

    def _cost(self) -> Row:
        if self.chance.random() < 0.4:
            frequency = self.chance.choice(sorted(_SUB_WEEKLY))
            units = self.chance.randint(1, 28) * 25 if frequency != "Daily" else self.chance.randint(1, 7) * 100
            return {"unit_cost": _money(self.chance.randint(*_SUB_WEEKLY[frequency])), "frequency": frequency, "units": _money(units)}
        frequency = self.chance.choice(sorted(_PERIODS))
        return {"unit_cost": _money(self.chance.randint(*_PERIODS[frequency])), "frequency": frequency, "units": ""}

    def _carer(self, base: Row) -> list[Row]:
        rows = [self._assessment(base, "Long term assessment")]
        if self.chance.random() < 0.7:
            made = self._community(base) | {"service_type": "Unpaid carer support: Direct to unpaid carer"}
            rows.append(made)
        return rows


def _service_of(kinds: str) -> Callable[[Row], bool]:
    return lambda row: row["event_type"] == "Service" and row["service_type"].startswith(kinds)


def _open(row: Row) -> bool:
    return _service_of("Long term")(row) and not row["end"]


def _managed(row: Row) -> bool:
    return _service_of("Long term support: Community")(row) and row["mechanism"] == "CASSR managed personal budget"


def _by_unit(row: Row) -> bool:
    return _managed(row) and row["frequency"] in _SUB_WEEKLY


def _by_week(row: Row) -> bool:
    return _managed(row) and row["frequency"] == "Weekly"


def _ended(row: Row) -> bool:
    return _service_of("Long term")(row) and bool(row["end"])


def _completed(row: Row) -> bool:
    return row["event_type"] == "Review"


Spoil = tuple[Callable[[Row], bool], Callable[[Row], Row]]
SPOILS: dict[str, Spoil] = {
    "cld-null-text": (_completed, lambda row: {"death": "NULL", "unit_cost": "null"}),
    "cld-spaces": (_managed, lambda row: {"mechanism": " CASSR managed  personal budget "}),
    "cld-written-otherwise": (_managed, lambda row: {"mechanism": "cassr Managed Personal budget"}),
    "cld-other-release": (_managed, lambda row: {"service_type": "Long Term Support: Community"}),
    "cld-value-not-in-list": (_managed, lambda row: {"mechanism": "Self-Funder Metering Only"}),
    "cld-value-not-known": (_managed, lambda row: {"component": "Zeppelin rides"}),
    "cld-value-missing": (_managed, lambda row: {"service_type": ""}),
    "cld-date-not-read": (_managed, lambda row: {"start": "03/25/2025"}),
    "cld-amount-not-read": (_by_week, lambda row: {"unit_cost": "about 90"}),
    "cld-negative-amount": (_by_week, lambda row: {"unit_cost": f"-{row['unit_cost']}"}),
    "cld-zero-cost": (_by_week, lambda row: {"unit_cost": "0.00"}),
    "cld-cost-missing": (_by_week, lambda row: {"unit_cost": "", "frequency": ""}),
    "cld-units-missing": (_by_unit, lambda row: {"units": ""}),
    "cld-units-contradict": (_by_week, lambda row: {"units": "7.50"}),
    "cld-ends-before-start": (_ended, lambda row: {"end": "2019-05-05"}),
    "cld-end-missing": (_ended, lambda row: {"end": ""}),
    "cld-open-after-death": (_open, lambda row: {"death": "2026-03-20"}),
    "cld-mechanism-not-stated": (_managed, lambda row: {"mechanism": ""}),
    "cld-direct-payment-in-component-only": (_managed, lambda row: {"component": "Direct payment", "mechanism": ""}),
    "cld-direct-payment-in-prison": (_managed, lambda row: {"service_type": "Long term support: Prison", "mechanism": "Direct payment"}),
    "cld-outside-the-period": (_completed, lambda row: {"start": "2023-01-09", "end": "2023-02-06"}),
    "cld-person-not-named": (_completed, lambda row: {"nhs_number": "", "person_id": ""}),
    "cld-nhs-number-not-valid": (_completed, lambda row: {"nhs_number": "9990000000"}),
    "cld-birth-dates-differ": (_completed, lambda row: {"birth": "1911-11-11"}),
}
"""Defects of one cell or row: which rows can have it, and what then stands there; one defect a row, and its line is known."""


class _Writer:
    """Writes rows in a random order within a pool, and takes down what it knows of them."""

    def __init__(self, path: Path, seed: int, known: Known, handle: object, headers: list[str], *, delimiter: str) -> None:
        self.chance = random.Random(seed + 1)
        self.known = known
        self.pool: list[tuple[Row, str, str]] = []
        self.line = 2
        self.writer = csv.writer(handle, delimiter=delimiter, lineterminator="\r\n")  # type: ignore[arg-type]  # an open text file
        self.writer.writerow(headers)

    def add(self, row: Row, defect: str = "", column: str = "") -> None:
        """Take a row; `column` is the one that a defect of the row stands in."""
        self.pool.append((row, defect, column))
        if len(self.pool) >= POOL:
            self.write(self.chance.randrange(len(self.pool)))

    def finish(self) -> None:
        while self.pool:
            self.write(self.chance.randrange(len(self.pool)))

    def write(self, at: int) -> None:
        row, defect, column = self.pool[at]
        self.pool[at] = self.pool[-1]
        self.pool.pop()
        self.writer.writerow(list(row.values()))
        known = self.known
        known.rows += 1
        known.services += row["event_type"] == "Service"
        if defect:
            before = list(row).index(column) if column else 0
            within = sum(value.count("\n") for value in list(row.values())[:before])
            known.defects.setdefault(defect, set()).add(self.line + within)
        if row["unit_cost"].replace(".", "").replace("-", "").isdigit():
            known.pence += int(row["unit_cost"].replace(".", ""))
        self.line += 1 + sum(value.count("\n") for value in row.values())


def in_release_1(row: Row) -> Row:
    """Return a row in the words of Release 1."""
    back = {name: {new: old for old, new in words.before.items() if new} for name, words in LISTS.items()}
    return {name: back.get(name, {}).get(value, value) for name, value in row.items()}


def headers_as(style: str) -> list[str]:
    """Return the headers with spaces (`spec`), with underscores (`table`), or in capitals (`capitals`)."""
    found = list(HEADERS.values())
    if style == "table":
        return [one.replace(": ", "_").replace(" (", "_").replace(")", "").replace(". ", "_").replace(" ", "_") for one in found]
    return [one.upper() for one in found] if style == "capitals" else found


def people(seed: int) -> Iterator[list[Row]]:
    """Yield the rows of one person after another, without end."""
    maker = _Maker(seed)
    while True:
        yield maker.person()


def write_return(
    path: Path,
    *,
    rows: int,
    seed: int = 1,
    release: int = 2,
    defects: int = 0,
    twice: int = 0,
    style: str = "spec",
    encoding: str = "utf-8",
    delimiter: str = ",",
    change: Callable[[Row], Row] = dict,
) -> Known:
    """Write about so many rows, with so many defects of each kind and so many rows that stand twice; return what is known of them."""
    known = Known()
    left = dict.fromkeys(SPOILS, defects)
    chance = random.Random(seed + 2)
    with path.open("w", encoding=encoding, newline="") as handle:
        writer = _Writer(path, seed, known, handle, headers_as(style), delimiter=delimiter)
        for person in people(seed):
            known.people += 1
            person = [change(in_release_1(row) if release == 1 else row) for row in person]
            chosen = _choose(person, left) if len(person) > 1 and not any(row["death"] for row in person) else None
            for row in person:
                if chosen and row is chosen[0]:
                    left[chosen[1]] -= 1
                    spoilt = SPOILS[chosen[1]][1](row)
                    writer.add(row | spoilt, chosen[1], next(iter(spoilt)))
                    continue
                writer.add(row)
                if twice and chosen is None and row["event_type"] != "Service" and chance.random() < 0.5:
                    twice -= 1
                    writer.add(dict(row), "cld-event-twice")
            if known.rows + len(writer.pool) >= rows and not any(left.values()) and not twice:
                break
        writer.finish()
    return known


def _choose(person: list[Row], left: dict[str, int]) -> tuple[Row, str] | None:
    """Return a row of a person and the defect it will have: one that is still wanted and that the row can have."""
    for defect in sorted(left, key=lambda one: -left[one]):
        if left[defect] <= 0:
            return None
        for row in person:
            alone = defect != "cld-birth-dates-differ" or row is not person[0]
            named = defect != "cld-nhs-number-not-valid" or not row["nhs_number"]
            if SPOILS[defect][0](row) and alone and named:
                return row, defect
    return None


def main() -> None:
    """Write a return and print what is known of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--release", type=int, choices=(1, 2), default=2)
    parser.add_argument("--defects", type=int, default=40, help="how many of each kind")
    options = parser.parse_args()
    known = write_return(options.path, rows=options.rows, seed=options.seed, release=options.release, defects=options.defects)
    print(f"{known.rows} rows, {known.people} people, {known.pence} pence; defects: {dict(known.counts)}")  # noqa: T201  # a tool's answer


if __name__ == "__main__":
    main()
