"""Ids of cases replaced by keyed hashes, everywhere in a report: the same key gives the same names, and nobody without it the ids."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from pbcheck.discover import kind_by_name
from pbcheck.errors import UsageError
from pbcheck.gather import is_id
from pbcheck.model import Decision, Finding, Input, Report, Rule, SetAside
from pbcheck.source.document import Document
from pbcheck.source.lines import LINES, ending
from pbcheck.spill import FINDINGS, ROWS, Gathered

FEWEST_BYTES = 32
MOST_BYTES = 1_000_000
LENGTH = 16
NOT_BOTH = "--show-values and --pseudonymise do not go together: the values would show whom the hashes hide."
MAKE_ONE = "Make one with: (umask 077; head -c 32 /dev/urandom > KEYFILE). Keep it apart from the reports; who has it can test a guess."
_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_UNLISTED = "Not read, since the manifest does not list them"
_ABOUT_A_FILE = re.compile(r"(.+) (was (?:left out|given twice): .*)\Z", re.DOTALL)
_PART = re.compile(r"[A-Za-z0-9]+")
_SPOT = re.compile(r"(.*?)((?::[0-9]+){0,2}(?: /.*)?)\Z", re.DOTALL)
"""A place: files or records, then a line, a column and a pointer, each where it is stated."""
_EXCEPTIONS = "exceptions"  # the theme of findings about registers, baselines and comments


def read_key(path: Path) -> bytes:
    """Return the key in a file; raises UsageError where it is not there, too short, or open to others."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path} is too large for a key. {MAKE_ONE}")
        key, mode = path.read_bytes(), path.stat().st_mode
    except OSError as error:
        raise UsageError(f"The key file {path} cannot be read ({error.strerror}). {MAKE_ONE}") from None
    check_key(key)
    if mode & (stat.S_IRWXG | stat.S_IRWXO) and stat.S_IMODE(mode) != 0o777:  # 777 is what file systems without modes show
        raise UsageError(f"The key file {path} can be read by others: chmod 600 {path}")
    return key


def check_key(key: bytes, *, show_values: bool = False) -> None:
    """Raise UsageError where a key is too short, or values are to be shown beside."""
    if show_values:
        raise UsageError(NOT_BOTH)
    if len(key) < FEWEST_BYTES:
        raise UsageError(f"The key has {len(key)} bytes: expected at least {FEWEST_BYTES} of chance. {MAKE_ONE}")


def ids_in(record: Document) -> set[str]:
    """Return the ids of cases that a case or a contract states."""
    found = [record.data.get("id")] if record.kind == "case" else []
    accounts = record.data.get("accounts") if record.kind == "contract" else None
    found += [one.get("case_id") for one in accounts if isinstance(one, dict)] if isinstance(accounts, list) else []
    return {one for one in found if isinstance(one, str) and is_id(one)}


