"""JSON to data with positions: strict (RFC 8259), bounded, exact in its numbers, and every duplicate key named.

`read_json` is the slow, exact way with places; `fast_json` reads a record in a few microseconds and declines whatever
it cannot vouch for, so that the slow way then says what is wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # the standard library's own string scanner
from typing import Any

import msgspec

from pbcheck.source.document import MAX_DEPTH, MAX_DIGITS, Fault, Mark, Path, Positions, Unreadable

_SPACE = re.compile(r"[ \t\n\r]*")
_BREAK = re.compile("\n")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}
_NAMED = re.compile(r"-?(?:NaN|Infinity|inf|nan)|[A-Za-z_]+")


def _exact(text: str) -> Decimal:
    if "e" in text or "E" in text or len(text) > MAX_DIGITS:
        raise ValueError("not exact")
    return Decimal(text)


_decoder = msgspec.json.Decoder(float_hook=_exact)
_encoder = msgspec.json.Encoder(decimal_format="number")


_CONTROL = re.compile(b"\xc2[\x80-\x84\x86-\x9f]|\xef\xbf[\xbe\xbf]")


def fast_json(raw: bytes) -> Any:
    """Return the data of a JSON text read fast, or None where only `read_json` can vouch for it.

    Duplicate keys are found by writing the data out again: a text without superfluous space has the same length, any text
    the same number of quotation marks, unless a key was lost. A text with backslashes or control characters is left to `read_json`.
    """
    if b"\\" in raw or b"\x7f" in raw or (not raw.isascii() and _CONTROL.search(raw)):
        return None
    try:
        data = _decoder.decode(raw)
    except (ValueError, RecursionError, msgspec.DecodeError):
        return None
    again = _encoder.encode(data)
    if len(again) == len(raw) or len(again) == len(raw.rstrip(b"\r\n")) or again.count(b'"') == raw.count(b'"'):
        return data
    return None


_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_elements = msgspec.json.Decoder(list[msgspec.Raw])


_Member = tuple[int | None, int, bytes]


class FastPlaces:
    """The marks of single paths in a line that `fast_json` has read, found by unfolding only the groups on the way.

    It may be asked only of a text without backslashes and duplicate keys, where the first occurrence of a value's own bytes
    after its key is that value. Groups once unfolded are kept, for the next question about the same record.
    """

    __slots__ = ("ascii", "number", "raw", "tables")

    def __init__(self, raw: bytes, number: int) -> None:
        self.raw = raw
        self.ascii = raw.isascii()
        self.number = number
        self.tables: dict[Path, dict[str | int, _Member]] = {}

    def positions(self) -> Positions:
        """Return the marks of every path, found by reading the line slowly and exactly."""
        return read_json(self.raw.decode("utf-8").strip("\r\n"), self.number)[1]

    def __call__(self, path: Path, key: bool) -> Mark:
        """Return the mark of a path, or of the key of the nearest group above it."""
        named: int | None = None
        start, group, reached = self.raw.find(b"{"), self.raw.lstrip(), 0
        for step in path:
            found = self._table(path[:reached], group, start).get(step)
            if found is None:
                break
            named, start, group = found
            reached += 1
        if named is not None and (key or reached < len(path)):
            first, last = named, named + len(str(path[reached - 1]).encode()) + 2
        else:
            first, last = start, start + (1 if group[:1] in (b"{", b"[") else len(group))
        column = self._characters(0, first) + 1
        return Mark(self.number, column, column + self._characters(first, last))

    def _characters(self, first: int, last: int) -> int:
        """Return how many characters some of the bytes are."""
        return last - first if self.ascii else len(self.raw[first:last].decode("utf-8"))

    def _table(self, path: Path, group: bytes, start: int) -> dict[str | int, _Member]:
        """Return where the members of a group stand: the key (None for an element of a list), the value, and the value's bytes."""
        if path not in self.tables:
            self.tables[path] = dict(self._members(group, start + 1))
        return self.tables[path]

    def _members(self, group: bytes, cursor: int) -> Iterator[tuple[str | int, _Member]]:
        raw = self.raw
        if group[:1] == b"{":
            for name, one in _members.decode(group).items():
                quoted, value = b'"' + name.encode() + b'"', bytes(one)
                named = raw.find(quoted, cursor)
                start = raw.find(value, named + len(quoted))
                yield name, (named, start, value)
                cursor = start + len(value)
        elif group[:1] == b"[":
            for index, one in enumerate(_elements.decode(group)):
                value = bytes(one)
                start = raw.find(value, cursor)
                yield index, (None, start, value)
                cursor = start + len(value)


def read_json(text: str, first_line: int = 1) -> tuple[Any, Positions]:
    """Return the data and the positions of one JSON text; raises Unreadable with every fault found.

    `first_line` is the number of the line on which the text begins, for records in a file of lines.
    """
    scanner = _Scanner(text, first_line)
    data = scanner.run()
    if scanner.faults:
        raise Unreadable(*scanner.faults)
    return data, scanner.positions


