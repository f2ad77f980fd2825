"""Figures about how the budget was set: when the estimate came, the load of forms, sums against the plan, and how many are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown, stated
from pbcheck.figures.money import ALL_WEEKS, WEEKS, annual
from pbcheck.figures.quantities import pence

FORMS, QUESTIONS, MINUTES = 2, 60, 120  # limits of our own: the notes give none (CWR-1-15)


def first_estimate_on(facts: Facts) -> str:
    """Return the date of the first indicative figure, which decides what came before it; of the only one where there is no first."""
    indicative = facts.record.get("indicative", EMPTY)
    if "first_date" in indicative:
        return str(indicative["first_date"])
    return str(stated(facts.record, "case.indicative.date"))


def _over(measures: Data) -> tuple[int, int]:
    """Return how many of forms, questions and minutes are above their limits, and of how many that cannot be said (FIG-BURDEN)."""
    over = unknown = 0
    for name, limit in (("forms", FORMS), ("questions", QUESTIONS), ("minutes", MINUTES)):
        value = measures.get(name)
        if value is None:
            unknown += 1
            continue
        if name == "forms":  # one form about money does not count
            money = measures.get("financial_forms")
            if money is None and value == limit + 1:
                unknown += 1
                continue
            value -= money is None or money >= 1
        over += value > limit
    return over, unknown


def _burden(facts: Facts, root: str, section: str) -> int:
    """Return how many measures are above their limits; Unknown where those not recorded could make it two of three."""
    over, unknown = _over(facts.record.get(section, EMPTY))
    if over < 2 <= over + unknown:
        raise Unknown(f"{root}.{section}.forms")
    return over


def _burden_seen(facts: Facts, root: str, section: str) -> int:
    """Return how many recorded measures are above their limits; Unknown where none is recorded."""
    measures = facts.record.get(section, EMPTY)
    if not {"forms", "questions", "minutes"} & measures.keys():
        raise Unknown(f"{root}.{section}.forms")
    return _over(measures)[0]


def _weeks(policy: Data) -> tuple[Fraction, ...]:
    declared = policy.get("money", EMPTY).get("weeks_per_year")
    return (Fraction(WEEKS[declared]),) if declared in WEEKS else ALL_WEEKS


def plan_cost_over_budget(facts: Facts) -> int:
    """Return by how many pence a year the parts of the plan that serve eligible needs cost more than the budget (FIG-SUFF-GAP).

    Only parts that run on the date judged by count, and not what is paid from elsewhere. A penny a part is left out of
    account, a pound where periods differ; where no week count is declared, the smallest gap of all conventions counts.
    """
    case = facts.record
    gross, period = pence(stated(case, "case.final.gross")), stated(case, "case.final.period")
    eligible = {one.get("id") for one in stated(case, "case.assessment.needs") if one.get("eligible") is True}
    parts = [one for one in _running(case, facts.as_of) if _serves(one, eligible)]
    priced = [one for one in parts if {"cost", "period"} <= one.keys()]
    if all(one["period"] == period for one in priced):
        gap = annual(sum(pence(one["cost"]) for one in priced) - gross - len(priced), period, _weeks(facts.policy)[0])
    elif period == "one_off":
        raise Unknown("case.final.period")
    else:
        gaps = (
            sum(annual(pence(one["cost"]), one["period"], weeks) for one in priced) - annual(gross, period, weeks) - 100
            for weeks in _weeks(facts.policy)
        )
        gap = min(gaps)
    if gap <= 0 and len(priced) < len(parts):
        raise Unknown("case.plan.components.*.cost")
    return max(0, -int(-gap // 1))


def _running(case: Data, as_of: str | None) -> Iterator[Data]:
    starts = case.get("final", EMPTY).get("starts_on")
    by = max((one for one in (as_of, starts) if one), default=None)
    for one in stated(case, "case.plan.components"):
        if one.get("arrangement") == "external":
            continue
        if by is None or (one.get("starts_on", by) <= by <= one.get("ends_on", by)):
            yield one


def _serves(component: Data, eligible: set[str | None]) -> bool:
    if "needs" not in component:
        raise Unknown("case.plan.components.*.needs")
    return bool(eligible.intersection(component["needs"]))


def days_allowed(facts: Facts) -> int:
    """Return the days that may pass from the start of support to a budget (PPF-I-17): the council's own target, else 28."""
    return int(facts.policy.get("planning", EMPTY).get("target_days", 28))


def pays_full_cost(facts: Facts) -> bool:
    """Return whether the person pays the full cost: worked out from means and budget where both are recorded, else the label."""
    case = facts.record
    contribution, final = case.get("contribution", EMPTY), case.get("final", EMPTY)
    if "assessed_on" in contribution and {"maximum", "period"} <= contribution.keys():
        most = pence(contribution["maximum"])
        if most == 0:
            return False
        if {"gross", "period"} <= final.keys() and "one_off" not in (contribution["period"], final["period"]):
            sums = {
                annual(most, contribution["period"], weeks) >= annual(pence(final["gross"]), final["period"], weeks)
                for weeks in _weeks(facts.policy)
            }
            if len(sums) == 1:
                return sums.pop()
    return bool(stated(case, "case.person.funding") == "full_cost_payer")


