"""`pbcheck statement`: what it prints and writes, its names of files, its exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pbcheck.cli.statements import statement_command
from pbcheck.errors import PbcheckError
from pbcheck.statement.folder import file_name
from tests.conftest import FIXTURES, ROOT
from tests.statement_cases import changed, sample

COMPLIANT = str(FIXTURES / "compliant")


def run(*arguments: object) -> Result:
    """Run the command as the group does, which returns the exit code."""
    return CliRunner().invoke(statement_command, [str(one) for one in arguments], standalone_mode=False)


def refused(*arguments: object) -> str:
    """Return why the command would not run, which ends with exit code 2."""
    result = run(*arguments)
    assert isinstance(result.exception, PbcheckError)
    assert result.exception.exit_code == 2
    assert result.stdout == ""
    return str(result.exception)


def test_it_prints_text() -> None:
    result = run(COMPLIANT, "C-001")
    assert (result.exception, result.return_value, result.stderr) == (None, 0, "")
    assert "Period: 16 June 2026 to 15 September 2026" in result.stdout
    assert "Drawn in this period" in result.stdout


def test_period_layout_and_format_are_heeded() -> None:
    result = run(COMPLIANT, "C-001", "--period", "2026-05-01..2026-05-31", "--layout", "large-print", "-f", "html")
    assert "1 May 2026 to 31 May 2026" in result.stdout
    assert '<body class="large-print">' in result.stdout
    assert "£931.00" in result.stdout


def test_a_person_who_needs_easy_read_gets_it_unless_asked_otherwise(tmp_path: Path) -> None:
    export = exported(tmp_path, {"person.communication_format": "easy_read"})
    assert '<body class="easy-read">' in run(export, "C-001", "-f", "html").stdout
    assert '<body class="standard">' in run(export, "C-001", "-f", "html", "--layout", "standard").stdout


def test_the_ending_of_a_file_says_what_it_holds(tmp_path: Path) -> None:
    for name, start in (("a.html", "<!DOCTYPE html>"), ("a.txt", "Your personal budget statement"), ("deep/down/a.htm", "<!DOCTYPE html>")):
        result = run(COMPLIANT, "C-001", "-o", tmp_path / name)
        assert (result.exception, result.stdout) == (None, "")
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.html", "a.txt", "deep"]


def test_names_of_items_come_only_when_asked_for() -> None:
    name = sample()[2]["C-001"]["plan"]["components"][0]["name"]
    assert name not in run(COMPLIANT, "C-001").stdout
    assert name in " ".join(run(COMPLIANT, "C-001", "--show-values").stdout.split())


def test_wrong_instructions_are_refused(tmp_path: Path) -> None:
    assert "Did you mean `C-001`?" in refused(COMPLIANT, "c-001")
    assert "FROM..TO" in refused(COMPLIANT, "C-001", "--period", "yesterday")
    assert "--all FOLDER" in refused(COMPLIANT)
    assert "--all FOLDER" in refused(COMPLIANT, "C-001", "--all", tmp_path)
    assert "leave out -o" in refused(COMPLIANT, "--all", tmp_path, "-o", tmp_path / "x.html")
    assert "nowhere" in refused("nowhere", "C-001")
    (tmp_path / "file").write_text("")
    assert "could not be written" in refused(COMPLIANT, "C-001", "-o", tmp_path / "file" / "x.html")
    assert "could not be written" in refused(COMPLIANT, "--all", tmp_path / "file" / "deep")


def test_all_cases_at_once(tmp_path: Path) -> None:
    result = run(COMPLIANT, "--all", tmp_path)
    assert (result.exception, result.return_value, result.stdout) == (None, 0, "")
    assert sorted(one.name for one in tmp_path.iterdir()) == [f"C-{number:03}.html" for number in range(1, 13)]
    assert "12 statements written." in result.stderr
    assert (tmp_path / "C-001.html").read_text(encoding="utf-8") == run(COMPLIANT, "C-001", "-f", "html").stdout
    assert run(COMPLIANT, "--all", tmp_path / "text", "-f", "text").return_value == 0
    assert (tmp_path / "text" / "C-012.txt").is_file()


def test_what_could_not_be_read_is_said_and_ends_with_three(tmp_path: Path) -> None:
    export = exported(tmp_path, {"statements.1.drawdowns.0.amount": "lots"})
    result = run(export, "C-001")
    assert result.return_value == 3
    assert "Part of your record could not be read." in " ".join(result.stdout.split())
    assert "case.json:" in result.stderr
    assert "lots" not in result.stderr
    gone = run(export, "C-009")
    assert (gone.return_value, gone.stdout) == (3, "")
    assert "among those that could be read" in gone.stderr
    assert run(export, "--all", tmp_path / "out").return_value == 3
    assert (tmp_path / "out" / "C-001.html").is_file()


def exported(folder: Path, changes: dict[str, Any]) -> Path:
    policy, _, cases = sample()
    (folder / "case.json").write_text(json.dumps(changed(cases["C-001"], changes)), encoding="utf-8")
    (folder / "policy.json").write_text(json.dumps(policy), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["C-001", "NM_00417", "A1"])
def test_plain_names_are_kept(name: str) -> None:
    assert file_name(name) == name


HARD = [
    "a",
    "A/B",
    "A-B",
    "A.B",
    "a-b",
    "a/b",
    "../../etc/passwd",
    "..",
    "/",
    "CON",
    "con",
    "COM1",
    "NUL",
    "C-001.html",
    "C-001/",
    "x" * 64,
    "é",
    "number 1",
]


def test_no_name_leaves_the_folder_and_no_two_clash(tmp_path: Path) -> None:
    made = [file_name(one) for one in HARD]
    assert len({one.casefold() for one in made}) == len(HARD)
    for one in made:
        assert (tmp_path / f"{one}.html").resolve().parent == tmp_path.resolve()
        assert one.split(".")[0].upper() not in ("CON", "NUL", "COM1") or "." in one
        assert not one.startswith(".")
        assert len(one) < 100


def test_ids_with_slashes_are_written_side_by_side(tmp_path: Path) -> None:
    policy, _, cases = sample()
    lines = [json.dumps(changed(cases["C-001"], {"id": one})) for one in ("A/B", "A-B", "a-b")]
    (tmp_path / "cases.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "policy.json").write_text(json.dumps(policy), encoding="utf-8")
    assert run(tmp_path, "--all", tmp_path / "out").return_value == 0
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_the_examples_of_the_documentation_are_what_it_prints() -> None:
    page = (ROOT / "docs" / "statements.md").read_text(encoding="utf-8").split("## An example")[1]
    blocks = re.findall(r"```\n(.*?)```", page, re.DOTALL)
    printed = run(COMPLIANT, "C-001").stdout + run(COMPLIANT, "C-002").stdout
    assert len(blocks) == 3
    assert [one for one in blocks if one not in printed] == []
