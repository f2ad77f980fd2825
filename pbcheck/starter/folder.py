"""Writes the start of a council's repository: what is there already is never touched."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pbcheck._version import __version__
from pbcheck.errors import UsageError
from pbcheck.schema.store import load
from pbcheck.shipped import shipped
from pbcheck.starter.skeleton import block, document
from pbcheck.vcs import checkout_of

SERVERS = ("github", "gitlab", "script", "none")
COUNCIL = "Name of the council"
_SCHEMAS = ".pbcheck/schemas"
_LANGUAGE_SERVER = "# yaml-language-server: $schema="
_WORKFLOWS = {
    "github": {".github/workflows/pbcheck.yml": "github.yml"},
    "gitlab": {".gitlab/pbcheck.yml": "gitlab.yml", ".gitlab-ci.yml": "gitlab-ci.yml"},
    "script": {"pbcheck.sh": "check.sh"},
    "none": {},
}
_ADVICE = {
    ".pre-commit-config.yaml": "it is yours: add the hook to it, as `pbcheck init` writes it in an empty folder",
    ".gitlab-ci.yml": "it is yours: add `include: [{local: .gitlab/pbcheck.yml}]` to it",
}
_HEADS = {
    "policy": """
# The council's policy on personal budgets, as settings. Each block below is a section that may be stated. To state one,
# take `# ` from the beginning of its lines, and put what the policy says in the place of the example values.
# Take out what the policy does not say: a missing key counts as not stated, an example left behind as the council's word.
# A policy may also be several files in this folder, each with some of the sections. Try: pbcheck check policy
""",
    "config": """
# How pbcheck is run here. Flags (pbcheck check --help) and variables such as PBCHECK_FAIL_LEVEL outrank this file.
# `pbcheck config show` prints what holds, and where each value comes from.
""",
    "waivers": """
# Decisions of the council that a finding does not count for a time. A waived finding stays in every report.
""",
}


@dataclass(frozen=True)
class Written:
    """One file of the start: its path below the folder, and why it was left as it was; empty where it was written."""

    path: str
    kept: str = ""


def start(folder: Path, council: str = COUNCIL, requirement: str = f"pbcheck=={__version__}", server: str = "github") -> Iterator[Written]:
    """Write the files of a start into a folder, which is made where it is missing; yield each, also those left as they were, in order.

    `requirement` is what pip installs on other machines, `server` one of SERVERS. Raises UsageError where a file cannot be written.
    """
    for path, text in contents(council, requirement, server).items():
        yield Written(path, _instead(folder, path) or _write(folder / path, text))


def contents(council: str, requirement: str, server: str) -> dict[str, str]:
    """Return every file of the start: its path and its text."""
    made = {
        "pbcheck.yaml": _document("config", "", {"profile": "today", "fail_level": "warning"}),
        "policy/policy.yaml": _document("policy", "../", {"kind": "policy", "authority": council}),
        "pbcheck-waivers.yaml": _waivers(),
        ".pre-commit-config.yaml": _filled("pre-commit.yaml", requirement),
    }
    made |= {path: _filled(name, requirement) for path, name in _WORKFLOWS[server].items()}
    return made | {f"{_SCHEMAS}/{name}.schema.json": json.dumps(load(name), indent=1, ensure_ascii=False) + "\n" for name in sorted(_HEADS)}


def remarks(folder: Path, council: str) -> Iterator[str]:
    """Yield what is to be done next, and what stands in the way, one sentence each."""
    checkout = checkout_of(folder)
    if checkout is not None and Path(checkout.root).resolve() != folder.resolve():
        yield f"The repository begins at {checkout.root}: hooks and workflows are read there only, so move them there."
    if council == COUNCIL:
        yield "Write the council's name into policy/policy.yaml."
    yield "State the sections of policy/policy.yaml that the council's policy speaks of, then run: pbcheck check policy"
    yield "To check every commit: pip install pre-commit, then pre-commit install"


def _document(name: str, up: str, live: dict[str, str]) -> str:
    return f"{_LANGUAGE_SERVER}{up}{_SCHEMAS}/{name}.schema.json{_HEADS[name]}\n{document(load(name), live)}"


def _waivers() -> str:
    """Return an empty register, with an entry as a comment to put in the place of the empty list."""
    schema = load("waivers")
    kind = document({**schema, "properties": {"kind": schema["properties"]["kind"]}}, {"kind": "waivers"})
    head = f"{_LANGUAGE_SERVER}{_SCHEMAS}/waivers.schema.json{_HEADS['waivers']}\n{kind}\n"
    none = "# No finding is waived. To waive one, put the block below in the place of this line.\nwaivers: []\n\n"
    return head + none + block(schema, "waivers")


def _filled(name: str, requirement: str) -> str:
    """Return the text of a template with the version of pbcheck, and what pip installs, in their places."""
    text = (shipped("starter/templates") / name).read_text(encoding="utf-8")
    quoted = json.dumps(requirement, ensure_ascii=False)
    for sign, value in (("@VERSION@", __version__), ("@SHELL_REQUIREMENT@", shlex.quote(requirement)), ("@REQUIREMENT@", quoted)):
        text = text.replace(sign, value)
    return text


def _instead(folder: Path, path: str) -> str:
    """Return why a file is not needed, since another one says the same; empty where none does."""
    if path == "pbcheck.yaml":
        if (folder / ".pbcheck.yaml").exists():
            return ".pbcheck.yaml is there"
        if b"[tool.pbcheck" in _read(folder / "pyproject.toml"):
            return "pyproject.toml has a table [tool.pbcheck]"
    if path.startswith("policy/"):
        others = sorted(one.name for one in (folder / "policy").glob("*") if one.suffix in (".yaml", ".yml", ".json"))
        if others and Path(path).name not in others:
            return f"policy/{others[0]} is there"
    return ""


def _write(path: Path, text: str) -> str:
    """Write a new file; return why it was left as it was, where one is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        words = f"The folder {path.parent} cannot be made ({error.strerror}): choose another place, or move what is in its way."
        raise UsageError(words) from None
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return _difference(path, text)
    except OSError as error:
        words = f"{path} cannot be written ({error.strerror}): choose another folder, or ask for permission to write here."
        raise UsageError(words) from None
    return ""


def _difference(path: Path, text: str) -> str:
    """Return in words why a file that is there was left as it was, and what is to be done where it was needed."""
    if _read(path) == text.encode():
        return "as this version writes it"
    if path.name.endswith(".schema.json"):
        return "it says something else: where it is of another version of pbcheck, delete it and run this again"
    return _ADVICE.get(path.name, "it is yours")


def _read(path: Path) -> bytes:
    """Return what a file holds; nothing where it is not there or cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
