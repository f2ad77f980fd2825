"""`waivers`: the register of decisions that findings do not count for a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbcheck.cli.configured import FILE, added, as_date, choosing, settings_of
from pbcheck.errors import Exit, UsageError

if TYPE_CHECKING:
    from pbcheck.gate.settings import Settings
    from pbcheck.gate.waivers import Judged, Register
    from pbcheck.rulebook.book import Rulebook

NOT_STATED = "not stated"


@click.group("waivers")
def waivers_command() -> None:
    """Keep the register of waivers: decisions that a finding does not count for a time."""


def _shared(command: Any) -> Any:
    return added(command, (choosing, click.option("--waivers", type=FILE, help="The register.  [default: pbcheck-waivers.yaml]")))


def _opened(options: dict[str, Any]) -> tuple[Register, Rulebook, list[Judged], str | None]:
    """Return the register with what is to be said of each waiver, the rules, and the date by which it is judged."""
    from pbcheck.gate.waivers import judge, read_register
    from pbcheck.history import last_commit_day

    settings = settings_of(options)
    path = settings.values["waivers"]
    if path is None:
        raise UsageError("There is no register of waivers here: name one with --waivers, or begin one with pbcheck waivers new.")
    register, rulebook = read_register(Path(path)), _rulebook(settings)
    clock = settings.values["as_of"] or last_commit_day(Path.cwd()) or None
    return register, rulebook, judge(register, rulebook.rules, clock), clock


def _rulebook(settings: Settings) -> Rulebook:
    from pbcheck.rulebook.book import load_rulebook

    return load_rulebook(profile=settings.values["profile"], own=settings.values["extends"], choice=settings.choice)


@waivers_command.command("list")
@_shared
def waivers_list(**options: Any) -> int:
    """List the waivers with their place, approver, dates and standing."""
    from pbcheck.render.words import counted, inert

    _, _, judged, clock = _opened(options)
    lines = [f"{counted(len(judged), 'waiver')}, by {clock or 'no date: give --as-of'}"]
    for one in judged:
        entry = one.waiver
        lines += [
            "",
            f"{entry.name}: {entry.text('rule') or NOT_STATED}",
            f"  where: {entry.where or NOT_STATED}",
            f"  reason: {entry.text('reason') or NOT_STATED}",
            f"  approved: {entry.text('approved_on') or NOT_STATED} by {entry.approver or NOT_STATED}",
            f"  decision: {entry.text('decision') or NOT_STATED}",
            f"  until: {entry.text('expires') or NOT_STATED}, {'not in force: ' + one.standing if one.standing else 'in force'}",
        ]
    click.echo("\n".join(map(inert, lines)))
    return Exit.CLEAN


@waivers_command.command("check")
@_shared
def waivers_check(**options: Any) -> int:
    """Check the register by itself: complete, permitted, in time, approved by another person. Exit 1 where something is wrong."""
    from pbcheck.render.words import counted, inert_lines

    register, rulebook, judged, clock = _opened(options)
    lines = []
    grave = False
    for one in judged:
        for check, words, mark in one.found:
            severity = rulebook.rules[check].severity
            grave = grave or severity != "note"
            lines.append(f"{one.waiver.source.file}:{mark.line}:{mark.column}: {severity}: {one.waiver.name}: {words} [{check}]")
    force = sum(not one.standing for one in judged)
    lines.append(f"{counted(len(register.waivers), 'waiver')}, {force:,} in force by {clock or 'no date: give --as-of'}.")
    click.echo(inert_lines("\n".join(lines)))
    return Exit.FINDINGS if grave else Exit.CLEAN


@waivers_command.command("new")
@_shared
@click.option("--rule", required=True, help="The rule whose finding is waived.")
@click.option("--record", default="", help="The reference of the record that is meant.")
@click.option("--file", default="", help="The file that is meant, from the folder of the register; with --pointer.")
@click.option("--pointer", default=None, help="The JSON pointer of the finding, such as /surplus/recoup.")
@click.option("--reason", required=True, help="Why the finding does not count for now.")
@click.option("--approved-by", "name", required=True, help="Who decided; not the author of the entry.")
@click.option("--role", required=True, help="The office in which that person decided.")
@click.option("--decision", required=True, help="Where the decision is recorded.")
@click.option("--approved-on", required=True, callback=as_date, metavar="DATE", help="The day of the decision.")
@click.option("--expires", default=None, callback=as_date, metavar="DATE", help="The last day.  [default: the longest permitted]")
@click.option("--id", "given", default="", help="A name for the waiver.  [default: the next number of the year]")
def waivers_new(**options: Any) -> int:
    """Add a waiver to the register, which is begun where there is none; what is not permitted is refused."""
    from pbcheck.gate.config_file import shown
    from pbcheck.gate.new_waiver import add_waiver
    from pbcheck.gate.settings import WAIVERS
    from pbcheck.render.words import inert_lines

    settings = settings_of(options)
    path = Path(settings.values["waivers"] or settings.root / WAIVERS)
    name = add_waiver(path, _rulebook(settings).rules, options)
    click.echo(inert_lines(f"{name} was added to {shown(path)}. It holds where somebody else than its approver commits it."))
    return Exit.CLEAN
