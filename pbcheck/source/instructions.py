"""Files that tell pbcheck what to do (rules, configuration, waivers): one YAML document, with a place for every fault in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pbcheck.errors import PackFault
from pbcheck.source.document import Fault, Mark, Path, Positions, Unreadable
from pbcheck.source.text import decode
from pbcheck.source.yaml_reader import read_yaml


@dataclass(frozen=True)
class Instructions:
    """What one file says, as data, and where its text stands."""

    data: dict[str, Any]
    file: str
    lines: tuple[str, ...] = ()
    positions: Positions = field(default_factory=Positions)

    def fault(self, path: Path, message: str, *, key: bool = False, offset: int | None = None, length: int = 1) -> PackFault:
        """Return a fault at a field, or at an offset into the text of a field."""
        mark = self.mark(path, key=key)
        if offset is not None:
            mark = self._inside(mark, str(_follow(self.data, path)), offset)
        width = length if offset is not None else max(1, mark.end_column - mark.column)
        return self.fault_at(mark, message, width)

    def fault_at(self, mark: Mark, message: str, width: int = 1) -> PackFault:
        """Return a fault at a place."""
        line = self.lines[mark.line - 1] if 0 < mark.line <= len(self.lines) else ""
        return PackFault(self.file, mark.line, mark.column, message, line, width)

    def mark(self, path: Path, *, key: bool = False) -> Mark:
        """Return the place of a node, or of the nearest one above it."""
        for end in range(len(path), -1, -1):
            first, second = (self.positions.keys, self.positions.values) if key else (self.positions.values, self.positions.keys)
            mark = first.get(path[:end]) or second.get(path[:end])
            if mark:
                return mark
        return Mark(1, 1)

    def _inside(self, mark: Mark, text: str, offset: int) -> Mark:
        """Return the place of an offset into a scalar, by counting what is not white space: right for every style of scalar."""
        before = sum(not one.isspace() for one in text[:offset])
        line, column = mark.line, mark.column - 1
        first = self.lines[line - 1][column : column + 1] if line <= len(self.lines) else ""
        if first in ("|", ">"):
            line, column = line + 1, 0
        elif first in ("'", '"'):
            column += 1
        while line <= len(self.lines):
            for at in range(column, len(self.lines[line - 1])):
                if not self.lines[line - 1][at].isspace():
                    if before == 0:
                        return Mark(line, at + 1)
                    before -= 1
            line, column = line + 1, 0
        return mark


def read_instructions(raw: bytes, shown: str, what: str, words: frozenset[str] = frozenset()) -> tuple[Instructions, list[PackFault]]:
    """Return what a file says and its faults; with faults, the data are empty.

    `what` names in words what a document of this kind is, such as "a rule"; `words` are those of `read_yaml`.
    """
    try:
        text = decode(raw)
        found = [one for one in read_yaml(text, words) if isinstance(one, Unreadable) or one[0] is not None]
        if not found:
            raise Unreadable(Fault("", f"The file holds only comments: expected {what}.", Mark(1, 1)))
        first = found[0]
        if isinstance(first, Unreadable):
            raise first
        if len(found) > 1:
            raise Unreadable(Fault("", "This file holds one document: put the other into a file of its own.", Mark(1, 1)))
    except Unreadable as stop:
        source = Instructions({}, shown, tuple(raw.decode("utf-8", "replace").splitlines()))
        return source, [source.fault_at(one.mark, one.message, max(1, one.mark.end_column - one.mark.column)) for one in stop.faults]
    data, positions = first
    source = Instructions(data if isinstance(data, dict) else {}, shown, tuple(text.splitlines()), positions)
    if not isinstance(data, dict):
        return source, [source.fault((), f"Expected {what}: a group of keys.")]
    return source, []


def _follow(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data
