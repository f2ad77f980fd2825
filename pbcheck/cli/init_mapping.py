"""`pbcheck init mapping`: a first mapping file from the headings of a council's tables."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("mapping")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def init_mapping_command(files: tuple[Path, ...]) -> None:
    """Print a first mapping file for tables: CSV, Excel or Parquet FILES of one export, in one folder.

    It is made from the headings and the first 500 rows of each table. Save it beside the tables, and read every line.
    """
    from pbcheck.errors import UsageError
    from pbcheck.exports.mapping.suggested_text import suggest

    folders = {one.absolute().parent for one in files}
    if len(folders) > 1:
        raise UsageError("The files lie in several folders: put the tables of one export into one folder, where the mapping names them.")
    click.echo(suggest(list(files)), nl=False)
