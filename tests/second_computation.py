"""A second computation of the budget figures: plain fractions of pounds, written apart from the first, to be compared with it.

`second(case, policy, contracts, as_of)` gives for each figure a Fraction, a text, a truth value, a dict of such, `UNKNOWN`,
`NOT_APPLICABLE`, or `("at least", Fraction)`. It shares no code with the figures; only the derived forms are taken as given.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

UNKNOWN = "unknown"
NOT_APPLICABLE = "not applicable"
WEEKS = {"52": Fraction(52), "365/7": Fraction(365, 7), "366/7": Fraction(366, 7)}
MONTHS = {"monthly": 1, "quarterly": 3, "six_monthly": 6, "annual": 12}
DAY = timedelta(days=1)
Row = dict[str, Any]


class Missing(Exception):
    """A value that the figure needs is not there."""


class NotApplicable(Exception):
    """The figure does not apply to the case."""


def need(row: Row, name: str) -> Any:
    value = row.get(name)
    if value is None:
        raise Missing(name)
    return value


def money(row: Row, name: str) -> Fraction:
    return Fraction(str(need(row, name)))


def day(row: Row, name: str) -> date | None:
    return date.fromisoformat(row[name]) if row.get(name) else None


def months_on(start: date, months: int) -> date:
    """The same day so many months on, or the last day of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def near(one: date | None, other: date | None) -> bool:
    """Whether two dates are at most 365 days apart; a missing date is no reason to count a sum twice."""
    return one is None or other is None or abs((one - other).days) <= 365


def span_days(first: date, last: date) -> int:
    return max(0, (last - first).days + 1)


