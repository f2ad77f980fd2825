"""Units in the plan, need by need: the decision table units_per_need (PPF-5-2, PPF-5-5, PPF-5-6).

The first row whose conditions all hold decides; a condition that a row does not name may have any value. No label and no form
is an input.
"""

from __future__ import annotations

from collections.abc import Iterable

from pbcheck.figures.decision_tables import Row, Value, results
from pbcheck.figures.figure import EMPTY, Data, Facts, Figure, Unknown
from pbcheck.figures.quantities import thousandths

# `hours`: the unmet hours that the assessment counted for the need: some, none, or not counted in hours (None).
# `units`: an item that serves the need states units; None where an item states units and not which needs it serves. Where the
# need was not counted in hours, an item counts only if none of the needs that it serves was.
INPUTS: dict[str, tuple[Value, ...]] = {
    "hours": ("some", "none", None),
    "units": (True, False, None),
    "volumes": ("required", "optional", "when_assessed_in_hours", None),
}
ROWS: tuple[Row, ...] = (
    ({"hours": "some", "units": False}, "missing"),
    ({"hours": "none"}, "nothing_asked"),
    ({"units": None}, "cannot_tell"),
    ({"hours": "some"}, "compared"),
    ({"units": False}, "nothing_asked"),
    ({"volumes": "required"}, "imposed"),
    ({}, "own_choice"),
)
GRAVITY = ("missing", "compared", "cannot_tell", "imposed", "own_choice", "nothing_asked")
_RESULTS = results(INPUTS, ROWS)


def table(hours: Value, units: Value, volumes: Value) -> str:
    """Return what the table units_per_need says of one eligible need."""
    return _RESULTS[hours, units, volumes]


def units_per_need(facts: Facts) -> str:
    """Return the gravest of the results that the table gives for the eligible needs of a case."""
    case = facts.record
    needs = case.get("assessment", EMPTY).get("needs")
    if needs is None:
        raise Unknown("case.assessment.needs")
    components = case.get("plan", EMPTY).get("components")
    items = [one for one in components or () if one.get("units") is not None]
    counted = {one.get("id"): one["unmet_hours_per_week"] for one in needs if one.get("unmet_hours_per_week") is not None}
    if not items and not counted and components is not None:
        return "nothing_asked"
    volumes = facts.policy.get("planning", EMPTY).get("volumes")
    found = set()
    lacking = "case.plan.components" if components is None else "case.plan.components.*.needs"
    for one in needs:
        eligible = one.get("eligible")
        if eligible:
            name = one.get("id")
            units = None if components is None else _units(name, items, counted)
            found.add(table(_hours(counted.get(name)), units, volumes))
        elif eligible is None:
            lacking = "case.assessment.needs.*.eligible"
            found.add("cannot_tell")
    gravest = next((result for result in GRAVITY if result in found), "nothing_asked")
    if gravest == "cannot_tell":
        raise Unknown(lacking)
    return gravest


def _hours(counted: str | float | None) -> str | None:
    return None if counted is None else "some" if thousandths(counted) > 0 else "none"


def _units(need: str | None, items: Iterable[Data], counted: Data) -> bool | None:
    """Return whether one of the items, all of which state units, serves a need; None where that is not said."""
    unknown = False
    for item in items:
        serves = item.get("needs")
        if serves is None:
            unknown = True
        elif need in serves and (need in counted or counted.keys().isdisjoint(serves)):
            return True
    return None if unknown else False


CASE: dict[str, Figure] = {
    "units_per_need": Figure(
        "enum",
        units_per_need,
        "units_per_need",
        "What becomes of units in the plan, at the gravest: missing, compared with the assessed hours, imposed, own choice, not asked for",
        ("case.assessment.needs", "case.plan.components", "policy.planning.volumes"),
        tuple(result for result in GRAVITY if result != "cannot_tell"),
    ),
}
