"""Bundles: the same bytes twice, what changed since, and files that only pretend to be one."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pbcheck import Report, bundle
from pbcheck.render import render
from tests import reports
from tests.conftest import FIXTURES

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURES / "compliant", tmp_path / "export"))


@pytest.fixture
def held(export: Path, run: Run) -> Path:
    assert run("audit", "export", "--bundle", "b.zip")[0] == 0
    return export.parent / "b.zip"


def test_a_bundle_holds_report_result_and_hashes_and_is_the_same_twice(held: Path, run: Run) -> None:
    run("audit", "export", "--bundle", "again/b.zip", "-o", "html=r.html", "-o", "json=r.json")
    assert (held.parent / "again" / "b.zip").read_bytes() == held.read_bytes()
    with zipfile.ZipFile(held) as archive:
        assert archive.namelist() == ["manifest.json", "report.html", "result.json"]
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("report.html") == (held.parent / "r.html").read_bytes()
        assert archive.read("result.json") == (held.parent / "r.json").read_bytes()
        made = json.loads(archive.read("manifest.json"))
        report = Report.from_json(archive.read("result.json").decode())
    assert [(one["path"], one["sha256"]) for one in made["inputs"]] == [(one.path, one.sha256) for one in report.inputs]
    assert {"rules/register/law.yaml", "schemas/case.schema.json"} <= {one["path"] for one in made["shipped"]}
    assert made["tool"]["rulebook"] == report.rulebook_hash
    assert made["waivers"] == []
    assert render("html", report) == (held.parent / "r.html").read_text()


def test_a_bundle_holds_the_decisions(tmp_path: Path) -> None:
    report = reports.aside()
    bundle.write_bundle(tmp_path / "b.zip", report, [tmp_path])
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        made = json.loads(archive.read("manifest.json"))["waivers"]
        result = json.loads(archive.read("result.json"))
    assert made == result["audit"]["decisions"]
    assert [(one["kind"], one["name"], one["standing"]) for one in made] == [
        (one.kind, one.name, one.standing or None) for one in report.decisions
    ]


def test_pseudonyms_and_bundles_are_the_same_with_another_hash_seed_and_timezone(
    process: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_bytes(b"k" * 32)
    (tmp_path / "key").chmod(0o600)
    seen = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        monkeypatch.setenv("TZ", zone)
        done = process("audit", "fixtures/personal", "--pseudonymise", tmp_path / "key", "--figures", "--bundle", tmp_path / "b.zip")
        seen.add((done.stdout, (tmp_path / "b.zip").read_bytes()))
    assert len(seen) == 1


def test_a_bundle_of_what_did_not_change_matches_here_and_elsewhere(held: Path, export: Path, run: Run) -> None:
    code, out, err = run("verify", "b.zip")
    assert (code, err) == (0, "")
    assert "Everything matches." in out
    assert "Audited files: 20 files the same." in out
    export.rename(export.parent / "moved")
    assert run("verify", "b.zip")[0] == 1
    assert "name the place where they are now" in run("verify", "b.zip")[1]
    assert run("verify", "b.zip", "moved")[0] == 0


def test_what_changed_is_missing_or_new_is_named(held: Path, export: Path, run: Run) -> None:
    (export / "policy" / "choice.yaml").write_text("kind: policy\nauthority: X\n")
    (export / "cases" / "c-003.yaml").unlink()
    shutil.copy(export / "cases" / "c-004.yaml", export / "cases" / "c-040.yaml")
    (export / "cases" / "c-005.yaml").chmod(0o600)
    code, out, _ = run("verify", "b.zip")
    assert code == 1
    assert "Audited files: 18 files the same, others not." in out
    for words in ("changed: export/policy/choice.yaml", "missing: export/cases/c-003.yaml", "new: export/cases/c-040.yaml"):
        assert f"\n  {words}\n" in out
    assert out.count("\n  ") == 3


def test_a_changed_tool_or_rule_does_not_match(held: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pbcheck.bundle.__version__", "99.0")
    code, out, _ = run("verify", "b.zip")
    assert (code, "then, " in out) == (1, True)
    monkeypatch.undo()
    monkeypatch.chdir(held.parent)
    real = bundle.shipped_files
    monkeypatch.setattr("pbcheck.bundle.shipped_files", lambda: real()[1:])
    code, out, _ = run("verify", "b.zip")
    assert (code, "Rules and schemas of pbcheck: " in out, "\n  missing: rules/" in out) == (1, True, True)


def test_own_rule_packs_and_single_files(export: Path, run: Run) -> None:
    pack = export.parent / "pack"
    shutil.copytree(FIXTURES.parent / "rules" / "use-of-the-budget", pack / "use-of-the-budget")
    policy = Path("export", "policy", "money.yaml")
    assert run("check", policy, "--rules", "pack", "--bundle", "b.zip", "--fail-level", "never")[0] == 0
    assert run("verify", "b.zip")[0] == 0
    shutil.move(pack, export.parent / "elsewhere")
    code, out, _ = run("verify", "b.zip")
    assert (code, "Rule pack pack: 0 files the same, others not." in out) == (1, True)
    assert run("verify", "b.zip", "--rules", "elsewhere")[0] == 0
    assert run("verify", "b.zip", "--rules", "elsewhere", "--rules", "x")[0] == 2
    assert run("verify", "b.zip", policy, "--rules", "elsewhere")[0] == 0
    assert run("verify", "b.zip", policy, "export", "--rules", "elsewhere")[0] == 2
    (export / "policy" / "money.yaml").unlink()
    code, out, _ = run("verify", "b.zip", "--rules", "elsewhere")
    assert (code, "missing: export/policy/money.yaml" in out) == (1, True)
    assert run("verify", "b.zip", policy, "--rules", "elsewhere")[0] == 2


def test_a_bundle_with_pseudonyms_is_verified_by_hashes_alone(export: Path, run: Run) -> None:
    (export.parent / "key").write_bytes(b"k" * 32)
    (export.parent / "key").chmod(0o600)
    run("audit", "export", "--bundle", "b.zip", "--pseudonymise", "key")
    with zipfile.ZipFile(export.parent / "b.zip") as archive:
        text = b"".join(archive.read(name) for name in archive.namelist())
    assert b"C-011" not in text
    assert b"c-001.yaml" not in text
    code, _, err = run("verify", "b.zip")
    assert (code, "name the exports" in err) == (2, True)
    assert run("verify", "b.zip", "export")[0] == 0
    (export / "cases" / "c-001.yaml").write_text("kind: case\nid: C-001\n")
    code, out, _ = run("verify", "b.zip", "export")
    assert (code, out.count("  missing: "), "  new: export/cases/c-001.yaml" in out) == (1, 1, True)


def test_a_file_that_could_not_be_read_is_said_not_to_be_compared(tmp_path: Path, run: Run) -> None:
    (tmp_path / "policy.yaml").write_text("kind: policy\nauthority: X\n")
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nothing")
    assert run("audit", tmp_path, "--bundle", "b.zip")[0] == 3
    code, out, _ = run("verify", "b.zip")
    assert (code, "not read then, so not compared: gone.yaml" in out) == (0, True)


def packed(change: Callable[[dict[str, Any]], Any], source: Path, target: Path) -> None:
    """Write a bundle whose manifest was changed."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as out:
        for name in archive.namelist():
            raw = archive.read(name)
            if name == "manifest.json":
                made = json.loads(raw)
                raw = json.dumps(change(made) or made).encode()
            out.writestr(name, raw)


