"""Conditions: what the checker and our lints refuse, and that emitted Python answers as the official evaluator does."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from pbcheck.evaluate import Judge, Ledger, Meeting, Verdict
from pbcheck.expressions import official
from pbcheck.expressions.check import ExpressionFault, Scope, check
from pbcheck.expressions.lint import lint
from pbcheck.expressions.logic import both, either, every, some
from pbcheck.expressions.reads import reads, touches
from pbcheck.expressions.values import message
from pbcheck.figures.catalogue import figures
from pbcheck.figures.dates import days
from pbcheck.figures.figure import Facts
from pbcheck.figures.forms import derive
from pbcheck.model import Outcome
from pbcheck.rulebook.book import load_rulebook
from pbcheck.ruletest import baseline
from pbcheck.source.document import Document
from tests.test_schema import fixture_documents, places

CASE = Scope("case")
REFUSED = [
    ("case.finl.gross > 1", 5, "`finl` is not a field of case. Did you mean `final`?"),
    ("case.final.gros > 1", 11, "Did you mean `gross`?"),
    ('case.final.gross > "12.00"', 17, "`>` does not take a number and text"),
    ("case.final.gross > 1.5", 17, "Amounts are whole pence"),
    ("case.final.gross", 0, "must be true or false"),
    ("csae.id == ''", 0, "`csae` is not known here. Did you mean `case`?"),
    ("case.person.eligible = true", 21, "write `==`"),
    ("case.person.eligible and true", 21, "Write `&&` for and"),
    ("figure.manged", 7, "Did you mean `managed`?"),
    ('case.final.term == "anual"', 19, "Did you mean `annual`?"),
    ('case.arrangements.exists(a, a.derived.form == "dp")', 46, "cannot occur here"),
    ('case.information.exists(i, i.topic in ["drawdon"])', 39, "Did you mean `drawdown`?"),
    ('"wibble" in case.decision.options_considered', 0, "cannot occur here"),
    ('case.sign_off.date < "2026-02-30"', 21, "Expected a date that exists"),
    ('"6 April 2026" <= case.sign_off.date', 0, "Expected a date that exists"),
    ("has(case.final)", 3, "asks for a group of keys"),
    (
        "case.plan.outcomes.all(a, a.needs.all(b, case.plan.outcomes.all(c, c.needs.all(d, d == b))))",
        78,
        "nested deeper than 3",
    ),
]


@pytest.mark.parametrize(("text", "offset", "words"), REFUSED, ids=[one[0][:40] for one in REFUSED])
def test_refused(text: str, offset: int, words: str) -> None:
    try:
        [fault] = lint(check(text, CASE), CASE)
    except ExpressionFault as stopped:
        fault = stopped
    assert words in fault.message
    assert fault.offset == offset


def test_reads_name_every_path_and_the_inputs_of_figures() -> None:
    node = check("case.plan.components.all(c, has(c.cost)) && figure.managed", CASE)
    found = reads(node, {})
    assert ("case", "plan", "components", "*", "cost") in found
    assert ("case", "arrangements", "*", "contract_party") in found
    assert touches(("case", "plan", "components", "*", "cost"), "case", ("plan", "components", 3, "cost"))
    assert touches(("case", "plan", "components", "*", "cost"), "case", ("plan",))
    assert not touches(("case", "plan", "components"), "case", ("final",))
    assert not touches(("policy", "plan"), "case", ("plan",))


def raises_key() -> bool:
    raise KeyError("missing")


def test_logic_absorbs_what_is_missing_where_the_other_side_decides() -> None:
    assert both(raises_key, lambda: False) is False
    assert either(raises_key, lambda: True) is True
    assert every([1, 2], lambda n: raises_key() if n == 1 else False) is False
    assert some([1, 2], lambda n: raises_key() if n == 1 else True) is True
    for call in (
        lambda: both(raises_key, lambda: True),
        lambda: either(raises_key, lambda: False),
        lambda: every([1], lambda n: raises_key()),
        lambda: some([1], lambda n: raises_key()),
    ):
        with pytest.raises(KeyError):
            call()


PIECES = [
    "case.final.gross > 100000",
    "case.final.net <= case.final.gross",
    "case.plan.started_on <= case.plan.completed_on",
    "case.person.complexity != 'standard'",
    "has(case.final.council_amount)",
    "case.plan.components.all(c, c.cost > 0)",
    "case.plan.components.exists(c, c.cost_basis == 'actual' || c.cost == 0)",
    "case.plan.components.filter(c, has(c.cost)).size() > 1",
    "case.information.exists_one(i, i.topic == 'drawdown')",
    "case.assessment.needs.filter(n, n.eligible).all(n, case.plan.outcomes.exists(o, n.id in o.needs))",
    "case.arrangements.exists(a, a.derived.managed)",
    "case.decision.made_by.exists(m, m in ['person', 'representative'])",
    "policy.surplus.recoup in ['never', 'always']",
    "policy.final.cap == null",
    "has(policy.final.cap) && policy.final.cap != null && policy.final.cap < case.final.gross",
    "case.assessment.needs.map(n, n.unmet_hours_per_week).exists(h, h > 5000)",
    "days(case.indicative.date, case.final.confirmed_on) <= 200",
    "case.final.period == 'year' ? case.final.gross > 1000 : case.final.gross > 20",
    "case.id.startsWith('C-')",
    "size(case.reviews) > 0",
    "case.support_started_on >= as_of",
    "figure.managed",
    "case.final.gross - case.final.net >= 0",
    "-1 < size(case.arrangements)",
    "case.sign_off.role.contains('manager')",
    "policy.spending.allowed_categories == 'any'",
    "policy.payments.by_form['direct_payment'] == 'net'",
    "'mixed' in policy.options.uptake_targets && policy.options.uptake_targets['mixed'] > 500",
    "case.reviews[0].date < as_of",
    "case.id.matches('^C-[0-9]+$')",
]


def random_condition(dice: random.Random, depth: int = 0) -> str:
    if depth > 2 or dice.random() < 0.3:
        return dice.choice(PIECES)
    kind = dice.choice(["&&", "||", "!", "?"])
    parts = [random_condition(dice, depth + 1) for _ in range(3)]
    if kind == "!":
        return f"!({parts[0]})"
    if kind == "?":
        return f"(({parts[0]}) ? ({parts[1]}) : ({parts[2]}))"
    return f"(({parts[0]}) {kind} ({parts[1]}))"


def thinned(data: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """Return a copy with some keys and elements taken away: what remains meets the schema's types."""
    made = copy.deepcopy(data)
    for owner, key in dice.sample(list(places(made)), k=min(12, len(list(places(made))))):
        if isinstance(owner, dict):
            owner.pop(key, None)
    return made


