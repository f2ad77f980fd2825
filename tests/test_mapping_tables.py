"""A council's tables by a mapping file: the same cases as were meant, every row and penny accounted for, every fault at its cell."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pbcheck.exports.mapping.places import TableDocument
from pbcheck.exports.mapping.read import MappedExport, read_mapped
from pbcheck.pipeline import Context, audit_chunk
from pbcheck.rulebook.book import load_rulebook
from pbcheck.source.document import Document
from pbcheck.source.files import FileRead
from tests.conftest import FIXTURES, ROOT
from tests.mapping_council import CONTRACTS, cases, write_tables

pytestmark = pytest.mark.slow

TABLES = FIXTURES / "tables"


class Read:
    """Everything that came of one mapping."""

    def __init__(self, folder: Path) -> None:
        self.file = FileRead(folder / "mapping.yaml", "mapping.yaml")
        with MappedExport(self.file) as export:
            self.documents = [one for one in export.documents() if isinstance(one, TableDocument)]
            self.account, self.inputs = export.account, export.inputs
        self.faults = [one for one in self.file.faults if one.file]
        assert len(self.faults) == len(self.file.faults)

    def case(self, name: str) -> TableDocument:
        return next(one for one in self.documents if one.data.get("id") == name)

    @property
    def places(self) -> list[tuple[str, str, int, int]]:
        return [(one.check, one.file, one.mark.line, one.mark.column) for one in self.faults]

    def left(self, table: str, part: str) -> dict[str, int]:
        return next(dict(one.left) for one in self.account.uses if (one.table, one.part) == (table, part))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tables of eight cases, to be changed."""
    shutil.copytree(TABLES, tmp_path / "tables")
    return tmp_path / "tables"


def change(path: Path, old: str, new: str, encoding: str = "utf-8") -> None:
    text = path.read_text(encoding=encoding)
    assert old in text
    with path.open("w", encoding=encoding, newline="") as handle:
        handle.write(text.replace(old, new, 1))


def row_of(path: Path, part: str, encoding: str = "utf-8") -> int:
    return next(number for number, line in enumerate(path.read_text(encoding=encoding).splitlines(), 1) if part in line)


def test_the_fixture_gives_the_cases_that_were_meant() -> None:
    read = Read(TABLES)
    assert [one.data for one in read.documents] == [*CONTRACTS, *cases(8)]
    assert read.faults == []
    assert read.account.agrees
    assert all(one.blocked == () for one in read.documents)
    assert Counter(one.kind for one in read.documents) == {"case": 8, "contract": 2} == read.account.records


def test_every_table_is_reported_as_an_input_with_its_hash_and_size() -> None:
    import hashlib

    read = Read(TABLES)
    files = {one.path.partition("#")[0]: one for one in read.inputs}
    assert set(files) == {path.name for path in TABLES.iterdir()} - {"mapping.yaml"}
    for name, one in files.items():
        raw = (TABLES / name).read_bytes()
        assert (one.sha256, one.size, one.read) == (hashlib.sha256(raw).hexdigest(), len(raw), True)
    assert read.file.sha256 == hashlib.sha256((TABLES / "mapping.yaml").read_bytes()).hexdigest()


@pytest.mark.parametrize("seed", [1, 5])
def test_generated_tables_give_the_cases_that_were_meant(tmp_path: Path, seed: int) -> None:
    meant = cases(150, seed)
    write_tables(tmp_path, meant)
    shutil.copy(TABLES / "mapping.yaml", tmp_path)
    read = Read(tmp_path)
    assert [one.data for one in read.documents] == [*CONTRACTS, *meant]
    assert read.faults == []
    assert read.account.agrees
    gross = sum(int(one["final"]["gross"].replace(".", "")) for one in meant)
    amounts = {(one.part, each.name): each for one in read.account.uses for each in one.money}
    assert amounts["case", "final.gross"].read == amounts["case", "final.gross"].used == gross


