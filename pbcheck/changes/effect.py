"""What a change of the policy does to the cases of an export: which rules they newly fail or pass, and what becomes of their money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from pbcheck.changes.balance import balance_at_risk
from pbcheck.changes.compare import compare
from pbcheck.figures.budget.base import Not
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.budget.shown import POUND
from pbcheck.figures.figure import EMPTY, Unknown
from pbcheck.figures.money import WEEKS
from pbcheck.gather import record_name
from pbcheck.model import Finding
from pbcheck.source.document import Document

LIMIT = 5
DIMENSIONS = ("team", "holder_kind", "form", "complexity")
SUMS = {
    "gross_final": "gross budget",
    "contribution": "person's contribution",
    "council_share": "council's share",
    "balance_at_risk": "balance that may be taken back",
}
AT_ONCE = ("balance_at_risk",)


@dataclass
class Moved:
    """What a change comes to for one sum over some cases, exact, in pounds: a year and a week, or at once for balances."""

    cases: int = 0
    more: int = 0
    less: int = 0
    a_year: Fraction = field(default_factory=Fraction)
    a_week: Fraction = field(default_factory=Fraction)
    at_once: Fraction = field(default_factory=Fraction)

    def add(self, one: Moved) -> None:
        """Add the change in some other cases."""
        for name in ("cases", "more", "less", "a_year", "a_week", "at_once"):
            setattr(self, name, getattr(self, name) + getattr(one, name))


@dataclass(frozen=True)
class Whose:
    """A case in which a sum changes: its reference, and the sum before and after in pounds, by the year or at once for balances."""

    record: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True)
class RuleMoved:
    """How one rule's answers change: the records that newly fail it, and those that no longer do."""

    rule: str
    severity: str
    newly_fail: tuple[str, ...]
    no_longer_fail: tuple[str, ...]


@dataclass
class Effect:
    """The effect of a change on an export: rules, sums over all cases and by group, and how many cases there are.

    `whose` holds the cases in which each sum changes.
    `unknown` counts by sum the cases in which it is not known before or after; `groups` how many cases each group has.
    """

    cases: int = 0
    rules: tuple[RuleMoved, ...] = ()
    sums: dict[str, Moved] = field(default_factory=dict)
    by_group: dict[tuple[str, str], dict[str, Moved]] = field(default_factory=dict)
    groups: dict[tuple[str, str], int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    whose: dict[str, list[Whose]] = field(default_factory=dict)


def rules_moved(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[RuleMoved, ...]:
    """Return the rules about cases whose findings change, by rule."""
    found = compare([one for one in before if one.subject == "case"], [one for one in after if one.subject == "case"])
    by_rule: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    severities: dict[str, str] = {}
    for place, group in ((0, found.new), (1, found.resolved)):
        for one in group:
            by_rule[one.rule][place].add(one.record)
            severities[one.rule] = one.severity
    return tuple(
        RuleMoved(rule, severities[rule], tuple(sorted(failing - passing)), tuple(sorted(passing - failing)))
        for rule, (failing, passing) in sorted(by_rule.items())
        if failing != passing
    )


def add_case(effect: Effect, case: Document, before: Sheet, after: Sheet) -> None:
    """Add what becomes of the money of one case."""
    effect.cases += 1
    groups = list(_groups(case.data))
    for group in groups:
        effect.groups[group] = effect.groups.get(group, 0) + 1
    for name in SUMS:
        try:
            one = Whose(record_name(case), _pounds(name, before), _pounds(name, after))
        except Unknown:
            effect.unknown[name] = effect.unknown.get(name, 0) + 1
            continue
        moved = _moved(name, one, before.weeks, after.weeks)
        if moved.cases:
            effect.whose.setdefault(name, []).append(one)
            effect.sums.setdefault(name, Moved()).add(moved)
            for group in groups:
                effect.by_group.setdefault(group, {}).setdefault(name, Moved()).add(moved)


def _moved(name: str, one: Whose, weeks_before: Any, weeks_after: Any) -> Moved:
    """Return the change of one sum in one case; by the week, each sum is divided by the weeks of its own policy's year."""
    change = one.after - one.before
    if not change:
        return Moved()
    if name in AT_ONCE:
        return Moved(1, change > 0, change < 0, at_once=change)
    week = one.after / WEEKS[weeks_after] - one.before / WEEKS[weeks_before]
    return Moved(1, change > 0, change < 0, change, week)


def _pounds(name: str, sheet: Sheet) -> Fraction:
    """Return a sum by the year, or as it stands for a balance, in pounds; nil where it does not apply."""
    if name in AT_ONCE:
        value: Any = balance_at_risk(sheet)
        return Fraction(0) if isinstance(value, Not) else Fraction(value) / POUND
    value = sheet.exactly(name)
    period = _period(name, sheet.case)
    return Fraction(sheet.of_year(value, period) if period else value) / POUND


def _period(name: str, case: Mapping[str, Any]) -> str:
    """Return the period that a sum is for; empty for one that is by the year already."""
    if name == "gross_final":
        return ""
    group = "contribution" if name == "contribution" else "final"
    return str(case.get(group, EMPTY).get("period", "year"))


def _groups(case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "team", str(case.get("team") or "not recorded")
    parts = case.get("arrangements", ())
    for kind in sorted({str(one.get("holder_kind", "not recorded")) for one in parts}):
        yield "holder_kind", kind
    forms = {str(one["derived"].get("form", "not known")) for one in parts}
    yield "form", forms.pop() if len(forms) == 1 else "mixed" if forms else "none"
    yield "complexity", str(case.get("person", EMPTY).get("complexity", "not recorded"))


def hidden(moved: Moved, cases: int, limit: int = LIMIT) -> bool:
    """Return whether a change is kept back: few people are behind it, or few are not."""
    return any(0 < number < limit for number in (moved.cases, moved.more, moved.less, cases - moved.cases))


def dimension_hidden(effect: Effect, dimension: str, name: str, limit: int = LIMIT) -> bool:
    """Return whether a sum is kept back for a whole dimension: for one group it must be, and the others would give it away."""
    groups = [group for group in effect.groups if group[0] == dimension]
    return any(
        hidden(effect.by_group.get(group, {}).get(name, Moved()), effect.groups[group], limit) or effect.groups[group] < limit
        for group in groups
    )
