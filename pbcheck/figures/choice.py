"""Figures about the decision on form and holder: what was weighed, what the parts add up to, what the contracts say."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from pbcheck.figures.dates import days
from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Tally, Unknown, stated
from pbcheck.figures.money import ALL_WEEKS, annual
from pbcheck.figures.quantities import pence, thousandths

HOLDERS = ("person", "representative", "trust", "organisation_or_professional", "support_provider", "local_authority")
MANAGED = ("council_provided", "council_account", "third_party_account")
_USUAL_HOLDERS = {
    "direct_payment": ("person", "representative", "trust", "organisation_or_professional"),
    "council_provided": ("local_authority",),
    "council_account": ("local_authority",),
    "third_party_account": ("support_provider",),
}
_MONTHS = 12


def existing_kept(facts: Facts) -> bool:
    """Return whether the person keeps services they had before: what the decision says counts before the services themselves."""
    case = facts.record
    if "retained_existing" in case.get("decision", EMPTY):
        return bool(case["decision"]["retained_existing"])
    if "existing_services" not in case:
        raise Unknown("case.decision.retained_existing")
    return _any((one.get("retained") for one in case["existing_services"]), "case.existing_services.*.retained")


def options_weighed(facts: Facts) -> int:
    """Return how many ways of managing the money were on the table: a form and its usual holder are one way, not two."""
    options = set(stated(facts.record, "case.decision.options_considered"))
    holders = options & {*HOLDERS, "other"}
    forms = options - holders
    if len(forms) == len(holders) == 1:
        (form,), (holder,) = forms, holders
        return 1 if form == "mixed" or holder in _USUAL_HOLDERS[form] else 2
    return max(len(forms), len(holders))


def control_current(facts: Facts) -> bool:
    """Return whether control was settled, by the decision or a later review of it, within a budget term of the confirmation."""
    case = facts.record
    confirmed = stated(case, "case.final.confirmed_on")
    reviews = case.get("reviews", ())
    within = [one for one in reviews if "date" in one and one["date"] <= confirmed]
    settled = [case["decision"]["made_on"]] if "made_on" in case.get("decision", EMPTY) else []
    settled += [one["date"] for one in within if one.get("control_reviewed")]
    if settled and _within_term(max(settled), confirmed, case["final"]):
        return True
    if "made_on" not in case.get("decision", EMPTY):
        raise Unknown("case.decision.made_on")
    if "reviews" not in case:
        raise Unknown("case.reviews")
    if any("date" not in one for one in reviews):
        raise Unknown("case.reviews.*.date")
    if any("control_reviewed" not in one for one in within):
        raise Unknown("case.reviews.*.control_reviewed")
    return False


def _within_term(settled: str, confirmed: str, final: Data) -> bool:
    if confirmed <= _months_later(settled, _MONTHS):
        return True
    if final.get("term") not in ("short_term", "long_term"):
        return False
    if not {"starts_on", "ends_on"} <= final.keys():
        raise Unknown("case.final.ends_on")
    return days(settled, confirmed) <= days(final["starts_on"], final["ends_on"]) + 1


def _months_later(day: str, months: int) -> str:
    start = date.fromisoformat(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max.isoformat()
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).isoformat()


def council_services_gap(facts: Facts) -> int:
    """Return by how many pence the services the council provides, with any reserve, fall short of that part of the budget."""
    parts = [one for one in stated(facts.record, "case.arrangements") if one["derived"].get("form") == "council_provided"]
    if not parts:
        raise Unknown("case.arrangements.*.contract_party")
    alone = len(facts.record["arrangements"]) == 1
    ids = {one.get("id") for one in parts}
    if not alone and None in ids:
        raise Unknown("case.arrangements.*.id")
    components = stated(facts.record, "case.plan.components")
    if not alone and any("arrangement" not in one for one in components):
        raise Unknown("case.plan.components.*.arrangement")
    served = [one for one in components if one.get("arrangement") in {*ids, "contingency"} or (alone and "arrangement" not in one)]
    wanted = _sums(parts, "amount", "case.arrangements.*.amount")
    given = _sums(served, "cost", "case.plan.components.*.cost")
    return _rounded(max(Fraction(0), _least(wanted, given, exact=0)))


def parts_gap(facts: Facts) -> int:
    """Return by how many pence the parts of a budget in force together differ from the whole, beyond rounding (FIG-SPLIT)."""
    case = facts.record
    parts = _together(stated(case, "case.arrangements"))
    if len(parts) < 2:
        raise Unknown("case.arrangements")
    whole = [(pence(stated(case, "case.final.gross")), stated(case, "case.final.period"))]
    return _rounded(abs(_least(_sums(parts, "amount", "case.arrangements.*.amount"), whole, exact=len(parts))))


def parts_contribution_gap(facts: Facts) -> int:
    """Return by how many pence the parts' contributions differ from the person's contribution, beyond rounding (FIG-SPLIT)."""
    case = facts.record
    parts = _together(stated(case, "case.arrangements"))
    if len(parts) < 2:
        raise Unknown("case.arrangements")
    whole = [(pence(stated(case, "case.contribution.amount")), stated(case, "case.contribution.period"))]
    return _rounded(abs(_least(_sums(parts, "contribution", "case.arrangements.*.contribution"), whole, exact=len(parts))))


def _together(parts: Iterable[Data]) -> list[Data]:
    """Return the parts that run on the day the last of them starts: parts that follow one another are not added up."""
    parts = list(parts)
    last = max((one["starts_on"] for one in parts if "starts_on" in one), default="")
    return [one for one in parts if one.get("ends_on", "9999-12-31") >= last]


def _sums(items: Iterable[Data], key: str, path: str) -> list[tuple[int, str]]:
    made = []
    for one in items:
        if key not in one:
            raise Unknown(path)
        if "period" not in one:
            raise Unknown(f"{path.rpartition('.')[0]}.period")
        made.append((pence(one[key]), one["period"]))
    return made


def _least(wanted: list[tuple[int, str]], given: list[tuple[int, str]], *, exact: int) -> Fraction:
    """Return wanted less given, nil within the tolerance; over a year, and by the kindest week count, where periods differ."""
    if len({period for _, period in [*wanted, *given]}) == 1:
        gap = Fraction(sum(amount for amount, _ in wanted) - sum(amount for amount, _ in given))
        return gap if abs(gap) > exact else Fraction(0)
    gaps = [_yearly(wanted, Fraction(weeks)) - _yearly(given, Fraction(weeks)) for weeks in ALL_WEEKS]
    gap = min(gaps, key=abs)
    if min(gaps) < 0 < max(gaps):
        return Fraction(0)
    return gap if abs(gap) > 100 else Fraction(0)


def _yearly(sums: list[tuple[int, str]], weeks: Fraction) -> Fraction:
    total = Fraction(0)
    for pennies, period in sums:
        total += annual(pennies, period, weeks)
    return total


def _rounded(amount: Fraction) -> int:
    return int(amount + Fraction(1, 2))


def _any(values: Iterable[bool | None], path: str) -> bool:
    found = list(values)
    if True in found:
        return True
    if None in found:
        raise Unknown(path)
    return False


def _contract(arrangement: Data, facts: Facts) -> Data:
    return facts.contracts.get(arrangement.get("contract_id", ""), EMPTY)


def _funds(facts: Facts) -> list[Data]:
    return [one for one in stated(facts.record, "case.arrangements") if one.get("is_isf")]


def fund_pooled(facts: Facts) -> bool:
    """Return whether an Individual Service Fund of the case is under a contract that does not keep each person's money apart."""
    found = (_contract(one, facts).get("isf_ring_fenced") for one in _funds(facts))
    return _any((None if one is None else not one for one in found), "contract.isf_ring_fenced")


