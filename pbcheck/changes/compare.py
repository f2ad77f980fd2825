"""Findings of before and of after: which are new, which are gone, which stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pbcheck.model import SEVERITIES, Finding


@dataclass(frozen=True)
class Comparison:
    """The findings that only the new documents have, those that only the old ones had, and those that both have (as they are now)."""

    new: tuple[Finding, ...]
    resolved: tuple[Finding, ...]
    unchanged: tuple[Finding, ...]

    def worst(self) -> str:
        """Return the gravest severity among the new findings; empty where there is none."""
        return next((one for one in SEVERITIES if any(finding.severity == one for finding in self.new)), "")


def compare(before: Iterable[Finding], after: Iterable[Finding]) -> Comparison:
    """Compare by what a finding is about and never by its line, so that moving a block or adding lines above changes nothing.

    Two findings that are alike in everything are told apart by their number only.
    """
    left = Counter(one.fingerprint for one in before)
    new, unchanged = [], []
    for one in sorted(after, key=lambda finding: finding.sort_key):
        if left[one.fingerprint]:
            left[one.fingerprint] -= 1
            unchanged.append(one)
        else:
            new.append(one)
    resolved = []
    for one in sorted(before, key=lambda finding: finding.sort_key):
        if left[one.fingerprint]:
            left[one.fingerprint] -= 1
            resolved.append(one)
    return Comparison(tuple(new), tuple(resolved), tuple(unchanged))
