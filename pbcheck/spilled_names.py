"""Unique names for findings of which there are too many to hold all their names at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from pbcheck.model import numbered, own_name
from pbcheck.spill import Store

PARTS = 64
MANY = 8192


class Names(Iterable[str]):
    """The unique names of findings on the disk: first those that come more than once are found, part by part, then all are numbered."""

    def __init__(self, findings: Iterable[Any]) -> None:
        self.findings = findings

    def __iter__(self) -> Iterator[str]:
        return numbered(map(own_name, self.findings), _Among(repeated(map(own_name, self.findings))))


class _Among:
    """Whether a name is one of those whose first 64 bits were found twice."""

    def __init__(self, found: set[int]) -> None:
        self.found = found

    def __contains__(self, name: object) -> bool:
        return _bits(str(name)) in self.found


def _bits(name: str) -> int:
    return int(name[:16], 16)


def repeated(names: Iterable[str]) -> set[int]:
    """Return the first 64 bits of the names, which are hexadecimal, that come more than once, and maybe of a few others."""
    store = Store()
    places: list[list[tuple[int, int]]] = [[] for _ in range(PARTS)]
    waiting = [array("Q") for _ in range(PARTS)]
    for name in names:
        bits = _bits(name)
        part = bits % PARTS
        waiting[part].append(bits)
        if len(waiting[part]) >= MANY:
            places[part].append(store.write(waiting[part].tobytes()))
            waiting[part] = array("Q")
    found: set[int] = set()
    for mine, rest in zip(places, waiting, strict=True):
        for place in mine:
            rest.frombytes(store.read(place))
        ordered = sorted(rest)
        found.update(one for one, following in pairwise(ordered) if one == following)
    return found
