"""Signs that existing services were only given a price and called a budget (PPF-6-3), and how many cases show them."""

from __future__ import annotations

from collections.abc import Sequence

from pbcheck.figures.figure import EMPTY, Addition, Data, Facts, Figure, Unknown
from pbcheck.figures.quantities import pence, thousandths
from pbcheck.figures.yearly import POUND, YEARS

WHOLE = 100_000  # a rise of prices is a percentage in thousandths
_READS = (
    "case.conversion_letter_on",
    "case.final.derived_by",
    "case.final.confirmed_on",
    "case.final.gross",
    "case.final.period",
    "case.existing_services",
    "case.plan.completed_on",
    "case.decision.options_considered",
    "policy.money.uplift_pct",
)


def signals(facts: Facts) -> int:
    """Return how many of the four signs of a mere conversion the record shows (FIG-CONVERT-SHARE).

    The signs: a letter announcing it; a final budget derived from the cost of existing services; a budget equal to that
    cost with no plan completed by confirmation; no options considered. Raises Unknown where neither a letter, the
    decision nor the final budget is recorded.
    """
    case = facts.record
    letter = "conversion_letter_on" in case
    if not letter and "final" not in case and "decision" not in case:
        raise Unknown("case.final")
    shown = (
        letter,
        case.get("final", EMPTY).get("derived_by") == "existing_service_cost",
        case.get("decision", EMPTY).get("options_considered") == [],
        not _planned_in_time(case) and equals_existing_cost(case, facts.policy),
    )
    return sum(shown)


def is_conversion(facts: Facts) -> bool:
    """Return whether a case counts as converted: two signs or more, no agreed budget carried on (T19), not the full process."""
    if carried_on(facts):
        return False
    return signals(facts) >= 2 and not full_process(facts)


def carried_on(facts: Facts) -> bool:
    """Return whether an agreed budget of before was carried on, which is no conversion (T19)."""
    case = facts.record
    return "agreed_on" in case.get("prior_budget", EMPTY) and case.get("indicative", EMPTY).get("method") == "prior_budget"


def full_process(facts: Facts) -> bool:
    """Return whether the person went through the whole process: own assessment, plan in time, positive choice, two options or more."""
    case = facts.record
    decision = case.get("decision", EMPTY)
    return (
        case.get("assessment", EMPTY).get("mode") in ("self_directed", "supported_self")
        and _planned_in_time(case)
        and decision.get("positive_choice") is True
        and len(decision.get("options_considered", ())) >= 2
    )


def _planned_in_time(case: Data) -> bool:
    completed = case.get("plan", EMPTY).get("completed_on")
    confirmed = case.get("final", EMPTY).get("confirmed_on")
    return completed is not None and (confirmed is None or completed <= confirmed)


def equals_existing_cost(case: Data, policy: Data) -> bool:
    """Return whether the budget of a year equals the cost of the existing services, give or take a pound (FIG-CONVERT-MATCH)."""
    services: Sequence[Data] = case.get("existing_services", ())
    final = case.get("final", EMPTY)
    if not services or "gross" not in final or "period" not in final:
        return False
    if not all("cost" in one and "period" in one for one in services):
        return False
    gross, period = pence(final["gross"]), final["period"]
    costs = [(pence(one["cost"]), one["period"]) for one in services]
    rise = thousandths(policy.get("money", EMPTY).get("uplift_pct") or 0)
    for year in YEARS:
        budget, cost = gross * year[period], sum(one * year[every] for one, every in costs)
        if abs(budget - cost) <= POUND or (rise and abs(budget * WHOLE - cost * (WHOLE + rise)) <= POUND * WHOLE):
            return True
    return False


def tally(totals: Addition, facts: Facts) -> None:
    """Add one case with a confirmed budget to the totals of conversions."""
    case = facts.record
    if "confirmed_on" in case.get("final", EMPTY) and is_conversion(facts):
        totals["conversions"] += 1
        totals["converted_by_letter"] += "conversion_letter_on" in case


CASE: dict[str, Figure] = {
    "conversion_signals": Figure(
        "integer", signals, "FIG-CONVERT-SHARE", "How many of four signs there are that existing services were only given a price", _READS
    ),
    "budget_carried_on": Figure(
        "bool",
        carried_on,
        "T19",
        "A budget agreed before was carried on, which is no conversion",
        ("case.prior_budget.agreed_on", "case.indicative.method"),
    ),
    "full_process": Figure(
        "bool",
        full_process,
        "FIG-CONVERT-SHARE",
        "The person went through the whole process: own assessment, plan by confirmation, positive choice, two options or more",
        (
            "case.assessment.mode",
            "case.plan.completed_on",
            "case.final.confirmed_on",
            "case.decision.positive_choice",
            "case.decision.options_considered",
        ),
    ),
}
PORTFOLIO: dict[str, Figure] = {
    "conversions": Figure(
        "integer",
        lambda facts: facts.totals.get("conversions", 0),
        "FIG-CONVERT-SHARE",
        "Cases with two or more signs of a mere conversion, not excused",
        ("portfolio.conversions",),
    ),
}
TALLIES = (tally,)
