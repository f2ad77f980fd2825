"""From a rule as data to a rule that can be asked: conditions checked and linted, names and places resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pbcheck.errors import PackFault
from pbcheck.expressions.check import ExpressionFault, Scope, check
from pbcheck.expressions.emit import Conditions
from pbcheck.expressions.lint import lint
from pbcheck.expressions.reads import ReadPath, reads
from pbcheck.expressions.tree import Node
from pbcheck.expressions.types import Field, messages, roots
from pbcheck.model import Exemption, Rule
from pbcheck.rulebook.files import RuleSource
from pbcheck.schema.suggest import did_you_mean

PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.[a-z0-9_]+)*)\}")


@dataclass(frozen=True)
class Compiled:
    """A rule with its checked conditions; `at` is the path its findings point to, from the subject's root, `*` for the element."""

    rule: Rule
    expect: Node
    when: Node | None
    unless: tuple[Node, ...]
    over: Node | None
    reads: tuple[ReadPath, ...]
    at: ReadPath

    def conditions(self, kept: tuple[Exemption, ...]) -> Conditions:
        """Return the conditions to emit, with those exceptions that count."""
        unless = tuple(node for node, one in zip(self.unless, self.rule.unless, strict=True) if one in kept)
        return Conditions(self.rule.id, self.expect, self.when, unless, self.over, self.rule.as_)


def compile_rule(source: RuleSource, register: dict[str, Any], reasons: frozenset[str]) -> tuple[Rule, Compiled | None, list[PackFault]]:
    """Return the rule, its compiled form (None for a built-in check or a faulty rule) and its faults."""
    rule = _rule(source)
    faults = _naming_faults(source, rule, register) + _reason_faults(source, rule, reasons)
    if rule.built_in:
        return rule, None, faults
    work = _Work(source, rule)
    compiled = work.run()
    return rule, compiled, faults + work.faults


def _rule(source: RuleSource) -> Rule:
    data = source.data
    plain = {key: data[key] for key in ("id", "title", "theme", "subject", "severity", "force", "why", "plain", "remedy")}
    more = {key: data.get(key, "") for key in ("who", "law", "not_checked", "for_each", "when", "expect", "message", "at")}
    return Rule(
        **plain,
        **more,
        obligations=tuple(data.get("obligations", ())),
        as_=data.get("as", ""),
        unless=tuple(Exemption(one["when"], one["because"]) for one in data.get("unless", ())),
        examples={key: tuple(one) for key, one in data.get("examples", {}).items()},
        file=source.file,
        built_in=bool(data.get("built_in")),
        tags=tuple(data.get("tags", ())),
    )


def _naming_faults(source: RuleSource, rule: Rule, register: dict[str, Any]) -> list[PackFault]:
    found = []
    place = PurePosixPath(source.file)
    if source.row is None and place.stem != rule.id:
        found.append(source.fault(("id",), f"The id and the name of the file differ: expected `{place.stem}`."))
    if place.parent.name != rule.theme:
        found.append(source.fault(("theme",), f"The theme and the folder differ: expected `{place.parent.name}`."))
    for index, name in enumerate(rule.obligations):
        if name not in register:
            words = f"`{name}` is not in the register of obligations.{did_you_mean(name, register)}"
            found.append(source.fault(("obligations", index), words))
    if not rule.built_in:
        for key in ("expect", "message", "examples", "obligations"):
            if not source.data.get(key):
                found.append(source.fault((), f"`{key}` is missing.", key=True))
    return found


def _reason_faults(source: RuleSource, rule: Rule, reasons: frozenset[str]) -> list[PackFault]:
    found = []
    for index, one in enumerate(rule.unless):
        if one.because not in reasons:
            words = f"`{one.because}` is no obligation, tension or entry of the law register.{did_you_mean(one.because, reasons)}"
            found.append(source.fault(("unless", index, "because"), words))
    return found


