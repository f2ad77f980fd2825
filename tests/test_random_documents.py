"""Schema-valid documents at random, full and sparse: no rule ever errors, and the emitted code and the official evaluator agree."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbcheck import audit
from pbcheck.evaluate import Judge
from pbcheck.expressions.types import Field, messages
from pbcheck.figures.catalogue import figures
from pbcheck.figures.figure import Facts
from pbcheck.figures.forms import derive
from pbcheck.rulebook.book import load_rulebook
from pbcheck.schema.validate import validator

IDS = st.sampled_from(["A1", "A2", "N1", "N2", "O1", "P1", "C-1", "K-1", "none"])
WORDS = st.sampled_from(["A reason", "pending", "law", "hourly rate", "N1", "A1", "P1", "direct_payment", "any"])
DATES = st.dates(min_value=dt.date(2024, 1, 1), max_value=dt.date(2027, 12, 31)).map(str)
MONEY = st.one_of(
    st.integers(0, 2_000_000).map(lambda n: f"{n // 100}.{n % 100:02}"),
    st.integers(0, 20_000),
    st.integers(0, 2_000_000).map(lambda n: Decimal(n) / 100),
)
SPECIAL = {"kind", "id", "authority", "derived", "authority_code"}


def value_of(field: Field, depth: int) -> st.SearchStrategy[Any]:
    if field.repeated:
        one = Field(field.kind, field.message, values=field.values)
        many = st.lists(value_of(one, depth + 1), max_size=3)
        return many.map(unique) if field.kind in ("enum", "text") else many
    simple: dict[str, st.SearchStrategy[Any]] = {
        "bool": st.booleans(),
        "integer": st.integers(0, 60),
        "decimal": st.integers(0, 60_000).map(lambda n: Decimal(n) / 1000),
        "money": MONEY,
        "date": DATES,
        "text": st.one_of(IDS, WORDS),
        "dyn": st.one_of(st.just("any"), st.lists(WORDS, max_size=2)),
    }
    if field.kind == "message":
        made = document(field.message, depth + 1)
    elif field.kind == "enum":
        made = st.sampled_from(field.values)
    elif field.kind == "map":
        value = simple.get(field.message, st.sampled_from(field.values or ("net",)))
        made = st.just({}) if not field.values else st.dictionaries(st.sampled_from(["direct_payment", "mixed"]), value, max_size=2)
    else:
        made = simple[field.kind]
    return st.one_of(st.none(), made) if field.nullable else made


def unique(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


def document(name: str, depth: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    fields = {key: value_of(one, depth) for key, one in messages()[name].items() if key not in SPECIAL}
    fixed: dict[str, st.SearchStrategy[Any]] = {}
    if "id" in messages()[name]:
        fixed["id"] = IDS if depth else st.just("C-1")
    if depth == 0:
        fixed |= {"kind": st.just(name), **({"authority": st.just("Exampleshire")} if "authority" in messages()[name] else {})}
    return st.fixed_dictionaries(fixed, optional=fields)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(case=document("case"), policy=document("policy"), contract=document("contract"), portfolio=document("portfolio"))
def test_no_rule_errors_and_both_evaluators_agree(
    case: dict[str, Any], policy: dict[str, Any], contract: dict[str, Any], portfolio: dict[str, Any]
) -> None:
    contract["id"] = "K-1"
    documents = {"case": case, "policy": policy, "contract": contract, "portfolio": portfolio}
    for kind, data in documents.items():
        assert validator(kind).is_valid(data), validator(kind).violations(data)
    derive(case, {"K-1": contract})
    rulebook = load_rulebook(profile="today")
    for subject, record in documents.items():
        judge = Judge(rulebook.subjects[subject])
        table = figures(subject, Facts(record, policy, {"K-1": contract}, "2026-09-30", {"cases": 40, "with_budget": 30}))
        for index, asked in enumerate(judge.rules.asked):
            ours = judge.look_closer(index, record, policy, table, "2026-09-30")
            theirs = judge.ask_official(index, record, policy, table, "2026-09-30")
            assert [one.outcome for one in ours] == [one.outcome for one in theirs], asked.rule.id
    for data in case.get("arrangements", ()):
        data.pop("derived", None)
    report = audit(*documents.values(), as_of="2026-09-30")
    assert not [one for one in report.findings if report.rules[one.rule].built_in]
    for tally in report.outcomes:
        assert tally.records == report.records[tally.subject]


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(cases=st.lists(document("case"), min_size=1, max_size=4))
def test_cases_without_any_policy(cases: list[dict[str, Any]]) -> None:
    for number, one in enumerate(cases):
        one["id"] = f"C-{number}"
    report = audit(cases)
    assert report.records["case"] == len(cases)
    assert not [one for one in report.findings if one.rule == "rule-error"]
