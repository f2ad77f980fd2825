"""The figures of the way to a budget: when people were told, how long it took, what it asked of them, and when it was looked at again."""

from __future__ import annotations

from typing import Any

from pbcheck.figures.budget.base import Base, Lacking, Number, not_here
from pbcheck.figures.budget.figure import A_YEAR, COUNT, DAYS, MONTHS, BudgetFigure
from pbcheck.figures.figure import EMPTY, Data, Unknown
from pbcheck.figures.form_burden import over_limits
from pbcheck.figures.information import by_topic, first_day, plainly_told, when_told
from pbcheck.figures.reviews import YEAR

_PLANNING, _CHOICE, _CONFIRMATION, _START = "planning", "choice", "confirmation", "start"
EVENTS = {
    "finance_disclosure": _PLANNING,
    "possible_contribution": _PLANNING,
    "may_stop_here": _PLANNING,
    "planning_help": _PLANNING,
    "indicative_value": _PLANNING,
    "options_for_managing": _CHOICE,
    "alternatives": _CHOICE,
    "alternative_costs": _CHOICE,
    "consequences_liability": _CHOICE,
    "consequences_payment": _CHOICE,
    "less_control_than_dp": _CHOICE,
    "component_costs": _CONFIRMATION,
    "drawdown": _CONFIRMATION,
    "final_value": _CONFIRMATION,
    "council_share": _CONFIRMATION,
    "personal_share": _CONFIRMATION,
    "net_figure": _CONFIRMATION,
    "how_to_change": _START,
    "sum_available": _START,
    "support_available": _START,
    "support_access": _START,
    "brokerage_managed": _START,
    "brokerage_external": _START,
    "move_to_managed_full": _START,
    "move_to_managed_partial": _START,
}
"""The event that each topic of information must precede (table information_rules): planning, choice, confirmation, first day."""
_BEFORE = {topic: (event, when_told(topic)) for topic, event in EVENTS.items()}
_NEVER = ("", "")


def information_lead(sheet: Base) -> Any:
    """Return for each topic that the right person was told, the days from then to the event that it must precede."""
    sheet.items(sheet.case, "information", "case")
    case = sheet.case
    events = {
        _PLANNING: case.get("plan", EMPTY).get("started_on"),
        _CHOICE: case.get("decision", EMPTY).get("made_on"),
        _CONFIRMATION: case.get("final", EMPTY).get("confirmed_on"),
        _START: min([one["starts_on"] for one in case.get("arrangements", ()) if "starts_on" in one], default=None),
    }
    found: dict[str, Number] = {}
    plain, days, saw = plainly_told(sheet.facts), sheet.days, sheet.saw
    for topic, entries in by_topic(sheet.facts).items():
        stage, when = _BEFORE.get(topic, _NEVER)
        event = events.get(stage)
        if event is not None:
            told = plain.get(when) or first_day(sheet.facts, topic)[0]  # the rules on information say what is missing
            if told:
                found[topic] = days(told, event)
                saw(entries[0], "given_on")
    return found or not_here("no topic was told before an event that is recorded")


def review_gap(sheet: Base) -> Any:
    """Return the months since the last review, or the start, beside the intervals for reviewing outcomes and the budget."""
    today, budget = sheet.today(), sheet.case.get("final", EMPTY)
    start = sheet.date(budget, "starts_on", "case.final")
    if start > today:
        return not_here("the budget has not started")
    last = max([start, *(day for one in sheet.items(sheet.case, "reviews", "case") if (day := _held(one)) <= today)])
    months = sheet.months(last, today)
    interval = sheet.policy.get("reviews", EMPTY).get("interval_months") or YEAR
    found = {"months": months, "interval for outcomes": interval, "overdue for outcomes": sheet.most(months - interval, 0)}
    term = budget.get("term", "annual")
    if term == "annual":
        found["overdue for the budget"] = sheet.most(months - YEAR, 0)
    elif term == "long_term":
        terms: Data = sheet.policy.get("funding_terms", EMPTY)
        if "review_interval_months" in terms:
            found["overdue for the budget"] = sheet.most(months - terms["review_interval_months"], 0)
    elif term == "short_term" and "ends_on" in budget:
        found["overdue for the budget"] = sheet.most(sheet.months(budget["ends_on"], today), 0)
    return found


