"""A statement as plain text: 76 columns with amounts in line, 40 for large print, one idea a line for easy read."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import replace

from pbcheck.statement.model import Point, Row, Section, Statement, Table

WIDTH, NARROW = 76, 40
GAP = 2
LEAST = 20
"""The fewest columns that words in a table are folded to."""


def render(found: Statement, layout: str = "standard") -> str:
    """Return a statement as text in a layout: standard, large-print or easy-read."""
    width = NARROW if layout == "large-print" else WIDTH
    lines = [*_wrapped("Your personal budget statement", width), "=" * min(width, 30)]
    lines += [*_wrapped(found.council, width)] if found.council else []
    lines += ["", *_facts(found, width)]
    if found.warning:
        lines += ["", *_wrapped(found.warning, width)]
    lines += ["", *(line for key in found.keys for line in _key(key.label, key.amount, key.words, width))]
    for section in found.sections:
        lines += ["", section.title, "-" * len(section.title), ""]
        lines += _easy(section, width) if layout == "easy-read" else _section(section, width)
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _facts(found: Statement, width: int) -> Iterator[str]:
    for name, value in (("Reference", found.reference), ("Period", found.period), ("As recorded on", found.recorded)):
        yield from _wrapped(f"{name}: {value}", width)


def _key(label: str, amount: str, words: str, width: int) -> list[str]:
    if width < WIDTH:
        return [label, f"  {amount}", *_wrapped(words, width, "  ")]
    start = f"{label:<28}{amount:>12}  "
    return textwrap.wrap(words, width, initial_indent=start, subsequent_indent=" " * len(start)) or [start]


def _section(section: Section, width: int) -> Iterator[str]:
    blocks = [_wrapped(one, width) for one in section.before]
    blocks += [[*_wrapped(table.caption, width), "", *_table(table, width)] for table in section.tables if table.rows]
    blocks += [_wrapped(one, width) for one in section.after]
    blocks += [_point(point, width) for point in section.points]
    yield from _spaced(blocks)


def _easy(section: Section, width: int) -> Iterator[str]:
    blocks = [list(_short(one, width)) for one in section.easy]
    blocks += [_easy_point(point, width) for point in section.points]
    yield from _spaced(blocks)


def _spaced(blocks: list[list[str]]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        if number:
            yield ""
        yield from block


def _point(point: Point, width: int) -> list[str]:
    lines = [point.heading] if point.heading else []
    lines += [line for one in point.before for line in _wrapped(one, width)]
    lines += [line for one in point.items for line in _bullet(one, width)]
    lines += [line for one in point.after for line in _wrapped(one, width)]
    return [*lines, *(_wrapped(f"Where this comes from: {point.source}.", width, "  ") if point.source else [])]


def _easy_point(point: Point, width: int) -> list[str]:
    lines = [point.heading.upper()] if point.heading else []
    lines += [line for one in point.before for line in _short(one, width)]
    lines += [line for one in point.items for line in _bullet(one, width)]
    return [*lines, *(line for one in point.after for line in _short(one, width))]


def _short(text: str, width: int) -> Iterator[str]:
    for one in sentences(text):
        yield from _wrapped(one, width)


def sentences(text: str) -> list[str]:
    """Return the lines and sentences of a text one by one."""
    return [one for one in re.split(r"\n|(?<=[.?!])\s+(?=[A-Z“£])", text) if one]


def _bullet(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="* ", subsequent_indent="  ", break_on_hyphens=False)


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _table(table: Table, width: int) -> Iterator[str]:
    """Yield a table in columns where it fits; else each row as a heading with its amounts below."""
    words = [_folded(head) for head in table.heads]
    table = replace(table, rows=tuple(_with_note(row) for row in table.rows))
    sizes = [max(words[column], *(len(row.cells[column]) for row in table.rows)) for column in range(len(table.heads))]
    widest = max((number for number, numeric in enumerate(table.numeric) if not numeric), key=lambda number: sizes[number])
    room = width - sum(sizes) + sizes[widest] - GAP * (len(sizes) - 1)
    if room < min(sizes[widest], LEAST):
        yield from _stacked(table, width)
        return
    sizes[widest] = min(sizes[widest], room)
    yield from _row(table.heads, table, sizes, low=True)
    for row in table.rows:
        if row.total:
            yield "-" * (sum(sizes) + GAP * (len(sizes) - 1))
        yield from _row(row.cells, table, sizes)


def _with_note(row: Row) -> Row:
    return replace(row, cells=(f"{row.cells[0]} ({row.note})", *row.cells[1:])) if row.note else row


def _folded(head: str) -> int:
    """Return the fewest columns in which a heading takes two lines at most."""
    return next(size for size in range(max(len(word) for word in head.split()), len(head) + 1) if len(textwrap.wrap(head, size)) <= 2)


def _row(cells: tuple[str, ...], table: Table, sizes: list[int], *, low: bool = False) -> Iterator[str]:
    """Yield the lines of a row; `low` puts what is shorter at the bottom, as headings are."""
    columns = [textwrap.wrap(cell, size, break_on_hyphens=False) or [""] for cell, size in zip(cells, sizes, strict=True)]
    height = max(len(column) for column in columns)
    if low:
        columns = [[""] * (height - len(column)) + column for column in columns]
    for number in range(height):
        parts = []
        for column, size, numeric in zip(columns, sizes, table.numeric, strict=True):
            words = column[number] if number < len(column) else ""
            parts.append(f"{words:>{size}}" if numeric else f"{words:<{size}}")
        yield (" " * GAP).join(parts)


def _stacked(table: Table, width: int) -> Iterator[str]:
    for number, row in enumerate(table.rows):
        if number:
            yield ""
        yield from _wrapped(row.cells[0], width)
        for head, cell in zip(table.heads[1:], row.cells[1:], strict=True):
            if cell:
                yield from _wrapped(f"{head}: {cell}", width, "  ")
