"""An export that was read: its policies put together, its contracts by id, its date, and its cases one after another; nothing is judged."""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pbcheck.discover import MAPPING, Export, find_exports, kind_by_name, settle_kind
from pbcheck.errors import UsageError
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.forms import derive
from pbcheck.findings import from_fault
from pbcheck.gather import Contracts, Policies, gate, put_together, record_name, twice
from pbcheck.model import Finding, Input, Rule
from pbcheck.schema.store import KINDS
from pbcheck.source.document import Document, Fault, Unreadable
from pbcheck.source.files import FileRead, no_lines, read_documents, refuse, why_not_read
from pbcheck.source.lines import PIECE, Piece, pieces

if TYPE_CHECKING:
    from pbcheck.exports.mapping.read import MappedExport

CHUNK = 2000
BATCH = 200
KEPT = 8 << 20
"""Bytes of files of single cases that are kept in memory once they had to be read; those beyond are read again later."""


@dataclass
class Part:
    """Some of the cases of an export: documents that were read, lines of a file, or whole files.

    `file` is the one that lines or documents are from; None for documents that are together for another reason. `last` says that
    nothing more comes of it.
    """

    documents: list[Document] | None = None
    file: FileRead | None = None
    piece: Piece | None = None
    files: list[FileRead] = field(default_factory=list)
    last: bool = False


