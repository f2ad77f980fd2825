"""`config`: what holds here, and where each value comes from."""

from __future__ import annotations

import json
from typing import Any

import click

from pbcheck.cli.configured import choosing, excepting, settings_of
from pbcheck.errors import Exit


@click.group("config")
def config_command() -> None:
    """Show the configuration."""


@config_command.command("show")
@choosing
@excepting
@click.option("-f", "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def config_show(style: str, **options: Any) -> int:
    """Print every setting, where it comes from, and which rules it switches off or makes graver; wrong settings end with exit code 2."""
    from pbcheck.gate.exceptions import Exceptions
    from pbcheck.gate.settings import said
    from pbcheck.render.words import inert_lines
    from pbcheck.rulebook.book import load_rulebook

    settings = settings_of(options)
    values = settings.values
    rulebook = load_rulebook(profile=values["profile"], own=values["extends"], choice=settings.choice)
    Exceptions(settings, rulebook)  # reads register and baseline, so that a wrong one is said here
    asked = sum(len(one.asked) for one in rulebook.subjects.values())
    if style == "json":
        shown = {name: {"value": values[name], "from": settings.origins[name]} for name in values}
        data = {"file": settings.file or None, "settings": shown, "rules_asked": asked, "remarks": list(rulebook.remarks)}
        click.echo(json.dumps(data, indent=1, ensure_ascii=False, default=str))
        return Exit.CLEAN
    lines = [f"Configuration file: {settings.file or 'none'}", ""]
    rows = [(name, said(values[name]), settings.origins[name]) for name in values]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines += [f"{name:{widths[0]}}  {value:{min(widths[1], 60)}}  {origin}" for name, value, origin in rows]
    lines += ["", f"{asked:,} rules are asked.", *rulebook.remarks]
    click.echo(inert_lines("\n".join(lines)))
    return Exit.CLEAN
