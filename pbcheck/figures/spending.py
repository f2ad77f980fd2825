"""Figures about how the budget is used, accounted for and contracted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from pbcheck.figures.dates import days
from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Tally, Unknown, stated
from pbcheck.figures.money import WEEKS, annual
from pbcheck.figures.quantities import pence

PASSED_ON = frozenset({"sample", "at_audit", "all"})
POUND = 100
Sign = tuple[bool | None, str]
"""Whether a sign is there (None where the record does not say), and the path that would say so."""

_RULE_ONLY = re.compile(
    r"(?:(?:see|under|per)\s+)?(?:the\s+)?(?:council\s+)?(?:policy|rule)(?:\s+(?:no\.?\s*)?[\w.\-]+)?\.?", re.IGNORECASE
)


def _count(signs: Iterable[Sign], enough: int = 2) -> int:
    """Return how many signs are there; raises Unknown where what is not stated could make the difference."""
    found, missing = 0, []
    for sign, path in signs:
        if sign is None:
            missing.append(path)
        else:
            found += sign
    if found < enough <= found + len(missing):
        raise Unknown(missing[0])
    return found


def _is(group: Data, key: str, value: object = True) -> bool | None:
    return group[key] == value if key in group else None


def _empty(group: Data, key: str) -> bool | None:
    return not group[key] if key in group else None


def _no_service(policy: Data) -> bool | None:
    services = policy.get("support_services")
    if services is None:
        return None
    states = [one.get("status") for one in services]
    if "available" in states:
        return False
    return None if None in states else True


def plan_is_limit(policy: Data) -> bool | None:
    """Return whether money may go only on what the plan lists; a stated test counts before the flag, None where neither is stated."""
    spending = policy.get("spending", EMPTY)
    if "test" in spending:
        return spending["test"] in ("plan_items", "agreed_services")
    return _is(spending, "plan_items_only")


def closed_list(policy: Data) -> bool | None:
    """Return whether some budgets may buy only the kinds of support on a list; a list of examples is no limit."""
    spending = policy.get("spending", EMPTY)
    lists = [spending[name] for name in ("allowed_categories", "managed_categories") if name in spending]
    if not lists:
        return None
    return any(one != "any" for one in lists) and spending.get("list_status") != "illustrative"


def ties(facts: Facts) -> int:
    """Return how many of four ties on spending there are: plan as limit, closed list, permission, agreement to another use."""
    spending = facts.record.get("spending", EMPTY)
    over = spending["prior_approval_over"] is not None if "prior_approval_over" in spending else None
    return _count(
        (
            (plan_is_limit(facts.record), "policy.spending.test"),
            (closed_list(facts.record), "policy.spending.allowed_categories"),
            (_is(spending, "change_needs_agreement"), "policy.spending.change_needs_agreement"),
            (over, "policy.spending.prior_approval_over"),
        )
    )


def case_ties(facts: Facts) -> int:
    """Return how many of three ties this case has: plan as limit, closed list, permission before a purchase."""
    controls = facts.record.get("controls", EMPTY)
    listed = controls["allowed_categories"] != "any" if "allowed_categories" in controls else None
    over = controls["prior_approval_over"] is not None if "prior_approval_over" in controls else None
    return _count(
        (
            (_is(controls, "plan_items_only"), "case.controls.plan_items_only"),
            (listed, "case.controls.allowed_categories"),
            (over, "case.controls.prior_approval_over"),
        )
    )


def receipts_passed_on(facts: Facts) -> bool:
    """Return whether receipts go to the council as a matter of course, for some accounts; tiers count before the general setting."""
    accounts = facts.record.get("accounts", EMPTY)
    tiers = accounts.get("tiers") or ()
    if not tiers:
        return stated(facts.record, "policy.accounts.receipts_to_council") in PASSED_ON
    asked = [one.get("receipts_to_council") for one in tiers]
    if PASSED_ON.intersection(asked):
        return True
    if None in asked:
        raise Unknown("policy.accounts.tiers.*.receipts_to_council")
    return False


def levers_narrowed(facts: Facts) -> int:
    """Return how many of four levers of choice the policy narrows: forms, holders and forms shut out, changes, spending."""
    options = facts.record.get("options", EMPTY)
    narrow, shut = None, None
    if "forms" in options:
        forms = set(options["forms"])
        narrow = "direct_payment" not in forms or "third_party_account" not in forms or not forms & {"council_account", "council_provided"}
    if "excluded" in options:
        bars = [one.get("legal_bar") is True or one.get("practical_bar") is True for one in options["excluded"]]
        shut = not all(bars)
    return _count(
        (
            (narrow, "policy.options.forms"),
            (shut, "policy.options.excluded"),
            (_is(facts.record.get("changes", EMPTY), "provider_held_route", "council_approval"), "policy.changes.provider_held_route"),
            (plan_is_limit(facts.record), "policy.spending.test"),
        )
    )


def help_or_freedom_missing(facts: Facts) -> int:
    """Return how many of three are missing: a service that helps, freedom from a closed list, freedom from the items of the plan."""
    return _count(
        (
            (_no_service(facts.record), "policy.support_services"),
            (closed_list(facts.record), "policy.spending.allowed_categories"),
            (plan_is_limit(facts.record), "policy.spending.test"),
        )
    )


def wider_duties_missing(facts: Facts) -> int:
    """Return how many of four wider duties the policy says are not met: help, community work, urgent social work, learning."""
    policy = facts.record
    return _count(
        (
            (_no_service(policy), "policy.support_services"),
            (_empty(policy.get("community", EMPTY), "initiatives"), "policy.community.initiatives"),
            (_is(policy.get("social_work", EMPTY), "urgent_need_service", value=False), "policy.social_work.urgent_need_service"),
            (_empty(policy.get("learning", EMPTY), "mechanisms"), "policy.learning.mechanisms"),
        )
    )


def _far(policy: Data) -> tuple[Sign, Sign]:
    """Return the two signs in a policy that decisions are taken far from the person: many stages, and the council alone."""
    planning = policy.get("planning", EMPTY)
    stages = planning["approval_stages"] > 2 if planning.get("approval_stages") is not None else None
    alone = _is(policy.get("options", EMPTY), "decision_by", "council_alone")
    return (stages, "policy.planning.approval_stages"), (alone, "policy.options.decision_by")


def decisions_far(facts: Facts) -> int:
    """Return how many of two signs the policy shows that decisions are taken far from the person."""
    return _count(_far(facts.record))


def contract_far(facts: Facts) -> int:
    """Return how many of three signs there are, with the contract's own: fixed slots or tasks."""
    flexibility = facts.record.get("flexibility")
    fixed: Sign = (flexibility != "flexible" if flexibility else None, "contract.flexibility")
    if fixed[0] is False:
        return 0
    return _count((fixed, *_far(facts.policy)))


