"""Locked rules rest on statute or on a must of the guidance: no way leads to switching them off, and all lead to making them stricter."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pbcheck import RulePackError, audit
from pbcheck.gate.settings import load_settings
from pbcheck.rulebook.book import Rulebook, load_rulebook
from pbcheck.shipped import shipped
from tests.conftest import FIXTURES
from tests.gate_cases import FOR_ALL, LOCKED, UNSPENT, WAIVER, Run, about, aside, checked, counting, register
from tests.test_packs import pack
from tests.test_rulebook import GOOD

pytestmark = pytest.mark.slow

THEME = "genuine-budgets"


def refused(run: Run, words: str, *arguments: object) -> None:
    """Hold that a run ends with exit code 2 and says where and why."""
    code, out, err = run("check", "policy.yaml", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "a must of the guidance" in err


def stands(run: Run, *arguments: object, code: int = 1) -> dict[str, Any]:
    """Hold that the locked finding counts, with its severity, and that the run fails; return the report."""
    report = checked(run, "policy.yaml", *arguments)
    [one] = [one for one in report["findings"] if one["rule"] == FOR_ALL]
    assert (one["severity"], one["set_aside"]) == ("error", None)
    assert run("check", "policy.yaml", *arguments)[0] == code
    return report


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "policy.yaml").write_text(LOCKED)
    return tmp_path


@pytest.mark.parametrize("text", [f"rules: {{{FOR_ALL}: off}}", f"rules: {{{FOR_ALL}: warning}}", f"rules: {{{FOR_ALL}: note}}",
                                  f"ignore: [{FOR_ALL}]", f"per_file_ignores: {{policy.yaml: [{FOR_ALL}]}}"])  # fmt: skip
def test_a_configuration_that_names_it_is_an_error_with_its_place(text: str, run: Run, folder: Path) -> None:
    (folder / "pbcheck.yaml").write_text(f"# ours\n{text}\n")
    refused(run, "pbcheck.yaml:2:")


@pytest.mark.parametrize("text", [f"ignore: [{THEME}]", "ignore: [ALL]", "ignore: [policy, PPF]", "ignore: [PPF-I-17]",
                                  f"select: [{UNSPENT}]", f"select: [{UNSPENT}]\nignore: [ALL]", "select: [case]"])  # fmt: skip
def test_a_group_leaves_it_asked_and_so_does_a_selection_without_it(text: str, run: Run, folder: Path) -> None:
    (folder / "pbcheck.yaml").write_text(text)
    report = stands(run)
    assert FOR_ALL in {one["rule"] for one in report["outcomes"]}
    if "select" in text:
        assert any("may be switched off" in one for one in report["audit"]["remarks"])


def test_a_group_of_nothing_but_locked_rules_can_mean_nothing_else(run: Run, folder: Path) -> None:
    (folder / "pbcheck.yaml").write_text("ignore: [guidance-must]\n")
    code, out, err = run("check", "policy.yaml")
    assert (code, out) == (2, "")
    assert "pbcheck.yaml:1:10: None of the rules of `guidance-must` may be switched off or set aside: they are locked." in err


@pytest.mark.parametrize("level", ["never", "error"])
def test_a_fail_level_in_the_file_does_not_let_it_pass(level: str, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "pbcheck.yaml").write_text(f"fail_level: {level}\n")
    stands(run)
    (folder / "pbcheck.yaml").unlink()
    monkeypatch.setenv("PBCHECK_FAIL_LEVEL", level)
    stands(run)
    (folder / "policy.yaml").write_text(LOCKED.replace("eligibility:\n  budget_for_all_ongoing: false\n", ""))
    assert run("check", "policy.yaml")[0] == 0, "what is not locked may pass"
    (folder / "policy.yaml").write_text("kind: policy\nauthority: X\nindicative:\n  stage: not_given\n")
    report = checked(run, "policy.yaml")
    assert [one["severity"] for one in report["findings"] if one["rule"] == "estimates-told-too-late-by-policy"] == ["warning"]
    assert run("check", "policy.yaml")[0] == 1, "warnings of locked rules count, too"


def test_a_person_at_the_keyboard_may_look_at_less_and_the_report_says_so(run: Run, folder: Path) -> None:
    assert folder.is_dir()
    stands(run, "--fail-level", "never", code=0)
    report = checked(run, "policy.yaml", "--select", UNSPENT)
    assert counting(report) == [UNSPENT]
    assert any("locked ones were not" in one for one in report["audit"]["remarks"])


def test_the_environment_cannot(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert folder.is_dir()
    monkeypatch.setenv("PBCHECK_IGNORE", FOR_ALL)
    refused(run, f"PBCHECK_IGNORE: `{FOR_ALL}` is locked")


def test_the_environment_cannot_by_selecting_others(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert folder.is_dir()
    monkeypatch.setenv("PBCHECK_SELECT", UNSPENT)
    stands(run)


def test_the_flag_cannot(run: Run, folder: Path) -> None:
    assert folder.is_dir()
    refused(run, f"--ignore: `{FOR_ALL}` is locked", "--ignore", FOR_ALL)
    stands(run, "--ignore", THEME)


def test_a_comment_cannot(run: Run, folder: Path) -> None:
    comment = f" # pbcheck: ignore[{FOR_ALL}] until 2027-01-01: it is being changed"
    (folder / "policy.yaml").write_text(LOCKED.rstrip() + comment + "\n")
    assert about(stands(run), "suppression-not-permitted")


def test_a_waiver_cannot(run: Run, folder: Path) -> None:
    where = {"file": "policy.yaml", "pointer": "/eligibility/budget_for_all_ongoing"}
    (folder / "pbcheck-waivers.yaml").write_text(register({**WAIVER, "rule": FOR_ALL, "where": where}))
    assert about(stands(run), "waiver-not-permitted")


def test_the_baseline_cannot(run: Run, folder: Path) -> None:
    assert run("baseline", "create", "--as-of", "2026-10-01")[0] == 0
    entries = json.loads((folder / "pbcheck-baseline.json").read_text())["entries"]
    assert FOR_ALL not in {one["rule"] for one in entries}
    report = stands(run)
    assert set(aside(report).values()) == {"baseline"}
    assert run("baseline", "diff")[0] == 1


OLD = """\
id: a-locked-rule
title: A rule that a council may not weaken.
theme: a-theme
subject: policy
severity: warning
force: guidance-must
obligations: [CWR-3-10]
when: has(policy.surplus.recoup) && policy.surplus.recoup != "never"
expect: policy.surplus.recoup == "after_discussion" && policy.surplus.notice_days >= 14
unless:
  - {when: policy.misuse.recovery, because: CWR-3-11}
  - {when: policy.surplus.agreed_saving_exempt, because: CWR-3-11}
