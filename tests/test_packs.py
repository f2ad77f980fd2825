"""A council's own pack beside the shipped rules: it adds, it replaces, and what it may not do is told with its line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pbcheck import RulePackError
from pbcheck.rulebook.book import BUILT_IN as BUILT_IN_THEMES
from pbcheck.rulebook.book import load_rulebook
from pbcheck.shipped import shipped
from tests.gate_cases import FOR_ALL, MONEY, UNSPENT, Run, checked, counting
from tests.test_rulebook import GOOD

pytestmark = pytest.mark.slow

SHIPPED = {one: next(shipped("rules").glob(f"*/{one}.yaml")) for one in (FOR_ALL, UNSPENT)}


def pack(folder: Path, *texts: str) -> Path:
    """Write rules into a pack, each where its id and theme say."""
    for text in texts:
        keys = dict(line.split(": ", 1) for line in text.splitlines() if line.startswith(("id: ", "theme: ")))
        place = folder / "rules" / keys["theme"]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{keys['id']}.yaml").write_text(text, encoding="utf-8")
    return folder / "rules"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack with a rule of its own and a stricter shipped one."""
    stricter = SHIPPED[UNSPENT].read_text().replace("severity: warning", "severity: error").replace("message: ", "message: Ours! ")
    return pack(tmp_path_factory.mktemp("ours"), GOOD, stricter.replace('Ours! "', '"Ours! '))


def test_it_adds_and_replaces_and_the_report_says_so(ours: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(MONEY)
    (tmp_path / "pbcheck.yaml").write_text(json.dumps({"extends": [str(ours)]}))
    report = checked(run, "policy.yaml")
    assert "a-rule" in counting(report)
    [one] = [one for one in report["findings"] if one["rule"] == UNSPENT]
    assert (one["severity"], one["message"][:5]) == ("error", "Ours!")
    [remark] = [one for one in report["audit"]["remarks"] if "own pack" in one]
    assert UNSPENT in remark
    assert "a-rule" not in remark, "a rule that is new replaces nothing"
    assert counting(checked(run, "policy.yaml", "--isolated", "--rules", ours)) == counting(report)


def test_explain_and_list_know_its_rules(ours: Path, run: Run) -> None:
    code, out, _ = run("explain", "a-rule", "--rules", ours)
    assert (code, "A rule for trying things out." in out) == (0, True)
    assert "nothing is taken back" in out, "with its own examples"
    assert "Ours!" in run("explain", UNSPENT, "--rules", ours, "-f", "json")[1]
    assert "a-rule" in run("rules", "list", "--rules", ours)[1]
    assert run("explain", "a-rule")[0] == 2


def test_its_examples_run(ours: Path, run: Run, tmp_path: Path) -> None:
    code, out, err = run("test", ours, "-v")
    assert (code, err) == (0, "")
    assert "a-rule: pass: nothing is taken back: pass" in out
    assert f"{UNSPENT}: fail: " in out
    assert FOR_ALL not in out, "the shipped rules have their own run"
    wrong = pack(tmp_path, GOOD.replace("recoup: never}", "recoup: always}"))
    code, out, _ = run("test", wrong)
    assert code == 1
    assert "Expected pass, came to fail" in out


def test_a_rule_of_a_pack_can_be_chosen_like_the_others(ours: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(MONEY)
    assert counting(checked(run, "policy.yaml", "--rules", ours, "--select", "a-theme")) == ["a-rule"]


def refused(base: Path, own: Path) -> RulePackError:
    with pytest.raises(RulePackError) as stopped:
        load_rulebook((base,), own=(own,), use_cache=False)
    return stopped.value


def test_an_id_twice_in_a_pack_or_in_two(tmp_path: Path) -> None:
    base = pack(tmp_path / "base", GOOD)
    own = pack(tmp_path / "own", GOOD.replace("a-rule", "b-rule"), GOOD.replace("a-rule", "b-rule").replace("a-theme", "b-theme"))
    assert "The id `b-rule` is already used in" in str(refused(base, own))
    one, two = (pack(tmp_path / name, GOOD.replace("a-rule", "c-rule")) for name in ("one", "two"))
    with pytest.raises(RulePackError, match="The id `c-rule` is already used in"):
        load_rulebook((base,), own=(one, two), use_cache=False)


BUILT_IN = [
    GOOD.replace("id: a-rule", "id: unknown-key"),
    GOOD.replace("id: a-rule", "id: waiver-lapsed").replace("severity: warning", "severity: note"),
    GOOD.replace("id: a-rule", "id: unknown-key") + "built_in: true\n",
    GOOD + "built_in: true\n",
]


@pytest.mark.parametrize(
    "text", BUILT_IN, ids=["a check", "a check of exceptions", "a check in its own shape", "a rule without a condition"]
)
def test_what_pbcheck_says_of_itself_is_not_a_packs_to_say(text: str, tmp_path: Path) -> None:
    stopped = refused(with_checks(tmp_path / "base"), pack(tmp_path / "own", text))
    assert {(one.file, one.line) for one in stopped.faults} == {
        (f"rules/a-theme/{text.split()[1]}.yaml", 1 if "built_in" not in text else len(text.splitlines()))
    }


def test_a_pack_may_bring_the_shipped_rules_as_they_are(tmp_path: Path) -> None:
    copied = with_checks(tmp_path / "own", GOOD)
    assert "a-rule" in load_rulebook((with_checks(tmp_path / "base"),), own=(copied,), use_cache=False).rules


def with_checks(folder: Path, *texts: str) -> Path:
    """Write a pack as the shipped one is: with the checks that pbcheck makes, and a locked rule."""
    for theme in BUILT_IN_THEMES:
        shutil.copytree(shipped("rules") / theme, folder / "rules" / theme)
    return pack(folder, SHIPPED[FOR_ALL].read_text(), *texts)


def test_a_bad_pack_stops_every_command(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(MONEY)
    own = pack(tmp_path / "own", GOOD.replace("severity: warning", "severity: warnng"))
    for command in ("check policy.yaml", "explain a-rule", "baseline create"):
        code, out, err = run(*command.split(), "--rules", own)
        assert (code, out) == (2, ""), command
        assert "a-theme/a-rule.yaml:5:11: " in err
        assert "Did you mean `warning`?" in err
