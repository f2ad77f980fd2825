"""What could not be read, or says two things, decides nothing; and no record, file or folder is left out without a word."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pbcheck import audit
from pbcheck.errors import UsageError
from pbcheck.model import Report
from tests.conftest import FIXTURES

POLICY = "kind: policy\nauthority: Exampleshire\nsurplus:\n  recoup: never\n"


def put(folder: Path, **files: str) -> Path:
    """Write files into a folder; two underscores in a name stand for a dot, three for a slash."""
    for name, text in files.items():
        path = folder / name.replace("___", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def case(name: str, **more: Any) -> str:
    return json.dumps({"kind": "case", "id": name, **more}) + "\n"


def incomplete(report: Report) -> list[str]:
    return [one.rule for one in report.findings if one.incomplete]


def told(report: Report, rule: str) -> int:
    return next(one.cannot_tell for one in report.outcomes if one.rule == rule)


@pytest.fixture
def compliant(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURES / "compliant", tmp_path / "export"))


def test_a_kind_that_the_manifest_contradicts(tmp_path: Path) -> None:
    manifest = "kind: export\nauthority: E\nas_of: 2026-03-31\nfiles:\n  - {path: cases.jsonl, kind: case}\n"
    report = audit(put(tmp_path, export__yaml=manifest, cases__jsonl=json.dumps({"kind": "policy", "id": "C-1"}) + "\n"))
    assert "kind-not-known" in incomplete(report)
    assert report.records == {"export": 1}


def test_a_line_of_a_case_is_never_shown(tmp_path: Path, run: Any) -> None:
    put(tmp_path, policies__json='{"C-1": {"name": "Edith Sample", "notes": "fell in March"}}')
    _, out, err = run("audit", str(tmp_path / "policies.json"))
    assert "Edith" not in out + err
    assert "March" not in out + err


@pytest.mark.parametrize("more", [{"id": "Edith Sample"}, {"id": "C-1", "Edith Sample": 1}, {"id": "C-1", "reviews": {"Edith Sample": 1}}])
def test_names_in_the_wrong_place_are_not_shown(tmp_path: Path, run: Any, more: dict[str, Any]) -> None:
    put(tmp_path, cases__jsonl=json.dumps({"kind": "case", **more}) + "\n", case__json=json.dumps({"kind": "case", **more}))
    for style in ("text", "json", "html"):
        _, out, err = run("audit", str(tmp_path), "-f", style)
        assert "Edith" not in out + err


def test_two_contracts_with_one_id(compliant: Path) -> None:
    folder = compliant / "contracts"
    twin = next(path for path in sorted(folder.rglob("*")) if path.is_file())
    shutil.copy(twin, twin.with_name("zz-twin" + twin.suffix))
    (compliant / "export.yaml").unlink()
    report = audit(compliant, as_of="2026-03-31")
    assert "record-twice" in incomplete(report)
    assert told(report, "contract-not-in-export") > 0


def test_a_contract_that_cannot_be_read_is_not_missing(tmp_path: Path) -> None:
    arranged = {"arrangements": [{"id": "A1", "contract_id": "K-1"}]}
    report = audit(put(tmp_path, contract__yaml="kind: contract\nid: K-1\n\tx: 1\n", cases__jsonl=case("C-1", **arranged)))
    assert "contract-not-in-export" not in [one.rule for one in report.findings]
    assert told(report, "contract-not-in-export") == 1


def test_a_contract_without_a_sound_id(tmp_path: Path) -> None:
    arranged = {"arrangements": [{"id": "A1", "contract_id": "K-1"}]}
    report = audit(put(tmp_path, contract__yaml="kind: contract\nid: K 1\n", cases__jsonl=case("C-1", **arranged)))
    assert "contract-not-in-export" not in [one.rule for one in report.findings]


@pytest.mark.parametrize("as_of", ["31/03/2026", "2026-W40-3", 20260331])
def test_a_refused_date_is_no_clock(tmp_path: Path, as_of: Any) -> None:
    given = audit(put(tmp_path, cases__jsonl=case("C-1", as_of="2026-03-31")))
    refused = audit(put(tmp_path, cases__jsonl=case("C-1", as_of=as_of)), as_of="2026-03-31")
    readers = [one.rule for one in refused.outcomes if any(key.startswith(("as_of", "case.as_of")) for key in one.missing)]
    assert readers
    assert given.records == refused.records


def test_a_refused_date_of_the_manifest_is_no_clock(tmp_path: Path) -> None:
    report = audit(put(tmp_path, export__yaml="kind: export\nauthority: E\nas_of: 2026-W40-3\n", cases__jsonl=case("C-1")))
    assert report.as_of == ""
    assert "malformed-value" in [one.rule for one in report.findings]


@pytest.mark.parametrize("wrong", [{"as_of": "2026-W40-3"}, {"as_of": 20260331}, {"profile": None}, {"profile": 3}])
def test_wrong_instructions(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        audit(put(tmp_path, policy__yaml=POLICY), **wrong)


def test_a_second_portfolio(tmp_path: Path) -> None:
    one = "kind: portfolio\nauthority: E\n"
    report = audit(put(tmp_path, a__yaml=one, b__yaml=one))
    assert incomplete(report) == ["record-twice"]


def test_check_holds_a_portfolio_against_its_schema(tmp_path: Path) -> None:
    report = audit(put(tmp_path, portfolio__yaml="kind: portfolio\nno_such_key: 1\n"), portfolio=False)
    assert "unknown-key" in [one.rule for one in report.findings]


def test_a_second_document_in_the_manifest(tmp_path: Path) -> None:
    report = audit(put(tmp_path, export__yaml=f"kind: export\nauthority: E\nas_of: 2026-03-31\n---\n{POLICY}"))
    assert incomplete(report) == ["kind-not-known"]


def test_two_manifests(tmp_path: Path) -> None:
    manifest = "kind: export\nauthority: E\nas_of: 2026-03-31\n"
    report = audit(put(tmp_path, export__yaml=manifest, export__yml=manifest, policy__yaml=POLICY))
    assert incomplete(report) == ["file-not-read"]
    assert report.records["policy"] == 1


def test_files_beside_nested_exports(tmp_path: Path) -> None:
    manifest = "kind: export\nauthority: E\nas_of: 2026-03-31\n"
    put(tmp_path, q1___export__yaml=manifest, q1___old___export__yaml=manifest, policy__yaml=POLICY)
    report = audit(tmp_path)
    assert report.records["policy"] == 1
    assert sorted(Path(one.path).name for one in report.inputs) == ["export.yaml", "export.yaml", "policy.yaml"]


def test_a_linked_folder_is_told(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere", cases__jsonl=case("C-1"))
    put(tmp_path / "export", policy__yaml=POLICY)
    (tmp_path / "export" / "cases").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert incomplete(audit(tmp_path / "export")) == ["file-not-read"]


@pytest.mark.parametrize(
    "files", ["3", "[3]", "[{kind: case}]", "['cases.jsonl']", "[{path: '[', kind: case}]", "[{path: '**x', kind: case}]"]
)
def test_a_list_of_files_that_names_none(tmp_path: Path, files: str) -> None:
    manifest = f"kind: export\nauthority: E\nas_of: 2026-03-31\nfiles: {files}\n"
    report = audit(put(tmp_path, export__yaml=manifest, cases__jsonl=case("C-1")))
    assert report.records.get("case") == 1 or "file-not-read" in incomplete(report)


def test_a_row_of_unknown_kind_is_read_by_its_name(tmp_path: Path) -> None:
    manifest = "kind: export\nauthority: E\nas_of: 2026-03-31\nfiles:\n  - {path: cases.jsonl, kind: cases}\n"
    report = audit(put(tmp_path, export__yaml=manifest, cases__jsonl='{"id": "C-1"}\n'))
    assert report.records["case"] == 1
    assert "value-not-allowed" in [one.rule for one in report.findings]


def test_policies_and_contracts_one_a_line(tmp_path: Path) -> None:
    put(tmp_path, contracts__jsonl='{"kind": "contract", "id": "K-1"}\n')
    report = audit(put(tmp_path, cases__jsonl=case("C-1", arrangements=[{"id": "A1", "contract_id": "K-1"}])))
    assert "contract-not-in-export" not in [one.rule for one in report.findings]
    assert report.records["contract"] == 1


def test_another_kind_among_cases(tmp_path: Path) -> None:
    report = audit(put(tmp_path, cases__jsonl=case("C-1") + '{"kind": "contract", "id": "K-1"}\n'))
    assert incomplete(report) == ["kind-not-known"]
    assert report.records == {"case": 1, "portfolio": 1}


def test_totals_that_lack_a_case_decide_nothing(compliant: Path) -> None:
    whole = [one for one in audit(compliant).outcomes if one.subject == "portfolio"]
    cases = next(compliant.rglob("*.jsonl"))
    cases.write_bytes(cases.read_bytes() + b"{broken\n")
    part = {one.rule: one for one in audit(compliant).outcomes}
    declared = {one.rule for one in whole if one.passed}
    assert declared == {"ni130-parts-impossible", "ni130-percentage-not-explained", "ni130-shown-one-way"}
    assert all(part[rule].passed for rule in declared)
    assert all(part[one.rule].cannot_tell for one in whole if one.rule not in declared)


def test_the_policy_in_force_where_a_policy_cannot_be_read(compliant: Path) -> None:
    whole = audit(compliant)
    put(compliant / "policy", broken__yaml="kind: policy\n\tx: 1\n")
    (compliant / "export.yaml").unlink()
    part = audit(compliant, as_of="2026-03-31")
    passed = [sum(one.passed for one in report.outcomes if one.subject == "case") for report in (whole, part)]
    assert passed[1] < passed[0]
    assert [one.rule for one in part.findings] == ["not-well-formed"]


def test_two_policy_files_with_an_unknown_key_each(tmp_path: Path) -> None:
    report = audit(put(tmp_path, a__yaml=f"{POLICY}id: K-1\n", b__yaml="kind: policy\nauthority: Exampleshire\nid: K-2\n"))
    assert [one.rule for one in report.findings if one.rule == "unknown-key"] == ["unknown-key"] * 2


def test_a_path_given_twice_is_read_once(tmp_path: Path) -> None:
    path = put(tmp_path, policy__yaml=POLICY) / "policy.yaml"
    report = audit(path, path)
    assert report.records == {"policy": 1}
    assert any("twice" in one for one in report.remarks)


def test_a_path_that_is_too_long() -> None:
    with pytest.raises(UsageError):
        audit("x" * 5000)


def test_links_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").symlink_to(tmp_path / "policy.yaml")
    assert incomplete(audit(tmp_path)) == ["file-not-read"]
    assert incomplete(audit(tmp_path / "policy.yaml")) == ["file-not-read"]


def test_a_manifest_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    report = audit(put(tmp_path, export__yaml="kind: export\n\tx: 1\n", policy__yaml=POLICY))
    assert incomplete(report) == ["not-well-formed"]
    assert report.records["policy"] == 1


@pytest.mark.parametrize("odd", ["\x7f", "\x80", "\x9b", "\ufffe", "\uffff"])
def test_control_characters_in_a_line(tmp_path: Path, odd: str) -> None:
    report = audit(put(tmp_path, cases__jsonl=f'{{"kind": "case", "id": "C-1", "status": "{odd}"}}\n'))
    assert incomplete(report) == ["control-character"]
