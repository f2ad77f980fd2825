"""What is wrong with a cell or a row of a return, with the case it belongs to."""

from __future__ import annotations

from pbcheck.source.document import Fault, Mark, Path

NOT_READ = ("cld-amount-not-read", "cld-date-not-read", "cld-person-not-named")
"""Defects for which a row or a sum is left out, so that the audit is not complete."""


def cell_fault(check: str, message: str, mark: Mark, path: Path = (), record: str = "", *, incomplete: bool = False) -> Fault:
    """Return a fault of the return that names the case it is about, where there is one; `incomplete` where something could not be read."""
    return Fault(check, message, mark, path, record=record, incomplete=incomplete)
