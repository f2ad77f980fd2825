"""The figures of single cases while an audit runs: short, packed case by case, and rows for tables and files once they are read."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.budget.values import values_of
from pbcheck.spill import Block, Coding

Kept = list[Any]
"""The reference of a case, the method, the week count in words; then for each figure how many values it has, and the fields of each.

It is flat, since small lists by the million are what a garbage collector wades through.
"""
CASES = 64
"""So many cases are packed together."""
_HEAD, _FIELDS = 3, 7


def kept(sheet: Sheet, record: str) -> Kept:
    """Return all figures of a case."""
    found = sheet.all()
    made: Kept = [record, sheet.method, sheet.weeks_in_words]
    for name, one in sheet.table.items():
        values = values_of(sheet, one, found[name])
        made.append(len(values))
        for part, unit, status, text, exact, lacking, reason in values:
            made += (part, unit, status, text, exact, lacking or None, reason)
    return made


def blocks(cases: Iterable[Kept]) -> Iterator[Block]:
    """Yield the figures of cases as blocks of rows, in their order."""
    left = iter(cases)
    while some := list(islice(left, CASES)):
        number = sum(len(one) - _HEAD - len(_ABOUT) for one in some) // _FIELDS
        yield Block(zlib.compress(msgspec.msgpack.encode(some), 1), number)


def rows(raw: bytes) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a block: plain data by column (pbcheck.figures.budget.figure_row), with what is empty left out."""
    for case in msgspec.msgpack.decode(zlib.decompress(raw)):
        record, method, weeks = case[:_HEAD]
        at = _HEAD
        for about, way in _ABOUT:
            first, at = at + 1, at + 1 + case[at] * _FIELDS
            for start in range(first, at, _FIELDS):
                part, unit, status, text, exact, lacking, reason = case[start : start + _FIELDS]
                row = {"record": record, **about, "part": part, "unit": unit, "status": status, "value": text, "exact": exact}
                row |= {"lacking": lacking, "reason": reason, "method": method, "weeks": weeks, **way}
                yield {name: one for name, one in row.items() if one}


_ABOUT = tuple(
    ({"figure": one.name, "id": one.id, "title": one.title}, {"formula": one.formula, "sources": list(one.sources)})
    for one in Sheet.table.values()
)
"""What the rows of each figure begin and end with."""


def _rows_are_not_packed(_: Sequence[Mapping[str, Any]]) -> bytes:
    raise TypeError("figures of cases are packed case by case, by `blocks`")


FIGURES: Coding[Mapping[str, Any]] = Coding(_rows_are_not_packed, rows)
