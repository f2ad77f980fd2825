"""Figures about the choice on offer: which holders a policy leaves out, and which levers of choice a contract shuts."""

from __future__ import annotations

from pbcheck.figures.decision import HOLDERS
from pbcheck.figures.figure import EMPTY, Facts, Figure, Unknown, stated
from pbcheck.figures.quantities import thousandths


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
    said = False
    for one in facts.contracts.values():
        if one.get("serves_managed_budgets") and "allowed" in one.get("buy_in", EMPTY):
            if one["buy_in"]["allowed"]:
                return True
            said = True
    return not said and facts.record.get("commissioning", EMPTY).get("buy_in") in ("allowed", "recommended")


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
        ("policy.commissioning.buy_in", "contract.serves_managed_budgets", "contract.buy_in.allowed"),
    ),
}
