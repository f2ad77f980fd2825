"""What a statement tells: the figures, the period, the view of the balance, the policy's own rules, and what is not known."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import yaml

from pbcheck.errors import UsageError
from pbcheck.figures.quantities import pence
from pbcheck.figures.yearly import PARTS
from pbcheck.statement.amounts import half_up, percent, pounds
from pbcheck.statement.content import statement
from pbcheck.statement.period import Period, asked_for, covered, period_of
from pbcheck.statement.sources import NOTES, PROVISIONS
from tests.conftest import ROOT
from tests.statement_cases import ABSENT, gaps, opened_with, sample, section, told, words

ALL = sorted(sample()[2])


@pytest.mark.parametrize(
    ("parts", "shown"), [(0, "£0.00"), (1400, "£0.01"), (1399, "£0.00"), (-1400, "-£0.01"), (Fraction(4199, 1), "£0.01")]
)
def test_amounts_are_rounded_half_up_away_from_nothing(parts: Any, shown: str) -> None:
    assert pounds(parts) == shown


def test_large_amounts_and_shares_read_well() -> None:
    assert pounds(1_234_567_89 * PARTS) == "£1,234,567.89"
    assert percent(Fraction(2480, 114)) == "21.8%"
    assert [half_up(Fraction(one, 2)) for one in (-3, -1, 1, 3)] == [-2, -1, 1, 2]


TERMS = {"statements": {"frequency": "quarterly"}}
CASE = {"arrangements": [{"starts_on": "2026-03-16"}]}


class TestPeriod:
    def found(self, case: Any, terms: Any, as_of: str | None) -> tuple[str, str] | None:
        period = period_of(case, terms, as_of)
        return (period.first, period.last) if period else None

    @pytest.mark.parametrize(
        ("as_of", "days"),
        [
            ("2026-06-14", ("2026-03-16", "2026-06-14")),  # none has ended: all the days so far
            ("2026-06-15", ("2026-03-16", "2026-06-15")),
            ("2026-09-14", ("2026-03-16", "2026-06-15")),
            ("2026-09-15", ("2026-06-16", "2026-09-15")),
            ("2027-03-15", ("2026-12-16", "2027-03-15")),
        ],
    )
    def test_the_last_period_that_has_ended(self, as_of: str, days: tuple[str, str]) -> None:
        assert self.found(CASE, TERMS, as_of) == days

    @pytest.mark.parametrize(
        ("frequency", "days"),
        [
            ("monthly", ("2026-08-31", "2026-09-29")),
            ("four_weekly", ("2026-09-01", "2026-09-28")),
            ("six_monthly", ("2026-02-28", "2026-08-30")),
            ("annual", ("2025-08-31", "2026-08-30")),
        ],
    )
    def test_every_frequency_counts_from_the_start(self, frequency: str, days: tuple[str, str]) -> None:
        start = "2025-08-31" if frequency != "four_weekly" else "2025-08-05"
        case = {"arrangements": [{"starts_on": start}]}
        assert self.found(case, {"statements": {"frequency": frequency}}, "2026-09-30") == days

    def test_an_arrangement_that_ended_cuts_its_last_period_short(self) -> None:
        case = {"arrangements": [{"starts_on": "2026-03-16", "ends_on": "2026-07-01"}]}
        assert self.found(case, TERMS, "2026-09-30") == ("2026-06-16", "2026-07-01")

    def test_what_runs_counts_before_what_has_ended(self) -> None:
        parts = [{"starts_on": "2025-01-01", "ends_on": "2026-03-15"}, {"starts_on": "2026-03-16"}]
        assert self.found({"arrangements": parts}, TERMS, "2026-06-15") == ("2026-03-16", "2026-06-15")

    def test_without_a_frequency_the_last_statement_on_record_counts(self) -> None:
        case = {**CASE, "statements": [{"from": "2026-04-01", "to": "2026-04-30"}, {"from": "2026-05-01", "to": "2026-05-31"}]}
        assert self.found(case, {}, "2026-06-30") == ("2026-05-01", "2026-05-31")
        assert self.found(case, {}, "2026-05-15") == ("2026-04-01", "2026-04-30")

    def test_nothing_is_made_up_where_nothing_is_recorded(self) -> None:
        assert self.found({}, TERMS, "2026-09-30") is None
        assert self.found(CASE, TERMS, None) is None

    def test_the_end_of_the_calendar_is_no_trap(self) -> None:
        case = {"arrangements": [{"starts_on": "9999-12-01"}]}
        for frequency in ("monthly", "four_weekly", "annual"):
            found = self.found(case, {"statements": {"frequency": frequency}}, "9999-12-31")
            assert found == (("9999-12-01", "9999-12-28") if frequency == "four_weekly" else ("9999-12-01", "9999-12-31"))

    @pytest.mark.parametrize("text", ["2026-04-01", "2026-04-01..", "2026-06-30..2026-04-01", "2026-02-30..2026-04-01", "first", ".."])
    def test_a_period_that_is_none_is_refused(self, text: str) -> None:
        with pytest.raises(UsageError, match=r"FROM\.\.TO"):
            asked_for(text)

    def test_a_gap_between_statements_is_seen(self) -> None:
        spans = [{"from": "2026-04-01", "to": "2026-04-30"}, {"from": "2026-05-02", "to": "2026-06-30"}]
        assert covered({"statements": spans}, Period("2026-04-05", "2026-04-30", ""))
        assert not covered({"statements": spans}, Period("2026-04-05", "2026-06-30", ""))
        assert not covered({"statements": [{"from": "2026-06-30", "to": "2026-04-01"}]}, Period("2026-04-05", "2026-04-30", ""))


class TestBudget:
    def test_council_and_person_share_make_the_whole(self) -> None:
        rows = section(told(), "budget").tables[0].rows
        assert [row.cells for row in rows] == [
            ("The council pays", "£9,320.00"),
            ("You pay", "£2,080.00"),
            ("Your whole budget", "£11,400.00"),
        ]

    def test_a_weekly_budget_is_shown_by_the_week_and_by_the_year(self) -> None:
        table = section(told("C-009"), "budget").tables[0]
        assert table.heads == ("Who pays", "A week", "A year")
        assert [row.cells for row in table.rows] == [
            ("The council pays", "£0.00", "£0.00"),
            ("You pay", "£231.00", "£12,012.00"),
            ("Your whole budget", "£231.00", "£12,012.00"),
        ]
        assert "You pay the full cost" in words(section(told("C-009"), "budget"))

    def test_money_of_others_inside_the_budget_has_a_line_of_its_own(self) -> None:
        other = [{"source": "Independent Living Fund", "amount": "1000.00", "inside_budget": True}]
        found = told(case={"alternative_funding": other})
        rows = {row.cells[0]: row.cells[1] for row in section(found, "budget").tables[0].rows}
        assert rows == {
            "The council pays": "£8,320.00",
            "You pay": "£2,080.00",
            "Others pay": "£1,000.00",
            "Your whole budget": "£11,400.00",
        }
        assert "Independent Living Fund" not in repr(found)

    def test_nothing_to_pay_is_said(self) -> None:
        assert "You do not have to pay anything." in words(section(told("C-010"), "budget"))

    def test_the_form_is_told_by_who_holds_it(self) -> None:
        assert "in an account for you" in words(section(told(), "budget"))
        assert "Someone who acts for you holds it." in words(section(told("C-003"), "budget"))
        assert "A trust holds it for you." in words(section(told("C-004"), "budget"))
        mixed = words(section(told("C-008"), "budget"))
        assert "This part is £10,400.00 a year." in mixed
        assert "This part is £5,200.00 a year." in mixed

    def test_an_unconfirmed_budget_is_said_to_be_one(self) -> None:
        found = told(case={"final.confirmed_on": ABSENT})
        assert "It is not on record that your budget has been confirmed." in words(section(found, "budget"))
        assert "We could not show when your budget was confirmed, because “Final budget confirmed” is not on record." in gaps(found)

    @pytest.mark.parametrize(
        ("final", "said"),
        [
            ({"final.ends_on": "2026-08-31"}, "Your budget ran from 16 March 2026 to 31 August 2026. It has ended."),
            ({"final.starts_on": "2026-11-01"}, "Your budget has not started. It starts on 1 November 2026."),
            ({"final.ends_on": ABSENT}, "Your budget started on 16 March 2026. No end is on record."),
        ],
    )
    def test_a_budget_that_is_over_or_still_to_come_is_said_to_be(self, final: Any, said: str) -> None:
        assert said in words(section(told(case=final), "budget"))

    def test_payments_on_hold_are_said_to_be_without_the_reason(self) -> None:
        held = {"arrangements.0.suspended_on": "2026-09-01", "arrangements.0.suspension_reason": "Missing bank statements"}
        assert "Payments have been on hold since 1 September 2026." in words(section(told(case=held), "budget"))
        assert "Missing bank" not in repr(told(case=held))
        assert "been on hold" not in repr(told(case={**held, "arrangements.0.resumed_on": "2026-09-15"}))

    def test_changes_to_come_are_told(self) -> None:
        coming = {"date": "2026-10-05", "from": "219.23", "to": "190.00", "period": "week", "reason": "She needs less help"}
        found = told(case={"budget_changes": [{**coming, "date": "2026-05-01", "to": "180.00"}, coming]})
        assert "On 5 October 2026 the amount changes from £219.23 to £190.00 a week." in words(section(found, "budget"))
        assert "180.00" not in repr(found)
        assert "less help" not in repr(found)

    @pytest.mark.parametrize(("amount", "told_so"), [("9320.00", False), ("9321.00", False), ("9321.01", True), ("9000.00", True)])
    def test_another_share_on_record_is_shown_beside(self, amount: str, told_so: bool) -> None:
        found = words(section(told(case={"final.council_amount": amount}), "budget"))
        assert ("The council’s record has another amount for what it pays" in found) == told_so

    def test_a_grant_is_paid_once_and_not_by_the_year(self) -> None:
        case = {"final.term": "one_off_grant", "final.period": "one_off", "contribution.maximum": "0.00", "contribution.amount": "0.00"}
        found = told(case=case)
        assert section(found, "budget").tables[0].heads == ("Who pays", "Once")
        assert found.keys[0].words == "for the whole time of your budget"


class TestSupport:
    def test_each_item_has_its_cost_share_and_what_is_left(self) -> None:
        rows = section(told("C-002"), "support").tables[0].rows
        assert rows[0].cells == ("P1, personal assistant", "£175.00 a week", "£9,100.00", "81.4%", "£2,080.00")
        assert rows[-1].cells == ("All together", "", "£11,180.00", "", "")

    def test_an_item_without_a_price_is_not_counted_as_free(self) -> None:
        found = told("C-002", case={"plan.components.1.cost": ABSENT})
        rows = section(found, "support").tables[0].rows
        assert rows[1].cells == ("P2, payroll", *["not known"] * 4)
        assert rows[2].cells[4] == "not known"
        assert rows[-1].cells[2] == "at least £10,660.00"
        assert "We could not show the full cost of your plan, because “Cost of the item” is not on record." in gaps(found)

    def test_names_of_items_are_shown_only_where_asked_for(self) -> None:
        name = sample()[2]["C-001"]["plan"]["components"][0]["name"]
        assert name not in repr(told())
        assert name in repr(told(names=True))

    def test_what_is_paid_from_elsewhere_or_kept_is_said(self) -> None:
        case = {
            "plan.components.1.arrangement": "external",
            "plan.components.2.ends_on": "2026-05-01",
            "plan.components.2.cost_basis": "estimate",
        }
        rows = section(told("C-002", case=case), "support").tables[0].rows
        assert rows[1].note == "paid for in another way, not from your budget"
        assert rows[1].cells[3:] == ("", "")
        assert rows[2].note == "ended on 1 May 2026; the cost is an estimate"
        assert rows[3].note == "kept in reserve"

    def test_a_plan_that_costs_more_or_less_than_the_budget_is_said_to(self) -> None:
        assert "£400.00 a year of your budget free" in words(section(told(case={"plan.components.0.cost": "11000.00"}), "support"))
        assert "£100.00 a year more than your budget" in words(section(told(case={"plan.components.0.cost": "11500.00"}), "support"))

    def test_two_items_of_one_reference_are_not_mixed_up(self) -> None:
        rows = section(told("C-002", case={"plan.components.1.id": "P1"}), "support").tables[0].rows
        assert [row.cells[2:] for row in rows[:2]] == [("not known", "not known", "not known")] * 2


class TestPeriodMoney:
    def test_what_was_drawn_adds_up(self) -> None:
        found = told()
        table = section(found, "drawn").tables[0]
        case = sample()[2]["C-001"]
        drawn = sum(pence(one["amount"]) for one in case["statements"][1]["drawdowns"])
        assert table.rows[-1].cells == ("All together", "", pounds(drawn * PARTS))
        assert [row.cells[1] for row in table.rows[:-1]] == ["P1, home support"] * 3
        assert found.keys[1].amount == "£2,812.00"

    def test_a_period_of_ones_own_takes_what_is_dated_in_it(self) -> None:
        found = told(period="2026-05-01..2026-07-31")
        assert found.keys[1].amount == pounds((931_00 + 950_00 + 950_00) * PARTS)
        assert [row.cells[0] for row in section(found, "drawn").tables[0].rows[:-1]] == ["15 May 2026", "15 June 2026", "15 July 2026"]
        assert section(found, "left").tables == ()  # no whole statement lies in it

    def test_days_without_a_statement_are_not_days_without_spending(self) -> None:
        found = told("C-006")
        assert found.keys[1].amount == "Not known"
        assert gaps(found) == (
            "We could not show what was drawn in this period, because the statements on record do not cover all of these days.",
        )
        assert "The last statement on record ends on 29 June 2026." in words(section(found, "drawn"))

    def test_an_item_that_the_plan_does_not_list_is_no_fault(self) -> None:
        rows = section(told(case={"statements.1.drawdowns.0.component": "P7"}), "drawn").tables[0].rows
        assert rows[0].cells[1] == "P7 (your plan does not list it)"

    def test_payments_of_a_direct_payment_are_listed_and_those_of_an_account_are_not(self) -> None:
        direct = section(told("C-002"), "drawn").tables[0]
        assert direct.caption == "What was paid in this period"
        assert direct.rows[0].cells == ("13 April 2026", "Paid to you", "£720.00")
        assert [table.caption for table in section(told(), "drawn").tables] == ["What was drawn from your budget"]
        assert "Paid to whoever holds the money for you" in words(section(told("C-003"), "drawn"))


class TestBalance:
    def test_an_account_with_the_council_is_told_by_the_year_view(self) -> None:
        found = told()
        assert (found.keys[2].label, found.keys[2].amount) == ("Left of this year’s budget", "£5,757.00")
        assert "This is the year view. We took the whole budget for the year from 16 March 2026 to 15 March 2027." in words(
            section(found, "left")
        )
        assert "The record goes up to 15 September 2026." in words(section(found, "left"))

    def test_a_direct_payment_is_told_by_the_cash_view(self) -> None:
        statements = [
            {
                "from": "2026-04-13",
                "to": "2026-07-12",
                "opening": "0.00",
                "paid_in": "2880.00",
                "closing": "380.00",
                "drawdowns": [{"component": "P1", "date": "2026-06-01", "amount": "2500.00"}],
            }
        ]
        found = told("C-002", case={"statements": statements})
        assert (found.keys[2].label, found.keys[2].amount) == ("Left in your account", "£380.00")
        assert "This is the cash view. We took the money paid in since 13 April 2026." in words(section(found, "left"))

    def test_more_drawn_than_there_is_is_said_without_a_minus(self) -> None:
        found = told(case={"statements.0.drawdowns.0.amount": "9000.00"})
        assert (found.keys[2].label, found.keys[2].amount) == ("Overdrawn", "£2,293.00")
        assert "£2,293.00 more was drawn than this year’s budget." in words(section(found, "left"))

    @pytest.mark.parametrize(
        ("name", "case", "why"),
        [
            ("C-002", {}, "no statement is recorded: what was drawn is not known"),
            ("C-001", {"statements": ABSENT}, "“Budget statements” is not on record"),
            ("C-001", {"statements.0.from": "2026-04-16"}, "the statements on record do not cover all the days since 16 March 2026"),
            ("C-001", {"statements.0.drawdowns.0.amount": ABSENT}, "“Amount drawn” is not on record"),
            ("C-008", {}, "your budget is in more than one part. The record does not say for which part a statement is"),
        ],
    )
    def test_a_balance_that_is_not_sure_is_not_told(self, name: str, case: Any, why: str) -> None:
        found = told(name, case=case)
        assert (found.keys[2].label, found.keys[2].amount) == ("Left", "Not known")
        assert f"We could not show what is left of your budget, because {why}." in gaps(found)
        assert found.lacking

    def test_opening_and_closing_balances_of_the_period(self) -> None:
        (table,) = section(told(), "left").tables
        assert [row.cells for row in table.rows] == [
            ("Left at the start", "£19.00"),
            ("Paid in", "£2,850.00"),
            ("Drawn", "£2,812.00"),
            ("Left at the end", "£57.00"),
        ]

    def test_a_closing_balance_of_the_record_that_differs_is_shown_beside(self) -> None:
        (table,) = section(told(case={"statements.1.closing": "60.00"}), "left").tables
        assert table.rows[-1].cells == ("The council’s record says", "£60.00")

    def test_what_was_left_at_a_year_end_and_what_became_of_it(self) -> None:
        assert "When your last budget year ended on 27 April 2026, £420.00 was left. It was carried into the next year." in words(
            section(told("C-010"), "left")
        )


class TestNextSteps:
    def point(self, heading: str, **kwargs: Any) -> str:
        points = {one.heading: one for one in section(told(**kwargs), "next").points}
        one = points[heading]
        return " ".join((*one.before, *one.items, *one.after, one.source))

    def test_there_is_a_way_for_each_thing_the_person_may_do(self) -> None:
        headings = [one.heading for one in section(told(), "next").points]
        assert headings == [
            *("Change your support", "Choose who holds the money", "Get help"),
            *("Challenge the amount", "Ask for a review", "If money is left"),
        ]

    def test_changes_follow_the_contract_then_the_policy(self) -> None:
        assert "No such risk is on record for you." in self.point("Change your support")
        assert "the contract for your support" in self.point("Change your support")
        policy = {"changes.provider_held_route": "council_approval"}
        assert "The council has to agree" not in self.point("Change your support", name="C-006", policy=policy)
        opened = opened_with("C-006", {"arrangements.0.contract_id": "K-003"}, policy)
        opened.contracts.known["K-003"].pop("changes")
        (case,) = opened.cases()
        found = words(section(statement(opened, case), "next"))
        assert "The council has to agree the change first." in found

    def test_what_a_direct_payment_may_buy(self) -> None:
        free = self.point("Change your support", name="C-002")
        assert "You can buy things that your plan does not list. You do not have to ask the council first." in free
        bound = {"controls.plan_items_only": True, "controls.prior_approval_over": "500.00"}
        narrow = self.point("Change your support", name="C-002", case=bound)
        assert "Your council only lets you buy what your plan lists." in narrow
        assert "more than £500.00 on one thing" in narrow
        assert "CWR-3-7" in narrow

    @pytest.mark.parametrize(
        ("when", "said"), [("any_time", "ask at any time"), ("at_review", "only at a review can you ask"), ("never", "you cannot ask")]
    )
    def test_moving_to_a_managed_budget_is_told_as_the_policy_has_it(self, when: str, said: str) -> None:
        policy = {"options.move_to_managed_full": when, "options.move_to_managed_partial": when}
        found = self.point("Choose who holds the money", name="C-002", policy=policy)
        assert said in found
        assert ("The notes on good practice say that you may ask at any time." in found) == (when != "any_time")

    def test_a_managed_budget_can_become_a_direct_payment(self) -> None:
        found = self.point("Choose who holds the money")
        assert "The law says that you get one if four conditions are met." in found
        assert "Care Act 2014, section 31(1) and (2)" in found
        assert "four conditions" not in self.point("Choose who holds the money", name="C-002")

    def test_only_services_that_are_there_are_named(self) -> None:
        found = self.point("Get help", policy={"support_services.0.status": "planned"})
        assert "Been There" not in found
        assert "Our Say: an organisation run by people who use support. You can go to them yourself. The council pays." in found

    @pytest.mark.parametrize(
        ("heading", "path", "said", "instead"),
        [
            ("Get help", "support_services", "does not say who can help you", "Care Act 2014, section 4"),
            ("Challenge the amount", "appeals", "does not say how to challenge the amount", "national guidance, paragraph 11.24"),
            ("Ask for a review", "reviews", "does not say how often plans are reviewed", "national guidance, paragraph 13.32"),
            ("If money is left", "surplus", "goes into your next year", "CWR-3-10"),
        ],
    )
    def test_where_the_policy_is_silent_that_is_said_and_the_law_or_the_notes_speak(
        self, heading: str, path: str, said: str, instead: str
    ) -> None:
        found = self.point(heading, policy={path: ABSENT})
        assert said in found
        assert instead in found

    def test_a_council_without_a_way_to_challenge_says_so(self) -> None:
        assert "there is no published way" in self.point("Challenge the amount", policy={"appeals.route": False})

    def test_money_that_is_taken_back_is_said_to_be(self) -> None:
        found = self.point("If money is left", policy={"surplus.recoup": "always", "surplus.agreed_saving_exempt": False})
        assert "The council takes back money that is left." in found
        assert "The notes on good practice say that you may keep money back" in found
        assert "account" in self.point("If money is left", policy={"surplus.tiers": [{"applies_to": ["isf"], "recoup": "never"}]})

    def test_the_councils_own_document_is_named_where_it_is_known(self) -> None:
        assert "Exampleshire Personal Budgets Policy 2026, section 9" in self.point("If money is left")

    def test_without_a_policy_nothing_is_said_about_what_it_holds(self) -> None:
        found = told(no_policy=True)
        assert "policy does not say" not in repr(found)
        assert "We could not look up who can help you." in words(section(found, "next"))
        assert "We did not have your council’s policy" in words(section(found, "about"))
        assert "your council’s policy (" not in repr(found)


class TestSources:
    REGISTER = ROOT / "rules" / "register"

    def test_every_provision_stands_in_the_register_of_law(self) -> None:
        law = {one["id"]: one for one in yaml.safe_load((self.REGISTER / "law.yaml").read_text())["law"]}
        for one in PROVISIONS.values():
            assert (one.instrument, one.provision) in {(p["instrument"], p["provision"]) for p in law[one.entry]["provisions"]}

    def test_every_passage_stands_in_the_register_of_obligations(self) -> None:
        known = {one["id"] for one in yaml.safe_load((self.REGISTER / "obligations.yaml").read_text())["obligations"]}
        assert {passage for passages in NOTES.values() for passage in passages} <= known


class TestWhatCouldNotBeRead:
    def test_a_refused_part_warns_and_nothing_is_counted_from_it(self) -> None:
        found = told(case={"statements.1.drawdowns.0.amount": "lots"})
        assert "Part of your record could not be read." in found.warning
        assert "Budget statements" in found.warning
        assert [key.amount for key in found.keys] == ["£11,400.00", "Not known", "Not known"]

    def test_a_refused_part_of_the_policy_is_not_taken_for_silence(self) -> None:
        found = told(policy={"appeals.route": "perhaps"})
        assert "Part of your council’s policy could not be read." in found.warning
        assert "We could not look up how to challenge the amount." in words(section(found, "next"))

    def test_a_date_that_is_not_known_leaves_out_what_needs_it(self) -> None:
        found = told(case={"as_of": ABSENT})
        assert found.recorded == "a date that is not known"
        assert any("the date of the record is not known" in one for one in gaps(found))
        assert found.keys[0].amount == "£11,400.00"


@pytest.mark.parametrize("name", ALL)
def test_no_name_of_anybody_is_in_a_statement(name: str) -> None:
    from pbcheck.schema.store import at, load

    policy, _, cases = sample()
    found = repr(told(name))
    values = [one for one in personal(load("case"), cases[name], ()) if one not in repr(policy)]  # what the council itself publishes
    assert len(values) > 5
    assert [one for one in values if one in found] == []
    assert at(load("case"), ("plan", "components", 0, "name")).get("x-personal") is True


def personal(schema: Any, here: Any, path: tuple[str | int, ...]) -> list[str]:
    """Return the personal values of a record that are long enough to be no common word."""
    from pbcheck.schema.store import at

    if isinstance(here, dict):
        return [one for key, value in here.items() for one in personal(schema, value, (*path, key))]
    if isinstance(here, list) and not at(schema, path).get("x-personal"):
        return [one for number, value in enumerate(here) for one in personal(schema, value, (*path, number))]
    if not at(schema, path).get("x-personal"):
        return []
    return [str(one) for one in (here if isinstance(here, list) else [here]) if one is not None and len(str(one)) > 12]


def test_what_is_known_is_the_same_for_whoever_asks_twice() -> None:
    assert told("C-008") == told("C-008")
