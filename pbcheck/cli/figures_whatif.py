"""`figures --policy`: what another policy would change, case by case or in all."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pbcheck.cli.figures import chosen, head, sink
from pbcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pbcheck.opened import Opened
    from pbcheck.whatif import Difference, Total

HIDDEN = "hidden"
WORDS = {"a_year": "a year", "a_week": "a week", "at_once": "at once"}
SUMS = ("a_year", "a_week", "at_once")
OF_CASES = ("record", "figure", "title", "part", "unit", "before", "after", "a_year", "a_week", "at_once")
IN_ALL = ("figure", "title", "part", "cases", "of", "more", "less", "a_year", "a_week", "at_once")


def show_whatif(opened: Opened, *, other: Path, per_case: bool, cases: tuple[str, ...], **options: Any) -> None:
    """Print what differs in each case, or the totals over all; raises UsageError for a file without a policy that can be read."""
    from pbcheck.opened import open_export

    theirs = open_export([other], opened.rules)
    if theirs.unsure or not theirs.policies.whole or theirs.policies.unread:
        said = "; ".join(one.message for one in theirs.findings[:3])
        raise UsageError(f"{other} holds no policy that can be used whole. {said}".strip())
    from pbcheck.whatif import case_differences, totals

    wanted = list(chosen(opened, cases)) if cases else None
    found = case_differences(opened, theirs.policies, options["method"], wanted)
    if per_case:
        _write(OF_CASES, (_case_row(one) for _, changed in found for one in changed), opened, **options)
        return
    number, made = totals(found)
    _write(IN_ALL, iter([_total_row(key, one, number, options["fewest"]) for key, one in sorted(made.items())]), opened, **options)


def _case_row(one: Difference) -> dict[str, str]:
    return asdict(one) | {name: _pounds(getattr(one, name)) for name in SUMS}


def _pounds(exact: Fraction | None) -> str:
    from pbcheck.figures.budget.shown import half_up

    return "" if exact is None else half_up(exact, 2)


def _total_row(key: tuple[str, str], one: Total, cases: int, fewest: int) -> dict[str, str]:
    """Return one total; where few people are behind it, or behind what is left of it, its numbers are hidden."""
    groups = (one.cases, one.more, one.less, cases - one.cases)
    numbers = {"cases": str(one.cases), "more": str(one.more), "less": str(one.less)} | {name: _pounds(getattr(one, name)) for name in SUMS}
    if any(0 < number < fewest for number in groups):
        numbers = dict.fromkeys(numbers, HIDDEN)
    return {"figure": key[0], "title": one.title, "part": key[1], "of": str(cases), **numbers}


def _write(columns: tuple[str, ...], rows: Iterator[dict[str, str]], opened: Opened, *, style: str, output: Path | None, **_: Any) -> None:
    from pbcheck.render.rows_files import csv_text, first_of, json_text, write_parquet

    first, rows = first_of(rows)
    if style == "parquet":
        assert output is not None
        write_parquet(output, columns, rows)
        return
    with sink(output) as write:
        if style == "json":
            for piece in json_text(head(opened), {"differences": rows}):
                write(piece)
        elif style == "csv":
            for line in csv_text(columns, rows):
                write(line)
        elif first is None:
            write("The other policy changes no figure.\n")
        else:
            _table(rows, write)


def _table(rows: Iterator[dict[str, str]], write: Any) -> None:
    """Write the differences in words; those in all, or those of each case under its name."""
    from pbcheck.render.words import inert

    record = None
    for row in rows:
        name = f"{row['title']}{': ' + inert(row['part']) if row['part'] else ''}"
        if "record" not in row:
            write(f"{name}\n    {_how_many(row)}\n")
        else:
            if row["record"] != record:
                record = row["record"]
                write(f"{inert(record)}\n")
            write(f"  {name}: {inert(row['before'])}, with the other policy {inert(row['after'])}\n")
        said = [f"{_money(row[key])} {words}" for key, words in WORDS.items() if row.get(key) not in (None, "", "0.00", HIDDEN)]
        if said:
            write(f"    difference: {', '.join(said)}\n")


def _how_many(row: dict[str, str]) -> str:
    if row["cases"] == HIDDEN:
        return f"changes in some of {row['of']} cases; how many is hidden, so that nobody can be made out (--fewest)"
    way = f": {row['more']} more, {row['less']} less" if row["more"] != "0" or row["less"] != "0" else ""
    return f"changes in {row['cases']} of {row['of']} cases{way}"


def _money(text: str) -> str:
    from pbcheck.figures.budget.figure import POUNDS
    from pbcheck.figures.budget.shown import for_reader

    return for_reader(text, POUNDS)
