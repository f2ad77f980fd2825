"""`figures` without a case: the figures of the whole export, and of its groups."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pbcheck.cli.figures import head, sink
from pbcheck.errors import UsageError

if TYPE_CHECKING:
    from pbcheck.opened import Opened

COLUMNS = (
    *("dimension", "group", "figure", "name", "title", "part", "value", "exact", "unit", "numerator", "denominator"),
    *("left_out", "citation", "suppressed", "as_of", "note"),
)


def show_portfolio(
    opened: Opened, *, dimensions: tuple[str, ...], fewest: int, method: str, style: str, output: Path | None, **_: Any
) -> None:
    """Print the figures of an export, or write them to a file."""
    from pbcheck.portfolio.plain import plain
    from pbcheck.portfolio.rows import portfolio_rows
    from pbcheck.render.portfolio_text import lines
    from pbcheck.render.rows_files import csv_text, json_text, write_parquet

    rows = portfolio_rows(counted(opened, method), _declared(opened), limit=fewest, dimensions=dimensions)
    flat = [plain(one) for one in rows]
    if style == "parquet":
        assert output is not None
        write_parquet(output, COLUMNS, flat)
        return
    with sink(output) as write:
        if style == "table":
            for line in lines(rows):
                write(line + "\n")
        elif style == "csv":
            for text in csv_text(COLUMNS, flat):
                write(text)
        else:
            for piece in json_text(head(opened) | {"fewest": fewest}, {"figures": flat}):
                write(piece)


def counted(opened: Opened, method: str) -> Any:
    """Return the tallies over all cases of an export; raises UsageError where there is none."""
    from pbcheck.figures.budget.sheet import Sheet
    from pbcheck.portfolio.added import Portfolio
    from pbcheck.portfolio.groups import memberships
    from pbcheck.portfolio.tallies import tally_case

    found = Portfolio()
    for case in opened.cases():
        policy = opened.policy_for(case)
        sheet = Sheet(case.data, policy.data if policy else {}, opened.contracts.known, opened.clock(case), method=method)
        delta = tally_case(sheet)
        found.add(delta, memberships(delta, sheet))
    if not found.whole:
        raise UsageError("There is no case in what was given, so there are no figures.")
    return found


def _declared(opened: Opened) -> Any:
    declared = opened.portfolio()
    return declared.data if declared else None
