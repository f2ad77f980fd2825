"""The hooks of pre-commit: which files they take, and what they say, installed by pre-commit itself from a clean clone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

HOOKS = {one["id"]: one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
CLEAN = "kind: policy\nauthority: X\nsurplus: {recoup: never}\n"
RULE = """\
id: reserve-not-stated
title: The policy does not say how much may build up.
theme: use-of-the-budget
subject: policy
severity: note
force: good-practice
obligations: [CWR-3-10]
expect: has(policy.surplus.threshold_weeks)
message: The policy does not say how much may build up.
why: Holders should know how much they may keep.
plain: You can ask how much you may keep in your account.
remedy: State the weeks of payment that are left alone.
examples:
  pass: [{about: it is said, set: {policy.surplus.threshold_weeks: 8}}]
  fail: [{about: it is not said, set: {policy.surplus.threshold_weeks: ABSENT}}]
"""


def taken(hook: str, path: str) -> bool:
    return re.search(HOOKS[hook]["files"], path) is not None and re.search(HOOKS[hook]["exclude"], path) is None


def test_the_hooks_are_those_that_the_documentation_names() -> None:
    assert list(HOOKS) == ["pbcheck", "pbcheck-repo", "pbcheck-rules"]
    page = (ROOT / "docs" / "continuous-integration.md").read_text()
    assert all(f"`{name}`" in page for name in HOOKS)
    assert HOOKS["pbcheck"]["require_serial"]
    assert not HOOKS["pbcheck-repo"]["pass_filenames"]
    assert not HOOKS["pbcheck-rules"]["pass_filenames"]


def test_the_hook_for_policies_takes_policies() -> None:
    for path in ("policy.yaml", "policy/surplus.yaml", "councils/x/policies/a/b.json", "policy-2026.yml"):
        assert taken("pbcheck", path), path
    for path in (
        "pbcheck.yaml",
        "docs/x.yaml",
        "nopolicy.yaml",
        ".github/workflows/pbcheck.yml",
        "cases/case.json",
        ".pbcheck/schemas/policy.schema.json",
    ):
        assert not taken("pbcheck", path), path


def test_the_manifest_is_one_of_pre_commit(tmp_path: Path) -> None:
    pytest.importorskip("pre_commit")
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"]
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout


def git(folder: Path, *words: str) -> str:
    names = {f"GIT_{who}_{what}": "somebody@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True, env={**os.environ, **names})
    return done.stdout


def repository(folder: Path, files: dict[str, str]) -> Path:
    """Make a repository with one commit of the files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=first")
    return folder


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clone of this repository with what has changed since the last commit."""
    pytest.importorskip("pre_commit")
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    folder = tmp_path_factory.mktemp("source") / "pbcheck"
    git(ROOT, "clone", "--quiet", "--no-hardlinks", str(ROOT), str(folder))
    git(folder, "rm", "--quiet", "-r", ".")
    for name in git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=the work tree")
    return folder


def pre_commit(folder: Path, home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run pre-commit in a folder, in an environment that knows nothing of this one."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "PBCHECK", "PRE_COMMIT", "GIT_"))
    }
    told = {"PRE_COMMIT_HOME": str(home / "home"), "PBCHECK_CACHE_DIR": str(home / "cache"), "PRE_COMMIT_COLOR": "never"}
    command = [sys.executable, "-m", "pre_commit", *map(str, words)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={**kept, **told})


def parts(output: str) -> dict[str, str]:
    """Return what was printed for each hook, by its id."""
    found = re.split(r"^(pbcheck \([a-z ]+\))", output, flags=re.MULTILINE)[1:]
    names = {one["name"]: name for name, one in HOOKS.items()}
    return {names[head]: text for head, text in zip(found[::2], found[1::2], strict=True)}


@pytest.mark.slow
def test_try_repo_finds_the_mistakes(source: Path, tmp_path: Path) -> None:
    files = {
        "policy/surplus.yaml": "kind: policy\nauthority: X\nsurplus: {recop: never}\n",
        "policy/other.yaml": "kind: policy\nauthority: X\nplanning: {tierz: true}\n",
        "rules/use-of-the-budget/reserve-not-stated.yaml": RULE.replace("surplus.threshold_weeks)", "surplus.treshold_weeks)"),
    }
    folder = repository(tmp_path / "council", files)
    done = pre_commit(folder, tmp_path, "try-repo", source, "--files", "policy/surplus.yaml", *list(files)[2:])
    assert done.returncode == 1, done.stdout + done.stderr
    said = parts(done.stdout)
    assert said.keys() == HOOKS.keys()
    assert all("Failed" in text for text in said.values()), done.stdout
    assert "policy/surplus.yaml:3:11" in said["pbcheck"]
    assert "Did you mean `recoup`?" in said["pbcheck"]
    assert "other.yaml:3" not in said["pbcheck"]
    assert "policy/other.yaml:3:12" in said["pbcheck-repo"]
    assert "reserve-not-stated.yaml:8:" in said["pbcheck-rules"]
    assert "threshold_weeks" in said["pbcheck-rules"]


@pytest.mark.slow
def test_what_is_clean_passes_and_the_start_works_in_its_own_environment(source: Path, tmp_path: Path) -> None:
    """A pinned hook beside the one that `pbcheck init` writes, in a repository that it began."""
    from pbcheck.starter.folder import start

    folder = tmp_path / "council"
    list(start(folder, "X", requirement=str(source)))
    config = folder / ".pre-commit-config.yaml"
    revision = git(source, "rev-parse", "HEAD").strip()
    hooks = "".join(f"  - id: {name}\n" for name in HOOKS)
    config.write_text(f"{config.read_text()}- repo: {source}\n  rev: {revision}\n  hooks:\n{hooks}")
    repository(folder, {"policy/surplus.yaml": CLEAN, "rules/use-of-the-budget/reserve-not-stated.yaml": RULE})
    done = pre_commit(folder, tmp_path, "run", "--all-files", "--verbose")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Passed") == len(HOOKS) + 1
    assert "2 passed, 0 failed" in parts(done.stdout)["pbcheck-rules"]
    (folder / "policy" / "surplus.yaml").write_text(CLEAN.replace("never", "always"))
    git(folder, "add", "--all")
    done = pre_commit(folder, tmp_path, "run")
    assert done.returncode == 1
    assert done.stdout.count("Failed") == len(HOOKS)
    assert "policy/surplus.yaml:3" in done.stdout
