"""Which numbers of the portfolio add up to which others: so that one could be worked out from the rest, if all of those were shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pbcheck.portfolio.counted_money import NOT_COUNTED
from pbcheck.portfolio.counted_people import ENDED, FULL_COST, NO_BUDGET
from pbcheck.portfolio.counted_process import COMPLEXITIES, MEASURES
from pbcheck.portfolio.people_figures import FORMS, HOLDERS
from pbcheck.portfolio.process_figures import SIGNS

TOTALS: Mapping[str, tuple[str, ...]] = {
    "coverage.in": ("coverage.budget", "coverage.process"),
    "full_cost.all": ("full_cost.budget", "full_cost.process"),
    "managed.known": ("managed.direct_payment", "managed.managed", "managed.mixed"),
    "managed_money.all": ("managed_money.managed", "managed_money.direct"),
    "movement.in": ("movement.up", "movement.down", "movement.same"),
    "days.in": ("days.started", "days.waiting"),
    "burden.told": ("burden.over", "burden.within"),
    "term.annual_all": ("term.annual", "term.assumed"),
    "today.self_directed": ("today.direct", "today.part", "today.managed"),
    "today.with_direct": ("today.direct", "today.part"),
    "today.in": ("today.self_directed", "today.commissioned"),
}
"""Keys that are not tallied but added up."""


class Relation(NamedTuple):
    """A number and those it is the sum of; `*` stands for every reason why a case is left out.

    Some hold nearly, or for some exports only (someone with two kinds of holder counts twice): enough to judge one number by the others.
    """

    total: str
    parts: tuple[str, ...]


def _relation(total: str, *parts: str) -> Relation:
    return Relation(total, parts)


RELATIONS: tuple[Relation, ...] = (
    *(_relation(total, *parts) for total, parts in TOTALS.items()),
    _relation("cases", "coverage.in", "coverage.out:*"),
    _relation(f"coverage.out:{FULL_COST}", "full_cost.all"),
    _relation("cases", "current", "current.out:*"),
    _relation("cases", "with_budget", "with_budget.out:*"),
    _relation("with_budget", "current", f"current.out:{ENDED}"),
    _relation(f"with_budget.out:{NO_BUDGET}", f"current.out:{NO_BUDGET}"),
    _relation("current", *(f"form.{one}" for one in FORMS)),
    _relation("current", *(f"holder.{one}" for one in (*HOLDERS, "unknown", "none"))),
    _relation("current", "holders.one", "holders.several"),
    _relation("current", "managed.known", "managed.out:*"),
    _relation("managed.known", "managed_money.in", "managed_money.out:*"),
    _relation("current", "term.annual_all", "term.one_off_grant", "term.short_term", "term.long_term"),
    _relation("with_budget", "movement.in", "movement.out:*"),
    _relation("cases", "with_both_figures", "same.out:*"),
    _relation("with_both_figures", "final_equals_indicative", "same.not"),
    _relation("with_budget", "conversions", "conversions.not"),
    *(_relation("with_budget", f"sign.{one}", f"sign.{one}.not") for one in SIGNS),
    _relation("cases", "days.in", "days.out:*"),
    *(_relation("cases", *(f"effort.{what}.{one}" for one in COMPLEXITIES), f"effort.{what}.out:*") for what in ("minutes", "stages")),
    *(_relation("cases", f"burden.{one}.in", f"burden.{one}.out:*") for one in MEASURES),
    _relation("cases", "burden.told", "burden.out:*"),
    _relation("current", "totals.in", "totals.fixed.in", "totals.out:*"),
    _relation("totals.in", "pays.in", "pays.out:*"),
    _relation("totals.gross", "pays.person", "pays.council", "pays.others", "pays.not_told"),
    _relation("current", "plans.in", "plans.out:*"),
    _relation("totals.gross", "plans.gross", "plans.not_told"),
    _relation("current", "drawn.in", "drawn.out:*"),
    _relation("cases", "unspent.in", "unspent.out:*"),
    *(_relation("unspent.in", f"unspent.{one}.people", f"unspent.{one}.not") for one in ("left", "over")),
    _relation("cases", "clawback.in", "clawback.out:*"),
    *(_relation("clawback.in", f"clawback.{one}.people", f"clawback.{one}.not") for one in ("taken", *NOT_COUNTED)),
    _relation("cases", "today.in", "today.out:*"),
    *(_relation("form.direct_payment", one) for one in ("managed.direct_payment", "today.direct")),
    _relation("form.not_known", "managed.out:*"),
    _relation("managed.mixed", "today.part"),
    _relation("managed.managed", "today.managed"),
)

ABOUT: Mapping[str, str] = {
    "managed_money.all": "managed_money.in",
    **{
        key: f"{key}.people"
        for key in (
            *("managed_money.managed", "managed_money.direct", "movement.change", "movement.before", "unspent.left", "unspent.over"),
            *("totals.gross", "totals.fixed", "pays.person", "pays.council", "pays.others", "pays.not_told"),
            *("plans.gross", "plans.cost", "plans.not_told", "drawn.due", "drawn.drawn"),
            *(f"clawback.{one}" for one in ("taken", *NOT_COUNTED)),
        )
    },
}
"""The keys of sums of money, each with the key of how many cases have any of it."""
