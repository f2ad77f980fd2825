"""`figures`: the budget figures of cases and of the whole export, as a table or a file, explained on request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbcheck.cli.configured import as_date
from pbcheck.errors import Exit, UsageError
from pbcheck.figures.budget.base import COST_METHODS

if TYPE_CHECKING:
    from pbcheck.figures.budget.figure_row import FigureRow
    from pbcheck.opened import Opened
    from pbcheck.source.document import Document

STYLES = ("table", "json", "csv", "parquet")
DIMENSIONS = ("team", "holder_kind", "form", "complexity")


@click.command("figures")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--case", "cases", multiple=True, metavar="ID", help="Show the figures of this case; may be given several times.")
@click.option("--all-cases", is_flag=True, help="Show the figures of every case, not those of the whole export.")
@click.option(
    "--trace", is_flag=True, help="Explain each figure of a case: the sum in digits, the formula, every input with file and line."
)
@click.option(
    "--by",
    "dimensions",
    multiple=True,
    type=click.Choice(DIMENSIONS),
    help="Group by this, too. Ask in one run for all that will be published.",
)
@click.option("--fewest", type=click.IntRange(min=0), default=5, show_default=True, help="Hide numbers of people below this; 0 hides none.")
@click.option(
    "--cost-method", "method", type=click.Choice(COST_METHODS), default="notes", show_default=True, help="How costs are brought to a year."
)
@click.option("--policy", "other", type=click.Path(path_type=Path), help="Show what this policy instead of the export's own would change.")
@click.option("--as-of", callback=as_date, metavar="DATE", help="Judge by this date; else the manifest's. Never today's.")
@click.option("-f", "--format", "style", type=click.Choice(STYLES), default="table", show_default=True, help="What to print.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file; Parquet needs it.")
def figures_command(paths: tuple[Path, ...], **options: Any) -> int:
    """Work out the budget figures of an export, or of cases in it.

    Without --case or --all-cases the figures are those of the whole export, where small numbers of people are hidden. Money is exact
    and rounded once; what cannot be worked out is unknown, with the inputs that are missing, and never nil.
    """
    from pbcheck.opened import open_export

    if options["style"] == "parquet" and options["output"] is None:
        raise UsageError("Parquet is no text: say where to write it with -o FILE.")
    per_case = bool(options["cases"]) or options["all_cases"]
    if options["trace"] and not per_case:
        raise UsageError("--trace explains the figures of a case: add --case ID or --all-cases.")
    if options["cases"] and options["all_cases"]:
        raise UsageError("--case and --all-cases do not go together: leave one of them out.")
    opened = open_export(list(paths or (Path(),)), as_of=options["as_of"])
    if options["other"] is not None:
        from pbcheck.cli.figures_whatif import show_whatif

        show_whatif(opened, per_case=per_case, **options)
    elif per_case:
        _show_cases(opened, **options)
    else:
        from pbcheck.cli.figures_portfolio import show_portfolio

        show_portfolio(opened, **options)
    return finish(opened)


def finish(opened: Opened) -> int:
    """Say what could not be read, and return the exit code: 3 where something was left out of the figures."""
    if not opened.unsure:
        return Exit.CLEAN
    from pbcheck.render.words import counted, inert

    for one in opened.findings[:5]:
        place = f"{inert(one.location.file)}:{one.location.line}: " if one.location.file else ""
        click.echo(f"{place}{inert(one.message)}", err=True)
    words = "or part of it, could not be used" if opened.unsure == 1 else "or parts of them, could not be used"
    click.echo(f"{counted(opened.unsure, 'document')}, {words}: the figures lack it. Run pbcheck audit for all that is wrong.", err=True)
    return Exit.INCOMPLETE


def _show_cases(opened: Opened, *, cases: tuple[str, ...], trace: bool, method: str, style: str, output: Path | None, **_: Any) -> None:
    rows = chain.from_iterable(case_rows(opened, one, method=method, trace=trace) for one in chosen(opened, cases))
    if not cases:
        rows = chain(rows, _contract_rows(opened, method=method, trace=trace))
    show(rows, opened, style=style, output=output, trace=trace)


def chosen(opened: Opened, names: tuple[str, ...]) -> Iterator[Document]:
    """Yield the cases that are named, or all; raises UsageError for a name that no case has."""
    from pbcheck.gather import record_name
    from pbcheck.schema.suggest import did_you_mean

    wanted, known = set(names), set()
    for case in opened.cases():
        name = record_name(case)
        known.add(name)
        if not wanted or name in wanted:
            yield case
    for name in names:
        if name not in known:
            raise UsageError(f"There is no case `{name}` in this export.{did_you_mean(name, known)}")


def case_rows(opened: Opened, case: Document, *, method: str, trace: bool) -> Iterator[FigureRow]:
    """Return the rows of one case; where the policy states no week count, each with the value of the longest year as well."""
    from pbcheck.figures.budget.sheet import Sheet
    from pbcheck.figures.budget.trace import TracedSheet

    policy = opened.policy_for(case)
    given = (case.data, policy.data if policy else {}, opened.contracts.known, opened.clock(case))
    yield from _rows(given, opened.documents(case), method, TracedSheet if trace else Sheet)


def _contract_rows(opened: Opened, *, method: str, trace: bool) -> Iterator[FigureRow]:
    from pbcheck.figures.budget.sheet import ContractSheet
    from pbcheck.figures.budget.trace import TracedContractSheet

    policy = opened.policies.in_force(opened.as_of)
    for one in opened.contracts.judged:
        given: tuple[Any, ...] = (one.data, policy.data if policy else {}, {}, opened.as_of)
        yield from _rows(given, opened.documents(one), method, TracedContractSheet if trace else ContractSheet)


def _rows(given: tuple[Any, ...], documents: dict[str, Document], method: str, kind: Any) -> Iterator[FigureRow]:
    from pbcheck.figures.budget.rows import WIDEST, explained_rows, sheet_rows
    from pbcheck.figures.budget.trace import TracedSheet
    from pbcheck.gather import record_name

    sheet = kind(*given, method=method)
    plain = kind.__mro__[1] if issubclass(kind, TracedSheet) else kind
    widest = None if sheet.declared else plain(*given, method=method, weeks=WIDEST)
    name = record_name(documents["case"])
    if isinstance(sheet, TracedSheet):
        return explained_rows(sheet, name, documents, widest)
    return sheet_rows(sheet, name, widest)


def show(rows: Iterable[FigureRow], opened: Opened, *, style: str, output: Path | None, trace: bool) -> None:
    """Print rows of figures, or write them to a file."""
    from pbcheck.figures.budget.figure_row import COLUMNS
    from pbcheck.render.figure_text import lines
    from pbcheck.render.rows_files import csv_text, first_of, json_text, write_parquet

    first, rows = first_of(rows)
    if first is None:
        raise UsageError("There is no case in what was given, so there are no figures.")
    if style == "parquet":
        assert output is not None
        write_parquet(output, COLUMNS, rows)
        return
    with sink(output) as write:
        if style == "table":
            for line in lines(rows, trace=trace):
                write(line + "\n")
        elif style == "csv":
            for line in csv_text(COLUMNS, rows):
                write(line)
        else:
            for piece in json_text(head(opened), {"figures": rows}):
                write(piece)


def head(opened: Opened) -> dict[str, Any]:
    """Return what stands at the beginning of a JSON file of figures."""
    from pbcheck._version import __version__

    return {"schema_version": "1.0", "tool": {"name": "pbcheck", "version": __version__}, "as_of": opened.as_of}


@contextmanager
def sink(output: Path | None) -> Iterator[Any]:
    """Give a function that writes text: to standard output, or to a file that is there as a whole or not at all."""
    if output is None:
        yield lambda text: click.echo(text, nl=False)
        return
    from pbcheck.render import written

    try:
        with written(output) as out:
            yield out.write
    except OSError as error:
        raise UsageError(f"{output} could not be written ({error.strerror}).") from None
