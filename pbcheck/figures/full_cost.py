"""Figures about who pays the full cost (PPF-2-1), and the decision table full_cost_label."""

from __future__ import annotations

from pbcheck.figures.contributions import POUND, WEEKS_STATED, differences
from pbcheck.figures.decision_tables import Row, Value, results
from pbcheck.figures.figure import EMPTY, Addition, Data, Facts, Figure, Unknown, stated
from pbcheck.figures.quantities import pence

# Decision table full_cost_label: the first row whose conditions all hold decides. The recorded label is no input. `maximum` is
# how the most that the person can be asked to pay stands to the gross budget; None where it is not recorded or cannot be compared.
INPUTS: dict[str, tuple[Value, ...]] = {
    "eligible": (True, False, None),
    "assessed": (True, None),
    "declined": (True, False, None),
    "maximum": ("nil", "below_gross", "gross_or_more", None),
}
ROWS: tuple[Row, ...] = (
    ({"eligible": None}, "unknown"),
    ({"eligible": False}, "outside"),
    ({"assessed": None, "declined": True}, "not_disclosed"),
    ({"assessed": None}, "not_assessed"),
    ({"maximum": None}, "unknown"),
    ({"maximum": "nil"}, "council_funded"),
    ({"maximum": "gross_or_more"}, "full_cost_payer"),
    ({"maximum": "below_gross"}, "part_funded"),
)
LABELS = ("outside", "not_disclosed", "not_assessed", "council_funded", "full_cost_payer", "part_funded")
WITHOUT_TEST = ("not_disclosed", "not_assessed")
_RESULTS = results(INPUTS, ROWS)


def table(eligible: Value, assessed: Value, declined: Value, maximum: Value) -> str:
    """Return what the table full_cost_label says."""
    return _RESULTS[eligible, assessed, declined, maximum]


def full_cost_label(facts: Facts) -> str:
    """Return who pays, worked out afresh from the means test; raises Unknown where that cannot be said.

    That there was no means test says something of those only who are recorded as full-cost payers.
    """
    found = _label(facts)
    if found is None:
        raise _missing(facts.record)
    return found


def _label(facts: Facts) -> str | None:
    """Return the same, and None where it cannot be said."""
    person, contribution = facts.record.get("person", EMPTY), facts.record.get("contribution", EMPTY)
    assessed = True if "assessed_on" in contribution else None
    declined = contribution["declined_disclosure_on"] is not None if "declined_disclosure_on" in contribution else None
    maximum = _maximum(contribution, facts) if assessed else None
    result = table(person.get("eligible"), assessed, declined, maximum)
    if result == "unknown" or (result in WITHOUT_TEST and person.get("funding") != "full_cost_payer"):
        return None
    return result


def _missing(case: Data) -> Unknown:
    """Return the first input that is missing; where all are stated, what keeps them from being compared."""
    try:
        stated(case, "case.person.eligible")
        stated(case, "case.contribution.assessed_on")
        stated(case, "case.contribution.maximum")
        stated(case, "case.final.gross")
        one_off = "one_off" in (stated(case, "case.contribution.period"), stated(case, "case.final.period"))
    except Unknown as missing:
        return missing
    return Unknown("case.final.period" if one_off else WEEKS_STATED)


def _maximum(contribution: Data, facts: Facts) -> str | None:
    """Return how the most the person can be asked to pay stands to the gross budget, both brought to one period."""
    final = facts.record.get("final", EMPTY)
    if "maximum" not in contribution or "gross" not in final:
        return None
    maximum = pence(contribution["maximum"])
    if maximum == 0:
        return "nil"
    if "period" not in contribution or "period" not in final:
        return None
    gross, period, other = pence(final["gross"]), contribution["period"], final["period"]
    if period == other:
        return "gross_or_more" if maximum >= gross else "below_gross"
    try:
        found = differences(maximum, period, gross, other, facts.policy)
    except Unknown:
        return None
    if min(found) >= -POUND:
        return "gross_or_more"
    return "below_gross" if max(found) < -POUND else None


def tally(totals: Addition, facts: Facts) -> None:
    """Add one case to the total of full-cost payers: the label worked out afresh counts, else the recorded one."""
    label = _label(facts) or facts.record.get("person", EMPTY).get("funding", "")
    totals["full_cost_payers"] += label == "full_cost_payer" or label in WITHOUT_TEST


CASE: dict[str, Figure] = {
    "full_cost_label": Figure(
        "enum",
        full_cost_label,
        "full_cost_label",
        "Who pays, worked out afresh from the means test",
        (
            "case.person.eligible",
            "case.person.funding",
            "case.contribution",
            "case.final.gross",
            "case.final.period",
            WEEKS_STATED,
        ),
        LABELS,
    ),
}
PORTFOLIO: dict[str, Figure] = {
    "full_cost_payers": Figure(
        "integer",
        lambda facts: facts.totals.get("full_cost_payers", 0),
        "full_cost_label",
        "Cases of the export whose person pays the full cost",
        (),
    ),
}
TALLIES = (tally,)
