"""Figures about what the person pays and how it is paid, who pays the full cost, and how the budget adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown, stated
from pbcheck.figures.money import WEEKS, Exact, annual
from pbcheck.figures.quantities import pence, thousandths

POUND = 100  # the tolerance where weekly and yearly sums are compared; a penny for each rounded sum otherwise
SHORTEST, LONGEST = WEEKS["52"], WEEKS["366/7"]  # the bracket of weeks in a year where the policy states none

Row = tuple[dict[str, Any], str]

# Decision table pay_basis: the first row whose conditions all hold decides. Only asked where a contribution is due.
PAY_BASIS: tuple[Row, ...] = (
    ({"holder": "person", "pays": "net"}, "pass"),
    ({"holder": "person", "pays": "gross", "reason": "holder_no_legal_authority"}, "reason_contradicted"),
    ({"holder": "person", "pays": "gross", "reason": "contribution_not_yet_calculated"}, "pass"),
    ({"holder": "person", "pays": "gross"}, "no_reason"),
    ({"holder": "local_authority"}, "pass"),
    ({"holder": "other", "authority": True, "pays": "net"}, "pass"),
    ({"holder": "other", "authority": True, "pays": "gross", "reason": "holder_no_legal_authority"}, "reason_contradicted"),
    ({"holder": "other", "authority": True, "pays": "gross", "reason": "contribution_not_yet_calculated"}, "pass"),
    ({"holder": "other", "authority": True, "pays": "gross"}, "no_reason"),
    ({"holder": "other", "authority": False, "pays": "gross"}, "pass"),
    ({"holder": "other", "authority": False, "pays": "net"}, "shortfall"),
    ({"holder": "other", "authority": None, "pays": "gross", "reason": "holder_no_legal_authority"}, "pass"),
    ({"holder": "other", "authority": None, "pays": "gross", "reason": "contribution_not_yet_calculated"}, "pass"),
    ({"holder": "other", "authority": None, "pays": "gross"}, "no_reason"),
    ({"holder": "other", "authority": None, "pays": "net"}, "possible_shortfall"),
    ({}, "cannot_tell"),
)

# Decision table full_cost_label: the first row whose conditions all hold decides.
FULL_COST_LABEL: tuple[Row, ...] = (
    ({"eligible": False}, "outside"),
    ({"label": "full_cost_payer", "assessed": False, "declined": True}, "not_disclosed"),
    ({"label": "full_cost_payer", "assessed": False}, "not_assessed"),
    ({"assessed": False}, "unknown"),
    ({"maximum": "not_recorded"}, "unknown"),
    ({"maximum": "nil"}, "council_funded"),
    ({"maximum": "gross_or_more"}, "full_cost_payer"),
    ({"maximum": "below_gross"}, "part_funded"),
)
LABELS = ("outside", "not_disclosed", "not_assessed", "council_funded", "full_cost_payer", "part_funded")


def first_match(table: Sequence[Row], facts: Data) -> str:
    """Return the result of the first row of a decision table whose conditions all hold."""
    return next(result for conditions, result in table if all(facts[key] == value for key, value in conditions.items()))


def _weeks(policy: Data) -> tuple[Exact, ...]:
    declared = policy.get("money", EMPTY).get("weeks_per_year")
    return (WEEKS[declared],) if declared in WEEKS else (SHORTEST, LONGEST)


def _differences(one: int, period: str, other: int, other_period: str, facts: Facts) -> tuple[Exact, ...]:
    """Return one amount less another, by the year where periods differ: under the declared weeks or at both ends of the bracket."""
    if period == other_period:
        return (one - other,)
    if "one_off" in (period, other_period) and one and other:
        raise Unknown("case.final.period")
    return tuple(annual(one, period, weeks) - annual(other, other_period, weeks) for weeks in _weeks(facts.policy))


def _half_up(value: Exact) -> int:
    """Round to a whole number, half away from zero."""
    whole = int(abs(Fraction(value)) + Fraction(1, 2))
    return -whole if value < 0 else whole


# How the budget adds up (PPF-4-10)


def budget_gap(facts: Facts) -> int:
    """Return gross less the council's share, the person's and what others pay inside the budget, in pence (FIG-GROSS-FINAL)."""
    return _gap(facts)[0]


def budget_adds_up(facts: Facts) -> bool:
    """Return whether the shares add up to the gross budget, give or take a penny for each share."""
    gap, shares = _gap(facts)
    return abs(gap) <= shares


def _gap(facts: Facts) -> tuple[int, int]:
    case = facts.record
    final = case.get("final", EMPTY)
    gross = pence(stated(case, "case.final.gross"))
    shares = [pence(final["council_amount"] if "council_amount" in final else stated(case, "case.final.net")), _personal(case)]
    for one in case.get("alternative_funding", ()):
        if "inside_budget" not in one:
            raise Unknown("case.alternative_funding.*.inside_budget")
        if one["inside_budget"]:
            if "amount" not in one:
                raise Unknown("case.alternative_funding.*.amount")
            shares.append(pence(one["amount"]))
    return gross - sum(shares), len(shares)


def _personal(case: Data) -> int:
    final, contribution = case.get("final", EMPTY), case.get("contribution", EMPTY)
    same = "amount" in contribution and "period" in final and contribution.get("period") == final["period"]
    return pence(contribution["amount"] if "personal_amount" not in final and same else stated(case, "case.final.personal_amount"))


def net_is_council_share(facts: Facts) -> bool:
    """Return whether the net figure is the council's share, to the penny (FIG-COUNCIL)."""
    case = facts.record
    return abs(pence(stated(case, "case.final.net")) - pence(stated(case, "case.final.council_amount"))) <= 1


