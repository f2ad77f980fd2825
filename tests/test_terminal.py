"""What a person sees on a terminal and nobody sees elsewhere: colour, links, progress; and what to do first."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pbcheck import audit, terminal
from pbcheck.discover import find_exports
from pbcheck.model import Location
from pbcheck.render import render
from pbcheck.render.words import do_first
from pbcheck.terminal import Look, Progress, dressed, look_of
from tests import reports
from tests.conftest import FIXTURES, ROOT

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]
CODE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")
POLICY = FIXTURES / "councils" / "st-helens" / "policy.yaml"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("screen", "when", "env", "colour"),
    [
        (True, "auto", {"TERM": "xterm"}, True),
        (True, "auto", {}, True),
        (False, "auto", {"TERM": "xterm"}, False),
        (True, "auto", {"TERM": "dumb"}, False),
        (True, "auto", {"NO_COLOR": "1"}, False),
        (True, "auto", {"NO_COLOR": ""}, True),
        (False, "auto", {"FORCE_COLOR": "1"}, True),
        (True, "auto", {"FORCE_COLOR": "0"}, False),
        (False, "auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (False, "always", {"NO_COLOR": "1"}, True),
        (True, "never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_for_terminals_and_those_who_ask(screen: bool, when: str, env: dict[str, str], colour: bool) -> None:
    stream = Terminal() if screen else io.StringIO()
    assert look_of(stream, when, env).colour is colour


@pytest.mark.parametrize(
    ("env", "links"),
    [
        ({}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM_PROGRAM": "WezTerm"}, True),
        ({"VTE_VERSION": "7600"}, True),
        ({"VTE_VERSION": "4200"}, False),
        ({"VTE_VERSION": "x"}, False),
        ({"WT_SESSION": "1"}, True),
        ({"WT_SESSION": "1", "CI": "true"}, False),
        ({"WT_SESSION": "1", "TMUX": "/tmp/x"}, False),
        ({"KITTY_WINDOW_ID": "1", "TERM": "screen-256color"}, False),
        ({"FORCE_HYPERLINK": "1"}, True),
        ({"WT_SESSION": "1", "FORCE_HYPERLINK": "0"}, False),
        ({"WT_SESSION": "1", "TERM": "dumb"}, False),
    ],
)
def test_links_are_for_terminals_that_are_known_to_show_them(env: dict[str, str], links: bool) -> None:
    assert look_of(Terminal(), "auto", env).links is links
    assert look_of(Terminal(), "never", env) == Look()
    assert not look_of(io.StringIO(), "always", env).links


def test_a_closed_stream_is_no_terminal() -> None:
    stream = io.StringIO()
    stream.close()
    assert look_of(stream, "auto", {}) == Look()


@pytest.mark.parametrize("look", [Look(), Look(True), Look(links=True), Look(True, True)])
def test_dress_changes_no_word(look: Look, tmp_path: Path) -> None:
    for report in (reports.small(), reports.hostile(), audit(POLICY), audit(FIXTURES / "personal", show_values=True)):
        text = render("text", report)
        made = dressed(text, look)
        assert CODE.sub("", made) == text
        assert (made == text) is not (look.colour or (look.links and any(Path(one.path).is_file() for one in report.inputs)))


def test_links_lead_to_the_file_and_colour_marks_severity() -> None:
    text = dressed(render("text", audit(POLICY)), Look(True, True))
    found = re.findall(r"\x1b\]8;;([^\x1b]+)\x1b\\([^\x1b]+)\x1b\]8;;\x1b\\", text)
    assert found
    for address, shown in found:
        assert address == f"{POLICY.as_uri()}#{shown.split(':')[1]}"
    assert re.search(r"^\x1b\[1;33mwarning\x1b\[0m\x1b\[1m\[", text, re.MULTILINE)


def test_hostile_texts_cannot_dress_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = "a\x1b]8;;mailto:example.org\x07b:1:2.yaml"
    (tmp_path / name).write_text("kind: policy\n")
    report = reports.small()
    one = replace(
        report.findings[0], message="x\nerror[forged]: y\x1b[31m", location=Location(name, 3, 4, "/x"), value="\x1b[31m\nerror[a]: b"
    )
    text = dressed(render("text", replace(report, findings=(one,))), Look(True, True))
    assert "\x1b[31m" not in text
    assert "example.org\x07" not in text
    assert not re.search(r"^(\x1b\[[0-9;]*m)?error(\x1b\[[0-9;]*m)*\[(forged|a)\]", text, re.MULTILINE)


def on_a_terminal(*arguments: object, **env: str) -> str:
    """Return what the command writes to a terminal on standard output and error."""
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR", "FORCE_COLOR", "TERM_PROGRAM")}
    command = [sys.executable, "-m", "pbcheck", *map(str, arguments)]
    process = subprocess.Popen(command, stdout=follower, stderr=follower, stdin=follower, cwd=ROOT, env=plain | {"TERM": "xterm"} | env)
    os.close(follower)
    found = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # the other end is closed, as Linux says it
            break
        if not piece:
            break
        found += piece
    process.wait()
    os.close(leader)
    return found.decode().replace("\r\n", "\n")


def test_the_command_on_a_real_terminal(process: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    plain = process("check", POLICY).stdout
    assert "\x1b" not in plain
    coloured = on_a_terminal("check", POLICY)
    assert "\x1b[1;33m" in coloured
    assert CODE.sub("", coloured) == plain
    for arguments, env in ((["--color", "never"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"})):
        assert on_a_terminal("check", POLICY, *arguments, **env) == plain
    assert "\x1b" not in on_a_terminal("check", POLICY, "-f", "json", FORCE_COLOR="1")
    assert "\x1b[1;33m" in process("check", POLICY, "--color", "always").stdout


def test_files_hold_no_codes(run: Run, tmp_path: Path) -> None:
    run("check", POLICY, "--color", "always", "-o", "text=t.txt", "-o", "json=r.json")
    assert "\x1b" not in (tmp_path / "t.txt").read_text()
    _, out, _ = run("report", "r.json", "--color", "always")
    assert CODE.sub("", out) == (tmp_path / "t.txt").read_text()
    assert "\x1b[" in out


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_progress_says_how_much_how_fast_and_how_long(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text("x" * 1000)
    (tmp_path / "policy.yaml").write_text("x" * 1000)
    clock, stream = Clock(), Terminal()
    exports = find_exports([tmp_path])
    shown = Progress(exports, stream, clock)
    assert shown.total == 2000
    clock.now += 10
    exports[0].files[0].size, exports[0].files[0].records = 500, 12_000
    assert shown.words(120) == "[######                  ] 25%  12,000 records judged, 1,200 a second, about 30 s left"
    exports[0].files[1].size = 1000
    clock.now += 590
    assert shown.words(120) == "[##################      ] 75%  12,000 records judged, 20 a second, about 3 min 20 s left"
    clock.now += 20_000
    assert shown.words(120).endswith("about 1 h 54 min left")
    exports[0].files[0].size = 1000
    assert shown.words(120).endswith("100%  12,000 records judged, 1 a second; judging the last of them, and adding up")
    assert shown.words(70) == "100%  12,000 records judged, 1 a second; judging the last of them, an"
    shown.draw()
    assert stream.getvalue().startswith("\r\x1b[2K")


def test_progress_comes_late_and_goes_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "TERM"):
        monkeypatch.delenv(name, raising=False)
    exports = find_exports([POLICY])

    def shown(wait: float = 0.0) -> str:
        stream = Terminal()
        monkeypatch.setattr(sys, "stderr", stream)
        drawn = threading.Event()
        monkeypatch.setattr(Progress, "words", lambda *_: drawn.set() or "halfway")
        with terminal.progress(exports):
            drawn.wait(wait)
        assert threading.active_count() == before
        return stream.getvalue()

    before = threading.active_count()
    assert shown() == ""
    monkeypatch.setattr(terminal, "QUIET_SECONDS", 0.0)
    text = shown(30.0)
    assert "halfway" in text
    assert text.endswith("halfway\r\x1b[2K")
    monkeypatch.setenv("CI", "true")
    assert shown() == ""
    monkeypatch.delenv("CI")
    monkeypatch.setenv("TERM", "dumb")
    assert shown() == ""
    monkeypatch.delenv("TERM")
    monkeypatch.setattr(Terminal, "isatty", lambda _: False)
    assert shown() == ""


def test_progress_goes_when_the_audit_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("TERM", raising=False)
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt), terminal.progress(find_exports([POLICY])):
        raise KeyboardInterrupt
    said = "Stopped after 0 records, with 0% of the files read. No report was written.\n"
    assert (threading.active_count(), stream.getvalue()) == (before, said)


def test_what_to_do_first_is_unread_then_severe_then_strong_then_frequent() -> None:
    report = reports.small()
    first = do_first(report, most=10)
    assert [one.rule.id for one in first] == [
        "unreadable",
        "estimate-not-told",
        "review-not-held",
        "plan-not-costed",
        "money-taken-back",
    ]
    assert [one.where for one in first] == ["1 manifest", "2 cases", "1 case", "1 case", "1 policy"]
    assert [one.rule.id for one in do_first(report)] == ["unreadable", "estimate-not-told", "review-not-held"]
    text = render("text", report)
    start = text.index("What to do first:")
    assert [text.index(f"[{one.rule.id}]", start) for one in first[:3]] == sorted(
        text.index(f"[{one.rule.id}]", start) for one in first[:3]
    )
    assert "Who: The case worker." in text[start:]
    assert text.rstrip().splitlines()[-1].startswith("Checked ")


def test_who_can_put_it_right_stands_beside_each_rule() -> None:
    report = audit(POLICY)
    text = render("text", report)
    for name in {one.rule for one in report.findings}:
        assert report.rules[name].who
    assert text.count("   = who: ") == len({one.rule for one in report.findings})
    assert "What to do first" not in render("text", reports.none())
