"""Every defect that returns are known to have is found, in its row and column, and nothing personal is said of it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from pbcheck.exports.cld.fields import HEADERS
from pbcheck.exports.cld.reader import ReturnRead, read_cld, return_at
from pbcheck.rulebook.book import load_rulebook
from pbcheck.source.document import Document, Fault
from pbcheck.source.files import read_documents
from tests.cld_returns import SPOILS, Row, headers_as, write_return

CHECKS = {name for name in load_rulebook().rules if name.startswith("cld-")}
BASE: Row = dict.fromkeys(HEADERS, "") | {
    "la_code": "E10000099",
    "period_start": "2025-04-01",
    "period_end": "2026-03-31",
    "person_id": "A1",
    "first_name": "Ottoline",
    "last_name": "Specimen",
    "client_type": "Service user",
    "event_type": "Service",
    "start": "2024-06-03",
    "service_type": "Long term support: Community",
    "component": "Day support",
    "mechanism": "CASSR managed personal budget",
    "unit_cost": "100.00",
    "frequency": "Weekly",
}


def read_rows(path: Path, *rows: Row, text: str = "") -> tuple[ReturnRead, list[Document]]:
    """Return what comes of a return of some rows, each given by how it differs from one community service."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(headers_as("spec"))
        for row in rows:
            writer.writerow(list((BASE | row).values()))
        handle.write(text)
    file = ReturnRead(path, "cld.csv")
    return file, list(read_cld(file, None))


def checks(file: ReturnRead) -> Counter[str]:
    return Counter(one.check for one in file.faults)


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, set[int]], list[Fault]]:
    path = tmp_path_factory.mktemp("cld") / "cld.csv"
    known = write_return(path, rows=2500, seed=11, defects=4, twice=6)
    file = ReturnRead(path, "cld.csv")
    assert sum(1 for _ in read_cld(file, None)) > 100
    return path, known.defects, file.faults


@pytest.mark.parametrize("check", [*sorted(SPOILS), "cld-event-twice"])
def test_each_defect_of_a_generated_return_is_found_where_it_is(spoilt: tuple[Path, dict[str, set[int]], list[Fault]], check: str) -> None:
    _, known, faults = spoilt
    found = sorted(one.mark.line for one in faults if one.check == check)
    if check == "cld-event-twice":  # either of the two rows may be the one that is kept
        assert len(found) >= len(known[check]) == 6
        return
    if check == "cld-birth-dates-differ":  # of two dates, the one that stands later in the file is named
        assert len(found) == len(known[check])
        return
    assert found == sorted(known[check]), f"{check}: found in {found}, made in {sorted(known[check])}"


def test_the_mark_of_a_fault_is_the_cell_that_the_message_names(spoilt: tuple[Path, dict[str, set[int]], list[Fault]]) -> None:
    path, _, faults = spoilt
    lines = path.read_bytes().decode().split("\n")
    for one in faults:
        name = next(key for key, text in HEADERS.items() if text == one.message.split(":")[0])
        rows = [next(csv.reader(io.StringIO("\n".join(lines[start:]), newline=""))) for start in (one.mark.line - 1, one.mark.line - 2)]
        row = next(cells for cells in rows if len(cells) == len(HEADERS))
        cell = row[list(HEADERS).index(name)]
        stands = lines[one.mark.line - 1].rstrip("\r")[one.mark.column - 1 : one.mark.end_column - 1]
        assert stands.strip('"').replace('""', '"') == cell


def test_nothing_personal_is_said(spoilt: tuple[Path, dict[str, set[int]], list[Fault]]) -> None:
    path, _, faults = spoilt
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    secrets = {
        row[HEADERS[name]] for row in rows for name in ("nhs_number", "first_name", "last_name", "birth", "postcode", "description")
    } - {""}
    for one in faults:
        assert not [secret for secret in secrets if secret in one.message or secret in one.record]


FEBRUARY = {"event_type": "Review", "start": "2026-02-02", "end": "2026-02-09", "service_type": "", "component": "", "mechanism": ""} | {
    "unit_cost": "",
    "frequency": "",
    "review_reason": "Planned",
}
ONE_BY_ONE: dict[str, tuple[Row, ...]] = {
    "cld-old-release": tuple(
        {"mechanism": "Direct Payment", "service_type": "Long Term Support: Community", "client_type": "Service User", "person_id": f"B{n}"}
        for n in range(3)
    ),
    "cld-period-not-stated": ({"period_start": "", "period_end": ""},),
    "cld-period-longer-than-data": tuple(FEBRUARY | {"person_id": f"B{n}"} for n in range(25)),
    "cld-council-varies": ({}, {"la_code": "Northmere", "person_id": "A2"}),
    "cld-identifiers-clash": ({"nhs_number": "9990000018"}, {"nhs_number": "9990000026", "start": "2024-07-01"}),
    "cld-dead-before-start": ({"death": "2024-01-01"},),
    "cld-starts-reset": tuple({"person_id": f"B{n}", "start": "2025-04-01"} for n in range(12)),
    "cld-settings-conflict": ({}, {"service_type": "Long term support: Nursing care", "component": "Nursing care", "mechanism": ""}),
    "cld-header": (),
    "cld-row-not-read": ({},),
}


