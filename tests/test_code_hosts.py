"""What the code hosts ask for, a test for each documented rule: annotations on GitHub, code quality on GitLab, the checkout."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pbcheck.model import Input, Location, Report
from pbcheck.render import render
from pbcheck.render.github_report import LONGEST, OF_EACH_KIND
from pbcheck.vcs import Checkout, checkout_of
from tests import reports

EMPTY = Report((), (), (), {}, {}, (), "today", "", "", "0.0.1")
KINDS = {"error": "error", "warning": "warning", "note": "notice"}
SHA = "0123456789abcdef0123456789abcdef01234567"


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read a log as GitHub's runner does: kind, properties and data of each line that is a workflow command, in either of its forms."""
    found = []
    for line in re.split(r"[\r\n]", text):
        if parts := re.match(r"\s*::(\w[\w-]*)(?: (.*?))?::(.*)", line):
            kind, given, data = parts.groups()
            pairs = [one.split("=", 1) for one in (given or "").strip().split(",") if "=" in one]
            found.append((kind, {key: decoded(value, ":,") for key, value in pairs}, decoded(data)))
        elif parts := re.search(r"##\[(\w[\w-]*)", line):
            found.append((parts[1], {}, "an older command"))
    return found


def decoded(text: str, more: str = "") -> str:
    for one in ["\r", "\n", *more, "%"]:
        text = text.replace(f"%{ord(one):02X}", one)
    return text


def github(report: Report, checkout: Checkout | None = None) -> list[tuple[str, dict[str, str], str]]:
    return commands(render("github", report, checkout))


def gitlab(report: Report, checkout: Checkout | None = None) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(render("gitlab", report, checkout))
    return entries


def test_github_reads_every_annotation_back() -> None:
    report = reports.small()
    found = github(report)
    assert len(found) == len(report.findings)
    assert sorted(
        (kind, given["file"], int(given["line"]), int(given["col"]), given["title"], data) for kind, given, data in found
    ) == sorted(
        (KINDS[one.severity], one.location.file, one.location.line, one.location.column, one.rule, one.message) for one in report.findings
    )


@pytest.mark.parametrize("text", ["50% of a, b: c=d", "%0A::error::x", "a\nb\r\nc", "::stop-commands::x", "##[error]x", "]]>,line=9"])
def test_github_reads_percent_signs_colons_commas_and_line_breaks_as_text(text: str) -> None:
    small = reports.small()
    one = replace(small.findings[0], message=text, location=Location(text, 3, 4))
    found = github(replace(small, findings=(one,)))
    assert len(found) == 1
    kind, given, data = found[0]
    shown = re.sub("[\r\n]", "\ufffd", text).replace("##[", "## [")
    assert (kind, set(given), given["line"], given["file"], data) == ("error", {"file", "line", "col", "title"}, "3", shown, shown)


def test_github_reads_no_command_in_hostile_texts_but_ours() -> None:
    report = reports.hostile()
    found = github(report)
    shown = sum(min(report.count(severity), OF_EACH_KIND) for severity in KINDS)
    shown += min(report.set_aside.total(), OF_EACH_KIND - report.count("note"))
    assert len(found) == shown
    assert {kind for kind, _, _ in found} <= set(KINDS.values())


def test_github_gets_what_was_set_aside_as_notices_that_say_so_after_all_others() -> None:
    found = github(reports.aside())
    assert [kind for kind, _, _ in found] == ["error"] * 2 + ["warning"] * 2 + ["notice"] * 3
    assert [data.startswith("Set aside: ") for _, _, data in found] == [False] * 4 + [True] * 3
    assert "approved by Jo Lee, Head of Finance: The new ledger comes in spring." in found[4][2]
    assert (
        found[5][2]
        == "Set aside: What review not held is about is not recorded. It is due. (baseline baseline.json: there since 2026-07-01)"
    )


def test_github_counts_what_was_set_aside_apart_where_it_is_left_out() -> None:
    small = reports.small()
    note = replace(small.findings[0], severity="note")
    aside = replace(note, severity="error", set_aside=reports.WAIVED)
    found = github(replace(small, findings=(note, aside) * 8))
    assert [kind for kind, _, _ in found] == ["notice"] * 10
    assert [data.startswith("Set aside: ") for _, _, data in found] == [False] * 8 + [True, False]
    assert found[-1][2].startswith("Not annotated: 7 findings that were set aside. GitHub takes")
    assert found[-1][1]["title"] == "pbcheck"


