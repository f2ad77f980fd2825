"""The figures of single cases while an audit runs: as exact numbers, packed some cases at a time; rows once they are read."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any

import msgspec

from pbcheck.figures.budget.base import AtLeast, Not, Ratio
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.budget.values import period_of, values_of
from pbcheck.figures.figure import Unknown
from pbcheck.spill import Block, Coding

Kept = tuple[str, str, str, Mapping[str, str], tuple[Any, ...]]
"""A case: its reference, the method, the week count in words, the periods that sums are for, and what was found for each figure."""
CASES = 64
"""So many cases are packed together."""
_UNKNOWN, _EXACT = 1, 2
_NAMES = tuple(Sheet.table)
_of_all = itemgetter(*_NAMES)
_PERIODS = tuple({one.period_of: None for one in Sheet.table.values() if one.period_of})


def kept(cases: Sequence[tuple[str, Sheet]]) -> list[Kept]:
    """Return all figures of some cases, each given with its reference; they are worked out together."""
    Sheet.work_out([sheet for _, sheet in cases])
    return [(record, sheet.method, sheet.weeks_in_words, _periods(sheet), _of_all(sheet.done)) for record, sheet in cases]


def _periods(sheet: Sheet) -> dict[str, str]:
    return {name: period for name in _PERIODS if (period := period_of(sheet.case, name))}


def blocks(cases: Iterable[Kept]) -> Iterator[Block]:
    """Yield the figures of cases as blocks of rows, in their order."""
    left = iter(cases)
    while some := list(islice(left, CASES)):
        number = sum(len(one[-1]) + sum([len(found) - 1 for found in one[-1] if type(found) is dict]) for one in some)
        yield Block(zlib.compress(_packed(some), 1), number)


def rows(raw: bytes) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a block: plain data by column (pbcheck.figures.budget.figure_row), with what is empty left out."""
    for record, method, weeks, periods, every in _reader.decode(zlib.decompress(raw)):
        for (figure, about, way), plain in zip(_ABOUT, every, strict=True):
            for part, unit, status, text, exact, lacking, reason in values_of(figure, _found(plain), periods.get(figure.period_of, "")):
                row = {"record": record, **about, "part": part, "unit": unit, "status": status, "value": text, "exact": exact}
                row |= {"lacking": list(lacking), "reason": reason, "method": method, "weeks": weeks, **way}
                yield {name: one for name, one in row.items() if one}


def _packed(cases: Sequence[Kept]) -> bytes:
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
    """Return what the writer has no word of its own for: an input that is missing, or a number that is no machine number."""
    if isinstance(value, Unknown):
        return _lacking(value.args[0])
    if isinstance(value, (int, Fraction)):
        return msgspec.msgpack.Ext(_EXACT, str(value).encode())
    raise TypeError(f"a figure is no {type(value).__name__}")  # a mistake in a figure, which no input can bring about


@lru_cache(maxsize=4096)
def _lacking(path: str) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(_UNKNOWN, path.encode())


def _from_plain(code: int, raw: memoryview) -> Unknown | Fraction:
    text = str(raw, "utf-8")
    return Unknown(text) if code == _UNKNOWN else Fraction(text)


def _found(plain: Any) -> Any:
    """Return what a sheet had found: tuples were written as lists, which are told apart by what is in them."""
    if type(plain) is dict:
        return {part: _found(one) for part, one in plain.items()}
    if type(plain) is not list:
        return plain
    if len(plain) == 1:
        return Not(plain[0])
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
