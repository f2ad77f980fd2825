"""The HTML report: its sections in order, numbers that add up, caps that are said, and hostile texts that stay texts."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from pbcheck import audit
from pbcheck.model import Report
from pbcheck.render import render
from pbcheck.render.html.folder import A_PAGE, write_folder
from pbcheck.render.html.page import ALL_PLACES, FILES, LEAST, PLACES, SECTIONS
from tests import reports
from tests.conftest import FIXTURES

KINDS = ("none", "small", "many", "hostile")


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
    from dataclasses import replace

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


def test_the_same_report_gives_the_same_bytes() -> None:
    assert page_of(reports.small()) == page_of(reports.small())
