"""Documents before they are judged: held against their schema, cleaned of what it refuses, and policies put together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pbcheck.findings import from_fault, location
from pbcheck.model import Finding, Rule
from pbcheck.schema.messages import SchemaFault, faults, follow
from pbcheck.schema.store import at, load
from pbcheck.schema.suggest import nearest
from pbcheck.schema.validate import validator
from pbcheck.source.document import Document, Fault, Path, pointer
from pbcheck.source.files import exact_positions

_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}\Z")
IDENTITY = ("kind", "authority", "as_of", "effective_from", "effective_to")


def gate(document: Document, rules: Mapping[str, Rule]) -> tuple[bool, list[Finding]]:
    """Hold a document against its schema: return whether it can be judged at all, and the findings.

    What the schema refuses is taken out of the data and its path kept in `document.blocked`, so that the rest can be
    judged and no rule that reads the path can pass.
    """
    check = validator(document.kind)
    if check.is_valid(document.data):
        return True, []
    unread = exact_positions(document)
    if unread:
        return False, [from_fault(rules[one.check], one, document.file) for one in unread]
    found = faults(check.schema, document.data, check.violations(document.data))
    name = record_name(document)
    findings = [_finding(rules[one.check], one, document, name) for one in found]
    for one in found:
        _block(document, check.schema, one)
    return True, findings


def _finding(rule: Rule, fault: SchemaFault, document: Document, name: str) -> Finding:
    place = location(document, fault.path, on_key=fault.on_key)
    if not fault.named:
        place = replace(place, pointer=pointer(fault.path[:-1]))
    return Finding(rule.id, rule.severity, fault.message, document.kind, name, place)


def _block(document: Document, schema: dict[str, Any], fault: SchemaFault) -> None:
    document.blocked += (fault.path,)
    if not fault.path:
        return
    owner = follow(document.data, fault.path[:-1])
    step = fault.path[-1]
    if fault.check == "unknown-key":
        meant = nearest(str(step), at(schema, fault.path[:-1]).get("properties", {}))
        if meant:
            document.blocked += ((*fault.path[:-1], meant),)
    if isinstance(owner, dict):
        owner.pop(step, None)
    elif isinstance(owner, list) and isinstance(step, int) and step < len(owner):
        _block_element(document, fault.path)


def _block_element(document: Document, path: Path) -> None:
    """Take a whole list out where one of its elements is refused: its other elements keep their numbers for nobody."""
    document.blocked += (path[:-1],)
    owner = follow(document.data, path[:-2])
    if isinstance(owner, dict):
        owner.pop(path[-2], None)


def record_name(document: Document) -> str:
    """Return how a document is named in findings: its id where that has the form of one, or its authority; never a name of a person."""
    value = document.data.get("id")
    if isinstance(value, str) and is_id(value):
        return value
    authority = document.data.get("authority")
    if document.kind != "case" and isinstance(authority, str) and authority:
        return authority
    return f"number {document.index or 1}"


def is_id(text: str) -> bool:
    """Return whether a text has the form of a reference (schema definition `id`): no spaces, so that it is no person's name."""
    return bool(_ID.match(text))


def twice(document: Document, rules: Mapping[str, Rule]) -> Finding:
    """Return the finding that a record has the id of another one."""
    words = "Another record of this export has the same id: give each record its own, or take one of the two out."
    fault = Fault("record-twice", words, document.locate(("id",)), ("id",))
    return from_fault(rules["record-twice"], fault, document.file, subject=document.kind, record=record_name(document))