def _held(review: Data) -> str:
    if "date" not in review:
        raise Unknown("case.reviews.*.date")
    return str(review["date"])


def burden(sheet: Base) -> Any:
    """Return the forms, one about money left out, the questions and the minutes, and how many of the three are above their limits."""
    measures: Data = sheet.case.get("assessment", EMPTY)
    found: dict[str, Number] = {}
    if "forms" in measures:
        forms = sheet.count(measures, "forms", "case.assessment")
        found["forms"] = forms - 1 if measures.get("financial_forms", 0) >= 1 else forms
    for name in ("questions", "minutes"):
        if name in measures:
            found[name] = sheet.count(measures, name, "case.assessment")
    if not found:
        raise Unknown("case.assessment.forms")
    found["above their limits"] = over_limits(measures)[0]
    return found


def planning_effort(sheet: Base) -> Any:
    """Return the council's minutes on the plan and its stages of approval, and the gross budget for each stage."""
    plan: Data = sheet.case.get("plan", EMPTY)
    found: dict[str, Number] = {}
    if "council_minutes" in plan:
        found["minutes"] = sheet.count(plan, "council_minutes", "case.plan")
    if "approval_stages" in plan:
        stages = found["stages"] = sheet.count(plan, "approval_stages", "case.plan")
        if stages > 0 and type(gross := sheet.found("gross_final")) is not Lacking:  # minutes and stages are known without it
            found["gross budget a stage"] = sheet.parted(gross, stages)
    if not found:
        raise Unknown("case.plan.council_minutes")
    return found


def days_to_support(sheet: Base) -> Any:
    """Return the days from the completed assessment to the start of support."""
    if "support_started_on" not in sheet.case:
        return not_here("support has not started")
    assessed = sheet.date(sheet.case.get("assessment", EMPTY), "completed_on", "case.assessment")
    return sheet.days(assessed, sheet.date(sheet.case, "support_started_on", "case"))


FIGURES = (
    BudgetFigure(
        "information_lead",
        "FIG-INFO-LEAD",
        "How long before the event a topic was told",
        DAYS,
        information_lead,
        "the day of the event less the first day on which the right person was told; equal days give 0",
        ("PPF-1-15", "PPF-4-6"),
        (
            "case.information",
            "case.options",
            "case.representative.kind",
            "case.arrangements",
            "case.plan.started_on",
            "case.decision.made_on",
            "case.final.confirmed_on",
        ),
    ),
    BudgetFigure(
        "review_gap",
        "FIG-REVIEW-GAP",
        "Months since the last review",
        MONTHS,
        review_gap,
        "whole months from the start or the last review to the date judged by, against the policy's interval, else twelve",
        ("PPF-I-9", "CWR-1-19"),
        (
            "case.reviews",
            "case.final",
            "policy.reviews.interval_months",
            "policy.funding_terms.review_interval_months",
            "as_of",
        ),
    ),
    BudgetFigure(
        "burden",
        "FIG-BURDEN",
        "What the forms ask of people",
        COUNT,
        burden,
        "forms less one about money, questions and minutes; and how many are above 2, 60 and 120",
        ("CWR-1-15",),
        ("case.assessment.forms", "case.assessment.financial_forms", "case.assessment.questions", "case.assessment.minutes"),
        (("minutes", "minutes"),),
    ),
    BudgetFigure(
        "planning_effort",
        "FIG-PLAN-EFFORT",
        "The council's effort on the plan",
        COUNT,
        planning_effort,
        "minutes and stages of approval; the gross budget over the stages",
        ("PPF-5-13", "PPF-5-14"),
        ("case.plan.council_minutes", "case.plan.approval_stages", "case.final", "case.year_ends", "policy.money.weeks_per_year"),
        (("minutes", "minutes"), ("gross", A_YEAR)),
    ),
    BudgetFigure(
        "days_to_support",
        "FIG-DAYS-TO-SUPPORT",
        "Days from the assessment to the support",
        DAYS,
        days_to_support,
        "the day on which support started less the day on which the assessment was completed",
        ("PPF-5-14",),
        ("case.assessment.completed_on", "case.support_started_on"),
    ),
)