def contribution_as_in_budget(facts: Facts) -> bool:
    """Return whether the contribution, brought to the budget's period, is the person's share of the budget (FIG-CONTRIB).

    A penny either way where both are for one period, a pound by the year where they are not; where the policy states no
    number of weeks, any from 52 to 366/7 will do.
    """
    case = facts.record
    amount, share = pence(stated(case, "case.contribution.amount")), pence(stated(case, "case.final.personal_amount"))
    period, other = stated(case, "case.contribution.period"), stated(case, "case.final.period")
    found = _differences(amount, period, share, other, facts)
    tolerance = 1 if period == other else POUND
    return any(gap <= tolerance for gap in found) and any(gap >= -tolerance for gap in found)


def contribution_above_cost(facts: Facts) -> bool:
    """Return whether the person is asked to pay more than the whole budget costs, under every number of weeks in a year."""
    case = facts.record
    amount, gross = pence(stated(case, "case.contribution.amount")), pence(stated(case, "case.final.gross"))
    period, other = stated(case, "case.contribution.period"), stated(case, "case.final.period")
    found = _differences(amount, period, gross, other, facts)
    tolerance = 1 if period == other else POUND
    return all(gap > tolerance for gap in found)


# Net or gross (PPF-4-14 to PPF-4-16)


def pay_basis(case: Data, arrangement: Data) -> str:
    """Return what the table pay_basis says of one arrangement; raises Unknown where an input that decides is missing."""
    if "holder_kind" not in arrangement:
        raise Unknown("case.arrangements.*.holder_kind")
    contribution = case.get("contribution", EMPTY)
    due = _borne(case, arrangement)
    if contribution.get("collection") == "paid_to_holder" or due == 0:
        return "pass"
    holder = arrangement["holder_kind"]
    result = first_match(
        PAY_BASIS,
        {
            "holder": holder if holder in ("person", "local_authority") else "other",
            "authority": _authority(case, arrangement),
            "pays": arrangement.get("pays"),
            "reason": arrangement.get("gross_reason"),
        },
    )
    if result == "cannot_tell":
        raise Unknown("case.arrangements.*.pays")
    if result != "pass" and due is None:
        if "amount" not in contribution:
            raise Unknown("case.contribution.amount")
        if not result.endswith("shortfall"):
            raise Unknown("case.arrangements.*.contribution")
        return "possible_shortfall"
    return result


def _authority(case: Data, arrangement: Data) -> bool | None:
    found: bool | None = arrangement.get("holder_authority_over_money")
    if found is None and arrangement.get("holder_kind") == "representative":
        found = case.get("representative", EMPTY).get("authority_over_money")
    return found


