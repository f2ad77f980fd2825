"""What a change means, said in lines that every format of it uses."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from pbcheck.changes.diff import Change
from pbcheck.changes.effect import AT_ONCE, LIMIT, SUMS, Effect, Moved, dimension_hidden, hidden
from pbcheck.figures.budget.figure import POUNDS
from pbcheck.figures.budget.shown import for_reader, half_up
from pbcheck.render.words import counted

KEPT_BACK = "kept back, as few people are behind it"


def headline(change: Change) -> str:
    """Return the change in one sentence: findings and settings."""
    found = change.findings
    if change.old.empty and change.new.empty:
        return "Neither version holds a document: nothing was checked."
    parts = [counted(len(found.new), "new finding"), f"{len(found.resolved):,} resolved", f"{len(found.unchanged):,} unchanged"]
    if max(change.old.policies, change.new.policies) > 1:
        return f"{', '.join(parts)}; settings are not compared, since a version holds several policies."
    return f"{', '.join(parts)}; {counted(len(change.settings), 'setting')} changed."


def amount(value: Fraction) -> str:
    """Return an exact sum of pounds as a reader sees it."""
    return for_reader(half_up(value, 2), POUNDS)


def pounds(value: Fraction) -> str:
    """Return an exact sum of pounds as a reader sees it, with a sign where it is more."""
    return f"+{amount(value)}" if value > 0 else amount(value)


def moved(name: str, one: Moved, cases: int, limit: int = LIMIT) -> str:
    """Return what becomes of one sum over some cases."""
    if not one.cases:
        return "unchanged"
    if hidden(one, cases, limit):
        return KEPT_BACK
    sums = pounds(one.at_once) if name in AT_ONCE else f"{pounds(one.a_week)} a week, {pounds(one.a_year)} a year"
    return f"{sums} in {counted(one.cases, 'case')} of {cases:,} ({one.more:,} more, {one.less:,} less)"


def sums(effect: Effect, limit: int = LIMIT) -> Iterator[tuple[str, str]]:
    """Yield each sum by its words with what becomes of it, and in how many cases that is not known."""
    for name, words in SUMS.items():
        said = moved(name, effect.sums.get(name, Moved()), effect.cases, limit)
        unknown = effect.unknown.get(name, 0)
        few = 0 < unknown < limit or 0 < effect.cases - unknown < limit
        lack = f"; not known in {'some' if few else f'{unknown:,}'} of {effect.cases:,} cases" if unknown else ""
        yield words, said + lack


def by_group(effect: Effect, dimension: str, name: str, limit: int = LIMIT) -> Iterator[tuple[str, str]]:
    """Yield each group of a dimension with what becomes of a sum in it; nothing where no group changes."""
    groups = sorted(group for group in effect.groups if group[0] == dimension)
    if not any(name in effect.by_group.get(group, {}) for group in groups):
        return
    if dimension_hidden(effect, dimension, name, limit):
        yield "every group", KEPT_BACK
        return
    same = 0
    for group in groups:
        one = effect.by_group.get(group, {}).get(name, Moved())
        if one.cases:
            yield group[1].replace("_", " "), moved(name, one, effect.groups[group], limit)
        else:
            same += 1
    if same:
        yield counted(same, "other group"), "unchanged"


def rules_said(effect: Effect, limit: int = LIMIT) -> Iterator[tuple[str, str, str]]:
    """Yield each rule whose answers change, with how many cases newly fail it and no longer do; small numbers kept back."""
    for one in effect.rules:
        yield one.rule, _number(len(one.newly_fail), limit), _number(len(one.no_longer_fail), limit)


def _number(number: int, limit: int) -> str:
    return f"fewer than {limit}" if 0 < number < limit else f"{number:,}"
