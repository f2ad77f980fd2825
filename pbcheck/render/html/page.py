"""The report as one page: every section in order, with what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from pbcheck.model import SEVERITIES, SUBJECTS, Finding, Input, Report
from pbcheck.render.html import decisions, figures, limits, summary
from pbcheck.render.html.frame import Links, page
from pbcheck.render.html.groups import OUTCOMES, Group, Place, Theme, applied, grouped, joined, themes_of
from pbcheck.render.html.policy_line import PolicyLines
from pbcheck.render.overview import overview
from pbcheck.render.words import FORCES, counted

PLACES = 100
"""How many places of a rule one page lists, unless they share `ALL_PLACES`."""
ALL_PLACES = 6_000
"""How many places one page lists at most, so that it opens at once; with many rules each lists fewer, but never fewer than `LEAST`."""
LEAST = 10
FILES = 500
"""How many files one page lists; those that were not read come first."""
SECTIONS = (
    ("audited", "What was audited"),
    ("summary", "Summary"),
    ("first", "What to do first"),
    ("policy", "Findings about the policy"),
    ("themes", "Findings by theme"),
    ("figures", "Budget figures"),
    ("waivers", "Waivers and suppressions"),
    ("limits", "What this audit did not check and could not tell"),
    ("ledger", "The ledger"),
    ("method", "Method and sources"),
    ("files", "Files"),
)


class Block(NamedTuple):
    """The findings of a rule as a page shows them: some places, some that were set aside, and the page that lists all, if any."""

    group: Group
    places: list[Place]
    aside: list[Place]
    all_places: str

    @property
    def total(self) -> int:
        """Return how many places there are in all, with those set aside."""
        return len(self.group.all)

    @property
    def more(self) -> int:
        """Return how many places are not listed here."""
        return self.total - len(self.places) - len(self.aside)


class Shown(NamedTuple):
    """A theme with the blocks of its findings."""

    theme: Theme
    blocks: list[Block]


class Pages:
    """Makes the pages of one report; what they share is worked out once."""

    def __init__(self, report: Report) -> None:
        self.report = report
        lists = len({(rule, aside) for rule, _, aside, _ in report.kinds})
        self.cap = max(LEAST, min(PLACES, ALL_PLACES // max(1, lists)))
        self.seen = overview(report, self.cap)
        self.groups = grouped(report, self.seen)
        self.themes = themes_of(report, self.groups)
        self.lines = PolicyLines()
        self.files = sorted(report.inputs, key=lambda one: (one.read, one))

    @property
    def title(self) -> str:
        """Return whose documents were audited."""
        names = self.report.authorities
        if len(names) > 3:
            return counted(len(names), "authority", "authorities")
        return joined(names) or "Documents that name no authority"

    def block(self, group: Group, links: Links, cap: int) -> Block:
        """Return the block of a rule with as many places, and as many that were set aside, as the cap allows."""
        counting, aside = (group.places(self.lines, found[:cap]) for found in (group.findings, group.aside))
        return Block(group, counting, aside, links.rule(group.rule.id) if links.folder else "")

    def common(self, links: Links) -> dict[str, Any]:
        """Return what every page is given."""
        return {
            "report": self.report,
            "title": self.title,
            "links": links,
            "forces": FORCES,
            "applied": applied,
            "sections": SECTIONS,
            "severities": SEVERITIES,
        }

    def whole(self, links: Links) -> str:
        """Return the report with all its sections; in a folder, places of cases stand on pages of their own."""
        report = self.report
        policy = [self.block(one, links, self.cap) for one in self.groups if one.of_policy]
        shown = [
            Shown(theme, [] if links.folder else [self.block(one, links, self.cap) for one in theme.groups if not one.of_policy])
            for theme in self.themes
        ]
        files = self.files[:FILES]
        counting = [one for one in self.groups if one.findings]
        return page(
            "report.html.j2",
            **self.common(links),
            audited=self._audited(),
            sentences=summary.sentences(report, self.groups, self.themes, self.seen.cases.number),
            pictures=[one for one in (summary.outcomes_chart(report), summary.themes_chart(self.themes)) if one],
            first=counting[: summary.FIRST],
            counting=counting,
            groups=self.groups,
            policy_blocks=policy,
            themes=shown,
            subjects=SUBJECTS,
            teams=sorted(self.seen.teams),
            cap=self.cap,
            figures=figures.subjects(report),
            **self._decisions(),
            **self._limits(),
            files=files,
            files_more=len(self.files) - len(files),
        )

    def _audited(self) -> dict[str, Any]:
        report = self.report
        unread = sum(1 for one in report.inputs if not one.read)
        return {
            "kinds": summary.kinds(report),
            "profile": summary.PROFILES.get(report.profile, report.profile),
            "unread": unread,
            "incomplete": report.unread,
            "bytes": sum(one.size for one in report.inputs),
        }

    def _decisions(self) -> dict[str, Any]:
        rows = decisions.rows(self.report)
        return {
            "decisions": rows[: decisions.ROWS],
            "decisions_more": max(0, len(rows) - decisions.ROWS),
            "aside_numbers": decisions.numbers(self.groups),
            "aside_by": decisions.by_kind(self.groups),
            "not_in_force": decisions.not_in_force(self.report),
        }

    def _limits(self) -> dict[str, Any]:
        report = self.report
        found = limits.sums(report)
        return {
            "missing": limits.missing(report),
            "excuses": limits.excuses(report),
            "not_checked": limits.not_checked(report),
            "check": limits.check_words(found),
            "totals": {one: report.total(one) for one in (*OUTCOMES, "not_applicable", "records")},
            "aside_in_ledger": sum(report.set_aside[one.rule] for one in report.outcomes),
            "sources": limits.sources(report),
            "register": limits.register(report),
        }

    def one_theme(self, theme: Theme, links: Links) -> str:
        """Return the page of a theme: its rules with findings, each linked to its places."""
        shown = Shown(theme, [self.block(one, links, 0) for one in theme.groups])
        return page("theme.html.j2", **self.common(links), shown=shown)

    def one_rule(
        self, group: Group, links: Links, found: Sequence[Finding], start: int, numbers: Sequence[tuple[int, str]], number: int
    ) -> str:
        """Return a page of a rule with some of its findings, from a place on; `numbers` are all pages of the rule with their addresses."""
        block = Block(group, group.places(self.lines, found), [], "")
        return page("rule.html.j2", **self.common(links), block=block, start=start, numbers=numbers, number=number)

    def some_files(self, found: Sequence[Input], links: Links, start: int, numbers: Sequence[tuple[int, str]], number: int) -> str:
        """Return a page with some of the files."""
        return page("files.html.j2", **self.common(links), files=found, start=start, numbers=numbers, number=number)
