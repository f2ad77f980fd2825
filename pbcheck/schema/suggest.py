"""Did you mean: the nearest known name, for keys, values, rule ids and flags alike."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to a misspelled one, or None where nothing is close."""
    names = sorted({str(one) for one in known})
    lowered = {one.lower().replace("-", "_").replace(" ", "_"): one for one in names}
    wanted = name.lower().replace("-", "_").replace(" ", "_")
    if wanted in lowered:
        return lowered[wanted]
    found = get_close_matches(wanted, list(lowered), n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ' Did you mean `x`?' with a leading space, or an empty text."""
    best = nearest(name, known)
    return f" Did you mean `{best}`?" if best else ""
