"""Findings set aside by an entry of the register of waivers, and what is said of the entries themselves."""

from __future__ import annotations

from collections.abc import Iterator

from pbcheck.gate import waivers
from pbcheck.gate.baseline import absolute
from pbcheck.gate.looked_at import LookedAt
from pbcheck.gate.waivers import Judged, Register
from pbcheck.model import Decision, Finding, SetAside


class ByWaiver:
    """The waivers of a run's register."""

    def __init__(self, seen: LookedAt, register: Register) -> None:
        self.seen = seen
        self.register = register
        self.judged: dict[str | None, list[Judged]] = {}
        self.rules = frozenset(one.text("rule") for one in register.waivers)

    def about(self, one: Finding) -> SetAside | None:
        """Return what sets a finding aside, None where nothing does."""
        file = self.seen.absolute(one.location.file)
        for judged in self._judged():
            entry = judged.waiver
            if not judged.standing and entry.is_about(one, file, self.register.folder):
                return SetAside("waiver", entry.name, entry.text("reason"), entry.approver, entry.text("expires"))
        return None

    def finish(self) -> Iterator[Finding | Decision]:
        """Yield what is wrong with waivers, and each waiver as a decision."""
        for judged in self._judged():
            entry, file = judged.waiver, judged.waiver.source.file
            for check, words, mark in judged.found:
                yield self.seen.finding(check, words, file, mark, entry.name)
            count = self.seen.used["waiver", entry.name]
            if not judged.standing and not count and entry.text("rule") in self.seen.asked and self._looked_at(judged):
                yield self.seen.finding("waiver-unused", "No finding needs this waiver any more.", file, entry.mark(), entry.name)
            yield Decision(
                "waiver",
                entry.name,
                entry.text("rule"),
                entry.where,
                entry.text("reason"),
                entry.approver,
                entry.text("decision"),
                entry.text("approved_on"),
                entry.text("expires"),
                judged.standing,
                count,
            )

    def _judged(self) -> list[Judged]:
        """Return what is to be said of each waiver on the date of now, worked out once for each date."""
        clock = self.seen.clock
        if clock not in self.judged:
            self.judged[clock] = waivers.judge(self.register, self.seen.rulebook.rules, clock)
        return self.judged[clock]

    def _looked_at(self, judged: Judged) -> bool:
        """Return whether what a waiver is about was looked at in this run."""
        entry = judged.waiver
        if self.seen.partial:
            return False
        if entry.text("where", "record"):
            return self.seen.whole
        return self.seen.saw(absolute(str(self.register.folder / entry.text("where", "file"))))