@pytest.mark.parametrize("check", sorted(ONE_BY_ONE))
def test_each_other_defect_is_found(tmp_path: Path, check: str) -> None:
    text = "1,2,3\r\n" if check == "cld-row-not-read" else ""
    file, _ = read_rows(tmp_path / "cld.csv", *ONE_BY_ONE[check], text=text)
    if check == "cld-header":
        (tmp_path / "cld.csv").write_text(",".join(one for one in headers_as("spec") if one != "Client Type"), encoding="utf-8")
        file = ReturnRead(tmp_path / "cld.csv", "cld.csv")
        assert list(read_cld(file, None)) == []
    assert check in checks(file)


def test_every_check_has_a_page_and_is_tested() -> None:
    assert {*SPOILS, *ONE_BY_ONE, "cld-event-twice"} == CHECKS


def test_an_undisturbed_return_has_no_fault(tmp_path: Path) -> None:
    write_return(tmp_path / "cld.csv", rows=600, seed=5)
    file = ReturnRead(tmp_path / "cld.csv", "cld.csv")
    assert len(list(read_cld(file, None))) > 50
    assert {one.check for one in file.faults} <= {"cld-event-twice"}


def test_the_same_service_that_ended_the_day_before_is_a_reset(tmp_path: Path) -> None:
    file, (case,) = read_rows(
        tmp_path / "cld.csv", {"start": "2023-05-02", "end": "2025-03-31", "period_start": "2025-01-01"}, {"start": "2025-04-01"}
    )
    assert [(one.check, one.mark.line) for one in file.faults if one.check == "cld-starts-reset"] == [("cld-starts-reset", 3)]
    assert ("plan", "components", 1, "starts_on") in case.blocked
    assert "starts_on" not in case.data["plan"]["components"][1]


def test_a_service_that_vanishes_between_two_returns_is_closed_and_said(tmp_path: Path) -> None:
    before = {"period_start": "2024-01-01", "period_end": "2024-12-31"}
    file, (case,) = read_rows(tmp_path / "cld.csv", before, {"person_id": "A1", "component": "Meals"}, before | {"component": "Meals"})
    assert [(one.check, one.mark.line) for one in file.faults] == [("cld-event-twice", 4), ("cld-end-missing", 2)]
    assert ("plan", "components", 0, "ends_on") in case.blocked


def test_a_quotation_mark_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    path = tmp_path / "cld.csv"
    file, cases = read_rows(path, {"person_id": "A1"}, {"person_id": "A2"}, {"person_id": "A3"})
    lines = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join([lines[0], b'"' + lines[1], *lines[2:]]))
    file = ReturnRead(path, "cld.csv")
    cases = list(read_cld(file, None))
    assert [one.data["id"] for one in cases] == ["A2", "A3"]
    assert [(one.check, one.mark.line) for one in file.faults] == [("cld-row-not-read", 2)]
    assert (file.account.rows_in, file.account.rows["row"]) == (3, 1)
    assert file.account.reconciles


def test_a_quotation_mark_that_another_row_closes_costs_one_row_too(tmp_path: Path) -> None:
    path = tmp_path / "cld.csv"
    read_rows(path, {"person_id": "A1"}, {"person_id": "A2", "description": "a, b"}, {"person_id": "A3"})
    lines = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join([lines[0], lines[1].replace(b",Service,", b',"Service,'), *lines[2:]]))
    file = ReturnRead(path, "cld.csv")
    assert [one.data["id"] for one in read_cld(file, None)] == ["A2", "A3"]
    assert [(one.check, one.mark.line) for one in file.faults] == [("cld-row-not-read", 2)]


def test_a_file_is_taken_for_a_return_only_where_it_is_one(tmp_path: Path) -> None:
    read_rows(tmp_path / "cld.csv", {})
    file = return_at(tmp_path / "cld.csv", "cld.csv")
    assert file is not None
    assert len(list(read_documents(file, tmp_path))) == file.records == file.account.cases == 1
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert return_at(tmp_path / "other.csv", "other.csv") is None


def test_rows_of_blanks_are_no_rows(tmp_path: Path) -> None:
    file, cases = read_rows(tmp_path / "cld.csv", {}, text="," * (len(HEADERS) - 1) + "\r\n\r\n")
    assert len(cases) == 1
    assert (file.account.rows_in, file.faults) == (1, [])


def test_hostile_text_comes_out_inert(tmp_path: Path) -> None:
    nasty = "\x1b[31m=cmd|' /C calc'!A0<script>::error::\u202e"
    rows = [{name: nasty} for name in HEADERS if name not in ("nhs_number",)]
    file, cases = read_rows(tmp_path / "cld.csv", *rows)
    assert file.faults
    for one in file.faults:
        assert "\x1b" not in one.message
        assert "script" not in one.message
        assert "calc" not in one.message
    for case in cases:
        assert "calc" not in str(case.data)
