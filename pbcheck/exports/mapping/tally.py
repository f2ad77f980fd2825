"""What came of every row and every amount: read = used + left out, by reason, to the row and the penny."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pbcheck.exports.mapping.convert import NOTHING, NotRead, pence, pounds
from pbcheck.exports.mapping.spec import FieldMap, Use

FIRST = 20
USED = "used"


@dataclass
class Amounts:
    """One field of money: the sum over all rows of its columns, the sum in the records, and the sums left out, by reason; in pence.

    `unread` counts the cells that are no amount in what was read, `unread_after` those met when the records were made.
    """

    columns: tuple[str, ...]
    name: str
    read: int = 0
    used: int = 0
    left: Counter[str] = field(default_factory=Counter)
    unread: int = 0
    unread_after: int = 0

    @property
    def agrees(self) -> bool:
        """Whether what went in equals what came out and what was left out."""
        return self.read == self.used + sum(self.left.values()) and self.unread == self.unread_after


@dataclass
class UseTally:
    """One use of a table: rows read, used and left out by reason, the first of these by file and row, and its amounts of money."""

    part: str
    table: str
    read: int = 0
    used: int = 0
    left: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    money: list[Amounts] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether every row and every penny is accounted for."""
        return self.read == self.used + sum(self.left.values()) and all(one.agrees for one in self.money)


@dataclass
class TableTally:
    """One table: its rows, the blank and broken ones among them, the headings that feed nothing, rows that say the same or feed nothing."""

    table: str
    files: tuple[str, ...]
    rows: int = 0
    blank: int = 0
    broken: int = 0
    not_mapped: tuple[str, ...] = ()
    same: int = 0
    taken_by_none: int = 0
    unread: bool = False


class UseCounter:
    """Counts the rows of one use while records are made."""

    def __init__(self, use: Use, places: dict[str, int], files: list[str]) -> None:
        self.use = use
        self.files = files
        self.tally = UseTally(use.name, use.home.table)
        self.money = [(at, [places[one] for one in made.columns]) for at, made in enumerate(use.fields) if made.money]
        self.tally.money = [Amounts(use.fields[at].columns, ".".join(use.fields[at].path)) for at, _ in self.money]

    def read(self, at: int, cells: Sequence[str], rows: int) -> None:
        """Count an amount among those that were read: `at` counts the fields of money, `rows` how many rows have these cells."""
        amount = amount_of(self.use.fields[self.money[at][0]], cells)
        if amount is None:
            self.tally.money[at].unread += rows
        else:
            self.tally.money[at].read += amount * rows

    def take(self, cells: Sequence[str], reason: str, place: tuple[int, int]) -> None:
        """Count a row with its amounts: `reason` is USED, or why it is left out; `place` its file and number."""
        if reason == USED:
            self.tally.used += 1
        else:
            self.tally.left[reason] += 1
            if len(self.tally.first[reason]) < FIRST:
                self.tally.first[reason].append((self.files[place[0]], place[1]))
        for number, (at, places) in enumerate(self.money):
            amount = amount_of(self.use.fields[at], [cells[one] for one in places])
            if amount is None:
                self.tally.money[number].unread_after += 1
            elif reason == USED:
                self.tally.money[number].used += amount
            else:
                self.tally.money[number].left[reason] += amount

    def move(self, at: int, amount: Any, reason: str) -> None:
        """Count an amount of a used row as left out: `at` is the number of the field."""
        for number, (place, _) in enumerate(self.money):
            if place == at and isinstance(amount, str):
                self.tally.money[number].used -= pence(amount)
                self.tally.money[number].left[reason] += pence(amount)


def amount_of(made: FieldMap, cells: Sequence[str]) -> int | None:
    """Return the pence of a field of money, 0 where its cells are blank, None where they are no amount."""
    try:
        value = made.how.read(cells)
    except NotRead:
        return None
    return 0 if value is NOTHING or value is None else pence(value)


@dataclass
class Reconciliation:
    """The whole account of a mapping: every table, every use of one, and how many records came of them."""

    tables: list[TableTally] = field(default_factory=list)
    uses: list[UseTally] = field(default_factory=list)
    records: Counter[str] = field(default_factory=Counter)

    @property
    def agrees(self) -> bool:
        """Whether rows and amounts agree everywhere."""
        return all(one.agrees for one in self.uses)

    def plain(self) -> dict[str, Any]:
        """Return the account as plain data, in order, amounts as text in pounds."""
        return {"agrees": self.agrees, "records": dict(sorted(self.records.items())), "tables": [vars(one) | {} for one in self.tables]} | {
            "uses": [
                {
                    "part": one.part,
                    "table": one.table,
                    "rows_read": one.read,
                    "rows_used": one.used,
                    "rows_left_out": dict(sorted(one.left.items())),
                    "first_left_out": {reason: [f"{file}:{row}" for file, row in rows] for reason, rows in sorted(one.first.items())},
                    "money": [
                        {
                            "field": each.name,
                            "columns": list(each.columns),
                            "read": pounds(each.read),
                            "used": pounds(each.used),
                            "left_out": {reason: pounds(amount) for reason, amount in sorted(each.left.items())},
                            "cells_not_read": each.unread,
                            "agrees": each.agrees,
                        }
                        for each in one.money
                    ],
                    "agrees": one.agrees,
                }
                for one in self.uses
            ]
        }

    def text(self) -> str:
        """Return the account as a table in plain text: a line for each use, and below it what was left out and the sums of money."""
        lines = [f"{'table':24} {'feeds':28} {'rows read':>12} {'used':>12} {'left out':>12}"]
        for one in self.uses:
            left = sum(one.left.values())
            lines.append(f"{one.table:24} {one.part:28} {one.read:>12,} {one.used:>12,} {left:>12,}{'' if one.agrees else '  DIFFERS'}")
            for reason, count in sorted(one.left.items()):
                rows = ", ".join(f"{file}:{row}" for file, row in one.first[reason][:5])
                lines.append(f"  {count:,} left out: {reason}" + (f" ({rows}{', ...' if count > 5 else ''})" if rows else ""))
            for each in one.money:
                left_out = sum(each.left.values())
                words = f"  £ {each.name}: read {pounds(each.read)}, used {pounds(each.used)}, left out {pounds(left_out)}"
                lines.append(words + (f", {each.unread:,} cells not read" if each.unread else "") + ("" if each.agrees else "  DIFFERS"))
        lines += _table_lines(self.tables)
        made = ", ".join(f"{count:,} {kind}{'' if count == 1 else 's'}" for kind, count in sorted(self.records.items())) or "no record"
        lines.append(f"Made: {made}. " + ("Rows and amounts agree." if self.agrees else "Rows or amounts do NOT agree."))
        return "\n".join(lines) + "\n"


def _table_lines(tables: list[TableTally]) -> list[str]:
    lines = []
    for one in tables:
        parts = [f"{one.table}: {one.rows:,} rows in {', '.join(one.files) or 'no file'}"]
        for count, words in ((one.blank, "blank"), (one.broken, "not read"), (one.taken_by_none, "that no use selects")):
            parts += [f"{count:,} {words}"] if count else []
        if one.same:
            parts.append(f"{one.same:,} that say the same as another in every column read (all were kept, the table has no key)")
        if one.unread:
            parts.append("a file could not be read")
        lines.append("; ".join(parts) + ".")
        if one.not_mapped:
            lines.append(f"  columns that feed nothing: {', '.join(one.not_mapped)}")
    return lines