def test_github_takes_ten_of_each_kind_so_the_rest_is_counted() -> None:
    report = reports.many(5_000)
    found = github(report)
    kinds = [kind for kind, _, _ in found]
    assert kinds == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    left = {name: report.count(name) - (9 if name == "note" else 10) for name in KINDS}
    _, given, data = found[-1]
    assert given == {"title": "pbcheck"}
    counts = ", ".join(f"{number:,} {name}s" for name, number in left.items())
    assert data.startswith(f"Not annotated: {counts}. ")
    assert "-f markdown" in data


@pytest.mark.parametrize(("severity", "number"), [("error", 10), ("note", 10), ("error", 11), ("note", 11)])
def test_github_gets_a_count_only_where_something_is_left_out(severity: str, number: int) -> None:
    small = reports.small()
    found = github(replace(small, findings=(replace(small.findings[0], severity=severity),) * number))
    told = [data for _, given, data in found if given["title"] == "pbcheck"]
    assert len(told) == (number > 10)
    assert max(sum(kind == one for kind, _, _ in found) for one in KINDS.values()) == 10
    if told and severity == "note":
        assert told[0].startswith("Not annotated: 2 notes.")


def test_github_takes_titles_and_messages_of_a_limited_length() -> None:
    small = reports.small()
    long = "x" * 100_000
    report = replace(small, findings=(replace(small.findings[0], message=long, rule=long),))
    _, given, data = github(report)[0]
    assert len(given["title"]) <= 255
    assert len(data) <= LONGEST
    assert data.endswith("more characters)")


def test_github_and_gitlab_take_paths_from_the_root_of_the_checkout() -> None:
    small = reports.small()
    checkout = Checkout("/srv/council", "/srv/council/data")
    names = {"a.yaml": "data/a.yaml", "../b.yaml": "b.yaml", "./c.yaml": "data/c.yaml", "/srv/council/x/d.yaml": "x/d.yaml"}
    report = replace(small, findings=tuple(replace(small.findings[0], location=Location(name, 1)) for name in names))
    assert [given["file"] for _, given, _ in github(report, checkout)] == list(names.values())
    assert [one["location"]["path"] for one in gitlab(report, checkout)] == list(names.values())


def test_a_finding_about_the_whole_audit_has_no_file_on_github_and_the_manifest_on_gitlab() -> None:
    small = reports.small()
    report = replace(small, findings=(replace(small.findings[0], location=Location("")),))
    assert [set(given) for _, given, _ in github(report)] == [{"title"}]
    assert gitlab(report)[0]["location"] == {"path": "export/cases.jsonl", "lines": {"begin": 1}}
    manifest = replace(report, inputs=(*small.inputs, Input("export/export.yaml", kind="export")))
    assert gitlab(manifest)[0]["location"]["path"] == "export/export.yaml"
    assert gitlab(replace(report, inputs=()))[0]["location"]["path"] == "export.yaml"


def test_gitlab_reads_an_array_without_a_byte_order_mark() -> None:
    for report in (EMPTY, reports.none(), reports.small(), reports.hostile()):
        text = render("gitlab", report)
        assert text[0] == "["
        assert isinstance(json.loads(text), list)
        assert len(json.loads(text)) == len(report.findings)


@pytest.mark.parametrize("report", [reports.small(), reports.hostile(), reports.many(500)], ids=["small", "hostile", "many"])
def test_gitlab_finds_every_key_it_requires(report: Report) -> None:
    for one in gitlab(report):
        assert set(one) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert isinstance(one["description"], str)
        assert one["description"]
        assert one["check_name"]
        assert set(one["location"]) == {"path", "lines"}


@pytest.mark.parametrize(
    "report", [reports.small(), reports.aside(), reports.hostile(), reports.many(500)], ids=["small", "aside", "hostile", "many"]
)
def test_gitlab_knows_the_severities(report: Report) -> None:
    assert {one["severity"] for one in gitlab(report)} <= {"info", "minor", "major", "critical", "blocker"}
    for one, finding in zip(gitlab(report), report.findings, strict=True):
        assert one["severity"] == (
            "info"
            if finding.set_aside
            else "blocker"
            if finding.incomplete
            else {"error": "critical", "warning": "major", "note": "info"}[finding.severity]
        )
        assert one["description"].startswith("Set aside: ") == (finding.set_aside is not None)


def test_gitlab_gets_lines_from_one_as_numbers() -> None:
    small = reports.small()
    report = replace(small, findings=(*small.findings, replace(small.findings[0], location=Location("a.json", 0))))
    for one, finding in zip(gitlab(report), report.findings, strict=True):
        assert one["location"]["lines"] == {"begin": max(1, finding.location.line)}


