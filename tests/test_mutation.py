"""A rule's examples notice when its conditions are changed: at least 95 of 100 mutants, or the survivor is explained."""

from __future__ import annotations

import pytest

from tools.mutate import explained, run


@pytest.mark.slow
def test_examples_notice_mutants() -> None:
    found = list(run())
    reasons = explained()
    survivors = {(one.rule, one.change) for one in found if not one.killed}
    stale = sorted(reasons.keys() - survivors)
    assert stale == [], "these survivors are noticed by now, or gone: take them out of tests/survivors"
    unexplained = sorted(survivors - reasons.keys())
    assert len(found) > 3000
    assert len(unexplained) <= 0.05 * len(found), unexplained
