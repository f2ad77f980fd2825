"""Bytes to text, strictly: UTF-8 with or without a byte order mark, any line ending, no control characters."""

from __future__ import annotations

import re

from pbcheck.source.document import Fault, Mark, Unreadable

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff￾￿]")
_BOM = b"\xef\xbb\xbf"


def decode(raw: bytes) -> str:
    """Return the text of a file; raises Unreadable with the place of the first byte that cannot be read."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        words = "The file is saved as UTF-16. Save it again as UTF-8 (in Excel or Notepad: 'UTF-8' under 'Save as')."
        raise Unreadable(Fault("not-utf8", words, Mark(1, 1)))
    try:
        text = raw.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(_not_utf8(raw.removeprefix(_BOM), error)) from None
    if not text.strip():
        raise Unreadable(Fault("empty-file", "The file is empty: expected a document that says its `kind`.", Mark(1, 1)))
    bad = _FORBIDDEN.search(text)
    if bad:
        name = "a NUL character" if bad.group() == "\x00" else "a control character"
        words = f"The text holds {name} (code {ord(bad.group()):#04x}), which no text has. Remove it, or export the file again."
        raise Unreadable(Fault("control-character", words, mark_at(text, bad.start())))
    return text


def _not_utf8(raw: bytes, error: UnicodeDecodeError) -> Fault:
    line = raw.count(b"\n", 0, error.start) + 1
    start = raw.rfind(b"\n", 0, error.start) + 1
    column = len(raw[start : error.start].decode("utf-8", "replace")) + 1
    byte = raw[error.start]
    words = f"Byte {byte:#04x} is not UTF-8."
    if byte in range(0x80, 0x100) and not raw[error.start : error.start + 1].isascii():
        words += " The file looks like Windows-1252 (ANSI), as older Excel and Notepad save it: save it again as UTF-8."
    return Fault("not-utf8", words, Mark(line, column))


def mark_at(text: str, offset: int) -> Mark:
    """Return the line and column, from 1, of an offset into a text."""
    line = text.count("\n", 0, offset) + 1
    return Mark(line, offset - text.rfind("\n", 0, offset))
