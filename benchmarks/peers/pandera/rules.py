"""Twenty-four of the thirty rules as pandera checks, each under a schema of its own over the columns it reads.

A schema over a whole wide table would have pandera write out every column of each row that fails: several times slower. A check sees
one table, so what a rule asks of another section of the case is joined to the rows beforehand (`joined`): that is
pandas' work, and within the time. A row that a rule cannot tell for want of a value passes, as everywhere in pandera.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pandera.pandas as pa

from benchmarks.peers.pandera.tables import Tables

LAWFUL = ["excluded_person", "care_home", "needs_not_suited", "person_not_capable_even_with_help", "authorised_person_unsuitable"]
Rows = pd.DataFrame
Mask = pd.Series


@dataclass(frozen=True)
class Rule:
    """A rule over some columns of a table, and which rows fail it."""

    name: str
    table: str
    columns: str
    fails: Callable[[Rows], Mask]

    def schema(self) -> pa.DataFrameSchema:
        """Return the schema that no failing row meets."""
        check = pa.Check(lambda rows: ~self.fails(rows).fillna(False).astype(bool), name=self.name, ignore_na=False)
        return pa.DataFrameSchema(checks=[check])


def joined(tables: Tables) -> Tables:
    """Return the tables that are checked, with what the rules ask of other tables joined to their rows."""
    cases = tables["cases"]
    recoveries, statements = tables["recoveries"], tables["statements"]
    settled = recoveries[recoveries.calculation_sent_on.notna() & (recoveries.kind.isna() | (recoveries.kind == "closing_balance"))]
    funding = tables["alternative_funding"]
    inside = funding[funding.inside_budget.fillna(False)]
    unclear = funding[funding.inside_budget.isna() | (funding.inside_budget.fillna(False) & funding.amount.isna())]
    cases = cases.assign(
        perhaps_settled=cases.index.isin(settled.case),
        plan_before=tables["plan.superseded"].groupby("case").completed_on.min(),
        inside=inside.groupby("case").amount.sum(),
        inside_number=inside.groupby("case").size(),
        unclear=cases.index.isin(unclear.case),
    )
    drawn = tables["statements.drawdowns"].groupby("owner").amount
    spent = tables["recoveries.items"].groupby("owner").spent_on
    held = {"component": ["plan.completed_on"], "arrangement": ["controls.itemised_accounts_required", "controls.receipts_reason"]}
    told = ["prior_budget.agreed_on", "plan.started_on", "plan_before"]
    return {
        "cases": cases,
        "plan.components": tables["plan.components"].join(cases[held["component"]], on="case"),
        "arrangements": tables["arrangements"].join(cases[held["arrangement"]], on="case"),
        "information": tables["information"].join(cases[told], on="case"),
        "assessment.informal_support": tables["assessment.informal_support"].join(cases[["indicative.informal_hours_deducted"]], on="case"),
        "requests": tables["requests"],
        "budget_changes": tables["budget_changes"],
        "statements": statements.assign(drawn=drawn.sum(), drawn_number=drawn.count()),
        "recoveries": recoveries.assign(last_spent=spent.max(), spent_number=spent.count()),
    }


def rules_for(policy: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Return the rules; what two of them ask of the policy is taken from it here."""
    options, posts = policy["options"], [one.get("role") for one in policy.get("delegation", [])]
    against = []
    if "holders" in options and not options.get("other_arrangements_considered"):
        offered = options["holders"]
        against.append(
            Rule(
                "holder-not-offered-by-policy",
                "arrangements",
                "holder_kind",
                lambda rows: rows.holder_kind.notna() & ~rows.holder_kind.isin(offered),
            )
        )
    if posts and None not in posts:
        role = "sign_off.role"
        against.append(Rule("signing-post-not-in-the-delegation", "cases", role, lambda rows: rows[role].notna() & ~rows[role].isin(posts)))
    return (*RULES, *against)


def differs(column: pd.Series, word: str) -> Mask:
    """Return where another word is stated: a missing word is no other word."""
    return column.notna() & (column != word)


