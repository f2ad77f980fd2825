"""Large exports: files of lines in pieces and compressed, what lies on the disk, and what is counted instead of kept."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pbcheck import audit, spill
from pbcheck.evaluate import MOST_ROWS, Ledger
from pbcheck.known import KEY, Met, MetMany
from pbcheck.model import Finding, Location, Outcome, Report, SetAside, numbered, own_name
from pbcheck.render import FORMATS, json_report, render
from pbcheck.render import pieces as pieces_of
from pbcheck.render.html.folder import pages
from pbcheck.render.overview import overview
from pbcheck.source import lines
from pbcheck.source.files import FileRead, read_documents
from pbcheck.source.lines import Piece, ending, pieces
from pbcheck.spill import FINDINGS, ROWS, Gathered, Spilled, pack_findings, unpack_findings
from pbcheck.spilled_names import repeated
from tests.generated_cases import cases

pytestmark = pytest.mark.slow


def zstd(raw: bytes) -> bytes:
    if sys.version_info >= (3, 14):
        from compression import zstd as own

        return bytes(own.compress(raw))
    import zstandard

    return zstandard.ZstdCompressor().compress(raw)


PACKED = {"": bytes, ".gz": lambda raw: gzip.compress(raw, mtime=0), ".zst": zstd}


def case_lines(number: int, seed: int = 3) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in cases(number, seed))


def put(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def read(path: Path, size: int = 1 << 20) -> tuple[list[Piece], FileRead]:
    file = FileRead(path, path.name)
    return list(pieces(file, size)), file


def faults(path: Path) -> tuple[int, list[tuple[str, int, str]]]:
    """Return how many documents of a file were read, and what is wrong with it."""
    file = FileRead(path, path.name)
    number = sum(1 for _ in read_documents(file, None))
    return number, [(one.check, one.mark.line, one.message) for one in file.faults]


@pytest.mark.parametrize("suffix", PACKED)
@pytest.mark.parametrize("size", [1, 7, 64, 1 << 20])
@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"a", b"a\n", b"\xef\xbb\xbfa\r\n\n b\nccc", b"a\n" * 500, b"x" * 300 + b"\ny\n" + b"z" * 300]
)
def test_pieces_hold_every_line_with_its_number(tmp_path: Path, suffix: str, size: int, raw: bytes) -> None:
    path = put(tmp_path, f"cases.jsonl{suffix}", PACKED[suffix](raw))
    made, file = read(path, size)
    wanted = [(n, one) for n, one in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1) if one.strip()]
    assert [one for piece in made for one in piece.lines()] == wanted
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert file.size == len(path.read_bytes())


def test_endings() -> None:
    named = {"a.jsonl": ".jsonl", "a.JSONL.GZ": ".jsonl.gz", "b.c.ndjson.zst": ".ndjson.zst", "a.tar.gz": ".gz", "a.yaml": ".yaml", "a": ""}
    assert {name: ending(Path(name)) for name in named} == named


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_the_same_from_a_compressed_file(tmp_path: Path, suffix: str) -> None:
    raw = case_lines(30)
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    plain.mkdir()
    packed.mkdir()
    put(plain, "cases.jsonl", raw)
    half = raw.index(b"\n", len(raw) // 2) + 1
    put(packed, f"cases.jsonl{suffix}", PACKED[suffix](raw[:half]) + PACKED[suffix](raw[half:]))  # two members, one after another
    one, other = audit(plain, as_of="2026-09-30"), audit(packed, as_of="2026-09-30")
    assert one.records["case"] == 30
    assert [replace(f, location=replace(f.location, file="")) for f in one.findings] == [
        replace(f, location=replace(f.location, file="")) for f in other.findings
    ]
    assert one.outcomes == other.outcomes


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_compressed_file_that_was_cut_off(tmp_path: Path, suffix: str, kept: float) -> None:
    raw = case_lines(400)
    whole = PACKED[suffix](raw)
    number, found = faults(put(tmp_path, f"cases.jsonl{suffix}", whole[: int(len(whole) * kept)]))
    assert 0 < number < 400
    assert [(check, line) for check, line, _ in found] == [("file-not-read", number + 1)]
    assert f"{number:,} lines before this place were read" in found[0][2]
    report = audit(tmp_path, as_of="2026-09-30")
    assert report.records["case"] == number
    assert not report.complete
    assert not report.inputs[0].read


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_file_that_is_not_compressed_or_is_damaged(tmp_path: Path, suffix: str) -> None:
    assert faults(put(tmp_path, f"a.jsonl{suffix}", b'{"kind": "case", "id": "C-1"}\n'))[1][0][:2] == ("file-not-read", 1)
    whole = bytearray(PACKED[suffix](case_lines(400)))
    whole[len(whole) // 2 : len(whole) // 2 + 40] = bytes(40)
    number, found = faults(put(tmp_path, f"b.jsonl{suffix}", bytes(whole)))
    assert number < 400
    assert "damaged" in found[-1][2]
    assert faults(put(tmp_path, f"c.jsonl{suffix}", b""))[1] == [("empty-file", 1, "The file is empty: expected one document a line.")]


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_what_a_file_may_unfold_to_is_bounded(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = put(tmp_path, f"cases.jsonl{suffix}", PACKED[suffix](b'{"kind": "case", "id": "C-1"}\n' + b"\n" * (8 << 20)))
    monkeypatch.setattr(lines, "FREE", 1 << 20)
    number, found = faults(bomb)
    assert (number <= 1, found[0][0]) == (True, "too-large")
    assert f"more than {lines.MOST_TIMES} times its size" in found[0][2]
    monkeypatch.setattr(lines, "MOST_TIMES", 10**9)
    assert faults(bomb) == (1, [])
    monkeypatch.setattr(lines, "MOST_UNFOLDED", 4 << 20)
    assert "unfolds to more than" in faults(bomb)[1][0][2]


def test_a_line_without_an_end_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 4 << 20)
    bomb = put(
        tmp_path,
        "cases.jsonl.gz",
        gzip.compress(b'{"kind": "case", "id": "C-1"}\n{"a": "' + random.Random(1).randbytes(3 << 20).hex().encode()),
    )
    number, found = faults(bomb)
    assert number == 1
    assert [(check, line) for check, line, _ in found] == [("too-large", 2)]


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="Python has it itself")
def test_zstandard_without_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    monkeypatch.setitem(sys.modules, "compression", None)
    found = faults(put(tmp_path, "cases.jsonl.zst", zlib.compress(b"x")))[1]
    assert found[0][0] == "file-not-read"
    assert "pbcheck[zstd]" in found[0][2]


def test_memory_of_a_bomb_stays_small(tmp_path: Path) -> None:
    """A gzip of a thousand times its size, and a Zstandard of ten thousand, are refused while little of them is in memory."""
    import tracemalloc

    for suffix in (".gz", ".zst"):
        bomb = put(tmp_path, f"cases.jsonl{suffix}", PACKED[suffix](bytes(200 << 20)))
        tracemalloc.start()
        number, found = faults(bomb)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (number, found[0][0]) == (0, "too-large")
        assert peak < 150 << 20


def test_which_documents_are_left_out_does_not_depend_on_their_order(tmp_path: Path) -> None:
    good, odd = json.dumps({"kind": "case", "id": "C-1"}), json.dumps({"something": "else"})
    for number, text in enumerate((f"{good}\n{odd}\n", f"{odd}\n{good}\n")):
        folder = tmp_path / str(number)
        folder.mkdir()
        put(folder, "people.jsonl", text.encode())
        report = audit(folder, as_of="2026-09-30")
        assert report.records == {"case": 1, "portfolio": 1}
        assert [one.message for one in report.findings if one.rule == "kind-not-known"] == [
            "1 of the 2 documents in this file do not say what they are: add the key `kind` to each."
        ]
        assert not report.complete
    folder = tmp_path / "other"
    folder.mkdir()
    put(folder, "people.jsonl", f"{odd}\n{odd}\n".encode())
    put(folder, "cases.jsonl", f"{good}\n".encode())
    report = audit(folder, as_of="2026-09-30")
    assert report.complete
    assert any("was left out" in one for one in report.remarks)


def test_cases_in_single_files_are_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same from files that are named as cases, from files that are not, and from files of which too many are cases to keep."""
    from pbcheck import opened

    made = list(cases(40, 5))
    found = []
    for name, kept in (("cases", 8 << 20), ("people", 8 << 20), ("people2", 1)):
        folder = tmp_path / name
        folder.mkdir()
        for number, one in enumerate(made):
            put(folder, f"{number:03}.json", json.dumps(one).encode())
        put(folder, "100.json", json.dumps(made[0]).encode())  # an id for the second time
        monkeypatch.setattr(opened, "KEPT", kept)
        report = audit(folder, as_of="2026-09-30")
        assert report.records["case"] == 40
        assert len(report.inputs) == 41
        assert all(one.sha256 and one.records == 1 for one in report.inputs)
        found.append(([(Path(one.location.file).name, *one.sort_key[1:]) for one in report.findings], report.outcomes, report.figures))
    assert found[0] == found[1] == found[2]
    assert sum(one[3] == "record-twice" for one in found[0][0]) == 1


