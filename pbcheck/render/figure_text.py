"""Figures as text for a reader: one line a value, and on request the sum, the formula and the inputs beneath it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from pbcheck.figures.budget.figure import A_PERIOD, DAYS, HOURS, MONTHS, PERIODS
from pbcheck.figures.budget.figure_row import AT_LEAST, KNOWN, UNKNOWN, FigureRow
from pbcheck.figures.budget.shown import for_reader
from pbcheck.render.words import inert, wrapped

_PERIODS = {unit: unit.removeprefix("pounds").lstrip(",").strip() for unit in PERIODS.values()}
BEHIND = _PERIODS | {A_PERIOD: "a period", HOURS: "hours a week", DAYS: "days", MONTHS: "months", "minutes": "minutes"}


def lines(rows: Iterable[FigureRow], *, trace: bool) -> Iterator[str]:
    """Yield the lines of a table of figures, record by record."""
    for record, group in groupby(rows, key=lambda one: one.record):
        found = list(group)
        first = found[0]
        yield f"{inert(record)}  ({first.weeks} weeks a year; cost method: {first.method})"
        for _, values in groupby(found, key=lambda one: one.figure):
            yield from _figure(list(values), trace=trace)
        yield ""


def _figure(values: list[FigureRow], *, trace: bool) -> Iterator[str]:
    first = values[0]
    if len(values) == 1 and not first.part:
        yield f"  {first.title:<64} {value(first):>18}"
    else:
        yield f"  {first.title}"
        for one in values:
            yield f"    {inert(one.part):<62} {value(one):>18}"
    if trace:
        yield from _trace(values)
    if first.status == UNKNOWN:
        yield wrapped(f"not stated: {', '.join(first.lacking)}", "      ")
    elif first.status == AT_LEAST:
        yield wrapped(f"lacks: {', '.join(first.lacking)}", "      ")
    elif first.status != KNOWN:
        yield wrapped(first.reason, "      ")


def value(row: FigureRow) -> str:
    """Return a value as a reader sees it, with its unit, or that it is not known or does not apply."""
    if row.status not in (KNOWN, AT_LEAST):
        return row.status
    text = for_reader(inert(row.value), row.unit)
    if row.up_to:
        text += f" to {for_reader(row.up_to, row.unit)}"
    behind = BEHIND.get(row.unit, "")
    return f"{'at least ' if row.status == AT_LEAST else ''}{text}{' ' + behind if behind else ''}"


def _trace(values: list[FigureRow]) -> Iterator[str]:
    first = values[0]
    yield wrapped(f"{first.id}: {first.formula} ({', '.join(first.sources)})", "      ")
    for one in values:
        if one.sum:
            yield wrapped(f"{inert(one.part) + ' ' if one.part else ''}= {inert(one.sum)}", "      ")
    for remark in first.remarks:
        yield wrapped(remark, "      ")
    for read in first.inputs:
        yield f"      {inert(read.file)}:{read.line} {inert(read.pointer)} {inert(read.value)}"
