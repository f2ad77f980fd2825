"""Figures about a portfolio: which holders people have, and whether the declared forms are borne out by the cases."""

from __future__ import annotations

from collections.abc import Callable

from pbcheck.figures.decision import HOLDERS
from pbcheck.figures.figure import EMPTY, Addition, Facts, Figure, Tally, stated
from pbcheck.figures.forms import MANAGED_FORMS

HELD_BY = {kind: f"held_by_{kind}" for kind in (*HOLDERS, "other", "unknown")}
"""What each kind of holder is counted as."""


def tally(totals: Addition, facts: Facts) -> None:
    """Add one case to the people by kind of holder (once for each kind) and, where its budget is confirmed, by derived form."""
    case, as_of = facts.record, facts.as_of
    kinds: set[str] = set()
    managed = True
    for one in case.get("arrangements", ()):
        if as_of is None or one.get("ends_on", as_of) >= as_of:
            kinds.add(one.get("holder_kind", "unknown"))
            managed = managed and one["derived"].get("managed") is not False
    for kind in kinds:
        totals[HELD_BY[kind]] += 1
    if managed and kinds and "confirmed_on" in case.get("final", EMPTY):
        totals["perhaps_managed"] += 1


def _count(*leave_out: str) -> Callable[[Facts], int]:
    counted = {kind: name for kind, name in HELD_BY.items() if kind not in leave_out}

    def count(facts: Facts) -> int:
        declared = facts.record.get("holder_counts")
        if declared is not None:
            return sum(number for kind, number in declared.items() if kind not in leave_out)
        return sum(facts.totals.get(name, 0) for name in counted.values())

    return count


def declared_people(facts: Facts) -> int:
    """Return how many people the declared counts by form come to."""
    return sum(int(one) for one in stated(facts.record, "portfolio.form_counts").values())


def managed_overcount(facts: Facts) -> int:
    """Return how many more people are declared as managed than have arrangements that may all be managed (FIG-MANAGED-SHARE)."""
    declared = stated(facts.record, "portfolio.form_counts")
    return max(0, sum(int(declared.get(form, 0)) for form in MANAGED_FORMS) - facts.totals.get("perhaps_managed", 0))


_HELD = ("portfolio.holder_counts",)
PORTFOLIO = {
    "budgets_held": Figure("integer", _count(), "FIG-HOLDER-MIX", "Budgets by holder, added up", _HELD),
    "held_not_by_council": Figure(
        "integer", _count("local_authority"), "FIG-HOLDER-MIX", "Budgets with a holder other than the council", _HELD
    ),
    "held_not_by_person": Figure("integer", _count("person"), "FIG-HOLDER-MIX", "Budgets with a holder other than the person", _HELD),
    "held_otherwise": Figure(
        "integer",
        _count("local_authority", "support_provider", "person"),
        "FIG-HOLDER-MIX",
        "Budgets with a holder other than the council, a support provider or the person",
        _HELD,
    ),
    "declared_people": Figure(
        "integer", declared_people, "FIG-FORM-MIX", "People in the declared counts by form", ("portfolio.form_counts",)
    ),
    "managed_overcount": Figure(
        "integer",
        managed_overcount,
        "FIG-MANAGED-SHARE",
        "How many more people are declared as managed than the contracts in their cases bear out",
        ("portfolio.form_counts",),
    ),
}
TALLIES: tuple[Tally, ...] = (tally,)
