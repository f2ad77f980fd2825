"""GitLab code quality: a JSON array, one entry a finding, each with a fingerprint of its own and a path below the repository."""

from __future__ import annotations

from pbcheck.model import Finding, Report
from pbcheck.render.escapes import clean
from pbcheck.render.machine import home, json_line, relative, said
from pbcheck.vcs import Checkout

SEVERITY_WORDS = {"error": "critical", "warning": "major", "note": "info"}
INCOMPLETE = "blocker"


def render(report: Report, checkout: Checkout | None = None) -> str:
    """Return the report for GitLab; a finding about the audit as a whole stands at the first line of the manifest."""
    somewhere = home(report)
    found = zip(report.findings, report.fingerprints, strict=True)
    entries = ",\n".join(json_line(_entry(one, name, somewhere, checkout)) for one, name in found)
    return f"[\n{entries}\n]\n" if entries else "[]\n"


def _entry(one: Finding, fingerprint: str, somewhere: str, checkout: Checkout | None) -> dict[str, object]:
    return {
        "description": said(one) or clean(one.rule),
        "check_name": clean(one.rule),
        "fingerprint": fingerprint,
        "severity": INCOMPLETE if one.incomplete else SEVERITY_WORDS[one.severity],
        "location": {"path": clean(relative(one.location.file or somewhere, checkout)), "lines": {"begin": one.location.line or 1}},
    }