def test_gitlab_gets_relative_paths_without_a_dot_before_them() -> None:
    small = reports.small()
    names = {
        "./a.yaml": "a.yaml",
        "/tmp/b.yaml": "tmp/b.yaml",
        "../../c.yaml": "c.yaml",
        "C:/d.yaml": "d.yaml",
        "e/./f/../g.yaml": "e/g.yaml",
    }
    report = replace(small, findings=tuple(replace(small.findings[0], location=Location(name, 1)) for name in names))
    assert [one["location"]["path"] for one in gitlab(report)] == list(names.values())


def test_gitlab_gets_fingerprints_that_are_unique_and_stay_when_lines_move() -> None:
    small = reports.small()
    unread = [replace(small.findings[-2], location=Location(name, 2)) for name in ("a.json", "b.json")]
    twice = replace(small, findings=(*small.findings, *small.findings, *unread))
    moved = replace(twice, findings=tuple(replace(one, location=replace(one.location, line=99)) for one in twice.findings))
    names = [one["fingerprint"] for one in gitlab(twice)]
    assert names == [one["fingerprint"] for one in gitlab(moved)]
    assert len(set(names)) == len(names) == 16
    assert gitlab(replace(small, findings=(unread[1],)))[0]["fingerprint"] == names[-1]


def git(root: Path, head: str = "ref: refs/heads/main\n", config: str = "", folder: str = ".git") -> Path:
    """Make what git keeps in a checkout, without git."""
    (root / folder / "refs" / "heads").mkdir(parents=True)
    (root / folder / "HEAD").write_text(head)
    (root / folder / "config").write_text(config)
    (root / "data").mkdir(exist_ok=True)
    return root / folder


def test_the_checkout_is_read_from_gits_files(tmp_path: Path) -> None:
    private = git(
        tmp_path, config='[core]\n\turl = no\n[remote "origin"]\n\turl = https://example.org/council.git\n[remote "x"]\n\turl = y\n'
    )
    (private / "refs" / "heads" / "main").write_text(f"{SHA}\n")
    here = (tmp_path / "data").as_posix()
    assert checkout_of(tmp_path / "data") == Checkout(tmp_path.as_posix(), here, SHA, "main", "https://example.org/council.git")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://user:secret@example.org/a.git", "https://example.org/a.git"),
        ("HTTPS://example.org:8443/a.git", "https://example.org:8443/a.git"),
        ("git@example.org:council/data.git", "ssh://example.org/council/data.git"),
        ("ssh://git@example.org/a.git", "ssh://example.org/a.git"),
        ("/srv/git/a.git", ""),
        ("file:///srv/git/a.git", ""),
        ("C:/git/a.git", ""),
        ("https://example.org/a b", ""),
        ("ext::sh -c touch% /tmp/x", ""),
        ("", ""),
    ],
)
def test_the_address_of_a_repository_is_shown_without_credentials_or_not_at_all(tmp_path: Path, given: str, shown: str) -> None:
    git(tmp_path, config=f'[remote "origin"]\n\turl = {given}\n')
    found = checkout_of(tmp_path)
    assert found is not None
    assert found.repository == shown


def test_packed_detached_unborn_and_linked_checkouts_are_read(tmp_path: Path) -> None:
    packed = git(tmp_path / "packed")
    (packed / "packed-refs").write_text(f"# pack-refs with: peeled\n{'1' * 40} refs/heads/other\n{SHA} refs/heads/main\n^{'2' * 40}\n")
    git(tmp_path / "detached", head=f"{SHA}\n")
    git(tmp_path / "unborn")
    git(tmp_path / "odd", head="ref: refs/heads/../../../config\n")
    linked = git(tmp_path / "linked", folder="kept")
    (linked / "commondir").write_text("../../packed/.git\n")
    (tmp_path / "linked" / ".git").write_text("gitdir: kept\n")

    def found(name: str) -> tuple[str, str]:
        one = checkout_of(tmp_path / name)
        assert one is not None
        return one.branch, one.revision

    assert found("packed") == ("main", SHA)
    assert found("detached") == ("", SHA)
    assert found("unborn") == ("main", "")
    assert found("odd")[1] == ""
    assert found("linked") == ("main", SHA)


def test_no_checkout_and_broken_ones_are_none(tmp_path: Path) -> None:
    assert checkout_of(tmp_path) is None
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".git").write_bytes(b"\xff\xfe")
    (tmp_path / "b" / ".git").mkdir(parents=True)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / ".git").write_text("gitdir: nowhere\n")
    assert [checkout_of(tmp_path / name) for name in "abc"] == [None] * 3
