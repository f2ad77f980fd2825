"""What a derived figure is: how it is computed, of what type it is to rules, where it comes from, and what it reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

Data = Mapping[str, Any]
EMPTY: Data = {}


class Unknown(KeyError):
    """A figure cannot be computed; the argument is the full dotted path of the input that is missing."""


@dataclass(frozen=True)
class Facts:
    """What figures are computed from: the document that is judged, and what it is judged against.

    `record` is the document of the rule's subject, `policy` the policy in force (empty where there is none), `contracts`
    the contracts of the export by id, `as_of` the date to judge by (None where none is known), `totals` the tallies over
    the cases of the export (for portfolio figures).
    """

    record: Data
    policy: Data = field(default_factory=dict)
    contracts: Mapping[str, Data] = field(default_factory=dict)
    as_of: str | None = None
    totals: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """A derived figure, available to rules as `figure.<name>`.

    `type` is one of integer, money (pence), decimal (thousandths), bool, date, enum, text. `compute` raises Unknown where
    an input is not stated. `reads` names the inputs (dotted paths, `*` for any element), `source` the id in the register
    of figures or the decision table, `meaning` says in words what it is.
    """

    type: str
    compute: Callable[[Facts], Any]
    source: str
    meaning: str
    reads: tuple[str, ...]
    values: tuple[str, ...] = ()


Tally = Callable[[Counter[str], Facts], None]


class Figures(dict[str, Any]):
    """The figures of one record by name, computed when a rule asks and kept for the next; Unknown where an input is missing."""

    def __init__(self, table: Mapping[str, Figure], facts: Facts) -> None:
        super().__init__()
        self.table = table
        self.facts = facts

    def __missing__(self, name: str) -> Any:
        value = self[name] = self.table[name].compute(self.facts)
        return value

    def __contains__(self, name: object) -> bool:
        try:
            self[str(name)]
        except Unknown:
            return False
        return True


def stated(data: Data, path: str) -> Any:
    """Return the value at a dotted path such as `case.final.gross`; raises Unknown where it is not stated."""
    here: Any = data
    try:
        for step in _steps(path):
            here = here[step]
    except (KeyError, TypeError):
        raise Unknown(path) from None
    return here


@cache
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")[1:])
