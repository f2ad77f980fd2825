"""What git knows of files and lines: asked of the user's own git, read only, with nothing of a repository's settings run."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from pbcheck.errors import UsageError

SECONDS = 60
_BLAMED = re.compile(r"[0-9a-f]{40,64} \d+ (\d+)")
_NOT_COMMITTED = ("Not Committed Yet", "External file (--contents)")
_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git tells its hooks of places, which start from another folder than the one asked about here."""
_DOCUMENTS = (".yaml", ".yml", ".json", ".jsonl")
_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "-c", "log.showSignature=false")


def git(*words: str, folder: Path | None = None, given: bytes = b"") -> bytes:
    """Return what a git command prints, which may be `given` something to read; raises UsageError where it cannot be asked or fails."""
    try:
        # git as the user has it, with a list of words and no shell; what a user gives stands behind --end-of-options or --
        done = subprocess.run(  # noqa: S603
            ["git", *_QUIET, *words],  # noqa: S607
            input=given,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd=folder,
            env={name: value for name, value in os.environ.items() if name not in _PLACES} | {"GIT_OPTIONAL_LOCKS": "0"},
        )
    except FileNotFoundError:
        raise UsageError("git is not installed, so a revision cannot be read: give two files or folders.") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git took longer than {SECONDS} seconds: give two files or folders.") from None
    if done.returncode:
        raise UsageError(f"git said: {done.stderr.decode(errors='replace').strip() or 'no such revision or path'}")
    return done.stdout


def _lines(*words: str, folder: Path) -> list[str]:
    """Return the lines that a git command prints; none where it cannot be asked."""
    try:
        return git(*words, folder=folder).decode(errors="replace").split("\n")
    except (UsageError, OSError):
        return []


def _first(*words: str, folder: Path) -> str:
    """Return the first line that a git command prints; empty where it cannot be asked."""
    return next(iter(_lines(*words, folder=folder)), "")


def last_commit_day(folder: Path) -> str:
    """Return the day of the last commit of the checkout that a folder lies in, as an ISO date; empty where there is none."""
    return _first("log", "-1", "--format=%cs", folder=folder)


@cache
def authors(path: Path) -> Mapping[int, str]:
    """Return the name of the author of each line of a file, by its number; of what is not committed, the user git is set up for.

    A line has no author where that is not known: without git, and for what lies before the beginning of a shallow clone.
    """
    user = _first("config", "user.name", folder=path.parent)
    blamed = _lines("blame", "--line-porcelain", "--no-textconv", "--", path.name, folder=path.parent)
    if not blamed and _first("rev-parse", "--is-inside-work-tree", folder=path.parent) == "true":
        return dict.fromkeys(range(1, path.read_bytes().count(b"\n") + 2), user)
    shallow = _first("rev-parse", "--is-shallow-repository", folder=path.parent) == "true"
    found: dict[int, str] = {}
    author, number = "", 0
    for line in blamed:
        if start := _BLAMED.match(line):
            number = int(start[1])
        elif line.startswith("author "):
            author = line.removeprefix("author ")
        elif line == "boundary" and shallow:
            author = ""
        elif line.startswith("\t"):
            found[number] = user if author in _NOT_COMMITTED else author
    return found


def renames(folder: Path) -> dict[str, str]:
    """Return the new path of each file that was renamed in the checkout of a folder, by its old one; both absolute, forward slashes."""
    root = _first("rev-parse", "--show-toplevel", folder=folder)
    if not root:
        return {}
    found: dict[str, str] = {}
    asked = ("-z", "-M", "--diff-filter=R", "--name-status", "--no-relative", "--no-ext-diff", "--no-textconv")
    for words in (("diff", "--cached", *asked, "HEAD"), ("log", "--format=", *asked)):  # the newest first
        parts = iter("\n".join(_lines(*words, folder=folder)).split("\0"))
        for _, old, new in zip(parts, parts, parts, strict=False):  # how much is alike, the old name and the new one
            latest = f"{root}/{new}"
            found.setdefault(f"{root}/{old}", found.get(latest, latest))
    return found


def files_of(revision: str, paths: Sequence[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Yield the name, from this folder, and the content of every file of a revision, or of those below some paths.

    They are taken as they lie in the repository: no attribute of it leaves a file out or changes it. Raises UsageError.
    """
    rows = [row.partition("\t") for row in git("ls-tree", "-r", "-z", revision, "--", *paths).decode(errors="surrogateescape").split("\0")]
    found = [(name, about.split()[2]) for about, tab, name in rows if tab and about.startswith("100")]
    links = [name for about, tab, name in rows if tab and about.startswith("120") and name.lower().endswith(_DOCUMENTS)]
    if links:
        raise UsageError(f"{revision} holds a link in the place of a document ({links[0]}), which is not followed: put the file there.")
    raw = git("cat-file", "--batch", given="".join(f"{one}\n" for _, one in found).encode())
    at = 0
    for name, _ in found:
        end = raw.index(b"\n", at)
        size = int(raw[at:end].split()[2])
        yield name, raw[end + 1 : end + 1 + size]
        at = end + size + 2
