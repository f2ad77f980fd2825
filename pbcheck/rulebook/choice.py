"""Which rules are asked and how grave their breaches are: names of rules and of groups of rules, the more exact name deciding.

A rule is named by its id, its theme, one of its tags (its own, its force, its subject, PPF or CWR, `locked`), an obligation
it serves, or ALL. A locked rule rests on statute or on a must of the guidance: no configuration may switch it off or weaken it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pbcheck.errors import PackFault
from pbcheck.model import SEVERITIES, Rule
from pbcheck.schema.suggest import did_you_mean

ALL = "ALL"
LOCKED = "locked"
NAMED = 8
_ID, _GROUP, _THEME, _EVERY = 3, 2, 1, 0
Groups = Mapping[str, tuple[int, frozenset[str]]]


@dataclass(frozen=True)
class Mention:
    """One name of a rule or a group of rules in a setting: switched on or off, or given a severity.

    `rank` says who speaks: 0 a file, 1 the environment, 2 a flag. `place` is where it stands, a fault without words.
    """

    name: str
    on: bool
    place: PackFault
    rank: int = 0
    severity: str = ""

    def fault(self, words: str) -> PackFault:
        """Return a fault at the place of the mention."""
        return replace(self.place, message=words)


@dataclass(frozen=True)
class Choice:
    """All mentions; `selected` says that only what is switched on is asked, and `by_flag` that a person at the keyboard said so.

    `keep_locked` asks the locked rules under any profile, where it was no flag that chose the profile.
    """

    mentions: tuple[Mention, ...] = ()
    selected: bool = False
    by_flag: bool = False
    keep_locked: bool = False

    @property
    def key(self) -> str:
        """Return what decides, as text: the same for the same choice, wherever it stands."""
        if not self.mentions and not self.keep_locked:
            return ""
        said = sorted((one.name, one.on, one.rank, one.severity) for one in self.mentions)
        return json.dumps([said, self.selected, self.by_flag, self.keep_locked])


@dataclass(frozen=True)
class Chosen:
    """What came of a choice: the ids that are asked, the severities that differ, remarks for the report, and faults."""

    asked: frozenset[str]
    severities: Mapping[str, str]
    remarks: tuple[str, ...] = ()
    faults: tuple[PackFault, ...] = ()


def groups_of(rules: Iterable[Rule]) -> Groups:
    """Return the rules that each name stands for, and how exact the name is: a rule, a tag or obligation, a theme, ALL."""
    found: dict[str, tuple[int, set[str]]] = {ALL: (_EVERY, set())}
    for rule in rules:
        tags = {*rule.tags, rule.force, rule.subject, *rule.notes, *rule.obligations} | ({LOCKED} if rule.locked else set())
        for name, rank in ((ALL, _EVERY), (rule.theme, _THEME), *((one, _GROUP) for one in tags), (rule.id, _ID)):
            kept, ids = found.setdefault(name, (rank, set()))
            found[name] = (max(kept, rank), ids)
            ids.add(rule.id)
    return {name: (rank, frozenset(ids)) for name, (rank, ids) in found.items()}


def meant(mention: Mention, rules: Mapping[str, Rule], groups: Groups) -> tuple[frozenset[str], PackFault | None]:
    """Return the rules that a mention stands for, or the fault of a name that is none; a group set aside spares the locked rules."""
    if mention.name not in groups:
        words = f"`{mention.name}` is no rule, theme, tag or obligation.{did_you_mean(mention.name, groups)} See pbcheck rules list."
        return frozenset(), mention.fault(words)
    exactness, ids = groups[mention.name]
    if mention.on or mention.severity:
        return ids, None
    free = frozenset(one for one in ids if not rules[one].locked and not rules[one].built_in)
    if exactness == _ID and not free:
        return free, mention.fault(_may_not(rules[mention.name], "be switched off or set aside"))
    if not free:
        return free, mention.fault(f"None of the rules of `{mention.name}` may be switched off or set aside: they are locked.")
    return free, None


def _may_not(rule: Rule, done: str) -> str:
    if rule.built_in:
        return f"`{rule.id}` may not {done}: it says what could not be read or decided."
    source = "statute" if rule.force == "statute" else "a must of the guidance"
    return f"`{rule.id}` is locked and may not {done}: it rests on {source}."


def choose(choice: Choice, rules: Mapping[str, Rule], asked: frozenset[str]) -> Chosen:
    """Return what comes of a choice among the rules that are `asked` under the profile."""
    groups = groups_of(rules.values())
    faults: list[PackFault] = []
    best: dict[str, tuple[int, int, bool]] = {}
    severities: dict[str, str] = {}
    for mention in choice.mentions:
        ids, fault = meant(mention, rules, groups)
        if fault:
            faults.append(fault)
        elif mention.severity:
            faults += _severity(mention, rules, severities)
        else:
            weight = (groups[mention.name][0], mention.rank, not mention.on)
            for one in ids:
                best[one] = max(best.get(one, weight), weight)
    on = {one for one in asked if (not best[one][2] if one in best else not choice.selected)}
    kept = frozenset() if choice.by_flag else frozenset(one for one in asked if rules[one].locked) - on
    if choice.mentions and not on | kept and not faults:
        faults.append(PackFault("The choice of rules", 0, 0, "Nothing is left to ask: select at least one rule of the profile."))
    return Chosen(frozenset(on | kept), severities, _remarks(choice, rules, asked, on | kept, kept, severities), tuple(faults))


def _severity(mention: Mention, rules: Mapping[str, Rule], severities: dict[str, str]) -> list[PackFault]:
    """Take down a severity, or return why it may not be."""
    rule = rules.get(mention.name)
    if rule is None:
        return [mention.fault(f"`{mention.name}` is a group of rules: a severity is given to one rule.")]
    lowered = SEVERITIES.index(mention.severity) > SEVERITIES.index(rule.severity)
    if rule.built_in or (rule.locked and lowered):
        return [mention.fault(_may_not(rule, f"be made a {mention.severity}"))]
    if mention.severity != rule.severity:
        severities[rule.id] = mention.severity
    return []


def _remarks(
    choice: Choice,
    rules: Mapping[str, Rule],
    asked: frozenset[str],
    on: set[str] | frozenset[str],
    kept: frozenset[str],
    severities: Mapping[str, str],
) -> tuple[str, ...]:
    found = []
    off = sorted(asked - on)
    if off and choice.by_flag:
        locked = sum(rules[one].locked for one in off)
        found.append(f"Only {len(on):,} of {len(asked):,} rules were asked, as --select says; {locked:,} locked ones were not.")
    elif off:
        found.append(f"Switched off by the configuration, {len(off):,} of {len(asked):,} rules: {_listed(off)}.")
    if kept:
        found.append(f"Locked rules that were not selected and were asked all the same, since none may be switched off: {len(kept):,}.")
    if severities:
        changed = [f"{one} {rules[one].severity} to {severity}" for one, severity in sorted(severities.items())]
        found.append(f"The configuration gives other severities: {_listed(changed)}.")
    return tuple(found)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
