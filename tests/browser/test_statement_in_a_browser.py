"""Statements in headless Chromium, on screens and on paper: no accessibility violation by axe-core, nothing to scroll sideways for.

They need Chromium on the machine and the packages playwright and axe-playwright-python (which holds axe-core); nothing is
downloaded. Where CI is set in the environment they do not let themselves be skipped.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pbcheck.statement import html
from pbcheck.statement.model import Statement
from tests.statement_cases import told

pytestmark = pytest.mark.slow

LAYOUTS = ("standard", "large-print", "easy-read")
WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")
PAPER = 665  # an A4 page without its margins, in CSS pixels
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""
LONG = "unbreakable" * 8


def statements() -> dict[str, Statement]:
    """Return statements that together hold everything a statement can hold: gaps, a warning, long words, every kind of table."""
    broken = {"statements.1.drawdowns.0.amount": "lots", "plan.components.0.category": LONG, "statements.0.drawdowns.0.component": LONG}
    return {
        "an account": told(),
        "a mixture": told("C-008"),
        "by the week": told("C-009"),
        "with gaps": told(case=broken, policy={"authority": LONG, "support_services.0.name": LONG}, period="2026-03-16..2026-06-15"),
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Write every statement in every layout, and return the files."""
    folder, made = tmp_path_factory.mktemp("statements"), {}
    for name, found in statements().items():
        for layout in LAYOUTS:
            path = folder / f"{name.replace(' ', '-')}-{layout}.html"
            path.write_text(html.render(found, layout), encoding="utf-8")
            made[name, layout] = path
    return made


def shown(browser: Any, path: Path, width: int, scheme: str = "light", media: str = "screen") -> Any:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.emulate_media(media=media, color_scheme=scheme)
    page.goto(path.as_uri())
    return page


def violations(page: Any, **more: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}, **more}).response
    assert len(found["passes"]) > 10, "axe-core looked at something"
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]


def sideways(page: Any) -> int:
    """Return by how many pixels a page is wider than the window."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["a mixture", "with gaps"])
def test_on_every_screen_and_on_paper(browser: Any, pages: dict[tuple[str, str], Path], layout: str, name: str) -> None:
    page = shown(browser, pages[name, layout], 320)
    for media, width in (*(("screen", width) for width in WIDTHS), ("print", PAPER)):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(media=media, color_scheme=scheme)
            assert (media, width, scheme, violations(page)) == (media, width, scheme, [])
            assert (media, width, sideways(page)) == (media, width, 0)
        if media == "print":
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.close()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["an account", "by the week"])
def test_other_statements_on_a_telephone(browser: Any, pages: dict[tuple[str, str], Path], layout: str, name: str) -> None:
    page = shown(browser, pages[name, layout], 320)
    assert violations(page) == []
    assert sideways(page) == 0
    page.close()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_with_the_readers_own_spacing_nothing_is_lost(browser: Any, pages: dict[tuple[str, str], Path], layout: str) -> None:
    page = shown(browser, pages["a mixture", layout], 320)
    page.evaluate("css => { const style = document.createElement('style'); style.textContent = css; document.head.append(style) }", SPACED)
    assert page.evaluate("getComputedStyle(document.querySelector('h2')).letterSpacing") != "normal"
    assert sideways(page) == 0
    page.close()


@pytest.mark.parametrize("media", ["screen", "print"])
@pytest.mark.parametrize(("layout", "points"), [("large-print", 18), ("easy-read", 16), ("standard", 10)])
def test_letters_are_large_enough_and_upright(
    browser: Any, pages: dict[tuple[str, str], Path], layout: str, points: int, media: str
) -> None:
    page = shown(browser, pages["with gaps", layout], PAPER, media=media)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('main *')]
            .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()) && one.getClientRects().length)
            .map(one => [parseFloat(getComputedStyle(one).fontSize), getComputedStyle(one).fontStyle])"""
    )
    assert len(sizes) > 40
    assert round(min(size for size, _ in sizes) * 0.75, 2) >= points
    assert {style for _, style in sizes} == {"normal"}
    page.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_large_print_has_the_stronger_contrast(browser: Any, pages: dict[tuple[str, str], Path], scheme: str) -> None:
    page = shown(browser, pages["a mixture", "large-print"], 1280, scheme)
    assert violations(page, rules={"color-contrast-enhanced": {"enabled": True}}) == []
    page.close()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_rows_of_a_folded_table_stay_rows(browser: Any, pages: dict[tuple[str, str], Path], layout: str) -> None:
    """At 320 pixels the cells stand below one another, and a screen reader still meets a table with headings."""
    page = shown(browser, pages["a mixture", layout], 320)
    tables = page.get_by_role("table")
    if layout == "easy-read":
        assert tables.count() == 0
    else:
        wide = tables.nth(1)
        assert wide.get_by_role("row").count() == 5
        assert wide.get_by_role("rowheader").first.inner_text().startswith("P1, personal assistant")
        first, second = (wide.get_by_role("cell").nth(number).bounding_box() for number in (0, 1))
        assert second["y"] > first["y"]
        assert second["x"] == first["x"]
    page.close()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_asks_the_network_for_nothing(browser: Any, pages: dict[tuple[str, str], Path], layout: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(pages["with gaps", layout].as_uri())
    assert asked == [pages["with gaps", layout].as_uri()]
    assert said == []
    page.close()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_prints_on_a4_with_repeated_heads(browser: Any, pages: dict[tuple[str, str], Path], layout: str) -> None:
    page = shown(browser, pages["a mixture", layout], 1280)
    made = page.pdf(prefer_css_page_size=True, tagged=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", made)
    assert {(round(float(wide)), round(float(high))) for wide, high in boxes} == {(595, 842)}
    assert 2 <= len(boxes) <= 14
    page.emulate_media(media="print")
    if layout == "standard":
        assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    page.close()
