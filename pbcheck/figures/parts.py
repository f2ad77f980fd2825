"""Figures about the parts of a budget: what they add up to, and what the council delivers for its part."""

from __future__ import annotations

from collections.abc import Iterable

from pbcheck.figures.arrangements import FORM_READS
from pbcheck.figures.figure import Data, Facts, Figure, Unknown, stated
from pbcheck.figures.quantities import pence

_NEVER = "9999-12-31"
_POUND = 100
# A gap over a year is (28 pence) x weeks a year x the weekly part + the rest: the least weeks are 52, the most 366/7.
_LEAST_WEEKS, _MOST_WEEKS, _UNIT = 52 * 7, 366, 28


def council_services_gap(facts: Facts) -> int:
    """Return by how many pence the services the council provides, with any reserve, fall short of that part of the budget."""
    arrangements = stated(facts.record, "case.arrangements")
    parts = [one for one in arrangements if one["derived"].get("form") == "council_provided"]
    if not parts:
        raise Unknown("case.arrangements.*.contract_party")
    alone = len(arrangements) == 1
    ids = {one.get("id") for one in parts}
    if not alone and None in ids:
        raise Unknown("case.arrangements.*.id")
    components = stated(facts.record, "case.plan.components")
    if not alone and any("arrangement" not in one for one in components):
        raise Unknown("case.plan.components.*.arrangement")
    ids.add("contingency")
    served = [one for one in components if one.get("arrangement") in ids or (alone and "arrangement" not in one)]
    sums: dict[str, int] = {}
    _add(sums, parts, "amount", "case.arrangements.*.amount", 1)
    _add(sums, served, "cost", "case.plan.components.*.cost", -1)
    return max(0, _gap(sums, exact=0))


def parts_gap(facts: Facts) -> int:
    """Return by how many pence the parts of a budget in force together differ from the whole, beyond rounding (FIG-SPLIT)."""
    return _parts_gap(facts, "amount", "case.arrangements.*.amount", "case.final.gross", "case.final.period")


def parts_contribution_gap(facts: Facts) -> int:
    """Return by how many pence the parts' contributions differ from the person's contribution, beyond rounding (FIG-SPLIT)."""
    path = "case.arrangements.*.contribution"
    return _parts_gap(facts, "contribution", path, "case.contribution.amount", "case.contribution.period")


def _parts_gap(facts: Facts, key: str, path: str, whole: str, period: str) -> int:
    arrangements = stated(facts.record, "case.arrangements")
    parts = _together(arrangements) if len(arrangements) > 1 else ()
    if len(parts) < 2:
        raise Unknown("case.arrangements")
    amount = pence(stated(facts.record, whole))
    sums = {stated(facts.record, period): -amount}
    _add(sums, parts, key, path, 1)
    return abs(_gap(sums, exact=len(parts)))


def _together(parts: Iterable[Data]) -> list[Data]:
    """Return the parts that run on the day the last of them starts: parts that follow one another are not added up."""
    last = max((one["starts_on"] for one in parts if "starts_on" in one), default="")
    return [one for one in parts if one.get("ends_on", _NEVER) >= last]


def _add(sums: dict[str, int], items: Iterable[Data], key: str, path: str, sign: int) -> None:
    """Add (or take off) the amounts of the items, period by period."""
    for one in items:
        if key not in one:
            raise Unknown(path)
        if "period" not in one:
            raise Unknown(f"{path.rpartition('.')[0]}.period")
        period = one["period"]
        sums[period] = sums.get(period, 0) + sign * pence(one[key])


def _gap(sums: dict[str, int], *, exact: int) -> int:
    """Return the sum in whole pence, nil within the tolerance; over a year, and by the kindest week count, where periods differ."""
    if len(sums) == 1:
        (gap,) = sums.values()
        return gap if abs(gap) > exact else 0
    weekly = 4 * sums.pop("week", 0) + sums.pop("four_weeks", 0)
    rest = 28 * (12 * sums.pop("month", 0) + sum(sums.values()))
    least, most = _LEAST_WEEKS * weekly + rest, _MOST_WEEKS * weekly + rest
    if min(least, most) < 0 < max(least, most):
        return 0
    gap = min(least, most, key=abs)
    if abs(gap) <= _POUND * _UNIT:
        return 0
    whole = (abs(gap) + _UNIT // 2) // _UNIT
    return whole if gap > 0 else -whole


_PARTS = (
    "case.arrangements.*.period",
    "case.arrangements.*.starts_on",
    "case.arrangements.*.ends_on",
)
CASE = {
    "council_services_gap": Figure(
        "money",
        council_services_gap,
        "FIG-PLAN-HEADROOM",
        "By how much the services the council provides itself, with any reserve, fall short of that part of the budget",
        (
            *FORM_READS,
            "case.arrangements.*.id",
            "case.arrangements.*.amount",
            "case.arrangements.*.period",
            "case.plan.components.*.cost",
            "case.plan.components.*.period",
            "case.plan.components.*.arrangement",
        ),
    ),
    "parts_gap": Figure(
        "money",
        parts_gap,
        "FIG-SPLIT",
        "By how much the parts of a mixed budget differ from the whole, beyond rounding",
        ("case.arrangements.*.amount", *_PARTS, "case.final.gross", "case.final.period"),
    ),
    "parts_contribution_gap": Figure(
        "money",
        parts_contribution_gap,
        "FIG-SPLIT",
        "By how much the contributions of the parts differ from the person's contribution, beyond rounding",
        ("case.arrangements.*.contribution", *_PARTS, "case.contribution.amount", "case.contribution.period"),
    ),
}