class Second:
    """One case with its policy and contracts on one day; a method for each figure."""

    def __init__(self, case: Row, policy: Row, contracts: dict[str, Row], as_of: str) -> None:
        self.case, self.policy, self.contracts, self.today = case, policy, contracts, date.fromisoformat(as_of)
        self.weeks = WEEKS[(policy.get("money") or {}).get("weeks_per_year") or "52"]

    def part(self, name: str) -> Row:
        return self.case.get(name) or {}

    def many(self, name: str) -> list[Row]:
        rows: list[Row] = need(self.case, name)
        return rows

    # Bringing sums from one period to another

    def yearly(self, amount: Fraction, period: str, weeks: Fraction | None = None) -> Fraction:
        weeks = weeks or self.weeks
        return amount * {"week": weeks, "four_weeks": weeks / 4, "month": Fraction(12)}.get(period, Fraction(1))

    def a_year(self, row: Row, name: str, weeks: Fraction | None = None) -> Fraction:
        return self.yearly(money(row, name), need(row, "period"), weeks)

    def brought(self, amount: Fraction, period: str, other: str) -> Fraction:
        if period != other and "one_off" in (period, other):
            raise Missing("a sum paid once has no rate")
        return self.yearly(amount, period) / self.yearly(Fraction(1), other)

    # Budget years

    def years(self) -> Iterator[tuple[date, date]]:
        """First and last day of each budget year from the start of the budget on."""
        first = anchor = date.fromisoformat(need(self.part("final"), "starts_on"))
        ends = sorted(day(one, "ended_on") or date.min for one in self.case.get("year_ends") or ())
        number = 1
        while first.year < 2100:
            last = months_on(anchor, 12 * number) - DAY
            recorded = [one for one in ends if first <= one <= last]
            if recorded:
                last, anchor, number = recorded[0], recorded[0] + DAY, 0
            yield first, last
            first, number = last + DAY, number + 1

    def year_of(self, moment: date) -> tuple[date, date]:
        for first, last in self.years():
            if first <= moment <= last:
                return first, last
        raise NotApplicable("before the first budget year")

    def for_days(self, amount: Fraction, period: str, first: date, last: date) -> Fraction:
        """What falls to a span of days; a sum paid once counts whole."""
        if period in ("week", "four_weeks"):
            return amount * span_days(first, last) / {"week": 7, "four_weeks": 28}[period]
        if period == "one_off":
            return amount
        total, rate = Fraction(0), amount * (12 if period == "month" else 1)
        for start, end, days in self.years_over(first, last):
            total += rate * span_days(max(start, first), min(end, last)) / days
        return total

    def years_over(self, first: date, last: date) -> Iterator[tuple[date, date, int]]:
        """The years that a span touches, with the days of their twelve months; before the budget began, years are counted back."""
        begins = date.fromisoformat(need(self.part("final"), "starts_on"))
        back = 1
        while months_on(begins, 12 - 12 * back) > first:
            start, after = months_on(begins, -12 * back), months_on(begins, 12 - 12 * back)
            yield start, after - DAY, (after - start).days
            back += 1
        for start, end in self.years():
            if start > last:
                return
            yield start, end, (months_on(start, 12) - start).days

    # Amounts of the budget

    def running(self) -> list[Row]:
        rows = self.many("arrangements")
        now = [one for one in rows if (day(one, "starts_on") or date.min) <= self.today and (day(one, "ends_on") or date.max) >= self.today]
        latest = max((day(one, "ends_on") or date.max for one in rows), default=None)
        return now or [one for one in rows if (day(one, "ends_on") or date.max) == latest]

    def yearly_amounts(self) -> Row:
        rows = [("indicative", self.part("indicative"), "amount"), ("final", self.part("final"), "gross")]
        rows.append(("contribution", self.part("contribution"), "amount"))
        rows += [(named("arrangement", one, at), one, "amount") for at, one in enumerate(self.case.get("arrangements") or (), 1)]
        rows += [(named("component", one, at), one, "cost") for at, one in enumerate(self.part("plan").get("components") or (), 1)]
        made = {label: self.a_year(row, name) for label, row, name in rows if row.get(name) is not None and row.get("period")}
        if not made:
            raise Missing("any amount")
        return made

    def year_so_far(self) -> Fraction:
        final = self.part("final")
        start = date.fromisoformat(need(final, "starts_on"))
        if start > self.today:
            raise NotApplicable("not started")
        if (day(self.part("final"), "ends_on") or date.max) < date.fromisoformat(self.part("final")["starts_on"]):
            raise NotApplicable("it ends before it starts")
        amount, period = money(final, "gross"), need(final, "period")
        until = min(self.today, day(final, "ends_on") or date.max)
        if until < start:
            return Fraction(0)
        first, _ = self.year_of(until)
        if period == "one_off":
            return amount if first == start else Fraction(0)
        return self.for_days(amount, period, max(first, start), until)

    def gross_indicative(self) -> Fraction:
        row = self.part("indicative")
        if row.get("amount") is None and row.get("omitted_reason"):
            raise NotApplicable("excused")
        amount = self.a_year(row, "amount")
        if need(row, "basis") == "gross":
            return amount
        return amount + self.contribution_a_year()

    def gross_final(self) -> Fraction:
        final = self.part("final")
        amount = money(final, "gross")
        if final.get("term") == "one_off_grant":
            return amount
        period = need(final, "period")
        if final.get("term") == "short_term":
            starts, ends = (date.fromisoformat(need(final, name)) for name in ("starts_on", "ends_on"))
            return self.for_days(amount, period, starts, ends)
        return self.yearly(amount, period)

    def contribution(self) -> Fraction:
        row, final = self.part("contribution"), self.part("final")
        if not row.get("declined_disclosure_on"):
            if row.get("maximum") is None:
                return money(row, "amount")
            if money(row, "maximum") == 0:
                return Fraction(0)
        gross = self.brought(money(final, "gross"), need(final, "period"), need(row, "period"))
        return gross if row.get("declined_disclosure_on") else min(money(row, "maximum"), gross)

    def contribution_by(self, period: str) -> Fraction:
        amount = self.contribution()
        return self.brought(amount, need(self.part("contribution"), "period"), period) if amount else amount

    def contribution_a_year(self) -> Fraction:
        amount = self.contribution()
        return self.yearly(amount, need(self.part("contribution"), "period")) if amount else amount

    def net(self) -> Fraction:
        final = self.part("final")
        paid = self.contribution_by(need(final, "period"))
        other = [one for one in self.case.get("alternative_funding") or () if need(one, "inside_budget")]
        return max(Fraction(0), money(final, "gross") - paid - sum(money(one, "amount") for one in other))

    def net_by_arrangement(self) -> Row:
        rows = self.running()
        if len(rows) < 2:
            raise NotApplicable("one part")
        places = self.many("arrangements")
        return {
            named("arrangement", one, places.index(one) + 1): max(Fraction(0), money(one, "amount") - money(one, "contribution"))
            for one in rows
        }

    def alternative_funding(self) -> Row:
        made = {"inside the budget": Fraction(0), "outside the budget": Fraction(0)}
        for one in self.many("alternative_funding"):
            side = "inside the budget" if need(one, "inside_budget") else "outside the budget"
            made[side] += self.yearly(money(one, "amount"), need(self.part("final"), "period"))
        return made

    def indicative_to_final(self) -> Row:
        before = self.gross_indicative()
        change = self.gross_final() - before
        return {"a year": change} | ({"share": change / before * 100} if before else {})

    def split(self) -> Row:
        rows = self.running()
        if not rows:
            raise NotApplicable("no arrangement")
        parts = sum((self.a_year(one, "amount") for one in rows), Fraction(0))
        made = {"parts": parts, "parts less the whole": parts - self.a_year(self.part("final"), "gross")}
        if all(one.get("contribution") is not None for one in rows):
            borne = sum((self.a_year(one, "contribution") for one in rows), Fraction(0))
            whole = self.contribution_a_year()
            made |= {"contributions": borne, "contributions less the whole": borne - whole}
        return made

    def managed_share(self) -> Row:
        rows = self.running()
        if not rows:
            raise NotApplicable("no arrangement")
        managed = [bool(need(one["derived"], "managed")) for one in rows]
        made: Row = {"person": "mixed" if len(set(managed)) == 2 else "managed" if managed[0] else "direct payment"}
        if all(one.get("amount") is not None and one.get("period") for one in rows):
            sums = [self.a_year(one, "amount") for one in rows]
            if sum(sums):
                made["by money"] = sum(one for one, is_managed in zip(sums, managed, strict=True) if is_managed) / sum(sums) * 100
        return made

    def holder_shortfall(self) -> Any:
        rows, sure, open_ = self.running(), Fraction(0), False
        if self.part("contribution").get("collection") == "paid_to_holder":
            return sure
        for one in rows:
            if one["pays"] != "net" or one["holder_kind"] in ("person", "local_authority") or one["holder_authority_over_money"]:
                continue
            if one.get("contribution") is not None and (one.get("period") or not money(one, "contribution")):
                sure += self.yearly(money(one, "contribution"), one.get("period") or "year")
            elif len(rows) == 1:
                sure += self.contribution_a_year()
            else:
                open_ = True
        whole = self.contribution_a_year() if open_ else Fraction(0)
        return {"sure": sure, "possible, at most": whole} if whole else sure

    # The plan

    def components(self) -> list[tuple[str, Row]]:
        rows: list[Row] = need(self.part("plan"), "components")
        return [(named("component", one, at), one) for at, one in enumerate(rows, 1)]

    def paid_components(self) -> list[tuple[str, Row]]:
        return [(label, one) for label, one in self.components() if one.get("arrangement") != "external"]

    def plan_cost(self) -> Any:
        rows = [one for _, one in self.paid_components()]
        priced = [one for one in rows if is_priced(one)]
        total = sum((self.a_year(one, "cost") for one in priced), Fraction(0))
        return total if len(priced) == len(rows) else ("at least", total)

    def plan_headroom(self) -> Fraction:
        cost = self.plan_cost()
        if isinstance(cost, tuple):
            raise Missing("cost")
        return self.gross_final() - Fraction(cost)

    def eligible_needs(self) -> dict[str, bool | None]:
        return {one.get("id", ""): one.get("eligible") for one in need(self.part("assessment"), "needs")}

    def eligible_cost(self) -> Row:
        eligible, made = self.eligible_needs(), {"eligible needs": Fraction(0), "broader aims only": Fraction(0)}
        for _, one in self.paid_components():
            served = [eligible.get(name, False) for name in need(one, "needs")]
            serves = True in served
            if not serves and None in served:
                raise Missing("eligible")
            made["eligible needs" if serves else "broader aims only"] += self.a_year(one, "cost")
        return made

    def sufficiency_gap(self) -> Fraction:
        return max(Fraction(0), self.eligible_cost()["eligible needs"] - self.gross_final())

    def eligible_cover(self) -> Fraction:
        if None in self.eligible_needs().values():
            raise Missing("eligible")
        wanted = {name for name, eligible in self.eligible_needs().items() if eligible}
        if not wanted:
            raise NotApplicable("no eligible need")
        met: set[str] = set()
        for _, one in self.components():
            if (day(one, "ends_on") or date.max) >= self.today:
                met |= set(one.get("needs") or ())
        for one in self.part("plan").get("outcomes") or ():
            met |= set(one.get("needs") or ()) if one.get("how_met") else set()
        return Fraction(len(wanted & met), len(wanted)) * 100

    def draw_share(self) -> Row:
        left = gross = self.gross_final()
        made, known = {}, True
        if not gross:
            raise NotApplicable("nothing to draw on")
        for label, one in self.paid_components():
            if not is_priced(one):
                known = False
                continue
            cost = self.a_year(one, "cost")
            made[f"{label}: share"] = cost / gross * 100
            left -= cost
            if known:
                made[f"{label}: left after it"] = left
        if not made:
            raise Missing("cost")
        return made

    def alternative_difference(self) -> Row:
        rows = self.many("options")
        chosen = [one for one in rows if one.get("outcome") == "chosen"]
        others = [(at, one) for at, one in enumerate(rows, 1) if one.get("outcome") != "chosen" and is_priced(one)]
        if not chosen or not others:
            raise NotApplicable("nothing to compare")
        cost = self.a_year(chosen[0], "cost")
        return {f"option {at}": self.a_year(one, "cost") - cost for at, one in others}

    def converts_match(self) -> bool:
        if self.part("prior_budget").get("agreed_on") and self.part("indicative").get("method") == "prior_budget":
            raise NotApplicable("carried on")
        services = self.many("existing_services")
        if not services:
            raise NotApplicable("no services before")
        uplift = Fraction(str((self.policy.get("money") or {}).get("uplift_pct") or 0))
        for weeks in (Fraction(52), Fraction("52.14"), Fraction(365, 7), Fraction("52.18"), Fraction(366, 7)):
            before = sum(self.a_year(one, "cost", weeks) for one in services)
            gross = self.a_year(self.part("final"), "gross", weeks)
            if any(abs(gross - cost) <= 1 for cost in (before, before * (1 + uplift / 100))):
                return True
        return False

    # Hours and effort

    def informal_deduction(self) -> Row:
        row = self.part("indicative")
        hours = money(row, "informal_hours_deducted")
        before = need(row, "date") if hours else ""
        for one in need(self.part("assessment"), "informal_support") if hours else ():
            if one.get("basis") == "confirmed" and need(one, "confirmed_on") <= before:
                hours -= money(one, "hours_per_week")
        hours = max(Fraction(0), hours)
        rates = {money(one, "amount") for one in self.policy.get("rates") or () if one.get("unit") == "hour"}
        for one in self.case.get("arrangements") or ():
            stated = (self.contracts.get(one.get("contract_id", "")) or {}).get("unit_rates") or {}
            rates |= {money(stated, "hour")} if "hour" in stated else set()
        return {"hours": hours} | ({"at the hourly rate": hours * self.weeks * rates.pop()} if len(rates) == 1 else {})

    def hours_assessed(self) -> Fraction:
        rows = [one for one in need(self.part("assessment"), "needs") if one.get("unmet_hours_per_week") is not None]
        stated = [money(one, "unmet_hours_per_week") for one in rows if need(one, "eligible")]
        if not stated:
            raise NotApplicable("no hours")
        return sum(stated, Fraction(0))

    def hours_planned(self) -> Row:
        made: Row = {}
        for _, one in self.components():
            if one.get("unit") != "hours_per_week":
                continue
            for label in ("in all", *(f"need {name}" for name in one.get("needs") or ())):
                made[label] = made.get(label, Fraction(0)) + money(one, "units")
        if not made:
            raise NotApplicable("no hours")
        return made

    def review_gap(self) -> Row:
        start = date.fromisoformat(need(self.part("final"), "starts_on"))
        if start > self.today:
            raise NotApplicable("not started")
        held = [date.fromisoformat(need(one, "date")) for one in self.many("reviews")]
        since = max([start, *(one for one in held if one <= self.today)])
        gap = next(number for number in range(1, 2000) if months_on(since, number) > self.today) - 1
        interval = (self.policy.get("reviews") or {}).get("interval_months") or 12
        return {"months": gap, "interval for outcomes": interval, "overdue for outcomes": max(0, gap - interval)}

    def burden(self) -> Row:
        row = self.part("assessment")
        made = {name: row[name] for name in ("forms", "questions", "minutes") if row.get(name) is not None}
        if not made:
            raise Missing("forms")
        if "forms" in made and (row.get("financial_forms") or 0) >= 1:
            made["forms"] -= 1
        return made

    def planning_effort(self) -> Row:
        row = self.part("plan")
        made: Row = {"minutes": row.get("council_minutes"), "stages": row.get("approval_stages")}
        made = {label: value for label, value in made.items() if value is not None}
        if not made:
            raise Missing("council_minutes")
        if made.get("stages"):
            gross = result(self.gross_final)
            made |= {} if isinstance(gross, str) else {"gross budget a stage": gross / made["stages"]}
        return made

    def days_to_support(self) -> int:
        if not self.case.get("support_started_on"):
            raise NotApplicable("not started")
        done = need(self.part("assessment"), "completed_on")
        return (date.fromisoformat(self.case["support_started_on"]) - date.fromisoformat(done)).days

    # The account

    def paid_to_date(self) -> Row:
        rows, payments = self.many("arrangements"), self.many("payments")
        if not rows:
            raise NotApplicable("no arrangement")
        made: Row = {}
        for at, one in enumerate(rows, 1):
            label, alone = named("arrangement", one, at), len(rows) == 1
            try:
                due = self.due(one, alone)
                mine = [row for row in payments if row.get("arrangement") == one.get("id") or (alone and row.get("arrangement") is None)]
                paid = self.paid(mine)
            except Missing:
                continue
            made |= {f"{label}: paid": paid, f"{label}: due": due, f"{label}: paid less due": paid - due}
        if not made:
            raise Missing("what was due")
        return made

    def paid(self, payments: list[Row]) -> Fraction:
        signs = {"to_holder": 1, "to_provider": 1, "clawback": -1, "error_corrected": -1}
        counted = [one for one in payments if need(one, "direction") in signs and need(one, "date") <= self.today.isoformat()]
        return sum((money(one, "amount") * signs[one["direction"]] for one in counted), Fraction(0))

    def due(self, row: Row, alone: bool) -> Fraction:
        start = date.fromisoformat(need(row, "starts_on"))
        until = min(self.today, day(row, "ends_on") or date.max)
        if row.get("amount") is not None or not alone:
            amount, period = money(row, "amount"), need(row, "period")
        else:
            amount, period = money(self.part("final"), "gross"), need(self.part("final"), "period")
        less, rate = Fraction(0), period
        if need(row, "pays") == "net":
            if row.get("contribution") is not None or not alone:
                less, rate = money(row, "contribution"), need(row, "period")
            else:
                less, rate = money(self.part("contribution"), "amount"), need(self.part("contribution"), "period")
        if start > until:
            return Fraction(0)
        return self.for_days(amount, period, start, until) - self.for_days(less, rate, start, until)

    def of_each_statement(self, what: Callable[[Row], Fraction]) -> Row:
        rows = self.many("statements")
        if not rows:
            raise NotApplicable("no statement")
        whole = [bool(one.get("from") and one.get("to")) for one in rows]
        return {
            f"{one['from']} to {one['to']}" if is_whole else f"statement {at}": what(one)
            for at, (one, is_whole) in enumerate(zip(rows, whole, strict=True), 1)
        }

    def drawn(self) -> Row:
        return self.of_each_statement(lambda one: drawn_in(one, date.fromisoformat(need(one, "from")), date.fromisoformat(need(one, "to"))))

    def closing(self) -> Row:
        return self.of_each_statement(
            lambda one: money(one, "opening") + money(one, "paid_in") - sum(money(row, "amount") for row in need(one, "drawdowns")),
        )

    def drawn_between(self, first: date, last: date) -> Fraction:
        if not any((day(one, "from") or first) <= last and (day(one, "to") or last) >= first for one in self.many("statements")):
            raise Missing("a statement about these days")
        return sum((drawn_in(one, first, last) for one in self.many("statements")), Fraction(0))

    def carried_into(self, first: date) -> Fraction:
        ended = [one for one in self.case.get("year_ends") or () if day(one, "ended_on") == first - DAY]
        return sum((money(one, "unspent") for one in ended if one.get("action") == "carried_forward"), Fraction(0))

    def gross_of_year(self, first: date, last: date) -> Fraction:
        final = self.part("final")
        begins = date.fromisoformat(need(final, "starts_on"))
        since, until = max(first, begins), min(last, day(final, "ends_on") or date.max)
        if final.get("term") == "one_off_grant" or need(final, "period") == "one_off":
            amount = money(final, "gross")
            return amount if since <= begins <= until else Fraction(0)
        if since == first and until == months_on(first, 12) - DAY and final.get("term") != "short_term":
            return self.gross_final()
        amount = money(final, "gross")
        return self.for_days(amount, final["period"], since, until) if since <= until else Fraction(0)

    def remaining(self) -> Row:
        if self.case.get("statements") == []:
            raise NotApplicable("no statement")
        rows = self.many("statements")
        if not self.many("arrangements"):
            raise NotApplicable("no arrangement")
        if date.fromisoformat(need(self.part("final"), "starts_on")) > self.today:
            raise NotApplicable("not started")
        if (day(self.part("final"), "ends_on") or date.max) < date.fromisoformat(self.part("final")["starts_on"]):
            raise NotApplicable("it ends before it starts")
        forms = {need(one["derived"], "form") for one in self.many("arrangements")}
        first, last = self.year_of(min(self.today, day(self.part("final"), "ends_on") or date.max))
        drawn = self.drawn_between(first, min(self.today, last))
        made = {}
        if forms - {"direct_payment"}:
            made["year view"] = self.gross_of_year(first, last) + self.carried_into(first) - drawn
        if "direct_payment" in forms:
            since = [one for one in rows if first <= date.fromisoformat(need(one, "from")) <= self.today]
            made["cash view"] = sum(money(one, "paid_in") for one in since) + self.carried_into(first) - drawn
        return made

    def statement_cover(self) -> Row:
        policy = self.policy.get("statements") or {}
        frequency = need(policy, "frequency")
        if frequency == "on_request" or (frequency == "none" and (day(policy, "target_date") or date.min) >= self.today):
            raise NotApplicable("none is due")
        rows = [(at, one) for at, one in enumerate(self.many("arrangements"), 1) if one["derived"].get("managed")]
        if not rows:
            raise NotApplicable("none is managed")
        covered = {
            date.fromordinal(number)
            for one in self.many("statements")
            for number in range(date.fromisoformat(need(one, "from")).toordinal(), date.fromisoformat(need(one, "to")).toordinal() + 1)
        }
        made = {}
        for at, one in rows:
            start = date.fromisoformat(need(one, "starts_on"))
            last = self.last_due(start, day(one, "ends_on") or date.max, frequency)
            if last is not None and last >= start:
                inside = sum(start <= moment <= last for moment in covered)
                made[named("arrangement", one, at)] = Fraction(inside, span_days(start, last)) * 100
        if not made:
            raise NotApplicable("none is due yet")
        return made

    def last_due(self, start: date, ends: date, frequency: str) -> date | None:
        """The last day of the last statement period that is due; periods are counted from the start."""
        if frequency == "none":
            return min(self.today, ends)
        found = None
        for number in range(1, 2000):
            after = start + 28 * number * DAY if frequency == "four_weekly" else months_on(start, MONTHS[frequency] * number)
            last = min(after - DAY, ends)
            if last + 28 * DAY > self.today:
                return found
            found = last
            if last == ends:
                return found
        return found

    def unspent(self) -> Row:
        rows = self.many("year_ends")
        if not rows:
            raise NotApplicable("no year end")
        made = {}
        for one in rows:
            ended = need(one, "ended_on")
            if one.get("unspent") is not None:
                made[f"{ended}: recorded"] = money(one, "unspent")
            try:
                if ended >= need(self.part("final"), "starts_on"):
                    first, last = self.year_of(date.fromisoformat(ended))
                    drawn = self.drawn_between(first, last)
                    made[f"{ended}: worked out"] = self.gross_of_year(first, last) + self.carried_into(first) - drawn
            except Missing:
                continue
        if not made:
            raise Missing("unspent")
        return made

    def clawback(self) -> Row:
        if all(self.case.get(name) is None for name in ("payments", "year_ends", "recoveries")):
            raise Missing("payments")
        payments, year_ends, recoveries = (self.case.get(name) or [] for name in ("payments", "year_ends", "recoveries"))
        taken = [(day(one, "date"), money(one, "amount")) for one in payments if one.get("direction") == "clawback"]
        total = sum((amount for _, amount in taken), Fraction(0))
        asked = ("clawed_back", "offset_next_year")
        others = [(day(one, "ended_on"), money(one, "unspent")) for one in year_ends if one.get("action") in asked]
        rows = [one for one in recoveries if one.get("kind") == "unspent" and one.get("taken_on")]
        others += [(day(one, "taken_on"), money(one, "amount")) for one in rows]
        for moment, amount in others:
            same = [one for one in taken if one[1] == amount and near(one[0], moment)]
            if same:
                taken.remove(same[0])
            elif amount > 0:
                total += amount
        return {"taken back": total} | self.not_counted(payments, recoveries)

    def not_counted(self, payments: list[Row], recoveries: list[Row]) -> Row:
        asides = [(one, "direction") for one in payments if one.get("direction") in ("voluntary_return", "error_corrected")]
        asides += [(one, "kind") for one in recoveries if one.get("kind") in ("misuse", "overpayment", "closing_balance")]
        made: Row = {}
        for one, what in asides:
            label = "not counted: " + one[what].replace("_", " ")
            made[label] = made.get(label, Fraction(0)) + money(one, "amount")
        return made


