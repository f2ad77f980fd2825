"""Reading rule files, with a place for every fault."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pbcheck.errors import PackFault, UsageError
from pbcheck.schema.messages import faults as schema_faults
from pbcheck.schema.validate import validator
from pbcheck.source.document import Mark
from pbcheck.source.document import Path as DataPath
from pbcheck.source.instructions import Instructions, read_instructions


@dataclass(frozen=True)
class RuleSource(Instructions):
    """One rule as data, and where its text stands; `row` is the matrix row it came from."""

    row: int | None = None

    def fault(self, path: DataPath, message: str, *, key: bool = False, offset: int | None = None, length: int = 1) -> PackFault:
        """Return a fault at a field, or at an offset into the text of a field; that of a row says which rule it is about."""
        if self.row is None:
            return super().fault(path, message, key=key, offset=offset, length=length)
        message = f"{message} (rule `{self.data.get('id', self.row)}` of the matrix)"
        path = ("matrix", self.row, *path) if ("matrix", self.row, *path) in self.positions.values else path
        return super().fault(path, message, key=key, length=1 if offset is None else length)


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
    read, problems = read_instructions(raw, shown, "a rule, a group of keys such as id, title and expect")
    source = RuleSource(read.data, read.file, read.lines, read.positions)
    if path.suffix != ".yaml":
        return [], [source.fault_at(Mark(1, 1), "The name of a rule file ends in .yaml: rename it.")]
    if problems:
        return [], problems
    data = source.data
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
