"""Figures about net and gross payment (PPF-4-14 to PPF-4-16), and the decision table pay_basis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from pbcheck.figures.contributions import PARTS, WEEKS_STATED, by_year, days_of_year, half_up
from pbcheck.figures.decision_tables import Row, Value, results
from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Together, Unknown, stated
from pbcheck.figures.quantities import pence

# Decision table pay_basis: asked where a contribution is due; the first row whose conditions all hold decides. Neither the
# label of an arrangement nor its form is an input: who holds the money and can reach the rest decides, not what it is called.
INPUTS: dict[str, tuple[Value, ...]] = {
    "holder": ("person", "local_authority", "other", None),
    "authority": (True, False, None),
    "pays": ("net", "gross", None),
    "reason": ("holder_no_legal_authority", "contribution_not_yet_calculated", "other", "none", "no_charge", None),
}
ROWS: tuple[Row, ...] = (
    ({"holder": None}, "cannot_tell"),
    ({"holder": "local_authority"}, "pass"),
    ({"pays": None}, "cannot_tell"),
    ({"holder": "person", "pays": "net"}, "pass"),
    ({"authority": True, "pays": "net"}, "pass"),
    ({"authority": False, "pays": "net"}, "shortfall"),
    ({"authority": None, "pays": "net"}, "possible_shortfall"),
    ({"reason": "contribution_not_yet_calculated"}, "pass"),
    ({"holder": "person", "reason": "holder_no_legal_authority"}, "reason_contradicted"),
    ({"holder": "person"}, "no_reason"),
    ({"authority": False}, "pass"),
    ({"authority": True, "reason": "holder_no_legal_authority"}, "reason_contradicted"),
    ({"authority": None, "reason": "holder_no_legal_authority"}, "pass"),
    ({}, "no_reason"),
)
_RESULTS = results(INPUTS, ROWS)


def table(holder: Value, authority: Value, pays: Value, reason: Value) -> str:
    """Return what the table pay_basis says."""
    return _RESULTS[holder, authority, pays, reason]


def pay_basis(case: Data, arrangement: Data) -> str:
    """Return what the table says of one arrangement; `pass` where nothing is due; raises Unknown where an input that decides is missing."""
    holder = arrangement.get("holder_kind")
    if holder is None:
        raise Unknown("case.arrangements.*.holder_kind")
    authority = arrangement.get("holder_authority_over_money")
    if authority is None and holder == "representative":
        authority = case.get("representative", EMPTY).get("authority_over_money")
    kind = holder if holder in ("person", "local_authority") else "other"
    result = table(kind, authority, arrangement.get("pays"), arrangement.get("gross_reason"))
    return result if result == "pass" else _where_due(case, arrangement, result)


def _where_due(case: Data, arrangement: Data, result: str) -> str:
    """Return a result of the table as far as a contribution is due from this arrangement."""
    contribution = case.get("contribution", EMPTY)
    if contribution.get("collection") == "paid_to_holder":
        return "pass"
    due = _borne(case, arrangement)
    if due == 0:
        return "pass"
    if result == "cannot_tell":
        raise Unknown("case.arrangements.*.pays")
    if due is not None:
        return result
    if "amount" not in contribution:
        raise Unknown("case.contribution.amount")
    if not result.endswith("shortfall"):
        raise Unknown("case.arrangements.*.contribution")
    return "possible_shortfall"


def _borne(case: Data, arrangement: Data) -> int | None:
    """Return the contribution that an arrangement bears, in pence of its period: its own, or the whole where it is the only one."""
    if "contribution" in arrangement:
        return pence(arrangement["contribution"])
    whole = case.get("contribution", EMPTY).get("amount")
    if whole is None:
        return None
    amount = pence(whole)
    return None if amount and len(case["arrangements"]) > 1 else amount


def _arrangements(facts: Facts) -> Sequence[Data]:
    found: Sequence[Data] | None = facts.record.get("arrangements")
    if found is None:
        raise Unknown("case.arrangements")
    return found


def _some(facts: Facts, wanted: str) -> bool:
    missing = ""
    for one in _arrangements(facts):
        try:
            if pay_basis(facts.record, one) == wanted:
                return True
        except Unknown as unknown:
            missing = unknown.args[0]  # the error itself would lead back here, and hold on to the record
    if missing:
        raise Unknown(missing)
    return False


def plainly_paid(facts: Facts) -> dict[str, Any]:
    """Return the figures of what the table says of some arrangement, in one go, for speed; none where an input of any is missing."""
    try:
        found = {pay_basis(facts.record, one) for one in _arrangements(facts)}
    except Unknown:
        return {}
    return {name: wanted in found for name, (wanted, _) in _OF_SOME.items()}


def holder_shortfall(facts: Facts) -> int:
    """Return the pence a year by which net payment leaves holders short who cannot reach the person's money (FIG-HOLDER-SHORTFALL)."""
    return half_up(sum(_shortfalls(facts, "shortfall")), PARTS)


