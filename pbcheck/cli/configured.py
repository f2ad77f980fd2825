"""The options that settings share with the configuration file, and what they and the file come to together."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbcheck.errors import Exit
from pbcheck.figures.dates import is_date
from pbcheck.model import PROFILES, SEVERITIES, Finding, Report, Rule

if TYPE_CHECKING:
    from pbcheck.gate.settings import Settings

FAIL_LEVELS = (*SEVERITIES, "never")
EXCEPTIONS = ("waivers", "suppressions", "baseline")
_FLAGS = ("profile", "as_of", "fail_level", "format", "select", "extend_select", "ignore", "extends", "waivers", "baseline")
_LISTS = ("select", "extend_select", "ignore")
FILE = click.Path(path_type=Path, dir_okay=False)


def as_date(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Return the value of an option that is a date; raises BadParameter where it is none."""
    if value is not None and not is_date(value):
        raise click.BadParameter("expected a date written year-month-day, such as 2026-09-30")
    return value


def writing(known: Sequence[str], example: str) -> Callable[[Any], Any]:
    """Return the option -o FORMAT=PATH of a command that can write these formats; it raises BadParameter for any other."""

    def read(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, Path], ...]:
        found = []
        for value in values:
            name, sign, path = value.partition("=")
            if not sign or not path or name not in known:
                raise click.BadParameter(f"expected FORMAT=PATH with one of {', '.join(known)}, such as {example}")
            found.append((name, Path(path)))
        return tuple(found)

    return click.option("-o", "--output", "outputs", multiple=True, callback=read, metavar="FORMAT=PATH", help="Also write a file.")


def names(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names in an option that may be given several times, each time with several names between commas."""
    return tuple(one.strip() for value in values for one in value.split(",") if one.strip())


def added(command: Any, options: tuple[Any, ...]) -> Any:
    """Add options to a command, in the order in which its help names them."""
    for option in reversed(options):
        command = option(command)
    return command


def found_where(command: Any) -> Any:
    """Add the options that say which configuration file counts."""
    options = (
        click.option("--config", type=FILE, help="The configuration file; else the nearest pbcheck.yaml up to the repository's root."),
        click.option(
            "--isolated", is_flag=True, help="Use no configuration file, PBCHECK_ setting, register or baseline that is just there."
        ),
    )
    return added(command, options)


def own_packs(command: Any) -> Any:
    """Add the option that names a council's own rule packs."""
    words = "A rule pack of the council's own, asked beside the shipped rules; several add up."
    return click.option("--rules", "extends", multiple=True, type=click.Path(path_type=Path), help=words)(command)


def choosing(command: Any) -> Any:
    """Add the options that choose the rules and how to judge."""
    named: dict[str, Any] = {"multiple": True, "callback": names, "metavar": "NAME"}
    options = (
        click.option("--profile", type=click.Choice(PROFILES), help="Which notes to judge by.  [default: today]"),
        click.option("--as-of", callback=as_date, metavar="DATE", help="Judge by this date; else the manifest's. Never today's."),
        own_packs,
        click.option("--select", **named, help="Ask these rules only: ids, themes, tags, obligations or ALL, with commas between."),
        click.option("--extend-select", **named, help="Ask these rules as well."),
        click.option(
            "--ignore",
            **named,
            help="Do not ask these rules; the locked ones of a group are asked all the same.",
        ),
        click.option(
            "--fail-level", type=click.Choice(FAIL_LEVELS), help="Exit 1 for findings of this severity or above.  [default: warning]"
        ),
    )
    return found_where(added(command, options))


def excepting(command: Any) -> Any:
    """Add the options about exceptions, and those that leave them out."""
    options = (
        click.option("--waivers", type=FILE, help="The register of waivers.  [default: pbcheck-waivers.yaml, where it is there]"),
        click.option("--baseline", type=FILE, help="The baseline.  [default: pbcheck-baseline.json, where it is there]"),
        *(click.option(f"--no-{one}", is_flag=True, help=f"Leave out {words}.") for one, words in zip(EXCEPTIONS, _WORDS, strict=True)),
    )
    return added(command, options)


_WORDS = ("all waivers", "all comments that set findings aside", "the baseline")


def settings_of(options: Mapping[str, Any], **more: Any) -> Settings:
    """Return the settings of a run: what was given on the command line, then the environment, then the configuration file."""
    from pbcheck.gate.settings import load_settings

    given = {**options, **more}
    flags = {name: given[name] for name in _FLAGS if given.get(name) not in (None, ())}
    return load_settings(flags, os.environ, Path.cwd(), given.get("config"), isolated=bool(given.get("isolated")))


def without(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the kinds of exceptions that are left out."""
    return tuple(one for one in EXCEPTIONS if options.get(f"no_{one}"))


def counts(one: Finding, rules: Mapping[str, Rule], settings: Settings) -> bool:
    """Return whether a finding makes a command end with exit code 1: it is not set aside, and at or above the fail level.

    A fail level that no flag gave does not let breaches of locked rules pass: those count from `warning` on.
    """
    level = settings.values["fail_level"]
    if one.set_aside is not None:
        return False
    grave = SEVERITIES.index(one.severity)
    if level != "never" and grave <= SEVERITIES.index(level):
        return True
    return not settings.by_flag("fail_level") and grave <= SEVERITIES.index("warning") and rules[one.rule].locked


def exit_code(report: Report, settings: Settings) -> Exit:
    """Return the exit code of a report: incomplete outranks findings, and only those count that should."""
    if not report.complete:
        return Exit.INCOMPLETE
    level = settings.values["fail_level"]
    if level != "never" and any(report.count(one) for one in SEVERITIES[: SEVERITIES.index(level) + 1]):
        return Exit.FINDINGS
    if settings.by_flag("fail_level") or level in ("warning", "note"):
        return Exit.CLEAN
    return Exit.FINDINGS if any(counts(one, report.rules, settings) for one in report.findings) else Exit.CLEAN
