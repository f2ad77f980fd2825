"""The baseline: what names a finding, what disturbs it and what does not, and that it can hold nothing that must count."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import FIXTURES, ROOT
from tests.gate_cases import (
    FOR_ALL,
    HEAD,
    LIMITED,
    LOCKED,
    MONEY,
    NOTE,
    UNSPENT,
    Run,
    about,
    aside,
    checked,
    commit,
    counting,
    git,
    repository,
)

pytestmark = pytest.mark.slow

NAME = "pbcheck-baseline.json"
NAMELESS = "kind: portfolio\nni130:\n  numerator: 5\n  denominator: 3\n"
"""A document without a name of its own, with a finding that an audit makes."""
IMPOSSIBLE = {"ni130-parts-impossible": "baseline"}
KNOWN = {UNSPENT: "baseline", LIMITED: "baseline", NOTE: "baseline"}


def made(run: Run, folder: Path, text: str = MONEY, *arguments: object, name: str = "policy.yaml") -> dict[str, Any]:
    """Write a policy and a baseline of its findings, and return what the baseline says."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    code, _, err = run("baseline", "create", *arguments, "--as-of", "2026-10-01")
    assert code == 0, err
    return read(folder)


def read(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / NAME).read_text())
    return data


def test_create_then_only_what_is_new_counts(run: Run, tmp_path: Path) -> None:
    data = made(run, tmp_path)
    assert {(one["rule"], one["file"], one["record"], one["first_seen"]) for one in data["entries"]} == {
        (rule, "policy.yaml", "Exampleshire", "2026-10-01") for rule in (UNSPENT, LIMITED, NOTE)
    }
    report = checked(run, "policy.yaml")
    assert (aside(report), counting(report)) == (KNOWN, [])
    assert next(one for one in report["findings"] if one["rule"] == UNSPENT)["set_aside"]["reason"] == "there since 2026-10-01"
    assert run("check", "policy.yaml")[0] == 0
    assert run("baseline", "diff") == (0, "0 new, 0 gone, 3 still there\n", "")
    (tmp_path / "policy.yaml").write_text(MONEY.replace("always", "above_threshold"))
    report = checked(run, "policy.yaml")
    assert counting(report) == ["baseline-stale", UNSPENT], "the message names the setting: another one is another finding"
    code, out, _ = run("baseline", "diff")
    assert code == 1
    assert out.startswith("1 new, 1 gone, 2 still there\nnew: policy.yaml:5:11")
    assert f"gone: policy.yaml Exampleshire /surplus/recoup [{UNSPENT}], first seen 2026-10-01" in out


def test_it_is_not_written_over(run: Run, tmp_path: Path) -> None:
    made(run, tmp_path)
    before = (tmp_path / NAME).read_bytes()
    code, out, err = run("baseline", "create", "--as-of", "2026-11-01")
    assert (code, out) == (2, "")
    assert "--force" in err
    assert (tmp_path / NAME).read_bytes() == before
    assert run("baseline", "create", "--as-of", "2026-11-01", "--force")[0] == 0
    assert {one["first_seen"] for one in read(tmp_path)["entries"]} == {"2026-11-01"}


def test_add_and_prune_keep_the_first_day(run: Run, tmp_path: Path) -> None:
    made(run, tmp_path, MONEY.replace("spending:\n  test: agreed_services\n", ""))
    (tmp_path / "policy.yaml").write_text(MONEY)
    assert run("baseline", "add", "--as-of", "2026-11-01") == (
        0,
        f"2 findings (first seen on 2026-11-01) added to {NAME}.\n",
        "",
    )
    assert {one["rule"]: one["first_seen"] for one in read(tmp_path)["entries"]} == {
        UNSPENT: "2026-10-01",
        LIMITED: "2026-11-01",
        NOTE: "2026-11-01",
    }
    (tmp_path / "policy.yaml").write_text(MONEY.replace("recoup: always", "recoup: never"))
    [(_, words)] = about(checked(run, "policy.yaml"), "baseline-stale")
    assert words == f"The finding of `{UNSPENT}` first seen on 2026-10-01 is gone."
    assert run("baseline", "prune", "--as-of", "2026-12-01") == (0, f"1 of 3 entries taken out of {NAME}.\n", "")
    assert {one["rule"]: one["first_seen"] for one in read(tmp_path)["entries"]} == {LIMITED: "2026-11-01", NOTE: "2026-11-01"}
    (tmp_path / "policy.yaml").write_text(MONEY)
    assert counting(checked(run, "policy.yaml")) == [UNSPENT], "what was mended and comes back counts"


