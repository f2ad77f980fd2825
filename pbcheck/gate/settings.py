"""The settings of a run: flags outrank PBCHECK_* variables, these outrank the configuration file; each knows where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pbcheck.errors import ConfigError, PackFault, UsageError
from pbcheck.gate.config_file import find_config, read_config, repository_of, shown
from pbcheck.rulebook.choice import Choice, Mention
from pbcheck.schema.messages import faults as schema_faults
from pbcheck.schema.suggest import did_you_mean
from pbcheck.schema.validate import validator
from pbcheck.source.instructions import Instructions

DEFAULTS: Mapping[str, Any] = {
    "extends": (),
    "profile": "today",
    "as_of": None,
    "fail_level": "warning",
    "format": "text",
    "select": (),
    "extend_select": (),
    "ignore": (),
    "rules": {},
    "per_file_ignores": {},
    "waivers": None,
    "baseline": None,
}
WAIVERS, BASELINE = "pbcheck-waivers.yaml", "pbcheck-baseline.json"
LISTS = ("extends", "select", "extend_select", "ignore")
PATHS = ("extends", "waivers", "baseline")
ENVIRONMENT = tuple(name for name in DEFAULTS if name not in ("rules", "per_file_ignores"))
OTHER_VARIABLES = ("PBCHECK_CACHE_DIR", "PBCHECK_CONFIG", "PBCHECK_DEBUG")
_FLAG_NAMES = {"extends": "--rules"}
FILE, VARIABLE, FLAG = 0, 1, 2


@dataclass(frozen=True)
class Settings:
    """What holds for a run: a value for each setting, where it comes from in words, and who said so (FILE, VARIABLE or FLAG).

    `root` is the folder that patterns and the default names of register and baseline start from; paths are absolute or as given.
    `unpacked` says, for files that were taken from a revision, in which folder they lie and in which one they would lie.
    """

    values: Mapping[str, Any]
    origins: Mapping[str, str]
    ranks: Mapping[str, int]
    root: Path
    file: str
    choice: Choice
    ignored_in: tuple[tuple[str, tuple[Mention, ...]], ...] = ()
    unpacked: tuple[Path, Path] | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the files that the settings rest on: the configuration, the register of waivers and the baseline."""
        named = (self.file, self.values["waivers"], self.values["baseline"])
        return tuple(Path(one) for one in named if one)

    @property
    def forced_date(self) -> str | None:
        """Return the date to judge by that a flag gave, which outranks what an export states."""
        date: str | None = self.values["as_of"] if self.by_flag("as_of") else None
        return date

    @property
    def usual_date(self) -> str | None:
        """Return the date to judge by where an export states none."""
        date: str | None = self.values["as_of"]
        return date

    def by_flag(self, name: str) -> bool:
        """Return whether a person at the keyboard gave a setting."""
        return self.ranks.get(name) == FLAG


def load_settings(
    flags: Mapping[str, Any], environment: Mapping[str, str], folder: Path, config: Path | None = None, *, isolated: bool = False
) -> Settings:
    """Return the settings of a run in a folder.

    `flags` holds what was given on the command line, by the name of the setting; `config` names a configuration file, without which
    the nearest one is looked for, unless the run is `isolated`. Raises ConfigError or UsageError for every unknown name and wrong value.
    """
    if isolated and config is not None:
        raise UsageError("--config names a configuration file and --isolated leaves it out: give one of the two.")
    named = config or (Path(environment["PBCHECK_CONFIG"]) if environment.get("PBCHECK_CONFIG") else None)
    path = None if isolated else named or find_config(folder)
    source = read_config(path) if path is not None else Instructions({}, "")
    stated = {} if isolated else _variables(environment)
    root = path.absolute().parent if path is not None else repository_of(folder) or folder
    values, origins, ranks = dict(DEFAULTS), dict.fromkeys(DEFAULTS, "default"), {}
    for name in DEFAULTS:
        if name in source.data:
            values[name] = _placed(name, source.data[name], root)
            origins[name], ranks[name] = f"{source.file}:{source.mark((name,), key=True).line}", FILE
        if name in stated:
            values[name], origins[name], ranks[name] = stated[name], f"PBCHECK_{name.upper()}", VARIABLE
        if name in flags:
            values[name], origins[name], ranks[name] = flags[name], _flag(name), FLAG
    for name, usual in (("waivers", WAIVERS), ("baseline", BASELINE)):
        if values[name] is None and not isolated and (root / usual).is_file():
            values[name], origins[name] = _near(root / usual), f"{usual} is there"
    locked = values["profile"] in ("ppf", "cwr") and ranks.get("profile") != FLAG
    choice = Choice(tuple(_mentions(values, ranks, source)), bool(values["select"]), ranks.get("select") == FLAG, locked)
    return Settings(values, origins, ranks, root, source.file, choice, tuple(_ignored_in(source)))


