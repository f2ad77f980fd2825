"""A change as an HTML page: one file without scripts or requests."""

from __future__ import annotations

from functools import cache
from typing import Any

from pbcheck.changes.diff import Change
from pbcheck.changes.effect import DIMENSIONS, LIMIT, SUMS
from pbcheck.changes.formats import aside
from pbcheck.changes.words import by_group, headline, sums
from pbcheck.model import Finding
from pbcheck.render.words import counted, inert


def html(change: Change, limit: int = LIMIT) -> str:
    """Return a change as an HTML page."""
    effect = change.effect
    groups = [
        {"sum": words, "dimension": dimension.replace("_", " "), "rows": rows}
        for dimension in DIMENSIONS
        for name, words in SUMS.items()
        if effect is not None and (rows := [(inert(group), said) for group, said in by_group(effect, dimension, name, limit)])
    ]
    text: str = _template().render(
        old=inert(change.old.name),
        new=inert(change.new.name),
        headline=headline(change),
        incomplete=[one.name for one in (change.old, change.new) if not one.complete],
        lists=[("New findings", _rows(change.findings.new)), ("Resolved findings", _rows(change.findings.resolved))],
        settings=[(inert(one.title), inert(one.words), one.pointer) for one in change.settings],
        effect=effect,
        cases=counted(effect.cases, "case") if effect else "",
        sums=list(sums(effect, limit)) if effect else [],
        groups=groups,
        lack=counted(change.lack, "document") if change.lack else "",
    )
    return text


def _rows(found: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [
        {
            "severity": one.severity,
            "place": f"{inert(one.location.file)}:{one.location.line}" if one.location.line else inert(one.location.file),
            "message": inert(one.message) + aside(one),
            "rule": one.rule,
        }
        for one in found
    ]


@cache
def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(loader=PackageLoader("pbcheck.changes"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("change.html.j2")