def test_prune_takes_out_only_what_was_looked_at(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "policy.yaml").write_text(MONEY.replace("Exampleshire", "Otherton"))
    assert len(made(run, tmp_path, MONEY)["entries"]) == 6
    assert run("baseline", "prune", "policy.yaml")[1].startswith("0 of 6 entries")
    assert run("baseline", "prune", "--ignore", f"use-of-the-budget,{NOTE}")[1].startswith("0 of 6 entries")
    (tmp_path / "broken.yaml").write_text("kind: policy\nauthority: [\n")
    (tmp_path / "policy.yaml").write_text(f"{HEAD}surplus: {{recoup: never}}\n")
    before = (tmp_path / NAME).read_bytes()
    code, out, err = run("baseline", "prune")
    assert (code, out) == (3, "")
    assert "Not everything could be read" in err
    assert (tmp_path / NAME).read_bytes() == before
    (tmp_path / "broken.yaml").unlink()
    assert run("baseline", "prune")[1].startswith("3 of 6 entries")
    shutil.rmtree(tmp_path / "other")
    assert run("baseline", "prune")[1].startswith("3 of 3 entries"), "a file that is not there any more has no finding"


def test_what_could_not_be_read_is_said_and_not_in_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(MONEY)
    (tmp_path / "broken.yaml").write_text("kind: contract\nid: [\n")
    code, out, err = run("baseline", "create", "--as-of", "2026-10-01")
    assert code == 3
    assert "findings" in out
    assert "What was not read is not in the baseline" in err
    assert "baseline-stale" not in counting(checked(run, ".")), "and nothing is called stale while not everything was read"


UNDISTURBED = [
    f"# a line\n\n\n{MONEY}",
    MONEY.replace("\n", "\r\n"),
    f"{HEAD}spending:\n  test: agreed_services\nsurplus:\n    recoup: 'always'\n",
    json.dumps({"kind": "policy", "authority": "Exampleshire", "surplus": {"recoup": "always"}, "spending": {"test": "agreed_services"}}),
]


@pytest.mark.parametrize("text", UNDISTURBED)
def test_moving_blocks_and_adding_lines_does_not_disturb_it(text: str, run: Run, tmp_path: Path) -> None:
    made(run, tmp_path)
    (tmp_path / "policy.yaml").write_bytes(text.encode())
    report = checked(run, "policy.yaml")
    assert (aside(report), counting(report)) == (KNOWN, [])


def test_adding_lines_does_not_disturb_a_document_without_a_name(run: Run, tmp_path: Path) -> None:
    [entry] = made(run, tmp_path, NAMELESS)["entries"]
    assert entry["record"].startswith("number ")
    (tmp_path / "policy.yaml").write_text(f"# a line\n\n{NAMELESS}")
    report = checked(run, ".", command="audit")
    assert (aside(report), counting(report)) == (IMPOSSIBLE, [])


def test_a_document_with_a_name_may_be_renamed_and_taken_apart(run: Run, tmp_path: Path) -> None:
    made(run, tmp_path)
    (tmp_path / "policy.yaml").unlink()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "a.yaml").write_text(f"{HEAD}surplus:\n  recoup: always\n")
    (tmp_path / "new" / "b.yaml").write_text(f"{HEAD}spending:\n  test: agreed_services\n")
    report = checked(run, ".")
    assert (aside(report), counting(report)) == (KNOWN, [])


