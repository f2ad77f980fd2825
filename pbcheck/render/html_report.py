"""A first HTML report: one self-contained file without scripts or requests, plain and honest."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pbcheck.model import SEVERITIES, Finding, Report, Rule, Tally
from pbcheck.render.words import by_rule, counted, inert, law_lines, place, sections, summary

PLACES = 200
_PROFILES = {
    "ppf": "ppf: the Putting People First advice note as written",
    "cwr": "cwr: Implementing Personal Budgets as written",
    "notes": "notes: both notes as written",
    "today": "today: both notes as far as today's law leaves room",
}


def render(report: Report) -> str:
    """Return the report as an HTML page; a list of more than 200 places says how many it leaves out."""
    groups = sorted(by_rule(report.findings).items(), key=lambda group: (SEVERITIES.index(group[1][0].severity), group[0]))
    text: str = _template().render(
        title=inert(", ".join(report.authorities)) or "documents without an authority",
        summary=summary(report),
        complete=report.complete,
        unread=counted(sum(1 for one in report.findings if one.incomplete), "thing"),
        authorities=inert(", ".join(report.authorities)),
        as_of=report.as_of,
        profile_words=_PROFILES[report.profile],
        version=report.version,
        rulebook=report.rulebook_hash,
        inputs=report.inputs,
        remarks=[inert(one) for one in report.remarks],
        groups=[_group(report, report.rules[name], found) for name, found in groups],
        outcomes=report.outcomes,
        missing=[words for one in report.outcomes for words in _missing(one)],
    )
    return text


def _group(report: Report, rule: Rule, found: list[Finding]) -> dict[str, Any]:
    messages = sorted({inert(one.message) for one in found})
    shown = messages[0] if len(messages) == 1 else f"{counted(len(found), 'place')}; each says what was found there."
    places = [place(one) + (f": {inert(one.message)}" if len(messages) > 1 else "") for one in found[:PLACES]]
    source = "" if rule.built_in else sections(rule)
    more = max(0, len(found) - PLACES)
    return {"rule": rule, "messages": shown, "places": places, "more": more, "source": source, "law": law_lines(rule, report.law)}


def _missing(one: Tally) -> list[str]:
    return [f"{one.rule}: {counted(n, 'record')} without {name}" for name, n in one.missing.items()]


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    return environment.get_template("report.html.j2")
