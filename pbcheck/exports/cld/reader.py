"""A return to cases, person by person: the same way in as for every other file of documents, and an account of every row beside.

Two passes: the first reads the file once, in order, into a private store; the second goes through the people, checks their rows,
builds their cases and keeps the account. Memory does not grow with the file.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from pbcheck.exports.cld.account import Account
from pbcheck.exports.cld.build import Places, build
from pbcheck.exports.cld.events import Desk, Event, check_row
from pbcheck.exports.cld.fields import READ
from pbcheck.exports.cld.lines import Hash, Record, records
from pbcheck.exports.cld.names import case_name
from pbcheck.exports.cld.people_figures import count_person
from pbcheck.exports.cld.person import Period, Person, check_birth, check_person, left_out, without_repeats
from pbcheck.exports.cld.release import Release, recognise
from pbcheck.exports.cld.store import Store, Stored
from pbcheck.exports.cld.whole_file import check_whole, councils_of, period_of, reset_days
from pbcheck.source.document import Document, Fault, Mark, Unreadable
from pbcheck.source.files import FileRead, refuse, why_not_read
from pbcheck.source.lines import unchanged

_NAMES = tuple(READ)
Row = tuple[int, int, bytes | None, str, list[str]]


@dataclass
class ReturnRead(FileRead):
    """What came of reading a return; `account` is complete when its documents are exhausted."""

    account: Account = field(default_factory=Account)


def return_at(path: Path, shown: str) -> ReturnRead | None:
    """Return a file to be read as a return, where it is one or nearly one; None where it is not."""
    return ReturnRead(path, shown, kind="case", reader=read_cld) if recognise(path) else None


def read_cld(file: FileRead, root: Path | None) -> Iterator[Document]:
    """Yield a case for each person of a return; faults gather in `file.faults`, with row, column and case.

    A person who is cared for and is a carer as well has two cases, the second under the same id with `/carer`. `root` is the folder
    that links must not leave. The date to judge by is the last day of the reporting period.
    """
    account = file.account if isinstance(file, ReturnRead) else Account()
    file.kind = file.kind or "case"
    try:
        refuse(file.path, root)
        file.path.open("rb").close()  # a file that cannot be opened is said to be that, not to be no return
        release = recognise(file.path)
        if release is None:
            words = "This is no Client Level Data return: its first line does not hold the headers of one."
            raise Unreadable(Fault("cld-header", words, Mark(1, 1)))
        file.faults += release.faults
        if release.usable:
            yield from _read(file, release, account)
    except (Unreadable, OSError, RuntimeError) as error:
        file.faults += why_not_read(error)
    account.defects = Counter(fault.check for fault in file.faults)


def _read(file: FileRead, release: Release, account: Account) -> Iterator[Document]:
    account.release = release.number
    with Store(_NAMES) as store, file.path.open("rb") as handle:
        before = os.fstat(handle.fileno())
        digest = Hash()
        store.fill(_rows(handle, release, file, account, store, digest))
        unchanged(before, file.path)
        file.sha256, file.size = digest.found.hexdigest(), digest.size
        if not account.rows_in:
            file.faults.append(Fault("empty-file", "The return has headers and no row.", Mark(1, 1)))
            return
        desk = Desk(release, _NAMES, handle)
        period = period_of(store, desk)
        resets = reset_days(store, desk)
        councils = councils_of(store)
        check_whole(store, desk, period, councils)
        account.period = (period.start, period.end)
        reading = _Reading(file, release, period, account, desk, resets, len(councils) > 1)
        for number, rows in groupby(store.people(), key=lambda row: row[0]):
            yield from reading.person(int(number), list(rows))
            file.faults += desk.faults
            desk.faults.clear()
        file.faults += desk.faults


def _rows(handle: BinaryIO, release: Release, file: FileRead, account: Account, store: Store, digest: Hash) -> Iterator[Row]:
    """Yield the rows to store: only the columns that are read, the NHS number as a hash. Rows that cannot be taken apart are faults."""
    columns, width = release.columns, len(release.header)
    places = [columns.get(name, width) for name in _NAMES]
    nhs_at, council, person = columns.get("nhs_number", width), columns.get("la_code", width), columns["person_id"]
    hidden = _NAMES.index("nhs_number")
    found = records(handle, release.dialect, digest, width)
    next(found, None)
    for record in found:
        cells = record.cells
        if cells is not None and len(cells) > width and not any(cells[width:]):
            del cells[width:]
        if cells is None or len(cells) != width:
            account.rows_in += 1
            account.book("row", None)
            file.faults.append(_not_taken_apart(record, width))
            continue
        if not any(cells):
            continue
        account.rows_in += 1
        cells.append("")
        nhs = cells[nhs_at].strip()
        known = store.nhs_key(nhs) if nhs else None
        name = cells[person].strip()
        owner = "" if not name or name.upper() == "NULL" else f"{cells[council].strip().upper()}|{name}"
        row = [cells[at] for at in places]
        row[hidden] = "" if known or not nhs else "NULL" if nhs.upper() == "NULL" else "not valid"
        yield record.line, record.offset, known, owner, row


def _not_taken_apart(record: Record, width: int) -> Fault:
    if record.cells is None:
        words = "This row cannot be taken apart: a quotation mark is not closed, or a character cannot be read. It was left out."
    else:
        words = (
            f"This row has {len(record.cells)} cells and the header {width}. It was left out: look for a comma or a line break too many."
        )
    return Fault("cld-row-not-read", words, Mark(record.line, 1))


class _Reading:
    """The second pass: what is known of the file as a whole, and what becomes of one person's rows."""

    def __init__(
        self, file: FileRead, release: Release, period: Period, account: Account, desk: Desk, resets: frozenset[str], several: bool
    ) -> None:
        self.file = file
        self.release = release
        self.columns = dict(release.columns)  # one for all cases, so that they travel to other processes lightly
        self.period = period
        self.account = account
        self.desk = desk
        self.resets = resets
        self.several = several

    def person(self, number: int, rows: list[Stored]) -> Iterator[Document]:
        """Yield the cases of one person: as an adult with needs, as a carer, or both."""
        name = case_name(rows, several_councils=self.several)
        events = [self.desk.read(row[1], row[2], row[4], name) for row in rows]
        for event in events:
            check_row(event, self.desk, name if number else "")
            self.account.pence_in += event.pence or 0
            if event.kind == "Service" and event.start in self.resets:
                words = (
                    "Very many services start on this first of April: the date looks like that of a new financial year, not of the support."
                )
                self.desk.say("cld-starts-reset", f"{words} Give the day on which it began.", event, "start", name)
                event.doubt("start")
        if not number:
            for event in events:
                words = "There is no NHS number and no identifier of the council, so nobody can tell whose row this is. It was left out."
                self.desk.say("cld-person-not-named", words, event, "person_id", "")
                self.account.book("person", event)
            return
        self._check_identity(rows, events, name)
        self.account.people += 1
        for role in ("adult", "carer"):
            made = self._role(role, name if role == "adult" else f"{name}/carer", [one for one in events if one.role == role])
            if made:
                yield made
        for event in events:
            if not event.role:
                self.account.book(left_out(event, self.period), event)

    def _role(self, role: str, name: str, events: list[Event]) -> Document | None:
        counted = []
        for event in events:
            reason = left_out(event, self.period)
            if reason:
                self.account.book(reason, event)
                if reason == "outside":
                    words = "The event lies outside the reporting period, so it was left out. Take it out, or correct its dates."
                    self.desk.say("cld-outside-the-period", words, event, "start", name)
            else:
                counted.append(event)
        kept = without_repeats(counted, self.period, self.desk, name, self.account)
        if all(one.kind == "Request" for one in kept):
            for one in kept:
                self.account.book("request", one)
            return None
        person = Person(name, role, kept)
        check_person(person, self.period, self.desk)
        count_person(person, self.period, self.account)
        case = build(person, self.period, self.account, self._places)
        if case is None:
            return None
        self.file.records += 1
        self.account.cases += 1
        self.account.carers += role == "carer"
        case.file, case.index = self.file.shown, self.file.records
        return case

    def _places(self, rows: dict[tuple[str | int, ...], tuple[int, int]]) -> Places:
        return Places(self.file.path, self.release.dialect, self.columns, rows)

    def _check_identity(self, rows: list[Stored], events: list[Event], name: str) -> None:
        check_birth(events, self.desk, name)
        if rows[0][3]:
            words = (
                "The same identifier of the council goes with several NHS numbers. Each was taken for a person of their own: correct one."
            )
            self.desk.say("cld-identifiers-clash", words, events[0], "person_id", name)
