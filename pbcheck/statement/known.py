"""The figures of a case as a statement asks for them: what is not known is kept, in plain words, and never counted as nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pbcheck.expressions.reads import touches
from pbcheck.figures.budget.base import AtLeast, Not
from pbcheck.figures.budget.sheet import CASE, Sheet
from pbcheck.figures.figure import Data, Unknown
from pbcheck.source.document import Path
from pbcheck.statement.words import title_of


@dataclass
class Known:
    """A case with its policy, contracts and sheet of figures; `gaps` collects what could not be shown and why, in order.

    `blocked` are the paths of the case that its schema refused, `policy_blocked` those of the policy; nothing is said from them.
    """

    case: Data
    policy: Data
    contracts: Mapping[str, Data]
    sheet: Sheet
    as_of: str | None
    names: bool = False
    blocked: tuple[Path, ...] = ()
    policy_blocked: tuple[Path, ...] = ()
    gaps: dict[str, str] = field(default_factory=dict)

    def figure(self, name: str, what: str = "") -> Any:
        """Return a figure, or None where it is not known or does not apply; `what` names it among the gaps where it is not known."""
        found = self.attempt(what, lambda sheet: sheet.value(name), CASE[name].reads)
        return None if isinstance(found, Not) else found

    def why_not(self, name: str) -> str:
        """Return why a figure does not apply."""
        found = self.sheet.value(name)
        return found.reason if isinstance(found, Not) else "the record does not show it"

    def attempt(self, what: str, compute: Callable[[Sheet], Any], reads: tuple[str, ...] = ()) -> Any:
        """Return what a function of the sheet gives, or None where it raises Unknown, or where a path that it reads was refused."""
        try:
            refused = self.refused(reads)
            if refused:
                raise Unknown(refused)
            return compute(self.sheet)
        except Unknown as missing:
            if what:
                self.lack(what, str(missing.args[0]))
            return None

    def refused(self, reads: tuple[str, ...]) -> str:
        """Return the first of some dotted paths that goes through, or into, what a schema refused; empty where none does."""
        if not (self.blocked or self.policy_blocked):
            return ""
        for one in reads:
            steps = tuple(one.split("."))
            if any(touches(steps, "case", path) for path in self.blocked) or any(
                touches(steps, "policy", path) for path in self.policy_blocked
            ):
                return one
        return ""

    def lack(self, what: str, path: str) -> None:
        """Take down that something cannot be shown since the input at a dotted path is not stated."""
        self.gaps.setdefault(what, self._because(path))

    def _because(self, path: str) -> str:
        if path.startswith("case ("):
            return path[len("case (") :].removesuffix(")")
        if path == "as_of":
            return "the date of the record is not known"
        title = f"“{title_of(path)}”"
        if self.refused((path,)):
            return f"{title} could not be read"
        if path.startswith("policy.") and not self.policy:
            return "your council’s policy was not at hand"
        where = (
            "in your council’s policy" if path.startswith("policy.") else "in the contract" if path.startswith("contract") else "on record"
        )
        return f"{title} is not {where}"

    def silent(self, *settings: str) -> str:
        """Return how to begin a sentence that says that the policy has no word on some settings, or could not be looked into."""
        if not self.policy or self.refused(tuple(f"policy.{one}" for one in settings)):
            return "We could not look up"
        return "Your council’s policy does not say"

    @property
    def parts(self) -> list[Data]:
        """The arrangements that run on the date of the record; none where none is recorded."""
        try:
            return list(self.sheet.running())
        except Unknown:
            return []

    @property
    def forms(self) -> set[str | None]:
        """The derived forms of the arrangements that run; None for one that is not known."""
        return {one.get("derived", {}).get("form") for one in self.parts}


def whole(found: Any) -> Any:
    """Return the number in a sum that may lack some of its addends."""
    return found.number if isinstance(found, AtLeast) else found