def council_agreed_late(rows: Rows) -> Mask:
    confirmed, agreed = rows["final.confirmed_on"], rows["final.agreed_by_council_on"]
    return (agreed > confirmed) | (agreed.isna() & ~(rows.plan_before <= confirmed) & (rows["sign_off.date"] > confirmed))


def no_steps(rows: Rows) -> Mask:
    confirmed = rows["final.confirmed_on"]
    against = rows["final.disagreement_on"].notna() | rows["decision.objection_recorded_on"].notna()
    steps = (rows["final.agreement_steps"].fillna(0) > 0) & against
    return confirmed.notna() & ~(rows["final.agreed_by_person_on"] <= confirmed) & ~steps


def balance_open(rows: Rows) -> Mask:
    days = (rows["as_of"] - rows["account.closed_on"]).dt.days
    return (days > 92) & rows["account.balance_settled_on"].isna() & ~rows.perhaps_settled


def shares_apart(rows: Rows) -> Mask:
    council = rows["final.council_amount"].fillna(rows["final.net"])
    same = rows["contribution.period"] == rows["final.period"]
    person = rows["final.personal_amount"].fillna(rows["contribution.amount"].where(same.fillna(False)))
    gap = (rows["final.gross"] - council - person - rows.inside.fillna(0)).abs()
    return (gap > rows.inside_number.fillna(0) + 2) & ~rows.unclear


def tied_to_service(rows: Rows) -> Mask:
    basis = rows["contribution.basis"]
    return ~(rows["contribution.amount"] == 0).fillna(False) & basis.notna() & ~basis.isin(["means_and_budget", "service_volume", "flat"])


def assessed_alone(rows: Rows) -> Mask:
    stated = rows["final.confirmed_on"].notna() | rows["final.gross"].notna()
    alone = rows["assessment.mode"].notna() & ~rows["assessment.mode"].isin(["self_directed", "supported_self"])
    return stated & alone & ~rows["assessment.self_assessment"].isin(["offered_and_declined", "not_possible"])


def funded_short(rows: Rows) -> Mask:
    stable = (rows["person.needs_stability"] == "stable") & rows["final.confirmed_on"].notna()
    return stable & ~rows["final.term"].isin(["one_off_grant", "long_term"]) & rows["final.term_reason"].isna()


def no_copy(rows: Rows) -> Mask:
    return rows["plan.completed_on"].notna() & rows["plan.copy_given_on"].isna() & rows["plan.copy_sent_on"].isna()


def itemised(rows: Rows) -> Mask:
    excused = rows["controls.receipts_reason"].isin(["safeguarding_enquiry", "suspected_misuse"])
    return rows["controls.itemised_accounts_required"] & ~excused & differs(rows.holder_kind, "local_authority")


def told_too_soon(rows: Rows) -> Mask:
    early = (rows.topic == "final_value") & (rows.given_on < rows["plan.started_on"])
    return early & rows["prior_budget.agreed_on"].isna() & ~(rows.plan_before <= rows.given_on)


def unasked(rows: Rows) -> Mask:
    deducted = (rows["indicative.informal_hours_deducted"] > 0).fillna(False)
    return differs(rows.basis, "confirmed") & (rows.kind != "non_statutory") & ~deducted


def refused_by_rule(rows: Rows) -> Mask:
    refused = (rows.outcome == "refused") & (rows.ground == "policy_only")
    return refused & ~rows.exception_considered.fillna(False) & ~rows.refusal_ground.isin(LAWFUL)


def cut_unexplained(rows: Rows) -> Mask:
    cut = (rows.to < rows["from"]).fillna(False) | (rows.units_to < rows.units_from).fillna(False)
    again = rows.reassessed_on.notna()
    needs = rows.needs_changed.fillna(False) & again
    return cut & ~needs & ~(again & rows.explanation.notna()) & ~(rows.temporary.fillna(False) & rows.temporary_told_on.notna())


def out_of_balance(rows: Rows) -> Mask:
    whole = rows.drawdowns.notna() & (rows.drawn_number.fillna(0) == rows.drawdowns)
    return whole & ((rows.opening + rows.paid_in - rows.drawn.fillna(0) - rows.closing).abs() > 1)


