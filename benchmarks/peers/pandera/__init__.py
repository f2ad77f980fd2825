"""What of the thirty rules pandera is asked for."""

from __future__ import annotations

_TWO_LISTS = "two lists of one case would have to be held against each other: a program in pandas, and no schema"

CANNOT = dict.fromkeys(
    (
        "item-names-unknown-need",
        "item-names-unknown-arrangement",
        "eligible-need-not-covered",
        "needed-referral-not-made",
        "review-leaves-aims-out",
        "payment-on-another-basis",
    ),
    _TWO_LISTS,
)
