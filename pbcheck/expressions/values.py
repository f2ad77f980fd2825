"""Values as conditions see them: money in pence, decimals in thousandths, the rest as it stands."""

from __future__ import annotations

from typing import Any

from pbcheck.expressions.types import Field, messages
from pbcheck.figures import quantities


def pence(value: Any) -> int | None:
    """Return an amount in integer pence; None stays None (stated as nil)."""
    return None if value is None else quantities.pence(value)


def thousandths(value: Any) -> int | None:
    """Return a decimal quantity as an integer number of thousandths; None stays None."""
    return None if value is None else quantities.thousandths(value)


def converted(value: Any, field: Field) -> Any:
    """Return a value of the data as conditions see it, whole: for the official evaluator, which is handed plain data."""
    if value is None:
        return [] if field.repeated else None
    if field.repeated:
        one = Field(field.kind, field.message, values=field.values)
        return [converted(item, one) for item in value]
    if field.kind == "message":
        return message(value, field.message)
    if field.kind == "map":
        return {key: converted(one, Field(field.message)) for key, one in value.items()}
    if field.kind == "money":
        return pence(value)
    if field.kind == "decimal":
        return thousandths(value)
    return int(value) if field.kind == "integer" else value


def message(data: Any, name: str) -> dict[str, Any]:
    """Return a group of keys as conditions see it: the groups it may hold are always there, if empty."""
    out: dict[str, Any] = {}
    for key, field in messages()[name].items():
        if key in data:
            out[key] = converted(data[key], field)
        elif field.kind == "message" and not field.repeated:
            out[key] = message({}, field.message)
    return out
