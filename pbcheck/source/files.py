"""Files to documents: whatever is wrong with a file becomes a fault with a place, and the rest of the run goes on."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pbcheck.source.document import Document, Fault, Mark, Positions, Unreadable
from pbcheck.source.json_reader import FastPlaces, fast_json, read_json
from pbcheck.source.lines import LINES, ending, pieces, unchanged
from pbcheck.source.text import decode
from pbcheck.source.yaml_reader import read_yaml

__all__ = ["LINES", "SUFFIXES", "FileRead", "read_documents"]

YAML = (".yaml", ".yml")
TABLES = (".csv", ".tsv", ".xlsx", ".parquet")
SUFFIXES = (*YAML, ".json", *LINES)
Reader = Callable[["FileRead", Path | None], Iterator[Document]]


@dataclass
class FileRead:
    """What came of reading one file: filled in while its documents are yielded, complete when they are exhausted.

    `faulty` counts what is wrong with it beside `faults`, where that was said already; `left_out` counts the documents that do
    not look like any. A file with a `reader` is read by that, and not by its ending.
    """

    path: Path
    shown: str
    kind: str = ""
    sha256: str = ""
    size: int = 0
    records: int = 0
    faults: list[Fault] = field(default_factory=list)
    faulty: int = 0
    left_out: int = 0
    reader: Reader | None = None

    @property
    def of_lines(self) -> bool:
        """Whether the file holds a record a line, so that it can be read piece by piece."""
        return self.reader is None and ending(self.path) in LINES


def read_documents(file: FileRead, root: Path | None) -> Iterator[Document]:
    """Yield the documents of a file; faults gather in `file.faults`. `root` is the folder that links must not leave."""
    try:
        refuse(file.path, root)
        suffix = ending(file.path)
        if file.reader is not None:
            yield from file.reader(file, root)
        elif suffix in LINES:
            yield from _lines(file)
        elif suffix in SUFFIXES:
            raw = _read_all(file)
            yield from _yaml(file, raw) if suffix in YAML else _json(file, raw)
        else:
            words = f"This kind of file is not read: expected {', '.join(SUFFIXES)}."
            if suffix in TABLES:
                words = "A table is read by a mapping file, which says what its columns mean: pbcheck init mapping writes a first one."
            file.faults.append(Fault("file-not-read", words))
    except (Unreadable, OSError, RuntimeError) as error:
        file.faults += why_not_read(error)


def why_not_read(error: Unreadable | OSError | RuntimeError) -> list[Fault]:
    """Return the faults that say why a file was not read, or not to its end."""
    if isinstance(error, Unreadable):
        return error.faults
    if isinstance(error, OSError):
        return [Fault("file-not-read", _system_words(error))]
    return [Fault("file-not-read", "This link leads back to itself: put the file in its place.")]


def refuse(path: Path, root: Path | None) -> None:
    """Raise Unreadable for what is no ordinary file, or lies outside the folder that links must not leave."""
    if path.is_symlink() and not path.exists():
        raise Unreadable(Fault("file-not-read", "This link points to nothing: restore the file or remove the link."))
    if path.is_dir():
        raise Unreadable(Fault("file-not-read", "This is a folder where a file was expected."))
    if root is not None and not path.resolve().is_relative_to(root.resolve()):
        raise Unreadable(Fault("file-not-read", "This link leaves the export folder: put a copy of the file into the folder."))
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        raise Unreadable(Fault("file-not-read", "This is no ordinary file (a pipe or a device): expected a file with documents."))


def _system_words(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "The file is not there, or vanished while it was being read: check the path and run again."
    if isinstance(error, PermissionError):
        return "The file may not be read by this user: ask for permission to read it."
    return f"The system could not read the file ({os.strerror(error.errno) if error.errno else 'unknown reason'})."


def _read_all(file: FileRead) -> bytes:
    with file.path.open("rb") as handle:
        before = os.fstat(handle.fileno())
        raw = handle.read()
        unchanged(before, file.path)
    file.sha256, file.size = hashlib.sha256(raw).hexdigest(), len(raw)
    return raw


def _document(file: FileRead, data: Any, positions: Callable[[], Positions], mark: Mark, number: int = 0) -> Document | None:
    if not isinstance(data, dict):
        words = "Expected a document: a group of keys that begins with `kind`."
        file.faults.append(Fault("not-well-formed", words, mark))
        return None
    file.records += 1
    kind = data.get("kind", file.kind)
    return Document(kind if isinstance(kind, str) else "", data, file.shown, positions, index=number or file.records)


def _yaml(file: FileRead, raw: bytes) -> Iterator[Document]:
    text = decode(raw)
    for one in read_yaml(text):
        if isinstance(one, Unreadable):
            file.faults += one.faults
            continue
        data, positions = one
        if data is None:
            continue
        made = _document(file, data, lambda found=positions: found, positions.values.get((), Mark(1, 1)))  # type: ignore[misc]  # a lambda's default
        if made:
            yield made
    if not file.records and not file.faults:
        words = "The file holds only comments: expected a document that says its `kind`."
        file.faults.append(Fault("empty-file", words, Mark(1, 1)))


def _json(file: FileRead, raw: bytes) -> Iterator[Document]:
    text = decode(raw)
    data, positions = read_json(text)
    made = _document(file, data, lambda: positions, Mark(1, 1))
    if made:
        yield made


def _lines(file: FileRead) -> Iterator[Document]:
    for piece in pieces(file):
        for number, raw in piece.lines():
            made = line_document(file, raw, number)
            if made:
                yield made
    if not file.records and not file.faults:
        file.faults.append(no_lines())


def no_lines() -> Fault:
    """Return the fault of a file of lines that has none."""
    return Fault("empty-file", "The file is empty: expected one document a line.", Mark(1, 1))


def line_document(file: FileRead, raw: bytes, number: int) -> Document | None:
    """Return the document on a line of a file, which has no end of line; None where it cannot be read, and why in the file's faults.

    `number` is that of the line, from 1; a document without a name of its own is named by it.
    """
    data = fast_json(raw)
    if type(data) is dict:
        file.records += 1
        kind = data.get("kind", file.kind)
        places = FastPlaces(raw, number)
        return Document(kind if type(kind) is str else "", data, file.shown, places.positions, places, index=number)
    try:
        data, positions = read_json(_line_text(raw, number), number)
        return _document(file, data, lambda: positions, Mark(number, 1), number)
    except Unreadable as stop:
        file.faults += stop.faults
        return None


def _line_text(raw: bytes, number: int) -> str:
    try:
        return decode(raw)
    except Unreadable as stop:
        moved = [Fault(one.check, one.message, Mark(number, one.mark.column), one.path) for one in stop.faults]
        raise Unreadable(*moved) from None


def exact_positions(document: Document) -> list[Fault]:
    """Return the faults that reading a record slowly and exactly finds, for one that was read fast and proved wrong."""
    if document.positions is None:
        return []
    try:
        document.positions()
    except Unreadable as stop:
        return stop.faults
    return []
