"""A mapping file: read with the place of every word, held against its schema, and made into a Mapping or refused with all its faults."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pbcheck.errors import FaultyFileError, PackFault
from pbcheck.schema.messages import faults as schema_faults
from pbcheck.schema.validate import validator
from pbcheck.source.document import Fault, Mark, Positions, Unreadable
from pbcheck.source.document import Path as Place
from pbcheck.source.text import decode
from pbcheck.source.yaml_reader import read_yaml

_SECRET = re.compile(r"://[^\s/]*:[^\s@]*@|password|pwd", re.IGNORECASE)
_KIND = re.compile(rb"^(?:\xef\xbb\xbf)?kind:\s*['\"]?mapping\b", re.MULTILINE)


class MappingError(FaultyFileError):
    """The mapping cannot be used."""


@dataclass
class MappingText:
    """The text of a mapping file as data, and where each part of it stands; `faults` gathers what is wrong with it."""

    data: dict[str, Any]
    file: str
    lines: tuple[str, ...]
    positions: Positions = field(default_factory=Positions)
    faults: list[PackFault] = field(default_factory=list)

    def say(self, place: Place, message: str, *, key: bool = False) -> None:
        """Take down a fault at a place, or at the nearest group above it that is there."""
        self.faults.append(self._fault(self._mark(place, key), message))

    def _mark(self, place: Place, key: bool) -> Mark:
        first, second = (self.positions.keys, self.positions.values) if key else (self.positions.values, self.positions.keys)
        for end in range(len(place), -1, -1):
            mark = first.get(place[:end]) or second.get(place[:end])
            if mark:
                return mark
        return Mark(1, 1)

    def _fault(self, mark: Mark, message: str) -> PackFault:
        line = self.lines[mark.line - 1] if 0 < mark.line <= len(self.lines) else ""
        shown = "" if _SECRET.search(line) else line
        return PackFault(self.file, mark.line, mark.column, message, shown, max(1, mark.end_column - mark.column))

    def take(self, faults: Sequence[Fault]) -> None:
        """Take down faults that the reader of YAML found."""
        self.faults += [self._fault(one.mark, one.message) for one in faults]

    def refuse(self) -> None:
        """Raise MappingError where faults were found."""
        if self.faults:
            raise MappingError(list(dict.fromkeys(self.faults)))


def is_mapping(path: Path) -> bool:
    """Return whether a YAML file says `kind: mapping`; false for any other file, and for one that cannot be read."""
    if path.suffix.lower() not in (".yaml", ".yml"):
        return False
    try:
        with path.open("rb") as handle:
            return bool(_KIND.search(handle.read(65536)))
    except OSError:
        return False


def read_mapping_text(raw: bytes, shown: str) -> MappingText:
    """Return a mapping file as data that meets its schema; raises MappingError with every fault found."""
    text = MappingText({}, shown, tuple(raw.decode("utf-8", "replace").splitlines()))
    try:
        found = [one for one in read_yaml(decode(raw)) if isinstance(one, Unreadable) or one[0] is not None]
    except Unreadable as stop:
        found = [stop]
    for one in found:
        if isinstance(one, Unreadable):
            text.take(one.faults)
    text.refuse()
    first = found[0] if found else None
    if len(found) != 1 or isinstance(first, Unreadable) or first is None or not isinstance(first[0], dict):
        text.say((), "Expected one document: a mapping with `kind: mapping` and `tables`.")
        text.refuse()
    else:
        text.data, text.positions = first
    check = validator("mapping")
    for fault in schema_faults(check.schema, text.data, check.violations(text.data)):
        text.say(fault.path, fault.message, key=fault.on_key)
    text.refuse()
    return text
