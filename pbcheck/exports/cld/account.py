"""What became of every row and every penny of a return, and the figures over all its people; made so that nothing gets lost unsaid."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pbcheck.exports.cld.events import Event

USED = ("service in a case", "assessment in a case", "review in a case")
TWICE = "same event as another row"
LEFT_OUT = {
    "row": "the row cannot be taken apart",
    "person": "no NHS number and no identifier of the council",
    "event-type": "the event type is blank or not known",
    "client-type": "the client type is blank or not known",
    "start": "the start date is blank or cannot be read",
    "end": "the end date is missing or cannot be read",
    "end-before-start": "it ends before it starts",
    "dead": "the person died before it, or before the period",
    "outside": "it lies outside the reporting period",
    "service-type": "the service type is blank or not known",
    "request": "a request, of which a case of pbcheck holds nothing",
    "other-assessment": "an assessment that is not the person's latest long-term one",
    "short-term": "short-term support, which is no part of a personal budget",
}


PARTS = 52 * 100 * 7
"""Parts of a penny: a fifty-second, a hundredth and a quarter of one are whole numbers of them, and so is a seventh of each."""


@dataclass
class Spent:
    """Costs of services by the national method, in parts of a penny: exact, rounded only when they are shown."""

    weekly_parts: int = 0
    period_parts: int = 0
    services: int = 0
    doubtful: int = 0
    doubtful_parts: int = 0

    def add(self, weekly: int | None, period: int, *, doubtful: bool) -> None:
        """Add the cost of one service in parts; `doubtful` where a cell it rests on is defective and the method uses it all the same."""
        self.weekly_parts += weekly or 0
        self.period_parts += period
        self.services += 1
        if doubtful:
            self.doubtful += 1
            self.doubtful_parts += period

    @property
    def weekly(self) -> Fraction:
        """Return the cost a week in pence."""
        return Fraction(self.weekly_parts, PARTS)

    @property
    def period(self) -> Fraction:
        """Return the cost in the period in pence."""
        return Fraction(self.period_parts, PARTS)

    @property
    def doubtful_period(self) -> Fraction:
        """Return the part of the cost in the period that rests on defective cells, in pence."""
        return Fraction(self.doubtful_parts, PARTS)


@dataclass
class Account:
    """The account of a return: rows and unit costs in, what became of them, people, defects, and figures.

    `rows` and `pence` count by what became of the rows; `unread_costs` the rows whose unit cost could not be read. `shares` counts
    people for the shares of direct payments and self-directed support, `reviews` those for the timing of reviews.
    """

    release: int = 2
    period: tuple[str, str] = ("", "")
    rows_in: int = 0
    pence_in: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    pence: Counter[str] = field(default_factory=Counter)
    unread_costs: int = 0
    people: int = 0
    cases: int = 0
    carers: int = 0
    linked: int = 0
    spent: dict[str, Spent] = field(default_factory=dict)
    without_cost: Counter[str] = field(default_factory=Counter)
    shares: Counter[str] = field(default_factory=Counter)
    reviews: Counter[str] = field(default_factory=Counter)
    defects: Counter[str] = field(default_factory=Counter)

    def book(self, fate: str, event: Event | None) -> None:
        """Take down what became of one row and of its unit cost; None stands for a row that cannot be taken apart."""
        self.rows[fate] += 1
        if event is not None:
            self.pence[fate] += event.pence or 0
            self.unread_costs += "unit_cost" in event.refused

    @property
    def reconciles(self) -> bool:
        """Return whether the rows and the pennies that came in are the same as those that are accounted for."""
        return self.rows_in == sum(self.rows.values()) and self.pence_in == sum(self.pence.values())
