"""SARIF: valid by the OASIS schema, what GitHub code scanning asks for, and its limits with what was left out counted."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from pbcheck.model import Input, Location, Report
from pbcheck.render import sarif_report
from pbcheck.render.sarif_report import RESULTS, SHOWN, SIZE, render
from pbcheck.vcs import Checkout
from tests import reports
from tests.conftest import ROOT

EMPTY = Report((), (), (), {}, {}, (), "today", "", "", "0.0.1")
MADE = {"empty": EMPTY, "none": reports.none(), "small": reports.small(), "hostile": reports.hostile(), "many": reports.many(300)}
MADE["aside"] = reports.aside()
SCHEMA = json.loads((ROOT / "tests" / "data" / "sarif-schema-2.1.0.json").read_text())
SCHEMA["definitions"]["suppression"]["properties"]["status"] = SCHEMA["definitions"]["suppression"]["properties"].pop("state")
"""The standard and its later editions of the schema, GitHub's too, say `status`; this edition says `state` by mistake."""
CHECKOUT = Checkout("/srv/council", "/srv/council/data", "a" * 40, "main", "https://example.org/council.git")


def run_of(report: Report, checkout: Checkout | None = None) -> dict[str, Any]:
    log = json.loads(render(report, checkout))
    assert log["version"] == "2.1.0"
    assert len(log["runs"]) == 1
    return log["runs"][0]


def notes_of(run: dict[str, Any]) -> list[str]:
    return [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("checkout", [None, CHECKOUT], ids=["alone", "checkout"])
def test_the_schema_takes_it(kind: str, checkout: Checkout | None) -> None:
    checker = jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)
    assert [error.message for error in checker.iter_errors(json.loads(render(MADE[kind], checkout)))] == []


def test_the_schema_refuses_what_is_wrong() -> None:
    log = json.loads(render(reports.small()))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert not jsonschema.Draft7Validator(SCHEMA).is_valid(log)


