"""A result that was saved as JSON, as a report again: checked against its schema, and against itself."""

from __future__ import annotations

import json
import re
from typing import Any

from pbcheck.errors import UsageError
from pbcheck.model import Decision, Exemption, Finding, Input, Location, Report, Rule, SetAside, Tally
from pbcheck.render.json_report import SCHEMA_VERSION, as_data

_VERSION = re.compile(r"^([0-9]{1,4})\.([0-9]{1,4})\Z")
_CHECKED = ("audit", "summary", "findings", "outcomes")
AGAIN = "Run the audit again with -o json=FILE."


def report_from(text: str) -> Report:
    """Return the report that a JSON result holds; raises UsageError where it is none, of another version, or does not add up."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise UsageError(f"This is no result of pbcheck: it is not well-formed JSON. {AGAIN}") from None
    older = _right_version(data)
    _valid(data)
    try:
        if older:
            _add_what_came_later(data)
        report = _report(data)
        again = as_data(report)
    except KeyError as error:
        raise UsageError(f"This result lacks `{error.args[0]}`, which a report needs. {AGAIN}") from None
    wrong = [name for name in _CHECKED if again[name] != data[name]]
    if wrong:
        raise UsageError(f"This result does not agree with itself (`{wrong[0]}`): it was changed after it was written. {AGAIN}")
    return report


def _right_version(data: Any) -> bool:
    """Return whether a result is of an older version that can be read; raises UsageError where it is of one that cannot."""
    stated = data.get("schema_version") if isinstance(data, dict) else None
    found = _VERSION.match(stated) if isinstance(stated, str) else None
    if found is None:
        raise UsageError(f"This is no result of pbcheck: it does not state a `schema_version`. {AGAIN}")
    ours = tuple(int(one) for one in SCHEMA_VERSION.split("."))
    theirs = (int(found[1]), int(found[2]))
    if theirs[0] != ours[0] or theirs > ours:
        raise UsageError(
            f"This result has format {stated}, and this version of pbcheck reads up to {SCHEMA_VERSION}: use the one that wrote it."
        )
    if theirs < (1, 2):
        raise UsageError(f"This result has format {stated}, which lacks what a report needs: 1.2 was the first that holds all. {AGAIN}")
    return theirs < ours


def _add_what_came_later(data: dict[str, Any]) -> None:
    """Give a result of version 1.2, in which nothing could be set aside, the keys of 1.3; raises KeyError where it lacks its own."""
    data["audit"].setdefault("decisions", [])
    data["summary"].setdefault("set_aside", 0)
    for one in data["findings"]:
        one.setdefault("set_aside", None)
    for one in data["outcomes"]:
        one.setdefault("set_aside", 0)
    for one in (*data["rules"], *data["background"]["rules"]):
        one.setdefault("tags", [])


def _valid(data: Any) -> None:
    """Raise UsageError with the first place where a result does not meet its schema; no value is shown."""
    from pbcheck.schema.validate import validator
    from pbcheck.source.document import pointer

    check = validator("report")
    data = _encodable(data)
    if check.is_valid(data):
        return
    first = next(iter(check.violations(data)), None)
    place = pointer(first.path) if first else ""
    raise UsageError(
        f"This result does not meet the schema of a report at {place or 'its beginning'}: it was changed after it was written."
    )


def _encodable(value: Any) -> Any:
    """Return plain data without halves of surrogate pairs, which JSON can name and no validator can take."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(one) for key, one in value.items()}
    return [_encodable(one) for one in value] if isinstance(value, list) else value


def _report(data: dict[str, Any]) -> Report:
    audit, background, figures = data["audit"], data["background"], data["figures"]
    rules = {one["id"]: _rule(one) for one in (*data["rules"], *background["rules"])}
    return Report(
        findings=tuple(_finding(one) for one in data["findings"]),
        outcomes=tuple(_tally(one) for one in data["outcomes"]),
        inputs=tuple(
            Input(one["path"], one["sha256"] or "", one["bytes"], one["kind"] or "", one["records"], one["read"]) for one in data["inputs"]
        ),
        rules={name: rules[name] for name in sorted(rules)},
        records=audit["records"],
        authorities=tuple(audit["authorities"]),
        profile=audit["profile"],
        as_of=audit["as_of"] or "",
        rulebook_hash=data["tool"]["rulebook"],
        version=data["tool"]["version"],
        remarks=tuple(audit["remarks"]),
        obligations=background["obligations"],
        law=tuple(background["law"]),
        figures=tuple(figures["portfolio"]),
        case_figures=tuple(figures["cases"]),
        figures_lack=figures["lack"],
        decisions=tuple(_decision(one) for one in audit["decisions"]),
    )


def _finding(one: dict[str, Any]) -> Finding:
    place = Location(one["file"] or "", one["line"] or 0, one["column"] or 0, one["pointer"], one["end_column"] or 0)
    return Finding(
        one["rule"],
        one["severity"],
        one["message"],
        one["subject"],
        one["record"] or "",
        place,
        tuple(one["obligations"]),
        one["law"] or "",
        one["incomplete"],
        tuple(one["arguments"]),
        one["team"] or "",
        one["value"] or "",
        _set_aside(one["set_aside"]) if one["set_aside"] else None,
    )


def _set_aside(one: dict[str, Any]) -> SetAside:
    return SetAside(one["by"], one["name"], *(one[name] or "" for name in ("reason", "approver", "until")))


def _decision(one: dict[str, Any]) -> Decision:
    texts = ("rule", "where", "reason", "approver", "reference", "approved_on", "until", "standing")
    return Decision(kind=one["kind"], name=one["name"], findings=one["findings"], **{name: one[name] or "" for name in texts})


def _tally(one: dict[str, Any]) -> Tally:
    return Tally(**{name: one[name] for name in Tally.__dataclass_fields__})


def _rule(one: dict[str, Any]) -> Rule:
    texts = ("law", "who", "not_checked", "for_each", "when", "expect", "message", "at", "file")
    plain = ("id", "title", "theme", "subject", "severity", "force", "why", "plain", "remedy", "built_in")
    made: dict[str, Any] = {name: one[name] or "" for name in texts} | {name: one[name] for name in plain}
    return Rule(
        **made,
        as_=one["as"] or "",
        obligations=tuple(one["obligations"]),
        tags=tuple(one["tags"]),
        unless=tuple(Exemption(exception["when"], exception["because"]) for exception in one["unless"]),
    )
