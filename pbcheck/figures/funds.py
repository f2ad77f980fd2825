"""Figures about the accounts that providers hold for people: are they in the contract, and kept apart."""

from __future__ import annotations

from pbcheck.figures.arrangements import FORM_READS
from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, some, stated


def fund_pooled(facts: Facts) -> bool:
    """Return whether an Individual Service Fund of the case is under a contract that does not keep each person's money apart."""
    kept_apart = [_contract(one, facts).get("isf_ring_fenced") for one in _arrangements(facts) if one.get("is_isf")]
    return some((None if one is None else not one for one in kept_apart), "contract.isf_ring_fenced")


def fund_not_listed(facts: Facts) -> bool:
    """Return whether an Individual Service Fund of the case is not among the accounts of its contract."""
    funds = [one for one in _arrangements(facts) if one.get("is_isf")]
    return bool(funds) and _not_listed(funds, facts)


def account_not_listed(facts: Facts) -> bool:
    """Return whether a provider-held account of the case, no such fund, is not among the accounts of its contract."""
    accounts = [one for one in _arrangements(facts) if one["derived"].get("form") == "third_party_account" and not one.get("is_isf")]
    return bool(accounts) and _not_listed(accounts, facts)


def _arrangements(facts: Facts) -> list[Data]:
    found: list[Data] = stated(facts.record, "case.arrangements")
    return found


def _contract(arrangement: Data, facts: Facts) -> Data:
    return facts.contracts.get(arrangement.get("contract_id", ""), EMPTY)


def _not_listed(arrangements: list[Data], facts: Facts) -> bool:
    case_id = facts.record.get("id")

    def left_out(arrangement: Data) -> bool | None:
        accounts = _contract(arrangement, facts).get("accounts")
        return None if accounts is None else all(one.get("case_id") != case_id for one in accounts)

    return some(map(left_out, arrangements), "contract.accounts")


_FUND = ("case.id", "case.arrangements.*.is_isf", "case.arrangements.*.contract_id")
CASE = {
    "fund_pooled": Figure(
        "bool",
        fund_pooled,
        "CWR-2-8",
        "An Individual Service Fund is under a contract that does not keep each person's money apart",
        (*_FUND, "contract.isf_ring_fenced"),
    ),
    "fund_not_listed": Figure(
        "bool",
        fund_not_listed,
        "CWR-2-8",
        "An Individual Service Fund is not among the accounts of its contract",
        (*_FUND, "contract.accounts.*.case_id"),
    ),
    "account_not_listed": Figure(
        "bool",
        account_not_listed,
        "PPF-1-3",
        "A provider-held account, no Individual Service Fund, is not among the accounts of its contract",
        (*_FUND, *FORM_READS, "contract.accounts.*.case_id"),
    ),
}
