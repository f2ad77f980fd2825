"""A saved result gives the same report again, and what is no result is told apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pbcheck import Report, UsageError, audit
from pbcheck.render import FORMATS, render
from pbcheck.render.json_report import SCHEMA_VERSION
from pbcheck.schema.store import load
from tests import reports
from tests.conftest import FIXTURES

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]


def made() -> dict[str, Report]:
    return {
        "compliant": audit(FIXTURES / "compliant", figures=True),
        "policies": audit(FIXTURES / "councils", profile="ppf", portfolio=False),
        "decisions": audit(FIXTURES / "ombudsman", show_values=True),
        "hidden": audit(FIXTURES / "personal", key=b"k" * 32, figures=True),
        "plain": audit({"kind": "case", "id": "C-1"}),
        "nothing": reports.none(),
        "few": reports.small(),
        "set aside": reports.aside(),
        "hostile": reports.hostile(),
    }


MADE = made()


def shown(report: Report) -> Report:
    """Return a report without what only a baseline asks for, and no result holds."""
    return replace(report, findings=tuple(replace(one, identity="") for one in report.findings))


@pytest.mark.parametrize("name", MADE)
def test_what_is_read_back_is_what_was_written(name: str) -> None:
    report = MADE[name]
    text = report.to_json()
    Draft202012Validator(load("report")).validate(json.loads(text))
    again = Report.from_json(text)
    for one in fields(Report):
        assert getattr(again, one.name) == getattr(shown(report), one.name), one.name
    assert again.to_json() == text


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize("name", MADE)
def test_every_format_is_the_same_from_a_saved_result(name: str, style: str) -> None:
    report = MADE[name]
    assert render(style, Report.from_json(report.to_json())) == render(style, report)


@pytest.mark.parametrize("style", FORMATS)
def test_the_command_renders_the_same_bytes(style: str, run: Run, tmp_path: Path) -> None:
    source = FIXTURES / "councils" / "st-helens"
    code, direct, _ = run("audit", source, "-f", style, "-o", "json=result.json", "-o", f"{style}=direct")
    assert code == 1
    code, again, err = run("report", "result.json", "-f", style, "-o", f"{style}=sub/again")
    assert (code, err) == (0, "")
    assert again == direct
    assert (tmp_path / "sub" / "again").read_bytes() == (tmp_path / "direct").read_bytes()


def test_one_output_that_fails_loses_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    audited = ("audit", FIXTURES / "compliant", "-o", "json=folder", "-o", "html=a.html", "--bundle", "file/b.zip")
    code, out, err = run(*audited, "-o", "json=result.json")
    assert (code, err.count("could not be written")) == (2, 2)
    assert out.startswith("Checked")
    assert (tmp_path / "a.html").stat().st_size > 1000
    code, out, err = run("report", "result.json", "-o", "json=folder", "-o", "html=b.html")
    assert (code, err.count("could not be written")) == (2, 1)
    assert out.startswith("Checked")
    assert (tmp_path / "b.html").read_bytes() == (tmp_path / "a.html").read_bytes()


def changed(change: Callable[[Any], Any], name: str = "few") -> str:
    data = json.loads(MADE[name].to_json())
    return json.dumps(change(data) or data)


def aside_in(data: Any) -> Any:
    return next(one for one in data["findings"] if one["set_aside"])


def as_of_version_1_2(data: Any) -> None:
    """Take away what version 1.3 added."""
    data["schema_version"] = "1.2"
    del data["audit"]["decisions"], data["summary"]["set_aside"]
    for one in (*data["findings"], *data["outcomes"]):
        del one["set_aside"]
    for one in (*data["rules"], *data["background"]["rules"]):
        del one["tags"], one["locked"]


def without(data: Any, *path: str) -> None:
    for step in path[:-1]:
        data = data[int(step) if step.isdigit() else step]
    del data[path[-1]]


WRONG = {
    "no JSON": ("{", "not well-formed"),
    "deep": ("[" * 100_000, "not well-formed"),
    "empty": ("", "not well-formed"),
    "a list": ("[]", "schema_version"),
    "a policy": ('{"kind": "policy"}', "schema_version"),
    "a number as version": ('{"schema_version": 1.2}', "schema_version"),
    "version 2": (changed(lambda data: data.update(schema_version="2.0")), "use the one that wrote it"),
    "a newer version": (changed(lambda data: data.update(schema_version="1.99")), "use the one that wrote it"),
    "an older version": (changed(lambda data: data.update(schema_version="1.1")), "lacks what a report needs"),
    "a wrong type": (changed(lambda data: data["findings"][0].update(line="x")), "/findings/0/line"),
    "an unknown key": (changed(lambda data: data.update(more=1)), "its beginning"),
    "no background": (changed(lambda data: without(data, "background")), "lacks `background`"),
    "no arguments": (changed(lambda data: without(data, "findings", "0", "arguments")), "lacks `arguments`"),
    "no rule": (changed(lambda data: data["rules"].clear()), "lacks `"),
    "a fingerprint": (changed(lambda data: data["findings"][0].update(fingerprint="0" * 32)), "(`findings`)"),
    "a sum": (changed(lambda data: data["summary"].update(errors=0)), "(`summary`)"),
    "a finding less": (changed(lambda data: data.update(findings=data["findings"][1:])), "(`"),
    "completeness": (changed(lambda data: data["audit"].update(complete=True)), "(`audit`)"),
    "a decision about nothing": (changed(lambda data: aside_in(data).update(set_aside=None), "set aside"), "(`"),
    "a finding set aside": (
        changed(
            lambda data: data["findings"][0].update(
                set_aside=dict.fromkeys(("reason", "approver", "until")) | {"by": "waiver", "name": "W"}
            )
        ),
        "(`",
    ),
    "another kind of decision": (
        changed(lambda data: data["audit"]["decisions"][0].update(kind="x"), "set aside"),
        "/audit/decisions/0/kind",
    ),
    "no decisions": (changed(lambda data: without(data, "audit", "decisions"), "set aside"), "lacks `decisions`"),
    "nothing on decisions at a finding": (changed(lambda data: without(data, "findings", "0", "set_aside")), "lacks `set_aside`"),
    "a ledger of version 1.2": (changed(lambda data: (as_of_version_1_2(data), data["outcomes"][0].update(records=1))[1]), "(`outcomes`)"),
    "a ledger": (changed(lambda data: data["outcomes"][0].update(records=1)), "(`outcomes`)"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_result_is_refused_with_words(name: str, run: Run, tmp_path: Path) -> None:
    text, words = WRONG[name]
    with pytest.raises(UsageError) as caught:
        Report.from_json(text)
    assert words in str(caught.value)
    (tmp_path / "r.json").write_text(text)
    code, out, err = run("report", "r.json", "-o", "html=a.html")
    assert (code, out) == (2, "")
    assert err.startswith("pbcheck: This result" if "schema_version" in text and name != "a number as version" else "pbcheck: This is no")
    assert not (tmp_path / "a.html").exists()


def test_files_that_cannot_be_read_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xff\xfe{}")
    assert "it is not UTF-8" in run("report", "latin")[2]
    code, _, err = run("report", "none.json")
    assert (code, "cannot be read" in err) == (2, True)


def test_a_result_of_this_version_says_so() -> None:
    assert json.loads(MADE["few"].to_json())["schema_version"] == SCHEMA_VERSION == "1.3"


@pytest.mark.parametrize("name", ["few", "compliant", "policies"])
def test_a_result_of_version_1_2_is_the_report_in_which_nothing_was_set_aside(name: str) -> None:
    older = changed(as_of_version_1_2, name)
    assert "set_aside" not in older
    Draft202012Validator(load("report")).validate(json.loads(older))
    again = Report.from_json(older)
    assert again == shown(MADE[name])
    assert again.to_json() == MADE[name].to_json()