def fund_not_listed(facts: Facts) -> bool:
    """Return whether an Individual Service Fund of the case is not among the accounts of its contract."""
    return _any((_not_listed(one, facts) for one in _funds(facts)), "contract.accounts")


def account_not_listed(facts: Facts) -> bool:
    """Return whether a provider-held account of the case, no such fund, is not among the accounts of its contract."""
    accounts = [
        one
        for one in stated(facts.record, "case.arrangements")
        if one["derived"].get("form") == "third_party_account" and not one.get("is_isf")
    ]
    return _any((_not_listed(one, facts) for one in accounts), "contract.accounts")


def _not_listed(arrangement: Data, facts: Facts) -> bool | None:
    accounts = _contract(arrangement, facts).get("accounts")
    if accounts is None:
        return None
    return all(one.get("case_id") != facts.record.get("id") for one in accounts)


def levers_shut(facts: Facts) -> int:
    """Return how many of three levers of choice a contract shuts: open terms, changes without approval, working under direction."""
    contract = facts.record
    added = {one for variation in contract.get("variations", ()) for one in variation.get("adds", ())}
    flexibility = contract.get("flexibility")
    route = "direct" if "change_route" in added else contract.get("changes", EMPTY).get("route")
    working = contract.get("choice_working", EMPTY)
    levers = {
        "contract.flexibility": None if flexibility is None else flexibility != "flexible",
        "contract.changes.route": None if route is None else route == "council_approval",
        "contract.choice_working.clause": False
        if "choice_working" in added
        else (working["clause"] is None if "clause" in working else None),
    }
    shut = list(levers.values()).count(True)
    unknown = [path for path, one in levers.items() if one is None]
    if unknown and shut < 2 <= shut + len(unknown):
        raise Unknown(unknown[0])
    return shut


