# Thirty rules of pbcheck in Rego. A name in `fails` is a rule that the case in `input` breaks; the policy is in `data.policy`.
# A rule that cannot be told for want of a key is not in `fails`, and neither is one that passes: Rego says no more than that.
package pbcheck

# Lists

fails contains "component-without-cost" if {
	input.plan.completed_on
	some component in input.plan.components
	not component.cost
}

fails contains "cost-without-a-period" if {
	some component in input.plan.components
	component.cost
	not component.period
}

fails contains "item-names-unknown-need" if {
	input.assessment.needs
	every need in input.assessment.needs { need.id }
	some component in input.plan.components
	some name in component.needs
	not known_need[name]
}

known_need contains need.id if some need in input.assessment.needs

fails contains "item-names-unknown-arrangement" if {
	input.arrangements
	every arrangement in input.arrangements { arrangement.id }
	some component in input.plan.components
	component.arrangement
	not component.arrangement in {"external", "contingency"}
	not known_arrangement[component.arrangement]
}

known_arrangement contains arrangement.id if some arrangement in input.arrangements

fails contains "eligible-need-not-covered" if {
	input.plan.completed_on
	not budget_over
	input.plan.components
	input.plan.outcomes
	some need in input.assessment.needs
	need.eligible
	not perhaps_covered(need)
}

budget_over if input.final.ends_on < input.as_of

perhaps_covered(need) if {
	some component in input.plan.components
	not without(component, need)
	not over(component)
}

perhaps_covered(need) if {
	some outcome in input.plan.outcomes
	not without(outcome, need)
	outcome.how_met
}

without(item, need) if {
	item.needs
	need.id
	not need.id in item.needs
}

over(component) if component.ends_on < input.as_of

fails contains "needed-referral-not-made" if {
	input.referrals
	some outcome in input.plan.outcomes
	outcome.referral_needed != null
	not perhaps_referred(outcome.referral_needed)
}

perhaps_referred(kind) if {
	some referral in input.referrals
	referral.to_kind == kind
}

perhaps_referred(_) if {
	some referral in input.referrals
	not referral.to_kind
}

# Dates: ISO dates compare as words; days between two are counted by the proleptic calendar

fails contains "budget-confirmed-after-sign-off" if input.final.confirmed_on > input.sign_off.date

fails contains "council-agreed-after-confirmation" if input.final.agreed_by_council_on > input.final.confirmed_on

fails contains "council-agreed-after-confirmation" if {
	input.final.confirmed_on
	not input.final.agreed_by_council_on
	not plan_before(input.final.confirmed_on)
	input.sign_off.date > input.final.confirmed_on
}

plan_before(day) if {
	some version in input.plan.superseded
	version.completed_on <= day
}

fails contains "no-steps-towards-agreement" if {
	input.final.confirmed_on
	not agreed_in_time
	not steps_taken
}

agreed_in_time if input.final.agreed_by_person_on <= input.final.confirmed_on

steps_taken if {
	count(input.final.agreement_steps) > 0
	input.final.disagreement_on != null
}

steps_taken if {
	count(input.final.agreement_steps) > 0
	input.decision.objection_recorded_on != null
}

fails contains "final-sum-told-before-planning" if {
	not input.prior_budget.agreed_on
	some told in input.information
	told.topic == "final_value"
	told.given_on < input.plan.started_on
	not plan_before(told.given_on)
}

fails contains "account-closed-balance-not-settled" if {
	days(input.account.closed_on, input.as_of) > 92
	not input.account.balance_settled_on
	not perhaps_settled
}

perhaps_settled if {
	some recovery in input.recoveries
	recovery.calculation_sent_on
	not other_kind(recovery)
}

other_kind(recovery) if recovery.kind != "closing_balance"

fails contains "spending-questioned-late" if {
	some recovery in input.recoveries
	recovery.kind == "misuse"
	days(recovery.to, recovery.raised_on) > 366
}

fails contains "spending-questioned-late" if {
	some recovery in input.recoveries
	recovery.kind == "misuse"
	not recovery.to
	count(recovery.items) > 0
	every item in recovery.items { days(item.spent_on, recovery.raised_on) > 366 }
}

days(first, last) := day_number(last) - day_number(first)

# March is taken as the first month, so that the day that leap years add is the last of a year.
day_number(text) := number if {
	month := to_number(substring(text, 5, 2))
	shift := floor((14 - month) / 12)
	year := to_number(substring(text, 0, 4)) - shift
	months := (month + (12 * shift)) - 3
	leaps := (floor(year / 4) - floor(year / 100)) + floor(year / 400)
	number := ((to_number(substring(text, 8, 2)) + floor(((153 * months) + 2) / 5)) + (365 * year)) + leaps
}

