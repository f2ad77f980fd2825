"""A statement as HTML and as text: whole, plain, harmless whatever the data hold, and readable at about twelve."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
import yaml

from pbcheck.statement import html, text
from pbcheck.statement.model import Statement
from tests.conftest import FIXTURES
from tests.generated_cases import cases
from tests.statement_cases import ABSENT, sample, told

pytestmark = pytest.mark.slow

LAYOUTS = ("standard", "large-print", "easy-read")
NAMES = sorted(sample()[2])
COUNCILS = sorted((FIXTURES / "councils").glob("*/policy.yaml"))
VOID = ("meta",)
HOSTILE = "<script>alert(1)</script><img src=x onerror=y>\"'&{{ 7*7 }}{% raw %}\u202e\x1b[31m"


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, its headings in order, its words."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data + " "

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def flat(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_well_made(name: str, layout: str) -> None:
    page = Page(html.render(told(name), layout))
    assert page.open == []
    assert page.named("html")[0]["lang"] == "en-GB"
    assert "Your personal budget statement" in page.words
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(page.named("table")) == len(page.named("caption"))
    assert all(one["scope"] in ("col", "row") for one in page.named("th"))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert (page.named("table") == []) == (layout == "easy-read")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_asks_for_nothing_and_runs_nothing(layout: str) -> None:
    source = html.render(told(), layout)
    page = Page(source)
    assert not {"script", "link", "img", "iframe", "form", "object", "a"} & {tag for tag, _ in page.tags}
    assert not re.search(r"url\(|@import|https?:|//", source.split("<body")[0].replace("<!DOCTYPE", ""))
    policy = next(one["content"] for one in page.named("meta") if one.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_hostile_words_do_no_harm(layout: str) -> None:
    case: dict[str, Any] = {
        "plan.components.0.category": HOSTILE,
        "plan.components.0.name": HOSTILE,
        "plan.components.0.id": HOSTILE,
        "statements.1.drawdowns.0.component": "</td></table><script>",
    }
    policy = {"authority": HOSTILE, "support_services.0.name": HOSTILE, "provenance.1.document": HOSTILE, "provenance.1.locator": HOSTILE}
    found = told(case=case, policy=policy, names=True)
    source = html.render(found, layout)
    page = Page(source)
    assert page.open == []
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert "alert(1)" in page.words
    assert "{{ 7*7 }}" in page.words
    plain = text.render(found, layout)
    assert "\x1b" not in plain + source
    assert "\u202e" not in plain + source


def test_the_reference_stands_at_the_foot_of_each_page_only_where_it_is_one() -> None:
    assert 'content: "C-001 · page "' in html.render(told(), "standard")
    bad = Statement('"; } body { display: none', "", "", "", "", (), (), False)
    assert 'content: "page "' in html.render(bad, "standard")


@pytest.mark.parametrize("name", NAMES)
def test_all_layouts_and_both_formats_show_the_same_amounts(name: str) -> None:
    found = told(name)
    for layout in LAYOUTS:
        page, plain = flat(Page(html.render(found, layout)).words), flat(text.render(found, layout))
        for key in found.keys:
            assert key.amount in page
            assert key.amount in plain
        assert set(amounts(page)) == set(amounts(plain))


def amounts(words: str) -> list[str]:
    return re.findall(r"-?£[\d,]+\.\d\d", words)


@pytest.mark.parametrize(("layout", "width"), [("standard", 76), ("easy-read", 76), ("large-print", 40)])
def test_text_keeps_to_its_width_and_amounts_stand_in_line(layout: str, width: int) -> None:
    for name in NAMES:
        lines = text.render(told(name), layout).splitlines()
        assert max(map(len, lines)) <= width
        assert not any(line != line.rstrip() for line in lines)
    lines = text.render(told(), "standard").splitlines()
    ends = {len(line) for line in lines if re.fullmatch(r"(The council pays|You pay|Your whole budget) +£[\d,.]+", line)}
    assert len(ends) == 1


def test_easy_read_has_one_idea_a_line() -> None:
    for name in NAMES:
        page = html.render(told(name), "easy-read")
        lines = [flat(re.sub(r"<[^>]+>", " ", one)) for one in re.findall(r"<p>(.*?)</p>", page)]
        assert len(lines) > 30
        assert [one for one in lines if len(re.findall(r"[.?!](?=\s|$)", one)) > 1] == []
        assert [one for one in lines if len(one.split()) > 26] == []


def test_every_sentence_is_short_whatever_the_policy() -> None:
    long = {one for found in many() for one in sentences(found) if len(one.split()) > 30}
    assert long == set()


def test_statements_can_be_read_at_twelve() -> None:
    """By the automated readability index, a United States school grade: seven is about twelve years of age."""
    import textstat

    grades = []
    for found in many():
        words = re.sub(r"-?£[\d,.]+\d|\b\d+\b|[A-Z]{3}-\d\S*|P\d+", "ten", " ".join(sentences(found)))
        grades.append(textstat.automated_readability_index(words))
    assert len(grades) > 20
    assert max(grades) <= 7


def many() -> list[Statement]:
    """Return statements under the policies of real councils, of every case of the sample, and with nothing but the least."""
    found = [told(name) for name in NAMES]
    for path in COUNCILS:
        terms = yaml.safe_load(path.read_text(encoding="utf-8"))
        policy = {
            key: terms.get(key, ABSENT)
            for key in sample()[0]
            if key not in ("kind", "authority", "as_of") and not key.startswith("effective")
        }
        found += [told(name, policy=policy) for name in ("C-001", "C-002")]
    return [*found, told(no_policy=True)]


def sentences(found: Statement) -> list[str]:
    lines = []
    for one in found.sections:
        lines += [line for words in (*one.before, *one.after, *one.easy) for line in text.sentences(words)]
        for point in one.points:
            lines += [line for words in (*point.before, *point.items, *point.after) for line in text.sentences(words)]
    return [re.split(r"(?<=:) ", one)[-1] for one in lines]


def test_whatever_the_record_lacks_there_is_a_statement(tmp_path: Any) -> None:
    """Over generated cases with all kinds of gaps: no layout fails, no text is too wide, and what is not known is said."""
    import json

    from pbcheck.opened import open_export
    from pbcheck.statement.content import statement

    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(one) + "\n" for one in cases(300, seed=11)), encoding="utf-8")
    opened = open_export([tmp_path / "cases.jsonl"], as_of="2026-09-30")
    number = 0
    for case in opened.cases():
        found = statement(opened, case)
        number += 1
        for layout in LAYOUTS:
            assert Page(html.render(found, layout)).open == []
            assert max(map(len, text.render(found, layout).splitlines())) <= (40 if layout == "large-print" else 76)
        assert found.lacking or "Not known" not in [key.amount for key in found.keys]
    assert number == 300
