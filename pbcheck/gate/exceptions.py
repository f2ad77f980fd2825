"""All exceptions of a run put together: each finding is held against them once, and at the end each of them is answered for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pbcheck.gate.baseline import read_baseline
from pbcheck.gate.by_baseline import ByBaseline
from pbcheck.gate.by_comment import ByComment
from pbcheck.gate.by_file import ByFile, ignored_files
from pbcheck.gate.by_waiver import ByWaiver
from pbcheck.gate.looked_at import Kind, LookedAt
from pbcheck.gate.settings import Settings
from pbcheck.gate.waivers import read_register
from pbcheck.model import Decision, Finding, Input
from pbcheck.rulebook.book import Rulebook

LEFT_OUT = {
    "waivers": "Waivers were left out (--no-waivers).",
    "suppressions": "Comments that set findings aside were left out (--no-suppressions).",
    "baseline": "The baseline was left out (--no-baseline).",
}


class Exceptions:
    """The exceptions of a run; `without` names the kinds that an independent auditor leaves out.

    `rules` are those whose findings may be set aside by anything but a comment; a comment may name any rule, in YAML files only.
    """

    def __init__(self, settings: Settings, rulebook: Rulebook, without: Iterable[str] = ()) -> None:
        left = frozenset(without)
        self.remarks = [LEFT_OUT[one] for one in sorted(left)]
        self.seen = LookedAt(rulebook, settings.unpacked or ())
        waivers, baseline = settings.values["waivers"], settings.values["baseline"]
        register = read_register(Path(waivers)) if waivers and "waivers" not in left else None
        before = read_baseline(Path(baseline)) if baseline and "baseline" not in left else None
        self.kinds: list[Kind] = [] if "suppressions" in left else [ByComment(self.seen)]
        self.kinds += [ByWaiver(self.seen, register)] if register else []
        self.kinds += [ByFile(self.seen, ignored_files(settings, rulebook))]
        self.kinds += [ByBaseline(self.seen, before)] if before else []
        self.rules = frozenset[str]().union(*(one.rules for one in self.kinds))

    def begin(self, stated: str | None, own: str | None) -> None:
        """Take the date of an export: `stated` by the export or the user, else the later of the last commit and the documents' `own`."""
        self.seen.begin(stated, own)

    def decide(self, one: Finding) -> Finding:
        """Return a finding, marked as set aside where an exception in force is about it; nothing outranks a locked rule."""
        rule = self.seen.rulebook.rules[one.rule]
        self.seen.partial = self.seen.partial or one.incomplete
        if one.incomplete or rule.built_in or rule.locked:
            return one
        by = next((found for kind in self.kinds if (found := kind.about(one))), None)
        if by is None:
            return one
        self.seen.used[by.by, by.name] += 1
        self.seen.used[by.name, one.rule] += 1
        return replace(one, set_aside=by)

    def finish(self, inputs: Iterable[Input], *, whole: bool) -> tuple[list[Finding], tuple[Decision, ...]]:
        """Return the findings about the exceptions themselves, and all decisions with what they came to.

        `whole` says that an export was audited as a whole, so that an exception about a record without a finding is unused. Where
        something could not be read or judged, nothing is called unused or stale: what it is about may not have been looked at.
        """
        self.seen.end([one.path for one in inputs], whole=whole)
        said = [one for kind in self.kinds for one in kind.finish()]
        decisions = (one for one in said if isinstance(one, Decision))
        return [one for one in said if isinstance(one, Finding)], tuple(sorted(decisions))
