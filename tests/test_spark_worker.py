"""What Spark's workers are given and give back, without Spark; and what is said where Spark or Java is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from pbcheck.errors import UsageError
from pbcheck.gather import Policies
from pbcheck.judging import Context, key_of
from pbcheck.known import KEY
from pbcheck.packing import unpacked
from pbcheck.rulebook.book import load_rulebook
from pbcheck.source.document import Document
from pbcheck.spark import worker
from pbcheck.spark.reading import address_of, as_pattern, plain
from pbcheck.spark.session import errors_in_words, session, use_this_python
from pbcheck.spark.worker import NO_KEY, Job, Split, judge, survey
from pbcheck.spill import FINDINGS
from pbcheck.workers import Duty
from tests.conftest import FIXTURES, ROOT

JOB = Job({"/a.jsonl": ("/a.jsonl", "a.jsonl", "case"), "/b.jsonl": ("/b.jsonl", "b.jsonl", "case")}, named=False, cells=False)
CASES = [b'{"kind": "case", "id": "C-%d"}' % number for number in range(6)]


def batch(*rows: tuple[str, int, bytes | None]) -> Any:
    files, starts, raws = zip(*rows, strict=True)
    return pa.record_batch(
        [[f"file:{one}" for one in files], starts, [1000] * len(rows), pa.array(raws, pa.binary())], ["file", "start", "size", "raw"]
    )


def surveyed(job: Job, *batches: Any) -> list[dict[str, Any]]:
    return [row for one in survey(job, batches) for row in one.to_pylist()]


def judged(job: Job, *batches: Any) -> Iterable[Any]:
    duty = Duty(Context(load_rulebook(), Policies()), None, frozenset())
    return [unpacked(row["packed"]) for one in judge(replace(job, duty=duty.written()), batches) for row in one.to_pylist()]


def test_the_survey_counts_lines_and_hashes_ids_in_their_order() -> None:
    first = batch(("/a.jsonl", 0, CASES[0]), ("/a.jsonl", 0, b""), ("/a.jsonl", 0, b'{"kind": "policy"}'))
    second = batch(("/a.jsonl", 0, CASES[1]), ("/b.jsonl", 64, b"no json"), ("/b.jsonl", 64, CASES[2]))
    found = surveyed(JOB, first, second)
    assert [(one["file"], one["start"], one["first"], one["number"]) for one in found] == [
        ("file:/a.jsonl", 0, 0, 4),
        ("file:/b.jsonl", 64, 0, 2),
    ]
    keys = [one["keys"][at : at + KEY] for one in found for at in range(0, len(one["keys"]), KEY)]
    real = [key_of(Document("case", json.loads(raw))) for raw in CASES[:3]]
    assert keys == [real[0], NO_KEY, NO_KEY, real[1], NO_KEY, real[2]]


def test_a_split_that_is_read_in_many_batches_counts_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PIECE", len(CASES[0]) * 2)
    batches = [batch(*(("/a.jsonl", 7, raw) for raw in some)) for some in (CASES[:3], CASES[3:])]
    assert [(one["first"], one["number"]) for one in surveyed(JOB, *batches)] == [(0, 2), (2, 2), (4, 2)]


def test_lines_are_judged_under_their_own_number_and_repeated_ones_are_not() -> None:
    before = {Split("file:/a.jsonl", 9, 1000): 40}
    job = replace(JOB, before=before, repeated=frozenset({("a.jsonl", 42)}))
    [chunk] = judged(job, batch(("/a.jsonl", 9, CASES[0]), ("/a.jsonl", 9, CASES[1]), ("/a.jsonl", 9, b"{")))
    assert chunk.records["case"] == 1
    assert (chunk.files[0].shown, chunk.files[0].records, chunk.files[0].faulty) == ("a.jsonl", 2, 1)
    found = [one for block in chunk.blocks for one in FINDINGS.unpack(block.raw)]
    assert [one.location.line for one in found if one.rule == "record-twice"] == [42]
    assert [one.location.line for one in found if one.rule == "not-well-formed"] == [43]


def test_a_line_that_is_too_long_is_named_and_the_others_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LONGEST_LINE", 60)
    long = b'{"kind": "case", "id": "C-9", "team": "' + b"x" * 60 + b'"}'
    rows = batch(("/a.jsonl", 0, CASES[0]), ("/a.jsonl", 0, long), ("/a.jsonl", 0, CASES[1]))
    assert surveyed(JOB, rows)[0]["keys"][KEY : 2 * KEY] == NO_KEY
    [chunk] = judged(JOB, rows)
    found = [one for block in chunk.blocks for one in FINDINGS.unpack(block.raw) if one.incomplete]
    assert [(one.rule, one.location.line) for one in found] == [("too-large", 2)]
    assert (chunk.records["case"], chunk.files[0].faulty) == (2, 1)
    [alone] = judged(JOB, batch(("/a.jsonl", 0, long)))
    assert (alone.records["case"], alone.files[0].faulty) == (0, 1)


def test_an_empty_cell_is_a_record_that_could_not_be_read() -> None:
    rows = batch(("/a.jsonl", 0, None), ("/a.jsonl", 0, b" "), ("/a.jsonl", 0, CASES[0]))
    [lines], [cells] = judged(JOB, rows), judged(replace(JOB, cells=True), rows)
    assert (lines.files[0].faulty, cells.files[0].faulty) == (1, 2)


def test_an_address_is_the_same_however_spark_writes_it(tmp_path: Path) -> None:
    name = "a b%41 ü#?.jsonl"
    assert plain("file:///x/a%20b%2541%20%C3%BC%23%3F.jsonl") == plain("file:/x/a%20b%2541%20ü%23%3F.jsonl") == f"/x/{name}"
    assert plain("s3a://bucket/a%20b.jsonl") == "s3a://bucket/a b.jsonl"
    assert as_pattern("/x/a[1]{2}*?\\.jsonl") == "file:///x/a\\[1\\]\\{2\\}\\*\\?\\\\.jsonl"
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert address_of(tmp_path / "link" / ".." / "link" / name) == f"{tmp_path.resolve()}/real/{name}"


def test_without_pyspark_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with pytest.raises(UsageError, match=r'pip install "pbcheck\[spark\]"'), session():
        raise AssertionError("there is a session")


def test_without_java_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    (tmp_path / "bin").mkdir()
    for name in ("bash", "dirname", "env", "ps", "cat", "rm", "uname", "ls"):
        for place in ("/usr/bin", "/bin"):
            if Path(place, name).exists() and not (tmp_path / "bin" / name).exists():
                (tmp_path / "bin" / name).symlink_to(Path(place, name))
    code = f"from pbcheck.cli.main import run; import sys; sys.argv = ['pbcheck', 'spark', {str(FIXTURES / 'compliant')!r}]; run()"
    bare = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"} | {"PATH": str(tmp_path / "bin")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=bare, cwd=ROOT)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("pbcheck: Spark did not start: it needs Java 17 or newer")
    assert "Traceback" not in done.stderr


def test_only_what_spark_raises_is_put_into_words() -> None:
    with pytest.raises(KeyError), errors_in_words():
        raise KeyError("a bug")


@pytest.mark.parametrize(
    ("master", "named", "used"),
    [("local[2]", "", sys.executable), ("local[2]", "/opt/python", "python3"), ("spark://head:7077", "", "python3")],
)
def test_spark_on_this_machine_judges_with_our_python(master: str, named: str, used: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYSPARK_PYTHON", raising=False)
    if named:
        monkeypatch.setenv("PYSPARK_PYTHON", named)
    spark = SimpleNamespace(sparkContext=SimpleNamespace(master=master, pythonExec="python3"))
    use_this_python(spark)
    assert spark.sparkContext.pythonExec == used