def holders_left_out(facts: Facts) -> str:
    """Return the kinds of holder that are neither offered nor ruled out by law or by want of supply, in words."""
    offered = stated(facts.record, "policy.options.holders")
    missing = [one for one in HOLDERS if one not in offered]
    if not missing:
        return ""
    barred = {}
    for one in stated(facts.record, "policy.options.excluded"):
        bars = (one.get("legal_bar"), one.get("practical_bar"))
        barred[one.get("option")] = True if True in bars else None if bars == (None, None) else False
    left = [one for one in missing if one not in barred or barred[one] is False]
    if not left and any(barred.get(one) is None for one in missing):
        raise Unknown("policy.options.excluded.*.legal_bar")
    return ", ".join(one.replace("_", " ") for one in left)


def uptake_targets_set(facts: Facts) -> int:
    """Return for how many forms the council has set a share of people above nil as its target."""
    return sum(thousandths(one) > 0 for one in stated(facts.record, "policy.options.uptake_targets").values())


def buy_in_open(facts: Facts) -> bool:
    """Return whether providers of managed budgets may buy in from others: by some contract, or, where none says, by the policy."""
    terms = [one.get("buy_in", EMPTY).get("allowed") for one in facts.contracts.values() if one.get("serves_managed_budgets")]
    said = [one for one in terms if one is not None]
    if said:
        return True in said
    return facts.record.get("commissioning", EMPTY).get("buy_in") in ("allowed", "recommended")


def tally(totals: Counter[str], facts: Facts) -> None:
    """Add one case to the people by kind of holder (once for each kind) and, where its budget is confirmed, by derived form."""
    case = facts.record
    current = [one for one in case.get("arrangements", ()) if facts.as_of is None or one.get("ends_on", facts.as_of) >= facts.as_of]
    for kind in {one.get("holder_kind", "unknown") for one in current}:
        totals[f"held_by_{kind}"] += 1
    if "confirmed_on" in case.get("final", EMPTY):
        managed = [one["derived"].get("managed") for one in current]
        totals["perhaps_managed"] += bool(managed) and False not in managed


def _held(facts: Facts) -> dict[str, int]:
    declared = facts.record.get("holder_counts")
    if declared is not None:
        return dict(declared)
    prefix = "held_by_"
    return {name.removeprefix(prefix): count for name, count in facts.totals.items() if name.startswith(prefix)}


def _count(leave_out: tuple[str, ...] = ()) -> Any:
    return lambda facts: sum(count for kind, count in _held(facts).items() if kind not in leave_out)


def declared_people(facts: Facts) -> int:
    """Return how many people the declared counts by form come to."""
    return sum(int(one) for one in stated(facts.record, "portfolio.form_counts").values())


def managed_overcount(facts: Facts) -> int:
    """Return how many more people are declared as managed than have arrangements that may all be managed (FIG-MANAGED-SHARE)."""
    declared = stated(facts.record, "portfolio.form_counts")
    return max(0, sum(int(declared.get(form, 0)) for form in MANAGED) - facts.totals.get("perhaps_managed", 0))


