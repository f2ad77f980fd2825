"""What one case adds to the figures of an export: whole numbers only, which `added.Portfolio` puts together in any order.

A key is a theme and a part of it, such as `form.mixed`; what follows a colon is a value that was counted (`burden.forms:3`) or, after
`out:`, the reason why a case is left out of the theme (`form.out:no confirmed budget`). Sums of money are parts of a penny.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pbcheck.figures.budget.base import Base
from pbcheck.figures.catalogue import TALLIES
from pbcheck.figures.figure import Addition, Unknown
from pbcheck.portfolio.counted_money import count_money
from pbcheck.portfolio.counted_people import count_people
from pbcheck.portfolio.counted_process import count_process


def tally_case(sheet: Base) -> Addition:
    """Return what a case adds; a pro-rated sum of money is rounded half up to the penny, case by case, so that sums stay whole numbers.

    The forms of its arrangements must have been derived. What the rules about portfolios count is taken from there. A key may say
    nothing: that the case adds 0.
    """
    return tally_cases([sheet])[0]


def tally_cases(sheets: Sequence[Base]) -> list[Addition]:
    """Return what each of some cases adds; one thing is counted in all of them before the next, since that is quicker."""
    cases: list[tuple[Addition, Base]] = [(defaultdict(int), sheet) for sheet in sheets]
    for tally in TALLIES:
        for delta, sheet in cases:
            try:
                tally(delta, sheet.facts)
            except Unknown:  # a case that does not say does not count; suppress() would cost more than the tally
                continue
    for count in (count_people, count_money, count_process):
        for delta, sheet in cases:
            count(delta, sheet)
    for delta, sheet in cases:
        delta[f"judged_on:{sheet.facts.as_of or 'not known'}"] += 1
    return [delta for delta, _ in cases]
