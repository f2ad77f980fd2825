"""Decisions name no case where cases are named by keyed hashes."""

from __future__ import annotations

from dataclasses import replace

from pbcheck.model import Decision, Input, Location, Report, SetAside
from pbcheck.pseudonyms import Pseudonyms
from pbcheck.render import FORMATS, render
from tests import reports

KEY = b"k" * 32
NAMES = Pseudonyms(KEY, ["C-001", "C-002", "C-003"])


def where(text: str, rule: str = "plan-not-costed", kind: str = "waiver") -> str:
    report = replace(reports.aside(), decisions=(Decision(kind, "W-1", rule, text),))
    return NAMES.report(report).decisions[0].where


def test_a_decision_names_a_case_as_the_findings_do() -> None:
    report = NAMES.report(reports.aside())
    name = NAMES.name("C-002")
    waiver = next(one for one in report.decisions if one.name == "W-001")
    assert waiver.where == name
    assert name in {one.record for one in report.findings if one.set_aside}
    for style in FORMATS:
        assert "C-002" not in render(style, report), style


def test_a_case_that_is_not_in_the_export_any_more_is_not_named_either() -> None:
    assert where("C-999") == NAMES.name("C-999")
    assert where("C-002 /plan/components/1") == f"{NAMES.name('C-002')} /plan/components/1"
    assert where("C-999", rule="") == NAMES.name("C-999")
    assert "C-999" not in where("C-999 cases/C-999.yaml /plan")
    assert "smith" not in where("cases/jane smith.yaml /plan")


def test_files_of_policies_patterns_and_baselines_keep_their_names() -> None:
    assert where("policy/surplus.yaml /surplus/recoup", rule="money-taken-back") == "policy/surplus.yaml /surplus/recoup"
    assert where("Exampleshire County Council", rule="money-taken-back") == "Exampleshire County Council"
    assert where("cases/*.yaml", rule="", kind="per-file-ignore") == "cases/*.yaml"
    assert where("audit/baseline.json", rule="", kind="baseline") == "audit/baseline.json"


def test_the_place_of_a_comment_and_the_words_of_a_decision_hold_no_id() -> None:
    report = commented()
    hidden = NAMES.report(report)
    aside = next(one.set_aside for one in hidden.findings if one.set_aside)
    assert aside is not None
    assert aside.name == f"cases/{NAMES.name('C-003')}.yaml:4"
    assert aside.reason == f"As with {NAMES.name('C-001')}."
    assert aside.name == hidden.decisions[0].name
    assert hidden.decisions[0].where == f"cases/{NAMES.name('C-003')}.yaml"
    for style in FORMATS:
        text = render(style, hidden)
        assert "C-001" not in text, style
        assert "C-003" not in text, style


def commented() -> Report:
    """Return a report with a comment in the file of a case."""
    made = reports.small()
    file = "cases/C-003.yaml"
    why = SetAside("suppression", f"{file}:4", "As with C-001.", "", "2027-01-01")
    finding = replace(made.findings[-1], record="C-003", location=Location(file, 5, 1), set_aside=why, incomplete=False)
    decision = Decision("suppression", why.name, finding.rule, file, why.reason, standing="it is about C-001")
    inputs = (Input(file, "a" * 64, 9, "case", 1),)
    return replace(made, findings=(finding,), decisions=(decision,), inputs=inputs)


def test_the_register_and_the_baseline_are_named_in_findings_about_them() -> None:
    made = reports.small()
    rules = {name: replace(one, theme="exceptions") if name == "unreadable" else one for name, one in made.rules.items()}
    about = next(one for one in made.findings if one.rule == "unreadable")
    finding = replace(about, subject="file", record="W-001", location=Location("decisions/waivers.yaml", 7, 3), incomplete=False)
    hidden = NAMES.report(replace(made, findings=(finding,), rules=rules))
    assert (hidden.findings[0].location.file, hidden.findings[0].record) == ("decisions/waivers.yaml", "W-001")
