"""Findings that do not count in files of a pattern (`per_file_ignores` of a configuration)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pbcheck.errors import ConfigError, PackFault
from pbcheck.gate.looked_at import LookedAt
from pbcheck.gate.settings import Settings
from pbcheck.model import Decision, Finding, SetAside
from pbcheck.rulebook.book import Rulebook
from pbcheck.rulebook.choice import groups_of, meant

_WILD = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@dataclass(frozen=True)
class Ignored:
    """Rules whose findings do not count in the files of a pattern.

    A pattern with a slash starts from the folder of the configuration, one without stands for files of that name anywhere below it.
    `**` stands for any folders, `*` for any letters of one name, `?` for one letter; a slash at the end for all files of a folder.
    """

    pattern: str
    rules: frozenset[str]
    folder: str
    place: str

    def covers(self, one: Finding, file: str) -> bool:
        """Return whether a finding is meant; `file` is its file as an absolute path."""
        if one.rule not in self.rules or not file.startswith(f"{self.folder}/"):
            return False
        return bool(self.files.fullmatch(file.removeprefix(f"{self.folder}/")))

    @cached_property
    def files(self) -> re.Pattern[str]:
        """The pattern as a regular expression for paths below the folder."""
        pattern = self.pattern.removeprefix("./")
        pattern = pattern if "/" in pattern else f"**/{pattern}"
        parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern + ("**" if pattern.endswith("/") else ""))
        return re.compile("".join(_WILD.get(one, re.escape(one)) for one in parts))


class ByFile:
    """The patterns of a run's configuration."""

    def __init__(self, seen: LookedAt, ignored: tuple[Ignored, ...]) -> None:
        self.seen = seen
        self.ignored = ignored
        self.rules = frozenset[str]().union(*(one.rules for one in ignored))

    def about(self, one: Finding) -> SetAside | None:
        """Return what sets a finding aside, None where nothing does."""
        file = self.seen.absolute(one.location.file)
        found = next((kept for kept in self.ignored if kept.covers(one, file)), None)
        return SetAside("per-file-ignore", found.pattern, f"per_file_ignores at {found.place}") if found else None

    def finish(self) -> Iterator[Finding | Decision]:
        """Yield each pattern as a decision."""
        for kept in self.ignored:
            count, reason = self.seen.used["per-file-ignore", kept.pattern], f"per_file_ignores at {kept.place}"
            yield Decision("per-file-ignore", kept.pattern, "", kept.pattern, reason, findings=count)


def ignored_files(settings: Settings, rulebook: Rulebook) -> tuple[Ignored, ...]:
    """Return the files in which findings do not count; raises ConfigError for unknown names and locked rules."""
    groups = groups_of(rulebook.rules.values()) if settings.ignored_in else {}
    faults: list[PackFault] = []
    made = []
    for pattern, mentions in settings.ignored_in:
        ids: set[str] = set()
        for mention in mentions:
            found, fault = meant(mention, rulebook.rules, groups)
            ids |= found
            faults += [fault] if fault else []
        place = f"{mentions[0].place.file}:{mentions[0].place.line}" if mentions else settings.file
        made.append(Ignored(pattern, frozenset(ids), settings.root.resolve().as_posix(), place))
    if faults:
        raise ConfigError(faults)
    return tuple(made)