@dataclass
class Contracts:
    """The contracts of an export: those to judge, their data by id, and which of them say nothing sure to a case.

    `doubtful` holds the ids of contracts that the schema refuses in part, or that two contracts share; `unread` says that a
    contract could not be read at all, so that it may be the one an arrangement names.
    """

    judged: list[Document] = field(default_factory=list)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    unread: bool = False

    def take(self, one: Document, findings: list[Finding], rules: Mapping[str, Rule], *, readable: bool) -> None:
        """Add a contract; `readable` is what the schema gate says: whether it can be judged at all."""
        name = one.data.get("id")
        if not readable or not isinstance(name, str):
            self.unread = True
        elif name in self.known:
            self.doubtful.add(name)
            findings.append(twice(one, rules))
            return
        else:
            self.known[name] = one.data
        if one.blocked and isinstance(name, str):
            self.doubtful.add(name)
        if readable:
            self.judged.append(one)

    def block(self, case: Document) -> None:
        """Take down which arrangements of a case name a contract that says nothing sure: no rule that reads it may pass."""
        if not (self.doubtful or self.unread):
            return
        for index, arrangement in enumerate(case.data.get("arrangements", ())):
            name = arrangement.get("contract_id")
            if name is not None and (name in self.doubtful or (self.unread and name not in self.known)):
                case.blocked += (("arrangements", index, "contract_id"),)

    def block_policy(self, policy: Document) -> None:
        """Take down that a contract may say otherwise than the policy whether providers may buy in from others."""
        if self.doubtful or self.unread:
            policy.blocked += (("commissioning", "buy_in"),)


@dataclass
class Policies:
    """The policies of an export, each whole, and the findings made while putting their parts together.

    `unread` says that a policy, or the dates of one, could not be read: which one is in force is then not known for any date.
    """

    whole: list[Document] = field(default_factory=list)
    unread: bool = False
    findings: list[Finding] = field(default_factory=list)

    def in_force(self, clock: str | None) -> Document | None:
        """Return the policy in force on a date: the only one there is, or the one whose dates cover it; None where there is none at all.

        Where one could not be read, where the dates of one are refused, or where there are several and not exactly one covers
        the date, a policy that cannot be judged by stands in for it.
        """
        if self.unread:
            return Document("policy", {}, blocked=((),))
        if len(self.whole) <= 1:
            return self.whole[0] if self.whole else None
        covering = [one for one in self.whole if clock and _covers(one.data, clock)]
        return covering[0] if len(covering) == 1 else Document("policy", {}, blocked=((),))


def _covers(policy: Mapping[str, Any], clock: str) -> bool:
    return bool(policy.get("effective_from", "") <= clock <= (policy.get("effective_to") or "9999"))


def put_together(parts: list[Document], rules: Mapping[str, Rule], *, unread: bool = False) -> Policies:
    """Merge the files of each policy: the same authority and dates; a section that two files state is a fault naming both.

    Where a policy file could not be read, what a policy does not state may stand in that file: nobody can tell.
    """
    dates_refused = any(not path or path[0] in ("effective_from", "effective_to") for part in parts for path in part.blocked)
    made = Policies(unread=unread or dates_refused)
    groups: dict[tuple[Any, ...], list[Document]] = {}
    for part in parts:
        key = tuple(part.data.get(name) for name in ("authority", "effective_from", "effective_to"))
        groups.setdefault(key, []).append(part)
    for group in groups.values():
        made.whole.append(group[0] if len(group) == 1 else _merge(group, rules, made.findings))
    for one in made.whole if unread else ():
        one.blocked += tuple((section,) for section in load("policy")["properties"] if section not in one.data)
    return made


def _merge(parts: list[Document], rules: Mapping[str, Rule], findings: list[Finding]) -> Document:
    first = parts[0]
    whole = Document("policy", {}, first.file, first.positions)
    homes: dict[str, Document] = {}
    whole.parts = homes
    for part in parts:
        whole.blocked += part.blocked
        for section, value in part.data.items():
            if section not in whole.data and (section,) not in whole.blocked:
                whole.data[section] = value
                homes[section] = part
            elif section in homes and (section not in IDENTITY or whole.data.get(section) != value):
                findings.append(_clash(homes[section], part, section, rules["sections-clash"]))
                whole.blocked += ((section,),)
                whole.data.pop(section, None)
    return whole


def _clash(one: Document, other: Document, section: str, rule: Rule) -> Finding:
    before = one.locate((section,), key=True)
    words = f"`{section}` is stated in two files of one policy: also at {one.file}:{before.line}. Keep it in one of them."
    fault = Fault(rule.id, words, other.locate((section,), key=True), (section,))
    return from_fault(rule, fault, other.file, subject="policy", record=record_name(other), incomplete=False)
