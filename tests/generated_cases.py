"""Invented cases for tests and measurements: valid by the schema, varied, and the same for the same seed.

They hold mixed arrangements, arrangements that follow one another, one-offs, short terms, full-cost payers, inputs that are
missing, leap years, every period, ended cases, statements, payments, year ends, recoveries, informal support, hours and
options. Nothing in them is about anybody: texts are fixed words.

    made = list(cases(100, seed=1))     # plain dicts as a JSON file would hold them; forms are not derived yet
    policy = policies()["52"]           # one for each number of weeks in a year, and "none" that states no number
    known = contracts(made)             # the contracts that the arrangements name, with an account for each of them
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

AS_OF = "2026-09-30"
TEAMS = ("North", "South", "East", "West", "Learning disability", "Transitions")
_FIRST, _LAST = date(2022, 4, 1).toordinal(), date(2026, 9, 1).toordinal()
_YEARLY = {"week": Fraction(52), "four_weeks": Fraction(13), "month": Fraction(12), "year": Fraction(1), "one_off": Fraction(1)}
_STEP = {"week": 7, "four_weeks": 28, "month": 30, "year": 28, "one_off": 28}
_PARTIES = {
    "person": ("person", "person"),
    "representative": ("suitable_person", "representative"),
    "trust": ("trust", "trust"),
    "organisation_or_professional": ("organisation", "organisation"),
}
_OPTIONS = ("direct_payment", "council_provided", "council_account", "third_party_account", "mixed", "person", "local_authority")
_LOSABLE = (
    "assessment.completed_on",
    "assessment.needs",
    "contribution",
    "contribution.maximum",
    "contribution.period",
    "decision",
    "final.gross",
    "final.period",
    "final.starts_on",
    "final.confirmed_on",
    "indicative",
    "indicative.basis",
    "indicative.period",
    "person.complexity",
    "person.eligible",
    "person.need_duration",
    "plan",
    "plan.components",
    "plan.council_minutes",
    "payments",
    "statements",
    "arrangements",
    "support_started_on",
    "year_ends",
)


def cases(number: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Yield so many cases; the case at a place depends on the seed and the place only."""
    for index in range(number):
        yield case(index, seed)


def case(index: int, seed: int = 0) -> dict[str, Any]:
    """Return one case."""
    return _Maker(index, seed).make()


def policies() -> dict[str, dict[str, Any]]:
    """Return policies that differ in the number of weeks they state and in how often statements are due, by the number of weeks."""
    frequencies = {"52": "quarterly", "365/7": "monthly", "366/7": "six_monthly", "none": "annual"}
    made = {}
    for weeks, frequency in frequencies.items():
        policy: dict[str, Any] = {
            "kind": "policy",
            "authority": "Exampleshire County Council",
            "money": {"uplift_pct": "3.5"} if weeks == "none" else {"weeks_per_year": weeks, "uplift_pct": None},
            "statements": {"frequency": frequency},
            "reviews": {"interval_months": 12},
            "full_cost_payers": {"ni130_treatment": "both_reported"},
            "rates": [{"service": "Home support", "amount": "24.80", "unit": "hour", "kind": "market", "exception_route": True}],
            "planning": {"target_days": 28},
            "funding_terms": {"available": ["annual", "short_term", "one_off_grant", "long_term"], "review_interval_months": 24},
            "year_end": {"unspent": "discretion"},
        }
        made[weeks] = policy
    return made