class Opened:
    """One export: what is small is read at once, the cases as they are asked for.

    `findings` are the faults met so far, `unsure` counts the documents and files that were refused or not read, wholly or in
    part, `unread` the files with faults by the kind of document expected in them, `returns` the Client Level Data returns; all four
    grow while the cases are read.
    """

    def __init__(self, export: Export, rules: Mapping[str, Rule], as_of: str | None = None, plain: Sequence[Document] = ()) -> None:
        self.export = export
        self.rules = rules
        self.findings: list[Finding] = [from_fault(rules[fault.check], fault, shown) for shown, fault in export.faults]
        self.remarks = list(export.remarks)
        self.inputs: list[Input] = []
        self.unread: Counter[str] = Counter()
        self.unsure = 0
        self._seen: set[tuple[str, str]] = set()
        self._singles: list[FileRead] = []
        self._streams: list[FileRead] = []
        self._mappings: dict[str, MappedExport] = {}
        self._tables_left = set(export.tables)
        self._kept = 0
        self.returns = 0
        by_kind: dict[str, list[Document]] = {kind: [] for kind in KINDS}
        for document in self._read(plain):
            by_kind[document.kind].append(document)
        self.manifests = self._gated(by_kind["export"])
        self.policies = self._policies(by_kind["policy"])
        self.contracts = self._contracts(by_kind["contract"])
        for policy in self.policies.whole:
            self.contracts.block_policy(policy)
        self.as_of = as_of or next((one.data["as_of"] for one in self.manifests if "as_of" in one.data), None)
        self._cases = by_kind["case"]
        self._portfolios = by_kind["portfolio"]

    def batches(self) -> Iterator[list[Document]]:
        """Yield the cases in batches, as they were read, each id once: first those of single files, then those of files of many."""
        yield list(self._once(self._cases))
        for file in (*self._singles, *self._streams):
            cases = self._once(self._of_file(file))
            while batch := list(islice(cases, CHUNK)):
                yield batch
            self._input(file)

    def parts(self, size: int = PIECE) -> Iterator[Part]:
        """Yield the same cases in parts for the functions of `judging`, in which ids may stand twice; lines in pieces of `size` bytes.

        Each part is to be given back with `finish`, in the same order.
        """
        for start in range(0, len(self._cases), BATCH):
            yield Part(self._cases[start : start + BATCH])
        for start in range(0, len(self._singles), BATCH):
            yield Part(files=self._singles[start : start + BATCH])
        for file in self._streams:
            if file.of_lines:
                yield from self._pieces(file, size)
            else:
                cases = self._of_file(file)
                while batch := list(islice(cases, BATCH)):
                    self._say(file)
                    yield Part(batch, file)
                yield Part([], file, last=True)

    def finish(self, part: Part, found: Sequence[FileRead]) -> None:
        """Take down what came of the files of a part that was judged."""
        for file, read in zip([part.file] if part.piece and part.file else part.files, found, strict=False):
            file.records += read.records
            file.faulty += read.faulty
            file.left_out += read.left_out
            if part.piece is None:
                file.sha256, file.size = read.sha256, read.size
                self._input(file)
        if part.last and part.file:
            if part.file.of_lines and not (part.file.records or part.file.faulty or part.file.faults):
                part.file.faults.append(no_lines())
            self._input(part.file)

    def _pieces(self, file: FileRead, size: int) -> Iterator[Part]:
        """Yield the lines of a file in parts, and at the end an empty one."""
        try:
            refuse(file.path, self.export.root)
            for piece in pieces(file, size):
                yield Part(file=file, piece=piece)
        except (Unreadable, OSError, RuntimeError) as error:
            file.faults += why_not_read(error)
        yield Part([], file, last=True)

    def cases(self) -> Iterator[Document]:
        """Yield the cases that meet their schema, with the derived form of each arrangement."""
        for batch in self.batches():
            for case in self._gated(batch):
                self.unsure += bool(case.blocked)
                self.contracts.block(case)
                derive(case.data, self.contracts.known)
                yield case

    def portfolio(self) -> Document | None:
        """Return the declared portfolio where there is one; a second one is a finding."""
        for other in self._portfolios[1:]:
            words = "Another portfolio of this export was judged: an export has one. Keep one of the two."
            fault = Fault("record-twice", words, other.locate(()))
            self.findings.append(from_fault(self.rules["record-twice"], fault, other.file, subject="portfolio", record=record_name(other)))
        return next(iter(self._gated(self._portfolios[:1])), None)

    def tables_left_out(self) -> list[str]:
        """Return, once all was read, the remark on tables that no mapping names."""
        if not self._tables_left:
            return []
        words = "no mapping says what their columns mean (pbcheck init mapping writes a first one)"
        return [f"Tables were left out, since {words}: {', '.join(sorted(self._tables_left))}."]

    @property
    def streamed(self) -> int:
        """How many bytes there are in the files that are read in parts, as they lie on the disk."""
        return sum(file.path.stat().st_size for file in (*self._singles, *self._streams) if file.path.is_file())

    @property
    def portfolio_declared(self) -> bool:
        """Whether a portfolio was declared, readable or not."""
        return bool(self._portfolios)

    def clock(self, record: Document) -> str | None:
        """Return the date to judge a record by: its own, else that of the export; None where its own was refused."""
        if ("as_of",) in record.blocked or () in record.blocked:
            return None
        return record.data.get("as_of", self.as_of)

    def policy_for(self, case: Document) -> Document | None:
        """Return the policy in force for a case; None where the export has none."""
        return self.policies.in_force(self.clock(case))

    def documents(self, record: Document) -> dict[str, Document]:
        """Return the documents that figures of a record rest on: `case`, `policy`, and `contract` with an id for each contract."""
        policy = self.policies.in_force(self.clock(record))
        named = {f"contract {one.data.get('id')}": one for one in self.contracts.judged}
        return named | {"case": record} | ({"policy": policy} if policy else {})

    def sheet(self, case: Document) -> Sheet:
        """Return the sheet of figures of a case."""
        policy = self.policy_for(case)
        return Sheet(case.data, policy.data if policy else {}, self.contracts.known, self.clock(case))

    def _gated(self, documents: Iterable[Document]) -> list[Document]:
        """Return those of some documents that can be judged; what their schemas refuse becomes findings."""
        kept = []
        for document in documents:
            readable, found = gate(document, self.rules)
            self.findings += found
            if readable:
                kept.append(document)
            self.unsure += not readable
        return kept

    def _policies(self, documents: list[Document]) -> Policies:
        parts = self._gated(documents)
        unread = sum(self.unread[kind] for kind in ("policy", ""))
        policies = put_together(parts, self.rules, unread=len(parts) < len(documents) or unread > 0)
        self.findings += policies.findings
        return policies

    def _contracts(self, documents: list[Document]) -> Contracts:
        contracts = Contracts()
        for one in documents:
            contracts.take(one, self.findings, self.rules, readable=bool(self._gated([one])))
        contracts.unread = contracts.unread or self.unread["contract"] + self.unread[""] > 0
        return contracts

    def _read(self, plain: Sequence[Document]) -> list[Document]:
        """Return the documents to settle first; the files of cases that are read one record at a time are kept for later."""
        documents = list(plain)
        if self.export.manifest_file is not None:
            documents += [self.export.manifest] if self.export.manifest else []
            self._input(self.export.manifest_file)
        for file in self.export.files:
            kind = file.kind or kind_by_name(file.path)
            if (file.of_lines or file.reader is not None) and (kind or "case") == "case":
                self._streams.append(file)
            elif kind == "case":
                self._singles.append(file)
            else:
                documents += self._now_or_later(file)
        return documents

    def _now_or_later(self, file: FileRead) -> list[Document]:
        """Return the documents of a file; none where they are cases and many were kept already: the file is then read again later."""
        documents = list(self._documents(file))
        if file.reader is not None:
            return documents
        self._kept += file.size if all(one.kind == "case" for one in documents) else 0
        if self._kept > KEPT and documents and not file.faults and all(one.kind == "case" for one in documents):
            self._singles.append(FileRead(file.path, file.shown, file.kind))
            return []
        self._input(file)
        return documents

    def _of_file(self, file: FileRead) -> Iterator[Document]:
        """Yield the cases of a file of cases; a record of another kind is a fault, since it comes too late."""
        for document in read_documents(file, self.export.root):
            if case_among(document, file, named=self.export.root is None):
                yield document

    def _documents(self, file: FileRead) -> Iterator[Document]:
        """Yield the documents of a file whose kind is known."""
        for document in read_documents(file, self.export.root):
            fault = settle_kind(document, file, named=self.export.root is None)
            if fault:
                file.faults.append(fault)
            elif document.kind == MAPPING:
                yield from self._mapped(file)
                return
            elif document.kind:
                yield document
            else:
                file.left_out += 1

    def _mapped(self, file: FileRead) -> Iterator[Document]:
        """Yield the contracts that a mapping makes of its tables; its cases are read later, one after another."""
        from pbcheck.exports.mapping.read import MappedExport

        file.records, file.kind = 0, "case"
        export = MappedExport(file, self.export.root)
        self._mappings[file.shown] = export
        weakref.finalize(self, export.close)  # where the cases are never asked for, its private folder goes all the same
        yield from export.documents("contract")
        file.reader = lambda *_: export.documents("case")
        self._streams.append(file)

    def _input(self, file: FileRead) -> None:
        """Take down what came of reading a file."""
        if file.left_out and file.left_out == file.records:
            self.remarks.append(f"{file.shown} was left out: it does not say its `kind` and does not look like a document.")
        elif file.left_out:
            words = (
                f"{file.left_out:,} of the {file.records:,} documents in this file do not say what they are: add the key `kind` to each."
            )
            file.faults.append(Fault("kind-not-known", words))
        self._say(file)
        export = self._mappings.pop(file.shown, None)
        if export is not None:
            self.inputs += export.inputs
            self._tables_left -= {one.path for one in export.inputs}
            self.remarks += [line for line in export.account.text().splitlines() if line.strip()]
            export.close()
        account = getattr(file, "account", None)
        if account is not None:
            from pbcheck.exports.cld.shown import account_lines

            self.remarks += account_lines(file.shown, account)
            self.returns += 1
        if file.faulty:
            self.unsure += 1
            self.unread[file.kind or kind_by_name(file.path)] += 1
        self.inputs.append(Input(file.shown, file.sha256, file.size, file.kind, file.records, not file.faulty))

    def _say(self, file: FileRead) -> None:
        """Make findings of what is wrong with a file so far."""
        self.findings += [from_fault(self.rules[fault.check], fault, file.shown) for fault in file.faults]
        file.faulty += sum(fault.incomplete for fault in file.faults)
        file.faults = []

    def _once(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield each record once: a second one under the same id is a finding and is left out."""
        for document in documents:
            key = (document.kind, str(document.data.get("id", "")))
            if key[1] and key in self._seen:
                self.findings.append(twice(document, self.rules))
                self.unsure += 1
                continue
            self._seen.add(key)
            yield document


def case_among(document: Document, file: FileRead, *, named: bool) -> bool:
    """Return whether a document of a file of cases is one; else it is a fault of the file, or counted where it looks like no document.

    `named` says that the file was named by itself, so that it must hold documents.
    """
    fault = settle_kind(document, file, named=named)
    if fault is None and document.kind == "case":
        return True
    if fault is None and document.kind:
        what = "This line holds" if file.of_lines else "This is"
        words = f"{what} a `{document.kind}` among cases: put it into a file of its own, such as {document.kind}.yaml."
        fault = Fault("kind-not-known", words, document.locate(("kind",)), ("kind",))
    if fault is None:
        file.left_out += 1
    else:
        file.faults.append(fault)
    return False


def open_export(paths: Sequence[Path], rules: Mapping[str, Rule] | None = None, as_of: str | None = None) -> Opened:
    """Read the one export that some paths name. Without `rules`, the shipped ones name the faults.

    Raises UsageError for a path that is not there, for none and for several exports.
    """
    from pbcheck.rulebook.book import load_rulebook

    exports = find_exports(list(paths))
    if len(exports) != 1:
        raise UsageError(f"Expected one export, found {len(exports)}: name one folder that holds an export.yaml, or files of one export.")
    return Opened(exports[0], load_rulebook().rules if rules is None else rules, as_of)