class _Work:
    """Compiles one rule and gathers its faults."""

    def __init__(self, source: RuleSource, rule: Rule) -> None:
        self.source = source
        self.rule = rule
        self.faults: list[PackFault] = []
        self.element = ""
        self.over: Node | None = None

    def run(self) -> Compiled | None:
        rule = self.rule
        self._for_each()
        if self.faults:
            return None
        scope = Scope(rule.subject, rule.as_ if self.over else "", self.element)
        expect = self._condition(("expect",), rule.expect, scope)
        when = self._condition(("when",), rule.when, scope) if rule.when else None
        unless = tuple(self._condition(("unless", n, "when"), one.when, scope) for n, one in enumerate(rule.unless))
        self._placeholders()
        at = self._at(expect) if expect else ()
        if self.faults or expect is None or None in unless:
            return None
        variables = self._variables()
        found: set[ReadPath] = {variables[rule.as_][:-1]} if self.over else set()
        for node in (expect, when, *unless):
            if node is not None:
                found |= reads(node, variables)
        kept = tuple(one for one in unless if one is not None)
        return Compiled(rule, expect, when, kept, self.over, tuple(sorted(found)), at)

    def _variables(self) -> dict[str, ReadPath]:
        return {self.rule.as_: (*self.rule.for_each.split("."), "*")} if self.over else {}

    def _for_each(self) -> None:
        rule = self.rule
        if not rule.for_each:
            return
        if not rule.as_:
            self.faults.append(self.source.fault((), "`as` is missing: the name that conditions use for an element.", key=True))
            return
        if rule.as_ in (rule.subject, *roots(rule.subject), "as_of"):
            self.faults.append(self.source.fault(("as",), f"`{rule.as_}` already stands for something else: name the element otherwise."))
            return
        steps = rule.for_each.split(".")
        node = Node("name", steps[0], message=steps[0])
        for step in steps[1:]:
            field = messages().get(node.message, {}).get(step)
            if steps[0] != rule.subject or field is None or field.kind != "message":
                self._unknown_path(("for_each",), rule.for_each, step, node.message or rule.subject)
                return
            node = Node("select", step, [node], message="" if field.repeated else field.message)
            self.element = field.message if field.repeated else ""
        if not self.element:
            self.faults.append(self.source.fault(("for_each",), "`for_each` must name a list of groups, such as case.plan.components."))
            return
        self.over = node

    def _unknown_path(self, at: tuple[str | int, ...], path: str, step: str, message: str) -> None:
        known = messages().get(message, {})
        words = f"`{path}` is not a path of this subject: `{step}` is not known.{did_you_mean(step, known)}"
        self.faults.append(self.source.fault(at, words, offset=path.find(step), length=len(step)))

    def _condition(self, path: tuple[str | int, ...], text: str, scope: Scope) -> Node | None:
        try:
            node = check(text, scope)
            problems = lint(node, scope)
        except ExpressionFault as fault:
            problems = [fault]
            node = None
        for problem in problems:
            self.faults.append(self.source.fault(path, problem.message, offset=problem.offset, length=problem.length))
        return node

    def _placeholders(self) -> None:
        for match in PLACEHOLDER.finditer(self.rule.message):
            field = self.field_at(match.group(1).split("."))
            if field is None:
                words = f"`{match.group(1)}` is not a field that the message can show."
                self.faults.append(self.source.fault(("message",), words, offset=match.start(), length=len(match.group())))
            elif field.personal:
                words = f"`{match.group(1)}` is personal data: no message may show it."
                self.faults.append(self.source.fault(("message",), words, offset=match.start(), length=len(match.group())))

    def field_at(self, steps: list[str]) -> Field | None:
        """Return the field at a dotted path from a root, an element's name or `as_of`; None where it is no value or list of values."""
        if steps == ["as_of"]:
            return Field("date")
        start = roots(self.rule.subject).get(steps[0]) or (self.element if steps[0] == self.rule.as_ else None)
        field = Field("message", start) if start else None
        for step in steps[1:]:
            field = messages().get(field.message, {}).get(step) if field and field.kind == "message" and not field.repeated else None
        return field if field and field.kind not in ("message", "map", "dyn") else None

    def _at(self, expect: Node) -> ReadPath:
        rule = self.rule
        variables = self._variables()
        if rule.at:
            steps = rule.at.split(".")
            if steps[0] != rule.subject and steps[0] != rule.as_:
                self.faults.append(self.source.fault(("at",), f"Expected a path under `{rule.as_ or rule.subject}`."))
            else:
                self._place(steps)
            return (*variables.get(steps[0], (steps[0],)), *steps[1:])
        if self.over:
            return variables[rule.as_]
        for node in sorted(_chains(expect), key=lambda node: node.offset):
            path = node.path()
            if path and path[0] == rule.subject:
                return path
        return (rule.subject,)

    def _place(self, steps: list[str]) -> None:
        """Check that `at` leads somewhere; what lies inside a list is named by its list."""
        message = self.element if steps[0] == self.rule.as_ else steps[0]
        for step in steps[1:]:
            field = messages().get(message, {}).get(step)
            if field is None:
                self._unknown_path(("at",), self.rule.at, step, message)
                return
            message = field.message if not field.repeated else ""


def _chains(node: Node) -> Iterator[Node]:
    """Yield the whole chains of selects of an expression, not their beginnings."""
    if node.op in ("select", "has") and node.path():
        yield node
        return
    for child in node.args:
        yield from _chains(child)
