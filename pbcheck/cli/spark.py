"""`spark`: an audit whose cases are read and judged by a Spark cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pbcheck.cli.checking import printing, say, written
from pbcheck.cli.configured import FILE, choosing, excepting, exit_code, settings_of, without
from pbcheck.errors import UsageError


@click.command("spark")
@click.argument("export", type=click.Path(path_type=Path))
@click.option("--cases", multiple=True, metavar="PLACE", help="More cases, JSONL at any path that Spark reads; may be given several times.")
@click.option("--column", default="", metavar="NAME", help="The places of --cases are Parquet, and this column holds the JSON of a case.")
@click.option(
    "--out", metavar="PLACE", help="Write the tables as Parquet, and result.json, into this folder: any path that Spark writes to."
)
@click.option("--master", metavar="URL", help="The cluster, such as local[4]; else as Spark is configured.")
@click.option("--figures", is_flag=True, help="Work out the budget figures of each case, too.")
@click.option("--pseudonymise", "key_file", type=FILE, metavar="KEYFILE", help="Name cases by keyed hashes instead of their ids.")
@choosing
@excepting
@printing
def spark_command(export: Path, cases: tuple[str, ...], column: str, **options: Any) -> int:
    """Audit an export with Spark; the result is that of `pbcheck audit`.

    Policies, contracts and manifest are read here, from EXPORT; its plain JSONL files of cases, and what --cases names, by the cluster.
    """
    if column and not cases:
        raise UsageError("--column says what the files of --cases hold: name them.")
    settings = settings_of(options, format=options["style"])
    from pbcheck.pseudonyms import read_key
    from pbcheck.spark import audit_on_spark
    from pbcheck.spark.session import put, session

    asked: dict[str, Any] = {"rules": settings.values["extends"], "profile": settings.values["profile"], "as_of": settings.forced_date}
    asked |= {"figures": options["figures"], "settings": settings, "without": without(options)}
    key = read_key(options["key_file"]) if options["key_file"] else b""
    with session(options["master"]) as spark:
        report = audit_on_spark(spark, export, cases, column=column, key=key, **asked)
        if options["out"]:
            put(spark, report, options["out"])
    failed = written(report, options["outputs"], options["folder"])
    say(report, settings.values["format"], options["colour"])
    if failed:
        raise UsageError(" ".join(failed))
    return exit_code(report, settings)
