"""The configuration file: found beside the work, read strictly, with a place for every fault."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

from pbcheck.errors import ConfigError, PackFault, UsageError
from pbcheck.schema.messages import faults as schema_faults
from pbcheck.schema.suggest import did_you_mean
from pbcheck.schema.validate import validator
from pbcheck.source.document import Mark, Positions
from pbcheck.source.instructions import Instructions, read_instructions

NAMES = ("pbcheck.yaml", ".pbcheck.yaml", "pyproject.toml")
OFF = frozenset({"off"})
_TABLE = re.compile(r"\s*\[\s*tool\s*\.\s*pbcheck\s*(?:\.\s*([A-Za-z0-9_-]+)\s*)?\]\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*=""")


def repository_of(folder: Path) -> Path | None:
    """Return the root of the git checkout that a folder lies in; None where it lies in none."""
    return next((here for here in (folder, *folder.parents) if (here / ".git").exists()), None)


def find_config(folder: Path) -> Path | None:
    """Return the configuration file of the nearest folder from this one up to the root of its checkout; without one, of this folder.

    Raises ConfigError where one folder has two.
    """
    root = repository_of(folder)
    for here in (folder, *folder.parents) if root else (folder,):
        _refuse_other_endings(here)
        found = [here / name for name in NAMES if os.path.lexists(here / name) and (name != NAMES[-1] or _has_table(here / name))]
        if len(found) > 1:
            words = f"There is also {found[1].name} in this folder: keep the settings in one file."
            raise ConfigError([PackFault(shown(found[0]), 0, 0, words)])
        if found or here == root:
            return found[0] if found else None
    return None


def _refuse_other_endings(folder: Path) -> None:
    """Raise ConfigError for a configuration with another ending, which would be without effect."""
    for name in ("pbcheck.yml", ".pbcheck.yml"):
        if os.path.lexists(folder / name):
            raise ConfigError([PackFault(shown(folder / name), 0, 0, f"Call this file {name[:-3]}yaml: under this name it has no effect.")])


def _has_table(path: Path) -> bool:
    """Return whether a TOML file has settings for pbcheck; also where it names pbcheck and cannot be read, so that this is said."""
    import tomllib

    try:
        raw = path.read_bytes()
        tool = tomllib.loads(raw.decode()).get("tool", {}) if b"pbcheck" in raw and b"tool" in raw else {}
    except OSError:
        return False
    except ValueError:
        return bool(re.search(rb"^\s*\[.*\bpbcheck\b", raw, re.MULTILINE))
    return isinstance(tool, dict) and "pbcheck" in tool


def shown(path: Path) -> str:
    """Return how a file of instructions is named in messages: from the working folder, where it lies in it or in its repository."""
    here = Path.cwd()
    near = path.is_absolute() and path.is_relative_to(repository_of(here) or here)
    text = Path(os.path.relpath(path, here)).as_posix() if near else path.as_posix()
    return text.encode("utf-8", "backslashreplace").decode()


def read_config(path: Path) -> Instructions:
    """Return what a configuration file says; raises ConfigError with every fault, UsageError where it cannot be opened."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, beside) if isinstance(error, FileNotFoundError) else ""
        raise UsageError(f"The configuration {shown(path)} cannot be read ({error.strerror}).{hint}") from None
    if path.suffix == ".toml":
        source, found = _toml(raw, shown(path))
    elif not raw.strip() or all(line.lstrip().startswith((b"#", b"---")) or not line.strip() for line in raw.splitlines()):
        source, found = Instructions({}, shown(path)), []
    else:
        source, found = read_instructions(raw, shown(path), "a configuration", OFF)
    if not found:
        check = validator("config")
        problems = schema_faults(check.schema, source.data, check.violations(source.data))
        found = [source.fault(one.path, one.message, key=one.on_key) for one in problems]
    if found:
        raise ConfigError(found)
    return source


def _toml(raw: bytes, name: str) -> tuple[Instructions, list[PackFault]]:
    import tomllib

    text = raw.decode("utf-8", "replace")
    lines = tuple(text.splitlines())
    empty = Instructions({}, name, lines)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        mark = Mark(int(place[1]), int(place[2])) if place else Mark(1, 1)
        return empty, [empty.fault_at(mark, "The file is not well-formed TOML here.")]
    table = data.get("tool", {}).get("pbcheck", {})
    if not isinstance(table, dict):
        return empty, [empty.fault_at(Mark(1, 1), "Expected a table [tool.pbcheck].")]
    return Instructions(_plain(table), name, lines, _places(lines)), []


def _plain(value: Any) -> Any:
    """Return TOML's values with dates as their text."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _places(lines: tuple[str, ...]) -> Positions:
    """Return where the keys of [tool.pbcheck] and its tables stand; a value is said to stand at its key."""
    places = Positions()
    above: tuple[str, ...] | None = None
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("["):
            table = _TABLE.match(line)
            above = ((table[1],) if table[1] else ()) if table else None
            if above is not None:
                places.keys[above] = places.values[above] = Mark(number, line.index("[") + 1)
        elif above is not None and (key := _KEY.match(line)):
            path = (*above, next(one for one in key.groups() if one is not None))
            places.keys[path] = places.values[path] = Mark(number, len(line) - len(line.lstrip()) + 1)
    return places
