"""The command as users meet it: exit codes, formats, help that names the nearest name, no traceback ever."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pbcheck import __version__
from pbcheck.cli import main as cli
from pbcheck.schema.store import load
from tests.conftest import FIXTURES

Run = Callable[..., tuple[int, str, str]]
STEP = "kind: policy\nauthority: Exampleshire\n"


def test_the_sample_export_is_clean(run: Run) -> None:
    code, out, err = run("audit", FIXTURES / "compliant")
    assert (code, err) == (0, "")
    assert "0 errors, 0 warnings, 0 notes" in out


def test_a_real_policy_shows_place_line_reason_remedy_and_source(run: Run) -> None:
    code, out, _ = run("check", FIXTURES / "councils" / "st-helens" / "policy.yaml")
    assert code == 1
    assert "[unspent-money-taken-back]" in out
    lines = (FIXTURES / "councils" / "st-helens" / "policy.yaml").read_text().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "recoup:" in text)
    assert f"policy.yaml:{line}:" in out
    for part in ("= why:", "= do:", "= source:", "^^^", "Outcomes:"):
        assert part in out


CODES = [
    (["audit", "{compliant}"], 0),
    (["audit", "{compliant}", "-f", "json"], 0),
    (["check", "{st-helens}"], 1),
    (["check", "{st-helens}", "-f", "json"], 1),
    (["check", "{st-helens}", "-f", "html"], 1),
    (["check", "{st-helens}", "--fail-level", "never"], 0),
    (["check", "{bad}"], 3),
    (["check", "{bad}", "-f", "json"], 3),
    (["check", "{bad}", "{st-helens}"], 3),
    (["check", "{bad}", "--fail-level", "never"], 3),
    (["audit", "{empty}"], 3),
    (["audit", "nowhere"], 2),
    (["audit", "--profile", "tomorrow"], 2),
    (["audit", "--as-of", "1 May"], 2),
    (["audit", "--as-of", "2026-13-01"], 2),
    (["audit", "-o", "report.html"], 2),
    (["audit", "--wibble"], 2),
    (["audit", "--rules", "nowhere"], 2),
    (["explain", "unspent-money-taken-back"], 0),
    (["explain", "unspent-money"], 2),
    (["rules", "list"], 0),
    (["rules", "list", "--theme", "use-of-the-budge"], 2),
    (["schema", "show", "polcy"], 2),
    (["schema", "show", "policy"], 0),
    (["schema", "list"], 0),
    (["tset"], 2),
    (["--version"], 0),
    (["--help"], 0),
    (["completion", "bash"], 0),
    (["completion", "zsh"], 0),
    (["completion", "fish"], 0),
    (["completion", "tcsh"], 2),
    (["test", "--rule", "unspent-money-taken-back"], 0),
    (["test", "--rule", "nothing-like-it"], 2),
    (["test", "nowhere"], 2),
]


@pytest.mark.parametrize(("arguments", "code"), CODES, ids=[" ".join(one[0]) for one in CODES])
def test_exit_codes(arguments: list[str], code: int, run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(STEP + "surplus: {recoup: no}\n")
    (tmp_path / "empty").mkdir()
    places = {
        "{compliant}": FIXTURES / "compliant",
        "{st-helens}": FIXTURES / "councils" / "st-helens" / "policy.yaml",
        "{bad}": tmp_path / "bad.yaml",
        "{empty}": tmp_path / "empty",
    }
    got, out, err = run(*[places.get(one, one) for one in arguments])
    assert got == code, out + err
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["explain", "unspent-money-takn-back"], "Did you mean `unspent-money-taken-back`?"),
        (["schema", "show", "polcy"], "Did you mean `policy`?"),
        (["chek"], "Did you mean `check`?"),
        (["rules", "list", "--theme", "use-of-the-budge"], "Did you mean `use-of-the-budget`?"),
    ],
)
def test_did_you_mean(arguments: list[str], hint: str, run: Run) -> None:
    _, out, err = run(*arguments)
    assert hint in err
    assert out == ""


def test_a_misspelled_path_names_its_neighbour(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(STEP)
    code, _, err = run("check", tmp_path / "polcy.yaml")
    assert (code, "Did you mean `policy.yaml`?" in err) == (2, True)


def test_json_on_standard_output_is_the_published_format_and_nothing_else(run: Run) -> None:
    _, out, err = run("audit", FIXTURES / "councils" / "st-helens", "-f", "json")
    report = json.loads(out)
    Draft202012Validator(load("report")).validate(report)
    assert err == ""
    assert report["tool"]["version"] == __version__
    assert report["inputs"][0]["sha256"]


def test_several_outputs_in_one_run_and_one_that_fails_loses_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    outputs = ["-o", "json=a.json", "-o", f"html={tmp_path / 'folder'}", "-o", "html=sub/b.html"]
    code, out, err = run("audit", FIXTURES / "compliant", *outputs)
    assert code == 2
    assert "could not be written" in err
    assert json.loads((tmp_path / "a.json").read_text())["audit"]["complete"]
    assert (tmp_path / "sub" / "b.html").read_text().startswith("<!DOCTYPE html>")
    assert "Checked" in out


def test_the_same_input_gives_the_same_bytes(
    process: Callable[..., subprocess.CompletedProcess[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        monkeypatch.setenv("TZ", zone)
        for style in ("json", "html", "text"):
            seen.add((style, process("audit", "fixtures/councils/st-helens", "fixtures/ombudsman/18-012-892", "-f", style).stdout))
    assert len(seen) == 3


def test_a_bug_is_told_without_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: object, **__: object) -> None:
        raise ZeroDivisionError("Mrs Example, 12 High Street")

    monkeypatch.setattr("pbcheck.pipeline.audit", burst)
    code, out, err = run("audit", FIXTURES / "compliant")
    assert code == 70
    assert "High Street" not in out + err
    assert "ZeroDivisionError" in err
    monkeypatch.setenv("PBCHECK_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run("audit", FIXTURES / "compliant")


def test_an_interrupt_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pbcheck.pipeline.audit", stop)
    assert run("audit", FIXTURES / "compliant")[0] == 130


def test_version_and_module(process: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert process("--version").stdout.strip() == f"pbcheck, version {__version__}"
    assert sorted(cli.Commands.homes) == cli.main.list_commands(None)  # type: ignore[arg-type]  # no context is read


def test_explain_gives_all_metadata_as_json(run: Run) -> None:
    _, out, _ = run("explain", "unspent-money-taken-back", "-f", "json")
    page = json.loads(out)
    assert page["obligations"][0]["obligation"]
    assert page["examples"]["fail"]


def test_rules_list_as_json_and_by_subject(run: Run) -> None:
    _, out, _ = run("rules", "list", "-f", "json", "--subject", "policy")
    assert {one["subject"] for one in json.loads(out)} == {"policy"}


def test_coverage_is_complete(run: Run) -> None:
    code, out, _ = run("rules", "coverage")
    assert code == 0, out[-3000:]
    assert "195 of 195 obligations accounted for" in out
    code, out, _ = run("rules", "coverage", "--by", "law", "-f", "json")
    assert code == 0
    assert json.loads(out)["rows"][0]["relation"]
