"""What many cases add to the figures of an export, put together; nothing here knows what is counted, so that it is quick to import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Group = tuple[str, str]
"""A dimension and one of its values, such as `("team", "North")`."""


@dataclass
class Portfolio:
    """The additions of many cases: of all of them, and of those of each group; equal whatever the order they came in."""

    whole: Counter[str] = field(default_factory=Counter)
    groups: dict[Group, Counter[str]] = field(default_factory=dict)

    def add(self, delta: Mapping[str, int], memberships: Iterable[Group] = ()) -> None:
        """Add one case, and to which groups it belongs; a key that adds 0 is left out."""
        _add(self.whole, [delta])
        for group in memberships:
            _add(self.groups.setdefault(group, Counter()), [delta])

    def add_all(self, deltas: Iterable[Mapping[str, int]]) -> None:
        """Add some cases without asking to which groups they belong."""
        _add(self.whole, deltas)

    def merge(self, other: Portfolio) -> None:
        """Add another portfolio, of other cases."""
        self.whole.update(other.whole)
        for group, counted in other.groups.items():
            self.groups.setdefault(group, Counter()).update(counted)


def _add(counted: Counter[str], deltas: Iterable[Mapping[str, int]]) -> None:
    once: list[str] = []  # most keys add 1, which is counted quickest all at once
    for delta in deltas:
        for key, number in delta.items():
            if number == 1:
                once.append(key)
            elif number:
                counted[key] += number
    counted.update(once)
