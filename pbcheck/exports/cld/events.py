"""A row of the return as an event: its cells read, and every defect of the row said with the row and the column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import getitem, itemgetter
from typing import BinaryIO

from pbcheck.exports.cld.faults import NOT_READ, cell_fault
from pbcheck.exports.cld.fields import (
    COMMISSIONED,
    COMMUNITY,
    DIRECT_PAYMENT,
    ENDED,
    HEADERS,
    LONG_TERM,
    PRISON,
    SERVICE_USER,
    SHORT_WITH_COST,
    TO_CARER,
)
from pbcheck.exports.cld.lines import marks_in
from pbcheck.exports.cld.release import Release
from pbcheck.exports.cld.values import Cell, Column, column
from pbcheck.source.document import Fault, Mark

_COMMON = (
    "la_code",
    "nhs_number",
    "person_id",
    "client_type",
    "event_type",
    "start",
    "end",
    "birth",
    "death",
    "funding",
    "has_carer",
    "outcome",
)
_OWN: Mapping[str, tuple[str, ...]] = {
    "Request": ("route",),
    "Assessment": ("assessment_type", "eligible"),
    "Service": ("service_type", "component", "mechanism", "unit_cost", "frequency", "units"),
    "Review": ("review_reason",),
}
APPLIES: Mapping[str, frozenset[str]] = {kind: frozenset((*_COMMON, *own)) for kind, own in _OWN.items()}
MANDATORY: Mapping[str, tuple[str, ...]] = {
    "Request": (),
    "Assessment": ("assessment_type",),
    "Service": ("service_type", "component"),
    "Review": (),
}
_EVERYWHERE = {
    "cld-null-text": "The word NULL stands where a blank belongs. It was read as blank: leave such cells empty.",
    "cld-spaces": "Spaces stand before, after or doubled in a value. They were left out: take them out.",
}
SUB_WEEKLY = ("hour", "day", "session")
PER_WEEK = {"week": "1.00", "fortnight": "0.50", "four_weeks": "0.25", "month": "0.23", "quarter": "0.08", "year": "0.02"}
_MOST = {"hour": 168, "day": 7, "session": 168}


NOTHING: frozenset[str] = frozenset()
_VALUE, _NOTES = itemgetter(0), itemgetter(1)  # of a Cell


@dataclass(slots=True)
class Event:
    """One row: where it stands, what its cells say (None where blank), and the cells that hold something that cannot be used.

    `kind` is the event type, `role` whether it is about a person with needs (`adult`) or a `carer`, `start` the start date, each empty
    where not known; `pence` the unit cost as it is stated; `ends` the end that counts: the date of death where that comes before the
    end that is stated (the national method). `doubtful` names cells that were read, but that contradict others.
    """

    line: int
    offset: int
    said: dict[str, str | None]
    kind: str = ""
    role: str = ""
    start: str = ""
    ends: str | None = None
    pence: int | None = None
    refused: frozenset[str] = NOTHING
    doubtful: frozenset[str] = NOTHING

    def doubt(self, name: str) -> None:
        """Take down that a cell contradicts others."""
        self.doubtful |= {name}


def event_of(line: int, offset: int, said: dict[str, str | None]) -> Event:
    """Return the event of a row whose cells were read."""
    client, cost = said["client_type"], said["unit_cost"]
    role = "" if client is None else "adult" if client == SERVICE_USER else "carer"
    pence = None if cost is None else int(cost.replace(".", ""))
    return Event(line, offset, said, said["event_type"] or "", role, said["start"] or "", said["end"], pence)


def cost_expected(event: Event) -> bool:
    """Return whether the return asks for the cost of a service: long-term and carers' support unless commissioned, respite care."""
    said = event.said
    if said["component"] in SHORT_WITH_COST:
        return True
    kind = said["service_type"] or ""
    return (kind in LONG_TERM or kind.startswith("Unpaid carer support")) and said["mechanism"] != COMMISSIONED