def test_the_whole_catalogue_finds_the_same_as_in_the_cases_as_json() -> None:
    rulebook = load_rulebook()
    tabled = audit_chunk(read_mapped(FileRead(TABLES / "mapping.yaml", "mapping.yaml"), None), Context(rulebook))
    plain = audit_chunk([Document(one["kind"], one, "cases.json") for one in [*CONTRACTS, *cases(8)]], Context(rulebook))

    def shape(chunk: Any) -> list[tuple[str, ...]]:
        return sorted((one.rule, one.record, one.message, one.location.pointer) for one in chunk.findings)

    assert shape(tabled) == shape(plain)
    assert len(tabled.findings) > 20
    assert {name: bytes(one.rows) for name, one in tabled.ledgers.items()} == {name: bytes(one.rows) for name, one in plain.ledgers.items()}
    for one in tabled.findings:
        assert (TABLES / one.location.file.partition("#")[0]).is_file()
        assert one.location.line > 0


def test_a_place_is_the_file_the_row_and_the_column() -> None:
    read = Read(TABLES)
    case = read.case("NM-00002")
    row = row_of(TABLES / "budgets.csv", "NM-00002", "cp1252")
    assert (case.holder(("final", "gross")).file, case.locate(("final", "gross")).line) == ("budgets.csv", row)
    assert case.locate(("final", "gross")).column == 7
    sheet = case.holder(("plan", "components", 0, "unit_rate"))
    assert sheet.file == "Care plan lines.xlsx#Lines"
    line = sheet.locate(("plan", "components", 0, "unit_rate"))
    assert line.column == 9
    import openpyxl

    assert openpyxl.load_workbook(TABLES / "Care plan lines.xlsx")["Lines"].cell(line.line, 2).value == "NM-00002"
    assert case.holder(("plan", "components", 0, "category")).file == "Care plan lines.xlsx#Codes"
    assert case.holder(("team",)).locate(("team",)).column == 5
    assert case.holder(("carers",)).file == "people.csv"  # what no table says stands at the row of the case
    two = next(one for one in read.documents if len(one.data.get("statements", ())) == 2)
    assert (
        two.locate(("statements", 0)).line > two.locate(("statements", 1)).line
    )  # put in order by their first day, while the table has the latest first


def test_documents_can_be_sent_to_other_processes() -> None:
    case = Read(TABLES).case("NM-00003")
    again = pickle.loads(pickle.dumps(case))
    assert again.data == case.data
    assert again.where(("final", "gross")) == case.where(("final", "gross"))


def test_a_word_that_fits_no_map_is_a_finding_at_its_cell_and_blocks_what_reads_it(folder: Path) -> None:
    change(folder / "people.csv", "Has capacity", "Has capcity (private words)", "utf-8-sig")
    read = Read(folder)
    row = row_of(folder / "people.csv", "capcity", "utf-8-sig")
    assert read.places == [("table-value-not-mapped", "people.csv", row, 6)]
    fault = read.faults[0]
    case = read.case(fault.record)
    assert case.blocked == (("person", "capacity_budget"),) == (fault.path,)
    assert "capacity_budget" not in case.data["person"]
    assert "private" not in fault.message
    assert read.account.agrees


@pytest.mark.parametrize(
    ("name", "old", "new", "encoding", "path"),
    [
        ("budgets.csv", ";£", ";£1.2.3 ", "cp1252", ("indicative", "amount")),
        ("budgets.csv", "/2026 - ", "/26 to ", "cp1252", ("final", "ends_on")),
        ("assessments.csv", "SSA", "=HYPERLINK(1)", "utf-8", ("assessment", "mode")),
        ("statements.csv", ",0.00,2850.00", ",0.001,2850.00", "utf-8", ("statements", 0, "opening")),
        ("people.csv", ",Learning disability,", ",Learning\x1b[31m disability,", "utf-8-sig", ("team",)),
        ("people.csv", ",Learning disability,", ",Learning\u202edisability,", "utf-8-sig", ("team",)),
        ("people.csv", ",Learning disability,", ",#REF!,", "utf-8-sig", ("team",)),
        ("payments-2026-04.csv", "|202604", "|202699", "utf-8", ("payments", 0, "date")),
        ("assessments.csv", ",95,N1,Yes,", ",95,N1,perhaps,", "utf-8", ("assessment", "needs", 0, "eligible")),
    ],
)
def test_a_cell_that_cannot_be_read_is_said_with_its_place(folder: Path, name: str, old: str, new: str, encoding: str, path: Any) -> None:
    change(folder / name, old, new, encoding)
    read = Read(folder)
    assert {one.file for one in read.faults} == {name}
    blocked = [case for case in read.documents if path in case.blocked]
    assert len(blocked) == 1
    assert blocked[0].data["id"] == read.faults[0].record
    assert path in [one.path for one in read.faults]
    assert new not in "".join(one.message for one in read.faults)
    assert read.account.agrees


