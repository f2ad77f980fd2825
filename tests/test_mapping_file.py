"""What is wrong with a mapping file is said with file, line and column, before any row is read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pbcheck.errors import Exit, UsageError
from pbcheck.exports.mapping.mapping_file import MappingError, is_mapping
from pbcheck.exports.mapping.read import MappedExport
from pbcheck.exports.mapping.store import Store
from pbcheck.source.files import FileRead
from tests.conftest import FIXTURES, ROOT

TABLES = FIXTURES / "tables"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tables of eight cases, in a place where reading a row would be noticed."""

    def no_row(*given: object) -> None:
        raise AssertionError("a row was read")

    monkeypatch.setattr(Store, "load", no_row)
    shutil.copytree(TABLES, tmp_path / "tables")
    return tmp_path / "tables"


def refused(folder: Path) -> MappingError:
    with pytest.raises(MappingError) as stop, MappedExport(FileRead(folder / "mapping.yaml", "mapping.yaml")) as export:
        list(export.documents())
    assert stop.value.exit_code == Exit.INSTRUCTIONS
    return stop.value


CHANGES = [
    ("id: PersonRef", "idd: PersonRef", "`idd` is not a field of a case. Did you mean `id`?"),
    ("team: Locality", "team: Localty", "`people.csv` has no column `Localty`. Did you mean `Locality`?"),
    ("person.setting:", "person.seting:", "Did you mean `person.setting`?"),
    ("Own tenancy: own_home", "Own tenancy: own_hom", "Did you mean `own_home`?"),
    ("None: null, Easy read", "None: nothing, Easy read", "Expected one of: plain_english"),
    ("LA: council_funded", "LA: null", "Nothing is stated here: expected one of"),
    ("table: people\n  key", "table: peple\n  key", "There is no table `peple` under `tables`. Did you mean `people`?"),
    ("list: plan.components", "list: plan.component", "There is no list `plan.component` here. Did you mean `plan.components`?"),
    ("file: budgets.csv", "file: budget.csv", "Did you mean `budgets.csv`?"),
    ("file: budgets.csv", "file: ../budgets.csv", "leaves the folder"),
    ("file: budgets.csv", "file: budgets.xls", "An old .xls file has to be saved as .xlsx or CSV first."),
    ("file: budgets.csv", "file: budgets.csv\n    sheet: One", "Only Excel files have sheets"),
    ("file: budgets.csv", "file: budgets.csv\n    delimter: ','", "`delimter` is not a key of `tables.budgets`. Did you mean `delimiter`?"),
    ("file: budgets.csv", "file: budgets.csv\n    relation: x", "Expected either `file` or `relation`"),
    ("file: budgets.csv", "relation: budgets", "No database is named"),
    ("key: [PersonRef, Ref]", "key: [PersonRef, Reff]", "has no column `Reff`. Did you mean `Ref`?"),
    ("match: {Client: PersonRef}", "match: {Client: PersonRf}", "has no column `PersonRf`. Did you mean `PersonRef`?"),
    ("only: {Event: Referral}", "only: {Evnt: Referral}", "has no column `Evnt`. Did you mean `Event`?"),
    ("not_used: [Forename", "not_used: [Forname", "has no column `Forname`. Did you mean `Forename`?"),
    ("indicative.period: {constant: year}", "indicative.period: {constant: yearly}", "Did you mean `year`?"),
    ("indicative.period: {constant: year}", "indicative.period: {constant: 12}", "Expected one of: week"),
    ("as_of: {constant: \"2026-09-30\"}", "as_of: {constant: 30/09/2026}", "the day stands first here"),
    ("dates: [DD/MM/YYYY]", "dates: [DD/MM]", "a form is made of DD, MM and YYYY"),
    ("dates: [DD/MM/YYYY]", "dates: [DD/MM/YYYY, MM/DD/YYYY]", "would be read in two ways"),
    ("divide_by: 60", "divide_by: 0", "Expected a number of at least 1"),
    ("divide_by: 60", "divided_by: 60", "Did you mean `divide_by`?"),
    ("final.gross: Gross budget", "final.gross: {column: Gross budget, divide_by: 52}", "`divide_by` does not fit here"),
    ("final.gross: Gross budget", "final.gross: {column: Gross budget, dates: [YYYYMMDD]}", "`dates` does not fit here"),
    ("final.gross: Gross budget", "final.gross: {columns: [Gross budget, Top-up]}", "`columns` and `combine` go together."),
    ("final.gross: Gross budget", "final.gross: {columns: [Gross budget, Top-up], combine: list}", "`sum` makes a number"),
    ("final.gross: Gross budget", "final.gross: {column: Gross budget, constant: '1.00'}", "Expected one of `column`"),
    ("final.gross: Gross budget", "final.gross: {column: Gross budget, values: {nil: '1,00'}}", "Expected an amount in pounds"),
    ("final.gross: Gross budget", "final.gross: {column: Gross budget, blank: none}", "Expected an amount in pounds"),
    ("final.gross: Gross budget", "final.gross: {column: Gross budget, split: x}", "`split` and `part` go together"),
    ("final.gross: Gross budget", "final.gross: 12", "Expected text or a group of keys, found a number."),
    ("final.gross: Gross budget", "sign_off.date: Gross budget", "stands twice"),
    ("final.gross: Gross budget", "team: Gross budget", "`team` is fed twice"),
    ("final.gross: Gross budget", "arrangements: Gross budget", "`arrangements` is a list: map it under `lists`."),
    ("Day to day - council: council}", "Day to day - council: counsel}", "Did you mean `council`?"),
    ("latest: assessment.completed_on", "latest: assessment.mode", "Expected a date field that this join feeds."),
    ("order: from", "order: form", "Expected a field that this list feeds."),
    ("          match: StatementID\n", "", "`match` is missing"),
    ("list: assessment.needs\n", "list: assessment.needs\n          match: PersonRef\n", "`match` and `only` belong to a table"),
    ("kind: mapping", "kind: maping", "Expected `mapping`"),
    ("  codes:\n", "  codes2:\n", "The table `codes2` feeds nothing"),
    ("    file: people.csv", "    file: people.csv\n    heading_row: 2", "None of the columns that the mapping names is there"),
    ("kind: mapping", "kind: mapping\ndatabase: {connection: 'postgresql://me:hunter2@host/db'}", "A password does not belong here"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), CHANGES, ids=[str(number) for number in range(len(CHANGES))])