_PARTS = (
    "case.arrangements.*.amount",
    "case.arrangements.*.period",
    "case.arrangements.*.starts_on",
    "case.arrangements.*.ends_on",
)
_FUND = ("case.id", "case.arrangements.*.is_isf", "case.arrangements.*.contract_id")
CASE = {
    "existing_kept": Figure(
        "bool",
        existing_kept,
        "PPF-1-27",
        "The person keeps services they had before",
        ("case.decision.retained_existing", "case.existing_services.*.retained"),
    ),
    "options_weighed": Figure(
        "integer",
        options_weighed,
        "PPF-I-5",
        "How many ways of managing the money were on the table; a form and its usual holder are one way",
        ("case.decision.options_considered",),
    ),
    "control_current": Figure(
        "bool",
        control_current,
        "CWR-2-10",
        "Control was decided, or looked at again in a review, within one budget term (12 months where none is recorded) of confirmation",
        (
            "case.decision.made_on",
            "case.final.confirmed_on",
            "case.final.term",
            "case.final.starts_on",
            "case.final.ends_on",
            "case.reviews.*.date",
            "case.reviews.*.control_reviewed",
        ),
    ),
    "council_services_gap": Figure(
        "money",
        council_services_gap,
        "FIG-PLAN-HEADROOM",
        "By how much the services the council provides itself, with any reserve, fall short of that part of the budget",
        (
            "case.arrangements.*.id",
            "case.arrangements.*.amount",
            "case.arrangements.*.period",
            "case.arrangements.*.contract_party",
            "case.arrangements.*.holder_kind",
            "case.plan.components.*.cost",
            "case.plan.components.*.period",
            "case.plan.components.*.arrangement",
        ),
    ),
    "parts_gap": Figure(
        "money",
        parts_gap,
        "FIG-SPLIT",
        "By how much the parts of a mixed budget differ from the whole, beyond rounding",
        (*_PARTS, "case.final.gross", "case.final.period"),
    ),
    "parts_contribution_gap": Figure(
        "money",
        parts_contribution_gap,
        "FIG-SPLIT",
        "By how much the contributions of the parts differ from the person's contribution, beyond rounding",
        (*_PARTS, "case.arrangements.*.contribution", "case.contribution.amount", "case.contribution.period"),
    ),
    "fund_pooled": Figure(
        "bool",
        fund_pooled,
        "CWR-2-8",
        "An Individual Service Fund is under a contract that does not keep each person's money apart",
        (*_FUND, "contract.isf_ring_fenced"),
    ),
    "fund_not_listed": Figure(
        "bool",
        fund_not_listed,
        "CWR-2-8",
        "An Individual Service Fund is not among the accounts of its contract",
        (*_FUND, "contract.accounts.*.case_id"),
    ),
    "account_not_listed": Figure(
        "bool",
        account_not_listed,
        "PPF-1-3",
        "A provider-held account, no Individual Service Fund, is not among the accounts of its contract",
        (*_FUND, "case.arrangements.*.contract_party", "contract.accounts.*.case_id"),
    ),
}
CONTRACT = {
    "levers_shut": Figure(
        "integer",
        levers_shut,
        "PPF-F-2",
        "How many of three levers of choice are shut: flexible terms, changes without the council's approval, working under direction",
        (
            "contract.flexibility",
            "contract.changes.route",
            "contract.choice_working.clause",
            "contract.variations.*.adds",
        ),
    ),
}
POLICY = {
    "holders_left_out": Figure(
        "text",
        holders_left_out,
        "CWR-2-14",
        "The kinds of holder, of the six named, that are neither offered nor ruled out by law or want of supply",
        (
            "policy.options.holders",
            "policy.options.excluded.*.option",
            "policy.options.excluded.*.legal_bar",
            "policy.options.excluded.*.practical_bar",
        ),
    ),
    "uptake_targets_set": Figure(
        "integer",
        uptake_targets_set,
        "CWR-2-18",
        "For how many forms a share of people above nil is set as a target",
        ("policy.options.uptake_targets",),
    ),
    "buy_in_open": Figure(
        "bool",
        buy_in_open,
        "T20",
        "Providers of managed budgets may buy in from others, by some contract or, where none says, by the policy",
        ("policy.commissioning.buy_in", "contract.buy_in.allowed"),
    ),
}
_HELD = ("portfolio.holder_counts",)
PORTFOLIO = {
    "budgets_held": Figure("integer", _count(), "FIG-HOLDER-MIX", "Budgets by holder, added up", _HELD),
    "held_not_by_council": Figure(
        "integer", _count(("local_authority",)), "FIG-HOLDER-MIX", "Budgets with a holder other than the council", _HELD
    ),
    "held_not_by_person": Figure("integer", _count(("person",)), "FIG-HOLDER-MIX", "Budgets with a holder other than the person", _HELD),
    "held_otherwise": Figure(
        "integer",
        _count(("local_authority", "support_provider", "person")),
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
