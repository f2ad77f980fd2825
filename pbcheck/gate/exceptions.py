"""All exceptions of a run put together: each finding is held against them once, and at the end each of them is answered for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pbcheck.errors import ConfigError, PackFault
from pbcheck.gate import waivers as registers
from pbcheck.gate.baseline import Baseline, absolute, read_baseline
from pbcheck.gate.comments import Comment, comments_in
from pbcheck.gate.config_file import shown
from pbcheck.gate.settings import Settings
from pbcheck.gate.waivers import NO_CLOCK, Judged, Register, read_register
from pbcheck.history import last_commit_day
from pbcheck.model import Decision, Finding, Input, Location, SetAside
from pbcheck.rulebook.book import Rulebook
from pbcheck.rulebook.choice import Groups, groups_of, meant
from pbcheck.schema.suggest import did_you_mean
from pbcheck.source.document import Mark

YAML = (".yaml", ".yml")
LEFT_OUT = {
    "waivers": "Waivers were left out (--no-waivers).",
    "suppressions": "Comments that set findings aside were left out (--no-suppressions).",
    "baseline": "The baseline was left out (--no-baseline).",
}


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


class Exceptions:
    """The exceptions of a run; `without` names the kinds that an independent auditor leaves out."""

    def __init__(self, settings: Settings, rulebook: Rulebook, without: Iterable[str] = ()) -> None:
        left = frozenset(without)
        self.rulebook = rulebook
        self.remarks = [LEFT_OUT[one] for one in sorted(left)]
        self.suppressions = "suppressions" not in left
        waivers, baseline = settings.values["waivers"], settings.values["baseline"]
        self.register: Register | None = read_register(Path(waivers)) if waivers and "waivers" not in left else None
        self.baseline: Baseline | None = read_baseline(Path(baseline)) if baseline and "baseline" not in left else None
        self.ignored = tuple(_ignored(settings, rulebook))
        self.asked = frozenset(one.rule.id for rules in rulebook.subjects.values() for one in rules.asked)
        self.folder = Path.cwd()
        self.unpacked = tuple(one.resolve().as_posix() for one in settings.unpacked) if settings.unpacked else ()
        self.clock: str | None = None
        self.comments: dict[str, list[Comment]] = {}
        self.judged: dict[str | None, list[Judged]] = {}
        self.used: Counter[tuple[str, str]] = Counter()
        self.stated: str | None = None
        self.partial = False

    def begin(self, stated: str | None, own: str | None) -> None:
        """Take the date of an export: `stated` by the export or the user, else the later of the last commit and the documents' `own`."""
        self.clock = stated or max(filter(None, (self._last_commit, own)), default=None)
        self.stated = max(filter(None, (self.stated, self.clock)), default=None)

    def _absolute(self, file: str) -> str:
        """Return the file of a finding as an absolute path: where it would lie, if it was taken from a revision."""
        found = absolute(file)
        if self.unpacked and found.startswith(f"{self.unpacked[0]}/"):
            return self.unpacked[1] + found.removeprefix(self.unpacked[0])
        return found

    @cached_property
    def _last_commit(self) -> str | None:
        return last_commit_day(self.folder) or None

    def _waivers(self) -> list[Judged]:
        """Return what is to be said of each waiver on the date of now, worked out once for each date."""
        if self.register is None:
            return []
        if self.clock not in self.judged:
            self.judged[self.clock] = registers.judge(self.register, self.rulebook.rules, self.clock)
        return self.judged[self.clock]

    @cached_property
    def rules(self) -> frozenset[str]:
        """The rules that waivers, ignored files and the baseline name; a comment may name any rule, in YAML files only."""
        named = {one.text("rule") for one in self.register.waivers} if self.register else set()
        named |= {one.rule for one in self.baseline.entries.values()} if self.baseline else set()
        return frozenset(named.union(*(one.rules for one in self.ignored)))

    def decide(self, one: Finding) -> Finding:
        """Return a finding, marked as set aside where an exception in force is about it; nothing outranks a locked rule."""
        rule = self.rulebook.rules[one.rule]
        self.partial = self.partial or one.incomplete
        if one.incomplete or rule.built_in or rule.locked:
            return one
        by = self._comment(one) or self._waiver(one) or self._ignored_file(one) or self._known(one)
        if by is None:
            return one
        self.used[by.by, by.name] += 1
        self.used[by.name, one.rule] += 1
        return replace(one, set_aside=by)

    def _comment(self, one: Finding) -> SetAside | None:
        file = one.location.file
        if not self.suppressions or not file.lower().endswith(YAML):
            return None
        for said in self._comments(file):
            if said.about == one.location.line and one.rule in said.rules and self._standing(said) == "":
                return SetAside("suppression", f"{file}:{said.line}", said.reason, "", said.until)
        return None

    def _comments(self, file: str) -> list[Comment]:
        if file not in self.comments:
            try:
                self.comments[file] = comments_in(Path(file).read_bytes())
            except OSError:  # that a file cannot be read any more is said elsewhere; it sets nothing aside
                self.comments[file] = []
        return self.comments[file]

    def _standing(self, said: Comment) -> str:
        """Return why a comment is not in force; empty where it is."""
        if said.fault:
            return "it is not understood"
        if self.clock is None:
            return NO_CLOCK
        return "" if self.clock <= said.until else f"it lapsed on {said.until}"

    def _waiver(self, one: Finding) -> SetAside | None:
        if self.register is None:
            return None
        file = self._absolute(one.location.file)
        for judged in self._waivers():
            entry = judged.waiver
            if not judged.standing and entry.is_about(one, file, self.register.folder):
                return SetAside("waiver", entry.name, entry.text("reason"), entry.approver, entry.text("expires"))
        return None

    def _ignored_file(self, one: Finding) -> SetAside | None:
        file = self._absolute(one.location.file)
        found = next((kept for kept in self.ignored if kept.covers(one, file)), None)
        return SetAside("per-file-ignore", found.pattern, f"per_file_ignores at {found.place}") if found else None

    def _known(self, one: Finding) -> SetAside | None:
        entry = self.baseline.entry(one, self._absolute(one.location.file)) if self.baseline else None
        if entry is None or self.baseline is None:
            return None
        self.used["entry", entry.key] += 1
        return SetAside("baseline", shown(self.baseline.path), f"there since {entry.first_seen}")

    def finish(self, inputs: Iterable[Input], *, whole: bool) -> tuple[list[Finding], tuple[Decision, ...]]:
        """Return the findings about the exceptions themselves, and all decisions with what they came to.

        `whole` says that an export was audited as a whole, so that an exception about a record without a finding is unused. Where
        something could not be read or judged, nothing is called unused or stale: what it is about may not have been looked at.
        """
        self.clock = self.stated
        totals = self.rulebook.subjects.get("portfolio")
        self.asked -= frozenset(one.rule.id for one in totals.asked) if totals and not whole else frozenset()
        files = {one.path: self._absolute(one.path) for one in inputs}
        found: list[Finding] = []
        decisions: list[Decision] = []
        for part in (self._finish_comments(files), self._finish_waivers(files, whole=whole), self._finish_baseline(files, whole=whole)):
            for one in part:
                if isinstance(one, Decision):
                    decisions.append(one)
                else:
                    found.append(one)
        for kept in self.ignored:
            count = self.used["per-file-ignore", kept.pattern]
            decisions.append(
                Decision("per-file-ignore", kept.pattern, "", kept.pattern, f"per_file_ignores at {kept.place}", findings=count)
            )
        return found, tuple(sorted(decisions))

    def _finding(self, check: str, words: str, place: Location, record: str = "") -> Finding:
        rule = self.rulebook.rules[check]
        return Finding(rule.id, rule.severity, words, "file", record, place)

    def _finish_comments(self, files: Mapping[str, str]) -> Iterator[Finding | Decision]:
        for file in sorted(files) if self.suppressions else ():
            for said in self._comments(file) if file.lower().endswith(YAML) else ():
                place = Location(file, said.line, said.column)
                problem = self._comment_problem(said, file)
                standing = self._standing(said) or (problem[2] if problem else "")
                if problem:
                    yield self._finding(problem[0], problem[1], place)
                named = f"{file}:{said.line}"
                for rule in said.rules or ("",):
                    count = self.used[named, rule]
                    yield Decision("suppression", named, rule, file, said.reason, until=said.until, standing=standing, findings=count)

    @cached_property
    def groups(self) -> Groups:
        """The names of groups of rules, which a comment may not use; worked out where there is a comment."""
        return groups_of(self.rulebook.rules.values())

    def _comment_problem(self, said: Comment, file: str) -> tuple[str, str, str] | None:
        """Return what is wrong with a comment: the check, the words, and why it is not in force (empty where it is)."""
        if said.fault:
            return (*said.fault, "it is not understood")
        rules = self.rulebook.rules
        for name in said.rules:
            if name not in rules and name in self.groups:
                words = f"`{name}` is a group of rules: a comment names the rules one by one."
                return "suppression-blanket", words, "it names a group of rules"
            if name not in rules:
                words = f"There is no rule called `{name}`.{did_you_mean(name, rules)}"
                return "suppression-unknown-rule", words, "its rule does not exist"
            if rules[name].locked or rules[name].built_in:
                what = "is locked" if rules[name].locked else "says what could not be read or decided"
                return "suppression-not-permitted", f"`{name}` {what} and cannot be set aside.", "its rule cannot be set aside"
        standing = self._standing(said)
        if standing:
            words = f"This comment held until {said.until}, before {self.clock}." if self.clock else f"For this comment {NO_CLOCK}."
            return "suppression-lapsed", words, standing
        unused = [name for name in said.rules if name in self.asked and not self.used[f"{file}:{said.line}", name]]
        if unused and not self.partial:
            named = ", ".join(f"`{name}`" for name in unused)
            return "suppression-unused", f"Line {said.about} has no finding of {named} that this comment could set aside.", ""
        return None

    def _finish_waivers(self, files: Mapping[str, str], *, whole: bool) -> Iterator[Finding | Decision]:
        read = set(files.values())
        for judged in self._waivers():
            entry = judged.waiver
            for check, words, mark in judged.found:
                yield self._at(check, words, entry.source.file, mark, entry.name)
            count = self.used["waiver", entry.name]
            if not judged.standing and not count and entry.text("rule") in self.asked and self._looked_at(judged, read, whole=whole):
                yield self._at("waiver-unused", "No finding needs this waiver any more.", entry.source.file, entry.mark(), entry.name)
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

    def _looked_at(self, judged: Judged, read: set[str], *, whole: bool) -> bool:
        """Return whether what a waiver is about was looked at in this run."""
        entry = judged.waiver
        if self.partial:
            return False
        if entry.text("where", "record") or self.register is None:
            return whole
        return was_seen(absolute(str(self.register.folder / entry.text("where", "file"))), read, whole=whole)

    def _at(self, check: str, words: str, file: str, mark: Mark, record: str = "") -> Finding:
        return self._finding(check, words, Location(file, mark.line, mark.column, "", mark.end_column), record)

    def _finish_baseline(self, files: Mapping[str, str], *, whole: bool) -> Iterator[Finding | Decision]:
        if self.baseline is None:
            return
        name = shown(self.baseline.path)
        read = set(files.values())
        for key, entry in sorted(self.baseline.entries.items(), key=lambda pair: pair[1]):
            rule = self.rulebook.rules.get(entry.rule)
            mark = self.baseline.marks.get(key, Mark(1, 1))
            if rule is not None and (rule.locked or rule.built_in):
                yield self._at("baseline-not-permitted", f"`{rule.id}` is locked: its findings always count.", name, mark, entry.record)
            elif not self.used["entry", key] and self._gone(entry.rule, entry.file, read, whole=whole):
                words = f"The finding of `{entry.rule}` first seen on {entry.first_seen} is gone."
                yield self._at("baseline-stale", words, name, mark, entry.record)
        count = self.used["baseline", name]
        yield Decision("baseline", name, "", name, f"{len(self.baseline.entries):,} findings that were there before", findings=count)

    def _gone(self, rule: str, file: str, read: set[str], *, whole: bool) -> bool:
        """Return whether an entry without a finding is known to be stale: its rule was asked where it was, or does not exist any more."""
        if rule not in self.rulebook.rules:
            return True
        if rule not in self.asked or self.baseline is None or self.partial:
            return False
        return was_seen(absolute(str(self.baseline.folder / file)), read, whole=whole)


def was_seen(file: str, read: set[str], *, whole: bool) -> bool:
    """Return whether a file was read in this run, or is not there any more while all was read."""
    return file in read or (whole and not Path(file).exists())


def _ignored(settings: Settings, rulebook: Rulebook) -> Iterator[Ignored]:
    """Yield the files in which findings do not count; raises ConfigError for unknown names and locked rules."""
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
    yield from made
