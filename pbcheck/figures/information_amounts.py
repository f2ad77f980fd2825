"""Figures about the amounts that people were told: by how much they differ from the amounts on record.

Source: FIG-GROSS-IND, FIG-GROSS-FINAL, FIG-CONTRIB, FIG-NET, FIG-COUNCIL and FIG-PRORATA. Amounts of one period are compared in
whole pence. Across periods they are brought to a year in 28ths of a penny, in which every week convention is a whole number.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown, stated
from pbcheck.figures.information import ALSO_TOLD_BY, TOLD_READS, entries_on, reached
from pbcheck.figures.money import WEEKS
from pbcheck.figures.quantities import pence

POUND, PENNY = 100, 1
PARTS = 28
"""Parts of a penny: a year has 52, 365/7 or 366/7 weeks, and four weeks are a quarter of that."""

Amount = tuple[int, str]
"""Pence, and the period they are for; negative where they are taken off."""
Target = tuple[Amount, ...]
"""The amounts whose sum should have been told."""

_WEEKS = {name: (int(weeks * PARTS),) for name, weeks in WEEKS.items()}
_ANY_WEEKS = (_WEEKS["52"][0], _WEEKS["366/7"][0])
"""Without a convention of the policy, any between the two ends is accepted."""


def told_off_by(facts: Facts, topic: str) -> int:
    """Return by how many pence the amount last told differs from the amount on record, beyond rounding; 0 where they agree."""
    told_last = _last_told(facts, topic)
    weeks = _weeks(facts.policy)
    nearest = -1
    for target in _TARGETS[topic](facts):
        usual = target[0][1]
        for one in told_last:
            period = one.get("period", usual)
            if period == usual or (period != "one_off" and usual != "one_off"):
                gap = _distance(pence(one["value"]), period, target, weeks)
                if gap == 0:
                    return 0
                nearest = gap if nearest < 0 else min(nearest, gap)
    if nearest < 0:
        raise Unknown("case.information.*.period")
    return nearest


def _last_told(facts: Facts, topic: str) -> list[Data]:
    case = facts.record
    if "information" not in case:
        raise Unknown("case.information")
    found = [one for one in entries_on(facts, topic) if "value" in one and reached(case, one.get("to"))]
    if not found and topic in ALSO_TOLD_BY:
        found = [one for one in entries_on(facts, ALSO_TOLD_BY[topic]) if "value" in one and reached(case, one.get("to"))]
    if not found:
        raise Unknown("case.information.*.value")
    if len(found) == 1:
        return found
    if any("given_on" not in one for one in found):
        raise Unknown("case.information.*.given_on")
    last = max(one["given_on"] for one in found)
    return [one for one in found if one["given_on"] == last]


def _weeks(policy: Data) -> tuple[int, ...]:
    return _WEEKS.get(policy.get("money", EMPTY).get("weeks_per_year"), _ANY_WEEKS)


def _distance(value: int, period: str, target: Target, weeks: tuple[int, ...]) -> int:
    """Return the difference of an amount and a sum of amounts (never below nil): a penny for each is rounding, a pound across periods."""
    total = 0
    for amount, one in target:
        if one != period:
            break
        total += amount
    else:
        gap = abs(value - max(0, total))
        return 0 if gap <= PENNY * len(target) else gap
    least = _off_in_a_year(value, period, target, weeks[0])
    if len(weeks) > 1:
        other = _off_in_a_year(value, period, target, weeks[1])
        least = 0 if least <= 0 <= other or other <= 0 <= least else min(abs(least), abs(other))
    least = abs(least)
    return 0 if least <= POUND * PARTS else (2 * least + PARTS) // (2 * PARTS)


def _off_in_a_year(value: int, period: str, target: Target, weeks: int) -> int:
    total = 0
    for amount, one in target:
        total += _yearly(amount, one, weeks)
    return _yearly(value, period, weeks) - (total if total > 0 else 0)


def _yearly(amount: int, period: str, weeks: int) -> int:
    """Return an amount of pence a period in 28ths of a penny a year (FIG-ANNUAL); a one-off counts once."""
    if period == "week":
        return amount * weeks
    if period == "four_weeks":
        return amount * weeks // 4
    return amount * 12 * PARTS if period == "month" else amount * PARTS


def _amount(case: Data, group: str, name: str) -> Amount:
    held: Data = case.get(group, EMPTY)
    if name not in held:
        raise Unknown(f"case.{group}.{name}")
    if "period" not in held:
        raise Unknown(f"case.{group}.period")
    return pence(held[name]), held["period"]


def _gross_indicative(facts: Facts) -> list[Target]:
    amount = _amount(facts.record, "indicative", "amount")
    if facts.record["indicative"].get("basis") != "net":
        return [(amount,)]
    return [(amount, one) for one in _contributions(facts.record)]


def _gross_final(facts: Facts) -> list[Target]:
    """Return the gross budget; for a short term also its sum from the first day to the last (FIG-PRORATA), which may be told instead."""
    amount, period = whole = _amount(facts.record, "final", "gross")
    if facts.record["final"].get("term") != "short_term" or period == "one_off":
        return [(whole,)]
    start = date.fromisoformat(stated(facts.record, "case.final.starts_on"))
    days = date.fromisoformat(stated(facts.record, "case.final.ends_on")).toordinal() + 1 - start.toordinal()
    year = _days_of_year(start)
    top, bottom = {"week": (1, 7), "four_weeks": (1, 28), "month": (12, year), "year": (1, year)}[period]
    return [(whole,), (((2 * amount * days * top + bottom) // (2 * bottom), "one_off"),)]


def _days_of_year(start: date) -> int:
    """Return the days of the budget year that begins on a day: 366 where it holds a 29 February after its first day, else 365."""
    after = start.year + (start.month > 2)
    leap = after % 4 == 0 and (after % 100 != 0 or after % 400 == 0)
    return 366 if leap and (start.month, start.day) != (2, 29) else 365


def _contributions(case: Data) -> list[Amount]:
    """Return the contribution as it was set, and the most that can be asked: either may be told."""
    held: Data = case.get("contribution", EMPTY)
    if "amount" not in held:
        if "maximum" not in held:
            raise Unknown("case.contribution.amount")
        return [_amount(case, "contribution", "maximum")]
    found = [_amount(case, "contribution", "amount")]
    if "maximum" in held and held["maximum"] != held["amount"]:
        found.append(_amount(case, "contribution", "maximum"))
    return found


def _personal_share(facts: Facts) -> list[Target]:
    """Return the contribution, never more than the gross budget (FIG-CONTRIB)."""
    final: Data = facts.record.get("final", EMPTY)
    found = _contributions(facts.record)
    if "gross" in final and "period" in final:
        gross = (pence(final["gross"]), final["period"])
        weeks = _weeks(facts.policy)[0]
        most = _yearly(*gross, weeks)
        return [(gross if _yearly(*one, weeks) > most else one,) for one in found]
    return [(one,) for one in found]


def _net(facts: Facts, recorded: str) -> list[Target]:
    """Return gross less contribution less other funding inside the budget; the amount recorded where there is no contribution on record."""
    case = facts.record
    held: Data = case.get("contribution", EMPTY)
    if "amount" not in held and "maximum" not in held:
        return [(_amount(case, "final", recorded),)]
    gross = _amount(case, "final", "gross")
    if "alternative_funding" not in case:
        raise Unknown("case.alternative_funding")
    inside = [(-pence(one["amount"]), gross[1]) for one in case["alternative_funding"] if _inside(one)]
    return [(gross, (-amount, period), *inside) for amount, period in _contributions(case)]


def _inside(funding: Data) -> bool:
    if "inside_budget" not in funding:
        raise Unknown("case.alternative_funding.*.inside_budget")
    if funding["inside_budget"] and "amount" not in funding:
        raise Unknown("case.alternative_funding.*.amount")
    return bool(funding["inside_budget"])


_TARGETS: dict[str, Callable[[Facts], list[Target]]] = {
    "indicative_value": _gross_indicative,
    "sum_available": _gross_final,
    "final_value": _gross_final,
    "council_share": partial(_net, recorded="council_amount"),
    "personal_share": _personal_share,
    "net_figure": partial(_net, recorded="net"),
}
_WEEKS_READ = "policy.money.weeks_per_year"
_FINAL = tuple(f"case.final.{name}" for name in ("gross", "period", "term", "starts_on", "ends_on"))
_CONTRIBUTION = tuple(f"case.contribution.{name}" for name in ("amount", "maximum", "period"))
_INDICATIVE = tuple(f"case.indicative.{name}" for name in ("amount", "period", "basis"))
_NET = (*_FINAL, *_CONTRIBUTION, "case.alternative_funding")


def _off_by(topic: str, source: str, words: str, *reads: str) -> Figure:
    meaning = f"By how much the amount last told differs from {words}, beyond rounding"
    return Figure("money", partial(told_off_by, topic=topic), source, meaning, (*TOLD_READS, _WEEKS_READ, *reads))


CASE: dict[str, Figure] = {
    "indicative_told_off_by": _off_by("indicative_value", "FIG-GROSS-IND", "the gross indicative amount", *_INDICATIVE, *_CONTRIBUTION),
    "sum_told_off_by": _off_by("sum_available", "FIG-GROSS-FINAL", "the gross final budget", *_FINAL),
    "final_told_off_by": _off_by("final_value", "FIG-GROSS-FINAL", "the gross final budget", *_FINAL),
    "council_share_told_off_by": _off_by("council_share", "FIG-COUNCIL", "the council's share", *_NET, "case.final.council_amount"),
    "personal_share_told_off_by": _off_by("personal_share", "FIG-CONTRIB", "the contribution", *_FINAL, *_CONTRIBUTION),
    "net_told_off_by": _off_by("net_figure", "FIG-NET", "the net budget", *_NET, "case.final.net"),
}
