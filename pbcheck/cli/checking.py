"""`audit` and `check`: documents in, report out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbcheck.cli.configured import FILE, added, choosing, excepting, exit_code, settings_of, without, writing
from pbcheck.cli.tables import tables_written, tabling
from pbcheck.cli.workers import way_of, working
from pbcheck.errors import UsageError
from pbcheck.model import Report
from pbcheck.render import FORMATS, pieces, render

if TYPE_CHECKING:
    from pbcheck.gate.settings import Settings

UPLOADED = ("github", "gitlab", "junit", "markdown", "sarif")
"""Formats that are made to be sent to a code host or build server."""
_COLOURS = ("auto", "always", "never")


def printing(command: Any) -> Any:
    """Add the options of every command that prints a report."""
    options = (
        click.option("-f", "--format", "style", type=click.Choice(FORMATS), help="What to print.  [default: text]"),
        writing(FORMATS, "html=report.html"),
        click.option(
            "--report-dir",
            "folder",
            type=click.Path(path_type=Path, file_okay=False),
            help="Also write the HTML report as linked pages into this folder, with every place of every finding.",
        ),
        click.option(
            "--color",
            "colour",
            type=click.Choice(_COLOURS),
            default="auto",
            show_default=True,
            help="Colour the text; auto: on a terminal.",
        ),
        click.option(
            "--allow-personal-data",
            "allowed",
            is_flag=True,
            help=f"Let values into formats that are uploaded ({', '.join(UPLOADED)}), too.",
        ),
    )
    return added(command, options)


def _shared(command: Any) -> Any:
    """Add the options that `audit` and `check` share."""
    options = (
        click.argument("paths", nargs=-1, type=click.Path(path_type=Path)),
        choosing,
        excepting,
        printing,
        click.option("--bundle", type=FILE, help="Also write report, result and the hashes of all they rest on into this zip file."),
        click.option("--show-values", "values", is_flag=True, help="Show what stands at the place of each finding: personal data, too."),
        click.option("--pseudonymise", "key_file", type=FILE, metavar="KEYFILE", help="Name cases by keyed hashes instead of their ids."),
        click.option("--no-cache", is_flag=True, help="Compile the rules afresh. (The cache holds rules only, never data.)"),
    )
    return added(command, options)


@click.command("audit")
@_shared
@click.option("--figures", is_flag=True, help="Put the budget figures of each case into the JSON report, too.")
@working
@tabling
def audit_command(paths: tuple[Path, ...], **options: Any) -> int:
    """Audit export folders or files: policies, contracts, cases, and the totals over all cases."""
    return _run(paths or (Path(),), paths or (Path(),), portfolio=True, **options)


@click.command("check")
@_shared
@click.option("--in-context", is_flag=True, help="Read the other files of the same policy, too, and report on the given ones only.")
def check_command(paths: tuple[Path, ...], in_context: bool, **options: Any) -> int:
    """Check single documents, such as policy files: fast, without totals over cases."""
    given = paths or (Path(),)
    if not in_context:
        return _run(given, given, portfolio=False, **options)
    from pbcheck.gate.context import with_context

    return _run(with_context(given), given, portfolio=False, in_context=True, **options)


def _run(read: Sequence[Path], given: Sequence[Path], *, portfolio: bool, in_context: bool = False, **options: Any) -> int:
    settings = settings_of(options, format=options["style"])
    style: str = settings.values["format"]
    outputs: tuple[tuple[str, Path], ...] = options["outputs"]
    values = options["values"]
    if values and not options["allowed"]:
        refuse_uploads((style, *(name for name, _ in outputs)))
    key = _key(options["key_file"], values=values)
    from pbcheck.pipeline import audit
    from pbcheck.terminal import progress

    packs, figures = settings.values["extends"], options.get("figures", False)
    asked: dict[str, Any] = {"rules": packs, "profile": settings.values["profile"], "as_of": settings.forced_date}
    asked |= {"portfolio": portfolio, "figures": figures, "settings": settings, "without": without(options)}
    way = way_of(options.get("jobs", 1), options.get("resume"))
    report = audit(*read, **asked, use_cache=not options["no_cache"], show_values=values, key=key, way=way, watch=progress)
    if in_context:
        from pbcheck.gate.context import only

        report = only(report, given)
    failed = written(report, outputs, options["folder"]) + tables_written(report, options.get("tables"))
    if options["bundle"] is not None:
        failed += _bundled(options["bundle"], report, given, settings, pseudonymised=bool(key))
    say(report, style, options["colour"])
    if failed:
        raise UsageError(" ".join(failed))
    return exit_code(report, settings)


def _bundled(path: Path, report: Report, given: Sequence[Path], settings: Settings, *, pseudonymised: bool) -> list[str]:
    """Write a bundle; return what could not be written, in words."""
    from pbcheck.bundle import write_bundle

    try:
        write_bundle(path, report, given, settings.values["extends"], settings.files, pseudonymised=pseudonymised)
    except OSError as error:
        return [f"{path} could not be written ({error.strerror})."]
    return []


def _key(path: Path | None, *, values: bool) -> bytes:
    """Return the key in a file, or nothing where none is asked for; raises UsageError where it cannot be used."""
    if path is None:
        return b""
    from pbcheck.pseudonyms import check_key, read_key

    key = read_key(path)
    check_key(key, show_values=values)
    return key


def refuse_uploads(styles: tuple[str, ...]) -> None:
    """Raise UsageError where values would get into a format that is uploaded."""
    found = sorted({one for one in styles if one in UPLOADED})
    if found:
        raise UsageError(
            f"{', '.join(found)}: made to be uploaded, and the values of records may be personal data. Leave out --show-values, or say "
            "--allow-personal-data where those who will see the upload may see the records."
        )


def written(report: Report, outputs: tuple[tuple[str, Path], ...], folder: Path | None) -> list[str]:
    """Write a report into files and into a folder of pages, all that can be; return what could not be written, in words."""
    failed: list[str] = []
    if outputs:
        from pbcheck.render import write_all

        failed += write_all(report, outputs, _checkout(name for name, _ in outputs))
    if folder is not None:
        from pbcheck.render.html.folder import write_folder

        try:
            write_folder(report, folder)
        except OSError as error:
            failed.append(f"The pages in {folder} could not all be written ({error.strerror}).")
    return failed


def _checkout(styles: Iterable[str]) -> Any:
    """Return the checkout that the formats of code hosts name files from; None where there is none, or no such format."""
    from pbcheck.render import HOSTED

    if not any(one in HOSTED for one in styles):
        return None
    from pbcheck.vcs import checkout_of

    return checkout_of(Path.cwd())


def say(report: Report, style: str, colour: str) -> None:
    """Print a report; text is coloured where that is wanted."""
    from pbcheck.terminal import dressed, look_of

    if style != "text":
        for text in pieces(style, report, _checkout((style,))):
            click.echo(text, nl=False)
        return
    look = look_of(sys.stdout, colour)
    click.echo(dressed(render(style, report), look), nl=False, color=True if look.colour or look.links else None)
