"""What the fixtures' folder names promise, and a ledger that adds up on every one of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from benchmarks.evidence import councils, figures, ombudsman
from pbcheck import Report, audit
from pbcheck.model import PROFILES
from pbcheck.rulebook.book import load_rulebook
from tests.conftest import FIXTURES

pytestmark = pytest.mark.slow

FOLDERS = [FIXTURES / "compliant", *sorted((FIXTURES / "councils").iterdir()), *sorted((FIXTURES / "ombudsman").iterdir())]


@cache
def report_of(folder: Path, profile: str = "today") -> Report:
    return audit(folder, profile=profile)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_compliant_export_gives_no_finding_of_any_severity(profile: str) -> None:
    report = report_of(FIXTURES / "compliant", profile)
    assert [(one.rule, one.record, one.message, one.location.pointer) for one in report.findings] == []
    assert report.complete


def test_the_compliant_export_holds_what_it_should() -> None:
    report = report_of(FIXTURES / "compliant")
    assert report.records["case"] >= 6
    text = "".join(path.read_text() for path in (FIXTURES / "compliant").rglob("c*.*"))
    for holder in ("person", "representative", "trust", "organisation_or_professional", "support_provider", "local_authority"):
        assert f"holder_kind: {holder}" in text


@pytest.mark.parametrize("folder", FOLDERS, ids=[one.name for one in FOLDERS])
@pytest.mark.parametrize("profile", ["today", "notes"])
def test_the_ledger_adds_up(folder: Path, profile: str) -> None:
    """Rules times records, always: every rule meets every record of its kind exactly once."""
    report = report_of(folder, profile)
    rules = load_rulebook(profile=profile).subjects
    assert {one.rule for one in report.outcomes} == {asked.rule.id for group in rules.values() for asked in group.asked}
    for one in report.outcomes:
        assert one.passed + one.failed + one.excused + one.not_applicable + one.cannot_tell == report.records.get(one.subject, 0)
        assert sum(one.excused_by.values()) == one.excused
        assert sum(one.missing.values()) == one.cannot_tell
    failing = {one.rule for one in report.outcomes if one.failed}
    found = {one.rule for one in report.findings if not report.rules[one.rule].built_in}
    assert failing == found


@pytest.mark.parametrize("folder", FOLDERS, ids=[one.name for one in FOLDERS])
def test_every_finding_has_a_place(folder: Path) -> None:
    for one in report_of(folder, "notes").findings:
        assert one.location.file
        assert one.subject == "portfolio" or one.location.line > 0


def test_there_are_twenty_councils_and_thirty_decisions() -> None:
    assert len([one for one in FOLDERS if one.parent.name == "councils"]) == 20
    assert len([one for one in FOLDERS if one.parent.name == "ombudsman"]) == 30


def test_every_council_setting_has_its_provenance() -> None:
    for folder in (FIXTURES / "councils").iterdir():
        policy = yaml.safe_load((folder / "policy.yaml").read_text())
        known = {one["setting"] for one in policy.pop("provenance")}
        for name, section in policy.items():
            if name not in ("kind", "authority", "as_of"):
                assert any(one == name or one.startswith(f"{name}.") for one in known), f"{folder.name}: {name} ({type(section).__name__})"


def test_the_measures_hold() -> None:
    labels = [one for one in councils() if one.firm]
    flags = [one for one in labels if one.expected == "flag"]
    silent = [one for one in labels if one.expected == "no_flag"]
    assert sum(one.met for one in flags) >= 0.95 * len(flags), [one for one in flags if not one.met]
    assert sum(one.met for one in silent) >= 0.98 * len(silent), [one for one in silent if not one.met]
    decisions = list(ombudsman())
    assert not [one for one in decisions if one.expected == "no error" and not one.met]
    assert [one for one in decisions if one.expected == "found" and not one.met] == []
    assert len([one for one in decisions if one.expected == "found"]) == 23


def test_the_figures_in_the_readme_are_the_measured_ones() -> None:
    assert figures() in (FIXTURES / "README.md").read_text()