def test_a_document_of_another_kind_among_single_cases(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    put(folder, "a.json", b'{"kind": "case", "id": "C-1"}')
    put(folder, "b.yaml", b"kind: contract\nid: K-1\n")
    report = audit(tmp_path, as_of="2026-09-30")
    assert [one.message for one in report.findings if one.incomplete] == [
        "This is a `contract` among cases: put it into a file of its own, such as contract.yaml."
    ]


# What was met


@pytest.mark.parametrize("known", [Met, MetMany])
def test_what_was_met_is_known(known: Any) -> None:
    keys = [hashlib.blake2b(str(n).encode(), digest_size=KEY).digest() for n in range(20_000)]
    table = known()
    assert not any(table.met(one) for one in keys)
    assert all(table.met(one) for one in keys)
    assert not table.met(hashlib.blake2b(b"x", digest_size=KEY).digest())


def test_the_table_of_what_was_met_is_small() -> None:
    table = MetMany()
    for number in range(100_000):
        table.met(hashlib.blake2b(str(number).encode(), digest_size=KEY).digest())
    assert len(table.table) * table.table.itemsize <= 64 * 100_000
    assert table.number == 100_000


# The ledger


def test_outcomes_are_counted_and_not_kept() -> None:
    chance = random.Random(5)
    rows = [bytearray(chance.randrange(len(Outcome)) for _ in range(7)) for _ in range(MOST_ROWS * 3 + 10)]
    whole, parts = Ledger(7), [Ledger(7) for _ in range(3)]
    for number, row in enumerate(rows):
        whole.take(row)
        parts[number % 3].take(row)
        assert len(whole.rows) < MOST_ROWS * 7
    added = Ledger(7)
    for one in parts:
        added.add(one)
    wanted = [sum(row[rule] == outcome for row in rows) for outcome in Outcome for rule in range(7)]
    assert whole.folded() == added.folded() == wanted


# Findings on the disk


def some_findings(number: int, seed: int = 1) -> list[Finding]:
    chance = random.Random(seed)
    aside = (None, None, SetAside("waiver", "W-1", "decided", "A. Head", "2027-01-01"))
    return [
        Finding(
            f"rule-{chance.randrange(9)}",
            chance.choice(("error", "warning", "note")),
            f"What was found: {chance.randrange(40)} \udcff é",
            "case",
            f"C-{place // 9}",
            Location(
                chance.choice(("a.jsonl", "b.jsonl")), place // 9, chance.randrange(99), f"/plan/{chance.randrange(3)}", chance.randrange(9)
            ),
            ("PPF-1", "CWR-2")[: chance.randrange(3)],
            chance.choice(("", "the law")),
            chance.random() < 0.1,
            (str(place),) * chance.randrange(2),
            chance.choice(("", "North")),
            "",
            chance.choice(aside),
        )
        for place in range(number)
    ]


def test_findings_come_back_as_they_were() -> None:
    found = some_findings(300)
    assert unpack_findings(pack_findings(found)) == found
    assert [one.fingerprint for one in unpack_findings(pack_findings(found))] == [one.fingerprint for one in found]


@pytest.mark.parametrize(("few", "step"), [(10**6, 100), (50, 7), (500, 400), (0, 1000)])
@pytest.mark.parametrize("in_blocks", [False, True])
def test_findings_on_the_disk_are_the_same_as_in_memory(few: int, step: int, in_blocks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "BLOCK", 64)
    monkeypatch.setattr(spill, "WAITING", 100)
    monkeypatch.setattr(spill, "MOST_RUNS", 3)
    found = some_findings(2_000)
    wanted = sorted(found, key=lambda one: one.sort_key)
    gathered = Gathered(FINDINGS, few)
    for start in range(0, len(found), step):
        some = sorted(found[start : start + step], key=lambda one: one.sort_key)
        if in_blocks:
            gathered.add_blocks(FINDINGS.blocks(some))
        else:
            gathered.add(some)
    result = gathered.result()
    assert len(gathered) == len(result) == 2_000
    assert isinstance(result, tuple) is (few > 2_000)
    assert [one.sort_key for one in result] == [one.sort_key for one in wanted]
    assert set(result) == set(found)
    assert list(result) == list(result)
    one, other = report_of(result), report_of(tuple(wanted))
    assert one.kinds == other.kinds
    assert one.set_aside == other.set_aside
    assert (one.complete, one.count("error")) == (other.complete, other.count("error"))
    assert [f.sort_key for f in one.of_rule("rule-3")] == [f.sort_key for f in other.of_rule("rule-3")]
    assert [f.sort_key for f in one.of_rule("rule-3")[50:60]] == [f.sort_key for f in other.of_rule("rule-3")[50:60]]
    assert not one.of_rule("none")
    assert result[5].sort_key == wanted[5].sort_key
    assert result[-1].sort_key == wanted[-1].sort_key
    assert [f.sort_key for f in result[100:200:9]] == [f.sort_key for f in wanted[100:200:9]]
    with pytest.raises(IndexError):
        result[2_000]


def report_of(findings: Any) -> Report:
    return Report(findings, (), (), {}, {"case": 1}, (), "today", "", "", "")


def test_names_of_findings_on_the_disk_are_unique_and_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pbcheck.spilled_names.MANY", 16)
    found = sorted((replace(one, arguments=(), record=one.record[:3]) for one in some_findings(1_000)), key=lambda one: one.sort_key)
    gathered = Gathered(FINDINGS, 10)
    gathered.add(found)
    result = gathered.result()
    assert isinstance(result, Spilled)
    names = list(report_of(result).fingerprints)
    assert names == list(report_of(tuple(result)).fingerprints)
    assert len(set(names)) == 1_000
    assert len(set(map(own_name, found))) < 1_000
    assert repeated(["0" * 32, "1" * 32, "0" * 32]) == {0}
    assert list(numbered(["a", "b", "a"], {"a"})) == list(numbered(["a", "b", "a"]))


def test_rows_keep_the_order_they_came_in() -> None:
    rows = [{"record": f"C-{n % 7}", "value": "1.50", "lacking": ["a"], "n": n, "none": None} for n in range(3_000)]
    for few in (10**6, 100):
        gathered = Gathered(ROWS, few)
        for start in range(0, 3_000, 250):
            if start % 500:
                gathered.add(rows[start : start + 250])
            else:
                gathered.add_blocks(ROWS.blocks(rows[start : start + 250]))
        assert list(gathered.result()) == rows


def test_nothing_of_the_disk_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gathered = Gathered(FINDINGS, 10)
    gathered.add(some_findings(500))
    result = gathered.result()
    assert len(list(result)) == 500
    if sys.platform != "win32":
        assert list(tmp_path.iterdir()) == []  # the file has no name, so nothing is left however the process ends


def test_an_audit_with_findings_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "cases.jsonl", case_lines(60))
    wanted = audit(tmp_path, as_of="2026-09-30", figures=True)
    assert isinstance(wanted.findings, tuple)
    monkeypatch.setattr(spill, "FEW", 100)
    monkeypatch.setattr(spill, "WAITING", 50)
    found = audit(tmp_path, as_of="2026-09-30", figures=True)
    assert isinstance(found.findings, Spilled)
    assert tuple(found.findings) == wanted.findings
    assert list(found.case_figures) == [json.loads(json.dumps(one)) for one in wanted.case_figures]
    assert replace(found, findings=(), case_figures=()) == replace(wanted, findings=(), case_figures=())


