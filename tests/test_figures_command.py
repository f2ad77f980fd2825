"""`pbcheck figures`: cases, traces, files, another policy, and what it says when something is wrong."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from click.testing import CliRunner, Result

from pbcheck.cli.figures import STYLES
from pbcheck.cli.main import main
from pbcheck.figures.budget.figure_row import COLUMNS
from pbcheck.figures.budget.sheet import CASE, CONTRACT
from tests.conftest import FIXTURES

COMPLIANT = str(FIXTURES / "compliant")


def ran(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["figures", *arguments], standalone_mode=False)
    if result.exception is not None and code == 0:
        raise result.exception
    assert (result.return_value or 0) == code, result.output
    return result


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["figures", *arguments], standalone_mode=False)
    assert result.exception is not None
    return str(result.exception)


def rows(*arguments: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ran(*arguments, "-f", "csv").stdout)))


def test_every_figure_of_the_register_is_there_for_a_case() -> None:
    found = {one["figure"] for one in rows(COMPLIANT, "--case", "C-001")}
    assert found == set(CASE)
    everything = rows(COMPLIANT, "--all-cases")
    assert {one["figure"] for one in everything} == set(CASE) | set(CONTRACT)
    assert len({one["record"] for one in everything}) == 15


def test_a_case_as_text_names_unit_and_status() -> None:
    text = ran(COMPLIANT, "--case", "C-001").stdout
    assert "C-001  (52 weeks a year; cost method: notes)" in text
    assert "£11,400.00 a year" in text
    assert "£40.00 a week" in text
    assert "not applicable" in text


def test_the_trace_gives_the_sum_and_where_the_inputs_stand() -> None:
    text = ran(COMPLIANT, "--case", "C-001", "--trace").stdout
    assert "FIG-NET: gross less the contribution" in text
    assert "= max(11400.00 - min(40.00, 11400.00/52)*52, 0)" in text
    assert "cases/c-001.yaml:" in text
    assert "/contribution/maximum 40.00" in text
    assert "policy/money.yaml:" in text
    assert "/money/weeks_per_year 52" in text


def test_json_and_parquet_hold_the_same_rows_as_csv(tmp_path: Path) -> None:
    flat = rows(COMPLIANT, "--all-cases")
    data = json.loads(ran(COMPLIANT, "--all-cases", "-f", "json").stdout)
    assert data["as_of"] == "2026-09-30"
    ran(COMPLIANT, "--all-cases", "-f", "parquet", "-o", str(tmp_path / "f.parquet"))
    table = pyarrow.parquet.read_table(tmp_path / "f.parquet").to_pylist()
    key = ("record", "figure", "part", "status", "value", "exact")
    as_csv = [tuple(one[name] for name in key) for one in flat]
    assert [tuple(one.get(name, "") for name in key) for one in data["figures"]] == as_csv
    assert [tuple(one[name] or "" for name in key) for one in table] == as_csv
    assert list(table[0]) == list(COLUMNS)


@pytest.mark.parametrize("style", STYLES)
def test_a_file_is_written_whole_or_not_at_all(style: str, tmp_path: Path) -> None:
    out = tmp_path / "figures.out"
    ran(COMPLIANT, "--case", "C-001", "-f", style, "-o", str(out))
    assert out.stat().st_size > 1000
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    said = refused(COMPLIANT, "--case", "C-001", "-f", style, "-o", str(tmp_path / "file" / "figures.out"))
    assert "could not be written" in said
    assert sorted(one.name for one in tmp_path.iterdir()) == ["figures.out", "file", "folder"]


def test_a_formula_in_the_data_is_no_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    case = {"kind": "case", "id": "X-1", "final": {"gross": "10.00", "period": "year"}}
    case["plan"] = {"components": [{"id": "=HYPERLINK(A1)", "cost": "5.00", "period": "year", "needs": []}]}
    (tmp_path / "case.json").write_text(json.dumps(case))
    found = [one for one in rows(str(tmp_path / "case.json"), "--case", "X-1") if "HYPERLINK" in one["part"]]
    assert found
    assert all(not one["part"].startswith("=") for one in found)


def test_what_is_wrong_is_said_and_nothing_is_done(tmp_path: Path) -> None:
    assert "Did you mean `C-001`" in refused(COMPLIANT, "--case", "C-0001")
    assert "-o FILE" in refused(COMPLIANT, "-f", "parquet")
    assert "--case ID" in refused(COMPLIANT, "--trace")
    assert "leave one of them out" in refused(COMPLIANT, "--all-cases", "--case", "C-001")
    assert "no case" in refused(str(FIXTURES / "councils" / "st-helens" / "policy.yaml"), "--all-cases")
    (tmp_path / "bad.yaml").write_text("kind: policy\nauthority: [\n")
    assert "holds no policy that can be used" in refused(COMPLIANT, "--policy", str(tmp_path / "bad.yaml"))
    empty = tmp_path / "empty"
    empty.mkdir()
    assert refused(str(empty), "--all-cases")


def test_what_could_not_be_read_is_said_and_ends_with_3(tmp_path: Path) -> None:
    shutil.copytree(COMPLIANT, tmp_path / "export")
    broken = tmp_path / "export" / "cases" / "c-002.yaml"
    broken.write_text(broken.read_text().replace("gross: ", "gross: minus ", 1))
    result = ran(str(tmp_path / "export"), "--case", "C-001", code=3)
    assert "£11,400.00 a year" in result.stdout
    assert "c-002.yaml" in result.stderr
    assert "the figures lack it" in result.stderr


def other_policy(tmp_path: Path, **money: str) -> str:
    (tmp_path / "other.yaml").write_text(
        "kind: policy\nauthority: Exampleshire County Council\nmoney:\n"
        + "".join(f"  {name}: '{value}'\n" for name, value in money.items())
    )
    return str(tmp_path / "other.yaml")


def test_another_policy_case_by_case(tmp_path: Path) -> None:
    found = rows(COMPLIANT, "--case", "C-001", "--policy", other_policy(tmp_path, weeks_per_year="365/7"))
    net = next(one for one in found if one["figure"] == "net")
    assert (net["before"], net["after"], net["a_year"], net["a_week"]) == ("9320.00", "9314.29", "-5.71", "-0.60")
    assert "review_gap" not in {one["figure"] for one in found}, "what the other policy does not state stays"


def test_another_policy_that_says_the_same_changes_nothing(tmp_path: Path) -> None:
    said = ran(COMPLIANT, "--all-cases", "--policy", other_policy(tmp_path, weeks_per_year="52", uplift_pct="3.5")).stdout
    assert said == "The other policy changes no figure.\n"


def test_another_policy_in_all_hides_small_numbers(tmp_path: Path) -> None:
    other = other_policy(tmp_path, weeks_per_year="365/7")
    shown = {(one["figure"], one["part"]): one for one in rows(COMPLIANT, "--policy", other, "--fewest", "0")}
    hidden = {(one["figure"], one["part"]): one for one in rows(COMPLIANT, "--policy", other)}
    assert shown.keys() == hidden.keys()
    assert shown["net", ""]["cases"] == "8"
    for key, one in hidden.items():
        number = int(shown[key]["cases"])
        counts = [number, 12 - number, int(shown[key]["more"]), int(shown[key]["less"])]
        few = any(0 < each < 5 for each in counts)
        assert (one["cases"] == "hidden") == few
        assert (one["a_year"] == "hidden") == few
    by_case = rows(COMPLIANT, "--policy", other, "--all-cases")
    total: Any = sum(float(one["a_year"]) for one in by_case if one["figure"] == "net")
    assert abs(total - float(shown["net", ""]["a_year"])) < 0.05, "the total is the sum of the cases, but for rounding"