@pytest.mark.parametrize("way", ["committed", "staged", "twice", "from a folder below"])
def test_a_document_without_a_name_is_followed_through_git(way: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(run, tmp_path, NAMELESS, name="old/policy.yaml")
    repository(tmp_path)
    git(tmp_path, "mv", "old/policy.yaml", 'a "new" näme.yaml')
    if way != "staged":
        commit(tmp_path)
    if way == "twice":
        (tmp_path / "deep").mkdir()
        git(tmp_path, "mv", 'a "new" näme.yaml', "deep/policy.yaml")
        commit(tmp_path)
    if way == "from a folder below":
        (tmp_path / "below").mkdir()
        monkeypatch.chdir(tmp_path / "below")
    report = checked(run, os.path.relpath(tmp_path), "--as-of", "2026-10-01", command="audit")
    assert (aside(report), counting(report)) == (IMPOSSIBLE, [])
    assert run("baseline", "diff", tmp_path, "--as-of", "2026-10-01")[1].startswith("0 new, 0 gone")


def test_a_document_without_a_name_that_is_moved_past_git_is_another_one(run: Run, tmp_path: Path) -> None:
    made(run, tmp_path, NAMELESS)
    repository(tmp_path)
    (tmp_path / "policy.yaml").rename(tmp_path / "other.yaml")
    report = checked(run, ".", command="audit")
    assert aside(report) == {}
    assert len(about(report, "baseline-stale")) == 1


def test_another_document_is_not_covered(run: Run, tmp_path: Path) -> None:
    made(run, tmp_path, MONEY.replace("as_of: ", "effective_from: '2026-04-01'\nas_of: "))
    for text in (
        MONEY.replace("Exampleshire", "Otherton"),
        MONEY.replace("as_of: ", "effective_from: '2027-04-01'\nas_of: "),
        MONEY,
    ):
        (tmp_path / "policy.yaml").write_text(text)
        report = checked(run, "policy.yaml")
        assert aside(report) == {}
        assert {UNSPENT, LIMITED, NOTE} <= set(counting(report))


def test_a_file_of_the_same_text_beside_is_not_covered(run: Run, tmp_path: Path) -> None:
    made(run, tmp_path, NAMELESS)
    (tmp_path / "copy.yaml").write_text(NAMELESS)
    assert aside(checked(run, "copy.yaml", command="audit")) == {}


def test_records_of_an_export(run: Run, tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "ombudsman" / "17-016-036", tmp_path / "export")
    code, _, err = run("baseline", "create", "export")
    assert code == 0
    entries = read(tmp_path)["entries"]
    assert entries
    assert {one["record"] for one in entries if one["subject"] == "case"} == {"17-016-036"}
    assert {one["first_seen"] for one in entries} == {"2019-04-02"}, "the date that the export states"
    assert "of locked rules not taken down: these always count." in err
    report = checked(run, "export", command="audit")
    locked = {one["id"] for one in report["rules"] if one["locked"]}
    assert set(counting(report)) <= locked
    assert not set(aside(report)) & locked
    assert run("baseline", "diff", "export")[0] == 1, "the locked ones count"
    assert about(checked(run, "export"), "baseline-stale") == [], "a check does not look at the totals, and does not call them gone"


def test_no_locked_finding_gets_in_and_one_that_is_written_by_hand_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(LOCKED + "wibble: 1\n")
    code, out, err = run("baseline", "create", "--as-of", "2026-10-01")
    assert code == 0, err
    assert out == f"3 findings (first seen on 2026-10-01) taken down in {NAME}.\n"
    assert "1 finding of locked rules not taken down" in err
    assert {one["rule"] for one in read(tmp_path)["entries"]} == {UNSPENT, LIMITED, NOTE}
    assert run("baseline", "add", "--as-of", "2026-10-01")[1] == f"0 findings added to {NAME}.\n"
    from pbcheck.gate.baseline import empty
    from pbcheck.model import Finding, Location

    data = read(tmp_path)
    place = Location("policy.yaml", 9, 27, "/eligibility/budget_for_all_ongoing")
    for rule in (FOR_ALL, "unknown-key"):
        one = Finding(rule, "error", "", "policy", "Exampleshire", place)
        entry = empty(tmp_path / NAME).made(one, "2026-10-01")
        data["entries"].append({key: getattr(entry, key) for key in ("rule", "file", "record", "pointer", "subject", "key", "first_seen")})
    (tmp_path / NAME).write_text(json.dumps(data, indent=1))
    report = checked(run, "policy.yaml")
    assert FOR_ALL in counting(report)
    assert "unknown-key" in counting(report)
    assert len(about(report, "baseline-not-permitted")) == 2
    assert run("check", "policy.yaml")[0] == 1


SOUND = {"kind": "baseline", "schema_version": "1.0", "entries": []}
ENTRY = {"rule": "r", "file": "f", "record": "", "pointer": "", "subject": "policy", "key": "0" * 32, "first_seen": "2026-10-01"}
UNREADABLE = [
    b"",
    b"\xff\xfe",
    b"{",
    b"[]",
    b"null",
    b'{"kind": "baseline"}',
    *(
        json.dumps({**SOUND, **more}).encode()
        for more in (
            {"schema_version": "2.0"},
            {"kind": "waivers"},
            {"entries": {}},
            {"entry": []},
            {"entries": [{**ENTRY, "key": "short"}]},
            {"entries": [{**ENTRY, "first_seen": "yesterday"}]},
            {"entries": [{key: value for key, value in ENTRY.items() if key != "first_seen"}]},
            {"entries": [{**ENTRY, "count": 3}]},
            {"entries": ["x"]},
            {"entries": [{**ENTRY, "rule": None}]},
        )
    ),
    b'{"kind": "baseline", "kind": "baseline", "schema_version": "1.0", "entries": []}',
]


@pytest.mark.parametrize("raw", UNREADABLE)
def test_one_that_cannot_be_used_stops_the_run(raw: bytes, run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(MONEY)
    (tmp_path / NAME).write_bytes(raw)
    for command in (("check", "policy.yaml"), ("baseline", "diff"), ("baseline", "add"), ("baseline", "prune")):
        code, out, err = run(*command)
        assert (code, out) == (2, "")
        assert f"{NAME}:" in err
        assert "pbcheck baseline create" in err
    assert run("check", "policy.yaml", "--no-baseline", "--fail-level", "error")[0] == 0
    assert run("baseline", "create", "--force", "--as-of", "2026-10-01")[0] == 0, "as the message says"


def test_one_that_is_not_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(MONEY)
    code, out, err = run("check", "policy.yaml", "--baseline", "nowhere.json")
    assert (code, out) == (2, "")
    assert "The baseline nowhere.json cannot be read" in err
    for command in ("add", "prune", "diff"):
        code, out, err = run("baseline", command)
        assert (code, out) == (2, "")
        assert "pbcheck baseline create" in err
    code, _, err = run("baseline", "create", "--baseline", "no/such/folder/b.json", "--as-of", "2026-10-01")
    assert code in (0, 2), err


def test_a_day_is_needed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(MONEY.replace("as_of: '2026-10-01'\n", ""))
    code, out, err = run("baseline", "create")
    assert (code, out, (tmp_path / NAME).exists()) == (2, "", False)
    assert "--as-of" in err
    repository(tmp_path, day="2026-09-09")
    assert run("baseline", "create")[0] == 0
    assert {one["first_seen"] for one in read(tmp_path)["entries"]} == {"2026-09-09"}


def test_another_place_for_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ci").mkdir()
    made_at = ("--baseline", "ci/known.json", "--as-of", "2026-10-01")
    (tmp_path / "policy.yaml").write_text(NAMELESS)
    assert run("baseline", "create", *made_at)[0] == 0
    text = (tmp_path / "ci" / "known.json").read_text()
    assert '"file": "../policy.yaml"' in text
    assert str(tmp_path) not in text, "no path of this machine gets in"
    monkeypatch.chdir(tmp_path / "ci")
    assert aside(checked(run, "..", "--baseline", "known.json", command="audit")) == IMPOSSIBLE


def test_branches_can_be_merged_by_lines(run: Run, tmp_path: Path) -> None:
    policy, third = tmp_path / "policy.yaml", tmp_path / "third.yaml"
    other = "payments:\n  default: gross\n"
    made(run, tmp_path, f"{HEAD}surplus:\n  recoup: always\n")
    third.write_text(f"{HEAD}changes:\n  rules_published: true\n")
    repository(tmp_path)
    git(tmp_path, "checkout", "-q", "-b", "side")
    (tmp_path / "second.yaml").write_text(f"{HEAD}spending:\n  test: agreed_services\n")
    assert run("baseline", "add", "--as-of", "2026-11-01")[0] == 0
    commit(tmp_path)
    git(tmp_path, "checkout", "-q", "main")
    (tmp_path / "first.yaml").write_text(f"{HEAD}year_end:\n  unspent: clawback\n{other}")
    assert run("baseline", "add", "--as-of", "2026-11-02")[0] == 0
    assert len(read(tmp_path)["entries"]) > 1
    commit(tmp_path)
    merged = subprocess.run(["git", "-C", tmp_path, "merge", "-q", "side"], capture_output=True, text=True, check=False, env=own())
    if merged.returncode:  # both added lines at one place: the union of the lines is the merge
        text = (tmp_path / NAME).read_text()
        lines = [line for line in text.splitlines() if not line.startswith(("<<<<<<<", "=======", ">>>>>>>"))]
        rows = [line.rstrip(",") for line in lines[1:-1]]
        (tmp_path / NAME).write_text("\n".join([lines[0], ",\n".join(rows), lines[-1], ""]))
    report = checked(run, ".", "--as-of", "2026-11-02")
    assert not [one for one in counting(report) if one in (UNSPENT, LIMITED)]
    assert policy.exists()


def own() -> dict[str, str]:
    who = {f"GIT_{one}_{what}": value for one in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "x"), ("EMAIL", "x@example.org"))}
    return {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, **who}


