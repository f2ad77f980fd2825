"""Whether a file is a Client Level Data return, of which release, and which of its columns is which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from pbcheck.exports.cld.faults import cell_fault
from pbcheck.exports.cld.fields import BY_PLAIN, HEADERS, LISTS, NEEDED, READ, plain
from pbcheck.exports.cld.lines import BOM, Dialect, Record, encoding_of, marks_at, records
from pbcheck.source.document import Fault, Mark

DELIMITERS = ",;\t|"
SAMPLE = 1000
R2_FROM = "2025-09-30"
"""The first end of a reporting period that is handed in under Release 2: its values are in force from October 2025."""
_NEAR = 0.8
_LIKE = 0.6  # of the columns a case needs, how many a file must have, rightly or nearly spelled, to be taken for a return


@dataclass(frozen=True)
class Release:
    """A return that was recognised: its release (1 or 2), how it is written, and the number of each column (from 0) by our name for it.

    `faults` says which headers are missing or misspelled; where one that a case needs is among them, the return is not `usable`.
    """

    number: int
    dialect: Dialect
    header: tuple[str, ...]
    columns: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    usable: bool = True


def recognise(path: Path) -> Release | None:
    """Return what kind of return a file is, by its headers; None where it is none, or cannot be opened.

    Headers may have spaces or underscores, any case, quotation marks and a byte order mark; columns may stand in any order,
    and those that no case needs may be left out. The release is the one that the words of the first records are spelled in;
    where these do not tell, Release 2. A file with most of the headers gives a Release with faults that name the others.
    """
    try:
        first = _first_line(path)
    except OSError:
        return None
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(first)
    delimiter = max(DELIMITERS, key=lambda one: len(_known(first.decode("cp1252", "replace").split(one))))
    if not _like(first.decode("cp1252", "replace").split(delimiter)):
        return None
    try:
        return _looked_at(path, Dialect(encoding_of(path), delimiter))
    except OSError:
        return None


def _first_line(path: Path) -> bytes:
    with path.open("rb") as handle:
        line = handle.readline(1 << 16)
        while line and not line.strip():
            line = handle.readline(1 << 16)
    return line.removeprefix(BOM)


def _utf16(first: bytes) -> Release | None:
    header = first.decode("utf-16", "ignore").split(",")
    if not _like(header) and not _like(first.decode("utf-16", "ignore").split("\t")):
        return None
    words = "The file is saved as UTF-16. Save it again as CSV in UTF-8."
    return Release(2, Dialect("utf-16", ","), (), faults=(Fault("not-utf8", words, Mark(1, 1)),), usable=False)


def _known(header: Sequence[str]) -> set[str]:
    return {BY_PLAIN[plain(one)] for one in header if plain(one) in BY_PLAIN}


def _like(header: Sequence[str]) -> bool:
    """Return whether most of the headers that a case needs are there, rightly or nearly spelled."""
    found = _known(header)
    wanted = {HEADERS[name] for name in NEEDED if name not in found}
    near = {_nearest(one, wanted) for one in header if plain(one) not in BY_PLAIN} - {None}
    return bool(found) and len(NEEDED) - len(wanted) + len(near) >= _LIKE * len(NEEDED)


def _nearest(header: str, wanted: Iterable[str]) -> str | None:
    """Return the header of the specification that one is nearly, or None."""
    by_plain = {plain(one): one for one in sorted(wanted)}
    near = get_close_matches(plain(header), by_plain, n=1, cutoff=_NEAR)
    return by_plain[near[0]] if near else None


def _looked_at(path: Path, dialect: Dialect) -> Release:
    with path.open("rb") as handle:
        found = list(islice(records(handle, dialect, lambda raw: None), SAMPLE + 1))
    top = found[0] if found else Record(1, 0, [])
    header = tuple(top.cells or ())
    places = marks_at(path, top.offset, top.line, dialect)
    columns, faults = _columns(header, places)
    usable = all(name in columns for name in NEEDED)
    number = _release(found[1:], columns)
    return Release(number, dialect, header, columns, tuple(faults), usable)


def _columns(header: Sequence[str], places: Sequence[Mark]) -> tuple[dict[str, int], list[Fault]]:
    columns: dict[str, int] = {}
    faults: list[Fault] = []
    strange: list[int] = []
    twice: set[str] = set()
    for number, text in enumerate(header):
        name = BY_PLAIN.get(plain(text))
        if name is None:
            strange.append(number)
        elif name not in columns:
            columns[name] = number
        elif name in READ:
            twice.add(name)
            words = f"The column {HEADERS[name]} stands twice, and nobody can say which of the two counts: take one of them out."
            faults.append(Fault("cld-header", words, _place(places, number)))
    faults += _misspelled(header, places, strange, columns)
    return {name: at for name, at in columns.items() if name not in twice}, faults


def _misspelled(header: Sequence[str], places: Sequence[Mark], strange: Sequence[int], columns: Mapping[str, int]) -> Iterator[Fault]:
    """Yield a fault for each header that is nearly one of the specification, and for each that a case needs and that is not there."""
    missing = {HEADERS[name]: name for name in READ if name not in columns}
    for number in strange:
        meant = _nearest(header[number], missing)
        if meant:
            name = missing.pop(meant)
            words = f"Column {number + 1} has no header of the specification. Did you mean `{meant}`? It was not read."
            yield cell_fault("cld-header", words, _place(places, number), incomplete=name in NEEDED)
    for name in missing.values():
        if name in NEEDED:
            words = f"The column {HEADERS[name]} is missing, and no case can be built without it: export the return with this column."
            yield Fault("cld-header", words, Mark(1, 1))


def _place(places: Sequence[Mark], number: int) -> Mark:
    return places[number] if number < len(places) else Mark(1, 1)


def _release(sample: Sequence[Record], columns: Mapping[str, int]) -> int:
    """Return 1 or 2: the release in which more of the words are spelled that the two spell differently."""
    seen: Counter[int] = Counter()
    for name, words in LISTS.items():
        if name not in columns:
            continue
        at = columns[name]
        first, second = words.of(1), words.of(2)
        for record in sample:
            text = record.cells[at].strip() if record.cells and at < len(record.cells) else ""
            seen[1] += text in first and text not in second
            seen[2] += text in second and text not in first
    return 1 if seen[1] > seen[2] else 2
