"""pbcheck: checks a council's personal budget policies, contracts and case exports against two good-practice notes.

from pbcheck import audit
report = audit("export/")
report.findings, report.outcomes, report.to_json()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pbcheck._version import __version__

if TYPE_CHECKING:
    from pbcheck.errors import PbcheckError, RulePackError, UsageError
    from pbcheck.model import Finding, Location, Outcome, Report, Rule, Tally
    from pbcheck.pipeline import audit

__all__ = [
    "Finding",
    "Location",
    "Outcome",
    "PbcheckError",
    "Report",
    "Rule",
    "RulePackError",
    "Tally",
    "UsageError",
    "__version__",
    "audit",
]

_HOMES = {"audit": "pipeline", "PbcheckError": "errors", "RulePackError": "errors", "UsageError": "errors"}


def __getattr__(name: str) -> Any:
    """Import the public names when they are first used, so that starting the command stays fast."""
    if name not in __all__:
        raise AttributeError(f"module 'pbcheck' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"pbcheck.{_HOMES.get(name, 'model')}"), name)
