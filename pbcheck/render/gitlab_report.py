"""GitLab code quality: a JSON array, one entry a finding, each with a fingerprint of its own and a path below the repository."""

from __future__ import annotations

from collections.abc import Iterator

from pbcheck.model import Finding, Report
from pbcheck.render.escapes import clean
from pbcheck.render.machine import home, json_line, relative, said
from pbcheck.vcs import Checkout

SEVERITY_WORDS = {"error": "critical", "warning": "major", "note": "info"}
INCOMPLETE = "blocker"
SET_ASIDE = "info"


def render(report: Report, checkout: Checkout | None = None) -> str:
    """Return the report for GitLab; a finding about the audit as a whole stands at the first line of the manifest."""
    return "".join(pieces(report, checkout))


def pieces(report: Report, checkout: Checkout | None = None) -> Iterator[str]:
    """Yield the same, entry by entry."""
    somewhere, between = home(report), "[\n"
    for one, name in zip(report.findings, report.fingerprints, strict=True):
        yield between + json_line(_entry(one, name, somewhere, checkout))
        between = ",\n"
    yield "\n]\n" if report.findings else "[]\n"


def _entry(one: Finding, fingerprint: str, somewhere: str, checkout: Checkout | None) -> dict[str, object]:
    return {
        "description": said(one) or clean(one.rule),
        "check_name": clean(one.rule),
        "fingerprint": fingerprint,
        "severity": _severity(one),
        "location": {"path": clean(relative(one.location.file or somewhere, checkout)), "lines": {"begin": one.location.line or 1}},
    }


def _severity(one: Finding) -> str:
    if one.set_aside:
        return SET_ASIDE
    return INCOMPLETE if one.incomplete else SEVERITY_WORDS[one.severity]
