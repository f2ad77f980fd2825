"""The HTML report: its sections in order, numbers that add up, caps that are said, and hostile texts that stay texts."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from pbcheck import audit
from pbcheck.model import Decision, Report
from pbcheck.render import render
from pbcheck.render.html.decisions import ROWS
from pbcheck.render.html.folder import A_PAGE, write_folder
from pbcheck.render.html.page import ALL_PLACES, FILES, LEAST, PLACES, SECTIONS
from tests import reports
from tests.conftest import FIXTURES

pytestmark = pytest.mark.slow

KINDS = ("none", "small", "aside", "many", "hostile")


def page_of(report: Report) -> str:
    return render("html", report)


def words_of(page: str) -> str:
    """Return the words of a page as a reader meets them."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_section_is_there_in_order(kind: str) -> None:
    page = page_of(getattr(reports, kind)())
    found = re.findall(r'<section>\s*<h2 id="([a-z]+)">', page)
    assert found == [name for name, _ in SECTIONS]
    assert found[:3] == ["audited", "summary", "first"]


@pytest.mark.parametrize("kind", KINDS)
def test_headings_go_down_one_step_at_a_time_and_ids_are_unique(kind: str) -> None:
    page = page_of(getattr(reports, kind)())
    levels = [int(one) for one in re.findall(r"<h([1-6])\b", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_lets_nothing_in_and_sends_nothing_out(kind: str) -> None:
    page = page_of(getattr(reports, kind)())
    assert "default-src 'none'" in page
    assert len(re.findall(r"<script>", page)) == 1
    assert not re.search(r'\b(src|srcset|action|formaction|background|poster|data)="', page)
    assert not re.search(r"<(link|iframe|object|embed|img|form[^>]+action)\b", page)
    assert all(one.startswith(("#", "https://")) for one in re.findall(r'href="([^"]*)"', page))
    assert "javascript:" not in page.lower() or kind == "hostile"


def test_hostile_texts_stay_texts() -> None:
    page = page_of(reports.hostile())
    assert "<script>alert" not in page
    assert not re.search(r'href="\s*javascript', page, re.IGNORECASE)
    assert not re.search(r"<[a-z]+[^>]*\son[a-z]+=", page)
    body = page.split("<style>")[0] + page.split("</style>")[1].split("<script>")[0]
    assert not set("\x1b\x07\x00\u202e\u2066") & set(body)


def test_the_ledger_adds_up_and_says_so() -> None:
    report = reports.small()
    page = page_of(report)
    foot = re.search(r"<tfoot><tr>(.*?)</tfoot>", page, re.DOTALL)
    assert foot
    numbers = [int(one.replace(",", "")) for one in re.findall(r'<td class="n">([\d,]+)</td>', foot.group(1))]
    records, *outcomes = numbers
    assert records == sum(outcomes) == sum(one.records for one in report.outcomes)
    assert "Check:" in words_of(page)


def test_every_finding_of_a_small_report_is_on_the_page() -> None:
    report = reports.small()
    text = words_of(page_of(report))
    for one in report.findings:
        assert one.record in text
        assert f"{one.location.file}:{one.location.line}" in text
    for rule in {one.rule for one in report.findings}:
        assert report.rules[rule].title in text
        assert report.rules[rule].remedy in text


def test_a_cap_is_said_in_numbers_and_the_folder_has_all(tmp_path: Path) -> None:
    report = reports.many(5_000, rules=20)
    text = words_of(page_of(report))
    for rule in {one.rule for one in report.findings}:
        total = sum(one.rule == rule for one in report.findings)
        if total > PLACES:
            assert f"{total - PLACES:,} more places are not listed here" in text
            assert f"list all {total:,}" in text
    write_folder(report, tmp_path)
    for rule in {one.rule for one in report.findings}:
        total = sum(one.rule == rule for one in report.findings)
        listed = sum(path.read_text("utf-8").count('<span class="record">') for path in (tmp_path / "rules").glob(f"{rule}*.html"))
        assert listed == total
        assert len(list((tmp_path / "rules").glob(f"{rule}*.html"))) == -(-total // A_PAGE)


def test_many_rules_share_the_places_of_a_page_and_none_goes_without() -> None:
    report = reports.many(20_000, rules=400)
    rules = len({one.rule for one in report.findings})
    cap = max(LEAST, min(PLACES, ALL_PLACES // rules))
    assert LEAST <= cap < PLACES
    assert f"Each rule lists at most {cap} places on this page" in words_of(page_of(report))


def test_many_files_are_counted_and_those_not_read_come_first() -> None:
    from pbcheck.model import Input

    inputs = tuple(Input(f"f{number:04}.yaml", "a" * 64, 1, "case", 1, read=number != 700) for number in range(FILES + 250))
    text = words_of(page_of(replace(reports.none(), inputs=inputs)))
    assert "250 more files are not listed here" in text
    assert text.index("f0700.yaml") < text.index("f0000.yaml")


def test_the_figures_shown_are_those_of_the_report_and_what_is_kept_back_is_not_drawn() -> None:
    report = audit(FIXTURES / "compliant")
    page = page_of(report)
    text = words_of(page.split('id="figures"')[1].split('id="waivers"')[0])
    for one in report.figures:
        assert one["value"].replace("%", "").replace("£", "").split(" ")[0] in text.replace("£", "")
    assert "suppressed" in text or "kept back" in text
    drawn = re.findall(r"<desc[^>]*>(.*?)</desc>", page)
    assert drawn
    assert not any("suppressed" in one for one in drawn)


def test_the_line_of_a_policy_is_shown_and_no_line_of_a_case() -> None:
    policy = FIXTURES / "councils" / "st-helens" / "policy.yaml"
    page = page_of(audit(policy))
    assert '<div class="line code">' in page
    assert "recoup:" in page
    cases = page_of(audit(FIXTURES / "ombudsman" / "19-018-919"))
    assert '<div class="line code">' not in cases


def test_what_was_set_aside_is_said_near_the_top_and_counted_nowhere_else() -> None:
    page = page_of(reports.aside())
    text = words_of(page)
    top = words_of(page.split('<nav class="contents"')[0])
    assert "Set aside by decision: 3 findings (1 error and 2 warnings)." in top
    assert "1 of 5 decisions is not in force." in top
    assert re.findall(r'<li class="\w+"><b>(\d+)</b>', page) == ["2", "2", "0"]
    assert "<li><b>3</b> set aside</li>" in page
    assert "It found 2 errors and 2 warnings, from 3 rules; 2 of 12 cases have at least one finding." in text
    assert "Set aside by decision, and in none of these numbers of findings: 3 findings (1 error and 2 warnings)." in text
    first = page.split('id="first"')[1].split("</section>")[0]
    assert "estimate not told" in first
    assert "money taken back" not in first
    assert "review not held" not in first
    drawn = re.search(r'id="by-theme-desc">(.*?)</desc>', page)
    assert drawn
    assert [int(one) for one in re.findall(r"(\d+) (?:error|warning)", drawn[1])] == [2, 1, 1]


def test_the_findings_set_aside_are_listed_with_their_rules_and_marked() -> None:
    page = page_of(reports.aside())
    articles = {name: words_of(text) for name, text in re.findall(r'<article[^>]* id="rule-([\w-]+)"(.*?)</article>', page, re.DOTALL)}
    assert "1 place 1 place set aside" in articles["plan-not-costed"]
    assert articles["plan-not-costed"].count("Set aside by ") == 1
    assert (
        "Component P2 has no cost. Set aside by waiver W-001 until 2027-03-31, approved by Jo Lee, Head of Finance: The new ledger comes in"
        in articles["plan-not-costed"]
    )
    assert "Set aside by suppression comment export/policy.yaml:3 until 2026-12-31" in articles["money-taken-back"]
    assert "Set aside" not in articles["estimate-not-told"]
    states = dict(re.findall(r'<article[^>]* id="rule-([\w-]+)"[^>]* data-states="([\w ]*)"', page))
    assert states == {
        "estimate-not-told": "open",
        "plan-not-costed": "open aside",
        "money-taken-back": "aside",
        "review-not-held": "aside",
        "unreadable": "open",
    }
    policy = words_of(page.split('id="policy"')[1].split("</section>")[0])
    assert "All that was found in a policy or a manifest, by 1 rule, was set aside." in policy
    assert len(re.findall("<li[^>]* data-aside>", page)) == 3


def test_the_decisions_are_listed_those_not_in_force_with_the_reason() -> None:
    section = page_of(reports.aside()).split('id="waivers"')[1].split("</section>")[0]
    rows = [words_of(row).strip() for row in re.findall("<tr>(.*?)</tr>", section, re.DOTALL)]
    assert rows[1].startswith(
        "Waiver W-001 plan-not-costed C-002 The new ledger comes in spring. Jo Lee, Head of Finance, 2026-06-01, Minute 12"
    )
    assert rows[1].endswith("2027-03-31 In force 1")
    assert rows[4].startswith("Per-file ignore drafts/*.yaml Several rules")
    assert rows[5].endswith("2026-08-31 Not in force: it lapsed on 2026-08-31 0")
    text = words_of(section)
    assert "3 findings (1 error and 2 warnings); 1 by waivers, 1 by suppression comments and 1 by baselines." in text
    assert "1 of 5 decisions is not in force." in text


def test_decisions_that_set_nothing_aside_are_said_and_many_are_counted() -> None:
    decisions = tuple(Decision("waiver", f"W-{n:04}", "never-fails", "", standing="it lapsed" if n < 7 else "") for n in range(ROWS + 3))
    text = words_of(page_of(replace(reports.small(), decisions=decisions)))
    assert f"Nothing was set aside. {ROWS + 3} decisions to set findings aside were given" in text
    assert f"7 of {ROWS + 3} decisions are not in force." in text
    assert f"3 more decisions are not listed here. The JSON report lists all {ROWS + 3}." in text
    assert "W-0007 " in text
    assert "W-0006 " not in text
    none = words_of(page_of(reports.small()))
    assert "No waiver or suppression was given: no finding was set aside." in none
    assert none.lower().count("set aside") == 2  # the other is the head of the column of the ledger


def test_the_ledger_has_a_column_for_what_was_set_aside_that_is_no_part_of_the_sum() -> None:
    report = reports.aside()
    ledger = page_of(report).split('id="ledger"')[1].split("</section>")[0]
    column = re.findall(r'<td class="n apart">(\d+)</td>', ledger)
    assert column == ["0", "1", "0", "1", "1", "3"]
    assert [one.rule for one in report.outcomes] == re.findall(r'<tr><th scope="row">([\w-]+)</th>', ledger)[:5]
    assert "the ledger adds up" in words_of(ledger)
    checks = replace(report, findings=tuple(replace(one, set_aside=reports.WAIVED) for one in report.findings))
    assert "1 finding of checks of the documents, which have no row here, was set aside, too." in words_of(page_of(checks))


def test_where_all_was_set_aside_there_is_nothing_else_to_put_right() -> None:
    report = reports.aside()
    whole = replace(report, findings=tuple(one for one in report.findings if one.set_aside))
    text = words_of(page_of(whole))
    assert "It found nothing else to put right." in text
    assert "There is nothing to put right but what was set aside." in text
    assert "No finding that counts; 1 finding set aside" in text


def test_the_folder_has_every_place_that_was_set_aside_and_says_how_many(tmp_path: Path) -> None:
    many = reports.many(5_000, rules=4)
    name = many.findings[0].rule
    aside = [one for one in many.findings if one.rule == name][500:]
    marked = {id(one) for one in aside}
    report = replace(many, findings=tuple(replace(one, set_aside=reports.WAIVED) if id(one) in marked else one for one in many.findings))
    text = words_of(page_of(report))
    assert f"500 places {len(aside):,} places set aside" in text
    assert f"The first {PLACES} of {len(aside):,} places set aside" in text
    assert f"{len(aside) + 500 - 2 * PLACES:,} more places are not listed here" in text
    write_folder(report, tmp_path)
    found = sorted((tmp_path / "rules").glob(f"{name}*.html"), key=lambda path: len(path.name))
    places = [len(re.findall("<li[^>]* data-aside>", path.read_text("utf-8"))) for path in found]
    assert sum(places) == len(aside)
    assert places[0] == A_PAGE - 500
    assert f"{len(aside):,} of {len(aside) + 500:,} places were set aside by decision, marked, and listed last." in words_of(
        found[0].read_text("utf-8")
    )
    assert '<select id="f-state"' in found[0].read_text("utf-8")


def test_the_same_report_gives_the_same_bytes() -> None:
    assert page_of(reports.small()) == page_of(reports.small())
