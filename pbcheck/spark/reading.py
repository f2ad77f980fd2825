"""Lines of cases as Spark reads them, from any place it reads: JSONL, or a column of Parquet files that holds the JSON of a case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pbcheck.errors import UsageError
from pbcheck.schema.suggest import did_you_mean

_PATTERN = re.compile(r"([\\\[\]{}*?])")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_LOCAL = re.compile(r"^file:(//(?=/))?")
_STRICT = {"ignoreCorruptFiles": "false", "ignoreMissingFiles": "false"}
"""Whatever the session says: a file that cannot be read must never be passed over."""


def rows(spark: Any, paths: Sequence[str], column: str = "") -> Any:
    """Return a DataFrame with a row for each line: `file` (its address), `start` (of the split it is in), `size` (of the file), `raw`.

    With a `column`, the files are Parquet, and the column holds the JSON of a case as text or bytes. Raises UsageError where there is no
    such column; what Spark raises for paths goes to the caller.
    """
    from pyspark.sql import functions as made

    if not column:
        found = spark.read.options(**_STRICT, lineSep="\n").text(list(paths))
        text = made.col("value")
    else:
        found = spark.read.options(**_STRICT).parquet(*paths)
        kinds = dict(found.dtypes)
        if kinds.get(column) not in ("string", "binary"):
            what = f"holds {kinds[column]}, where text or bytes were expected" if column in kinds else "is not there"
            raise UsageError(f"The column `{column}` {what}.{did_you_mean(column, kinds)} The files have: {', '.join(sorted(kinds))}.")
        text = found[f"`{column.replace('`', '``')}`"]
    place = {"file": "file_path", "start": "file_block_start", "size": "file_size"}
    return found.select(*(made.col(f"_metadata.{of}").alias(name) for name, of in place.items()), text.cast("binary").alias("raw"))


def addresses(spark: Any, paths: Sequence[str], column: str = "") -> list[str]:
    """Return the addresses of the files that paths stand for, each once and sorted; as `plain` writes them."""
    reader = spark.read.options(**_STRICT)
    found = reader.parquet(*paths) if column else reader.text(list(paths))
    return sorted({plain(one) for one in found.inputFiles()})


def plain(address: str) -> str:
    """Return the address of a file without `%` escapes, and a local one as a path: the same for all the ways in which Spark writes it."""
    text = _ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), address.encode()).decode("utf-8", "replace")
    return _LOCAL.sub("", text)


def address_of(path: Path) -> str:
    """Return the address of a local file as `plain` writes it; a file that is a link keeps its own name."""
    return (path.parent.resolve() / path.name).as_posix()


def as_pattern(address: str) -> str:
    """Return the address of a local file for Spark, in which no character is a wildcard."""
    return "file://" + _PATTERN.sub(r"\\\1", address)
