"""What one case adds to the figures of an export, and how such additions are put together: whole numbers only, in any order.

A key is a theme and a part of it, such as `form.mixed`; what follows a colon is a value that was counted (`burden.forms:3`) or, after
`out:`, the reason why a case is left out of the theme (`form.out:no confirmed budget`). Sums of money are parts of a penny.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pbcheck.figures.budget.base import Base
from pbcheck.figures.catalogue import tally
from pbcheck.portfolio.counted_money import count_money
from pbcheck.portfolio.counted_people import count_people
from pbcheck.portfolio.counted_process import count_process

Group = tuple[str, str]
"""A dimension and one of its values, such as `("team", "North")`."""


def tally_case(sheet: Base) -> Counter[str]:
    """Return what a case adds; a pro-rated sum of money is rounded half up to the penny, case by case, so that sums stay whole numbers.

    The forms of its arrangements must have been derived. What the rules about portfolios count is taken from there.
    """
    delta: Counter[str] = Counter()
    tally(delta, sheet.facts)
    count_people(delta, sheet)
    count_money(delta, sheet)
    count_process(delta, sheet)
    delta[f"judged_on:{sheet.facts.as_of or 'not known'}"] += 1
    return Counter({key: number for key, number in delta.items() if number})


@dataclass
class Portfolio:
    """The additions of many cases: of all of them, and of those of each group; equal whatever the order they came in."""

    whole: Counter[str] = field(default_factory=Counter)
    groups: dict[Group, Counter[str]] = field(default_factory=dict)

    def add(self, delta: Counter[str], memberships: Iterable[Group] = ()) -> None:
        """Add one case, and to which groups it belongs."""
        self.whole.update(delta)
        for group in memberships:
            self.groups.setdefault(group, Counter()).update(delta)

    def merge(self, other: Portfolio) -> None:
        """Add another portfolio, of other cases."""
        self.whole.update(other.whole)
        for group, counted in other.groups.items():
            self.groups.setdefault(group, Counter()).update(counted)
