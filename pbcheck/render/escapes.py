"""One function for each kind of reader: a text that acts on none of them, for logs, workflow commands, Markdown, XML, cells and URIs."""

from __future__ import annotations

import re
from functools import lru_cache

from pbcheck.render.words import inert

_LOG_COMMAND = re.compile(r"##(?=\w*\[)")
_MARKDOWN = str.maketrans(
    {one: f"\\{one}" for one in "\\`*_[]~$"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "{": "&#123;", "}": "&#125;", "|": "&#124;", "@": "@&#8203;", "#": "#&#8203;"}
)
_ADDRESS = re.compile(r"(?<=:)//|(?i:(?<=\bwww)\.)")
_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")


def clean(text: str) -> str:
    """Return a text on one line without control characters, direction marks and the commands of build logs (`##[`, `##vso[`)."""
    if not text.isprintable():
        text = inert(text)
    return _LOG_COMMAND.sub("## ", text) if "##" in text else text


def cut(text: str, longest: int) -> str:
    """Return a text of at most so many characters; one that is shortened says by how much."""
    if len(text) <= longest:
        return text
    kept = longest - 40
    return f"{text[:kept]} … ({len(text) - kept:,} more characters)"


def command_data(text: str) -> str:
    """Return a text as the data of a GitHub workflow command."""
    return clean(text).replace("%", "%25")


def command_property(text: str) -> str:
    """Return a text as the value of a property of a GitHub workflow command."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")


def markdown(text: str) -> str:
    """Return a text as words in Markdown: no formatting, HTML, link, mention, reference, formula or template comes of it."""
    return _ADDRESS.sub(lambda found: f"&#8203;{found.group()}", clean(text).translate(_MARKDOWN))


def xml(text: str) -> str:
    """Return a text as character data or an attribute's value in XML."""
    return clean(text).translate(_XML)


def cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet runs as a formula: one that could be has an apostrophe before it."""
    text = clean(text)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


@lru_cache(maxsize=1024)
def percent(path: str) -> str:
    """Return a path as the path of a URI: all but letters, digits, `-._~` and slashes as bytes in hexadecimal."""
    return "".join(chr(one) if one in _PLAIN else f"%{one:02X}" for one in path.encode("utf-8", "backslashreplace"))
