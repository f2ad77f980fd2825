"""A report as tables for analysts: Arrow in memory, Parquet or Arrow files; written batch by batch, however many findings there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from pbcheck.errors import UsageError
from pbcheck.model import SEVERITIES, Decision, Finding, Input, Report, Rule, Tally
from pbcheck.render.escapes import clean
from pbcheck.table_columns import COLUMNS, Column

BATCH = 20_000
STYLES = ("parquet", "arrow")
_NUMBER = re.compile(r"-?[0-9]{1,60}(?:\.[0-9]{1,30}|/[1-9][0-9]{0,59})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DECIMALS = 3
_MOST = 10**35
"""Numbers from here on have no place in 38 digits of which three are decimals."""
_MOST_PENCE = 1 << 63

Row = tuple[Any, ...]
REMEMBERED = 1 << 14
"""So many texts of a kind are remembered with what becomes of them: rows repeat each other."""
_clean = lru_cache(maxsize=1 << 16)(clean)


class Tables(NamedTuple):
    """The tables of a report, each a `pyarrow.Table`; docs/tables-for-analysts.md says what every column is."""

    audit: Any
    rules: Any
    findings: Any
    outcomes: Any
    reasons: Any
    inputs: Any
    decisions: Any
    figures: Any
    case_figures: Any


def to_arrow(report: Report) -> Tables:
    """Return a report as Arrow tables; raises UsageError where pyarrow is not installed."""
    pa = _pyarrow()
    return Tables(*(pa.Table.from_batches(batches(report, name), schema_of(name)) for name in Tables._fields))


def write_tables(report: Report, folder: Path, style: str = "parquet") -> list[Path]:
    """Write every table into a folder as a file of its own, `findings.parquet` or `findings.arrow`; return the files.

    Each is there as a whole or not at all. Raises UsageError for another style, a folder that cannot be written to, or no pyarrow.
    """
    if style not in STYLES:
        raise UsageError(f"There is no style `{style}` for tables: expected one of {', '.join(STYLES)}.")
    _pyarrow()
    return [_write(report, name, folder / f"{name}.{style}", style) for name in Tables._fields]


def schema_of(name: str) -> Any:
    """Return the `pyarrow.Schema` of a table; raises UsageError where pyarrow is not installed."""
    pa = _pyarrow()
    types = {
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "count": pa.int64(),
        "yes or no": pa.bool_(),
        "date": pa.date32(),
        "number": pa.decimal128(38, _DECIMALS),
    }
    return pa.schema([pa.field(one.name, types[one.type]) for one in COLUMNS[name]])


def batches(report: Report, name: str) -> Iterator[Any]:
    """Yield a table as `pyarrow.RecordBatch`es of at most BATCH rows; raises UsageError where pyarrow is not installed."""
    pa = _pyarrow()
    schema, columns = schema_of(name), COLUMNS[name]
    left = _ROWS[name](report)
    while some := list(islice(left, BATCH)):
        arrays = [
            pa.array(map(_CELLS[column.type], values), field.type)
            for column, field, values in zip(columns, schema, zip(*some, strict=True), strict=True)
        ]
        yield pa.record_batch(arrays, schema)


def described(name: str) -> tuple[Column, ...]:
    """Return the columns of a table, with the type and the meaning of each."""
    return COLUMNS[name]


def _pyarrow() -> Any:
    try:
        import pyarrow as pa
        import pyarrow.parquet
    except ImportError:
        raise UsageError('Tables need the package pyarrow: install it with pip install "pbcheck[parquet]", or use -f csv.') from None
    return pa


def _write(report: Report, name: str, path: Path, style: str) -> Path:
    temporary = path.with_name(f".{path.name}.part")
    pa, schema = _pyarrow(), schema_of(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with pa.parquet.ParquetWriter(temporary, schema) if style == "parquet" else pa.ipc.new_file(str(temporary), schema) as out:
            for batch in batches(report, name):
                out.write_batch(batch)
        temporary.replace(path)
    except OSError as error:
        raise UsageError(f"{path} could not be written ({error.strerror or type(error).__name__}).") from None
    finally:
        if temporary.parent.is_dir():
            temporary.unlink(missing_ok=True)
    return path


def _text(value: str) -> str | None:
    """Return a text that acts on no terminal or log; None where there is none."""
    return _clean(value) if value else None


def _texts(values: Sequence[str]) -> Sequence[str]:
    return _cleaned(tuple(values)) if values else ()


@lru_cache(maxsize=REMEMBERED)
def _cleaned(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([_clean(one) for one in values])


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _exact(text: str) -> Fraction | None:
    """Return a number from plain digits or a fraction; None for any other text and for what no table can hold."""
    found = Fraction(text) if _NUMBER.fullmatch(text) else None
    return found if found is not None and abs(found) < _MOST else None


def _whole(number: Fraction, digits: int) -> int:
    """Return a number times a power of ten, rounded half away from zero."""
    scaled = abs(number) * 10**digits
    found: int = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return -found if number < 0 else found


@lru_cache(maxsize=REMEMBERED)
def _number(text: str) -> Decimal | None:
    number = _exact(text)
    return None if number is None else Decimal(f"{_whole(number, _DECIMALS)}e-{_DECIMALS}")


@lru_cache(maxsize=REMEMBERED)
def _pence(text: str, unit: str) -> int | None:
    """Return pounds as whole pence; None where the unit is not money."""
    number = _exact(text) if unit.startswith("pounds") else None
    pence = None if number is None else _whole(number, 2)
    return pence if pence is not None and abs(pence) < _MOST_PENCE else None


def _count(value: int | None) -> int | None:
    return value


_CELLS: Mapping[str, Callable[[Any], Any]] = {
    "text": _text,
    "texts": _texts,
    "count": _count,
    "yes or no": bool,
    "date": _date,
    "number": _number,
}


def _audit(report: Report) -> Iterator[Row]:
    records = [report.records.get(kind, 0) for kind in ("case", "policy", "contract")]
    counts = [report.count(one) for one in SEVERITIES]
    yield (
        *(report.version, report.rulebook_hash, report.profile, report.as_of, report.authorities, report.complete),
        *(*records, *counts, report.set_aside.total(), report.figures_lack, report.remarks),
    )


def _rules(report: Report) -> Iterator[Row]:
    for one in _sorted(report.rules):
        yield (
            *(one.id, one.title, one.theme, one.subject, one.severity, one.force, one.obligations, one.law),
            *(one.why, one.plain, one.remedy, one.who, one.not_checked, one.tags, one.locked, one.built_in),
        )


def _sorted(rules: Mapping[str, Rule]) -> list[Rule]:
    return [rules[name] for name in sorted(rules)]


def _findings(report: Report) -> Iterator[Row]:
    return map(_finding, report.findings)


def _finding(one: Finding) -> Row:
    place, aside = one.location, one.set_aside
    why = (aside.by, aside.name, aside.reason, aside.approver, aside.until) if aside else ("", "", "", "", "")
    return (
        *(one.rule, one.severity, one.message, one.subject, one.record, one.team),
        *(place.file, place.line or None, place.column or None, place.end_column or None, place.pointer),
        *(one.obligations, one.law, one.incomplete, one.fingerprint, one.arguments, one.value, aside is None, *why),
    )


def _outcomes(report: Report) -> Iterator[Row]:
    for one in report.outcomes:
        yield (
            *(one.rule, one.subject, one.records, one.passed, one.failed, one.excused, one.not_applicable, one.cannot_tell),
            report.set_aside[one.rule],
        )


def _reasons(report: Report) -> Iterator[Row]:
    for one in report.outcomes:
        yield from _reasons_of(one)


def _reasons_of(one: Tally) -> Iterator[Row]:
    for outcome, counted in (("cannot tell", one.missing), ("excused", one.excused_by)):
        for name, number in sorted(counted.items()):
            yield one.rule, one.subject, outcome, name, number


def _inputs(report: Report) -> Iterator[Row]:
    return map(_input, report.inputs)


def _input(one: Input) -> Row:
    return one.path, one.sha256, one.size, one.kind, one.records, one.read


def _decisions(report: Report) -> Iterator[Row]:
    return map(_decision, report.decisions)


def _decision(one: Decision) -> Row:
    return (
        *(one.kind, one.name, one.rule, one.where, one.reason, one.approver, one.reference, one.approved_on, one.until),
        *(not one.standing, one.standing, one.findings),
    )


def _figures(report: Report) -> Iterator[Row]:
    return map(_figure, report.figures)


def _figure(one: Mapping[str, Any]) -> Row:
    exact, unit, dates = one["exact"], one["unit"], one["as_of"].split(" to ")
    return (
        *(one["dimension"], one["group"], one["name"], one["figure"], one["title"], one["part"], unit),
        *(one["value"], exact, exact, _pence(exact, unit), one["numerator"], one["denominator"]),
        *(one["suppressed"], one["left_out"], one["citation"], dates[0], dates[-1], one["note"]),
    )


def _case_figures(report: Report) -> Iterator[Row]:
    return map(_case_figure, report.case_figures)


def _case_figure(one: Mapping[str, Any]) -> Row:
    exact, unit = one.get("exact", ""), one.get("unit", "")
    return (
        *(one["record"], one["figure"], one["id"], one["title"], one.get("part", ""), unit, one["status"]),
        *(one.get("value", ""), exact, exact, _pence(exact, unit), one.get("up_to", "")),
        *(one.get("lacking", ()), one.get("reason", ""), one.get("remarks", ())),
        *(one.get("method", ""), one.get("weeks", ""), one.get("formula", ""), one.get("sources", ())),
    )


_ROWS: Mapping[str, Callable[[Report], Iterator[Row]]] = {
    "audit": _audit,
    "rules": _rules,
    "findings": _findings,
    "outcomes": _outcomes,
    "reasons": _reasons,
    "inputs": _inputs,
    "decisions": _decisions,
    "figures": _figures,
    "case_figures": _case_figures,
}
