"""Decision tables as data: rows of conditions with a result; the first row whose conditions all hold decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

Value = str | bool | None
Inputs = Mapping[str, tuple[Value, ...]]
Row = tuple[Mapping[str, Value], str]


def results(inputs: Inputs, rows: Iterable[Row]) -> dict[tuple[Value, ...], str]:
    """Return the result of every combination of inputs, in the order of the inputs; raises ValueError where no row matches."""
    found: dict[tuple[Value, ...], str] = {}
    for values in product(*inputs.values()):
        here = dict(zip(inputs, values, strict=True)).items()
        row = next((result for conditions, result in rows if conditions.items() <= here), None)
        if row is None:
            raise ValueError(f"no row of the table matches {dict(here)}")
        found[values] = row
    return found
