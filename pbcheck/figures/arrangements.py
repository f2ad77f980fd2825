"""Figures about the forms that the arrangements of a case really have."""

from __future__ import annotations

from pbcheck.figures.figure import Facts, Figure, Unknown
from pbcheck.figures.forms import FORM_INPUTS

FORM_READS = tuple(f"case.arrangements.*.{name}" for name in FORM_INPUTS)


def some_managed(facts: Facts) -> bool:
    """Return whether some arrangement is managed by its derived form."""
    return _some(facts, managed=True)


def some_direct_payment(facts: Facts) -> bool:
    """Return whether some arrangement is a direct payment by its derived form."""
    return _some(facts, managed=False)


def _some(facts: Facts, *, managed: bool) -> bool:
    arrangements = facts.record.get("arrangements")
    if arrangements is None:
        raise Unknown("case.arrangements")
    unknown = False  # a loop of its own rather than `some`: asked of every case, where a generator costs measurably more
    for one in arrangements:
        found = one["derived"].get("managed")
        if found is managed:
            return True
        unknown = unknown or found is None
    if unknown:
        raise Unknown("case.arrangements.*.contract_party")
    return False


CASE = {
    "managed": Figure("bool", some_managed, "derive_form", "Some arrangement of the case is managed by its derived form", FORM_READS),
    "direct_payment": Figure(
        "bool", some_direct_payment, "derive_form", "Some arrangement of the case is a direct payment by its derived form", FORM_READS
    ),
}
