"""All figures of one case, or of one contract: each worked out once, when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pbcheck.figures.budget import account, contracts, drawn, hours, parts, plan, process, sums
from pbcheck.figures.budget.base import COST_METHODS, NATIONAL, NOTES, AtLeast, Base, Lacking, Not, Ratio, not_known
from pbcheck.figures.budget.figure import BudgetFigure
from pbcheck.figures.figure import Data, Facts, Unknown

__all__ = ["CASE", "CONTRACT", "COST_METHODS", "NATIONAL", "NOTES", "AtLeast", "ContractSheet", "Lacking", "Not", "Ratio", "Sheet"]

CASE: dict[str, BudgetFigure] = {one.name: one for module in (sums, parts, plan, hours, drawn, account, process) for one in module.FIGURES}
CONTRACT: dict[str, BudgetFigure] = {one.name: one for one in contracts.FIGURES}


_NOT_ASKED = object()


class Sheet(Base):
    """The figures of one case by name.

    Money is in parts, 2,800 to the penny; hours are thousandths. A figure of several values is a dict; a share is a Ratio.
    """

    __slots__ = ("done",)
    table: Mapping[str, BudgetFigure] = CASE
    computes = tuple((name, one.compute) for name, one in CASE.items())

    def __init__(
        self,
        case: Data,
        policy: Data | None = None,
        contracts: Mapping[str, Data] | None = None,
        as_of: str | None = None,
        *,
        method: str = NOTES,
        weeks: str | None = None,
    ) -> None:
        super().__init__(Facts(case, policy or {}, contracts or {}, as_of), method, weeks)
        self.done: dict[str, Any] = {}

    @classmethod
    def of(cls, facts: Facts) -> Sheet:
        """Return the sheet of facts at hand, made once for them."""
        found: Sheet | None = facts.memo.get(cls)
        if found is None:
            found = facts.memo[cls] = cls.__new__(cls)
            Base.__init__(found, facts)
            found.done = {}
        return found

    def found(self, name: str) -> Any:
        """Return a figure, or a Lacking with the path that is missing."""
        found = self.done.get(name, _NOT_ASKED)
        if found is _NOT_ASKED:
            try:
                found = self.table[name].compute(self)
            except Unknown as lack:
                found = not_known(lack.args[0])
            self.done[name] = found
        return found

    def all(self) -> dict[str, Any]:
        """Return every figure by name, in no certain order; a Lacking stands for one that is not known."""
        self.work_out([self])
        return self.done

    @classmethod
    def work_out(cls, sheets: Sequence[Sheet]) -> None:
        """Work out every figure of some sheets of this kind, one figure of all of them before the next, since that is quicker."""
        found = [(one, one.done) for one in sheets]
        for name, compute in cls.computes:
            for one, done in found:
                if name not in done:
                    try:
                        done[name] = compute(one)
                    except Unknown as lack:
                        done[name] = not_known(lack.args[0])


class ContractSheet(Sheet):
    """The figures of one contract by name."""

    __slots__ = ()
    table: Mapping[str, BudgetFigure] = CONTRACT
    computes = tuple((name, one.compute) for name, one in CONTRACT.items())
