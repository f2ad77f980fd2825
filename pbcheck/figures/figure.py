"""What a derived figure is: how it is computed, of what type it is to rules, where it comes from, and what it reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

Data = Mapping[str, Any]
EMPTY: Data = {}


class Unknown(KeyError):
    """A figure cannot be computed; the argument is the full dotted path of the input that is missing."""


class TotalsInPart(Mapping[str, int]):
    """Totals that lack a case: whatever is asked of them, the answer is Unknown, since nobody can tell what the case would add."""

    def __getitem__(self, key: str) -> int:
        raise Unknown("portfolio.cases")

    def __iter__(self) -> Iterator[str]:
        raise Unknown("portfolio.cases")

    def __len__(self) -> int:
        raise Unknown("portfolio.cases")

    def __contains__(self, key: object) -> bool:
        raise Unknown("portfolio.cases")

    def get(self, key: str, default: Any = None) -> Any:
        """Raise Unknown, whatever the default."""
        raise Unknown("portfolio.cases")


@dataclass(slots=True)
class Facts:
    """What figures are computed from, not to be changed: the document that is judged, and what it is judged against.

    `record` is the document of the rule's subject, `policy` the policy in force (empty where there is none), `contracts`
    the contracts of the export by id, `as_of` the date to judge by (None where none is known), `totals` the tallies over
    the cases of the export (for portfolio figures). `memo` keeps what several figures of one record share.
    """

    record: Data
    policy: Data = field(default_factory=dict)
    contracts: Mapping[str, Data] = field(default_factory=dict)
    as_of: str | None = None
    totals: Mapping[str, int] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


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


Addition = defaultdict[str, int]
"""What one case adds to the totals of its export, by name; what is not named adds 0."""

Tally = Callable[[Addition, Facts], None]


Together = Callable[[Facts], Mapping[str, Any]]
"""Gives those figures of a family that are plain to see, by name, in one go; the others are computed one by one."""


class Figures(dict[str, Any]):
    """The figures of one record by name, computed when a rule asks and kept for the next; Unknown where an input is missing.

    `families` maps the name of a figure to what computes it together with others like it, where that is cheaper.
    """

    __slots__ = ("facts", "families", "table", "unknown")

    def __init__(self, table: Mapping[str, Callable[[Facts], Any]], facts: Facts, families: Mapping[str, Together]) -> None:
        self.table = table
        self.facts = facts
        self.families = families
        self.unknown: dict[str, str] = {}

    def __missing__(self, name: str) -> Any:
        if name in self.unknown:
            raise Unknown(self.unknown[name])
        if name in self.families and self._together(name):
            return self[name]
        try:
            value = self.table[name](self.facts)
        except Unknown as lack:
            self.unknown[name] = lack.args[0]
            raise
        self[name] = value
        return value

    def _together(self, name: str) -> bool:
        """Compute the family of a figure where that was not done yet; return whether the figure is there now."""
        family = self.families[name]
        if family in self.facts.memo:
            return False
        self.facts.memo[family] = True
        self.update(family(self.facts))
        return name in self.keys()  # not `in self`, which would ask for it again

    def __contains__(self, name: object) -> bool:
        if name in self.unknown:
            return False
        try:
            self[str(name)]
        except Unknown:
            return False
        return True


def some(answers: Iterable[bool | None], lacking: str) -> bool:
    """Return whether one of the answers is true; raises Unknown with the path `lacking` where none is and one is None."""
    unknown = False
    for one in answers:
        if one:
            return True
        unknown = unknown or one is None
    if unknown:
        raise Unknown(lacking)
    return False


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
