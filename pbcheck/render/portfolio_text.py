"""The figures of an export as text: group by group, a line a value, with what it is a share of and who is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from pbcheck.portfolio.plain import left_out
from pbcheck.portfolio.rows import Row
from pbcheck.portfolio.table import A_YEAR, DAYS, MINUTES, POINTS
from pbcheck.render.words import inert, wrapped

BEHIND = {A_YEAR: "a year", DAYS: "days", MINUTES: "minutes", POINTS: "points"}
EVERYONE = "all"


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of the table."""
    for (dimension, group), members in groupby(rows, key=lambda one: (one.dimension, one.group)):
        found = list(members)
        yield "All cases" if dimension == EVERYONE else f"{dimension.replace('_', ' ')}: {inert(group.replace('_', ' '))}"
        for _, parts in groupby(found, key=lambda one: (one.name, one.title)):
            yield from _figure(list(parts))
        yield ""


def _figure(parts: list[Row]) -> Iterator[str]:
    first = parts[0]
    dates = f", {first.as_of}" if first.as_of else ""
    yield f"  {first.title} ({first.figure}{dates})"
    for one in parts:
        behind = f" {BEHIND[one.unit]}" if one.unit in BEHIND and one.value is not None else ""
        yield f"    {inert(one.part):<58} {one.text + behind:>22}{_of(one)}"
    said = [left_out(one) for one in first.left_out]
    if said:
        yield wrapped(f"left out: {'; '.join(said)}", "      ")
    if first.note:
        yield wrapped(first.note, "      ")


def _of(row: Row) -> str:
    """Return what a share is a share of."""
    if row.unit != "percent" or row.numerator is None or row.denominator is None:
        return ""
    if row.numerator.denominator != 1 or row.denominator.denominator != 1:
        return ""
    return f"  ({int(row.numerator):,} of {int(row.denominator):,})"
