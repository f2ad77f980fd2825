"""`--tables`: what every command that prints a report can also write for analysts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbcheck.errors import UsageError

if TYPE_CHECKING:
    from pbcheck.model import Report


def tabling(command: Any) -> Any:
    """Add --tables to a command, which gets `tables` (a folder or None): give it to `tables_written`."""
    return click.option(
        "--tables",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="FOLDER",
        help="Also write findings, outcomes and figures as Parquet files into this folder, for analysts.",
    )(command)


def tables_written(report: Report, folder: Path | None) -> list[str]:
    """Write the tables of a report where they were asked for; return what could not be written, in words."""
    if folder is None:
        return []
    from pbcheck.tables import write_tables

    try:
        write_tables(report, folder)
    except UsageError as error:
        return [str(error)]
    return []
