"""Figures about unspent money that was taken back, as such or by a lower budget (FIG-CLAWBACK)."""

from __future__ import annotations

from collections.abc import Iterator

from pbcheck.figures.dates import days
from pbcheck.figures.figure import EMPTY, Addition, Data, Facts, Figure, Tally, Unknown, stated
from pbcheck.figures.money import WEEKS, annual
from pbcheck.figures.quantities import pence

POUND = 100
YEAR_DAYS = 365

LEFT_OUT = (
    ("payments", "direction", ("voluntary_return", "error_corrected")),
    ("recoveries", "kind", ("misuse", "overpayment", "closing_balance")),
)
"""What was given or taken back and is no clawback: where it stands, and which field says so with which values."""
Place = tuple[Data, str, str]
"""What holds a sum, the key of the sum, and the dotted path of the holder."""


def taken_back(facts: Facts) -> int:
    """Return the unspent money taken back in a case, in pence, each sum once."""
    return sum(pence(owner[key]) for owner, key, _ in takings(facts.record))


def takings(case: Data) -> Iterator[Place]:
    """Yield the places of the sums of unspent money taken back: payments first, then what no payment of the same sum in a year shows.

    A year end that was overspent is no taking. Raises Unknown where a sum that was taken is not recorded.
    """
    shown = [one for one in case.get("payments", ()) if one.get("direction") == "clawback"]
    for one in shown:
        yield _stated(one, "amount", "case.payments.*")
    for owner, key, where, on in _recorded_otherwise(case):
        amount = pence(owner[key])
        same = next((one for one in shown if pence(one["amount"]) == amount and _within_a_year(one.get("date", ""), on)), None)
        if same:
            shown.remove(same)
        elif amount > 0:
            yield owner, key, where


def _recorded_otherwise(case: Data) -> Iterator[tuple[Data, str, str, str]]:
    for one in case.get("year_ends", ()):
        if one.get("action") in ("clawed_back", "offset_next_year"):
            yield *_stated(one, "unspent", "case.year_ends.*"), one.get("ended_on", "")
    for one in case.get("recoveries", ()):
        if one.get("kind") == "unspent" and "taken_on" in one:
            yield *_stated(one, "amount", "case.recoveries.*"), one["taken_on"]


def _stated(owner: Data, key: str, where: str) -> Place:
    if key not in owner:
        raise Unknown(f"{where}.{key}")
    return owner, key, where


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


def tally(totals: Addition, facts: Facts) -> None:
    """Add the money taken back in one case to the total of its export."""
    taken = taken_back(facts)
    if taken:
        totals["unspent_taken_back"] += taken


def total_taken_back(facts: Facts) -> int:
    """Return the unspent money taken back in all cases, in pence: what the cases show, or what is declared where that is more."""
    declared = pence(facts.record["clawback_total"]) if "clawback_total" in facts.record else 0
    return max(declared, facts.totals.get("unspent_taken_back", 0))


CASE: dict[str, Figure] = {
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
