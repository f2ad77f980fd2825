"""Exit codes: every command, format and state in one table; the format changes none, and standard output holds nothing but the format."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pbcheck.cli.changing import STYLES
from pbcheck.cli.main import Commands
from pbcheck.gate.settings import load_settings
from pbcheck.render import FORMATS
from tests.conftest import FIXTURES
from tests.gate_cases import CLEAN, LIMITED, MONEY, UNSPENT, WAIVER, Run, register

pytestmark = pytest.mark.slow

COMPLIANT = str(FIXTURES / "compliant")
WARNED = "kind: policy\nauthority: Exampleshire\nas_of: '2026-10-01'\nsurplus:\n  recoup: always\n"
FILES = {
    "clean/policy.yaml": CLEAN,
    "found/policy.yaml": WARNED,
    "aside/policy.yaml": WARNED,
    "comment/policy.yaml": WARNED.rstrip() + f" # pbcheck: ignore[{UNSPENT}] until 2027-01-01: it is being changed\n",
    "broken/policy.yaml": "kind: policy\nauthority: [\n",
    "both/a.yaml": WARNED,
    "both/b.yaml": "kind: policy\nauthority: [\n",
    "empty/notes.txt": "nothing to check",
    "config.yaml": "profil: today\n",
    "pack/a-theme/a-rule.yaml": "id: a-rule\n",
    "no-rule/notes.txt": "no rule",
    "waived.yaml": register({**WAIVER, "where": {"record": "Exampleshire"}}),
    "lapsed.yaml": register({**WAIVER, "where": {"record": "Exampleshire"}, "expires": "2026-09-30"}),
    "waivers.yaml": "kind: waivers\n",
    "baseline.json": "{}",
}
STATES = [
    ("clean", 0),
    ("found", 1),
    ("found --fail-level error", 0),
    ("found --fail-level never", 0),
    ("found --fail-level note", 1),
    ("comment", 0),
    ("comment --no-suppressions", 1),
    ("aside --waivers waived.yaml", 0),
    ("aside --waivers waived.yaml --no-waivers", 1),
    ("aside --waivers lapsed.yaml", 1),
    ("aside --baseline known.json", 0),
    ("aside --baseline known.json --no-baseline", 1),
    ("broken", 3),
    ("broken --fail-level never", 3),
    ("both", 3),
    ("empty", 3),
]
WRONG = [
    "clean --wibble",
    "clean --profile tomorrow",
    "clean --fail-level high",
    "clean --as-of yesterday",
    "clean --select wibble",
    "clean --ignore wibble",
    "nowhere",
    "clean --config nowhere.yaml",
    "clean --config config.yaml",
    "clean --rules nowhere",
    "clean --rules pack",
    "clean --rules no-rule",
    "clean --waivers nowhere.yaml",
    "clean --waivers waivers.yaml",
    "clean --baseline nowhere.json",
    "clean --baseline baseline.json",
    "found --waivers waivers.yaml",
    "broken --baseline baseline.json",
]
TABLE = [
    ("diff clean clean", 0),
    ("diff clean found", 1),
    ("diff found clean", 0),
    ("diff found found", 0),
    ("diff clean found --fail-level error", 0),
    ("diff clean comment", 0),
    ("diff clean broken", 3),
    ("diff broken clean", 3),
    ("diff clean nowhere", 2),
    ("diff clean", 2),
    ("diff clean found --rules pack", 2),
    ("diff clean found --config config.yaml", 2),
    ("baseline create clean --as-of 2026-10-01 --baseline new.json", 0),
    ("baseline create found --as-of 2026-10-01 --baseline new.json", 0),
    ("baseline create found --as-of 2026-10-01 --baseline known.json", 2),
    ("baseline create comment/policy.yaml found/policy.yaml --baseline new.json", 3),
    ("baseline create broken --as-of 2026-10-01 --baseline new.json", 3),
    ("baseline create empty --as-of 2026-10-01 --baseline new.json", 3),
    ("baseline create nowhere", 2),
    ("baseline add aside --baseline known.json", 0),
    ("baseline add aside", 2),
    ("baseline add aside --baseline baseline.json", 2),
    ("baseline prune clean --baseline known.json", 0),
    ("baseline prune broken --baseline known.json", 3),
    ("baseline prune clean --baseline nowhere.json", 2),
    ("baseline diff aside --baseline known.json", 0),
    ("baseline diff clean --baseline known.json", 0),
    ("baseline diff both/a.yaml --baseline known.json", 1),  # another document of the same authority
    ("baseline diff found --baseline none.json", 1),
    ("baseline diff found --baseline none.json --fail-level error", 0),
    ("baseline diff broken --baseline known.json", 3),
    ("baseline diff aside --baseline baseline.json", 2),
    ("baseline", 2),
    ("waivers list --waivers waived.yaml", 0),
    ("waivers list --waivers lapsed.yaml --as-of 2026-10-01", 0),
    ("waivers check --waivers waived.yaml --as-of 2026-10-01", 0),
    ("waivers check --waivers lapsed.yaml --as-of 2026-10-01", 1),
    ("waivers check --waivers waivers.yaml", 2),
    ("waivers check", 2),
    ("waivers new --rule wibble", 2),
    ("config show", 0),
    ("config show --config config.yaml", 2),
    ("config show --waivers waivers.yaml", 2),
    ("config show --baseline baseline.json", 2),
    ("config", 2),
    ("rules list", 0),
    ("rules list --select wibble", 2),
    ("rules coverage", 0),
    ("rules coverage --rules pack", 2),
    (f"explain {UNSPENT}", 0),
    ("explain wibble", 2),
    (f"test --rule {UNSPENT}", 0),
    ("test no-rule", 2),
    ("test pack", 2),
    ("test nowhere", 2),
    ("schema list", 0),
    ("schema show wibble", 2),
    ("completion bash", 0),
    ("completion tcsh", 2),
    ("report saved.json", 0),
    ("report broken.json", 0),
    ("report waived.yaml", 2),
    ("report nowhere.json", 2),
    ("verify saved.json", 2),
    ("verify nowhere.zip", 2),
    ("figures nowhere", 2),
    (f"figures {COMPLIANT} --case wibble", 2),
    (f"statement {COMPLIANT} wibble", 2),
    ("statement nowhere C-1", 2),
    ("init started", 0),
    ("init waived.yaml", 2),
    ("cld nowhere", 2),
    ("spark --wibble", 2),
    ("wibble", 2),
    ("--help", 0),
    ("--version", 0),
    ("", 2),
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All states, written once."""
    folder = tmp_path_factory.mktemp("states")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def states(written: Path, run: Run, tmp_path: Path) -> Path:
    """A copy of all states in the folder where the command runs, with a baseline of `aside` and two saved results."""
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    if not (written / "known.json").exists():
        assert run("baseline", "create", "aside", "--baseline", "known.json")[0] == 2, "no date is known yet"
        assert run("baseline", "create", "aside", "--baseline", "known.json", "--as-of", "2026-10-01")[0] == 0
        assert run("baseline", "create", "clean", "--baseline", "none.json", "--as-of", "2026-10-01")[0] == 0
        assert run("check", "found", "-f", "json", "-o", "json=saved.json")[0] == 1
        assert run("check", "broken", "-f", "json", "-o", "json=broken.json")[0] == 3
        for name in ("known.json", "none.json", "saved.json", "broken.json"):
            shutil.copy(tmp_path / name, written / name)
    return tmp_path