def test_results_name_their_rules() -> None:
    run = run_of(reports.small())
    rules = run["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules] == sorted({one["id"] for one in rules})
    assert {one["ruleId"] for one in run["results"]} < {one["id"] for one in rules}
    for one in run["results"]:
        rule = rules[one["ruleIndex"]]
        assert rule["id"] == one["ruleId"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    levels = [one["level"] for one in run["results"]]
    assert levels == sorted(levels, key=("error", "warning", "note").index)


def test_what_was_set_aside_has_a_suppression_and_everything_else_an_empty_list() -> None:
    run = run_of(reports.aside())
    told = {one["message"]["text"].partition(" (")[0]: (one["level"], one["suppressions"]) for one in run["results"]}
    why = "waiver W-001 until 2027-03-31, approved by Jo Lee, Head of Finance: The new ledger comes in spring."
    assert told["Set aside: Component P2 has no cost."] == (
        "note",
        [{"kind": "external", "status": "accepted", "justification": why}],
    )
    assert told["Set aside: Unspent money is taken back always."][1] == [
        {
            "kind": "inSource",
            "status": "accepted",
            "justification": "suppression comment export/policy.yaml:3 until 2026-12-31: The panel decides in November.",
        }
    ]
    assert told["Component P1 has no cost."] == ("warning", [])
    assert sum(bool(one["suppressions"]) for one in run["results"]) == 3
    assert [bool(one["suppressions"]) for one in run["results"]] == [False] * 4 + [True] * 3
    assert {one["properties"]["severity"] for one in run["results"] if one["suppressions"]} == {"error", "warning"}
    assert "Set aside by decision: 3 findings; each has a suppression that says why." in notes_of(run)
    assert all(one["suppressions"] == [] for one in run_of(reports.small())["results"])


def test_a_decision_changes_no_fingerprint() -> None:
    marks = [{one["partialFingerprints"]["pbcheck/v1"] for one in run_of(made)["results"]} for made in (reports.small(), reports.aside())]
    assert marks[0] == marks[1]


@pytest.mark.parametrize("kind", MADE)
def test_rules_have_what_code_scanning_asks_for_within_its_limits(kind: str) -> None:
    for rule in run_of(MADE[kind])["tool"]["driver"]["rules"]:
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert 0 < len(rule["properties"]["tags"]) <= 20
        assert len(set(rule["properties"]["tags"])) == len(rule["properties"]["tags"])
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")
        assert "helpUri" not in rule


def test_long_descriptions_say_what_they_cut() -> None:
    small = reports.small()
    report = replace(small, rules={name: replace(one, title="t" * 2000, why="w{" * 2000) for name, one in small.rules.items()})
    for rule in run_of(report)["tool"]["driver"]["rules"]:
        assert len(rule["shortDescription"]["text"]) <= 1024
        assert rule["shortDescription"]["text"].endswith("(1,016 more characters)")
        assert len(rule["fullDescription"]["text"]) <= 1024


def test_help_says_why_what_to_do_and_where_it_comes_from() -> None:
    rule = run_of(reports.small())["tool"]["driver"]["rules"][0]
    assert rule["id"] == "estimate-not-told"
    for part in ("Why", "What to do", "For the person", "Source", "Law"):
        assert f"\n{part}: " in f"\n{rule['help']['text']}"
        assert f"**{part}:** " in rule["help"]["markdown"]
    assert rule["properties"]["tags"] == ["setting-the-budget", "case", "statute", "note-ppf", "severity-error"]


def test_places_count_from_one_and_are_left_out_where_unknown() -> None:
    small = reports.small()
    one = small.findings[0]
    spots = (Location("a.json", 3, 4, "/x", 9), Location("a.json", 3), Location("a.json"), Location(""))
    report = replace(small, findings=tuple(replace(one, location=spot, record=str(n)) for n, spot in enumerate(spots)))
    places = [result["locations"][0]["physicalLocation"] for result in run_of(report)["results"]]
    assert [place.get("region") for place in places] == [{"startLine": 3, "startColumn": 4, "endColumn": 9}, {"startLine": 3}, None, None]
    assert places[3]["artifactLocation"]["uri"] == "export/cases.jsonl"
    assert run_of(report)["columnKind"] == "unicodeCodePoints"


def test_uris_are_relative_to_a_base_that_is_declared() -> None:
    small = reports.small()
    names = ("data/plan ü#1.yaml", "./x.yaml", "a:b?.yaml", "/elsewhere/x.yaml", "../other/x.yaml", "C:/x.yaml")
    report = replace(small, findings=tuple(replace(small.findings[0], location=Location(name, 1)) for name in names))

    def uris(checkout: Checkout | None) -> list[tuple[str, str]]:
        run = run_of(report, checkout)
        assert list(run["originalUriBaseIds"]) == ["SRCROOT"]
        assert "uri" not in run["originalUriBaseIds"]["SRCROOT"]
        places = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in run["results"]]
        return [(place["uri"], place.get("uriBaseId", "")) for place in places]

    assert uris(None) == [
        ("data/plan%20%C3%BC%231.yaml", "SRCROOT"),
        ("x.yaml", "SRCROOT"),
        ("a%3Ab%3F.yaml", "SRCROOT"),
        ("file:///elsewhere/x.yaml", ""),
        ("../other/x.yaml", "SRCROOT"),
        ("file:///C%3A/x.yaml", ""),
    ]
    assert [uri for uri, _ in uris(CHECKOUT)] == [
        "data/data/plan%20%C3%BC%231.yaml",
        "data/x.yaml",
        "data/a%3Ab%3F.yaml",
        "file:///elsewhere/x.yaml",
        "other/x.yaml",
        "file:///C%3A/x.yaml",
    ]


def test_fingerprints_survive_edits_above_and_no_two_are_the_same() -> None:
    small = reports.small()
    twice = replace(small, findings=(*small.findings, small.findings[0], *small.findings[-2:]))
    moved = [replace(one, location=replace(one.location, line=one.location.line + 40, column=9)) for one in twice.findings]

    def marks(report: Report) -> list[dict[str, str]]:
        return [one["partialFingerprints"] for one in run_of(report)["results"]]

    assert marks(twice) == marks(replace(twice, findings=tuple(moved)))
    names = [one["pbcheck/v1"] for one in marks(twice)]
    assert len(set(names)) == len(names) == 10
    unread = [replace(small.findings[-2], location=Location(name)) for name in ("a.json", "b.json")]
    assert marks(replace(small, findings=tuple(unread)))[1:] == marks(replace(small, findings=tuple(unread[1:])))


def test_the_fingerprint_that_github_goes_by_is_ours_for_records_and_its_own_for_policies() -> None:
    for result in run_of(reports.small())["results"]:
        marks = result["partialFingerprints"]
        data = result["properties"]["subject"] == "case"
        assert marks.get("primaryLocationLineHash") == (marks["pbcheck/v1"] if data else None)


def test_what_could_not_be_read_makes_the_run_unsuccessful_and_is_notified() -> None:
    run = run_of(reports.small())
    invocation = run["invocations"][0]
    assert invocation["executionSuccessful"] is False
    first = invocation["toolExecutionNotifications"][0]
    assert first["level"] == "error"
    assert first["message"]["text"] == "The line is no JSON: a comma is missing."
    assert run["tool"]["driver"]["rules"][first["associatedRule"]["index"]]["id"] == first["associatedRule"]["id"] == "unreadable"
    assert first["locations"][0]["physicalLocation"]["region"]["startLine"] == 7
    assert "export/expected.yaml was left out" in notes_of(run)[1]
    assert run_of(reports.none())["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_many_things_unread_and_many_remarks_are_counted() -> None:
    small = reports.small()
    unread = tuple(replace(small.findings[-2], location=Location("a.jsonl", n + 1)) for n in range(150))
    notes = notes_of(run_of(replace(small, findings=unread, remarks=("A remark.",) * 101)))
    assert "50 more things could not be read or judged; -f json has them all." in notes
    assert "1 more remarks are left out; -f json has them all." in notes


@pytest.mark.slow
def test_more_findings_than_github_takes_are_left_out_worst_last_and_counted() -> None:
    report = reports.many(RESULTS + 1_234)
    run = run_of(report)
    worst = replace(report, findings=tuple(replace(one, severity="error", set_aside=reports.WAIVED) for one in report.findings[:1_234]))
    assert not any(one["suppressions"] for one in run_of(replace(report, findings=(*worst.findings, *report.findings[1_234:])))["results"])
    assert len(run["results"]) == RESULTS
    assert len(run["tool"]["driver"]["rules"]) <= RESULTS
    notes = notes_of(run)
    assert notes[0].startswith("1,234 of 26,234 findings are left out, the least severe: ")
    assert notes[1] == f"GitHub code scanning shows {SHOWN:,} of these {RESULTS:,} results, the most severe; -f json has them all."
    kept = {level: sum(1 for one in run["results"] if one["level"] == level) for level in ("error", "warning", "note")}
    assert kept["error"] == report.count("error")
    assert kept["note"] < report.count("note")


def test_no_file_is_larger_than_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(gzip.compress(render(reports.many(RESULTS)).encode())) < SIZE
    monkeypatch.setattr(sarif_report, "SIZE", 40_000)
    text = render(reports.many(3_000))
    run = json.loads(text)["runs"][0]
    kept = len(run["results"])
    assert 0 < kept < 3_000
    assert len(gzip.compress(text.encode())) < 40_000
    assert notes_of(run)[0].startswith(f"{3_000 - kept:,} of 3,000 findings are left out")


def test_no_text_is_a_placeholder_or_a_link() -> None:
    texts = []

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            texts.extend(one for key, one in value.items() if key == "text")
            for one in value.values():
                collect(one)
        elif isinstance(value, list):
            for one in value:
                collect(one)

    collect(run_of(reports.hostile()))
    assert any("{{" in one for one in texts)
    for one in texts:
        assert not re.search(r"[{}]", re.sub(r"\{\{|\}\}", "", one)), one
        assert not re.search(r"\]\(", one)


def test_the_run_has_a_name_that_stays_the_same() -> None:
    names = {"Exampleshire Council": "exampleshire-council", "<b>{{x}}": "b-x", "\u202e": "documents"}
    for authority, slug in names.items():
        for as_of in ("2026-09-30", "2027-09-30"):
            run = run_of(replace(reports.small(), authorities=(authority,), as_of=as_of))
            assert run["automationDetails"] == {"id": f"pbcheck/{slug}/today/"}


def test_the_checkout_is_named_where_it_is_known_and_left_out_where_not() -> None:
    source = run_of(reports.small(), CHECKOUT)["versionControlProvenance"]
    assert source == [
        {
            "repositoryUri": "https://example.org/council.git",
            "mappedTo": {"uriBaseId": "SRCROOT"},
            "revisionId": "a" * 40,
            "branch": "main",
        }
    ]
    assert "versionControlProvenance" not in run_of(reports.small())
    assert "versionControlProvenance" not in run_of(reports.small(), replace(CHECKOUT, repository=""))
    unborn = run_of(reports.small(), replace(CHECKOUT, revision="", branch=""))["versionControlProvenance"][0]
    assert set(unborn) == {"repositoryUri", "mappedTo"}


def test_the_files_read_have_hashes_and_the_unread_have_none() -> None:
    def place(uri: str) -> dict[str, Any]:
        return {"location": {"uri": uri, "uriBaseId": "SRCROOT"}, "roles": ["analysisTarget"]}

    inputs = (Input("a b.json", "a" * 64, 7, "case", 1), Input("c.json", read=False))
    found = run_of(replace(reports.small(), inputs=inputs))["artifacts"]
    assert found == [
        {
            "location": {"uri": "a%20b.json", "uriBaseId": "SRCROOT"},
            "roles": ["analysisTarget"],
            "length": 7,
            "hashes": {"sha-256": "a" * 64},
        },
        {"location": {"uri": "c.json", "uriBaseId": "SRCROOT"}, "roles": ["analysisTarget"]},
    ]
