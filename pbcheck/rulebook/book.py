"""The rulebook: the rules of a pack, ready to be asked under one profile, and cached by the hash of what they were made from."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple

from pbcheck._version import __version__
from pbcheck.errors import ConfigError, PackFault, RulePackError, UsageError
from pbcheck.model import Rule
from pbcheck.rulebook import cache
from pbcheck.rulebook import register as registers
from pbcheck.rulebook.choice import Choice, choose
from pbcheck.rulebook.files import RuleSource, pack_files, read_rule_file
from pbcheck.shipped import shipped

if TYPE_CHECKING:
    from pbcheck.rulebook.compile import Compiled

EVERYTHING = Choice()

BUILT_IN = ("reading-the-files", "exceptions")


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
    """All rules by id, and per subject those that are asked under the profile and the choice of rules.

    `hash` names the content of the packs and the choice; `remarks` say what the choice and a council's own pack changed.
    """

    rules: Mapping[str, Rule]
    subjects: Mapping[str, SubjectRules]
    obligations: Mapping[str, Mapping[str, Any]]
    law: tuple[Mapping[str, Any], ...]
    profile: str
    hash: str
    folders: tuple[Path, ...] = field(default=())
    remarks: tuple[str, ...] = ()


def load_rulebook(
    folders: tuple[Path, ...] = (),
    profile: str = "today",
    *,
    own: tuple[Path, ...] = (),
    choice: Choice = EVERYTHING,
    use_cache: bool = True,
) -> Rulebook:
    """Return the rulebook of the shipped rules, or of the folders given instead, with a council's `own` packs beside them.

    Raises RulePackError with every fault of a bad pack, ConfigError where the `choice` names what is not there or may not be
    chosen so, and UsageError where there is no pack. The cache holds rules only.
    """
    own = tuple(one for one in own if one.resolve() != shipped("rules").resolve())
    places = (*(folders or (shipped("rules"),)), *own)
    files = [_File(folder, path, _read(folder, path), folder in own) for folder in places for path in pack_files(folder)]
    for name in BUILT_IN:
        inside = shipped("rules") / name
        if not any(one.path.is_relative_to(inside) for one in files):
            files += [_File(inside.parent, path, path.read_bytes(), False) for path in pack_files(inside)]
    digest = _digest(files, choice)
    key = f"{digest}-{_names(files)}-{profile}-{__version__}-{sys.implementation.cache_tag}-{_code_stamp()}"
    kept = cache.read(key) if use_cache else None
    if kept is None:
        kept = _build(files, profile, choice)
        if use_cache:
            cache.write(key, kept)
    return _from_plain(kept, profile, digest, places)


class _File(NamedTuple):
    """A rule file: the pack it lies in, and whether that is a council's own beside the shipped one."""

    folder: Path
    path: Path
    raw: bytes
    own: bool


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


def _digest(files: list[_File], choice: Choice) -> str:
    found = hashlib.sha256(choice.key.encode())
    for name in ("obligations", "law", "tensions"):
        found.update((shipped("rules") / "register" / f"{name}.yaml").read_bytes())
    for name in ("policy", "case", "contract", "portfolio", "export", "rule"):
        found.update((shipped("schemas") / f"{name}.schema.json").read_bytes())
    for one in files:
        name = one.path.relative_to(one.folder).as_posix()
        found.update((b"own\0" if one.own else b"") + name.encode() + b"\0" + hashlib.sha256(one.raw).digest())
    return found.hexdigest()[:32]


def _names(files: list[_File]) -> str:
    """Return a hash of how rule files are named that do not ship with pbcheck: from another folder they are named otherwise."""
    ships = shipped("rules")
    names = [shown_name(one.folder, one.path) for one in files if one.folder != ships]
    return hashlib.sha256("\0".join(names).encode(errors="surrogateescape")).hexdigest()[:8]


def _build(files: list[_File], profile: str, choice: Choice) -> dict[str, Any]:
    """Return the rulebook as plain data and code: what the cache keeps."""
    register = {one["id"]: one for one in registers.load("obligations")}
    pack = _Pack(register)
    for one in files:
        pack.take(one)
    if pack.faults:
        raise RulePackError(pack.faults)
    chosen = choose(choice, pack.rules, pack.asked_under(profile, locked=choice.keep_locked))
    if chosen.faults:
        raise ConfigError(list(chosen.faults))
    for name, severity in chosen.severities.items():
        pack.rules[name] = replace(pack.rules[name], severity=severity)
    remarks = chosen.remarks
    if pack.replaced:
        remarks = (f"Shipped rules replaced by the council's own pack: {', '.join(sorted(pack.replaced))}.", *remarks)
    return {
        "rules": [_plain(pack.rules[key]) for key in sorted(pack.rules)],
        "subjects": _subjects([pack.compiled[name] for name in sorted(chosen.asked)], profile),
        "register": register,
        "law": registers.load("law"),
        "remarks": remarks,
    }


