"""Figures about the forms that the arrangements of a case really have."""

from __future__ import annotations

from pbcheck.figures.figure import Facts, Figure, some, stated
from pbcheck.figures.forms import FORM_INPUTS

FORM_READS = tuple(f"case.arrangements.*.{name}" for name in FORM_INPUTS)


def some_managed(facts: Facts) -> bool:
    """Return whether some arrangement is managed by its derived form."""
    return _some(facts, managed=True)


def some_direct_payment(facts: Facts) -> bool:
    """Return whether some arrangement is a direct payment by its derived form."""
    return _some(facts, managed=False)


def _some(facts: Facts, *, managed: bool) -> bool:
    found = [one["derived"].get("managed") for one in stated(facts.record, "case.arrangements")]
    return some((None if one is None else one is managed for one in found), "case.arrangements.*.contract_party")


CASE = {
    "managed": Figure("bool", some_managed, "derive_form", "Some arrangement of the case is managed by its derived form", FORM_READS),
    "direct_payment": Figure(
        "bool", some_direct_payment, "derive_form", "Some arrangement of the case is a direct payment by its derived form", FORM_READS
    ),
}