def test_it_is_one_line_an_entry_sorted_and_the_same_everywhere(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(MONEY)
    seen = set()
    for number, (seed, zone) in enumerate((("1", "UTC"), ("2", "Asia/Kathmandu"))):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)}
        command = [
            sys.executable,
            "-m",
            "pbcheck",
            "baseline",
            "create",
            "policy.yaml",
            "--baseline",
            f"{number}.json",
            "--as-of",
            "2026-10-01",
        ]
        subprocess.run(command, cwd=tmp_path, env=env, check=True, capture_output=True)
        seen.add((tmp_path / f"{number}.json").read_bytes())
    [raw] = seen
    lines = raw.decode().splitlines()
    assert len(lines) == 5
    assert [json.loads(line.rstrip(","))["rule"] for line in lines[1:-1]] == sorted([UNSPENT, LIMITED, NOTE])


def test_hostile_references_come_out_inert(run: Run, tmp_path: Path) -> None:
    made(run, tmp_path, MONEY.replace("Exampleshire", '"Example\\e[31m\\u202eshire"'))
    assert not set((tmp_path / NAME).read_text()) & {"\x1b", "\u202e"}
    (tmp_path / "policy.yaml").write_text(f"{HEAD}surplus: {{recoup: never}}\n")
    _, out, err = run("baseline", "diff")
    assert "gone: " in out
    assert not set(out + err) & {"\x1b", "\u202e"}


