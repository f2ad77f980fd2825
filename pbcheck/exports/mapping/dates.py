"""Dates as councils write them, to ISO dates: each form is named by the mapping, none is guessed."""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_PARTS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d{2})",
    "Month": r"(?P<name>[A-Za-z]{3,9})",
    "Mon": r"(?P<name>[A-Za-z]{3,4})\.?",
    "MM": r"(?P<month>\d{2})",
    "DD": r"(?P<day>\d{2})",
    "hh": r"\d{1,2}",
    "mm": r"\d{2}",
    "ss": r"\d{2}(?:\.\d+)?",
    "M": r"(?P<month>\d{1,2})",
    "D": r"(?P<day>\d{1,2})",
}
_TOKEN = re.compile("|".join(_PARTS))
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00(?::?00)?)?)?\Z")
_EXCEL = re.compile(r"^\d{1,5}(?:\.0+)?\Z")
_EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of the 1900 date system, right from March 1900 on


class Dates:
    """The forms of dates that a field may have; raises ValueError for a form that is none, or for two that clash."""

    def __init__(self, forms: list[str]) -> None:
        self.excel = "excel" in forms
        self.forms = forms
        self.patterns = [_pattern(form) for form in forms if form != "excel"]
        firsts = {next(one for one in pattern.groupindex if one in ("day", "month", "name")) for pattern in self.patterns}
        if {"day", "month"} <= firsts:
            raise ValueError("one form has the day first and another the month: the same text would be read in two ways")

    def read(self, text: str) -> str:
        """Return the ISO date that a text stands for; raises ValueError where no form fits or there is no such day."""
        found = _ISO.match(text)
        if found:
            return date(*(int(part) for part in found.groups())).isoformat()
        if self.excel and _EXCEL.match(text):
            return (_EXCEL_EPOCH + timedelta(days=int(text.split(".")[0]))).isoformat()
        days = {day for pattern in self.patterns if (match := pattern.match(text)) and (day := _day(match.groupdict()))}
        if len(days) != 1:
            raise ValueError("no form fits")
        return days.pop()


def _pattern(form: str) -> re.Pattern[str]:
    made, at, seen = "", 0, []
    for token in _TOKEN.finditer(form):
        made += re.escape(form[at : token.start()]) + _PARTS[token.group()]
        seen.append({"YY": "YYYY", "Mon": "M", "Month": "M", "MM": "M", "DD": "D"}.get(token.group(), token.group()))
        at = token.end()
    between = _TOKEN.sub("", form)
    if sorted(one for one in seen if one in ("YYYY", "M", "D")) != ["D", "M", "YYYY"] or re.search("[A-Za-z0-9]", between.replace("T", "")):
        raise ValueError("a form is made of DD, MM and YYYY (or D, M, Mon, Month, YY) and what stands between them")
    return re.compile(f"^{made}{re.escape(form[at:])}\\Z")


def _day(parts: dict[str, str | None]) -> str:
    """Return the ISO date of the parts of a text, or an empty text where there is no such day."""
    year = int(parts.get("year") or f"20{parts.get('short')}")
    name = parts.get("name")
    month = int(parts["month"] or 0) if name is None else _month(name)
    try:
        return date(year, month, int(parts["day"] or 0)).isoformat()
    except ValueError:
        return ""


def _month(name: str) -> int:
    wanted = name.lower() if name.lower() != "sept" else "september"
    return next((number for number, one in enumerate(_MONTHS, 1) if one == wanted or one[:3] == wanted), 0)
