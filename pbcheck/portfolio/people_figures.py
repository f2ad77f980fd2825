"""The figures of an export about people: who has a budget, on which form, with which holder, for how long."""

from __future__ import annotations

from pbcheck.portfolio.table import PERCENT, SHARE, PortfolioFigure, in_words

FORMS = ("direct_payment", "council_provided", "council_account", "third_party_account", "mixed", "not_known")
HOLDERS = ("person", "representative", "trust", "organisation_or_professional", "support_provider", "local_authority", "other")

PEOPLE: tuple[PortfolioFigure, ...] = (
    PortfolioFigure(
        "FIG-COVERAGE",
        "coverage",
        "Eligible people with ongoing needs who have a personal budget",
        SHARE,
        PERCENT,
        (("with a confirmed budget", "coverage.budget"), ("in process", "coverage.process")),
        "coverage.in",
        ("coverage",),
    ),
    PortfolioFigure(
        "FIG-COVERAGE",
        "coverage_full_cost",
        "Full-cost payers who have a personal budget, beside the coverage",
        SHARE,
        PERCENT,
        (("with a confirmed budget", "full_cost.budget"),),
        "full_cost.all",
    ),
    PortfolioFigure(
        "FIG-FORM-MIX",
        "form_mix",
        "People with a current budget, by form",
        SHARE,
        PERCENT,
        tuple((in_words(one), f"form.{one}") for one in FORMS),
        "current",
        ("current",),
        note="The form is derived from who is party to the contract; someone with two forms counts once, as mixed.",
    ),
    PortfolioFigure(
        "FIG-HOLDER-MIX",
        "holder_mix",
        "People with a current budget, by kind of holder",
        SHARE,
        PERCENT,
        (
            *((in_words(one), f"holder.{one}") for one in HOLDERS),
            ("not recorded", "holder.unknown"),
            ("no current arrangement", "holder.none"),
            ("several kinds of holder", "holders.several"),
        ),
        "current",
        ("current",),
        note="Someone with several kinds of holder counts with each of them; an agent is no holder.",
    ),
    PortfolioFigure(
        "FIG-TERM-MIX",
        "term_mix",
        "Current budgets by funding term",
        SHARE,
        PERCENT,
        (
            ("annual", "term.annual_all"),
            ("annual, assumed as no term is recorded", "term.assumed"),
            *((in_words(one), f"term.{one}") for one in ("one_off_grant", "short_term", "long_term")),
        ),
        "current",
        ("current",),
    ),
    PortfolioFigure(
        "ASCOF-3D",
        "self_directed",
        "Today's indicator: adults with self-directed support (part 1a)",
        SHARE,
        PERCENT,
        (
            ("direct payment, part direct payment or council-managed budget", "today.self_directed"),
            ("direct payment", "today.direct"),
            ("part direct payment", "today.part"),
            ("council-managed budget", "today.managed"),
            ("commissioned only", "today.commissioned"),
        ),
        "today.in",
        ("today",),
        note="Of adults with long-term support in the community that runs on the date.",
    ),
    PortfolioFigure(
        "ASCOF-3D",
        "with_direct_payment",
        "Today's indicator: adults with a direct payment (part 2a)",
        SHARE,
        PERCENT,
        (("direct payment, wholly or in part", "today.with_direct"),),
        "today.in",
        ("today",),
        note="Of adults with long-term support in the community that runs on the date.",
    ),
    *(
        PortfolioFigure(
            "ASCOF-3D",
            name,
            f"Today's indicator: carers with {what} (part {part})",
            SHARE,
            PERCENT,
            ((what, "carers.none"),),
            "carers.none",
            note="The records are of adults with needs; they hold no carers who are supported themselves.",
            whole_only=True,
        )
        for name, what, part in (
            ("carers_self_directed", "self-directed support", "1b"),
            ("carers_with_direct_payment", "a direct payment", "2b"),
        )
    ),
)
