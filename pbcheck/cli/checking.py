"""`audit` and `check`: documents in, report out."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from pbcheck.errors import Exit, UsageError
from pbcheck.figures.dates import is_date
from pbcheck.model import PROFILES, SEVERITIES, Report
from pbcheck.render import FORMATS, render

_FAIL_LEVELS = (*SEVERITIES, "never")
UPLOADED = ("github", "gitlab", "junit", "markdown", "sarif")
"""Formats that are made to be sent to a code host or build server."""
_COLOURS = ("auto", "always", "never")


def as_date(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Return the value of an option that is a date; raises BadParameter where it is none."""
    if value is not None and not is_date(value):
        raise click.BadParameter("expected a date written year-month-day, such as 2026-09-30")
    return value


def _outputs(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, Path], ...]:
    found = []
    for value in values:
        name, sign, path = value.partition("=")
        if not sign or not path or name not in FORMATS:
            raise click.BadParameter(f"expected FORMAT=PATH with one of {', '.join(FORMATS)}, such as html=report.html")
        found.append((name, Path(path)))
    return tuple(found)


def added(command: Any, options: tuple[Any, ...]) -> Any:
    """Add options to a command, in the order in which its help names them."""
    for option in reversed(options):
        command = option(command)
    return command


def printing(command: Any) -> Any:
    """Add the options of every command that prints a report."""
    options = (
        click.option("-f", "--format", "style", type=click.Choice(FORMATS), default="text", show_default=True, help="What to print."),
        click.option("-o", "--output", "outputs", multiple=True, callback=_outputs, metavar="FORMAT=PATH", help="Also write a file."),
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
    file = click.Path(path_type=Path, dir_okay=False)
    options = (
        click.argument("paths", nargs=-1, type=click.Path(path_type=Path)),
        click.option("--profile", type=click.Choice(PROFILES), default="today", show_default=True, help="Which notes to judge by."),
        click.option("--as-of", callback=as_date, metavar="DATE", help="Judge by this date; else the manifest's. Never today's."),
        click.option(
            "--rules", multiple=True, type=click.Path(path_type=Path), help="A rule pack to use instead of the shipped one; several add up."
        ),
        printing,
        click.option("--bundle", type=file, help="Also write report, result and the hashes of all they rest on into this zip file."),
        click.option("--show-values", "values", is_flag=True, help="Show what stands at the place of each finding: personal data, too."),
        click.option("--pseudonymise", "key_file", type=file, metavar="KEYFILE", help="Name cases by keyed hashes instead of their ids."),
        click.option(
            "--fail-level",
            type=click.Choice(_FAIL_LEVELS),
            default="warning",
            show_default=True,
            help="Exit 1 for findings of this severity or above.",
        ),
        click.option("--no-cache", is_flag=True, help="Compile the rules afresh. (The cache holds rules only, never data.)"),
    )
    return added(command, options)


@click.command("audit")
@_shared
@click.option("--figures", is_flag=True, help="Put the budget figures of each case into the JSON report, too.")
def audit_command(paths: tuple[Path, ...], **options: Any) -> int:
    """Audit export folders or files: policies, contracts, cases, and the totals over all cases."""
    return _run(paths, portfolio=True, **options)


@click.command("check")
@_shared
def check_command(paths: tuple[Path, ...], **options: Any) -> int:
    """Check single documents, such as policy files: fast, without totals over cases."""
    return _run(paths, portfolio=False, **options)


def _run(
    paths: tuple[Path, ...],
    *,
    portfolio: bool,
    profile: str,
    figures: bool = False,
    as_of: str | None,
    rules: tuple[Path, ...],
    style: str,
    outputs: tuple[tuple[str, Path], ...],
    folder: Path | None,
    colour: str,
    allowed: bool,
    bundle: Path | None,
    values: bool,
    key_file: Path | None,
    fail_level: str,
    no_cache: bool,
) -> int:
    if values and not allowed:
        refuse_uploads((style, *(name for name, _ in outputs)))
    key = _key(key_file, values=values)
    from pbcheck.pipeline import audit
    from pbcheck.terminal import progress

    given = paths or (Path(),)
    asked: dict[str, Any] = {"rules": rules, "profile": profile, "as_of": as_of, "portfolio": portfolio, "figures": figures}
    report = audit(*given, **asked, use_cache=not no_cache, show_values=values, key=key, watch=progress)
    failed = written(report, outputs, folder)
    if bundle is not None:
        from pbcheck.bundle import write_bundle

        try:
            write_bundle(bundle, report, given, rules, pseudonymised=bool(key))
        except OSError as error:
            failed.append(f"{bundle} could not be written ({error.strerror}).")
    say(report, style, colour)
    if failed:
        raise UsageError(" ".join(failed))
    return exit_code(report, fail_level)


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
    from pbcheck.terminal import Look, dressed, look_of

    look = look_of(sys.stdout, colour) if style == "text" else Look()
    text = render(style, report, _checkout((style,)))
    click.echo(dressed(text, look), nl=False, color=True if look.colour or look.links else None)


def exit_code(report: Report, fail_level: str) -> Exit:
    """Return the exit code of a report: incomplete outranks findings, and findings below the fail level do not count."""
    if not report.complete:
        return Exit.INCOMPLETE
    if fail_level == "never":
        return Exit.CLEAN
    counted = SEVERITIES[: SEVERITIES.index(fail_level) + 1]
    return Exit.FINDINGS if any(report.count(one) for one in counted) else Exit.CLEAN
