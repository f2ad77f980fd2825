"""JUnit: valid by the schemas of Jenkins and of Ant, every rule in one place, and numbers that add up."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from pbcheck.model import Report, Tally
from pbcheck.render.junit_report import LINES, render
from tests import reports
from tests.conftest import ROOT

EMPTY = Report((), (), (), {}, {}, (), "today", "", "", "0.0.1")
SCHEMAS = ("jenkins-junit-10.xsd", "junit-ant.xsd")
MADE = {"empty": EMPTY, "none": reports.none(), "small": reports.small(), "hostile": reports.hostile(), "many": reports.many(5_000)}
MADE["aside"] = reports.aside()


@cache
def schema(name: str) -> Any:
    return xmlschema.XMLSchema(str(ROOT / "tests" / "data" / name))


def valid(name: str, text: str) -> bool:
    return bool(schema(name).is_valid(io.BytesIO(text.encode())))


def cases(text: str) -> dict[str, ET.Element]:
    return {one.attrib["name"]: one for one in ET.fromstring(text).iter("testcase")}


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("kind", MADE)
def test_the_schemas_take_it(name: str, kind: str) -> None:
    assert valid(name, render(MADE[kind]))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_refuse_what_is_wrong(name: str) -> None:
    text = render(reports.small())
    assert not valid(name, text.replace(' tests="', ' test="', 1))
    assert not valid(name, text.replace("<testcase ", "<case ", 1).replace("</testcase>", "</case>", 1))


def test_ants_schema_asks_for_more() -> None:
    text = render(reports.small())
    for wrong in (
        text.replace("<testsuites>", '<testsuites tests="1">'),
        text.replace('hostname="localhost"', "", 1),
        text.replace("<properties/>", "", 1),
        text.replace("<system-out/>", "", 1),
        text.replace('T00:00:00"', 'T00:00:00Z"', 1),
        text.replace("<skipped ", '<skipped type="x" ', 1),
        text.replace("</failure>", "</failure><skipped/>", 1),
        text.replace("<testcase ", '<testcase file="x" ', 1),
    ):
        assert wrong != text
        assert not valid("junit-ant.xsd", wrong)


@pytest.mark.parametrize("kind", MADE)
def test_the_numbers_add_up(kind: str) -> None:
    report = MADE[kind]
    root = ET.fromstring(render(report))
    suites = root.findall("testsuite")
    assert [one.attrib["id"] for one in suites] == [str(number) for number in range(len(suites))]
    assert [one.attrib["name"] for one in suites] == sorted(one.attrib["name"] for one in suites)
    for suite in suites:
        found = suite.findall("testcase")
        ends = Counter(one[0].tag if len(one) else "passed" for one in found)
        assert int(suite.attrib["tests"]) == len(found)
        assert [int(suite.attrib[key]) for key in ("failures", "errors", "skipped")] == [ends[k] for k in ("failure", "error", "skipped")]
        assert ends["passed"] == len(found) - sum(int(suite.attrib[key]) for key in ("failures", "errors", "skipped"))
        assert {suite.attrib["time"], *(one.attrib["time"] for one in found)} == {"0"}
    asked = {one.rule for one in report.outcomes} | {one.rule for one in report.findings}
    assert sum(int(one.attrib["tests"]) for one in suites) == len(asked)
    assert {one.attrib["classname"].removeprefix("pbcheck.") for one in root.iter("testcase")} == {report.rules[n].theme for n in asked}


def test_each_rule_ends_as_it_should() -> None:
    rules = [reports.rule(name, 1) for name in ("passes", "fails", "untold", "apart", "mixed")] + [reports.rule("noted", 2)]
    passes, fails, untold, apart, _, noted = rules
    tallies = [
        reports.tally(passes, 10, apart=9),
        reports.tally(fails, 10, failed=1, cannot=2, missing={"case.plan": 2}),
        reports.tally(untold, 10, cannot=3, missing={"case.b": 1, "case.a": 2}),
        reports.tally(apart, 10, apart=10),
        Tally("mixed", "case", excused=10),
        reports.tally(noted, 10, failed=1),
    ]
    spot = reports.small().findings[0].location
    found = [reports.finding(one, "C-1", spot, "It is so.") for one in (fails, noted)]
    made = cases(render(reports.report(rules, tallies, found, {"case": 10})))
    ends = {name: one[0].tag if len(one) else "passed" for name, one in made.items()}
    assert ends == {
        "passes": "passed",
        "fails": "failure",
        "untold": "skipped",
        "apart": "skipped",
        "mixed": "passed",
        "noted": "skipped",
    }
    assert made["untold"][0].attrib["message"] == "Cannot tell for 3 of 10 records; missing: case.a (2), case.b (1)."
    assert made["apart"][0].attrib["message"] == "Not applicable: there is no record to which the rule applies."
    assert made["noted"][0].attrib["message"] == "Noted, which fails nothing. It is so."
    assert made["fails"][0].attrib == {"message": "It is so.", "type": "warning"}
    assert "Cannot tell for 2 of 10 records; missing: case.plan (2)." in made["fails"][0].text


def test_what_could_not_be_read_is_an_error() -> None:
    made = cases(render(reports.small()))
    assert made["unreadable"][0].tag == "error"
    assert made["unreadable"][0].attrib["message"] == "The line is no JSON: a comma is missing."


def test_a_rule_whose_findings_were_all_set_aside_is_skipped_with_the_reason() -> None:
    made = cases(render(reports.aside()))
    aside = made["money-taken-back"][0]
    assert aside.tag == "skipped"
    assert aside.attrib["message"] == (
        "Set aside by decision, which fails nothing. Set aside: Unspent money is taken back always. "
        "(suppression comment export/policy.yaml:3 until 2026-12-31: The panel decides in November.)"
    )
    assert "export/policy.yaml:4:11: set aside: Unspent money is taken back always. [money-taken-back] (warning; " in aside.text
    assert made["review-not-held"][0].tag == "skipped"


def test_a_rule_with_some_findings_set_aside_fails_by_the_others() -> None:
    found = cases(render(reports.aside()))["plan-not-costed"][0]
    assert found.tag == "failure"
    assert found.attrib["message"] == "Component P1 has no cost. Besides, 1 finding set aside by decision."
    assert ": warning: Component P1 has no cost." in found.text
    assert ": set aside: Component P2 has no cost. [plan-not-costed] (warning; waiver W-001 until 2027-03-31" in found.text
    small = reports.small()
    unread = replace(small, findings=tuple(replace(one, set_aside=reports.WAIVED) for one in small.findings))
    assert {one[0].tag for one in cases(render(unread)).values() if len(one)} == {"skipped"}


def test_findings_beyond_the_cap_are_counted() -> None:
    report = reports.many(5_000, 2)
    for name, one in cases(render(report)).items():
        listed = len(re.findall(rf"\[{name}\]$", one[0].text, re.MULTILINE))
        found = sum(1 for finding in report.findings if finding.rule == name)
        assert listed == LINES < found
        assert f"{found - LINES:,} more findings of this rule are left out here; -f json has them all." in one[0].text
        assert f"{found:,} findings. The first: " in one[0].attrib["message"]


def test_the_date_is_the_one_judged_by_and_never_the_clocks() -> None:
    small = reports.small()
    for as_of, stamp in (
        ("2026-09-30", "2026-09-30"),
        ("2025-01-02, 2026-09-30", "2026-09-30"),
        ("", "1970-01-01"),
        ("x", "1970-01-01"),
    ):
        assert set(re.findall(r'timestamp="(.*?)T00:00:00"', render(replace(small, as_of=as_of)))) == {stamp}
