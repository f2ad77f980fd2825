"""Ground for the tests of the gate: a small policy with one finding of each severity and one of a locked rule, registers, repositories."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

Run = Callable[..., tuple[int, str, str]]

HEAD = "kind: policy\nauthority: Exampleshire\nas_of: '2026-10-01'\n"
MONEY = f"{HEAD}surplus:\n  recoup: always\nspending:\n  test: agreed_services\n"
"""Findings: unspent-money-taken-back (warning, line 5), spending-limited-to-plan-items (warning, 7), plan-used-as-a-limit (note, 7)."""
LOCKED = f"{MONEY}eligibility:\n  budget_for_all_ongoing: false\n"
"""The same with budgets-not-for-everyone (error, locked, line 9)."""
UNSPENT, LIMITED, NOTE = "unspent-money-taken-back", "spending-limited-to-plan-items", "plan-used-as-a-limit"
FOR_ALL = "budgets-not-for-everyone"
CLEAN = f"{HEAD}surplus:\n  recoup: never\n"

WAIVER: dict[str, Any] = {
    "id": "W-1",
    "rule": UNSPENT,
    "where": {"file": "policy.yaml", "pointer": "/surplus/recoup"},
    "reason": "The new accounts go live in March.",
    "approved_by": {"name": "J. Okafor", "role": "Director"},
    "decision": "Cabinet 2026-09-12, item 7",
    "approved_on": "2026-09-12",
    "expires": "2026-12-31",
}


def register(*entries: dict[str, Any]) -> str:
    """Return the text of a register."""
    return yaml.safe_dump({"kind": "waivers", "waivers": list(entries)}, sort_keys=False, allow_unicode=True)


def without(*keys: str) -> dict[str, Any]:
    """Return the usual waiver without some of its keys."""
    return {key: value for key, value in WAIVER.items() if key not in keys}


def checked(run: Run, *arguments: object, command: str = "check") -> dict[str, Any]:
    """Return the JSON report of a run."""
    _, out, err = run(command, *arguments, "-f", "json")
    assert out, err
    report: dict[str, Any] = json.loads(out)
    return report


def counting(report: dict[str, Any]) -> list[str]:
    """Return the rules of the findings that count, sorted."""
    return sorted(one["rule"] for one in report["findings"] if one["set_aside"] is None)


def aside(report: dict[str, Any]) -> dict[str, str]:
    """Return by what each finding that was set aside was set aside, by its rule."""
    return {one["rule"]: one["set_aside"]["by"] for one in report["findings"] if one["set_aside"] is not None}


def about(report: dict[str, Any], check: str) -> list[tuple[int, str]]:
    """Return line and message of each finding of a check."""
    return [(one["line"], one["message"]) for one in report["findings"] if one["rule"] == check]


def git(folder: Path, *words: str, author: str = "A. Clerk", day: str = "2026-10-01") -> str:
    """Run git in a folder, with settings and a clock of its own and nothing of the machine's."""
    from pbcheck import history

    named = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in
             (("NAME", author), ("EMAIL", "clerk@example.org"), ("DATE", f"{day}T12:00:00Z"))}  # fmt: skip
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **named}
    done = subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=True, env=os.environ | own)
    history.authors.cache_clear()
    return done.stdout


def repository(folder: Path, *, day: str = "2026-10-01", author: str = "A. Clerk", user: str = "A. Clerk") -> Path:
    """Make a folder with all its files the first commit of a repository."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "user.name", user)
    commit(folder, day=day, author=author)
    return folder


def commit(folder: Path, *, day: str = "2026-10-01", author: str = "A. Clerk") -> None:
    """Commit everything in a repository."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "one", author=author, day=day)