def test_a_document_of_the_same_name_in_another_folder_is_another_document(run: Run, tmp_path: Path) -> None:
    for name in ("adults", "carers"):
        (tmp_path / name).mkdir()
    shutil.copy(FIXTURES / "councils" / "st-helens" / "policy.yaml", tmp_path / "adults" / "policy.yaml")
    assert run("baseline", "create", "adults", "--as-of", "2026-09-30")[0] == 0
    assert run("check", "adults", "--as-of", "2026-09-30", "--no-suppressions")[1].count("Set aside") >= 1
    shutil.copy(tmp_path / "adults" / "policy.yaml", tmp_path / "carers" / "policy.yaml")
    code, out, _ = run("check", "carers", "--as-of", "2026-09-30")
    assert "Set aside" not in out
    assert code == 1
    (tmp_path / "adults" / "policy.yaml").unlink()
    assert "Set aside" in run("check", "carers", "--as-of", "2026-09-30")[1], "a file that was moved is the same document"


def test_elements_of_a_list_may_change_places(run: Run, tmp_path: Path) -> None:
    source = (FIXTURES / "councils" / "st-helens" / "policy.yaml").read_text()
    (tmp_path / "policy.yaml").write_text(source)
    assert run("baseline", "create", "policy.yaml", "--as-of", "2026-09-30")[0] == 0
    data = yaml.safe_load(source)
    assert len(data["accounts"]["tiers"]) > 1
    data["accounts"]["tiers"].reverse()
    (tmp_path / "policy.yaml").write_text(json.dumps(data, default=str))
    code, out, _ = run("check", "policy.yaml", "--as-of", "2026-09-30")
    assert "baseline-stale" not in out
    assert code == 0