class Desk:
    """Where the cells of a return are read and its faults are written down, with row, column and case."""

    def __init__(self, release: Release, names: Sequence[str], handle: BinaryIO) -> None:
        self.release = release
        self.names = tuple(names)
        self.readers: list[Column] = [column(name, release.number) for name in names]
        self.handle = handle
        self.faults: list[Fault] = []
        self._marks: tuple[int, list[Mark]] = (0, [])

    def mark(self, line: int, offset: int, name: str) -> Mark:
        """Return the place of a cell; of the row where the file has no such column."""
        if self._marks[0] != line:
            self._marks = (line, marks_in(self.handle, offset, line, self.release.dialect))
        at = self.release.columns.get(name, -1)
        found = self._marks[1]
        return found[at] if 0 <= at < len(found) else Mark(line, 1)

    def say(self, check: str, words: str, event: Event, name: str, record: str) -> None:
        """Write down a fault of a cell; the words never hold what stands in it."""
        mark = self.mark(event.line, event.offset, name)
        self.faults.append(cell_fault(check, f"{HEADERS[name]}: {words}", mark, (HEADERS[name],), record, incomplete=check in NOT_READ))

    def read(self, line: int, offset: int, raws: Sequence[str], record: str) -> Event:
        """Return the event of a row, and write down what is wrong with its cells."""
        cells = list(map(getitem, self.readers, raws))
        event = event_of(line, offset, dict(zip(self.names, map(_VALUE, cells), strict=True)))
        if any(map(_NOTES, cells)):
            self._notes(event, [(name, cell) for name, cell in zip(self.names, cells, strict=True) if cell.notes], record)
        return event

    def _notes(self, event: Event, noted: Sequence[tuple[str, Cell]], record: str) -> None:
        applies = APPLIES.get(event.kind, frozenset(_COMMON))
        event.refused = frozenset(name for name, cell in noted if cell.refused)
        found = [(note.check, name, note.words) for name, cell in noted for note in cell.notes]
        for check, name, words in found:
            if check not in _EVERYWHERE and (name in applies or name in ("period_start", "period_end")):
                self.say(check, words, event, name, record)
        for check, words in _EVERYWHERE.items():
            columns = [name for one, name, _ in found if one == check]
            if columns:
                others = ", ".join(HEADERS[name] for name in columns[1:])
                self.say(check, words + (f" So in this row too: {others}." if others else ""), event, columns[0], record)


def check_row(event: Event, desk: Desk, record: str) -> None:
    """Write down what the cells of a row say against each other; `ends` is moved to the date of death where that counts."""
    said, kind = event.said, event.kind
    blank = [one for one in ("client_type", "start", *MANDATORY.get(kind, ())) if said[one] is None and one not in event.refused]
    for name in blank:
        if name in desk.release.columns:
            desk.say("cld-value-missing", "This is blank, and every row of this kind needs it.", event, name, record)
    if kind == "":
        if "event_type" not in event.refused:
            desk.say("cld-value-missing", "This is blank, and every row needs it.", event, "event_type", record)
        return
    _check_dates(event, desk, record)
    if kind == "Service" and said["service_type"]:
        _check_mechanism(event, desk, record)
        _check_cost(event, desk, record)


def _check_dates(event: Event, desk: Desk, record: str) -> None:
    said = event.said
    start, end, death = said["start"], said["end"], said["death"]
    if start and end and end < start:
        desk.say("cld-ends-before-start", "This is before the start date. Correct one of the two.", event, "end", record)
    if end is None and "end" not in event.refused:
        if event.kind != "Service":
            words = "This is blank. Only a service may be open: give the date on which this was completed, or take the row out."
            desk.say("cld-end-missing", words, event, "end", record)
        elif said["outcome"] in ENDED and not death:
            words = "This is blank, but the outcome says that the service has ended. Give the date on which it ended."
            desk.say("cld-end-missing", words, event, "end", record)
            event.doubt("end")
    if not (death and start):
        return
    if death < start:
        desk.say("cld-dead-before-start", "This is before the event started. Correct one of the two dates.", event, "death", record)
    elif end is None or end > death:
        if event.kind == "Service":
            words = "The service is open, or ends, after this date. The date of death was taken as its end: close the service."
            desk.say("cld-open-after-death", words, event, "death", record)
            event.doubt("end")
        if "end" not in event.refused and (end is not None or death > start):
            event.ends = death


