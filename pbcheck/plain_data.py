"""Plain Python objects as documents, for those who use pbcheck as a library."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pbcheck.errors import UsageError
from pbcheck.schema.store import KINDS
from pbcheck.schema.suggest import did_you_mean
from pbcheck.source.document import MAX_DEPTH, Document


def document_from(value: Mapping[str, Any] | list[Any], number: int) -> Iterator[Document]:
    """Yield the documents of a mapping or a list of mappings; raises UsageError where one does not say its kind.

    Dates may be `datetime.date`, amounts `Decimal`; a float counts as what it prints as.
    """
    for one in value if isinstance(value, list) else [value]:
        data = _plain(one)
        kind = data.get("kind") if isinstance(data, dict) else None
        if kind not in KINDS:
            hint = did_you_mean(str(kind), KINDS) if kind else ""
            raise UsageError(f"Document {number} does not say its `kind`: expected one of {', '.join(KINDS)}.{hint}")
        yield Document(str(kind), data, f"document {number}", index=number)


def _plain(value: Any, depth: int = 0) -> Any:
    if depth > MAX_DEPTH:
        raise UsageError(f"The documents are nested more than {MAX_DEPTH} deep, or hold themselves: expected plain dicts and lists.")
    if isinstance(value, Mapping):
        return {_text(str(key)): _plain(one, depth + 1) for key, one in value.items()}
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    if isinstance(value, (list, tuple)):
        return [_plain(one, depth + 1) for one in value]
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, (float, Decimal)):
        return _number(value)
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    words = "expected dicts, lists, text, numbers, dates, true, false and None"
    raise UsageError(f"The documents hold a value of the type {type(value).__name__}: {words}.")


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise UsageError("A text in the documents holds half a surrogate pair, which is no character: expected Unicode text.") from None
    return value


def _number(value: float | Decimal) -> Decimal:
    if not math.isfinite(value):
        raise UsageError("A number in the documents is not finite: expected an amount.")
    return Decimal(f"{Decimal(repr(value) if isinstance(value, float) else value):f}")