class _Pack:
    """The rules of all files: compiled, and refused where an id is used twice or a locked rule is weakened."""

    def __init__(self, register: dict[str, Any]) -> None:
        self.register = register
        self.reasons = frozenset([*register, *(one["id"] for name in ("law", "tensions") for one in registers.load(name))])
        self.rules: dict[str, Rule] = {}
        self.compiled: dict[str, Compiled] = {}
        self.own: set[str] = set()
        self.replaced: set[str] = set()
        self.faults: list[PackFault] = []

    def take(self, file: _File) -> None:
        """Add the rules of a file."""
        from pbcheck.rulebook.compile import compile_rule

        sources, found = read_rule_file(file.path, shown_name(file.folder, file.path), file.raw)
        self.faults += found
        for source in sources:
            rule, ready, problems = compile_rule(source, self.register, self.reasons)
            before = self.rules.get(rule.id)
            if before is not None and rule.built_in and before == replace(rule, file=before.file):
                continue  # a copy of the shipped pack brings its own built-in checks
            self.faults += problems
            if file.own and rule.built_in:
                self.faults.append(source.fault(("built_in",), "`built_in` is for the checks of pbcheck itself: take it out."))
                continue
            if before is not None and not (file.own and self._may_replace(source, before, ready)):
                if not file.own or rule.id in self.own or before.built_in:
                    self.faults.append(source.fault(("id",), f"The id `{rule.id}` is already used in {before.file}."))
                continue
            if file.own:
                self.own.add(rule.id)
            self.rules[rule.id] = rule
            if ready:
                self.compiled[rule.id] = ready

    def asked_under(self, profile: str, *, locked: bool) -> frozenset[str]:
        """Return the rules that a profile asks, and where that is wanted the locked rules that it does not ask."""
        return frozenset(
            name for name, one in self.compiled.items() if one.rule.applies_under(profile) or (locked and self.rules[name].locked)
        )

    def _may_replace(self, source: RuleSource, before: Rule, ready: Compiled | None) -> bool:
        """Return whether a rule of a council's own pack may stand in the place of a shipped one."""
        from pbcheck.rulebook.packs import weakened

        if before.id in self.own or before.built_in or ready is None:
            return False
        found = weakened(source, self.compiled[before.id], ready) if before.locked and before.id in self.compiled else []
        self.faults += found
        if not found:
            self.replaced.add(before.id)
        return not found


def _subjects(compiled: list[Compiled], profile: str) -> dict[str, Any]:
    """Return for each subject its rules with what judging needs of them, and the code of their conditions."""
    from pbcheck.expressions.emit import emit

    groups: dict[str, list[Compiled]] = {}
    for one in compiled:
        groups.setdefault(one.rule.subject, []).append(one)
    subjects = {}
    for subject, group in sorted(groups.items()):
        kept = [one.rule.exceptions_under(profile) for one in group]
        module = emit(subject, [one.conditions(exceptions) for one, exceptions in zip(group, kept, strict=True)])
        asked = [
            (one.rule.id, one.reads, tuple(e.because for e in exceptions), tuple(e.when for e in exceptions), one.at)
            for one, exceptions in zip(group, kept, strict=True)
        ]
        subjects[subject] = (asked, compile(module, f"<rules about {subject}>", "exec"))
    return subjects


def shown_name(folder: Path, path: Path) -> str:
    """Return how a rule file is named: its path as the user can open it; a shipped one the same wherever pbcheck is installed."""
    if folder == shipped("rules"):
        return (Path(folder.name) / path.relative_to(folder)).as_posix()
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
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
    return Rulebook(rules, subjects, kept["register"], tuple(kept["law"]), profile, digest, places, tuple(kept["remarks"]))


def find_rule(rulebook: Rulebook, name: str) -> Rule:
    """Return a rule by id; raises UsageError with the nearest id for an unknown one."""
    from pbcheck.schema.suggest import did_you_mean

    if name not in rulebook.rules:
        raise UsageError(f"There is no rule called `{name}`.{did_you_mean(name, rulebook.rules)} See pbcheck rules list.")
    return rulebook.rules[name]
