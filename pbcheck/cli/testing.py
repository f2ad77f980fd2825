"""`test`: the rules' own examples."""

from __future__ import annotations

from pathlib import Path

import click

from pbcheck.errors import Exit


@click.command("test")
@click.argument("packs", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rule", "only", default="", help="Run the examples of this rule only.")
@click.option("-v", "--verbose", is_flag=True, help="Name every example.")
@click.option("--no-cache", is_flag=True, help="Compile the rules afresh.")
def test_command(packs: tuple[Path, ...], only: str, verbose: bool, no_cache: bool) -> int:
    """Run the examples of the shipped rules, or of rule packs; every example says what should come of it."""
    from pbcheck.rulebook.book import find_rule, load_rulebook
    from pbcheck.ruletest import run_examples

    if only:
        find_rule(load_rulebook(packs, use_cache=not no_cache), only)
    passed = failed = 0
    for result in run_examples(packs, only, use_cache=not no_cache):
        passed += not result.problem
        failed += bool(result.problem)
        if result.problem:
            click.echo(f"{result.rule}: {result.kind}: {result.about}\n    {result.problem}")
        elif verbose:
            click.echo(f"{result.rule}: {result.kind}: {result.about}: {result.outcome.name.lower() if result.outcome is not None else ''}")
    click.echo(f"{passed} passed, {failed} failed")
    if not passed and not failed:
        click.echo("No example was run.", err=True)
        return Exit.INCOMPLETE
    return Exit.FINDINGS if failed else Exit.CLEAN
