"""The table of the figures of an export, in the order in which they are shown."""

from __future__ import annotations

from pbcheck.portfolio.money_figures import MONEY
from pbcheck.portfolio.people_figures import PEOPLE
from pbcheck.portfolio.process_figures import PROCESS
from pbcheck.portfolio.table import PortfolioFigure

FIGURES: tuple[PortfolioFigure, ...] = (*PEOPLE, *MONEY, *PROCESS)
