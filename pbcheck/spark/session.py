"""A Spark session to audit with, what it raises in our words, and a result put where the cluster keeps its files."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pbcheck.errors import Exit, PbcheckError, UsageError
from pbcheck.model import Report
from pbcheck.render import write_all
from pbcheck.spark.reading import plain
from pbcheck.tables import write_tables

RESULT = "result.json"
_INSTALL = 'Spark needs the package pyspark: install it with pip install "pbcheck[spark]".'
_JAVA = "Spark did not start: it needs Java 17 or newer (on Debian: apt-get install default-jre-headless), and JAVA_HOME where that is set."


class SparkFailed(PbcheckError):
    """Spark could not finish its part of the audit."""

    exit_code = Exit.INCOMPLETE


@contextmanager
def session(master: str | None = None) -> Iterator[Any]:
    """Give the Spark session that is there, or a new one, which is stopped again.

    `master` is the address of a cluster, such as `local[2]`; without one Spark's own configuration counts. Raises UsageError where pyspark
    or Java is missing.
    """
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        raise UsageError(_INSTALL) from None
    there = SparkSession.getActiveSession()
    builder = SparkSession.builder.appName("pbcheck")
    try:
        found = there or (builder.master(master) if master else builder).getOrCreate()
    except (PySparkRuntimeError, FileNotFoundError):
        raise UsageError(_JAVA) from None
    try:
        yield found
    finally:
        if there is None:
            found.stop()


def use_this_python(spark: Any) -> None:
    """Have Spark on this machine judge with the Python that runs pbcheck, unless `PYSPARK_PYTHON` names another.

    Spark would take the first `python3` of the search path, which knows nothing of a virtual environment that is not activated.
    """
    context = spark.sparkContext
    if "PYSPARK_PYTHON" not in os.environ and context.master.startswith("local"):
        context.pythonExec = sys.executable


@contextmanager
def errors_in_words() -> Iterator[None]:
    """Raise UsageError or SparkFailed for what Spark raises; of its own words only the first line, which names paths and no data."""
    try:
        yield
    except Exception as error:  # Spark's errors have no class in common: they are told by where they come from
        if type(error).__module__.partition(".")[0] not in ("pyspark", "py4j"):
            raise
        first = str(error).strip().split("\n", 1)[0].partition("Traceback")[0].strip()[:300]
        if type(error).__name__ == "AnalysisException":
            raise UsageError(f"Spark cannot read what was given: {first}") from None
        words = "Every machine needs this version of pbcheck and must be able to read the files of cases; the log of Spark says more."
        raise SparkFailed(f"Spark could not judge the cases ({type(error).__name__}: {first}). {words}") from None


def put(spark: Any, report: Report, place: str) -> None:
    """Write the tables of a report as Parquet, and the report as `result.json`, into a folder at any path that Spark writes to.

    Raises UsageError where that cannot be, SparkFailed for what Spark raises.
    """
    if "://" not in place or place.startswith("file:"):
        _write(report, Path(plain(place) if "://" in place else place))
        return
    with tempfile.TemporaryDirectory(prefix="pbcheck-") as folder, errors_in_words():
        hadoop = spark._jvm.org.apache.hadoop.fs
        target = hadoop.Path(place)
        system = target.getFileSystem(spark._jsc.hadoopConfiguration())
        system.mkdirs(target)
        for path in _write(report, Path(folder)):
            system.copyFromLocalFile(False, True, hadoop.Path(path.as_uri()), hadoop.Path(target, path.name))


def _write(report: Report, folder: Path) -> list[Path]:
    paths = write_tables(report, folder)
    failed = write_all(report, [("json", folder / RESULT)])
    if failed:
        raise UsageError(" ".join(failed))
    return [*paths, folder / RESULT]
