"""The joins, out of core: for every use of a table its rows in the order of the records, and the rows that belong to none.

A row of a use is (n, o, up, f, r, k, d, m, i, cells...): its number, the number of its record, the number of the row it belongs
to, file, row, name, whether its key is used twice with other words (1), how many rows it would belong to, and which of these this is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pbcheck.exports.mapping.loading import Loaded
from pbcheck.exports.mapping.spec import Use
from pbcheck.exports.mapping.store import Store

N, O, UP, F, R, K, D, M, I, CELLS = range(10)  # noqa: E741  # the columns of a row of a use, as the text above names them
NOT_SELECTED = "not selected by `only`"
BLANK_KEY = "blank key"
NO_PARENT = "no row that it belongs to"
SAME_AGAIN = "the same row again"
KEY_TWICE = "a key that another row has"
_FLAG = {1: "", 2: SAME_AGAIN, 3: KEY_TWICE}


def flag_keys(store: Store, table: Loaded) -> None:
    """Mark rows by the key of their table: 2 says the same again, 3 has the key of another row, 1 is that other row."""
    places = [table.places[one] for one in table.table.key]
    if not places or not table.columns:
        store.run(f"ALTER TABLE {table.name} ADD COLUMN d INTEGER DEFAULT 0")
        return
    key = ", ".join(f"c{at}" for at in places)
    whole = "[" + ", ".join(f"c{at}" for at in range(len(table.columns))) + "]"
    stated = " OR ".join(f"c{at} <> ''" for at in places)
    store.run(f"""
        CREATE TABLE {table.name}d AS SELECT * EXCLUDE (i, same, others),
            CASE WHEN NOT ({stated}) THEN 0 WHEN i > 1 AND same THEN 2 WHEN i > 1 THEN 3 WHEN others THEN 1 ELSE 0 END AS d
        FROM (SELECT *, bool_or(NOT same) OVER (PARTITION BY {key}) AS others
            FROM (SELECT *, row_number() OVER w AS i, first_value({whole}) OVER w = {whole} AS same
                FROM {table.name} WINDOW w AS (PARTITION BY {key} ORDER BY f, r)))
    """)  # noqa: S608  # generated names
    store.run(f"DROP TABLE {table.name}")
    store.run(f"ALTER TABLE {table.name}d RENAME TO {table.name}")


def join_use(store: Store, use: Use, tables: dict[str, Loaded]) -> None:
    """Make the table `u<number>` of the rows of a use, in the order of the records."""
    table = tables[use.table]
    cells = "".join(f", t.c{at}" for at in range(len(table.columns)))
    if use.parent is None:
        key = ", ".join(f"c{table.places[one]}" for one in use.key)
        store.run(f"""
            CREATE TABLE u{use.number} AS SELECT row_number() OVER (ORDER BY o, f, r) AS n, o, o AS up, f, r, k, d, 1 AS m, 1 AS i{cells}
            FROM (SELECT *, min(place) OVER (PARTITION BY {key}) AS o
                FROM (SELECT *, row_number() OVER (ORDER BY f, r) AS place FROM {table.name} WHERE {_usable(use, table)})) t
            ORDER BY n
        """)  # noqa: S608  # generated names
        return
    above = use.parent
    theirs = tables[above.table].places
    same = " AND ".join(f"t.c{table.places[own]} = p.c{theirs[other]}" for own, other in use.match)
    once = " QUALIFY row_number() OVER (PARTITION BY o ORDER BY n) = 1" if above.parent is None else ""
    first = f"SELECT * FROM u{above.number}{once}"  # noqa: S608  # generated names
    store.run(f"""
        CREATE TABLE u{use.number} AS SELECT row_number() OVER (ORDER BY p.o, p.n, t.f, t.r) AS n, p.o AS o, p.n AS up, t.f, t.r, t.k, t.d,
            count(*) OVER (PARTITION BY t.f, t.r) AS m, row_number() OVER (PARTITION BY t.f, t.r ORDER BY p.o, p.n) AS i{cells}
        FROM (SELECT * FROM {table.name} WHERE {_usable(use, table)}) t JOIN ({first}) p ON {same}
        ORDER BY n
    """)  # noqa: S608  # generated names


def joined_rows(store: Store, use: Use) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a use in the order of the records."""
    return store.in_order(f"u{use.number}")


def left_out(store: Store, use: Use, table: Loaded) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table that a use leaves out before any record is made: (reason, file, row, name, cells...), in order."""
    cells = "".join(f", t.c{at}" for at in range(len(table.columns)))
    blank = " OR ".join(f"c{table.places[one]} = ''" for one in _own(use))
    reason = f"""
        CASE WHEN d = 2 THEN '{SAME_AGAIN}' WHEN d = 3 THEN '{KEY_TWICE}'
            WHEN NOT ({_only(use, table)}) THEN '{NOT_SELECTED}' WHEN {blank} THEN '{BLANK_KEY}' ELSE '{NO_PARENT}' END
    """
    store.run(f"""
        CREATE TABLE x{use.number} AS SELECT row_number() OVER (ORDER BY t.f, t.r) AS n, {reason} AS reason, t.f, t.r, t.k{cells}
        FROM {table.name} t ANTI JOIN u{use.number} u ON t.f = u.f AND t.r = u.r ORDER BY n
    """)  # noqa: S608  # generated names
    for _, *row in store.in_order(f"x{use.number}"):
        yield tuple(row)
    store.run(f"DROP TABLE x{use.number}")


def same_texts(store: Store, table: Loaded, places: list[int]) -> Iterator[tuple[Any, ...]]:
    """Yield the different texts of some columns of a table in any order, each with how many rows have them."""
    cells = ", ".join(f"c{at}" for at in places)
    return store.rows(f"SELECT {cells}, count(*) FROM {table.name} GROUP BY ALL")  # noqa: S608  # generated names


def same_rows(store: Store, table: Loaded) -> int:
    """Return how many rows of a table without a key say the same as an earlier one in every column that is read."""
    cells = ", ".join(f"c{at}" for at in range(len(table.columns)))
    query = f"SELECT coalesce(sum(n - 1), 0)::BIGINT FROM (SELECT count(*) AS n FROM {table.name} GROUP BY {cells})"  # noqa: S608
    return int(next(store.rows(query))[0])


def taken_by_none(store: Store, uses: list[Use], table: Loaded) -> int:
    """Return how many rows of a table no use of it selects."""
    chosen = " OR ".join(f"({_only(use, table)})" for use in uses)
    query = f"SELECT count(*) FROM {table.name} WHERE NOT ({chosen})"  # noqa: S608  # generated names
    return int(next(store.rows(query))[0])


def _own(use: Use) -> list[str]:
    return list(use.key) if use.parent is None else [own for own, _ in use.match]


def _usable(use: Use, table: Loaded) -> str:
    stated = " AND ".join(f"c{table.places[one]} <> ''" for one in _own(use))
    return f"d < 2 AND {stated} AND {_only(use, table)}"


def _only(use: Use, table: Loaded) -> str:
    """Return the condition of `only`; in a text of SQL a quotation mark is written twice, and nothing else means anything."""
    parts = []
    for column, words in use.only:
        texts = ", ".join("lower('" + one.replace("'", "''") + "')" for one in sorted(words))
        parts.append(f"lower(trim(regexp_replace(c{table.places[column]}, '\\s+', ' ', 'g'))) IN ({texts})")
    return " AND ".join(parts) or "true"