def _check_mechanism(event: Event, desk: Desk, record: str) -> None:
    said = event.said
    kind, mechanism, component = said["service_type"], said["mechanism"], said["component"]
    if DIRECT_PAYMENT in (mechanism, component) and kind == PRISON:
        name = "mechanism" if mechanism == DIRECT_PAYMENT else "component"
        desk.say(
            "cld-direct-payment-in-prison", "There are no direct payments in prison. Correct this or the service type.", event, name, record
        )
        event.doubt("mechanism")
    elif component == DIRECT_PAYMENT and mechanism != DIRECT_PAYMENT and "mechanism" in desk.release.columns:
        words = "The service component says direct payment and this does not. It was counted as one: write Direct payment here too."
        desk.say("cld-direct-payment-in-component-only", words, event, "mechanism", record)
    elif kind in (COMMUNITY, PRISON, TO_CARER) and mechanism is None and "mechanism" not in event.refused:
        words = "This is blank, so nobody can tell whether there is a direct payment, a managed budget or neither. Fill it in."
        desk.say("cld-mechanism-not-stated", words, event, "mechanism", record)


def _check_cost(event: Event, desk: Desk, record: str) -> None:
    said = event.said
    cost, frequency = said["unit_cost"], said["frequency"]
    for name in ("unit_cost", "units"):
        if (said[name] or "").startswith("-"):
            words = "This is below zero, and a planned cost is not. The national method drops the sign; no rule used it. Correct it."
            desk.say("cld-negative-amount", words, event, name, record)
            event.doubt(name)
    if cost is None:
        if "unit_cost" not in event.refused and cost_expected(event):
            words = "This is blank, so the return does not show what this part of the support costs. Give the latest cost that is known."
            desk.say("cld-cost-missing", words, event, "unit_cost", record)
        return
    if cost == "0.00" and cost_expected(event):
        words = (
            "This is nil. The national method leaves the row out of all costs: give the cost, or leave the cell blank if it is not known."
        )
        desk.say("cld-zero-cost", words, event, "unit_cost", record)
        event.doubt("unit_cost")
    if frequency is None:
        if "frequency" not in event.refused:
            desk.say(
                "cld-value-missing", "This is blank, so nobody can tell for what time the cost is. Fill it in.", event, "frequency", record
            )
    else:
        _check_units(event, frequency, desk, record)


def _check_units(event: Event, frequency: str, desk: Desk, record: str) -> None:
    units = (event.said["units"] or "0.00").lstrip("-")
    if frequency in SUB_WEEKLY:
        if units == "0.00" and "units" not in event.refused:
            words = "This is blank or nil, and a cost by the hour, day or session needs it: give how many are planned a week."
            desk.say("cld-units-missing", words, event, "units", record)
            event.doubt("units")
        elif Decimal(units) > _MOST[frequency]:
            words = f"There are more units here than a week can hold ({_MOST[frequency]}). Correct them, or the frequency of the cost."
            desk.say("cld-units-contradict", words, event, "units", record)
            event.doubt("units")
    elif units not in ("0.00", PER_WEEK.get(frequency, "1.00")):
        words = "This does not go with the frequency of the cost. The frequency was used, as in the national method: leave this blank."
        desk.say("cld-units-contradict", words, event, "units", record)
        event.doubt("units-with-period")