class Pseudonyms:
    """Replaces the ids of cases in a report.

    A name is `P-` and 16 characters of base32: 80 bits of HMAC-SHA-256. An id that may be a word or an amount by itself (no
    digit, fewer than four characters, or a number of fewer than five digits) is replaced only where it is a whole record,
    argument or part of a path, since it stands in other texts by chance.
    """

    def __init__(self, key: bytes, ids: Iterable[str]) -> None:
        self.key = key
        self.ids = frozenset(ids)
        self.mixed: dict[str, str] = {}
        for one in sorted((one for one in self.ids if one not in (one.upper(), one.lower())), reverse=True):
            self.mixed[one.casefold()] = one
        self.paths: dict[str, str] = {}

    def name(self, text: str, what: str = "case") -> str:
        """Return the keyed hash of an id, or of the name of a file."""
        digest = hmac.new(self.key, f"pbcheck {what}\0{text}".encode(), hashlib.sha256).digest()
        return f"P-{base64.b32encode(digest).decode()[:LENGTH]}"

    def known(self, text: str) -> str:
        """Return the name of an id, or of one that differs from it in nothing but small and large letters; empty for any other text."""
        return self.name(text) if text in self.ids else self.alike(text)

    def alike(self, text: str) -> str:
        """Return the name of the first of the ids that differ from a text in nothing but small and large letters; or nothing."""
        small = text.casefold()
        found = [one for one in (small, small.upper()) if one in self.ids]
        found += [self.mixed[small]] if small in self.mixed else []
        return self.name(min(found)) if found else ""

    def report(self, report: Report) -> Report:
        """Return a report in which no id of a case is left: records, messages, arguments, teams, files, figures, remarks, decisions."""
        self.paths = {one.path: self.path(one) for one in report.inputs}
        named = {rule for rule, *_ in report.kinds if report.rules[rule].theme == _EXCEPTIONS}
        instructions = {one.location.file for one in report.findings if one.rule in named} if named else set()
        self.paths |= {name: self.text(name) for name in instructions - self.paths.keys()}
        inputs = [replace(one, path=self.paths[one.path]) for one in report.inputs]
        findings, figures = Gathered(FINDINGS), Gathered(ROWS._replace(key=_record))
        findings.add(self.finding(one) for one in report.findings)
        figures.add({**one, "record": self.record(str(one["record"]))} for one in report.case_figures)
        return replace(
            report,
            findings=findings.result(),
            inputs=tuple(sorted(inputs)),
            case_figures=figures.result(),
            remarks=tuple(self.remark(one) for one in report.remarks),
            decisions=tuple(sorted(self.decision(one, report.rules.get(one.rule)) for one in report.decisions)),
        )

    def finding(self, one: Finding) -> Finding:
        """Return a finding without ids of cases."""
        place = replace(one.location, file=self.file(one.location.file))
        record = self.record(one.record) if one.subject in ("case", "file", "") else self.text(one.record)
        arguments = tuple(self.whole(argument) for argument in one.arguments)
        message = one.message
        for old, new in zip(one.arguments, arguments, strict=True):
            message = message.replace(old, new) if old != new and not _is_strong(old) else message
        return replace(
            one,
            record=record,
            location=place,
            message=self.text(message),
            arguments=arguments,
            team=self.whole(one.team),
            set_aside=self.set_aside(one.set_aside) if one.set_aside else None,
        )

    def set_aside(self, one: SetAside) -> SetAside:
        """Return by what a finding was set aside, without ids of cases."""
        return replace(one, name=self.named(one.by, one.name), reason=self.text(one.reason), approver=self.text(one.approver))

    def decision(self, one: Decision, rule: Rule | None) -> Decision:
        """Return a decision without ids of cases; a case that the export does not hold is named as it would be if it did."""
        of_cases = one.kind != "baseline" and (rule is None or rule.built_in or rule.subject == "case")
        return replace(
            one,
            name=self.named(one.kind, one.name),
            where=self.spot(one.where) if of_cases else self.text(one.where),
            reason=self.text(one.reason),
            approver=self.text(one.approver),
            reference=self.text(one.reference),
            standing=self.text(one.standing),
        )

    def named(self, kind: str, name: str) -> str:
        """Return the name of an exception: the place of a comment, the files that are ignored, or what it is called."""
        return self.spot(name) if kind in ("suppression", "per-file-ignore") else self.text(name)

    def spot(self, text: str) -> str:
        """Return a place in a file or a record, which may be one that the export does not hold any more."""
        found = _SPOT.match(text)
        place, within = (found[1], found[2]) if found else (text, "")
        words = [place] if place in self.paths else place.split(" ")
        return " ".join(self._in_spot(one) for one in words) + self.text(within)

    def _in_spot(self, word: str) -> str:
        name = self.known(word)
        if not name and (word in self.paths or "/" in word or PurePosixPath(word).suffix):
            return self.file(word)
        return name or (self.name(word) if is_id(word) else self.text(word))

    def record(self, text: str) -> str:
        """Return the name of a record: that of its id, or as it is where the record was named by its number."""
        return self.whole(text)

    def whole(self, text: str) -> str:
        """Return a text that may be an id as a whole, or hold some."""
        return self.known(text) or self.text(text)

    def text(self, text: str) -> str:
        """Return a text in which every id is replaced that is no word or amount by chance."""
        return _RUN.sub(lambda found: self._in_run(found.group()), text)

    def _in_run(self, run: str) -> str:
        """Return characters of which ids are made, with the longest ids in it replaced, from the left."""
        parts = [(one.start(), one.end()) for one in _PART.finditer(run)]
        out, at, index = [], 0, 0
        while index < len(parts):
            start = parts[index][0]
            for last in range(len(parts) - 1, index - 1, -1):
                piece = run[start : parts[last][1]]
                name = self.alike(piece) if _is_strong(piece) else ""
                if name:
                    out += [run[at:start], name]
                    at, index = parts[last][1], last
                    break
            index += 1
        return "".join(out) + run[at:]

    def remark(self, text: str) -> str:
        """Return a remark in which files are named as everywhere else, and those that were not read not at all."""
        if text.startswith(_UNLISTED):
            return f"{_UNLISTED}: their names are left out here."
        about = _ABOUT_A_FILE.match(text)
        return f"{self.file(about[1])} {about[2]}" if about else self.text(text)

    def file(self, shown: str) -> str:
        """Return how a file is named in a finding; one that was not read may be that of a case."""
        return self.paths.get(shown) or self.path(Input(shown, read=False)) if shown else ""

    def path(self, one: Input) -> str:
        """Return the path of a file: each part that is or holds an id replaced, and the whole name where it may be that of a person."""
        path = PurePosixPath(one.path)
        folders = [self.whole(part) for part in path.parent.parts]
        stem, ending = path.name.removesuffix(path.suffix), path.suffix
        known = bool(self.alike(stem)) or not stem.strip("*?")
        stem = self.name(stem, "file") if _may_name_a_person(one) and not known else self.whole(stem)
        return str(PurePosixPath(*folders, stem + ending))


def _record(row: Mapping[str, Any]) -> str:
    return str(row["record"])


def _is_strong(text: str) -> bool:
    """Return whether an id can be told from a word or a number."""
    digits = sum(one.isdigit() for one in text)
    return len(text) >= 4 and digits > 0 and (digits >= 5 or any(one.isalpha() for one in text))


def _may_name_a_person(one: Input) -> bool:
    """Return whether a file holds one case, or something that could not be read and may be one."""
    kind = one.kind or kind_by_name(Path(one.path))
    if kind not in ("case", ""):
        return False
    return one.records <= 1 or (not one.read and ending(Path(one.path)) not in LINES)
