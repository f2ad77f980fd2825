"""Amounts and quantities of the data as exact integers."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=65536)
def pence(value: Any) -> int:
    """Return an amount, as the schema allows it, in integer pence."""
    if type(value) is str:
        return int(value[:-3] + value[-2:])
    return int(value * 100)


@lru_cache(maxsize=65536)
def thousandths(value: Any) -> int:
    """Return a decimal quantity, as the schema allows it, as an integer number of thousandths."""
    return int(Decimal(value) * 1000)
