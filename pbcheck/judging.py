"""Records meet the rules, some at a time: what a process, a pool of workers and a cluster call alike for their part of an audit."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from pbcheck.evaluate import Judge, Ledger, Meeting
from pbcheck.figures.budget.kept import Kept, kept
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.catalogue import figures as figures_of
from pbcheck.figures.figure import Facts, TotalsInPart
from pbcheck.figures.forms import derive
from pbcheck.findings import from_fault, team_of, with_value
from pbcheck.gather import Contracts, Policies, gate, record_name, twice
from pbcheck.known import KEY, Known
from pbcheck.model import Finding, Rule
from pbcheck.opened import Part, case_among
from pbcheck.portfolio.added import Portfolio
from pbcheck.rulebook.book import Rulebook
from pbcheck.source.document import Document
from pbcheck.source.files import FileRead, line_document, read_documents
from pbcheck.spill import Block

Line = tuple[FileRead, int, bytes]
"""A line of a file: which file, the number of the line from 1, and its bytes without the end of line."""


@dataclass(frozen=True)
class Context:
    """What judging a case needs beside the case: the policies, the contracts, the date to judge by, and whether to add up totals.

    `figures` asks for the budget figures of each case beside, `values` for the value at the place of each finding, `ids` for
    the ids of the cases that were met. `named` says that files were named one by one, so that each must hold documents.
    """

    rulebook: Rulebook
    policies: Policies = field(default_factory=Policies)
    contracts: Contracts = field(default_factory=Contracts)
    as_of: str | None = None
    totals: bool = True
    figures: bool = False
    values: bool = False
    ids: bool = False
    named: bool = False


@dataclass
class Chunk:
    """What came of some records: findings, a ledger for each subject, tallies for the portfolio; chunks can be added up.

    `ids` are the ids of cases, where they were asked for. `unsure` counts what the totals lack, wholly or in part: cases and
    files that were refused or not read. `keys` are the hashed ids of the records that were met the first time; `files` says
    what came of reading each file, or a part of it. `blocks` and `rows` are findings and figures that were packed on their way.
    """

    findings: list[Finding] = field(default_factory=list)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    portfolio: Portfolio = field(default_factory=Portfolio)
    figures: list[Kept] = field(default_factory=list)
    records: Counter[str] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    unsure: int = 0
    keys: list[bytes] = field(default_factory=list)
    files: list[FileRead] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    rows: list[Block] = field(default_factory=list)

    def add(self, other: Chunk) -> None:
        """Add another part of the same audit."""
        self.findings += other.findings
        self.portfolio.merge(other.portfolio)
        self.figures += other.figures
        self.records.update(other.records)
        self.ids |= other.ids
        self.unsure += other.unsure
        self.keys += other.keys
        self.files += other.files
        self.blocks += other.blocks
        self.rows += other.rows
        for subject, ledger in other.ledgers.items():
            self.ledger(subject, ledger.width).add(ledger)

    def take_ids(self, record: Document) -> None:
        """Take down the ids of cases that a record states."""
        from pbcheck.pseudonyms import ids_in

        self.ids |= ids_in(record)

    def ledger(self, subject: str, width: int) -> Ledger:
        """Return the ledger of a subject, an empty one the first time."""
        if subject not in self.ledgers:
            self.ledgers[subject] = Ledger(width)
        return self.ledgers[subject]

    def settle(self, file: FileRead, rules: Mapping[str, Rule]) -> None:
        """Make findings of what is wrong with a file, or with the part of it that was read, and take down what came of it."""
        self.findings += [from_fault(rules[fault.check], fault, file.shown) for fault in file.faults]
        file.faulty += sum(fault.incomplete for fault in file.faults)
        file.faults = []
        self.files.append(file)


def key_of(document: Document) -> bytes:
    """Return the kind and id of a record as a hash of KEY bytes; empty where it states no id."""
    name = document.data.get("id", "")
    text = name if type(name) is str else str(name)
    return hashlib.blake2b(f"{document.kind}\0{text}".encode(errors="surrogatepass"), digest_size=KEY).digest() if text else b""


AT_ONCE = 16
"""So many records go through one step before they go through the next, so that the code of a step stays at hand: that is quicker."""

_judges: dict[tuple[str, str, str], Judge] = {}


def judge_for(rulebook: Rulebook, subject: str) -> Judge | None:
    """Return the judge of a subject's rules, made once a process; None where no rule is about it."""
    rules = rulebook.subjects.get(subject)
    if rules is None:
        return None
    key = (rulebook.hash, rulebook.profile, subject)
    if key not in _judges:
        _judges[key] = Judge(rules)
    return _judges[key]


def judge_part(part: Part, root: Path | None, context: Context, known: Known) -> Chunk:
    """Judge a part of the cases of an export, whatever it holds."""
    if part.piece is not None and part.file is not None:
        file = part.file
        return judge_lines(((file, number, raw) for number, raw in part.piece.lines()), context, known)
    if part.files:
        return judge_files(part.files, root, context, known)
    return judge_documents_once(part.documents or (), context, known)


def audit_chunk(records: Iterable[Document], context: Context) -> Chunk:
    """Judge some records of an export; pure, so that one process, a pool of workers or a cluster give the same."""
    chunk = Chunk()
    _audit(records, context, chunk)
    return chunk


