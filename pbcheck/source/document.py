"""What reading gives: a document whose every node has a place, or faults that say why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

Path = tuple[str | int, ...]
MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_ANCHORS = 100
MAX_DIGITS = 15


@dataclass(frozen=True)
class Mark:
    """Where a node stands: line and column from 1, and the column after its last character on that line."""

    line: int
    column: int
    end_column: int = 0


@dataclass
class Positions:
    """The marks of keys and values by path; `key` of a list element is the element itself."""

    keys: dict[Path, Mark] = field(default_factory=dict)
    values: dict[Path, Mark] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """Something in a file that cannot be taken as it is: the id of the built-in check, words, and a place.

    A fault at a cell of a table names the record that the cell feeds, its kind, and the table's own file. `incomplete` says that
    something was not read or judged because of it; false for what is only worth knowing.
    """

    check: str
    message: str
    mark: Mark = field(default_factory=lambda: Mark(0, 0))
    path: Path = ()
    record: str = ""
    incomplete: bool = True
    file: str = ""
    subject: str = ""


class Unreadable(Exception):
    """Stops the reading of one document; holds the faults found so far."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = list(faults)
        super().__init__(faults[0].message if faults else "")


@dataclass(slots=True)
class Document:
    """One document: its kind, its data, the file it came from and a way to find the place of each node.

    `place` finds one mark without finding all `positions`, where that is cheaper. `blocked` holds paths that are in the
    document but cannot be judged (a value the schema refuses, a section two files both state): no rule that reads one of
    them may pass. `parts` maps a top-level section to the document it came from, where a policy is merged from several files.
    """

    kind: str
    data: dict[str, Any]
    file: str = ""
    positions: Callable[[], Positions] | None = None
    place: Callable[[Path, bool], Mark] | None = None
    blocked: tuple[Path, ...] = ()
    parts: Mapping[str, Document] | None = None
    index: int = 0

    def locate(self, path: Path, *, key: bool = False) -> Mark:
        """Return the mark of a node, or of the nearest one above it where the node is not there."""
        if self.place is not None:
            return self.place(path, key)
        if self.positions is None:
            return Mark(0, 0)
        found = self.positions()
        for length in range(len(path), -1, -1):
            marks = found.keys if key or length < len(path) else found.values
            mark = marks.get(path[:length]) or found.values.get(path[:length])
            if mark:
                return mark
        return Mark(1, 1)

    def holder(self, path: Path) -> Document:
        """Return the document that holds a path: this one, or the part of a merged policy that states the section."""
        return self.parts.get(str(path[0]), self) if path and self.parts else self


@lru_cache(maxsize=8192)
def pointer(path: Path) -> str:
    """Return the JSON pointer (RFC 6901) of a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
