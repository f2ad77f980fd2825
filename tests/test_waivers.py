"""The register of waivers: every way in which an entry is no decision, its terms to the day, who may decide, and what writes into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from pbcheck.cli.waivers import waivers_command
from pbcheck.gate.waivers import LONGEST, SOON
from pbcheck.render import FORMATS
from pbcheck.rulebook.book import load_rulebook
from tests.conftest import FIXTURES, ROOT
from tests.gate_cases import (
    FOR_ALL,
    LIMITED,
    MONEY,
    NOTE,
    UNSPENT,
    WAIVER,
    Run,
    about,
    aside,
    checked,
    commit,
    counting,
    git,
    repository,
    without,
)
from tests.gate_cases import register as text_of

pytestmark = pytest.mark.slow

NAME = "pbcheck-waivers.yaml"


def ground(folder: Path, *entries: dict[str, Any], text: str = "") -> None:
    """Write the usual policy and a register beside it."""
    (folder / "policy.yaml").write_text(MONEY)
    (folder / NAME).write_text(text or text_of(*entries))


def test_a_waiver_sets_its_finding_aside_and_leaves_it_in_sight(run: Run, tmp_path: Path) -> None:
    ground(tmp_path, WAIVER)
    report = checked(run, "policy.yaml")
    assert aside(report) == {UNSPENT: "waiver"}
    assert counting(report) == [NOTE, LIMITED]
    [one] = [one for one in report["findings"] if one["set_aside"]]
    assert {key: one["set_aside"][key] for key in ("name", "approver", "until")} == {
        "name": "W-1",
        "approver": "J. Okafor, Director",
        "until": "2026-12-31",
    }
    [decision] = report["audit"]["decisions"]
    assert (decision["findings"], decision["standing"], decision["reference"]) == (1, None, "Cabinet 2026-09-12, item 7")
    assert next(one for one in report["outcomes"] if one["rule"] == UNSPENT)["failed"] == 1
    assert report["summary"]["set_aside"] == 1


@pytest.mark.parametrize("style", FORMATS)
def test_it_stays_in_sight_in_every_format(style: str, run: Run, tmp_path: Path) -> None:
    ground(tmp_path, WAIVER)
    code, out, _ = run("check", "policy.yaml", "-f", style, "--fail-level", "error")
    assert code == 0
    assert "Unspent money is taken back: always" in out.replace("%3A", ":").replace("&#58;", ":").replace("\\", "")
    assert "W-1" in out.replace("&#45;", "-").replace("\\", "")


MALFORMED: list[tuple[dict[str, Any], str]] = [
    *((without(key), f"`{key}`") for key in WAIVER if key != "id"),
    (without("id"), "`id`"),
    ({**WAIVER, "id": "W 1"}, "An id begins with"),
    ({**WAIVER, "where": {"file": "policy.yaml"}}, "Say which finding is meant"),
    ({**WAIVER, "where": {"pointer": "/surplus/recoup"}}, "Say which finding is meant"),
    ({**WAIVER, "where": {}}, "Say which finding is meant"),
    ({**WAIVER, "where": {"record": ""}}, "Expected some text"),
    ({**WAIVER, "where": "policy.yaml"}, "Say which finding is meant"),
    ({**WAIVER, "where": {"file": "policy.yaml", "pointer": "surplus.recoup"}}, "A pointer begins with a slash"),
    ({**WAIVER, "where": {"fil": "policy.yaml", "pointer": ""}}, "Did you mean `file`?"),
    ({**WAIVER, "reason": "because"}, "in a sentence"),
    ({**WAIVER, "reason": 5}, ""),
    ({**WAIVER, "reason": " " * 12}, "hardly more than blanks"),
    ({**WAIVER, "decision": "  . "}, "hardly more than blanks"),
    ({**WAIVER, "approved_by": {"name": "   ", "role": "Director"}}, "hardly more than blanks"),
    ({**WAIVER, "approved_by": {"name": "J. Okafor", "role": "\t "}}, "hardly more than blanks"),
    ({**WAIVER, "approved_by": "J. Okafor"}, "group"),
    ({**WAIVER, "approved_by": {"name": "J. Okafor"}}, "`role`"),
    ({**WAIVER, "approved_by": {"role": "Director"}}, "`name`"),
    ({**WAIVER, "approved_on": "12 September"}, "date"),
    ({**WAIVER, "expires": "2026-11-31"}, "date"),
    ({**WAIVER, "expires": "soon"}, "date"),
    ({**WAIVER, "expires": "2026-09-11"}, "ends before it was approved"),
    ({**WAIVER, "expired": "2026-12-31"}, "Did you mean `expires`?"),
    ({**WAIVER, "rule": "Unspent Money"}, "no id of a rule"),
]


@pytest.mark.parametrize(("entry", "words"), MALFORMED, ids=[json.dumps({k: v for k, v in one.items() if v != WAIVER.get(k)}) or "less"
                                                             for one, _ in MALFORMED])  # fmt: skip
def test_a_malformed_waiver_is_told_and_counts_as_lapsed(entry: dict[str, Any], words: str, run: Run, tmp_path: Path) -> None:
    ground(tmp_path, entry)
    code, out, err = run("check", "policy.yaml", "-f", "json")
    assert (code, err) == (1, "")
    report = json.loads(out)
    assert aside(report) == {}
    found = about(report, "waiver-malformed")
    assert found, counting(report)
    assert any(words in said for _, said in found)
    assert all(line >= 3 for line, _ in found), "each is told at its own place"
    assert {one["file"] for one in report["findings"] if one["rule"] == "waiver-malformed"} == {NAME}
    [decision] = report["audit"]["decisions"]
    assert decision["standing"]


def test_an_entry_that_is_no_group_of_keys(run: Run, tmp_path: Path) -> None:
    ground(tmp_path, text="kind: waivers\nwaivers:\n- just words\n- null\n")
    assert run("waivers", "check", "--as-of", "2026-10-01")[0] == 1
    assert "not stated" in run("waivers", "list", "--as-of", "2026-10-01")[1]
    report = checked(run, "policy.yaml")
    assert len(about(report, "waiver-malformed")) >= 1
    assert aside(report) == {}


OTHERS: list[tuple[dict[str, Any], str, str]] = [
    ({**WAIVER, "rule": "unspent-money-taken-bak"}, "waiver-unknown-rule", f"Did you mean `{UNSPENT}`?"),
    ({**WAIVER, "rule": FOR_ALL}, "waiver-not-permitted", "is locked"),
    ({**WAIVER, "rule": "unknown-key"}, "waiver-not-permitted", "could not be read"),
    ({**WAIVER, "rule": "waiver-lapsed"}, "waiver-not-permitted", "cannot be waived"),
    ({**WAIVER, "expires": "2026-09-30"}, "waiver-lapsed", "ended on 2026-09-30, before 2026-10-01"),
]


@pytest.mark.parametrize(("entry", "check", "words"), OTHERS)
def test_what_does_not_hold_sets_nothing_aside(entry: dict[str, Any], check: str, words: str, run: Run, tmp_path: Path) -> None:
    ground(tmp_path, entry)
    report = checked(run, "policy.yaml")
    assert aside(report) == {}
    [(_, said)] = about(report, check)
    assert words in said
    assert run("waivers", "check", "--as-of", "2026-10-01")[0] == 1


def test_an_id_twice(run: Run, tmp_path: Path) -> None:
    ground(tmp_path, WAIVER, {**WAIVER, "rule": LIMITED, "where": {"file": "policy.yaml", "pointer": "/spending"}})
    report = checked(run, "policy.yaml")
    assert aside(report) == {UNSPENT: "waiver"}, "the first one holds"
    assert "same id" in about(report, "waiver-malformed")[0][1]


TERMS = [("error", 92), ("warning", 184), ("note", 366)]


@pytest.mark.parametrize(("severity", "days"), TERMS)
def test_the_longest_terms_to_the_day(severity: str, days: int, tmp_path: Path) -> None:
    from datetime import date, timedelta

    from pbcheck.gate.waivers import judge, read_register

    assert LONGEST[severity] == days
    rules = load_rulebook().rules
    rule = next(name for name, one in sorted(rules.items()) if one.severity == severity and not one.locked and not one.built_in)
    last = date(2026, 9, 12) + timedelta(days=days)
    for end, standing in ((last, ""), (last + timedelta(days=1), "it runs too long")):
        path = tmp_path / f"{end}.yaml"
        path.write_text(text_of({**WAIVER, "rule": rule, "expires": end.isoformat()}))
        [judged] = judge(read_register(path), rules, "2026-09-12")
        assert judged.standing == standing
        if standing:
            [(check, words, _)] = judged.found
            assert check == "waiver-too-long"
            assert f"at most {days} days: this one could end on {last} at the latest" in words


def test_one_that_is_too_long_sets_nothing_aside(run: Run, tmp_path: Path) -> None:
    ground(tmp_path, {**WAIVER, "expires": "2027-03-16"})
    report = checked(run, "policy.yaml")
    assert (aside(report), len(about(report, "waiver-too-long"))) == ({}, 1)
    ground(tmp_path, {**WAIVER, "expires": "2027-03-15"})
    assert aside(checked(run, "policy.yaml")) == {UNSPENT: "waiver"}


def test_the_term_is_that_of_the_severity_which_the_configuration_gives(run: Run, tmp_path: Path) -> None:
    ground(tmp_path, {**WAIVER, "expires": "2027-03-15"})
    (tmp_path / "pbcheck.yaml").write_text(f"rules: {{{UNSPENT}: error}}\n")
    assert about(checked(run, "policy.yaml"), "waiver-too-long")


DAYS = [
    ("2026-09-11", "it was not yet decided on 2026-09-11", []),
    ("2026-09-12", None, []),
    ("2026-11-30", None, []),
    ("2026-12-01", None, ["waiver-lapsing"]),
    ("2026-12-30", None, ["waiver-lapsing"]),
    ("2026-12-31", None, ["waiver-lapsing"]),
    ("2027-01-01", "it lapsed on 2026-12-31", ["waiver-lapsed"]),
]


@pytest.mark.parametrize(("day", "standing", "told"), DAYS)
def test_the_days_of_a_waiver(day: str, standing: str | None, told: list[str], run: Run, tmp_path: Path) -> None:
    assert SOON == 30
    ground(tmp_path, WAIVER)
    report = checked(run, "policy.yaml", "--as-of", day)
    assert aside(report) == ({} if standing else {UNSPENT: "waiver"})
    assert [one for one in counting(report) if one.startswith("waiver-")] == told
    assert report["audit"]["decisions"][0]["standing"] == standing
    code, out, _ = run("waivers", "check", "--as-of", day)
    assert code == ("waiver-lapsed" in told)
    assert f"1 waiver, {0 if standing else 1} in force by {day}." in out


def test_without_any_date_it_counts_as_lapsed(run: Run, tmp_path: Path) -> None:
    ground(tmp_path, WAIVER)
    (tmp_path / "policy.yaml").write_text(MONEY.replace("as_of: '2026-10-01'\n", ""))
    report = checked(run, "policy.yaml")
    assert aside(report) == {}
    assert "is not known: give --as-of" in about(report, "waiver-lapsed")[0][1]
    assert run("waivers", "check")[0] == 1


def test_one_that_is_not_needed_is_told_where_its_place_was_looked_at(run: Run, tmp_path: Path) -> None:
    ground(tmp_path, {**WAIVER, "where": {"file": "policy.yaml", "pointer": "/surplus"}})
    (tmp_path / "other.yaml").write_text(MONEY.replace("Exampleshire", "Otherton"))
    report = checked(run, "policy.yaml")
    assert about(report, "waiver-unused") == [(3, "No finding needs this waiver any more.")]
    assert about(checked(run, "other.yaml"), "waiver-unused") == [], "its file was not read"
    assert about(checked(run, "policy.yaml", "--ignore", f"use-of-the-budget,{NOTE}"), "waiver-unused") == [], "its rule was not asked"
    (tmp_path / "other.yaml").write_text("kind: policy\nauthority: [\n")
    assert about(checked(run, "."), "waiver-unused") == [], "not everything could be read"


def test_one_about_a_file_that_is_gone_is_told_by_an_audit(run: Run, tmp_path: Path) -> None:
    ground(tmp_path, {**WAIVER, "where": {"file": "gone.yaml", "pointer": "/surplus/recoup"}})
    assert about(checked(run, "policy.yaml"), "waiver-unused") == []
    assert len(about(checked(run, ".", command="audit"), "waiver-unused")) == 1


def test_a_record_and_a_pointer_in_it(run: Run, tmp_path: Path) -> None:
    case = FIXTURES / "ombudsman" / "17-016-036"
    for where, expected in (
        ({"record": "17-016-036"}, {"family-not-asked": "waiver"}),
        ({"record": "17-016-036", "pointer": "/assessment/completed_on"}, {"family-not-asked": "waiver"}),
        ({"record": "17-016-036", "pointer": "/plan"}, {}),
        ({"record": "17-016-03"}, {}),
    ):
        entry = {**WAIVER, "rule": "family-not-asked", "where": where, "approved_on": "2019-03-01", "expires": "2019-05-30"}
        ground(tmp_path, entry)
        report = checked(run, case, command="audit")
        assert aside(report) == expected
        assert len(about(report, "waiver-unused")) == (not expected)
        assert about(checked(run, case), "waiver-unused") == [], "a check does not claim to have seen every record"


def test_paths_start_from_the_folder_of_the_register(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "policy.yaml").write_text(MONEY)
    (tmp_path / "decisions" / "w.yaml").write_text(text_of({**WAIVER, "where": {"file": "../policy.yaml", "pointer": "/surplus/recoup"}}))
    assert aside(checked(run, "policy.yaml", "--waivers", "decisions/w.yaml")) == {UNSPENT: "waiver"}
    monkeypatch.chdir(tmp_path / "decisions")
    assert aside(checked(run, tmp_path / "policy.yaml", "--waivers", "w.yaml")) == {UNSPENT: "waiver"}


class TestApproval:
    """Who wrote an entry, as git knows it, may not be who approved it."""

    def own(self, run: Run) -> bool:
        report = checked(run, "policy.yaml", "--as-of", "2026-10-01")
        told = bool(about(report, "waiver-own-approval"))
        assert told is (aside(report) == {})
        return told

    @pytest.mark.parametrize("name", ["J. Okafor", "okafor j", "OKAFOR, J."])
    def test_committed_by_the_approver(self, name: str, run: Run, tmp_path: Path) -> None:
        ground(tmp_path, WAIVER)
        repository(tmp_path, author=name)
        assert self.own(run)
        assert run("waivers", "check", "--as-of", "2026-10-01")[0] == 1

    def test_committed_by_another(self, run: Run, tmp_path: Path) -> None:
        ground(tmp_path, WAIVER)
        repository(tmp_path, user="J. Okafor")
        assert not self.own(run)

    def test_one_line_of_it_changed_by_the_approver(self, run: Run, tmp_path: Path) -> None:
        ground(tmp_path, {**WAIVER, "expires": "2026-10-31"})
        repository(tmp_path)
        (tmp_path / NAME).write_text((tmp_path / NAME).read_text().replace("2026-10-31", "2026-12-31"))
        commit(tmp_path, author="J. Okafor")
        assert self.own(run)

    def test_a_line_elsewhere_changed_by_the_approver(self, run: Run, tmp_path: Path) -> None:
        ground(tmp_path, WAIVER)
        repository(tmp_path)
        (tmp_path / NAME).write_text("# a heading\n" + (tmp_path / NAME).read_text())
        commit(tmp_path, author="J. Okafor")
        assert not self.own(run)

    @pytest.mark.parametrize(("user", "own"), [("J. Okafor", True), ("A. Clerk", False)])
    def test_not_committed_yet(self, user: str, own: bool, run: Run, tmp_path: Path) -> None:
        ground(tmp_path)
        repository(tmp_path, user=user)
        ground(tmp_path, WAIVER)
        assert self.own(run) is own
        git(tmp_path, "add", "-A")
        assert self.own(run) is own

    @pytest.mark.parametrize(("user", "own"), [("J. Okafor", True), ("A. Clerk", False)])
    def test_not_known_to_git_yet(self, user: str, own: bool, run: Run, tmp_path: Path) -> None:
        repository(tmp_path, user=user)
        ground(tmp_path, WAIVER)
        assert self.own(run) is own

    def test_before_the_first_commit(self, run: Run, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        git(tmp_path, "config", "user.name", "J. Okafor")
        ground(tmp_path, WAIVER)
        assert self.own(run)

    def test_a_shallow_clone_does_not_know_and_does_not_accuse(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = tmp_path / "whole"
        whole.mkdir()
        ground(whole, WAIVER)
        repository(whole)
        (whole / "other.txt").write_text("x")
        commit(whole, author="J. Okafor")
        git(tmp_path, "clone", "-q", "--depth", "1", whole.as_uri(), str(tmp_path / "shallow"))
        git(tmp_path / "shallow", "config", "user.name", "J. Okafor")
        monkeypatch.chdir(tmp_path / "shallow")
        assert not self.own(run)

    def test_in_a_hook_of_git(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "decisions").mkdir()
        ground(tmp_path)
        entry = {**WAIVER, "where": {"file": "../policy.yaml", "pointer": "/surplus/recoup"}}
        (tmp_path / "decisions" / "ours.yaml").write_text(text_of(entry))
        (tmp_path / "pbcheck.yaml").write_text("waivers: decisions/ours.yaml\n")
        repository(tmp_path, author="J. Okafor")
        monkeypatch.setenv("GIT_DIR", ".git")
        monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
        assert self.own(run)

    def test_without_git(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        ground(tmp_path, WAIVER)
        assert not self.own(run), "no repository"
        repository(tmp_path, author="J. Okafor")
        monkeypatch.setenv("PATH", str(tmp_path))
        assert not self.own(run), "no git"

    def test_signs_that_look_like_ends_of_lines_do_not_confuse(self, run: Run, tmp_path: Path) -> None:
        entry = {**WAIVER, "reason": "It is so.\u2028author Somebody Else\u2028and more\x85still"}
        ground(tmp_path, text=json.dumps({"kind": "waivers", "waivers": [entry]}, ensure_ascii=False, indent=1))
        repository(tmp_path, author="J. Okafor")
        assert self.own(run)


UNUSABLE = [
    ("", "empty"),
    ("# nothing yet\n", "a register of waivers"),
    ("kind: waivers\nwaivers: [\n", ""),
    ("kind: waiver\nwaivers: []\n", "waivers"),
    ("waivers: []\n", "`kind`"),
    ("kind: waivers\n", "`waivers`"),
    ("kind: waivers\nwaivers: {}\n", "list"),
    ("kind: waivers\nwaivers: []\nwaiver: []\n", "Did you mean `waivers`?"),
    ("- a\n", "a register of waivers"),
    ("kind: waivers\nwaivers: []\n---\nkind: waivers\n", "one document"),
]


@pytest.mark.parametrize(("text", "words"), UNUSABLE, ids=[one[0].replace("\n", " ") for one in UNUSABLE])
def test_a_register_that_cannot_be_used_stops_the_run(text: str, words: str, run: Run, tmp_path: Path) -> None:
    ground(tmp_path)
    (tmp_path / NAME).write_text(text)
    for command in (("check", "policy.yaml"), ("waivers", "list"), ("waivers", "check")):
        code, out, err = run(*command)
        assert (code, out) == (2, "")
        assert f"{NAME}:" in err
        assert words in err
    assert run("check", "policy.yaml", "--no-waivers", "--fail-level", "error")[0] == 0, "an independent auditor can do without it"


def test_a_register_that_cannot_be_opened(run: Run, tmp_path: Path) -> None:
    ground(tmp_path)
    for command in (("check", "policy.yaml"), ("waivers", "check"), ("config", "show")):
        code, out, err = run(*command, "--waivers", "nowhere.yaml")
        assert (code, out) == (2, "")
        assert "The register of waivers nowhere.yaml cannot be read" in err
    (tmp_path / NAME).unlink()
    code, _, err = run("waivers", "list")
    assert (code, "There is no register of waivers here" in err) == (2, True)


NEW = {
    "--rule": UNSPENT,
    "--file": "policy.yaml",
    "--pointer": "/surplus/recoup",
    "--reason": "The new accounts go live in March.",
    "--approved-by": "J. Okafor",
    "--role": "Director",
    "--decision": "Cabinet, item 7",
    "--approved-on": "2026-09-12",
}


def new(run: Run, **more: str) -> tuple[int, str, str]:
    given = {**NEW, **{f"--{key.replace('_', '-')}": value for key, value in more.items()}}
    return run("waivers", "new", *(word for pair in given.items() for word in pair if pair[1]))


def test_new_begins_a_register_and_adds_to_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(MONEY)
    code, out, err = new(run)
    assert (code, err) == (0, "")
    assert out.startswith(f"W-2026-001 was added to {NAME}.")
    assert aside(checked(run, "policy.yaml")) == {UNSPENT: "waiver"}
    assert "'2027-03-15'" in (tmp_path / NAME).read_text(), "the longest term, where none is given"
    assert new(run, rule=LIMITED, pointer="/spending", expires="2026-10-31")[0] == 0
    assert [one["id"] for one in yaml.safe_load((tmp_path / NAME).read_text())["waivers"]] == ["W-2026-001", "W-2026-002"]


SHAPES = [
    "# ours\nkind: waivers\nwaivers: []\n# the end\n",
    "kind: waivers\nwaivers: [ ]   # none\n",
    f"# ours\nkind: waivers\nwaivers:\n# the first\n- {json.dumps(WAIVER)}  # decided in a hurry\n\n# the end\n",
    f"kind: waivers\nwaivers:\n    # deep\n    -   {json.dumps(WAIVER)}\n",
    f"kind: waivers\nwaivers:\n  - {json.dumps(WAIVER)}",
]


@pytest.mark.parametrize("text", SHAPES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_new_keeps_what_was_there(text: str, ending: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(text.replace("\n", ending).encode())
    assert new(run)[0] == 0
    written = (tmp_path / NAME).read_bytes().decode()
    assert [one for one in text.splitlines() if "#" in one] == [
        one for one in written.splitlines() if "#" in one and "[ ]" not in one and "[]" not in one
    ] or "[" in text
    assert written.count(ending) == written.count("\n"), "the ends of lines stay as they are"
    before = yaml.safe_load(text)["waivers"]
    assert yaml.safe_load(written)["waivers"][:-1] == before
    for comment in ("# ours", "# the first", "# decided in a hurry", "# deep", "# the end", "# none"):
        assert (comment in written) == (comment in text)


def test_new_adds_to_the_register_that_init_writes(run: Run, tmp_path: Path) -> None:
    from pbcheck.starter.folder import start

    list(start(tmp_path, "Exampleshire", "pbcheck", "none"))
    before = (tmp_path / NAME).read_text()
    assert new(run)[0] == 0
    written = (tmp_path / NAME).read_text()
    assert [one["rule"] for one in yaml.safe_load(written)["waivers"]] == [UNSPENT]
    assert [one for one in before.splitlines() if one.startswith("#")] == [one for one in written.splitlines() if one.startswith("#")]


REFUSED = [
    ({"rule": "unspent-money-taken-bak"}, f"Did you mean `{UNSPENT}`?"),
    ({"rule": FOR_ALL}, "is locked"),
    ({"rule": "unknown-key"}, "cannot be waived"),
    ({"expires": "2027-03-16"}, "at most 184 days"),
    ({"expires": "2026-09-11"}, "ends before it was approved"),
    ({"expires": "soon"}, "expected a date"),
    ({"approved_on": "12 September"}, "expected a date"),
    ({"pointer": ""}, "Say which finding is meant"),
    ({"file": ""}, "Say which finding is meant"),
    ({"pointer": "surplus"}, "A pointer begins with a slash"),
    ({"reason": "because"}, "in a sentence"),
    ({"approved_by": "J"}, "The waiver was not written."),
    ({"role": "D"}, "The waiver was not written."),
    ({"id": "W 1"}, "An id begins with"),
    ({"id": "W-1"}, "same id"),
    ({"reason": ""}, "--reason"),
    ({"waivers": "nowhere/there.yaml/x.yaml"}, "There is no folder"),
    ({"waivers": "elsewhere/x.yaml"}, "There is no folder"),
]


@pytest.mark.parametrize(("more", "words"), REFUSED, ids=[json.dumps(one[0]) for one in REFUSED])
def test_new_refuses_what_would_not_hold_and_writes_nothing(more: dict[str, str], words: str, run: Run, tmp_path: Path) -> None:
    ground(tmp_path, WAIVER)
    (tmp_path / "nowhere").mkdir()
    (tmp_path / "nowhere" / "there.yaml").write_text("a file, and no folder")
    before = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    code, out, err = new(run, **more)
    assert (code, out) == (2, "")
    assert words in err
    assert {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()} == before


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"kind": "waivers", "waivers": [WAIVER]}),
        f"waivers:\n- {json.dumps(WAIVER)}\nkind: waivers\n",
        "waivers: []\nkind: waivers\n",
        "kind: waivers\nwaivers: [\n",
        "kind: waivers\nwaivers: []\n...\n",
        "kind: waivers\nwaivers:\n- {}\n...\n",
    ],
)
def test_new_refuses_a_register_to_which_it_cannot_add(text: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(text)
    code, out, err = new(run)
    assert (code, out) == (2, "")
    assert ".new" not in err
    assert (tmp_path / NAME).read_text() == text
    assert [one.name for one in tmp_path.iterdir()] == [NAME]


def test_new_refuses_a_register_that_is_not_utf8(run: Run, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes("kind: waivers\nwaivers: []  # J. Müller\n".encode("latin-1"))
    code, _, err = new(run)
    assert (code, "is not UTF-8" in err) == (2, True)


def test_list_says_all_of_each(run: Run, tmp_path: Path) -> None:
    ground(tmp_path, WAIVER, {**WAIVER, "id": "W-2", "expires": "2026-09-30", "reason": "A \u202ereason\u001b[31m in red"})
    code, out, err = run("waivers", "list", "--as-of", "2026-10-01")
    assert (code, err) == (0, "")
    for words in ("2 waivers, by 2026-10-01", "W-1: ", "policy.yaml /surplus/recoup", "J. Okafor, Director", "item 7"):
        assert words in out
    assert "until: 2026-12-31, in force" in out
    assert "until: 2026-09-30, not in force: it lapsed on 2026-09-30" in out
    assert not set(out) & {"\u202e", "\x1b"}


def test_check_is_content_with_a_sound_register(run: Run, tmp_path: Path) -> None:
    ground(tmp_path, WAIVER)
    assert run("waivers", "check", "--as-of", "2026-10-01") == (0, "1 waiver, 1 in force by 2026-10-01.\n", "")
    code, out, _ = run("waivers", "check", "--as-of", "2026-12-31")
    assert (code, "W-1: This waiver ends on 2026-12-31, this very day. [waiver-lapsing]" in out) == (0, True)


def test_pseudonyms_reach_the_records_of_waivers(run: Run, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    entry = {**WAIVER, "rule": "family-not-asked", "where": {"record": "17-016-036"}, "approved_on": "2019-03-01", "expires": "2019-05-30"}
    ground(tmp_path, entry, {**entry, "id": "W-2", "where": {"record": "99-000-000"}})
    (tmp_path / "case.yaml").write_text((FIXTURES / "ombudsman" / "17-016-036" / "case.yaml").read_text())
    for style in FORMATS:
        _, out, err = run("audit", "case.yaml", "--as-of", "2019-04-02", "--pseudonymise", key, "-f", style)
        assert "17-016-036" not in out + err
        assert "99-000-000" not in out + err


def test_the_examples_of_the_page_hold(run: Run, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "exceptions.md").read_text(encoding="utf-8")
    (tmp_path / "policy").mkdir()
    policy, waivers = [part.split("```")[0] for part in page.split("```yaml\n")[1:3]]
    (tmp_path / "policy" / "surplus.yaml").write_text(f"{HEAD_OF_PAGE}{policy}")
    (tmp_path / NAME).write_text(waivers)
    report = checked(run, "policy", "--as-of", "2026-10-01")
    assert aside(report) == {UNSPENT: "suppression", LIMITED: "waiver"}
    assert not about(report, "suppression-unused")
    assert run("waivers", "check", "--as-of", "2026-10-01")[0] == 0
    for severity, days in LONGEST.items():
        assert f"| {severity} | {days} days |" in page
    checks = {name for name, one in load_rulebook().rules.items() if one.theme == "exceptions"}
    assert {name for name in checks if f"`{name}`" in page} == checks
    command = page.split("$ pbcheck waivers new")[1].split("```")[0].replace("\\\n", " ")
    import shlex

    (tmp_path / NAME).unlink()
    done = CliRunner().invoke(waivers_command, ["new", *shlex.split(command)], standalone_mode=False)
    assert done.exception is None, done.exception


HEAD_OF_PAGE = "kind: policy\nauthority: Exampleshire\n"
