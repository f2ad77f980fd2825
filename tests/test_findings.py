"""How values stand in messages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pbcheck.expressions.types import Field
from pbcheck.findings import shown


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        ("1234.50", "money", "£1,234.50"),
        (12, "money", "£12.00"),
        (Decimal("-0.5"), "money", "-£0.50"),
        (10, "decimal", "10"),
        ("7.50", "decimal", "7.5"),
        (Decimal("0.125"), "decimal", "0.125"),
        (True, "bool", "yes"),
        (None, "enum", "not stated"),
        ("above_threshold", "enum", "above threshold"),
        (["a_b", "c"], "enum", "a b, c"),
        ([], "enum", "none"),
        ("2026-04-06", "date", "2026-04-06"),
        (3, "integer", "3"),
    ],
)
def test_shown(value: Any, kind: str, words: str) -> None:
    assert shown(value, Field(kind)) == words
