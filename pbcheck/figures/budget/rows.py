"""Figures as rows: one row a value, with what it rests on, for tables and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pbcheck.figures.budget.base import AtLeast, Lacking, Not
from pbcheck.figures.budget.figure_row import AT_LEAST, KNOWN, UNKNOWN, FigureRow, InputRead
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.budget.shown import shown
from pbcheck.figures.budget.trace import Explained, TracedSheet
from pbcheck.figures.budget.values import period_of, values_of
from pbcheck.source.document import Document, Path, pointer

WIDEST = "366/7"


def sheet_rows(sheet: Sheet, record: str, widest: Sheet | None = None) -> Iterator[FigureRow]:
    """Yield a row for each value of each figure of a sheet; `widest` is the same sheet with the longest year."""
    others = widest.all() if widest else {}
    found = sheet.all()
    for name, figure in sheet.table.items():
        yield from _rows(sheet, Explained(figure, found[name]), record, others.get(name))


def explained_rows(sheet: TracedSheet, record: str, documents: Mapping[str, Document], widest: Sheet | None = None) -> Iterator[FigureRow]:
    """Yield the same rows with the sum in digits and the inputs of each, with file, line and pointer.

    `documents` are the record under `case`, the policy in force under `policy`, and each contract under `contract` and its id.
    """
    others = widest.all() if widest else {}
    for name in sheet.table:
        one = sheet.explain(name)
        yield from _rows(sheet, one, record, others.get(name), tuple(_input(documents, path, value) for path, value in one.inputs.items()))


def _input(documents: Mapping[str, Document], path: Path, value: Any) -> InputRead:
    root, within = str(path[0]), path[1:]
    document = documents[root].holder(within)
    return InputRead(document.file, document.locate(within).line, pointer(within), _as_text(value))


def _as_text(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _rows(sheet: Sheet, one: Explained, record: str, wide: Any, inputs: tuple[InputRead, ...] = ()) -> Iterator[FigureRow]:
    figure = one.figure
    wider = wide if isinstance(wide, dict) else {"": wide}
    period = period_of(sheet.case, figure.period_of)
    for part, unit, status, text, exact, lacking, reason in values_of(figure, one.value, period):
        has_value = status in (KNOWN, AT_LEAST)
        yield FigureRow(
            record,
            figure.name,
            figure.id,
            figure.title,
            part,
            unit,
            status,
            text,
            exact,
            up_to=_up_to(text, wider.get(part), unit) if has_value else "",
            lacking=one.lacking if status == UNKNOWN and one.lacking else lacking,
            reason=reason,
            remarks=one.remarks if has_value else (),
            method=sheet.method,
            weeks=sheet.weeks_in_words,
            formula=figure.formula,
            sources=figure.sources,
            sum=one.sums.get(part, ""),
            inputs=inputs,
        )


def _up_to(text: str, wide: Any, unit: str) -> str:
    """Return the value with the longest year, where it is another one."""
    if wide is None or isinstance(wide, (Not, Lacking)):
        return ""
    other = shown(wide.number if isinstance(wide, AtLeast) else wide, unit)
    return other if other != text else ""