def questioned_late(rows: Rows) -> Mask:
    by_period = (rows.raised_on - rows.to).dt.days > 366
    every_item = (rows.spent_number > 0) & (rows.spent_number == rows["items"])
    by_items = rows.to.isna() & every_item.fillna(False) & ((rows.raised_on - rows.last_spent).dt.days > 366)
    return (rows.kind == "misuse") & (by_period | by_items)


RULES = (
    Rule(
        "component-without-cost",
        "plan.components",
        "plan.completed_on cost",
        lambda rows: rows["plan.completed_on"].notna() & rows.cost.isna(),
    ),
    Rule("cost-without-a-period", "plan.components", "cost period", lambda rows: rows.cost.notna() & rows.period.isna()),
    Rule(
        "budget-confirmed-after-sign-off",
        "cases",
        "final.confirmed_on sign_off.date",
        lambda rows: rows["final.confirmed_on"] > rows["sign_off.date"],
    ),
    Rule(
        "council-agreed-after-confirmation",
        "cases",
        "final.confirmed_on final.agreed_by_council_on plan_before sign_off.date",
        council_agreed_late,
    ),
    Rule(
        "no-steps-towards-agreement",
        "cases",
        "final.confirmed_on final.agreed_by_person_on final.agreement_steps final.disagreement_on decision.objection_recorded_on",
        no_steps,
    ),
    Rule(
        "final-sum-told-before-planning", "information", "topic given_on plan.started_on prior_budget.agreed_on plan_before", told_too_soon
    ),
    Rule(
        "account-closed-balance-not-settled",
        "cases",
        "as_of account.closed_on account.balance_settled_on perhaps_settled",
        balance_open,
    ),
    Rule("spending-questioned-late", "recoveries", "kind raised_on to items last_spent spent_number", questioned_late),
    Rule(
        "budget-does-not-add-up",
        "cases",
        "final.gross final.council_amount final.net final.personal_amount final.period contribution.amount contribution.period"
        " inside inside_number unclear",
        shares_apart,
    ),
    Rule(
        "contribution-above-maximum",
        "cases",
        "contribution.amount contribution.maximum",
        lambda rows: rows["contribution.amount"] > rows["contribution.maximum"],
    ),
    Rule(
        "budget-cut-unexplained",
        "budget_changes",
        "from to units_from units_to needs_changed reassessed_on explanation temporary temporary_told_on",
        cut_unexplained,
    ),
    Rule("closing-balance-wrong", "statements", "opening paid_in closing drawdowns drawn drawn_number", out_of_balance),
    Rule(
        "estimate-recorded-as-final",
        "cases",
        "indicative.status",
        lambda rows: differs(rows["indicative.status"], "provisional"),
    ),
    Rule("contribution-tied-to-service", "cases", "contribution.amount contribution.basis", tied_to_service),
    Rule(
        "plan-signed-off-by-nobody",
        "cases",
        "sign_off.date sign_off.by_role",
        lambda rows: rows["sign_off.date"].notna() & (rows["sign_off.by_role"] == "automatic"),
    ),
    Rule(
        "assessed-by-a-professional-alone",
        "cases",
        "final.confirmed_on final.gross assessment.mode assessment.self_assessment",
        assessed_alone,
    ),
    Rule("copy-of-plan-not-given", "cases", "plan.completed_on plan.copy_given_on plan.copy_sent_on", no_copy),
    Rule("stable-needs-funded-short", "cases", "person.needs_stability final.confirmed_on final.term final.term_reason", funded_short),
    Rule(
        "no-response-to-risk",
        "cases",
        "person.at_risk social_work_response_on",
        lambda rows: rows["person.at_risk"] & rows["social_work_response_on"].isna(),
    ),
    Rule("refused-by-rule-alone", "requests", "outcome ground exception_considered refusal_ground", refused_by_rule),
    Rule(
        "itemised-accounts-demanded",
        "arrangements",
        "holder_kind controls.itemised_accounts_required controls.receipts_reason",
        itemised,
    ),
    Rule("family-help-written-down-unasked", "assessment.informal_support", "basis kind indicative.informal_hours_deducted", unasked),
)
