"""Figures about how the budget is used, accounted for and contracted."""

from __future__ import annotations

from pbcheck.figures.figure import Figure, Tally

CASE: dict[str, Figure] = {}
CONTRACT: dict[str, Figure] = {}
POLICY: dict[str, Figure] = {}
PORTFOLIO: dict[str, Figure] = {}
TALLIES: tuple[Tally, ...] = ()
