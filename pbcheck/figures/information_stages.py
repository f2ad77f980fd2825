"""Figures about the points of a case by which people should have been told: planning, choice, sign-off, start, contribution, plan.

Source: `information_rules` of the register's tables. A stage is behind where its own date, or the date of something that only
comes after it, lies before the date to judge by.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown
from pbcheck.figures.forms import FORM_INPUTS
from pbcheck.figures.quantities import pence

SOURCE = "information_rules"
LATER_STAGES = ("case.final.confirmed_on", "case.final.starts_on", "case.support_started_on", "case.arrangements.*.starts_on")


def has_come(facts: Facts, group: str, name: str) -> bool:
    """Return whether a stage is behind.

    A record with no arrangement and none of the dates has not come so far; one with an undated arrangement may have.
    """
    now = _now(facts)
    case = facts.record
    own = case.get(group, EMPTY).get(name, now)
    if own < now or case.get("support_started_on", now) < now:
        return True
    final: Data = case.get("final", EMPTY)
    if final.get("confirmed_on", now) < now or final.get("starts_on", now) < now:
        return True
    arrangements = case.get("arrangements")
    for one in arrangements or ():
        if one.get("starts_on", now) < now:
            return True
    if name in case.get(group, EMPTY):
        return False
    if arrangements is None or any("starts_on" not in one for one in arrangements):
        raise Unknown(f"case.{group}.{name}")
    return False


def first_start(facts: Facts) -> str:
    """Return the first day of the arrangements of a case."""
    return _first(one.get("starts_on") for one in _arrangements(facts))


def direct_payment_start(facts: Facts) -> str:
    """Return the first day of the direct payments of a case."""
    arrangements = _arrangements(facts)
    for one in arrangements:
        if "managed" not in one["derived"]:
            raise Unknown("case.arrangements.*.contract_party")
    return _first(one.get("starts_on") for one in arrangements if not one["derived"]["managed"])


def sum_is_due(facts: Facts) -> bool:
    """Return whether the sum must be known by now: there is one, and both its confirmation and the start of an arrangement are past."""
    now = _now(facts)
    case = facts.record
    final: Data = case.get("final", EMPTY)
    if ("confirmed_on" not in final and "gross" not in final) or case.get("arrangements") == []:
        return False
    confirmed = final.get("confirmed_on")
    start = min((one["starts_on"] for one in case.get("arrangements", ()) if "starts_on" in one), default=None)
    if confirmed is None and start is None:
        raise Unknown("case.final.confirmed_on")
    return (confirmed or "") < now and (start or "") < now


def share_settled_on(facts: Facts) -> str:
    """Return the day from which the shares can be told: the later of the confirmation and, where recorded, the means test."""
    case = facts.record
    confirmed = case.get("final", EMPTY).get("confirmed_on")
    if confirmed is None:
        raise Unknown("case.final.confirmed_on")
    calculated = case.get("contribution", EMPTY).get("calculated_on")
    return str(confirmed if calculated is None or calculated < confirmed else calculated)


def share_asked(facts: Facts) -> int:
    """Return what the person is asked for, in pence a period: the contribution that was set, else the most that can be asked."""
    contribution: Data = facts.record.get("contribution", EMPTY)
    if "amount" in contribution:
        return pence(contribution["amount"])
    if "maximum" in contribution:
        return pence(contribution["maximum"])
    raise Unknown("case.contribution.amount")


def plan_copy_on(facts: Facts) -> str:
    """Return the first day on which the person was given or sent a copy of the plan."""
    plan: Data = facts.record.get("plan", EMPTY)
    given = plan.get("copy_given_on")
    sent = plan.get("copy_sent_on")
    if given is None and sent is None:
        raise Unknown("case.plan.copy_given_on")
    return str(given if sent is None or (given is not None and given < sent) else sent)


def _now(facts: Facts) -> str:
    if facts.as_of is None:
        raise Unknown("as_of")
    return facts.as_of


def _arrangements(facts: Facts) -> list[Data]:
    if "arrangements" not in facts.record:
        raise Unknown("case.arrangements")
    found: list[Data] = facts.record["arrangements"]
    return found


def _first(days: Iterable[str | None]) -> str:
    first = ""
    for day in days:
        if day is None:
            raise Unknown("case.arrangements.*.starts_on")
        first = day if not first or day < first else first
    if not first:
        raise Unknown("case.arrangements.*.starts_on")
    return first


def _stage(group: str, name: str, words: str) -> Figure:
    meaning = f"{words}, or something that comes after it, lies before the date to judge by"
    return Figure("bool", partial(has_come, group=group, name=name), SOURCE, meaning, (f"case.{group}.{name}", *LATER_STAGES))


CASE: dict[str, Figure] = {
    "planning_begun": _stage("plan", "started_on", "Planning"),
    "choice_made": _stage("decision", "made_on", "The decision"),
    "package_settled": _stage("final", "confirmed_on", "The sign-off"),
    "first_start": Figure("date", first_start, SOURCE, "The first day of any arrangement", ("case.arrangements.*.starts_on",)),
    "direct_payment_start": Figure(
        "date",
        direct_payment_start,
        SOURCE,
        "The first day of any direct payment",
        ("case.arrangements.*.starts_on", *(f"case.arrangements.*.{name}" for name in FORM_INPUTS)),
    ),
    "sum_is_due": Figure(
        "bool",
        sum_is_due,
        SOURCE,
        "There is a final budget, and its confirmation and the first start of an arrangement lie before the date to judge by",
        ("case.final.confirmed_on", "case.final.gross", "case.arrangements.*.starts_on"),
    ),
    "share_settled_on": Figure(
        "date",
        share_settled_on,
        SOURCE,
        "The later of the confirmation of the final budget and, where it is recorded, the day on which the contribution was worked out",
        ("case.final.confirmed_on", "case.contribution.calculated_on"),
    ),
    "share_asked": Figure(
        "money",
        share_asked,
        "FIG-CONTRIB",
        "The contribution that was set, or else the most that the person can be asked for",
        ("case.contribution.amount", "case.contribution.maximum"),
    ),
    "plan_copy_on": Figure(
        "date",
        plan_copy_on,
        SOURCE,
        "The first day on which the person was given or sent a copy of the plan",
        ("case.plan.copy_given_on", "case.plan.copy_sent_on"),
    ),
}
