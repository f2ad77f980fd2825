"""One cell of the return to a value, or to what is wrong with it: exact first, then near misses explained, and no silent guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from pbcheck.exports.cld.fields import AMOUNTS, DATES, FREQUENCIES, HEADERS, LISTS, USUAL_FREQUENCIES, Words, plain

NULLS = frozenset({"NULL", "(NULL)", "N/A", "#N/A", "NAN", "NONE", "<NA>"})
EARLIEST, LATEST = 1880, 2120
KEPT = 100_000
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?\Z", re.ASCII)
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 00:00(?::00)?)?\Z", re.ASCII)
_AMOUNT = re.compile(r"(-?)(\d{1,7})(?:\.(\d{1,2}))?\Z", re.ASCII)
_DRESSED = re.compile(r"(-?)£?\s?(-?)(\d{1,3}(?:,\d{3}){1,2}|\d{1,7})(?:\.(\d{1,2})0*|\.)?\Z", re.ASCII)
_NEAR = 0.85


class Note(NamedTuple):
    """What is to be said of a cell: the id of the check, words without the cell's value, and whether the value can be used all the same."""

    check: str
    words: str
    usable: bool


class Cell(NamedTuple):
    """A cell that was read: its value, None where it is blank or cannot be used, and notes on how it is written."""

    value: str | None
    notes: tuple[Note, ...] = ()

    @property
    def refused(self) -> bool:
        """Return whether something stands there that cannot be used."""
        return any(not one.usable for one in self.notes)


Cleaner = Callable[[str], Cell]
BLANK = Cell(None)
NULL_WORD = Note("cld-null-text", "", True)
SPACES = Note("cld-spaces", "", True)


class Column(dict[str, Cell]):
    """The cells of one column by what stands in them, each worked out once; forgets all when it has met too many."""

    def __init__(self, clean: Cleaner) -> None:
        super().__init__()
        self.clean = clean

    def __missing__(self, raw: str) -> Cell:
        if len(self) >= KEPT:
            self.clear()
        found = self[raw] = read_cell(raw, self.clean)
        return found


class Plain(Column):
    """The cells of a column that is taken as it stands, and in which most cells differ: nothing is kept."""

    def __init__(self) -> None:
        super().__init__(Cell)

    def __missing__(self, raw: str) -> Cell:
        return read_cell(raw, self.clean) if raw else BLANK


def column(name: str, release: int) -> Column:
    """Return the reader of the cells of one column, by our name for it, in a file of Release 1 or 2."""
    if name in DATES:
        return Column(as_date)
    if name in AMOUNTS:
        return Column(as_amount)
    if name == "frequency":
        return Column(as_frequency)
    if name in LISTS:
        words, other = LISTS[name].of(release), LISTS[name].of(3 - release)
        return Column(lambda text: as_word(text, LISTS[name], words, other, release, HEADERS[name]))
    return Column(_unsound) if name == "nhs_number" else Plain()


def _unsound(text: str) -> Cell:
    """Return that an NHS number is not valid: the sign for that is all that is kept of the column."""
    return _refused("cld-nhs-number-not-valid", "This is no valid NHS number (ten digits, the last a check digit). It was left aside.")


def read_cell(raw: str, clean: Cleaner) -> Cell:
    """Return what a cell says, with notes on spaces around it and on the word NULL in place of a blank."""
    text = " ".join(raw.split())
    if not text:
        return Cell(None, (SPACES,)) if raw else BLANK
    if text.upper() in NULLS:
        return Cell(None, (NULL_WORD,))
    found = clean(text)
    return found if text == raw else Cell(found.value, (*found.notes, SPACES))