def test_contents_that_were_changed_are_told(held: Path, run: Run) -> None:
    with zipfile.ZipFile(held) as archive, zipfile.ZipFile(held.parent / "c.zip", "w") as out:
        for name in archive.namelist():
            out.writestr(name, archive.read(name).replace(b"Exampleshire", b"Somewhereelse"))
    code, out_, _ = run("verify", "c.zip")
    assert code == 1
    assert "Report and result: 0 files the same, others not.\n  changed: report.html\n  changed: result.json\n" in out_


MANIFESTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "climbing out": lambda made: made["inputs"].append({"path": "export/../../../etc/passwd", "sha256": "0"}),
    "absolute": lambda made: made["inputs"].append({"path": "/etc/passwd", "sha256": "0"}),
    "beside": lambda made: made["inputs"].append({"path": "exporter/x", "sha256": "0"}),
    "no roots": lambda made: made.pop("roots"),
    "roots of numbers": lambda made: made.update(roots=[1]),
    "packs without files": lambda made: made.update(packs=[{"path": "x"}]),
    "another format": lambda made: made.update(format="x"),
    "a list": lambda made: [made],
    "another version": lambda made: made.update(version="2.0"),
    "no hash": lambda made: made["inputs"].append({"path": "export/x"}),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_manifests_that_are_none_are_refused(name: str, held: Path, run: Run) -> None:
    packed(MANIFESTS[name], held, held.parent / "c.zip")
    code, out, err = run("verify", "c.zip")
    assert (code, out) == (2, "")
    assert "bundle" in err or "version" in err


def archive_of(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return out.getvalue()


WHOLE = {"manifest.json": b"{}", "report.html": b"", "result.json": b""}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK\x05\x06" + b"\0" * 18,
        archive_of({}),
        archive_of(WHOLE),
        archive_of(WHOLE | {"../../evil": b"x"}),
        archive_of({"manifest.json": b"{}", "report.html": b"", "/result.json": b""}),
        archive_of(WHOLE | {"manifest.json": b"not JSON"}),
        archive_of(WHOLE | {"manifest.json": b"[" * 100_000}),
        archive_of(WHOLE, zipfile.ZIP_LZMA),
        archive_of(WHOLE)[:-30],
        archive_of(WHOLE).replace(b"PK\x01\x02", b"PK\x01\x03"),
    ],
)
def test_files_that_are_no_bundle_are_refused(raw: bytes, run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.zip").write_bytes(raw)
    code, out, err = run("verify", "c.zip")
    assert (code, out) == (2, "")
    assert "is no bundle of pbcheck" in err
    assert sorted(one.name for one in tmp_path.iterdir()) == ["c.zip"]


def test_a_bomb_is_not_unpacked(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too much by what the archive says, and too much although it says less."""
    monkeypatch.setattr(bundle, "LIMITS", {"manifest.json": 1000, "report.html": 1000, "result.json": 1000})
    raw = archive_of(WHOLE | {"report.html": b"\0" * 10_000_000})
    (tmp_path / "c.zip").write_bytes(raw)
    assert run("verify", "c.zip")[0] == 2
    lying = raw.replace((10_000_000).to_bytes(4, "little"), (999).to_bytes(4, "little"))
    assert lying != raw
    (tmp_path / "c.zip").write_bytes(lying)
    assert run("verify", "c.zip")[0] == 2


def test_what_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    assert run("verify", "none.zip")[0] == 2
    (tmp_path / "folder").mkdir()
    code, _, err = run("verify", "folder")
    assert (code, "Traceback" in err) == (2, False)
