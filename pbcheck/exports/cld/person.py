"""The events of one person put in order: which rows count, which are the same event again, and what contradicts what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pbcheck.exports.cld.account import TWICE, Account
from pbcheck.exports.cld.events import Desk, Event
from pbcheck.exports.cld.fields import LONG_TERM, OUTCOMES

_RANK = {outcome: number for number, outcome in enumerate(OUTCOMES)}
_OWN = {"Request": ("route",), "Assessment": ("assessment_type",), "Review": (), "Service": ("service_type", "component")}
_COSTS = (*_OWN["Service"], "mechanism", "unit_cost", "frequency", "units")


@dataclass(frozen=True)
class Period:
    """The reporting period of a return, the ISO dates of its first and last day; `several` where the file joins several returns."""

    start: str
    end: str
    several: bool = False

    @property
    def quarter(self) -> str:
        """Return the first day of the last three months of the period."""
        months = int(self.end[:4]) * 12 + int(self.end[5:7]) - 3
        return f"{months // 12:04}-{months % 12 + 1:02}-01"


@dataclass
class Person:
    """One person in one role, with a case of their own: the events that count, in the order of their rows."""

    name: str
    role: str
    events: list[Event] = field(default_factory=list)
    settings_clash: bool = False

    def of(self, kind: str) -> list[Event]:
        """Return the events of one type."""
        return [one for one in self.events if one.kind == kind]


def left_out(event: Event, period: Period) -> str:
    """Return why a row does not count, one of the reasons in `account.LEFT_OUT`; empty where it does."""
    said = event.said
    service = event.kind == "Service"
    if not event.kind:
        return "event-type"
    if not event.role:
        return "client-type"
    if not event.start:
        return "start"
    if "end" in event.refused or (not service and event.ends is None):
        return "end"
    if said["end"] is not None and said["end"] < event.start:
        return "end-before-start"
    if said["death"] is not None and (said["death"] < event.start or (period.start and said["death"] < _own(event, period)[0])):
        return "dead"
    first, last = _own(event, period)
    if first and (event.start > last or (event.ends is not None and (event.ends < first or (not service and event.ends > last)))):
        return "outside"
    return "service-type" if service and said["service_type"] is None else ""


def _own(event: Event, period: Period) -> tuple[str, str]:
    """Return the reporting period of a row: as it states it, else that of the file."""
    return event.said["period_start"] or period.start, event.said["period_end"] or period.end


def unique_key(event: Event, *, several: bool) -> tuple[str | None, ...]:
    """Return what makes an event the same as another of the same person (the national method).

    With one reporting period, services differ by their delivery mechanism and cost as well; where returns of several periods are
    joined they do not, since the latest known cost counts.
    """
    said = event.said
    service = event.kind == "Service"
    names = _COSTS if service and not several else _OWN[event.kind]
    ends = None if service else event.ends
    return (event.kind, event.start, ends, said["la_code"], said["client_type"], *[said[name] for name in names])


def _preferred(event: Event) -> tuple[str, str, int, int]:
    """Return the order in which one of two records of the same event is kept: latest period, open or latest end, outcome, last row."""
    outcome = _RANK.get(event.said["outcome"] or "", len(_RANK))
    return event.said["period_end"] or "", event.ends or "9999-12-31", -outcome, event.line


def without_repeats(events: Sequence[Event], period: Period, desk: Desk, record: str, account: Account) -> list[Event]:
    """Return one record of each event, in the order of rows; the others are said to be the same and booked as such."""
    if len(events) < 2:
        return list(events)
    groups: dict[tuple[str | None, ...], list[Event]] = {}
    for one in events:
        groups.setdefault(unique_key(one, several=period.several), []).append(one)
    kept = []
    for group in groups.values():
        best = group[0] if len(group) == 1 else max(group, key=_preferred)
        kept.append(best)
        for one in group:
            if one is not best:
                words = f"This row is the same event as row {best.line}, which was kept. Leave one of the two out."
                desk.say("cld-event-twice", words, one, "event_type", record)
                account.book(TWICE, one)
    return sorted(kept, key=lambda one: one.line)


def check_person(person: Person, period: Period, desk: Desk) -> None:
    """Write down what the rows of one person say against each other."""
    _check_settings(person, period, desk)
    _check_continued(person, desk)
    if period.several:
        _check_vanished(person, period, desk)


def check_birth(events: Sequence[Event], desk: Desk, record: str) -> None:
    """Write down where the rows of a person state several dates of birth; none of the dates is told."""
    first = next((one for one in events if one.said["birth"]), None)
    for one in events:
        if first and one.said["birth"] not in (None, first.said["birth"]):
            words = f"This is not the date that row {first.line} has for the same person. Correct one of them."
            desk.say("cld-birth-dates-differ", words, one, "birth", record)
            return


def open_at_end(event: Event, period: Period) -> bool:
    """Return whether a service runs on the last day of the period."""
    return event.kind == "Service" and event.start <= period.end and (event.ends is None or event.ends >= period.end)


def _check_settings(person: Person, period: Period, desk: Desk) -> None:
    running = [one for one in person.of("Service") if open_at_end(one, period) and one.said["service_type"] in LONG_TERM]
    for one in running[1:]:
        if one.said["service_type"] != running[0].said["service_type"]:
            words = (
                f"On the last day of the period the person is in another setting as well (row {running[0].line}). End the one that is over."
            )
            desk.say("cld-settings-conflict", words, one, "service_type", person.name)
            person.settings_clash = True
            return


def _check_continued(person: Person, desk: Desk) -> None:
    """Write down services that begin on a first of April, the day after the same service ended: one service with a new start."""
    started = [one for one in person.of("Service") if one.start[5:] == "04-01" and "start" not in one.doubtful]
    if not started:
        return
    ended = {unique_key(one, several=True)[2:] for one in person.of("Service") if (one.ends or "")[5:] == "03-31"}
    for one in started:
        if unique_key(one, several=True)[2:] in ended:
            words = (
                "The same service ended the day before: the date looks like that of a new financial year. Give the day on which it began."
            )
            desk.say("cld-starts-reset", words, one, "start", person.name)
            one.doubt("start")


def _check_vanished(person: Person, period: Period, desk: Desk) -> None:
    """Write down services that were open in an earlier return and are in no later one: their end was not reported."""
    for one in person.of("Service"):
        stated = one.said["period_end"] or period.end
        if stated < period.end and one.said["end"] is None and one.ends is None:
            words = f"The service was open on {stated} and is in no later return of this file. That day was taken as its end."
            desk.say("cld-end-missing", words, one, "end", person.name)
            one.ends = stated
            one.doubt("end")
