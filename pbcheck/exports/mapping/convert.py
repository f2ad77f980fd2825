"""Cells to values: exact, and in the forms that the mapping names; what fits none of them is said, never guessed.

Money is whole pence inside and text with two decimals outside; quantities are exact to the thousandth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from pbcheck.exports.mapping.dates import Dates
from pbcheck.exports.mapping.fields import FieldType

NOT_READ = "table-value-not-read"
NOT_MAPPED = "table-value-not-mapped"
YES = ("yes", "y", "true", "t", "1")
SHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
NO = ("no", "n", "false", "f", "0")

MEMORY = 1000

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd-\uffff]")
_MONEY = re.compile(r"([-+−])?(?:£|GBP)?([-−])?(\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.(\d*))?(-)?\Z")
_NUMBER = re.compile(r"([-+−])?(\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.(\d*))?\Z")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}\Z")


class Nothing:
    """The answer of a blank cell: nothing is stated."""


NOTHING = Nothing()


class NotRead(Exception):
    """A cell that gives no value: the built-in check, the words, and which of the field's columns it is (from 0)."""

    def __init__(self, check: str, words: str, column: int = 0) -> None:
        self.check = check
        self.words = words
        self.column = column
        super().__init__(words)


@dataclass(frozen=True)
class How:
    """How the cells of a field make its value, as the mapping says."""

    type: FieldType
    combine: str = ""
    separator: str = " "
    flags: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    blank: Any = NOTHING
    missing: frozenset[str] = frozenset()
    yes: frozenset[str] = frozenset(YES)
    no: frozenset[str] = frozenset(NO)
    dates: Dates = field(default_factory=lambda: Dates([]))
    pence: bool = False
    times: Fraction = Fraction(1)
    split: str = ""
    part: int = 0
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def read(self, cells: Sequence[str]) -> Any:
        """Return the value of the field's cells, or NOTHING where they are blank; raises NotRead."""
        if self.flags:
            return self._ticked(cells)
        if len(cells) == 1:
            return self._one(cells[0])
        if self.combine == "join":
            return self._one(self.separator.join(one for one in cells if one))
        values = [self._numbered(column, cell) for column, cell in enumerate(cells)]
        if self.combine == "first":
            return next((one for one in values if one is not NOTHING), NOTHING)
        if self.combine == "sum":
            return NOTHING if any(one is NOTHING or one is None for one in values) else added(self.type.kind, values)
        stated = [one for one in values if one is not NOTHING]
        return _once([word for one in stated for word in one]) if stated else NOTHING

    def _numbered(self, column: int, cell: str) -> Any:
        try:
            return self._one(cell)
        except NotRead as stop:
            raise NotRead(stop.check, stop.words, column) from None

    def _one(self, cell: str) -> Any:
        """Return the value of one cell; single values are remembered for a while, since most cells say what others say."""
        if self.type.kind == "list":
            return self._fresh(cell)
        value = self.memory.get(cell, self)
        if value is self:
            if len(self.memory) >= MEMORY:
                self.memory.clear()
            value = self.memory[cell] = self._fresh(cell)
        return value

    def _fresh(self, cell: str) -> Any:
        if is_blank(cell, self.missing):
            return self.blank
        known = self.values.get(plain(cell), NOTHING)
        if known is not NOTHING:
            return known
        if self.part:
            parts = [one.strip() for one in cell.split(self.split)]
            if len(parts) < self.part or not parts[self.part - 1]:
                raise NotRead(NOT_READ, f"Expected at least {self.part} parts with {self.split!r} between them.")
            known = self.values.get(plain(parts[self.part - 1]), NOTHING)
            return self._typed(parts[self.part - 1]) if known is NOTHING else known
        return self._typed(cell)

    def _typed(self, text: str) -> Any:
        if self.type.kind != "list":
            return self._scalar(self.type.kind, text)
        found: list[Any] = []
        for part in [one.strip() for one in text.split(self.split)] if self.split else [text]:
            known = self.values.get(plain(part), NOTHING)
            if not part:
                continue
            one = self._scalar(self.type.items, part) if known is NOTHING else known
            found += one if isinstance(one, list) else [one]
        return _once(found)

    def _scalar(self, kind: str, text: str) -> Any:
        return _READERS[kind](self, text)

    def _ticked(self, cells: Sequence[str]) -> Any:
        """Return the words of the columns that say yes; NOTHING where one of them is blank."""
        found = []
        for column, (cell, word) in enumerate(zip(cells, self.flags, strict=True)):
            answer = self.blank if is_blank(cell, self.missing) else _yes_or_no(self, cell, column)
            if answer is NOTHING:
                return NOTHING
            found += [word] if answer else []
        return found


def plain(text: str) -> str:
    """Return a local word as it is compared: without regard to case and superfluous space."""
    return " ".join(text.split()).casefold()


def is_blank(cell: str, missing: frozenset[str]) -> bool:
    """Return whether a cell states nothing: it is empty, or a word for nothing stands in it."""
    return not cell or (bool(missing) and plain(cell) in missing)


