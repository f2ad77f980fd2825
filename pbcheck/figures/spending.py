"""Figures about what a budget may be spent on, whether receipts are passed on, and whether a refusal names only a rule."""

from __future__ import annotations

import re

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown, stated
from pbcheck.figures.signs import count, holds

PASSED_ON = frozenset({"sample", "at_audit", "all"})

_RULE_ONLY = re.compile(
    r"(?:(?:see|under|per)\s+)?(?:the\s+)?(?:council\s+)?(?:policy|rule)(?:\s+(?:no\.?\s*)?[\w.\-]+)?\.?", re.IGNORECASE
)


def plan_is_limit(policy: Data) -> bool | None:
    """Return whether money may go only on what the plan lists; a stated test counts before the flag, None where neither is stated."""
    spending = policy.get("spending", EMPTY)
    if "test" in spending:
        return spending["test"] in ("plan_items", "agreed_services")
    return holds(spending, "plan_items_only")


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
    return count(
        (
            (plan_is_limit(facts.record), "policy.spending.test"),
            (closed_list(facts.record), "policy.spending.allowed_categories"),
            (holds(spending, "change_needs_agreement"), "policy.spending.change_needs_agreement"),
            (over, "policy.spending.prior_approval_over"),
        )
    )


def case_ties(facts: Facts) -> int:
    """Return how many of three ties this case has: plan as limit, closed list, permission before a purchase."""
    controls = facts.record.get("controls", EMPTY)
    listed = controls["allowed_categories"] != "any" if "allowed_categories" in controls else None
    over = controls["prior_approval_over"] is not None if "prior_approval_over" in controls else None
    return count(
        (
            (holds(controls, "plan_items_only"), "case.controls.plan_items_only"),
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


def _rule_names(policy: Data) -> set[str]:
    return {str(one["id"]).casefold() for one in policy.get("rules", ()) if "id" in one}


def refusal_names_only_a_rule(facts: Facts) -> bool:
    """Return whether some refusal without a stated ground gives no reason but the name of a policy or of one of its rules."""
    for one in stated(facts.record, "case.requests"):
        if one.get("outcome") != "refused" or "ground" in one or one.get("exception_considered") is True:
            continue
        reason = str(one.get("reason") or "").strip()
        if reason and (_RULE_ONLY.fullmatch(reason) or reason.casefold().rstrip(".") in _rule_names(facts.policy)):
            return True
    return False


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
}
CASE: dict[str, Figure] = {
    "spending_ties": Figure(
        "integer",
        case_ties,
        "CWR-3-1",
        "How many of three ties this case has: the plan as a limit, a closed list, permission before a purchase",
        ("case.controls.plan_items_only", "case.controls.allowed_categories", "case.controls.prior_approval_over"),
    ),
    "refusal_names_only_a_rule": Figure(
        "bool",
        refusal_names_only_a_rule,
        "CWR-3-3",
        "A refusal without a stated ground gives no reason but the name of a policy or rule",
        (
            "case.requests.*.outcome",
            "case.requests.*.ground",
            "case.requests.*.exception_considered",
            "case.requests.*.reason",
            "policy.rules.*.id",
        ),
    ),
}
