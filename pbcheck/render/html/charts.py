"""Pictures as data: bars made of segments, with the sentence that says the same to those who do not see them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

LABEL = 34
"""How many letters stand beside one another above a bar on the smallest screen."""
ROW, LINE = Fraction(2), Fraction("1.35")
"""The height of a bar with the room below it, and of a line of text, in letters' heights."""


class Segment(NamedTuple):
    """A piece of a bar: where it starts and how wide it is, in percent of the whole, and what it stands for."""

    start: str
    width: str
    kind: str


class Text(NamedTuple):
    """A line of text, and how far from the top it stands, in letters' heights."""

    text: str
    down: str


class Bar(NamedTuple):
    """A bar with its label in lines, its value in words, its pieces, and how far from the top it stands, in letters' heights."""

    label: tuple[Text, ...]
    value: Text
    segments: tuple[Segment, ...]
    down: str


class Chart(NamedTuple):
    """A picture of bars: its name on the page, its title, what it says in a sentence, and its height in letters' heights."""

    id: str
    title: str
    sentence: str
    bars: tuple[Bar, ...]
    height: str


class Row(NamedTuple):
    """What a bar is made from: label, value in words, and the size of each piece by its kind; no piece draws no bar."""

    label: str
    value: str
    pieces: Sequence[tuple[str, Fraction]]


def chart(name: str, title: str, rows: Iterable[Row], whole: Fraction) -> Chart:
    """Return a picture in which `whole` is the full width."""
    given = list(rows)
    bars, top = [], Fraction(0)
    for row in given:
        bar, height = _bar(row, top, whole)
        bars.append(bar)
        top += height
    sentence = "; ".join(f"{row.label} {row.value}" for row in given) + "."
    return Chart(name, title, sentence, tuple(bars), _decimal(top))


def _bar(row: Row, top: Fraction, whole: Fraction) -> tuple[Bar, Fraction]:
    """Return a bar and its height; a value that does not fit beside the label stands on a line of its own."""
    value = textwrap.shorten(row.value, LABEL, placeholder="…")
    label = textwrap.wrap(row.label, LABEL) or [""]
    lines = len(label) + (len(label[-1]) + len(value) > LABEL)
    texts = tuple(Text(text, _decimal(top + 1 + number * LINE)) for number, text in enumerate(label))
    said = Text(value, _decimal(top + 1 + (lines - 1) * LINE))
    return Bar(texts, said, tuple(_segments(row.pieces, whole)), _decimal(top + lines * LINE)), lines * LINE + ROW


def _segments(pieces: Sequence[tuple[str, Fraction]], whole: Fraction) -> Iterable[Segment]:
    start = Fraction(0)
    for kind, size in pieces:
        width = 100 * size / whole if whole else Fraction(0)
        if width > 0:
            yield Segment(_decimal(start), _decimal(width), kind)
        start += width


def _decimal(value: Fraction) -> str:
    """Return a number with two decimals, cut: a picture is no finer."""
    hundredths = int(value * 100)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def percent(part: int, whole: int) -> str:
    """Return a share in percent with one decimal, rounded half up; nothing of nothing has none."""
    if not whole:
        return "–"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"
