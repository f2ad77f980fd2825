"""The figures of an export about the way to a budget: conversions, days, effort and the burden of forms."""

from __future__ import annotations

from pbcheck.portfolio.counted_process import COMPLEXITIES, MEASURES
from pbcheck.portfolio.table import COUNT, DAYS, ENOUGH, MIDDLE, MINUTES, PERCENT, SHARE, PortfolioFigure, in_words

SIGNS = {
    "letter": "a letter announced it",
    "derived": "the budget was derived from the cost of existing services",
    "match": "the budget equals that cost, with no plan completed by confirmation",
    "no_options": "no options were considered",
}
PROCESS: tuple[PortfolioFigure, ...] = (
    PortfolioFigure(
        "FIG-IND-FINAL-SAME",
        "final_equals_indicative",
        "Cases whose final budget equals the estimate",
        SHARE,
        PERCENT,
        (("the same", "final_equals_indicative"),),
        "with_both_figures",
        ("same",),
        ENOUGH,
    ),
    PortfolioFigure(
        "FIG-CONVERT-SHARE",
        "conversions",
        "Budgets that look like mere conversions of services",
        SHARE,
        PERCENT,
        (("two signs or more, and not excused", "conversions"),),
        "with_budget",
        ("with_budget",),
        ENOUGH,
    ),
    PortfolioFigure(
        "FIG-CONVERT-SHARE",
        "conversion_signs",
        "Budgets with each sign of a conversion",
        SHARE,
        PERCENT,
        tuple((words, f"sign.{sign}") for sign, words in SIGNS.items()),
        "with_budget",
        ("with_budget",),
    ),
    PortfolioFigure(
        "FIG-DAYS-TO-SUPPORT",
        "days_to_support",
        "Days from the completed assessment to the start of support",
        MIDDLE,
        DAYS,
        (("median", "days_to_support"),),
        "days.started",
        ("days",),
    ),
    PortfolioFigure(
        "FIG-DAYS-TO-SUPPORT",
        "support_started",
        "People assessed whose support has started",
        SHARE,
        PERCENT,
        (("started", "days.started"), ("not started", "days.waiting")),
        "days.in",
        ("days",),
    ),
    PortfolioFigure(
        "FIG-DAYS-TO-SUPPORT",
        "days_waiting",
        "Days since the assessment of those whose support has not started",
        MIDDLE,
        DAYS,
        (("median", "age_in_days"),),
        "days.waiting",
        ("days",),
    ),
    *(
        PortfolioFigure(
            "FIG-PLAN-EFFORT",
            f"planning_{what}_{one}",
            f"The council's {what} on a plan for {in_words(one)} needs",
            MIDDLE,
            unit,
            (("median", f"{counted}_{one}"),),
            f"effort.{what}.{one}",
            (f"effort.{what}",),
        )
        for what, counted, unit in (("minutes", "council_minutes", MINUTES), ("stages", "approval_stages", COUNT))
        for one in COMPLEXITIES
    ),
    *(
        PortfolioFigure(
            "FIG-BURDEN",
            f"burden_{one}",
            f"What an assessment asks of people: {one}",
            MIDDLE,
            MINUTES if one == "minutes" else COUNT,
            (("median", f"burden_{one}"),),
            f"burden.{one}.in",
            (f"burden.{one}",),
        )
        for one in MEASURES
    ),
    PortfolioFigure(
        "FIG-BURDEN",
        "burden_over",
        "Assessments above two or three of the limits for forms, questions and minutes",
        SHARE,
        PERCENT,
        (("above", "burden.over"),),
        "burden.told",
        ("burden",),
    ),
)
