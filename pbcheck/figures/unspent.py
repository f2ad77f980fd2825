"""Figures about unspent money that was taken back, as such or by a lower budget (FIG-CLAWBACK)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pbcheck.figures.dates import days
from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Tally, stated
from pbcheck.figures.money import WEEKS, annual
from pbcheck.figures.quantities import pence

POUND = 100
YEAR_DAYS = 365

Taking = tuple[int, str]
"""Pence, and the day, empty where it is not recorded."""


def taken_back(facts: Facts) -> int:
    """Return the unspent money taken back in a case, in pence, each sum once."""
    case = facts.record
    paid = [
        (pence(one["amount"]), str(one.get("date", "")))
        for one in case.get("payments", ())
        if one.get("direction") == "clawback" and "amount" in one
    ]
    total = sum(amount for amount, _ in paid)
    if not (case.get("year_ends") or case.get("recoveries")):
        return total
    for amount, on in _recorded_otherwise(case):
        same = next((one for one in paid if one[0] == amount and _within_a_year(one[1], on)), None)
        if same:
            paid.remove(same)
        else:
            total += amount
    return total


def _recorded_otherwise(case: Data) -> Iterator[Taking]:
    for one in case.get("year_ends", ()):
        if one.get("action") in ("clawed_back", "offset_next_year") and "unspent" in one:
            yield pence(one["unspent"]), str(one.get("ended_on", ""))
    for one in case.get("recoveries", ()):
        if one.get("kind") == "unspent" and "taken_on" in one and "amount" in one:
            yield pence(one["amount"]), str(one["taken_on"])


def _within_a_year(first: str, second: str) -> bool:
    return not first or not second or abs(days(first, second)) <= YEAR_DAYS


def cut_equals_unspent(facts: Facts) -> bool:
    """Return whether the budget was cut, with no change of needs, by just what was left in the year before (CWR-3-11)."""
    case = facts.record
    ends = [one for one in stated(case, "case.year_ends") if "unspent" in one and "ended_on" in one]
    left = [(amount, one["ended_on"]) for one in ends if (amount := pence(one["unspent"])) > 0]
    if not left:
        return False
    weeks = WEEKS[facts.policy.get("money", EMPTY).get("weeks_per_year", "52")]
    for one in stated(case, "case.budget_changes"):
        if one.get("needs_changed") is not False or not {"from", "to", "period", "date"} <= one.keys():
            continue
        cut = annual(pence(one["from"]) - pence(one["to"]), one["period"], weeks)
        if any(abs(cut - amount) <= POUND and 0 <= days(on, one["date"]) <= YEAR_DAYS for amount, on in left):
            return True
    return False


def tally(totals: Counter[str], facts: Facts) -> None:
    """Add the money taken back in one case to the total of its export."""
    taken = taken_back(facts)
    if taken:
        totals["unspent_taken_back"] += taken


def total_taken_back(facts: Facts) -> int:
    """Return the unspent money taken back in all cases, in pence: what the cases show, or what is declared where that is more."""
    declared = pence(facts.record["clawback_total"]) if "clawback_total" in facts.record else 0
    return max(declared, facts.totals.get("unspent_taken_back", 0))


CASE: dict[str, Figure] = {
    "unspent_taken_back": Figure(
        "money",
        taken_back,
        "FIG-CLAWBACK",
        "Unspent money taken back, each sum once",
        ("case.payments", "case.year_ends", "case.recoveries"),
    ),
    "cut_equals_unspent": Figure(
        "bool",
        cut_equals_unspent,
        "CWR-3-11",
        "With no change of needs the budget was cut by just what was left in the year before, give or take a pound",
        ("case.year_ends.*.unspent", "case.budget_changes", "policy.money.weeks_per_year"),
    ),
}
PORTFOLIO: dict[str, Figure] = {
    "unspent_taken_back": Figure(
        "money",
        total_taken_back,
        "FIG-CLAWBACK",
        "Unspent money taken back in all cases",
        ("portfolio.clawback_total",),
    ),
}
TALLIES: tuple[Tally, ...] = (tally,)