message: "Found {policy.surplus.recoup}."
why: Because it is so.
plain: You can ask why.
remedy: Do something else.
examples:
  pass: [{about: a talk comes first, set: {policy.surplus.recoup: after_discussion}}]
  fail: [{about: all is taken back, set: {policy.surplus.recoup: always}}]
"""
ELEMENTS = (
    OLD.replace('when: has(policy.surplus.recoup) && policy.surplus.recoup != "never"\n', "for_each: policy.accounts.tiers\nas: tier\n")
    .replace('policy.surplus.recoup == "after_discussion" && policy.surplus.notice_days >= 14', 'tier.receipts_to_council == "none"')
    .replace("{policy.surplus.recoup}", "{tier.returns_interval}")
)
TIERS = (
    ELEMENTS.replace("for_each: policy.accounts.tiers", "for_each: policy.surplus.tiers")
    .replace('tier.receipts_to_council == "none"', 'tier.recoup == "never"')
    .replace("{tier.returns_interval}", "{tier.recoup}")
)
ALWAYS = OLD.replace('when: has(policy.surplus.recoup) && policy.surplus.recoup != "never"\n', "")

Change = Callable[[str], str]


def swap(old: str, new: str) -> Change:
    def changed(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return changed


def loaded(folder: Path, before: str, after: str) -> Rulebook:
    base, own = pack(folder / "base", before), pack(folder / "own", after)
    return load_rulebook((base,), own=(own,), use_cache=False)


TALK = 'policy.surplus.recoup == "after_discussion" && policy.surplus.notice_days >= 14'
WHEN, EXPECT = 'when: has(policy.surplus.recoup) && policy.surplus.recoup != "never"', "expect: policy.surplus.recoup"
WEAKER: list[tuple[str, str, Change, int]] = [
    ("less severity", OLD, swap("severity: warning", "severity: note"), 5),
    ("other force", OLD, swap("force: guidance-must", "force: good-practice"), 6),
    ("should instead of must", OLD, swap("force: guidance-must", "force: guidance-should"), 6),
    ("must instead of statute", OLD.replace("guidance-must", "statute"), swap("force: statute", "force: guidance-must"), 6),
    ("fewer obligations", OLD.replace("[CWR-3-10]", "[CWR-3-10, CWR-3-11]"), swap(", CWR-3-11]", "]"), 7),
    ("other obligations", OLD, swap("[CWR-3-10]", "[CWR-3-11]"), 7),
    ("narrower when", OLD, swap(WHEN, f'{WHEN} && policy.authority == "X"'), 8),
    ("another when", OLD, swap('!= "never"', '!= "always"'), 8),
    ("a part of when", OLD, swap(WHEN, 'when: policy.surplus.recoup != "never"'), 8),
    ("a when where there was none", ALWAYS, swap("expect: ", "when: has(policy.surplus.recoup)\nexpect: "), 8),
    ("a when that never holds", OLD, swap(WHEN, 'when: policy.surplus.recoup == "always"'), 8),
    ("weaker expect", OLD, swap(">= 14", '>= 14 || policy.surplus.recoup == "always"'), 9),
    ("a part of expect", OLD, swap(" && policy.surplus.notice_days >= 14", ""), 9),
    ("another number", OLD, swap(">= 14", ">= 7"), 9),
    ("another sign", OLD, swap(">= 14", "> 14"), 9),
    ("another expect", OLD, swap(EXPECT, "expect: true || policy.surplus.recoup"), 9),
    ("the opposite", OLD, swap(EXPECT, "expect: policy.surplus.notice_days < 14 || policy.surplus.recoup"), 9),
    ("a new unless", OLD, swap("unless:\n", "unless:\n  - {when: policy.appeals.route, because: CWR-3-11}\n"), 11),
    ("a wider unless", OLD, swap("when: policy.misuse.recovery,", "when: policy.misuse.recovery || policy.appeals.route,"), 11),
    ("another reason", OLD, swap("because: CWR-3-11", "because: CWR-3-10"), 11),
    ("no when but a new unless", ALWAYS, swap("agreed_saving_exempt", "reasons_considered"), 11),
    ("other elements", ELEMENTS, lambda _: TIERS, 8),
]


@pytest.mark.parametrize(("before", "change", "line"), [one[1:] for one in WEAKER], ids=[one[0] for one in WEAKER])
def test_a_pack_cannot_weaken_it_and_the_error_names_the_line(before: str, change: Change, line: int, tmp_path: Path) -> None:
    after = change(before)
    with pytest.raises(RulePackError) as stopped:
        loaded(tmp_path, before, after)
    assert {(one.file, one.line) for one in stopped.value.faults} == {("rules/a-theme/a-locked-rule.yaml", line)}
    assert all(one.message.startswith("`a-locked-rule` is locked: ") for one in stopped.value.faults)
    rests = "statute" if "statute" in before else "a must of the guidance"
    assert all(one.message.endswith(f"It rests on {rests}.") for one in stopped.value.faults)


def test_a_pack_cannot_make_it_about_something_else(tmp_path: Path) -> None:
    other = (
        OLD.replace("subject: policy", "subject: case")
        .replace(f"{WHEN}\n", "")
        .replace('policy.surplus.recoup == "after_discussion" && policy.surplus.notice_days >= 14', 'case.final.term == "annual"')
        .replace("{policy.surplus.recoup}", "{case.final.term}")
    )
    start, end = other.index("unless:"), other.index("message:")
    with pytest.raises(RulePackError) as stopped:
        loaded(tmp_path, OLD, other[:start] + other[end:])
    [fault] = stopped.value.faults
    assert (fault.line, "the same records and elements" in fault.message) == (4, True)


def test_a_pack_cannot_take_its_condition_away(tmp_path: Path) -> None:
    start, end = OLD.index("when:"), OLD.index("message:")
    with pytest.raises(RulePackError):
        loaded(tmp_path, OLD, OLD[:start] + OLD[end:] + "built_in: true\n")


def test_every_weakening_is_told_at_once(tmp_path: Path) -> None:
    after = OLD.replace("severity: warning", "severity: note").replace(">= 14", ">= 7").replace("guidance-must", "good-practice")
    with pytest.raises(RulePackError) as stopped:
        loaded(tmp_path, OLD, after)
    assert [one.line for one in stopped.value.faults] == [5, 6, 9]


STRICTER: list[tuple[str, str, Change]] = [
    ("as it is", OLD, lambda text: text),
    ("more severity", OLD, swap("severity: warning", "severity: error")),
    ("more force", OLD, swap("force: guidance-must", "force: statute")),
    ("more obligations", OLD, swap("[CWR-3-10]", "[CWR-3-10, CWR-3-11]")),
    ("tighter expect", OLD, swap(">= 14", '>= 14 && policy.surplus.recoup != "always"')),
    ("tighter expect in brackets", OLD, swap(TALK, f"({TALK}) && (has(policy.appeals.route))")),
    ("tighter expect in another order", OLD, swap(EXPECT, "expect: has(policy.appeals.route) && policy.surplus.recoup")),
    ("tighter expect of elements", ELEMENTS, swap('== "none"', '== "none" && has(tier.returns_interval)')),
    ("wider when", OLD, swap(WHEN, f"{WHEN} || has(policy.surplus.tiers)")),
    ("wider when in brackets", OLD, swap(WHEN, f"when: ({WHEN[6:]}) || has(policy.surplus.tiers)")),
    ("no when", OLD, swap(f"{WHEN}\n", "")),
    ("fewer unless", OLD, swap("  - {when: policy.misuse.recovery, because: CWR-3-11}\n", "")),
    ("no unless", OLD, lambda text: text[: text.index("unless:")] + text[text.index("message:") :]),
    ("other words", OLD, swap("why: Because it is so.", "why: Because our council says so, too.")),
]  # fmt: skip


@pytest.mark.parametrize(("before", "change"), [one[1:] for one in STRICTER], ids=[one[0] for one in STRICTER])
def test_a_pack_can_make_it_stricter(before: str, change: Change, tmp_path: Path) -> None:
    rulebook = loaded(tmp_path, before, change(before))
    assert rulebook.rules["a-locked-rule"].locked
    assert "a-locked-rule" in {one.rule.id for one in rulebook.subjects["policy"].asked}
    assert any("a-locked-rule" in one for one in rulebook.remarks)


def test_what_is_not_locked_a_pack_may_change_as_it_likes(tmp_path: Path) -> None:
    free = OLD.replace("force: guidance-must", "force: good-practice")
    weaker = free.replace("severity: warning", "severity: note").replace(">= 14", ">= 7")
    assert loaded(tmp_path, free, weaker).rules["a-locked-rule"].severity == "note"


def test_a_shipped_rule_is_guarded_like_that(run: Run, folder: Path) -> None:
    text = next(shipped("rules").glob(f"*/{FOR_ALL}.yaml")).read_text()
    own = pack(
        folder,
        text.replace("severity: error", "severity: note").replace(
            "expect: policy.eligibility.budget_for_all_ongoing", "expect: size(policy.authority) > 0"
        ),
    )
    line = text.splitlines().index("severity: error") + 1
    code, out, err = run("check", "policy.yaml", "--rules", own)
    assert (code, out) == (2, "")
    assert f"rules/{THEME}/{FOR_ALL}.yaml:{line}:11: `{FOR_ALL}` is locked" in err


def test_graver_by_configuration(run: Run, folder: Path) -> None:
    (folder / "policy.yaml").write_text("kind: policy\nauthority: X\nindicative:\n  stage: not_given\n")
    (folder / "pbcheck.yaml").write_text("rules: {estimates-told-too-late-by-policy: error}\n")
    report = checked(run, "policy.yaml")
    assert [one["severity"] for one in report["findings"] if one["rule"] == "estimates-told-too-late-by-policy"] == ["error"]


def test_a_profile_of_the_configuration_does_not_switch_locked_rules_off(tmp_path: Path) -> None:
    shipped_rules = load_rulebook(profile="notes")
    locked = {name for name, rule in shipped_rules.rules.items() if rule.locked}
    assert len(locked) > 100
    (tmp_path / "pbcheck.yaml").write_text("profile: cwr\n")
    for flags, environment in (({}, {}), ({}, {"PBCHECK_PROFILE": "ppf"})):
        settings = load_settings(flags, environment, tmp_path)
        book = load_rulebook(profile=settings.values["profile"], choice=settings.choice)
        asked = {one.rule.id for rules in book.subjects.values() for one in rules.asked}
        assert locked <= asked
        assert len(asked) < len(shipped_rules.rules) - 20, "the rest is the profile's"
    settings = load_settings({"profile": "cwr"}, {}, tmp_path)
    book = load_rulebook(profile="cwr", choice=settings.choice)
    assert not locked <= {one.rule.id for rules in book.subjects.values() for one in rules.asked}


def test_a_date_of_the_configuration_does_not_outrank_that_of_an_export(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "compliant", tmp_path / "export")
    (tmp_path / "pbcheck.yaml").write_text("as_of: 2020-01-01\n")
    settings = load_settings({}, {}, tmp_path)
    assert audit(tmp_path / "export", settings=settings).as_of == "2026-09-30"
    assert audit(tmp_path / "export", settings=settings, as_of="2026-10-01").as_of == "2026-10-01"


def test_a_pack_takes_no_document_away(tmp_path: Path) -> None:
    export = tmp_path / "export"
    shutil.copytree(FIXTURES / "compliant", export)
    before = audit(export)
    (export / "own" / "a-theme").mkdir(parents=True)
    (export / "own" / "cases.jsonl").write_text('{"kind": "case", "id": "OWN-1"}\n')
    manifest = export / "export.yaml"
    manifest.write_text(manifest.read_text().rstrip() + "\n  - {path: own/cases.jsonl, kind: case}\n")
    (export / "own" / "a-theme" / "a-rule.yaml").write_text(GOOD)
    settings = load_settings({"extends": (export / "own",)}, {}, tmp_path)
    report = audit(export, settings=settings, rules=(export / "own",))
    assert report.records["case"] == before.records["case"] + 1
