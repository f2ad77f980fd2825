"""Prepared cases as a council's tables would hold them: one row a case, and a table for each list, with the case it belongs to.

Whether a list is stated at all is a column of the table of cases (`plan.components` counts its elements), since a table without
rows for a case does not say whether the list was empty or absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

DATE, SUM, FLAG, WORD = "datetime64[s]", "Int64", "boolean", "str"
CASES = {
    "as_of": DATE,
    "social_work_response_on": DATE,
    "person.at_risk": FLAG,
    "person.needs_stability": WORD,
    "assessment.mode": WORD,
    "assessment.self_assessment": WORD,
    "prior_budget.agreed_on": DATE,
    "indicative.status": WORD,
    "indicative.informal_hours_deducted": SUM,
    "contribution.amount": SUM,
    "contribution.maximum": SUM,
    "contribution.period": WORD,
    "contribution.basis": WORD,
    "final.confirmed_on": DATE,
    "final.gross": SUM,
    "final.council_amount": SUM,
    "final.personal_amount": SUM,
    "final.net": SUM,
    "final.period": WORD,
    "final.term": WORD,
    "final.term_reason": WORD,
    "final.agreed_by_council_on": DATE,
    "final.agreed_by_person_on": DATE,
    "final.disagreement_on": DATE,
    "final.agreement_steps": SUM,
    "decision.objection_recorded_on": DATE,
    "plan.started_on": DATE,
    "plan.completed_on": DATE,
    "plan.copy_given_on": DATE,
    "plan.copy_sent_on": DATE,
    "sign_off.date": DATE,
    "sign_off.by_role": WORD,
    "sign_off.role": WORD,
    "account.closed_on": DATE,
    "account.balance_settled_on": DATE,
    "controls.itemised_accounts_required": FLAG,
    "controls.receipts_reason": WORD,
}
LISTS = {
    "plan.components": {"cost": SUM, "period": WORD},
    "plan.superseded": {"completed_on": DATE},
    "assessment.informal_support": {"basis": WORD, "kind": WORD},
    "alternative_funding": {"inside_budget": FLAG, "amount": SUM},
    "arrangements": {"holder_kind": WORD},
    "information": {"topic": WORD, "given_on": DATE},
    "requests": {"outcome": WORD, "ground": WORD, "exception_considered": FLAG, "refusal_ground": WORD},
    "budget_changes": {
        "from": SUM,
        "to": SUM,
        "units_from": SUM,
        "units_to": SUM,
        "needs_changed": FLAG,
        "reassessed_on": DATE,
        "explanation": WORD,
        "temporary": FLAG,
        "temporary_told_on": DATE,
    },
    "statements": {"opening": SUM, "paid_in": SUM, "closing": SUM, "drawdowns": SUM},
    "recoveries": {"kind": WORD, "raised_on": DATE, "to": DATE, "calculation_sent_on": DATE, "items": SUM},
    "statements.drawdowns": {"amount": SUM},
    "recoveries.items": {"spent_on": DATE},
}

Tables = dict[str, pd.DataFrame]


def tables(cases: Iterable[Mapping[str, Any]]) -> Tables:
    """Return the tables of prepared cases; `case` numbers the case, and `owner` the row of the list that a list in a list belongs to."""
    rows: dict[str, list[dict[str, Any]]] = {"cases": [], **{name: [] for name in LISTS}}
    for number, case in enumerate(cases):
        rows["cases"].append({path: found(case, path) for path in CASES})
        for name in LISTS:
            if name in ("statements.drawdowns", "recoveries.items"):
                continue
            for one in found(case, name, whole=True) or ():
                for inner in ("drawdowns", "items"):
                    if f"{name}.{inner}" in LISTS:
                        rows[f"{name}.{inner}"] += [{**part, "case": number, "owner": len(rows[name])} for part in one.get(inner, ())]
                rows[name].append({key: counted(one.get(key)) for key in LISTS[name]} | {"case": number})
    made = {"cases": frame(rows["cases"], CASES)}
    for name, columns in LISTS.items():
        keys = {"case": "int64", "owner": "int64"} if "." in name and name.split(".")[0] in LISTS else {"case": "int64"}
        made[name] = frame(rows[name], columns | keys)
    return made


def frame(rows: list[dict[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return rows as typed columns; what is absent is missing."""
    return pd.DataFrame({name: pd.Series([one.get(name) for one in rows], dtype=kind) for name, kind in columns.items()})


def found(case: Mapping[str, Any], path: str, *, whole: bool = False) -> Any:
    """Return what stands at a dotted path, a list as the number of its elements unless `whole`; None where nothing does."""
    value: Any = case
    for step in path.split("."):
        if step not in value:
            return None
        value = value[step]
    return value if whole else counted(value)


def counted(value: Any) -> Any:
    return len(value) if isinstance(value, list) else value
