"""Figures about what people were told, when, and with which amounts; and about the statements of their budget.

Source: `information_rules` and `information_reading` of the register's tables, FIG-GROSS-IND, FIG-GROSS-FINAL, FIG-CONTRIB, FIG-NET,
FIG-CLOSING and FIG-STATEMENT-COVER. A topic is told when the person heard it, or the representative where there is one.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import MAXYEAR, date
from fractions import Fraction
from functools import partial
from math import floor

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Tally, Unknown, stated
from pbcheck.figures.forms import FORM_INPUTS
from pbcheck.figures.money import WEEKS, annual
from pbcheck.figures.quantities import pence

TOPICS = {
    "options_for_managing": "the ways of managing a budget",
    "sum_available": "the sum that is available",
    "indicative_value": "the indicative value of the budget",
    "final_value": "the final value of the budget",
    "council_share": "the council's share",
    "personal_share": "the person's own share",
    "net_figure": "the net figure",
    "component_costs": "the cost of each part of the plan",
    "drawdown": "how each part draws on the budget",
    "alternatives": "the alternatives",
    "alternative_costs": "the cost of the alternatives",
    "consequences_liability": "who is liable under each alternative",
    "consequences_payment": "who pays under each alternative",
    "how_to_change": "how to change the support",
    "less_control_than_dp": "that a managed budget may give less control than a direct payment",
    "move_to_managed_full": "the right to ask for a full move to a managed budget",
    "move_to_managed_partial": "the right to ask for a partial move to a managed budget",
    "support_available": "which support services there are",
    "support_access": "how to reach support services",
    "brokerage_managed": "the council's brokerage",
    "brokerage_external": "independent brokerage",
    "finance_disclosure": "that finances will have to be disclosed",
    "possible_contribution": "that a contribution may be asked for",
    "may_stop_here": "that one may stop at this point",
    "planning_help": "who can help with planning",
}
ALSO_TOLD_BY = {"sum_available": "final_value", "final_value": "sum_available"}
"""The other topic that says the same (satisfied_also_by)."""

MONTHS = {"monthly": 1, "quarterly": 3, "six_monthly": 6, "annual": 12}
STATEMENT_DAYS = 28
"""A statement is due this many days after the last day of its period."""
POUND, PENNY = 100, 1

Amount = tuple[int, str]
"""Pence, and the period they are for; negative where they are taken off."""
Told = tuple[bool | None, str | None]
"""Whether an entry reached the right person (None where the record does not say), and when."""


def told(facts: Facts, topic: str) -> bool:
    """Return whether the person, or the representative where there is one, was told of a topic."""
    reached = [one for one, _ in _entries(facts, topic)]
    if True in reached:
        return True
    if None in reached:
        raise Unknown("case.information.*.to")
    if "information" not in facts.record:
        raise Unknown("case.information")
    return False


def told_on(facts: Facts, topic: str) -> str:
    """Return the first day on which the right person was told of a topic; Unknown where an earlier one cannot be ruled out."""
    entries = list(_entries(facts, topic))
    known = [day for reached, day in entries if reached and day]
    if not known:
        raise Unknown("case.information.*.given_on")
    first = min(known)
    for reached, day in entries:
        if reached is not False and (day is None or day < first):
            raise Unknown("case.information.*.given_on" if day is None else "case.information.*.to")
    return first


def _entries(facts: Facts, topic: str) -> Iterator[Told]:
    case = facts.record
    topics = (topic, ALSO_TOLD_BY.get(topic, topic))
    for one in case.get("information", ()):
        if one.get("topic") in topics:
            yield _reached(case, one.get("to")), one.get("given_on")
    if topic in ("alternatives", "alternative_costs"):
        for one in case.get("options", ()):
            if "explained_on" in one and one.get("outcome") != "chosen" and (topic == "alternatives" or "cost" in one):
                yield True, one["explained_on"]


def _reached(case: Data, audience: Iterable[str] | None) -> bool | None:
    if audience is None:
        return None
    if "person" in audience:
        return True
    if "representative" not in audience:
        return False
    kind = case.get("representative", EMPTY).get("kind")
    if kind not in (None, "none") or any(one.get("holder_kind") == "representative" for one in case.get("arrangements", ())):
        return True
    return None if kind is None else False


def has_come(facts: Facts, anchor: str) -> bool:
    """Return whether a stage is behind: its own date, or the date of something that only comes after it, lies before the date to judge by.

    A record with no arrangement and none of these dates has not come so far; one with an undated arrangement may have.
    """
    now = _now(facts)
    case = facts.record
    arrangements = case.get("arrangements")
    dates = [_at(case, anchor), *(_at(case, f"case.final.{name}") for name in ("confirmed_on", "starts_on"))]
    dates += [case.get("support_started_on"), *(one.get("starts_on") for one in arrangements or ())]
    if any(day < now for day in dates if day):
        return True
    if _at(case, anchor) is None and (arrangements is None or any("starts_on" not in one for one in arrangements)):
        raise Unknown(anchor)
    return False


def first_start(facts: Facts, managed: bool | None = None) -> str:
    """Return the first day of the arrangements of a case; only of those that are managed, or are not, where that is asked."""
    arrangements = stated(facts.record, "case.arrangements")
    if managed is not None:
        if any("managed" not in one["derived"] for one in arrangements):
            raise Unknown("case.arrangements.*.contract_party")
        arrangements = [one for one in arrangements if one["derived"]["managed"] is managed]
    starts = [one.get("starts_on") for one in arrangements]
    if not starts or None in starts:
        raise Unknown("case.arrangements.*.starts_on")
    return str(min(starts))


def sum_is_due(facts: Facts) -> bool:
    """Return whether the sum must be known by now: there is one, and both its confirmation and the start of an arrangement are past."""
    now = _now(facts)
    case = facts.record
    final: Data = case.get("final", EMPTY)
    if not {"confirmed_on", "gross"} & final.keys() or case.get("arrangements") == []:
        return False
    starts = [one["starts_on"] for one in case.get("arrangements", ()) if "starts_on" in one]
    due: list[str] = [final["confirmed_on"]] if "confirmed_on" in final else []
    due += [min(starts)] if starts else []
    if not due:
        raise Unknown("case.final.confirmed_on")
    return max(due) < now


def _now(facts: Facts) -> str:
    if facts.as_of is None:
        raise Unknown("as_of")
    return facts.as_of


def _at(data: Data, path: str) -> str | None:
    try:
        return str(stated(data, path))
    except Unknown:
        return None


def told_off_by(facts: Facts, topic: str) -> int:
    """Return by how many pence the amount last told differs from the amount on record, beyond rounding; 0 where they agree."""
    told_last = _last_told(facts, topic)
    weeks = _weeks(facts.policy)
    nearest: list[int] = []
    for target in _TARGETS[topic](facts):
        usual = target[0][1]
        for value, period in told_last:
            if (period or usual) == usual or "one_off" not in (period, usual):
                nearest.append(_distance((value, period or usual), target, weeks))
                if nearest[-1] == 0:
                    return 0
    if not nearest:
        raise Unknown("case.information.*.period")
    return min(nearest)


def _last_told(facts: Facts, topic: str) -> list[tuple[int, str | None]]:
    stated(facts.record, "case.information")
    for name in (topic, ALSO_TOLD_BY.get(topic, topic)):
        found = [one for one in facts.record["information"] if one.get("topic") == name and "value" in one]
        found = [one for one in found if _reached(facts.record, one.get("to"))]
        if len(found) > 1 and any("given_on" not in one for one in found):
            raise Unknown("case.information.*.given_on")
        last = max((one.get("given_on", "") for one in found), default="")
        if found:
            return [(pence(one["value"]), one.get("period")) for one in found if one.get("given_on", "") == last]
    raise Unknown("case.information.*.value")


def _weeks(policy: Data) -> tuple[Fraction, ...]:
    """Return the weeks of a year that the policy states, or the two ends between which any is accepted."""
    named = policy.get("money", EMPTY).get("weeks_per_year")
    return (WEEKS[named],) if named in WEEKS else (WEEKS["52"], WEEKS["366/7"])


def _distance(value: Amount, target: tuple[Amount, ...], weeks: tuple[Fraction, ...]) -> int:
    """Return the difference of an amount and a sum of amounts (never below nil): a penny for each is rounding, a pound across periods."""
    if {value[1]} == {period for _, period in target}:
        gap = Fraction(abs(value[0] - max(0, sum(amount for amount, _ in target))))
        tolerance = PENNY * len(target)
    else:
        gaps = [annual(*value, one) - max(Fraction(0), sum((annual(*part, one) for part in target), Fraction(0))) for one in weeks]
        gap = Fraction(0) if min(gaps) <= 0 <= max(gaps) else min(abs(one) for one in gaps)
        tolerance = POUND
    return 0 if gap <= tolerance else floor(gap + Fraction(1, 2))


def _amount(case: Data, group: str, name: str) -> Amount:
    return pence(stated(case, f"case.{group}.{name}")), stated(case, f"case.{group}.period")


def _gross_indicative(facts: Facts) -> Iterator[tuple[Amount, ...]]:
    amount = _amount(facts.record, "indicative", "amount")
    if facts.record["indicative"].get("basis") != "net":
        yield (amount,)
        return
    for one in _contributions(facts.record):
        yield (amount, one)


def _gross_final(facts: Facts) -> Iterator[tuple[Amount, ...]]:
    """Yield the gross budget; for a short term also its sum from the first day to the last (FIG-PRORATA), which may be told instead."""
    amount, period = _amount(facts.record, "final", "gross")
    yield ((amount, period),)
    if facts.record["final"].get("term") == "short_term" and period != "one_off":
        start = date.fromisoformat(stated(facts.record, "case.final.starts_on"))
        days = _ordinal(stated(facts.record, "case.final.ends_on")) + 1 - start.toordinal()
        year = _later(start, "annual", 1) - start.toordinal()
        spans = {"week": Fraction(7), "four_weeks": Fraction(28), "month": Fraction(year, 12), "year": Fraction(year)}
        yield ((floor(amount * days / spans[period] + Fraction(1, 2)), "one_off"),)


def _contributions(case: Data) -> list[Amount]:
    """Return the contribution as it was set, and the most that can be asked: either may be told."""
    found = [_amount(case, "contribution", name) for name in ("amount", "maximum") if name in case.get("contribution", EMPTY)]
    if not found:
        raise Unknown("case.contribution.amount")
    return list(dict.fromkeys(found))


def _personal_share(facts: Facts) -> Iterator[tuple[Amount, ...]]:
    """Yield the contribution, never more than the gross budget (FIG-CONTRIB)."""
    final: Data = facts.record.get("final", EMPTY)
    gross = _amount(facts.record, "final", "gross") if {"gross", "period"} <= final.keys() else None
    weeks = _weeks(facts.policy)[0]
    for one in _contributions(facts.record):
        yield (gross,) if gross and annual(*one, weeks) > annual(*gross, weeks) else (one,)


def _net(facts: Facts, recorded: str) -> Iterator[tuple[Amount, ...]]:
    """Yield gross less contribution less other funding inside the budget; the amount recorded where there is no contribution on record."""
    case = facts.record
    if not {"amount", "maximum"} & case.get("contribution", EMPTY).keys():
        yield (_amount(case, "final", recorded),)
        return
    gross = _amount(case, "final", "gross")
    inside = [(-pence(one["amount"]), gross[1]) for one in stated(case, "case.alternative_funding") if _inside(one)]
    for amount, period in _contributions(case):
        yield (gross, (-amount, period), *inside)


def _inside(funding: Data) -> bool:
    if "inside_budget" not in funding:
        raise Unknown("case.alternative_funding.*.inside_budget")
    if funding["inside_budget"] and "amount" not in funding:
        raise Unknown("case.alternative_funding.*.amount")
    return bool(funding["inside_budget"])


_TARGETS: dict[str, Callable[[Facts], Iterator[tuple[Amount, ...]]]] = {
    "indicative_value": _gross_indicative,
    "sum_available": _gross_final,
    "final_value": _gross_final,
    "council_share": partial(_net, recorded="council_amount"),
    "personal_share": _personal_share,
    "net_figure": partial(_net, recorded="net"),
}


def periods_without_statement(facts: Facts) -> int:
    """Return how many whole statement periods that are due no statement covers, for the managed arrangement with the most.

    Periods are counted from the start of the arrangement and due 28 days after they end. Statements may keep to other days,
    such as quarters of the year: only a stretch without any that is as long as a period counts. Where the policy does not
    say how often, a case with statements has none missing.
    """
    now = _now(facts)
    frequency = facts.policy.get("statements", EMPTY).get("frequency")
    if frequency is None:
        if facts.record.get("statements"):
            return 0
        raise Unknown("policy.statements.frequency")
    if frequency in ("on_request", "none"):
        return 0
    most = 0
    for arrangement in stated(facts.record, "case.arrangements"):
        managed = arrangement["derived"].get("managed")
        if managed is None:
            raise Unknown("case.arrangements.*.contract_party")
        if managed:
            most = max(most, _uncovered_periods(facts.record, arrangement, frequency, _ordinal(now)))
    return most


def _uncovered_periods(case: Data, arrangement: Data, frequency: str, now: int) -> int:
    if "starts_on" not in arrangement:
        raise Unknown("case.arrangements.*.starts_on")
    start = date.fromisoformat(arrangement["starts_on"])
    stop = _ordinal(arrangement["ends_on"]) + 1 if "ends_on" in arrangement else date.max.toordinal() + 1
    due, number = start.toordinal(), 1
    while due < stop:
        after = min(_later(start, frequency, number), stop)
        if after - 1 + STATEMENT_DAYS > now:
            break
        due, number = after, number + 1
    if due == start.toordinal():
        return 0
    statements = stated(case, "case.statements")
    missing = sum(_whole_periods(first, after, frequency) for first, after in _gaps(start.toordinal(), due, _covered(statements)))
    if missing and any(not {"from", "to"} <= one.keys() for one in statements):
        raise Unknown("case.statements.*.to")
    return missing


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _later(start: date, frequency: str, number: int) -> int:
    """Return the first day, as an ordinal, after a number of periods; the end of the calendar where it lies beyond."""
    if frequency == "four_weekly":
        return start.toordinal() + 28 * number
    months = start.month - 1 + MONTHS[frequency] * number
    year, month = start.year + months // 12, months % 12 + 1
    if year > MAXYEAR:
        return date.max.toordinal() + 1
    return date(year, month, min(start.day, monthrange(year, month)[1])).toordinal()


def _covered(statements: Iterable[Data]) -> list[tuple[int, int]]:
    """Return the spans that statements cover, as ordinals, each with the day after its last."""
    return sorted((_ordinal(one["from"]), _ordinal(one["to"]) + 1) for one in statements if {"from", "to"} <= one.keys())


def _gaps(start: int, end: int, covered: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the stretches from `start` up to, not with, `end` that no span covers, each with the day after its last."""
    here = start
    for first, after in covered:
        if here < min(first, end):
            yield here, min(first, end)
        here = max(here, after)
    if here < end:
        yield here, end


