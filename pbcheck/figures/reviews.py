"""Figures about reviews: whether one is overdue, and how long an annual budget runs (PPF-I-9, CWR-1-19)."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, date
from functools import lru_cache

from pbcheck.figures.dates import days
from pbcheck.figures.figure import EMPTY, Facts, Figure, Unknown

YEAR = 12
_READS = (
    "case.as_of",
    "case.reviews.*.date",
    "case.final.starts_on",
    "case.final.ends_on",
    "case.support_started_on",
    "case.arrangements.*.ends_on",
)


@lru_cache(maxsize=8192)
def months_later(start: str, months: int) -> str:
    """Return the ISO date a number of whole months after another: the same day, or the last day of a shorter month."""
    year, month = divmod(int(start[:4]) * 12 + int(start[5:7]) - 1 + months, 12)
    if year > MAXYEAR:
        return date.max.isoformat()
    return date(year, month + 1, min(int(start[8:10]), monthrange(year, month + 1)[1])).isoformat()


def outcome_review_overdue(facts: Facts) -> int:
    """Return the days by which a review of outcomes is overdue (FIG-REVIEW-GAP); 0 where none is due yet."""
    return _overdue(facts, facts.policy.get("reviews", EMPTY).get("interval_months") or YEAR)


def yearly_review_overdue(facts: Facts) -> int:
    """Return the days by which the yearly look at a budget is overdue (CWR-1-19)."""
    return _overdue(facts, YEAR)


def _overdue(facts: Facts, months: int) -> int:
    until = _judged_on(facts)
    case = facts.record
    reviews = case.get("reviews")
    if reviews is None:
        raise Unknown("case.reviews")
    last: str = case.get("final", EMPTY).get("starts_on") or case.get("support_started_on") or ""
    for one in reviews:
        held = one.get("date")
        if held is None:
            raise Unknown("case.reviews.*.date")
        if last < held <= until:
            last = held
    if not last:
        raise Unknown("case.final.starts_on")
    due = months_later(last, months)
    return days(due, until) if due < until else 0


def _judged_on(facts: Facts) -> str:
    """Return the date to judge by, or the day on which the budget or its last arrangement ended, if that was earlier."""
    until = facts.as_of
    if until is None:
        raise Unknown("as_of")
    case = facts.record
    ended = case.get("final", EMPTY).get("ends_on")
    if ended is not None and ended < until:
        until = ended
    latest = ""
    for one in case.get("arrangements", ()):
        ended = one.get("ends_on")
        if ended is None:
            return until
        if ended > latest:
            latest = ended
    return latest if "" < latest < until else until


def days_beyond_a_year(facts: Facts) -> int:
    """Return the days by which the budget ends later than a year after its start; 0 where it does not."""
    final = facts.record.get("final", EMPTY)
    start, end = final.get("starts_on"), final.get("ends_on")
    if start is None:
        raise Unknown("case.final.starts_on")
    if end is None:
        raise Unknown("case.final.ends_on")
    due = months_later(start, YEAR)
    return days(due, end) if due < end else 0


CASE: dict[str, Figure] = {
    "outcome_review_overdue": Figure(
        "integer",
        outcome_review_overdue,
        "FIG-REVIEW-GAP",
        "Days by which a review of outcomes is overdue: the policy's interval, else twelve months, after the start or the last review",
        (*_READS, "policy.reviews.interval_months"),
    ),
    "yearly_review_overdue": Figure(
        "integer",
        yearly_review_overdue,
        "FIG-REVIEW-GAP",
        "Days by which a review is overdue, twelve months after the start or the last review",
        _READS,
    ),
    "days_beyond_a_year": Figure(
        "integer",
        days_beyond_a_year,
        "CWR-1-19",
        "Days by which the budget ends later than a year after its start",
        ("case.final.starts_on", "case.final.ends_on"),
    ),
}
