"""The sums of money that a case adds, in whole parts of a penny, and how many cases each sum is about."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from pbcheck.figures.budget.base import Base, Not, Number
from pbcheck.figures.budget.drawn import drawn_between
from pbcheck.figures.budget.sums import contribution_of_year
from pbcheck.figures.contributions import half_up
from pbcheck.figures.figure import EMPTY, Addition, Data, Unknown
from pbcheck.figures.yearly import PARTS, POUND

NOT_COUNTED = ("voluntary_return", "error_corrected", "misuse", "overpayment", "closing_balance")
FIXED_TERMS = ("short_term", "one_off_grant")
_TAKEN = tuple(
    (f"clawback.{key}", f"clawback.{key}.not", name)
    for key, name in (("taken", "taken back"), *((kind, f"not counted: {kind.replace('_', ' ')}") for kind in NOT_COUNTED))
)
"""What is counted of money taken or given back: the key of the sum, that of the cases without one, and what the figure calls it."""
_NOTHING_TAKEN = {none: 1 for _, none, _ in _TAKEN}


def count_money(delta: Addition, sheet: Base) -> None:
    """Add the sums of one case."""
    _movement(delta, sheet)
    _same(delta, sheet.case)
    if delta["current"]:
        _totals(delta, sheet)
        _plans(delta, sheet)
        _drawn(delta, sheet)
    _unspent(delta, sheet)
    _clawback(delta, sheet)


def whole(number: Number) -> int:
    """Return a sum in parts as a whole number of them: exact where it is one, else rounded half up to the penny."""
    if isinstance(number, int):
        return number
    exact = Fraction(number)
    if exact.denominator == 1:
        return exact.numerator
    return half_up(exact.numerator, exact.denominator * PARTS) * PARTS


def _add(delta: Addition, key: str, parts: int) -> None:
    """Add a sum, and under `.people` whether the case has any of it."""
    delta[key] = parts
    delta[f"{key}.people"] = parts != 0


def _fixed(case: Data) -> bool:
    """Return whether the budget is for a fixed time or purpose, so that it is no sum a year."""
    final = case.get("final", EMPTY)
    return final.get("term") in FIXED_TERMS or final.get("period") == "one_off"


def _movement(delta: Addition, sheet: Base) -> None:
    """Add the way from estimate to final budget (FIG-IND-FINAL-DIFF) of a case with a confirmed budget, or why it is left out."""
    case = sheet.case
    if "confirmed_on" not in case.get("final", EMPTY):
        return
    estimate = case.get("indicative", EMPTY)
    try:
        found = sheet.value("indicative_to_final")
        before = 0 if isinstance(found, Not) else whole(sheet.exactly("gross_indicative"))
    except Unknown as lack:
        delta[f"movement.out:{lack.args[0]} is not recorded"] = 1
        return
    if isinstance(found, Not):
        delta[f"movement.out:{found.reason}"] = 1
        return
    if _fixed(case) != (estimate["period"] == "one_off"):
        delta["movement.out:one of the two is for a fixed term and the other for a year"] = 1
        return
    change = whole(found["a year"])
    same = abs(change) <= (PARTS if estimate["period"] == case["final"].get("period") else POUND)
    delta["movement.same" if same else "movement.up" if change > 0 else "movement.down"] = 1
    _add(delta, "movement.change", change)
    _add(delta, "movement.before", before)


def _same(delta: Addition, case: Data) -> None:
    """Count whether final and estimate are the same (FIG-IND-FINAL-SAME), from the totals that rules use, or why a case is left out."""
    if delta["with_both_figures"]:
        delta["same.not"] = 1 - delta["final_equals_indicative"]
        return
    estimate = case.get("indicative", EMPTY)
    reason = "the estimate or the final budget is not recorded"
    if estimate.get("method") == "prior_budget":
        reason = "a budget agreed before was carried on"
    elif estimate.get("basis") == "net":
        reason = "the estimate is recorded net"
    delta[f"same.out:{reason}"] = 1


def _totals(delta: Addition, sheet: Base) -> None:
    """Add the gross budget (FIG-GROSS-FINAL), and who pays it (FIG-CONTRIB, FIG-NET), of a current budget."""
    try:
        gross = whole(sheet.exactly("gross_final"))
    except Unknown as lack:
        delta[f"totals.out:{lack.args[0]} is not recorded"] = 1
        return
    if _fixed(sheet.case):
        delta["totals.fixed.in"] = 1
        _add(delta, "totals.fixed", gross)
        return
    delta["totals.in"] = 1
    _add(delta, "totals.gross", gross)
    try:
        contribution = whole(contribution_of_year(sheet))
        net = whole(sheet.of_year(sheet.exactly("net"), sheet.case["final"]["period"]))
    except Unknown as lack:
        delta[f"pays.out:{lack.args[0]} is not recorded"] = 1
        _add(delta, "pays.not_told", gross)
        return
    delta["pays.in"] = 1
    _add(delta, "pays.person", contribution)
    _add(delta, "pays.council", net)
    _add(delta, "pays.others", gross - contribution - net)


def _plans(delta: Addition, sheet: Base) -> None:
    """Add the cost of the plan of a current budget that runs from year to year, beside its gross budget (FIG-PLAN-COST)."""
    if _fixed(sheet.case):
        delta["plans.out:the budget is for a short term or a single purpose"] = 1
        return
    try:
        gross = whole(sheet.exactly("gross_final"))
    except Unknown as lack:
        delta[f"plans.out:{lack.args[0]} is not recorded"] = 1
        return
    try:
        cost = whole(sheet.exactly("plan_cost"))
    except Unknown as lack:
        delta[f"plans.out:{lack.args[0]} is not recorded"] = 1
        _add(delta, "plans.not_told", gross)
        return
    delta["plans.in"] = 1
    _add(delta, "plans.gross", gross)
    _add(delta, "plans.cost", cost)


def _drawn(delta: Addition, sheet: Base) -> None:
    """Add what was drawn of a current managed budget in its budget year so far, beside what falls on those days (FIG-DRAWN)."""
    try:
        left, due = sheet.value("remaining"), sheet.exactly("year_so_far")
        if isinstance(left, Not) or "year view" not in left:
            reason = left.reason if isinstance(left, Not) else "the money is paid out and not drawn from an account"
            delta[f"drawn.out:{reason}"] = 1
            return
        today = min(sheet.today(), sheet.case["final"].get("ends_on", sheet.today()))
        spent = drawn_between(sheet, sheet.budget_year(today).first, today)
    except Unknown as lack:
        delta[f"drawn.out:{lack.args[0]} is not recorded"] = 1
        return
    delta["drawn.in"] = 1
    _add(delta, "drawn.due", whole(due))
    _add(delta, "drawn.drawn", whole(spent))


def _unspent(delta: Addition, sheet: Base) -> None:
    """Add what was left, and what was overspent, at the year ends of a case (FIG-UNSPENT): as recorded, else as worked out."""
    try:
        found = sheet.value("unspent")
    except Unknown as lack:
        delta[f"unspent.out:{lack.args[0]} is not recorded"] = 1
        return
    if isinstance(found, Not):
        delta[f"unspent.out:{found.reason}"] = 1
        return
    sums = list(_by_year_end(found))
    left, over = sum(one for one in sums if one > 0), -sum(one for one in sums if one < 0)
    delta["unspent.in"] = 1
    for key, parts in (("unspent.left", left), ("unspent.over", over)):
        _add(delta, key, parts)
        delta[f"{key}.not"] = parts == 0


def _by_year_end(found: dict[str, Number]) -> Iterator[int]:
    """Yield one sum for each year end: what is recorded, else what was worked out."""
    for name in found:
        end, _, kind = name.partition(": ")
        if kind == "recorded" or f"{end}: recorded" not in found:
            yield whole(found[name])


def _clawback(delta: Addition, sheet: Base) -> None:
    """Add the unspent money taken back (FIG-CLAWBACK), and beside it what was taken or given back and does not count."""
    try:
        found = sheet.value("clawback")
    except Unknown as lack:
        delta[f"clawback.out:{lack.args[0]} is not recorded"] = 1
        return
    delta["clawback.in"] = 1
    if len(found) == 1 and not found["taken back"]:
        delta.update(_NOTHING_TAKEN)
        return
    for key, none, name in _TAKEN:
        parts = whole(found[name]) if name in found else 0
        if parts:
            _add(delta, key, parts)
        else:
            delta[none] = 1
