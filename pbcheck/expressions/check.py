"""Parse and type-check a condition with the official CEL library, and say what is wrong in words a rule author can use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from pbcheck.expressions.tree import Node, read
from pbcheck.expressions.types import PACKAGE, descriptor_pool, messages, proto_name, roots
from pbcheck.figures.dates import days
from pbcheck.schema.suggest import did_you_mean

FUNCTIONS = ("days", "size", "has", "startsWith", "endsWith", "contains", "matches", "all", "exists", "exists_one", "filter", "map")
_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_FIELD = re.compile(r"undefined field '(\w+)' not found in struct '[\w]+\.(\w+)'")
_NAME = re.compile(r"undeclared reference to '([^']+)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']+)' applied to '(.+)'")
_KIND_WORDS = {"int": "a number", "string": "text", "bool": "true or false", "double": "a decimal number", "null_type": "null"}


@dataclass(frozen=True)
class ExpressionFault(Exception):
    """A fault in a condition: its offset in the text, its length, and words."""

    offset: int
    message: str
    length: int = 1


@dataclass(frozen=True)
class Scope:
    """What a condition may name: the subject of its rule, and the variable of `for_each` with the message type it runs over."""

    subject: str
    variable: str = ""
    element: str = ""


@cache
def environment(scope: Scope) -> Any:
    """Return the official environment with typed variables for a scope."""
    import cel_expr_python.cel as cel

    variables = {name: cel.Type(f"{PACKAGE}.{proto_name(kind)}") for name, kind in roots(scope.subject).items()}
    variables["as_of"] = cel.Type.STRING
    if scope.variable:
        variables[scope.variable] = cel.Type(f"{PACKAGE}.{proto_name(scope.element)}")
    return cel.NewEnv(descriptor_pool(), variables=variables, functions=[days_function()])


def days_function() -> Any:
    """Return the declaration of days(from, to) for the official library."""
    import cel_expr_python.cel as cel

    overload = cel.Overload("days_text_text", return_type=cel.Type.INT, parameters=[cel.Type.STRING, cel.Type.STRING], impl=days)
    return cel.FunctionDecl("days", [overload])


def check(text: str, scope: Scope) -> Node:
    """Return the tree of a condition; raises ExpressionFault where it is not well-formed, not well-typed or not a truth value."""
    import cel_expr_python.cel as cel

    try:
        expression = environment(scope).compile(text)
    except (RuntimeError, ValueError) as error:
        raise _translate(str(error), text, scope) from None
    if expression.return_type() != cel.Type.BOOL:
        raise ExpressionFault(0, "A condition must be true or false; this one gives another kind of value.", len(text))
    return read(expression.serialize())


def _translate(words: str, text: str, scope: Scope) -> ExpressionFault:
    match = _ERROR.search(words)
    if not match:
        return ExpressionFault(0, "The condition cannot be read.", len(text))
    line, column, problem = int(match.group(1)), int(match.group(2)), match.group(3)
    lines = text.splitlines(keepends=True)
    offset = min(sum(len(one) for one in lines[: line - 1]) + max(column - 1, 0), max(len(text) - 1, 0))
    field = _FIELD.search(problem)
    if field:
        return _unknown_field(text, offset, field.group(1), field.group(2).replace("__", "."))
    name = _NAME.search(problem)
    if name:
        wanted = name.group(1).split(".")[0]
        start = max(text.find(wanted, max(0, offset - len(wanted))), 0)
        if wanted in FUNCTIONS:
            return ExpressionFault(start, f"`{wanted}` does not take these arguments.", len(wanted))
        known = [*roots(scope.subject), "as_of", scope.variable, *FUNCTIONS]
        hint = did_you_mean(wanted, [one for one in known if one])
        names = ", ".join(sorted(one for one in known if one and one not in FUNCTIONS))
        return ExpressionFault(start, f"`{wanted}` is not known here.{hint} Known: {names}.", len(wanted))
    overload = _OVERLOAD.search(problem)
    if overload:
        return ExpressionFault(offset, _overload(overload.group(1), overload.group(2)), 1)
    if "Syntax error" in problem:
        return ExpressionFault(offset, f"The condition is not well-formed here.{_syntax_hint(text)}", 1)
    return ExpressionFault(offset, f"The condition cannot be used: {problem.split('[INVALID')[0].strip()}.", 1)


def _unknown_field(text: str, offset: int, name: str, message: str) -> ExpressionFault:
    start = text.find(name, offset)
    known = messages().get(message, {})
    owner = message.removeprefix("figure.") if message.startswith("figure.") else message
    kind = "figure" if message.startswith("figure.") else "field"
    hint = did_you_mean(name, known) or f" Known: {', '.join(known)}."
    return ExpressionFault(start if start >= 0 else offset, f"`{name}` is not a {kind} of {owner}.{hint}", len(name))


def _overload(function: str, arguments: str) -> str:
    shown = function.strip("_").replace("@in", "in").replace("_", "")
    kinds = [_KIND_WORDS.get(one.strip(), "a list" if "list" in one else one.strip()) for one in arguments.strip("()").split(", ")]
    if "null" in arguments and "list" in arguments:
        return "A list that is null counts as an empty list here: ask size(...) instead of comparing with null."
    hint = " Amounts are whole pence and dates are text in quotes." if "double" in arguments or "string" in arguments else ""
    return f"`{shown}` does not take {' and '.join(kinds)}.{hint}"


def _syntax_hint(text: str) -> str:
    if re.search(r"[^=!<>]=[^=]", text):
        return " To compare, write `==`."
    if re.search(r"\b(and|or|not)\b", text):
        return " Write `&&` for and, `||` for or, `!` for not."
    return ""
