"""What a council declares of its portfolio: the return for National Indicator 130, and numbers that the cases give too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from pbcheck.figures.figure import EMPTY, Data, Unknown
from pbcheck.figures.planning_effort import median
from pbcheck.figures.quantities import pence
from pbcheck.figures.yearly import PARTS
from pbcheck.portfolio.grid import number
from pbcheck.portfolio.table import COUNT, DAYS, MINUTES, PERCENT, POINTS, POUNDS, in_words
from pbcheck.portfolio.words import in_pounds, shown

_FIELDS = {
    "return.upper": "numerator",
    "return.lower": "denominator",
    "return.upper.full_cost": "full_cost_in_numerator",
    "return.lower.full_cost": "full_cost_in_denominator",
}
_DIFFERENCES = {
    "return.upper.others": ("return.upper", "return.upper.full_cost"),
    "return.lower.others": ("return.lower", "return.lower.full_cost"),
    "return.rest": ("return.lower", "return.upper"),
    "return.rest.full_cost": ("return.lower.full_cost", "return.upper.full_cost"),
    "return.rest.others": ("return.lower.others", "return.upper.others"),
}
_WITH, _WITHOUT = ("return.upper", "return.lower"), ("return.upper.others", "return.lower.others")
_TITLE = "National Indicator 130: people with self-directed support"


class Declared(NamedTuple):
    """A line about a declared number: `cells` are the keys it rests on, `share` its upper and lower part, `out` who is left out by key."""

    figure: str
    name: str
    title: str
    part: str
    value: Fraction | None
    unit: str
    cells: tuple[str, ...]
    share: tuple[int, int] | None = None
    out: tuple[tuple[str, str], ...] = ()
    note: str = ""
    of_return: bool = True


def return_numbers(declared: Data) -> dict[str, int]:
    """Return the numbers of the return that are declared, and those that follow from them."""
    stated = declared.get("ni130", EMPTY)
    found = {name: int(stated[field]) for name, field in _FIELDS.items() if field in stated}
    for name, (more, less) in _DIFFERENCES.items():
        if more in found and less in found:
            found[name] = found[more] - found[less]
    return found


def return_lines(declared: Data, numbers: Mapping[str, int]) -> Iterator[Declared]:
    """Yield the share with full-cost payers, without them in either part, and the exact difference (FIG-NI130-INC, -EXC, -GAP)."""
    note = _fault(declared, numbers)
    including = _percent(numbers, _WITH)
    excluding = _percent(numbers, _WITHOUT)
    yield Declared("FIG-NI130-INC", "ni130_with", _TITLE, "full-cost payers in both parts", *_of(including, _WITH, numbers), note=note)
    payers = {
        "return.upper.full_cost": "full-cost payers in the upper part",
        "return.lower.full_cost": "full-cost payers in the lower part",
    }
    out = tuple((reason, key) for key, reason in payers.items() if key in numbers)
    yield Declared("FIG-NI130-EXC", "ni130_without", _TITLE, "full-cost payers in neither", *_of(excluding, _WITHOUT, numbers), out, note)
    gap = None if including is None or excluding is None else including - excluding
    cells = tuple(one for one in (*_WITH, *_WITHOUT) if one in numbers)
    yield Declared("FIG-NI130-GAP", "ni130_gap", _TITLE, "with less without", gap, POINTS, cells, note=note)


def _of(
    value: Fraction | None, parts: tuple[str, str], numbers: Mapping[str, int]
) -> tuple[Fraction | None, str, tuple[str, ...], tuple[int, int] | None]:
    known = all(one in numbers for one in parts)
    return value, PERCENT, parts if known else (), (numbers[parts[0]], numbers[parts[1]]) if known else None


def _percent(numbers: Mapping[str, int], parts: tuple[str, str]) -> Fraction | None:
    """Return a share of the return; None where a part is not declared, the lower one is nothing, or the upper one is impossible."""
    upper, lower = (numbers.get(one) for one in parts)
    if upper is None or not lower or not 0 <= upper <= lower:
        return None
    return Fraction(100 * upper, lower)


def _fault(declared: Data, numbers: Mapping[str, int]) -> str:
    """Return what keeps the return from being worked out, in words."""
    if "ni130" not in declared:
        return "No return is declared."
    missing = [f"portfolio.ni130.{field}" for name, field in _FIELDS.items() if name not in numbers]
    if missing:
        return f"Not recorded: {', '.join(missing)}."
    if min(numbers.values()) < 0:
        return "The declared numbers cannot be right: one is larger than the number it is a part of."
    return ""


_MEDIANS = {"days_to_support_median": ("days_to_support", "days.started", "FIG-DAYS-TO-SUPPORT", DAYS)} | {
    f"council_minutes_by_complexity.{one}": (f"council_minutes_{one}", f"effort.minutes.{one}", "FIG-PLAN-EFFORT", MINUTES)
    for one in ("standard", "complex", "very_complex")
}
_COUNTS = {
    "eligible_ongoing": ("coverage.in", "FIG-COVERAGE"),
    "with_budget": ("with_budget", "FIG-COVERAGE"),
    "conversions": ("conversions", "FIG-CONVERT-SHARE"),
    "final_equals_indicative": ("final_equals_indicative", "FIG-IND-FINAL-SAME"),
}
_MAPS = {"form_counts": ("form", "FIG-FORM-MIX"), "holder_counts": ("holder", "FIG-HOLDER-MIX"), "term_counts": ("term", "FIG-TERM-MIX")}


def differences(declared: Data, counts: Counter[str]) -> Iterator[Declared]:
    """Yield a warning for each declared number that is not what the cases give; the computed one is the value."""
    for field, (key, figure) in _COUNTS.items():
        if field in declared:
            yield from _different(field, figure, Fraction(int(declared[field])), Fraction(number(counts, key)), COUNT, key)
    for field, (theme, figure) in _MAPS.items():
        for one, stated in sorted(declared.get(field, EMPTY).items()):
            key = "term.annual_all" if (theme, one) == ("term", "annual") else f"{theme}.{one}"
            yield from _different(f"{field}.{one}", figure, Fraction(int(stated)), Fraction(number(counts, key)), COUNT, key)
    for field, (values, key, figure, unit) in _MEDIANS.items():
        group, _, name = field.partition(".")
        stated = declared.get(group, EMPTY).get(name) if name else declared.get(group)
        if stated is not None:
            yield from _different(field, figure, Fraction(int(stated)), _median(counts, values), unit, key)
    if "clawback_total" in declared:
        stated_sum = in_pounds(pence(declared["clawback_total"]) * PARTS)
        computed = in_pounds(number(counts, "clawback.taken"))
        yield from _different("clawback_total", "FIG-CLAWBACK", stated_sum, computed, POUNDS, "clawback.taken")


def _median(counts: Counter[str], values: str) -> Fraction | None:
    try:
        return Fraction(median(counts, values, 1))
    except Unknown:
        return None


def _different(field: str, figure: str, stated: Fraction, computed: Fraction | None, unit: str, key: str) -> Iterator[Declared]:
    if stated != computed:
        name = f"declared_{field.replace('.', '_')}"
        title = f"Declared and counted numbers differ: {in_words(field.replace('.', ', '))}"
        note = f"portfolio.{field} is declared as {shown(stated, unit)}; what the cases give is shown."
        yield Declared(figure, name, title, "as counted", computed, unit, (key,), note=note, of_return=False)
