"""The groups that figures of an export are shown for: by team, kind of holder, form and complexity."""

from __future__ import annotations

from pbcheck.figures.budget.base import Base
from pbcheck.figures.figure import EMPTY, Addition
from pbcheck.figures.form_mix import PEOPLE_ON
from pbcheck.figures.holder_mix import HELD_BY
from pbcheck.portfolio.added import Group

TEAM, HOLDER, FORM, COMPLEXITY = "team", "holder_kind", "form", "complexity"
DIMENSIONS = (TEAM, HOLDER, FORM, COMPLEXITY)
"""The groups of a dimension add up to the whole, but for holders: one person may have several kinds of holder."""

NOT_RECORDED, NOT_KNOWN, NONE_CURRENT = "not recorded", "not known", "no current arrangement"


def memberships(delta: Addition, sheet: Base) -> list[Group]:
    """Return the groups of a case, from its record and from what it adds; someone with several kinds of holder is in each of them."""
    case = sheet.case
    form = next((form for form, key in PEOPLE_ON.items() if key in delta), NOT_KNOWN)
    holders = sorted(kind for kind, key in HELD_BY.items() if key in delta)
    return [
        (TEAM, case.get("team") or NOT_RECORDED),
        *((HOLDER, NOT_RECORDED if one == "unknown" else one) for one in holders or [NONE_CURRENT]),
        (FORM, form),
        (COMPLEXITY, case.get("person", EMPTY).get("complexity") or NOT_RECORDED),
    ]
