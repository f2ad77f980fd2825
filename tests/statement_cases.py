"""The sample export as plain data, and statements made from it with a few things changed; shared by the tests of statements."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any

from pbcheck.discover import Export
from pbcheck.model import Rule
from pbcheck.opened import Opened, open_export
from pbcheck.plain_data import document_from
from pbcheck.rulebook.book import load_rulebook
from pbcheck.statement.content import statement
from pbcheck.statement.model import Section, Statement
from pbcheck.statement.period import asked_for
from tests.conftest import FIXTURES

ABSENT = object()
Changes = dict[str, Any]


@cache
def sample() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return the policy, the contracts by id and the cases by id of the sample export."""
    opened = open_export([FIXTURES / "compliant"])
    cases = {one.data["id"]: one.data for one in opened.cases()}
    for case in cases.values():
        for arrangement in case["arrangements"]:
            arrangement.pop("derived")
    return opened.policies.whole[0].data, dict(opened.contracts.known), cases


@cache
def rules() -> Mapping[str, Rule]:
    """Return the shipped rules, which name the faults."""
    return load_rulebook().rules


def changed(data: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """Return a copy with values set, or taken out, at dotted paths."""
    made = copy.deepcopy(data)
    for path, value in changes.items():
        *above, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        here: Any = made
        for step in above:
            here = here[step]
        if value is ABSENT:
            del here[last]
        else:
            here[last] = value
    return made


def opened_with(name: str = "C-001", case: Changes | None = None, policy: Changes | None = None, *, no_policy: bool = False) -> Opened:
    """Return an export of one case of the sample, with changes to the case and to the policy."""
    terms, contracts, cases = sample()
    documents = [changed(cases[name], case or {}), *copy.deepcopy(list(contracts.values()))]
    documents += [] if no_policy else [changed(terms, policy or {})]
    return Opened(Export(None), rules(), plain=list(document_from(documents, 1)))


def told(
    name: str = "C-001",
    case: Changes | None = None,
    policy: Changes | None = None,
    *,
    period: str = "last",
    names: bool = False,
    no_policy: bool = False,
) -> Statement:
    """Return the statement of one case of the sample, with changes to the case and to the policy."""
    opened = opened_with(name, case, policy, no_policy=no_policy)
    (document,) = opened.cases()
    return statement(opened, document, asked_for(period), names=names)


def section(found: Statement, name: str) -> Section:
    """Return a section of a statement by its id."""
    return next(one for one in found.sections if one.id == name)


def words(one: Section) -> str:
    """Return all that a section says, but for its short version."""
    parts = [*one.before, *one.after]
    for table in one.tables:
        parts += [table.caption, *(cell for row in table.rows for cell in (*row.cells, row.note))]
    for point in one.points:
        parts += [point.heading, *point.before, *point.items, *point.after, point.source]
    return " ".join(parts)


def gaps(found: Statement) -> tuple[str, ...]:
    """Return what a statement says that it could not show."""
    return tuple(item for point in section(found, "gaps").points for item in point.items)
