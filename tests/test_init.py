"""`pbcheck init`: what it writes is whole, says what it means, and never takes the place of what is there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pbcheck import _version
from pbcheck.schema.messages import faults
from pbcheck.schema.store import load
from pbcheck.schema.validate import validator
from pbcheck.starter.folder import SERVERS, contents, start
from pbcheck.starter.skeleton import block
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]
SECTIONS = [key for key in load("policy")["properties"] if key not in ("kind", "authority")]
SETTINGS = [key for key in load("config")["properties"] if key not in ("profile", "fail_level")]
POLICY = "kind: policy\nauthority: X\nsurplus: {recoup: %s}\n"


def problems(name: str, text: str) -> list[str]:
    """Return what the schema has to say of a YAML document."""
    check = validator(name)
    data = yaml.safe_load(text)
    return [f"{one.path}: {one.message}" for one in faults(check.schema, data, check.violations(data))]


def uncommented(text: str, key: str) -> str:
    """Take `# ` from the beginning of the lines of one section, as an editor does; the section ends at an empty line."""
    parts = text.split("\n\n")
    [index] = [number for number, part in enumerate(parts) if re.search(rf"^# {key}:", part, re.MULTILINE)]
    parts[index] = "\n".join(re.sub(r"^# ?", "", line) for line in parts[index].splitlines())
    return "\n\n".join(parts)


def test_a_start_is_written_and_its_policy_passes(run: Run, tmp_path: Path) -> None:
    code, out, err = run("init")
    assert (code, err) == (0, "")
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert files == sorted(re.findall(r"^wrote  (.*)$", out, re.MULTILINE))
    assert files == sorted(contents("X", "x", "github"))
    code, out, _ = run("check", "policy")
    assert code == 0, out
    assert "Checked 1 policy" in out
    code, out, _ = run("audit")
    assert code == 0, out
    assert run("config", "show")[0] == 0
    assert run("waivers", "check")[0] == 0


@pytest.mark.parametrize("server", SERVERS)
def test_every_file_is_well_formed_and_names_this_version(server: str) -> None:
    made = contents("X", f"pbcheck=={_version.__version__}", server)
    for path, text in made.items():
        assert text.endswith("\n")
        assert "@" not in re.sub(r"@(?=[0-9a-f]{40} #|v\d)", "", text) or path.endswith(".json"), path
        if path.endswith((".yml", ".yaml")):
            assert yaml.safe_load(text), path
    versions = "".join(text for path, text in made.items() if not path.startswith(("policy", ".pbcheck/")))
    assert set(re.findall(r"\d+\.\d+\.\d+(?= *[\"'\n])", versions)) - {"7.0.1", "7.0.0"} == {_version.__version__}


def test_schema_lines_lead_to_the_schemas(tmp_path: Path) -> None:
    list(start(tmp_path))
    for name, path in {"policy": "policy/policy.yaml", "config": "pbcheck.yaml", "waivers": "pbcheck-waivers.yaml"}.items():
        first = (tmp_path / path).read_text().splitlines()[0]
        found = re.fullmatch(r"# yaml-language-server: \$schema=(.*)", first)
        assert found
        assert json.loads(((tmp_path / path).parent / found[1]).read_text()) == load(name)
        assert problems(name, (tmp_path / path).read_text()) == []


@pytest.mark.parametrize("key", SECTIONS)
def test_each_section_of_the_policy_can_be_uncommented(key: str) -> None:
    text = uncommented(contents("X", "x", "none")["policy/policy.yaml"], key)
    assert list(yaml.safe_load(text)) == ["kind", "authority", key]
    assert problems("policy", text) == []


@pytest.mark.parametrize("key", SETTINGS)
def test_each_setting_can_be_uncommented(key: str) -> None:
    text = uncommented(contents("X", "x", "none")["pbcheck.yaml"], key)
    assert list(yaml.safe_load(text)) == ["profile", "fail_level", key]
    assert problems("config", text) == []


def test_the_whole_policy_and_the_waiver_can_be_uncommented(run: Run, tmp_path: Path) -> None:
    made = contents("X", "x", "none")
    text = made["policy/policy.yaml"]
    for key in SECTIONS:
        text = uncommented(text, key)
    assert problems("policy", text) == []
    (tmp_path / "policy.yaml").write_text(text)
    code, out, _ = run("check", "policy.yaml", "-f", "json")
    assert code in (0, 1)
    assert not [one for one in json.loads(out)["findings"] if one["incomplete"] or one["rule"] in ("unknown-key", "wrong-type")]
    register = uncommented(made["pbcheck-waivers.yaml"].replace("waivers: []\n", ""), "waivers")
    assert problems("waivers", register) == []
    assert len(yaml.safe_load(register)["waivers"]) == 1


def test_every_key_of_a_section_is_there_with_its_description() -> None:
    text = contents("X", "x", "none")["policy/policy.yaml"]
    flat = re.sub(r"\s+", " ", re.sub(r"^[# -]+", "", text, flags=re.MULTILINE))

    def all_keys(node: dict[str, Any]) -> None:
        for key, field in node.get("properties", {}).items():
            assert f"{key}:" in text
            assert f"{field['title']}: {field['description']}" in flat
            all_keys(field)
            all_keys(field.get("items", {}))

    all_keys(load("policy"))


def test_a_list_of_groups_is_one_element_with_its_notes() -> None:
    group = {"properties": {"a": {"title": "A", "description": "One.", "type": "string", "examples": ["x: y"]}}}
    group["properties"]["b"] = {"title": "B", "description": "Two.", "$ref": "#/$defs/bool"}
    schema = {
        "properties": {"list": {"title": "L", "description": "All.", "type": "array", "items": group}},
        "$defs": {"bool": {"type": "boolean"}},
    }
    assert block(schema, "list").splitlines() == [
        "## L: All.",
        "# list:",
        "#   # A: One.",
        "# - a: 'x: y'",
        "#   # B: Two. Write true or false.",
        "#   b: true",
    ]


def test_what_is_there_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    assert run("init", "council", "--ci", "gitlab", "--council", "Northmere County Council")[0] == 0
    folder = tmp_path / "council"
    assert "authority: Northmere County Council\n" in (folder / "policy" / "policy.yaml").read_text()
    for name in ("pbcheck.yaml", ".gitlab-ci.yml", ".pbcheck/schemas/policy.schema.json"):
        (folder / name).write_text("mine\n")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    code, out, _ = run("init", "council", "--ci", "gitlab", "--council", "Northmere County Council")
    assert code == 0
    assert "wrote" not in out
    assert "left   pbcheck.yaml (it is yours)" in out
    assert "left   pbcheck-waivers.yaml (as this version writes it)" in out
    assert "delete it and run this again" in out
    assert "add `include: [{local: .gitlab/pbcheck.yml}]` to it" in out
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_says_the_same_elsewhere_is_not_written_again(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.pbcheck]\nprofile = "ppf"\n')
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "surplus.yaml").write_text(POLICY % "never")
    out = run("init", "--ci", "none")[1]
    assert "left   pbcheck.yaml (pyproject.toml has a table [tool.pbcheck])" in out
    assert "left   policy/policy.yaml (policy/surplus.yaml is there)" in out
    assert run("check", "policy")[0] == 0
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / ".pbcheck.yaml").write_text("profile: ppf\n")
    assert "left   pbcheck.yaml (.pbcheck.yaml is there)" in run("init", "other")[1]


def test_what_cannot_be_written_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy").write_text("a file")
    code, out, err = run("init")
    assert code == 2
    assert out == "wrote  pbcheck.yaml\n"
    assert "The folder policy cannot be made" in err
    (tmp_path / "a-file").write_text("")
    assert run("init", "a-file")[0] == 2
    for wrong in ("a\nb", "", "-r x", "a\u202eb"):
        code, _, err = run("init", "new", f"--council={wrong}")
        assert code == 2
        assert "expected one line" in err
    assert not (tmp_path / "new").exists()


def test_a_folder_inside_a_repository_is_said(run: Run, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    assert f"The repository begins at {tmp_path}" in run("init", "below")[1]
    assert "The repository begins" not in run("init", "below/..")[1]


def test_council_and_requirement_stay_text(tmp_path: Path) -> None:
    council, requirement = 'O\'Brien: "#1" {x}', "pbcheck @ https://example.org/a'b\"$(touch ran)"
    for server in SERVERS:
        made = contents(council, requirement, server)
        assert yaml.safe_load(made["policy/policy.yaml"])["authority"] == council
        assert yaml.safe_load(made[".pre-commit-config.yaml"])["repos"][0]["hooks"][0]["additional_dependencies"] == [requirement]
    workflow = yaml.safe_load(contents(council, requirement, "github")[".github/workflows/pbcheck.yml"])
    [install] = [one for one in workflow["jobs"]["pbcheck"]["steps"] if one.get("name") == "Install pbcheck"]
    assert install["env"]["REQUIREMENT"] == requirement
    script = contents(council, requirement, "script")["pbcheck.sh"]
    line = next(one for one in script.splitlines() if one.startswith("requirement="))
    done = subprocess.run(["sh", "-c", f'{line}\nprintf %s "$requirement"'], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout == requirement
    assert not (tmp_path / "ran").exists()


def test_the_name_of_a_command_below_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import click
    from click.testing import CliRunner

    from pbcheck.cli.starting import Starting, init_command

    called: list[str] = []
    group = Starting("init", params=init_command.params, callback=init_command.callback, invoke_without_command=True)
    below = click.Command("mapping", callback=lambda **given: called.append(str(given)))
    below.params = [click.Option(["--ci"])]
    group.add_command(below)
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(group, ["mapping", "--ci", "x"]).exit_code == 0
    assert called == ["{'ci': 'x'}"]
    assert not list(tmp_path.iterdir())
    assert CliRunner().invoke(group, ["./mapping", "--ci", "none"]).exit_code == 0
    assert (tmp_path / "mapping" / "pbcheck.yaml").exists()


class Server:
    """A build server with a council's repository in which one policy was changed; `pbcheck` is the one of this work tree."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder, self.tools = folder / "council", folder / "tools"
        self.tools.mkdir()
        for name in ("pbcheck", "python", "python3"):
            (self.tools / name).write_text(self._tool(name))
            (self.tools / name).chmod(0o755)
        list(start(self.folder, "X", server=server))
        (self.folder / "policy" / "policy.yaml").unlink()
        self.git("init", "--quiet", "--initial-branch=main")
        self.empty = self.commit()
        self.write("always")
        self.base = self.commit()

    def _tool(self, name: str) -> str:
        if name == "pbcheck":
            return f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m pbcheck "$@"\n'
        make = f'mkdir -p "$3/bin"; for one in pbcheck python; do cp {self.tools}/$one "$3/bin"; done'
        install = f'printf "%s\\n" "$@" >> {self.tools}/installed'
        return f'#!/bin/sh\nif [ "$2" = venv ]; then {make}; else {install}; fi\n'

    def write(self, recoup: str) -> None:
        (self.folder / "policy").mkdir(exist_ok=True)
        (self.folder / "policy" / "policy.yaml").write_text(POLICY % recoup)

    def git(self, *words: str) -> str:
        names = {f"GIT_{who}_{what}": "somebody@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        done = subprocess.run(["git", *words], cwd=self.folder, capture_output=True, text=True, check=True, env={**os.environ, **names})
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=policy")
        return self.git("rev-parse", "HEAD")

    def run(self, command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
        told = {**os.environ, "PATH": f"{self.tools}{os.pathsep}{os.environ['PATH']}", **variables}
        return subprocess.run(command, cwd=self.folder, env=told, capture_output=True, text=True, check=False)

    def installed(self) -> list[str]:
        return (self.tools / "installed").read_text().splitlines()


@pytest.mark.slow
def test_the_script_for_any_server(tmp_path: Path) -> None:
    server = Server(tmp_path, "script")
    done = server.run(["sh", "pbcheck.sh"])
    assert done.returncode == 1, done.stderr
    assert server.installed()[-1] == f"pbcheck=={_version.__version__}"
    assert (server.folder / "pbcheck.xml").read_text().count("<failure") == 1
    assert not (server.folder / "pbcheck-change.html").exists()
    server.write("never")
    server.commit()
    assert server.run(["sh", "pbcheck.sh", server.base]).returncode == 0
    assert "now never, was always" in (server.folder / "pbcheck-change.html").read_text()
    assert server.run(["sh", "pbcheck.sh", server.empty]).returncode == 0
    assert server.run(["sh", "pbcheck.sh", "nonsense"]).returncode == 2
    (server.folder / "policy" / "policy.yaml").write_text("kind: [\n")
    assert server.run(["sh", "pbcheck.sh"]).returncode == 3


@pytest.mark.slow
def test_the_job_for_gitlab(tmp_path: Path) -> None:
    server = Server(tmp_path, "gitlab")
    assert yaml.safe_load((server.folder / ".gitlab-ci.yml").read_text()) == {"include": [{"local": ".gitlab/pbcheck.yml"}]}
    job = yaml.safe_load((server.folder / ".gitlab" / "pbcheck.yml").read_text())["pbcheck"]
    command = ["sh", "-ec", "\n".join([*job["before_script"], *job["script"]])]
    done = server.run(command, **job["variables"])
    assert done.returncode == 1, done.stderr
    assert server.installed()[-1] == f"pbcheck=={_version.__version__}"
    reports = job["artifacts"]["reports"]
    assert json.loads((server.folder / reports["codequality"]).read_text())[0]["check_name"] == "unspent-money-taken-back"
    assert "<failure" in (server.folder / reports["junit"]).read_text()
    server.write("never")
    server.commit()
    for base in (server.base, server.empty):
        assert server.run(command, **job["variables"], CI_MERGE_REQUEST_DIFF_BASE_SHA=base).returncode == 0
    assert server.run(command, **job["variables"], CI_MERGE_REQUEST_DIFF_BASE_SHA="nonsense").returncode != 0
    [page] = job["artifacts"]["paths"]
    assert "now never, was always" in (server.folder / page).read_text()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="GitHub runs the steps with bash")
def test_the_workflow_for_github(tmp_path: Path) -> None:
    server = Server(tmp_path, "github")
    steps = yaml.safe_load((server.folder / ".github" / "workflows" / "pbcheck.yml").read_text())["jobs"]["pbcheck"]["steps"]
    scripts = {one["name"]: one["run"] for one in steps if "run" in one}
    summary = tmp_path / "summary"

    def step(name: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return server.run(["bash", "-e", "-c", scripts[name]], GITHUB_STEP_SUMMARY=str(summary), **variables)

    assert step("Install pbcheck", REQUIREMENT="pbcheck==9").returncode == 0
    assert server.installed()[-1] == "pbcheck==9"
    done = step("Check")
    assert done.returncode == 1
    assert "::warning file=policy/policy.yaml,line=3," in done.stdout
    assert step("Show the findings").returncode == 0
    assert "unspent-money-taken-back" in summary.read_text()
    server.write("never")
    server.commit()
    assert step("Check").returncode == 0
    assert step("Say what the change means", BASE=server.base).returncode == 0
    assert "now never, was always" in summary.read_text()
    assert "nothing to compare" in step("Say what the change means", BASE=server.empty).stdout
    assert step("Say what the change means", BASE="nonsense").returncode != 0
