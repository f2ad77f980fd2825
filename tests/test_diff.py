"""`pbcheck diff`: what a change of policy means, in findings, in settings, in cases and in pounds."""

from __future__ import annotations

import contextlib
import html
import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from pbcheck import audit
from pbcheck.changes.balance import balance_at_risk
from pbcheck.changes.compare import compare
from pbcheck.changes.effect import Effect, Moved, dimension_hidden, hidden
from pbcheck.changes.formats import COMMENT, cell
from pbcheck.changes.settings import changed_settings
from pbcheck.cli.changing import STYLES, diff_command
from pbcheck.figures.budget.base import Not
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.budget.shown import POUND
from pbcheck.figures.figure import Unknown
from pbcheck.model import Finding, Location, Report
from pbcheck.opened import open_export
from tests.conftest import FIXTURES

pytestmark = pytest.mark.slow

POLICY = FIXTURES / "compliant" / "policy"
COMPLIANT = str(FIXTURES / "compliant")


def ran(*arguments: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(diff_command, [str(one) for one in arguments], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    assert (result.return_value or 0) == code, result.output
    return result


def refused(*arguments: str | Path) -> str:
    result = CliRunner().invoke(diff_command, [str(one) for one in arguments], standalone_mode=False)
    assert result.exception is not None
    return str(result.exception)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A copy of the compliant policy that always takes unspent money back."""
    folder = tmp_path / "policy"
    shutil.copytree(POLICY, folder)
    money = folder / "money.yaml"
    text = money.read_text()
    assert "recoup: never" in text
    head, _, surplus = text.partition("surplus:")
    surplus = surplus.replace("recoup: never", "recoup: always", 1).replace("reasons_considered: true", "reasons_considered: false", 1)
    money.write_text(f"{head}surplus:{surplus.replace('agreed_saving_exempt: true', 'agreed_saving_exempt: false', 1)}")
    return folder


def test_the_same_policy_twice_is_no_change() -> None:
    said = ran(POLICY, POLICY).stdout
    assert "0 new findings, 0 resolved, 0 unchanged; 0 settings changed." in said


def test_a_change_that_breaches_the_notes_is_found_and_said_in_words(changed: Path) -> None:
    said = ran(POLICY, changed, code=1).stdout
    assert "[unspent-money-taken-back" in said
    assert "money.yaml:" in said
    assert str(changed) not in said.split("\n", 2)[2], "paths begin where the version begins"
    assert "Unspent money taken back: now always, was never." in said
    assert ran(changed, POLICY).stdout.count("Resolved") == 1, "the way back resolves it, and is no fault"


def test_lines_added_above_and_sections_moved_change_nothing(changed: Path, tmp_path: Path) -> None:
    other = tmp_path / "moved"
    shutil.copytree(changed, other)
    (other / "money.yaml").write_text("# a new line\n\n\n" + (other / "money.yaml").read_text())
    (other / "choice.yaml").rename(other / "renamed.yaml")
    data = json.loads(ran(changed, other, "-f", "json").stdout)
    assert data["findings"]["new"] == data["findings"]["resolved"] == data["settings"] == []
    assert data["findings"]["unchanged"]


def test_findings_that_are_alike_are_counted() -> None:
    one = Finding("r", "error", "m", "policy", "X", Location("a", 1, 1, "/p"))
    found = compare([one], [one, one, one])
    assert (len(found.new), len(found.resolved), len(found.unchanged)) == (2, 0, 1)
    assert {one.severity for one in found.new} >= {"error"}
    assert compare([one, one], [one]).resolved == (one,)


SETTINGS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (
        {"surplus": {"threshold_weeks": 8}},
        {"surplus": {"threshold_weeks": 4}},
        "Unspent money may now be taken back above 4 weeks of payment (was 8).",
    ),
    ({}, {"surplus": {"threshold_weeks": 4}}, "Weeks of payment left alone: now 4, was not stated."),
    ({"surplus": {"threshold_weeks": 4}}, {"surplus": {}}, "Weeks of payment left alone: no longer stated, was 4."),
    ({"spending": {"plan_items_only": False}}, {"spending": {"plan_items_only": True}}, ": now yes, was no."),
    ({"options": {"forms": ["direct_payment"]}}, {"options": {"forms": ["mixed"]}}, ": adds mixed; leaves out direct payment."),
    ({"final": {"cap": "100.00"}}, {"final": {"cap": None}}, ": now not set, was £100.00."),
    ({"final": {"cap": None}}, {"final": {"cap": "1250.50"}}, "A budget is now £1,250.50 at most (was not set)."),
]


@pytest.mark.parametrize(("before", "after", "words"), SETTINGS)
def test_settings_are_said_in_words(before: dict[str, Any], after: dict[str, Any], words: str) -> None:
    (setting,) = changed_settings(before, after)
    assert setting.words.endswith(words)


def test_elements_of_a_list_are_found_again_wherever_they_stand() -> None:
    one, other = {"role": "head", "limit": "500.00"}, {"role": "team manager", "limit": "200.00"}
    assert changed_settings({"delegation": [one, other]}, {"delegation": [other, one]}) == []
    (setting,) = changed_settings({"delegation": [one, other]}, {"delegation": [{**other, "limit": "300.00"}, one]})
    assert "now £300.00, was £200.00" in setting.words
    gone = changed_settings({"delegation": [one, other]}, {"delegation": [one]})
    assert [one.words for one in gone if "no longer stated" in one.words]


def test_what_names_the_document_is_no_setting() -> None:
    assert changed_settings({"authority": "A", "as_of": "2026-01-01"}, {"authority": "B", "as_of": "2026-02-01"}) == []


def account(**more: Any) -> dict[str, Any]:
    part = {"id": "A1", "amount": "100.00", "period": "week", "pays": "gross", "derived": {"form": "direct_payment", "managed": False}}
    return {"arrangements": [part], "account": {"balances": [{"date": "2026-06-30", "amount": "1000.00"}], **more}}


RISKS: list[tuple[dict[str, Any], int]] = [
    ({"surplus": {"recoup": "never"}}, 0),
    ({"surplus": {"recoup": "after_discussion"}}, 0),
    ({"surplus": {"recoup": "always"}}, 1000),
    ({"surplus": {"recoup": "above_threshold", "threshold_weeks": 8}}, 200),
    ({"surplus": {"recoup": "above_threshold", "threshold_weeks": 10}}, 0),
    ({"surplus": {"recoup": "above_threshold", "threshold_weeks": 9}}, 100),
    ({"surplus": {"recoup": "never"}, "year_end": {"unspent": "clawback", "clawback_threshold": "750.00"}}, 250),
    ({"surplus": {"recoup": "never"}, "year_end": {"unspent": "carry_forward"}}, 0),
    ({"year_end": {"unspent": "clawback", "clawback_threshold": None}}, 1000),
]


@pytest.mark.parametrize(("policy", "pounds"), RISKS)
def test_the_balance_at_risk(policy: dict[str, Any], pounds: int) -> None:
    assert Fraction(balance_at_risk(Sheet(account(), policy, {}, "2026-09-30"))) / POUND == pounds


def test_the_balance_at_risk_is_not_known_or_not_there() -> None:
    assert isinstance(balance_at_risk(Sheet(account(closed_on="2026-07-01"), {}, {}, "2026-09-30")), Not)
    assert isinstance(balance_at_risk(Sheet({"arrangements": []}, {}, {}, "2026-09-30")), Not)
    for policy in ({}, {"surplus": {"recoup": "above_threshold"}}):
        with pytest.raises(Unknown):
            balance_at_risk(Sheet(account(), policy, {}, "2026-09-30"))
    with pytest.raises(Unknown):
        balance_at_risk(Sheet(account(), {"surplus": {"recoup": "always"}}, {}, "2026-06-29"))
    tier = {"surplus": {"recoup": "always", "tiers": [{"applies_to": ["prepaid_card"], "recoup": "never"}]}}
    case = account()
    case["arrangements"][0]["payment_method"] = "prepaid_card"
    assert balance_at_risk(Sheet(case, tier, {}, "2026-09-30")) == 0


def test_the_effect_names_the_cases_and_the_pounds(changed: Path) -> None:
    data = json.loads(ran(POLICY, changed, "--export", COMPLIANT, "--fewest", "0", "-f", "json", code=1).stdout)
    effect = data["effect"]
    assert (effect["cases"], effect["lack"]) == (12, 0)
    assert set(effect["sums"]) == {"gross budget", "person's contribution", "council's share", "balance that may be taken back"}
    assert effect["sums"]["gross budget"] == "unchanged"


def test_a_change_of_weeks_moves_pounds_by_group(tmp_path: Path) -> None:
    other = tmp_path / "policy"
    shutil.copytree(POLICY, other)
    (other / "money.yaml").write_text((other / "money.yaml").read_text().replace("weeks_per_year: '52'", "weeks_per_year: '365/7'"))
    data = json.loads(ran(POLICY, other, "--export", COMPLIANT, "--fewest", "0", "-f", "json").stdout)
    assert data["effect"]["sums"]["council's share"].endswith("in 8 cases of 12 (0 more, 8 less)")
    assert {one["dimension"] for one in data["effect"]["by_group"]} == {"team", "holder_kind", "form", "complexity"}
    few = json.loads(ran(POLICY, other, "--export", COMPLIANT, "-f", "json").stdout)
    assert few["effect"]["sums"]["council's share"].startswith("kept back")
    assert {one["change"] for one in few["effect"]["by_group"]} == {"kept back, as few people are behind it"}


def test_small_numbers_and_what_would_give_them_away_are_kept_back() -> None:
    assert hidden(Moved(4, 4, 0), 100)
    assert hidden(Moved(97, 97, 0), 100)
    assert hidden(Moved(50, 48, 2), 100)
    assert not hidden(Moved(50, 45, 5), 100)
    assert not hidden(Moved(), 100)
    large, small = ("team", "North"), ("team", "South")
    effect = Effect(106, groups={large: 100, small: 6}, by_group={large: {"net": Moved(50, 50)}, small: {"net": Moved(3, 3)}})
    assert dimension_hidden(effect, "team", "net"), "one group is small, and the total would give it away"


def test_every_format_says_the_same_and_names_no_case_in_a_comment(changed: Path, tmp_path: Path) -> None:
    outputs = [word for style in STYLES for word in ("-o", f"{style}={tmp_path / style}")]
    ran(POLICY, changed, "--export", COMPLIANT, *outputs, code=1)
    made = {style: (tmp_path / style).read_text() for style in STYLES}
    for style in STYLES:
        assert "unspent-money-taken-back" in made[style]
    assert "C-0" not in made["markdown"]
    assert "<script" not in made["html"]
    assert 'lang="en-GB"' in made["html"]
    assert len(made["markdown"]) <= COMMENT + 200


def test_words_of_the_data_are_no_markup() -> None:
    said = cell("@team | <b>x</b> [a](b) `c`\n# d")
    assert not set("|<>\n") & set(said)
    assert "\\[a\\]" in said
    assert "@team" not in said


def git(folder: Path, *words: str) -> None:
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org", *words], check=True, capture_output=True
    )


def test_revisions_of_a_repository(changed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = tmp_path / "repository"
    shutil.copytree(POLICY, repository / "policy")
    git(repository.parent, "init", "-q", "-b", "main", str(repository))
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "one")
    shutil.copy(changed / "money.yaml", repository / "policy" / "money.yaml")
    git(repository, "commit", "-q", "-a", "-m", "two")
    monkeypatch.chdir(repository)
    for given in (["main~1..main", "policy"], ["HEAD~1..", "policy/"], ["HEAD~1", "HEAD", "policy"], ["main~1...main", "policy"]):
        said = ran(*given, code=1).stdout
        assert "policy/money.yaml:" in said
        assert "now always, was never" in said
    assert "0 settings changed" in ran("HEAD", "policy", "policy").stdout
    assert "no git revision" in refused("HEAD", "nothing-of-the-kind")
    assert "Neither version holds" in refused("HEAD~1..HEAD", "no/such/path")
    assert "neither a path nor" in refused("HEAD", "--", "--upload-pack=x")
    assert sorted(one.name for one in repository.iterdir()) == [".git", "policy"], "nothing is left behind"


def test_wrong_instructions_and_unreadable_versions(tmp_path: Path) -> None:
    assert "Give two versions" in refused("one")
    broken = tmp_path / "policy.yaml"
    broken.write_text("kind: policy\nauthority: [\n")
    said = ran(POLICY, broken, code=3).stdout
    assert "could not be read or judged as a whole" in said
    assert "no longer stated" not in said, "what could not be read is not said to be gone"
    two = tmp_path / "two"
    two.mkdir()
    for name in ("A", "B"):
        (two / f"{name}.yaml").write_text(f"kind: policy\nauthority: {name}\n")
    assert "settings are not compared" in ran(POLICY, two).stdout
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "settings changed" in ran(empty, POLICY).stdout, "a policy that is new has no old findings, and that is no fault"


COUNCIL = FIXTURES / "councils" / "st-helens" / "policy.yaml"


def export_under(policy: Path, folder: Path) -> Path:
    """A copy of the sample export in which the sections of another policy stand in the place of its own."""
    shutil.copytree(COMPLIANT, folder)
    stated = yaml.safe_load(policy.read_text())
    own: dict[str, Any] = {}
    for part in sorted((folder / "policy").iterdir()):
        own |= yaml.safe_load(part.read_text())
        part.unlink()
    named = ("kind", "authority", "as_of", "effective_from", "effective_to")
    merged = own | {key: value for key, value in stated.items() if key not in named}
    (folder / "policy" / "policy.yaml").write_text(json.dumps(merged, default=str))
    return folder


def test_one_setting_of_a_real_council_and_two_separate_audits_subtracted(tmp_path: Path) -> None:
    """The setting in words, the cases and the pounds: what diff says is what comes of auditing twice and subtracting."""
    other = tmp_path / "policy.yaml"
    other.write_text(COUNCIL.read_text().replace("threshold_weeks: 8", "threshold_weeks: 1"))
    data = json.loads(ran(COUNCIL, other, "--export", COMPLIANT, "--fewest", "0", "-f", "json").stdout)
    assert [one["words"] for one in data["settings"]] == ["Unspent money may now be taken back above 1 week of payment (was 8)."]
    exports = [export_under(one, tmp_path / name) for one, name in ((COUNCIL, "before"), (other, "after"))]
    before, after = (audit(one) for one in exports)
    assert before.complete
    assert after.complete

    def failing(report: Report) -> set[tuple[str, str]]:
        return {(one.rule, one.record) for one in report.findings if one.subject == "case"}

    told = {(one["rule"], record) for one in data["effect"]["rules"] for record in one["newly_fail"]}
    gone = {(one["rule"], record) for one in data["effect"]["rules"] for record in one["no_longer_fail"]}
    assert (told, gone) == (failing(after) - failing(before), failing(before) - failing(after))

    def at_risk(export: Path) -> dict[str, Fraction]:
        opened = open_export([export])
        found = {}
        for case in opened.cases():
            with contextlib.suppress(Unknown):
                value = balance_at_risk(opened.sheet(case))
                found[case.data["id"]] = Fraction(0) if isinstance(value, Not) else Fraction(value)
        return found

    old, new = (at_risk(one) for one in exports)
    moved = {name: new[name] - old[name] for name in old if new[name] != old[name]}
    assert moved, "the sample export has balances that the change reaches"
    pounds = sum(moved.values()) / POUND
    assert f"£{float(pounds):,.2f}" in data["effect"]["sums"]["balance that may be taken back"]
    assert f"in {len(moved)} case" in data["effect"]["sums"]["balance that may be taken back"]


def test_a_policy_that_only_one_revision_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    git(repository.parent, "init", "-q", "-b", "main", str(repository))
    git(repository, "commit", "-q", "--allow-empty", "-m", "nothing yet")
    (repository / "notes.txt").write_text("x")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "no policy yet")
    shutil.copytree(POLICY, repository / "policy")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "a policy")
    monkeypatch.chdir(repository)
    for given in (["HEAD~1..HEAD", "policy"], ["HEAD~2..HEAD"], ["HEAD~1", "HEAD", "policy", "notes.txt"]):
        assert "0 new findings" in ran(*given).stdout


def test_no_attribute_of_a_repository_keeps_a_file_from_being_compared(
    changed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = tmp_path / "repository"
    shutil.copytree(POLICY, repository / "policy")
    (repository / ".gitattributes").write_text("policy/money.yaml export-ignore\n")
    git(repository.parent, "init", "-q", "-b", "main", str(repository))
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "one")
    shutil.copy(changed / "money.yaml", repository / "policy" / "money.yaml")
    git(repository, "commit", "-q", "-a", "-m", "two")
    monkeypatch.chdir(repository)
    assert "now always, was never" in ran("HEAD~1..HEAD", "policy", code=1).stdout


def test_the_cases_whose_money_changes_are_named_where_nothing_is_sent(tmp_path: Path) -> None:
    other = tmp_path / "policy.yaml"
    other.write_text(COUNCIL.read_text().replace("threshold_weeks: 8", "threshold_weeks: 1"))
    data = json.loads(ran(COUNCIL, other, "--export", COMPLIANT, "-f", "json").stdout)
    [one] = data["effect"]["whose"]
    assert one["sum"] == "balance that may be taken back"
    assert one["after_pence"] - one["before_pence"] == 12910
    assert f"{one['record']}: £" in ran(COUNCIL, other, "--export", COMPLIANT).stdout
    assert one["record"] not in ran(COUNCIL, other, "--export", COMPLIANT, "-f", "markdown").stdout


def test_a_comment_says_brackets_as_brackets(tmp_path: Path) -> None:
    other = tmp_path / "policy.yaml"
    other.write_text(COUNCIL.read_text().replace("threshold_weeks: 8", "threshold_weeks: 4"))
    said = ran(COUNCIL, other, "-f", "markdown").stdout
    assert "&&" not in said
    assert "was 8" in html.unescape(said)


def test_nothing_on_either_side_is_no_clean_result(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    assert "nothing was checked" in ran(tmp_path / "a", tmp_path / "b", code=3).stdout


def test_a_link_in_the_place_of_a_document_is_said(changed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = tmp_path / "repository"
    shutil.copytree(POLICY, repository / "policy")
    git(repository.parent, "init", "-q", "-b", "main", str(repository))
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "one")
    (repository / "policy" / "money.yaml").unlink()
    (repository / "policy" / "money.yaml").symlink_to("../elsewhere.yaml")
    shutil.copy(changed / "money.yaml", repository / "elsewhere.yaml")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "two")
    monkeypatch.chdir(repository)
    assert "money.yaml" in refused("HEAD~1..HEAD", "policy")


def test_a_comment_that_is_refused_is_a_new_finding(tmp_path: Path) -> None:
    other = tmp_path / "policy.yaml"
    comment = "threshold_weeks: 8 # pbcheck: ignore[ALL] until 2030-01-01: all of it"
    other.write_text(COUNCIL.read_text().replace("threshold_weeks: 8", comment))
    assert "suppression-blanket" in ran(COUNCIL, other, code=1).stdout


def test_several_policies_are_compared_by_their_findings(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    text = COUNCIL.read_text()
    for year in (2024, 2025):
        dated = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("effective_"))
        (folder / f"{year}.yaml").write_text(dated + f"effective_from: {year}-04-01\neffective_to: {year + 1}-03-31\n")
    assert "settings are not compared" in ran(folder, folder).stdout
    assert "several policies" in refused(folder, folder, "--export", COMPLIANT)
