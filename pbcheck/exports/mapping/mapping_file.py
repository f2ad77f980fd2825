"""A mapping file: read with the place of every word, held against its schema, and made into a Mapping or refused with all its faults."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pbcheck.errors import FaultyFileError, PackFault
from pbcheck.schema.messages import faults as schema_faults
from pbcheck.schema.validate import validator
from pbcheck.source.document import Path as Place
from pbcheck.source.instructions import Instructions, read_instructions

_SECRET = re.compile(r"://[^\s/]*:[^\s@]*@|password|pwd", re.IGNORECASE)
_KIND = re.compile(rb"^(?:\xef\xbb\xbf)?kind:\s*['\"]?mapping\b", re.MULTILINE)


class MappingError(FaultyFileError):
    """The mapping cannot be used."""


@dataclass
class MappingText:
    """The text of a mapping file as data, and where each part of it stands; `faults` gathers what is wrong with it."""

    source: Instructions
    faults: list[PackFault] = field(default_factory=list)

    @property
    def data(self) -> dict[str, Any]:
        """Return what the file says."""
        return self.source.data

    def say(self, place: Place, message: str, *, key: bool = False) -> None:
        """Take down a fault at a place, or at the nearest group above it that is there."""
        self.take([self.source.fault(place, message, key=key)])

    def take(self, faults: Sequence[PackFault]) -> None:
        """Take down faults; a line that may hold a password is not shown."""
        self.faults += [replace(one, source_line="") if _SECRET.search(one.source_line) else one for one in faults]

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
    source, found = read_instructions(raw, shown, "a mapping with `kind: mapping` and `tables`")
    text = MappingText(source)
    text.take(found)
    text.refuse()
    check = validator("mapping")
    for fault in schema_faults(check.schema, text.data, check.violations(text.data)):
        text.say(fault.path, fault.message, key=fault.on_key)
    text.refuse()
    return text