def named(kind: str, row: Row, place: int) -> str:
    return f"{kind} {row.get('id') or place}"


def is_priced(row: Row) -> bool:
    return row.get("cost") is not None and bool(row.get("period"))


def drawn_in(statement: Row, first: date, last: date) -> Fraction:
    rows = need(statement, "drawdowns")
    return sum((money(one, "amount") for one in rows if first <= date.fromisoformat(need(one, "date")) <= last), Fraction(0))


def result(figure: Callable[[], Any]) -> Any:
    """The figure, or in words that it is unknown or does not apply."""
    try:
        return figure()
    except Missing:
        return UNKNOWN
    except NotApplicable:
        return NOT_APPLICABLE


NAMES = (
    *("yearly_amounts", "year_so_far", "gross_indicative", "gross_final", "contribution", "net", "net_by_arrangement"),
    *("alternative_funding", "indicative_to_final", "split", "managed_share", "holder_shortfall", "plan_cost", "plan_headroom"),
    *("sufficiency_gap", "eligible_cost", "eligible_cover", "draw_share", "alternative_difference", "converts_match"),
    *("informal_deduction", "hours_assessed", "hours_planned", "paid_to_date", "drawn", "closing", "remaining", "statement_cover"),
    *("unspent", "clawback", "review_gap", "burden", "planning_effort", "days_to_support"),
)


def second(case: Row, policy: Row, contracts: dict[str, Row], as_of: str) -> Row:
    """Every figure of a case by name, computed a second time. Forms are derived already."""
    facts = Second(case, policy, contracts, as_of)
    made = {name: result(getattr(facts, name)) for name in NAMES if name != "holder_shortfall" or facts_of_holders(case)}
    return made | {"council_share": made["net"]}


def facts_of_holders(case: Row) -> bool:
    """Whether every arrangement says what the shortfall of a holder hangs on; else the figures may say it as they like."""
    asked = ("holder_authority_over_money", "pays", "holder_kind")
    return all(one.get(name) is not None for one in case.get("arrangements") or () for name in asked)
