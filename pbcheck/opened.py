"""An export that was read: its policies put together, its contracts by id, its date, and its cases one after another; nothing is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from pbcheck.discover import Export, find_exports, kind_by_name, settle_kind
from pbcheck.errors import UsageError
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.forms import derive
from pbcheck.findings import from_fault
from pbcheck.gather import Contracts, Policies, gate, put_together, record_name, twice
from pbcheck.model import Finding, Input, Rule
from pbcheck.schema.store import KINDS
from pbcheck.source.document import Document, Fault
from pbcheck.source.files import LINES, FileRead, read_documents

CHUNK = 2000


class Opened:
    """One export: what is small is read at once, the cases as they are asked for.

    `findings` are the faults met so far, `unsure` counts the documents and files that were refused or not read, wholly or in
    part, `unread` the files with faults by the kind of document expected in them; all three grow while the cases are read.
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
        self._streams: list[FileRead] = []
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
        for file in self._streams:
            cases = self._once(self._lines(file))
            while batch := list(islice(cases, CHUNK)):
                yield batch
            self._input(file)

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
            if file.path.suffix.lower() in LINES and (file.kind or kind_by_name(file.path) or "case") == "case":
                self._streams.append(file)
                continue
            documents += self._documents(file)
            self._input(file)
        return documents

    def _lines(self, file: FileRead) -> Iterator[Document]:
        """Yield the cases of a file that is read one record at a time; a record of another kind is a fault, since it comes too late."""
        for document in self._documents(file):
            if document.kind == "case":
                yield document
                continue
            words = f"This line holds a `{document.kind}` among cases: put it into a file of its own, such as {document.kind}.yaml."
            file.faults.append(Fault("kind-not-known", words, document.locate(("kind",)), ("kind",)))

    def _documents(self, file: FileRead) -> Iterator[Document]:
        """Yield the documents of a file whose kind is known."""
        for document in read_documents(file, self.export.root):
            fault = settle_kind(document, file, named=self.export.root is None)
            if fault:
                file.faults.append(fault)
            elif document.kind:
                yield document
            else:
                file.kind = "none"

    def _input(self, file: FileRead) -> None:
        """Take down what came of reading a file."""
        self.findings += [from_fault(self.rules[fault.check], fault, file.shown) for fault in file.faults]
        if file.faults:
            self.unsure += 1
            self.unread[file.kind or kind_by_name(file.path)] += 1
        if file.kind == "none":
            self.remarks.append(f"{file.shown} was left out: it does not say its `kind` and does not look like a document.")
            file.kind = ""
        self.inputs.append(Input(file.shown, file.sha256, file.size, file.kind, file.records, not file.faults))

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


def open_export(paths: Sequence[Path], rules: Mapping[str, Rule] | None = None, as_of: str | None = None) -> Opened:
    """Read the one export that some paths name. Without `rules`, the shipped ones name the faults.

    Raises UsageError for a path that is not there, for none and for several exports.
    """
    from pbcheck.rulebook.book import load_rulebook

    exports = find_exports(list(paths))
    if len(exports) != 1:
        raise UsageError(f"Expected one export, found {len(exports)}: name one folder that holds an export.yaml, or files of one export.")
    return Opened(exports[0], load_rulebook().rules if rules is None else rules, as_of)