# Every format, from the disk as from memory


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Report]:
    """The same report with its findings in memory, and on the disk; some findings are set aside."""
    folder = tmp_path_factory.mktemp("two")
    put(folder, "cases.jsonl", case_lines(50) + b"not json\n")
    put(folder, "policy.yaml", b"kind: policy\nauthority: Exampleshire\nsurplus:\n  recoup: always\n")
    report = audit(folder, as_of="2026-09-30", figures=True)
    aside = SetAside("waiver", "W-1", "decided", "A. Head", "2027-01-01")
    found = tuple(
        replace(one, set_aside=aside) if number % 11 == 0 and not one.incomplete else one for number, one in enumerate(report.findings)
    )
    gathered, rows = Gathered(FINDINGS, 100), Gathered(ROWS, 100)
    gathered.add(found)
    rows.add(report.case_figures)
    one = replace(report, findings=found, case_figures=tuple(json.loads(json.dumps(row)) for row in report.case_figures))
    other = replace(report, findings=gathered.result(), case_figures=rows.result())
    assert isinstance(other.findings, Spilled)
    assert isinstance(other.case_figures, Spilled)
    return one, other


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_the_same_from_the_disk(two: tuple[Report, Report], name: str) -> None:
    one, other = (render(name, report) for report in two)
    assert one == other
    assert "".join(pieces_of(name, two[1])) == one


