"""The decision table indicative_absent over its whole input space: no gap, no dead row, and what a plain reading of it says."""

from __future__ import annotations

from itertools import product

from pbcheck.figures.figure import Facts
from pbcheck.figures.indicative_absent import CASE, INPUTS, RESULTS, ROWS, decide, estimate_absent, matches

SPACE = [dict(zip(INPUTS, values, strict=True)) for values in product(*INPUTS.values())]


def reading(one: dict[str, str | bool | None]) -> str:
    """Return what the table means, read line by line."""
    if one["estimate_made"]:
        return "made"
    if one["reason"] == "prior_budget":
        if not one["budget_agreed"] or one["still_reasonable"] is False:
            return "contradicted"
        return "prior_budget" if one["still_reasonable"] else "not_backed"
    if one["reason"] == "agreed_by_other_means":
        return "agreed_by_other_means"
    if one["reason"] == "very_complex":
        if one["complexity"] is None:
            return "not_backed"
        return "very_complex" if one["complexity"] == "very_complex" else "contradicted"
    return "no_reason" if one["planning_begun"] else "not_yet_due"


def recorded(one: dict[str, str | bool | None]) -> dict[str, dict[str, object]]:
    """Return a case that has these inputs on record."""
    found: dict[str, dict[str, object]] = {"indicative": {}, "prior_budget": {}, "person": {}, "plan": {}}
    for name, section, key, value in (
        ("estimate_made", "indicative", "amount", "10800.00"),
        ("reason", "indicative", "omitted_reason", one["reason"]),
        ("budget_agreed", "prior_budget", "agreed_on", "2025-03-03"),
        ("still_reasonable", "prior_budget", "still_reasonable", one["still_reasonable"]),
        ("complexity", "person", "complexity", one["complexity"]),
        ("planning_begun", "plan", "started_on", "2026-02-13"),
    ):
        if one[name] is not None and (one[name] is not False or name == "still_reasonable"):
            found[section][key] = value
    return {section: keys for section, keys in found.items() if keys}


def test_the_inputs_cover_every_value() -> None:
    assert len(SPACE) == 2 * 4 * 2 * 3 * 4 * 2
    for row, _ in ROWS:
        assert all(value in INPUTS[name] for name, value in row.items())


def test_no_label_and_no_form_is_an_input() -> None:
    assert not {"label", "form"} & INPUTS.keys()
    assert not [path for path in CASE["estimate_absent"].reads if path.endswith((".label", ".form"))]


def test_there_is_no_gap() -> None:
    assert [one for one in SPACE if not any(matches(row, one) for row, _ in ROWS)] == []


def test_there_is_no_dead_row() -> None:
    first = {next(number for number, (row, _) in enumerate(ROWS) if matches(row, one)) for one in SPACE}
    assert first == set(range(len(ROWS)))


def test_the_table_says_what_a_plain_reading_says() -> None:
    for one in SPACE:
        assert decide(*one.values()) == reading(one), one
    assert {reading(one) for one in SPACE} == set(RESULTS)


def test_the_figure_takes_its_inputs_from_the_record() -> None:
    for one in SPACE:
        assert estimate_absent(Facts(recorded(one))) == reading(one), one
    assert estimate_absent(Facts({"indicative": {"omitted_reason": None}, "plan": {"started_on": "2026-02-13"}})) == "no_reason"