def test_rows_without_a_parent_and_without_a_key_are_counted_and_named(folder: Path) -> None:
    with (folder / "payments-2026-05.csv").open("a", newline="") as handle:
        handle.write("NM-99999|20260501|12345|A1|10\n|20260501|100|A1|10\n||900||||total\n")
    read = Read(folder)
    start = len((folder / "payments-2026-05.csv").read_text().splitlines())
    assert read.places == [
        ("table-row-not-read", "payments-2026-05.csv", start, 1),
        ("table-row-without-owner", "payments-2026-05.csv", start - 2, 1),
        ("table-key-blank", "payments-2026-05.csv", start - 1, 1),
    ]
    assert read.left("payments", "payments") == {"row that could not be read": 1, "no row that it belongs to": 1, "blank key": 1}
    money = next(one for one in read.account.uses if one.part == "payments").money[0]
    assert money.left == {"no row that it belongs to": 12345, "blank key": 100}
    assert money.agrees
    assert "NM-99999" not in read.account.text() + "".join(one.message for one in read.faults)


def test_a_case_cannot_be_said_to_have_none_where_a_row_has_no_key(folder: Path) -> None:
    before = [one for one in Read(folder).documents if one.data.get("statements") == []]
    assert before
    with (folder / "statements.csv").open("a") as handle:
        handle.write("X9,,20260406,20260705,01/08/2026 09:00,0.00,1.00,1.00\n")
    read = Read(folder)
    for one in before:
        case = read.case(one.data["id"])
        assert "statements" not in case.data
        assert ("statements",) in case.blocked
    assert any("statements" in one.data and ("statements",) not in one.blocked for one in read.documents)


def test_the_same_row_again_is_counted_and_a_key_used_twice_is_a_fault(folder: Path) -> None:
    path = folder / "statements.csv"
    lines = path.read_text().splitlines()
    other = lines[2].replace("510.25", "99.00")
    path.write_text("\n".join([*lines, lines[1], other, ""]))
    read = Read(folder)
    assert read.left("statements", "statements") == {"the same row again": 1, "a key that another row has": 1}
    assert [one[:3] for one in read.places] == [("table-rows-differ", "statements.csv", len(lines) + 2)]
    blocked = [one for one in read.documents if one.blocked]
    assert len(blocked) == 1
    assert any(path[0] == "statements" and path[-1] == "closing" for path in blocked[0].blocked)
    assert read.account.agrees


def test_two_rows_for_one_case_that_differ_block_what_they_differ_in(folder: Path) -> None:
    path = folder / "budgets.csv"
    change(folder / "mapping.yaml", "    key: Client\n", "")
    lines = path.read_text("cp1252").splitlines()
    path.write_text("\n".join([*lines, lines[1], lines[2].replace(";£", ";£9", 1), ""]), "cp1252")
    read = Read(folder)
    assert read.left("budgets", "case") == {"the same record again": 1, "another row of the same record says otherwise": 1}
    assert read.places == [("table-rows-differ", "budgets.csv", len(lines) + 2, 3)]
    case = read.case("NM-00002")
    assert case.blocked == (("indicative", "amount"),)
    assert "amount" not in case.data["indicative"]
    assert "gross" in case.data["final"]
    assert read.account.agrees


def test_of_several_rows_the_latest_counts_and_a_date_that_cannot_be_read_blocks_them(folder: Path) -> None:
    change(folder / "assessments.csv", "09/02/2024", "soon")
    read = Read(folder)
    assert len(read.faults) == 1
    case = read.case(read.faults[0].record)
    assert {("assessment", "completed_on"), ("assessment", "mode"), ("assessment", "needs")} <= set(case.blocked)
    assert read.account.agrees


