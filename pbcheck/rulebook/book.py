"""The rulebook: the rules of a pack, ready to be asked under one profile, and cached by the hash of what they were made from."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import Any

from pbcheck._version import __version__
from pbcheck.errors import PackFault, RulePackError, UsageError
from pbcheck.model import Rule
from pbcheck.rulebook import cache
from pbcheck.rulebook import register as registers
from pbcheck.rulebook.files import pack_files, read_rule_file
from pbcheck.shipped import shipped

BUILT_IN = "reading-the-files"


@dataclass(frozen=True)
class Asked:
    """What judging needs of one rule beside its words: what it reads, what excuses it, and where its findings point."""

    rule: Rule
    reads: tuple[tuple[str, ...], ...]
    because: tuple[str, ...]
    unless: tuple[str, ...]
    at: tuple[str, ...]


@dataclass(frozen=True)
class SubjectRules:
    """The rules about one kind of document, in order, and the code emitted for their conditions."""

    subject: str
    asked: tuple[Asked, ...]
    code: CodeType


@dataclass(frozen=True)
class Rulebook:
    """All rules by id, and per subject those that are asked under the profile; `hash` names the pack's content."""

    rules: Mapping[str, Rule]
    subjects: Mapping[str, SubjectRules]
    obligations: Mapping[str, Mapping[str, Any]]
    law: tuple[Mapping[str, Any], ...]
    profile: str
    hash: str
    folders: tuple[Path, ...] = field(default=())


def load_rulebook(folders: tuple[Path, ...] = (), profile: str = "today", *, use_cache: bool = True) -> Rulebook:
    """Return the rulebook of the shipped rules, or of the folders given instead, under a profile.

    Raises RulePackError with every fault of a bad pack, and UsageError where there is no pack. The cache holds rules only.
    """
    places = folders or (shipped("rules"),)
    files = [(folder, path, _read(folder, path)) for folder in places for path in pack_files(folder)]
    own = shipped("rules") / BUILT_IN
    if not any(path.is_relative_to(own) for _, path, _ in files):
        files += [(own.parent, path, path.read_bytes()) for path in pack_files(own)]
    digest = _digest([(path.relative_to(folder).as_posix(), raw) for folder, path, raw in files])
    key = f"{digest}-{profile}-{__version__}-{sys.implementation.cache_tag}-{_code_stamp()}"
    kept = cache.read(key) if use_cache else None
    if kept is None:
        kept = _build(files, profile)
        if use_cache:
            cache.write(key, kept)
    return _from_plain(kept, profile, digest, places)


def _read(folder: Path, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        words = f"This rule file cannot be read ({error.strerror}): expected a file."
        raise RulePackError([PackFault(shown_name(folder, path), 1, 1, words)]) from None


def _code_stamp() -> int:
    """Return when the code that makes rulebooks last changed, so that an upgrade never meets what an older version kept."""
    package = Path(__file__).resolve().parent.parent
    return max(path.stat().st_mtime_ns for part in ("expressions", "rulebook", "figures") for path in (package / part).glob("*.py"))


def _digest(files: list[tuple[str, bytes]]) -> str:
    found = hashlib.sha256()
    for name in ("obligations", "law", "tensions"):
        found.update((shipped("rules") / "register" / f"{name}.yaml").read_bytes())
    for name in ("policy", "case", "contract", "portfolio", "export", "rule"):
        found.update((shipped("schemas") / f"{name}.schema.json").read_bytes())
    for name, raw in files:
        found.update(name.encode() + b"\0" + hashlib.sha256(raw).digest())
    return found.hexdigest()[:32]


def _build(files: list[tuple[Path, Path, bytes]], profile: str) -> dict[str, Any]:
    """Return the rulebook as plain data and code: what the cache keeps."""
    from pbcheck.expressions.emit import emit
    from pbcheck.rulebook.compile import Compiled, compile_rule

    register = {one["id"]: one for one in registers.load("obligations")}
    reasons = frozenset([*register, *(one["id"] for name in ("law", "tensions") for one in registers.load(name))])
    faults: list[PackFault] = []
    rules: dict[str, Rule] = {}
    compiled: dict[str, list[Compiled]] = {}
    for folder, path, raw in files:
        sources, found = read_rule_file(path, shown_name(folder, path), raw)
        faults += found
        for source in sources:
            rule, ready, problems = compile_rule(source, register, reasons)
            if rule.built_in and rule.id in rules and rules[rule.id].built_in:
                continue  # a copy of the shipped pack brings its own built-in checks
            faults += problems
            if rule.id in rules:
                faults.append(source.fault(("id",), f"The id `{rule.id}` is already used in {rules[rule.id].file}."))
            rules[rule.id] = rule
            if ready and rule.applies_under(profile):
                compiled.setdefault(rule.subject, []).append(ready)
    if faults:
        raise RulePackError(faults)
    subjects = {}
    for subject, group in sorted(compiled.items()):
        group.sort(key=lambda one: one.rule.id)
        kept = [one.rule.exceptions_under(profile) for one in group]
        module = emit(subject, [one.conditions(exceptions) for one, exceptions in zip(group, kept, strict=True)])
        asked = [
            (one.rule.id, one.reads, tuple(e.because for e in exceptions), tuple(e.when for e in exceptions), one.at)
            for one, exceptions in zip(group, kept, strict=True)
        ]
        subjects[subject] = (asked, compile(module, f"<rules about {subject}>", "exec"))
    return {
        "rules": [_plain(rules[key]) for key in sorted(rules)],
        "subjects": subjects,
        "register": register,
        "law": registers.load("law"),
    }


def shown_name(folder: Path, path: Path) -> str:
    """Return how a rule file is named in messages: its path as the user can open it."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return (Path(folder.name) / path.relative_to(folder)).as_posix()


def _plain(rule: Rule) -> dict[str, Any]:
    made = {name: getattr(rule, name) for name in Rule.__dataclass_fields__ if name not in ("examples", "unless")}
    made["unless"] = tuple((one.when, one.because) for one in rule.unless)
    return made


def _from_plain(kept: dict[str, Any], profile: str, digest: str, places: tuple[Path, ...]) -> Rulebook:
    from pbcheck.model import Exemption

    rules = {}
    for plain in kept["rules"]:
        unless = tuple(Exemption(*one) for one in plain["unless"])
        rules[plain["id"]] = Rule(**{**plain, "unless": unless})
    subjects = {
        subject: SubjectRules(subject, tuple(Asked(rules[one[0]], *one[1:]) for one in asked), code)
        for subject, (asked, code) in kept["subjects"].items()
    }
    return Rulebook(rules, subjects, kept["register"], tuple(kept["law"]), profile, digest, places)


def find_rule(rulebook: Rulebook, name: str) -> Rule:
    """Return a rule by id; raises UsageError with the nearest id for an unknown one."""
    from pbcheck.schema.suggest import did_you_mean

    if name not in rulebook.rules:
        raise UsageError(f"There is no rule called `{name}`.{did_you_mean(name, rulebook.rules)} See pbcheck rules list.")
    return rulebook.rules[name]