def _flag(name: str) -> str:
    return _FLAG_NAMES.get(name, f"--{name.replace('_', '-')}")


def _near(path: Path) -> Path:
    """Return a path as short as it can be from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _placed(name: str, value: Any, root: Path) -> Any:
    """Return a value of a configuration file, with paths taken from its folder."""
    if name in LISTS:
        return tuple(_near(root / one) for one in value) if name in PATHS else tuple(value)
    return _near(root / value) if name in PATHS else value


def _variables(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what PBCHECK_* variables say; an unknown one is an error, since it would be silently without effect."""
    known = {f"PBCHECK_{name.upper()}": name for name in ENVIRONMENT}
    found: dict[str, Any] = {}
    for variable in sorted(environment):
        if not variable.startswith("PBCHECK_") or variable in OTHER_VARIABLES:
            continue
        if variable not in known:
            words = did_you_mean(variable, [*known, *OTHER_VARIABLES])
            raise UsageError(f"The variable {variable} is not one that pbcheck knows.{words} Take it out of the environment.")
        name, text = known[variable], environment[variable]
        if not text:
            continue
        found[name] = tuple(one.strip() for one in text.split(",") if one.strip()) if name in LISTS else text
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}
    check = validator("config") if plain else None
    problems = schema_faults(check.schema, plain, check.violations(plain)) if check else []
    if problems:
        raise ConfigError([PackFault(f"PBCHECK_{str(one.path[0]).upper()}", 0, 0, one.message) for one in problems])
    return {
        name: tuple(map(Path, value)) if name == "extends" else Path(value) if name in PATHS else value for name, value in found.items()
    }


def _mentions(values: Mapping[str, Any], ranks: Mapping[str, int], source: Instructions) -> Iterator[Mention]:
    """Yield every name of a rule or group of rules in the settings, with its place."""
    for key, on in (("select", True), ("extend_select", True), ("ignore", False)):
        for index, name in enumerate(values[key]):
            yield Mention(name, on, _place(key, index, ranks[key], source), ranks[key])
    for name, severity in values["rules"].items():
        place = source.fault(("rules", name), "")
        yield Mention(name, severity != "off", place, FILE, "" if severity == "off" else severity)


def _place(key: str, index: int, rank: int, source: Instructions) -> PackFault:
    if rank == FILE:
        return source.fault((key, index), "")
    return PackFault(_flag(key) if rank == FLAG else f"PBCHECK_{key.upper()}", 0, 0, "")


def _ignored_in(source: Instructions) -> Iterator[tuple[str, tuple[Mention, ...]]]:
    for pattern, names in source.data.get("per_file_ignores", {}).items():
        yield pattern, tuple(Mention(name, False, source.fault(("per_file_ignores", pattern, n), "")) for n, name in enumerate(names))


def said(value: Any) -> str:
    """Return a value of a setting as a person reads it."""
    if isinstance(value, (list, tuple)):
        return ", ".join(said(one) for one in value) or "none"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {said(one)}" for key, one in value.items()) or "none"
    return "none" if value is None else shown(value) if isinstance(value, Path) else str(value)
