"""A first mapping from the headings of some tables: what is likely is written out, what is not is left as a comment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from itertools import islice
from pathlib import Path

from pbcheck.exports.mapping.convert import NOTHING, How, NotRead, plain
from pbcheck.exports.mapping.csv_source import CsvSource
from pbcheck.exports.mapping.dates import Dates
from pbcheck.exports.mapping.excel_source import ExcelSource
from pbcheck.exports.mapping.fields import Steps, field_names, list_names
from pbcheck.exports.mapping.parquet_source import ParquetSource
from pbcheck.exports.mapping.sources import Row, Source, open_table
from pbcheck.exports.mapping.spec import Table
from pbcheck.exports.mapping.store import Store
from pbcheck.exports.mapping.synonyms import FIELDS, LISTS, OF_A_PERSON

SAMPLE = 500
SURE, UNSURE = 0.82, 0.6
NUMBERING = re.compile(r"(?:id|ref|no|number|key|code)\b", re.IGNORECASE)
TIMED = ("DD/MM/YYYY hh:mm", "DD/MM/YYYY hh:mm:ss")
FORMS = ("DD/MM/YYYY", "D/M/YYYY", "DD/MM/YY", "YYYYMMDD", *TIMED, "DD-MM-YYYY", "DD.MM.YYYY", "D Mon YY", "D Mon YYYY", "D Month YYYY")


@dataclass
class Sample:
    """The headings of a table and its first rows, column by column."""

    name: str
    file: str
    sheet: str
    headings: list[str]
    cells: dict[str, list[str]]

    def unique(self, heading: str) -> bool:
        """Return whether no value of a column stands twice, and none is blank."""
        found = self.cells[heading]
        return bool(found) and all(found) and len(set(found)) == len(found)

    def shares(self, heading: str, other: set[str]) -> float:
        """Return which part of the different values of a column is among others, from 0 to 1."""
        found = {one for one in self.cells[heading] if one}
        return len(found & other) / len(found) if found else 0.0


@dataclass(frozen=True)
class Guess:
    """One column and the field that it may feed: how sure that is, and how the field reads it."""

    heading: str
    name: str
    score: float
    how: How
    form: str = ""
    words: tuple[str, ...] = ()


@dataclass
class Placed:
    """A table with the place it was given: the list it feeds (empty for the records or a join), its link, and its guesses.

    `latest` is the date by which the latest of several rows would be taken.
    """

    sample: Sample
    list_name: str = ""
    match: tuple[str, str] = ("", "")
    guesses: list[Guess] = field(default_factory=list)
    below: list[Placed] = field(default_factory=list)
    latest: str = ""
    key: str = ""


def samples(paths: list[Path]) -> list[Sample]:
    """Return the headings and first rows of some files, of every sheet of an Excel file; raises Unreadable for one that cannot be read."""
    found: list[Sample] = []
    with Store() as store:
        for path in paths:
            for sheet, source in _sources(path, store):
                opened = open_table(Table("", ()), source, ())
                if len(opened.headings) < 2:
                    continue
                rows = [one.cells for one in islice(opened.rows(), SAMPLE) if isinstance(one, Row) and any(one.cells)]
                cells = {
                    heading: [row[at] if at < len(row) else "" for row in rows]
                    for at, heading in enumerate(opened.headings)
                    if heading and plain(heading) not in opened.twice
                }
                if not _like_another(path, sheet, cells, found):
                    found.append(Sample(_name(path, sheet, found), path.name, sheet, list(cells), cells))
    return found


def _like_another(path: Path, sheet: str, cells: dict[str, list[str]], found: list[Sample]) -> bool:
    """Take a file with the same headings and the same name, figures apart, for more of a table that is there already."""
    pattern = re.sub(r"\d[\d_-]*", "*", path.name)
    for one in found:
        if one.headings == list(cells) and one.sheet == sheet and pattern in (one.file, re.sub(r"\d[\d_-]*", "*", one.file)):
            one.file = pattern
            for heading, column in cells.items():
                one.cells[heading] += column
            return True
    return False


def _sources(path: Path, store: Store) -> list[tuple[str, Source]]:
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        first = ExcelSource(path, path.name, "")
        if len(first.sheets) == 1:
            return [("", first)]
        return [(one, ExcelSource(path, path.name, one)) for one in first.sheets]
    if path.suffix.lower() == ".parquet":
        return [("", ParquetSource(path, path.name, store))]
    return [("", CsvSource(path, path.name, "", store))]


def _name(path: Path, sheet: str, taken: list[Sample]) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", (sheet or path.stem).lower()).strip("_")
    name = name if name[:1].isalpha() else f"table_{name}"
    while any(one.name == name for one in taken):
        name += "_2"
    return name


def contracts(tables: list[Sample]) -> Placed | None:
    """Return the table that seems to hold contracts, by its name; it is taken out of the tables."""
    for sample in tables:
        key = next((one for one in sample.headings if sample.unique(one)), "")
        if key and like(sample.name, "contracts") > SURE:
            tables.remove(sample)
            return Placed(sample, guesses=guess("contract", (), sample, {key}), key=key)
    return None


def arrange(tables: list[Sample]) -> tuple[Placed | None, list[Sample]]:
    """Return the tables as they seem to hang together, and those that seem to belong nowhere."""
    root, key = _root(tables)
    if root is None:
        return None, tables
    placed = {root.name: Placed(root, guesses=guess("case", (), root, {key}), key=key)}
    waiting = [one for one in tables if one is not root]
    for _ in range(2):  # tables that hang on the records, then those that hang on lists
        for sample in list(waiting):
            found = _link(sample, [placed[root.name], *(one for one in placed.values() if one.list_name)], key)
            if found:
                above, own, theirs = found
                made = _place(sample, above, own, theirs)
                above.below.append(made)
                placed[sample.name] = made
                waiting.remove(sample)
    return placed[root.name], waiting


def _root(tables: list[Sample]) -> tuple[Sample | None, str]:
    """Return the table and the column that most other tables seem to refer to."""
    best: tuple[int, float, Sample, str] | None = None
    for sample in tables:
        for heading in sample.headings:
            if not sample.unique(heading):
                continue
            values = set(sample.cells[heading])
            others = sum(any(other.shares(one, values) > 0.8 for one in other.headings) for other in tables if other is not sample)
            likeness = max(like(heading, one) for one in ("id", *FIELDS["id"])) + (sample.name in ("people", "persons", "clients", "cases"))
            if best is None or (others, likeness) > best[:2]:
                best = (others, likeness, sample, heading)
    return (best[2], best[3]) if best else (None, "")


def _link(sample: Sample, above: list[Placed], key: str) -> tuple[Placed, str, str] | None:
    """Return the table that a table's rows seem to belong to, and the two columns."""
    for one in above:
        keys = [key] if not one.list_name else [heading for heading in one.sample.headings if one.sample.unique(heading)]
        for theirs in keys:
            values = set(one.sample.cells[theirs])
            shares = {heading: sample.shares(heading, values) for heading in sample.headings}
            own = max(shares, key=lambda heading: (shares[heading], like(heading, theirs)), default="")
            if own and shares[own] > 0.8 and (not one.list_name or like(own, theirs) > SURE):
                return one, own, theirs
    return None


