"""`report` and `verify`: a saved result rendered again, and a bundle held against the files it rests on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pbcheck.cli.checking import printing, refuse_uploads, say, written
from pbcheck.cli.tables import tables_written, tabling
from pbcheck.errors import Exit, UsageError

if TYPE_CHECKING:
    from pbcheck.bundle import Bundle, Compared

SHOWN = 20


@click.command("report")
@click.argument("result", type=click.Path(path_type=Path, dir_okay=False))
@printing
@tabling
def report_command(
    result: Path,
    style: str | None,
    outputs: tuple[tuple[str, Path], ...],
    folder: Path | None,
    colour: str,
    allowed: bool,
    tables: Path | None,
) -> int:
    """Render a saved result (-f json) again, in any format; nothing is judged anew, so the exit code says only whether it was rendered."""
    from pbcheck.model import Report

    try:
        text = result.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{result} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise UsageError(f"{result} is no result of pbcheck: it is not UTF-8.") from None
    report = Report.from_json(text)
    style = style or "text"
    if any(one.value for one in report.findings) and not allowed:
        refuse_uploads((style, *(name for name, _ in outputs)))
    failed = written(report, outputs, folder) + tables_written(report, tables)
    say(report, style, colour)
    if failed:
        raise UsageError(" ".join(failed))
    return Exit.CLEAN


@click.command("verify")
@click.argument("bundle", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("exports", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rules", multiple=True, type=click.Path(path_type=Path), help="Where a rule pack of the audit lies now; several in order.")
def verify_command(bundle: Path, exports: tuple[Path, ...], rules: tuple[Path, ...]) -> int:
    """Say whether what a bundle (audit --bundle) rests on is still the same: files, rules, schemas, pbcheck itself.

    Without EXPORTS the files are looked for where they were, from this folder. Exit code 0: all match; 1: something does not.
    """
    from pbcheck.bundle import Bundle
    from pbcheck.render.words import inert_lines

    held = Bundle(bundle)
    found = [held.contents(), held.inputs(exports), held.instructions(), *held.packs(rules), held.shipped()]
    lines = [line for one in found for line in _lines(one)] + [_tool(held)]
    same = held.same_tool and all(one.same for one in found)
    lines += ["", "Everything matches." if same else "Not everything matches.", f"SHA-256 of the bundle: {_hash(bundle)}"]
    click.echo(inert_lines("\n".join(lines)))
    return Exit.CLEAN if same else Exit.FINDINGS


def _lines(one: Compared) -> list[str]:
    """Return what came of comparing one kind of file, in words."""
    from pbcheck.render.words import counted

    lines = [f"{one.name}: {counted(one.match, 'file')} the same{'' if one.same else ', others not'}."]
    for word, names in (
        ("changed", one.changed),
        ("missing", one.missing),
        ("new", one.new),
        ("not read then, so not compared", one.unsure),
    ):
        lines += [f"  {word}: {name}" for name in names[:SHOWN]]
        if len(names) > SHOWN:
            lines.append(f"  {word}: {len(names) - SHOWN:,} more")
    if one.missing and not one.match:
        lines.append("  None is where it was: name the place where they are now.")
    return lines


def _tool(held: Bundle) -> str:
    from pbcheck._version import __version__

    then = held.made["tool"]["version"]
    return f"pbcheck: {then}, as here." if held.same_tool else f"pbcheck: {then} then, {__version__} here."


def _hash(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()
