"""Which records were met before, by their hashed ids: as a set for a few, as a table of bytes for millions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

KEY = 16
"""Bytes of a hashed id: so many that no two of a nation's records share them by chance."""
_FIRST_SLOTS = 1 << 12
_NOTHING = bytes(KEY)


class Known(Protocol):
    """Which ids were met: of all records so far, or of those of other parts of an audit."""

    def met(self, key: bytes) -> bool:
        """Return whether a hashed id was met before; from now on it was."""


class Met:
    """The ids that were met, in a set: for some thousands of records."""

    def __init__(self, keys: Iterable[bytes] = ()) -> None:
        self.keys = set(keys)

    def met(self, key: bytes) -> bool:
        """Return whether a hashed id was met before; from now on it was."""
        if key in self.keys:
            return True
        self.keys.add(key)
        return False


class MetMany:
    """The same in at most 64 bytes a record: a table with open addressing, at most half full."""

    def __init__(self) -> None:
        self.number = 0
        self.mask = _FIRST_SLOTS - 1
        self.table = bytearray(_FIRST_SLOTS * KEY)

    def __contains__(self, key: bytes) -> bool:
        return self.table[(start := self._slot(key)) : start + KEY] == key

    def met(self, key: bytes) -> bool:
        """Return whether a hashed id was met before; from now on it was."""
        start = self._slot(key)
        if self.table[start : start + KEY] == key:
            return True
        self.table[start : start + KEY] = key
        self.number += 1
        if self.number * 2 > self.mask:
            self._grow()
        return False

    def _slot(self, key: bytes) -> int:
        """Return where in the table a key stands, or the free place where it would."""
        at = int.from_bytes(key[:8], "little") & self.mask
        while (found := self.table[at * KEY : at * KEY + KEY]) != key and found != _NOTHING:
            at = (at + 1) & self.mask
        return at * KEY

    def _grow(self) -> None:
        old = self.table
        self.mask = self.mask * 2 + 1
        self.table = bytearray((self.mask + 1) * KEY)
        for start in range(0, len(old), KEY):
            key = old[start : start + KEY]
            if key != _NOTHING:
                place = self._slot(bytes(key))
                self.table[place : place + KEY] = key
