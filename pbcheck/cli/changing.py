"""`diff`: what a change of policy files means, before it is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pbcheck.cli.configured import choosing, counts, excepting, settings_of, without, writing
from pbcheck.errors import Exit, UsageError

STYLES = ("text", "json", "markdown", "html")


@click.command("diff")
@click.argument("versions", nargs=-1, required=True, metavar="OLD NEW | A..B [-- PATHS]")
@click.option("--export", type=click.Path(path_type=Path), help="Also say what the change does to the cases of this export.")
@click.option("--fewest", type=click.IntRange(min=0), default=5, show_default=True, help="Hide numbers of people below this; 0 hides none.")
@choosing
@excepting
@click.option("-f", "--format", "style", type=click.Choice(STYLES), default="text", show_default=True, help="What to print.")
@writing(STYLES, "markdown=comment.md")
def diff_command(versions: tuple[str, ...], **options: Any) -> int:
    """Hold two versions of a policy against each other: files, folders, or git revisions such as main..HEAD -- policy/.

    Findings are told apart by what they are about, never by their line. Exit 1 only for new findings, 3 where a version could not be read.
    """
    from pbcheck.changes.diff import difference, version, with_effect
    from pbcheck.changes.sources import two_versions
    from pbcheck.render import write

    settings = settings_of(options)
    with two_versions(versions) as (old, new):
        change = difference(*(version(one, settings, without(options)) for one in (old, new)))
    complete = change.old.complete and change.new.complete and not (change.old.empty and change.new.empty)
    if options["export"] is not None and complete:
        change = with_effect(change, options["export"], settings)
    failed = []
    for name, path in options["outputs"]:
        try:
            write(path, _style(name)(change, options["fewest"]))
        except OSError as error:
            failed.append(f"{path} could not be written ({error.strerror}).")
    click.echo(_style(options["style"])(change, options["fewest"]), nl=False)
    if failed:
        raise UsageError(" ".join(failed))
    if not complete or change.lack:
        return Exit.INCOMPLETE
    failing = any(counts(one, change.rules, settings) for one in change.findings.new)
    return Exit.FINDINGS if failing else Exit.CLEAN


def _style(name: str) -> Callable[[Any, int], str]:
    from pbcheck.changes import formats, page

    return {"text": formats.text, "json": formats.as_json, "markdown": formats.markdown, "html": page.html}[name]
