"""A file of a policy in its context, as a commit hook checks it; and what exceptions come to where two versions are compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pbcheck.gate.context import with_context
from tests.gate_cases import HEAD, LIMITED, MONEY, NOTE, UNSPENT, WAIVER, Run, about, aside, checked, commit, counting, register, repository

pytestmark = pytest.mark.slow

SURPLUS = f"{HEAD}surplus:\n  recoup: always\n"
SPENDING = f"{HEAD}spending:\n  test: agreed_services\n"


def test_findings_are_those_of_the_given_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "surplus.yaml").write_text(SURPLUS)
    (tmp_path / "spending.yaml").write_text(SPENDING)
    report = checked(run, "surplus.yaml", "--in-context")
    assert counting(report) == [UNSPENT]
    assert [one["path"] for one in report["inputs"]] == ["spending.yaml", "surplus.yaml"]
    assert "Read as well, but not reported on: spending.yaml." in report["audit"]["remarks"]
    assert counting(checked(run, "surplus.yaml", "spending.yaml", "--in-context")) == [NOTE, LIMITED, UNSPENT]
    assert run("check", "spending.yaml", "--in-context", "--fail-level", "error")[0] == 0


def test_what_another_file_says_counts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "surplus.yaml").write_text(SURPLUS)
    tiers = "payments:\n  methods: [bank_account]\nsurplus_tiers: {}\n".replace("surplus_tiers: {}\n", "")
    (tmp_path / "payments.yaml").write_text(f"{HEAD}{tiers}")
    (tmp_path / "surplus.yaml").write_text(f"{SURPLUS}  tiers: [{{applies_to: [bank_account], recoup: never}}]\n")
    assert UNSPENT in counting(checked(run, "surplus.yaml"))
    assert UNSPENT not in counting(checked(run, "surplus.yaml", "--in-context")), "every way of paying has a tier of its own"


def test_a_clash_is_told_of_the_given_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SURPLUS)
    (tmp_path / "b.yaml").write_text(SURPLUS.replace("always", "never"))
    for one in ("a.yaml", "b.yaml"):
        code, out, _ = run("check", one, "--in-context", "-f", "concise")
        assert code == 1
        assert "[sections-clash]" in out
        assert "a.yaml" in out
        assert "b.yaml" in out
    (tmp_path / "c.yaml").write_text(SPENDING)
    assert "sections-clash" not in counting(checked(run, "c.yaml", "--in-context")), "that of two others is theirs"


def test_a_broken_sibling_makes_it_incomplete(run: Run, tmp_path: Path) -> None:
    (tmp_path / "surplus.yaml").write_text(SURPLUS)
    (tmp_path / "policy.broken.yaml").write_text("kind: policy\nauthority: [\n")
    code, out, _ = run("check", "surplus.yaml", "--in-context", "-f", "json")
    report = json.loads(out)
    assert code == 3
    assert {one["file"] for one in report["findings"] if one["incomplete"]} >= {"policy.broken.yaml"}


def test_a_clean_file_beside_faulty_ones_is_clean(run: Run, tmp_path: Path) -> None:
    (tmp_path / "clean.yaml").write_text(f"{HEAD}changes:\n  rules_published: true\n")
    (tmp_path / "surplus.yaml").write_text(SURPLUS)
    (tmp_path / "pbcheck-waivers.yaml").write_text(register({**WAIVER, "expires": "2026-09-30"}))
    assert run("check", "clean.yaml", "--in-context")[0] == 0
    assert "waiver-lapsed" not in counting(checked(run, "surplus.yaml", "--in-context"))
    assert "waiver-lapsed" in counting(checked(run, "."))


def test_a_waiver_and_a_comment_hold_in_context(run: Run, tmp_path: Path) -> None:
    (tmp_path / "surplus.yaml").write_text(SURPLUS)
    comment = f"  # pbcheck: ignore[{LIMITED}, {NOTE}] until 2027-01-01: it is being changed"
    (tmp_path / "spending.yaml").write_text(SPENDING.replace("agreed_services", f"agreed_services{comment}"))
    (tmp_path / "pbcheck-waivers.yaml").write_text(register({**WAIVER, "where": {"file": "surplus.yaml", "pointer": "/surplus/recoup"}}))
    report = checked(run, "surplus.yaml", "spending.yaml", "--in-context")
    assert (counting(report), aside(report)) == ([], {UNSPENT: "waiver", LIMITED: "suppression", NOTE: "suppression"})


def test_which_files_are_read_beside(tmp_path: Path) -> None:
    texts = {
        "policy/a.yaml": HEAD,
        "policy/b.json": '{"authority": "X", "kind": "policy"}',
        "policy/c.yml": "# words\n---\n'kind': \"policy\"\n",
        "policy/d.yaml": "{authority: X, kind: policy}",
        "policy/policy.surplus.yaml": "surplus: {}\n",
        "policy/case.yaml": "kind: case\nid: C-1\n",
        "policy/notes.md": "kind: policy\n",
        "policy/.hidden.yaml": HEAD,
        "policy/deep/e.yaml": HEAD,
        "other/f.yaml": HEAD,
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = [one.name for one in with_context([tmp_path / "policy" / "c.yml"])]
    assert found == ["c.yml", "a.yaml", "b.json", "d.yaml", "policy.surplus.yaml"]
    for alone in ("policy/case.yaml", "policy/notes.md", "nowhere.yaml"):
        assert with_context([tmp_path / alone]) == [tmp_path / alone]
    assert with_context([tmp_path / "policy"]) == [tmp_path / "policy"]


def test_many_files(run: Run, tmp_path: Path) -> None:
    for number in range(120):
        (tmp_path / f"p{number:03}.yaml").write_text(f"kind: policy\nauthority: Council {number}\nsurplus:\n  recoup: always\n")
    given = [f"p{number:03}.yaml" for number in range(0, 120, 2)]
    report = checked(run, *given, "--in-context")
    assert sorted(one["file"] for one in report["findings"] if one["rule"] == UNSPENT) == given
    assert len(report["inputs"]) == 120


def difference(run: Run, *arguments: object, code: int = 0) -> dict[str, Any]:
    got, out, err = run("diff", *arguments, "-f", "json")
    assert got == code, out + err
    data: dict[str, Any] = json.loads(out)
    return data


@pytest.fixture
def revisions(tmp_path: Path) -> Path:
    """A repository with a clean policy, and a second revision that breaks three rules."""
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "money.yaml").write_text(f"{HEAD}surplus:\n  recoup: never\n")
    repository(tmp_path)
    (tmp_path / "policy" / "money.yaml").write_text(MONEY)
    commit(tmp_path)
    return tmp_path


def new(data: dict[str, Any]) -> dict[str, bool]:
    """Return the rules of the new findings, and whether each was set aside."""
    return {one["rule"]: bool(one.get("set_aside")) for one in data["findings"]["new"]}


def test_a_register_reaches_the_files_of_a_revision(run: Run, revisions: Path) -> None:
    assert set(new(difference(run, "HEAD~1..HEAD", "policy", code=1))) == {UNSPENT, LIMITED, NOTE}
    entries = [
        {**WAIVER, "where": {"file": "policy/money.yaml", "pointer": "/surplus/recoup"}},
        {**WAIVER, "id": "W-2", "rule": LIMITED, "where": {"file": "policy/money.yaml", "pointer": "/spending"}},
    ]
    (revisions / "pbcheck-waivers.yaml").write_text(register(*entries))
    difference(run, "HEAD~1..HEAD", "policy", code=0)
    difference(run, "HEAD~1", "policy", "policy", code=0)
    (revisions / "pbcheck-waivers.yaml").write_text(register(entries[0]))
    difference(run, "HEAD~1..HEAD", "policy", code=1)


def test_a_comment_in_a_revision_holds_there(run: Run, revisions: Path) -> None:
    sound = "until 2027-01-01: it is being changed"
    text = MONEY.replace("  recoup", f"  # pbcheck: ignore[{UNSPENT}] {sound}\n  recoup").replace(
        "  test", f"  # pbcheck: ignore[{LIMITED}] {sound}\n  test"
    )
    (revisions / "policy" / "money.yaml").write_text(text)
    commit(revisions)
    difference(run, "HEAD~2..HEAD", "policy", code=0)
    difference(run, "HEAD~2..HEAD~1", "policy", code=1)
    data = difference(run, "HEAD..HEAD~1", "policy", code=1)
    assert UNSPENT in new(data), "a finding whose comment is taken out counts again"
    assert difference(run, "HEAD~1..HEAD", "policy")["findings"]["new"] == []


def test_a_baseline_and_ignored_files_reach_the_files_of_a_revision(run: Run, revisions: Path) -> None:
    assert run("baseline", "create", "policy", "--as-of", "2026-10-01")[0] == 0
    difference(run, "HEAD~1..HEAD", "policy", code=0)
    (revisions / "pbcheck-baseline.json").unlink()
    (revisions / "pbcheck.yaml").write_text("per_file_ignores: {policy/*: [use-of-the-budget]}\n")
    difference(run, "HEAD~1..HEAD", "policy", code=0)


def test_findings_about_the_exceptions_are_none_of_the_change(run: Run, revisions: Path) -> None:
    (revisions / "pbcheck-waivers.yaml").write_text(register({**WAIVER, "expires": "2026-09-30"}))
    data = difference(run, "HEAD~1..HEAD", "policy", code=1)
    assert not [one for group in data["findings"].values() for one in group if one["rule"].startswith("waiver-")]
    assert about({"findings": []}, "waiver-lapsed") == []