def _borne(case: Data, arrangement: Data) -> int | None:
    """Return the contribution that an arrangement bears, in pence of its period: its own, or the whole where it is the only one."""
    whole = case.get("contribution", EMPTY).get("amount")
    if "contribution" in arrangement:
        return pence(arrangement["contribution"])
    if whole is None or (pence(whole) and len(case["arrangements"]) > 1):
        return None
    return pence(whole)


def _arrangements(facts: Facts) -> Sequence[Data]:
    found: Sequence[Data] = stated(facts.record, "case.arrangements")
    return found


def _some_pay_basis(facts: Facts, wanted: str) -> bool:
    missing = None
    for one in _arrangements(facts):
        try:
            if pay_basis(facts.record, one) == wanted:
                return True
        except Unknown as unknown:
            missing = unknown
    if missing is not None:
        raise missing
    return False


def holder_shortfall(facts: Facts) -> int:
    """Return the pence a year by which net payment leaves holders short who cannot reach the person's money (FIG-HOLDER-SHORTFALL)."""
    return _half_up(sum(_shortfalls(facts, "shortfall"), Fraction(0)))


def possible_shortfall(facts: Facts) -> int:
    """Return the most, in pence a year, that holders may be short of who may not reach the person's money: an upper bound."""
    whole = list(_shortfalls(facts, "possible_shortfall"))
    return _half_up(max(whole)) if whole else 0


def _shortfalls(facts: Facts, wanted: str) -> Iterator[Exact]:
    weeks = _weeks(facts.policy)[0]
    for one in _arrangements(facts):
        with suppress(Unknown):
            if pay_basis(facts.record, one) == wanted:
                yield _by_year(facts, one, weeks)


def _by_year(facts: Facts, one: Data, weeks: Exact) -> Exact:
    if "contribution" in one and "period" in one:
        return annual(pence(one["contribution"]), one["period"], weeks)
    amount, period = stated(facts.record, "case.contribution.amount"), stated(facts.record, "case.contribution.period")
    return annual(pence(amount), period, weeks)


def contribution_taken_twice(facts: Facts) -> bool:
    """Return whether money is paid out net to holders, all of it, while the person is invoiced for the contribution as well."""
    case = facts.record
    if stated(case, "case.contribution.collection") != "invoiced" or pence(stated(case, "case.contribution.amount")) == 0:
        return False
    out = _arrangements(facts)
    if any(one.get("holder_kind") == "local_authority" or one.get("pays") == "gross" for one in out):
        return False
    for key in ("holder_kind", "pays"):
        if any(key not in one for one in out):
            raise Unknown(f"case.arrangements.*.{key}")
    return len(out) > 0


def paid_as_policy_says(facts: Facts) -> bool:
    """Return whether every holder is paid net or gross as the policy says for the form, or gross for one of its reasons."""
    for one in _arrangements(facts):
        if one.get("holder_kind") == "local_authority" or "pays" not in one or _borne(facts.record, one) in (0, None):
            continue
        payments = facts.policy.get("payments", EMPTY)
        usual = payments.get("by_form", EMPTY).get(one["derived"].get("form"), payments.get("default"))
        if usual is None:
            raise Unknown("policy.payments.default")
        allowed = one["pays"] == "gross" and one.get("gross_reason") in payments.get("gross_when", ())
        if one["pays"] != usual and not allowed:
            return False
    return True


# Who pays the full cost (PPF-2-1)


def full_cost_label(facts: Facts) -> str:
    """Return who pays, worked out afresh from the means test (table full_cost_label); raises Unknown where that cannot be said."""
    case = facts.record
    contribution, person = case.get("contribution", EMPTY), case.get("person", EMPTY)
    result = first_match(
        FULL_COST_LABEL,
        {
            "eligible": stated(case, "case.person.eligible"),
            "label": person.get("funding"),
            "assessed": "assessed_on" in contribution,
            "declined": contribution.get("declined_disclosure_on") is not None,
            "maximum": _maximum(facts),
        },
    )
    if result == "unknown":
        stated(case, "case.contribution.assessed_on")
        stated(case, "case.contribution.maximum")
        stated(case, "case.final.gross")
        one_off = "one_off" in (stated(case, "case.contribution.period"), stated(case, "case.final.period"))
        raise Unknown("case.final.period" if one_off else "policy.money.weeks_per_year")
    return result


