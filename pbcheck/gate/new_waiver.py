"""A new entry in the register of waivers: checked first, then written below the others, which stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pbcheck.errors import ConfigError, UsageError
from pbcheck.gate.config_file import shown
from pbcheck.gate.waivers import LONGEST, Register, judge, read_register
from pbcheck.model import Rule
from pbcheck.schema.suggest import did_you_mean

HEAD = """# Decisions of the council that findings of pbcheck do not count for a time. A waived finding stays in every report.
# pbcheck waivers new writes an entry, pbcheck waivers check looks them over.
kind: waivers
waivers:
"""


def add_waiver(path: Path, rules: Mapping[str, Rule], stated: Mapping[str, Any]) -> str:
    """Write a waiver into a register and return its id; raises UsageError or ConfigError, and writes nothing, where it would not hold."""
    before = path.read_bytes() if path.exists() else b""
    register = read_register(path) if before.strip() else Register(path, ())
    rule = rules.get(stated["rule"])
    if rule is None:
        raise UsageError(f"There is no rule called `{stated['rule']}`.{did_you_mean(stated['rule'], rules)}")
    entry = _entry(rule, register, stated)
    text = _text(before.decode(), register, entry)
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {shown(path.parent)}: make it, or name another register.")
    aside = path.with_name(f".{path.name}.new")
    try:
        aside.write_text(text, encoding="utf-8", newline="\r\n" if b"\r\n" in before else "\n")
        made = _read_again(aside, path)
        problems = [words for check, words, _ in judge(made, rules, stated["approved_on"])[-1].found if check not in _AT_FIRST]
        if problems:
            raise UsageError(f"The waiver was not written. {' '.join(problems)}")
        aside.replace(path)
    except OSError as error:
        raise UsageError(f"The register {shown(path)} could not be written ({error.strerror}).") from None
    finally:
        aside.unlink(missing_ok=True)
    return str(entry["id"])


_AS_A_LIST = "write `waivers` last, as a list, each entry beginning with a dash on the line of its first key."
_EMPTY = re.compile(r"^waivers[ \t]*:[ \t]*\[\s*\]", re.MULTILINE)
_AT_FIRST = ("waiver-lapsing", "waiver-own-approval")
"""What may be said of a waiver that is just being written: it may be short, and who commits it is not known yet."""


def _read_again(aside: Path, path: Path) -> Register:
    """Return the register as it would be; raises UsageError where an entry at its end is none of its list."""
    try:
        return read_register(aside)
    except ConfigError:
        raise UsageError(f"An entry at the end of {shown(path)} would not be one of `waivers`: {_AS_A_LIST}") from None


def _entry(rule: Rule, register: Register, stated: Mapping[str, Any]) -> dict[str, Any]:
    where = {name: stated[name] for name in ("record", "file") if stated[name]}
    if stated["pointer"] is not None:
        where["pointer"] = stated["pointer"]
    if not where.keys() >= {"record"} and not where.keys() >= {"file", "pointer"}:
        raise UsageError("Say which finding is meant: --record, or --file with --pointer.")
    approved = date.fromisoformat(stated["approved_on"])
    expires = stated["expires"] or (approved + timedelta(days=LONGEST[rule.severity])).isoformat()
    return {
        "id": stated["given"] or _next(register, approved.year),
        "rule": rule.id,
        "where": where,
        "reason": stated["reason"],
        "approved_by": {"name": stated["name"], "role": stated["role"]},
        "decision": stated["decision"],
        "approved_on": stated["approved_on"],
        "expires": expires,
    }


def _next(register: Register, year: int) -> str:
    taken = {one.name for one in register.waivers}
    number = len(taken) + 1
    while f"W-{year}-{number:03}" in taken:
        number += 1
    return f"W-{year}-{number:03}"


def _text(before: str, register: Register, entry: dict[str, Any]) -> str:
    """Return the register's text with one more entry at its end; what was there stays, comments too."""
    import yaml

    dumped = yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=120, default_flow_style=False)
    lines = (line for line in dumped.splitlines())
    below = "\n".join(f"  {line}" for line in lines)
    before = before.replace("\r\n", "\n").rstrip()
    if not register.waivers:
        return f"{_EMPTY.sub('waivers:', before) or HEAD.rstrip()}\n{below}\n"
    first = register.waivers[0]
    dash = re.match(r"( *)-", first.source.lines[first.mark().line - 1])
    if dash is None:
        raise UsageError(f"The register is written in brackets: {_AS_A_LIST}")
    shifted = "\n".join(line[2:] and dash[1] + line[2:] for line in below.splitlines())
    return f"{before}\n{shifted}\n"
