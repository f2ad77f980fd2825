"""The whole way on one screen: read, check, judge, report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pbcheck._version import __version__
from pbcheck.discover import Export, find_exports
from pbcheck.errors import UsageError
from pbcheck.evaluate import Judge, Ledger
from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.catalogue import computed
from pbcheck.figures.catalogue import figures as figures_of
from pbcheck.figures.dates import is_date
from pbcheck.figures.figure import Facts, TotalsInPart
from pbcheck.figures.forms import derive
from pbcheck.findings import from_fault, team_of, with_value
from pbcheck.gather import Contracts, Policies, gate, record_name
from pbcheck.model import PROFILES, SUBJECTS, Finding, Input, Report, Rule, Tally
from pbcheck.opened import Opened
from pbcheck.plain_data import document_from
from pbcheck.portfolio.added import Portfolio
from pbcheck.rulebook.book import Rulebook, load_rulebook
from pbcheck.schema.suggest import did_you_mean
from pbcheck.source.document import Document, Fault


@dataclass(frozen=True)
class Context:
    """What judging a case needs beside the case: the policies, the contracts, the date to judge by, and whether to add up totals.

    `figures` asks for the budget figures of each case beside, `values` for the value at the place of each finding, `ids` for
    the ids of the cases that were met.
    """

    rulebook: Rulebook
    policies: Policies = field(default_factory=Policies)
    contracts: Contracts = field(default_factory=Contracts)
    as_of: str | None = None
    totals: bool = True
    figures: bool = False
    values: bool = False
    ids: bool = False


@dataclass
class Chunk:
    """What came of some records: findings, a ledger for each subject, tallies for the portfolio; chunks can be added up.

    `ids` are the ids of cases, where they were asked for. `unsure` counts what the totals lack, wholly or in part: cases and
    files that were refused or not read.
    """

    findings: list[Finding] = field(default_factory=list)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    portfolio: Portfolio = field(default_factory=Portfolio)
    figures: list[Mapping[str, Any]] = field(default_factory=list)
    records: Counter[str] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    unsure: int = 0

    def add(self, other: Chunk) -> None:
        """Add another part of the same audit."""
        self.findings += other.findings
        self.portfolio.merge(other.portfolio)
        self.figures += other.figures
        self.records.update(other.records)
        self.ids |= other.ids
        self.unsure += other.unsure
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


def _gate_with_values() -> Callable[[Document, Mapping[str, Rule]], tuple[bool, list[Finding]]]:
    from pbcheck.values import gate_with_values

    return gate_with_values


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
    ask = _gate_with_values() if context.values else gate
    for record in records:
        if context.ids:
            chunk.take_ids(record)
        readable, found = ask(record, context.rulebook.rules)
        team = team_of(record)
        chunk.findings += [replace(one, team=team) for one in found] if team else found
        if readable:
            judge_record(record, context, chunk)
        chunk.unsure += not readable or bool(record.blocked)
    return chunk


def judge_record(record: Document, context: Context, chunk: Chunk) -> None:
    """Judge one record that meets its schema: its findings, outcomes and tallies are added to the chunk."""
    clock = None if ("as_of",) in record.blocked or () in record.blocked else record.data.get("as_of", context.as_of)
    policy = context.policies.in_force(clock) if record.kind != "policy" else None
    terms = policy.data if policy else {}
    totals = TotalsInPart() if record.kind == "portfolio" and chunk.unsure else chunk.portfolio.whole
    facts = Facts(record.data, terms, context.contracts.known, clock, totals)
    if record.kind == "case":
        context.contracts.block(record)
        derive(record.data, context.contracts.known)
        if context.totals:
            from pbcheck.portfolio.tallies import tally_case  # here, so that `check` starts without it

            chunk.portfolio.add(tally_case(Sheet.of(facts)))
        if context.figures:
            from pbcheck.figures.budget.rows import figure_data, sheet_rows

            chunk.figures += [figure_data(row) for row in sheet_rows(Sheet.of(facts), record_name(record))]
    chunk.records[record.kind] += 1
    judge = judge_for(context.rulebook, record.kind)
    if judge is not None:
        ledger = chunk.ledger(record.kind, judge.width)
        found = judge.run(record, record_name(record), policy, figures_of(record.kind, facts), clock, ledger)
        chunk.findings += [with_value(one, record.data) for one in found] if context.values else found


class Run:
    """One audit over several exports: gathers what each gives and makes the report."""

    def __init__(
        self, rulebook: Rulebook, as_of: str | None, *, portfolio: bool, figures: bool = False, values: bool = False, key: bytes = b""
    ) -> None:
        self.values = values
        self.key = key
        self.rulebook = rulebook
        self.as_of = as_of
        self.portfolio = portfolio
        self.figures = figures
        self.declared: Mapping[str, Any] = {}
        self.whole = Chunk()
        self.inputs: list[Input] = []
        self.remarks: list[str] = []
        self.authorities: set[str] = set()
        self.clocks: set[str] = set()

    def take(self, export: Export, plain: Sequence[Document] = ()) -> None:
        """Audit one export: small documents first, then its cases one after another."""
        opened = self._opened(export, plain)
        chunk = Chunk()
        given = (opened.policies, opened.contracts, opened.as_of, self.portfolio, self.figures, self.values, bool(self.key))
        context = Context(self.rulebook, *given)
        for one in opened.contracts.judged if self.key else ():
            chunk.take_ids(one)
        for document in [*opened.manifests, *opened.policies.whole, *opened.contracts.judged]:
            judge_record(document, context, chunk)
        for batch in opened.batches():
            chunk.add(audit_chunk(batch, context))
        self._portfolio(opened, chunk, context)
        chunk.findings += opened.findings
        self.whole.add(chunk)
        self.inputs += opened.inputs
        self.remarks += opened.remarks
        if opened.as_of:
            self.clocks.add(opened.as_of)
        for one in [*opened.manifests, *opened.policies.whole]:
            if isinstance(one.data.get("authority"), str):
                self.authorities.add(one.data["authority"])

    def _opened(self, export: Export, plain: Sequence[Document]) -> Opened:
        given = (export, self.rulebook.rules, self.as_of, plain)
        if not self.values:
            return Opened(*given)
        from pbcheck.values import VALUES_SHOWN, OpenedWithValues

        if VALUES_SHOWN not in self.remarks:
            self.remarks.append(VALUES_SHOWN)
        return OpenedWithValues(*given)

    def _portfolio(self, opened: Opened, chunk: Chunk, context: Context) -> None:
        """Judge the portfolio: what is declared, and the totals over the cases, which decide nothing where a case is missing."""
        declared = opened.portfolio()
        self.declared = declared.data if declared else {}
        chunk.unsure += opened.unsure
        if not self.portfolio or not (declared or (chunk.records["case"] and not opened.portfolio_declared)):
            return
        file = opened.export.manifest_file or next(iter(opened.export.files), None)
        record = declared or Document("portfolio", {"kind": "portfolio"}, file.shown if file else "")
        totals = {key: value for key, value in computed(chunk.portfolio.whole).items() if key not in record.data}
        record.data.update(totals)
        if chunk.unsure:
            record.blocked += tuple((key,) for key in totals)
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
        made = Report(
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
            figures=self._portfolio_figures(),
            case_figures=tuple(self.whole.figures),
            figures_lack=self.whole.unsure,
        )
        if not self.key:
            return made
        from pbcheck.pseudonyms import Pseudonyms

        return Pseudonyms(self.key, self.whole.ids).report(made)

    def _portfolio_figures(self) -> tuple[Mapping[str, Any], ...]:
        """Return the figures over all cases."""
        if not (self.portfolio and self.whole.records["case"]):
            return ()
        from pbcheck.portfolio.plain import plain
        from pbcheck.portfolio.rows import portfolio_rows

        return tuple(plain(one) for one in portfolio_rows(self.whole.portfolio, self.declared, dimensions=()))


def audit(
    *documents: str | Path | Mapping[str, Any] | list[Any],
    rules: str | Path | Sequence[str | Path] = (),
    profile: str = "today",
    as_of: str | None = None,
    portfolio: bool = True,
    figures: bool = False,
    use_cache: bool = True,
    show_values: bool = False,
    key: bytes = b"",
    watch: Callable[[Sequence[Export]], AbstractContextManager[object]] = nullcontext,
) -> Report:
    """Audit documents and return the report.

    `documents` are paths of export folders or files, or plain Python objects (a policy, a case, or a list of them), which
    are audited together as one export. `as_of` is an ISO date; without it the manifest's date counts, and never today's.
    `rules` names a rule pack, or several that add up, in place of the shipped one. `profile` is one of ppf, cwr, notes, today.
    `portfolio` asks for the figures over all cases, `figures` for those of each case as well.
    `show_values` puts what stands at the place of a finding into the finding, personal data too. With a `key` of at least 32
    bytes, cases are named by keyed hashes instead of their ids. `watch` is entered with the exports while they are read.
    Raises UsageError for a path or profile that is not there, RulePackError for a bad rule pack.
    """
    if key:
        from pbcheck.pseudonyms import check_key

        check_key(key, show_values=show_values)
    if profile not in PROFILES:
        raise UsageError(f"There is no profile `{profile}`.{did_you_mean(str(profile), PROFILES)} Known: {', '.join(PROFILES)}.")
    if as_of is not None and not is_date(as_of):
        raise UsageError("`as_of` must be a date written year-month-day, such as 2026-09-30.")
    packs = (rules,) if isinstance(rules, (str, Path)) else rules
    rulebook = load_rulebook(tuple(Path(one) for one in packs), profile, use_cache=use_cache)
    run = Run(rulebook, as_of, portfolio=portfolio, figures=figures, values=show_values, key=key)
    plain = [made for number, one in enumerate(documents, 1) if not isinstance(one, (str, Path)) for made in document_from(one, number)]
    if plain:
        run.take(Export(None), plain)
    exports = find_exports([Path(one) for one in documents if isinstance(one, (str, Path))])
    with watch(exports):
        for export in exports:
            run.take(export)
    return run.report()
