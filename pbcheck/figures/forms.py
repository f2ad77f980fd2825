"""Which form an arrangement really has: derived from who is party to the contract, never from the label (table derive_form).

Managed and direct payment are told apart by who commissions (PPF section 1 and 3); the recorded form and label are no inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MANAGED_FORMS = ("council_provided", "council_account", "third_party_account")
DERIVED_FORMS = (*MANAGED_FORMS, "direct_payment")
FORM_INPUTS = ("agent", "contract_party", "contract_id", "holder_kind", "called_off_by")

# The inputs of the table, each with all that it may be; None where it is not stated. `party` is the purchaser in the contract
# at hand, else the contract party that the case notes; `contract_form` is the form of the contract at hand.
INPUTS: dict[str, tuple[str | None, ...]] = {
    "agent": (None, "none", "individual", "organisation", "council"),
    "party": (None, "none", "council", "council_as_agent", "person", "suitable_person", "representative", "trust", "organisation"),
    "contract_form": (None, "none", "spot_under_framework", "prepaid_block", "spot_outside_framework", "in_house"),
    "holder_kind": (
        *(None, "person", "representative", "trust", "organisation_or_professional", "support_provider", "local_authority", "other"),
    ),
    "called_off_by": (None, "person", "representative", "council", "provider"),
}
_OWN_NAME = ("person", "suitable_person", "representative", "trust", "organisation")
_AGENCY = {"form": "direct_payment", "managed": False, "council_as_agent": True}
_DELIVERED = {"form": "council_provided", "managed": True, "council_as_agent": False}

Row = tuple[Mapping[str, tuple[str | None, ...]], Mapping[str, Any]]
ROWS: tuple[Row, ...] = (
    ({"agent": ("council",)}, _AGENCY),
    ({"party": ("council_as_agent",)}, _AGENCY),
    ({"party": (None,)}, {}),
    ({"party": _OWN_NAME}, {"form": "direct_payment", "managed": False, "council_as_agent": False}),
    ({"party": ("none",), "holder_kind": ("local_authority",)}, _DELIVERED),
    ({"party": ("none",)}, {"council_as_agent": False}),
    ({"contract_form": ("in_house",)}, _DELIVERED),
    ({"holder_kind": (None,)}, {"managed": True, "council_as_agent": False}),
    (
        {"holder_kind": ("support_provider",), "called_off_by": ("person", "representative")},
        {"form": "third_party_account", "managed": True, "council_as_agent": False},
    ),
    ({}, {"form": "council_account", "managed": True, "council_as_agent": False}),
)

Values = tuple[str | None, ...]
_found: dict[Values, dict[str, Any]] = {}


def row_of(values: Values) -> int:
    """Return the number of the first row that matches the values of the inputs, in their order."""
    given = dict(zip(INPUTS, values, strict=True))
    return next(number for number, (asked, _) in enumerate(ROWS) if all(given[name] in wanted for name, wanted in asked.items()))


def derive(case: Mapping[str, Any], contracts: Mapping[str, Mapping[str, Any]]) -> None:
    """Give every arrangement of a case its `derived` group: `form`, `managed`, `council_as_agent`, each only where it is known."""
    for arrangement in case.get("arrangements", ()):
        arrangement["derived"] = derived(arrangement, contracts.get(arrangement.get("contract_id", ""), {}))


def derived(arrangement: Mapping[str, Any], contract: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of the form of one arrangement: what the table says, shared by all arrangements alike."""
    stated = arrangement.get
    party = contract.get("purchaser") or stated("contract_party")
    values = (stated("agent"), party, contract.get("form"), stated("holder_kind"), stated("called_off_by"))
    try:
        return _found[values]
    except KeyError:
        made = _found[values] = dict(ROWS[row_of(values)][1])
        return made
