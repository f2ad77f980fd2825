"""A file of a policy in its context: the other files of the same policy are read with it, and findings told of the given files only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from pbcheck.discover import kind_by_name
from pbcheck.model import Finding, Report
from pbcheck.source.files import YAML

_POLICY = re.compile(rb"""(?:^|[{,])\s*["']?kind["']?\s*:\s*["']?policy\b""", re.MULTILINE)
CLASH = "sections-clash"
_SUFFIXES = (*YAML, ".json")


def with_context(given: Sequence[Path]) -> list[Path]:
    """Return the given files, and beside each policy file the other policy files of its folder, in order."""
    found = dict.fromkeys(given)
    for folder in sorted({path.parent for path in given if path.suffix.lower() in _SUFFIXES and path.is_file() and _is_policy(path)}):
        beside = sorted(one for one in folder.iterdir() if one.suffix.lower() in _SUFFIXES and not one.name.startswith("."))
        found |= dict.fromkeys(one for one in beside if one not in found and one.is_file() and _is_policy(one))
    return list(found)


def _is_policy(path: Path) -> bool:
    """Return whether a file says that it is a policy, or has the name of one."""
    if kind_by_name(path) == "policy":
        return True
    try:
        return bool(_POLICY.search(path.read_bytes()))
    except OSError:
        return False


def only(report: Report, given: Sequence[Path]) -> Report:
    """Return a report with the findings in the given files, and those elsewhere that say that something could not be read or judged.

    A section that a given file and another one both state is told at one of the two: it is kept, whichever that is.
    """
    places = [path.resolve() for path in given]

    @cache
    def asked(file: str) -> bool:
        here = Path(file).resolve()
        return any(here == place or here.is_relative_to(place) for place in places)

    named = [one.path for one in report.inputs if asked(one.path)]

    def kept_here(one: Finding) -> bool:
        clash = one.rule == CLASH and any(f" {file}:" in one.message for file in named)
        return one.incomplete or clash or bool(one.location.file and asked(one.location.file))

    kept = tuple(filter(kept_here, report.findings))
    others = sorted({one.path for one in report.inputs if not asked(one.path)})
    words = (f"Read as well, but not reported on: {', '.join(others)}.",) if others else ()
    return replace(report, findings=kept, remarks=(*report.remarks, *words))
