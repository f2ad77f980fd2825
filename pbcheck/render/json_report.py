"""JSON: the published, versioned format of a report (schemas/report.schema.json); sorted, so that the same input gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from json.encoder import encode_basestring
from typing import Any

import msgspec

from pbcheck.model import SEVERITIES, Decision, Finding, Input, Report, Rule, SetAside, Tally

SCHEMA_VERSION = "1.3"
_ACTING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def render(report: Report) -> str:
    """Return the report as JSON text; characters that act on a terminal or turn the direction of a line are escaped."""
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """Yield the same piece by piece: what comes before the findings, each finding, and so on."""
    rest = _text(as_data(replace(report, findings=(), case_figures=()), report), "")
    before, empty, rest = rest.partition('\n "findings": []')
    yield before
    yield from _list(empty, map(finding_data, report.findings), "  ")
    before, empty, rest = rest.partition('\n  "cases": []')
    yield before
    yield from _list(empty, map(dict, report.case_figures), "   ")
    yield f"{rest}\n"


def _list(empty: str, things: Iterable[dict[str, Any]], indent: str) -> Iterator[str]:
    """Yield a list that stands empty in its place, with things in it."""
    between = f"{empty[:-1]}\n{indent}"
    for one in things:
        yield between + _quickly(one, indent)
        between = f",\n{indent}"
    yield f"\n{indent[:-1]}]" if between.startswith(",") else empty


def _text(value: Any, indent: str) -> str:
    """Return plain data as JSON, as `json.dumps` with an indent of 1 writes it; what acts on a reader is escaped."""
    return _ACTING.sub(_escaped, _pretty(value, indent))


def _quickly(value: Any, indent: str) -> str:
    """Return the same for data without decimal fractions, where no text holds half a character."""
    try:
        text = msgspec.json.format(msgspec.json.encode(value), indent=1).decode()
    except UnicodeEncodeError:
        return _text(value, indent)
    return _ACTING.sub(_escaped, text.replace("\n", f"\n{indent}"))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def _pretty(value: Any, indent: str) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    inner = f"{indent} "
    if isinstance(value, dict) and value:
        parts = [f"\n{inner}{encode_basestring(key)}: {_pretty(one, inner)}" for key, one in value.items()]
        return f"{{{','.join(parts)}\n{indent}}}"
    if isinstance(value, (list, tuple)) and value:
        return f"[{','.join([f'{chr(10)}{inner}{_pretty(one, inner)}' for one in value])}\n{indent}]"
    return json.dumps(value)


def as_data(report: Report, whole: Report | None = None) -> dict[str, Any]:
    """Return the report as plain data, key by key as the schema describes it; with the head of the `whole` report, where it is a part."""
    whole = whole or report
    asked = {one.rule for one in whole.outcomes} | {rule for rule, *_ in whole.kinds}
    aside = whole.set_aside
    others = [name for name in sorted(report.rules) if name not in asked]
    return {
        "$schema": "https://pbcheck.example/schemas/v1/report.schema.json",
        **heading(whole),
        "findings": [finding_data(one) for one in report.findings],
        "outcomes": [_tally(one, aside[one.rule]) for one in report.outcomes],
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


def heading(report: Report) -> dict[str, Any]:
    """Return what was audited, how and with what, and the totals, as plain data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "pbcheck", "version": report.version, "rulebook": report.rulebook_hash},
        "audit": {
            "authorities": list(report.authorities),
            "as_of": report.as_of or None,
            "profile": report.profile,
            "complete": report.complete,
            "records": dict(report.records),
            "remarks": list(report.remarks),
            "decisions": [decision_data(one) for one in report.decisions],
        },
        "summary": {
            **{f"{one}s": report.count(one) for one in SEVERITIES},
            **{name: report.total(name) for name in ("passed", "failed", "excused", "cannot_tell", "not_applicable")},
            "set_aside": report.set_aside.total(),
        },
    }


def decision_data(one: Decision) -> dict[str, Any]:
    """Return an exception that was given as plain data; what is not stated is null."""
    return {
        "kind": one.kind,
        "name": one.name,
        "rule": one.rule or None,
        "where": one.where or None,
        "reason": one.reason or None,
        "approver": one.approver or None,
        "reference": one.reference or None,
        "approved_on": one.approved_on or None,
        "until": one.until or None,
        "standing": one.standing or None,
        "findings": one.findings,
    }


def finding_data(one: Finding) -> dict[str, Any]:
    """Return a finding as plain data."""
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
        "set_aside": _set_aside(one.set_aside) if one.set_aside else None,
    }


def _set_aside(one: SetAside) -> dict[str, Any]:
    return {
        "by": one.by,
        "name": one.name,
        "reason": one.reason or None,
        "approver": one.approver or None,
        "until": one.until or None,
    }


def _tally(one: Tally, set_aside: int) -> dict[str, Any]:
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
        "set_aside": set_aside,
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
        "tags": list(one.tags),
        "locked": one.locked,
    }
