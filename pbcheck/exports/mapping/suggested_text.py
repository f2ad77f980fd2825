"""The text of a suggested mapping: YAML with a comment wherever somebody has to decide."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pbcheck.errors import UsageError
from pbcheck.exports.mapping.convert import plain
from pbcheck.exports.mapping.suggest import NUMBERING, SURE, Guess, Placed, arrange, contracts, is_of_a_person, samples
from pbcheck.schema.suggest import nearest
from pbcheck.source.document import Unreadable

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_ .-]*\Z")
_TAKEN = re.compile(r"(?:y|n|yes|no|on|off|true|false|null|nan|inf|infinity)\Z", re.IGNORECASE)
HEAD = """\
# yaml-language-server: $schema=mapping.schema.json
# A first mapping, made from the headings: read every line. A commented line is not used yet, since the guess is unsure or words of
# the council's own need their meaning: take the mark away where it is right. `pbcheck schema show mapping` says what a mapping can hold.
kind: mapping

formats:
  dates: [DD/MM/YYYY]
  missing: ["NULL", "N/A"]
"""


def suggest(paths: list[Path]) -> str:
    """Return a first mapping for some tables, as YAML text.

    Raises UsageError where a file cannot be read, or no table has a column that tells its rows apart.
    """
    try:
        tables = samples(sorted(paths))
    except Unreadable as stop:
        raise UsageError(stop.faults[0].message) from None
    bought = contracts(tables)
    root, rest = arrange(tables)
    if root is None:
        raise UsageError("No table has a column that tells its rows apart: expected one with a row for each person and its reference.")
    lines = [HEAD, "tables:"]
    for one in [*_all(root), *([bought] if bought else [])]:
        lines += _table(one)
    for kind, record in (("contract", bought), ("case", root)):
        if record:
            lines += ["", f"{kind}:", f"  table: {record.sample.name}", f"  key: {quoted(record.key)}", *_body(record, "  ")]
    if rest:
        lines += ["", "# These tables refer to no other by their values, so that nothing is said of them:"]
        lines += [f"#   {one.file}{f', sheet {one.sheet}' if one.sheet else ''}: {', '.join(map(quoted, one.headings))}" for one in rest]
    return "\n".join(lines) + "\n"


def _all(one: Placed) -> list[Placed]:
    return [one, *(inner for below in one.below for inner in _all(below))]


def quoted(text: str) -> str:
    """Return a text as YAML, in quotation marks where YAML would read it otherwise."""
    return text if _PLAIN.match(text) and not text.endswith(" ") and not _TAKEN.match(text) else json.dumps(text, ensure_ascii=True)


def _table(one: Placed) -> list[str]:
    sample = one.sample
    lines = [f"  {sample.name}:", f"    file: {quoted(sample.file)}"]
    if sample.sheet:
        lines.append(f"    sheet: {quoted(sample.sheet)}")
    unique = [heading for heading in sample.headings if sample.unique(heading) and NUMBERING.search(heading)]
    if one.key:
        lines.append(f"    key: {quoted(one.key)}")
    elif unique and one.match[0] not in unique:
        lines.append(f"    key: {quoted(unique[0])} # unsure: no value stands twice in the first rows")
    used = {guess.heading for guess in one.guesses if guess.score >= SURE}
    used |= {one.match[0], one.key} | {other.match[1] for other in one.below}
    left = [heading for heading in sample.headings if heading not in used]
    of_a_person = [heading for heading in left if is_of_a_person(heading)]
    if of_a_person:
        lines.append(f"    not_used: [{', '.join(map(quoted, of_a_person))}] # better left out of the extract")
    others = [heading for heading in left if heading not in of_a_person]
    if others:
        lines.append(f"    # feed nothing yet: {', '.join(map(quoted, others))}")
    return lines


def _body(one: Placed, space: str) -> list[str]:
    """Return the fields of a table and what hangs on it; nothing where no field of it is sure."""
    lines = [f"{space}latest: {one.latest} # unsure: the date by which the latest row counts"] if one.latest else []
    lines += [f"{space}fields:"] + ([f"{space}  id: {quoted(one.key)}"] if one.key else [])
    written = [line for guess in one.guesses for line in _field(guess, f"{space}  ")]
    lines += written
    if not one.key and not any(not line.lstrip().startswith("#") for line in written):
        return []
    joins = [part for below in one.below if not below.list_name for part in _below(below, f"{space}  ", "table")]
    lists = [part for below in one.below if below.list_name for part in _below(below, f"{space}  ", "list")]
    return lines + ([f"{space}joins:", *joins] if joins else []) + ([f"{space}lists:", *lists] if lists else [])


def _below(one: Placed, space: str, first: str) -> list[str]:
    body = _body(one, f"{space}  ")
    if not body:
        return []
    own, theirs = one.match
    match = quoted(own) if own == theirs else f"{{{quoted(own)}: {quoted(theirs)}}}"
    start = (
        [f"{space}- list: {one.list_name}", f"{space}  table: {one.sample.name}"]
        if first == "list"
        else [f"{space}- table: {one.sample.name}"]
    )
    return [*start, f"{space}  match: {match}", *body]


def _field(guess: Guess, space: str) -> list[str]:
    heading, kind = quoted(guess.heading), guess.how.type
    sure = guess.score >= SURE
    extra, note = "", ""
    if guess.form and guess.form != "DD/MM/YYYY":
        extra = f", dates: [{quoted(guess.form)}]"
    elif kind.kind == "money" and re.search("pence", guess.heading, re.IGNORECASE):
        extra = ", unit: pence"
    elif kind.kind == "enum":
        local = [word for word in guess.words if plain(word).replace(" ", "_") not in kind.words]
        meant = ", ".join(f"{quoted(word)}: {nearest(word, kind.words) or '...'}" for word in local)
        extra = f", values: {{{meant}}}" if local and sure else ""
        note = f" # say what each word stands for: {', '.join(kind.words)}" if local else ""
        sure = sure and not local
    name = guess.name
    line = f"{name}: {{column: {heading}{extra}}}" if extra else f"{name}: {heading}"
    return [f"{space}{'' if sure else '# unsure: '}{line}{note}"]