def test_emitted_conditions_agree_with_the_official_evaluator() -> None:

    from pbcheck.expressions.emit import Conditions, emit
    from pbcheck.expressions.emitted import load, parts_of

    dice = random.Random(11)
    texts = PIECES + [random_condition(dice) for _ in range(250)]
    conditions = [Conditions(f"r{n}", check(text, CASE)) for n, text in enumerate(texts)]
    names = load(compile(emit("case", conditions), "<test>", "exec"))
    parts = parts_of(names)
    assert len(parts) > 1
    cases = [data for kind, data in fixture_documents() if kind == "case"]
    decided = missing = direct = 0
    for _ in range(25):
        case, policy = thinned(dice.choice(cases), dice), thinned(baseline()["policy"], dice)
        derive(case, {})
        table = figures("case", Facts(case, policy, as_of="2026-09-30"))
        outcomes = bytearray(len(texts))
        lacking: list[tuple[int, str]] = []
        for ask_part in parts:
            ask_part([(case, policy, table, "2026-09-30", outcomes, lacking.append, names["groups_of"](case, policy))])
        values = official.bindings("case", case, policy, table, "2026-09-30")
        for index, text in enumerate(texts):
            expected = ask(text, values)
            if outcomes[index] == 1:
                assert expected is True, text
            if outcomes[index] == 4:
                assert expected is False, text
            if outcomes[index] == 3:
                assert expected == "missing", text
                direct += 1
            if f"exact_{index}" not in names:
                assert "[0]" in text or "matches" in text
                continue
            exact = emitted(names[f"exact_{index}"], case, policy, table)
            if exact != "official":
                assert exact == expected, text
            decided += expected in (True, False)
            missing += expected == "missing"
    assert decided > 2000
    assert missing > 300
    assert direct > 100


