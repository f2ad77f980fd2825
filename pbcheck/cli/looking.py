"""`explain`, `rules`, `schema`, `completion`: what pbcheck knows."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import click

from pbcheck.cli.configured import choosing, found_where, settings_of
from pbcheck.errors import Exit, UsageError
from pbcheck.model import SUBJECTS


@click.command("explain")
@click.argument("rule")
@found_where
@click.option(
    "--rules", "extends", multiple=True, type=click.Path(path_type=Path), help="A rule pack of the council's own, beside the shipped rules."
)
@click.option("-f", "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def explain_command(rule: str, style: str, **options: Any) -> int:
    """Explain a rule: what it asks, why, where it comes from, and what to do."""
    from pbcheck.render.rule_page import as_json, as_text
    from pbcheck.render.words import inert_lines
    from pbcheck.rulebook.book import find_rule, load_rulebook
    from pbcheck.ruletest import sources

    own = settings_of(options).values["extends"]
    rulebook = load_rulebook(own=own)
    found = find_rule(rulebook, rule)
    written = itertools.chain(sources(own) if own else (), sources())
    examples: dict[str, Any] = next((one.data.get("examples", {}) for one in written if one.data["id"] == rule), {})
    if style == "json":
        click.echo(json.dumps(as_json(found, examples, rulebook.obligations, rulebook.law), indent=1, ensure_ascii=False, default=str))
    else:
        click.echo(inert_lines(as_text(found, examples, rulebook.obligations, rulebook.law)), nl=False)
    return Exit.CLEAN


@click.group("rules")
def rules_command() -> None:
    """List the rules."""


@rules_command.command("list")
@choosing
@click.option("--theme", default="", help="Only rules of this theme.")
@click.option("--subject", type=click.Choice([*SUBJECTS, "file"]), default=None, help="Only rules about this kind of document.")
@click.option("-f", "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rules_list(theme: str, subject: str | None, style: str, **options: Any) -> int:
    """List the rules by theme, with severity, subject and title."""
    from pbcheck.render.rule_page import as_json, listing
    from pbcheck.render.words import inert_lines
    from pbcheck.rulebook.book import load_rulebook
    from pbcheck.schema.suggest import did_you_mean

    settings = settings_of(options)
    profile = settings.values["profile"]
    rulebook = load_rulebook(profile=profile, own=settings.values["extends"], choice=settings.choice)
    asked = {one.rule.id for rules in rulebook.subjects.values() for one in rules.asked}
    themes = sorted({one.theme for one in rulebook.rules.values()})
    if theme and theme not in themes:
        raise UsageError(f"There is no theme `{theme}`.{did_you_mean(theme, themes)} Known: {', '.join(themes)}.")
    chosen = [
        one
        for one in rulebook.rules.values()
        if (one.built_in or one.id in asked) and theme in ("", one.theme) and subject in (None, one.subject)
    ]
    if style == "json":
        click.echo(
            json.dumps([as_json(one, {}, rulebook.obligations, rulebook.law) for one in chosen], indent=1, ensure_ascii=False, default=str)
        )
    else:
        click.echo(inert_lines(listing(chosen)), nl=False)
    return Exit.CLEAN


@rules_command.command("coverage")
@click.option("--by", type=click.Choice(["passage", "law"]), default="passage", show_default=True, help="Go through the notes, or the law.")
@found_where
@click.option(
    "--rules", "extends", multiple=True, type=click.Path(path_type=Path), help="A rule pack of the council's own, beside the shipped rules."
)
@click.option("-f", "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rules_coverage(by: str, style: str, **options: Any) -> int:
    """Show which rules serve every obligation of the notes; exit 1 where one is neither served nor explained."""
    from pbcheck.render.coverage_page import as_json, as_text
    from pbcheck.rulebook.book import load_rulebook
    from pbcheck.rulebook.register import coverage

    found = coverage(load_rulebook(own=settings_of(options).values["extends"]).rules, by)
    click.echo(as_json(found) if style == "json" else as_text(found), nl=False)
    return Exit.FINDINGS if found.open_ else Exit.CLEAN


@click.group("schema")
def schema_command() -> None:
    """Show the JSON Schemas, for editors and other programs."""


@schema_command.command("show")
@click.argument("name")
def schema_show(name: str) -> int:
    """Print a schema: policy, case, contract, portfolio, export, rule or report."""
    from pbcheck.schema.store import load

    click.echo(json.dumps(load(name), indent=1, ensure_ascii=False))
    return Exit.CLEAN


@schema_command.command("list")
def schema_list() -> int:
    """List the schemas by name."""
    from pbcheck.schema.store import names

    click.echo("\n".join(names()))
    return Exit.CLEAN


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> int:
    """Print the completion script of a shell: add `eval "$(pbcheck completion bash)"` to its start file."""
    from click.shell_completion import get_completion_class

    from pbcheck.cli.main import main

    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"There is no completion for {shell}.")
    click.echo(kind(main, {}, "pbcheck", "_PBCHECK_COMPLETE").source())
    return Exit.CLEAN
