"""The same cases out of a real database, read only, and nothing of the connection string in any message."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pbcheck.errors import UsageError
from pbcheck.exports.mapping.places import TableDocument
from pbcheck.exports.mapping.read import MappedExport
from pbcheck.source.files import FileRead
from tests.conftest import FIXTURES
from tests.mapping_council import CONTRACTS, cases

TABLES = FIXTURES / "tables"


def server() -> Path | None:
    """Return the folder of PostgreSQL's programs, where they are installed."""
    found = shutil.which("initdb")
    known = [Path(found).parent] if found else []
    return next(iter([*known, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]), None)


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """Start a server of its own in a new folder, reached by a socket there; yield its connection string, with a password."""
    programs = server()
    if programs is None:
        pytest.skip("PostgreSQL is not installed here")
    with tempfile.TemporaryDirectory(prefix="pbcheck-pg-") as name:  # not below pytest's folder, which only its owner may enter
        yield from started(programs, Path(name))


def started(programs: Path, home: Path) -> Iterator[str]:
    as_other: list[str] = []
    if os.getuid() == 0:  # the server will not run as root
        shutil.chown(home, "postgres", "postgres")
        as_other = ["runuser", "-u", "postgres", "--"]

    def call(*words: str) -> None:
        done = subprocess.run([*as_other, *words], check=False, cwd="/", capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    (home / "password").write_text("s3cret-word")
    (home / "password").chmod(0o644)
    call(
        str(programs / "initdb"), "-N", "-D", f"{home}/data", "-U", "care", "-A", "scram-sha-256", f"--pwfile={home}/password", "-E", "UTF8"
    )
    options = f"-k {home} -c listen_addresses= -c fsync=off"
    call(str(programs / "pg_ctl"), "-D", f"{home}/data", "-w", "-t", "180", "-l", f"{home}/log", "-o", options, "start")
    try:
        yield f"postgresql://care:s3cret-word@/postgres?host={home}"
    finally:
        call(str(programs / "pg_ctl"), "-D", f"{home}/data", "-m", "fast", "-t", "180", "stop")


@pytest.fixture
def folder(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tables of eight cases, one of them in the database instead: amounts as numeric, days as dates, a schema of its own."""
    import psycopg

    shutil.copytree(TABLES, tmp_path / "tables")
    folder = tmp_path / "tables"
    with psycopg.connect(database) as connection:
        connection.execute("DROP SCHEMA IF EXISTS finance CASCADE")
        connection.execute("CREATE SCHEMA finance")
        connection.execute(
            'CREATE TABLE finance.statements ("StatementID" text, "PersonRef" text, "Period from" date, "Period to" date,'
            ' "Issued" timestamp, "Opening" numeric(12,4), "Paid in" numeric(10,2), "Closing" double precision, "Clerk" text)'
        )
        for line in (folder / "statements.csv").read_text().splitlines()[1:]:
            cells: list[str | None] = [one or None for one in line.split(",")]
            issued = str(cells[4])
            cells[4] = f"{issued[6:10]}-{issued[3:5]}-{issued[:2]} 00:00:00"
            connection.execute("INSERT INTO finance.statements VALUES (%s,%s,%s,%s,%s,%s,%s,%s,'x')", cells)
    text = (folder / "mapping.yaml").read_text().replace("file: statements.csv", "relation: finance.statements")
    (folder / "mapping.yaml").write_text(text.replace("kind: mapping\n", "kind: mapping\ndatabase: {connection_from: COUNCIL_DB}\n"))
    monkeypatch.setenv("COUNCIL_DB", database)
    return folder


@pytest.mark.slow
def test_a_database_gives_the_same_cases_and_places_by_table_and_key(folder: Path) -> None:
    file = FileRead(folder / "mapping.yaml", "mapping.yaml")
    with MappedExport(file) as export:
        made = [one for one in export.documents() if isinstance(one, TableDocument)]
    assert file.faults == []
    assert [one.data for one in made] == [*CONTRACTS, *cases(8)]
    assert export.account.agrees
    case = next(one for one in made if one.data.get("statements"))
    assert case.holder(("statements", 0, "opening")).file == f"database:finance.statements#{case.data['id']}/1"
    one = next(one for one in export.inputs if one.path == "database:finance.statements")
    assert (one.read, len(one.sha256), one.size > 100) == (True, 64, True)
    assert "columns that feed nothing: Clerk" in export.account.text()


@pytest.mark.slow
def test_a_cell_of_a_database_that_cannot_be_read_is_said_with_table_and_key(folder: Path, database: str) -> None:
    import psycopg

    with psycopg.connect(database) as connection:
        connection.execute("""UPDATE finance.statements SET "Opening" = 1.2345 WHERE "StatementID" LIKE '%/1'""")
    file = FileRead(folder / "mapping.yaml", "mapping.yaml")
    with MappedExport(file) as export:
        made = list(export.documents())
    assert file.faults
    for one in file.faults:
        assert one.file
        assert one.file.startswith("database:finance.statements#NM-")
        assert one.mark.column == 6
    assert sum(bool(one.blocked) for one in made) == len(file.faults)
    assert export.account.agrees


@pytest.mark.slow
def test_the_connection_can_only_read(folder: Path, database: str) -> None:
    import sqlalchemy

    from pbcheck.exports.mapping.database_source import Database
    from pbcheck.exports.mapping.spec import Mapping

    held = Database(Mapping({}, [], connection_from="COUNCIL_DB"))
    try:
        with pytest.raises(sqlalchemy.exc.SQLAlchemyError, match="read-only"):
            held.connection.execute(sqlalchemy.text("DELETE FROM finance.statements"))
    finally:
        held.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"), [("finance.statements", "finance.none"), ("finance.statements", "'finance.x\"; DROP TABLE people'")]
)
def test_a_table_that_is_not_there_is_a_fault_and_blocks_what_it_feeds(folder: Path, old: str, new: str) -> None:
    text = (folder / "mapping.yaml").read_text()
    (folder / "mapping.yaml").write_text(text.replace(old, new))
    file = FileRead(folder / "mapping.yaml", "mapping.yaml")
    with MappedExport(file) as export:
        made = list(export.documents())
    assert [one.check for one in file.faults if "database" in getattr(one, "file", "")] == ["file-not-read"]
    assert "s3cret" not in repr(file.faults)
    assert all(("statements",) in one.blocked for one in made if one.kind == "case")


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["postgresql://care:s3cret-word@/nowhere?host=/nonexistent", "nonsense s3cret-word", "oracle://x:s3cret-word@h/d", ""]
)
def test_a_connection_that_fails_says_nothing_of_its_string(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("COUNCIL_DB", text)
    with pytest.raises(UsageError) as stop:
        MappedExport(FileRead(folder / "mapping.yaml", "mapping.yaml"))
    assert "s3cret" not in str(stop.value)
    assert stop.value.__cause__ is None
