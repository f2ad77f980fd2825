"""What one value of a figure is in a table or a file: a row."""

from __future__ import annotations

from dataclasses import dataclass, fields

KNOWN, AT_LEAST, UNKNOWN, NOT_APPLICABLE = "known", "at least", "unknown", "not applicable"


@dataclass(frozen=True)
class InputRead:
    """A field that a figure was worked out from: where it stands, and what it holds."""

    file: str
    line: int
    pointer: str
    value: str


@dataclass(slots=True)
class FigureRow:
    """One value of one figure of one record; not to be changed.

    `value` is rounded, in `unit`; `exact` the same as a whole number or a fraction. `up_to` is the value with the longest year
    where the policy states no week count. `status` is known, at least, unknown or not applicable; `lacking` names the inputs
    that are not stated, `reason` why it does not apply. `sum` and `inputs` are there where the figure is explained.
    """

    record: str
    figure: str
    id: str
    title: str
    part: str
    unit: str
    status: str
    value: str = ""
    exact: str = ""
    up_to: str = ""
    lacking: tuple[str, ...] = ()
    reason: str = ""
    remarks: tuple[str, ...] = ()
    method: str = ""
    weeks: str = ""
    formula: str = ""
    sources: tuple[str, ...] = ()
    sum: str = ""
    inputs: tuple[InputRead, ...] = ()


COLUMNS = tuple(one.name for one in fields(FigureRow))
