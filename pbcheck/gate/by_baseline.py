"""Findings that were there when the baseline was written, and what is said of its entries."""

from __future__ import annotations

from collections.abc import Iterator

from pbcheck.gate.baseline import Baseline, absolute
from pbcheck.gate.config_file import shown
from pbcheck.gate.looked_at import LookedAt
from pbcheck.model import Decision, Finding, SetAside
from pbcheck.source.document import Mark


class ByBaseline:
    """The entries of a run's baseline."""

    def __init__(self, seen: LookedAt, baseline: Baseline) -> None:
        self.seen = seen
        self.baseline = baseline
        self.rules = frozenset(one.rule for one in baseline.entries.values())

    def about(self, one: Finding) -> SetAside | None:
        """Return what sets a finding aside, None where nothing does."""
        entry = self.baseline.entry(one, self.seen.absolute(one.location.file))
        if entry is None:
            return None
        self.seen.used["entry", entry.key] += 1
        return SetAside("baseline", shown(self.baseline.path), f"there since {entry.first_seen}")

    def finish(self) -> Iterator[Finding | Decision]:
        """Yield the entries that may not be there, and those that are stale; and the baseline as one decision."""
        name = shown(self.baseline.path)
        for key, entry in sorted(self.baseline.entries.items(), key=lambda pair: pair[1]):
            rule = self.seen.rulebook.rules.get(entry.rule)
            mark = self.baseline.marks.get(key, Mark(1, 1))
            if rule is not None and (rule.locked or rule.built_in):
                words = f"`{rule.id}` is locked: its findings always count."
                yield self.seen.finding("baseline-not-permitted", words, name, mark, entry.record)
            elif not self.seen.used["entry", key] and self._gone(entry.rule, entry.file):
                words = f"The finding of `{entry.rule}` first seen on {entry.first_seen} is gone."
                yield self.seen.finding("baseline-stale", words, name, mark, entry.record)
        count = self.seen.used["baseline", name]
        yield Decision("baseline", name, "", name, f"{len(self.baseline.entries):,} findings that were there before", findings=count)

    def _gone(self, rule: str, file: str) -> bool:
        """Return whether an entry without a finding is known to be stale: its rule was asked where it was, or does not exist any more."""
        if rule not in self.seen.rulebook.rules:
            return True
        if rule not in self.seen.asked or self.seen.partial:
            return False
        return self.seen.saw(absolute(str(self.baseline.folder / file)))
