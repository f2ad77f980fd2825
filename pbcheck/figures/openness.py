"""Figures about what the policy leaves open: levers of choice, help and freedom, wider duties, and how near the person decisions are."""

from __future__ import annotations

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure
from pbcheck.figures.signs import Sign, count, holds
from pbcheck.figures.spending import closed_list, plan_is_limit


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
    return count(
        (
            (narrow, "policy.options.forms"),
            (shut, "policy.options.excluded"),
            (holds(facts.record.get("changes", EMPTY), "provider_held_route", "council_approval"), "policy.changes.provider_held_route"),
            (plan_is_limit(facts.record), "policy.spending.test"),
        )
    )


def help_or_freedom_missing(facts: Facts) -> int:
    """Return how many of three are missing: a service that helps, freedom from a closed list, freedom from the items of the plan."""
    return count(
        (
            (_no_service(facts.record), "policy.support_services"),
            (closed_list(facts.record), "policy.spending.allowed_categories"),
            (plan_is_limit(facts.record), "policy.spending.test"),
        )
    )


def wider_duties_missing(facts: Facts) -> int:
    """Return how many of four wider duties the policy says are not met: help, community work, urgent social work, learning."""
    policy = facts.record
    return count(
        (
            (_no_service(policy), "policy.support_services"),
            (_empty(policy.get("community", EMPTY), "initiatives"), "policy.community.initiatives"),
            (holds(policy.get("social_work", EMPTY), "urgent_need_service", value=False), "policy.social_work.urgent_need_service"),
            (_empty(policy.get("learning", EMPTY), "mechanisms"), "policy.learning.mechanisms"),
        )
    )


def _far(policy: Data) -> tuple[Sign, Sign]:
    """Return the two signs in a policy that decisions are taken far from the person: many stages, and the council alone."""
    planning = policy.get("planning", EMPTY)
    stages = planning["approval_stages"] > 2 if planning.get("approval_stages") is not None else None
    alone = holds(policy.get("options", EMPTY), "decision_by", "council_alone")
    return (stages, "policy.planning.approval_stages"), (alone, "policy.options.decision_by")


def decisions_far(facts: Facts) -> int:
    """Return how many of two signs the policy shows that decisions are taken far from the person."""
    return count(_far(facts.record))


def contract_far(facts: Facts) -> int:
    """Return how many of three signs there are, with the contract's own: fixed slots or tasks."""
    flexibility = facts.record.get("flexibility")
    fixed: Sign = (flexibility != "flexible" if flexibility else None, "contract.flexibility")
    if fixed[0] is False:
        return 0
    return count((fixed, *_far(facts.policy)))


POLICY: dict[str, Figure] = {
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
    "far_from_the_person": Figure(
        "integer",
        contract_far,
        "CWR-I-7",
        "How many of three signs there are: fixed slots or tasks, three or more stages of approval, the council deciding alone",
        ("contract.flexibility", "policy.planning.approval_stages", "policy.options.decision_by"),
    ),
}
