"""Where nearly everything of a record is refused, the few rules that are left are asked one by one, and say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

import pbcheck.evaluate
from pbcheck import audit
from pbcheck.model import Report
from tests.cld_returns import write_return


def told(report: Report) -> tuple[object, object]:
    counts = [(one.rule, one.passed, one.failed, one.excused, one.not_applicable, one.cannot_tell) for one in report.outcomes]
    return counts, [(one.rule, one.record, one.location, one.message) for one in report.findings]


def test_one_by_one_and_all_at_once_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cld.csv"
    write_return(path, rows=900, seed=11)
    alone = told(audit(path))
    monkeypatch.setattr(pbcheck.evaluate, "FEW", -10_000)
    assert told(audit(path)) == alone
    assert any(passed for _, passed, *_ in alone[0]), "some rules are answered"  # type: ignore[attr-defined]  # rows of counts
