"""The figures of single cases while an audit runs: as exact numbers, packed some cases at a time; rows once they are read."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from pbcheck.figures.budget.base import AtLeast, Lacking, Not, Ratio
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.budget.values import period_of, values_of
from pbcheck.spill import Block, Coding

Found = tuple[str, str, str, Mapping[str, str], tuple[Any, ...]]
"""A case: its reference, the method, the week count in words, the periods that sums are for, and what was found for each figure."""
CASES = 64
"""So many cases, and not many more, are packed together."""
_EXACT = 1
_NAMES = tuple(Sheet.table)
_of_all = itemgetter(*_NAMES)
_PERIODS = tuple({one.period_of: None for one in Sheet.table.values() if one.period_of})


class Kept(NamedTuple):
    """All figures of some cases, as bytes: how many cases, and how many rows their figures make."""

    raw: bytes
    cases: int
    rows: int


def kept(cases: Sequence[tuple[str, Sheet]]) -> Kept:
    """Return all figures of some cases, each given with its reference; they are worked out together."""
    Sheet.work_out([sheet for _, sheet in cases])
    found = [(record, sheet.method, sheet.weeks_in_words, _periods(sheet), _of_all(sheet.done)) for record, sheet in cases]
    more = sum([len(one) - 1 for *_, every in found for one in every if type(one) is dict])
    return Kept(_packed(found), len(found), len(found) * len(_NAMES) + more)


def _periods(sheet: Sheet) -> dict[str, str]:
    return {name: period for name in _PERIODS if (period := period_of(sheet.case, name))}


def blocks(parts: Iterable[Kept]) -> Iterator[Block]:
    """Yield the figures of cases as blocks of rows, in their order."""
    some: list[Kept] = []
    for one in parts:
        some.append(one)
        if sum(part.cases for part in some) >= CASES:
            yield _block(some)
            some = []
    if some:
        yield _block(some)


def _block(parts: Sequence[Kept]) -> Block:
    raw = _writer.encode([msgspec.Raw(one.raw) for one in parts])
    return Block(zlib.compress(raw, 1), sum(one.rows for one in parts))


def rows(raw: bytes) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a block: plain data by column (pbcheck.figures.budget.figure_row), with what is empty left out."""
    for record, method, weeks, periods, every in chain.from_iterable(_reader.decode(zlib.decompress(raw))):
        for (figure, about, way), plain in zip(_ABOUT, every, strict=True):
            for part, unit, status, text, exact, lacking, reason in values_of(figure, _found(plain), periods.get(figure.period_of, "")):
                row = {"record": record, **about, "part": part, "unit": unit, "status": status, "value": text, "exact": exact}
                row |= {"lacking": list(lacking), "reason": reason, "method": method, "weeks": weeks, **way}
                yield {name: one for name, one in row.items() if one}


def _packed(cases: Sequence[Found]) -> bytes:
    try:
        return _writer.encode(cases)
    except OverflowError:  # a sum larger than any machine number
        return _writer.encode([(*about, [_texts(found) for found in every]) for *about, every in cases])


def _texts(found: Any) -> Any:
    """Return what was found for a figure with each whole number as one of any size."""
    if isinstance(found, dict):
        return {part: _texts(one) for part, one in found.items()}
    if isinstance(found, (Ratio, AtLeast)):
        return [_texts(one) for one in found]
    return _plain(found) if type(found) is int else found


def _plain(value: Any) -> msgspec.msgpack.Ext:
    """Return what the writer has no word of its own for: a number that is no machine number."""
    if isinstance(value, (int, Fraction)):
        return msgspec.msgpack.Ext(_EXACT, str(value).encode())
    raise TypeError(f"a figure is no {type(value).__name__}")  # a mistake in a figure, which no input can bring about


def _from_plain(_: int, raw: memoryview) -> Fraction:
    return Fraction(str(raw, "utf-8"))


def _found(plain: Any) -> Any:
    """Return what a sheet had found: tuples were written as lists, which are told apart by what is in them."""
    if type(plain) is dict:
        return {part: _found(one) for part, one in plain.items()}
    if type(plain) is not list:
        return plain
    if len(plain) == 1:
        return Lacking(tuple(plain[0])) if type(plain[0]) is list else Not(plain[0])
    number, other = plain
    return AtLeast(number, tuple(other)) if type(other) is list else Ratio(number, other)


_writer = msgspec.msgpack.Encoder(enc_hook=_plain)
_reader = msgspec.msgpack.Decoder(ext_hook=_from_plain)
_ABOUT = tuple(
    (one, {"figure": one.name, "id": one.id, "title": one.title}, {"formula": one.formula, "sources": list(one.sources)})
    for one in Sheet.table.values()
)
"""Each figure, and what its rows begin and end with."""
FIGURES: Coding[Mapping[str, Any]] = Coding(rows)