fails contains "review-leaves-aims-out" if {
	some review in input.reviews
	count(review.outcomes_checked) > 0
	review.date >= input.plan.completed_on
	some outcome in input.plan.outcomes
	outcome.id
	not outcome.id in review.outcomes_checked
}

# Money, in pence

fails contains "budget-does-not-add-up" if {
	every source in input_funding { settled(source) }
	inside := [source.amount | some source in input_funding; source.inside_budget]
	gap := ((input.final.gross - council_share) - personal_share) - sum(inside)
	abs(gap) > count(inside) + 2
}

default input_funding := []

input_funding := input.alternative_funding

settled(source) if source.inside_budget == false

settled(source) if {
	source.inside_budget
	source.amount
}

council_share := input.final.council_amount

council_share := input.final.net if not input.final.council_amount

personal_share := input.final.personal_amount

personal_share := input.contribution.amount if {
	not input.final.personal_amount
	input.contribution.period == input.final.period
}

fails contains "contribution-above-maximum" if input.contribution.amount > input.contribution.maximum

fails contains "budget-cut-unexplained" if {
	some change in input.budget_changes
	is_cut(change)
	not explained(change)
}

is_cut(change) if change.to < change.from

is_cut(change) if change.units_to < change.units_from

explained(change) if {
	change.needs_changed
	change.reassessed_on
}

explained(change) if {
	change.reassessed_on
	change.explanation
}

explained(change) if {
	change.temporary
	change.temporary_told_on
}

fails contains "closing-balance-wrong" if {
	some statement in input.statements
	drawn := [draw.amount | some draw in statement.drawdowns]
	count(drawn) == count(statement.drawdowns)
	abs(((statement.opening + statement.paid_in) - sum(drawn)) - statement.closing) > 1
}

# Words of a list

fails contains "estimate-recorded-as-final" if input.indicative.status != "provisional"

fails contains "contribution-tied-to-service" if {
	not input.contribution.amount == 0
	input.contribution.basis
	not input.contribution.basis in {"means_and_budget", "service_volume", "flat"}
}

fails contains "plan-signed-off-by-nobody" if {
	input.sign_off.date
	input.sign_off.by_role == "automatic"
}

fails contains "assessed-by-a-professional-alone" if {
	budget_stated
	input.assessment.mode
	not input.assessment.mode in {"self_directed", "supported_self"}
	not input.assessment.self_assessment in {"offered_and_declined", "not_possible"}
}

budget_stated if input.final.confirmed_on

budget_stated if input.final.gross

# Presence

fails contains "copy-of-plan-not-given" if {
	input.plan.completed_on
	not input.plan.copy_given_on
	not input.plan.copy_sent_on
}

fails contains "stable-needs-funded-short" if {
	input.person.needs_stability == "stable"
	input.final.confirmed_on
	not input.final.term in {"one_off_grant", "long_term"}
	not input.final.term_reason
}

fails contains "no-response-to-risk" if {
	input.person.at_risk
	not input.social_work_response_on
}

# Across sections, and against the policy

fails contains "holder-not-offered-by-policy" if {
	not data.policy.options.other_arrangements_considered
	some arrangement in input.arrangements
	arrangement.holder_kind
	offered := data.policy.options.holders
	not arrangement.holder_kind in offered
}

fails contains "signing-post-not-in-the-delegation" if {
	input.sign_off.role
	count(data.policy.delegation) > 0
	every post in data.policy.delegation { post.role != input.sign_off.role }
}

fails contains "refused-by-rule-alone" if {
	some request in input.requests
	request.outcome == "refused"
	request.ground == "policy_only"
	not request.exception_considered
	not request.refusal_ground in lawful_grounds
}

lawful_grounds := {
	"excluded_person",
	"care_home",
	"needs_not_suited",
	"person_not_capable_even_with_help",
	"authorised_person_unsuitable",
}

fails contains "itemised-accounts-demanded" if {
	input.controls.itemised_accounts_required
	not input.controls.receipts_reason in {"safeguarding_enquiry", "suspected_misuse"}
	some arrangement in input.arrangements
	arrangement.holder_kind != "local_authority"
}

fails contains "payment-on-another-basis" if {
	some payment in input.payments
	payment.basis
	some arrangement in input.arrangements
	arrangement.id == payment.arrangement
	arrangement.pays != payment.basis
}

fails contains "family-help-written-down-unasked" if {
	not hours_deducted
	some support in input.assessment.informal_support
	support.basis != "confirmed"
	not support.kind == "non_statutory"
}

hours_deducted if input.indicative.informal_hours_deducted > 0
