"""The same result from any number of processes, pieces of any size, and after any interruption; and what is said of a part that is lost."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pbcheck import audit, opened, workers
from pbcheck.cli.workers import way_of, working
from pbcheck.errors import Exit, UsageError
from pbcheck.judging import Chunk, Context, audit_chunk, judge_lines
from pbcheck.known import Met
from pbcheck.model import Report
from pbcheck.opened import open_export
from pbcheck.packing import packed, unpacked
from pbcheck.pipeline import Way
from pbcheck.rulebook.book import load_rulebook
from pbcheck.source.document import Document
from pbcheck.source.files import FileRead
from pbcheck.source.lines import pieces
from tests.conftest import ROOT
from tests.generated_cases import AS_OF, cases, contracts, policies

pytestmark = pytest.mark.slow

SMALL = 20_000


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export with everything that can go wrong on the way: ids that come twice, lines that cannot be read, others among the cases."""
    folder = tmp_path_factory.mktemp("export")
    made = list(cases(120, seed=4))
    policy = {"kind": "policy", "authority": "Exampleshire", **policies()["52"]}
    (folder / "policy.json").write_text(json.dumps(policy))
    (folder / "contracts.jsonl").write_text("".join(json.dumps(one) + "\n" for one in contracts(made).values()))
    lines = [json.dumps(one) for one in made]
    lines[30:30] = [lines[3], "", "not json", '{"kind": "policy", "id": "P"}', '{"kind": "case"}']
    lines[90:90] = [
        lines[3],
        json.dumps({**made[7], "unheard_of": 1, "id": "C-new"}),
        '{"a": 1, "a": 2}',
        json.dumps({**made[8], "id": "E. Sample"}),
    ]
    (folder / "cases.jsonl").write_text("\n".join(lines) + "\n")
    more = list(cases(30, seed=9))
    (folder / "more").mkdir()
    (folder / "more" / "cases.jsonl").write_text(
        "".join(json.dumps({**one, "id": f"M{one['id']}"}) + "\n" for one in more) + lines[5] + "\n"
    )
    (folder / "cases").mkdir()
    for number, one in enumerate(more[:6]):
        (folder / "cases" / f"{number}.json").write_text(json.dumps({**one, "id": f"S{one['id']}"}))
    (folder / "cases" / "6.json").write_text("{")
    (folder / "export.yaml").write_text(f"kind: export\nauthority: Exampleshire\nas_of: {AS_OF}\n")
    return folder


@pytest.fixture(scope="module")
def whole(export: Path) -> str:
    """What one process makes of the export in one go."""
    return audit(export, figures=True).to_json()


@pytest.mark.parametrize("way", [Way(1, None, 1), Way(1, None, SMALL), Way(2, None, SMALL), Way(3, None, 3 * SMALL), Way(0)])
def test_the_same_whatever_the_way(export: Path, whole: str, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "BATCH", 2)
    assert audit(export, figures=True, way=way).to_json() == whole


def test_what_the_export_says(whole: str) -> None:
    """The sameness above is about something: every kind of fault is in it."""
    made = json.loads(whole)
    rules = {one["rule"] for one in made["findings"]}
    assert {"record-twice", "not-well-formed", "kind-not-known", "missing-key", "unknown-key", "duplicate-key"} <= rules
    assert sum(one["rule"] == "record-twice" for one in made["findings"]) == 3
    assert made["audit"]["records"]["case"] == 120 + 30 + 6 + 3
    assert made["figures"]["cases"]


def test_values_come_from_workers_too(export: Path) -> None:
    one = audit(export, show_values=True, portfolio=False)
    assert any(finding.value for finding in one.findings)
    assert audit(export, show_values=True, portfolio=False, way=Way(2, None, SMALL)).to_json() == one.to_json()


def test_pseudonyms_come_from_workers_too(export: Path) -> None:
    one = audit(export, key=b"k" * 32)
    assert audit(export, key=b"k" * 32, way=Way(2, None, SMALL)).to_json() == one.to_json()