def _once(found: list[Any]) -> list[Any]:
    return list(dict.fromkeys(found))


def added(kind: str, values: Sequence[Any]) -> Any:
    """Return the sum of values of a kind, exact."""
    if kind == "money":
        return pounds(sum(pence(one) for one in values))
    if kind == "integer":
        return sum(values)
    return _thousandths(sum((Fraction(one) for one in values), Fraction(0)))


def pence(value: str) -> int:
    """Return the pence of an amount as this module writes amounts: text with two decimals."""
    return int(value.replace(".", ""))


def pounds(amount: int) -> str:
    """Return an amount of pence as text with two decimals."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}"


def _text(how: How, text: str) -> str:
    if _CONTROL.search(text):
        raise NotRead(NOT_READ, "The cell holds a character that no text has: remove it, or export the table again.")
    if text in SHEET_ERRORS:
        raise NotRead(NOT_READ, "An error of the spreadsheet stands here: mend its formula, or name the text under `missing`.")
    if len(text) > 10000:
        raise NotRead(NOT_READ, "The cell holds more than 10,000 characters: expected shorter text.")
    return text


def _id(how: How, text: str) -> str:
    if not _ID.match(text):
        raise NotRead(NOT_READ, "Expected a reference without spaces (letters, digits, and . _ / -) that names no person.")
    return text


def _word(how: How, text: str) -> str:
    word = re.sub("[ -]+", "_", plain(text))
    for one in how.type.words:
        if one == text or one.lower() == word:
            return one
    words = "This word is not in the mapping: add it under `values` of the field, with the word of pbcheck that it stands for."
    raise NotRead(NOT_MAPPED, words)


def _yes_or_no(how: How, text: str, column: int = 0) -> bool:
    word = plain(text)
    if word in how.yes:
        return True
    if word in how.no:
        return False
    raise NotRead(NOT_MAPPED, "This is neither a word for yes nor one for no: add it to `yes_words` or `no_words` of the mapping.", column)


def _date(how: How, text: str) -> str:
    try:
        return how.dates.read(text)
    except ValueError:
        forms = " or ".join(["YYYY-MM-DD", *how.dates.forms])
        raise NotRead(NOT_READ, f"Expected a date written {forms}: correct it, or add its form to `dates` of the mapping.") from None


def _amount(how: How, text: str) -> str:
    squeezed = re.sub(r"[\s\u00a0\u202f]", "", text)
    inside = squeezed[1:-1] if squeezed.startswith("(") and squeezed.endswith(")") else ""
    match = _MONEY.match(inside or squeezed)
    if not match or sum(map(bool, (match.group(1) in ("-", "−"), match.group(2), match.group(5), inside))) > 1:
        words = "Expected an amount such as 1234.50, £1,234.50 or (1,234.50): correct it, or add the text to `values` of the field."
        raise NotRead(NOT_READ, words)
    whole, decimals = match.group(3).replace(",", "") or "0", (match.group(4) or "").rstrip("0")
    if len(decimals) > (0 if how.pence else 2) or len(whole) > 9:
        raise NotRead(NOT_READ, "Expected an amount with at most two decimals (none in pence) and at most nine digits before them.")
    amount = int(whole) if how.pence else int(whole) * 100 + int(decimals.ljust(2, "0") or 0)
    return pounds(-amount if inside or match.group(1) in ("-", "−") or match.group(2) or match.group(5) else amount)


def _quantity(how: How, text: str) -> Fraction:
    match = _NUMBER.match(re.sub(r"[\s\u00a0]", "", text))
    if not match:
        raise NotRead(NOT_READ, "Expected a number such as 7.5: correct it, or add the text to `values` of the field.")
    decimals = match.group(3) or ""
    value = Fraction(int((match.group(2).replace(",", "") or "0") + decimals), 10 ** len(decimals))
    return how.times * (-value if match.group(1) in ("-", "−") else value)


def _decimal(how: How, text: str) -> str:
    value = _quantity(how, text)
    if how.times == 1 and (value * 1000).denominator != 1:
        raise NotRead(NOT_READ, "Expected a number with at most three decimals.")
    if abs(value) >= 10_000_000:
        raise NotRead(NOT_READ, "Expected a number below ten million.")
    return _thousandths(value)


def _thousandths(value: Fraction) -> str:
    """Return a number as text with at most three decimals; what does not come out even is rounded half up, away from zero."""
    count = int(abs(value) * 1000 + Fraction(1, 2))
    text = f"{count // 1000}.{count % 1000:03}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and count else text


def _integer(how: How, text: str) -> int:
    value = _quantity(how, text)
    if value.denominator != 1 or not 0 <= value <= 100_000_000:
        raise NotRead(NOT_READ, "Expected a whole number of at least 0.")
    return int(value)


_READERS: dict[str, Callable[[How, str], Any]] = {
    "text": _text,
    "id": _id,
    "enum": _word,
    "bool": _yes_or_no,
    "date": _date,
    "money": _amount,
    "decimal": _decimal,
    "integer": _integer,
}
