"""Options for large exports: how many processes judge the cases, and where a long audit keeps what is finished."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pbcheck.pipeline import Way

AUTO = "auto"
MOST_JOBS = 256


def _jobs(_: click.Context, __: click.Parameter, value: str) -> int:
    """Return the number of processes; 0 for `auto`."""
    if value == AUTO:
        return 0
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= MOST_JOBS):
        raise click.BadParameter(f"expected a number of processes from 1 to {MOST_JOBS}, or {AUTO}")
    return int(value)


def working(command: Any) -> Any:
    """Add -j/--jobs and --resume to a command, which gets `jobs` (0: auto) and `resume` (a folder or None): give them to `way_of`."""
    options = (
        click.option(
            "-j",
            "--jobs",
            callback=_jobs,
            default="1",
            show_default=True,
            metavar="N|auto",
            help="Judge the cases in so many processes; auto: one a processor where there is enough to do. The result is the same.",
        ),
        click.option(
            "--resume",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="FOLDER",
            help="Keep finished parts of a long audit in this folder, and go on from them after an interruption.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def way_of(jobs: int, resume: Path | None) -> Way | None:
    """Return how the cases are to be judged; None where nothing was asked for."""
    if jobs == 1 and resume is None:
        return None
    from pbcheck.pipeline import Way

    return Way(jobs, resume)
