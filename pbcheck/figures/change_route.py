"""Figures about changes to the support: whether the contract of a provider that holds the budget says how they are made (PPF-5-10)."""

from __future__ import annotations

from pbcheck.figures.arrangements import FORM_READS
from pbcheck.figures.figure import EMPTY, Facts, Figure, Unknown


def provider_change_route_stated(facts: Facts) -> bool:
    """Return whether the contract of every managed arrangement that a provider holds states how changes are made."""
    arrangements = facts.record.get("arrangements")
    if arrangements is None:
        raise Unknown("case.arrangements")
    found = True
    for one in arrangements:
        if one.get("holder_kind") != "support_provider" or one.get("derived", EMPTY).get("managed") is not True:
            continue
        contract = facts.contracts.get(one.get("contract_id", ""))
        if contract is None:
            raise Unknown("case.arrangements.*.contract_id")
        route = contract.get("changes", EMPTY).get("route")
        if route is None:
            raise Unknown("contract.changes.route")
        found = found and route != "unstated"
    return found


CASE: dict[str, Figure] = {
    "provider_change_route_stated": Figure(
        "bool",
        provider_change_route_stated,
        "PPF-5-10",
        "The contract of every managed arrangement that a provider holds states how changes are made",
        FORM_READS,
    ),
}
