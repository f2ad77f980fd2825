"""The figures of single cases while an audit runs: short, packed case by case, and rows for tables and files once they are read."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from pbcheck.figures.budget.figure import BudgetFigure
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.budget.values import Value, values_of
from pbcheck.spill import Block, Coding

Kept = tuple[str, str, str, list[list[Value]]]
"""The reference of a case, the method, the week count in words, and the values of each figure in the order of the sheet's table."""
CASES = 64
"""So many cases are packed together."""


def kept(sheet: Sheet, record: str) -> Kept:
    """Return all figures of a case."""
    found = sheet.all()
    return record, sheet.method, sheet.weeks_in_words, [values_of(sheet, one, found[name]) for name, one in sheet.table.items()]


def blocks(cases: Iterable[Kept]) -> Iterator[Block]:
    """Yield the figures of cases as blocks of rows, in their order."""
    left = iter(cases)
    while some := list(islice(left, CASES)):
        raw = zlib.compress(msgspec.msgpack.encode(some), 1)
        yield Block(raw, sum(len(values) for *_, figures in some for values in figures))


def rows(raw: bytes) -> list[Mapping[str, Any]]:
    """Return the rows of a block: plain data by column (pbcheck.figures.budget.figure_row), with what is empty left out."""
    return [
        _row(record, figure, value, {"method": method, "weeks": weeks})
        for record, method, weeks, figures in msgspec.msgpack.decode(zlib.decompress(raw))
        for figure, values in zip(Sheet.table.values(), figures, strict=True)
        for value in values
    ]


def _row(record: str, figure: BudgetFigure, value: Sequence[Any], year: Mapping[str, str]) -> Mapping[str, Any]:
    part, unit, status, text, exact, lacking, reason = value
    row = {
        "record": record,
        "figure": figure.name,
        "id": figure.id,
        "title": figure.title,
        "part": part,
        "unit": unit,
        "status": status,
        "value": text,
        "exact": exact,
        "lacking": lacking,
        "reason": reason,
        **year,
        "formula": figure.formula,
        "sources": list(figure.sources),
    }
    return {name: one for name, one in row.items() if one}


def _rows_are_not_packed(_: Sequence[Mapping[str, Any]]) -> bytes:
    raise TypeError("figures of cases are packed case by case, by `blocks`")


FIGURES: Coding[Mapping[str, Any]] = Coding(_rows_are_not_packed, rows)
