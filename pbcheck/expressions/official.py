"""The official CEL evaluator, for what the emitter does not know and as the judge in tests: slower, and never wrong."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pbcheck.expressions.check import days_function
from pbcheck.expressions.types import messages
from pbcheck.expressions.values import message

_NO_KEY = re.compile(r"Key not found in map : \"?([\w.]+)")


class Undecided(Exception):
    """The evaluator gave an error that is no missing key, such as a comparison with null; the outcome is cannot tell."""


@cache
def _expression(text: str, variables: tuple[str, ...]) -> Any:
    import cel_expr_python.cel as cel

    environment = cel.NewEnv(variables=dict.fromkeys(variables, cel.Type.DYN), functions=[days_function()])
    return environment.compile(text)


def bindings(subject: str, record: dict[str, Any], policy: dict[str, Any], figure: Any, as_of: str | None) -> dict[str, Any]:
    """Return the variables of a rule as plain data for the official evaluator; unknown figures are left out."""
    values: dict[str, Any] = {"as_of": as_of, subject: message(record, subject)}
    if subject not in ("policy", "export"):
        values["policy"] = message(policy, "policy")
    known = {}
    for name in messages()[f"figure.{subject}"]:
        try:
            known[name] = figure[name]
        except KeyError:
            continue
    values["figure"] = known
    return values


def evaluate(text: str, values: dict[str, Any]) -> Any:
    """Return the value of a condition; raises KeyError naming a missing key, Undecided for any other error of the data."""
    import cel_expr_python.cel as cel

    result = _expression(text, tuple(sorted(values))).eval(data=values)
    if result.type() == cel.Type.ERROR:
        try:
            words = str(result.value())
        except RuntimeError as error:
            words = str(error)
        found = _NO_KEY.search(words)
        if found:
            raise KeyError(found.group(1))
        raise Undecided(words)
    return result.plain_value()