def ask(text: str, values: dict[str, Any]) -> object:
    try:
        return official.evaluate(text, values)
    except (KeyError, official.Undecided):
        return "missing"


def emitted(function: Any, case: dict[str, Any], policy: dict[str, Any], table: Any) -> object:
    def verdict(when: Any, expect: Any, unless: Any) -> object:
        try:
            return expect()
        except KeyError:
            return "missing"

    try:
        return function(case, policy, table, "2026-09-30", verdict)[0]
    except TypeError:
        return "official"


@pytest.mark.slow
@pytest.mark.parametrize("subject", ["policy", "case", "contract", "portfolio"])
def test_every_rule_has_the_outcome_that_the_official_evaluator_gives(subject: str) -> None:
    rulebook = load_rulebook(profile="notes")
    judge = Judge(rulebook.subjects[subject])
    dice = random.Random(13)
    documents = [data for kind, data in fixture_documents() if kind == subject]
    policies = [data for kind, data in fixture_documents() if kind == "policy"]
    for _ in range(30):
        record, policy = thinned(dice.choice(documents), dice), thinned(dice.choice(policies), dice)
        if subject == "case":
            derive(record, {})
        table = figures(subject, Facts(record, policy, {}, "2026-09-30", {"cases": 40}))
        ledger = Ledger(judge.width)
        judge.run([Meeting(Document(subject, record), "one", Document("policy", policy), table, "2026-09-30")], ledger)
        for index, asked in enumerate(judge.rules.asked):
            ours = judge.look_closer(index, record, policy, table, "2026-09-30")
            theirs = judge.ask_official(index, record, policy, table, "2026-09-30")
            assert [one.outcome for one in ours] == [one.outcome for one in theirs], asked.rule.id
            assert ledger.rows[index] == max((one.outcome for one in theirs), default=Outcome.NOT_APPLICABLE), asked.rule.id


def test_null_is_stated_as_nil() -> None:
    values = {"policy": message({"final": {"cap": None}}, "policy"), "as_of": "2026-01-01"}
    assert official.evaluate("policy.final.cap == null", values) is True
    with pytest.raises(official.Undecided):
        official.evaluate("policy.final.cap > 5", values)


def test_days_are_plain_differences() -> None:
    assert days("2026-02-28", "2026-03-01") == 1
    assert days("2024-02-28", "2024-03-01") == 2
    assert days("2026-03-01", "2026-03-01") == 0


def test_a_verdict_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Verdict(0).outcome = 1  # type: ignore[misc,assignment,arg-type]  # wrong on purpose: it is frozen


def test_a_rule_that_breaks_makes_the_audit_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    from pbcheck import audit

    def burst(*_: object) -> list[Verdict]:
        raise ZeroDivisionError("Mrs Example")

    monkeypatch.setattr(Judge, "look_closer", burst)
    report = audit({"kind": "policy", "authority": "X", "surplus": {"recoup": "always"}})
    broken = [one for one in report.findings if one.rule == "rule-error"]
    assert broken
    assert "Mrs Example" not in report.to_json()
    assert not report.complete
    assert not any(one.passed and one.cannot_tell for one in report.outcomes)
