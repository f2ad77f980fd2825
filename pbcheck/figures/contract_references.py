"""Figures about the contracts that the arrangements of a case name."""

from __future__ import annotations

from pbcheck.figures.figure import Facts, Figure, Unknown, stated

_OF_THE_COUNCIL = ("council", "council_as_agent")


def contracts_at_hand(facts: Facts) -> bool:
    """Return whether every contract of the council that the arrangements name is in the export; Unknown where it holds none at all.

    A contract that the holder made in their own name need not be among the council's.
    """
    for one in stated(facts.record, "case.arrangements"):
        if "contract_id" in one and one.get("contract_party", "council") in _OF_THE_COUNCIL:
            if not facts.contracts:
                raise Unknown("the contracts of the export")
            if one["contract_id"] not in facts.contracts:
                return False
    return True


CASE: dict[str, Figure] = {
    "contracts_at_hand": Figure(
        "bool",
        contracts_at_hand,
        "PPF-1-3",
        "Every contract that the arrangements name is in the export",
        ("case.arrangements.*.contract_id", "case.arrangements.*.contract_party"),
    ),
}