def _whole_periods(first: int, after: int, frequency: str) -> int:
    number = 0
    while _later(date.fromordinal(first), frequency, number + 1) <= after:
        number += 1
    return number


def statements_out_of_balance(facts: Facts) -> int:
    """Return how many statements do not close on opening plus paid in less drawn (FIG-CLOSING), give or take a penny."""
    wrong, lacking = 0, ""
    for one in stated(facts.record, "case.statements"):
        missing = next((name for name in ("opening", "paid_in", "closing", "drawdowns") if name not in one), "")
        if not missing and any("amount" not in draw for draw in one["drawdowns"]):
            missing = "drawdowns.*.amount"
        if missing:
            lacking = lacking or missing
            continue
        closing = pence(one["opening"]) + pence(one["paid_in"]) - sum(pence(draw["amount"]) for draw in one["drawdowns"])
        wrong += abs(pence(one["closing"]) - closing) > PENNY
    if lacking and not wrong:
        raise Unknown(f"case.statements.*.{lacking}")
    return wrong


def openings_not_carried(facts: Facts) -> int:
    """Return how many statements open on another sum than the statement that ends the day before closes on."""
    statements: list[Data] = [one for one in stated(facts.record, "case.statements") if {"from", "to"} <= one.keys()]
    wrong, lacking = 0, False
    for one in statements:
        before = [other for other in statements if _ordinal(other["to"]) + 1 == _ordinal(one["from"])]
        if len(before) != 1 or sum(other["from"] == one["from"] for other in statements) > 1:
            continue
        if "closing" in before[0] and "opening" in one:
            wrong += abs(pence(before[0]["closing"]) - pence(one["opening"])) > PENNY
        else:
            lacking = True
    if lacking and not wrong:
        raise Unknown("case.statements.*.opening")
    return wrong


