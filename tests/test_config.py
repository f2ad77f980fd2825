"""The configuration: where it is found, what outranks what, and that every slip in it is told with its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from pbcheck.cli.configured import settings_of
from pbcheck.gate.settings import DEFAULTS, ENVIRONMENT, load_settings
from pbcheck.rulebook.book import load_rulebook
from pbcheck.rulebook.choice import choose
from pbcheck.schema.store import load
from tests.conftest import ROOT
from tests.gate_cases import FOR_ALL, LIMITED, LOCKED, MONEY, NOTE, UNSPENT, WAIVER, Run, aside, checked, counting, register, repository

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


def shown(run: Run, *arguments: object) -> dict[str, Any]:
    code, out, err = run("config", "show", "-f", "json", *arguments)
    assert code == 0, err
    data: dict[str, Any] = json.loads(out)
    return data


def value(run: Run, name: str, *arguments: object) -> tuple[Any, str]:
    one = shown(run, *arguments)["settings"][name]
    return one["value"], one["from"]


def test_without_a_file_the_defaults_hold(run: Run) -> None:
    data = shown(run)
    assert data["file"] is None
    assert {name: one["from"] for name, one in data["settings"].items()} == dict.fromkeys(DEFAULTS, "default")


@pytest.mark.parametrize("name", ["pbcheck.yaml", ".pbcheck.yaml", "pyproject.toml"])
def test_three_places(name: str, run: Run, tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n[tool.pbcheck]\nfail_level = "note"\n' if name.endswith("toml") else "# ours\n\n\nfail_level: note\n"
    (tmp_path / name).write_text(text)
    assert value(run, "fail_level") == ("note", f"{name}:4")
    assert value(run, "fail_level", "--isolated") == ("warning", "default")


def test_a_pyproject_without_our_table_is_none_of_ours(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.other]\nx = 1\n[tool.pbcheck-like]\nprofile = "wrong"\n')
    assert shown(run)["file"] is None


def test_two_in_one_folder_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pbcheck.yaml").write_text("profile: cwr\n")
    (tmp_path / ".pbcheck.yaml").write_text("profile: ppf\n")
    code, out, err = run("config", "show")
    assert (code, out) == (2, "")
    assert "pbcheck.yaml: There is also .pbcheck.yaml in this folder" in err


def test_the_nearest_ancestor_up_to_the_root_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / "pbcheck.yaml").write_text("profile: ppf\n")
    council, inner = tmp_path / "council", tmp_path / "council" / "policy" / "money"
    inner.mkdir(parents=True)

    def held(name: str) -> str:
        found: str = load_settings({}, {}, inner).values[name]
        return found

    assert held("profile") == "today", "outside a repository only the folder itself counts"
    repository(council)
    assert held("profile") == "today", "what lies above the repository does not count"
    (council / "pbcheck.yaml").write_text("profile: cwr\n")
    assert held("profile") == "cwr"
    (inner.parent / ".pbcheck.yaml").write_text("fail_level: error\n")
    assert (held("profile"), held("fail_level")) == ("today", "error"), "one file counts, the nearest; none is added to another"


VALUES: dict[str, tuple[Any, str, str]] = {
    "extends": (["a"], "b", "c"),
    "profile": ("ppf", "cwr", "notes"),
    "as_of": ("2026-01-01", "2026-02-02", "2026-03-03"),
    "fail_level": ("error", "note", "never"),
    "format": ("json", "csv", "jsonl"),
    "select": (["ALL"], UNSPENT, LIMITED),
    "extend_select": ([UNSPENT], LIMITED, NOTE),
    "ignore": ([UNSPENT], LIMITED, NOTE),
    "waivers": ("a", "b", "c"),
    "baseline": ("a", "b", "c"),
}


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_flags_outrank_the_environment_and_that_the_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert VALUES.keys() == set(ENVIRONMENT)
    in_file, in_environment, in_flag = VALUES[name]
    monkeypatch.chdir(tmp_path)
    many = isinstance(in_file, list)

    def plain(found: Any) -> Any:
        return [str(one) for one in found] if isinstance(found, tuple) else str(found)

    (tmp_path / "pbcheck.yaml").write_text(yaml.safe_dump({name: in_file}))
    held = load_settings({}, {}, tmp_path)
    assert (plain(held.values[name]), held.origins[name]) == (in_file, "pbcheck.yaml:1")
    variable = f"PBCHECK_{name.upper()}"
    held = load_settings({}, {variable: in_environment}, tmp_path)
    assert (plain(held.values[name]), held.origins[name]) == ([in_environment] if many else in_environment, variable)
    monkeypatch.setenv(variable, in_environment)
    held = settings_of({name: (in_flag,) if many else in_flag})
    assert plain(held.values[name]) == ([in_flag] if many else in_flag)
    assert held.origins[name].startswith("--")
    assert held.by_flag(name)
    monkeypatch.setenv(variable, "")
    assert settings_of({}).origins[name] == "pbcheck.yaml:1", "an empty variable says nothing"


WRONG = [
    ("profil: cwr\n", 1, 1, "Did you mean `profile`?"),
    ("# ours\nprofile: crw\n", 2, 10, "Did you mean `cwr`?"),
    ("fail_level: [error]\n", 1, 13, "Expected one of: error"),
    ("ignore: use-of-the-budget\n", 1, 9, "Expected a list"),
    ("as_of: 1 May\n", 1, 8, "date"),
    ("as_of: 2026-02-30\n", 1, 8, "date"),
    ("profile: cwr\nprofile: ppf\n", 2, 1, "stands twice"),
    ("rules: {unspent-money-taken-back: of}\n", 1, 35, "Did you mean `off`?"),
    ("rules: {unspent-money-taken-back: no}\n", 1, 35, "write"),
    ("profile: [\n", 2, 1, ""),
    ("- profile\n", 1, 1, "a configuration"),
    ("profile: cwr\n---\nprofile: ppf\n", 1, 1, "one document"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), WRONG, ids=[one[0].replace("\n", " ") for one in WRONG])
def test_every_slip_in_yaml_is_told_with_its_place(text: str, line: int, column: int, words: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "pbcheck.yaml").write_text(text)
    code, out, err = run("check", ".")
    assert (code, out) == (2, "")
    assert f"pbcheck.yaml:{line}:{column}: " in err
    assert words in err


READERS = ["config show", "check .", "audit .", "rules list", "rules coverage", "explain x", "diff . .", "waivers list", "waivers check"]
READERS += [f"baseline {one}" for one in ("create", "add", "prune", "diff")]


@pytest.mark.parametrize("command", READERS)
def test_every_command_that_judges_reads_it(command: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "pbcheck.yaml").write_text("profil: cwr\n")
    code, out, err = run(*command.split())
    assert (code, out) == (2, "")
    assert "pbcheck.yaml:1:1: " in err


TOML = [
    ('profil = "cwr"', 2, 1, "Did you mean `profile`?"),
    ('  profile = "crw"', 2, 3, "Did you mean `cwr`?"),
    ("profile = cwr", 2, 11, "TOML"),
    ("as_of = 2026-13-01", 2, 0, "TOML"),
    ('[tool.pbcheck.rules]\nunspent-money-taken-back = "of"', 3, 1, "Did you mean `off`?"),
    ('[tool.pbcheck.rules]\nunspent-money-taken-bak = "off"', 3, 1, "Did you mean `unspent-money-taken-back`?"),
    ('[tool.pbcheck.per_file_ignores]\n"a/**" = ["nothing-of-the-kind"]', 3, 1, "is no rule"),
    ('ignore = [\n  "use-of-the-budge",\n]', 2, 1, "Did you mean `use-of-the-budget`?"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), TOML, ids=[one[0].replace("\n", " ") for one in TOML])
def test_every_slip_in_toml_is_told_with_its_place(text: str, line: int, column: int, words: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.pbcheck]\n{text}\n")
    code, out, err = run("config", "show")
    assert (code, out) == (2, "")
    assert f"pyproject.toml:{line}:{column or ''}" in err
    assert words in err


def test_toml_says_what_yaml_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = f"""
        [tool.pbcheck]
        profile = "notes"
        as_of = 2026-09-30
        ignore = ["{NOTE}"]
        [tool.pbcheck.rules]
        {UNSPENT} = "off"
        [tool.pbcheck.per_file_ignores]
        "old/**" = ["{LIMITED}"]
        [tool.other]
        profile = "wrong"
    """
    (tmp_path / "pyproject.toml").write_text(text)
    held = load_settings({}, {}, tmp_path)
    assert held.values["as_of"] == "2026-09-30"
    assert held.values["rules"] == {UNSPENT: "off"}
    assert held.values["per_file_ignores"] == {"old/**": [LIMITED]}
    assert held.origins["rules"] == "pyproject.toml:6"


def test_a_file_of_nothing_but_comments_is_an_empty_configuration(run: Run, tmp_path: Path) -> None:
    for text in ("", "# nothing yet\n", "---\n# nothing\n"):
        (tmp_path / "pbcheck.yaml").write_text(text)
        assert shown(run)["file"] == "pbcheck.yaml"


def test_a_file_that_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ours.yaml").write_text("fail_level: note\n")
    (tmp_path / "pbcheck.yaml").write_text("fail_level: error\n")
    assert value(run, "fail_level", "--config", "ours.yaml") == ("note", "ours.yaml:1")
    monkeypatch.setenv("PBCHECK_CONFIG", "ours.yaml")
    assert value(run, "fail_level") == ("note", "ours.yaml:1")
    assert value(run, "fail_level", "--config", "pbcheck.yaml") == ("error", "pbcheck.yaml:1"), "the flag outranks the variable"
    code, _, err = run("config", "show", "--config", "our.yaml")
    assert (code, "Did you mean `ours.yaml`?" in err) == (2, True)
    code, _, err = run("config", "show", "--config", "ours.yaml", "--isolated")
    assert (code, "give one of the two" in err) == (2, True)


def test_a_variable_that_is_not_known_or_has_a_wrong_value(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PBCHECK_PROFIL", "cwr")
    code, out, err = run("check", ".")
    assert (code, out) == (2, "")
    assert "PBCHECK_PROFIL" in err
    assert "Did you mean `PBCHECK_PROFILE`?" in err
    assert run("config", "show", "--isolated")[0] == 0, "an isolated run does not look at them"
    monkeypatch.delenv("PBCHECK_PROFIL")
    for name, wrong in (("PROFILE", "crw"), ("AS_OF", "today"), ("FAIL_LEVEL", "high"), ("FORMAT", "pdf"), ("IGNORE", "a,a")):
        monkeypatch.setenv(f"PBCHECK_{name}", wrong)
        code, _, err = run("check", ".")
        assert (code, f"PBCHECK_{name}: " in err) == (2, True), err
        monkeypatch.delenv(f"PBCHECK_{name}")
    monkeypatch.setenv("PBCHECK_IGNORE", "use-of-the-budge")
    code, _, err = run("config", "show")
    assert (code, "PBCHECK_IGNORE: `use-of-the-budge` is no rule" in err) == (2, True)


def test_paths_start_from_the_folder_of_the_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "council" / "policy"
    inner.mkdir(parents=True)
    (tmp_path / "council" / "pbcheck.yaml").write_text("waivers: decisions/ours.yaml\nextends: [pack]\nbaseline: known.json\n")
    repository(tmp_path / "council")
    monkeypatch.chdir(inner)
    held = load_settings({}, {}, inner)
    assert held.values["waivers"] == tmp_path / "council" / "decisions" / "ours.yaml"
    assert held.values["extends"] == (tmp_path / "council" / "pack",)
    code, _, err = run("check", ".")
    assert (code, "There is no rule pack at" in err) == (2, True)


def test_a_register_and_a_baseline_of_the_usual_name_are_found_beside_the_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pbcheck-waivers.yaml").write_text("kind: waivers\nwaivers: []\n")
    (tmp_path / "pbcheck-baseline.json").write_text('{"kind": "baseline", "schema_version": "1.0", "entries": []}')
    data = shown(run)["settings"]
    assert data["waivers"] == {"value": "pbcheck-waivers.yaml", "from": "pbcheck-waivers.yaml is there"}
    assert data["baseline"]["value"] == "pbcheck-baseline.json"
    assert shown(run, "--isolated")["settings"]["waivers"]["value"] is None


def test_what_lies_above_is_named_from_here(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "policy.yaml").write_text(MONEY)
    (tmp_path / "pbcheck.yaml").write_text(f"per_file_ignores: {{policy/*: [{UNSPENT}]}}\n")
    (tmp_path / "pbcheck-waivers.yaml").write_text(register({**WAIVER, "expires": "2026-09-30"}))
    repository(tmp_path)
    assert run("baseline", "create", "policy", "--as-of", "2026-10-01")[0] == 0
    monkeypatch.chdir(tmp_path / "policy")
    for style in ("json", "text", "html"):
        _, out, err = run("check", ".", "-f", style)
        assert str(tmp_path) not in out + err
    assert "../pbcheck-waivers.yaml" in out
    assert str(tmp_path) not in run("config", "show")[1]


def asked(folder: Path, text: str, **flags: tuple[str, ...]) -> set[str]:
    """Return which of the three rules are asked under a configuration and flags."""
    (folder / "pbcheck.yaml").write_text(text)
    rules = load_rulebook().rules
    chosen = choose(load_settings(flags, {}, folder).choice, rules, frozenset(name for name, one in rules.items() if not one.built_in))
    assert not chosen.faults
    assert chosen.asked >= {one for one, rule in rules.items() if rule.locked and not rule.built_in} or "select" in flags
    return EVERY & chosen.asked


EVERY = {UNSPENT, LIMITED, NOTE}
CHOICES = [
    ("", EVERY),
    (f"rules: {{{UNSPENT}: off}}", {LIMITED, NOTE}),
    (f"rules: {{{UNSPENT}: 'off'}}", {LIMITED, NOTE}),
    (f"ignore: [{UNSPENT}]", {LIMITED, NOTE}),
    ("ignore: [use-of-the-budget]", {NOTE}),
    ("ignore: [ALL]", set()),
    ("ignore: [CWR-3-10]", {LIMITED, NOTE}),
    ("ignore: [good-practice]", {NOTE}),
    ("ignore: [CWR, PPF]", set()),
    (f"ignore: [use-of-the-budget]\nextend_select: [{UNSPENT}]", {UNSPENT, NOTE}),
    ("ignore: [use-of-the-budget]\nextend_select: [CWR-3-10]", {UNSPENT, NOTE}),
    (f"select: [use-of-the-budget]\nignore: [{UNSPENT}]", {LIMITED}),
    (f"select: [{UNSPENT}]", {UNSPENT}),
    (f"select: [{UNSPENT}]\nextend_select: [{NOTE}]", {UNSPENT, NOTE}),
    ("select: [ALL]\nignore: [CWR-3-10]", {LIMITED, NOTE}),
    (f"select: [{UNSPENT}]\nignore: [{UNSPENT}, CWR]", set()),
    ("select: [policy]", EVERY),
    ("select: [case]", set()),
]


@pytest.mark.parametrize(("text", "expected"), CHOICES, ids=[one[0].replace("\n", " ") for one in CHOICES])
def test_rules_are_chosen_by_names_and_the_more_exact_name_decides(text: str, expected: set[str], tmp_path: Path) -> None:
    assert asked(tmp_path, text) == expected


def test_a_flag_outranks_a_name_of_the_same_exactness(tmp_path: Path) -> None:
    assert asked(tmp_path, f"ignore: [{UNSPENT}]", extend_select=(UNSPENT,)) == EVERY
    assert asked(tmp_path, f"extend_select: [{UNSPENT}]", ignore=(UNSPENT,)) == {LIMITED, NOTE}
    assert asked(tmp_path, f"ignore: [{UNSPENT}]", extend_select=("use-of-the-budget",)) == {LIMITED, NOTE}
    assert asked(tmp_path, f"rules: {{{UNSPENT}: off}}", select=(UNSPENT, NOTE)) == {UNSPENT, NOTE}


def test_the_choice_holds_in_a_run_and_several_names_may_stand_in_one_flag(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(MONEY)
    assert counting(checked(run, "policy.yaml", "--select", f"{UNSPENT}, {NOTE}", "--select", "CWR-3-7")) == [NOTE, LIMITED, UNSPENT]
    assert counting(checked(run, "policy.yaml", "--ignore", f"use-of-the-budget,{NOTE}")) == []


def test_severities(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(MONEY)
    (tmp_path / "pbcheck.yaml").write_text(f"rules: {{{UNSPENT}: error, {LIMITED}: note, {NOTE}: note}}\n")
    report = checked(run, "policy.yaml")
    assert {one["rule"]: one["severity"] for one in report["findings"]} == {UNSPENT: "error", LIMITED: "note", NOTE: "note"}
    [remark] = [one for one in report["audit"]["remarks"] if "other severities" in one]
    assert f"{LIMITED} warning to note, {UNSPENT} warning to error" in remark
    assert NOTE not in remark, "what is as it was is not said to be changed"


def test_what_is_switched_off_is_said_in_the_report(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(MONEY)
    (tmp_path / "pbcheck.yaml").write_text(f"ignore: [{UNSPENT}]\n")
    _, out, _ = run("check", "policy.yaml")
    assert re.search(rf"Switched off by the configuration, 1 of \d+ rules: {UNSPENT}\.", " ".join(out.split()))


UNKNOWN = [
    "ignore: [use-of-the-budge]",
    "select: [CWR-3-100]",
    "extend_select: [unspent-money-taken-bak]",
    "rules: {unspent-money-taken-bak: off}",
    "rules: {unspent-money-taken-bak: error}",
    "rules: {use-of-the-budget: error}",
    "select: []\nignore: [good-practise]",
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_an_unknown_name_is_told_with_its_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "pbcheck.yaml").write_text(f"# ours\n{text}\n")
    rules = load_rulebook().rules
    [fault] = choose(load_settings({}, {}, tmp_path).choice, rules, frozenset(rules)).faults
    assert fault.line == (3 if "practise" in text else 2)
    assert fault.column > 1
    assert "Did you mean" in fault.message or "is a group of rules" in fault.message


def test_an_unknown_name_stops_the_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pbcheck.yaml").write_text("per_file_ignores: {'a/**': [use-of-the-budge]}\n")
    code, out, err = run("check", ".")
    assert (code, out) == (2, "")
    assert "pbcheck.yaml:1:29: `use-of-the-budge` is no rule, theme, tag or obligation. Did you mean `use-of-the-budget`?" in err
    code, out, err = run("check", ".", "--select", "ALL", "--ignore", "use-of-the-budge", "--isolated")
    assert (code, out) == (2, "")
    assert "--ignore: `use-of-the-budge` is no rule" in err


def test_nothing_left_to_ask_is_wrong(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(MONEY)
    code, _, err = run("check", "policy.yaml", "--select", UNSPENT, "--profile", "ppf")
    assert (code, "Nothing is left to ask" in err) == (2, True)


PATTERNS = [
    ("old/policy.yaml", {"old/policy.yaml"}),
    ("old/**", {"old/policy.yaml", "old/deep/policy.yaml"}),
    ("old/", {"old/policy.yaml", "old/deep/policy.yaml"}),
    ("old/*.yaml", {"old/policy.yaml"}),
    ("**/deep/*", {"old/deep/policy.yaml", "deep/policy.yaml"}),
    ("deep/*", {"deep/policy.yaml"}),
    ("old/**/policy.yaml", {"old/policy.yaml", "old/deep/policy.yaml"}),
    ("new.yaml", {"new.yaml"}),
    ("policy.yaml", {"old/policy.yaml", "old/deep/policy.yaml", "deep/policy.yaml"}),
    ("./new.yaml", {"new.yaml"}),
    ("ne?.yaml", {"new.yaml"}),
    ("(old)/**", set()),
    ("new_yaml", set()),
]


@pytest.mark.parametrize(("pattern", "expected"), PATTERNS)
def test_per_file_ignores(pattern: str, expected: set[str], run: Run, tmp_path: Path) -> None:
    for number, name in enumerate(("new.yaml", "old/policy.yaml", "old/deep/policy.yaml", "deep/policy.yaml")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(MONEY.replace("Exampleshire", f"Exampleshire {number}"))
    (tmp_path / "pbcheck.yaml").write_text(f"per_file_ignores: {{'{pattern}': [{UNSPENT}, {NOTE}]}}\n")
    report = checked(run, ".")
    files = {one["file"] for one in report["findings"] if one["set_aside"]}
    assert files == expected
    assert {one["rule"] for one in report["findings"] if one["set_aside"]} == ({UNSPENT, NOTE} if expected else set())
    [decision] = report["audit"]["decisions"]
    assert (decision["kind"], decision["where"], decision["findings"]) == ("per-file-ignore", pattern, 2 * len(expected))
    assert decision["reason"] == "per_file_ignores at pbcheck.yaml:1"


def test_per_file_ignores_by_theme_spare_the_locked_rules(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(LOCKED)
    (tmp_path / "pbcheck.yaml").write_text("per_file_ignores: {policy.yaml: [ALL]}\n")
    report = checked(run, "policy.yaml")
    assert counting(report) == [FOR_ALL]
    assert set(aside(report).values()) == {"per-file-ignore"}


def test_config_show_as_text(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pbcheck.yaml").write_text(f"profile: notes\nignore: [{UNSPENT}]\n")
    monkeypatch.setenv("PBCHECK_FAIL_LEVEL", "note")
    code, out, err = run("config", "show", "--as-of", "2026-09-30")
    assert (code, err) == (0, "")
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines() if len(line.split()) > 2}
    assert rows["profile"] == ["notes", "pbcheck.yaml:1"]
    assert rows["fail_level"] == ["note", "PBCHECK_FAIL_LEVEL"]
    assert rows["as_of"] == ["2026-09-30", "--as-of"]
    assert rows["waivers"] == ["none", "default"]
    assert re.search(rf"Switched off by the configuration, 1 of \d+ rules: {UNSPENT}\.", out)


def test_hostile_words_in_a_configuration_come_out_inert(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pbcheck.yaml").write_text('ignore: ["\\e[31mred\\u202e"]\n')
    _, out, err = run("config", "show")
    assert not set(out + err) & {"\x1b", "\u202e"}
    (tmp_path / "pbcheck.yaml").write_text('per_file_ignores: {"\\e[31mred\\u202e": []}\n')
    _, out, err = run("config", "show")
    assert not set(out + err) & {"\x1b", "\u202e"}


@pytest.mark.parametrize("name", ["config", "waivers", "baseline"])
def test_the_schemas_are_sound_and_meet_their_own_examples(name: str) -> None:
    schema = load(name)
    Draft202012Validator.check_schema(schema)
    checkers = Draft202012Validator.FORMAT_CHECKER

    def look(node: Any) -> None:
        if isinstance(node, dict):
            if "examples" in node and isinstance(node["examples"], list):
                for example in node["examples"]:
                    part = {**node, "$defs": schema.get("$defs", {})}
                    Draft202012Validator(part, format_checker=checkers).validate(example)
            for one in node.values():
                look(one)
        elif isinstance(node, list):
            for one in node:
                look(one)

    look(schema)


def test_every_setting_is_in_the_schema_the_page_and_the_options() -> None:
    assert set(load("config")["properties"]) - {"$schema"} == set(DEFAULTS)
    for name in DEFAULTS:
        assert f"`{name}`" in PAGE, name


def test_the_examples_of_the_page_hold(run: Run, tmp_path: Path) -> None:
    blocks = [part.split("```")[0] for part in PAGE.split("```yaml\n")[1:]]
    assert blocks
    (tmp_path / "rules" / "a-theme").mkdir(parents=True)
    from tests.test_rulebook import GOOD

    (tmp_path / "rules" / "a-theme" / "a-rule.yaml").write_text(GOOD)
    (tmp_path / "pbcheck-waivers.yaml").write_text("kind: waivers\nwaivers: []\n")
    (tmp_path / "pbcheck-baseline.json").write_text('{"kind": "baseline", "schema_version": "1.0", "entries": []}')
    for text in blocks:
        (tmp_path / "pbcheck.yaml").write_text(text)
        assert shown(run)["file"] == "pbcheck.yaml"
    (tmp_path / "pbcheck.yaml").unlink()
    for text in [part.split("```")[0] for part in PAGE.split("```toml\n")[1:]]:
        (tmp_path / "pyproject.toml").write_text(text)
        assert shown(run)["file"] == "pyproject.toml"
