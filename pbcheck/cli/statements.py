"""`statement`: what a person is told about their budget, one case or all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbcheck.cli.configured import as_date
from pbcheck.errors import Exit, UsageError

if TYPE_CHECKING:
    from pbcheck.opened import Opened
    from pbcheck.source.document import Document
    from pbcheck.statement.period import Period

LAYOUTS = ("standard", "large-print", "easy-read")
STYLES = ("text", "html")
SHOWN = 5


@click.command("statement")
@click.argument("export", type=click.Path(path_type=Path))
@click.argument("case", required=False)
@click.option("--all", "folder", type=click.Path(path_type=Path, file_okay=False), help="Write one statement a case into this folder.")
@click.option(
    "--period",
    default="last",
    show_default=True,
    metavar="FROM..TO|last",
    help="The days to show, such as 2026-04-01..2026-06-30; or the council's last statement period that has ended.",
)
@click.option("--layout", type=click.Choice(LAYOUTS), help="How it is set; else easy-read where the record asks for it, or standard.")
@click.option(
    "-f", "--format", "style", type=click.Choice(STYLES), help="What to write; else by the ending of FILE, or text; with --all html."
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead of printing.")
@click.option("--as-of", callback=as_date, metavar="DATE", help="Where a case has no date of its own: this date; else the manifest's.")
@click.option("--show-values", is_flag=True, help="Show plan items by their names, which may identify the person; else by kind.")
def statement_command(export: Path, case: str | None, folder: Path | None, **options: Any) -> int:
    """Write the statement of a person's budget, in plain words: who pays what, what was drawn, what is left, what they can do next.

    It is worked out from the record and the council's own policy, and says what it could not show and why. It holds no names: plan items
    are shown by reference and kind, unless --show-values is given.
    """
    from pbcheck.opened import open_export
    from pbcheck.statement.period import asked_for

    if (case is None) == (folder is None):
        raise UsageError("Name one case, or write all of them with --all FOLDER.")
    if folder is not None and options["output"] is not None:
        raise UsageError("--all writes a file for each case: leave out -o.")
    period = asked_for(options.pop("period"))
    opened = open_export([export], as_of=options.pop("as_of"))
    if folder is not None:
        _all(opened, folder, period, **options)
    else:
        _one(opened, str(case), period, **options)
    return _finish(opened)


def _one(
    opened: Opened, name: str, period: Period | None, *, layout: str | None, style: str | None, output: Path | None, show_values: bool
) -> None:
    from pbcheck.statement.content import statement
    from pbcheck.statement.folder import STYLES as WRITERS
    from pbcheck.statement.folder import layout_for

    case = _case(opened, name)
    if case is None:
        return
    style = style or ("html" if output is not None and output.suffix.lower() in (".html", ".htm") else "text")
    made = WRITERS[style](statement(opened, case, period, names=show_values), layout_for(case, layout))
    if output is None:
        click.echo(made, nl=False)
        return
    from pbcheck.render import write

    try:
        write(output, made)
    except OSError as error:
        raise UsageError(f"{output} could not be written ({error.strerror}).") from None


def _case(opened: Opened, name: str) -> Document | None:
    """Return the case of that name; None where it may be in what could not be read. Raises UsageError where there is none.

    All cases are read, since a second one of the same name would make the first doubtful.
    """
    from pbcheck.gather import record_name
    from pbcheck.schema.suggest import did_you_mean

    found, known = None, set()
    for case in opened.cases():
        known.add(record_name(case))
        if record_name(case) == name:
            found = case
    if found is None and not opened.unsure:
        raise UsageError(f"There is no case `{name}` in this export.{did_you_mean(name, known)}")
    if found is None:
        click.echo(f"There is no case `{name}` among those that could be read.{did_you_mean(name, known)}", err=True)
    return found


def _all(
    opened: Opened, folder: Path, period: Period | None, *, layout: str | None, style: str | None, output: None, show_values: bool
) -> None:
    from pbcheck.render.words import counted
    from pbcheck.statement.folder import write_all

    number = lacking = 0
    try:
        for made in write_all(opened, folder, period, layout=layout, style=style or "html", names=show_values):
            number += 1
            lacking += made.lacking
    except OSError as error:
        raise UsageError(f"{folder} could not be written to ({error.strerror}).") from None
    if not number and not opened.unsure:
        raise UsageError("There is no case in what was given, so there is no statement.")
    rest = f" {lacking:,} of them could not show everything, and say so." if lacking else ""
    click.echo(f"{counted(number, 'statement')} written.{rest}", err=True)


def _finish(opened: Opened) -> int:
    """Say what could not be read, and return the exit code: 3 where something was left out."""
    if not opened.unsure:
        return Exit.CLEAN
    from pbcheck.render.words import counted, inert

    for one in opened.findings[:SHOWN]:
        place = f"{inert(one.location.file)}:{one.location.line}: " if one.location.file else ""
        click.echo(f"{place}{inert(one.message)}", err=True)
    click.echo(f"{counted(opened.unsure, 'document')} could not be read in full. Run pbcheck audit for all that is wrong.", err=True)
    return Exit.INCOMPLETE
