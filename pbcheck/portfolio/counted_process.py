"""How a case came to its budget: converted or planned, in how many days, with what effort and what burden of forms."""

from __future__ import annotations

from pbcheck.figures.budget.base import Base
from pbcheck.figures.conversion import signals
from pbcheck.figures.dates import days
from pbcheck.figures.figure import EMPTY, Addition, Data
from pbcheck.figures.form_burden import over_limits
from pbcheck.portfolio.counted_people import NO_BUDGET

COMPLEXITIES = ("standard", "complex", "very_complex")
MEASURES = ("forms", "questions", "minutes")
_MEASURED = tuple((name, f"burden.{name}.in", f"burden.{name}.out:not recorded") for name in MEASURES)


def count_process(delta: Addition, sheet: Base) -> None:
    """Add how one case came to its budget."""
    if delta["with_budget"]:
        _conversion(delta, sheet)
    else:
        delta[f"with_budget.out:{NO_BUDGET}"] = 1
    _days(delta, sheet)
    _effort(delta, sheet.case)
    _burden(delta, sheet.case.get("assessment", EMPTY))


def _conversion(delta: Addition, sheet: Base) -> None:
    """Count the signs of a mere conversion in a case with a confirmed budget (FIG-CONVERT-SHARE)."""
    case = sheet.case
    shown = {
        "letter": "conversion_letter_on" in case,
        "derived": case["final"].get("derived_by") == "existing_service_cost",
        "no_options": case.get("decision", EMPTY).get("options_considered") == [],
    }
    shown["match"] = signals(sheet.facts) > sum(shown.values())  # the fourth of the signs that are counted there
    for sign, there in shown.items():
        delta[f"sign.{sign}" if there else f"sign.{sign}.not"] = 1
    delta["conversions.not"] = 1 - delta["conversions"]


def _days(delta: Addition, sheet: Base) -> None:
    """Count a case as started or, with its age in days, as not started (FIG-DAYS-TO-SUPPORT), or say why it is left out."""
    case = sheet.case
    assessed, today = case.get("assessment", EMPTY).get("completed_on"), sheet.facts.as_of
    if assessed is None:
        delta["days.out:no completed assessment is recorded"] = 1
    elif "support_started_on" in case:
        delta["days.started"] = 1
    elif case.get("person", EMPTY).get("eligible") is False:
        delta["days.out:not eligible"] = 1
    elif _stopped(case):
        delta["days.out:stopped when told of the option, before there was a plan"] = 1
    elif today is None or today < assessed:
        delta["days.out:not started, and no date to count its age by"] = 1
    else:
        delta["days.waiting"] = 1
        delta[f"age_in_days:{days(assessed, today)}"] = 1


def _stopped(case: Data) -> bool:
    """Return whether someone was told that they may stop here and no plan, decision or budget followed: taken as a withdrawal."""
    told = any(one.get("topic") == "may_stop_here" for one in case.get("information", ()))
    return told and not any(name in case for name in ("plan", "decision", "final"))


def _effort(delta: Addition, case: Data) -> None:
    """Count the stages of approval by complexity, and of how many cases minutes and stages are known (FIG-PLAN-EFFORT)."""
    complexity, plan = case.get("person", EMPTY).get("complexity"), case.get("plan", EMPTY)
    stages = plan.get("approval_stages")
    if complexity is None:
        delta["effort.minutes.out:complexity is not recorded"] = 1
        delta["effort.stages.out:complexity is not recorded"] = 1
        return
    if plan.get("council_minutes") is None:
        delta["effort.minutes.out:minutes are not recorded"] = 1
    else:
        delta[f"effort.minutes.{complexity}"] = 1
    if stages is None:
        delta["effort.stages.out:stages are not recorded"] = 1
    else:
        delta[f"effort.stages.{complexity}"] = 1
        delta[f"approval_stages_{complexity}:{stages}"] = 1


def _burden(delta: Addition, measures: Data) -> None:
    """Count forms (less one about money), questions and minutes, and whether two of the three are above their limits (FIG-BURDEN)."""
    for name, there, not_recorded in _MEASURED:
        number = measures.get(name)
        if number is None:
            delta[not_recorded] = 1
        else:
            delta[there] = 1
            delta[f"burden_{name}:{number - (name == 'forms' and measures.get('financial_forms', 0) >= 1)}"] = 1
    over, unknown = over_limits(measures)
    if over < 2 <= over + unknown:
        delta["burden.out:too little is recorded to tell"] = 1
    else:
        delta["burden.over" if over >= 2 else "burden.within"] = 1
