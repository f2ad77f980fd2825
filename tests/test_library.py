"""pbcheck in a notebook: documents in, a typed and frozen report out."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import FrozenInstanceError
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import pbcheck
from pbcheck import Report, UsageError, audit
from pbcheck.model import Outcome
from tests.conftest import FIXTURES

POLICY = {"kind": "policy", "authority": "Exampleshire", "effective_from": dt.date(2026, 4, 1), "surplus": {"recoup": "always"}}


def test_plain_objects() -> None:
    report = audit(POLICY, profile="notes")
    found = [one for one in report.findings if one.rule == "unspent-money-taken-back"]
    assert len(found) == 1
    assert found[0].record == "Exampleshire"
    assert found[0].location.pointer == "/surplus/recoup"
    assert json.loads(report.to_json())["audit"]["complete"] is True


def test_a_list_of_cases_is_one_export() -> None:
    cases = [{"kind": "case", "id": f"C-{n}", "final": {"gross": amount}} for n, amount in enumerate((Decimal("10.50"), 10.5, "10.50", 10))]
    report = audit(POLICY, cases)
    assert report.records == {"case": 4, "policy": 1, "portfolio": 1}
    assert not [one for one in report.findings if one.rule == "malformed-value"]


def test_a_float_counts_as_it_prints() -> None:
    report = audit({"kind": "case", "id": "C-1", "final": {"gross": 0.07, "net": 0.1 + 0.2}})
    assert [one.location.pointer for one in report.findings if one.rule == "malformed-value"] == ["/final/net"]


def test_nothing_can_be_changed_afterwards() -> None:
    report = audit(POLICY)
    with pytest.raises(FrozenInstanceError):
        report.profile = "ppf"  # type: ignore[misc]  # wrong on purpose: it is frozen
    with pytest.raises(FrozenInstanceError):
        report.findings[0].rule = "x"  # type: ignore[misc]  # the same


def test_the_ledger_and_the_outcomes() -> None:
    report: Report = audit(FIXTURES / "compliant")
    assert report.total("failed") == 0
    assert max(Outcome) is Outcome.FAIL
    assert all(one.records == report.records.get(one.subject, 0) for one in report.outcomes)


def test_wrong_instructions() -> None:
    with pytest.raises(UsageError, match="does not say its `kind`"):
        audit({"authority": "Exampleshire"})
    with pytest.raises(UsageError, match="Did you mean `policy`"):
        audit({"kind": "polcy"})
    with pytest.raises(UsageError, match="is not there"):
        audit("nowhere/at/all")
    with pytest.raises(UsageError, match="profile"):
        audit(POLICY, profile="tomorow")
    for half in ({"id": "C-\ud800"}, {"id": "C-1", "C-\ud800": 1}):
        with pytest.raises(UsageError, match="half a surrogate pair") as stopped:
            audit({"kind": "case", **half})
        assert "C-" not in str(stopped.value)
    with pytest.raises(UsageError, match="not finite"):
        audit({"kind": "case", "id": "C-1", "final": {"gross": float("nan")}})


def test_public_names() -> None:
    for name in pbcheck.__all__:
        assert getattr(pbcheck, name)
    with pytest.raises(AttributeError):
        pbcheck.wibble  # noqa: B018
    assert (Path(pbcheck.__file__).parent / "py.typed").exists()


def test_callers_objects_are_left_alone() -> None:
    case = {"kind": "case", "id": "C-1", "arrangements": [{"id": "A1", "contract_party": "person"}], "wibble": 1}
    before = json.dumps(case)
    audit(case)
    assert json.dumps(case) == before


def _endless() -> list[Any]:
    made: list[Any] = []
    made.append(made)
    return made


@pytest.mark.parametrize(
    "value",
    [dt.datetime(2026, 3, 31, 10, 0), b"x", object(), float("nan"), Decimal("Infinity"), Decimal("NaN"), {1: _endless()}],  # noqa: DTZ001
)
def test_what_is_no_plain_object_is_refused(value: Any) -> None:
    with pytest.raises(UsageError):
        audit({"kind": "policy", "authority": "X", "title": value})


def test_mixed_sets_are_lists_in_a_settled_order() -> None:
    assert audit({"kind": "policy", "authority": "X", "title": {1, "a"}}) == audit({"kind": "policy", "authority": "X", "title": {"a", 1}})
