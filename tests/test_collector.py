"""While an audit runs, the garbage collector looks less often; afterwards it is as it was, whatever happened."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from pbcheck import audit
from pbcheck.collector import ENOUGH, few_collections
from tests.conftest import FIXTURES


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_what_is_there_is_left_out_and_comes_back() -> None:
    before = gc.get_threshold()
    with few_collections():
        assert gc.get_threshold() == (ENOUGH, *before[1:])
        assert gc.get_freeze_count() > 10_000
        with few_collections():
            assert gc.get_freeze_count() > 10_000
        assert gc.get_freeze_count() > 10_000, "what the outer one left out stays so"
        assert gc.isenabled()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_an_error_changes_nothing_about_that() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="no"), few_collections():
        raise ValueError("no")
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)


@pytest.mark.parametrize("first", [0, 500_000])
def test_who_calls_may_want_fewer_looks_or_none(first: int) -> None:
    gc.set_threshold(first, 5, 5)
    with few_collections():
        assert gc.get_threshold() == (first, 5, 5)
    assert gc.get_threshold() == (first, 5, 5)


def test_what_another_program_froze_stays_frozen() -> None:
    gc.freeze()
    frozen = gc.get_freeze_count()
    with few_collections():
        assert gc.get_freeze_count() <= frozen
    assert gc.get_freeze_count() > 10_000


def test_after_an_audit_nothing_is_left_out() -> None:
    before = gc.get_threshold()
    assert not audit(FIXTURES / "compliant").findings
    assert (gc.get_threshold(), gc.get_freeze_count(), gc.isenabled()) == (before, 0, True)
