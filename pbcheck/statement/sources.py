"""Where a sentence about the law or the notes comes from: entries of the register of law and obligations, and how a reader is told.

Every entry is held against the register by a test; no sentence says more than the provision that it names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pbcheck.figures.figure import Data
from pbcheck.render.words import inert

ACT, GUIDANCE = "Care Act 2014", "Care and Support Statutory Guidance"


@dataclass(frozen=True)
class Provision:
    """A provision of the register of law, by the id of its entry, and how a statement names it."""

    entry: str
    instrument: str
    provision: str
    words: str


PROVISIONS: Mapping[str, Provision] = {
    "advice": Provision("LAW-47", ACT, "s.4", "Care Act 2014, section 4"),
    "meet_needs": Provision("LAW-22", ACT, "s.18(1)", "Care Act 2014, section 18(1)"),
    "review": Provision("LAW-44", ACT, "s.27(1)", "Care Act 2014, section 27(1)"),
    "yearly": Provision("LAW-44", GUIDANCE, "para 13.32", "national guidance, paragraph 13.32"),
    "request": Provision("LAW-13", ACT, "s.31(1)-(2)", "Care Act 2014, section 31(1) and (2)"),
    "use": Provision("LAW-27", ACT, "s.33(3)", "Care Act 2014, section 33(3)"),
    "flexible": Provision("LAW-27", GUIDANCE, "para 12.35", "national guidance, paragraph 12.35"),
    "challenge": Provision("LAW-04", GUIDANCE, "para 11.24", "national guidance, paragraph 11.24"),
    "not_forced": Provision("LAW-13", GUIDANCE, "para 12.5", "national guidance, paragraph 12.5"),
    "refusal": Provision("LAW-14", GUIDANCE, "ch.12 (refusal)", "national guidance, chapter 12"),
}
NOTES: Mapping[str, tuple[str, ...]] = {
    "know_rules": ("PPF-5-9",),
    "change_directly": ("PPF-5-11", "PPF-5-12"),
    "beyond_plan": ("CWR-3-7", "CWR-3-9"),
    "move_any_time": ("PPF-3-9", "PPF-3-10"),
    "control": ("CWR-2-16",),
    "reach_help": ("PPF-1-31", "PPF-3-11"),
    "keep": ("CWR-3-10", "CWR-3-11"),
    "statements": ("PPF-1-34", "PPF-1-35"),
}
RECORDS: Mapping[str, str] = {"contract": "the contract for your support", "record": "your own record"}


def source(policy: Data, settings: Sequence[str], *names: str) -> str:
    """Return where a point comes from: records and settings of the policy, then provisions of law and passages of the notes by name."""
    words = [RECORDS[one] for one in RECORDS if one in names]
    words += _policy_words(policy, [one for one in settings if states(policy, one)])
    words += [PROVISIONS[one].words for one in names if one in PROVISIONS]
    passages = sorted({passage for one in names for passage in NOTES.get(one, ())})
    if passages:
        words.append(f"good-practice notes, {', '.join(passages)}")
    return "; ".join(words)


def _policy_words(policy: Data, settings: Sequence[str]) -> list[str]:
    if not settings:
        return []
    documents = []
    for one in policy.get("provenance", ()):
        if one.get("setting") in settings and "document" in one:
            place = f", {inert(one['locator'])}" if one.get("locator") else ""
            documents.append(f"{inert(one['document'])}{place}")
    return [f"your council’s policy{' (' + '; '.join(sorted(set(documents))) + ')' if documents else ''}"]


def states(policy: Data, setting: str) -> bool:
    """Return whether a policy states a setting, given as its dotted path."""
    return stated(policy, setting) is not None


def stated(policy: Data, setting: str) -> Any:
    """Return what a policy states for a setting, given as its dotted path; None where it does not, or states null."""
    here: Any = policy
    for step in setting.split("."):
        if not isinstance(here, Mapping):
            return None
        here = here.get(step)
    return here
