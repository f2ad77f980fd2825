"""A bad rule pack is refused with file, line, column, caret and did-you-mean; the cache holds rules and is never trusted blindly."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pbcheck import RulePackError, audit
from pbcheck.rulebook import cache
from pbcheck.rulebook.book import load_rulebook
from pbcheck.rulebook.files import expand
from pbcheck.shipped import shipped

pytestmark = pytest.mark.slow

GOOD = """\
id: a-rule
title: A rule for trying things out.
theme: a-theme
subject: policy
severity: warning
force: good-practice
obligations: [CWR-3-10]
expect: policy.surplus.recoup == "never"
message: "Found {policy.surplus.recoup}."
why: Because it is so.
plain: You can ask why.
remedy: Do something else.
examples:
  pass: [{about: nothing is taken back, set: {policy.surplus.recoup: never}}]
  fail: [{about: all is taken back, set: {policy.surplus.recoup: always}}]
"""
CASE = GOOD.replace("subject: policy", "subject: case").replace("policy.surplus.recoup", "case.final.term").replace('"never"', '"annual"')


def pack(folder: Path, text: str, name: str = "a-rule") -> Path:
    place = folder / "pack" / "a-theme"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "pack"


def test_a_good_pack_works(tmp_path: Path) -> None:
    report = audit({"kind": "policy", "authority": "X", "surplus": {"recoup": "always"}}, rules=pack(tmp_path, GOOD))
    assert [(one.rule, one.message) for one in report.findings if one.rule == "a-rule"] == [("a-rule", "Found always.")]
    assert "unspent-money-taken-back" in {one.rule for one in report.findings}, "the shipped rules are asked beside a council's own"


BAD = [
    ("severity: warning", "severity: warnng", 5, 11, "Did you mean `warning`?"),
    ("why: Because", "whhy: Because", 10, 1, "Did you mean `why`?"),
    ("CWR-3-10]", "CWR-3-100]", 7, 15, "Did you mean `CWR-3-10`?"),
    ("expect: policy.surplus.recoup", "expect: policy.surplus.recop", 8, 24, "Did you mean `recoup`?"),
    ('== "never"', '== "nevr"', 8, 34, "Did you mean `never`?"),
    ('== "never"', "== 5", 8, 31, "does not take"),
    ('== "never"', '= "never"', 8, 31, "write `==`"),
    ("{policy.surplus.recoup}", "{policy.surplus.wibble}", 9, 17, "is not a field that the message can show"),
    ("id: a-rule", "id: other-rule", 1, 5, "expected `a-rule`"),
    ("theme: a-theme", "theme: b-theme", 3, 8, "expected `a-theme`"),
    ("remedy: Do", "remedy: Do\nremedy: Do", 13, 1, "stands twice"),
    ("remedy: Do something else.", "remedy: no", 12, 9, "write `false`"),
    ("message: ", "massage: ", 9, 1, "Did you mean `message`?"),
    ("expect:", "at: policy.surplus.recop\nexpect:", 8, 20, "Did you mean `recoup`?"),
    ("examples:", "for_each: policy.options\nas: policy\nexamples:", 14, 5, "already stands for something else"),
    ("{policy.surplus.recoup}", "{policy.options.uptake_targets}", 9, 17, "is not a field that the message can show"),
    ("fail: [{about: all is taken back, set: {policy.surplus.recoup: always}}]", "fail: []\n---\nid: b", 1, 1, "one document"),
]


@pytest.mark.parametrize(("old", "new", "line", "column", "words"), BAD, ids=[one[1] for one in BAD])
def test_a_bad_pack(
    old: str, new: str, line: int, column: int, words: str, tmp_path: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    folder = pack(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(RulePackError) as stopped:
        load_rulebook((folder,))
    assert (line, column) in [(fault.line, fault.column) for fault in stopped.value.faults]
    assert words in str(stopped.value)
    code, out, err = run("audit", tmp_path, "--rules", folder)
    assert (code, out) == (2, "")
    assert f":{line}:{column}: " in err
    assert "^" in err


def test_personal_data_in_a_message_is_refused(tmp_path: Path) -> None:
    text = CASE.replace("{case.final.term}", "{case.assessment.what_matters}")
    with pytest.raises(RulePackError, match="is personal data"):
        load_rulebook((pack(tmp_path, text),))


def test_for_each(tmp_path: Path) -> None:
    text = CASE.replace("expect:", "for_each: case.plan.components\nas: part\nexpect:").replace(
        'case.final.term == "annual"', "has(part.cost)"
    )
    text = text.replace("{case.final.term}", "{part.cost_basis}")
    folder = pack(tmp_path, text)
    case = {"kind": "case", "id": "C-1", "plan": {"components": [{"id": "P1", "cost": "1.00"}, {"id": "P2", "cost_basis": "estimate"}]}}
    report = audit(case, rules=folder, portfolio=False)
    assert [(one.location.pointer, one.message) for one in report.findings if one.rule == "a-rule"] == [
        ("/plan/components/1", "Found estimate.")
    ]
    [tally] = [one for one in report.outcomes if one.rule == "a-rule"]
    assert (tally.failed, tally.records) == (1, 1)
    for bad, words in (
        ("case.plan.component", "Did you mean `components`?"),
        ("case.plan", "must name a list"),
        ("policy.rules", "not a path of this subject"),
    ):
        with pytest.raises(RulePackError, match=words.replace("?", r"\?")):
            load_rulebook((pack(tmp_path, text.replace("case.plan.components", bad)),))
    with pytest.raises(RulePackError, match="`as` is missing"):
        load_rulebook((pack(tmp_path, text.replace("as: part\n", "")),))


def test_an_exception_needs_a_known_reason(tmp_path: Path) -> None:
    text = GOOD.replace("message:", "unless:\n  - {when: policy.misuse.recovery, because: LAW-999}\nmessage:")
    with pytest.raises(RulePackError, match="no obligation, tension or entry of the law register"):
        load_rulebook((pack(tmp_path, text),))


def test_groups_in_a_message_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RulePackError, match="not a field that the message can show"):
        load_rulebook((pack(tmp_path, CASE.replace("{case.final.term}", "{case.arrangements}")),), use_cache=False)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"])
def test_an_empty_rule_file_is_told(text: str, tmp_path: Path) -> None:
    pack(tmp_path, GOOD)
    with pytest.raises(RulePackError, match="b-rule"):
        load_rulebook((pack(tmp_path, text, "b-rule"),), use_cache=False)


def test_files_that_are_no_rule_files_are_told(tmp_path: Path) -> None:
    folder = pack(tmp_path, GOOD)
    (folder / "a-theme" / "c-rule.yml").write_text(GOOD)
    with pytest.raises(RulePackError, match=r"ends in \.yaml"):
        load_rulebook((folder,), use_cache=False)
    (folder / "a-theme" / "c-rule.yml").unlink()
    (folder / "a-theme" / "d-rule.yaml").mkdir()
    with pytest.raises(RulePackError, match="cannot be read"):
        load_rulebook((folder,), use_cache=False)


def test_a_pack_may_have_a_theme_of_the_same_name_or_be_a_copy(tmp_path: Path) -> None:
    folder = pack(tmp_path, GOOD.replace("theme: a-theme", "theme: reading-the-files"))
    (folder / "a-theme").rename(folder / "reading-the-files")
    assert "nothing-checked" in load_rulebook((folder,), use_cache=False).rules
    copied = shutil.copytree(shipped("rules") / "reading-the-files", tmp_path / "copied" / "reading-the-files")
    assert "nothing-checked" in load_rulebook((copied.parent,), use_cache=False).rules


def test_a_rule_text_does_not_act_on_the_terminal(tmp_path: Path, run: Any) -> None:
    folder = pack(
        tmp_path, GOOD.replace("why: Because it is so.", 'why: "\\e[31mBecause \\u202e it is so."').replace("title: A", "title: \u200eA")
    )
    for arguments in (("rules", "list", "--rules", folder), ("explain", "a-rule", "--rules", folder)):
        code, out, err = run(*arguments)
        assert code == 0
        assert not set(out + err) & {"\x1b", "\u202e"}


def test_a_matrix_makes_one_rule_a_row(tmp_path: Path) -> None:
    text = GOOD.replace("id: a-rule", "id: a-table").replace('"never"', '"${wanted}"')
    other = "examples: {pass: [{about: yes it is}], fail: [{about: it is not}]}"
    text += f"matrix:\n  - {{id: row-one, wanted: never}}\n  - {{id: row-two, wanted: always, severity: note, {other}}}\n"
    rulebook = load_rulebook((pack(tmp_path, text, "a-table"),))
    assert {"row-one", "row-two"} <= rulebook.rules.keys()
    assert rulebook.rules["row-two"].severity == "note"
    with pytest.raises(RulePackError, match=r"rule `row-one` of the matrix"):
        load_rulebook((pack(tmp_path, text.replace("wanted: never", "wanted: nevr"), "a-table"),))
    assert expand({"id": "x", "n": ["${k}"]}, {"id": "y", "k": ["a"]}) == {"id": "y", "n": [["a"]]}


def test_two_rules_with_one_id(tmp_path: Path) -> None:
    pack(tmp_path, GOOD)
    other = tmp_path / "pack" / "b-theme"
    other.mkdir()
    (other / "a-rule.yaml").write_text(GOOD.replace("a-theme", "b-theme"))
    with pytest.raises(RulePackError, match="already used in"):
        load_rulebook((tmp_path / "pack",))


def test_every_fault_of_a_pack_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("recoup ==", "recop ==").replace("CWR-3-10]", "CWR-3-100]")
    with pytest.raises(RulePackError) as stopped:
        load_rulebook((pack(tmp_path, text),))
    assert len(stopped.value.faults) == 2


@pytest.mark.parametrize("text", ["", "- a list\n", "id: [\n", "\x00", "kind: policy\n"])
def test_what_is_no_rule_at_all(text: str, tmp_path: Path) -> None:
    with pytest.raises(RulePackError):
        load_rulebook((pack(tmp_path, text),))


def test_the_cache_is_used_and_holds_rules_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PBCHECK_CACHE_DIR", str(tmp_path / "cache"))
    folder = pack(tmp_path, GOOD)
    first = load_rulebook((folder,))
    [kept] = cache.folder().iterdir()
    audit({"kind": "case", "id": "SECRET-1", "assessment": {"what_matters": "my garden"}}, rules=folder)
    assert b"SECRET-1" not in kept.read_bytes()
    assert b"my garden" not in b"".join(one.read_bytes() for one in cache.folder().iterdir())
    monkeypatch.setattr("pbcheck.rulebook.book._build", None)
    assert load_rulebook((folder,)).rules == first.rules
    with pytest.raises(TypeError):
        load_rulebook((folder,), use_cache=False)


def test_rule_files_are_named_alike_whichever_folder_they_were_first_compiled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shipped one always, also where pbcheck is installed below that folder; one of a council's own pack by its path from there."""
    monkeypatch.setenv("PBCHECK_CACHE_DIR", str(tmp_path / "cache"))
    folder = pack(tmp_path / "council", GOOD)
    elsewhere = "pack/a-theme/a-rule.yaml"
    for here, own in (
        (shipped("rules").parent.parent, ""),
        (tmp_path, f"council/{elsewhere}"),
        (tmp_path / "council", elsewhere),
        (shipped("rules"), elsewhere),
    ):
        monkeypatch.chdir(here)
        found = load_rulebook(own=(folder,)).rules
        assert found["unspent-money-taken-back"].file == "rules/use-of-the-budget/unspent-money-taken-back.yaml"
        assert found["a-rule"].file.endswith(elsewhere)
        assert own in ("", found["a-rule"].file)
    monkeypatch.chdir(tmp_path)
    assert load_rulebook(own=(folder.relative_to(tmp_path),)).rules["a-rule"].file == f"council/{elsewhere}"


