"""The figure about a pre-paid block and the accounts that rest on it (FIG-BLOCK-ALLOC)."""

from __future__ import annotations

from pbcheck.figures.figure import EMPTY, Facts, Figure, Unknown, stated
from pbcheck.figures.money import WEEKS
from pbcheck.figures.quantities import pence

POUND = 100


def block_left(facts: Facts) -> int:
    """Return what is left of a pre-paid block, in pence, when the accounts of a year are taken off.

    Below nothing, money is promised twice. Where a month or a week has to be brought to a year, a pound either way is no difference.
    """
    left = pence(stated(facts.record, "contract.block_value"))
    four_weekly, converted = 0, False
    for one in stated(facts.record, "contract.accounts"):
        if "amount" not in one or "period" not in one:
            raise Unknown("contract.accounts.*.amount" if "amount" not in one else "contract.accounts.*.period")
        amount, period = pence(one["amount"]), one["period"]
        if period in ("week", "four_weeks"):
            four_weekly += amount * 4 if period == "week" else amount
            converted = True
        elif period == "month":
            left -= amount * 12
            converted = True
        else:
            left -= amount
    weeks = WEEKS[facts.policy.get("money", EMPTY).get("weeks_per_year", "52")]
    parts = 4 * weeks.denominator  # of a penny, so that whole numbers stay exact
    exact = left * parts - four_weekly * weeks.numerator
    return 0 if converted and -POUND * parts <= exact < 0 else exact // parts


CONTRACT: dict[str, Figure] = {
    "block_left": Figure(
        "money",
        block_left,
        "FIG-BLOCK-ALLOC",
        "What is left of a pre-paid block after the accounts that rest on it",
        ("contract.block_value", "contract.accounts.*.amount", "contract.accounts.*.period", "policy.money.weeks_per_year"),
    ),
}
