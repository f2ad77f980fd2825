"""The tables of a report asked in SQL, from the Parquet files, with DuckDB: money by team, shares that fail, fields that are missing.

    pip install "pbcheck[parquet]" duckdb
    pbcheck audit EXPORT --figures --tables tables/
    python examples/duckdb_findings.py [EXPORT TABLES]

EXPORT holds its cases in cases.jsonl; without arguments, the export that sample_export.py makes is audited first.
"""

# %% The tables
# ruff: noqa: T201 an example prints what it found
from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb
import sample_export

import pbcheck
from pbcheck.tables import write_tables

if len(sys.argv) > 2:
    export, tables = Path(sys.argv[1]), Path(sys.argv[2])
else:
    export, tables = sample_export.write(Path(tempfile.mkdtemp())), Path(tempfile.mkdtemp())
    write_tables(pbcheck.audit(export, figures=True), tables)
db = duckdb.connect()
for path in sorted(tables.glob("*.parquet")):
    db.read_parquet(str(path)).create_view(path.stem)
db.read_json(str(export / "cases.jsonl"), columns={"id": "VARCHAR", "team": "VARCHAR"}, format="newline_delimited").create_view("cases")

# %% How much unspent money was taken back, by team? Whole pence are added up, so the sum is exact.
held_back = db.sql("""
    SELECT team, count(*) FILTER (pence > 0) AS cases, (sum(pence) / 100)::DECIMAL(18, 2) AS pounds
    FROM case_figures JOIN cases ON record = cases.id
    WHERE figure = 'clawback' AND part = 'taken back'
    GROUP BY team ORDER BY team
""")
print("Unspent money taken back:")
held_back.show()

# %% What do the plans cost? A cost that is not known is counted as such, and is no nought.
plans = db.sql("""
    SELECT team, (sum(pence) FILTER (status = 'known') / 100)::DECIMAL(18, 2) AS pounds_a_year,
           count(*) FILTER (status = 'known') AS known, count(*) FILTER (status IN ('unknown', 'at least')) AS not_known
    FROM case_figures JOIN cases ON record = cases.id
    WHERE figure = 'plan_cost'
    GROUP BY team ORDER BY team
""")
print("The cost of the plans:")
plans.show()

# %% What share of the records that a rule is about fails it?
failing = db.sql("""
    SELECT rule, theme, failed, failed + passed + excused AS told, round(100 * failed / told, 1) AS percent, cannot_tell
    FROM outcomes JOIN rules USING (rule)
    WHERE failed > 0 ORDER BY percent DESC, rule
""")
print("Rules that are broken:")
failing.show()

# %% Which field would answer most, were it recorded?
fields = db.sql("""
    SELECT reason AS field, count(DISTINCT rule) AS rules, sum(records)::BIGINT AS answers
    FROM reasons WHERE outcome = 'cannot tell'
    GROUP BY field ORDER BY answers DESC, field LIMIT 5
""")
print("Fields that are missing:")
fields.show()