def test_a_changed_rule_is_compiled_afresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PBCHECK_CACHE_DIR", str(tmp_path / "cache"))
    policy = {"kind": "policy", "authority": "X", "surplus": {"recoup": "always"}}
    found = {one.rule for one in audit(policy, rules=pack(tmp_path, GOOD)).findings}
    assert found == {"a-rule", "unspent-money-taken-back"}
    changed = pack(tmp_path, GOOD.replace('"never"', '"always"'))
    assert {one.rule for one in audit(policy, rules=changed).findings} == {"unspent-money-taken-back"}


def test_a_damaged_or_foreign_cache_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PBCHECK_CACHE_DIR", str(tmp_path / "cache"))
    folder = pack(tmp_path, GOOD)
    load_rulebook((folder,))
    [kept] = cache.folder().iterdir()
    kept.write_bytes(b"nonsense")
    assert load_rulebook((folder,)).rules
    cache.write("key", {"a": 1})
    (cache.folder() / f"key{cache.SUFFIX}").chmod(0o666)
    assert cache.read("key") is None
    cache.folder().chmod(0o777)
    assert cache.read("key") is None
    monkeypatch.setenv("PBCHECK_CACHE_DIR", "/proc/nowhere")
    cache.write("key", {"a": 1})
    assert cache.read("key") is None