def _place(sample: Sample, above: Placed, own: str, theirs: str) -> Placed:
    """Return a table with the list that its name and its columns fit best; a table with one row a record may also be a join."""
    best = Placed(sample, "", (own, theirs))
    top = 0.0
    base: Steps = tuple(step for part in above.list_name.split(".") if part for step in (part,)) + ((0,) if above.list_name else ())
    choices = list_names("case", base) + ([] if above.list_name else [""])
    for name in choices:
        steps: Steps = (*base, *name.split("."), 0) if name else base
        guesses = guess("case", steps, sample, {own})
        full = f"{above.list_name}.{name}" if above.list_name and name else name
        sure = [one for one in guesses if one.score >= SURE]
        if name:
            called = max(like(sample.name, one) for one in (name.split(".")[-1], *LISTS.get(full, ())))
        else:
            called = max((like(sample.name, one.name.split(".")[0]) for one in sure), default=0.0)
            called = max(called, 0.75 if sample.unique(own) else 0.0)
        score = sum(one.score for one in sure) * (0.4 + called)
        dates = [one.name for one in sure if one.how.type.kind == "date"]
        if score > top and (name or sample.unique(own) or dates):
            latest = "" if name or sample.unique(own) else dates[0]
            top, best = score, Placed(sample, name, (own, theirs), guesses, latest=latest)
    return best


def guess(kind: str, base: Steps, sample: Sample, taken: set[str]) -> list[Guess]:
    """Return for each field below a base the column that fits it best, each column once; only what the first rows bear out."""
    found = []
    prefix = ".".join(str(one) for one in base if one != 0)
    for name, type_ in field_names(kind, base).items():
        for heading in sample.headings:
            if heading in taken or (name == "id" and not base):
                continue
            full = f"{prefix}.{name}" if prefix else name
            called = (name.replace(".", " "), name.split(".")[-1], type_.title, *FIELDS.get(full, ()))
            score = max(like(heading, one) for one in called)
            made = _bears_out(Guess(heading, name, score, How(type_)), sample.cells[heading]) if score >= UNSURE else None
            if made:
                found.append(made)
    chosen: list[Guess] = []
    for one in sorted(found, key=lambda one: (-one.score, one.name.count("."), one.name, one.heading)):
        if all(one.heading != other.heading and one.name != other.name for other in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.name)


def _bears_out(one: Guess, cells: list[str]) -> Guess | None:
    """Return a guess with how the cells are written, or None where they are no values of the field at all."""
    stated = [cell for cell in cells if cell]
    if one.how.type.kind == "enum":
        words = tuple(sorted({" ".join(cell.split()) for cell in stated}))
        fits = len(words) <= 15 and not NUMBERING.search(one.heading)
        return Guess(one.heading, one.name, one.score, one.how, words=words) if fits else None
    if one.how.type.kind == "date":
        for form in ("", *FORMS):
            how = How(one.how.type, dates=Dates([form] if form else []))
            if _reads(how, stated):
                return Guess(one.heading, one.name, one.score, how, form)
        return None
    return one if _reads(one.how, stated) else None


def _reads(how: How, cells: list[str]) -> bool:
    """Return whether nine of ten cells are values of a field."""
    good = 0
    for cell in cells:
        try:
            good += how.read([cell]) is not NOTHING
        except NotRead:
            continue
    return good * 10 >= len(cells) * 9


@cache
def like(one: str, other: str) -> float:
    """Return how like two names are, from 0 to 1: the better of their letters and of their words."""
    left, right = _tokens(one), _tokens(other)
    if not left or not right:
        return 0.0
    shared = len(set(left) & set(right)) / len(set(left) | set(right))
    matcher = SequenceMatcher(None, " ".join(left), " ".join(right), autojunk=False)
    return max(shared, matcher.ratio()) if matcher.quick_ratio() > UNSURE else shared


def _tokens(name: str) -> list[str]:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return [one for one in re.split(r"[^a-z0-9]+", parted.lower()) if one and one not in ("the", "of", "a")]


def is_of_a_person(heading: str) -> bool:
    """Return whether a heading names what tells who a person is."""
    return " ".join(_tokens(heading)) in OF_A_PERSON