def _maximum(facts: Facts) -> str:
    """Return how the most the person can be asked to pay stands to the gross budget, both brought to one period."""
    contribution, final = facts.record.get("contribution", EMPTY), facts.record.get("final", EMPTY)
    if "maximum" not in contribution or "gross" not in final:
        return "not_recorded"
    maximum = pence(contribution["maximum"])
    if maximum == 0:
        return "nil"
    if "period" not in contribution or "period" not in final:
        return "not_recorded"
    period, other = contribution["period"], final["period"]
    try:
        found = _differences(maximum, period, pence(final["gross"]), other, facts)
    except Unknown:
        return "not_recorded"
    tolerance = 0 if period == other else POUND
    enough = {one >= -tolerance for one in found}
    if len(enough) > 1:
        return "not_recorded"
    return "gross_or_more" if True in enough else "below_gross"


def tally(totals: Counter[str], facts: Facts) -> None:
    """Add one case to the total of full-cost payers: the label worked out afresh counts, else the recorded one."""
    try:
        label = full_cost_label(facts)
    except Unknown:
        label = facts.record.get("person", EMPTY).get("funding", "")
    totals["full_cost_payers"] += label in ("full_cost_payer", "not_disclosed", "not_assessed")


# References between documents


def contracts_at_hand(facts: Facts) -> bool:
    """Return whether every contract of the council that the arrangements name is in the export; Unknown where it holds none at all.

    A contract that the holder made in their own name need not be among the council's.
    """
    named = [
        one["contract_id"]
        for one in _arrangements(facts)
        if "contract_id" in one and one.get("contract_party", "council") in ("council", "council_as_agent")
    ]
    if named and not facts.contracts:
        raise Unknown("the contracts of the export")
    return all(one in facts.contracts for one in named)


# National Indicator 130 (PPF-2-6)


def ni130_with(facts: Facts) -> int:
    """Return the share with full-cost payers, in thousandths of a percent, to one decimal (FIG-NI130-INC)."""
    return _one_decimal(_share(facts, without=False))


def ni130_without(facts: Facts) -> int:
    """Return the share without full-cost payers in either part, in thousandths of a percent, to one decimal (FIG-NI130-EXC)."""
    return _one_decimal(_share(facts, without=True))


def ni130_gap(facts: Facts) -> int:
    """Return the difference between the two shares: exact fractions, rounded last (FIG-NI130-GAP)."""
    return _one_decimal(_share(facts, without=False) - _share(facts, without=True))


def _share(facts: Facts, *, without: bool) -> Fraction:
    upper, lower = stated(facts.record, "portfolio.ni130.numerator"), stated(facts.record, "portfolio.ni130.denominator")
    if without:
        upper -= stated(facts.record, "portfolio.ni130.full_cost_in_numerator")
        lower -= stated(facts.record, "portfolio.ni130.full_cost_in_denominator")
    if lower <= 0:
        raise Unknown("portfolio.ni130.denominator")
    return Fraction(int(upper) * 100, int(lower))


def _one_decimal(share: Fraction) -> int:
    return _half_up(share * 10) * 100


def ni130_as_treated(facts: Facts) -> bool:
    """Return whether the reported percentage is the one that follows from the treatment stated; either one where none is stated."""
    reported = thousandths(stated(facts.record, "portfolio.ni130.reported_pct"))
    treatment = facts.record.get("ni130", EMPTY).get("full_cost_treatment")
    if treatment != "excluded" and reported == ni130_with(facts):
        return True
    return treatment != "included" and reported == ni130_without(facts)


_MONEY = ("case.final", "case.contribution.amount", "case.contribution.period")
_PAY = (
    "case.contribution.amount",
    "case.contribution.period",
    "case.contribution.collection",
    "case.representative.authority_over_money",
    *(
        f"case.arrangements.*.{name}"
        for name in ("holder_kind", "holder_authority_over_money", "pays", "gross_reason", "contribution", "period")
    ),
)
_NI130 = ("portfolio.ni130",)


