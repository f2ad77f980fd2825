"""Comments that set findings aside in their place: where they hold, what they say wrong, and that no other clock than the data's counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbcheck.gate.comments import comments_in
from tests.conftest import FIXTURES
from tests.gate_cases import FOR_ALL, HEAD, LIMITED, MONEY, NOTE, UNSPENT, Run, about, aside, checked, commit, counting, git, repository

pytestmark = pytest.mark.slow

SOUND = "until 2027-03-31: the new accounts go live in March"
ON = f"# pbcheck: ignore[{UNSPENT}] {SOUND}"


def policy(folder: Path, text: str) -> None:
    (folder / "policy.yaml").write_bytes(text.encode())


def money(first: str = "", on: str = "", between: str = "") -> str:
    """Return the usual policy with comments above the value, on its line, and between."""
    return f"{HEAD}surplus:\n{first}  recoup: always{' ' if on else ''}{on}\nspending:\n{between}  test: agreed_services\n"


def test_on_the_line(run: Run, tmp_path: Path) -> None:
    policy(tmp_path, money(on=ON))
    report = checked(run, "policy.yaml")
    assert aside(report) == {UNSPENT: "suppression"}
    assert counting(report) == [NOTE, LIMITED]
    [one] = [one for one in report["findings"] if one["set_aside"]]
    assert one["set_aside"]["reason"] == "the new accounts go live in March"
    assert one["set_aside"]["until"] == "2027-03-31"
    [decision] = report["audit"]["decisions"]
    assert (decision["kind"], decision["name"], decision["rule"], decision["findings"]) == ("suppression", "policy.yaml:5", UNSPENT, 1)


def test_on_the_line_above_and_several_stacked(run: Run, tmp_path: Path) -> None:
    other = f"  # pbcheck: ignore[{NOTE}] {SOUND}\n\n  # a comment of another kind\n"
    policy(tmp_path, money(first=f"  {ON}\n", between=f"  # pbcheck:ignore[{LIMITED}] {SOUND}\n{other}"))
    report = checked(run, "policy.yaml")
    assert (counting(report), set(aside(report))) == ([], {UNSPENT, LIMITED, NOTE})


def test_several_rules_in_one(run: Run, tmp_path: Path) -> None:
    policy(tmp_path, money(first=f"  {ON}\n", between=f"  # pbcheck: ignore[{LIMITED} , {NOTE}] {SOUND}\n"))
    report = checked(run, "policy.yaml")
    assert counting(report) == []
    assert {one["rule"]: one["findings"] for one in report["audit"]["decisions"]} == {UNSPENT: 1, LIMITED: 1, NOTE: 1}


def test_it_reaches_no_other_line(run: Run, tmp_path: Path) -> None:
    policy(tmp_path, f"{ON}\n{MONEY}")
    report = checked(run, "policy.yaml")
    assert aside(report) == {}
    assert about(report, "suppression-unused") == [(1, f"Line 2 has no finding of `{UNSPENT}` that this comment could set aside.")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "\ufeff"])
def test_line_endings_and_a_byte_order_mark(ending: str, before: str, run: Run, tmp_path: Path) -> None:
    policy(tmp_path, before + money(on=ON, between=f"  # pbcheck: ignore[{LIMITED}] {SOUND}\n").replace("\n", ending))
    assert set(aside(checked(run, "policy.yaml"))) == {UNSPENT, LIMITED}


QUOTED = [
    f'note: "{ON}"',
    f"note: '{ON}'",
    f'note: "two\n  {ON}\n  lines"',
    f"note: |\n  {ON}",
    f"note: >-\n  text\n  {ON}\n\n  {ON}",
    "note: a#pbcheck:ignore",
    f"{{note: '{ON}'}}",
    f"? |\n  {ON}\n: x",
]


@pytest.mark.parametrize("text", QUOTED)
def test_what_stands_in_a_value_is_no_comment(text: str) -> None:
    assert comments_in(text.encode()) == []
    [one] = comments_in(f"{text}\n{ON}\nend: 1\n".encode()) if not text.startswith("{") else comments_in(f"{text} {ON}\n".encode())
    assert (one.rules, one.fault) == ((UNSPENT,), None)


@pytest.mark.parametrize("text", ["kind: 'x\n# pbcheck: ignore\n", "kind: \x00 # pbcheck: ignore\n", "\ufeff# pbcheck: ignore\n\x07"])
def test_nothing_is_set_aside_in_what_cannot_be_read(text: str) -> None:
    assert comments_in(text.encode()) == []


def test_lines_are_counted_as_the_reader_counts_them() -> None:
    for sign in ("\u2028", "\u2029", "\x85", "\r"):
        [one] = comments_in(f"a: 1{sign}b: 2 {ON}\nc: 3\n".encode())
        assert (one.line, one.about) == (2, 2)


MALFORMED = [
    "# pbcheck: ignore[{rule}]",
    "# pbcheck: ignore[{rule}]: a reason without an end",
    "# pbcheck: ignore[{rule}] until 2027-03-31",
    "# pbcheck: ignore[{rule}] until 2027-03-31:",
    "# pbcheck: ignore[{rule}] until 2027-03-31: x",
    "# pbcheck: ignore[{rule}] until March: the accounts",
    "# pbcheck: ignore[{rule}] until 31/03/2027: the accounts",
    "# pbcheck: ignore[{rule}] until 2027-02-30: the accounts",
    "# pbcheck: ignore[{rule}] 2027-03-31: the accounts",
    "# pbcheck: ignore[{rule} until 2027-03-31: the accounts",
    "# pbcheck: ignores[{rule}] until 2027-03-31: the accounts",
    "# pbcheck: suppress[{rule}] until 2027-03-31: the accounts",
    "# pbcheck ignore[{rule}] until 2027-03-31: the accounts",
    "# pbcheck-ignore[{rule}] until 2027-03-31: the accounts",
    "# pbcheck[{rule}] until 2027-03-31: the accounts",
    "# pbcheck disable {rule}",
    "# PBCHECK: off",
    "#pbcheck:",
]
BLANKET = [
    "# pbcheck: ignore",
    f"# pbcheck: ignore {UNSPENT} {SOUND}",
    f"# pbcheck: ignore {SOUND}",
    f"# pbcheck: ignore[] {SOUND}",
    f"# pbcheck: ignore[*] {SOUND}",
]
BLANKET += [f"# pbcheck: ignore[ALL] {SOUND}", f"# pbcheck: ignore[{UNSPENT}, all] {SOUND}"]
MISUSES = [
    *((one.format(rule=UNSPENT), "suppression-malformed") for one in MALFORMED),
    *((one, "suppression-blanket") for one in BLANKET),
    (f"# pbcheck: ignore[use-of-the-budget] {SOUND}", "suppression-blanket"),
    (f"# pbcheck: ignore[good-practice] {SOUND}", "suppression-blanket"),
    (f"# pbcheck: ignore[unspent-money-taken-bak] {SOUND}", "suppression-unknown-rule"),
    (f"# pbcheck: ignore[{FOR_ALL}] {SOUND}", "suppression-not-permitted"),
    (f"# pbcheck: ignore[unknown-key] {SOUND}", "suppression-not-permitted"),
    (f"# pbcheck: ignore[suppression-unused] {SOUND}", "suppression-not-permitted"),
    (f"# pbcheck: ignore[{UNSPENT}] until 2026-09-30: it was meant for a time", "suppression-lapsed"),
    (f"# pbcheck: ignore[{LIMITED}] {SOUND}", "suppression-unused"),
]


@pytest.mark.parametrize(("comment", "check"), MISUSES, ids=[one[0] for one in MISUSES])
def test_every_misuse_is_a_finding_and_sets_nothing_aside(comment: str, check: str, run: Run, tmp_path: Path) -> None:
    policy(tmp_path, money(on=comment))
    report = checked(run, "policy.yaml")
    assert aside(report) == {}
    [(line, words)] = about(report, check)
    assert line == 5
    assert counting(report) == sorted([check, UNSPENT, LIMITED, NOTE]), "it is one finding, and the others stay"
    if check == "suppression-unknown-rule":
        assert f"Did you mean `{UNSPENT}`?" in words
    if check != "suppression-unused":
        assert all(one["standing"] and not one["findings"] for one in report["audit"]["decisions"]), "each is told as not in force"


def test_a_misspelled_rule_beside_a_right_one_is_told_and_so_is_one_that_is_not_needed(run: Run, tmp_path: Path) -> None:
    policy(tmp_path, money(on=f"# pbcheck: ignore[{UNSPENT}, {LIMITED}] {SOUND}"))
    report = checked(run, "policy.yaml")
    assert aside(report) == {UNSPENT: "suppression"}
    assert about(report, "suppression-unused") == [(5, f"Line 5 has no finding of `{LIMITED}` that this comment could set aside.")]
    assert {one["rule"]: one["findings"] for one in report["audit"]["decisions"]} == {UNSPENT: 1, LIMITED: 0}


@pytest.mark.parametrize(("day", "held"), [("2027-03-30", True), ("2027-03-31", True), ("2027-04-01", False)])
def test_the_last_day_counts(day: str, held: bool, run: Run, tmp_path: Path) -> None:
    policy(tmp_path, money(on=ON))
    report = checked(run, "policy.yaml", "--as-of", day)
    assert aside(report) == ({UNSPENT: "suppression"} if held else {})
    assert about(report, "suppression-lapsed") == ([] if held else [(5, "This comment held until 2027-03-31, before 2027-04-01.")])


def test_without_any_date_nothing_is_set_aside(run: Run, tmp_path: Path) -> None:
    policy(tmp_path, money(on=ON).replace("as_of: '2026-10-01'\n", ""))
    report = checked(run, "policy.yaml")
    assert aside(report) == {}
    assert about(report, "suppression-lapsed") == [(4, "For this comment there is no date to judge by: give --as-of.")]
    assert aside(checked(run, "policy.yaml", "--as-of", "2027-01-01")) == {UNSPENT: "suppression"}


def test_the_later_of_the_last_commit_and_the_policys_own_date_counts(run: Run, tmp_path: Path) -> None:
    policy(tmp_path, money(on=ON))
    repository(tmp_path, day="2027-03-31")
    assert aside(checked(run, "policy.yaml")) == {UNSPENT: "suppression"}
    commit(tmp_path, day="2027-04-01")
    assert about(checked(run, "policy.yaml"), "suppression-lapsed")
    assert aside(checked(run, "policy.yaml", "--as-of", "2027-03-31")) == {UNSPENT: "suppression"}, "a date that is given outranks both"
    policy(tmp_path, money(on=ON).replace("2026-10-01", "2027-05-01"))
    git(tmp_path, "commit", "-q", "--amend", "-a", "-m", "one", day="2027-03-01")
    assert "before 2027-05-01" in about(checked(run, "policy.yaml"), "suppression-lapsed")[0][1]


def test_a_rule_that_was_not_asked_is_not_said_to_be_unused(run: Run, tmp_path: Path) -> None:
    policy(tmp_path, money(on=f"# pbcheck: ignore[{LIMITED}] {SOUND}"))
    report = checked(run, "policy.yaml", "--ignore", f"use-of-the-budget,{NOTE}")
    assert counting(report) == []


def test_where_something_could_not_be_read_no_comment_is_called_unused(run: Run, tmp_path: Path) -> None:
    policy(tmp_path, money(on=f"# pbcheck: ignore[{LIMITED}] {SOUND}"))
    (tmp_path / "other.yaml").write_text("kind: policy\nauthority: [\n")
    report = checked(run, ".")
    assert not report["audit"]["complete"]
    assert about(report, "suppression-unused") == []


def test_a_comment_in_a_case_that_is_yaml(run: Run, tmp_path: Path) -> None:
    text = (FIXTURES / "ombudsman" / "17-016-036" / "case.yaml").read_text().splitlines()
    text[8] += f"  # pbcheck: ignore[family-not-asked] {SOUND}"
    (tmp_path / "case.yaml").write_text("\n".join(text))
    report = checked(run, "case.yaml", "--as-of", "2026-10-01")
    assert aside(report) == {"family-not-asked": "suppression"}
    assert next(one for one in report["outcomes"] if one["rule"] == "family-not-asked")["failed"] == 1, "the ledger counts it as it is"