def sound(style: str, out: str) -> bool:
    """Return whether a text is of a format as a whole, so that nothing stands before or behind it."""
    if style in ("json", "sarif", "gitlab"):
        return json.loads(out) is not None
    if style == "jsonl":
        return all(isinstance(json.loads(line), dict) for line in out.splitlines())
    if style == "junit":
        return ET.fromstring(out).tag == "testsuites"
    if style == "csv":
        rows = list(csv.reader(io.StringIO(out.removeprefix("\ufeff"))))
        return len({len(row) for row in rows}) == 1
    if style == "html":
        return out.startswith("<!DOCTYPE html>") and out.endswith("</html>\n")
    return bool(out)


@pytest.mark.parametrize("style", FORMATS)
def test_the_format_never_changes_the_code(style: str, states: Path, run: Run) -> None:
    for state, expected in STATES:
        code, out, err = run("check", *state.split(), "-f", style)
        assert (state, code) == (state, expected), err
        assert err == "", state
        assert sound(style, out) or (style == "github" and state in ("clean", "comment")), state
    assert states.is_dir()


@pytest.mark.parametrize(("state", "expected"), STATES)
def test_an_audit_ends_as_a_check_does(state: str, expected: int, states: Path, run: Run) -> None:
    code, out, err = run("audit", *state.split(), "-f", "json")
    assert (code, err) == (expected, "")
    assert json.loads(out)
    assert states.is_dir()


