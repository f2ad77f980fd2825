"""No personal value in any output, unless values are asked for; and no id of a case where pseudonyms are."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pbcheck import UsageError, audit
from pbcheck.cli.checking import UPLOADED
from pbcheck.pseudonyms import Pseudonyms, read_key
from pbcheck.render import FORMATS, render
from pbcheck.render.text_report import RECORD_KEYS, may_be_shown
from pbcheck.schema.store import KINDS, load
from tests.conftest import FIXTURES

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]
PERSONAL = FIXTURES / "personal"
MARK = re.compile(r"ZZ[A-Z]+-[0-9]{4}")
ELSE = ("Quibble", "Thistlewood", "Crumb", "Peregrine", "Cordelia", "Quince Row", "born on 3 March", "01632 960")
KEY = b"an invented key of enough bytes: 0123456789"


def personal_paths(kind: str) -> Iterator[tuple[str, ...]]:
    def walk(node: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if node.get("x-personal"):
            yield path
        for key, child in node.get("properties", {}).items():
            yield from walk(child, (*path, key))
        if "items" in node:
            yield from walk(node["items"], (*path, "*"))

    return walk(load(kind), ())


def at(data: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(data, list):
        for one in data:
            yield from at(one, path[1:] if path and path[0] == "*" else path)
    elif not path:
        yield data
    elif path[0] in data:
        yield from at(data[path[0]], path[1:])


def documents() -> list[dict[str, Any]]:
    found = [yaml.safe_load(path.read_text()) for path in PERSONAL.rglob("*.yaml")]
    return found + [json.loads(line) for path in PERSONAL.rglob("*.jsonl") for line in path.read_text().splitlines()]


def marks(text: str) -> set[str]:
    """Return every personal value of the fixture that stands in a text, whole or in part."""
    return {one.upper() for one in MARK.findall(text.upper())} | {one for one in ELSE if one.casefold() in text.casefold()}


def test_the_fixture_fills_every_personal_field_and_meets_its_schemas() -> None:
    for kind in KINDS:
        for path in personal_paths(kind):
            values = [value for one in documents() if one["kind"] == kind for value in at(one, path)]
            assert any(isinstance(one, str) and marks(one) for one in values), f"{kind}: {'.'.join(path)}"
    every = [one for text in PERSONAL.rglob("*.*l") for one in MARK.findall(text.read_text()) if one.startswith(("ZZNAME", "ZZTEXT"))]
    assert len(every) == len(set(every)) > 170
    assert audit(PERSONAL).complete


AUDITS = [
    [command, PERSONAL, "-f", style, *more]
    for command, more in (("audit", ["--figures"]), ("audit", ["--profile", "notes"]), ("check", []))
    for style in FORMATS
]
OTHERS = [
    ["figures", PERSONAL, "-f", "table"],
    *[
        ["figures", PERSONAL, "-f", style, *more]
        for style in ("table", "json", "csv")
        for more in (["--by", "team"], ["--all-cases"], ["--all-cases", "--trace"], ["--case", "ZP-0001", "--trace"])
    ],
    ["figures", PERSONAL, "--policy", PERSONAL / "policy.yaml", "--all-cases"],
    *[["statement", PERSONAL, f"ZP-000{number}", "-f", style] for number in (1, 2, 3) for style in ("text", "html")],
    ["statement", PERSONAL, "nobody"],
    ["rules", "list"],
    ["explain", "component-without-cost"],
    ["audit", PERSONAL, "--pseudonymise", "no-such-key"],
]


@pytest.mark.parametrize("arguments", AUDITS + OTHERS, ids=lambda one: " ".join(str(part) for part in one if part != PERSONAL))
def test_no_output_holds_a_personal_value(arguments: list[Any], run: Run) -> None:
    code, out, err = run(*arguments)
    assert code in (0, 1, 2)
    assert out + err
    assert marks(out + err) == set()


def test_no_file_holds_a_personal_value(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    outputs = [part for style in FORMATS for part in ("-o", f"{style}=out/report.{style}")]
    run("audit", PERSONAL, "--figures", *outputs, "--bundle", "out/bundle.zip")
    run("figures", PERSONAL, "--all-cases", "--trace", "-f", "parquet", "-o", "out/figures.parquet")
    run("statement", PERSONAL, "--all", "out/statements")
    with zipfile.ZipFile(tmp_path / "out" / "bundle.zip") as archive:
        archive.extractall(tmp_path / "out" / "unpacked")
    run("verify", "out/bundle.zip")
    run("report", "out/report.json", "-o", "html=out/again.html")
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(files) >= len(FORMATS) + 8
    for path in files:
        assert marks(path.read_bytes().decode("utf-8", "replace")) == set(), path.name


def test_values_are_shown_where_they_are_asked_for(run: Run) -> None:
    _, text, _ = run("audit", PERSONAL, "--show-values")
    assert len(marks(text)) > 3
    assert "      value: " in text
    assert "Values of the records are shown" in text
    _, out, _ = run("audit", PERSONAL, "--show-values", "-f", "json")
    found = [one["value"] for one in json.loads(out)["findings"]]
    assert any(one and marks(one) for one in found)
    assert max(len(one) for one in found if one) <= 200
    plain = json.loads(run("audit", PERSONAL, "-f", "json")[1])["findings"]
    assert [one | {"value": None} for one in json.loads(out)["findings"]] == plain


def test_the_schema_gate_shows_the_value_it_refused_and_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text("kind: case\nid: C-1\nteam: North\nas_of: ZZTEXT-9001\ncarers: ZZNAME-9002\n")
    (tmp_path / "policy.yaml").write_text("kind: policy\nauthority: X\nsurplus: {recoup: allways}\n")
    shown = {one.location.pointer: one.value for one in audit(tmp_path, show_values=True).findings if one.rule != "missing-key"}
    assert (shown["/as_of"], shown["/carers"], shown["/surplus/recoup"]) == ("ZZTEXT-9001", "ZZNAME-9002", "allways")
    hidden = audit(tmp_path).findings
    assert {one.value for one in hidden} == {""}
    assert {one.team for one in hidden if one.subject == "case"} == {"North"}


@pytest.mark.parametrize("style", [one for one in UPLOADED if one in FORMATS] or ["sarif"])
def test_formats_that_are_uploaded_refuse_values_before_anything_is_read(style: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    if style not in FORMATS:
        pytest.skip("no such format yet")
    with monkeypatch.context() as patch:
        patch.setattr("pbcheck.pipeline.audit", lambda *_, **__: pytest.fail("something was read"))
        for arguments in (["-f", style], ["-o", f"{style}=out.txt"]):
            code, out, err = run("audit", PERSONAL, "--show-values", *arguments)
            assert (code, out) == (2, "")
            assert "--allow-personal-data" in err
    assert run("audit", PERSONAL, "--show-values", "--allow-personal-data", "-f", style)[0] == 1
    run("audit", PERSONAL, "--show-values", "-o", "json=r.json")
    assert run("report", "r.json", "-f", style)[0] == 2
    assert run("report", "r.json", "-f", style, "--allow-personal-data")[0] == 0


BROKEN = {
    "ill.yaml": 'kind: case\nid: "Zoe ZZNAME-9101"\nas_of: ZZBORN-9102\nteam: [ZZNAME-9103]\n',
    "keys.yaml": "kind: case\nid: B-2\nZZNAME-9104: 1\ncarers: [{ZZNAME-9105: x, name: 5}]\nplan: {ZZNAME-9106 Smith: {a: 1}}\n",
    "fields.yaml": "kind: case\nid: B-3\nperson: {setting: ZZHOME-9107, setting_km_from_home: ZZHOME-9108, at_risk: ZZTEXT-9109}\n"
    "arrangements: [{id: A1, form: ZZTEXT-9110, contract_id: 'ZZNAME-9111 x'}]\nfinal: {gross: 'ZZTEXT-9112', period: ZZTEXT-9113}\n",
    "twice.yaml": "kind: case\nid: B-4\ncarers: [{name: ZZNAME-9114}]\ncarers: [{name: ZZNAME-9115}]\n",
    "anchors.yaml": "kind: case\nid: B-5\ncarers: [{name: &a !ZZNAME-9116 ZZNAME-9117}]\n",
    "torn.yaml": "kind: case\nid: B-6\ncarers: [{name: 'ZZNAME-9118\n",
    "lines.jsonl": '{"kind": "case", "id": "B-7", "carers": [{"name": "ZZNAME-9119"}\n{"kind": "ZZNAME-9120"}\n["ZZNAME-9121"]\n',
    "wrong-kind.yaml": "kind: policy\nauthority: X\ncarers: [{name: ZZNAME-9122}]\nfinal: {term_reason: ZZTEXT-9123}\n",
    "kind.yaml": "kind: ZZNAME-9124\nid: B-8\n",
    "export-like.yaml": '{kind: policy, authority: X, "decision": {reason: ZZTEXT-9125}}\n',
    "big.json": '{"kind": "case", "id": "B-9", "final": {"gross": 1e5, "note ZZTEXT-9126": NaN}}\n',
    "read-whole.yaml": "kind: case\nid: B-11\nas_of: 2026-03-31\nfinal: {ZZNAME-9128 Smith: 1}\n"
    "arrangements: [{id: A1, ZZNAME-9129.Smith: 1}]\ncarers: [{name: Ann, ZZNAME-9130: x}]\n",
    "unsure.yaml": "id: B-10\ncarer_s: [{name: ZZNAME-9127}]\n",
}


@pytest.mark.parametrize("style", FORMATS)
def test_no_output_about_a_broken_export_holds_a_personal_value(style: str, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    for name, text in BROKEN.items():
        (folder / name).write_text(text)
    code, out, err = run("audit", folder, "-f", style, "--figures")
    assert code == 3
    assert len(out) > 100
    assert marks(out + err) == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ["figures", "cases", "--all-cases", "--trace"],
        ["statement", "cases", "B-3"],
        ["audit", "cases", "--pseudonymise", "key"],
        ["statement", "cases", "B-2"],
    ],
)
def test_no_other_command_on_a_broken_export_shows_a_personal_value(arguments: list[str], run: Run, tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    for name, text in BROKEN.items():
        (tmp_path / "cases" / name).write_text(text)
    (tmp_path / "key").write_bytes(KEY)
    (tmp_path / "key").chmod(0o600)
    code, out, err = run(*arguments)
    assert code == 3
    assert marks(out + err) == set()


@pytest.mark.parametrize("style", ["text", "json", "markdown", "html"])
def test_what_a_change_means_for_a_broken_export_shows_no_personal_value(style: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    for name, text in BROKEN.items():
        (tmp_path / "cases" / name).write_text(text)
    policies = [FIXTURES / "councils" / name / "policy.yaml" for name in ("st-helens", "somerset")]
    code, out, err = run("diff", *policies, "--export", "cases", "-f", style)
    assert code == 3, err
    assert len(out) > 100
    assert marks(out + err) == set()
    folder = ["cases/wrong-kind.yaml", "cases/export-like.yaml"]
    assert marks("".join(run("diff", *folder, "-f", style)[1:])) == set()


def test_a_file_that_calls_itself_a_policy_and_holds_a_record_is_not_quoted() -> None:
    policy = ["kind: policy", "surplus:", "  recop: always"]
    assert may_be_shown(policy)
    for key in RECORD_KEYS:
        for line in (f"{key}:", f'"{key}": [', f"{{a: 1, {key}: x}}", f"  '{key}' : x"):
            assert not may_be_shown([*policy, line]), line
    assert not may_be_shown(policy[1:])


def test_keys_of_records_are_those_below_which_personal_values_stand_and_no_policy_has() -> None:
    def names(node: dict[str, Any]) -> set[str]:
        inner = list(node.get("properties", {}).items())
        below = [child for _, child in inner] + ([node["items"]] if "items" in node else [])
        return {key for key, _ in inner} | {name for child in below for name in names(child)}

    known = names(load("policy")) | names(load("export"))
    assert not known & set(RECORD_KEYS)
    first = {path[0] for kind in ("case", "contract") for path in personal_paths(kind)}
    assert first - known - {"buy_in"} <= set(RECORD_KEYS)


def pseudonymised(*paths: Path) -> dict[str, str]:
    report = audit(*paths, figures=True, key=KEY)
    return {style: render(style, report) for style in FORMATS}


def test_pseudonyms_leave_no_id_of_a_case_anywhere() -> None:
    for style, text in pseudonymised(PERSONAL).items():
        assert not re.search(r"zp-000[1-5]", text, re.IGNORECASE), style
    whole = audit(PERSONAL, figures=True)
    hidden = audit(PERSONAL, figures=True, key=KEY)
    assert len({one.record for one in hidden.findings}) == len({one.record for one in whole.findings})
    assert hidden.outcomes == whole.outcomes
    assert sorted(one.sha256 for one in hidden.inputs) == sorted(one.sha256 for one in whole.inputs)
    assert [one for one in hidden.findings if one.subject == "policy"] == [one for one in whole.findings if one.subject == "policy"]


def test_pseudonyms_are_the_same_for_the_same_key_only() -> None:
    def records(key: bytes) -> set[str]:
        return {one.record for one in audit(PERSONAL, key=key).findings if one.subject == "case"}

    assert records(KEY) == records(KEY)
    assert not records(KEY) & records(KEY[::-1])
    assert all(re.fullmatch(r"P-[A-Z2-7]{16}", one) for one in records(KEY))


def test_pseudonyms_reach_names_of_files_messages_and_remarks(tmp_path: Path) -> None:
    (tmp_path / "cases" / "C-77").mkdir(parents=True)
    (tmp_path / "cases" / "C-77" / "case.yaml").write_text("kind: case\nid: C-77\nplan: {point_of_control: [see C-77]}\n")
    (tmp_path / "cases" / "Jane ZZNAME-9201.yaml").write_text("kind: case\nid: C-78\n")
    (tmp_path / "cases" / "ZZNAME-9202.yaml").write_text("kind: case\nid: [\n")
    (tmp_path / "ZZNAME-9203.yaml").write_text("a: 1\n")
    (tmp_path / "cases" / "77.json").write_text('{"kind": "case", "id": "77"}')
    for style, text in pseudonymised(tmp_path).items():
        assert not marks(text), style
        assert "C-77" not in text, style
        assert "77.json" not in text, style
    (tmp_path / "export.yaml").write_text("kind: export\nauthority: X\nas_of: 2026-03-31\nfiles: [{path: cases/77.json, kind: case}]\n")
    text = pseudonymised(tmp_path)["json"]
    assert "does not list them: their names are left out" in text
    assert not marks(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Case C-001, and c-001.", "Case {C-001}, and {C-001}."),
        ("x C-0012 AC-001 C-001-x", "x C-0012 AC-001 {C-001}-x"),
        ("a/C/2/44/b", "a/{C/2/44}/b"),
        ("ref 1204417: 12 hours in 2026", "ref {1204417}: 12 hours in 2026"),
        ("jsmith", "{jsmith}"),
        ("12", "{12}"),
    ],
)
def test_ids_are_found_in_texts(text: str, expected: str) -> None:
    ids = ("C-001", "C/2/44", "1204417", "12", "2026", "jsmith")
    names = Pseudonyms(KEY, ids)
    assert names.whole(text) == re.sub(r"\{([^}]+)\}", lambda found: names.name(found[1]), expected)


def test_keys_that_are_no_good_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(b"x" * 31)
    (tmp_path / "open").write_bytes(b"x" * 32)
    (tmp_path / "good").write_bytes(b"x" * 32)
    (tmp_path / "short").chmod(0o600)
    (tmp_path / "good").chmod(0o600)
    (tmp_path / "open").chmod(0o644)
    for name, words in (("short", "31 bytes"), ("open", "chmod 600"), ("none", "/dev/urandom")):
        code, _, err = run("audit", PERSONAL, "--pseudonymise", name)
        assert (code, words in err) == (2, True), err
    code, _, err = run("audit", PERSONAL, "--pseudonymise", "good", "--show-values")
    assert (code, "do not go together" in err) == (2, True)
    code, out, _ = run("audit", PERSONAL, "--pseudonymise", "good")
    assert code == 1
    assert "P-" in out
    assert read_key(tmp_path / "good") == b"x" * 32
    with pytest.raises(UsageError, match="at least 32"):
        audit(PERSONAL, key=b"short")
