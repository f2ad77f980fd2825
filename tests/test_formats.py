"""Every format: the same place, id and message; the same bytes twice; hostile texts inert; one that fails does not lose the others."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

import pbcheck.render
from pbcheck.model import Finding, Location, Report, SetAside
from pbcheck.render import FORMATS, render, write, write_all
from pbcheck.render.csv_report import COLUMNS
from pbcheck.render.escapes import cell, clean, cut, markdown, percent
from pbcheck.render.markdown_report import LIMIT
from pbcheck.schema.store import load
from tests import reports
from tests.conftest import FIXTURES, ROOT

EMPTY = Report((), (), (), {}, {}, (), "today", "", "", "0.0.1")
MACHINE = ("concise", "jsonl", "csv", "sarif", "junit", "github", "gitlab", "markdown")
Seen = list[tuple[str, str, str]]
"""Rule, place (`file:line:column`, or `file:line` where a format has no columns) and message of each finding, sorted."""


def csv_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def from_lines(text: str) -> Seen:
    """Parse the lines of the concise format, wherever they stand."""
    return sorted((rule, at, words) for at, words, rule in re.findall(r"(\S+:\d+:\d+): (?:error|warning|note): (.*) \[([\w-]+)\]", text))


def from_text(text: str) -> Seen:
    found = []
    for block in re.split(r"(?m)^(?=(?:error|warning|note)\[)", text)[1:]:
        rule, words = re.match(r"\w+\[([\w-]+)\]: (.*)", block).groups()
        for at, other in re.findall(r"--> (\S+:\d+:\d+)(?: \(.*?\))?(?:: (.*))?$", block, re.MULTILINE):
            found.append((rule, at, other or words))
    return sorted(found)


def from_json(findings: list[dict[str, object]]) -> Seen:
    return sorted((one["rule"], f"{one['file']}:{one['line']}:{one['column']}", one["message"]) for one in findings)


def from_sarif(text: str) -> Seen:
    found = []
    for one in json.loads(text)["runs"][0]["results"]:
        place = one["locations"][0]["physicalLocation"]
        region = place["region"]
        found.append(
            (one["ruleId"], f"{place['artifactLocation']['uri']}:{region['startLine']}:{region['startColumn']}", one["message"]["text"])
        )
    return sorted(found)


def from_github(text: str) -> Seen:
    lines = re.findall(r"^::\w+ file=(.*?),line=(\d+),col=(\d+),title=(.*?)::(.*)$", text, re.MULTILINE)
    return sorted((rule, f"{file}:{line}:{column}", words) for file, line, column, rule, words in lines)


def from_gitlab(text: str) -> Seen:
    places = [(one, one["location"]) for one in json.loads(text)]
    return sorted((one["check_name"], f"{at['path']}:{at['lines']['begin']}", one["description"]) for one, at in places)


def from_markdown(text: str) -> Seen:
    rows = re.findall(r"^\| (?:error|warning|note) \| (\S+:\d+:\d+)(?: \(.*?\))? \| (.*) \| (\S+) \|$", text, re.MULTILINE)
    return sorted((rule, at, words) for at, words, rule in rows)


PARSERS: dict[str, Callable[[str], Seen]] = {
    "text": from_text,
    "concise": from_lines,
    "json": lambda text: from_json(json.loads(text)["findings"]),
    "jsonl": lambda text: from_json([json.loads(line) for line in text.splitlines()[:-1]]),
    "csv": lambda text: from_json(csv_rows(text)),
    "sarif": from_sarif,
    "junit": lambda text: from_lines("\n".join(ET.fromstring(text).itertext())),
    "github": from_github,
    "gitlab": from_gitlab,
    "markdown": from_markdown,
}


@pytest.mark.parametrize("name", PARSERS)
def test_every_format_has_the_same_rule_place_and_message(name: str) -> None:
    report = reports.small()
    wanted = [(one.rule, f"{one.location.file}:{one.location.line}:{one.location.column}", one.message) for one in report.findings]
    if name == "gitlab":
        wanted = [(rule, at.rpartition(":")[0], words) for rule, at, words in wanted]
    assert len(wanted) == 7
    assert PARSERS[name](render(name, report)) == sorted(wanted)


def test_the_page_has_every_rule_place_and_message_too() -> None:
    report = reports.small()
    page = html.unescape(re.sub(r"<[^>]*>", "", render("html", report)))
    for one in report.findings:
        assert one.rule in page
        assert one.message in page
        assert f"{one.location.file}:{one.location.line}" in page


def test_every_format_is_known_to_a_parser_of_these_tests() -> None:
    assert set(FORMATS) == {*PARSERS, "html"}
    assert set(MACHINE) == set(FORMATS) - {"text", "json", "html"}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("report", [EMPTY, reports.none()], ids=["empty", "nothing-found"])
def test_a_report_without_findings_is_written_in_every_format(name: str, report: Report) -> None:
    text = render(name, report)
    assert text.endswith("\n")
    if name in ("json", "sarif", "gitlab"):
        json.loads(text)
    elif name == "csv":
        assert text == "\ufeff" + ",".join(COLUMNS) + "\r\n"
    elif name in ("concise", "github"):
        assert text.startswith("Checked ")
        assert text.count("\n") == 1


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_what_was_set_aside_by_what_until_when_and_why(name: str) -> None:
    report = reports.aside()
    text = html.unescape(re.sub(r"<[^>]*>", "", render(name, report)) if name == "html" else render(name, report))
    text = " ".join(text.split())
    for one in report.findings:
        assert one.rule in text
        assert one.message in text
        if one.set_aside:
            for part in (one.set_aside.by.split("-")[0], one.set_aside.name, one.set_aside.until, one.set_aside.reason):
                assert part in text
    assert "Jo Lee, Head of Finance" in text


@pytest.mark.parametrize("name", FORMATS)
def test_a_decision_is_all_that_is_new_in_a_report_with_some(name: str) -> None:
    """Nothing of a decision is in a report without any, so that a test for its words shows something."""
    text = render(name, reports.small())
    assert "W-001" not in text
    assert "Jo Lee" not in text


def test_text_has_the_findings_that_count_first_and_then_the_others_by_decision() -> None:
    report = reports.aside()
    text = render("text", report)
    counting, aside = text.split("Set aside by decision, and not counted: 3 findings.\n")
    seen = {(one.rule, f"{one.location.file}:{one.location.line}:{one.location.column}", one.message) for one in report.findings}
    left = {(rule, at, words) for rule, at, words in from_text(counting)}
    assert left == {(rule, at, words) for rule, at, words in seen if rule in ("estimate-not-told", "unreadable") or "P1" in words}
    assert aside.startswith(
        "By waiver W-001 until 2027-03-31, approved by Jo Lee, Head of Finance: The new ledger comes in\n   spring.\n"
        "  --> export/cases.jsonl:2:75 (case C-002): warning[plan-not-costed]: Component P2 has no cost.\n"
        "By suppression comment export/policy.yaml:3 until 2026-12-31: The panel decides in November.\n"
        "  --> export/policy.yaml:4:11: warning[money-taken-back]: Unspent money is taken back always.\n"
        "By baseline baseline.json: there since 2026-07-01\n"
        "  --> export/cases.jsonl:3:9 (case C-003): error[review-not-held]: What review not held is about is not recorded. It is due.\n\n"
    )
    assert "What to do first:\n  1. What unreadable" in aside
    assert "money taken back" not in aside.split("What to do first:")[1]
    last = text.splitlines()[-1]
    assert ": 2 errors, 2 warnings, 0 notes. Set aside by decision: 3 findings. Outcomes: " in last


def test_text_lists_ten_places_of_a_decision_and_counts_the_others() -> None:
    small = reports.small()
    report = replace(small, findings=(replace(small.findings[0], set_aside=reports.WAIVED),) * 2_345)
    text = render("text", report)
    assert text.count("  --> ") == 10
    assert "\n  ... and 2,335 more places; -f json lists them all\n" in text
    assert "What to do" not in text


def test_a_line_that_was_set_aside_has_no_severity_where_others_have_theirs() -> None:
    lines = render("concise", reports.aside()).splitlines()
    aside = [line for line in lines if ": set aside: " in line]
    assert aside[0] == (
        "export/cases.jsonl:2:75: set aside: Component P2 has no cost. [plan-not-costed] "
        "(warning; waiver W-001 until 2027-03-31, approved by Jo Lee, Head of Finance: The new ledger comes in spring.)"
    )
    assert len(aside) == 3
    assert sum(bool(re.search(r": (error|warning|note): ", line)) for line in lines) == 4


def test_rows_of_what_counts_have_empty_cells_for_the_decision() -> None:
    rows = csv_rows(render("csv", reports.aside()))
    told = [tuple(row[f"set_aside_{key}"] for key in ("by", "name", "reason", "approver", "until")) for row in rows]
    assert told.count(("",) * 5) == 4
    assert ("waiver", "W-001", "The new ledger comes in spring.", "Jo Lee, Head of Finance", "2027-03-31") in told
    assert ("baseline", "baseline.json", "there since 2026-07-01", "", "") in told


def test_json_has_the_decision_at_the_finding_in_the_ledger_in_the_totals_and_by_itself() -> None:
    report = reports.aside()
    data = json.loads(render("json", report))
    Draft202012Validator(load("report")).validate(data)
    assert data["summary"] | {"set_aside": 3, "errors": 2, "warnings": 2, "notes": 0} == data["summary"]
    assert {one["rule"]: one["set_aside"] for one in data["outcomes"]} == {
        "estimate-not-told": 0,
        "plan-not-costed": 1,
        "money-taken-back": 1,
        "review-not-held": 1,
        "never-fails": 0,
    }
    found = [one["set_aside"] for one in data["findings"] if one["set_aside"]]
    assert len(found) == 3
    assert {"by": "baseline", "name": "baseline.json", "reason": "there since 2026-07-01", "approver": None, "until": None} in found
    assert [(one["kind"], one["standing"], one["findings"]) for one in data["audit"]["decisions"]] == [
        ("baseline", None, 1),
        ("per-file-ignore", None, 0),
        ("suppression", None, 1),
        ("waiver", None, 1),
        ("waiver", "it lapsed on 2026-08-31", 0),
    ]
    rules = {one["id"]: (one["tags"], one["locked"]) for one in data["rules"]}
    assert rules["money-taken-back"] == (["tried"], False)
    assert rules["estimate-not-told"] == ([], True)


def test_the_summary_in_markdown_keeps_apart_what_was_set_aside() -> None:
    page = render("markdown", reports.aside())
    assert "\n**2 errors, 2 warnings.** **Set aside by decision: 3 findings.** **The audit is incomplete:** 1 thing" in page
    counting, aside = page.split("## Set aside by decision\n")
    assert sorted(rule for rule, _, _ in from_markdown(counting)) == ["estimate-not-told"] * 2 + ["plan-not-costed", "unreadable"]
    assert "money-taken-back" not in counting
    rows = aside.split("\n\n")[0].splitlines()[3:]
    assert rows[1] == (
        "| export/cases.jsonl:2:75 (case C-002) | Component P2 has no cost. | plan-not-costed | warning "
        "| waiver W-001 until 2027-03-31, approved by Jo Lee, Head of Finance: The new ledger comes in spring. |"
    )
    assert len(rows) == 3
    whole = replace(reports.small(), findings=tuple(one for one in reports.aside().findings if one.set_aside))
    assert "**Nothing else was found.** **Set aside by decision: 3 findings.**" in render("markdown", whole)


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes_anywhere(tmp_path: Path) -> None:
    def written(folder: Path, **settings: str) -> dict[str, bytes]:
        outputs = [part for name in FORMATS for part in ("-o", f"{name}={folder / name}")]
        command = [sys.executable, "-m", "pbcheck", "audit", str(FIXTURES / "ombudsman"), "-f", "concise", *outputs]
        ended = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, check=False)
        assert ended.returncode == 1, ended.stderr
        assert ended.stdout == (folder / "concise").read_bytes()
        return {name: (folder / name).read_bytes() for name in FORMATS}

    first = written(tmp_path / "a", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    other = written(tmp_path / "b", PYTHONHASHSEED="2", TZ="Asia/Kathmandu", LC_ALL="tr_TR.UTF-8", LANG="de_DE.UTF-8")
    assert [name for name in FORMATS if first[name] != other[name]] == []


@pytest.mark.parametrize("name", MACHINE)
def test_no_hostile_text_acts_on_a_terminal_or_a_build_log(name: str) -> None:
    text = render(name, reports.hostile()).removeprefix("\ufeff")
    lines = text.split("\r\n" if name == "csv" else "\n")
    assert [line for line in lines if not line.isprintable()] == []
    assert not re.search(r"##\w*\[", text)
    commands = [line for line in lines if line.lstrip().startswith("::")]
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in commands)
    assert bool(commands) == (name == "github")


@pytest.mark.parametrize("text", reports.HOSTILE)
def test_a_cell_is_never_a_formula_and_a_row_stays_a_row(text: str) -> None:
    spot = Location(text, 3, 1, text)
    why = SetAside("waiver", text, text, text, text)
    one = Finding("plan-not-costed", "warning", text, "case", text, spot, (text,), text, team=text, set_aside=why)
    report = replace(
        reports.small(), findings=(one, replace(one, message="=1+1", record="\t=1"), replace(one, message="  @x", record="－1"))
    )
    made = render("csv", report)
    rows = csv_rows(made)
    assert len(rows) == 3
    assert made.count("\r\n") == 4
    for row in rows:
        assert list(row) == list(COLUMNS)
        assert not [value for value in row.values() if value.lstrip().startswith(("=", "+", "-", "@", "－", "\t", "\r", "\n"))]


def test_csv_quotes_as_the_standard_says() -> None:
    one = replace(reports.small().findings[0], message='He said "no", then left.')
    made = render("csv", replace(reports.small(), findings=(one,)))
    assert made.startswith("\ufeffseverity,rule,")
    assert '"He said ""no"", then left."' in made
    assert "\n" not in made.replace("\r\n", "")


def test_json_lines_have_the_findings_of_the_json_format_and_end_with_the_summary() -> None:
    for report in (reports.small(), reports.none(), EMPTY):
        whole = json.loads(render("json", report))
        *findings, last = (json.loads(line) for line in render("jsonl", report).splitlines())
        assert findings == whole["findings"]
        assert last == {key: whole[key] for key in ("schema_version", "tool", "audit", "summary")}


def test_json_lines_keep_half_of_a_surrogate_pair_as_an_escape() -> None:
    one = replace(reports.small().findings[0], message="half \ud800 of ##[error] it")
    line = render("jsonl", replace(reports.small(), findings=(one,))).splitlines()[0]
    line.encode()
    assert json.loads(line)["message"] == one.message


def test_the_summary_says_what_it_leaves_out_and_stays_within_a_comment() -> None:
    report = replace(reports.many(20_000, 200), remarks=tuple(f"Remark {n}." for n in range(2_000)))
    aside = tuple(replace(one, record=f"X-{n}", set_aside=reports.WAIVED) for n, one in enumerate(report.findings[:5_000]))
    report = replace(report, findings=tuple(sorted((*report.findings, *aside), key=lambda one: one.sort_key)))
    page = render("markdown", report)
    assert len(page) <= LIMIT
    shown = len(from_markdown(page))
    assert 100 < shown < 20_000
    assert f"\n{20_000 - shown:,} more findings are left out here; -f json has them all.\n" in page
    for things in ("rules", "findings set aside", "rules not told", "remarks"):
        assert re.search(rf"\n[\d,]+ more {things} are left out here", page) or things == "rules not told"


def test_the_longest_texts_do_not_break_the_limit_of_the_summary() -> None:
    long = "{" * 30_000
    report = reports.small()
    report = replace(
        report,
        findings=tuple(
            replace(one, message=long, record=long, set_aside=replace(reports.WAIVED, reason=long, approver=long) if aside else None)
            for one in report.findings
            for aside in (False, True)
        ),
        rules={name: replace(one, title=long, remedy=long) for name, one in report.rules.items()},
        authorities=(long,),
        as_of=long,
        version=long,
        remarks=(long,) * 50,
        inputs=tuple(replace(one, path=long) for one in report.inputs) * 30,
    )
    assert len(render("markdown", report)) <= LIMIT


def test_hostile_texts_are_words_in_the_summary() -> None:
    page = render("markdown", reports.hostile())
    assert "<" not in page
    assert "{" not in page
    assert not re.search(r"(?<!\\)[\[\]`_$~]", page)
    assert not re.search(r"[@#][A-Za-z0-9]|://", re.sub(r"&#\d+;", "\x00", page))
    for row in re.findall(r"^\| (?:error|warning|note) .*$", page, re.MULTILINE):
        assert len(re.findall(r"(?<!\\)\|", row)) == 5


def test_words_in_markdown_read_as_they_were() -> None:
    text = "`a` *b* _c_ [d](https://www.example.org) <e> & {f} | g ~h~ $i$ @team #12 \\ end"
    escaped = markdown(text)
    assert "https://" not in escaped
    assert re.sub(r"\\(.)", r"\1", html.unescape(escaped.replace("&#8203;", ""))) == text


def test_a_line_of_the_concise_format_is_no_command() -> None:
    one = replace(reports.small().findings[0], location=Location(" ::error file=x::y", 1, 1), message="##vso[task.complete] ::warning::")
    line = render("concise", replace(reports.small(), findings=(one,))).splitlines()[0]
    assert line.startswith("./ ::error")
    assert "##vso[" not in line
    nowhere = replace(one, location=Location(""), message="Nothing.")
    assert render("concise", replace(reports.small(), findings=(nowhere,))).startswith("the audit as a whole: error: Nothing. [")


def test_the_value_is_shown_where_it_was_asked_for() -> None:
    small = reports.small()
    report = replace(small, findings=tuple(replace(one, value="£12.50") for one in small.findings))
    for name in MACHINE:
        assert "£12.50" in render(name, report).replace("\\u00a3", "£"), name
        assert "12.50" not in render(name, small), name


def test_escapes_leave_plain_words_alone_and_say_what_they_cut() -> None:
    assert clean("Plan £12.50 – ok #3") == "Plan £12.50 – ok #3"
    assert cell("2026-01-01") == "2026-01-01"
    assert cut("abc", 3) == "abc"
    assert cut("x" * 100, 50) == f"{'x' * 10} … (90 more characters)"
    assert percent("a b/ü:%.json") == "a%20b/%C3%BC%3A%25.json"


def test_one_format_that_fails_does_not_lose_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder").mkdir()
    outputs = [("json", tmp_path / "folder"), ("concise", tmp_path / "a.txt"), ("csv", tmp_path / "new" / "b.csv")]
    failed = write_all(reports.small(), outputs)
    assert len(failed) == 1
    assert "folder could not be written" in failed[0]
    assert (tmp_path / "a.txt").read_text() == render("concise", reports.small())
    assert (tmp_path / "new" / "b.csv").read_bytes().startswith(b"\xef\xbb\xbfseverity")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "folder", "new"]

    def broken(name: str, *given: object) -> Iterator[str]:
        if name == "json":
            raise ZeroDivisionError
        yield render(name, reports.small())

    monkeypatch.setattr(pbcheck.render, "pieces", broken)
    with pytest.raises(ZeroDivisionError):
        write_all(reports.small(), [("json", tmp_path / "c.json"), ("gitlab", tmp_path / "d.json")])
    assert (tmp_path / "d.json").exists()
    assert not (tmp_path / "c.json").exists()


def test_a_file_is_there_as_a_whole_or_not_at_all_and_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write(path, "new \ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        write(pipe, "through")
        assert reader.communicate()[0] == b"through"
    assert pipe.is_fifo()


def test_the_examples_of_the_documentation_are_real(monkeypatch: pytest.MonkeyPatch) -> None:
    from pbcheck import audit

    monkeypatch.chdir(ROOT)
    report = audit("fixtures/ombudsman/17-016-036")
    page = (ROOT / "docs" / "formats.md").read_text()
    examples = dict(re.findall(r"^```\w+ (\w+)\n(.*)\n```$", page, re.MULTILINE))
    assert set(examples) == set(MACHINE)
    for name, example in examples.items():
        assert example in render(name, report), name


def test_the_documentation_names_every_format() -> None:
    page = (ROOT / "docs" / "formats.md").read_text()
    table = page.split("| reader |")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", table)) >= set(FORMATS)
