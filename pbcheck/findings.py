"""How a breach, an unreadable input or a schema fault becomes a finding: the place, and a message without personal data."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from pbcheck.expressions.types import Field, messages
from pbcheck.model import Finding, Location, Rule
from pbcheck.rulebook.book import Asked
from pbcheck.schema.store import KINDS, at, load
from pbcheck.source.document import Document, Fault, Path, pointer

LONGEST_VALUE = 200
NAMES = ("id", "role", "service", "kind", "category", "option", "name", "applies_to")
"""By what the elements of a list are recognised, whatever their place: the first of these keys that there is."""
_PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.[a-z0-9_]+)*)\}")


def finding(
    asked: Asked, record: Document, name: str, policy: Document | None, figure: Any, as_of: str | None, element: int | None
) -> Finding:
    """Return the finding of a rule that failed on a record, or on one element of it."""
    rule = asked.rule
    path = _path(asked.at, element)
    item = _element(record, rule, element)
    values = {"policy": policy.data if policy else {}, rule.subject: record.data, "figure": figure, "as_of": as_of}
    if item is not None:
        values[rule.as_] = item
    message, arguments = _message(rule, values)
    return Finding(
        rule.id,
        rule.severity,
        message,
        rule.subject,
        name,
        location(record, path),
        rule.obligations,
        rule.law,
        arguments=arguments,
        team=team_of(record),
        identity=str(record.data.get("effective_from", "")) if record.kind == "policy" else "",
        spot=_spot(record, rule, path, element),
    )


def element_name(value: Any, *, personal: bool = False) -> str:
    """Return by what an element of a list is recognised, whatever its place; empty where nothing tells.

    `personal` says that it is of a record of a person, in which a name is nobody's business.
    """
    if not isinstance(value, dict):
        return ""
    return next((f"{name}={value[name]}" for name in NAMES if name in value and not (personal and name == "name")), "")


def _spot(record: Document, rule: Rule, path: Path, element: int | None) -> str:
    """Return the pointer of a path with the element named by what it is instead of its number; empty where it has no name of its own."""
    if element is None or element not in path:
        return ""
    beside = _elements(record, rule)
    personal = record.kind == "case"
    name = element_name(beside[element], personal=personal)
    if not name or sum(element_name(one, personal=personal) == name for one in beside) > 1:
        return ""
    at = path.index(element)
    return pointer((*path[:at], name, *path[at + 1 :]))


def team_of(record: Document) -> str:
    """Return the team that holds a case; empty where none is stated, and for other documents."""
    team = record.data.get("team") if record.kind == "case" else None
    return team if isinstance(team, str) else ""


def _path(at: tuple[str, ...], element: int | None) -> Path:
    return at[1:] if element is None else tuple([element if step == "*" else step for step in at[1:]])


def _element(record: Document, rule: Rule, element: int | None) -> Any:
    return None if element is None or not rule.for_each else _elements(record, rule)[element]


def _elements(record: Document, rule: Rule) -> list[Any]:
    """Return the list that a rule goes through."""
    here: Any = record.data
    for step in rule.for_each.split(".")[1:]:
        here = here[step]
    found: list[Any] = here
    return found


def with_value(one: Finding, data: Any) -> Finding:
    """Return a finding with the value at its place, shortened; without one where the place is the whole document or is not there."""
    here = data
    for step in one.location.pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        try:
            here = here[int(name)] if isinstance(here, list) else here[name]
        except (KeyError, IndexError, ValueError, TypeError):
            return one
    if here is data:
        return one
    text = here if isinstance(here, str) else json.dumps(_stated(here), ensure_ascii=False, default=str)
    return replace(one, value=text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…")


def _stated(value: Any) -> Any:
    """Return a group without what was worked out and put beside what was stated."""
    return {key: one for key, one in value.items() if key != "derived"} if isinstance(value, dict) else value


def location(record: Document, path: Path, *, on_key: bool = False) -> Location:
    """Return the place of a path; of the nearest group above it that is there, where the path itself is not."""
    holder = record.holder(path)
    mark = holder.locate(path, key=on_key)
    return Location(holder.file, mark.line, mark.column, pointer(path), mark.end_column)


def from_fault(rule: Rule, fault: Fault, file: str, *, subject: str = "file", record: str = "", incomplete: bool = True) -> Finding:
    """Return the finding for something in a file that cannot be taken as it is; what the fault itself names outranks the rest."""
    place = Location(fault.file or file, fault.mark.line, fault.mark.column, pointer(fault.path), fault.mark.end_column)
    about = fault.subject or ("case" if fault.record else subject)
    named = fault.record or record
    return Finding(rule.id, rule.severity, fault.message, about, named, place, incomplete=incomplete and fault.incomplete)


def _message(rule: Rule, values: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return the message of a rule with the values it names in their places, and those values as they are shown."""
    texts, places = _parts(rule.message, rule.subject, rule.as_, rule.for_each)
    if not places:
        return rule.message, ()
    arguments = tuple([shown(_value(place, values), place.field) for place in places])
    return "".join([part for pair in zip(texts, (*arguments, ""), strict=True) for part in pair]), arguments


