"""Report to text: one module a format, none of which knows another, and nothing but the model."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TextIO

from pbcheck.model import Report

_HOMES = {"text": "text_report", "json": "json_report", "html": "html_report"}
FORMATS = tuple(_HOMES)


def render(name: str, report: Report) -> str:
    """Return a report in a format: text, json or html."""
    function: Callable[[Report], str] = import_module(f"pbcheck.render.{_HOMES[name]}").render
    return function(report)


def write(path: Path, text: str) -> None:
    """Write a file as a whole or not at all; raises OSError where it cannot be written."""
    with written(path) as out:
        out.write(text)


@contextmanager
def written(path: Path) -> Iterator[TextIO]:
    """Give a file to write to, which takes its name when all is written, or goes; raises OSError where it cannot be written."""
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
