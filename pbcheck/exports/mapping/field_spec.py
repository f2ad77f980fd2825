"""One field of a mapping: what it says is held against the type that the schema gives the field."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from pbcheck.exports.mapping.convert import NO, NOTHING, YES, How, plain, pounds
from pbcheck.exports.mapping.dates import Dates
from pbcheck.exports.mapping.fields import FieldType
from pbcheck.exports.mapping.mapping_file import MappingText
from pbcheck.exports.mapping.spec import FieldMap, Use
from pbcheck.schema.messages import faults as schema_faults
from pbcheck.schema.validate import validator
from pbcheck.source.document import Path as Place

_SOURCES = ("column", "columns", "flags", "constant")
_SCALARS = ("money", "decimal", "integer")


def field_map(text: MappingText, use: Use, path: tuple[str, ...], place: Place, kind: FieldType, spec: Any) -> FieldMap | None:
    """Return one field of a use, or None with faults taken down in `text`."""
    data: dict[str, Any] = {"column": spec} if isinstance(spec, str) else spec
    before = len(text.faults)
    _check_shape(text, place, kind, data)
    checked = _Values(text, use, path, kind)
    constant = checked.one(data["constant"], (*place, "constant")) if "constant" in data else None
    values = {plain(word): checked.one(value, (*place, "values", word)) for word, value in data.get("values", {}).items()}
    blank: Any = NOTHING
    if "blank" in data:
        blank = data["blank"] if "flags" in data and isinstance(data["blank"], bool) else checked.one(data["blank"], (*place, "blank"))
    for column, word in data.get("flags", {}).items():
        checked.one(word, (*place, "flags", column))
    formats = text.data.get("formats", {})
    dates = _dates(text, place, data, formats) if kind.kind == "date" else Dates([])
    if len(text.faults) > before:
        return None
    flags = data.get("flags", {})
    columns = tuple(flags) or tuple(data.get("columns", ())) or ((data["column"],) if "column" in data else ())
    how = How(
        kind,
        data.get("combine", ""),
        data.get("separator", " "),
        tuple(flags.values()),
        values,
        blank,
        frozenset(plain(one) for one in data.get("missing", formats.get("missing", ()))),
        frozenset(plain(one) for one in data.get("yes_words", formats.get("yes_words", YES))),
        frozenset(plain(one) for one in data.get("no_words", formats.get("no_words", NO))),
        dates,
        data.get("unit") == "pence",
        Fraction(data.get("multiply_by", 1), data.get("divide_by", 1)),
        data.get("split", ""),
        data.get("part", 0),
    )
    return FieldMap(path, place, columns, how, constant)


def _check_shape(text: MappingText, place: Place, kind: FieldType, data: dict[str, Any]) -> None:
    """Take down which keys of a field do not go together, or not with the type of the field."""
    sources = [one for one in _SOURCES if one in data]
    if len(sources) != 1:
        text.say(place, f"Expected one of {', '.join(f'`{one}`' for one in _SOURCES)}, found {len(sources)}.", key=True)
        return
    if sources == ["constant"] and len(data) > 1:
        text.say(place, "A constant needs nothing beside it: take the other keys out.", key=True)
    if ("columns" in data) != ("combine" in data):
        text.say(place, "`columns` and `combine` go together.", key=True)
    if ("part" in data or kind.kind != "list") and ("split" in data) != ("part" in data):
        text.say(place, "`split` and `part` go together where the field is no list.", key=True)
    asks = (
        ("unit", kind.kind == "money", "an amount of money"),
        ("multiply_by", kind.kind in ("decimal", "integer"), "a number"),
        ("divide_by", kind.kind in ("decimal", "integer"), "a number"),
        ("dates", kind.kind == "date", "a date"),
        ("yes_words", kind.kind == "bool" or "flags" in data, "yes or no"),
        ("no_words", kind.kind == "bool" or "flags" in data, "yes or no"),
        ("flags", kind.kind == "list", "a list"),
        ("part", kind.kind != "list", "a single value"),
        ("separator", data.get("combine") == "join", "joined from several columns"),
    )
    for key, fits, words in asks:
        if key in data and not fits:
            text.say((*place, key), f"`{key}` does not fit here: the field is not {words}.", key=True)
    combine = data.get("combine")
    if (combine == "sum" and kind.kind not in _SCALARS) or (combine == "list") != (kind.kind == "list" and combine is not None):
        text.say((*place, "combine"), "This does not fit the field: `sum` makes a number, `list` a list, the others a single value.")


def _dates(text: MappingText, place: Place, data: dict[str, Any], formats: dict[str, Any]) -> Dates:
    where = (*place, "dates") if "dates" in data else ("formats", "dates")
    try:
        return Dates(data.get("dates", formats.get("dates", [])))
    except ValueError as error:
        fault = f"These forms of dates cannot be used: {error}."
        if not any(fault in str(one) for one in text.faults if where[0] == "formats"):
            text.say(where, fault)
        return Dates([])


class _Values:
    """Holds values that the mapping states (constants, the targets of value maps) against the schema of the field."""

    def __init__(self, text: MappingText, use: Use, path: tuple[str, ...], kind: FieldType) -> None:
        self.text = text
        self.kind = kind
        self.of = use.kind
        self.path = (*use.base, *path)

    def one(self, value: Any, place: Place) -> Any:
        """Return a value in the form that data has; takes down why the field cannot have it."""
        if self.kind.kind == "list" and isinstance(value, (str, int)) and value != self.kind.any_word:
            value = [value]
        check = validator(self.of)
        data = self._around(value)
        found = [one for one in check.violations(data) if one.path[: len(self.path)] == self.path]
        for fault in schema_faults(check.schema, data, found):
            self.text.say(place, fault.message)
        if found:
            return NOTHING
        if self.kind.kind == "money" and isinstance(value, (int, Decimal)):
            return pounds(int(Decimal(value) * 100))
        return str(value) if self.kind.kind == "decimal" and isinstance(value, (int, Decimal)) else value

    def _around(self, value: Any) -> Any:
        made = value
        for step in reversed(self.path):
            made = [made] if step == 0 else {step: made}
        return made
