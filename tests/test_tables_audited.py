"""Tables and Client Level Data returns as `pbcheck audit` meets them: beside other files, by themselves, with workers, and gone wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pbcheck import audit
from pbcheck.model import Report
from pbcheck.opened import open_export
from pbcheck.pipeline import Way
from tests.cld_returns import write_return
from tests.conftest import FIXTURES

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]
TABLES = FIXTURES / "tables"


def told(report: Report) -> set[tuple[str, str, str]]:
    return {(one.rule, one.record, one.location.pointer) for one in report.findings if one.subject == "case"}


def test_an_export_of_tables_is_judged_as_the_same_cases_in_json(tmp_path: Path) -> None:
    report = audit(TABLES)
    assert report.records["case"] == 8
    opened = open_export([TABLES])
    cases = [{key: value for key, value in one.data.items() if key != "derived"} for one in opened.cases()]
    for case in cases:
        for part in case.get("arrangements", ()):
            part.pop("derived", None)
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "cases.jsonl").write_text("".join(json.dumps(one, default=str) + "\n" for one in cases))
    contracts = [one.data for one in open_export([TABLES]).contracts.judged]
    for number, one in enumerate(contracts):
        (folder / f"contract{number}.json").write_text(json.dumps({"kind": "contract", **one}, default=str))
    again = audit(folder)
    cells = {one for one in told(report) if report.rules[one[0]].built_in}
    assert told(report) - cells == told(again)
    assert {one.location.file for one in report.findings if one.record} <= {one.path for one in report.inputs}


def test_the_tables_are_inputs_with_hashes_and_the_account_is_told() -> None:
    report = audit(TABLES)
    read = {Path(one.path).name.partition("#")[0]: one for one in report.inputs}
    assert {"mapping.yaml", "people.csv", "budgets.csv", "Care plan lines.xlsx"} <= read.keys()
    assert all(one.sha256 for one in report.inputs)
    assert any("people.csv" in one or "people" in one for one in report.remarks)


def test_workers_give_the_same_for_tables_and_returns(tmp_path: Path) -> None:
    path = tmp_path / "return.csv"
    write_return(path, rows=1200, seed=4)
    for given in (TABLES, path):
        assert audit(given).to_json() == audit(given, way=Way(jobs=2)).to_json()


def test_a_return_by_itself_and_in_a_folder(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "cld.csv"
    write_return(path, rows=600, seed=2)
    code, out, _ = run("audit", path)
    assert code == 0
    assert "is a Client Level Data return (Release " in out
    assert "rules about cases" in out
    assert out.count("national method") >= 1
    folder = tmp_path / "export"
    folder.mkdir()
    shutil.copy(path, folder / "q3.csv")
    assert audit(folder).records == audit(path).records


def test_a_defect_that_only_needs_knowing_does_not_make_the_audit_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "cld.csv"
    write_return(path, rows=400, seed=3, change=lambda row: row | {"client_type": f" {row['client_type']}"})
    report = audit(path)
    assert "cld-spaces" in {one.rule for one in report.findings}
    assert report.complete


def test_tables_without_a_mapping_are_said_to_be_left_out(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "export"
    shutil.copytree(FIXTURES / "compliant", folder)
    (folder / "extra.csv").write_text("a,b\n1,2\n")
    code, out, _ = run("audit", folder)
    assert code == 0
    assert "Tables were left out" in " ".join(out.split())
    assert "extra.csv" in out
    code, out, _ = run("audit", folder / "extra.csv")
    assert code == 3
    assert "pbcheck init mapping" in " ".join(out.split())


def test_a_mistake_in_a_mapping_stops_before_any_row_is_read(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "tables"
    shutil.copytree(TABLES, folder)
    mapping = folder / "mapping.yaml"
    text = mapping.read_text()
    assert "kind: mapping" in text
    mapping.write_text(text + "\nnonsense: 1\n")
    code, out, err = run("audit", folder)
    assert (code, out) == (2, "")
    assert "mapping.yaml:" in err


def test_a_first_mapping_from_the_headings(run: Run) -> None:
    code, out, _ = run("init", "mapping", TABLES / "people.csv", TABLES / "budgets.csv")
    assert code == 0
    assert "kind: mapping" in out


@pytest.mark.parametrize("name", ["people.csv", "budgets.csv"])
def test_a_table_that_is_gone_is_said(name: str, tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "tables"
    shutil.copytree(TABLES, folder)
    (folder / name).unlink()
    code, _, err = run("audit", folder)
    assert code == 2
    assert name in err


def test_a_file_that_is_no_return_is_only_said_to_be_none(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    code, out, err = run("cld", path)
    assert (code, out) == (3, "")
    assert "no Client Level Data return" in err