def parts_below_quotes(facts: Facts) -> int:
    """Return how many parts of the plan have a cost below every quote recorded for them, by more than a pound a year."""
    case = facts.record
    found = 0
    for part in case.get("plan", EMPTY).get("components", ()):
        quotes = [one for one in stated(case, "case.quotes") if "id" in part and one.get("component") == part["id"]]
        if not quotes or not {"cost", "period"} <= part.keys() or not all({"amount", "period"} <= one.keys() for one in quotes):
            continue
        if "one_off" in {part["period"], *(one["period"] for one in quotes)} and any(one["period"] != part["period"] for one in quotes):
            continue
        found += all(
            annual(pence(one["amount"]), one["period"], weeks) - annual(pence(part["cost"]), part["period"], weeks) > 100
            for one in quotes
            for weeks in _weeks(facts.policy)
        )
    return found


def fall_from_estimate(facts: Facts) -> int:
    """Return by how many pence a year the final budget is below the gross indicative figure (FIG-IND-FINAL-DIFF), 0 where it is not."""
    case = facts.record
    if stated(case, "case.indicative.basis") != "gross":
        raise Unknown("case.indicative.basis")
    first, last = pence(stated(case, "case.indicative.amount")), pence(stated(case, "case.final.gross"))
    before, after = stated(case, "case.indicative.period"), stated(case, "case.final.period")
    if before == after:
        weeks = _weeks(facts.policy)[0]
        return max(0, int(annual(first - last, after, weeks)))
    if "one_off" in (before, after):
        raise Unknown("case.final.period")
    falls = (annual(first, before, weeks) - annual(last, after, weeks) - 100 for weeks in _weeks(facts.policy))
    return max(0, -int(-min(falls) // 1))


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
    if "setting_eligible" not in facts.totals:
        raise Unknown("portfolio.eligible_ongoing")
    return facts.totals["setting_eligible"] - facts.totals.get("setting_covered", 0)


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


def _full_cost(facts: Facts) -> bool:
    try:
        return pays_full_cost(facts)
    except Unknown:
        return False


def tally(totals: Counter[str], facts: Facts) -> None:
    """Add one case to the eligible people with ongoing needs who are no full-cost payers, and to those of them with a budget."""
    person = facts.record.get("person", EMPTY)
    if person.get("eligible") is True and person.get("need_duration") == "ongoing" and not _full_cost(facts):
        totals["setting_eligible"] += 1
        totals["setting_covered"] += "confirmed_on" in facts.record.get("final", EMPTY)


# What a figure takes from the policy only if it is there is not among its `reads`: without a policy the case can still be judged.
_CASE_FORMS = ("case.assessment.forms", "case.assessment.financial_forms", "case.assessment.questions", "case.assessment.minutes")
_POLICY_FORMS = ("policy.ras.forms", "policy.ras.financial_forms", "policy.ras.questions", "policy.ras.minutes")

CASE: dict[str, Figure] = {
    "first_estimate_on": Figure(
        "date",
        first_estimate_on,
        "FIG-INFO-LEAD",
        "Date of the first indicative figure",
        ("case.indicative.first_date", "case.indicative.date"),
    ),
    "form_burden": Figure(
        "integer",
        lambda facts: _burden(facts, "case", "assessment"),
        "FIG-BURDEN",
        "How many of forms, questions and minutes are above 2, 60 and 120, one form about money left out",
        _CASE_FORMS,
    ),
    "form_burden_seen": Figure(
        "integer",
        lambda facts: _burden_seen(facts, "case", "assessment"),
        "FIG-BURDEN",
        "How many of the recorded measures of forms, questions and minutes are above their limits",
        _CASE_FORMS,
    ),
    "plan_cost_over_budget": Figure(
        "money",
        plan_cost_over_budget,
        "FIG-SUFF-GAP",
        "By how much the parts of the plan that serve eligible needs cost more than the budget, a year",
        ("case.final", "case.assessment.needs", "case.plan.components"),
    ),
    "days_allowed_without_budget": Figure(
        "integer",
        days_allowed,
        "FIG-COVERAGE",
        "Days that may pass from the start of support to a confirmed budget: the council's target, else 28",
        ("case.support_started_on",),
    ),
    "pays_full_cost": Figure(
        "bool",
        pays_full_cost,
        "full_cost_label",
        "The person pays the full cost: worked out from means and budget, else as labelled",
        ("case.person.funding", "case.contribution", "case.final.gross", "case.final.period"),
    ),
    "sum_can_be_challenged": Figure(
        "bool",
        lambda facts: bool(stated(facts.policy, "policy.appeals.route")),
        "T21",
        "The policy in force has a published route to challenge the amount of a budget",
        ("case.final.disagreement_on", "case.decision.objection_recorded_on"),
    ),
    "parts_below_quotes": Figure(
        "integer",
        parts_below_quotes,
        "FIG-ALT-DIFF",
        "How many parts of the plan are priced below every quote recorded for them",
        ("case.quotes", "case.plan.components"),
    ),
    "fall_from_estimate": Figure(
        "money",
        fall_from_estimate,
        "FIG-IND-FINAL-DIFF",
        "By how much the final budget is below the gross indicative figure, a year",
        ("case.indicative", "case.final.gross", "case.final.period"),
    ),
}
CONTRACT: dict[str, Figure] = {}
POLICY: dict[str, Figure] = {
    "ras_form_burden": Figure(
        "integer",
        lambda facts: _burden(facts, "policy", "ras"),
        "FIG-BURDEN",
        "How many of forms, questions and minutes of the allocation system are above 2, 60 and 120, one form about money left out",
        _POLICY_FORMS,
    ),
    "ras_form_burden_seen": Figure(
        "integer",
        lambda facts: _burden_seen(facts, "policy", "ras"),
        "FIG-BURDEN",
        "How many of the stated measures of the allocation system's forms are above their limits",
        _POLICY_FORMS,
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
