"""A change as text, as Markdown for a comment on a proposal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pbcheck.changes.diff import Change
from pbcheck.changes.effect import AT_ONCE, DIMENSIONS, LIMIT, SUMS, Effect
from pbcheck.changes.words import amount, by_group, headline, rules_said, sums
from pbcheck.model import Finding
from pbcheck.render.escapes import markdown as escaped
from pbcheck.render.words import counted, inert, wrapped

COMMENT = 60_000
"""Characters of Markdown that a comment may have, with some to spare: GitHub and GitLab take more."""
NAMED = 20
_NAMES = {words: name for name, words in SUMS.items()}


def text(change: Change, limit: int = LIMIT) -> str:
    """Return a change as text."""
    return "\n".join(_text(change, limit)) + "\n"


def _text(change: Change, limit: int) -> Iterator[str]:
    yield f"{inert(change.old.name)} to {inert(change.new.name)}: {headline(change)}"
    for words, version in (("old", change.old), ("new", change.new)):
        if not version.complete:
            yield f"The {words} version could not be read or judged as a whole: its findings below are not all there is to say."
    for heading, found in (("New", change.findings.new), ("Resolved", change.findings.resolved)):
        if found:
            yield f"\n{heading}"
            for one in found:
                yield wrapped(f"{_place(one)} {one.severity}: {inert(one.message)} [{one.rule}]{aside(one)}", "  ")
    if change.settings:
        yield "\nSettings"
        for setting in change.settings:
            yield wrapped(inert(setting.words), "  ")
    if change.effect is not None:
        yield from _effect_text(change.effect, limit)
        if change.lack:
            yield f"  {counted(change.lack, 'document')} of the export could not be used: the effect lacks them."


def aside(one: Finding) -> str:
    """Return by what a finding is set aside, in words; empty where it counts."""
    return f" (set aside by {one.set_aside.by} {inert(one.set_aside.name)})" if one.set_aside else ""


def _place(one: Finding) -> str:
    return f"{inert(one.location.file)}:{one.location.line}" if one.location.line else inert(one.location.file)


def _effect_text(effect: Effect, limit: int) -> Iterator[str]:
    yield f"\nEffect on {counted(effect.cases, 'case')}"
    for one in effect.rules:
        yield f"  [{one.rule}] {one.severity}"
        for words, records in (("newly fail", one.newly_fail), ("no longer fail", one.no_longer_fail)):
            if records:
                more = f" and {len(records) - NAMED:,} more" if len(records) > NAMED else ""
                yield wrapped(f"{counted(len(records), 'case')} {words}: {', '.join(map(inert, records[:NAMED]))}{more}", "    ")
    if not effect.rules:
        yield "  No case newly fails a rule, and none newly passes one."
    for words, said in sums(effect, limit):
        yield f"  {words}: {said}"
        yield from _whose_text(effect, words)
    for dimension in DIMENSIONS:
        for name, words in SUMS.items():
            for group, said in by_group(effect, dimension, name, limit):
                yield f"    {words}, by {dimension.replace('_', ' ')}, {inert(group)}: {said}"


def _whose_text(effect: Effect, words: str) -> Iterator[str]:
    """Yield the cases whose sum changes, the largest changes first; text stays on the machine, so that small numbers may be named."""
    found = sorted(effect.whose.get(_NAMES[words], ()), key=lambda one: (-abs(one.after - one.before), one.record))
    for one in found[:NAMED]:
        yield f"    {inert(one.record)}: {amount(one.before)}, now {amount(one.after)}{'' if _NAMES[words] in AT_ONCE else ' a year'}"
    if len(found) > NAMED:
        yield f"    and {len(found) - NAMED:,} more; -f json names them all"


def markdown(change: Change, limit: int = LIMIT) -> str:
    """Return a change as Markdown for a comment; no case is named, and what did not fit is counted."""
    lines = [f"### pbcheck: {headline(change)}", ""]
    if not (change.old.complete and change.new.complete):
        lines += ["**Not everything could be read or judged.** The findings below are not all there is to say.", ""]
    for heading, found in (("New findings", change.findings.new), ("Resolved findings", change.findings.resolved)):
        if found:
            lines += [f"#### {heading}", "", "| severity | place | finding | rule |", "|---|---|---|---|"]
            lines += [f"| {one.severity} | {cell(_place(one))} | {cell(one.message)}{cell(aside(one))} | `{one.rule}` |" for one in found]
            lines.append("")
    if change.settings:
        lines += ["#### Settings changed", "", *(f"- {cell(one.words)}" for one in change.settings), ""]
    if change.effect is not None:
        lines += _effect_markdown(change.effect, change.lack, limit)
    return _fitted(lines)


def _effect_markdown(effect: Effect, lack: int, limit: int) -> list[str]:
    lines = [f"#### Effect on {counted(effect.cases, 'case')}", ""]
    if effect.rules:
        lines += ["| rule | cases that newly fail | cases that no longer fail |", "|---|---:|---:|"]
        lines += [f"| `{rule}` | {fail} | {passed} |" for rule, fail, passed in rules_said(effect, limit)]
    else:
        lines.append("No case newly fails a rule, and none newly passes one.")
    lines += ["", "| sum | change |", "|---|---|", *(f"| {words} | {said} |" for words, said in sums(effect, limit)), ""]
    for dimension in DIMENSIONS:
        rows = [
            f"| {words} | {cell(group)} | {said} |"
            for name, words in SUMS.items()
            for group, said in by_group(effect, dimension, name, limit)
        ]
        if rows:
            lines += [f"| sum | {dimension.replace('_', ' ')} | change |", "|---|---|---|", *rows, ""]
    if lack:
        lines += [f"{counted(lack, 'document')} of the export could not be used: the effect lacks them.", ""]
    return lines


def cell(words: str) -> str:
    """Return words that stay words in a table of Markdown: no markup, no mention, no line of their own."""
    return escaped(inert(words))


def _fitted(lines: list[str]) -> str:
    """Return lines as far as a comment holds them, with how many were left out."""
    kept, size = [], 0
    for number, line in enumerate(lines):
        size += len(line) + 1
        if size > COMMENT:
            kept += ["", f"{counted(len(lines) - number, 'line')} more did not fit: pbcheck diff prints all of them."]
            break
        kept.append(line)
    return "\n".join(kept).rstrip() + "\n"


def as_json(change: Change, limit: int = LIMIT) -> str:
    """Return a change as JSON, with the cases by name and the sums that are not kept back."""
    data: dict[str, Any] = {
        "schema_version": "1.0",
        "old": {"name": change.old.name, "complete": change.old.complete},
        "new": {"name": change.new.name, "complete": change.new.complete},
        "findings": {name: [_finding(one) for one in getattr(change.findings, name)] for name in ("new", "resolved", "unchanged")},
        "settings": [
            {"pointer": one.pointer, "title": one.title, "words": one.words, "before": one.before, "after": one.after}
            for one in change.settings
        ],
        "effect": _effect_json(change.effect, change.lack, limit) if change.effect is not None else None,
    }
    return json.dumps(data, indent=1, ensure_ascii=True, default=str) + "\n"


def _finding(one: Finding) -> dict[str, Any]:
    place = one.location
    return {
        "rule": one.rule,
        "severity": one.severity,
        "message": one.message,
        "subject": one.subject,
        "record": one.record or None,
        "file": place.file or None,
        "line": place.line or None,
        "pointer": place.pointer,
        "fingerprint": one.fingerprint,
        "set_aside": {"by": one.set_aside.by, "name": one.set_aside.name} if one.set_aside else None,
    }


def _effect_json(effect: Effect, lack: int, limit: int) -> dict[str, Any]:
    return {
        "cases": effect.cases,
        "lack": lack,
        "rules": [
            {"rule": one.rule, "severity": one.severity, "newly_fail": list(one.newly_fail), "no_longer_fail": list(one.no_longer_fail)}
            for one in effect.rules
        ],
        "sums": dict(sums(effect, limit)),
        "whose": [
            {
                "sum": SUMS[name],
                "record": one.record,
                "period": "at once" if name in AT_ONCE else "year",
                "before_pence": round(one.before * 100),
                "after_pence": round(one.after * 100),
            }
            for name in SUMS
            for one in sorted(effect.whose.get(name, ()), key=lambda found: found.record)
        ],
        "by_group": [
            {"dimension": dimension, "sum": words, "group": group, "change": said}
            for dimension in DIMENSIONS
            for name, words in SUMS.items()
            for group, said in by_group(effect, dimension, name, limit)
        ],
    }
