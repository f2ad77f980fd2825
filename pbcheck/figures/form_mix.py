"""Figures about which forms of budget people are on, and since when (FIG-FORM-MIX)."""

from __future__ import annotations

from pbcheck.figures.figure import EMPTY, Addition, Facts, Figure, Tally, Unknown, stated
from pbcheck.figures.forms import DERIVED_FORMS, FORM_INPUTS

PEOPLE_ON = {form: f"people_on_{form}" for form in (*DERIVED_FORMS, "mixed")}
"""What people on each form are counted as."""


def managed_from(facts: Facts) -> str:
    """Return the first day of the earliest managed arrangement, by its derived form."""
    starts = []
    for one in stated(facts.record, "case.arrangements"):
        if one["derived"].get("managed"):
            if "starts_on" not in one:
                raise Unknown("case.arrangements.*.starts_on")
            starts.append(one["starts_on"])
    if not starts:
        raise Unknown("case.arrangements.*.starts_on")
    return str(min(starts))


def tally(totals: Addition, facts: Facts) -> None:
    """Add one case to the people by derived form; someone with two forms counts once, as mixed, and only where every form is known."""
    today = facts.as_of or ""
    mix = ""
    for one in facts.record.get("arrangements", ()):
        if one.get("ends_on", today) < today:
            continue
        form = one.get("derived", EMPTY).get("form")
        if form is None:
            return
        mix = form if mix in ("", form) else "mixed"
    if mix:
        totals[PEOPLE_ON[mix]] += 1


def _people_by_form(facts: Facts) -> list[int]:
    if "form_counts" in facts.record:
        return [int(one) for one in facts.record["form_counts"].values()]
    return [number for name in PEOPLE_ON.values() if (number := facts.totals.get(name, 0))]


CASE: dict[str, Figure] = {
    "managed_from": Figure(
        "date",
        managed_from,
        "PPF-1-31",
        "The first day of the earliest managed arrangement",
        ("case.arrangements.*.starts_on", *(f"case.arrangements.*.{name}" for name in FORM_INPUTS)),
    ),
}
PORTFOLIO: dict[str, Figure] = {
    "people_by_form": Figure(
        "integer",
        lambda facts: sum(_people_by_form(facts)),
        "FIG-FORM-MIX",
        "People whose form of budget is known",
        ("portfolio.form_counts",),
    ),
    "people_on_commonest_form": Figure(
        "integer",
        lambda facts: max(_people_by_form(facts), default=0),
        "FIG-FORM-MIX",
        "People on the form of budget that most have",
        ("portfolio.form_counts",),
    ),
}
TALLIES: tuple[Tally, ...] = (tally,)