@pytest.mark.parametrize("seed", ["1", "77"])
def test_the_same_in_another_process(export: Path, tmp_path: Path, seed: str) -> None:
    """Another hash seed, time zone and locale change nothing."""
    out = []
    for way in ("Way()", f"Way(2, None, {SMALL})"):
        code = f"from pbcheck.pipeline import Way, audit; print(audit({str(export)!r}, way={way}).to_json())"
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland", "LC_ALL": "tr_TR.UTF-8", "PYTHONPATH": str(ROOT)}
        out.append(subprocess.run([sys.executable, "-c", code], capture_output=True, env=env, cwd=tmp_path, check=True).stdout)
    assert out[0] == out[1]


# The parts by themselves


def context_of(export: Path) -> Context:
    given = open_export([export])
    return Context(load_rulebook(), given.policies, given.contracts, given.as_of)


def chunks(export: Path, size: int) -> list[Chunk]:
    context, known = context_of(export), Met()
    path = export / "cases.jsonl"
    return [
        judge_lines(((FileRead(path, path.name), number, raw) for number, raw in piece.lines()), context, known)
        for piece in pieces(FileRead(path, path.name), size)
    ]


def added(some: list[Chunk]) -> Chunk:
    whole = Chunk()
    for one in some:
        whole.add(one)
    return whole


def test_chunks_can_be_added_up_in_any_grouping(export: Path) -> None:
    one, *rest = chunks(export, SMALL)
    assert len(rest) > 3
    left = added([one, *rest])
    right = added([added(chunks(export, SMALL)[:2]), added(chunks(export, SMALL)[2:])])
    for name in ("findings", "records", "unsure", "keys", "portfolio"):
        assert getattr(left, name) == getattr(right, name), name
    for subject, ledger in left.ledgers.items():
        assert (ledger.folded(), ledger.excused, ledger.missing) == (
            right.ledgers[subject].folded(),
            right.ledgers[subject].excused,
            right.ledgers[subject].missing,
        )


def test_a_chunk_comes_back_from_its_bytes(export: Path) -> None:
    chunk = added(chunks(export, SMALL))
    again = unpacked(packed(chunk, asked={"record-twice"}))
    found = [one for block in again.blocks for one in __import__("pbcheck.spill", fromlist=["x"]).unpack_findings(block.raw)]
    assert sorted(found, key=lambda one: one.sort_key) == sorted(chunk.findings, key=lambda one: one.sort_key)
    assert {rule for block in again.blocks for rule, *_ in block.kinds if rule == "record-twice"}
    assert any({rule for rule, *_ in block.kinds} == {"record-twice"} for block in again.blocks)
    assert (again.records, again.unsure, again.keys, again.portfolio) == (chunk.records, chunk.unsure, chunk.keys, chunk.portfolio)
    assert packed(again) == packed(unpacked(packed(again)))


def test_sums_larger_than_a_machine_number_come_back() -> None:
    chunk = Chunk()
    chunk.portfolio.whole["totals.gross"] = 10**30
    assert unpacked(packed(chunk)).portfolio.whole == {"totals.gross": 10**30}


def test_a_kept_part_names_no_key_that_may_be_a_person() -> None:
    """What a case lacks is counted by names of the schema: a key that is none may be a name."""
    document = Document("case", {"kind": "case", "id": "C-1", "reviews": {"Edith Sample": 1}, "Edith Sample": 2}, "cases.jsonl")
    raw = packed(audit_chunk([document], Context(load_rulebook(), as_of=AS_OF)))
    assert b"Edith" not in raw
    assert all(b"Edith" not in __import__("zlib").decompress(block.raw) for block in unpacked(raw).blocks)


def test_what_workers_are_told_is_small_and_can_be_sent(export: Path) -> None:
    context = context_of(export)
    duty = pickle.loads(workers.Duty(context, export, frozenset()).written())
    one, other = (
        judge_lines(
            ((FileRead(Path("c.jsonl"), "c.jsonl"), n, json.dumps(case).encode()) for n, case in enumerate(cases(5, 1), 1)), given, Met()
        )
        for given in (context, duty.context)
    )
    assert one.findings == other.findings
    assert one.findings


# Workers that die


