"""The HTML report in headless Chromium: no accessibility violation by axe-core, no request, no message, and a filter that works."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pbcheck.render import render
from pbcheck.render.html.folder import write_folder
from tests import reports
from tests.browser.test_statement_in_a_browser import PAPER, SCHEMES, WIDTHS, shown, sideways, violations

pytestmark = pytest.mark.slow

KINDS = ("none", "small", "aside", "many", "hostile")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write a report of every kind, and return the files."""
    folder, made = tmp_path_factory.mktemp("reports"), {}
    for kind in KINDS:
        made[kind] = folder / f"{kind}.html"
        made[kind].write_text(render("html", getattr(reports, kind)()), encoding="utf-8")
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_no_violation_on_any_screen_or_on_paper(browser: Any, pages: dict[str, Path], kind: str) -> None:
    page = shown(browser, pages[kind], 320)
    views = (*(("screen", width) for width in WIDTHS), ("print", PAPER)) if kind != "many" else (("screen", 320), ("screen", 1280))
    for media, width in views:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES if kind != "many" else ("light",):
            page.emulate_media(media=media, color_scheme=scheme)
            assert (media, width, scheme, violations(page)) == (media, width, scheme, [])
        assert (media, width, sideways(page)) == (media, width, 0)
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_no_request_no_message_and_nothing_that_runs(browser: Any, pages: dict[str, Path], kind: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(pages[kind].as_uri())
    assert asked == [pages[kind].as_uri()]
    assert said == []
    assert page.locator("script").count() == 1
    page.close()


def test_the_filter_shows_what_is_asked_for(browser: Any, pages: dict[str, Path]) -> None:
    page = shown(browser, pages["small"], 1280)
    articles = page.locator("article.finding")
    every = articles.count()
    assert every >= 4
    page.select_option("#f-severity", "warning")
    assert 0 < page.locator("article.finding:visible").count() < every
    assert "Showing" in page.locator("#filter-status").inner_text()
    page.select_option("#f-severity", "")
    page.select_option("#f-team", "South")
    assert page.locator("article.finding:visible").count() == 1
    assert page.locator(".places > li:visible").all_inner_texts()[0].startswith("C-002")
    page.select_option("#f-team", "")
    page.fill("#f-record", "C-003")
    assert page.locator("article.finding:visible").count() == 1
    page.fill("#f-record", "")
    assert page.locator("article.finding:visible").count() == every
    page.close()


def test_the_filter_shows_what_was_set_aside_alone_or_leaves_it_out(browser: Any, pages: dict[str, Path]) -> None:
    page = shown(browser, pages["aside"], 1280)
    every = page.locator("article.finding").count()
    assert every == 5
    page.select_option("#f-state", "aside")
    assert page.locator("article.finding:visible").count() == 3
    assert "Showing 3 of 5 rules with findings. 3 of the places listed here match." in page.locator("#filter-status").inner_text()
    places = page.locator(".places > li:visible").all_inner_texts()
    assert len(places) == 3
    assert all("Set aside" in one for one in places)
    page.select_option("#f-state", "open")
    assert page.locator("article.finding:visible").count() == 3
    assert not any("Set aside" in one for one in page.locator(".places > li:visible").all_inner_texts())
    page.select_option("#f-severity", "error")
    assert page.locator("article.finding:visible").count() == 1
    page.click("button[type=reset]")
    assert page.locator("article.finding:visible").count() == every
    page.close()
    page = shown(browser, pages["small"], 1280)
    assert page.locator("#f-state").count() == 0
    page.close()


def test_it_works_with_scripts_off(browser: Any, pages: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages["small"].as_uri())
    assert page.locator("#filter").is_hidden()
    assert page.locator("article.finding:visible").count() >= 4
    context.close()


def test_the_keyboard_reaches_the_report_first(browser: Any, pages: dict[str, Path]) -> None:
    page = shown(browser, pages["small"], 1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, select, input, summary, nav a')].filter(one => one.getClientRects().length)
            .map(one => one.getBoundingClientRect()).filter(box => box.height < 24).length"""
    )
    assert small == 0
    page.close()


def test_a_folder_of_pages_has_no_violation_either(browser: Any, tmp_path: Path) -> None:
    write_folder(reports.aside(), tmp_path)
    found = sorted(tmp_path.rglob("*.html"))
    assert len(found) > 5
    for path in found:
        page = shown(browser, path, 320)
        assert (path.name, violations(page)) == (path.name, [])
        assert (path.name, sideways(page)) == (path.name, 0)
        page.close()