def test_a_code_that_its_list_lacks_is_a_fault_where_it_is_used(folder: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(folder / "Care plan lines.xlsx")
    book["Lines"]["D5"] = "QQ1"
    book.save(folder / "Care plan lines.xlsx")
    read = Read(folder)
    assert read.places == [("table-value-not-mapped", "Care plan lines.xlsx#Lines", 5, 1)]
    case = read.case(read.faults[0].record)
    assert any(one[-1] == "category" for one in case.blocked)


def test_a_row_that_would_belong_to_several_is_left_out_and_blocks_their_lists(folder: Path) -> None:
    change(folder / "mapping.yaml", "    key: StatementID\n", "")
    lines = (folder / "statements.csv").read_text().splitlines()
    name = (folder / "movements.csv").read_text().splitlines()[1].split(",")[0]
    twice = next(line for line in lines if line.startswith(name)).replace("510.25", "1.00")
    (folder / "statements.csv").write_text("\n".join([*lines, twice, ""]))
    read = Read(folder)
    assert read.left("movements", "statements.drawdowns")["several rows that it would belong to"] >= 1
    case = read.case(name.split("/")[0])
    assert sum(one[0] == "statements" and one[-1] == "drawdowns" for one in case.blocked) >= 2
    assert read.account.agrees


def test_broken_rows_are_named_and_the_rest_is_read(folder: Path) -> None:
    path = folder / "events.csv"
    lines = path.read_text().splitlines()
    lines[2] = lines[2].replace(",", ',"ab"cd,', 1)
    lines.insert(1, "")
    path.write_text("\n".join([*lines, 'NM-00001,Referral,"01/02/2026', ""]))
    read = Read(folder)
    assert [one for one in read.places if one[0] == "table-row-not-read"] == [
        ("table-row-not-read", "events.csv", 4, 1),
        ("table-row-not-read", "events.csv", len(lines) + 1, 1),
    ]
    left = read.left("events", "reviews")
    assert (left["blank row"], left["row that could not be read"]) == (1, 2)
    assert read.account.agrees


def test_a_file_that_cannot_be_read_blocks_all_it_feeds(folder: Path) -> None:
    (folder / "Care plan lines.xlsx").write_bytes(b"\xd0\xcf\x11\xe0 protected")
    (folder / "movements.csv").write_bytes(b"")
    read = Read(folder)
    assert {one.check for one in read.faults} == {"file-not-read", "empty-file"}
    assert [one.path for one in read.inputs if not one.read] == ["Care plan lines.xlsx", "Care plan lines.xlsx", "movements.csv"]
    for case in read.documents:
        if case.kind == "case":
            assert ("plan", "components") in case.blocked
            for at in range(len(case.data["statements"])):
                assert ("statements", at, "drawdowns") in case.blocked


def test_a_flat_extract_repeats_its_cases(tmp_path: Path) -> None:
    (tmp_path / "flat.csv").write_text("Ref,Area,Item,Weekly\nC1,North,P1,10\nC1,North,P2,£20.50\nC2,South,P1,5\nC2,East,P2,6\n")
    (tmp_path / "mapping.yaml").write_text(
        "kind: mapping\ntables: {flat: {file: flat.csv}}\n"
        "case:\n  table: flat\n  key: Ref\n  repeats: true\n  fields: {id: Ref, team: Area}\n"
        "  lists: [{list: plan.components, table: flat, match: Ref, fields: {id: Item, cost: Weekly, period: {constant: week}}}]\n"
    )
    read = Read(tmp_path)
    assert [one.data["plan"]["components"] for one in read.documents] == [
        [{"id": "P1", "cost": "10.00", "period": "week"}, {"id": "P2", "cost": "20.50", "period": "week"}],
        [{"id": "P1", "cost": "5.00", "period": "week"}, {"id": "P2", "cost": "6.00", "period": "week"}],
    ]
    assert read.left("flat", "case") == {"repeats its record": 1, "another row of the same record says otherwise": 1}
    assert read.documents[1].blocked == (("team",),)
    assert read.account.agrees


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends_are_found_out(tmp_path: Path, encoding: str, delimiter: str, ending: str) -> None:
    rows = [
        ["All people", "", ""],
        ["Ref", "Area\n(team)", "Gross"],
        ["C1", "Café, north; “old”", "£1,234.50"],
        ["C2", 'the "new"', "(£3.00)"],
    ]
    text = ending.join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    (tmp_path / "people.csv").write_bytes(text.encode(encoding))
    (tmp_path / "mapping.yaml").write_text(
        "kind: mapping\ntables: {people: {file: people.csv, key: Ref}}\n"
        "case: {table: people, key: Ref, fields: {id: Ref, team: Area (team), final.gross: Gross}}\n"
    )
    read = Read(tmp_path)
    assert [one.data["team"] for one in read.documents] == ["Café, north; “old”", 'the "new"']
    assert [one.data["final"]["gross"] for one in read.documents] == ["1234.50", "-3.00"]
    assert read.documents[1].locate(("team",)).line == 5  # the line that an editor shows: the heading takes two


def test_parquet_gives_the_same_as_csv(folder: Path) -> None:
    import duckdb

    for name in ("statements", "people"):
        source, made = folder / f"{name}.csv", folder / f"{name}.parquet"
        duckdb.execute(f"COPY (SELECT * FROM read_csv('{source}', all_varchar=true)) TO '{made}' (FORMAT parquet)")
        change(folder / "mapping.yaml", f"file: {name}.csv", f"file: {name}.parquet")
        source.unlink()
    read = Read(folder)
    assert [one.data for one in read.documents] == [*CONTRACTS, *cases(8)]
    assert read.case("NM-00001").holder(("team",)).file == "people.parquet"


def test_typed_parquet_and_excel_numbers_are_exact(tmp_path: Path) -> None:
    import duckdb
    import openpyxl

    duckdb.execute(
        f"COPY (SELECT 101 AS ref, 0.1::DOUBLE + 0.2::DOUBLE AS rough, 1234.5::DOUBLE AS cost, DATE '2026-02-01' AS day, true AS told,"
        f" 7.250::DECIMAL(9,3) AS units) TO '{tmp_path / 'p.parquet'}' (FORMAT parquet)"
    )
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["ref", "a", "b", "c"])
    book.active.append([101, 0.1 + 0.2, 1234567.89, "=1/0"])
    book.save(tmp_path / "x.xlsx")
    (tmp_path / "mapping.yaml").write_text(
        "kind: mapping\ntables: {p: {file: p.parquet}, x: {file: x.xlsx}}\n"
        "case:\n  table: p\n  key: ref\n  fields:\n    id: ref\n    final.gross: cost\n    final.net: rough\n    final.starts_on: day\n"
        "    advocate.needed: told\n    person.setting_km_from_home: units\n"
        "  joins: [{table: x, match: ref, fields: {final.council_amount: a, final.personal_amount: b}}]\n"
    )
    read = Read(tmp_path)
    assert read.documents[0].data == {
        "kind": "case",
        "id": "101",
        "final": {"gross": "1234.50", "starts_on": "2026-02-01", "council_amount": "0.30", "personal_amount": "1234567.89"},
        "advocate": {"needed": True},
        "person": {"setting_km_from_home": "7.25"},
    }
    assert [(one.check, one.path) for one in read.faults] == [("table-value-not-read", ("final", "net"))]  # 0.30000000000000004