def block_left(facts: Facts) -> int:
    """Return what is left of a pre-paid block, in pence, when the accounts of a year are taken off (FIG-BLOCK-ALLOC).

    Below nothing, money is promised twice. Where a week has to be brought to a year, a pound either way is no difference.
    """
    value = pence(stated(facts.record, "contract.block_value"))
    weeks = WEEKS[facts.policy.get("money", EMPTY).get("weeks_per_year", "52")]
    total, converted = Fraction(0), False
    for one in stated(facts.record, "contract.accounts"):
        if not {"amount", "period"} <= one.keys():
            raise Unknown("contract.accounts.*.amount" if "amount" not in one else "contract.accounts.*.period")
        total += annual(pence(one["amount"]), one["period"], weeks)
        converted |= one["period"] not in ("year", "one_off")
    left = value - total
    if converted and -POUND <= left < 0:
        return 0
    return left.numerator // left.denominator


def bought_in_unasked(facts: Facts) -> bool:
    """Return whether a contract that serves only this case shows a purchase that neither person nor representative asked for."""
    case, unknown = facts.record, ""
    for arrangement in stated(case, "case.arrangements"):
        contract = facts.contracts.get(arrangement.get("contract_id", ""), EMPTY)
        accounts = {one.get("case_id") for one in contract.get("accounts", ())}
        if accounts != {case.get("id")}:
            continue
        asked = [one.get("requested_by") for one in contract.get("buy_in", EMPTY).get("purchases", ())]
        if "provider" in asked or "council" in asked:
            return True
        if None in asked:
            unknown = "contract.buy_in.purchases.*.requested_by"
    if unknown:
        raise Unknown(unknown)
    return False


