"""Where the two versions come from: files, folders, or revisions of the git repository at hand, which are only read."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pbcheck.errors import UsageError

SECONDS = 60


class Side(NamedTuple):
    """One of two versions: how its owner calls it, and where its documents lie."""

    name: str
    path: Path


@contextmanager
def two_versions(given: Sequence[str]) -> Iterator[tuple[Side, Side]]:
    """Give the old and the new documents.

    `given` is OLD and NEW, each a path or else a revision, or one range such as main..HEAD (an empty side is HEAD); what follows are
    the paths that count of a revision. What is taken from git lies in a folder of its own, and goes afterwards.
    """
    ranged = bool(given) and ".." in given[0] and not Path(given[0]).exists()
    sides, within = (given[:1], given[1:]) if ranged else (given[:2], given[2:])
    old, new = _sides(sides, ranged=ranged)
    with TemporaryDirectory(prefix="pbcheck-") as folder:
        yield Side(old, _taken(old, within, Path(folder) / "old")), Side(new, _taken(new, within, Path(folder) / "new"))


def _sides(given: Sequence[str], *, ranged: bool) -> tuple[str, str]:
    if ranged:
        old, _, new = given[0].partition("...") if "..." in given[0] else given[0].partition("..")
        if "..." in given[0]:
            old = _git("merge-base", "--end-of-options", old or "HEAD", new or "HEAD").decode().strip()
        return old or "HEAD", new or "HEAD"
    if len(given) != 2:
        raise UsageError("Give two versions: OLD NEW, each a file, a folder or a git revision, or one range such as main..HEAD.")
    return given[0], given[1]


def _taken(side: str, within: Sequence[str], folder: Path) -> Path:
    """Return the path of one side; a revision is unpacked into a folder first."""
    path = Path(side)
    if path.exists():
        return path
    if side.startswith("-"):
        raise UsageError(f"`{side}` is neither a path nor a git revision.")
    try:
        revision = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{side}^{{commit}}").decode().strip()
    except UsageError:
        raise UsageError(f"There is no file or folder `{side}`, and no git revision of that name here.") from None
    packed = _git("archive", "--format=tar", revision, "--", *within) if within else _git("archive", "--format=tar", revision)
    folder.mkdir()
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _git(*words: str) -> bytes:
    try:
        # git as the user has it, with a list of words and no shell; what a user gives is behind --end-of-options or was resolved to a hash
        done = subprocess.run(["git", *words], capture_output=True, timeout=SECONDS, check=False)  # noqa: S603, S607
    except FileNotFoundError:
        raise UsageError("git is not installed, so a revision cannot be read: give two files or folders.") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git took longer than {SECONDS} seconds: give two files or folders.") from None
    if done.returncode:
        raise UsageError(f"git said: {done.stderr.decode(errors='replace').strip() or 'no such revision or path'}")
    return done.stdout
