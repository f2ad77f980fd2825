"""The whole way on one screen: read, check, judge, report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from pbcheck._version import __version__
from pbcheck.discover import Export, find_exports, settle_kind
from pbcheck.errors import UsageError
from pbcheck.evaluate import Judge, Ledger
from pbcheck.figures.catalogue import computed, figures, tally
from pbcheck.figures.dates import is_date
from pbcheck.figures.figure import Facts
from pbcheck.figures.forms import derive
from pbcheck.findings import from_fault
from pbcheck.gather import Policies, gate, put_together, record_name
from pbcheck.model import PROFILES, SUBJECTS, Finding, Input, Report, Rule, Tally
from pbcheck.plain_data import document_from
from pbcheck.rulebook.book import Rulebook, load_rulebook
from pbcheck.schema.suggest import did_you_mean
from pbcheck.source.document import Document, Fault
from pbcheck.source.files import LINES, FileRead, read_documents

CHUNK = 2000


@dataclass(frozen=True)
class Context:
    """What judging a case needs beside the case: the policies, the contracts by id, the date to judge by, and whether to add up totals."""

    rulebook: Rulebook
    policies: Policies = field(default_factory=Policies)
    contracts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    as_of: str | None = None
    totals: bool = True


@dataclass
class Chunk:
    """What came of some records: findings, a ledger for each subject, totals for the portfolio; chunks can be added up."""

    findings: list[Finding] = field(default_factory=list)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    totals: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)

    def add(self, other: Chunk) -> None:
        """Add another part of the same audit."""
        self.findings += other.findings
        self.totals.update(other.totals)
        self.records.update(other.records)
        for subject, ledger in other.ledgers.items():
            self.ledger(subject, ledger.width).add(ledger)

    def ledger(self, subject: str, width: int) -> Ledger:
        """Return the ledger of a subject, an empty one the first time."""
        if subject not in self.ledgers:
            self.ledgers[subject] = Ledger(width)
        return self.ledgers[subject]


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


def audit_chunk(records: Iterable[Document], context: Context) -> Chunk:
    """Judge some records of an export; pure, so that one process, a pool of workers or a cluster give the same."""
    chunk = Chunk()
    for record in records:
        readable, found = gate(record, context.rulebook.rules)
        chunk.findings += found
        if readable:
            judge_record(record, context, chunk)
    return chunk


def judge_record(record: Document, context: Context, chunk: Chunk) -> None:
    """Judge one record that meets its schema: its findings, outcomes and tallies are added to the chunk."""
    clock = record.data.get("as_of", context.as_of)
    policy = context.policies.in_force(clock) if record.kind != "policy" else None
    terms = policy.data if policy else {}
    facts = Facts(record.data, terms, context.contracts, clock, chunk.totals)
    if record.kind == "case":
        derive(record.data, context.contracts)
        if context.totals:
            tally(chunk.totals, facts)
    chunk.records[record.kind] += 1
    judge = judge_for(context.rulebook, record.kind)
    if judge is not None:
        ledger = chunk.ledger(record.kind, judge.width)
        chunk.findings += judge.run(record, record_name(record), policy, figures(record.kind, facts), clock, ledger)


class Run:
    """One audit over several exports: gathers what each gives and makes the report."""

    def __init__(self, rulebook: Rulebook, as_of: str | None, *, portfolio: bool) -> None:
        self.rulebook = rulebook
        self.as_of = as_of
        self.portfolio = portfolio
        self.whole = Chunk()
        self.inputs: list[Input] = []
        self.remarks: list[str] = []
        self.authorities: set[str] = set()
        self.clocks: set[str] = set()

    def take(self, export: Export, plain: list[Document] | None = None) -> None:
        """Audit one export: small documents first, then its cases one after another."""
        rules = self.rulebook.rules
        documents, streams = self._read(export, plain or [])
        self.remarks += export.remarks
        for shown, fault in export.faults:
            self.whole.findings.append(from_fault(rules[fault.check], fault, shown))
        by_kind: dict[str, list[Document]] = {}
        for document in documents:
            by_kind.setdefault(document.kind, []).append(document)
        context = self._context(by_kind)
        chunk = audit_chunk(by_kind.get("export", []), context)
        for policy in context.policies.whole:
            judge_record(policy, context, chunk)
        for subject in ("contract", "case"):
            chunk.add(audit_chunk(_once(by_kind.get(subject, []), chunk, rules), context))
        seen = {(one.kind, record_name(one)) for one in documents}
        for file in streams:
            cases = _once(self._documents(export, file, named=False), chunk, rules, seen)
            while batch := list(islice(cases, CHUNK)):
                chunk.add(audit_chunk(batch, context))
            self._input(file)
        self._portfolio(export, by_kind.get("portfolio", []), chunk, context)
        self.whole.add(chunk)

    def _context(self, by_kind: dict[str, list[Document]]) -> Context:
        rules = self.rulebook.rules
        parts = []
        for part in by_kind.pop("policy", []):
            readable, found = gate(part, rules)
            self.whole.findings += found
            if readable:
                parts.append(part)
        policies = put_together(parts, rules)
        self.whole.findings += policies.findings
        contracts = {}
        for one in by_kind.get("contract", []):
            contracts[str(one.data.get("id", ""))] = one.data
        manifests = by_kind.get("export", [])
        clock = self.as_of or next((str(one.data["as_of"]) for one in manifests if isinstance(one.data.get("as_of"), str)), None)
        for one in [*manifests, *policies.whole]:
            if isinstance(one.data.get("authority"), str):
                self.authorities.add(one.data["authority"])
        if clock:
            self.clocks.add(clock)
        return Context(self.rulebook, policies, contracts, clock, self.portfolio)

    def _read(self, export: Export, plain: list[Document]) -> tuple[list[Document], list[FileRead]]:
        documents = list(plain)
        streams = []
        if export.manifest is not None:
            export.manifest.kind = "export"
            documents.append(export.manifest)
            self._input(export.files[0])
        for file in export.files[1:] if export.manifest is not None else export.files:
            if file.path.suffix.lower() in LINES and (file.kind or "case") == "case":
                streams.append(file)
                continue
            documents += self._documents(export, file, named=export.root is None)
            self._input(file)
        return documents, streams

    def _documents(self, export: Export, file: FileRead, *, named: bool) -> Iterator[Document]:
        """Yield the documents of a file whose kind is known."""
        for document in read_documents(file, export.root):
            fault = settle_kind(document, file, named=named)
            if fault:
                file.faults.append(fault)
            elif document.kind:
                yield document
            else:
                file.kind = "none"

    def _input(self, file: FileRead) -> None:
        rules = self.rulebook.rules
        for fault in file.faults:
            self.whole.findings.append(from_fault(rules[fault.check], fault, file.shown))
        if file.kind == "none":
            self.remarks.append(f"{file.shown} was left out: it does not say its `kind` and does not look like a document.")
            file.kind = ""
        self.inputs.append(Input(file.shown, file.sha256, file.size, file.kind, file.records, not file.faults))

    def _portfolio(self, export: Export, declared: list[Document], chunk: Chunk, context: Context) -> None:
        if not self.portfolio or not (declared or chunk.records["case"]):
            return
        file = export.files[0].shown if export.files else ""
        record = declared[0] if declared else Document("portfolio", {"kind": "portfolio"}, file)
        readable, found = gate(record, self.rulebook.rules)
        chunk.findings += found
        if readable:
            record.data.update({key: value for key, value in computed(chunk.totals).items() if key not in record.data})
            judge_record(record, context, chunk)

    def report(self) -> Report:
        """Return the report of everything taken so far."""
        tallies: list[Tally] = []
        for subject in SUBJECTS:
            rules = self.rulebook.subjects.get(subject)
            if rules is None or (subject == "portfolio" and not self.portfolio):
                continue
            ledger = self.whole.ledgers.get(subject) or Ledger(len(rules.asked))
            tallies += ledger.tallies(rules)
        if not self.whole.records and not self.whole.findings:
            fault = Fault("nothing-checked", "Nothing was checked: no document was found in what was given.")
            self.whole.findings.append(from_fault(self.rulebook.rules["nothing-checked"], fault, ""))
        return Report(
            findings=tuple(sorted(self.whole.findings, key=lambda one: one.sort_key)),
            outcomes=tuple(sorted(tallies, key=lambda one: one.rule)),
            inputs=tuple(sorted(self.inputs)),
            rules=self.rulebook.rules,
            records=dict(sorted(self.whole.records.items())),
            authorities=tuple(sorted(self.authorities)),
            profile=self.rulebook.profile,
            as_of=", ".join(sorted(self.clocks)),
            rulebook_hash=self.rulebook.hash,
            version=__version__,
            remarks=tuple(self.remarks),
            obligations=self.rulebook.obligations,
            law=self.rulebook.law,
        )


def _once(
    documents: Iterable[Document],
    chunk: Chunk,
    rules: Mapping[str, Rule],
    seen: set[tuple[str, str]] | None = None,
) -> Iterator[Document]:
    """Yield each record once: a second one under the same id is a finding and is not judged."""
    known: set[tuple[str, str]] = set() if seen is None else seen
    for document in documents:
        key = (document.kind, str(document.data.get("id", "")))
        if key[1] and key in known:
            words = "Another record of this export has the same id: give each record its own, or take one of the two out."
            fault = Fault("record-twice", words, document.locate(("id",)), ("id",))
            chunk.findings.append(from_fault(rules["record-twice"], fault, document.file, subject=document.kind, record=key[1]))
            continue
        known.add(key)
        yield document


def audit(
    *documents: str | Path | Mapping[str, Any] | list[Any],
    rules: str | Path | Sequence[str | Path] = (),
    profile: str = "today",
    as_of: str | None = None,
    portfolio: bool = True,
    use_cache: bool = True,
) -> Report:
    """Audit documents and return the report.

    `documents` are paths of export folders or files, or plain Python objects (a policy, a case, or a list of them), which
    are audited together as one export. `as_of` is an ISO date; without it the manifest's date counts, and never today's.
    `rules` names a rule pack, or several that add up, in place of the shipped one. `profile` is one of ppf, cwr, notes, today.
    Raises UsageError for a path or profile that is not there, RulePackError for a bad rule pack.
    """
    if profile not in PROFILES:
        raise UsageError(f"There is no profile `{profile}`.{did_you_mean(profile, PROFILES)} Known: {', '.join(PROFILES)}.")
    if as_of is not None and not is_date(as_of):
        raise UsageError("`as_of` must be a date written year-month-day, such as 2026-09-30.")
    packs = (rules,) if isinstance(rules, (str, Path)) else rules
    rulebook = load_rulebook(tuple(Path(one) for one in packs), profile, use_cache=use_cache)
    run = Run(rulebook, as_of, portfolio=portfolio)
    plain = [made for number, one in enumerate(documents, 1) if not isinstance(one, (str, Path)) for made in document_from(one, number)]
    if plain:
        run.take(Export(None), plain)
    for export in find_exports([Path(one) for one in documents if isinstance(one, (str, Path))]):
        run.take(export)
    return run.report()
