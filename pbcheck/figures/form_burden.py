"""Figures about the load of forms, questions and minutes that an assessment or an allocation system puts on people (FIG-BURDEN)."""

from __future__ import annotations

from collections.abc import Callable

from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown

FORMS, QUESTIONS, MINUTES = 2, 60, 120  # limits of our own: the notes give none (CWR-1-15)


def over_limits(measures: Data) -> tuple[int, int]:
    """Return how many of forms, questions and minutes are above their limits, and of how many that cannot be said (FIG-BURDEN)."""
    forms, questions, minutes = measures.get("forms"), measures.get("questions"), measures.get("minutes")
    over, unknown = 0, (questions is None) + (minutes is None)
    if questions is not None and questions > QUESTIONS:
        over += 1
    if minutes is not None and minutes > MINUTES:
        over += 1
    if forms is None:
        return over, unknown + 1
    money = measures.get("financial_forms")  # one form about money does not count
    if money is None:
        return (over, unknown + 1) if forms == FORMS + 1 else (over + (forms > FORMS), unknown)
    return over + (forms - (money >= 1) > FORMS), unknown


def _burden(root: str, section: str) -> Callable[[Facts], int]:
    missing = f"{root}.{section}.forms"

    def burden(facts: Facts) -> int:
        """Return how many measures are above their limits; Unknown where those not recorded could make it two of three."""
        over, unknown = over_limits(facts.record.get(section, EMPTY))
        if over < 2 <= over + unknown:
            raise Unknown(missing)
        return over

    return burden


def _burden_seen(root: str, section: str) -> Callable[[Facts], int]:
    missing = f"{root}.{section}.forms"

    def burden_seen(facts: Facts) -> int:
        """Return how many recorded measures are above their limits; Unknown where none is recorded."""
        measures = facts.record.get(section, EMPTY)
        if "forms" not in measures and "questions" not in measures and "minutes" not in measures:
            raise Unknown(missing)
        return over_limits(measures)[0]

    return burden_seen


_CASE_READS = ("case.assessment.forms", "case.assessment.financial_forms", "case.assessment.questions", "case.assessment.minutes")
_POLICY_READS = ("policy.ras.forms", "policy.ras.financial_forms", "policy.ras.questions", "policy.ras.minutes")

CASE: dict[str, Figure] = {
    "form_burden": Figure(
        "integer",
        _burden("case", "assessment"),
        "FIG-BURDEN",
        "How many of forms, questions and minutes are above 2, 60 and 120, one form about money left out",
        _CASE_READS,
    ),
    "form_burden_seen": Figure(
        "integer",
        _burden_seen("case", "assessment"),
        "FIG-BURDEN",
        "How many of the recorded measures of forms, questions and minutes are above their limits",
        _CASE_READS,
    ),
}
POLICY: dict[str, Figure] = {
    "ras_form_burden": Figure(
        "integer",
        _burden("policy", "ras"),
        "FIG-BURDEN",
        "How many of forms, questions and minutes of the allocation system are above 2, 60 and 120, one form about money left out",
        _POLICY_READS,
    ),
    "ras_form_burden_seen": Figure(
        "integer",
        _burden_seen("policy", "ras"),
        "FIG-BURDEN",
        "How many of the stated measures of the allocation system's forms are above their limits",
        _POLICY_READS,
    ),
}
