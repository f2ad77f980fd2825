"""JSON: the published, versioned format of a report (schemas/report.schema.json); sorted, so that the same input gives the same bytes."""

from __future__ import annotations

import json
import re
from typing import Any

from pbcheck.model import Finding, Input, Report, Rule, Tally

SCHEMA_VERSION = "1.2"
_ACTING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def render(report: Report) -> str:
    """Return the report as JSON text; characters that act on a terminal or turn the direction of a line are escaped."""
    text = json.dumps(as_data(report), indent=1, ensure_ascii=False)
    return _ACTING.sub(lambda found: f"\\u{ord(found.group()):04x}", text) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """Return the report as plain data, key by key as the schema describes it."""
    asked = {one.rule for one in report.outcomes} | {one.rule for one in report.findings}
    others = [name for name in sorted(report.rules) if name not in asked]
    return {
        "$schema": "https://pbcheck.example/schemas/v1/report.schema.json",
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "pbcheck", "version": report.version, "rulebook": report.rulebook_hash},
        "audit": {
            "authorities": list(report.authorities),
            "as_of": report.as_of or None,
            "profile": report.profile,
            "complete": report.complete,
            "records": dict(report.records),
            "remarks": list(report.remarks),
        },
        "summary": {
            **{f"{one}s": report.count(one) for one in ("error", "warning", "note")},
            **{name: report.total(name) for name in ("passed", "failed", "excused", "cannot_tell", "not_applicable")},
        },
        "findings": [_finding(one) for one in report.findings],
        "outcomes": [_tally(one) for one in report.outcomes],
        "inputs": [_input(one) for one in report.inputs],
        "rules": [_rule(report.rules[name]) for name in sorted(asked)],
        "figures": {
            "lack": report.figures_lack,
            "portfolio": [dict(one) for one in report.figures],
            "cases": [dict(one) for one in report.case_figures],
        },
        "background": {
            "rules": [_rule(report.rules[name]) for name in others],
            "obligations": {name: dict(one) for name, one in report.obligations.items()},
            "law": [dict(one) for one in report.law],
        },
    }


def _finding(one: Finding) -> dict[str, Any]:
    place = one.location
    return {
        "rule": one.rule,
        "severity": one.severity,
        "message": one.message,
        "obligations": list(one.obligations),
        "law": one.law or None,
        "subject": one.subject,
        "record": one.record or None,
        "file": place.file or None,
        "line": place.line or None,
        "column": place.column or None,
        "pointer": place.pointer,
        "incomplete": one.incomplete,
        "fingerprint": one.fingerprint,
        "arguments": list(one.arguments),
        "end_column": place.end_column or None,
        "team": one.team or None,
        "value": one.value or None,
    }


def _tally(one: Tally) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "subject": one.subject,
        "records": one.records,
        "passed": one.passed,
        "failed": one.failed,
        "excused": one.excused,
        "not_applicable": one.not_applicable,
        "cannot_tell": one.cannot_tell,
        "excused_by": dict(one.excused_by),
        "missing": dict(one.missing),
    }


def _input(one: Input) -> dict[str, Any]:
    return {
        "path": one.path,
        "sha256": one.sha256 or None,
        "bytes": one.size,
        "kind": one.kind or None,
        "records": one.records,
        "read": one.read,
    }


def _rule(one: Rule) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "theme": one.theme,
        "subject": one.subject,
        "severity": one.severity,
        "force": one.force,
        "obligations": list(one.obligations),
        "law": one.law or None,
        "why": one.why,
        "plain": one.plain,
        "remedy": one.remedy,
        "who": one.who or None,
        "not_checked": one.not_checked or None,
        "for_each": one.for_each or None,
        "as": one.as_ or None,
        "when": one.when or None,
        "unless": [{"when": exception.when, "because": exception.because} for exception in one.unless],
        "expect": one.expect or None,
        "message": one.message or None,
        "at": one.at or None,
        "file": one.file or None,
        "built_in": one.built_in,
    }