class _Place(NamedTuple):
    """A value that a message names: the document it is in, the steps that lead to it, and its field."""

    root: str
    steps: tuple[str, ...]
    field: Field


@cache
def _parts(message: str, subject: str, element: str, for_each: str) -> tuple[tuple[str, ...], tuple[_Place, ...]]:
    """Return the texts of a message and the values that stand between them."""
    parts = _PLACEHOLDER.split(message)
    return tuple(parts[::2]), tuple(_place(path, subject, element, for_each) for path in parts[1::2])


def _place(path: str, subject: str, element: str, for_each: str) -> _Place:
    root, *steps = path.split(".")
    start = for_each if root == element else f"figure.{subject}" if root == "figure" else root
    field = Field("message", start) if start in messages() else Field("date")
    for step in steps:
        field = messages()[field.message][step]
    return _Place(root, tuple(steps), field)


def _value(place: _Place, values: dict[str, Any]) -> Any:
    """Return a value that a message names; None where it is not stated."""
    here: Any = values.get(place.root)
    for step in place.steps:
        try:
            here = here[step]
        except (KeyError, TypeError):
            return None
    if place.root == "figure" and place.field.kind in ("money", "decimal"):
        here = Decimal(here) / (100 if place.field.kind == "money" else 1000)
    return here


def shown(value: Any, field: Field) -> str:
    """Return a value as a message shows it; what is not stated is said to be so."""
    if value is None:
        return "not stated"
    if isinstance(value, list):
        return ", ".join(shown(one, field) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.kind == "money":
        from pbcheck.figures.quantities import pence

        amount = pence(value)
        return f"{'-' if amount < 0 else ''}£{abs(amount) // 100:,}.{abs(amount) % 100:02}"
    if field.kind == "decimal":
        number = f"{Decimal(value):f}"
        return number.rstrip("0").rstrip(".") if "." in number else number
    return str(value).replace("_", " ") if field.kind == "enum" else str(value)


def rule_error(rule: Rule, error: Exception, record: Document, name: str) -> Finding:
    """Return the finding that a rule could not be run on a record; it names the kind of error and no value."""
    words = f"The rule `{rule.id}` could not be run on this record ({type(error).__name__}): its outcome is cannot tell."
    place = location(record, ())
    return Finding("rule-error", "error", words, record.kind, name, place, incomplete=True, arguments=(rule.id,), team=team_of(record))


def of_the_schema(path: str) -> str:
    """Return a dotted path as far as the schema knows it: a key that it does not know may be a person's name."""
    kind, *steps = path.split(".")
    for number in range(1, len(steps) + 1):
        if steps[number - 1] != "*" and not at(load(kind), tuple(0 if one == "*" else one for one in steps[:number])):
            return ".".join([kind, *steps[: number - 1], "(a key that is not one)"])
    return path


def name_of_missing(asked: Asked, key: str) -> str:
    """Return the full name of a missing key: the paths of the rule that lead through it, in words."""
    if key.split(".")[0] in KINDS:
        return of_the_schema(key)
    if "." in key or " " in key:
        return key
    found = []
    for read in asked.reads:
        if key in read[1:]:
            path = read[: read.index(key, 1) + 1]
            named = ".".join("*" if step == "*" else step for step in path if step != "derived")
            found.append(f"{'.'.join(path[: path.index('derived')])}.contract_party" if "derived" in path else named)
    return " or ".join(sorted(set(found))) or key
