"""What a statement holds, whatever it is written as: sections of paragraphs, tables and points, all of it text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of a table; the first cell names it, `note` says more about it, `total` sets it apart as a sum."""

    cells: tuple[str, ...]
    total: bool = False
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a caption; `numeric` says of each column whether it holds amounts."""

    caption: str
    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Point:
    """One thing under a heading of its own: paragraphs of short sentences, perhaps a list, and where it comes from."""

    heading: str
    before: tuple[str, ...]
    items: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a statement: paragraphs, then tables, then more paragraphs, then points.

    `easy` says the same in short sentences, a few of which belong together, in place of paragraphs and tables; the sentences
    of points are short already.
    """

    id: str
    title: str
    before: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    after: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    easy: tuple[str, ...] = ()


@dataclass(frozen=True)
class Key:
    """One of the amounts that are shown first and large, with a few words that say what it is."""

    label: str
    amount: str
    words: str


@dataclass(frozen=True)
class Statement:
    """A statement of one case; `warning` says what could not be read, `lacking` whether something could not be shown."""

    reference: str
    council: str
    period: str
    recorded: str
    warning: str
    keys: tuple[Key, ...]
    sections: tuple[Section, ...]
    lacking: bool
