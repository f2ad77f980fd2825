"""The invented cases: valid, the same for the same seed, and with everything in them that figures have to deal with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pbcheck.figures.forms import derive
from pbcheck.schema.validate import validator
from tests.generated_cases import case, cases, contracts, policies

MADE = list(cases(1500, seed=11))
KNOWN = contracts(MADE)


@pytest.mark.parametrize("seed", [0, 1, 11])
def test_the_cases_meet_the_schema(seed: int) -> None:
    check = validator("case")
    assert [one["id"] for one in cases(1000, seed) if not check.is_valid(one)] == []


def test_policies_and_contracts_meet_their_schemas() -> None:
    assert set(policies()) == {"52", "365/7", "366/7", "none"}
    assert all(validator("policy").is_valid(one) for one in policies().values())
    assert KNOWN
    assert all(validator("contract").is_valid(one) for one in KNOWN.values())


def test_a_case_depends_on_its_place_and_the_seed_only() -> None:
    assert list(cases(20, seed=11)) == MADE[:20]
    assert case(700, seed=11) == MADE[700]
    assert case(700, seed=12) != MADE[700]


def test_every_contract_that_is_named_is_there() -> None:
    named = {one["contract_id"] for made in MADE for one in made.get("arrangements", ()) if "contract_id" in one}
    assert named == set(KNOWN)


def test_no_text_of_the_data_is_about_a_person() -> None:
    personal = {"holder_name", "name", "reason", "what_matters", "family_views", "text", "source", "provider", "agreed_social_worker"}

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {key for child in value.values() for key in keys(child)}
        return {key for child in value for key in keys(child)} if isinstance(value, list) else set()

    assert not {key for made in MADE for key in keys(made)} & personal


def _final(made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = made.get("final", {})
    return found


def _parts(made: dict[str, Any]) -> list[dict[str, Any]]:
    derive(made, KNOWN)
    found: list[dict[str, Any]] = made.get("arrangements", [])
    return found


WANTED: dict[str, Callable[[dict[str, Any]], bool]] = {
    **{
        f"period {one}": lambda made, one=one: _final(made).get("period") == one
        for one in ("week", "four_weeks", "month", "year", "one_off")
    },
    **{
        f"term {one}": lambda made, one=one: _final(made).get("term") == one
        for one in ("annual", "long_term", "short_term", "one_off_grant")
    },
    "no term": lambda made: "final" in made and "term" not in made["final"],
    "two forms": lambda made: len({one["derived"].get("form") for one in _parts(made)}) > 1,
    "three arrangements": lambda made: len(_parts(made)) == 3,
    "a form that is not known": lambda made: any("form" not in one["derived"] for one in _parts(made)),
    "the council as agent": lambda made: any(one["derived"].get("council_as_agent") for one in _parts(made)),
    "one arrangement after another": lambda made: len({one.get("starts_on") for one in _parts(made)}) > 1,
    "an arrangement that has ended": lambda made: any(one.get("ends_on", "9999") < "2026-09-30" for one in _parts(made)),
    "a full-cost payer": lambda made: made["person"].get("funding") == "full_cost_payer",
    "means not disclosed": lambda made: bool(made.get("contribution", {}).get("declined_disclosure_on")),
    "no final budget": lambda made: "final" not in made,
    "a gross sum missing": lambda made: "final" in made and "gross" not in made["final"],
    "a leap day": lambda made: _final(made).get("starts_on") == "2024-02-29",
    "a leap year": lambda made: "2023-03-01" <= _final(made).get("starts_on", "") <= "2024-02-29",
    "a sum as a number": lambda made: isinstance(_final(made).get("gross"), int),
    "a net estimate": lambda made: made.get("indicative", {}).get("basis") == "net",
    "a refund": lambda made: any(d["amount"].startswith("-") for one in made.get("statements", ()) for d in one["drawdowns"]),
    "an overspent year": lambda made: any(one["unspent"].startswith("-") for one in made.get("year_ends", ())),
    "unspent money taken back": lambda made: any(one["direction"] == "clawback" for one in made.get("payments", ())),
    "a recovery": lambda made: bool(made.get("recoveries")),
    "confirmed help": lambda made: any(one["basis"] == "confirmed" for one in made["assessment"].get("informal_support", ())),
    "hours": lambda made: any(one.get("unmet_hours_per_week") for one in made["assessment"].get("needs", ())),
    "hours that are null": lambda made: any(
        "unmet_hours_per_week" in one and one["unmet_hours_per_week"] is None for one in made["assessment"].get("needs", ())
    ),
    "options": lambda made: len(made.get("options", ())) > 1,
    "a part without a price": lambda made: any("cost" not in one for one in made.get("plan", {}).get("components", ())),
    "a part paid from elsewhere": lambda made: any(one["arrangement"] == "external" for one in made.get("plan", {}).get("components", ())),
    "money from elsewhere": lambda made: bool(made.get("alternative_funding")),
    "a conversion letter": lambda made: "conversion_letter_on" in made,
    "no team": lambda made: "team" not in made,
    "a care home": lambda made: made["person"].get("setting") == "residential",
}


@pytest.mark.parametrize("what", WANTED)
def test_the_cases_hold_what_figures_have_to_deal_with(what: str) -> None:
    assert any(WANTED[what](made) for made in MADE)
