"""The words for each violation: what was expected, the nearest known name, and never the value that was found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pbcheck.schema.store import at, deref
from pbcheck.schema.suggest import did_you_mean, nearest
from pbcheck.schema.validate import Violation
from pbcheck.source.document import Path

_NAME = re.compile(r"^[a-z][a-z0-9_]{0,40}\Z")
_DAY_FIRST = re.compile(r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}$")
_TYPE_WORDS = {
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a group of keys",
    "null": "nothing (null)",
}
_REF_TYPES = {"text": "string", "bool": "boolean", "integer": "integer"}


@dataclass(frozen=True)
class SchemaFault:
    """One fault in words: the id of the built-in check, the path it is about, and whether the place is the key or the value.

    `named` is false where the last step of the path is a key that may be a person's name: it is then shown nowhere.
    """

    check: str
    message: str
    path: Path
    on_key: bool = False
    named: bool = True


def faults(schema: dict[str, Any], data: Any, violations: list[Violation]) -> list[SchemaFault]:
    """Return the faults of a document in words, one for each check and place."""
    found: dict[tuple[str, Path, str], SchemaFault] = {}
    for violation in violations:
        for fault in explain(schema, data, violation):
            detail = fault.message if fault.check == "missing-key" else ""
            found.setdefault((fault.check, fault.path, detail), fault)
    return list(found.values())


def explain(schema: dict[str, Any], data: Any, violation: Violation) -> list[SchemaFault]:
    """Return the faults that one violation stands for: several where one keyword covers several keys."""
    node = at(schema, violation.path)
    value = follow(data, violation.path)
    keyword = violation.keyword
    if keyword in ("additionalProperties", "unevaluatedProperties"):
        of_a_person = schema.get("properties", {}).get("kind", {}).get("const") == "case"
        unknown = sorted(set(value) - set(node.get("properties", {})))
        return [_unknown_key(node, violation.path, key, of_a_person=of_a_person) for key in unknown]
    if keyword == "required":
        return [_missing_key(schema, node, violation.path, key) for key in node.get("required", []) if key not in value]
    if keyword == "propertyNames":
        known = node.get("propertyNames", {}).get("enum", [])
        return [_unknown_name(violation.path, key, known) for key in sorted(set(value) - set(known))]
    check, words = _value_words(keyword, node, value)
    return [SchemaFault(check, words, violation.path)]


def _unknown_key(node: dict[str, Any], path: Path, key: str, *, of_a_person: bool) -> SchemaFault:
    """Return the fault of a key that is not known; in a record of a person it is named only where it is a slip for a known one."""
    known = list(node.get("properties", {}))
    named = _may_be_named(key, known) and (not of_a_person or bool(did_you_mean(key, known)))
    shown = f"`{key}`" if named else "This key"
    where = f" of {_section(path)}" if path else " here"
    words = f"{shown} is not a key{where}.{did_you_mean(key, known)}"
    if not nearest(key, known):
        words += f" Expected one of: {_listing(known)}."
    return SchemaFault("unknown-key", words, (*path, key), on_key=True, named=named)


def _may_be_named(key: str, known: list[str]) -> bool:
    """Return whether a key has the form of a key, or is a known one written otherwise (`Recoup`, `direct payment`)."""
    return bool(_NAME.match(key)) or re.sub("[ -]", "_", key.lower()) in known


def _unknown_name(path: Path, key: str, known: list[str]) -> SchemaFault:
    named = _may_be_named(key, known)
    shown = f"`{key}`" if named else "This key"
    words = f"{shown} is not a name used in {_section(path)}.{did_you_mean(key, known)} Expected one of: {_listing(known)}."
    return SchemaFault("unknown-key", words, (*path, key), on_key=True, named=named)


def _missing_key(schema: dict[str, Any], node: dict[str, Any], path: Path, key: str) -> SchemaFault:
    field = deref(schema, node["properties"][key])
    where = f" in {_section(path)}" if path else ""
    words = f"`{key}` is missing{where}: {field.get('description', '').rstrip('.')}."
    return SchemaFault("missing-key", words, path, on_key=True)


def _value_words(keyword: str, node: dict[str, Any], value: Any) -> tuple[str, str]:
    if value is None and keyword in ("type", "enum", "anyOf", "const"):
        return "wrong-type", f"Nothing is stated here: expected {expected(node)}; leave the key out where it is not known."
    if keyword in ("enum", "const"):
        known = [str(one) for one in node.get("enum", [node.get("const")]) if one is not None]
        hint = did_you_mean(value, known) if isinstance(value, str) else ""
        return "value-not-allowed", f"Expected {_one_of(known)}.{hint}"
    if keyword == "type":
        return "wrong-type", f"Expected {expected(node)}, found {_found(value)}."
    if keyword in ("format", "pattern", "anyOf", "oneOf", "multipleOf"):
        return _malformed(node, value)
    return "value-out-of-range", _range_words(keyword, node)


def _malformed(node: dict[str, Any], value: Any) -> tuple[str, str]:
    words = f"Expected {expected(node)}"
    kind = _quantity(node)
    if isinstance(value, str):
        if node.get("format") == "date" and _DAY_FIRST.match(value.strip()):
            words += ": the day stands first here, write the year first"
        elif kind == "money" and re.search(r"[£$€,]", value):
            words += ": leave out the pound sign and the commas"
        elif kind in ("money", "decimal") and re.search(r"[eE]", value):
            words += ": write the number out, without an exponent"
        elif value != value.strip():
            words += ": there is a space before or after it"
        elif not value:
            words += ": leave the key out where it is not known"
    elif isinstance(value, (int, Decimal, float)) and not isinstance(value, bool) and kind in ("money", "decimal"):
        words += f": this number has too many {'decimals' if value != int(value) else 'digits'}"
    elif value is not None:
        return "wrong-type", f"{words}, found {_found(value)}."
    return "malformed-value", words + "."


def _quantity(node: dict[str, Any]) -> str:
    """Return `money` or `decimal` where a node asks for one, also beside null."""
    kinds = [str(node.get("x-type", "")), *(_ref(branch) for branch in node.get("anyOf", []))]
    return next((kind for kind in kinds if kind in ("money", "decimal")), kinds[0])


def expected(node: dict[str, Any]) -> str:
    """Return what a schema node asks for, in words."""
    kind = node.get("x-type", "")
    if kind == "money":
        return "an amount in pounds with two decimals, such as '1234.50'"
    if kind == "decimal":
        return "a number with at most three decimals, such as 7.5"
    if kind == "id":
        return "a reference without spaces (letters, digits, and . _ / -) that names no person"
    if kind == "date" or node.get("format") == "date":
        return "a date written year-month-day, such as 2026-04-06"
    if "enum" in node:
        return _one_of([str(one) for one in node["enum"] if one is not None])
    if "anyOf" in node:
        return " or ".join(expected({"x-type": _ref(branch), **branch}) for branch in node["anyOf"])
    if "const" in node:
        return f"`{node['const']}`"
    if "pattern" in node:
        return f"text of another form: {node.get('description', '').rstrip('.')}" if node.get("description") else "text of another form"
    kinds = node.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    kinds = kinds or [_REF_TYPES[kind]] if kind in _REF_TYPES else kinds
    return " or ".join(_TYPE_WORDS[one] for one in kinds) if kinds else "another value"


def _ref(branch: dict[str, Any]) -> str:
    return str(branch.get("$ref", "")).rsplit("/", 1)[-1]


def _range_words(keyword: str, node: dict[str, Any]) -> str:
    bound = node.get(keyword)
    words = {
        "minimum": f"Expected a number of at least {bound}.",
        "maximum": f"Expected a number of at most {bound}.",
        "minLength": "Expected some text: leave the key out where it is not known.",
        "maxLength": f"Expected at most {bound} characters.",
        "minItems": f"Expected at least {bound} entries.",
        "maxItems": f"Expected at most {bound} entries.",
        "uniqueItems": "An entry stands twice in this list: keep one of the two.",
    }
    return words.get(keyword, f"The value does not meet the schema (`{keyword}`).")


def _one_of(known: list[str]) -> str:
    return f"`{known[0]}`" if len(known) == 1 else f"one of: {_listing(known)}"


def _listing(known: list[str]) -> str:
    shown = known if len(known) <= 16 else known[:15]
    rest = f" (and {len(known) - len(shown)} more: pbcheck schema show lists them)" if len(shown) < len(known) else ""
    return ", ".join(shown) + rest


def _section(path: Path) -> str:
    return "`" + ".".join(str(step) for step in path if not isinstance(step, int)) + "`"


def _found(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    for kind, words in (
        (str, "text"),
        (int, "a number"),
        (Decimal, "a number"),
        (float, "a number"),
        (list, "a list"),
        (dict, "a group of keys"),
    ):
        if isinstance(value, kind):
            return words
    return "something else"


def follow(data: Any, path: Path) -> Any:
    """Return the value at a path, or None where there is none."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
