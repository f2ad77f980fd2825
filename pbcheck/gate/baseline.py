"""The baseline: the findings that were there when pbcheck came, so that only new ones stop a change.

An entry names a finding by its rule, the identity of the document, the record, the pointer and the arguments of the message, never by
a line or a count. Where a document has no name of its own, its file stands for it, and renames are followed through git.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pbcheck.errors import ConfigError, PackFault, UsageError
from pbcheck.gate.config_file import shown
from pbcheck.history import renames
from pbcheck.model import Finding
from pbcheck.schema.messages import faults as schema_faults
from pbcheck.schema.validate import validator
from pbcheck.source.document import Mark, Positions, Unreadable
from pbcheck.source.json_reader import read_json
from pbcheck.source.text import decode

SCHEMA_VERSION = "1.0"
AGAIN = "Write it again with pbcheck baseline create."
UNNAMED = ("number ", "row-")


@dataclass(frozen=True, order=True)
class Entry:
    """One finding of a baseline; `file` starts from the folder of the baseline."""

    rule: str
    file: str
    record: str
    pointer: str
    subject: str
    key: str
    first_seen: str


@dataclass(frozen=True)
class Baseline:
    """A baseline that was read, or that is to be written: its path, its entries by key, and where each stands."""

    path: Path
    entries: dict[str, Entry]
    marks: dict[str, Mark]

    @cached_property
    def folder(self) -> Path:
        """The folder that the files of the entries start from."""
        return self.path.absolute().parent.resolve()

    @cached_property
    def moved(self) -> dict[str, list[str]]:
        """The earlier names of files that git knows to have been renamed, by the present name; only where an entry's file is gone."""
        if all((self.folder / one.file).exists() for one in self.entries.values()):
            return {}
        found: dict[str, list[str]] = {}
        for old, new in renames(self.folder).items():
            found.setdefault(Path(new).resolve().as_posix(), []).append(old)
        return found

    def entry(self, one: Finding, file: str) -> Entry | None:
        """Return the entry of a finding in a file, an absolute path; None where it is new."""
        if not unnamed(one):
            known = self.entries.get(key_of(one, ""))
            return None if known is not None and self._of_another(known, one, file) else known
        found = self.entries.get(key_of(one, self.relative(file)))
        if found is None:
            earlier = (self.entries.get(key_of(one, self.relative(old))) for old in self.moved.get(file, ()))
            found = next((kept for kept in earlier if kept is not None), None)
        return found

    def _of_another(self, entry: Entry, one: Finding, file: str) -> bool:
        """Return whether an entry is about another document of the authority: its own file is still there, in another folder."""
        own = self.folder / entry.file
        elsewhere = own.parent.resolve().as_posix() != Path(file).parent.as_posix()
        return one.subject not in ("case", "contract") and bool(entry.file) and elsewhere and own.exists()

    def relative(self, file: str) -> str:
        """Return an absolute path as it stands in the baseline: from its folder; as it is where no way leads from there."""
        try:
            return Path(os.path.relpath(file, self.folder)).as_posix() if file else ""
        except ValueError:  # another drive
            return file

    def made(self, one: Finding, first_seen: str) -> Entry:
        """Return the entry for a finding."""
        file = self.relative(absolute(one.location.file))
        return Entry(one.rule, file, one.record, one.location.pointer, one.subject, key_of(one, file), first_seen)

    def text(self) -> str:
        """Return the file's text: sorted, one entry a line, so that two branches that change it can be merged."""
        rows = ",\n".join(json.dumps(asdict(one), ensure_ascii=True, sort_keys=True) for one in sorted(self.entries.values()))
        head = f'{{"kind": "baseline", "schema_version": "{SCHEMA_VERSION}", "entries": ['
        return f"{head}\n{rows}\n]}}\n" if rows else f"{head}]}}\n"


def absolute(file: str) -> str:
    """Return the file of a finding as an absolute path with forward slashes; empty where it has none."""
    return _resolved(Path.cwd(), file) if file else ""


@lru_cache(maxsize=4096)
def _resolved(here: Path, file: str) -> str:
    return (here / file).resolve().as_posix()


def unnamed(one: Finding) -> bool:
    """Return whether a finding's document has no name of its own, so that its file stands for it."""
    return not one.record or one.record.startswith(UNNAMED)


def key_of(one: Finding, file: str) -> str:
    """Return the key of a finding: a hash of what it is about; its file counts only where nothing else names the document."""
    parts = (one.known_as, file if unnamed(one) else "")
    return hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]


def read_baseline(path: Path) -> Baseline:
    """Return a baseline; raises ConfigError or UsageError where any part of it cannot be used, since a finding could then be lost."""
    name = shown(path)
    try:
        data, positions = read_json(decode(path.read_bytes()))
    except OSError as error:
        raise UsageError(f"The baseline {name} cannot be read ({error.strerror}).") from None
    except Unreadable as stop:
        raise ConfigError([PackFault(name, one.mark.line, one.mark.column, f"{one.message} {AGAIN}") for one in stop.faults]) from None
    check = validator("baseline")
    problems = schema_faults(check.schema, data, check.violations(data)) if isinstance(data, dict) else []
    if not isinstance(data, dict):
        raise ConfigError([PackFault(name, 1, 1, f"This is no baseline of pbcheck. {AGAIN}")])
    if problems:
        raise ConfigError([_fault(name, positions, one.path, f"{one.message} {AGAIN}") for one in problems])
    entries: dict[str, Entry] = {}
    marks: dict[str, Mark] = {}
    for number, one in enumerate(data["entries"]):
        entries[one["key"]] = Entry(**one)
        marks[one["key"]] = positions.values.get(("entries", number), Mark(1, 1))
    return Baseline(path, entries, marks)


def _fault(name: str, positions: Positions, path: tuple[str | int, ...], words: str) -> PackFault:
    mark = next((positions.values[path[:end]] for end in range(len(path), -1, -1) if path[:end] in positions.values), Mark(1, 1))
    return PackFault(name, mark.line, mark.column, words)


def empty(path: Path, entries: Iterable[Entry] = ()) -> Baseline:
    """Return a baseline that is to be written at a path."""
    return Baseline(path, {one.key: one for one in entries}, {})