def test_a_mistake_is_said_at_its_line_and_column(folder: Path, old: str, new: str, words: str) -> None:
    path = folder / "mapping.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    error = refused(folder)
    assert words in str(error)
    line = path.read_text()[: text.index(old)].count("\n") + 1
    assert any(
        words in one.message and one.file == "mapping.yaml" and abs(one.line - line) <= 12 and one.column > 0 for one in error.faults
    )
    assert "hunter2" not in str(error)


def test_every_mistake_is_said_at_once(folder: Path) -> None:
    path = folder / "mapping.yaml"
    path.write_text(path.read_text().replace("Own tenancy: own_home", "Own tenancy: home").replace("list: payments", "list: pay"))
    assert len(refused(folder).faults) == 2
    path.write_text((TABLES / "mapping.yaml").read_text().replace("team: Locality", "team: Nowhere").replace("cost: Cost", "cost: Costs"))
    assert [one.message.split(".")[0] for one in refused(folder).faults] == [
        "`people",
        "`Care plan lines",
    ]


def test_headings_that_may_be_rows_of_people_are_not_shown(folder: Path) -> None:
    (folder / "people.csv").write_text("NM-1,Robin,Example\nNM-2,Sam,Specimen\n")
    assert "Robin" not in str(refused(folder))


def test_a_heading_that_stands_twice_is_refused_where_it_is_used(folder: Path) -> None:
    path = folder / "people.csv"
    text = path.read_text("utf-8-sig").replace("Last edited by", "Locality", 1)
    path.write_text(text)
    assert "The heading `Locality` stands twice in `people.csv`" in str(refused(folder))


@pytest.mark.parametrize("text", ["", "# only a comment", "- a list", "kind: mapping", "kind: mapping\ntables: {}", "a: [", "\x00"])
def test_what_is_no_mapping_is_refused_without_a_traceback(folder: Path, text: str) -> None:
    (folder / "mapping.yaml").write_text(text)
    assert refused(folder).faults


def test_a_mapping_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        MappedExport(FileRead(tmp_path / "mapping.yaml", "mapping.yaml"))


def test_without_duckdb_the_extra_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageError, match=r"pbcheck\[tables\]"):
        MappedExport(FileRead(folder / "mapping.yaml", "mapping.yaml"))


def test_links_that_leave_the_folder_are_not_followed(tmp_path: Path) -> None:
    shutil.copytree(TABLES, tmp_path / "tables")
    outside = tmp_path / "outside.csv"
    shutil.move(tmp_path / "tables" / "events.csv", outside)
    (tmp_path / "tables" / "events.csv").symlink_to(outside)
    file = FileRead(tmp_path / "tables" / "mapping.yaml", "mapping.yaml")
    with MappedExport(file, tmp_path / "tables") as export:
        made = list(export.documents())
    assert [(one.check, one.message) for one in file.faults] == [
        ("file-not-read", "This link leaves the folder: put a copy of the file into it.")
    ]
    assert all(("reviews",) in one.blocked for one in made if one.kind == "case")


def test_mappings_are_told_from_other_files(tmp_path: Path) -> None:
    assert is_mapping(TABLES / "mapping.yaml")
    assert not is_mapping(FIXTURES / "compliant" / "export.yaml")
    assert not is_mapping(TABLES / "people.csv")
    assert not is_mapping(tmp_path / "none.yaml")


def test_the_schema_is_what_its_source_says() -> None:
    import json

    import yaml

    made = yaml.safe_load((ROOT / "vocabulary" / "mapping.schema.yaml").read_text())
    assert json.loads((ROOT / "schemas" / "mapping.schema.json").read_text()) == made
    assert made["properties"]["kind"]["const"] == "mapping"