def _pay(result: str, meaning: str) -> Figure:
    return Figure("bool", lambda facts: _some_pay_basis(facts, result), "pay_basis", meaning, _PAY)


CASE: dict[str, Figure] = {
    "budget_gap": Figure(
        "money",
        budget_gap,
        "FIG-GROSS-FINAL",
        "Gross budget less the council's share, the person's share and other money inside the budget",
        (*_MONEY, "case.alternative_funding"),
    ),
    "budget_adds_up": Figure(
        "bool",
        budget_adds_up,
        "FIG-GROSS-FINAL",
        "The shares add up to the gross budget, give or take a penny for each share",
        (*_MONEY, "case.alternative_funding"),
    ),
    "net_is_council_share": Figure(
        "bool",
        net_is_council_share,
        "FIG-COUNCIL",
        "The net figure equals the council's share, to the penny",
        ("case.final.net", "case.final.council_amount"),
    ),
    "contribution_as_in_budget": Figure(
        "bool",
        contribution_as_in_budget,
        "FIG-CONTRIB",
        "The contribution, brought to the budget's period, equals the person's share of the budget",
        (*_MONEY,),
    ),
    "contribution_above_cost": Figure(
        "bool", contribution_above_cost, "FIG-CONTRIB", "The contribution is more than the whole budget costs", (*_MONEY,)
    ),
    "net_out_of_reach": _pay("shortfall", "Some holder is paid net who has no authority over the money that the rest must come from"),
    "net_perhaps_out_of_reach": _pay("possible_shortfall", "Some holder is paid net who may have no authority over the person's money"),
    "gross_without_reason": _pay("no_reason", "Some holder is paid gross though a contribution is due and no reason for it is recorded"),
    "gross_reason_contradicted": _pay(
        "reason_contradicted", "Some holder is paid gross for want of authority over money that the record says is within reach"
    ),
    "holder_shortfall": Figure(
        "money", holder_shortfall, "FIG-HOLDER-SHORTFALL", "What net payment leaves holders short of, by the year", _PAY
    ),
    "possible_shortfall": Figure(
        "money", possible_shortfall, "FIG-HOLDER-SHORTFALL", "The most that holders may be short of, by the year", _PAY
    ),
    "contribution_taken_twice": Figure(
        "bool",
        contribution_taken_twice,
        "FIG-HOLDER-SHORTFALL",
        "All money is paid out net to holders, and the person is invoiced for the contribution as well",
        _PAY,
    ),
    "paid_as_policy_says": Figure(
        "bool",
        paid_as_policy_says,
        "pay_basis",
        "Every holder is paid net or gross as the policy says",
        (*_PAY, "case.arrangements.*.contract_party", "policy.payments"),
    ),
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
        ),
        LABELS,
    ),
    "contracts_at_hand": Figure(
        "bool",
        contracts_at_hand,
        "PPF-1-3",
        "Every contract that the arrangements name is in the export",
        ("case.arrangements.*.contract_id", "case.arrangements.*.contract_party"),
    ),
}
CONTRACT: dict[str, Figure] = {}
POLICY: dict[str, Figure] = {}
PORTFOLIO: dict[str, Figure] = {
    "full_cost_payers": Figure(
        "integer",
        lambda facts: facts.totals.get("full_cost_payers", 0),
        "full_cost_label",
        "Cases of the export whose person pays the full cost",
        (),
    ),
    "ni130_with": Figure("decimal", ni130_with, "FIG-NI130-INC", "The share with full-cost payers, in percent", _NI130),
    "ni130_without": Figure("decimal", ni130_without, "FIG-NI130-EXC", "The share without full-cost payers, in percent", _NI130),
    "ni130_gap": Figure("decimal", ni130_gap, "FIG-NI130-GAP", "The difference between the two shares, in percentage points", _NI130),
    "ni130_as_treated": Figure(
        "bool", ni130_as_treated, "FIG-NI130-INC", "The reported percentage follows from the stated treatment of full-cost payers", _NI130
    ),
}
TALLIES = (tally,)
