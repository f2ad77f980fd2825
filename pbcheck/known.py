"""Which records were met before, by their hashed ids: as a set for a few, as a table of bytes for millions."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from struct import Struct
from typing import Protocol

KEY = 16
"""Bytes of a hashed id: so many that no two of a nation's records share them by chance."""
_FIRST_SLOTS = 1 << 12
_numbers = Struct("<QQ").unpack


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
    """The same in at most 64 bytes a record: a table of pairs of numbers with open addressing, at most half full."""

    def __init__(self) -> None:
        self.number = 0
        self.mask = _FIRST_SLOTS - 1
        self.table = array("Q", bytes(_FIRST_SLOTS * KEY))

    def __contains__(self, key: bytes) -> bool:
        return self._free(*_numbers(key)) is None

    def met(self, key: bytes) -> bool:
        """Return whether a hashed id was met before; from now on it was."""
        one, other = _numbers(key)
        at = self._free(one, other)
        if at is None:
            return True
        self.table[at], self.table[at + 1] = one, other
        self.number += 1
        if self.number * 2 > self.mask:
            self._grow()
        return False

    def _free(self, one: int, other: int) -> int | None:
        """Return the free place in the table for a pair; None where it stands there. A pair of two noughts stands nowhere."""
        table, mask = self.table, self.mask
        slot = one & mask
        while (found := table[2 * slot]) or table[2 * slot + 1]:
            if found == one and table[2 * slot + 1] == other:
                return None
            slot = (slot + 1) & mask
        return 2 * slot

    def _grow(self) -> None:
        old = self.table
        self.mask = self.mask * 2 + 1
        self.table = array("Q", bytes((self.mask + 1) * KEY))
        numbers = iter(old)
        for one, other in zip(numbers, numbers, strict=True):
            if one or other:
                at = self._free(one, other)
                assert at is not None, "each pair stands in a table once"
                self.table[at], self.table[at + 1] = one, other
