"""The budget figures by what they are about, each with a picture where it says more than the numbers alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any, NamedTuple

from pbcheck.model import Report
from pbcheck.render.html.charts import Chart, Row, chart
from pbcheck.render.html.frame import slug

SUBJECTS = (
    ("Who has a budget", ("coverage", "coverage_full_cost", "term_mix")),
    ("How budgets are paid", ("form_mix", "managed_people", "managed_money")),
    ("Who holds them", ("holder_mix",)),
    ("From the estimate to the final budget", ("movement_people", "movement", "movement_share", "final_equals_indicative")),
    ("Who pays", ("gross_total", "fixed_total", "contribution_total", "net_total")),
    ("Plans and draw-down", ("plan_total", "drawn_total")),
    ("Days to support", ("days_to_support", "support_started", "days_waiting")),
    ("Year ends", ("unspent", "unspent_cases", "clawback", "clawback_cases")),
    ("Services under a new name", ("conversions", "conversion_signs")),
    ("Planning", tuple(f"planning_{what}_{how}" for what in ("minutes", "stages") for how in ("standard", "complex", "very_complex"))),
    ("What an assessment asks of people", ("burden_forms", "burden_questions", "burden_minutes", "burden_over")),
    (
        "National indicators",
        (
            *("self_directed", "with_direct_payment", "carers_self_directed", "carers_with_direct_payment"),
            *("ni130_with", "ni130_without", "ni130_gap"),
        ),
    ),
)
OTHER = "Other figures"
TOGETHER = {
    ("gross_total", "contribution_total", "net_total"): "What budgets cost a year, and who pays",
    ("plan_total",): "Budgets, and what their plans cost, a year",
    ("drawn_total",): "Budgets for the days so far, and what was drawn",
}
"""Sums that are one picture: of the same unit, beside one another."""
PICTURES = 2
"""How many parts a figure has at least for a picture of it."""
BEHIND = {"pounds a year": "a year", "days": "days", "minutes": "minutes", "points": "points"}
_EXACT = re.compile(r"-?[0-9]{1,40}(/[1-9][0-9]{0,40})?")


class Line(NamedTuple):
    """A line of a figure: the part, its value as a reader sees it, and what it is a share of or how many cases it is about."""

    part: str
    value: str
    of: str
    hidden: bool


class Figure(NamedTuple):
    """A figure: its title, where it comes from, its lines, and what a reader has to know of them."""

    title: str
    source: str
    lines: tuple[Line, ...]
    remarks: tuple[str, ...]


class Subject(NamedTuple):
    """What some figures are about, with the pictures of them and a sentence for those that cannot be drawn."""

    id: str
    title: str
    charts: tuple[Chart, ...]
    undrawn: tuple[str, ...]
    figures: tuple[Figure, ...]


def subjects(report: Report) -> list[Subject]:
    """Return all budget figures of a report, by what they are about."""
    rows = [one for one in report.figures if one["dimension"] == "all"] or list(report.figures)
    named: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        named.setdefault(row["name"], []).append(row)
    known = {name for _, names in SUBJECTS for name in names}
    wanted = [*SUBJECTS, (OTHER, tuple(name for name in named if name not in known))]
    return [_subject(title, {name: named[name] for name in names if name in named}) for title, names in wanted if named.keys() & set(names)]


def _subject(title: str, named: Mapping[str, Sequence[Mapping[str, Any]]]) -> Subject:
    charts, undrawn = [], []
    for name, rows in named.items():
        if len(rows) >= PICTURES and rows[0]["unit"] == "percent":
            made = _picture(name, str(rows[0]["title"]), rows, Fraction(100))
            if made:
                charts.append(made)
            elif any(row["suppressed"] for row in rows):
                undrawn.append(str(rows[0]["title"]))
    charts += _together(named)
    figures = [_figure(list(group)) for rows in named.values() for _, group in groupby(rows, key=lambda one: str(one["title"]))]
    return Subject(slug(title.lower().replace(" ", "-")), title, tuple(charts), tuple(undrawn), tuple(figures))


def _picture(name: str, title: str, rows: Sequence[Mapping[str, Any]], whole: Fraction) -> Chart | None:
    """Return the picture of some lines; None where there is nothing to draw. What is kept back is said and has no bar."""
    sizes = [_size(row) for row in rows]
    if whole <= 0 or not any(sizes):
        return None
    made = [
        Row(str(row["part"]), short(row), [] if size is None else [("figure", min(size, whole))])
        for row, size in zip(rows, sizes, strict=True)
    ]
    return chart(f"f-{slug(name.replace('_', '-'))}", title, made, whole)


def _together(named: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Chart]:
    """Return the pictures of sums of money that belong together."""
    made = []
    for names, title in TOGETHER.items():
        rows = [row for name in names for row in named.get(name, ())]
        sizes = [size for row in rows if (size := _size(row)) is not None]
        drawn = _picture(names[0], title, rows, max(sizes)) if len(sizes) >= PICTURES else None
        if drawn:
            made.append(drawn)
    return made


def _size(row: Mapping[str, Any]) -> Fraction | None:
    """Return what is drawn of a line; None for what is kept back, does not apply or is below nothing."""
    text = str(row["exact"])
    if row["suppressed"] or not _EXACT.fullmatch(text) or text.startswith("-"):
        return None
    return Fraction(text)


def short(row: Mapping[str, Any]) -> str:
    """Return a value for a place without room: that it is kept back, or the value with its unit."""
    return "kept back" if row["suppressed"] else _value(row)


def _value(row: Mapping[str, Any]) -> str:
    behind = BEHIND.get(str(row["unit"]), "") if row["exact"] else ""
    return f"{row['value']} {behind}".strip()


def _figure(rows: Sequence[Mapping[str, Any]]) -> Figure:
    first = rows[0]
    dates = f"judged by {first['as_of']}" if first["as_of"] else ""
    source = "; ".join(one for one in (str(first["figure"]), ", ".join(map(str, first["citation"])), dates) if one)
    remarks = [str(first["note"])] if first["note"] else []
    if first["left_out"]:
        remarks.append(f"Left out: {'; '.join(map(str, first['left_out']))}.")
    lines = tuple(Line(str(row["part"]), _value(row), _of(row), bool(row["suppressed"])) for row in rows)
    return Figure(str(first["title"]), source, lines, tuple(remarks))


def _of(row: Mapping[str, Any]) -> str:
    """Return what a share is a share of, or how many cases a sum or a middle value is about."""
    upper, lower = (str(row[key]) for key in ("numerator", "denominator"))
    if not lower.isascii() or not lower.isdigit():
        return ""
    if row["unit"] == "percent":
        return f"{int(upper):,} of {int(lower):,}" if upper.isascii() and upper.isdigit() and len(upper) < len(lower) + 20 else ""
    return f"{int(lower):,} {'case' if lower == '1' else 'cases'}"
