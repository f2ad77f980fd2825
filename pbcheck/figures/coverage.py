"""Figures about who has a budget at all, and what the budgets of a whole export look like together."""

from __future__ import annotations

from pbcheck.figures.figure import EMPTY, Addition, Facts, Figure, Unknown, stated
from pbcheck.figures.quantities import pence
from pbcheck.figures.yearly import years


def pays_full_cost(facts: Facts) -> bool:
    """Return whether the person pays the full cost: worked out from means and budget where both are recorded, else the label."""
    case = facts.record
    contribution = case.get("contribution", EMPTY)
    if "assessed_on" in contribution and "maximum" in contribution and "period" in contribution:
        most = pence(contribution["maximum"])
        if most == 0:
            return False
        covered = _covers_budget(facts, most, contribution["period"])
        if covered is not None:
            return covered
    return bool(stated(case, "case.person.funding") == "full_cost_payer")


def _covers_budget(facts: Facts, most: int, period: str) -> bool | None:
    """Return whether what the person can pay covers the budget; None where that is not recorded or hangs on the weeks of a year."""
    final = facts.record.get("final", EMPTY)
    if "gross" not in final or "period" not in final or period == "one_off" or final["period"] == "one_off":
        return None
    gross, other = pence(final["gross"]), final["period"]
    if period == other:
        return most >= gross
    covered = {most * year[period] >= gross * year[other] for year in years(facts.policy)}
    return covered.pop() if len(covered) == 1 else None


def _share(part: int, whole: int) -> int:
    """Return a share in thousandths, rounded up, so that a share above a limit is never shown as the limit."""
    return -(-part * 1000 // whole)


def conversion_share(facts: Facts) -> int:
    """Return the share of confirmed budgets that look like mere conversions (FIG-CONVERT-SHARE), in thousandths."""
    budgets = stated(facts.record, "portfolio.with_budget")
    if not budgets:
        raise Unknown("portfolio.with_budget")
    return _share(stated(facts.record, "portfolio.conversions"), budgets)


def same_sum_share(facts: Facts) -> int:
    """Return the share of cases whose final budget equals the indicative figure (FIG-IND-FINAL-SAME), in thousandths.

    Counted over the cases with both figures; over all confirmed budgets where the number is declared and not counted.
    """
    same = stated(facts.record, "portfolio.final_equals_indicative")
    counted = facts.totals.get("with_both_figures", 0) if facts.totals.get("final_equals_indicative") == same else 0
    cases = counted or stated(facts.record, "portfolio.with_budget")
    if not cases:
        raise Unknown("portfolio.with_budget")
    return _share(same, cases)


def people_without_budget(facts: Facts) -> int:
    """Return how many eligible people with ongoing needs have no confirmed budget (FIG-COVERAGE): as declared, else as counted."""
    record = facts.record
    if "eligible_ongoing" in record:
        return max(0, int(record["eligible_ongoing"]) - int(stated(record, "portfolio.with_budget")))
    return eligible_people(facts) - facts.totals.get("setting_covered", 0)


def people_without_genuine_budget(facts: Facts) -> int:
    """Return the same, with budgets that look like mere conversions counted as none (T18)."""
    short = people_without_budget(facts)
    spare = 0
    if "eligible_ongoing" in facts.record:
        spare = max(0, int(stated(facts.record, "portfolio.with_budget")) - int(facts.record["eligible_ongoing"]))
    return short + max(0, int(stated(facts.record, "portfolio.conversions")) - spare)


def eligible_people(facts: Facts) -> int:
    """Return how many people are eligible with ongoing needs and no full-cost payers: as declared, else as counted."""
    if "eligible_ongoing" in facts.record:
        return int(facts.record["eligible_ongoing"])
    if "setting_eligible" not in facts.totals:
        raise Unknown("portfolio.eligible_ongoing")
    return facts.totals["setting_eligible"]


def tally(totals: Addition, facts: Facts) -> None:
    """Add one case to the eligible people with ongoing needs who are no full-cost payers, and to those of them with a budget."""
    person = facts.record.get("person", EMPTY)
    if person.get("eligible") is not True or person.get("need_duration") != "ongoing":
        return
    try:
        if pays_full_cost(facts):
            return
    except Unknown:
        pass  # nothing says that this person pays the full cost
    totals["setting_eligible"] += 1
    totals["setting_covered"] += "confirmed_on" in facts.record.get("final", EMPTY)


CASE: dict[str, Figure] = {
    "pays_full_cost": Figure(
        "bool",
        pays_full_cost,
        "full_cost_label",
        "The person pays the full cost: worked out from means and budget, else as labelled",
        ("case.person.funding", "case.contribution", "case.final.gross", "case.final.period", "policy.money.weeks_per_year"),
    ),
}
PORTFOLIO: dict[str, Figure] = {
    "conversion_share": Figure(
        "decimal",
        conversion_share,
        "FIG-CONVERT-SHARE",
        "Share of confirmed budgets that look like mere conversions",
        ("portfolio.conversions", "portfolio.with_budget"),
    ),
    "same_sum_share": Figure(
        "decimal",
        same_sum_share,
        "FIG-IND-FINAL-SAME",
        "Share of cases whose final budget equals the indicative figure",
        ("portfolio.final_equals_indicative", "portfolio.with_budget"),
    ),
    "people_without_budget": Figure(
        "integer",
        people_without_budget,
        "FIG-COVERAGE",
        "Eligible people with ongoing needs, full-cost payers left out where counted, who have no confirmed budget",
        ("portfolio.eligible_ongoing", "portfolio.with_budget"),
    ),
    "people_without_genuine_budget": Figure(
        "integer",
        people_without_genuine_budget,
        "FIG-COVERAGE",
        "The same, with budgets that look like mere conversions counted as none (T18)",
        ("portfolio.eligible_ongoing", "portfolio.with_budget", "portfolio.conversions"),
    ),
    "eligible_people": Figure(
        "integer",
        eligible_people,
        "FIG-COVERAGE",
        "Eligible people with ongoing needs, as declared or else as counted",
        ("portfolio.eligible_ongoing",),
    ),
}
TALLIES = (tally,)
