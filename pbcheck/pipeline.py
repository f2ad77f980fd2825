"""The whole way on one screen: read, check, judge, report."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pbcheck._version import __version__
from pbcheck.collector import few_collections
from pbcheck.discover import Export, find_exports
from pbcheck.errors import UsageError
from pbcheck.evaluate import Ledger
from pbcheck.figures.budget.kept import FIGURES
from pbcheck.figures.budget.kept import blocks as figure_blocks
from pbcheck.figures.catalogue import computed
from pbcheck.figures.dates import is_date
from pbcheck.findings import from_fault
from pbcheck.judging import Chunk, Context, audit_chunk, judge_for, judge_part, judge_records
from pbcheck.known import MetMany
from pbcheck.model import PROFILES, SUBJECTS, Decision, Finding, Input, Report, Tally
from pbcheck.opened import Opened, Part
from pbcheck.plain_data import document_from
from pbcheck.rulebook.book import EVERYTHING, Rulebook, load_rulebook
from pbcheck.rulebook.files import pack_files
from pbcheck.schema.suggest import did_you_mean
from pbcheck.source.document import Document, Fault
from pbcheck.source.lines import PIECE
from pbcheck.spill import FINDINGS, Gathered

if TYPE_CHECKING:
    from pbcheck.gate.exceptions import Exceptions
    from pbcheck.gate.settings import Settings


__all__ = ["Chunk", "Context", "Run", "audit", "audit_chunk", "judge_for", "judge_records"]

ENOUGH = 16 << 20
"""Bytes of cases from which workers pay when their number is left to pbcheck."""


@dataclass(frozen=True)
class Way:
    """How the cases are judged, which changes nothing in what comes of it.

    `jobs` is the number of worker processes (1: none, this process does it; 0: one a processor where there is enough to do),
    `resume` a folder that keeps finished parts, `size` the bytes of lines that are judged at a time.
    """

    jobs: int = 1
    resume: Path | None = None
    size: int = PIECE


class Run:
    """One audit over several exports: gathers what each gives and makes the report."""

    def __init__(
        self,
        rulebook: Rulebook,
        as_of: str | None,
        *,
        portfolio: bool,
        figures: bool = False,
        values: bool = False,
        key: bytes = b"",
        exceptions: Exceptions | None = None,
        way: Way | None = None,
        usual: str | None = None,
    ) -> None:
        self.usual = usual
        self.way = way or Way()
        self.exports = 0
        self.returns = 0
        self.exceptions = exceptions
        self.values = values
        self.key = key
        self.rulebook = rulebook
        self.as_of = as_of
        self.portfolio = portfolio
        self.figures = figures
        self.declared: Mapping[str, Any] = {}
        self.whole = Chunk()
        self.findings = Gathered(FINDINGS)
        self.case_figures = Gathered(FIGURES)
        self.inputs: list[Input] = []
        self.remarks: list[str] = [*rulebook.remarks, *(exceptions.remarks if exceptions else ())]
        self.authorities: set[str] = set()
        self.clocks: set[str] = set()

    def take(self, export: Export, plain: Sequence[Document] = ()) -> None:
        """Audit one export: small documents first, then its cases one after another."""
        opened = self._opened(export, plain)
        if self.exceptions is not None:
            own = [one.data["as_of"] for one in opened.policies.whole if isinstance(one.data.get("as_of"), str)]
            self.exceptions.begin(opened.as_of, max([*own, *([self.usual] if self.usual else [])], default=None))
        opened.as_of = opened.as_of or self.usual
        chunk = Chunk()
        given = (opened.policies, opened.contracts, opened.as_of, self.portfolio, self.figures, self.values, bool(self.key))
        context = Context(self.rulebook, *given, named=export.root is None)
        for one in opened.contracts.judged if self.key else ():
            chunk.take_ids(one)
        judge_records([*opened.manifests, *opened.policies.whole, *opened.contracts.judged], context, chunk)
        with few_collections(), closing(self._judged(opened, context)) as parts:
            for part, found in parts:
                opened.finish(part, found.files)
                found.findings, opened.findings = found.findings + opened.findings, []
                self._keep(found, chunk, commented=bool(part.files))
        self._portfolio(opened, chunk, context)
        self._keep(Chunk(findings=opened.findings), chunk)
        self._keep(chunk, self.whole)
        self.inputs += opened.inputs
        self.remarks += [*opened.remarks, *opened.tables_left_out()]
        self.returns += opened.returns
        if opened.as_of:
            self.clocks.add(opened.as_of)
        for one in [*opened.manifests, *opened.policies.whole]:
            if isinstance(one.data.get("authority"), str):
                self.authorities.add(one.data["authority"])

    def _judged(self, opened: Opened, context: Context) -> Generator[tuple[Part, Chunk], None, None]:
        """Yield the parts of an export in their order, each with what came of it."""
        parts = opened.parts(self.way.size)
        jobs = self.way.jobs if self.way.jobs or opened.streamed >= ENOUGH else 1
        if not (opened.export.root or opened.export.files):
            jobs = 1
        elif jobs != 1 or self.way.resume is not None:
            from pbcheck.parallel import judged

            self.exports += 1
            folder = self.way.resume / f"export-{self.exports}" if self.way.resume else None
            yield from judged(parts, opened.export.root, context, self._asked(), jobs=jobs, folder=folder)
            return
        known = MetMany()
        for part in parts:
            yield part, judge_part(part, opened.export.root, context, known)

    def _asked(self) -> frozenset[str]:
        """Return the rules whose findings about cases may be set aside, so that each of them has to be looked at here."""
        return self.exceptions.rules if self.exceptions is not None else frozenset()

    def _keep(self, found: Chunk, chunk: Chunk, *, commented: bool = False) -> None:
        """Add a part of the audit to a larger one; its findings and figures go where they can be many.

        `commented` says that it is of whole files, in which comments may set any finding aside.
        """
        self.findings.add(self._decided(found.findings))
        asked = self._asked() if found.blocks else frozenset()
        every = commented and self.exceptions is not None
        for block in found.blocks:
            if every or any(rule in asked for rule, *_ in block.kinds):
                self.findings.add(self._decided(FINDINGS.unpack(block.raw)))
            else:
                self.findings.add_blocks([block])
        self.case_figures.add_blocks((*figure_blocks(found.figures), *found.rows))
        found.findings, found.blocks, found.figures, found.rows, found.keys, found.files = [], [], [], [], [], []
        if found is not chunk:
            chunk.add(found)

    def _decided(self, findings: Iterable[Finding]) -> Iterable[Finding]:
        """Return findings, marked where an exception sets them aside."""
        return findings if self.exceptions is None else map(self.exceptions.decide, findings)

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
        judge_records([record], context, chunk)

    def report(self) -> Report:
        """Return the report of everything taken so far."""
        tallies: list[Tally] = []
        for subject in SUBJECTS:
            rules = self.rulebook.subjects.get(subject)
            if rules is None or (subject == "portfolio" and not self.portfolio):
                continue
            ledger = self.whole.ledgers.get(subject) or Ledger(len(rules.asked))
            tallies += ledger.tallies(rules)
        if not self.whole.records and not self.findings:
            fault = Fault("nothing-checked", "Nothing was checked: no document was found in what was given.")
            self.findings.add([from_fault(self.rulebook.rules["nothing-checked"], fault, "")])
        decisions: tuple[Decision, ...] = ()
        if self.exceptions is not None:
            about, decisions = self.exceptions.finish(self.inputs, whole=self.portfolio)
            self.findings.add(about)
        made = Report(
            findings=self.findings.result(),
            outcomes=tuple(sorted(tallies, key=lambda one: one.rule)),
            inputs=tuple(sorted(self.inputs)),
            rules=self.rulebook.rules,
            records=dict(sorted(self.whole.records.items())),
            authorities=tuple(sorted(self.authorities)),
            profile=self.rulebook.profile,
            as_of=", ".join(sorted(self.clocks)),
            rulebook_hash=self.rulebook.hash,
            version=__version__,
            remarks=(*self.remarks, *self._learned(tallies)),
            obligations=self.rulebook.obligations,
            law=self.rulebook.law,
            figures=self._portfolio_figures(),
            case_figures=self.case_figures.result(),
            figures_lack=self.whole.unsure,
            decisions=decisions,
        )
        if not self.key:
            return made
        from pbcheck.pseudonyms import Pseudonyms

        return Pseudonyms(self.key, self.whole.ids).report(made)

    def _learned(self, tallies: Sequence[Tally]) -> list[str]:
        """Return what can and cannot be learned from Client Level Data returns, where there were any."""
        rules = self.rulebook.subjects.get("case")
        if not self.returns or rules is None:
            return []
        from pbcheck.exports.cld.learned import learned
        from pbcheck.exports.cld.shown import learned_lines

        return learned_lines(learned(rules.asked, tallies))

    def _portfolio_figures(self) -> tuple[Mapping[str, Any], ...]:
        """Return the figures over all cases."""
        if not (self.portfolio and self.whole.records["case"]):
            return ()
        from pbcheck.portfolio.plain import plain
        from pbcheck.portfolio.rows import portfolio_rows

        return tuple(plain(one) for one in portfolio_rows(self.whole.portfolio, self.declared, dimensions=()))


def _given(settings: Settings | None, rulebook: Rulebook, without: Sequence[str]) -> Exceptions | None:
    """Return the exceptions that the settings name; None where there are no settings."""
    if settings is None:
        return None
    from pbcheck.gate.exceptions import Exceptions

    return Exceptions(settings, rulebook, without)


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
    settings: Settings | None = None,
    without: Sequence[str] = (),
    way: Way | None = None,
    watch: Callable[[Sequence[Export]], AbstractContextManager[object]] = nullcontext,
) -> Report:
    """Audit documents and return the report.

    `documents` are paths of export folders or files, or plain Python objects (a policy, a case, or a list of them), which
    are audited together as one export. `as_of` is an ISO date; without it the manifest's date counts, and never today's.
    `rules` names a council's own rule pack, or several, asked beside the shipped rules. `profile` is one of ppf, cwr, notes, today.
    `portfolio` asks for the figures over all cases, `figures` for those of each case as well.
    `show_values` puts what stands at the place of a finding into the finding, personal data too. With a `key` of at least 32
    bytes, cases are named by keyed hashes instead of their ids. `settings` (pbcheck.gate.settings.load_settings) choose the rules and
    the exceptions, of which `without` leaves out kinds: waivers, suppressions, baseline. `way` says with how many processes the cases
    are judged, and where finished parts are kept. `watch` is entered with the exports while they are read.
    Raises UsageError for a path or profile that is not there, RulePackError for a bad rule pack, ConfigError for bad exceptions.
    """
    if way is not None and way.resume is not None and show_values:
        raise UsageError("--show-values and --resume do not go together: the folder would hold values of the records.")
    if key:
        from pbcheck.pseudonyms import check_key

        check_key(key, show_values=show_values)
    if profile not in PROFILES:
        raise UsageError(f"There is no profile `{profile}`.{did_you_mean(str(profile), PROFILES)} Known: {', '.join(PROFILES)}.")
    if as_of is not None and not is_date(as_of):
        raise UsageError("`as_of` must be a date written year-month-day, such as 2026-09-30.")
    packs = (rules,) if isinstance(rules, (str, Path)) else rules
    choice = settings.choice if settings else EVERYTHING
    rulebook = load_rulebook(profile=profile, own=tuple(Path(one) for one in packs), choice=choice, use_cache=use_cache)
    given = _given(settings, rulebook, without)
    usual = settings.usual_date if settings and as_of is None else None
    run = Run(rulebook, as_of, portfolio=portfolio, figures=figures, values=show_values, key=key, exceptions=given, way=way, usual=usual)
    plain = [made for number, one in enumerate(documents, 1) if not isinstance(one, (str, Path)) for made in document_from(one, number)]
    if plain:
        run.take(Export(None), plain)
    rule_files = [path for one in packs for path in pack_files(Path(one))]
    instructions = (*settings.files, *rule_files) if settings else ()
    exports = find_exports([Path(one) for one in documents if isinstance(one, (str, Path))], instructions)
    with watch(exports):
        for export in exports:
            run.take(export)
    return run.report()