@pytest.mark.parametrize("state", WRONG)
def test_wrong_instructions_end_before_anything_is_printed(state: str, states: Path, run: Run) -> None:
    for command, style in (("check", "text"), ("audit", "json")):
        code, out, err = run(command, *state.split(), "-f", style, "-o", "html=x.html")
        assert (code, out) == (2, "")
        assert err.strip()
        assert not (states / "x.html").exists()


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("command", "expected"), [one for one in TABLE if one[0].startswith("diff")])
def test_a_comparison(command: str, expected: int, style: str, states: Path, run: Run) -> None:
    code, out, err = run(*command.split(), "-f", style)
    assert code == expected, err
    assert (out == "") is (code == 2)
    assert (err == "") is (code != 2)
    assert states.is_dir()


@pytest.mark.parametrize(("command", "expected"), [one for one in TABLE if not one[0].startswith("diff")])
def test_the_other_commands(command: str, expected: int, states: Path, run: Run) -> None:
    if command.startswith("baseline create comment"):
        (states / "found" / "policy.yaml").write_text("kind: policy\nauthority: [\n")
        command += " --as-of 2026-10-01"
    code, out, err = run(*command.split())
    assert code == expected, out + err
    assert "Traceback" not in out + err
    assert out if expected in (0, 1) else err
    assert expected != 2 or out == ""


def test_every_command_is_in_the_table() -> None:
    words = {one.split()[0] for one, _ in TABLE if one} | {"check", "audit"}
    assert set(Commands.homes) <= words


def test_a_run_in_which_nothing_was_checked_is_no_clean_one(states: Path, run: Run) -> None:
    assert states.is_dir()
    for command in ("check", "audit"):
        _, out, _ = run(command, "empty", "-f", "json")
        assert [one["rule"] for one in json.loads(out)["findings"]] == ["nothing-checked"]


@pytest.mark.parametrize("level", ["error", "never"])
def test_a_level_of_the_environment(level: str, states: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PBCHECK_FAIL_LEVEL", level)
    assert run("check", "found")[0] == 0
    assert run("check", "broken")[0] == 3
    assert load_settings({}, {"PBCHECK_FAIL_LEVEL": level}, states).values["fail_level"] == level


def test_the_independent_auditors_view(states: Path, run: Run) -> None:
    """Waiver, comment and baseline each set a finding aside; without them all of it counts, and the report says what was left out."""
    comment = f"# pbcheck: ignore[{LIMITED}] until 2027-01-01: it is being changed"
    text = MONEY.replace("test: agreed_services", f"test: agreed_services {comment}")
    (states / "pbcheck-waivers.yaml").write_text(register(WAIVER))
    (states / "policy.yaml").write_text(text)
    assert run("baseline", "create", "policy.yaml", "--as-of", "2026-10-01")[0] == 0
    _, out, _ = run("check", "policy.yaml", "-f", "json")
    report = json.loads(out)
    assert {one["set_aside"]["by"] for one in report["findings"]} == {"waiver", "suppression", "baseline"}
    flags = ("--no-waivers", "--no-suppressions", "--no-baseline")
    code, out, _ = run("check", "policy.yaml", "-f", "json", *flags)
    bare = json.loads(out)
    assert code == 1
    assert all(one["set_aside"] is None for one in bare["findings"])
    assert len(bare["findings"]) == len(report["findings"]) == 3
    assert bare["audit"]["decisions"] == []
    assert len([one for one in bare["audit"]["remarks"] if "left out (--no-" in one]) == 3
    for number, flag in enumerate(flags):
        left = {"waiver", "suppression", "baseline"} - {("waiver", "suppression", "baseline")[number]}
        _, out, _ = run("check", "policy.yaml", "-f", "json", flag)
        assert {one["set_aside"]["by"] for one in json.loads(out)["findings"] if one["set_aside"]} == left
    _, out, _ = run("check", "policy.yaml", "-f", "json", "--isolated", "--no-suppressions")
    assert all(one["set_aside"] is None for one in json.loads(out)["findings"])
