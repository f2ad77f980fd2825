"""Spark gives what one machine gives, byte by byte: with records twice, lines that cannot be read, and files of every kind."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pbcheck import audit
from pbcheck.errors import UsageError
from pbcheck.model import Report
from pbcheck.tables import Tables, to_arrow
from tests.conftest import FIXTURES, ROOT
from tests.generated_cases import cases, contracts, policies

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),  # py4j leaves its own to the garbage collector
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
]
MANIFEST = """kind: export
authority: Exampleshire County Council
as_of: 2026-09-30
files:
  - {path: policy.json, kind: policy}
  - {path: contracts/*.json, kind: contract}
  - {path: one.json, kind: case}
  - {path: "cases*", kind: case}
  - {path: "_cases*", kind: case}
"""
WAIVER = """kind: waivers
waivers:
- id: W-1
  rule: {rule}
  where: {{record: {record}}}
  reason: The form is in use until the new agreement is signed.
  approved_by: {{name: J. Okafor, role: Director of Adult Social Services}}
  decision: Cabinet 2026-09-12, item 7
  approved_on: 2026-09-12
  expires: 2026-12-31
"""


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Give a session on two cores of this machine that reads files in many small splits."""
    pytest.importorskip("pyspark")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        assert not os.environ.get("CI"), "there is no Java: scripts/setup.sh installs it where it may"
        pytest.skip("there is no Java")
    from pyspark.sql import SparkSession

    places = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), places)))
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.files.maxPartitionBytes": "120000",
        "spark.sql.files.openCostInBytes": "20000",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    builder = SparkSession.builder.master("local[2]").appName("pbcheck-tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("OFF")
    yield made
    made.stop()
    os.environ["PYTHONPATH"] = places


def lines(made: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in made).encode()


def export(folder: Path, number: int = 180) -> Path:
    """Write an export in whose files nearly everything is wrong that can be."""
    made = list(cases(number, seed=5))
    third = number // 3
    (folder / "contracts").mkdir(parents=True)
    (folder / "export.yaml").write_text(MANIFEST)
    (folder / "policy.json").write_text(json.dumps(policies()["52"]))
    for name, one in contracts(made).items():
        (folder / "contracts" / f"{name}.json").write_text(json.dumps(one))
    (folder / "one.json").write_text(json.dumps(made[0]))
    broken = [
        b"",
        b"  \t",
        b'{"kind": "case", "id": "cut off',
        b'{"kind": "case", "id": "\xff\xfe"}',
        b"[1, 2]",
        b"null",
        b'{"kind": "policy", "authority": "X"}',
        b'{"kind": "cse", "id": "C-1"}',
        b'{"colour": "red"}',
        b'{"kind": "case"}',
        b'{"kind": "case", "id": "G-1", "id": "G-2"}',
        b'{"kind": "case", "id": "C-5", "team": 7, "as_of": "soon"}\r',
    ]
    first = lines(made[:third]) + b"\n".join(broken) + b"\n" + lines(made[2:5])
    (folder / "cases 1%41 ü{a}[b]*.jsonl").write_bytes(b"\xef\xbb\xbf" + first)
    (folder / "cases-2.jsonl.gz").write_bytes(gzip.compress(lines(made[third : 2 * third]) + lines(made[5:7]), mtime=0))
    (folder / "cases-3.jsonl").write_bytes(lines(made[third : third + 3]) + lines(made[2 * third :]).rstrip())
    (folder / "cases-4.jsonl").write_bytes(b"")
    (folder / "cases-5.ndjson").write_bytes(lines(made[-2:]))
    (folder / "_cases.jsonl").write_bytes(lines(made[7:8]))
    (folder / "cases-6.jsonl").symlink_to(folder / "nowhere.jsonl")
    return folder


def same(one: Report, other: Report) -> None:
    mine, theirs = one.to_json().splitlines(), other.to_json().splitlines()
    different = [pair for pair in zip(mine, theirs, strict=False) if pair[0] != pair[1]]
    assert different[:3] == []
    assert len(mine) == len(theirs)
    for name, table, again in zip(Tables._fields, to_arrow(one), to_arrow(other), strict=True):
        assert table.equals(again), name


def test_the_result_is_that_of_one_machine(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pbcheck.spark import audit_on_spark

    monkeypatch.chdir(export(tmp_path / "export").parent)
    local = audit("export", figures=True)
    assert {"record-twice", "kind-not-known", "not-well-formed", "file-not-read", "empty-file"} <= {one.rule for one in local.findings}
    assert sum(one.rule == "record-twice" for one in local.findings) == 12
    assert local.records["case"] > 170
    same(audit_on_spark(spark, "export", figures=True), local)


def test_pseudonyms_profile_and_date_are_those_of_one_machine(spark: Any, tmp_path: Path) -> None:
    from pbcheck.spark import audit_on_spark

    asked: dict[str, Any] = {"profile": "notes", "as_of": "2026-03-31", "key": b"k" * 32}
    folder = export(tmp_path, 60)
    same(audit_on_spark(spark, folder, **asked), audit(folder, **asked))


def test_cases_elsewhere_as_lines_and_as_parquet(spark: Any, tmp_path: Path) -> None:
    from pyarrow import parquet, table

    from pbcheck.spark import audit_on_spark

    made = [json.dumps(one) for one in cases(90, seed=8)]
    made[7] = made[3]
    whole, bare, other = (tmp_path / name for name in ("whole", "a-bare", "b-other"))
    for folder in (whole, bare):
        folder.mkdir()
        (folder / "a-policy.json").write_text(json.dumps(policies()["52"]))
    other.mkdir()
    (whole / "cases.jsonl").write_text("\n".join(made))
    (other / "cases.jsonl").write_text("\n".join(made))
    parquet.write_table(table({"number": list(range(90)), "case": made}), other / "cases.parquet", row_group_size=20)
    local = audit(whole, as_of="2026-09-30", figures=True)

    def moved(report: Report, file: str) -> list[dict[str, Any]]:
        text = report.to_json().replace(f"{other}/{file}", "CASES").replace(f"{whole}/cases.jsonl", "CASES")
        text = text.replace(str(bare), "EXPORT").replace(str(whole), "EXPORT")
        return [json.loads(text)[name] for name in ("summary", "findings", "outcomes", "figures")]

    for file, column in (("cases.jsonl", ""), ("cases.parquet", "case")):
        found = audit_on_spark(spark, bare, [f"file://{other}/{file}"], column=column, as_of="2026-09-30", figures=True)
        assert moved(found, file) == moved(local, "")
        assert next(one for one in found.inputs if one.path.endswith(file)).records == 90


def test_a_cell_without_a_record_is_said(spark: Any, tmp_path: Path) -> None:
    from pyarrow import parquet, table

    from pbcheck.spark import audit_on_spark

    shutil.copytree(FIXTURES / "compliant" / "policy", tmp_path / "policy")
    parquet.write_table(table({"json": ['{"kind": "case", "id": "C-1"}', None, ""]}), tmp_path / "x.parquet")
    found = audit_on_spark(spark, tmp_path, [str(tmp_path / "x.parquet")], column="json", as_of="2026-09-30")
    assert [one.location.line for one in found.findings if one.incomplete and one.location.file.endswith("x.parquet")] == [2, 3]
    assert found.records["case"] == 1
    assert not found.complete


def test_what_spark_cannot_read_is_said_in_words(spark: Any, tmp_path: Path) -> None:
    from pyarrow import parquet, table

    from pbcheck.spark import audit_on_spark

    parquet.write_table(table({"json": ["{}"], "number": [1]}), tmp_path / "x.parquet")
    folder, place = FIXTURES / "compliant", str(tmp_path / "x.parquet")
    with pytest.raises(UsageError, match="does not exist"):
        audit_on_spark(spark, folder, ["/nowhere/cases.jsonl"])
    with pytest.raises(UsageError, match=r"`jsn` is not there\. Did you mean `json`\?"):
        audit_on_spark(spark, folder, [place], column="jsn")
    with pytest.raises(UsageError, match="`number` holds bigint"):
        audit_on_spark(spark, folder, [place], column="number")
    with pytest.raises(UsageError, match="found 30"):
        audit_on_spark(spark, FIXTURES / "ombudsman")


def test_a_file_that_changes_or_cannot_be_opened_is_said_and_the_others_are_judged(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pbcheck.spark import audit as module
    from pbcheck.spark import audit_on_spark

    for name, some in (("a", slice(4)), ("b", slice(4, 8)), ("c", slice(8, 12))):
        (tmp_path / f"cases-{name}.jsonl").write_bytes(lines(list(cases(12, seed=4))[some]))
    (tmp_path / "export.yaml").write_text(MANIFEST.partition("files")[0])
    hashed, on_disk = module._hashed, module._Cluster._on_disk

    def closed(file: Any) -> Any:
        if file.path.name == "cases-b.jsonl":
            raise PermissionError(13, "Permission denied")
        return hashed(file)

    def grows(self: Any, frame: Any) -> Iterator[Any]:
        with (tmp_path / "cases-c.jsonl").open("ab") as out:
            out.write(b"\n")
        yield from on_disk(self, frame)

    monkeypatch.setattr(module, "_hashed", closed)
    monkeypatch.setattr(module._Cluster, "_on_disk", grows)
    found = audit_on_spark(spark, tmp_path)
    said = {one.location.file.rpartition("/")[2]: one.rule for one in found.findings if one.incomplete and "cases" in one.location.file}
    assert said == {"cases-b.jsonl": "file-not-read", "cases-c.jsonl": "file-changed"}
    assert found.records["case"] == 8
    assert not found.complete


def test_a_file_that_is_damaged_stops_the_audit_with_words(spark: Any, tmp_path: Path) -> None:
    from pbcheck.spark import audit_on_spark
    from pbcheck.spark.session import SparkFailed

    (tmp_path / "cases.jsonl.gz").write_bytes(gzip.compress(lines(list(cases(50))))[:-200])
    with pytest.raises(SparkFailed, match="Spark could not judge the cases") as stopped:
        audit_on_spark(spark, FIXTURES / "compliant", [str(tmp_path / "cases.jsonl.gz")])
    assert stopped.value.exit_code == 3
    assert "Traceback" not in str(stopped.value)


def test_the_command_writes_tables_and_result(
    spark: Any, tmp_path: Path, run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyarrow import parquet

    folder = export(tmp_path / "export", 60)
    local = audit(folder)
    free = next(one for one in local.findings if one.subject == "case" and one.obligations and not local.rules[one.rule].locked)
    (tmp_path / "waivers.yaml").write_text(WAIVER.format(rule=free.rule, record=free.record))
    options = (folder, "--figures", "-f", "json", "--waivers", tmp_path / "waivers.yaml")
    code, out, _ = run("spark", *options, "--out", f"file://{tmp_path}/result")
    assert (code, out) == run("audit", *options)[:2]
    assert code == 3
    assert '"by": "waiver"' in out
    assert (tmp_path / "result" / "result.json").read_text() == out
    for name, made in zip(Tables._fields, to_arrow(Report.from_json(out)), strict=True):
        assert parquet.read_table(tmp_path / "result" / f"{name}.parquet").equals(made), name


def test_cases_and_result_may_lie_in_another_file_system(spark: Any, tmp_path: Path) -> None:
    from pbcheck.spark import audit_on_spark
    from pbcheck.spark.session import put

    (tmp_path / "place" / "in").mkdir(parents=True)
    spark._jsc.hadoopConfiguration().set("fs.viewfs.mounttable.tests.link./place", (tmp_path / "place").as_uri())
    (tmp_path / "place" / "in" / "cases 1.jsonl").write_bytes(lines(list(cases(40, seed=2))))
    (tmp_path / "place" / "in" / "cases-2.jsonl").write_bytes(lines(list(cases(42, seed=2)))[:-20])
    found = audit_on_spark(spark, FIXTURES / "compliant" / "export.yaml", ["viewfs://tests/place/in/cases*.jsonl"])
    first, second = (one for one in found.inputs if one.path.startswith("viewfs:"))
    assert (first.path, first.records, first.sha256, first.read) == ("viewfs://tests/place/in/cases 1.jsonl", 40, "", True)
    assert first.size == (tmp_path / "place" / "in" / "cases 1.jsonl").stat().st_size
    assert (second.records, second.read) == (41, False)
    assert {one.location.file for one in found.findings if one.rule == "record-twice"} == {second.path}
    put(spark, found, "viewfs://tests/place/out")
    assert (tmp_path / "place" / "out" / "result.json").read_text() == found.to_json()
    assert len(list((tmp_path / "place" / "out").glob("*.parquet"))) == len(Tables._fields)


def test_the_example_answers(spark: Any) -> None:
    done = subprocess.run([sys.executable, ROOT / "examples" / "spark_audit.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = [" ".join(line.strip("|").split("|")).split() for line in done.stdout.splitlines()]
    assert " ".join(said[0]) == "126 records, 22 findings, complete: True"
    rows = {(line[0], line[-2], line[-1]) for line in said if len(line) > 3}
    assert {("component-without-cost", "North", "10"), ("planning-without-estimate", "East", "6")} <= rows
    assert ["case.plan.components.*.cost", "30"] in said
