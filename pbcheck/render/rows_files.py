"""Rows of figures as files: CSV, JSON and Parquet; row by row, so that a large export needs no more memory than a small one."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pbcheck.errors import UsageError

BATCH = 20_000
_FORMULA = ("=", "+", "@", "\t", "\r")


def plain(row: Any) -> dict[str, Any]:
    """Return a row as plain data: a mapping, or a dataclass."""
    return dict(row) if isinstance(row, Mapping) else asdict(row)


def csv_text(columns: Sequence[str], rows: Iterable[Any]) -> Iterator[str]:
    """Yield the lines of a CSV file; a text that a spreadsheet would run as a formula has an apostrophe before it."""
    yield _line(columns)
    for row in rows:
        data = plain(row)
        yield _line([_cell(data[name]) for name in columns])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "; ".join(_cell(one) for one in value)
    if isinstance(value, dict):
        return " ".join(f"{one}" for one in value.values())
    text = "" if value is None else str(value)
    risky = text.startswith(_FORMULA) or (text.startswith("-") and not text[1:].replace(".", "").replace("/", "").isdigit())
    return f"'{text}" if risky else text


def json_text(head: Mapping[str, Any], lists: Mapping[str, Iterable[Any]]) -> Iterator[str]:
    """Yield the pieces of a JSON document: the keys of `head`, then lists, whose rows are written one a line."""
    yield "{\n"
    for key, value in head.items():
        yield f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=True)},\n"
    for number, (key, rows) in enumerate(lists.items()):
        yield f"{',' if number else ''} {json.dumps(key)}: [\n"
        between = ""
        for row in rows:
            data = {name: value for name, value in plain(row).items() if value not in ("", (), [], None)}
            yield f"{between}  {json.dumps(data, ensure_ascii=True, default=str)}"
            between = ",\n"
        yield "\n ]\n"
    yield "}\n"


def write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Any]) -> None:
    """Write rows as a Parquet file, whole or not at all; raises UsageError where it cannot be written or pyarrow is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise UsageError('Parquet needs the package pyarrow: install it with pip install "pbcheck[parquet]", or use -f csv.') from None
    schema = pa.schema([(name, pa.string()) for name in columns])
    temporary = path.with_name(f".{path.name}.part")
    left = iter(rows)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(temporary, schema) as writer:
            first = True
            while (batch := list(islice(left, BATCH))) or first:
                first = False
                found = [plain(one) for one in batch]
                table = {name: [None if one[name] in ("", (), None) else _flat(one[name]) for one in found] for name in columns}
                writer.write_table(pa.table(table, schema=schema))
        temporary.replace(path)
    except OSError as error:
        raise UsageError(f"{path} could not be written ({error.strerror or error}).") from None
    finally:
        if temporary.parent.is_dir():
            temporary.unlink(missing_ok=True)


def _flat(value: Any) -> str:
    return json.dumps(value, default=str) if isinstance(value, (list, tuple, dict)) else str(value)


def first_of(rows: Iterable[Any]) -> tuple[Any, Iterator[Any]]:
    """Return the first row, or None, and all rows."""
    left = iter(rows)
    first = next(left, None)
    return first, iter(()) if first is None else chain([first], left)
