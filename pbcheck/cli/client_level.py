"""`cld`: what a Client Level Data return holds, what it costs, and what a council can and cannot learn from it."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import click

from pbcheck.errors import Exit, UsageError

CHUNK = 2000


@click.command("cld")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--fewest", type=click.IntRange(min=0), default=5, show_default=True, help="Keep back numbers of people below this; 0: none.")
@click.option("-f", "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print.")
def cld_command(path: Path, fewest: int, style: str) -> int:
    """Say what a Client Level Data return shows: rows, costs, shares, reviews, defects, and which rules it can answer.

    The findings themselves, with row and column, come from `pbcheck audit FILE`.
    """
    from pbcheck.exports.cld.learned import learned
    from pbcheck.exports.cld.reader import ReturnRead, read_cld
    from pbcheck.exports.cld.shown import as_data, as_text
    from pbcheck.pipeline import Chunk, Context, audit_chunk
    from pbcheck.render.words import inert_lines
    from pbcheck.rulebook.book import load_rulebook

    if not path.is_file():
        raise UsageError(f"{path} is no file: name the CSV of the return.")
    rulebook = load_rulebook()
    rules = rulebook.subjects["case"]
    context = Context(rulebook, totals=False)
    file = ReturnRead(path, path.as_posix())
    chunk = Chunk()
    cases = read_cld(file, None)
    while batch := list(islice(cases, CHUNK)):
        chunk.add(audit_chunk(batch, context))
    ledger = chunk.ledger("case", len(rules.asked))
    found = learned(rules.asked, ledger.tallies(rules))
    if style == "json":
        data: dict[str, Any] = {"file": file.shown, **as_data(file.account, found, fewest)}
        click.echo(json.dumps(data, indent=1, ensure_ascii=False))
    elif file.account.rows_in:
        click.echo(inert_lines(as_text(file.shown, file.account, found, fewest)), nl=False)
    unread = [one for one in file.faults if one.incomplete]
    for one in unread[:5]:
        click.echo(inert_lines(f"{file.shown}:{one.mark.line}:{one.mark.column}: {one.message}"), err=True)
    if unread[5:]:
        click.echo(f"{len(unread) - 5:,} more things could not be read: pbcheck audit names them all.", err=True)
    return Exit.INCOMPLETE if unread else Exit.CLEAN
