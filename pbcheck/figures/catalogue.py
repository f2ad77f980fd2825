"""All figures by subject and name: what rules may use as `figure.<name>`, and the derived fields of elements."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pbcheck.figures as package
from pbcheck.figures.figure import Facts, Figure, Figures, Tally, Together
from pbcheck.figures.forms import DERIVED_FORMS, FORM_INPUTS

_HERE = ("budget", "catalogue", "dates", "figure", "forms", "money", "quantities")
_NAMES = sorted(one.name for one in iter_modules(package.__path__) if one.name not in _HERE)
_MODULES: tuple[Any, ...] = tuple(import_module(f"pbcheck.figures.{name}") for name in _NAMES)


@dataclass(frozen=True)
class DerivedField:
    """A field that is derived for each element of a list, in its `derived` group: type, meaning, and the element's inputs."""

    type: str
    meaning: str
    reads: tuple[str, ...]
    values: tuple[str, ...] = ()


def _gather(subject: str) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for module in _MODULES:
        for name, figure in getattr(module, subject.upper(), {}).items():
            if name in found:
                raise ValueError(f"two figures are called {name}")
            found[name] = figure
    return dict(sorted(found.items()))


FIGURES: dict[str, dict[str, Figure]] = {subject: _gather(subject) for subject in ("policy", "case", "contract", "portfolio", "export")}
_COMPUTE = {subject: {name: one.compute for name, one in table.items()} for subject, table in FIGURES.items()}
_FAMILIES: dict[str, Together] = {name: one for module in _MODULES for name, one in getattr(module, "FAMILIES", {}).items()}
TALLIES: tuple[Tally, ...] = tuple(one for module in _MODULES for one in getattr(module, "TALLIES", ()))
DERIVED: dict[str, dict[str, DerivedField]] = {
    "case.arrangements": {
        "form": DerivedField("enum", "The form that follows from who is party to the contract", FORM_INPUTS, DERIVED_FORMS),
        "managed": DerivedField("bool", "The derived form is one of the managed ones", FORM_INPUTS),
        "council_as_agent": DerivedField("bool", "The council acts as agent of the holder of a direct payment", FORM_INPUTS),
    },
}


def figures(subject: str, facts: Facts) -> Figures:
    """Return the figures of a record, computed as they are asked for."""
    return Figures(_COMPUTE[subject], facts, _FAMILIES if subject == "case" else {})


def computed(totals: Counter[str]) -> dict[str, int]:
    """Return the computed fields of a portfolio document; a declared field is kept."""
    if not totals.get("cases"):
        return {}
    return {name: totals.get(name, 0) for name in ("with_budget", "conversions", "final_equals_indicative")}