class _Scanner:
    """Reads one JSON text by recursive descent; the depth is bounded, so the recursion is too."""

    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self.first_line = first_line
        self.positions = Positions()
        self.faults: list[Fault] = []
        self.at = 0
        self.starts = [0, *(match.end() for match in _BREAK.finditer(text))]

    def run(self) -> Any:
        self.skip()
        value = self.value(())
        self.skip()
        if self.at < len(self.text):
            raise self.stop("Text follows after the end of the document: expected one JSON value.")
        return value

    def mark(self, offset: int, length: int = 0) -> Mark:
        line = bisect_right(self.starts, offset)
        column = offset - self.starts[line - 1] + 1
        return Mark(line + self.first_line - 1, column, column + length if length else 0)

    def stop(self, words: str, check: str = "not-well-formed", offset: int | None = None) -> Unreadable:
        place = self.mark(self.at if offset is None else offset)
        return Unreadable(*self.faults, Fault(check, words, place))

    def skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def value(self, path: Path) -> Any:
        if len(path) > MAX_DEPTH:
            raise self.stop(f"Nested deeper than {MAX_DEPTH} levels: no document of pbcheck needs that.", "too-large")
        start = self.at
        first = self.text[start : start + 1]
        if first == "{":
            value: Any = self.object(path)
        elif first == "[":
            value = self.array(path)
        elif first == '"':
            value = self.string()
        else:
            value = self.word_or_number(path)
        length = self.at - start if first not in "{[" else 1
        self.positions.values[path] = self.mark(start, length)
        return value

    def object(self, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        seen: dict[str, int] = {}
        self.at += 1
        self.skip()
        if self.take("}"):
            return out
        while True:
            start = self.at
            if self.text[start : start + 1] != '"':
                raise self.stop("Expected a key in double quotation marks.")
            key = self.string()
            here = (*path, key)
            mark = self.mark(start, self.at - start)
            if key in seen:
                words = f"This key stands twice: first on line {seen[key]}. Keep one of the two."
                self.faults.append(Fault("duplicate-key", words, mark, here))
            seen.setdefault(key, mark.line)
            self.positions.keys[here] = mark
            self.skip()
            if not self.take(":"):
                raise self.stop("Expected a colon after the key.")
            self.skip()
            out[key] = self.value(here)
            self.skip()
            if self.take("}"):
                return out
            if not self.take(","):
                raise self.stop("Expected a comma or a closing brace.")
            self.skip()

    def array(self, path: Path) -> list[Any]:
        out: list[Any] = []
        self.at += 1
        self.skip()
        if self.take("]"):
            return out
        while True:
            out.append(self.value((*path, len(out))))
            self.skip()
            if self.take("]"):
                return out
            if not self.take(","):
                raise self.stop("Expected a comma or a closing bracket.")
            self.skip()

    def take(self, character: str) -> bool:
        if self.text.startswith(character, self.at):
            self.at += 1
            return True
        return False

    def string(self) -> str:
        start = self.at
        try:
            value, self.at = scanstring(self.text, start + 1, True)
        except JSONDecodeError as error:
            words = "A text in quotation marks is not closed, or holds a line break or a wrong escape."
            raise self.stop(words, offset=min(error.pos, max(len(self.text) - 1, 0))) from None
        if any(0xD800 <= ord(character) <= 0xDFFF for character in value):
            raise self.stop("Half a surrogate pair is no character: export the file again as UTF-8.", "control-character", start)
        return str(value)

    def word_or_number(self, path: Path) -> Any:
        match = _NUMBER.match(self.text, self.at)
        if match:
            return self.number(match, path)
        named = _NAMED.match(self.text, self.at)
        word = named.group() if named else ""
        if word in _WORDS:
            self.at += len(word)
            return _WORDS[word]
        if word.lower().lstrip("-") in ("nan", "infinity", "inf"):
            raise self.stop("Expected a number: 'not a number' and 'infinity' are no amounts.", "number-not-exact")
        if self.at >= len(self.text):
            raise self.stop("The document ends too early: a brace or bracket is not closed.")
        raise self.stop("Expected a value: text in double quotation marks, a number, true, false, null, a list or an object.")

    def number(self, match: re.Match[str], path: Path) -> int | Decimal:
        text = match.group()
        mark = self.mark(self.at, len(text))
        self.at = match.end()
        if self.text[self.at : self.at + 1].isdigit():
            raise self.stop("A number cannot begin with a zero: put a reference number in quotation marks.")
        if match.group(2):
            words = "Write the number out in full, without an exponent (`e`)."
            self.faults.append(Fault("number-not-exact", words, mark, path))
            return 0
        if sum(character.isdigit() for character in text) > MAX_DIGITS:
            words = f"More than {MAX_DIGITS} digits cannot be kept exactly: put a reference number in quotation marks."
            self.faults.append(Fault("number-not-exact", words, mark, path))
            return 0
        return Decimal(text) if match.group(1) else int(text)
