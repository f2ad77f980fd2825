"""Comments that set a finding aside in its place: `# pbcheck: ignore[rule-id] until 2027-03-31: reason`, on its line or above."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from pbcheck.figures.dates import is_date
from pbcheck.source.document import Unreadable
from pbcheck.source.text import decode
from pbcheck.source.yaml_reader import Loader

_MARK = re.compile(r"#\s*pbcheck\s*(?:[:\[]|[\s_-]\s*(?:ignore|suppress|disable|noqa|off)\b)", re.IGNORECASE)
_IGNORE = re.compile(r"#\s*pbcheck\s*:\s*ignore(?:\s*\[(?P<names>[^\]]*)\]|(?![\w-]|\s*\[))\s*(?P<rest>.*)", re.IGNORECASE)
_UNTIL = re.compile(r"until\s+(?P<until>\S+?)\s*:\s*(?P<reason>.*)", re.IGNORECASE)
FORM = "# pbcheck: ignore[rule-id] until 2027-03-31: reason"
EVERY = ("*", "all", "any")


@dataclass(frozen=True)
class Comment:
    """One comment: where it stands, the line of the findings it is about, and what it says.

    `fault` is the id of a check with words where the comment cannot be understood; such a one sets nothing aside.
    """

    line: int
    column: int
    about: int
    rules: tuple[str, ...] = ()
    until: str = ""
    reason: str = ""
    fault: tuple[str, str] | None = None


def comments_in(raw: bytes) -> list[Comment]:
    """Return the comments to pbcheck in the text of a YAML file; none where the text cannot be read, which is a finding elsewhere."""
    if b"pbcheck" not in raw.lower():
        return []
    try:
        text = decode(raw)
        scalars = _scalars(text) if _MARK.search(text) else None
    except (Unreadable, yaml.YAMLError):  # the reader of the documents says what is wrong with the file; nothing is set aside in it
        return []
    if scalars is None:
        return []
    lines = text.splitlines(keepends=True)
    found = []
    start = 0
    for number, line in enumerate(lines, 1):
        at = _comment(line, start, scalars)
        if at is not None:
            found.append(_read(line[at:].strip(), number, at + 1, _about(lines, number, line[:at])))
        start += len(line)
    return found


def _scalars(text: str) -> list[tuple[int, int]]:
    """Return where the values of a YAML text stand, from the first character of each to behind its last."""
    return [(one.start_mark.index, one.end_mark.index) for one in yaml.scan(text, Loader=Loader) if isinstance(one, yaml.ScalarToken)]


def _comment(line: str, start: int, scalars: list[tuple[int, int]]) -> int | None:
    """Return where the comment of a line begins that speaks to pbcheck; None where there is none."""
    for mark in _MARK.finditer(line):
        at = mark.start()
        if at and not line[at - 1].isspace():
            continue
        if not any(first <= start + at < last for first, last in _near(scalars, start + at)):
            return at
    return None


def _near(scalars: list[tuple[int, int]], at: int) -> Iterator[tuple[int, int]]:
    place = bisect_right(scalars, (at, 1 << 60))
    yield from scalars[max(0, place - 1) : place]


def _about(lines: list[str], number: int, before: str) -> int:
    """Return the line that a comment is about: its own where something stands before it, else the next one that is no comment."""
    if before.strip():
        return number
    for below in range(number, len(lines)):
        words = lines[below].strip()
        if words and not words.startswith("#"):
            return below + 1
    return number


def _read(words: str, line: int, column: int, about: int) -> Comment:
    def bad(check: str, said: str) -> Comment:
        return Comment(line, column, about, fault=(check, said))

    found = _IGNORE.fullmatch(words)
    if found is None:
        return bad("suppression-malformed", f"This comment is not understood: expected `{FORM}`.")
    names = tuple(one.strip() for one in (found["names"] or "").split(",") if one.strip())
    if not names or any(one.lower() in EVERY for one in names):
        return bad("suppression-blanket", f"This comment names no rule: expected `{FORM}`.")
    until = _UNTIL.fullmatch(found["rest"].strip())
    if until is None:
        return bad("suppression-malformed", f"This comment lacks its end or its reason: expected `{FORM}`.")
    if not is_date(until["until"]):
        return bad("suppression-malformed", "The end of this comment is no date: write year-month-day, such as 2027-03-31.")
    if len(until["reason"].strip()) < 3:
        return bad("suppression-malformed", f"This comment gives no reason: expected `{FORM}`.")
    return Comment(line, column, about, names, until["until"], until["reason"].strip())
