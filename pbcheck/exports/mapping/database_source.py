"""Tables of a database, by SQLAlchemy: only read, streamed, and nothing of the connection string ever shown."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pbcheck.errors import UsageError
from pbcheck.exports.mapping.convert import plain
from pbcheck.exports.mapping.excel_source import cell_text
from pbcheck.exports.mapping.sources import Broken, Row
from pbcheck.exports.mapping.spec import Mapping, Table
from pbcheck.source.document import Fault, Unreadable

FETCH = 2000
_NAME = 64


class Database:
    """The database of a mapping; raises UsageError where no connection can be had, without a word of the connection string."""

    def __init__(self, mapping: Mapping) -> None:
        text = mapping.connection or os.environ.get(mapping.connection_from, "")
        if not text:
            raise UsageError(
                f"The environment variable {mapping.connection_from} is not set: put the connection string of the database in it."
            )
        try:
            import sqlalchemy
        except ImportError:
            raise UsageError("Databases are read with SQLAlchemy, which is not installed: pip install 'pbcheck[database]'.") from None
        try:
            url = sqlalchemy.make_url(text)
            if url.drivername == "postgresql":
                url = url.set(drivername="postgresql+psycopg")
            self.engine: Any = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
            self.connection: Any = self.engine.connect()
            if url.drivername.startswith("postgresql"):
                self.connection = self.connection.execution_options(postgresql_readonly=True)
        except Exception as error:  # what a driver says of a failed connection may hold the connection string
            words = "check the connection string, and that its driver is installed (for PostgreSQL: pip install 'pbcheck[database]')"
            raise UsageError(f"The database cannot be reached ({type(error).__name__}): {words}.") from None

    def close(self) -> None:
        """End the connection."""
        self.connection.close()
        self.engine.dispose()


class DatabaseSource:
    """One table or view; raises Unreadable where it is not there or cannot be read. The names of its columns stand for row 0."""

    delimiters: Sequence[str] = ("",)
    path: Path | None = None

    def __init__(self, database: Database, table: Table) -> None:
        import sqlalchemy

        self.database = database
        self.table = table
        self.shown = f"database:{table.relation}"
        self.sha256, self.size = "", 0
        self.schema, _, self.relation = table.relation.rpartition(".")
        try:
            found = sqlalchemy.inspect(database.connection).get_columns(self.relation, self.schema or None)
        except Exception as error:  # a driver's own words may hold the connection string
            database.connection.rollback()
            raise Unreadable(_fault(error)) from None
        self.names = [str(one["name"]) for one in found]

    def rows(self, delimiter: str = "") -> Iterator[Row | Broken]:
        """Yield the names of the columns as row 0, then the rows, in the order of the key where the table has one."""
        import sqlalchemy

        yield Row(0, self.names)
        columns: list[Any] = [sqlalchemy.column(one) for one in self.names]
        places = {plain(one): at for at, one in enumerate(self.names)}
        key = [places[plain(one)] for one in self.table.key if plain(one) in places]
        query = sqlalchemy.select(*columns).select_from(sqlalchemy.table(self.relation, schema=self.schema or None))
        query = query.order_by(*(columns[at] for at in key or range(len(columns))))
        found = hashlib.sha256()
        size = 0
        try:
            for number, row in enumerate(self.database.connection.execution_options(yield_per=FETCH).execute(query), 1):
                cells = [_text(one) for one in row]
                raw = "\x1f".join(cells).encode("utf-8", "replace") + b"\x1e"
                found.update(raw)
                size += len(raw)
                yield Row(number, cells, "-".join(cells[at] for at in key)[:_NAME])
        except Exception as error:  # a driver's own words may hold values and the connection string
            self.database.connection.rollback()
            raise Unreadable(_fault(error)) from None
        self.sha256, self.size = found.hexdigest(), size


def _fault(error: Exception) -> Fault:
    words = "check its name and schema, and that this user may read it"
    return Fault("file-not-read", f"This table of the database cannot be read ({type(error).__name__}): {words}.")


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if value is None or isinstance(value, (bool, int, float, str, date, datetime)):
        return cell_text(value)
    return str(value).strip()
