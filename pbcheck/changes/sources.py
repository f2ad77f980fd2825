"""Where the two versions come from: files, folders, or revisions of the git repository at hand, which are only read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pbcheck.errors import UsageError
from pbcheck.history import files_of, git


class Side(NamedTuple):
    """One of two versions: how its owner calls it, where its documents lie, and whether they were unpacked there from a revision."""

    name: str
    path: Path
    unpacked: bool = False


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
        places = Path(folder) / "old", Path(folder) / "new"
        first, second = (_taken(one, within, place) for one, place in zip((old, new), places, strict=True))
        if within and not any(one.is_file() or any(one.iterdir()) for one in (first, second)):
            raise UsageError(f"Neither version holds {' or '.join(within)}.")
        yield Side(old, first, first == places[0]), Side(new, second, second == places[1])


def _sides(given: Sequence[str], *, ranged: bool) -> tuple[str, str]:
    if ranged:
        old, _, new = given[0].partition("...") if "..." in given[0] else given[0].partition("..")
        if "..." in given[0]:
            old = git("merge-base", "--end-of-options", old or "HEAD", new or "HEAD").decode().strip()
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
        revision = git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{side}^{{commit}}").decode().strip()
    except UsageError:
        raise UsageError(f"There is no file or folder `{side}`, and no git revision of that name here.") from None
    folder.mkdir()
    for name, raw in files_of(revision, [one.rstrip("/") or one for one in within]):
        if {"..", ".git", ""} & set(name.split("/")):
            raise UsageError(f"{side} holds a file with a name that leads elsewhere: it is not unpacked.")
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)
    return folder