def refusal_names_only_a_rule(facts: Facts) -> bool:
    """Return whether some refusal without a stated ground gives no reason but the name of a policy or of one of its rules."""
    names = {str(one["id"]).casefold() for one in facts.policy.get("rules", ()) if "id" in one}
    for one in stated(facts.record, "case.requests"):
        if one.get("outcome") != "refused" or "ground" in one or one.get("exception_considered") is True:
            continue
        reason = str(one.get("reason") or "").strip()
        if reason and (reason.casefold().rstrip(".") in names or _RULE_ONLY.fullmatch(reason)):
            return True
    return False


def managed_from(facts: Facts) -> str:
    """Return the first day of the earliest managed arrangement, by its derived form."""
    starts = []
    for one in stated(facts.record, "case.arrangements"):
        if one["derived"].get("managed"):
            if "starts_on" not in one:
                raise Unknown("case.arrangements.*.starts_on")
            starts.append(one["starts_on"])
    if not starts:
        raise Unknown("case.arrangements.*.starts_on")
    return str(min(starts))


def taken_back(facts: Facts) -> int:
    """Return the unspent money taken back in a case, in pence, each sum once (FIG-CLAWBACK)."""
    return sum(amount for amount, _ in _takings(facts.record))


def _takings(case: Data) -> list[tuple[int, str]]:
    taken = [
        (pence(one["amount"]), str(one.get("date", "")))
        for one in case.get("payments", ())
        if one.get("direction") == "clawback" and "amount" in one
    ]
    spare = list(taken)
    others = [
        (pence(one["unspent"]), str(one.get("ended_on", "")))
        for one in case.get("year_ends", ())
        if one.get("action") in ("clawed_back", "offset_next_year") and "unspent" in one
    ]
    others += [
        (pence(one["amount"]), str(one["taken_on"]))
        for one in case.get("recoveries", ())
        if one.get("kind") == "unspent" and "taken_on" in one and "amount" in one
    ]
    for amount, on in others:
        same = next((one for one in spare if one[0] == amount and _within_a_year(one[1], on)), None)
        if same:
            spare.remove(same)
        else:
            taken.append((amount, on))
    return taken


def _within_a_year(first: str, second: str) -> bool:
    return not first or not second or abs(days(first, second)) <= 365


def cut_equals_unspent(facts: Facts) -> bool:
    """Return whether the budget was cut, with no change of needs, by just what was left in the year before (CWR-3-11)."""
    case = facts.record
    weeks = WEEKS[facts.policy.get("money", EMPTY).get("weeks_per_year", "52")]
    left = [
        (pence(one["unspent"]), str(one["ended_on"]))
        for one in stated(case, "case.year_ends")
        if {"unspent", "ended_on"} <= one.keys() and pence(one["unspent"]) > 0
    ]
    if not left:
        return False
    for one in stated(case, "case.budget_changes"):
        if not {"from", "to", "period", "date"} <= one.keys() or one.get("needs_changed") is not False:
            continue
        cut = annual(pence(one["from"]) - pence(one["to"]), one["period"], weeks)
        if any(abs(cut - amount) <= POUND and 0 <= days(on, one["date"]) <= 365 for amount, on in left):
            return True
    return False


def tally(totals: Counter[str], facts: Facts) -> None:
    """Add one case to the totals of money taken back and of people by derived form; someone with two forms counts once, as mixed."""
    totals["unspent_taken_back"] += taken_back(facts)
    today = facts.as_of or ""
    forms = {
        one.get("derived", EMPTY).get("form")
        for one in facts.record.get("arrangements", ())
        if not ("ends_on" in one and today and one["ends_on"] < today)
    }
    if forms and None not in forms:
        totals[f"people_on_{forms.pop() if len(forms) == 1 else 'mixed'}"] += 1


def total_taken_back(facts: Facts) -> int:
    """Return the unspent money taken back in all cases, in pence: what the cases show, or what is declared where that is more."""
    declared = pence(facts.record["clawback_total"]) if "clawback_total" in facts.record else 0
    return max(declared, facts.totals.get("unspent_taken_back", 0))


def _people_by_form(facts: Facts) -> list[int]:
    if "form_counts" in facts.record:
        return [int(one) for one in facts.record["form_counts"].values()]
    return [number for name, number in facts.totals.items() if name.startswith("people_on_")]