def test_the_private_folder_is_removed_whatever_happens(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    documents = read_mapped(FileRead(folder / "mapping.yaml", "mapping.yaml"), None)
    next(documents)
    held = list(place.iterdir())
    assert len(held) == 1
    assert held[0].stat().st_mode & 0o077 == 0
    documents.close()  # type: ignore[attr-defined]  # a generator
    assert list(place.iterdir()) == []
    Read(folder)
    assert list(place.iterdir()) == []


def test_the_same_tables_give_the_same_bytes_under_any_seed_zone_and_locale(folder: Path) -> None:
    change(folder / "people.csv", "Has capacity", "other", "utf-8-sig")
    with (folder / "movements.csv").open("a") as handle:
        handle.write("nobody,P1,01.02.2026,5.00\n")
    code = (
        "import json,sys;from pathlib import Path;from pbcheck.exports.mapping.read import MappedExport;"
        "from pbcheck.source.files import FileRead;f=FileRead(Path(sys.argv[1]),'mapping.yaml');e=MappedExport(f);"
        "d=[(x.data,list(x.rows.items()),x.blocked) for x in e.documents()];"
        "print(repr((d,f.faults,e.inputs)),e.account.text(),json.dumps(e.account.plain()));e.close()"
    )
    out = set()
    for seed, zone, locale in (("0", "UTC", "C"), ("1", "America/New_York", "C.UTF-8"), ("77", "Asia/Kolkata", "C")):
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-c", code, str(folder / "mapping.yaml")], env=env, capture_output=True, cwd=ROOT, check=True
        )
        out.add(done.stdout)
    assert len(out) == 1
    assert b"NM-00001" in out.pop()


