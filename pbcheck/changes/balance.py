"""What of the money in a direct payment account the policy lets the council take back: the balance at risk."""

from __future__ import annotations

from typing import Any

from pbcheck.figures.budget.base import Base, Not, Number
from pbcheck.figures.figure import EMPTY, Data, Unknown

LEFT_ALONE = ("never", "after_discussion")


def balance_at_risk(sheet: Base) -> Any:
    """Return how much of the last balance may be taken back under the policy, in parts; a Not where there is no such account.

    Above a threshold in weeks of payment, or above the sum set for a year end, whichever lets more be taken. Raises Unknown where the
    balance, the payment or the policy is not stated.
    """
    account: Data = sheet.case.get("account", EMPTY)
    paid = [one for one in sheet.running() if one["derived"].get("form") == "direct_payment"]
    if not paid:
        return Not("no direct payment runs")
    if "closed_on" in account:
        return Not("the account is closed")
    balance = _last_balance(sheet, account)
    taken = [one for one in (_surplus(sheet, balance, paid[0]), _year_end(sheet, balance)) if one is not None]
    if not taken:
        raise Unknown("policy.surplus.recoup")
    return max(taken)


def _last_balance(sheet: Base, account: Data) -> Number:
    today = sheet.today()
    known = [one for one in sheet.items(account, "balances", "case.account") if one.get("date", "9999") <= today]
    if not known:
        raise Unknown("case.account.balances.*.date")
    return sheet.money(max(known, key=lambda one: str(one["date"])), "amount", "case.account.balances.*")


def _surplus(sheet: Base, balance: Number, payment: Data) -> Number | None:
    terms: Data = sheet.policy.get("surplus", EMPTY)
    method = payment.get("payment_method")
    tier = next((one for one in terms.get("tiers", ()) if method in one.get("applies_to", ())), terms)
    if "recoup" not in tier:
        return None
    if tier["recoup"] in LEFT_ALONE:
        return 0
    if tier["recoup"] == "always":
        return sheet.most(balance, 0)
    weeks = tier.get("threshold_weeks")
    if weeks is None:
        raise Unknown("policy.surplus.threshold_weeks")
    return sheet.most(balance - _a_week(sheet, payment) * int(weeks), 0)


def _a_week(sheet: Base, payment: Data) -> Number:
    """Return what is paid a week: the part's amount, less the contribution borne there where it is paid net."""
    amount = sheet.yearly(payment, "amount", "case.arrangements.*")
    if sheet.date(payment, "pays", "case.arrangements.*") == "net" and "contribution" in payment:
        amount = amount - sheet.yearly(payment, "contribution", "case.arrangements.*")
    return sheet.for_period(amount, "week")


def _year_end(sheet: Base, balance: Number) -> Number | None:
    terms: Data = sheet.policy.get("year_end", EMPTY)
    if "unspent" not in terms:
        return None
    if terms["unspent"] != "clawback":
        return 0
    if terms.get("clawback_threshold") is None:
        return sheet.most(balance, 0)
    return sheet.most(balance - sheet.money(terms, "clawback_threshold", "policy.year_end"), 0)