def test_the_cache_keeps_few_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PBCHECK_CACHE_DIR", str(tmp_path / "cache"))
    cache.folder().mkdir(mode=0o700, parents=True)
    for mine in (tmp_path / "cache" / "thesis.txt", cache.folder() / "notes.txt"):
        mine.write_text("not of the cache")
    for number in range(cache.KEEP + 5):
        cache.write(f"key-{number}", {"n": number})
    assert len(list(cache.folder().glob(f"*{cache.SUFFIX}"))) == cache.KEEP
    assert (tmp_path / "cache" / "thesis.txt").exists()
    assert (cache.folder() / "notes.txt").exists()
    monkeypatch.delenv("PBCHECK_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert cache.folder() == tmp_path / "xdg" / "pbcheck"


def test_profiles(tmp_path: Path) -> None:
    text = GOOD.replace(
        "message:",
        "unless:\n  - {when: policy.misuse.recovery, because: CWR-3-11}\n  - {when: policy.appeals.route, because: LAW-01}\nmessage:",
    )
    folder = pack(tmp_path, text)
    policy = {
        "kind": "policy",
        "authority": "X",
        "surplus": {"recoup": "always"},
        "misuse": {"recovery": False},
        "appeals": {"route": True},
    }

    def outcome(profile: str) -> str:
        report = audit(policy, rules=folder, profile=profile)
        tallies = report.outcomes
        return next((name for name in ("failed", "excused", "cannot_tell") if tallies and getattr(tallies[0], name)), "not asked")

    assert [outcome(one) for one in ("today", "notes", "cwr", "ppf")] == ["excused", "failed", "failed", "not asked"]
