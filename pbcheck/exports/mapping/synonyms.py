"""Words by which councils' systems call what the vocabulary calls otherwise: only to suggest, never to decide."""

from __future__ import annotations

FIELDS: dict[str, tuple[str, ...]] = {
    "id": ("person ref", "person id", "client id", "client ref", "case id", "case ref", "service user id", "system id", "la person id"),
    "team": ("locality", "area", "responsible team", "team name"),
    "person.setting": ("accommodation", "lives in", "accommodation status", "living arrangement"),
    "person.funding": ("funding", "funding source", "who pays"),
    "person.capacity_budget": ("capacity", "mental capacity", "capacity money"),
    "person.communication_format": ("preferred format", "format", "accessible information"),
    "assessment.started_on": ("assessment start", "assessment start date", "started"),
    "assessment.completed_on": ("assessment end", "assessment date", "assessment end date", "completed"),
    "assessment.minutes": ("length min", "duration min"),
    "indicative.amount": ("indicative", "indicative budget", "indicative allocation", "ras amount"),
    "indicative.date": ("indicative date", "date of indicative budget"),
    "contribution.amount": ("client contribution", "client contribution pw", "assessed contribution", "assessed charge"),
    "contribution.calculated_on": ("financial assessment date", "fa date"),
    "final.gross": ("gross budget", "final budget", "personal budget", "agreed budget", "total budget"),
    "final.council_amount": ("council share", "la share", "net cost to council"),
    "final.personal_amount": ("client share", "assessed share"),
    "final.starts_on": ("budget start", "budget start date"),
    "final.ends_on": ("budget end", "budget end date"),
    "sign_off.date": ("signed off", "authorised date", "date authorised", "approval date"),
    "sign_off.by_role": ("authorised by", "approver role", "by"),
    "plan.completed_on": ("plan completed", "support plan date"),
    "plan.components.cost": ("cost", "unit cost total", "weekly cost", "line cost"),
    "plan.components.id": ("line no", "line id", "service line"),
    "plan.components.name": ("description", "service", "element"),
    "plan.components.period": ("per", "frequency", "cost frequency"),
    "plan.components.units": ("units", "quantity", "planned units"),
    "plan.components.unit": ("unit", "unit of measure", "uom"),
    "plan.components.unit_rate": ("rate", "unit price", "unit rate"),
    "plan.components.starts_on": ("from", "start date", "line start"),
    "plan.components.ends_on": ("to", "end date", "line end"),
    "plan.components.arrangement": ("agreement",),
    "arrangements.id": ("ref", "agreement id", "agreement ref"),
    "arrangements.label": ("service type", "arrangement type"),
    "arrangements.form": ("delivery mechanism", "budget type"),
    "arrangements.amount": ("value", "agreed amount"),
    "arrangements.period": ("freq", "frequency"),
    "arrangements.starts_on": ("start", "start date"),
    "arrangements.ends_on": ("end", "end date"),
    "arrangements.contract_id": ("contract", "contract ref"),
    "arrangements.holder_kind": ("held by", "budget holder"),
    "statements.from": ("period from", "period start"),
    "statements.to": ("period to", "period end"),
    "statements.issued_on": ("issued", "sent"),
    "statements.opening": ("opening", "balance brought forward"),
    "statements.closing": ("closing", "balance carried forward"),
    "statements.drawdowns.component": ("line", "line no"),
    "payments.date": ("posted", "paid on", "payment date"),
    "payments.amount": ("amt", "amt pence", "payment amount", "net amount"),
    "payments.direction": ("type", "transaction type"),
    "payments.arrangement": ("agreement",),
    "reviews.date": ("review date", "on", "date held"),
    "reviews.control_reviewed": ("control looked at",),
    "account.balances.amount": ("balance",),
}

LISTS: dict[str, tuple[str, ...]] = {
    "plan.components": ("lines", "plan lines", "care plan lines", "services", "service lines", "packages", "package lines", "elements"),
    "arrangements": ("agreements", "service agreements", "budget holders", "direct payments"),
    "payments": ("payment run", "ledger", "transactions"),
    "statements": ("budget statements",),
    "statements.drawdowns": ("movements", "drawdowns", "spending"),
    "reviews": ("events", "review"),
    "assessment.needs": ("needs", "eligible needs"),
    "account.balances": ("balances",),
    "invoices": ("client invoices", "charges"),
    "requests": ("contacts",),
}
"""The names of tables, by the list that they often hold."""

OF_A_PERSON = frozenset(
    {"forename", "surname", "first name", "last name", "name", "dob", "date of birth", "nhs number", "nhs no", "address", "postcode"}
)
"""Headings of what tells who a person is: better left out of an extract."""
