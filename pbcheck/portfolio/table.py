"""What a figure of an export is: a share, a sum or a middle value of what was tallied, and who is left out."""

from __future__ import annotations

from typing import NamedTuple

SHARE, SUM, MIDDLE = "share", "sum", "middle"
PERCENT, POUNDS, A_YEAR, DAYS, MINUTES, COUNT, POINTS = "percent", "pounds", "pounds a year", "days", "minutes", "count", "points"
ENOUGH = 20
"""A share that speaks of the practice of a council is shown from this many cases on."""

SOURCES = {
    "FIG-COVERAGE": ("PPF-I-17", "CWR-1-2"),
    "FIG-FORM-MIX": ("PPF-I-11", "PPF-I-18", "PPF-3-7", "PPF-6-1", "CWR-2-18"),
    "FIG-HOLDER-MIX": ("PPF-3-5", "CWR-I-3", "CWR-2-1", "CWR-2-4", "CWR-2-6", "CWR-2-7", "CWR-2-11", "CWR-2-12"),
    "FIG-MANAGED-SHARE": ("PPF-F-1", "PPF-I-16", "PPF-1-3", "PPF-3-2", "PPF-3-7"),
    "FIG-IND-FINAL-DIFF": ("CWR-1-10", "CWR-1-11", "CWR-1-13"),
    "FIG-IND-FINAL-SAME": ("CWR-1-13",),
    "FIG-CONVERT-SHARE": ("PPF-6-2", "PPF-6-3"),
    "FIG-DAYS-TO-SUPPORT": ("PPF-5-14",),
    "FIG-PLAN-EFFORT": ("PPF-5-1", "PPF-5-13", "PPF-5-14", "PPF-5-15"),
    "FIG-BURDEN": ("CWR-1-5", "CWR-1-15", "CWR-1-16"),
    "FIG-TERM-MIX": ("CWR-1-19", "CWR-1-20", "CWR-1-21"),
    "FIG-UNSPENT": ("CWR-3-10", "CWR-3-11"),
    "FIG-CLAWBACK": ("CWR-3-10",),
    "FIG-GROSS-FINAL": ("PPF-1-5", "PPF-1-17", "PPF-4-10"),
    "FIG-CONTRIB": ("PPF-1-19", "PPF-2-1", "PPF-4-10", "PPF-4-11", "PPF-4-18"),
    "FIG-NET": ("PPF-2-1", "PPF-4-10", "PPF-4-12", "PPF-4-14"),
    "FIG-PLAN-COST": ("PPF-1-2", "PPF-5-4"),
    "FIG-DRAWN": ("PPF-1-21", "PPF-1-34"),
    "FIG-NI130-INC": ("PPF-2-6", "PPF-6-2"),
    "FIG-NI130-EXC": ("PPF-2-1", "PPF-2-6"),
    "FIG-NI130-GAP": ("PPF-2-6",),
    "ASCOF-3D": ("Adult Social Care Outcomes Framework, measure 3D",),
}
"""The obligations, or the framework, that each figure rests on."""

Part = tuple[str, str]
"""What a line is called, and the key of its numerator, of its sum, or of the values whose middle it is."""


class PortfolioFigure(NamedTuple):
    """One figure of an export, with a line for each part; `lower` is the key of its denominator, or of the cases it is about.

    `out` are the themes that say who is left out; below `least` cases there is no share. `whole_only` is not shown by group.
    """

    id: str
    name: str
    title: str
    kind: str
    unit: str
    parts: tuple[Part, ...]
    lower: str
    out: tuple[str, ...] = ()
    least: int = 0
    note: str = ""
    whole_only: bool = False


def in_words(key: str) -> str:
    """Return a name of the data as words."""
    return key.replace("_", " ")
