"""Report to text: one module a format, none of which knows another's, and nothing but the model; and how a file is written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TextIO

from pbcheck.model import Report
from pbcheck.vcs import Checkout

_HOMES = {
    "text": "text_report",
    "concise": "concise_report",
    "json": "json_report",
    "jsonl": "jsonl_report",
    "html": "html_report",
    "markdown": "markdown_report",
    "csv": "csv_report",
    "sarif": "sarif_report",
    "junit": "junit_report",
    "github": "github_report",
    "gitlab": "gitlab_report",
}
FORMATS = tuple(_HOMES)
HOSTED = ("sarif", "github", "gitlab")
"""Formats whose reader wants paths from the root of the checkout."""


def render(name: str, report: Report, checkout: Checkout | None = None) -> str:
    """Return a report in a format; a code host's formats name files from the root of the checkout, where one is given."""
    function: Callable[..., str] = import_module(f"pbcheck.render.{_HOMES[name]}").render
    return function(report, checkout) if name in HOSTED else function(report)


def pieces(name: str, report: Report, checkout: Checkout | None = None) -> Iterator[str]:
    """Yield the same text piece by piece, for reports that are too large to be held as one text."""
    module = import_module(f"pbcheck.render.{_HOMES[name]}")
    function: Callable[..., Iterator[str]] | None = getattr(module, "pieces", None)
    if function is None:
        yield render(name, report, checkout)
    else:
        yield from function(report, checkout) if name in HOSTED else function(report)


def write_all(report: Report, outputs: Iterable[tuple[str, Path]], checkout: Checkout | None = None) -> list[str]:
    """Write a report in several formats and return what could not be written, in words; one that fails does not lose the others.

    A bug in one format is raised when all the others are written.
    """
    failed: list[str] = []
    bug: Exception | None = None
    for name, path in outputs:
        try:
            write_as(path, name, report, checkout)
        except OSError as error:
            failed.append(f"{path} could not be written ({error.strerror}).")
        except Exception as error:  # the files that can be written are written first
            bug = bug or error
    if bug is not None:
        raise bug
    return failed


def write_as(path: Path, name: str, report: Report, checkout: Checkout | None = None) -> None:
    """Write a report in a format, as a whole or not at all, without holding its text; raises OSError where it cannot be written."""
    with written(path) as out:
        out.writelines(pieces(name, report, checkout))


def write(path: Path, text: str) -> None:
    """Write a file as a whole or not at all; raises OSError where it cannot be written."""
    with written(path) as out:
        out.write(text)


@contextmanager
def written(path: Path) -> Iterator[TextIO]:
    """Give a file to write to, which takes its name when all is written, or goes; raises OSError where it cannot be written.

    A device or pipe, such as /dev/stdout, is written to and stays what it is.
    """
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="\n") as out:
            yield out
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            yield out
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
