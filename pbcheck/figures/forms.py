"""Which form an arrangement really has: derived from who is party to the contract, never from the label (table derive_form).

Managed and direct payment are told apart by who commissions (PPF section 1 and 3); the recorded form and label are no inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MANAGED_FORMS = ("council_provided", "council_account", "third_party_account")
DERIVED_FORMS = (*MANAGED_FORMS, "direct_payment")
FORM_INPUTS = ("agent", "contract_party", "contract_id", "holder_kind", "called_off_by")

_OWN_NAME = frozenset({"person", "suitable_person", "representative", "trust", "organisation"})
_CALLED_OFF = frozenset({"person", "representative"})


def derive(case: Mapping[str, Any], contracts: Mapping[str, Mapping[str, Any]]) -> None:
    """Give every arrangement of a case its `derived` group: `form`, `managed`, `council_as_agent`, each only where it is known."""
    for arrangement in case.get("arrangements", ()):
        contract = contracts.get(arrangement.get("contract_id", ""), {})
        arrangement["derived"] = derived(arrangement, contract)


def derived(arrangement: Mapping[str, Any], contract: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of the form of one arrangement; the first matching row of the table decides."""
    party = contract.get("purchaser") or arrangement.get("contract_party")
    if arrangement.get("agent") == "council" or party == "council_as_agent":
        return {"form": "direct_payment", "managed": False, "council_as_agent": True}
    if party is None:
        return {}
    form = _form(party, arrangement, contract)
    known = {"form": form, "managed": form in MANAGED_FORMS} if form else {}
    if form is None and party == "council":
        known = {"managed": True}
    return {**known, "council_as_agent": False}


def _form(party: str, arrangement: Mapping[str, Any], contract: Mapping[str, Any]) -> str | None:
    holder = arrangement.get("holder_kind")
    if party == "none":
        return "council_provided" if holder == "local_authority" else None
    if party in _OWN_NAME:
        return "direct_payment"
    if contract.get("form") == "in_house":
        return "council_provided"
    if holder is None:
        return None
    if holder == "support_provider" and arrangement.get("called_off_by") in _CALLED_OFF:
        return "third_party_account"
    return "council_account"
