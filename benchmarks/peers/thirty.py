"""The thirty rules that every peer is asked for as far as it can, by what they need; all are about cases."""

from __future__ import annotations

LISTS = (
    "component-without-cost",
    "cost-without-a-period",
    "item-names-unknown-need",
    "item-names-unknown-arrangement",
    "eligible-need-not-covered",
    "needed-referral-not-made",
)
DATES = (
    "budget-confirmed-after-sign-off",
    "council-agreed-after-confirmation",
    "no-steps-towards-agreement",
    "final-sum-told-before-planning",
    "account-closed-balance-not-settled",
    "spending-questioned-late",
    "review-leaves-aims-out",
)
MONEY = (
    "budget-does-not-add-up",
    "contribution-above-maximum",
    "budget-cut-unexplained",
    "closing-balance-wrong",
)
WORDS = (
    "estimate-recorded-as-final",
    "contribution-tied-to-service",
    "plan-signed-off-by-nobody",
    "assessed-by-a-professional-alone",
)
PRESENCE = (
    "copy-of-plan-not-given",
    "stable-needs-funded-short",
    "no-response-to-risk",
)
ACROSS = (
    "holder-not-offered-by-policy",
    "signing-post-not-in-the-delegation",
    "refused-by-rule-alone",
    "itemised-accounts-demanded",
    "payment-on-another-basis",
    "family-help-written-down-unasked",
)
THIRTY = (*LISTS, *DATES, *MONEY, *WORDS, *PRESENCE, *ACROSS)
