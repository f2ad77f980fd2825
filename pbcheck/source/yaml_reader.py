"""YAML to data with positions, built from parser events: strict, bounded, and the same under YAML 1.1 and 1.2.

What the two versions of YAML read differently (`no`, `012`, `12:30:00`, `1_000`) is refused with the text to write
instead, since a reader of the file and the checker must see the same value. Source: YAML 1.2.2, section 10.3.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from pbcheck.source.document import MAX_ANCHORS, MAX_DEPTH, MAX_DIGITS, MAX_NODES, Fault, Mark, Path, Positions, Unreadable

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_YAML_11_BOOL = re.compile(r"^(?:y|n|yes|no|on|off)$", re.IGNORECASE)
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_ODD_DATE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:$|[Tt\s])")
_INT = re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$")
_FLOAT = re.compile(r"^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+$")
_EXPONENT = re.compile(r"^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+$")
_ODD_NUMBER = re.compile(r"^[-+]?(?:0[xob_]?[0-9a-fA-F_]+|[0-9][0-9_,]*_[0-9_]*(?:\.[0-9_]*)?|[0-9]+\.|\.[0-9]+|0[0-9]+\.[0-9]*)$")
_SEXAGESIMAL = re.compile(r"^[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?$")
_NOT_FINITE = re.compile(r"^[-+]?\.(?:inf|nan)$|^[-+]?(?:inf|nan|infinity)$", re.IGNORECASE)
_STANDARD = "tag:yaml.org,2002:"

_PROBLEMS = (
    ("found character '\\t'", "A tab stands where YAML needs spaces: replace it by two spaces a level."),
    ("tab character", "A tab stands where YAML needs spaces: replace it by two spaces a level."),
    ("mapping values are not allowed", "A second colon on this line: put the text after the first one in quotes."),
    ("could not find expected ':'", "A key without a colon: expected `key: value`."),
    ("did not find expected key", "Expected a key at this indentation: line it up with the keys above."),
    ("did not find expected '-'", "Expected a list item starting with `- ` at this indentation."),
    ("unexpected end of stream", "A quotation mark or bracket opened here is never closed."),
    ("found undefined alias", "An alias (`*name`) points to no anchor (`&name`) above it: write the value out."),
    ("cannot start any token", "This character cannot begin a value: put the value in quotes."),
    ("did not find expected ',' or", "A list or map in brackets is not closed, or a comma is missing."),
)


@dataclass
class _Frame:
    """A list or map being filled."""

    value: Any
    path: Path
    anchor: str | None
    nodes_before: int
    key: str | None = None
    seen: dict[str, Mark] = field(default_factory=dict)


def read_yaml(text: str, words: frozenset[str] = frozenset()) -> Iterator[tuple[Any, Positions] | Unreadable]:
    """Yield the data and positions of each document of a YAML stream, or in its place what makes it unreadable.

    `words` are taken as text although some programs read them otherwise, where no other reading can be meant.
    """
    reader = _Reader(text, words)
    events = yaml.parse(text, Loader=Loader)
    while True:
        try:
            event = next(events)
        except StopIteration:
            return
        except yaml.YAMLError as error:
            yield Unreadable(*reader.faults, _syntax_fault(error, text))
            return
        if isinstance(event, yaml.DocumentStartEvent):
            reader = _Reader(text, words)
        elif isinstance(event, yaml.DocumentEndEvent):
            yield Unreadable(*reader.faults) if reader.faults else (reader.root, reader.positions)
        else:
            try:
                reader.take(event)
            except Unreadable as stop:
                yield stop
                return


def _syntax_fault(error: yaml.YAMLError, text: str) -> Fault:
    problem = str(getattr(error, "problem", "") or "")
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    if "end of stream" in problem and context is not None:
        mark = context
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    here = lines[line - 1] if line <= len(lines) else ""
    words = next((words for part, words in _PROBLEMS if part in problem), "The file is not well-formed YAML here.")
    if "\t" in here[: len(here) - len(here.lstrip())] or here[column - 1 : column] == "\t":
        words = _PROBLEMS[0][1]
    return Fault("not-well-formed", words, Mark(line, column))


class _Reader:
    """Builds one document from events, with an explicit stack, so that depth costs no recursion."""

    def __init__(self, text: str, words: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.words = words
        self.positions = Positions()
        self.root: Any = None
        self.faults: list[Fault] = []
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[Any, int] | None] = {}
        self.nodes = 0

    def take(self, event: Any) -> None:
        """Take one event; raises Unreadable where going on would be unsafe."""
        if isinstance(event, (yaml.StreamStartEvent, yaml.StreamEndEvent)):
            return
        mark = Mark(event.start_mark.line + 1, event.start_mark.column + 1, _end_column(event))
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event, mark)
        elif self._wants_key():
            self._key(event, mark)
        else:
            self._value(event, mark)

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None

    def _key(self, event: Any, mark: Mark) -> None:
        frame = self.stack[-1]
        if not isinstance(event, yaml.ScalarEvent):
            raise Unreadable(*self.faults, Fault("not-well-formed", "A list or map cannot be a key: expected `key: value`.", mark))
        key = event.value
        if key == "<<":
            words = "Merge keys (`<<`) are read differently by different programs: write the settings out here."
            self.faults.append(Fault("ambiguous-value", words, mark, frame.path))
        elif not event.style and _YAML_11_BOOL.match(key):
            words = "This key is read as true or false by some programs: put it in quotes or use another word."
            self.faults.append(Fault("ambiguous-value", words, mark, frame.path))
        elif key in frame.seen:
            words = f"This key stands twice: first on line {frame.seen[key].line}. Keep one of the two."
            self.faults.append(Fault("duplicate-key", words, mark, (*frame.path, key)))
        frame.seen.setdefault(key, mark)
        frame.key = key
        self.positions.keys[(*frame.path, key)] = mark

    def _value(self, event: Any, mark: Mark) -> None:
        self._count(mark)
        path = self._path()
        self.positions.values[path] = mark
        self._check_anchor(event, mark)
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event, mark, path)
            self._put(value)
            if event.anchor:
                self.anchors[event.anchor] = (value, 1)
            return
        if event.tag and not event.tag.startswith(_STANDARD):
            self.faults.append(Fault("ambiguous-value", "Tags (`!name`) are not used here: write the plain value.", mark, path))
        value = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._put(value)
        if len(self.stack) >= MAX_DEPTH:
            words = f"Nested deeper than {MAX_DEPTH} levels: no document of pbcheck needs that."
            raise Unreadable(*self.faults, Fault("too-large", words, mark, path))
        if event.anchor:
            self.anchors[event.anchor] = None
        self.stack.append(_Frame(value, path, event.anchor, self.nodes))

    def _count(self, mark: Mark, nodes: int = 1) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            words = f"More than {MAX_NODES:,} values once its aliases are written out: split the file, or write aliases out."
            raise Unreadable(*self.faults, Fault("too-large", words, mark))

    def _check_anchor(self, event: Any, mark: Mark) -> None:
        if event.anchor and len(self.anchors) >= MAX_ANCHORS:
            words = f"More than {MAX_ANCHORS} anchors (`&name`): write the values out."
            raise Unreadable(*self.faults, Fault("too-large", words, mark))

    def _alias(self, event: Any, mark: Mark) -> None:
        known = self.anchors.get(event.anchor)
        if self._wants_key() or known is None:
            words = "An alias (`*name`) here points to itself or stands for a key: write the value out."
            raise Unreadable(*self.faults, Fault("ambiguous-value", words, mark))
        value, nodes = known
        self._count(mark, nodes)
        self.positions.values[self._path()] = mark
        self._put(copy.deepcopy(value))

    def _path(self) -> Path:
        if not self.stack:
            return ()
        frame = self.stack[-1]
        return (*frame.path, frame.key if isinstance(frame.value, dict) and frame.key is not None else len(frame.value))

    def _put(self, value: Any) -> None:
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        if isinstance(frame.value, dict):
            frame.value[frame.key] = value
            frame.key = None
        else:
            frame.value.append(value)

    def _close(self) -> None:
        frame = self.stack.pop()
        if frame.anchor:
            self.anchors[frame.anchor] = (frame.value, self.nodes - frame.nodes_before + 1)

    def _scalar(self, event: Any, mark: Mark, path: Path) -> Any:
        text: str = event.value
        if event.tag and event.tag != "!":
            if event.tag == _STANDARD + "str":
                return text
            self.faults.append(Fault("ambiguous-value", "Tags (`!name`) are not used here: write the plain value.", mark, path))
            return text
        if event.style or text in self.words:
            return text
        value, problem = plain_scalar(text)
        if problem:
            self.faults.append(Fault(*problem, mark, path))
        return value


def _end_column(event: Any) -> int:
    start, end = event.start_mark, event.end_mark
    return end.column + 1 if isinstance(event, yaml.ScalarEvent) and end.line == start.line else 0


def plain_scalar(text: str) -> tuple[Any, tuple[str, str] | None]:
    """Return the value of an unquoted scalar, and the check and words where it cannot be taken as it is."""
    if text in _NULL:
        return None, None
    if text in _BOOL:
        return _BOOL[text], None
    if not text[0].isdigit() and text[0] not in "-+." and not _YAML_11_BOOL.match(text):
        if _NOT_FINITE.match(text):
            return None, ("number-not-exact", "Expected a number: 'not a number' and 'infinity' are no amounts.")
        return text, None
    return _numeric(text)


def _numeric(text: str) -> tuple[Any, tuple[str, str] | None]:
    if _INT.match(text) or _FLOAT.match(text):
        if sum(character.isdigit() for character in text) > MAX_DIGITS:
            return None, ("number-not-exact", f"More than {MAX_DIGITS} digits cannot be kept exactly: put a reference number in quotes.")
        return (int(text) if _INT.match(text) else Decimal(text)), None
    if _DATE.match(text):
        return text, None
    odd = _ODD_DATE.match(text)
    if odd:
        year, month, day = odd.groups()
        return None, ("ambiguous-value", f"Write the date as {year}-{int(month):02}-{int(day):02}, without a time.")
    if _YAML_11_BOOL.match(text):
        truth = "true" if text.lower() in ("y", "yes", "on") else "false"
        return None, (
            "ambiguous-value",
            f"Some programs read this word as {truth}, others as text: write `{truth}`, or put it in quotes.",
        )
    if _EXPONENT.match(text):
        return None, ("number-not-exact", "Write the number out in full, without an exponent (`e`); put a reference in quotes.")
    if _NOT_FINITE.match(text):
        return None, ("number-not-exact", "Expected a number: 'not a number' and 'infinity' are no amounts.")
    if _SEXAGESIMAL.match(text):
        return None, ("ambiguous-value", "Some programs read this as a number of seconds: put it in quotes.")
    if _ODD_NUMBER.match(text):
        words = "Some programs read this number differently (leading zero, underscore, other base): write plain digits or use quotes."
        return None, ("ambiguous-value", words)
    return text, None