_TOLD_READS = ("case.information", "case.representative.kind", "case.arrangements.*.holder_kind")
_OPTION_READS = ("case.options.*.explained_on", "case.options.*.outcome", "case.options.*.cost")
_STAGE_READS = ("case.final.confirmed_on", "case.final.starts_on", "case.support_started_on", "case.arrangements.*.starts_on")
_FORM_READS = tuple(f"case.arrangements.*.{name}" for name in FORM_INPUTS)
_FINAL_READS = (
    *(f"case.final.{name}" for name in ("gross", "period", "term", "starts_on", "ends_on")),
    "policy.money.weeks_per_year",
)
_CONTRIBUTION_READS = ("case.contribution.amount", "case.contribution.maximum", "case.contribution.period")
_NET_READS = (*_FINAL_READS, *_CONTRIBUTION_READS, "case.alternative_funding")


def _told_reads(topic: str) -> tuple[str, ...]:
    return _TOLD_READS + (_OPTION_READS if topic in ("alternatives", "alternative_costs") else ())


def _off_by(topic: str, source: str, words: str, *reads: str) -> Figure:
    meaning = f"By how much the amount last told differs from {words}, beyond rounding"
    return Figure("money", partial(told_off_by, topic=topic), source, meaning, (*_TOLD_READS, *reads))


