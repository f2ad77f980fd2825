"""The report as a folder of linked pages: an index, a page a theme, and pages for every rule with all places; nothing is left out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pbcheck.model import Finding, Report
from pbcheck.render import write
from pbcheck.render.html.frame import MARK, Links, slug
from pbcheck.render.html.page import FILES, Pages

A_PAGE = 1_000
"""How many places, or files, one page lists; what is more stands on numbered pages."""


def write_folder(report: Report, folder: Path) -> None:
    """Write the pages, each as a whole or not at all, the index last; raises OSError where one cannot be written.

    Pages of an earlier report that this one does not have are removed; no other file is touched.
    """
    made = set()
    for name, text in pages(report):
        write(folder / name, text)
        made.add(folder / name)
    for old in sorted([*folder.glob("rules/*.html"), *folder.glob("themes/*.html"), *folder.glob("files*.html")]):
        if old not in made and _ours(old):
            old.unlink()


def pages(report: Report) -> Iterator[tuple[str, str]]:
    """Yield every page with its path in the folder."""
    given = Pages(report)
    inside = Links(folder=True, root="../")
    for group in given.groups:
        base = slug(group.rule.id)
        numbers = _numbers(base, len(group.all))
        found = in_full(report, group.rule.id)
        for number, name in numbers:
            yield f"rules/{name}", given.one_rule(group, inside, list(islice(found, A_PAGE)), (number - 1) * A_PAGE, numbers, number)
    for theme in given.themes:
        yield f"themes/{slug(theme.name)}.html", given.one_theme(theme, inside)
    if len(given.files) > FILES:
        numbers = _numbers("files", len(given.files))
        for number, name in numbers:
            start = (number - 1) * A_PAGE
            yield name, given.some_files(given.files[start : start + A_PAGE], Links(folder=True, root="./"), start, numbers, number)
    yield "index.html", given.whole(Links(folder=True))


def in_full(report: Report, rule: str) -> Iterator[Finding]:
    """Yield all findings of a rule: those that count, then those set aside."""
    found = report.of_rule(rule)
    yield from (one for one in found if one.set_aside is None)
    yield from (one for one in found if one.set_aside is not None) if report.set_aside[rule] else ()


def _numbers(base: str, total: int) -> list[tuple[int, str]]:
    """Return the numbered pages that so many rows need, with their names."""
    count = max(1, -(-total // A_PAGE))
    return [(number, f"{base}.html" if number == 1 else f"{base}.{number}.html") for number in range(1, count + 1)]


def _ours(path: Path) -> bool:
    """Return whether a page says that pbcheck wrote it."""
    with path.open("rb") as file:
        return MARK.encode() in file.read(2_000)