def as_date(text: str) -> Cell:
    """Return a date as ISO text, from year-month-day or day/month/year, with midnight behind it or without."""
    iso, british = _ISO.match(text), _BRITISH.match(text)
    if iso:
        year, month, day = (int(one) for one in iso.groups())
    elif british:
        day, month, year = (int(one) for one in british.groups())
    else:
        return _refused("cld-date-not-read", "Expected a date such as 2026-03-31 or 31/03/2026.")
    try:
        found = date(year, month, day)
    except ValueError:
        turned = british is not None and month > 12 >= day
        words = "There is no such day. " + ("Is the month written first? " if turned else "")
        return _refused("cld-date-not-read", f"{words}Expected a date such as 2026-03-31 or 31/03/2026.")
    if not EARLIEST <= year <= LATEST:
        return _refused("cld-date-not-read", f"The year is out of range: expected one between {EARLIEST} and {LATEST}.")
    return Cell(found.isoformat())


def as_amount(text: str) -> Cell:
    """Return an amount or a number of units as text with two decimals."""
    exact = _AMOUNT.match(text)
    if exact:
        sign, whole, parts = exact.groups()
        return Cell(_amount(sign, whole, parts))
    dressed = _DRESSED.match(text)
    if dressed and not (dressed.group(1) and dressed.group(2)):
        first, second, whole, parts = dressed.groups()
        words = "Expected a number with two decimals and nothing else, such as 1234.50."
        return Cell(_amount(first or second, whole.replace(",", ""), parts), (Note("cld-written-otherwise", words, True),))
    words = "Expected a number below ten million with at most two decimals, such as 1234.50."
    return _refused("cld-amount-not-read", words)


def _amount(sign: str, whole: str, parts: str | None) -> str:
    found = f"{int(whole)}.{(parts or '').ljust(2, '0')}"
    return f"{sign}{found}" if found != "0.00" else found


def as_frequency(text: str) -> Cell:
    """Return the period a cost is for, by how the word begins."""
    lowered = text.lower()
    for start, period in FREQUENCIES.items():
        if lowered.startswith(start):
            usual = lowered in USUAL_FREQUENCIES
            words = "Expected Hourly, Daily, Per session, Weekly, Fortnightly, 4-weekly, Monthly, Quarterly, Annually or One-off."
            return Cell(period, () if usual else (Note("cld-written-otherwise", words, True),))
    near = get_close_matches(lowered, USUAL_FREQUENCIES, n=1, cutoff=0.7)
    hint = f" Did you mean `{near[0].capitalize()}`?" if near else ""
    return _refused("cld-value-not-in-list", f"This is no frequency of the specification.{hint}")


def as_word(text: str, known: Words, words: Mapping[str, str], other: Mapping[str, str], release: int, header: str) -> Cell:
    """Return the word of a list in its Release 2 spelling: exact, else of the other release, else in other letters, else refused."""
    if text in words:
        return Cell(words[text] or None)
    if text in other:
        sentence = f"This is how Release {3 - release} spells it, in a file of Release {release}."
        return Cell(other[text] or None, (Note("cld-other-release", sentence, True),))
    bare = plain(text)
    for spelling, meaning in [*words.items(), *other.items()]:
        if plain(spelling) == bare:
            return Cell(meaning or None, (Note("cld-written-otherwise", f"The list has it as `{spelling}`.", True),))
    if header == HEADERS["review_reason"] and bare.startswith(("planned", "unplanned")):
        return Cell("Unplanned" if bare.startswith("un") else "Planned")
    by_plain = {plain(spelling): spelling for spelling in words}
    near = get_close_matches(bare, by_plain, n=1, cutoff=_NEAR)
    if near:
        return _refused("cld-value-not-in-list", f"This is not in the list of {header}. Did you mean `{by_plain[near[0]]}`?")
    if not known.closed:
        sentence = f"This is not among the values of {header} that pbcheck knows; it does not know them all. Check it in the specification."
        return _refused("cld-value-not-known", sentence)
    return _refused("cld-value-not-in-list", f"This is not in the list of {header}: {', '.join(words)}.")


def _refused(check: str, words: str) -> Cell:
    return Cell(None, (Note(check, words, False),))