@pytest.fixture
def dying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    """Have workers that end at the piece that begins with a line, so many times in all."""

    def arrange(line: int, times: int) -> None:
        code = (
            f"import sys; sys.path[:] = {sys.path!r}\n"
            "import os, pathlib, pickle, signal\n"
            "from pbcheck import workers\n"
            "answer = workers._answer\n"
            "def die(duty, message):\n"
            "    part = pickle.loads(message)[0]\n"
            "    piece = part.piece\n"
            f"    mine = piece and piece.number <= {line} < piece.number + piece.raw.count(b'\\n')\n"
            "    if mine and 'more' not in part.file.shown:\n"
            f"        died = pathlib.Path({str(tmp_path)!r})\n"
            "        number = len(list(died.glob('died-*')))\n"
            f"        if number < {times}:\n"
            "            (died / f'died-{number}').touch()\n"
            "            os.kill(os.getpid(), signal.SIGKILL) if hasattr(signal, 'SIGKILL') else os._exit(9)\n"
            "    return answer(duty, message)\n"
            "workers._answer = die\n"
            "workers.serve()\n"
        )
        monkeypatch.setattr(workers, "command", lambda: [sys.executable, "-c", code])

    return arrange


def test_a_part_whose_worker_dies_is_judged_again(
    export: Path, whole: str, dying: Callable[[int, int], None], caplog: pytest.LogCaptureFixture
) -> None:
    dying(50, 1)
    assert audit(export, figures=True, way=Way(2, None, SMALL)).to_json() == whole
    assert [one.getMessage() for one in caplog.records] == ["A worker process ended without an answer: its part is judged again."]


def test_a_part_whose_workers_die_is_named(export: Path, whole: str, dying: Callable[[int, int], None]) -> None:
    dying(50, 2)
    report = audit(export, figures=True, way=Way(2, None, SMALL))
    lost = next(one for one in report.findings if one.rule == "range-not-judged")
    first, last = (int(word) for word in lost.message.split() if word.isdigit())
    assert first <= 50 <= last
    assert (Path(lost.location.file).name, lost.location.line) == ("cases.jsonl", first)
    assert not report.complete
    assert [one.path for one in report.inputs if not one.read and one.path.endswith("cases.jsonl")] == [lost.location.file]
    wanted = Report.from_json(whole)
    kept = [one for one in wanted.findings if not (one.location.file == lost.location.file and first <= one.location.line <= last)]
    about = [one for one in report.findings if one.rule != "range-not-judged" and one.subject not in ("portfolio",)]
    assert [one for one in about if one.location.line] == [one for one in kept if one.location.line and one.subject != "portfolio"]
    assert report.records["case"] < wanted.records["case"]
    assert all(one.records == report.records.get(one.subject, 0) for one in report.outcomes)
    assert any("portfolio" in key or "cases" in key for one in report.outcomes if one.subject == "portfolio" for key in one.missing)


def test_a_bug_in_a_worker_is_a_bug_here(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\nfrom pbcheck import workers\n"
        "def fail(*_): raise ZeroDivisionError('Edith Sample')\n"
        "workers.judge_part = fail\nworkers.serve()\n"
    )
    monkeypatch.setattr(workers, "command", lambda: [sys.executable, "-c", code])
    with pytest.raises(RuntimeError, match="ZeroDivisionError in a worker") as caught:
        audit(export, way=Way(2, None, SMALL))
    assert "Edith" not in str(caught.value)


def test_workers_that_cannot_be_started(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "command", lambda: [str(export / "no-such-program")])
    report = audit(export, way=Way(2, None, 10**7))
    lost = [one for one in report.findings if one.rule == "range-not-judged"]
    assert [Path(one.location.file).name for one in lost] == ["cases.jsonl", "0.json", "cases.jsonl"]
    assert "cases/0.json to " in lost[1].message
    assert not report.complete
    assert sum(not one.read for one in report.inputs) == 2 + 7
    assert report.records["policy"] == 1


