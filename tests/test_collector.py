"""While an audit runs, the garbage collector looks less often; afterwards it is as it was, whatever happened."""

from __future__ import annotations

import gc
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pbcheck import audit
from pbcheck.collector import ENOUGH, few_collections
from pbcheck.gather import Contracts, Policies
from pbcheck.judging import Context, judge_lines
from pbcheck.known import MetMany
from pbcheck.rulebook.book import load_rulebook
from pbcheck.source.document import Document
from pbcheck.source.files import FileRead
from tests.conftest import FIXTURES
from tests.generated_cases import AS_OF, cases, contracts, policies
from tests.test_expressions import thinned


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


def test_judging_leaves_nothing_to_the_collector() -> None:
    """What is kept in a circle, such as an error that is stored and leads back to where it was stored, would hold on to records."""
    dice = random.Random(17)
    whole = list(cases(300, seed=4))
    made = [thinned(one, dice) if number % 2 else one for number, one in enumerate(whole)]
    policy = Document("policy", {"kind": "policy", **policies()["52"]})
    context = Context(load_rulebook(), Policies([policy]), Contracts(known=contracts(whole)), AS_OF, figures=True)
    file = FileRead(Path("cases.jsonl"), "cases.jsonl", "case")
    lines = [(file, number, json.dumps({"kind": "case", **one}).encode()) for number, one in enumerate(made, 1)]
    judge_lines(lines[:40], context, MetMany())  # what is made once for a process is made now
    gc.collect()
    gc.disable()
    try:
        chunk = judge_lines(lines, context, MetMany())
        assert len(chunk.findings) > 1_000
        assert gc.collect() == 0
    finally:
        gc.enable()
