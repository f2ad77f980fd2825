"""The groups that figures of an export are shown for: by team, kind of holder, form and complexity."""

from __future__ import annotations

from pbcheck.figures.budget.base import Base
from pbcheck.figures.figure import EMPTY, Addition
from pbcheck.portfolio.added import Group

TEAM, HOLDER, FORM, COMPLEXITY = "team", "holder_kind", "form", "complexity"
DIMENSIONS = (TEAM, HOLDER, FORM, COMPLEXITY)
"""The groups of a dimension add up to the whole, but for holders: one person may have several kinds of holder."""

NOT_RECORDED, NOT_KNOWN, NONE_CURRENT = "not recorded", "not known", "no current arrangement"


def memberships(delta: Addition, sheet: Base) -> list[Group]:
    """Return the groups of a case, from its record and from what it adds; someone with several kinds of holder is in each of them."""
    case = sheet.case
    form = next((key.removeprefix("people_on_") for key in delta if key.startswith("people_on_")), NOT_KNOWN)
    holders = sorted(key.removeprefix("held_by_") for key in delta if key.startswith("held_by_"))
    return [
        (TEAM, case.get("team") or NOT_RECORDED),
        *((HOLDER, NOT_RECORDED if one == "unknown" else one) for one in holders or [NONE_CURRENT]),
        (FORM, form),
        (COMPLEXITY, case.get("person", EMPTY).get("complexity") or NOT_RECORDED),
    ]
