"""The line of a policy that a finding is about; a line of a case is never shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pbcheck.model import Finding
from pbcheck.render.text_report import _SAYS_SO, read_lines

BEFORE, WIDEST = 60, 200


class PolicyLine(NamedTuple):
    """A line by its number, in three pieces: what stands before the place, the place, and what stands after it."""

    number: int
    before: str
    place: str
    after: str


class PolicyLines:
    """The lines of the files that say themselves that they are a policy or a manifest; each file is read once."""

    def __init__(self) -> None:
        self._files: dict[str, Sequence[str]] = {}

    def of(self, one: Finding) -> PolicyLine | None:
        """Return the line that a finding is about; None where there is none that may be shown."""
        spot = one.location
        if one.subject not in ("policy", "export") or not spot.line:
            return None
        if spot.file not in self._files:
            lines = read_lines(spot.file)
            self._files[spot.file] = lines if any(_SAYS_SO.match(line) for line in lines) else ()
        lines = self._files[spot.file]
        if spot.line > len(lines):
            return None
        return _cut(lines[spot.line - 1], spot.line, max(0, spot.column - 1), max(0, spot.end_column - 1))


def _cut(line: str, number: int, start: int, end: int) -> PolicyLine:
    """Return a line in pieces; of a very long one only what stands around the place, with dots for the rest."""
    end = min(end, len(line)) if end > start else start
    left = max(0, start - BEFORE) if len(line) > WIDEST else 0
    right = min(len(line), max(end, left + WIDEST))
    before = f"… {line[left:start]}" if left else line[:start].lstrip()
    return PolicyLine(number, before, line[start:end], line[end:right] + (" …" if right < len(line) else ""))
