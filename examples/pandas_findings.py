"""Findings with pandas: which teams have which breaches, what cannot be told, and which cases to look at first.

    pip install "pbcheck[parquet]" pandas
    python examples/pandas_findings.py [EXPORT]

EXPORT holds its cases in cases.jsonl; without one, the export that sample_export.py makes is asked.
"""

# %% An audit, and its tables
# ruff: noqa: T201 an example prints what it found
from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pandas as pd
import sample_export

import pbcheck
from pbcheck.tables import to_arrow

EXPORT = Path(sys.argv[1]) if len(sys.argv) > 1 else sample_export.write(Path(tempfile.mkdtemp()))
tables = to_arrow(pbcheck.audit(EXPORT))
findings = tables.findings.to_pandas()
rules = tables.rules.to_pandas().set_index("rule")
cases = pd.read_json(EXPORT / "cases.jsonl", lines=True, dtype=False)[["id", "team"]]

# %% Which teams have which breaches, in 100 of their cases?
# A finding that a decision sets aside does not count, and a case with two findings of one rule is one case.
breaches = findings[findings["counts"] & (findings["subject"] == "case")].drop_duplicates(["rule", "record"])
held = cases.groupby("team")["id"].nunique()
by_team = breaches.merge(cases, left_on="record", right_on="id", suffixes=("_stated", ""))
in_100 = 100 * by_team.groupby(["rule", "team"])["record"].nunique().div(held, level="team")
in_100 = in_100.unstack("team", fill_value=0.0).reindex(columns=held.index, fill_value=0.0).round(1)
print("Breaches in 100 cases, by team:", in_100.to_string(), "", sep="\n")

# %% Which rules cannot tell, for want of which field?
reasons = tables.reasons.to_pandas()
missing = reasons[reasons["outcome"] == "cannot tell"]
wanted = missing.groupby("reason").agg(rules=("rule", "nunique"), answers=("records", "sum"))
wanted = wanted.sort_values(["answers", "rules"], ascending=False, kind="stable")
print("Fields whose absence leaves most questions open:", wanted.head(5).to_string(), "", sep="\n")

# %% Which cases first?
grave = breaches["rule"].map(rules["force"]).isin(["statute", "guidance-must"])
first = breaches.assign(grave=grave).groupby("record").agg(grave=("grave", "sum"), all=("rule", "size"))
first = first.sort_values(["grave", "all"], ascending=False, kind="stable")
print("Cases with most breaches, those of statute and of the musts of guidance first:", first.head(5).to_string(), "", sep="\n")

# %% What to do about the commonest breach?
commonest = breaches["rule"].mode()
if len(commonest):
    print(rules.loc[commonest[0], "title"], rules.loc[commonest[0], "remedy"])
