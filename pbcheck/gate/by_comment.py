"""Findings set aside by a comment on their line or the line above, and what is said of the comments themselves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from pbcheck.gate.comments import Comment, comments_in
from pbcheck.gate.looked_at import LookedAt
from pbcheck.gate.waivers import NO_CLOCK
from pbcheck.model import Decision, Finding, SetAside
from pbcheck.rulebook.choice import Groups, groups_of
from pbcheck.schema.suggest import did_you_mean
from pbcheck.source.document import Mark

YAML = (".yaml", ".yml")


class ByComment:
    """The comments in the YAML files of a run."""

    rules: frozenset[str] = frozenset()  # a comment may name any rule: where one may stand, every finding is looked at

    def __init__(self, seen: LookedAt) -> None:
        self.seen = seen
        self.found: dict[str, list[Comment]] = {}

    def about(self, one: Finding) -> SetAside | None:
        """Return what sets a finding aside, None where nothing does."""
        file = one.location.file
        for said in self._in(file):
            if said.about == one.location.line and one.rule in said.rules and self._standing(said) == "":
                return SetAside("suppression", f"{file}:{said.line}", said.reason, "", said.until)
        return None

    def finish(self) -> Iterator[Finding | Decision]:
        """Yield what is wrong with comments, and each comment as a decision for each of its rules."""
        for file in sorted(self.seen.files):
            for said in self._in(file):
                problem = self._problem(said, file)
                standing = self._standing(said) or (problem[2] if problem else "")
                if problem:
                    yield self.seen.finding(problem[0], problem[1], file, Mark(said.line, said.column))
                named = f"{file}:{said.line}"
                for rule in said.rules or ("",):
                    count = self.seen.used[named, rule]
                    yield Decision("suppression", named, rule, file, said.reason, until=said.until, standing=standing, findings=count)

    def _in(self, file: str) -> list[Comment]:
        if not file.lower().endswith(YAML):
            return []
        if file not in self.found:
            try:
                self.found[file] = comments_in(Path(file).read_bytes())
            except OSError:  # that a file cannot be read any more is said elsewhere; it sets nothing aside
                self.found[file] = []
        return self.found[file]

    def _standing(self, said: Comment) -> str:
        """Return why a comment is not in force; empty where it is."""
        if said.fault:
            return "it is not understood"
        if self.seen.clock is None:
            return NO_CLOCK
        return "" if self.seen.clock <= said.until else f"it lapsed on {said.until}"

    @cached_property
    def _groups(self) -> Groups:
        """The names of groups of rules, which a comment may not use; worked out where there is a comment."""
        return groups_of(self.seen.rulebook.rules.values())

    def _problem(self, said: Comment, file: str) -> tuple[str, str, str] | None:
        """Return what is wrong with a comment: the check, the words, and why it is not in force (empty where it is)."""
        if said.fault:
            return (*said.fault, "it is not understood")
        rules = self.seen.rulebook.rules
        for name in said.rules:
            if name not in rules and name in self._groups:
                words = f"`{name}` is a group of rules: a comment names the rules one by one."
                return "suppression-blanket", words, "it names a group of rules"
            if name not in rules:
                words = f"There is no rule called `{name}`.{did_you_mean(name, rules)}"
                return "suppression-unknown-rule", words, "its rule does not exist"
            if rules[name].locked or rules[name].built_in:
                what = "is locked" if rules[name].locked else "says what could not be read or decided"
                return "suppression-not-permitted", f"`{name}` {what} and cannot be set aside.", "its rule cannot be set aside"
        standing, clock = self._standing(said), self.seen.clock
        if standing:
            words = f"This comment held until {said.until}, before {clock}." if clock else f"For this comment {NO_CLOCK}."
            return "suppression-lapsed", words, standing
        unused = [name for name in said.rules if name in self.seen.asked and not self.seen.used[f"{file}:{said.line}", name]]
        if unused and not self.seen.partial:
            named = ", ".join(f"`{name}`" for name in unused)
            return "suppression-unused", f"Line {said.about} has no finding of {named} that this comment could set aside.", ""
        return None
