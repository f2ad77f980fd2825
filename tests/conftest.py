"""Shared ground: a cache of its own, the folders of the repository, and a way to run the command as a user does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the user's own cache out of the tests."""
    os.environ["PBCHECK_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """Run the command in this process, in an empty folder: exit code, standard output, standard error."""
    from pbcheck.cli import main

    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> tuple[int, str, str]:
        capture = pytest.MonkeyPatch()
        import contextlib
        import io

        out, err = io.StringIO(), io.StringIO()
        capture.setattr(sys, "argv", ["pbcheck", *map(str, arguments)])
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                main.run()
        except SystemExit as stop:
            return int(stop.code or 0), out.getvalue(), err.getvalue()
        finally:
            capture.undo()
        raise AssertionError("the command did not exit")

    return call


@pytest.fixture
def process() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command in a process of its own."""

    def call(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pbcheck", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)

    return call
