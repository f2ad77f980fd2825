"""SARIF 2.1.0 for code scanning: within the limits that GitHub documents, with what was left out counted in a notification."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from itertools import islice
from typing import Any

from pbcheck.model import Finding, Input, Report, SetAside
from pbcheck.render.escapes import clean, percent
from pbcheck.render.machine import EVERYTHING, absolute, home, json_line, path_of, said, worst_first
from pbcheck.render.sarif_rules import descriptor, message
from pbcheck.render.words import counted, decided
from pbcheck.vcs import Checkout

RESULTS = 25_000
"""Results that GitHub code scanning takes from a run; it refuses a file with more."""
SHOWN = 5_000
"""Results that it keeps, the most severe first."""
SIZE = 10_000_000
"""Bytes after compression that it takes; it refuses a larger file."""
NOTIFICATIONS = 100
_ROOT = "SRCROOT"
_DATA = ("case", "contract", "file")
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FOLDER = "The root of the checkout where there is one, else the folder in which pbcheck was run."


def render(report: Report, checkout: Checkout | None = None) -> str:
    """Return the report as SARIF, one result a line; where not all fit, those that count are kept first, the most severe first."""
    asked = sorted({one.rule for one in report.outcomes} | {rule for rule, *_ in report.kinds})
    numbers = {name: number for number, name in enumerate(asked)}
    found = zip(report.findings, report.fingerprints, strict=True)
    somewhere = home(report)
    kept = worst_first(found, RESULTS)
    results = [json_line(_result(one, numbers, name, somewhere, checkout)) for one, name in kept]
    while True:
        run = _run(report, asked, checkout)
        run["invocations"] = [_invocation(report, numbers, len(results), somewhere, checkout)]
        text = _log(run, results)
        if not results or not _too_large(text):
            return text
        results = results[: len(results) * 3 // 4]


def _too_large(text: str) -> bool:
    return len(text) > SIZE and len(zlib.compress(text.encode(), 1)) > SIZE


def _log(run: dict[str, Any], results: list[str]) -> str:
    """Return the whole file; the results come last in the run, which is written key by key."""
    head = ",\n".join(f'"{key}": {json_line(value)}' for key, value in run.items())
    lines = ",\n".join(results)
    return f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{\n{head},\n"results": [\n{lines}\n]\n}}]}}\n'


def _run(report: Report, asked: list[str], checkout: Checkout | None) -> dict[str, Any]:
    driver: dict[str, Any] = {"name": "pbcheck", "version": clean(report.version)}
    if re.fullmatch(r"\d+\.\d+\.\d+", report.version):
        driver["semanticVersion"] = report.version
    driver["rules"] = [descriptor(report.rules[name], report.law) for name in asked]
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"pbcheck/{_slug(report)}/{report.profile}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": _FOLDER}}},
        "artifacts": [_artifact(one, checkout) for one in report.inputs],
        "properties": {"asOf": clean(report.as_of), "profile": report.profile, "rulebook": clean(report.rulebook_hash)},
    }
    if checkout is not None and checkout.repository:
        known = {"revisionId": checkout.revision, "branch": checkout.branch}
        source = {"repositoryUri": checkout.repository, "mappedTo": {"uriBaseId": _ROOT}}
        run["versionControlProvenance"] = [source | {key: clean(value) for key, value in known.items() if value}]
    return run


def _slug(report: Report) -> str:
    """Return a name for what is audited that stays the same from run to run: the authorities, in letters, digits and dashes."""
    words = [re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") for name in report.authorities]
    return "+".join(one for one in words if one)[:200] or "documents"


def _artifact(one: Input, checkout: Checkout | None) -> dict[str, Any]:
    found: dict[str, Any] = {"location": _location(one.path, checkout), "roles": ["analysisTarget"]}
    if one.read:
        found |= {"length": one.size, "hashes": {"sha-256": clean(one.sha256)}}
    return found


@lru_cache(maxsize=1024)
def _location(file: str, checkout: Checkout | None) -> dict[str, str]:
    """Return where a file is: relative to the base where it can be, else as a URI of its own."""
    path = path_of(file, checkout)
    if absolute(path):
        return {"uri": f"file:///{percent(path.lstrip('/'))}"}
    return {"uri": percent(path), "uriBaseId": _ROOT}


def _place(one: Finding, somewhere: str, checkout: Checkout | None) -> dict[str, Any]:
    spot = one.location
    place: dict[str, Any] = {"artifactLocation": _location(spot.file or somewhere, checkout)}
    if spot.file and spot.line:
        region = {"startLine": spot.line}
        if spot.column:
            region["startColumn"] = spot.column
            if spot.end_column > spot.column:
                region["endColumn"] = spot.end_column
        place["region"] = region
    return {"physicalLocation": place}


def _result(one: Finding, numbers: dict[str, int], name: str, somewhere: str, checkout: Checkout | None) -> dict[str, Any]:
    """Return a finding as a result.

    The fingerprint that GitHub goes by is given for records of data: by default it would hash the line, which for such a record is the
    whole record or says nothing of it. For policies the line is the right thing, and the upload works it out. All results have the list
    `suppressions`, as the standard asks; since GitHub pays no heed to it, what was set aside is a note there and says so.
    """
    marks = {"pbcheck/v1": name}
    if one.subject in _DATA:
        marks["primaryLocationLineHash"] = name
    return {
        "ruleId": clean(one.rule),
        "ruleIndex": numbers[one.rule],
        "level": "note" if one.set_aside else one.severity,
        "message": message(said(one)),
        "locations": [_place(one, somewhere, checkout)],
        "partialFingerprints": marks,
        "properties": _properties(one),
        "suppressions": [_suppression(one.set_aside)] if one.set_aside else [],
    }


def _properties(one: Finding) -> dict[str, str]:
    known = {"subject": one.subject, "record": clean(one.record), "pointer": clean(one.location.pointer)}
    return known | {"severity": one.severity} if one.set_aside else known


def _suppression(one: SetAside) -> dict[str, Any]:
    """Return by what a result was set aside: in the source where that is a comment, elsewhere where it is not."""
    kind = "inSource" if one.by == "suppression" else "external"
    return {"kind": kind, "status": "accepted", "justification": clean(decided(one))}


def _invocation(report: Report, numbers: dict[str, int], kept: int, somewhere: str, checkout: Checkout | None) -> dict[str, Any]:
    """Return how the run ended: what could not be read or judged, what was left out, and what else the reader should know."""
    notes = []
    unread = report.unread
    for one in islice((one for one in report.findings if one.incomplete), NOTIFICATIONS) if unread else ():
        rule = {"id": clean(one.rule), "index": numbers[one.rule]}
        notes.append(_notification("error", said(one)) | {"associatedRule": rule, "locations": [_place(one, somewhere, checkout)]})
    if unread > NOTIFICATIONS:
        notes.append(_notification("error", f"{unread - NOTIFICATIONS:,} more things could not be read or judged; {EVERYTHING}."))
    found = len(report.findings)
    aside = report.set_aside.total()
    if aside:
        notes.append(_notification("note", f"Set aside by decision: {counted(aside, 'finding')}; each has a suppression that says why."))
    if kept < found:
        which = "those set aside, then the least severe" if aside else "the least severe"
        limits = f"GitHub code scanning takes {RESULTS:,} results and {SIZE // 1_000_000} MB"
        notes.append(_notification("warning", f"{found - kept:,} of {found:,} findings are left out, {which}: {limits}; {EVERYTHING}."))
    if kept > SHOWN:
        notes.append(
            _notification("note", f"GitHub code scanning shows {SHOWN:,} of these {kept:,} results, the most severe; {EVERYTHING}.")
        )
    notes += [_notification("note", one) for one in report.remarks[:NOTIFICATIONS]]
    if len(report.remarks) > NOTIFICATIONS:
        notes.append(_notification("note", f"{len(report.remarks) - NOTIFICATIONS:,} more remarks are left out; {EVERYTHING}."))
    return {"executionSuccessful": report.complete, "toolExecutionNotifications": notes}


def _notification(level: str, words: str) -> dict[str, Any]:
    return {"level": level, "message": message(words)}
