"""Figures about the decision on form and holder: what is kept, what was weighed, and whether it is of today."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache

from pbcheck.figures.dates import days
from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown, stated

HOLDERS = ("person", "representative", "trust", "organisation_or_professional", "support_provider", "local_authority")
_HOLDER_OPTIONS = frozenset((*HOLDERS, "other"))
_USUAL_HOLDERS = {
    "direct_payment": ("person", "representative", "trust", "organisation_or_professional"),
    "council_provided": ("local_authority",),
    "council_account": ("local_authority",),
    "third_party_account": ("support_provider",),
}
_MONTHS = 12


def existing_kept(facts: Facts) -> bool:
    """Return whether the person keeps services they had before: what the decision says counts before the services themselves."""
    case = facts.record
    decision = case.get("decision", EMPTY)
    if "retained_existing" in decision:
        return bool(decision["retained_existing"])
    if "existing_services" not in case:
        raise Unknown("case.decision.retained_existing")
    unknown = False
    for one in case["existing_services"]:
        if "retained" not in one:
            unknown = True
        elif one["retained"]:
            return True
    if unknown:
        raise Unknown("case.existing_services.*.retained")
    return False


def options_weighed(facts: Facts) -> int:
    """Return how many ways of managing the money were on the table: a form and its usual holder are one way, not two."""
    options = stated(facts.record, "case.decision.options_considered")
    holders = _HOLDER_OPTIONS.intersection(options)
    forms = len(options) - len(holders)
    if forms != 1 or len(holders) != 1:
        return max(forms, len(holders))
    form = next(one for one in options if one not in holders)
    return 1 if form == "mixed" or next(iter(holders)) in _USUAL_HOLDERS[form] else 2


def control_current(facts: Facts) -> bool:
    """Return whether control was settled, by the decision or a later review of it, within a budget term of the confirmation."""
    case = facts.record
    final = case.get("final", EMPTY)
    if "confirmed_on" not in final:
        raise Unknown("case.final.confirmed_on")
    confirmed = final["confirmed_on"]
    decided = case.get("decision", EMPTY).get("made_on", "")
    settled, missing = _last_settled(case, confirmed, decided)
    if settled and _within_term(settled, confirmed, final):
        return True
    if not decided:
        raise Unknown("case.decision.made_on")
    if missing:
        raise Unknown(missing)
    return False


def _last_settled(case: Data, confirmed: str, decided: str) -> tuple[str, str]:
    """Return the last day on which control was settled, and the path of what is missing that might have settled it later."""
    if "reviews" not in case:
        return decided, "case.reviews"
    settled = decided
    undated = unsaid = False
    for one in case["reviews"]:
        if "date" not in one:
            undated = True
        elif one["date"] <= confirmed:
            if "control_reviewed" not in one:
                unsaid = True
            elif one["control_reviewed"] and one["date"] > settled:
                settled = one["date"]
    return settled, "case.reviews.*.date" if undated else "case.reviews.*.control_reviewed" if unsaid else ""


def _within_term(settled: str, confirmed: str, final: Data) -> bool:
    if confirmed <= settled or confirmed <= _months_later(settled, _MONTHS):
        return True
    if final.get("term") not in ("short_term", "long_term"):
        return False
    if "starts_on" not in final or "ends_on" not in final:
        raise Unknown("case.final.ends_on")
    return days(settled, confirmed) <= days(final["starts_on"], final["ends_on"]) + 1


@lru_cache(maxsize=8192)
def _months_later(day: str, months: int) -> str:
    start = date.fromisoformat(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max.isoformat()
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).isoformat()


CASE = {
    "existing_kept": Figure(
        "bool",
        existing_kept,
        "PPF-1-27",
        "The person keeps services they had before",
        ("case.decision.retained_existing", "case.existing_services.*.retained"),
    ),
    "options_weighed": Figure(
        "integer",
        options_weighed,
        "PPF-I-5",
        "How many ways of managing the money were on the table; a form and its usual holder are one way",
        ("case.decision.options_considered",),
    ),
    "control_current": Figure(
        "bool",
        control_current,
        "CWR-2-10",
        "Control was decided, or looked at again in a review, within one budget term (12 months where none is recorded) of confirmation",
        (
            "case.decision.made_on",
            "case.final.confirmed_on",
            "case.final.term",
            "case.final.starts_on",
            "case.final.ends_on",
            "case.reviews.*.date",
            "case.reviews.*.control_reviewed",
        ),
    ),
}
