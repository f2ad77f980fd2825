"""Many statements at once: one file a case, under a name that cannot leave the folder and that no two cases share."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from pbcheck.gather import record_name
from pbcheck.opened import Opened
from pbcheck.render import write
from pbcheck.source.document import Document
from pbcheck.statement import html, text
from pbcheck.statement.content import statement
from pbcheck.statement.model import Statement
from pbcheck.statement.period import Period

STYLES: dict[str, Callable[[Statement, str], str]] = {"text": text.render, "html": html.render}
ENDINGS = {"text": ".txt", "html": ".html"}
_SAFE = re.compile(r"[A-Z0-9][A-Z0-9_-]*\Z")
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])\Z")


def file_name(name: str) -> str:
    """Return a name for the file of a case, without its ending.

    A name of capitals, digits, hyphens and underscores is kept. Any other has what is not a letter or a digit replaced and a
    fingerprint added, since `a/b` and `a-b`, and on some systems `a` and `A`, would be one file.
    """
    if _SAFE.match(name) and not _RESERVED.match(name):
        return name
    slug = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "case"
    return f"{slug}.{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def layout_for(case: Document, asked: str | None) -> str:
    """Return the layout asked for, else easy read where it is on record that the person needs it, else the standard one."""
    needs = case.data.get("person", {}).get("communication_format")
    return asked or ("easy-read" if needs == "easy_read" else "standard")


def write_all(opened: Opened, folder: Path, period: Period | None, *, layout: str | None, style: str, names: bool) -> Iterator[Statement]:
    """Write the statement of every case into a folder, each as a whole or not at all, and yield it; raises OSError."""
    taken: set[str] = set()
    for case in opened.cases():
        made = statement(opened, case, period, names=names)
        name = file_name(record_name(case))
        while name in taken:
            name = f"{name}-again"
        taken.add(name)
        write(folder / f"{name}{ENDINGS[style]}", STYLES[style](made, layout_for(case, layout)))
        yield made
