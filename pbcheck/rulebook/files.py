"""Reading rule files, with a place for every fault."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pbcheck.errors import PackFault, UsageError
from pbcheck.schema.messages import faults as schema_faults
from pbcheck.schema.validate import validator
from pbcheck.source.document import Fault, Mark, Positions, Unreadable
from pbcheck.source.document import Path as DataPath
from pbcheck.source.text import decode
from pbcheck.source.yaml_reader import read_yaml


@dataclass(frozen=True)
class RuleSource:
    """One rule as data, and where its text stands; `row` is the matrix row it came from."""

    data: dict[str, Any]
    file: str
    lines: tuple[str, ...]
    positions: Positions = field(default_factory=Positions)
    row: int | None = None

    def fault(self, path: DataPath, message: str, *, key: bool = False, offset: int | None = None, length: int = 1) -> PackFault:
        """Return a fault at a field, or at an offset into the text of a field."""
        if self.row is not None:
            message = f"{message} (rule `{self.data.get('id', self.row)}` of the matrix)"
            path = ("matrix", self.row, *path) if ("matrix", self.row, *path) in self.positions.values else path
        mark = self._mark(path, key)
        if offset is not None and self.row is None:
            mark = self._inside(mark, str(_follow(self.data, path)), offset)
        line = self.lines[mark.line - 1] if 0 < mark.line <= len(self.lines) else ""
        width = length if offset is not None else max(1, mark.end_column - mark.column)
        return PackFault(self.file, mark.line, mark.column, message, line, width)

    def _mark(self, path: DataPath, key: bool) -> Mark:
        for end in range(len(path), -1, -1):
            first, second = (self.positions.keys, self.positions.values) if key else (self.positions.values, self.positions.keys)
            mark = first.get(path[:end]) or second.get(path[:end])
            if mark:
                return mark
        return Mark(1, 1)

    def _inside(self, mark: Mark, text: str, offset: int) -> Mark:
        """Return the place of an offset into a scalar, by counting what is not white space: right for every style of scalar."""
        before = sum(not one.isspace() for one in text[:offset])
        line, column = mark.line, mark.column - 1
        first = self.lines[line - 1][column : column + 1] if line <= len(self.lines) else ""
        if first in ("|", ">"):
            line, column = line + 1, 0
        elif first in ("'", '"'):
            column += 1
        while line <= len(self.lines):
            for at in range(column, len(self.lines[line - 1])):
                if not self.lines[line - 1][at].isspace():
                    if before == 0:
                        return Mark(line, at + 1)
                    before -= 1
            line, column = line + 1, 0
        return mark


def _follow(data: Any, path: DataPath) -> Any:
    for step in path:
        data = data[step]
    return data


def pack_files(folder: Path) -> list[Path]:
    """Return the files of a rule pack in order; raises UsageError where the folder holds none."""
    if not folder.is_dir():
        raise UsageError(f"There is no rule pack at {folder}: expected a folder of YAML files.")
    found = sorted(
        path for ending in ("*.yaml", "*.yml") for path in folder.rglob(ending) if "register" not in path.relative_to(folder).parts
    )
    if not found:
        raise UsageError(f"There is no rule in {folder}: expected <theme>/<rule-id>.yaml.")
    return found


def read_rule_file(path: Path, shown: str, raw: bytes) -> tuple[list[RuleSource], list[PackFault]]:
    """Return the rules of one file, several where it holds a matrix, and its faults; rules only where there are none."""
    try:
        if path.suffix != ".yaml":
            raise Unreadable(Fault("", "The name of a rule file ends in .yaml: rename it.", Mark(1, 1)))
        text = decode(raw)
        found = [one for one in read_yaml(text) if isinstance(one, Unreadable) or one[0] is not None]
        if not found:
            raise Unreadable(Fault("", "The file holds only comments: expected a rule.", Mark(1, 1)))
        first = found[0]
        if isinstance(first, Unreadable):
            raise first
        if len(found) > 1:
            raise Unreadable(Fault("", "A rule file holds one document: put the other into a file of its own.", Mark(1, 1)))
    except Unreadable as stop:
        lines = raw.decode("utf-8", "replace").splitlines()
        source = RuleSource({}, shown, tuple(lines))
        return [], [_reader_fault(source, fault.mark, fault.message) for fault in stop.faults]
    data, positions = first
    source = RuleSource(data if isinstance(data, dict) else {}, shown, tuple(text.splitlines()), positions)
    if not isinstance(data, dict):
        return [], [source.fault((), "Expected a rule: a group of keys such as id, title and expect.")]
    rows = data.get("matrix")
    faults = _shape_faults(source)
    if faults or rows is None:
        return ([] if faults else [source]), faults
    made = []
    for number, row in enumerate(rows):
        one = replace(source, data=expand(data, row), row=number)
        faults += _shape_faults(one)
        made.append(one)
    return ([] if faults else made), faults


def _reader_fault(source: RuleSource, mark: Mark, message: str) -> PackFault:
    line = source.lines[mark.line - 1] if 0 < mark.line <= len(source.lines) else ""
    return PackFault(source.file, mark.line, mark.column, message, line, max(1, mark.end_column - mark.column))


def _shape_faults(source: RuleSource) -> list[PackFault]:
    check = validator("rule")
    template = "matrix" in source.data and source.row is None
    found = schema_faults(check.schema, source.data, check.violations(source.data))
    if template:
        found = [one for one in found if one.check == "unknown-key" or (one.path and one.path[0] == "matrix")]
    return [source.fault(one.path, one.message, key=one.on_key) for one in found]


_PROSE = ("title", "message", "why", "plain", "remedy", "who", "law", "not_checked")


def expand(data: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """Return the rule of one matrix row: keys of a rule replace those of the table, the rest fill in `${name}`."""
    known = validator("rule").schema["properties"]
    made = {key: value for key, value in data.items() if key != "matrix"}
    made.update({key: value for key, value in row.items() if key in known})
    words = {key: value for key, value in row.items() if key not in known}
    filled = dict(_fill(made, words))
    return {key: _sentence(value) if key in _PROSE else value for key, value in filled.items()}


def _sentence(text: Any) -> Any:
    """Return a text with its first letter as a capital, since a row's words may open a sentence or stand within one."""
    return text[:1].upper() + text[1:] if isinstance(text, str) else text


def _fill(value: Any, words: dict[str, Any]) -> Any:
    if isinstance(value, str):
        for name, word in words.items():
            if value == "${" + name + "}":
                return word
            value = value.replace("${" + name + "}", str(word))
        return value
    if isinstance(value, dict):
        return {_fill(key, words): _fill(one, words) for key, one in value.items()}
    if isinstance(value, list):
        return [_fill(one, words) for one in value]
    return value
