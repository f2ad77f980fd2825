"""The frame of every page: templates, style and script, and a security policy that lets in these two and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pbcheck.render.words import counted, inert_lines

TEMPLATES = Path(__file__).parent.parent / "templates"
MARK = '<meta name="generator" content="pbcheck">'
_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


class Links(NamedTuple):
    """Where a page finds the others: all on one page, or a folder of pages that this page sees from `root`."""

    folder: bool = False
    root: str = ""

    def rule(self, name: str) -> str:
        """Return the address of a rule's findings."""
        return f"{self.root}rules/{slug(name)}.html" if self.folder else f"#rule-{slug(name)}"

    def theme(self, name: str) -> str:
        """Return the address of a theme."""
        return f"{self.root}themes/{slug(name)}.html" if self.folder else f"#theme-{slug(name)}"

    def section(self, name: str) -> str:
        """Return the address of a section of the report."""
        return f"{self.root}index.html#{name}" if self.root else f"#{name}"

    def law(self, name: str) -> str:
        """Return the address of an entry of the law register."""
        return self.section(f"law-{slug(name)}")


def slug(name: str) -> str:
    """Return a name that is safe as an anchor and as a file name: itself where it is plain, else made from its hash."""
    if _PLAIN.fullmatch(name):
        return name
    return "x-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def page(template: str, **given: Any) -> str:
    """Return a page made from a template; every text that it shows is inert and escaped."""
    text: str = environment().get_template(template).render(**given)
    return text


@cache
def environment() -> Any:
    """Return the templates, compiled once."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_inert,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    from markupsafe import Markup

    style, script = _read("report.css"), _read("report.js")
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    made.globals.update(
        style=Markup(style),  # noqa: S704 our own file
        script=Markup(script),  # noqa: S704 our own file
        policy=Markup(policy),  # noqa: S704 made from two hashes
        mark=Markup(MARK),  # noqa: S704 our own text
        slug=slug,
        counted=counted,
    )
    made.filters.update(words=in_words, number=_number, first_upper=_first_upper)
    return made


def _inert(value: Any) -> Any:
    """Return a text without characters that act; what a template made itself is left alone."""
    if type(value) is not str or (value.isascii() and value.isprintable()):
        return value
    return inert_lines(value)


def in_words(name: str) -> str:
    """Return the name of a theme as words."""
    return _first_upper(name.replace("-", " "))


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _number(value: int) -> str:
    return f"{value:,}"


def _read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
