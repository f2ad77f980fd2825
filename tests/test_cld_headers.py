"""Which files are Client Level Data returns: both releases, every way in which headers are written, and near misses explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbcheck.exports.cld.fields import HEADERS, NEEDED
from pbcheck.exports.cld.reader import ReturnRead, read_cld
from pbcheck.exports.cld.release import recognise
from tests.cld_returns import headers_as, write_return


@pytest.mark.parametrize("release", [1, 2])
@pytest.mark.parametrize("style", ["spec", "table", "capitals"])
@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", "\t")])
def test_a_return_is_recognised_however_it_is_written(tmp_path: Path, release: int, style: str, encoding: str, delimiter: str) -> None:
    path = tmp_path / "cld.csv"
    write_return(path, rows=60, release=release, style=style, encoding=encoding, delimiter=delimiter)
    found = recognise(path)
    assert found is not None
    assert (found.number, found.usable, found.dialect.delimiter) == (release, True, delimiter)
    assert set(found.columns) == set(HEADERS)
    assert not found.faults
    file = ReturnRead(path, "cld.csv")
    assert list(read_cld(file, tmp_path))
    assert not [one for one in file.faults if one.check != "cld-old-release"]


def _write(path: Path, headers: list[str], *rows: str) -> Path:
    path.write_text("\r\n".join([",".join(headers), *rows]) + "\r\n", encoding="utf-8")
    return path


def test_quotation_marks_and_text_that_only_cp1252_holds(tmp_path: Path) -> None:
    path = tmp_path / "cld.csv"
    headers = [f'"{HEADERS[name]}"' for name in (*NEEDED, "description")]
    values = ["01/04/2025", "31/03/2026", "A1", "Service user", "Service", "02/06/2025", "", "Long term support: Community"]
    values += ["Meals", "CASSR managed personal budget", "12.50", "Weekly", "", "caf\u00e9 \u2013 d\u00e9j\u00e0 vu \u20ac"]
    path.write_bytes((",".join(headers) + "\n" + ",".join(f'"{one}"' for one in values) + "\n").encode("cp1252"))
    found = recognise(path)
    assert found is not None
    assert found.dialect.encoding == "cp1252"
    file = ReturnRead(path, "cld.csv")
    (case,) = read_cld(file, None)
    assert file.faults == []
    assert case.data["plan"]["components"][0]["cost"] == "12.50"
    assert file.sha256
    assert file.size == path.stat().st_size


def test_columns_that_no_case_needs_may_be_left_out(tmp_path: Path) -> None:
    found = recognise(_write(tmp_path / "cld.csv", [HEADERS[name] for name in NEEDED]))
    assert found is not None
    assert found.usable
    assert not found.faults


def test_a_misspelled_header_is_named_with_the_right_one(tmp_path: Path) -> None:
    headers = headers_as("spec")
    headers[headers.index("Delivery Mechanism")] = "Delivry Mechanism"
    headers[headers.index("Date of Death")] = "Date of Deth"
    path = _write(tmp_path / "cld.csv", headers)
    found = recognise(path)
    assert found is not None
    assert not found.usable
    messages = [one.message for one in found.faults]
    assert any("Did you mean `Delivery Mechanism`?" in one for one in messages)
    assert any("Did you mean `Date of Death`?" in one for one in messages)
    wrong = next(one for one in found.faults if "Delivery" in one.message)
    assert path.read_text(encoding="utf-8").split("\n")[0][wrong.mark.column - 1 :].startswith("Delivry Mechanism")
    file = ReturnRead(path, "cld.csv")
    assert list(read_cld(file, None)) == []
    assert {one.check for one in file.faults} == {"cld-header"}


def test_a_missing_header_is_named(tmp_path: Path) -> None:
    found = recognise(_write(tmp_path / "cld.csv", [one for one in headers_as("spec") if one != "Unit Cost"]))
    assert found is not None
    assert not found.usable
    assert [one.message for one in found.faults] == [
        "The column Unit Cost is missing, and no case can be built without it: export the return with this column."
    ]


def test_a_header_that_stands_twice_is_no_guess(tmp_path: Path) -> None:
    found = recognise(_write(tmp_path / "cld.csv", [*headers_as("spec"), "unit_cost"]))
    assert found is not None
    assert not found.usable
    assert "stands twice" in found.faults[0].message


@pytest.mark.parametrize(
    "text", ["", "\n\n", "a,b,c\n1,2,3\n", "kind: case\n", "Name,Date of Birth,Postcode\n", "LA Code,Event Type,Start\n", "\x00\x01\x02"]
)
def test_other_files_are_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(text, encoding="utf-8")
    assert recognise(path) is None


def test_no_file_and_a_folder_are_none(tmp_path: Path) -> None:
    assert recognise(tmp_path / "gone.csv") is None
    assert recognise(tmp_path) is None
    for path in (tmp_path / "gone.csv", tmp_path):
        file = ReturnRead(path, "x")
        assert list(read_cld(file, None)) == []
        assert [one.check for one in file.faults] == ["file-not-read"]


def test_utf16_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cld.csv"
    path.write_bytes((",".join(headers_as("spec")) + "\n").encode("utf-16"))
    found = recognise(path)
    assert found is not None
    assert not found.usable
    assert [one.check for one in found.faults] == ["not-utf8"]


def test_a_return_without_rows_is_said_to_be_empty(tmp_path: Path) -> None:
    file = ReturnRead(_write(tmp_path / "cld.csv", headers_as("spec")), "cld.csv")
    assert list(read_cld(file, None)) == []
    assert {one.check for one in file.faults} == {"empty-file"}
