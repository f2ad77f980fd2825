"""The registers that travel with the rules: what the notes ask, passage by passage, what the law says, and what only a reader can judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pbcheck.model import Rule
from pbcheck.shipped import shipped


def load(name: str) -> list[dict[str, Any]]:
    """Return the entries of a register: obligations, law, tensions, passages or for_a_reader."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (shipped("rules") / "register" / f"{name}.yaml").read_bytes()
    entries: list[dict[str, Any]] = yaml.load(text, Loader=loader)[name]  # noqa: S506  # a safe loader
    return entries


@dataclass(frozen=True)
class Row:
    """One passage of a note, or one entry of the law: its obligations, and the rules that serve each of them."""

    name: str
    served: Mapping[str, tuple[str, ...]]
    about: str = ""


@dataclass(frozen=True)
class Coverage:
    """Which rules serve which obligations; `open_` are the obligations that no rule serves and no reason explains."""

    rows: tuple[Row, ...]
    explained: Mapping[str, str]
    open_: tuple[str, ...]
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    total: int = 0


def coverage(rules: Mapping[str, Rule], by: str = "passage") -> Coverage:
    """Return how the rules cover the obligations, passage by passage of the notes or entry by entry of the law (`by="law"`)."""
    serving: dict[str, list[str]] = {}
    for rule in rules.values():
        for name in rule.obligations:
            serving.setdefault(name, []).append(rule.id)
    known = [one["id"] for one in load("obligations")]
    explained = {one["obligation"]: one["reason"] for one in load("for_a_reader")}
    rows = []
    if by == "law":
        for one in load("law"):
            rows.append(_row(f"{one['id']} {one['theme']}", one["obligations"], serving, one["relation"]))
    else:
        rows = [_row(one["at"], one["entries"], serving) for one in load("passages")]
    unserved = tuple(name for name in known if name not in serving and name not in explained)
    named = {rule.id: rule.obligations for rule in rules.values() if not rule.built_in}
    return Coverage(tuple(rows), explained, unserved, named, len(known))


def _row(name: str, obligations: list[str], serving: Mapping[str, list[str]], about: str = "") -> Row:
    return Row(name, {one: tuple(sorted(serving.get(one, ()))) for one in obligations}, about)


def law_of(obligations: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the entries of the law register that speak of any of the obligations."""
    return [one for one in load("law") if set(one["obligations"]) & set(obligations)]