_TABLE = "information_rules"
_TOLD = {
    f"told_{topic}": Figure("bool", partial(told, topic=topic), _TABLE, f"The right person was told {words}", _told_reads(topic))
    for topic, words in TOPICS.items()
}
_TOLD_ON = {
    f"told_{topic}_on": Figure(
        "date", partial(told_on, topic=topic), _TABLE, f"The first day on which the right person was told {words}", _told_reads(topic)
    )
    for topic, words in TOPICS.items()
}
_STAGES = {
    name: Figure("bool", partial(has_come, anchor=anchor), _TABLE, meaning, (anchor, *_STAGE_READS))
    for name, anchor, meaning in (
        ("planning_begun", "case.plan.started_on", "Planning, or something that comes after it, lies before the date to judge by"),
        ("choice_made", "case.decision.made_on", "The decision, or something that comes after it, lies before the date to judge by"),
        ("package_settled", "case.final.confirmed_on", "The sign-off, or something that comes after it, lies before the date to judge by"),
    )
}
CASE: dict[str, Figure] = {
    **_TOLD,
    **_TOLD_ON,
    **_STAGES,
    "first_start": Figure("date", first_start, _TABLE, "The first day of any arrangement", ("case.arrangements.*.starts_on",)),
    "direct_payment_start": Figure(
        "date",
        partial(first_start, managed=False),
        _TABLE,
        "The first day of any direct payment",
        ("case.arrangements.*.starts_on", *_FORM_READS),
    ),
    "sum_is_due": Figure(
        "bool",
        sum_is_due,
        _TABLE,
        "There is a final budget, and its confirmation and the first start of an arrangement lie before the date to judge by",
        ("case.final.confirmed_on", "case.final.gross", "case.arrangements.*.starts_on"),
    ),
    "indicative_told_off_by": _off_by(
        "indicative_value",
        "FIG-GROSS-IND",
        "the gross indicative amount",
        "case.indicative.amount",
        "case.indicative.period",
        "case.indicative.basis",
        "policy.money.weeks_per_year",
        *_CONTRIBUTION_READS,
    ),
    "sum_told_off_by": _off_by("sum_available", "FIG-GROSS-FINAL", "the gross final budget", *_FINAL_READS),
    "final_told_off_by": _off_by("final_value", "FIG-GROSS-FINAL", "the gross final budget", *_FINAL_READS),
    "council_share_told_off_by": _off_by("council_share", "FIG-COUNCIL", "the council's share", *_NET_READS, "case.final.council_amount"),
    "personal_share_told_off_by": _off_by("personal_share", "FIG-CONTRIB", "the contribution", *_FINAL_READS, *_CONTRIBUTION_READS),
    "net_told_off_by": _off_by("net_figure", "FIG-NET", "the net budget", *_NET_READS, "case.final.net"),
    "periods_without_statement": Figure(
        "integer",
        periods_without_statement,
        "FIG-STATEMENT-COVER",
        "Whole statement periods that are due and that no statement covers, for the managed arrangement with the most",
        (
            "policy.statements.frequency",
            "case.statements.*.from",
            "case.statements.*.to",
            "case.arrangements.*.starts_on",
            "case.arrangements.*.ends_on",
            *_FORM_READS,
        ),
    ),
    "statements_out_of_balance": Figure(
        "integer",
        statements_out_of_balance,
        "FIG-CLOSING",
        "Statements whose closing balance is not opening plus paid in less drawn",
        ("case.statements",),
    ),
    "openings_not_carried": Figure(
        "integer",
        openings_not_carried,
        "FIG-CLOSING",
        "Statements that do not open on the closing balance of the statement before",
        ("case.statements",),
    ),
}
CONTRACT: dict[str, Figure] = {}
POLICY: dict[str, Figure] = {}
PORTFOLIO: dict[str, Figure] = {}
TALLIES: tuple[Tally, ...] = ()
