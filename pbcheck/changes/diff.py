"""Two versions held against each other: their findings, their settings, and what the change does to the cases of an export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from pbcheck.changes.compare import Comparison, compare
from pbcheck.changes.effect import Effect, add_case, rules_moved
from pbcheck.changes.settings import IDENTITY, Setting, changed_settings
from pbcheck.changes.sources import Side
from pbcheck.errors import UsageError
from pbcheck.gate.settings import Settings
from pbcheck.gather import Policies
from pbcheck.model import Finding, Report, Rule
from pbcheck.opened import Opened, open_export
from pbcheck.pipeline import Context, audit, audit_chunk
from pbcheck.rulebook.book import Rulebook, load_rulebook
from pbcheck.source.document import Document

NOTHING_THERE = "nothing-checked"
OF_TODAY = ("waiver-", "baseline-")
"""How the findings about the register and the baseline begin, which are those of today in both versions."""


@dataclass(frozen=True)
class Version:
    """One of the two versions: how it is called, its findings with paths as its owner knows them, its policy, and whether all was read.

    Where it holds several `policies`, none of them is the `policy`; `empty` says that it holds no document at all.
    """

    name: str
    findings: tuple[Finding, ...]
    policy: Mapping[str, Any]
    complete: bool
    rules: Mapping[str, Rule]
    policies: int = 1
    empty: bool = False


@dataclass(frozen=True)
class Change:
    """What a change means; `effect` is there where an export was given, and `lack` says how many of its documents could not be used."""

    old: Version
    new: Version
    findings: Comparison
    settings: tuple[Setting, ...]
    effect: Effect | None = None
    lack: int = 0

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The rules by id."""
        return self.new.rules


def version(side: Side, settings: Settings, without: Sequence[str] = ()) -> Version:
    """Read and judge one version, `without` some kinds of exceptions; one with no document at all is empty, and not at fault for it."""
    path = side.path
    held = replace(settings, unpacked=(path, Path.cwd())) if side.unpacked else settings
    values = settings.values
    asked = {"profile": values["profile"], "as_of": settings.forced_date, "rules": values["extends"], "portfolio": False}
    report: Report = audit(path, **asked, settings=held, without=without)
    root = f"{path.as_posix()}/" if path.is_dir() else f"{path.parent.as_posix()}/"
    found = tuple(_named(one, root) for one in report.findings if one.rule != NOTHING_THERE and not one.rule.startswith(OF_TODAY))
    empty = any(one.rule == NOTHING_THERE for one in report.findings)
    whole = () if empty else open_export([path], report.rules, settings.forced_date).policies.whole
    policy = whole[0].data if len(whole) == 1 else {}
    return Version(side.name, found, policy, empty or report.complete, report.rules, len(whole), empty)


def _named(one: Finding, root: str) -> Finding:
    """Return a finding whose path begins where the version begins, so that two versions name a file alike."""
    return replace(one, location=replace(one.location, file=one.location.file.removeprefix(root)))


def difference(old: Version, new: Version) -> Change:
    """Return what two versions differ in; settings only where both could be read, since what was not read is not gone."""
    readable = old.complete and new.complete and max(old.policies, new.policies) <= 1
    settings = tuple(changed_settings(old.policy, new.policy)) if readable else ()
    return Change(old, new, compare(old.findings, new.findings), settings)


def with_effect(change: Change, export: Path, settings: Settings) -> Change:
    """Return the same with what the change does to the cases of an export.

    The sections that either version states are taken out of the export's own policy; each version then lays its own over the rest.
    """
    profile, as_of = settings.values["profile"], settings.forced_date
    if max(change.old.policies, change.new.policies) > 1:
        raise UsageError("A version holds several policies: give the files of one of them, so that its effect can be worked out.")
    sections = (set(change.old.policy) | set(change.new.policy)) - set(IDENTITY) - {"effective_from", "effective_to"}
    under = [partial(_under, export, side.policy, sections, change.rules, as_of) for side in (change.old, change.new)]
    rulebook = load_rulebook(profile=profile, own=settings.values["extends"], choice=settings.choice)
    before, after = (_of_cases(one(), rulebook) for one in under)
    effect = Effect(rules=rules_moved(before, after))
    old, new = (one() for one in under)
    for case in old.cases():
        add_case(effect, case, old.sheet(case), new.sheet(case))
    return replace(change, effect=effect, lack=old.unsure)


def _of_cases(opened: Opened, rulebook: Rulebook) -> list[Finding]:
    """Return the findings about the cases of an export."""
    context = Context(rulebook, opened.policies, opened.contracts, opened.as_of, totals=False)
    return [one for batch in opened.batches() for one in audit_chunk(batch, context).findings]


def _under(export: Path, policy: Mapping[str, Any], sections: set[str], rules: Mapping[str, Rule], as_of: str | None) -> Opened:
    opened = open_export([export], rules, as_of)
    lay_over(opened.policies, policy, sections)
    return opened


def lay_over(policies: Policies, policy: Mapping[str, Any], sections: set[str]) -> None:
    """Put the sections of another policy in the place of those that are named; where there is no policy, it is the only one."""
    stated = {name: value for name, value in policy.items() if name in sections}
    if not policies.whole:
        policies.whole.append(Document("policy", {"kind": "policy", **stated}))
        return
    for one in policies.whole:
        kept = {name: value for name, value in one.data.items() if name not in sections}
        one.data.clear()
        one.data.update(kept | stated)
        one.blocked = tuple(path for path in one.blocked if not path or path[0] not in sections)
