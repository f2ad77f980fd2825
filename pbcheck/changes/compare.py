"""Findings of before and of after: which are new, which are gone, which stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pbcheck.model import Finding


@dataclass(frozen=True)
class Comparison:
    """The findings that only the new documents have, those that only the old ones had, and those that both have (as they are now)."""

    new: tuple[Finding, ...]
    resolved: tuple[Finding, ...]
    unchanged: tuple[Finding, ...]


def compare(before: Iterable[Finding], after: Iterable[Finding]) -> Comparison:
    """Compare by what a finding is about and never by its line, so that moving a block or adding lines above changes nothing.

    Two findings that are alike in everything are told apart by their number only. One that was set aside before and counts now is new.
    """
    olds = sorted(before, key=lambda finding: finding.sort_key)
    left = Counter(one.known_as for one in olds)
    aside = Counter(one.known_as for one in olds if one.set_aside is not None)
    new: list[Finding] = []
    unchanged: list[Finding] = []
    for one in sorted(after, key=lambda finding: finding.sort_key):
        name = one.known_as
        known = left[name] > 0
        left[name] -= known
        counts_again = known and one.set_aside is None and aside[name] > left[name]
        (unchanged if known and not counts_again else new).append(one)
    resolved = []
    for one in olds:
        if left[one.known_as]:
            left[one.known_as] -= 1
            resolved.append(one)
    return Comparison(tuple(new), tuple(resolved), tuple(unchanged))
