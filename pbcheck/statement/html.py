"""A statement as one self-contained HTML page, on screen and on paper, in three layouts; no scripts, no requests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pbcheck.gather import is_id
from pbcheck.statement.model import Statement
from pbcheck.statement.text import sentences


def render(found: Statement, layout: str = "standard") -> str:
    """Return a statement as an HTML page in a layout: standard, large-print or easy-read."""
    footer = f"{found.reference} · " if is_id(found.reference) else ""
    text: str = _template().render(found=found, layout=layout, easy=layout == "easy-read", footer=footer)
    return text


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["sentences"] = sentences
    return environment.get_template("statement.html.j2")
