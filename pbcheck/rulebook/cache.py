"""The cache of compiled rulebooks: rules only, never a byte of data; whatever is wrong with it, it is simply not used.

A file holds Python code objects, so it is only ever read from the user's own cache folder, and only where that folder and
the file belong to the user and are closed to others.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

KEEP = 20
SUFFIX = ".rulebook"


def folder() -> Path:
    """Return the cache folder: `pbcheck` below PBCHECK_CACHE_DIR, or below the platform's usual place for a user's caches."""
    base = os.environ.get("PBCHECK_CACHE_DIR") or os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "pbcheck"


def read(key: str) -> dict[str, Any] | None:
    """Return what was kept under a key, or None."""
    try:
        path = folder() / (key + SUFFIX)
        if not _ours(path.parent) or not _ours(path):
            return None
        kept = marshal.loads(path.read_bytes())  # noqa: S302  # our own file in the user's own folder, checked above
    except (OSError, ValueError, EOFError, TypeError, RuntimeError):
        return None
    return kept if isinstance(kept, dict) else None


def write(key: str, value: dict[str, Any]) -> None:
    """Keep a value under a key; a cache that cannot be written is no reason to fail."""
    with contextlib.suppress(OSError, ValueError, RuntimeError):
        place = folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours(place):
            return
        handle, name = tempfile.mkstemp(dir=place, prefix=".new-")
        with os.fdopen(handle, "wb") as out:
            out.write(marshal.dumps(value))
        os.replace(name, place / (key + SUFFIX))
        for old in sorted(place.glob("*" + SUFFIX), key=lambda path: path.stat().st_mtime, reverse=True)[KEEP:]:
            old.unlink(missing_ok=True)


def _ours(path: Path) -> bool:
    """Return whether a file or folder belongs to this user and others cannot write to it (always so on Windows' user folders)."""
    if not hasattr(os, "getuid"):
        return True
    about = path.stat()
    return about.st_uid == os.getuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