def possible_shortfall(facts: Facts) -> int:
    """Return the most, in pence a year, that holders may be short of who may not reach the person's money: an upper bound."""
    return half_up(max(_shortfalls(facts, "possible_shortfall"), default=0), PARTS)


def _shortfalls(facts: Facts, wanted: str) -> Iterator[int]:
    for one in _arrangements(facts):
        try:
            if pay_basis(facts.record, one) == wanted:
                yield _by_year(facts, one)
        except Unknown:  # what is not known of one arrangement is not part of the sum
            continue


def _by_year(facts: Facts, one: Data) -> int:
    """Return what an arrangement is short of, by the year in 28ths of a penny."""
    days = days_of_year(facts.policy)[0]
    if "contribution" in one and "period" in one:
        return by_year(pence(one["contribution"]), one["period"], days)
    amount, period = stated(facts.record, "case.contribution.amount"), stated(facts.record, "case.contribution.period")
    return by_year(pence(amount), period, days)


def contribution_taken_twice(facts: Facts) -> bool:
    """Return whether money is paid out net to holders, all of it, while the person is invoiced for the contribution as well."""
    case = facts.record
    if stated(case, "case.contribution.collection") != "invoiced" or pence(stated(case, "case.contribution.amount")) == 0:
        return False
    out = _arrangements(facts)
    for one in out:
        if one.get("holder_kind") == "local_authority" or one.get("pays") == "gross":
            return False
    for key in ("holder_kind", "pays"):
        if any(key not in one for one in out):
            raise Unknown(f"case.arrangements.*.{key}")
    return len(out) > 0


def paid_as_policy_says(facts: Facts) -> bool:
    """Return whether every holder is paid net or gross as the policy says for the form, or gross for one of its reasons."""
    payments = facts.policy.get("payments", EMPTY)
    for one in _arrangements(facts):
        if one.get("holder_kind") == "local_authority" or "pays" not in one or _borne(facts.record, one) in (0, None):
            continue
        usual = payments.get("by_form", EMPTY).get(one["derived"].get("form"), payments.get("default"))
        if usual is None:
            raise Unknown("policy.payments.default")
        allowed = one["pays"] == "gross" and one.get("gross_reason") in payments.get("gross_when", ())
        if one["pays"] != usual and not allowed:
            return False
    return True


_READS = (
    "case.contribution.amount",
    "case.contribution.period",
    "case.contribution.collection",
    "case.representative.authority_over_money",
    *(
        f"case.arrangements.*.{name}"
        for name in ("holder_kind", "holder_authority_over_money", "pays", "gross_reason", "contribution", "period")
    ),
)


_OF_SOME = {
    "net_out_of_reach": ("shortfall", "Some holder is paid net who has no authority over the money that the rest must come from"),
    "net_perhaps_out_of_reach": ("possible_shortfall", "Some holder is paid net who may have no authority over the person's money"),
    "gross_without_reason": ("no_reason", "Some holder is paid gross though a contribution is due and no reason for it is recorded"),
    "gross_reason_contradicted": (
        "reason_contradicted",
        "Some holder is paid gross for want of authority over money that the record says is within reach",
    ),
}
"""The figures that ask whether the table says something of any arrangement: what it says, and what that means."""

CASE: dict[str, Figure] = {
    **{name: Figure("bool", partial(_some, wanted=wanted), "pay_basis", meaning, _READS) for name, (wanted, meaning) in _OF_SOME.items()},
    "holder_shortfall": Figure(
        "money",
        holder_shortfall,
        "FIG-HOLDER-SHORTFALL",
        "What net payment leaves holders short of, by the year",
        (*_READS, WEEKS_STATED),
    ),
    "possible_shortfall": Figure(
        "money",
        possible_shortfall,
        "FIG-HOLDER-SHORTFALL",
        "The most that holders may be short of, by the year",
        (*_READS, WEEKS_STATED),
    ),
    "contribution_taken_twice": Figure(
        "bool",
        contribution_taken_twice,
        "FIG-HOLDER-SHORTFALL",
        "All money is paid out net to holders, and the person is invoiced for the contribution as well",
        _READS,
    ),
    "paid_as_policy_says": Figure(
        "bool",
        paid_as_policy_says,
        "pay_basis",
        "Every holder is paid net or gross as the policy says",
        (*_READS, "case.arrangements.*.contract_party", "policy.payments"),
    ),
}
FAMILIES: dict[str, Together] = dict.fromkeys(_OF_SOME, plainly_paid)
