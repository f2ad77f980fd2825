"""A folder that keeps the finished parts of a long audit, so that one that was interrupted goes on where it stopped.

It holds findings, outcomes and totals: references of records, and no personal values. Every part is kept under a hash of what it was
made from, and the whole under a hash of rules, options and version: nothing is taken over that another input would give otherwise.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pbcheck._version import __version__
from pbcheck.errors import UsageError
from pbcheck.opened import Part

if TYPE_CHECKING:
    from pbcheck.workers import Duty

FORMAT = 1
NAME = "audit.json"
_HASH = 32


class Folder:
    """The kept parts of one export; `find` is asked of each part in turn, before `keep`."""

    def __init__(self, path: Path, duty: Duty) -> None:
        """Open the folder or make it; raises UsageError where it cannot be used, or belongs to another audit."""
        self.path = path
        self.seen = 0
        made = identity(duty)
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.name == "posix" and path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                raise UsageError(f"{path} can be changed by others, so what it holds cannot be relied on: chmod 700 {path}")
            if not (path / NAME).exists():
                if any(path.iterdir()):
                    raise UsageError(f"{path} holds other files: name an empty folder for --resume, or one that does not exist yet.")
                self._write(NAME, json.dumps(made, indent=1).encode())
            before = json.loads((path / NAME).read_bytes())
        except OSError as error:
            raise UsageError(f"{path} cannot be used for --resume ({error.strerror}).") from None
        except ValueError:
            before = {}
        changed = sorted(key for key in made.keys() | before.keys() if made.get(key) != before.get(key))
        if changed:
            raise UsageError(f"{path} belongs to an audit with other {', '.join(changed)}: name another folder, or remove this one.")

    def find(self, number: int, part: Part) -> bytes | None:
        """Return what an earlier run made of a part; None where it is not there or damaged. Raises UsageError for a changed input."""
        self.seen = number + 1
        try:
            raw = self._place(number).read_bytes()
        except OSError:
            return None
        head, source, found = raw[:_HASH], raw[_HASH : 2 * _HASH], raw[2 * _HASH :]
        if hashlib.sha256(raw[_HASH:]).digest() != head:
            return None
        if source != _source(part):
            where = part.file.shown if part.file else part.files[0].shown if part.files else "what was given"
            raise UsageError(f"{where} is not what it was when the audit in {self.path} began: name another folder, or remove this one.")
        return found

    def keep(self, number: int, part: Part, raw: bytes) -> None:
        """Keep what came of a part, as a whole or not at all; raises UsageError where the folder cannot be written to."""
        made = _source(part) + raw
        try:
            self._write(self._place(number).name, hashlib.sha256(made).digest() + made)
        except OSError as error:
            raise UsageError(f"{self.path} cannot be written to ({error.strerror}).") from None

    def done(self) -> None:
        """Check that nothing is kept of more parts than there are; raises UsageError where the input became shorter."""
        if any(one.name >= self._place(self.seen).name for one in self.path.glob("part-*")):
            raise UsageError(f"There is less to audit than when the audit in {self.path} began: name another folder, or remove this one.")

    def _place(self, number: int) -> Path:
        return self.path / f"part-{number:09}"

    def _write(self, name: str, raw: bytes) -> None:
        handle, temporary = tempfile.mkstemp(dir=self.path, prefix=".")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(raw)
            os.replace(temporary, self.path / name)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def identity(duty: Duty) -> dict[str, Any]:
    """Return what must be the same for parts to be taken over, under names that a message can say."""
    context = duty.context
    terms = [(one.data, one.blocked) for one in context.policies.whole]
    known = (context.contracts.known, sorted(context.contracts.doubtful), context.contracts.unread, context.policies.unread)
    return {
        "format": FORMAT,
        "version": [__version__, sys.version.split()[0], sys.byteorder],
        "rules": [context.rulebook.hash, context.rulebook.profile],
        "options": [context.as_of, context.totals, context.figures, context.values, context.ids, context.named],
        "exceptions": hashlib.sha256("\n".join(sorted(duty.asked)).encode()).hexdigest(),
        "policies and contracts": hashlib.sha256(json.dumps([terms, known], default=str, sort_keys=True).encode()).hexdigest(),
    }


def _source(part: Part) -> bytes:
    """Return the hash of what a part is made from."""
    found = hashlib.sha256()
    for one in _pieces(part):
        found.update(f"{len(one)}\0".encode())
        found.update(one)
    return found.digest()


def _pieces(part: Part) -> Iterator[bytes]:
    for file in part.files or ([part.file] if part.file else []):
        yield f"{file.shown}\0{file.kind}".encode(errors="surrogatepass")
    if part.piece is not None:
        yield str(part.piece.number).encode()
        yield part.piece.raw
    for file in part.files:
        try:
            yield file.path.read_bytes()
        except OSError as error:
            yield f"not read: {error.errno}".encode()
    for document in part.documents or ():
        place = document.locate(())
        data = [document.kind, document.file, document.index, place.line, document.data, document.blocked]
        yield json.dumps(data, default=str, sort_keys=True).encode()
