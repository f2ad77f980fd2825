"""`audit` and `check`: documents in, report out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pbcheck.errors import Exit, UsageError
from pbcheck.figures.dates import is_date
from pbcheck.model import PROFILES, SEVERITIES, Report
from pbcheck.render import FORMATS, render, write

_FAIL_LEVELS = (*SEVERITIES, "never")


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


def _shared(command: Any) -> Any:
    """Add the options that `audit` and `check` share."""
    options = (
        click.argument("paths", nargs=-1, type=click.Path(path_type=Path)),
        click.option("--profile", type=click.Choice(PROFILES), default="today", show_default=True, help="Which notes to judge by."),
        click.option("--as-of", callback=as_date, metavar="DATE", help="Judge by this date; else the manifest's. Never today's."),
        click.option(
            "--rules", multiple=True, type=click.Path(path_type=Path), help="A rule pack to use instead of the shipped one; several add up."
        ),
        click.option("-f", "--format", "style", type=click.Choice(FORMATS), default="text", show_default=True, help="What to print."),
        click.option("-o", "--output", "outputs", multiple=True, callback=_outputs, metavar="FORMAT=PATH", help="Also write a file."),
        click.option(
            "--fail-level",
            type=click.Choice(_FAIL_LEVELS),
            default="warning",
            show_default=True,
            help="Exit 1 for findings of this severity or above.",
        ),
        click.option("--no-cache", is_flag=True, help="Compile the rules afresh. (The cache holds rules only, never data.)"),
    )
    for option in reversed(options):
        command = option(command)
    return command


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
    fail_level: str,
    no_cache: bool,
) -> int:
    from pbcheck.pipeline import audit

    given = paths or (Path(),)
    report = audit(*given, rules=rules, profile=profile, as_of=as_of, portfolio=portfolio, figures=figures, use_cache=not no_cache)
    failed = []
    for name, path in outputs:
        try:
            write(path, render(name, report))
        except OSError as error:
            failed.append(f"{path} could not be written ({error.strerror}).")
    click.echo(render(style, report), nl=False)
    if failed:
        raise UsageError(" ".join(failed))
    return exit_code(report, fail_level)


def exit_code(report: Report, fail_level: str) -> Exit:
    """Return the exit code of a report: incomplete outranks findings, and findings below the fail level do not count."""
    if not report.complete:
        return Exit.INCOMPLETE
    if fail_level == "never":
        return Exit.CLEAN
    counted = SEVERITIES[: SEVERITIES.index(fail_level) + 1]
    return Exit.FINDINGS if any(report.count(one) for one in counted) else Exit.CLEAN
