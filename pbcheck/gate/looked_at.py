"""What a run has looked at, as far as its exceptions need to know: rules, date, files, and how often each exception was of use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

from pbcheck.gate.baseline import absolute
from pbcheck.history import last_commit_day
from pbcheck.model import Decision, Finding, Location, SetAside
from pbcheck.rulebook.book import Rulebook
from pbcheck.source.document import Mark


class Kind(Protocol):
    """One kind of exceptions: comments, waivers, files whose findings do not count, or the baseline."""

    rules: frozenset[str]
    """The rules whose findings may be set aside, where that is known before any file is read."""

    def about(self, one: Finding) -> SetAside | None:
        """Return what sets a finding aside, None where nothing does."""

    def finish(self) -> Iterator[Finding | Decision]:
        """Yield what is to be said of the exceptions themselves, when all was looked at."""


class LookedAt:
    """What one run has looked at so far.

    `clock` is the date of the export at hand; `partial` says that something could not be read or judged, so that nothing may be called
    unused. `files` are those that were read, each with its absolute path, and `whole` whether that was an export as a whole.
    `unpacked` are two folders: where files of a revision were put, and where they would lie.
    """

    def __init__(self, rulebook: Rulebook, unpacked: Sequence[Path] = ()) -> None:
        self.rulebook = rulebook
        self.asked = frozenset(one.rule.id for rules in rulebook.subjects.values() for one in rules.asked)
        self.unpacked = tuple(one.resolve().as_posix() for one in unpacked)
        self.folder = Path.cwd()
        self.clock: str | None = None
        self.latest: str | None = None
        self.partial = False
        self.used: Counter[tuple[str, str]] = Counter()
        self.files: Mapping[str, str] = {}
        self.read: frozenset[str] = frozenset()
        self.whole = False

    def begin(self, stated: str | None, own: str | None) -> None:
        """Take the date of an export: `stated` by the export or the user, else the later of the last commit and the documents' `own`."""
        self.clock = stated or max(filter(None, (self._last_commit, own)), default=None)
        self.latest = max(filter(None, (self.latest, self.clock)), default=None)

    def end(self, paths: Sequence[str], *, whole: bool) -> None:
        """Take down what was looked at in all; what is said of exceptions from now on is said on the latest date."""
        self.clock, self.whole = self.latest, whole
        self.files = {one: self.absolute(one) for one in paths}
        self.read = frozenset(self.files.values())
        totals = self.rulebook.subjects.get("portfolio")
        self.asked -= frozenset(one.rule.id for one in totals.asked) if totals and not whole else frozenset()

    @cached_property
    def _last_commit(self) -> str | None:
        return last_commit_day(self.folder) or None

    def absolute(self, file: str) -> str:
        """Return the file of a finding as an absolute path: where it would lie, if it was taken from a revision."""
        found = absolute(file)
        if self.unpacked and found.startswith(f"{self.unpacked[0]}/"):
            return self.unpacked[1] + found.removeprefix(self.unpacked[0])
        return found

    def saw(self, file: str) -> bool:
        """Return whether a file was read in this run, or is not there any more while all was read."""
        return was_seen(file, self.read, whole=self.whole)

    def finding(self, check: str, words: str, file: str, mark: Mark, record: str = "") -> Finding:
        """Return a finding about an exception itself."""
        rule = self.rulebook.rules[check]
        return Finding(rule.id, rule.severity, words, "file", record, Location(file, mark.line, mark.column, "", mark.end_column))


def was_seen(file: str, read: Container[str], *, whole: bool) -> bool:
    """Return whether a file was read in a run, or is not there any more while all was read."""
    return file in read or (whole and not Path(file).exists())
