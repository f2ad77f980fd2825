"""A first mapping from the headings: it can be used as it is, guesses stay comments, and nothing of a person is written into it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pbcheck.cli.init_mapping import init_mapping_command
from pbcheck.errors import UsageError
from pbcheck.exports.mapping.read import MappedExport
from pbcheck.exports.mapping.suggested_text import quoted, suggest
from pbcheck.source.files import FileRead
from pbcheck.source.yaml_reader import read_yaml
from tests.conftest import FIXTURES
from tests.mapping_council import cases, write_tables

pytestmark = pytest.mark.slow

TABLES = FIXTURES / "tables"


def tables(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if one.suffix != ".yaml"]


def test_a_suggested_mapping_can_be_used_as_it_is(tmp_path: Path) -> None:
    shutil.copytree(TABLES, tmp_path / "t")
    text = suggest(tables(TABLES))
    (tmp_path / "t" / "mapping.yaml").write_text(text)
    file = FileRead(tmp_path / "t" / "mapping.yaml", "mapping.yaml")
    with MappedExport(file) as export:
        made = list(export.documents())
    assert file.faults == []
    assert export.account.agrees
    assert export.account.records == {"case": 8, "contract": 2}
    first, meant = next(one.data for one in made if one.kind == "case"), cases(8)[0]
    assert first["final"]["gross"] == meant["final"]["gross"]
    assert first["assessment"]["completed_on"] == meant["assessment"]["completed_on"]
    assert [one["cost"] for one in first["plan"]["components"]] == [one["cost"] for one in meant["plan"]["components"]]
    assert [one["amount"] for one in first["payments"]] == [one["amount"] for one in meant["payments"]]
    drawn = [[one.get("drawdowns") for one in case.data.get("statements", ())] for case in made if case.kind == "case"]
    assert [sum(map(bool, one)) for one in drawn] == [sum("drawdowns" in one for one in case["statements"]) for case in cases(8)]


def test_what_is_unsure_is_a_comment_and_columns_without_a_field_are_listed() -> None:
    text = suggest(tables(TABLES))
    assert '# unsure: person.funding: {column: Funding, values: {LA: ..., "LA + client": ...}}' in text
    assert "not_used: [Forename, Surname, DOB] # better left out of the extract" in text
    assert "# feed nothing yet:" in text
    assert 'file: "payments-*.csv"' in text
    assert "dates: [YYYYMMDD]" in text
    assert "unit: pence" in text
    assert "#   Care plan lines.xlsx, sheet Codes: Code, Category" in text
    assert "Specimen" not in text
    assert "NM-00001" not in text
    assert suggest(list(reversed(tables(TABLES)))) == text


@pytest.mark.parametrize("seed", [3, 4])
def test_suggestions_for_other_tables_can_be_read(tmp_path: Path, seed: int) -> None:
    write_tables(tmp_path, cases(40, seed))
    (tmp_path / "mapping.yaml").write_text(suggest(tables(tmp_path)))
    with MappedExport(FileRead(tmp_path / "mapping.yaml", "mapping.yaml")) as export:
        assert sum(one.kind == "case" for one in export.documents()) == 40


@pytest.mark.parametrize(
    "heading",
    ["On", "yes", "a: b", "x #y", "- z", "'", '"', "Cost\n(weekly)", "=1+1", "\x1b[31m", "null", "12", "{", "é", "a\u202eb", "Yes "],
)
def test_headings_come_out_as_they_are_read(heading: str) -> None:
    found = next(iter(read_yaml(f"key: {quoted(heading)}\n")))
    assert isinstance(found, tuple)
    assert found[0] == {"key": heading}
    assert quoted(heading).isprintable()


def test_the_command_prints_a_mapping_and_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    shutil.copytree(TABLES, tmp_path / "t")
    runner = CliRunner()
    done = runner.invoke(init_mapping_command, [str(tmp_path / "t" / "people.csv"), str(tmp_path / "t" / "budgets.csv")])
    assert done.exit_code == 0
    assert done.output.startswith("# yaml-language-server")
    assert "Client: PersonRef" in done.output
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    done = runner.invoke(init_mapping_command, [str(tmp_path / "t" / "people.csv"), str(tmp_path / "other.csv")])
    assert isinstance(done.exception, UsageError)
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(UsageError, match="empty"):
        suggest([tmp_path / "empty.csv"])
    (tmp_path / "same.csv").write_text("a,b\n1,1\n1,1\n")
    with pytest.raises(UsageError, match="tells its rows apart"):
        suggest([tmp_path / "same.csv"])
