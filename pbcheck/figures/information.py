"""Figures about what people were told, and when.

Source: `information_rules` and `information_reading` of the register's tables. A topic is told when the person heard it, or the
representative where there is one. What an entry of the options record explains is told as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Tally, Together, Unknown

TOPICS = {
    "options_for_managing": "the ways of managing a budget",
    "sum_available": "the sum that is available",
    "indicative_value": "the indicative value of the budget",
    "final_value": "the final value of the budget",
    "council_share": "the council's share",
    "personal_share": "the person's own share",
    "net_figure": "the net figure",
    "component_costs": "the cost of each part of the plan",
    "drawdown": "how each part draws on the budget",
    "alternatives": "the alternatives",
    "alternative_costs": "the cost of the alternatives",
    "consequences_liability": "who is liable under each alternative",
    "consequences_payment": "who pays under each alternative",
    "how_to_change": "how to change the support",
    "less_control_than_dp": "that a managed budget may give less control than a direct payment",
    "move_to_managed_full": "the right to ask for a full move to a managed budget",
    "move_to_managed_partial": "the right to ask for a partial move to a managed budget",
    "support_available": "which support services there are",
    "support_access": "how to reach support services",
    "brokerage_managed": "the council's brokerage",
    "brokerage_external": "independent brokerage",
    "finance_disclosure": "that finances will have to be disclosed",
    "possible_contribution": "that a contribution may be asked for",
    "may_stop_here": "that one may stop at this point",
    "planning_help": "who can help with planning",
}
ALSO_TOLD_BY = {"sum_available": "final_value", "final_value": "sum_available"}
"""The other topic that says the same (satisfied_also_by)."""
IN_OPTIONS = ("alternatives", "alternative_costs")
"""The topics that the record of the options may show as told."""
ELSEWHERE = frozenset((*ALSO_TOLD_BY, *IN_OPTIONS))
"""The topics that something else may show as told, too."""
TOLD_READS = ("case.information", "case.representative.kind", "case.arrangements.*.holder_kind")


def when_told(topic: str) -> str:
    """Return the name of the figure of the day on which a topic was told."""
    return f"told_{topic}_on"


_NAMES = {topic: (f"told_{topic}", when_told(topic)) for topic in TOPICS}

Told = tuple[bool | None, str | None]
"""Whether an entry reached the right person (None where the record does not say), and when."""


def told(facts: Facts, topic: str) -> bool:
    """Return whether the person, or the representative where there is one, was told of a topic."""
    for one in entries_on(facts, topic):
        if "person" in one.get("to", ()):
            return True
    unsure = False
    for reached, _ in _entries(facts, topic):
        if reached:
            return True
        if reached is None:
            unsure = True
    if unsure:
        raise Unknown("case.information.*.to")
    if "information" not in facts.record:
        raise Unknown("case.information")
    return False


def told_on(facts: Facts, topic: str) -> str:
    """Return the first day on which the right person was told of a topic; Unknown where an earlier one cannot be ruled out."""
    day, lacking = first_day(facts, topic)
    if lacking:
        raise Unknown(lacking)
    return day


def first_day(facts: Facts, topic: str) -> tuple[str, str]:
    """Return the same day, and what is missing to tell it; one of the two is empty. Worked out once for a case."""
    found: tuple[str, str] | None = facts.memo.get((first_day, topic))
    if found is None:
        plain = _plain_day(facts, topic)
        found = facts.memo[first_day, topic] = (plain, "") if plain else _day_among(facts, topic)
    return found


def _day_among(facts: Facts, topic: str) -> tuple[str, str]:
    first, undated, unsure = "", False, ""
    for reached, day in _entries(facts, topic):
        if day is None:
            undated = undated or reached is not False
        elif reached:
            first = day if not first or day < first else first
        elif reached is None:
            unsure = day if not unsure or day < unsure else unsure
    if not first or undated:
        return "", "case.information.*.given_on"
    if unsure and unsure < first:
        return "", "case.information.*.to"
    return first, ""


def _plain_day(facts: Facts, topic: str) -> str:
    """Return the same where every entry says outright that the person was told, and when; empty where one does not."""
    entries = entries_on(facts, topic)
    if topic in ALSO_TOLD_BY:
        entries = entries + entries_on(facts, ALSO_TOLD_BY[topic])
    days = [str(one["given_on"]) for one in entries if "given_on" in one and "person" in one.get("to", ())]
    if len(days) < len(entries):
        return ""
    if topic in IN_OPTIONS:
        days += explained_on(facts.record, topic)
    return min(days, default="")


def plainly_told(facts: Facts) -> dict[str, Any]:
    """Return the figures of the topics with one entry that says outright that the person was told, and when; in one go, for speed.

    They are the same as `told` and `told_on` give; a topic that is not as plain as that is left to these.
    """
    found: dict[str, Any] | None = facts.memo.get("plainly told")
    if found is not None:
        return found
    found = facts.memo["plainly told"] = {}
    for topic, entries in by_topic(facts).items():
        entry, names = entries[0], _NAMES.get(topic)
        if names is None or len(entries) > 1 or "person" not in entry.get("to", ()):
            continue
        whether, when = names
        found[whether] = True
        if topic in ELSEWHERE:
            day = _plain_day(facts, topic)
            if day:
                found[when] = day
        elif "given_on" in entry:
            found[when] = entry["given_on"]
    return found


def entries_on(facts: Facts, topic: str) -> list[Data]:
    """Return the entries of the information record on one topic, in the order of the record."""
    return by_topic(facts).get(topic) or []


def by_topic(facts: Facts) -> dict[str, list[Data]]:
    """Return the entries of the information record by topic, each list in the order of the record; grouped once for a case."""
    groups: dict[str, list[Data]] | None = facts.memo.get("information by topic")
    if groups is None:
        groups = facts.memo["information by topic"] = {}
        for one in facts.record.get("information", ()):
            name = one.get("topic", "")
            if name in groups:
                groups[name].append(one)
            else:
                groups[name] = [one]
    return groups


def _entries(facts: Facts, topic: str) -> Iterator[Told]:
    case = facts.record
    for one in entries_on(facts, topic):
        yield reached(case, one.get("to")), one.get("given_on")
    if topic in ALSO_TOLD_BY:
        for one in entries_on(facts, ALSO_TOLD_BY[topic]):
            yield reached(case, one.get("to")), one.get("given_on")
    elif topic in IN_OPTIONS:
        for day in explained_on(case, topic):
            yield True, day


def explained_on(case: Data, topic: str) -> list[str]:
    """Return the days on which the record of the options shows the alternatives, or their costs, as explained."""
    ways = [one for one in case.get("options", ()) if "explained_on" in one and one.get("outcome") != "chosen"]
    return [str(one["explained_on"]) for one in ways if topic == "alternatives" or "cost" in one]


def reached(case: Data, audience: Iterable[str] | None) -> bool | None:
    """Return whether an entry reached the person, or the representative where there is one; None where the record does not say."""
    if audience is None:
        return None
    if "person" in audience:
        return True
    if "representative" not in audience:
        return False
    kind = case.get("representative", EMPTY).get("kind")
    if kind not in (None, "none"):
        return True
    for one in case.get("arrangements", ()):
        if one.get("holder_kind") == "representative":
            return True
    return None if kind is None else False


def _reads(topic: str) -> tuple[str, ...]:
    return TOLD_READS + (tuple(f"case.options.*.{name}" for name in ("explained_on", "outcome", "cost")) if topic in IN_OPTIONS else ())


def _told(topic: str) -> Figure:
    return Figure("bool", partial(told, topic=topic), "information_rules", f"The right person was told {TOPICS[topic]}", _reads(topic))


def _told_on(topic: str) -> Figure:
    meaning = f"The first day on which the right person was told {TOPICS[topic]}"
    return Figure("date", partial(told_on, topic=topic), "information_rules", meaning, _reads(topic))


CASE: dict[str, Figure] = {
    **{f"told_{topic}": _told(topic) for topic in TOPICS},
    **{f"told_{topic}_on": _told_on(topic) for topic in TOPICS},
}
FAMILIES: dict[str, Together] = dict.fromkeys(CASE, plainly_told)
CONTRACT: dict[str, Figure] = {}
POLICY: dict[str, Figure] = {}
PORTFOLIO: dict[str, Figure] = {}
TALLIES: tuple[Tally, ...] = ()
