"""Small numbers stay hidden: an attacker who knows how the numbers add up cannot work one out from what is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.forms import derive
from pbcheck.figures.yearly import POUND
from pbcheck.portfolio.added import Group, Portfolio
from pbcheck.portfolio.grid import ALL, Cell, grid_of
from pbcheck.portfolio.groups import DIMENSIONS, FORM, HOLDER, TEAM, memberships
from pbcheck.portfolio.ranges import settled_by_equations, settled_by_ranges
from pbcheck.portfolio.relations import ABOUT, RELATIONS
from pbcheck.portfolio.rows import LeftOut, Row, portfolio_rows
from pbcheck.portfolio.shares import FIGURES
from pbcheck.portfolio.suppress import PROTECTS, SMALL, suppressed
from pbcheck.portfolio.table import SHARE, SUM, PortfolioFigure
from pbcheck.portfolio.tallies import tally_case
from tests.generated_cases import AS_OF, cases, contracts, policies

pytestmark = pytest.mark.slow

Key = tuple[Group, str]
Equation = dict[Key, Fraction]

MADE = list(cases(900, seed=21))
KNOWN = contracts(MADE)
POLICY = policies()["52"]


def _counted() -> list[tuple[Counter[str], list[Group]]]:
    found = []
    for case in MADE:
        derive(case, KNOWN)
        sheet = Sheet(case, POLICY, KNOWN, case.get("as_of", AS_OF))
        delta = tally_case(sheet)
        found.append((delta, memberships(delta, sheet)))
    return found


COUNTED = _counted()


def portfolio_of(places: Iterable[int]) -> Portfolio:
    portfolio = Portfolio()
    for place in places:
        portfolio.add(*COUNTED[place])
    return portfolio


# The attacker: knows the table of figures and how its numbers add up, and has the rows


def published(rows: list[Row]) -> tuple[dict[Key, Fraction], set[Key]]:
    """Return what the rows show, number by number, and which numbers they keep back."""
    shown: dict[Key, Fraction] = {}
    kept: set[Key] = set()
    by_line = {(figure.name, part): (figure, key) for figure in FIGURES for part, key in figure.parts}
    for row in rows:
        if (row.name, row.part) in by_line:
            for key, value in numbers_of(row, *by_line[row.name, row.part]):
                if value is None:
                    kept.add(((row.dimension, row.group), key))
                else:
                    shown[(row.dimension, row.group), key] = value * POUND if key in ABOUT else value
    for group in {(row.dimension, row.group) for row in rows}:
        for key in KEYS:
            if key.split(".out:")[0] in SHOWN_THEMES and ".out:" in key and (group, key) not in kept:
                shown.setdefault((group, key), Fraction(0))  # a reason that is not listed is nobody's
    return shown, kept - shown.keys()


def numbers_of(row: Row, figure: PortfolioFigure, key: str) -> Iterator[tuple[str, Fraction | None]]:
    """Yield the numbers of one line by key; None for those that are kept back."""
    yield figure.lower, row.denominator
    if figure.kind == SHARE:
        yield key, row.numerator
    elif figure.kind == SUM and (row.value is not None or row.suppressed):
        yield key, row.value
    for theme in figure.out:
        for reason, number in row.left_out:
            if f"{theme}.out:{reason}" in KEYS:
                yield f"{theme}.out:{reason}", None if number is None else Fraction(number)


SHOWN_THEMES = {theme for figure in FIGURES for theme in figure.out}
KEYS = {key for delta, _ in COUNTED for key in delta}


def equations(groups: Iterable[Group], dimensions: Iterable[str]) -> list[list[Key]]:
    """Return the sums that an attacker knows to hold: the first number is the sum of the others."""
    found: list[list[Key]] = []
    groups = list(groups)
    names: set[str] = set()
    nearly = {"form.direct_payment", "form.not_known", "managed.mixed", "managed.managed"}
    for total, parts in RELATIONS:
        keys = [key for part in parts for key in (sorted(one for one in KEYS if one.startswith(part[:-1])) if part[-1] == "*" else [part])]
        names.update([total, *keys])
        if total not in nearly and not keys[0].startswith("holder."):
            found += [[(group, total), *((group, key) for key in keys)] for group in groups]
    for dimension in dimensions:
        values = [group for group in groups if group[0] == dimension]
        if dimension == HOLDER:
            found += [[(ALL, f"holder.{value}"), ((HOLDER, value), "current")] for _, value in values if " " not in value]
        else:
            found += [[(ALL, name), *((group, name) for group in values)] for name in sorted(names | set(ABOUT))]
    return found


def worked_out(shown: Mapping[Key, Fraction], sums: list[list[Key]]) -> dict[Key, Fraction]:
    """Solve the equations for what is not shown, exactly; return every number that has one value only."""
    pivots: dict[Key, tuple[Equation, Fraction]] = {}
    for total, *parts in sums:
        row: Equation = {}
        constant = Fraction(0)
        for key, sign in [(total, 1), *((part, -1) for part in parts)]:
            if key in shown:
                constant -= sign * shown[key]
            else:
                row[key] = row.get(key, Fraction(0)) + sign
        row, constant = reduced({key: value for key, value in row.items() if value}, constant, pivots)
        if not row:
            assert constant == 0, f"what is shown contradicts itself: {total}"
            continue
        lead = next(iter(row))
        made = {key: value / row[lead] for key, value in row.items()}, constant / row[lead]
        for key, (other, there) in list(pivots.items()):
            if lead in other:
                pivots[key] = reduced(other, there, {lead: made})
        pivots[lead] = made
    return {key: constant for key, (row, constant) in pivots.items() if len(row) == 1}


def reduced(row: Equation, constant: Fraction, pivots: Mapping[Key, tuple[Equation, Fraction]]) -> tuple[Equation, Fraction]:
    left = dict(row)
    for key in [one for one in row if one in pivots]:
        factor = left[key]
        other, there = pivots[key]
        for name, value in other.items():
            left[name] = left.get(name, Fraction(0)) - factor * value
        constant -= factor * there
    return {key: value for key, value in left.items() if value}, constant


def attack(portfolio: Portfolio, rows: list[Row], dimensions: tuple[str, ...]) -> dict[Key, Fraction]:
    """Return the numbers that were kept back and can be worked out all the same."""
    shown, kept = published(rows)
    groups = [ALL, *(group for group in sorted(portfolio.groups) if group[0] in dimensions)]
    found = worked_out(shown, equations(groups, dimensions))
    return {key: value for key, value in found.items() if key in kept}


@pytest.mark.parametrize("size", [12, 120, 900])
@pytest.mark.parametrize("dimensions", [(), (TEAM,), DIMENSIONS], ids=["whole", "team", "all four"])
def test_no_number_that_is_kept_back_can_be_worked_out(size: int, dimensions: tuple[str, ...]) -> None:
    portfolio = portfolio_of(range(size))
    rows = portfolio_rows(portfolio, dimensions=dimensions)
    assert attack(portfolio, rows, dimensions) == {}
    assert any(one.suppressed for one in rows)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 899), min_size=1, max_size=120, unique=True), st.sampled_from([3, 5, 10]))
def test_no_number_that_is_kept_back_can_be_worked_out_whatever_the_cases(places: list[int], limit: int) -> None:
    portfolio = portfolio_of(places)
    dimensions = (TEAM, FORM)
    grid = grid_of(portfolio, dimensions)
    hidden = suppressed(grid, limit)
    assert attack(portfolio, portfolio_rows(portfolio, limit=limit, dimensions=dimensions), dimensions) == {}
    for cell, people in grid.people.items():
        assert cell in hidden or not 0 < people < limit
    for total, *parts in [one.cells for one in grid.sums if one.exact]:
        kept = [cell for cell in parts if cell in hidden]
        if kept and total not in hidden:
            assert sum(grid.people[cell] for cell in kept) >= limit


def test_the_attacker_does_find_what_is_hidden_badly() -> None:
    """Hide the small numbers alone: the attack has to succeed, else it shows nothing."""
    portfolio = portfolio_of(range(400))
    rows = portfolio_rows(portfolio, limit=0, dimensions=(TEAM,))
    shown, kept = published(rows)
    assert not kept
    small = {key for key, value in shown.items() if 0 < value < 5 and key[1] not in ABOUT}
    groups = [ALL, *(group for group in sorted(portfolio.groups) if group[0] == TEAM)]
    found = worked_out({key: value for key, value in shown.items() if key not in small}, equations(groups, (TEAM,)))
    assert len(found.keys() & small) > 20
    assert all(found[key] == shown[key] for key in found.keys() & shown.keys())


def test_nothing_small_is_printed() -> None:
    for row in portfolio_rows(portfolio_of(range(400))):
        if row.unit == "percent" and row.name not in ("managed_money", "movement_share"):
            numbers = [row.numerator, row.denominator, *(one.number for one in row.left_out)]
            assert not any(0 < one < 5 for one in numbers if one is not None), (row.name, row.part)
            if row.value is not None and row.numerator is not None and row.denominator is not None:
                assert not 0 < row.denominator - row.numerator < 5, (row.name, row.part)


def test_what_is_kept_back_says_why() -> None:
    portfolio = Portfolio()
    _people(portfolio, 3, "North", "form.direct_payment")
    _people(portfolio, 30, "North", "form.council_account")
    _people(portfolio, 40, "North", "form.mixed")
    rows = {one.part: one for one in portfolio_rows(portfolio, dimensions=()) if one.name == "form_mix"}
    assert rows["direct payment"].text == "suppressed (fewer than 5)"
    assert rows["council account"].text == "suppressed (to protect another number)"
    assert rows["mixed"].text == "54.8%"
    assert rows["not known"].text == "0.0%"
    assert (rows["direct payment"].value, rows["direct payment"].numerator) == (None, None)
    assert {one.text for one in portfolio_rows(portfolio, limit=3, dimensions=()) if one.part == "direct payment"} & {"4.1%"}


def _people(portfolio: Portfolio, times: int, team: str, form: str) -> None:
    for _ in range(times):
        portfolio.add(Counter({"cases": 1, "with_budget": 1, "current": 1, form: 1}), [(TEAM, team)])


def test_a_second_team_is_kept_back_with_the_small_one() -> None:
    portfolio = Portfolio()
    for team, times in (("North", 3), ("South", 20), ("East", 50)):
        _people(portfolio, times, team, "form.direct_payment")
    hidden = suppressed(grid_of(portfolio, (TEAM,)))
    assert hidden[Cell((TEAM, "North"), "cases")] == SMALL
    assert Cell((TEAM, "South"), "cases") in hidden
    assert Cell((TEAM, "East"), "cases") not in hidden
    assert Cell(ALL, "cases") not in hidden


def test_zeros_of_a_group_of_a_few_people_are_kept_back_too() -> None:
    portfolio = Portfolio()
    _people(portfolio, 3, "North", "form.direct_payment")
    for team in ("South", "East"):
        _people(portfolio, 30, team, "form.direct_payment")
        _people(portfolio, 30, team, "form.mixed")
    rows = {(one.group, one.part): one for one in portfolio_rows(portfolio, dimensions=(TEAM,)) if one.name == "form_mix"}
    assert rows["North", "mixed"].text == "suppressed (fewer than 5)"
    assert rows["all", "not known"].text == "0.0%"


def test_two_small_numbers_that_must_both_be_four_are_not_left_to_be_told() -> None:
    """Eight people in two parts that are both labelled as fewer than five: they could only be four and four."""
    portfolio = Portfolio()
    for form, times in (("form.direct_payment", 4), ("form.mixed", 4), ("form.council_account", 30), ("form.council_provided", 40)):
        _people(portfolio, times, "North", form)
    grid = grid_of(portfolio, ())
    small = {cell: SMALL for cell, people in grid.people.items() if 0 < people < 5}
    assert settled_by_ranges(grid, small, 5) == {Cell(ALL, "form.direct_payment"), Cell(ALL, "form.mixed")}
    hidden = suppressed(grid)
    assert settled_by_ranges(grid, hidden, 5) == set()
    assert settled_by_equations(grid, hidden) == set()
    assert {hidden[Cell(ALL, key)] for key in ("form.direct_payment", "form.mixed")} == {PROTECTS}
    assert Cell(ALL, "form.council_account") not in hidden


def test_a_limit_of_nought_shows_everything() -> None:
    assert not any(one.suppressed for one in portfolio_rows(portfolio_of(range(40)), limit=0))


def test_a_sum_of_money_of_a_few_people_is_kept_back() -> None:
    portfolio = Portfolio()
    for taken in [100 * POUND] * 3 + [0] * 40:
        people = {"clawback.taken": taken, "clawback.taken.people": taken > 0, "clawback.taken.not": taken == 0}
        portfolio.add(Counter({"cases": 1, "clawback.in": 1, **people}))
    rows = {one.name: one for one in portfolio_rows(portfolio, dimensions=()) if one.part == "unspent money taken back"}
    assert rows["clawback"].text == rows["clawback_cases"].text == "suppressed (fewer than 5)"
    assert rows["clawback"].value is None


def test_a_return_is_kept_back_like_any_other_number() -> None:
    declared = {"ni130": {"numerator": 12, "denominator": 12, "full_cost_in_numerator": 1, "full_cost_in_denominator": 1}}
    rows = {one.name: one for one in portfolio_rows(Portfolio(), declared, dimensions=())}
    assert rows["ni130_with"].text == "100.0%"
    assert rows["ni130_without"].suppressed == "protects"
    assert rows["ni130_gap"].suppressed == "protects"
    assert {one.number for one in rows["ni130_without"].left_out} == {None}
    assert LeftOut("full-cost payers in the upper part", None) in rows["ni130_without"].left_out


def test_what_is_kept_back_does_not_depend_on_the_order_of_the_cases() -> None:
    places = list(range(300))
    first = portfolio_rows(portfolio_of(places))
    Random(1).shuffle(places)
    assert portfolio_rows(portfolio_of(places)) == first
