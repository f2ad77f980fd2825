"""Figures about the indicative and the final budget, and how many cases have one."""

from __future__ import annotations

from pbcheck.figures.figure import EMPTY, Addition, Data, Facts, Figure
from pbcheck.figures.quantities import pence
from pbcheck.figures.yearly import POUND, YEARS


def final_equals_indicative(case: Data) -> bool | None:
    """Return whether the final budget equals the indicative one (FIG-IND-FINAL-SAME), or None where the case does not count."""
    indicative, final = case.get("indicative", EMPTY), case.get("final", EMPTY)
    if "amount" not in indicative or "period" not in indicative or "gross" not in final or "period" not in final:
        return None
    if indicative.get("basis", "gross") != "gross" or indicative.get("method") == "prior_budget":
        return None
    first, last = pence(indicative["amount"]), pence(final["gross"])
    before, after = indicative["period"], final["period"]
    if before == after:
        return first == last
    return any(abs(first * year[before] - last * year[after]) <= POUND for year in YEARS)


def tally(totals: Addition, facts: Facts) -> None:
    """Add one case to the totals of cases, of confirmed budgets, and of budgets equal to the indicative one."""
    totals["cases"] += 1
    totals["with_budget"] += "confirmed_on" in facts.record.get("final", EMPTY)
    same = final_equals_indicative(facts.record)
    if same is not None:
        totals["with_both_figures"] += 1
        totals["final_equals_indicative"] += same


def _total(name: str, source: str, meaning: str) -> Figure:
    return Figure("integer", lambda facts: facts.totals.get(name, 0), source, meaning, (f"portfolio.{name}",))


PORTFOLIO: dict[str, Figure] = {
    "cases": _total("cases", "FIG-COVERAGE", "Cases in the export"),
    "with_budget": _total("with_budget", "FIG-COVERAGE", "Cases with a confirmed budget"),
    "final_equals_indicative": _total(
        "final_equals_indicative", "FIG-IND-FINAL-SAME", "Cases whose final budget equals the indicative one"
    ),
    "with_both_figures": _total("with_both_figures", "FIG-IND-FINAL-SAME", "Cases with both an indicative and a final budget"),
}
TALLIES = (tally,)