def test_workers_end_with_the_audit(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    monkeypatch.setattr(workers, "Popen", _remembered(started))
    audit(export, way=Way(2, None, SMALL))
    assert len(started) == 2
    assert all(one.poll() is not None for one in started)


def _remembered(started: list[Any]) -> Callable[..., Any]:
    def start(*given: Any, **options: Any) -> Any:
        started.append(subprocess.Popen(*given, **options))
        return started[-1]

    return start


# Going on after an interruption


class Stop(Exception):
    """Stands for a machine that goes down."""


def interrupted(export: Path, folder: Path, after: int, monkeypatch: pytest.MonkeyPatch, **options: Any) -> None:
    """Begin an audit, and stop it after some parts."""
    from pbcheck.resume import Folder

    keep, number = Folder.keep, 0

    def stop(self: Folder, *given: Any) -> None:
        nonlocal number
        number += 1
        if number > after:
            raise Stop
        keep(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "keep", stop)
        with pytest.raises(Stop):
            audit(export, way=Way(options.pop("jobs", 1), folder, SMALL), **options)


@pytest.mark.parametrize(("before", "then"), [(1, 1), (2, 1), (1, 2)])
def test_an_audit_goes_on_where_it_stopped(
    export: Path, whole: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int, then: int
) -> None:
    folder = tmp_path / "kept"
    interrupted(export, folder, 4, monkeypatch, figures=True, jobs=before)
    kept = sorted(folder.rglob("part-*"))
    assert len(kept) == 4
    times = [one.stat().st_mtime_ns for one in kept]
    assert audit(export, figures=True, way=Way(then, folder, SMALL)).to_json() == whole
    assert [one.stat().st_mtime_ns for one in kept] == times
    assert audit(export, figures=True, way=Way(then, folder, SMALL)).to_json() == whole


def test_a_part_that_was_damaged_is_judged_again(export: Path, whole: str, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    audit(export, figures=True, way=Way(1, folder, SMALL))
    one, other, *_ = sorted(folder.rglob("part-*"))
    one.write_bytes(one.read_bytes()[:-3])
    other.write_bytes(b"")
    assert audit(export, figures=True, way=Way(1, folder, SMALL)).to_json() == whole


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_the_folder_is_for_its_owner_alone(export: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    audit(export, way=Way(1, folder))
    inside = folder / "export-1"
    assert inside.stat().st_mode & 0o777 == 0o700
    assert all(one.stat().st_mode & 0o077 == 0 for one in inside.iterdir())
    inside.chmod(0o777)
    with pytest.raises(UsageError, match="chmod 700"):
        audit(export, way=Way(1, folder))


@pytest.fixture
def copied(export: Path, tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    import shutil

    mine = tmp_path / "export"
    shutil.copytree(export, mine)
    folder = tmp_path / "kept"
    audit(mine, way=Way(1, folder, SMALL))
    yield mine, folder
    with pytest.raises(UsageError):
        audit(mine, way=Way(1, folder, SMALL))


def test_another_input_is_refused(copied: tuple[Path, Path]) -> None:
    path = copied[0] / "cases.jsonl"
    path.write_text(path.read_text().replace('"week"', '"year"'))


def test_a_shorter_input_is_refused(copied: tuple[Path, Path]) -> None:
    (copied[0] / "more" / "cases.jsonl").unlink()


def test_a_single_file_that_changed_is_refused(copied: tuple[Path, Path]) -> None:
    path = copied[0] / "cases" / "0.json"
    path.write_text(path.read_text() + "\n")


def test_another_policy_is_refused(copied: tuple[Path, Path]) -> None:
    path = copied[0] / "policy.json"
    path.write_text(path.read_text().replace('"quarterly"', '"monthly"'))


@pytest.mark.parametrize(
    "other", [{"figures": True}, {"profile": "ppf"}, {"as_of": "2025-01-01"}, {"portfolio": False}, {"key": b"k" * 40}]
)
def test_other_options_are_refused(export: Path, tmp_path: Path, other: dict[str, Any]) -> None:
    folder = tmp_path / "kept"
    audit(export, way=Way(1, folder, 10**6))
    with pytest.raises(UsageError, match="audit with other"):
        audit(export, way=Way(1, folder, 10**6), **other)


def test_another_version_is_refused(export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "kept"
    audit(export, way=Way(1, folder, 10**6))
    monkeypatch.setattr("pbcheck.resume.__version__", "99.0")
    with pytest.raises(UsageError, match="other version"):
        audit(export, way=Way(1, folder, 10**6))


def test_a_folder_that_cannot_be_used(export: Path, tmp_path: Path) -> None:
    (tmp_path / "export-1").mkdir()
    (tmp_path / "export-1" / "letter.txt").write_text("x")
    with pytest.raises(UsageError, match="other files"):
        audit(export, way=Way(1, tmp_path))
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be used"):
        audit(export, way=Way(1, tmp_path / "file"))
    with pytest.raises(UsageError, match="--show-values"):
        audit(export, show_values=True, way=Way(1, tmp_path / "new"))
    (tmp_path / "damaged" / "export-1").mkdir(parents=True)
    (tmp_path / "damaged" / "export-1" / "audit.json").write_text("{")
    with pytest.raises(UsageError, match="audit with other"):
        audit(export, way=Way(1, tmp_path / "damaged"))


# The command


def test_the_options() -> None:
    import click
    from click.testing import CliRunner

    @click.command()
    @working
    def command(jobs: int, resume: Path | None) -> None:
        click.echo(repr(way_of(jobs, resume)))

    def said(*arguments: str) -> str:
        return CliRunner().invoke(command, arguments).output.strip()

    assert said() == "None"
    assert said("-j", "auto") == repr(Way(0))
    assert said("--jobs", "3") == repr(Way(3))
    assert said("--resume", "kept") == repr(Way(1, Path("kept")))
    for wrong in ("0", "-1", "many", "1.5", "٣", "100000"):
        assert "expected a number of processes" in said("-j", wrong)


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_says_how_far_it_came_and_leaves_nothing(tmp_path: Path) -> None:
    folder, out, temporary = tmp_path / "export", tmp_path / "out", tmp_path / "temporary"
    for one in (folder, out, temporary):
        one.mkdir()
    text = "".join(json.dumps(one) + "\n" for one in cases(200, 2))
    (folder / "cases.jsonl").write_text("".join(text.replace('"id": "', f'"id": "{n}-') for n in range(30)))
    code = (
        "from pathlib import Path\nfrom pbcheck import spill\n"
        "from pbcheck.pipeline import Way, audit\nfrom pbcheck.terminal import progress\n"
        f"spill.FEW = 100\nway = Way(2, Path({str(tmp_path / 'kept')!r}), 50_000)\n"
        f"audit({str(folder)!r}, as_of='2026-09-30', way=way, watch=progress)\n(Path({str(out)!r}) / 'done').touch()\n"
    )
    env = os.environ | {"TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, env=env, text=True)
    deadline = time.monotonic() + 60
    while len(list(tmp_path.glob("kept/export-1/part-*"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert "Stopped after " in said
    assert "No report was written." in said
    assert list(out.iterdir()) == []
    assert list(temporary.iterdir()) == []
    assert not list(tmp_path.glob("kept/export-1/.*"))
    assert Exit.INTERRUPTED == 130


def test_a_file_with_its_own_reader(export: Path) -> None:
    """Documents of a reader are judged by workers where they can be sent, and here where they cannot."""
    from pbcheck.discover import Export
    from pbcheck.pipeline import Run

    def reports(reader: Any) -> list[str]:
        found = []
        for way in (Way(1), Way(2)):
            run = Run(load_rulebook(), AS_OF, portfolio=True, way=way)
            run.take(Export(None, files=[FileRead(export / "table.csv", "table.csv", "case", reader=reader)]))
            found.append(run.report().to_json())
        return found

    (export / "table.csv").write_text("")
    for reader in (plain_reader, placed_reader):
        one, other = reports(reader)
        assert one == other
        assert json.loads(one)["audit"]["records"]["case"] == 25
        assert json.loads(one)["inputs"][0]["records"] == 25
        assert any(finding["rule"] == "record-twice" for finding in json.loads(one)["findings"])
    (export / "table.csv").unlink()


def plain_reader(file: FileRead, root: Path | None) -> Iterator[Document]:
    for number, one in enumerate([*cases(25, 6), next(cases(1, 6))], 1):
        file.records = min(number, 25)
        yield Document("case", json.loads(json.dumps(one)), file.shown, index=number)


def placed_reader(file: FileRead, root: Path | None) -> Iterator[Document]:
    from pbcheck.source.document import Mark

    for document in plain_reader(file, root):
        document.place = lambda path, key, number=document.index: Mark(number, len(path) + 1)
        yield document


def test_ids_are_hashed_alike_for_numbers_and_texts(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text(
        '{"kind": "case", "id": 5}\n{"kind": "case", "id": "5"}\n{"kind": "case", "id": ""}\n{"kind": "case"}\n'
    )
    report = audit(tmp_path, as_of=AS_OF)
    assert [one.location.line for one in report.findings if one.rule == "record-twice"] == [2]
    assert replace(report, findings=()).records["case"] == 3
