"""A council's own pack beside the shipped rules: it adds rules and may replace them, but never weaken one that is locked."""

from __future__ import annotations

from typing import Any

from pbcheck.errors import PackFault
from pbcheck.expressions.tree import Node
from pbcheck.model import SEVERITIES
from pbcheck.rulebook.compile import Compiled
from pbcheck.rulebook.files import RuleSource
from pbcheck.source.document import Path as DataPath

AND, OR = "_&&_", "_||_"


def weakened(source: RuleSource, old: Compiled, new: Compiled) -> list[PackFault]:
    """Return where a rule of a pack weakens the locked rule whose id it has; the words and the severity upwards are its own."""
    found = []
    before, after = old.rule, new.rule
    rests = "statute" if before.force == "statute" else "a must of the guidance"

    def refuse(key: str, words: str, *inside: int) -> None:
        path: DataPath = (key, *inside) if key in source.data else ("id",)
        found.append(source.fault(path, f"`{before.id}` is locked: {words} It rests on {rests}."))

    if SEVERITIES.index(after.severity) > SEVERITIES.index(before.severity):
        refuse("severity", f"its severity may not be less than {before.severity}.")
    if not after.locked or (before.force == "statute" and after.force != "statute"):
        refuse("force", f"its force stays {before.force}.")
    if set(before.obligations) - set(after.obligations):
        refuse("obligations", f"it serves {', '.join(before.obligations)}: add to them, take none away.")
    if (before.subject, before.for_each) != (after.subject, after.for_each):
        refuse("for_each" if before.subject == after.subject else "subject", "it is about the same records and elements as before.")
        return found
    if after.when and (old.when is None or (new.when is not None and not _holds(new.when, old.when, OR))):
        refuse("when", "`when` may be left out or widened, as (what it was) || (more).")
    if not _holds(new.expect, old.expect, AND):
        refuse("expect", "`expect` may be tightened, as (what it was) && (more).")
    for number, one in enumerate(after.unless):
        if one not in before.unless:
            refuse("unless", "no exception may be added or changed; leave some out to tighten it.", number)
    return found


def _holds(new: Node, old: Node, joined: str) -> bool:
    """Return whether a condition joins all parts of an older one, and perhaps more, by && or by ||."""
    return set(_parts(old, joined)) <= set(_parts(new, joined))


def _parts(node: Node, joined: str) -> list[Any]:
    if node.op == "call" and node.value == joined:
        return [part for one in node.args for part in _parts(one, joined)]
    return [_shape(node)]


def _shape(node: Node) -> tuple[Any, ...]:
    """Return what a condition says, wherever it stands in its text."""
    return (node.op, type(node.value).__name__, node.value, *(_shape(one) for one in node.args))
