"""A case is judged against the policy in force on its date; without any policy, what the policy would say is not stated."""

from __future__ import annotations

from pathlib import Path

from pbcheck import audit
from tests.test_rulebook import GOOD, pack

RULE = GOOD.replace("subject: policy", "subject: case")
OLD = {"kind": "policy", "authority": "X", "effective_from": "2025-04-01", "effective_to": "2026-03-31", "surplus": {"recoup": "always"}}
NEW = {"kind": "policy", "authority": "X", "effective_from": "2026-04-01", "effective_to": None, "surplus": {"recoup": "never"}}


def outcome(tmp_path: Path, as_of: str | None, *policies: dict[str, object]) -> tuple[int, int, int, list[str]]:
    case = {"kind": "case", "id": "C-1", **({"as_of": as_of} if as_of else {})}
    report = audit(case, list(policies), rules=pack(tmp_path, RULE), portfolio=False)
    tally = next(one for one in report.outcomes if one.rule == "a-rule")
    return tally.passed, tally.failed, tally.cannot_tell, list(tally.missing)


def test_the_policy_in_force(tmp_path: Path) -> None:
    assert outcome(tmp_path, "2026-03-31", OLD, NEW)[:3] == (0, 1, 0)
    assert outcome(tmp_path, "2026-04-01", OLD, NEW)[:3] == (1, 0, 0)
    assert outcome(tmp_path, "2020-01-01", NEW)[:3] == (1, 0, 0), "the only policy there is counts"


def test_no_policy_covers_the_date(tmp_path: Path) -> None:
    assert outcome(tmp_path, "2020-01-01", OLD, NEW) == (0, 0, 1, ["the policy in force"])
    assert outcome(tmp_path, None, OLD, NEW) == (0, 0, 1, ["the policy in force"])


def test_no_policy_at_all(tmp_path: Path) -> None:
    assert outcome(tmp_path, "2026-04-01") == (0, 0, 1, ["policy.surplus.recoup"])
