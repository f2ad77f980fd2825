"""Figures about the sign-off: the budget against what the post that signed off may approve (PPF-5-20)."""

from __future__ import annotations

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown
from pbcheck.figures.planning import gross_budget
from pbcheck.figures.quantities import pence
from pbcheck.figures.yearly import POUND, whole_pence, years


def sign_off_over_limit(facts: Facts) -> int:
    """Return by how many pence a year the gross budget is above what the post that signed off may approve; 0 where it is not."""
    role = facts.record.get("sign_off", EMPTY).get("role")
    if role is None:
        raise Unknown("case.sign_off.role")
    posts = facts.policy.get("delegation")
    if posts is None:
        raise Unknown("policy.delegation")
    above = [_above(one, facts) for one in posts if one.get("role") == role]
    if not above:
        raise Unknown("policy.delegation.*.role")
    return min(above)


def _above(post: Data, facts: Facts) -> int:
    if "limit" not in post:
        raise Unknown("policy.delegation.*.limit")
    if post["limit"] is None:
        return 0
    if "period" not in post:
        raise Unknown("policy.delegation.*.period")
    gross, period = gross_budget(facts.record)
    limit = pence(post["limit"])
    if period == post["period"]:
        return max(0, gross - limit)
    over = min(gross * year[period] - limit * year[post["period"]] for year in years(facts.policy))
    return whole_pence(over) if over > POUND else 0


CASE: dict[str, Figure] = {
    "sign_off_over_limit": Figure(
        "money",
        sign_off_over_limit,
        "PPF-5-20",
        "By how much a year the gross budget is above what the post that signed off may approve",
        ("case.sign_off.role", "case.final.gross", "case.final.period", "policy.delegation", "policy.money.weeks_per_year"),
    ),
}