def test_the_account_says_what_feeds_nothing_as_data_and_as_text(folder: Path) -> None:
    with (folder / "events.csv").open("a") as handle:
        handle.write("NM-00001,Phone call,01/02/2026,Peer support,\n")
    read = Read(folder)
    text = read.account.text()
    assert "columns that feed nothing: Last edited by" in text
    assert "1 that no use selects" in text
    assert "Made: 8 cases, 2 contracts. Rows and amounts agree." in text
    plain = json.loads(json.dumps(read.account.plain()))
    assert plain["agrees"] is True
    events = next(one for one in plain["tables"] if one["table"] == "events")
    assert events["taken_by_none"] == 1
    assert next(one for one in plain["uses"] if one["part"] == "payments")["money"][0]["field"] == "amount"


def test_many_equal_faults_are_listed_up_to_a_bound_and_then_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pbcheck.exports.mapping.faults.MOST", 3)
    (tmp_path / "people.csv").write_text("Ref,Gross\n" + "".join(f"C{number},x\n" for number in range(10)))
    (tmp_path / "mapping.yaml").write_text(
        "kind: mapping\ntables: {people: {file: people.csv}}\ncase: {table: people, key: Ref, fields: {id: Ref, final.gross: Gross}}\n"
    )
    read = Read(tmp_path)
    assert len(read.faults) == 4
    assert read.faults[-1].message.startswith("7 further rows in column `Gross` have the same fault")
    assert all(("final", "gross") in one.blocked for one in read.documents)


def test_the_documentation_shows_a_real_account_and_a_mapping_that_works(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "tables.md").read_text()
    rows = "C1,North,P1,10,AB\nC1,North,P2,20,AB\nC2,South,P1,30,CD\nC2,South,P2,20,CD\n,,,1234.50,\nC2,South,P1,30,CD\n"
    (tmp_path / "flat.csv").write_text("Ref,Area,Item,Weekly,Worker\n" + rows)
    (tmp_path / "mapping.yaml").write_text(
        "kind: mapping\ntables: {flat: {file: flat.csv}}\n"
        "case:\n  table: flat\n  key: Ref\n  repeats: true\n  fields: {id: Ref, team: Area}\n"
        "  lists: [{list: plan.components, table: flat, match: Ref, fields: {id: Item, cost: Weekly, period: {constant: week}}}]\n"
    )
    assert page.split("```text\n")[1].split("```")[0] == Read(tmp_path).account.text()

    (tmp_path / "mapping.yaml").write_text(page.split("```yaml\n")[1].split("```")[0])
    (tmp_path / "people.csv").write_text("PersonRef,Forename,Surname,Funding\nC1,A,B,LA\nC2,C,D,Self\n")
    (tmp_path / "reviews-1.csv").write_text("PersonRef,Held on\nC1,01/02/2026\n")
    import openpyxl

    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Lines"
    book.active.append(["Line no", "Person", "Weekly cost"])
    book.active.append([1, "C2", 12.5])
    book.save(tmp_path / "plan.xlsx")
    assert [one.data for one in Read(tmp_path).documents] == [
        {"kind": "case", "id": "C1", "person": {"funding": "council_funded"}, "reviews": [{"date": "2026-02-01"}]},
        {
            "kind": "case",
            "id": "C2",
            "person": {"funding": "full_cost_payer"},
            "plan": {"components": [{"id": "1", "cost": "12.50", "period": "week"}]},
            "reviews": [],
        },
    ]
