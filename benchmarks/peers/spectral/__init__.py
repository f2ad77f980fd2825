"""What of the thirty rules Spectral can say with the functions it ships."""

from __future__ import annotations

_OTHER_LIST = "a path cannot look into another list of the same case"
_DAYS = "a path cannot count the days between two dates"
_SUM = "a path cannot add up a list of sums"
_POLICY = "a rule sees one document, and the policy is another"

CANNOT = {
    "item-names-unknown-need": _OTHER_LIST,
    "item-names-unknown-arrangement": _OTHER_LIST,
    "eligible-need-not-covered": _OTHER_LIST,
    "needed-referral-not-made": _OTHER_LIST,
    "council-agreed-after-confirmation": _OTHER_LIST,
    "final-sum-told-before-planning": _OTHER_LIST,
    "review-leaves-aims-out": _OTHER_LIST,
    "payment-on-another-basis": _OTHER_LIST,
    "account-closed-balance-not-settled": _DAYS,
    "spending-questioned-late": _DAYS,
    "budget-does-not-add-up": _SUM,
    "closing-balance-wrong": _SUM,
    "holder-not-offered-by-policy": _POLICY,
    "signing-post-not-in-the-delegation": _POLICY,
}
