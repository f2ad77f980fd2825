"""Tables for analysts: they say what the report says, exactly, in the types that the page names, and the examples answer from them."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import feather, parquet

from pbcheck import tables as made
from pbcheck.cli.tables import tables_written, tabling
from pbcheck.errors import UsageError
from pbcheck.model import Report
from pbcheck.pipeline import audit
from pbcheck.spill import FINDINGS, Gathered
from pbcheck.table_columns import COLUMNS, TYPES
from pbcheck.tables import Tables, schema_of, to_arrow, write_tables
from tests import reports
from tests.conftest import FIXTURES, ROOT
from tests.test_personal_data import marks

pytestmark = pytest.mark.slow

COMPLIANT = audit(FIXTURES / "compliant", figures=True)
REPORTS = {"none": reports.none(), "small": reports.small(), "aside": reports.aside(), "hostile": reports.hostile(), "compliant": COMPLIANT}


def rows(table: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def test_the_page_names_every_column_with_type_and_meaning() -> None:
    text = (ROOT / "docs" / "tables-for-analysts.md").read_text()
    parts = re.split(r"^## (\w+)$", text, flags=re.MULTILINE)[1:]
    assert parts[::2] == list(COLUMNS) == list(Tables._fields)
    for name, part in zip(parts[::2], parts[1::2], strict=True):
        said = re.findall(r"^\| `(\w+)` \| (\S.*?) \| (.+) \|$", part, re.MULTILINE)
        assert said == [(one.name, TYPES[one.type], one.about) for one in COLUMNS[name]]
        arrow = [(one.name, str(one.type).replace("[day]", "").replace("item: ", "").replace("element: ", "")) for one in schema_of(name)]
        assert arrow == [(one[0], one[1]) for one in said]


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_every_table_has_its_schema_and_is_sound(report: Report) -> None:
    for name, table in zip(Tables._fields, to_arrow(report), strict=True):
        table.validate(full=True)
        assert table.schema == schema_of(name)
        assert "" not in {value for one in rows(table) for value in one.values() if isinstance(value, str)}


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_numbers_of_rows_and_counts_are_those_of_the_report(report: Report) -> None:
    found = to_arrow(report)
    assert [one["fingerprint"] for one in rows(found.findings)] == [one.fingerprint for one in report.findings]
    assert Counter(one["severity"] for one in rows(found.findings) if one["counts"]) == +Counter(
        {one: report.count(one) for one in ("error", "warning", "note")}
    )
    assert sum(not one["counts"] for one in rows(found.findings)) == report.set_aside.total() == rows(found.audit)[0]["set_aside"]
    assert [one["rule"] for one in rows(found.rules)] == [made._clean(one) for one in sorted(report.rules)]
    for row, tally in zip(rows(found.outcomes), report.outcomes, strict=True):
        assert (
            row["records"] == sum(row[name] for name in ("passed", "failed", "excused", "not_applicable", "cannot_tell")) == tally.records
        )
        missing = [one["records"] for one in rows(found.reasons) if (one["rule"], one["outcome"]) == (row["rule"], "cannot tell")]
        assert sum(missing) == sum(tally.missing.values())
    assert (found.inputs.num_rows, found.decisions.num_rows) == (len(report.inputs), len(report.decisions))
    assert (found.figures.num_rows, found.case_figures.num_rows) == (len(report.figures), len(report.case_figures))
    assert rows(found.audit)[0]["complete"] == report.complete


def rounded(exact: str, digits: int) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        number = Fraction(exact)
        return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def test_amounts_are_exact_and_rounded_once() -> None:
    found = rows(to_arrow(COMPLIANT).case_figures)
    money = [one for one in found if one["exact"] and one["unit"].startswith("pounds")]
    assert len(money) > 400
    for one in found:
        if one["exact"]:
            assert one["number"] == rounded(one["exact"], 3)
        assert (one["pence"] is not None) == bool(one["exact"] and one["unit"].startswith("pounds"))
    for one in money:
        assert one["pence"] == rounded(one["exact"], 2) * 100 == Decimal(one["value"]) * 100
    unknown = [one for one in found if one["status"] == "unknown"]
    assert unknown
    assert all(one["number"] is one["pence"] is one["value"] is None and one["lacking"] for one in unknown)


@pytest.mark.parametrize(
    ("exact", "number", "pence"),
    [
        ("1/3", "0.333", 33),
        ("-1/200", "-0.005", -1),
        ("1/2000", "0.001", 0),
        ("-2831", "-2831.000", -283100),
        ("9" * 34, "9" * 34 + ".000", None),
        ("9" * 36, None, None),
        ("1e999999999", None, None),
        ("1/0", None, None),
        ("suppressed", None, None),
        ("", None, None),
    ],
)
def test_a_number_is_the_text_or_nothing(exact: str, number: str | None, pence: int | None) -> None:
    report = replace(reports.none(), figures=(reports.figure("gross_total", "x", "y", unit="pounds", exact=exact),))
    [row] = rows(to_arrow(report).figures)
    assert (row["number"], row["pence"]) == (None if number is None else Decimal(number), pence)


def test_what_is_kept_back_has_no_number() -> None:
    kept = [one for one in rows(to_arrow(COMPLIANT).figures) if one["suppressed"]]
    assert len(kept) > 20
    assert all(one["number"] is one["pence"] is one["exact"] is None for one in kept)


def test_dates_are_dates() -> None:
    found = to_arrow(reports.aside())
    untils = {one["set_aside_until"].isoformat() for one in rows(found.findings) if one["set_aside_until"]}
    assert untils == {"2026-12-31", "2027-03-31"}
    assert {str(one["until"]) for one in rows(found.decisions)} == {"None", "2026-12-31", "2027-03-31", "2026-08-31"}
    two = replace(reports.none(), figures=(reports.figure("x", "y", "1", as_of="2026-01-31 to 2026-09-30"),))
    assert [(str(one["as_of"]), str(one["as_of_last"])) for one in rows(to_arrow(two).figures)] == [("2026-01-31", "2026-09-30")]


def test_hostile_texts_act_on_nobody() -> None:
    texts = [one for table in to_arrow(reports.hostile()) for row in rows(table) for one in row.values()]
    flat = [text for one in texts for text in (one if isinstance(one, list) else [one]) if isinstance(text, str)]
    assert len(flat) > 500
    assert all(one.isprintable() and "##[" not in one for one in flat)


def test_no_personal_value_stands_in_a_table() -> None:
    plain = audit(FIXTURES / "personal", figures=True)
    assert marks(str([rows(one) for one in to_arrow(plain)])) == set()
    shown = rows(to_arrow(audit(FIXTURES / "personal", show_values=True)).findings)
    assert marks(str([one.pop("value") for one in shown]))
    assert marks(str(shown)) == set()


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_files_hold_what_the_tables_hold(report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = to_arrow(report)
    monkeypatch.setattr(made, "BATCH", 3)
    paths = write_tables(report, tmp_path)
    assert paths == [tmp_path / f"{name}.parquet" for name in Tables._fields]
    write_tables(report, tmp_path, "arrow")
    for name, table in zip(Tables._fields, whole, strict=True):
        again = parquet.read_table(tmp_path / f"{name}.parquet")
        assert again.equals(table)
        assert again.schema == table.schema
        assert feather.read_table(tmp_path / f"{name}.arrow").equals(table)
    assert len(list(tmp_path.iterdir())) == 2 * len(Tables._fields)


def test_findings_on_the_disk_give_the_same_table() -> None:
    many = reports.many(5_000)
    gathered = Gathered(FINDINGS, 100)
    gathered.add(reversed(many.findings))
    spilled = gathered.result()
    assert not isinstance(spilled, tuple)
    assert to_arrow(replace(many, findings=spilled)).findings.equals(to_arrow(many).findings)


def test_the_bytes_are_the_same_everywhere(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from pbcheck import audit; from pbcheck.tables import write_tables; "
    code += "write_tables(audit('fixtures/personal', figures=True), Path(sys.argv[1]))"

    def hashes(folder: Path, **more: str) -> list[str]:
        subprocess.run([sys.executable, "-c", code, folder], cwd=ROOT, env=os.environ | more, check=True)
        return [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())]

    one = hashes(tmp_path / "one", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    assert len(one) == len(Tables._fields)
    assert hashes(tmp_path / "two", PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="C.UTF-8") == one


def test_a_file_is_there_as_a_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="could not be written"):
        write_tables(COMPLIANT, tmp_path / "file")
    with pytest.raises(UsageError, match="no style `csv`"):
        write_tables(COMPLIANT, tmp_path / "out", "csv")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "findings.parquet").write_text("what was there before")

    def breaks(report: Report) -> Any:
        yield from ()
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(made._ROWS, "findings", breaks)  # type: ignore[arg-type]  # a dict behind a Mapping
    with pytest.raises(UsageError, match="No space left"):
        write_tables(COMPLIANT, tmp_path / "out")
    assert (tmp_path / "out" / "findings.parquet").read_text() == "what was there before"
    assert {one.name for one in (tmp_path / "out").iterdir()} == {"audit.parquet", "rules.parquet", "findings.parquet"}


def test_without_pyarrow_one_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r'pip install "pbcheck\[parquet\]"'):
        to_arrow(COMPLIANT)
    assert tables_written(COMPLIANT, None) == []
    assert "pyarrow" in tables_written(COMPLIANT, tmp_path / "out")[0]
    assert not (tmp_path / "out").exists()


def test_the_option_writes_the_tables(tmp_path: Path) -> None:
    @click.command()
    @tabling
    def command(tables: Path | None) -> None:
        click.echo(tables_written(COMPLIANT, tables))

    found = CliRunner().invoke(command, ["--tables", str(tmp_path / "new" / "tables")])
    assert (found.exit_code, found.output) == (0, "[]\n")
    assert parquet.read_table(tmp_path / "new" / "tables" / "case_figures.parquet").num_rows == len(COMPLIANT.case_figures)


def example(name: str, *arguments: object) -> str:
    command = [sys.executable, ROOT / "examples" / f"{name}.py", *map(str, arguments)]
    places = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": places})
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_sample_of_the_examples_is_what_it_says(tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    folder.mkdir()
    assert example("sample_export", folder).strip() == str(folder)
    found = audit(folder)
    assert found.complete
    assert found.records["case"] == 120
    by_team = Counter((one.rule, one.team) for one in found.findings if one.subject == "case")
    assert by_team[("component-without-cost", "North")] == 10
    assert by_team[("planning-without-estimate", "East")] == 6
    assert by_team[("year-end-money-clawed-back", "West")] == 4
    assert {team for _, team in by_team} == {"North", "East", "West"}


def test_the_example_for_pandas_answers() -> None:
    pytest.importorskip("pandas")
    said = example("pandas_findings")
    assert re.search(r"^team +East +North +South +West$", said, re.MULTILINE)
    assert re.search(r"^component-without-cost +0\.0 +33\.3 +0\.0 +0\.0$", said, re.MULTILINE)
    assert re.search(r"^planning-without-estimate +20\.0 +0\.0 +0\.0 +0\.0$", said, re.MULTILINE)
    assert re.search(r"^case\.plan\.components\.\*\.cost +3 +21$", said, re.MULTILINE)
    assert re.search(r"^S-060 +1 +2$", said, re.MULTILINE)
    assert "A part of the plan has no cost. Record the cost" in said


def test_the_example_for_duckdb_answers() -> None:
    pytest.importorskip("duckdb")
    said = example("duckdb_findings")
    assert re.search(r"│ West +│ +4 │ +2561\.00 │", said)
    assert re.search(r"│ North +│ +\S+ │ +20 │ +10 │", said)
    assert re.search(r"│ component-without-cost +│ support-planning +│ +10 │ +120 │ +8\.3 │ +0 │", said)
    assert re.search(r"│ case\.reviews +│ +3 │ +12 │", said)


def test_the_type_of_an_amount_holds_what_spark_and_duckdb_read() -> None:
    assert schema_of("case_figures").field("number").type == pa.decimal128(38, 3)
