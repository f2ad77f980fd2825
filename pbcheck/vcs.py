"""The git checkout that a folder lies in, read from its files: no git is run, nothing in it is executed, and nothing is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_REVISION = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LONGEST = 1_000_000


@dataclass(frozen=True)
class Checkout:
    """Where a checkout is and what is checked out; what is not known is empty. Paths are absolute, with forward slashes."""

    root: str
    folder: str
    revision: str = ""
    branch: str = ""
    repository: str = ""


def checkout_of(folder: Path) -> Checkout | None:
    """Return the checkout that a folder lies in, or None; a part that cannot be read is left empty."""
    here = folder.absolute()
    for root in (here, *here.parents):
        private = _private(root / ".git")
        if private is not None:
            branch, revision = _head(private)
            shared = _shared(private)
            return Checkout(root.as_posix(), here.as_posix(), revision or _revision(private, shared, branch), branch, _origin(shared))
    return None


def _private(mark: Path) -> Path | None:
    """Return the folder with git's own files of a checkout: `.git`, or where a file of that name points."""
    if mark.is_dir():
        return mark if (mark / "HEAD").is_file() else None
    words = _text(mark)
    if not words.startswith("gitdir:"):
        return None
    found = mark.parent / words.removeprefix("gitdir:").strip()
    return found if (found / "HEAD").is_file() else None


def _shared(private: Path) -> Path:
    """Return the folder with what the checkouts of one repository share."""
    words = _text(private / "commondir").strip()
    return private / words if words else private


def _head(private: Path) -> tuple[str, str]:
    """Return the branch and the revision that HEAD names; one of them is empty."""
    words = _text(private / "HEAD").strip()
    name = words.removeprefix("ref:").strip() if words.startswith("ref:") else ""
    return name.removeprefix("refs/heads/") if name.startswith("refs/heads/") else "", words if _REVISION.fullmatch(words) else ""


def _revision(private: Path, shared: Path, branch: str) -> str:
    """Return the revision of a branch: from its own file, else from the packed ones."""
    if not branch or ".." in branch.split("/"):
        return ""
    for folder in (private, shared):
        words = _text(folder / "refs" / "heads" / branch).strip()
        if _REVISION.fullmatch(words):
            return words
    for line in _text(shared / "packed-refs").splitlines():
        revision, _, name = line.partition(" ")
        if name == f"refs/heads/{branch}" and _REVISION.fullmatch(revision):
            return revision
    return ""


def _origin(shared: Path) -> str:
    """Return the address of the remote named origin as a URI, without user name and password."""
    section = ""
    for line in _text(shared / "config").splitlines():
        words = line.strip()
        if words.startswith("["):
            section = words
        key, _, value = words.partition("=")
        if section == '[remote "origin"]' and key.strip() == "url":
            return _address(value.strip().strip('"'))
    return ""


def _address(text: str) -> str:
    if found := re.fullmatch(r"([A-Za-z][A-Za-z0-9+.-]*)://(?:[^/@]*@)?([^/@\s]+)(/[^\s]*)?", text):
        return f"{found[1].lower()}://{found[2]}{found[3] or ''}" if found[1].lower() in ("https", "http", "ssh", "git") else ""
    if found := re.fullmatch(r"(?:[^@/\s:]+@)?([A-Za-z0-9.-]+):([^\s:/][^\s:]*)", text):
        return f"ssh://{found[1]}/{found[2]}" if len(found[1]) > 1 else ""
    return ""


def _text(path: Path) -> str:
    """Return a small text file; empty where it is not there, is too large or is no text."""
    try:
        if not path.is_file() or path.stat().st_size > _LONGEST:
            return ""
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return ""
