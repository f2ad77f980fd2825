"""The decision table derive_form over its whole input space: no gap, no dead row, and what a plain reading of the table gives."""

import itertools

import pytest

from pbcheck.figures.forms import DERIVED_FORMS, FORM_INPUTS, INPUTS, MANAGED_FORMS, ROWS, derived, row_of
from pbcheck.schema.validate import validator

SPACE = list(itertools.product(*INPUTS.values()))


def read_straight(agent, party, contract_form, holder_kind, called_off_by):
    """The table in a straight line: who is party to the contract decides, then who holds, then who calls off."""
    if agent == "council" or party == "council_as_agent":
        return {"form": "direct_payment", "managed": False, "council_as_agent": True}
    if party is None:
        return {}
    known = {"council_as_agent": False}
    if party == "none":
        if holder_kind == "local_authority":
            known |= {"form": "council_provided", "managed": True}
        return known
    if party != "council":
        return known | {"form": "direct_payment", "managed": False}
    known["managed"] = True
    if contract_form == "in_house":
        known["form"] = "council_provided"
    elif holder_kind == "support_provider":
        known["form"] = "third_party_account" if called_off_by in ("person", "representative") else "council_account"
    elif holder_kind is not None:
        known["form"] = "council_account"
    return known


def documents(agent, party, contract_form, holder_kind, called_off_by, *, in_contract):
    """An arrangement and its contract that state these inputs, the party in the one or in the other."""
    arrangement = {"agent": agent, "holder_kind": holder_kind, "called_off_by": called_off_by}
    contract = {"form": contract_form}
    (contract if in_contract else arrangement)["purchaser" if in_contract else "contract_party"] = party
    return tuple({key: value for key, value in one.items() if value is not None} for one in (arrangement, contract))


def test_inputs_are_all_that_the_schemas_allow_and_the_missing():
    arrangement = validator("case").schema["properties"]["arrangements"]["items"]["properties"]
    contract = validator("contract").schema["properties"]
    for name in ("agent", "holder_kind", "called_off_by"):
        assert set(INPUTS[name]) == {None, *arrangement[name]["enum"]}
    assert set(INPUTS["party"]) == {None, *arrangement["contract_party"]["enum"], *contract["purchaser"]["enum"]}
    assert set(INPUTS["contract_form"]) == {None, *contract["form"]["enum"]}


def test_no_gap_and_no_dead_row():
    reached = {row_of(values) for values in SPACE}  # raises StopIteration at a gap
    assert reached == set(range(len(ROWS)))


def test_rows_name_only_inputs_and_their_values():
    for asked, known in ROWS:
        assert all(set(values) <= set(INPUTS[name]) for name, values in asked.items())
        assert known.get("form") in (None, *DERIVED_FORMS)
        assert "form" not in known or known["managed"] == (known["form"] in MANAGED_FORMS)


@pytest.mark.parametrize("in_contract", [False, True])
def test_every_input_gives_what_a_plain_reading_gives(in_contract):
    for values in SPACE:
        if in_contract and values[1] == "none":
            continue  # a contract at hand has a purchaser, or does not say
        arrangement, contract = documents(*values, in_contract=in_contract)
        assert derived(arrangement, contract) == read_straight(*values) == ROWS[row_of(values)][1]


def test_the_purchaser_in_the_contract_counts_before_the_note_in_the_case():
    arrangement = {"contract_party": "person", "holder_kind": "local_authority"}
    assert derived(arrangement, {"purchaser": "council"})["form"] == "council_account"
    assert derived(arrangement, {})["form"] == "direct_payment"


def test_label_and_recorded_form_are_no_inputs():
    assert not {"label", "form"} & {*INPUTS, *FORM_INPUTS}
    arrangement, contract = documents("none", "council", None, "support_provider", "person", in_contract=True)
    for form, label in (("direct_payment", "direct payment"), ("council_provided", "managed"), ("mixed", "ISF")):
        assert derived({**arrangement, "form": form, "label": label}, contract) == derived(arrangement, contract)
