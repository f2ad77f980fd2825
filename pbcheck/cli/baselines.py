"""`baseline`: the findings that were there when pbcheck came, so that only new ones stop a change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbcheck.cli.configured import FILE, added, choosing, counts, settings_of
from pbcheck.errors import Exit, UsageError

if TYPE_CHECKING:
    from pbcheck.gate.baseline import Baseline, Entry
    from pbcheck.model import Finding, Report

SHOWN = 20


@click.group("baseline")
def baseline_command() -> None:
    """Keep the baseline: the findings that were there when pbcheck came."""


def _shared(command: Any) -> Any:
    options = (
        click.argument("paths", nargs=-1, type=click.Path(path_type=Path)),
        choosing,
        click.option("--baseline", type=FILE, help="The baseline.  [default: pbcheck-baseline.json]"),
    )
    return added(command, options)


class _Now:
    """What is found now, without the baseline, beside the baseline as it is."""

    def __init__(self, paths: tuple[Path, ...], options: dict[str, Any], *, there: bool) -> None:
        from pbcheck.gate.baseline import empty, read_baseline
        from pbcheck.gate.settings import BASELINE
        from pbcheck.history import last_commit_day
        from pbcheck.pipeline import audit

        self.settings = settings_of(options)
        values = self.settings.values
        self.path = Path(values["baseline"] or self.settings.root / BASELINE)
        if there and not self.path.exists():
            raise UsageError(f"There is no baseline at {_shown(self.path)}: write one with pbcheck baseline create.")
        self.kept: Baseline = read_baseline(self.path) if there else empty(self.path)
        asked = {"profile": values["profile"], "as_of": self.settings.forced_date, "rules": values["extends"], "settings": self.settings}
        self.report: Report = audit(*(paths or (Path(),)), **asked, without=("baseline",))
        dates = self.report.as_of.split(", ") if self.report.as_of else []
        self.day = values["as_of"] or max(dates, default="") or last_commit_day(Path.cwd())
        rules = self.report.rules
        found = [one for one in self.report.findings if not one.incomplete and not rules[one.rule].built_in and one.set_aside is None]
        self.locked = [one for one in found if rules[one.rule].locked]
        self.findings = [one for one in found if not rules[one.rule].locked]

    @property
    def first_seen(self) -> str:
        """Return the date for new entries; raises UsageError where none is known."""
        if not self.day:
            raise UsageError("A baseline says when each finding was first seen: give the date with --as-of.")
        return self.day

    def _entry(self, one: Finding) -> Entry | None:
        from pbcheck.gate.baseline import absolute

        return self.kept.entry(one, absolute(one.location.file))

    def new(self) -> list[Finding]:
        """Return the findings that the baseline does not have."""
        return [one for one in self.findings if self._entry(one) is None]

    def stale(self) -> set[str]:
        """Return the keys of the entries whose finding is gone: the rule was asked, and the file was read or is not there any more."""
        from pbcheck.gate.baseline import absolute
        from pbcheck.gate.looked_at import was_seen

        met = {entry.key for one in self.findings if (entry := self._entry(one)) is not None}
        read, asked = {absolute(one.path) for one in self.report.inputs}, {one.rule for one in self.report.outcomes}

        def looked_at(one: Entry) -> bool:
            file = absolute(str(self.kept.folder / one.file))
            return one.rule not in self.report.rules or (one.rule in asked and was_seen(file, read, whole=True))

        return {key for key, one in self.kept.entries.items() if key not in met and looked_at(one)}

    def write(self, entries: Any) -> None:
        """Write the baseline with other entries."""
        from pbcheck.gate.baseline import empty
        from pbcheck.render import write

        try:
            write(self.path, empty(self.path, entries).text())
        except OSError as error:
            raise UsageError(f"The baseline {_shown(self.path)} could not be written ({error.strerror}).") from None

    def code(self) -> Exit:
        """Return the exit code: what could not be read may hold more findings."""
        if not self.report.complete:
            click.echo(
                "Not everything could be read or judged: run pbcheck audit to see what. What was not read is not in the baseline.", err=True
            )
        return Exit.CLEAN if self.report.complete else Exit.INCOMPLETE

    def say(self, words: str) -> None:
        """Say what was done, and how many findings no baseline may hold."""
        from pbcheck.render.words import counted, inert_lines

        click.echo(inert_lines(words))
        if self.locked:
            click.echo(f"{counted(len(self.locked), 'finding')} of locked rules not taken down: these always count.", err=True)


def _shown(path: Path) -> str:
    from pbcheck.gate.config_file import shown

    return shown(path)


def _taken(number: int, day: str) -> str:
    from pbcheck.render.words import counted

    return counted(number, "finding") + (f" (first seen on {day})" if number else "")


@baseline_command.command("create")
@_shared
@click.option("--force", is_flag=True, help="Write over a baseline that is there; its dates of first sight are lost.")
def baseline_create(paths: tuple[Path, ...], force: bool, **options: Any) -> int:
    """Write a baseline with all findings of now; those of locked rules are left out."""
    now = _Now(paths, options, there=False)
    if now.path.exists() and not force:
        raise UsageError(f"There is a baseline at {_shown(now.path)}: use pbcheck baseline add, or --force to begin anew.")
    entries = {entry.key: entry for one in now.findings for entry in [now.kept.made(one, now.first_seen)]}
    now.write(entries.values())
    now.say(f"{_taken(len(entries), now.day)} taken down in {_shown(now.path)}.")
    return now.code()


@baseline_command.command("add")
@_shared
def baseline_add(paths: tuple[Path, ...], **options: Any) -> int:
    """Add the findings that the baseline does not have; the others keep the day on which they were first seen."""
    now = _Now(paths, options, there=True)
    fresh = {entry.key: entry for one in now.new() for entry in [now.kept.made(one, now.first_seen)]}
    now.write([*now.kept.entries.values(), *fresh.values()])
    now.say(f"{_taken(len(fresh), now.day)} added to {_shown(now.path)}.")
    return now.code()


@baseline_command.command("prune")
@_shared
def baseline_prune(paths: tuple[Path, ...], **options: Any) -> int:
    """Take the entries out whose findings are gone; nothing is taken out where not everything could be read."""
    from pbcheck.render.words import counted, inert_lines

    now = _Now(paths, options, there=True)
    if not now.report.complete:
        return now.code()
    gone = now.stale()
    now.write(one for key, one in now.kept.entries.items() if key not in gone)
    click.echo(inert_lines(f"{len(gone):,} of {counted(len(now.kept.entries), 'entry', 'entries')} taken out of {_shown(now.path)}."))
    return Exit.CLEAN


@baseline_command.command("diff")
@_shared
def baseline_diff(paths: tuple[Path, ...], **options: Any) -> int:
    """Say which findings are new beside the baseline, and which of its entries are gone. Exit 1 for new ones at the fail level."""
    from pbcheck.render.words import inert_lines, place

    now = _Now(paths, options, there=True)
    new, gone = [*now.locked, *now.new()], now.stale()
    lines = [f"{len(new):,} new, {len(gone):,} gone, {len(now.kept.entries) - len(gone):,} still there"]
    lines += [f"new: {place(one)} {one.severity}: {one.message} [{one.rule}]" for one in new[:SHOWN]]
    lines += [f"... and {len(new) - SHOWN:,} more" for _ in new[SHOWN : SHOWN + 1]]
    entries = sorted(now.kept.entries[key] for key in gone)
    lines += [f"gone: {one.file} {one.record} {one.pointer} [{one.rule}], first seen {one.first_seen}" for one in entries[:SHOWN]]
    lines += [f"... and {len(entries) - SHOWN:,} more" for _ in entries[SHOWN : SHOWN + 1]]
    click.echo(inert_lines("\n".join(lines)))
    if not now.report.complete:
        return now.code()
    return Exit.FINDINGS if any(counts(one, now.report.rules, now.settings) for one in new) else Exit.CLEAN
