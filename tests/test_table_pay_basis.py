"""The decision table pay_basis over its whole input space."""

from __future__ import annotations

from itertools import product

import pytest

from pbcheck.figures.decision_tables import Value, results
from pbcheck.figures.figure import Unknown
from pbcheck.figures.pay_basis import INPUTS, ROWS, pay_basis, table

EVERY = list(product(*INPUTS.values()))


def read(holder: Value, authority: Value, pays: Value, reason: Value) -> str:
    """Read the table in another way: by who holds the money, then by how it is paid."""
    if holder == "local_authority":
        return "pass"
    if holder is None or pays is None:
        return "cannot_tell"
    if holder == "person":
        within_reach: Value = True
    else:
        within_reach = authority
    if pays == "net":
        if within_reach is True:
            return "pass"
        return "shortfall" if within_reach is False else "possible_shortfall"
    if reason == "contribution_not_yet_calculated" or within_reach is False:
        return "pass"
    if reason == "holder_no_legal_authority":
        return "reason_contradicted" if within_reach else "pass"
    return "no_reason"


def test_no_gap_no_dead_row_and_no_row_without_need() -> None:
    deciding = [
        next(n for n, (conditions, _) in enumerate(ROWS) if conditions.items() <= dict(zip(INPUTS, one, strict=True)).items())
        for one in EVERY
    ]
    assert set(deciding) == set(range(len(ROWS)))
    assert all(value in INPUTS[key] for conditions, _ in ROWS for key, value in conditions.items())
    with pytest.raises(ValueError, match="no row"):
        results(INPUTS, ROWS[:-1])


@pytest.mark.parametrize("values", EVERY)
def test_every_input_gives_what_the_table_says(values: tuple[Value, ...]) -> None:
    assert table(*values) == read(*values)


def test_label_and_form_are_no_inputs() -> None:
    assert not {"label", "form"} & INPUTS.keys()
    arrangement = {"holder_kind": "trust", "holder_authority_over_money": False, "pays": "net"}
    case = {"contribution": {"amount": "40.00"}, "arrangements": [arrangement]}
    for label, form in product(("managed", "direct payment", "net"), ("direct_payment", "council_account", "council_provided")):
        assert pay_basis(case, {**arrangement, "label": label, "form": form}) == "shortfall"


@pytest.mark.parametrize(
    ("contribution", "own", "expected"),
    [
        ({"amount": "40.00"}, {}, "shortfall"),
        ({"amount": "0.00"}, {}, "pass"),
        ({"amount": "40.00"}, {"contribution": "0.00"}, "pass"),
        ({"amount": "0.01"}, {}, "shortfall"),
        ({"amount": "40.00", "collection": "paid_to_holder"}, {}, "pass"),
        ({"amount": "40.00", "collection": "invoiced"}, {}, "shortfall"),
    ],
)
def test_the_table_is_asked_where_a_contribution_is_due(contribution: dict[str, str], own: dict[str, str], expected: str) -> None:
    arrangement = {"holder_kind": "trust", "holder_authority_over_money": False, "pays": "net", **own}
    assert pay_basis({"contribution": contribution, "arrangements": [arrangement]}, arrangement) == expected


def test_a_contribution_that_is_not_split_may_fall_on_any_arrangement() -> None:
    net = {"holder_kind": "trust", "holder_authority_over_money": False, "pays": "net"}
    gross = {"holder_kind": "person", "pays": "gross"}
    case = {"contribution": {"amount": "40.00"}, "arrangements": [net, gross]}
    assert pay_basis(case, net) == "possible_shortfall"
    with pytest.raises(Unknown, match=r"arrangements\.\*\.contribution"):
        pay_basis(case, gross)
    with pytest.raises(Unknown, match=r"contribution\.amount"):
        pay_basis({"arrangements": [net]}, net)