POLICY: dict[str, Figure] = {
    "spending_ties": Figure(
        "integer",
        ties,
        "CWR-3-1",
        "How many of four ties the policy puts on spending: plan as limit, closed list, permission to buy, agreement to another use",
        (
            "policy.spending.test",
            "policy.spending.plan_items_only",
            "policy.spending.allowed_categories",
            "policy.spending.managed_categories",
            "policy.spending.list_status",
            "policy.spending.prior_approval_over",
            "policy.spending.change_needs_agreement",
        ),
    ),
    "receipts_passed_on": Figure(
        "bool",
        receipts_passed_on,
        "CWR-3-13",
        "Receipts go to the council as a matter of course, for some accounts at least",
        ("policy.accounts.tiers.*.receipts_to_council", "policy.accounts.receipts_to_council"),
    ),
    "levers_narrowed": Figure(
        "integer",
        levers_narrowed,
        "PPF-6-1",
        "How many of four levers of choice are narrowed: forms offered, options shut out, changes, spending",
        (
            "policy.options.forms",
            "policy.options.excluded",
            "policy.changes.provider_held_route",
            "policy.spending.test",
            "policy.spending.plan_items_only",
        ),
    ),
    "help_or_freedom_missing": Figure(
        "integer",
        help_or_freedom_missing,
        "CWR-I-4",
        "How many of three are missing: a service that helps, freedom from a closed list, freedom from the plan's items",
        (
            "policy.support_services.*.status",
            "policy.spending.allowed_categories",
            "policy.spending.managed_categories",
            "policy.spending.list_status",
            "policy.spending.test",
            "policy.spending.plan_items_only",
        ),
    ),
    "wider_duties_missing": Figure(
        "integer",
        wider_duties_missing,
        "CWR-4-1",
        "How many of four are missing altogether: help with a budget, community work, social work in urgent need, learning",
        (
            "policy.support_services.*.status",
            "policy.community.initiatives",
            "policy.social_work.urgent_need_service",
            "policy.learning.mechanisms",
        ),
    ),
    "decisions_far_away": Figure(
        "integer",
        decisions_far,
        "CWR-I-7",
        "How many of two signs there are that decisions are taken far from the person: three or more stages of approval, the council alone",
        ("policy.planning.approval_stages", "policy.options.decision_by"),
    ),
}
CONTRACT: dict[str, Figure] = {
    "block_left": Figure(
        "money",
        block_left,
        "FIG-BLOCK-ALLOC",
        "What is left of a pre-paid block after the accounts that rest on it",
        ("contract.block_value", "contract.accounts.*.amount", "contract.accounts.*.period", "policy.money.weeks_per_year"),
    ),
    "far_from_the_person": Figure(
        "integer",
        contract_far,
        "CWR-I-7",
        "How many of three signs there are: fixed slots or tasks, three or more stages of approval, the council deciding alone",
        ("contract.flexibility", "policy.planning.approval_stages", "policy.options.decision_by"),
    ),
}
CASE: dict[str, Figure] = {
    "spending_ties": Figure(
        "integer",
        case_ties,
        "CWR-3-1",
        "How many of three ties this case has: the plan as a limit, a closed list, permission before a purchase",
        ("case.controls.plan_items_only", "case.controls.allowed_categories", "case.controls.prior_approval_over"),
    ),
    "bought_in_unasked": Figure(
        "bool",
        bought_in_unasked,
        "PPF-1-12",
        "A contract that serves only this case shows a purchase that neither the person nor a representative asked for",
        ("case.arrangements.*.contract_id", "contract.accounts.*.case_id", "contract.buy_in.purchases.*.requested_by"),
    ),
    "refusal_names_only_a_rule": Figure(
        "bool",
        refusal_names_only_a_rule,
        "CWR-3-3",
        "A refusal without a stated ground gives no reason but the name of a policy or rule",
        ("case.requests.*.reason", "case.requests.*.ground", "policy.rules.*.id"),
    ),
    "managed_from": Figure(
        "date",
        managed_from,
        "PPF-1-31",
        "The first day of the earliest managed arrangement",
        ("case.arrangements.*.starts_on", "case.arrangements.*.contract_party"),
    ),
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
    "people_by_form": Figure(
        "integer",
        lambda facts: sum(_people_by_form(facts)),
        "FIG-FORM-MIX",
        "People whose form of budget is known",
        ("portfolio.form_counts",),
    ),
    "people_on_commonest_form": Figure(
        "integer",
        lambda facts: max(_people_by_form(facts), default=0),
        "FIG-FORM-MIX",
        "People on the form of budget that most have",
        ("portfolio.form_counts",),
    ),
}
TALLIES: tuple[Tally, ...] = (tally,)
