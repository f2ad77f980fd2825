"""An audit on Spark, and its findings asked where they lie.

    pip install "pbcheck[spark]"        (and Java 17 or newer)
    python examples/spark_audit.py [EXPORT]

Without an export, the one that sample_export.py makes is audited, on two cores of this machine.
"""

# %% A session: here on this machine; on a cluster, the one that is there
# ruff: noqa: T201 an example prints what it found
from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import sample_export
from pyspark.sql import SparkSession
from pyspark.sql import functions as f

from pbcheck.spark import audit_on_spark
from pbcheck.spark.session import put

EXPORT = Path(sys.argv[1]) if len(sys.argv) > 1 else sample_export.write(Path(tempfile.mkdtemp()))
OUT = Path(tempfile.mkdtemp()).as_uri()
spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()

# %% The audit; `audit_on_spark(spark, EXPORT, ["s3a://bucket/cases/*.jsonl"])` takes the cases from elsewhere
report = audit_on_spark(spark, EXPORT, figures=True)
put(spark, report, OUT)
print(f"{sum(report.records.values())} records, {len(report.findings)} findings, complete: {report.complete}")

# %% Which teams have which breaches?
findings = spark.read.parquet(f"{OUT}/findings.parquet")
rules = spark.read.parquet(f"{OUT}/rules.parquet").select("rule", "title")
breaches = findings.filter("counts AND subject = 'case'").join(rules, "rule")
by_team = breaches.groupBy("rule", "title", "team").agg(f.countDistinct("record").alias("cases")).orderBy("rule", "team")
by_team.show(truncate=60)

# %% Which figures are not known, for want of what?
figures = spark.read.parquet(f"{OUT}/case_figures.parquet")
unknown = figures.filter("status = 'unknown'").select("figure", f.explode("lacking").alias("field"))
lacking = unknown.groupBy("field").agg(f.count("*").alias("figures")).orderBy(f.desc("figures"), "field")
lacking.show(5, truncate=60)

# %%
spark.stop()
