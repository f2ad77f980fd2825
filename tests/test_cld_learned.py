"""What a council can and cannot learn from its return, in words and as data, and the command that says it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pbcheck.cli.client_level import cld_command
from pbcheck.errors import Exit
from pbcheck.exports.cld.build import COLUMNS
from pbcheck.exports.cld.learned import lacking, learned, title_of
from pbcheck.exports.cld.reader import ReturnRead, read_cld
from pbcheck.exports.cld.shown import TESTS_NOT_SEEN, account_lines, learned_lines, pounds
from pbcheck.pipeline import Context, audit_chunk
from pbcheck.rulebook.book import load_rulebook
from tests.cld_returns import write_return
from tests.test_cld_defects import read_rows


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("cld") / "cld.csv"
    write_return(found, rows=700, seed=41, defects=1)
    return found


def test_what_is_answered_is_what_the_ledger_says(path: Path) -> None:
    rulebook = load_rulebook()
    rules = rulebook.subjects["case"]
    file = ReturnRead(path, "cld.csv")
    chunk = audit_chunk(read_cld(file, None), Context(rulebook))
    tallies = chunk.ledgers["case"].tallies(rules)
    found = learned(rules.asked, tallies)
    decided = {one.rule for one in tallies if one.passed + one.failed + one.excused}
    assert {one.rule for one in found.answered} == decided
    assert {"review-overdue", "never-reviewed", "cost-without-a-period"} <= decided
    assert len(found.answered) + len(found.unanswered) == found.asked == len(rules.asked)
    for field, names in found.alone.items():
        for name in names:
            assert lacking(next(one for one in rules.asked if one.rule.id == name)) == (field,)
    seen: set[str] = set()
    fields: set[str] = set()
    for step in found.steps:
        assert step.rules
        assert not seen & {*step.rules}
        assert not fields & {*step.fields}
        seen |= {*step.rules}
        fields |= {*step.fields}
        for name in step.rules:
            assert {*lacking(next(one for one in rules.asked if one.rule.id == name))} <= fields
    assert not fields & {".".join(one) for one in COLUMNS}
    assert found.beside["policy"] > 0


def test_the_remarks_say_it_in_sentences(path: Path) -> None:
    rulebook = load_rulebook()
    rules = rulebook.subjects["case"]
    file = ReturnRead(path, "cld.csv")
    chunk = audit_chunk(read_cld(file, None), Context(rulebook))
    lines = [*account_lines("cld.csv", file.account), *learned_lines(learned(rules.asked, chunk.ledgers["case"].tallies(rules)))]
    assert lines[0].startswith("cld.csv is a Client Level Data return (Release 2) for 2025-04-01 to 2026-03-31: ")
    assert TESTS_NOT_SEEN in lines
    assert any(line.startswith("The return answers ") for line in lines)
    assert all(line.endswith(".") for line in lines)


def test_the_command_answers_in_words_and_as_data(path: Path) -> None:
    words = CliRunner().invoke(cld_command, [str(path)], standalone_mode=False)
    assert words.exception is None
    assert "By the national method, long-term support costs £" in words.output
    assert "What would answer more" in words.output
    answer = CliRunner().invoke(cld_command, [str(path), "-f", "json"], standalone_mode=False)
    assert answer.return_value == Exit.INCOMPLETE, "there are dates and amounts that could not be read"
    data = json.loads(answer.stdout)
    assert data["rows"]["reconciles"] is True
    assert data["rows"]["in"] == data["rows"]["used"] + data["rows"]["the same event again"] + data["rows"]["left out"]
    assert data["defects"]["cld-negative-amount"] == 1
    assert data["rules"]["steps"]
    again = CliRunner().invoke(cld_command, [str(path), "-f", "json"], standalone_mode=False)
    assert again.output == answer.output


def test_the_command_says_what_could_not_be_read(tmp_path: Path) -> None:
    read_rows(tmp_path / "cld.csv", {}, text="1,2\r\n")
    found = CliRunner().invoke(cld_command, [str(tmp_path / "cld.csv")], standalone_mode=False)
    assert found.return_value == Exit.INCOMPLETE
    assert "This row has 2 cells and the header 50." in found.stderr
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    other = CliRunner().invoke(cld_command, [str(tmp_path / "other.csv")], standalone_mode=False)
    assert other.return_value == Exit.INCOMPLETE
    assert "This is no Client Level Data return" in other.stderr
    gone = CliRunner().invoke(cld_command, [str(tmp_path / "gone.csv")], standalone_mode=False)
    assert "is no file" in str(gone.exception)


def test_money_is_rounded_once_and_half_up() -> None:
    assert [pounds(one) for one in (0, 5, 123_456_789, -250)] == ["£0.00", "£0.05", "£1,234,567.89", "-£2.50"]


def test_fields_are_named_as_the_vocabulary_names_them() -> None:
    assert title_of("arrangements.*.holder_kind") == "Kind of holder"
    assert title_of("statements") == "Budget statements"