def test_the_json_is_what_the_standard_library_writes(two: tuple[Report, Report]) -> None:
    for report in (*two, replace(two[0], findings=()), replace(two[0], case_figures=())):
        assert render("json", report) == json.dumps(json_report.as_data(report), indent=1, ensure_ascii=False) + "\n"
    hostile = replace(two[0].findings[0], message='a"b\\c\n\t\x1b\x7f\u2028\u202e é \U0001f600', arguments=("", "x"))
    made = render("json", replace(two[0], findings=(hostile,)))
    assert json.loads(made)["findings"][0]["message"] == hostile.message
    assert not any(one in made for one in "\x1b\x7f\u2028\u202e")


def test_the_folder_of_pages_is_the_same_from_the_disk(two: tuple[Report, Report], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pbcheck.render.html.folder.A_PAGE", 20)
    one, other = (dict(pages(report)) for report in two)
    assert one == other
    assert any(name.endswith(".2.html") for name in one)


def test_hashes_for_ids_are_the_same_from_the_disk(two: tuple[Report, Report], monkeypatch: pytest.MonkeyPatch) -> None:
    from pbcheck.pseudonyms import Pseudonyms

    ids = {one.record for one in two[0].findings if one.subject == "case"}
    wanted = Pseudonyms(b"k" * 32, ids).report(two[0])
    monkeypatch.setattr(spill, "FEW", 100)
    found = Pseudonyms(b"k" * 32, ids).report(two[1])
    assert isinstance(found.findings, Spilled)
    assert tuple(found.findings) == wanted.findings
    assert list(found.case_figures) == list(wanted.case_figures)


def test_what_is_shown_of_a_rule_is_counted_whole(two: tuple[Report, Report]) -> None:
    """What one pass tells is what counting all findings by hand tells."""
    report = two[0]
    seen = overview(report, 3)
    assert sum(one.number for one in seen.rules.values()) + report.set_aside.total() == len(report.findings)
    for rule, one in seen.rules.items():
        mine = [finding for finding in report.findings if finding.rule == rule]
        counting = [finding for finding in mine if not finding.set_aside]
        assert (one.number, one.number_aside) == (len(counting), len(mine) - len(counting))
        assert one.counting == counting[:3]
        assert one.records.number == len({(f.location.file, f.subject, f.record) for f in counting})
        assert one.things.number == len({(f.subject, f.record or f.location) for f in counting})
        assert one.alike is (len({f.message for f in mine}) == 1)
        assert one.counting_alike is (len({f.message for f in counting}) <= 1)
    judged = {(f.location.file, f.record) for f in report.findings if f.subject == "case" and not f.set_aside}
    assert seen.cases.number == len(judged)