def judge_lines(lines: Iterable[Line], context: Context, known: Known) -> Chunk:
    """Judge the cases on lines of files; a second one under an id that is `known` is a finding and is left out.

    The lines may be of several files and come in any order: each says where it stands.
    """
    chunk = Chunk()
    files: dict[str, FileRead] = {}

    def cases() -> Iterator[Document]:
        for file, number, raw in lines:
            here = files.get(file.shown)
            if here is None:
                here = files[file.shown] = FileRead(file.path, file.shown, file.kind)
            made = line_document(here, raw, number)
            if made is not None and case_among(made, here, named=context.named):
                yield made

    _audit(_once(cases(), chunk, context.rulebook.rules, known), context, chunk)
    for file in files.values():
        chunk.settle(file, context.rulebook.rules)
    return chunk


def judge_files(files: Iterable[FileRead], root: Path | None, context: Context, known: Known) -> Chunk:
    """Judge the cases in some files, each read whole; `root` is the folder that links must not leave."""
    chunk = Chunk()
    for given in files:
        file = FileRead(given.path, given.shown, given.kind)
        cases = (one for one in read_documents(file, root) if case_among(one, file, named=context.named))
        _audit(_once(cases, chunk, context.rulebook.rules, known), context, chunk)
        chunk.settle(file, context.rulebook.rules)
    return chunk


def judge_documents_once(documents: Iterable[Document], context: Context, known: Known) -> Chunk:
    """Judge cases that were read already; a second one under an id that is `known` is a finding and is left out."""
    chunk = Chunk()
    _audit(_once(documents, chunk, context.rulebook.rules, known), context, chunk)
    return chunk


def _once(documents: Iterable[Document], chunk: Chunk, rules: Mapping[str, Rule], known: Known) -> Iterator[Document]:
    """Yield each record once."""
    for document in documents:
        key = key_of(document)
        if key and known.met(key):
            chunk.findings.append(twice(document, rules))
            chunk.unsure += 1
            continue
        if key:
            chunk.keys.append(key)
        yield document


def _gate_with_values() -> Callable[[Document, Mapping[str, Rule]], tuple[bool, list[Finding]]]:
    from pbcheck.values import gate_with_values

    return gate_with_values


def _audit(records: Iterable[Document], context: Context, chunk: Chunk) -> None:
    """Judge records and add what comes of them to the chunk."""
    waiting = iter(records)
    while some := list(islice(waiting, AT_ONCE)):
        judge_records(_admitted(some, context, chunk), context, chunk)
        some.clear()


def _admitted(records: list[Document], context: Context, chunk: Chunk) -> list[Document]:
    """Return the records that meet their schema, wholly or in part; what is wrong with any is added to the chunk."""
    ask = _gate_with_values() if context.values else gate
    admitted = []
    for record in records:
        if context.ids:
            chunk.take_ids(record)
        readable, found = ask(record, context.rulebook.rules)
        if found:
            team = team_of(record)
            chunk.findings += [replace(one, team=team) for one in found] if team else found
        if readable:
            admitted.append(record)
        chunk.unsure += not readable or bool(record.blocked)
    return admitted


def judge_records(records: Iterable[Document], context: Context, chunk: Chunk) -> None:
    """Judge records that meet their schema: their findings, outcomes and tallies are added to the chunk."""
    by_kind: dict[str, list[tuple[Meeting, Facts]]] = {}
    for record in records:
        by_kind.setdefault(record.kind, []).append(_ready(record, context, chunk))
    for kind, ready in by_kind.items():
        chunk.records[kind] += len(ready)
        if kind == "case" and (context.totals or context.figures):
            _work_out([(meeting.name, Sheet.of(facts)) for meeting, facts in ready], context, chunk)
        judge = judge_for(context.rulebook, kind)
        if judge is not None:
            answers = judge.run([meeting for meeting, _ in ready], chunk.ledger(kind, judge.width))
            for (meeting, _), found in zip(ready, answers, strict=True):
                chunk.findings += [with_value(one, meeting.record.data) for one in found] if context.values else found
        for _, facts in ready:
            facts.memo.clear()  # what figures share leads back to the facts, and would keep the record for the garbage collector


def _work_out(sheets: Sequence[tuple[str, Sheet]], context: Context, chunk: Chunk) -> None:
    """Add what some cases come to: the figures of each, where they are asked for, and what all add to the totals."""
    if context.figures:
        chunk.figures.append(kept(sheets))
    if context.totals:
        from pbcheck.portfolio.tallies import tally_cases  # here, so that `check` starts without it

        chunk.portfolio.add_all(tally_cases([sheet for _, sheet in sheets]))


def _ready(record: Document, context: Context, chunk: Chunk) -> tuple[Meeting, Facts]:
    """Return a record as the rules meet it, and the facts of its figures; the forms of its arrangements are derived."""
    clock = None if ("as_of",) in record.blocked or () in record.blocked else record.data.get("as_of", context.as_of)
    policy = context.policies.in_force(clock) if record.kind != "policy" else None
    totals = TotalsInPart() if record.kind == "portfolio" and chunk.unsure else chunk.portfolio.whole
    if record.kind == "case":
        context.contracts.block(record)
        derive(record.data, context.contracts.known)
    facts = Facts(record.data, policy.data if policy else {}, context.contracts.known, clock, totals)
    return Meeting(record, record_name(record), policy, figures_of(record.kind, facts), clock), facts
