"""Bad input gets one clear message with a place, exit code 3, and the rest of the run goes on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pbcheck import audit
from pbcheck.source import files as source_files

pytestmark = pytest.mark.slow

GOOD = b"kind: policy\nauthority: Exampleshire\nsurplus:\n  recoup: never\n"
HEAD = b"kind: policy\nauthority: Exampleshire\n"

YAML_CASES = [
    ("duplicate key", HEAD + b"surplus:\n  recoup: never\n  recoup: always\n", "duplicate-key", 5, 3),
    (
        "alias bomb",
        b"a: &a [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n".encode() for n in range(8)),
        "too-large",
        6,
        11,
    ),
    ("too many anchors", b"list:\n" + b"".join(f"  - &a{n} x\n".encode() for n in range(101)), "too-large", 102, 5),
    ("deep nesting", b"a: " + b"[" * 50_000, "too-large", 1, 43),
    ("no", HEAD + b"scheme:\n  review_checks_outcomes: no\n", "ambiguous-value", 4, 27),
    ("leading zero", HEAD + b"planning:\n  target_days: 012\n", "ambiguous-value", 4, 16),
    ("time", HEAD + b"eligibility: 12:30:00\n", "ambiguous-value", 3, 14),
    ("underscore", HEAD + b"planning:\n  target_days: 1_000\n", "ambiguous-value", 4, 16),
    ("odd date", HEAD + b"as_of: 2026-4-6\n", "ambiguous-value", 3, 8),
    ("date and time", HEAD + b"as_of: 2026-04-06 10:00:00\n", "ambiguous-value", 3, 8),
    ("merge key", HEAD + b"a: &a {x: 1}\nb:\n  <<: *a\n", "ambiguous-value", 5, 3),
    ("tag", HEAD + b"a: !!python/object:os.system x\n", "ambiguous-value", 3, 4),
    ("self alias", HEAD + b"a: &a [*a]\n", "ambiguous-value", 3, 8),
    ("tab", HEAD + b"surplus:\n\trecoup: never\n", "not-well-formed", 4, 1),
    ("unclosed quote", HEAD + b'surplus: "never\n', "not-well-formed", 3, 10),
    ("NUL", HEAD + b"surplus: \x00\n", "control-character", 3, 10),
    ("cp1252", HEAD + b"title: \xa35 a week\n", "not-utf8", 3, 8),
    ("UTF-16", "kind: policy\n".encode("utf-16"), "not-utf8", 1, 1),
    ("NaN", HEAD + b"final:\n  cap: .nan\n", "number-not-exact", 4, 8),
    ("infinity", HEAD + b"final:\n  cap: .inf\n", "number-not-exact", 4, 8),
    ("exponent", HEAD + b"final:\n  cap: 1e3\n", "number-not-exact", 4, 8),
    ("too many digits", HEAD + b"final:\n  cap: 12345678901234567.5\n", "number-not-exact", 4, 8),
    ("empty", b"", "empty-file", 1, 1),
    ("white space", b" \n\n  \n", "empty-file", 1, 1),
    ("comments only", b"# nothing yet\n", "empty-file", 1, 1),
    ("a list", b"- a\n- b\n", "not-well-formed", 1, 1),
    ("unknown kind", b"kind: polcy\nauthority: x\n", "kind-not-known", 1, 7),
]

JSON_CASES = [
    ("duplicate key", b'{"kind": "case", "id": "C-1",\n "id": "C-2"}', "duplicate-key", 2, 2),
    ("NaN", b'{"kind": "case", "id": "C-1", "final": {"gross": NaN}}', "number-not-exact", 1, 50),
    ("infinity", b'{"kind": "case", "id": "C-1", "final": {"gross": -Infinity}}', "number-not-exact", 1, 50),
    ("exponent", b'{"kind": "case", "id": "C-1", "final": {"gross": 1E3}}', "number-not-exact", 1, 50),
    ("too many digits", b'{"kind": "case", "id": "C-1", "final": {"gross": 12345678901234567}}', "number-not-exact", 1, 50),
    ("trailing comma", b'{"kind": "case",}', "not-well-formed", 1, 17),
    ("deep nesting", b'{"a": ' + b"[" * 5000, "too-large", 1, 47),
    ("text after the end", b'{"kind": "case"} x', "not-well-formed", 1, 18),
    ("cut short", b'{"kind": "case"', "not-well-formed", 1, 16),
    ("leading zero", b'{"kind": "case", "n": 01}', "not-well-formed", 1, 24),
    ("half a character", b'{"kind": "case", "id": "\\ud800"}', "control-character", 1, 24),
    ("empty", b"  ", "empty-file", 1, 1),
]


@pytest.mark.parametrize(("name", "raw", "check", "line", "column"), YAML_CASES, ids=[one[0] for one in YAML_CASES])
def test_yaml(name: str, raw: bytes, check: str, line: int, column: int, tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    expect_one_message(tmp_path / "policy.yaml", raw, check, line, column, run)


@pytest.mark.parametrize(("name", "raw", "check", "line", "column"), JSON_CASES, ids=[one[0] for one in JSON_CASES])
def test_json(name: str, raw: bytes, check: str, line: int, column: int, tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    expect_one_message(tmp_path / "case.json", raw, check, line, column, run)


@pytest.mark.parametrize(("name", "raw", "check", "line", "column"), JSON_CASES[:5], ids=[one[0] for one in JSON_CASES[:5]])
def test_json_lines_read_fast_say_the_same(name: str, raw: bytes, check: str, line: int, column: int, tmp_path: Path) -> None:
    joined = raw.replace(b"\n", b"")
    (tmp_path / "cases.jsonl").write_bytes(b'{"kind": "case", "id": "C-9"}\n' + joined + b"\n" + b'{"kind": "case", "id": "C-8"}\n')
    report = audit(tmp_path)
    found = [one for one in report.findings if one.rule == check]
    assert [one.location.line for one in found] == [2]
    assert report.records["case"] == 2


def expect_one_message(path: Path, raw: bytes, check: str, line: int, column: int, run: Callable[..., tuple[int, str, str]]) -> None:
    path.write_bytes(raw)
    (path.parent / "zz-policy.yaml").write_bytes(GOOD)
    report = audit(path.parent)
    found = [one for one in report.findings if one.location.file.endswith(path.name)]
    assert [(one.rule, one.location.line, one.location.column) for one in found] == [(check, line, column)]
    assert report.records == {"policy": 1}, "the rest of the run goes on"
    code, out, err = run("audit", path.parent)
    assert code == 3
    assert found[0].message in out
    assert "Traceback" not in out + err


def test_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"))
    (tmp_path / "cases.jsonl").write_bytes(b'\xef\xbb\xbf{"kind": "case", "id": "C-1"}\r\n{"kind": "case", "id": "C-2"}\r\n')
    report = audit(tmp_path)
    assert report.complete
    assert report.records == {"case": 2, "policy": 1, "portfolio": 1}


def test_a_folder_named_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").mkdir()
    (tmp_path / "other-policy.yaml").write_bytes(GOOD)
    report = audit(tmp_path)
    assert [one.rule for one in report.findings if one.incomplete] == ["file-not-read"]
    assert report.records == {"policy": 1}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(GOOD)
    path.chmod(0)
    assert [one.rule for one in audit(tmp_path).findings] == ["file-not-read"]


def test_a_refusal_of_the_system_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "policy.yaml").write_bytes(GOOD)

    def refuse(file: source_files.FileRead) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(source_files, "_read_all", refuse)
    report = audit(tmp_path)
    assert [(one.rule, "permission" in one.message) for one in report.findings if one.rule == "file-not-read"] == [("file-not-read", True)]


def test_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_bytes(GOOD)
    export = tmp_path / "export"
    export.mkdir()
    (export / "policy.yaml").symlink_to(outside)
    (export / "gone-policy.yaml").symlink_to(tmp_path / "nowhere.yaml")
    (export / "inside.yaml").write_bytes(GOOD.replace(b"Exampleshire", b"Otherdon"))
    (export / "policy-link.yaml").symlink_to(export / "inside.yaml")
    report = audit(export)
    words = {Path(one.location.file).name: one.message for one in report.findings if one.rule == "file-not-read"}
    assert sorted(words) == ["gone-policy.yaml", "policy.yaml"]
    assert "leaves the export folder" in words["policy.yaml"]


def test_a_file_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(GOOD)
    check = source_files.unchanged

    def change_first(before: os.stat_result, changed: Path) -> None:
        changed.write_bytes(GOOD + b"appeals:\n  route: true\n")
        check(before, changed)

    monkeypatch.setattr(source_files, "unchanged", change_first)
    assert "file-changed" in [one.rule for one in audit(tmp_path).findings]


def test_a_file_that_vanishes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(GOOD)
    check = source_files.unchanged

    def vanish(before: os.stat_result, gone: Path) -> None:
        gone.unlink()
        check(before, gone)

    monkeypatch.setattr(source_files, "unchanged", vanish)
    found = audit(tmp_path).findings
    assert [one.rule for one in found if "vanished" in one.message] == ["file-not-read"]


def test_sections_that_clash_name_both_places(tmp_path: Path) -> None:
    (tmp_path / "policy-a.yaml").write_bytes(GOOD)
    (tmp_path / "policy-b.yaml").write_bytes(HEAD + b"appeals:\n  route: true\nsurplus:\n  recoup: always\n")
    report = audit(tmp_path)
    clash = next(one for one in report.findings if one.rule == "sections-clash")
    assert (Path(clash.location.file).name, clash.location.line) == ("policy-b.yaml", 5)
    assert "policy-a.yaml:3" in clash.message
    assert report.records == {"policy": 1}
    surplus = next(one for one in report.outcomes if one.rule == "unspent-money-taken-back")
    assert surplus.cannot_tell == 1, "a section nobody can tell is never a pass"


def test_two_records_with_one_id(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_bytes(b'{"kind": "case", "id": "C-1"}\n{"kind": "case", "id": "C-1"}\n')
    report = audit(tmp_path)
    assert [(one.rule, one.location.line) for one in report.findings if one.rule == "record-twice"] == [("record-twice", 2)]
    assert report.records["case"] == 1


def test_nothing_to_check_is_no_success(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("audit")
    assert code == 3
    assert "Nothing was checked" in out


def test_a_manifest_that_points_nowhere_or_outside(tmp_path: Path) -> None:
    (tmp_path / "export.yaml").write_text(
        "kind: export\nauthority: X\nas_of: 2026-01-01\n"
        "files:\n  - {path: gone/*.yaml, kind: case}\n  - {path: ../other.yaml, kind: case}\n"
    )
    report = audit(tmp_path)
    found = [(one.location.line, one.message) for one in report.findings if one.rule == "file-not-read"]
    assert [line for line, _ in found] == [5, 6]
    assert "leaves the export folder" in found[1][1]


def test_what_the_schema_refuses_never_passes_a_rule(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_bytes(HEAD + b"surplus:\n  recop: never\n  agreed_saving_exempt: true\n")
    report = audit(tmp_path)
    fault = next(one for one in report.findings if one.rule == "unknown-key")
    assert fault.location.line == 4
    assert "Did you mean `recoup`?" in fault.message
    assert next(one for one in report.outcomes if one.rule == "unspent-money-taken-back").cannot_tell == 1