def contracts(made: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the contracts that the arrangements of cases name, by id, with an account for each arrangement that states a sum."""
    known: dict[str, dict[str, Any]] = {}
    for one in made:
        for arrangement in one.get("arrangements", ()):
            name = arrangement.get("contract_id")
            if name is None:
                continue
            contract = known.setdefault(name, _contract(name))
            if "amount" in arrangement and "period" in arrangement:
                sums = {"amount": arrangement["amount"], "period": arrangement["period"]}
                contract["accounts"].append({"case_id": one["id"], **sums})
    return dict(sorted(known.items()))


def _contract(name: str) -> dict[str, Any]:
    kind, number = name.split("-")[1], int(name.split("-")[2])
    form = {"SPOT": "spot_under_framework", "BLOCK": "prepaid_block", "FUND": "spot_outside_framework", "HOUSE": "in_house"}[kind]
    contract: dict[str, Any] = {
        "kind": "contract",
        "id": name,
        "purchaser": "council",
        "form": form,
        "prepaid": kind == "BLOCK",
        "signed_on": "2022-01-10",
        "isf_ring_fenced": True,
        "unit_rates": {"hour": f"{24 + number % 3}.80"},
        "buy_in": {"allowed": True, "trigger": "person_request", "purchases": []},
        "accounts": [],
    }
    if kind == "BLOCK":
        contract["block_value"] = "900000.00"
    if kind == "FUND":
        purchases = [{"date": "2026-05-11", "requested_by": "person", "amount": f"{100 + number}.40"}]
        contract["buy_in"]["purchases"] = purchases
    return contract


def pounds(pence: int) -> str:
    """Return pence as the data writes them."""
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"


class _Maker:
    def __init__(self, index: int, seed: int) -> None:
        self.random = Random(f"{seed}:{index}")
        self.index = index
        self.case: dict[str, Any] = {"kind": "case", "id": f"G-{index:06d}"}
        leap = self.chance(1)  # the day whose anniversary is no day in other years
        self.starts = date(2024, 2, 29) if leap else date.fromordinal(self.random.randint(_FIRST, _LAST))
        self.period = self.pick({"year": 45, "week": 25, "four_weeks": 14, "month": 9, "one_off": 7})
        self.gross = self.amount(self.period)
        self.stage = self.pick({"running": 86, "planning": 9, "withdrawn": 5})

    def pick(self, weights: dict[Any, float]) -> Any:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def chance(self, percent: float) -> bool:
        return self.random.random() * 100 < percent

    def day(self, offset: int) -> str:
        return (self.starts + timedelta(days=offset)).isoformat()

    def amount(self, period: str) -> int:
        most = {"week": 95_000, "four_weeks": 380_000, "month": 400_000, "year": 4_900_000, "one_off": 400_000}[period]
        sum_ = self.random.randint(most // 40, most)
        return sum_ // 100 * 100 if self.chance(60) else sum_

    def brought(self, pence: int, period: str, other: str) -> int:
        return int(pence * _YEARLY[period] / _YEARLY[other] + Fraction(1, 2))

    def make(self) -> dict[str, Any]:
        made = self.case
        as_of = self.pick({AS_OF: 84, None: 10, "2024-02-29": 2, "2025-12-31": 4})
        if as_of:
            made["as_of"] = as_of
        team = self.pick({**dict.fromkeys(TEAMS[:4], 20), TEAMS[4]: 8, TEAMS[5]: 0.4, None: 3, "absent": 5})
        if team != "absent":
            made["team"] = team
        self.person()
        self.assessment()
        self.information()
        if self.stage != "withdrawn":
            self.indicative()
            self.plan()
            self.contribution()
        if self.stage == "running":
            self.final()
            self.decision()
            self.arrangements()
            self.before()
            _add_use(self)
        if self.chance(14):
            self.lose()
        return made

    def person(self) -> None:
        person: dict[str, Any] = {"capacity_budget": "has"}
        eligible = self.pick({True: 94, False: 4, None: 2})
        if eligible is not None:
            person["eligible"] = eligible
        duration = "one_off" if self.period == "one_off" else self.pick({"ongoing": 88, "short_term": 9, None: 3})
        if duration:
            person["need_duration"] = duration
        complexity = self.pick({"standard": 60, "complex": 28, "very_complex": 9, None: 3})
        if complexity:
            person["complexity"] = complexity
        person["setting"] = self.pick({"own_home": 70, "family_home": 12, "supported_living": 13, "residential": 5})
        self.case["person"] = person

    def assessment(self) -> None:
        needs = []
        for number in range(1, self.random.randint(2, 5)):
            need: dict[str, Any] = {"id": f"N{number}", "eligible": self.chance(85)}
            hours = self.pick({"none": 55, "null": 10, "some": 35})
            if hours != "none":
                need["unmet_hours_per_week"] = (
                    None if hours == "null" else f"{self.random.randint(1, 28)}.{self.pick({'0': 2, '5': 1, '25': 1})}"
                )
            needs.append(need)
        days = self.random.randint(20, 120)
        self.case["assessment"] = {
            "started_on": self.day(-days - 14),
            "completed_on": self.day(-days),
            "mode": self.pick({"self_directed": 3, "supported_self": 4, "professional_only": 2}),
            "forms": self.random.randint(1, 6),
            "questions": self.random.randint(20, 220),
            "minutes": self.random.randint(40, 480),
            "needs": needs,
        }
        if self.chance(70):
            self.case["assessment"]["financial_forms"] = self.random.randint(0, 2)
        for name in ("forms", "questions", "minutes"):
            if self.chance(6):
                del self.case["assessment"][name]
        support = [self.informal(days) for _ in range(self.pick({0: 60, 1: 30, 2: 10}))]
        if self.chance(85):
            self.case["assessment"]["informal_support"] = support

    def informal(self, days: int) -> dict[str, Any]:
        basis = self.pick({"confirmed": 7, "assumed": 2, "default": 1})
        made = {"kind": self.pick({"informal": 4, "non_statutory": 1}), "basis": basis, "hours_per_week": f"{self.random.randint(1, 20)}.5"}
        if basis == "confirmed" and self.chance(95):
            made["confirmed_on"] = self.day(self.random.randint(-days - 5, -days + 30))
        return made

    def indicative(self) -> None:
        if self.chance(5):
            self.case["indicative"] = {
                "omitted_reason": self.pick({"prior_budget": 1, "agreed_by_other_means": 1, "very_complex": 1, None: 1})
            }
            return
        period = self.period if self.chance(80) or self.period == "one_off" else self.pick({"year": 2, "week": 1})
        same = self.brought(self.gross, self.period, period)
        amount = same if self.chance(14) else same * self.random.randint(85, 118) // 100
        self.case["indicative"] = {
            "date": self.day(-self.random.randint(5, 40)),
            "amount": pounds(amount),
            "basis": "net" if self.chance(7) else "gross",
            "period": period,
            "method": self.pick({"ras": 80, "manual": 10, "prior_budget": 5, "existing_service_cost": 5}),
            "status": "provisional",
        }
        if self.chance(40):
            self.case["indicative"]["informal_hours_deducted"] = f"{self.random.randint(0, 14)}"

    def contribution(self) -> None:
        kind = self.pick({"nil": 42, "part": 44, "full": 6, "undisclosed": 2, "pending": 4, "none": 2})
        if kind == "none":
            return
        period = self.period if self.chance(45) or self.period == "one_off" else self.pick({"week": 5, "four_weeks": 1, "month": 1})
        gross = self.brought(self.gross, self.period, period)
        most = {"nil": 0, "part": gross * self.random.randint(2, 60) // 100, "full": gross + self.random.randint(0, 9_000)}.get(kind)
        made: dict[str, Any] = {"period": period, "basis": "means_and_budget", "collection": self.collection()}
        if most is not None:
            made |= {"assessed_on": self.day(-30), "calculated_on": self.day(-10), "maximum": pounds(most), "declined_disclosure_on": None}
            if self.chance(75):
                made["amount"] = pounds(min(most, gross))
        elif kind == "undisclosed":
            made["declined_disclosure_on"] = self.day(-28)
        if kind in ("full", "undisclosed") and self.chance(90):
            self.case["person"]["funding"] = "full_cost_payer"
        elif kind in ("nil", "part"):
            self.case["person"]["funding"] = "council_funded" if kind == "nil" else "part_funded"
        self.case["contribution"] = made

    def collection(self) -> str:
        return str(self.pick({"netted_off": 5, "invoiced": 4, "paid_to_holder": 2}))

    def final(self) -> None:
        gross = self.gross // 100 if self.gross % 100 == 0 and self.chance(6) else pounds(self.gross)
        final: dict[str, Any] = {"confirmed_on": self.day(-5), "gross": gross, "period": self.period, "starts_on": self.day(0)}
        duration = self.case["person"].get("need_duration")
        term = self.pick({"annual": 60, "long_term": 6, None: 34})
        if self.period == "one_off":
            term = "one_off_grant"
        elif duration == "short_term":
            term = "short_term"
            final["ends_on"] = self.day(self.random.choice((27, 41, 90, 181, 300)))
        if term:
            final["term"] = term
        if self.chance(12):
            inside = self.chance(50)
            sum_ = self.gross * self.random.randint(2, 25) // 100
            self.case["alternative_funding"] = [{"identified_on": self.day(-50), "amount": pounds(sum_), "inside_budget": inside}]
        person = self.person_pays()
        inside_sums = [one for one in self.case.get("alternative_funding", ()) if one["inside_budget"]]
        other = sum(int(one["amount"].replace(".", "")) for one in inside_sums)
        council = max(0, self.gross - person - other)
        if self.chance(80):
            final |= {"council_amount": pounds(council), "personal_amount": pounds(person), "net": pounds(council)}
        if self.chance(3):
            final["council_amount"] = pounds(council + self.random.randint(1, 50_000))
        final["derived_by"] = self.pick({"from_plan": 80, "copied_indicative": 8, "existing_service_cost": 9, "capped": 3})
        final["sufficient_for"] = self.pick({"independent_living": 8, "basic_care": 1, "not_stated": 1})
        self.case["final"] = final

    def person_pays(self) -> int:
        contribution = self.case.get("contribution", {})
        if "maximum" not in contribution:
            return 0
        most = int(contribution["maximum"].replace(".", ""))
        return min(self.gross, self.brought(most, contribution["period"], self.period))

    def decision(self) -> None:
        number = self.pick({0: 8, 1: 12, 4: 50, 7: 30})
        self.case["decision"] = {
            "made_on": self.day(-12),
            "made_by": ["person", "council"],
            "options_considered": list(_OPTIONS[:number]),
            "positive_choice": self.chance(80),
            "agreed_by": self.pick({"person": 8, "representative": 2}),
        }
        chosen = self.random.randrange(4)
        self.case["options"] = [
            {
                "option": _OPTIONS[place],
                "costed_on": self.day(-15),
                "cost": pounds(0 if self.chance(4) else self.gross * self.random.randint(85, 115) // 100),
                "period": self.period,
                "outcome": "chosen" if place == chosen else "not_chosen",
            }
            for place in range(min(4, number))
        ]

    def information(self) -> None:
        told = [("finance_disclosure", -150), ("possible_contribution", -150), ("indicative_value", -18), ("options_for_managing", -15)]
        if self.stage == "withdrawn" or self.chance(3):
            told.append(("may_stop_here", -100))
        made = [{"topic": topic, "given_on": self.day(lead + self.random.randint(-3, 8)), "to": ["person"]} for topic, lead in told]
        self.case["information"] = made

    def plan(self) -> None:
        plan: dict[str, Any] = {
            "started_on": self.day(-30),
            "council_minutes": self.random.randint(0, 90) * 10,
            "approval_stages": self.pick({1: 6, 2: 3, 4: 1}),
        }
        plan["outcomes"] = [{"id": "O1", "kind": "eligible", "needs": ["N1"]}]
        if self.chance(50):
            plan["outcomes"][0]["how_met"] = "By the first item"
        plan["components"] = self.components()
        if self.stage == "running" and self.chance(94):
            plan["completed_on"] = self.day(self.random.randint(-14, -3))
        self.case["plan"] = plan

    def components(self) -> list[dict[str, Any]]:
        made = []
        left = self.gross * self.random.randint(88, 104) // 100
        number = self.random.randint(1, 4)
        needs = [one["id"] for one in self.case["assessment"]["needs"]]
        for place in range(number):
            share = left if place == number - 1 else left * self.random.randint(15, 60) // 100
            left -= share
            period = (
                self.period if self.chance(60) or self.period == "one_off" else self.pick({"week": 3, "month": 2, "year": 2, "one_off": 1})
            )
            made.append(self.component(place, self.brought(share, self.period, period), period, needs))
        return made

    def component(self, place: int, cost: int, period: str, needs: list[str]) -> dict[str, Any]:
        served = self.random.sample(needs, self.random.randint(0 if self.chance(15) else 1, len(needs)))
        made: dict[str, Any] = {
            "id": f"P{place + 1}",
            "category": "home_support",
            "needs": sorted(served),
            "outcomes": ["O1"],
            "period": period,
        }
        if not self.chance(3):
            made["cost"] = pounds(cost)
        made["cost_basis"] = self.pick({"actual": 5, "estimate": 3, "notional": 1})
        if self.chance(45):
            unit = self.pick({"hours_per_week": 7, "visits_per_week": 2, "days_per_week": 2})
            made |= {"units": f"{self.random.randint(1, 20)}.{self.pick({'0': 2, '5': 1})}", "unit": unit}
        if self.chance(8):
            made["starts_on"] = self.day(self.random.randint(0, 200))
        if self.chance(8):
            made["ends_on"] = self.day(self.random.randint(210, 500))
        made["arrangement"] = "external" if self.chance(4) else "A1"
        return made

    def arrangements(self) -> None:
        kind = self.pick({"one": 74, "parts": 15, "three": 3, "follow": 5, "none": 3})
        if kind == "none":
            return
        number = {"one": 1, "parts": 2, "three": 3, "follow": 2}[kind]
        shares = [self.gross] if number == 1 else self.cut(number)
        pays = [0] * number
        pays[0] = self.person_pays()
        made = []
        for place in range(number):
            follows = kind == "follow"
            one = self.arrangement(place, self.gross if follows else shares[place], pays[0] if follows else pays[place])
            if follows:
                one["starts_on" if place else "ends_on"] = self.day(180 + place)
            made.append(one)
        if self.chance(10):
            made[-1]["ends_on"] = self.day(self.random.randint(200, 700))
        self.case["arrangements"] = made

    def cut(self, number: int) -> list[int]:
        first = self.gross * self.random.randint(20, 60) // 100
        return (
            [first, self.gross - first]
            if number == 2
            else [first, (self.gross - first) // 3, self.gross - first - (self.gross - first) // 3]
        )

    def arrangement(self, place: int, amount: int, contribution: int) -> dict[str, Any]:
        form = self.pick({"direct_payment": 36, "council_account": 36, "council_provided": 12, "third_party_account": 13, "unknown": 3})
        made: dict[str, Any] = {"id": f"A{place + 1}", "starts_on": self.day(0), "agent": "none", **self.holder(form)}
        if not self.chance(3):
            made |= {"amount": pounds(amount), "period": self.period}
        if self.chance(85):
            made["contribution"] = pounds(contribution)
        made["pays"] = ("net" if form == "direct_payment" else "gross") if self.chance(85) else self.pick({"net": 1, "gross": 1})
        if form == "direct_payment" and self.chance(5):
            made["agent"] = "council"
        if self.chance(80):
            made["holder_authority_over_money"] = self.chance(30)
        return made

    def holder(self, form: str) -> dict[str, Any]:
        block = self.index // 400
        if form == "direct_payment":
            holder = self.pick({"person": 55, "representative": 30, "trust": 5, "organisation_or_professional": 10})
            return {"holder_kind": holder, "contract_party": self.random.choice(_PARTIES[holder]), "form": form}
        if form == "third_party_account":
            fund = {"contract_id": f"K-FUND-{block}", "called_off_by": "person", "is_isf": self.chance(70)}
            return {"holder_kind": "support_provider", "contract_party": "council", "form": form, **fund}
        if form == "council_provided":
            return {"holder_kind": "local_authority", "contract_party": "council", "form": form, "contract_id": f"K-HOUSE-{block}"}
        made = {"holder_kind": "local_authority", "form": "council_account"}
        if form == "council_account":
            made |= {"contract_party": "council", "contract_id": f"K-{self.pick({'SPOT': 3, 'BLOCK': 1})}-{block}"}
        return made

    def before(self) -> None:
        if self.chance(18):
            cost = self.gross if self.chance(30) else self.gross * self.random.randint(70, 130) // 100
            first = cost * self.random.randint(30, 100) // 100
            made: list[dict[str, Any]] = [
                {"cost": pounds(first), "period": self.period},
                {"cost": pounds(cost - first), "period": self.period},
            ]
            if self.chance(8):
                del made[1]["cost"]
            self.case["existing_services"] = made
            if self.chance(25):
                self.case["conversion_letter_on"] = self.day(-40)
        elif self.chance(85):
            self.case["existing_services"] = []
        if self.case.get("indicative", {}).get("method") == "prior_budget" and self.chance(80):
            self.case["prior_budget"] = {"amount": pounds(self.gross), "agreed_on": self.day(-300), "still_reasonable": True}

    def lose(self) -> None:
        for path in self.random.sample(_LOSABLE, self.random.randint(1, 3)):
            section, _, name = path.partition(".")
            if name:
                self.case.get(section, {}).pop(name, None)
            else:
                self.case.pop(section, None)


# What happened with the budget once it was confirmed


def _add_use(maker: _Maker) -> None:
    """Add what happened with the budget once it was confirmed, up to the end of September 2026."""
    case = maker.case
    if maker.chance(93):
        case["support_started_on"] = maker.day(maker.random.randint(-6, 12))
    else:
        return
    _payments(maker)
    _statements(maker)
    _year_ends(maker)
    _recoveries(maker)
    if maker.chance(70):
        case["reviews"] = [{"date": maker.day(42), "outcomes_checked": ["O1"], "control_reviewed": True, "invited": ["person"]}]
        if maker.chance(40):
            case["reviews"].append({"date": maker.day(380), "outcomes_checked": ["O1"]})
    elif maker.chance(50):
        case["reviews"] = []


def _payments(maker: _Maker) -> None:
    made: list[dict[str, Any]] = []
    for arrangement in maker.case.get("arrangements", ()):
        if not maker.chance(70):
            continue
        to = "to_holder" if arrangement.get("form") == "direct_payment" else "to_provider"
        sum_ = maker.gross if maker.period != "year" else maker.gross // 13
        for number in range(1 if maker.period == "one_off" else maker.random.randint(1, 8)):
            day = maker.day(_STEP[maker.period] * number)
            amount = sum_ if maker.chance(90) else sum_ * maker.random.randint(80, 110) // 100
            made.append({"date": day, "amount": pounds(amount), "arrangement": arrangement["id"], "direction": to})
    if made and maker.chance(12):
        kind = maker.pick({"clawback": 3, "voluntary_return": 2, "error_corrected": 2, "contribution_in": 3})
        sum_ = pounds(maker.random.randint(1_000, 90_000))
        made.append({"date": maker.day(370), "amount": sum_, "arrangement": made[0]["arrangement"], "direction": kind})
    if made or maker.chance(50):
        maker.case["payments"] = made


def _statements(maker: _Maker) -> None:
    made: list[dict[str, Any]] = []
    components = maker.case.get("plan", {}).get("components", ())
    opening, start = 0, maker.starts
    for _ in range(maker.pick({0: 30, 1: 25, 2: 25, 4: 20})):
        end = start + timedelta(days=91)
        paid = maker.gross // 4 if maker.period == "year" else maker.gross * 3
        days = [start + timedelta(days=14 + 28 * number) for number in range(maker.random.randint(0, 3))]
        drawn = [{"component": maker.random.choice(components)["id"], "date": day.isoformat()} for day in days]
        total = 0
        for one in drawn:
            amount = -maker.random.randint(100, 5_000) if maker.chance(4) else paid * maker.random.randint(20, 36) // 100
            one["amount"] = pounds(amount)
            total += amount
        if maker.chance(4):
            drawn = [{**one, "component": "P9"} for one in drawn]
        closing = opening + paid - total
        made.append(
            {
                "from": start.isoformat(),
                "to": end.isoformat(),
                "issued_on": (end + timedelta(days=10)).isoformat(),
                "opening": pounds(opening),
                "paid_in": pounds(paid),
                "drawdowns": drawn,
                "closing": pounds(closing + (500 if maker.chance(3) else 0)),
            }
        )
        opening, start = closing, end + timedelta(days=1 if maker.chance(92) else 15)
    if made or maker.chance(60):
        maker.case["statements"] = made


def _year_ends(maker: _Maker) -> None:
    made = []
    years = (date(2026, 9, 30) - maker.starts).days // 365
    for number in range(1, min(years, 3) + 1):
        if not maker.chance(75):
            continue
        unspent = maker.random.randint(-20_000, 250_000)
        action = maker.pick({"carried_forward": 6, "clawed_back": 2, "offset_next_year": 1, "voluntary_return": 1})
        made.append({"ended_on": maker.day(365 * number - 1), "unspent": pounds(unspent), "action": action})
    if made or maker.chance(70):
        maker.case["year_ends"] = made
    clawed = [one for one in made if one["action"] == "clawed_back" and not one["unspent"].startswith("-")]
    if clawed and "payments" in maker.case and maker.chance(50):  # the same sum, taken by a payment: to be counted once
        paid = {"date": maker.day(400), "amount": clawed[0]["unspent"], "arrangement": "A1", "direction": "clawback"}
        maker.case["payments"].append(paid)


def _recoveries(maker: _Maker) -> None:
    if not maker.chance(7):
        if maker.chance(50):
            maker.case["recoveries"] = []
        return
    kind = maker.pick({"unspent": 4, "misuse": 2, "overpayment": 2, "closing_balance": 2})
    made = {"kind": kind, "amount": pounds(maker.random.randint(2_000, 150_000)), "notified_on": maker.day(300)}
    if maker.chance(75):
        made["taken_on"] = maker.day(330)
    maker.case["recoveries"] = [made]
