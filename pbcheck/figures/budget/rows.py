"""Figures as rows: one row a value, with what it rests on, for tables and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any

from pbcheck.figures.budget.base import AtLeast, Not
from pbcheck.figures.budget.figure import PERIODS, BudgetFigure
from pbcheck.figures.budget.figure_row import AT_LEAST, COLUMNS, KNOWN, NOT_APPLICABLE, UNKNOWN, FigureRow, InputRead
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.budget.shown import digits_of, in_units, shown, unit_of
from pbcheck.figures.budget.trace import Explained, TracedSheet
from pbcheck.figures.figure import EMPTY, Unknown
from pbcheck.source.document import Document, Path, pointer

WIDEST = "366/7"
_values = attrgetter(*COLUMNS)


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
    figure, value = one.figure, one.value
    if isinstance(value, Unknown):
        yield _row(sheet, figure, record, "", UNKNOWN, lacking=one.lacking or (str(value.args[0]),), inputs=inputs)
        return
    if isinstance(value, Not):
        yield _row(sheet, figure, record, "", NOT_APPLICABLE, reason=value.reason, inputs=inputs)
        return
    parts = value if isinstance(value, dict) else {"": value}
    wider = wide if isinstance(wide, dict) else {"": wide}
    for part, number in parts.items():
        status, lacking = (AT_LEAST, number.lacking) if isinstance(number, AtLeast) else (KNOWN, ())
        number = number.number if isinstance(number, AtLeast) else number
        unit = unit_of(number, _unit(sheet, figure, part))
        exact = in_units(number, unit)
        text = digits_of(exact, number, unit)
        yield _row(
            sheet,
            figure,
            record,
            part,
            status,
            unit=unit,
            value=text,
            exact="" if exact is None else str(exact),
            up_to=_up_to(text, wider.get(part), unit),
            lacking=lacking,
            remarks=one.remarks,
            sum=one.sums.get(part, ""),
            inputs=inputs,
        )


def _unit(sheet: Sheet, figure: BudgetFigure, part: str) -> str:
    """Return the unit of a part of a figure; a sum for a period named in the record is for that one."""
    period = sheet.case.get(figure.period_of, EMPTY).get("period") if figure.period_of else None
    return PERIODS[period] if period in PERIODS else figure.unit_of(part)


def _up_to(text: str, wide: Any, unit: str) -> str:
    """Return the value with the longest year, where it is another one."""
    if wide is None or isinstance(wide, (Not, Unknown)):
        return ""
    other = shown(wide.number if isinstance(wide, AtLeast) else wide, unit)
    return other if other != text else ""


def _row(sheet: Sheet, figure: BudgetFigure, record: str, part: str, status: str, **more: Any) -> FigureRow:
    return FigureRow(
        record,
        figure.name,
        figure.id,
        figure.title,
        part,
        more.pop("unit", figure.unit_of(part)),
        status,
        method=sheet.method,
        weeks=sheet.weeks if sheet.declared else f"{sheet.weeks} (not declared)",
        formula=figure.formula,
        sources=figure.sources,
        **more,
    )


def figure_data(row: FigureRow) -> dict[str, Any]:
    """Return a row as plain data, with what is empty left out."""
    return {name: list(value) if type(value) is tuple else value for name, value in zip(COLUMNS, _values(row), strict=True) if value}
