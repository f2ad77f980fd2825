"""What is different on a terminal: colour, links to files, and progress of long work. Nothing here touches what goes into a file."""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

if TYPE_CHECKING:
    from pbcheck.discover import Export

WHEN = ("auto", "always", "never")
QUIET_SECONDS = 2.0
STEP_SECONDS = 0.25
BAR, SHORTEST_BAR = 24, 6
_SEVERITY = {"error": "1;31", "warning": "1;33", "note": "1;36"}
_HEAD = r"(error|warning|note)(\[[^\]\n]*\]: )(.*)\Z"
_PLACE = r"(  --> )(.+?):([0-9]+):([0-9]+)((?: \(|: |\Z).*)\Z"
_LABEL = r"(   = [a-z]+: )(.*)\Z"
_LINKING = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio")


class Look(NamedTuple):
    """Whether a text is coloured, and whether places become links."""

    colour: bool = False
    links: bool = False


def look_of(stream: TextIO, when: str = "auto", env: Mapping[str, str] = os.environ) -> Look:
    """Return how to write to a stream: what was asked for, else NO_COLOR, then FORCE_COLOR, then whether it is a terminal."""
    if when == "never":
        return Look()
    terminal = _is_terminal(stream) and env.get("TERM") != "dumb"
    if when == "always":
        colour = True
    elif env.get("NO_COLOR"):
        colour = False
    elif env.get("FORCE_COLOR"):
        colour = env["FORCE_COLOR"] != "0"
    else:
        colour = terminal
    return Look(colour, terminal and _links(env))


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # a stream that is closed
        return False


def _links(env: Mapping[str, str]) -> bool:
    """Return whether a terminal is known to show links (OSC 8); one that is not known gets none, since it might show the code."""
    if env.get("FORCE_HYPERLINK"):
        return env["FORCE_HYPERLINK"] != "0"
    if env.get("CI") or env.get("TMUX") or env.get("TERM", "").startswith(("screen", "tmux")):
        return False
    vte = env.get("VTE_VERSION", "")
    named = any(env.get(name) for name in ("WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "DOMTERM"))
    return named or env.get("TERM_PROGRAM") in _LINKING or (vte.isdecimal() and int(vte) >= 5000)


def dressed(text: str, look: Look) -> str:
    """Return the text report with colour and links; without both it stays as it is. The words are the same in every case.

    It is put on whole lines of the form that the text report gives them; texts from the data stand on lines they cannot begin.
    """
    if not (look.colour or look.links):
        return text
    return "\n".join(_line(one, look) for one in text.split("\n"))


def _line(line: str, look: Look) -> str:
    head = re.match(_HEAD, line)
    if head and look.colour:
        code = _SEVERITY[head[1]]
        return f"\x1b[{code}m{head[1]}\x1b[0m\x1b[1m{head[2]}{head[3]}\x1b[0m"
    found = re.match(_PLACE, line)
    if found and look.links and Path(found[2]).is_file():
        place = f"{found[2]}:{found[3]}:{found[4]}"
        return f"{found[1]}\x1b]8;;{Path(found[2]).absolute().as_uri()}#{found[3]}\x1b\\{place}\x1b]8;;\x1b\\{found[5]}"
    label = re.match(_LABEL, line)
    return f"\x1b[36m{label[1]}\x1b[0m{label[2]}" if label and look.colour else line


class Progress:
    """Says on standard error how far the audit has come: from the second second on, a few times a second, and gone at the end.

    It looks at what the reader and the judges count and changes nothing. Shown only on a terminal, and never in CI.
    """

    def __init__(self, exports: Sequence[Export], stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self.files = [file for export in exports for file in (*export.files, *([export.manifest_file] if export.manifest_file else ()))]
        self.total = sum(_size(file.path) for file in self.files)
        self.stream = stream
        self.clock = clock
        self.began = clock()
        self.shown = False
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def records(self) -> int:
        """How many records were judged, or read beside those that are."""
        return sum(file.records for file in self.files)

    @property
    def part(self) -> float:
        """Which part of the bytes of all files was read, from 0 to 1."""
        return min(1.0, sum(file.size for file in self.files) / self.total) if self.total else 1.0

    def words(self, width: int = 80) -> str:
        """Return one line of at most `width` characters: a bar, how many records were judged, how fast, and how long the rest takes."""
        seconds, part = max(self.clock() - self.began, 0.001), self.part
        said = f"{self.records:,} records judged, {self.records / seconds:,.0f} a second"
        if part >= 1:
            said += "; judging the last of them, and adding up"
        elif part > 0.02:
            said += f", about {_duration(seconds * (1 - part) / part)} left"
        head = f"{part:>4.0%}  "
        room = min(BAR, width - len(head) - len(said) - 4)
        bar = f"[{'#' * int(part * room):<{room}}]" if room >= SHORTEST_BAR else ""
        return f"{bar}{head}{said}"[: width - 1]

    def draw(self) -> None:
        """Write the line over the one before."""
        self.shown = True
        self.stream.write(f"\r\x1b[2K{self.words(shutil.get_terminal_size().columns)}")
        self.stream.flush()

    def start(self) -> None:
        """Begin to show progress, after a while."""
        self._thread.start()

    def stop(self) -> None:
        """Take the line away."""
        self._done.set()
        self._thread.join()
        if self.shown:
            self.stream.write("\r\x1b[2K")
            self.stream.flush()

    def _run(self) -> None:
        wait = QUIET_SECONDS
        while not self._done.wait(wait):
            self.draw()
            wait = STEP_SECONDS


@contextmanager
def progress(exports: Sequence[Export]) -> Iterator[None]:
    """Show progress on standard error while the exports are read, where a person is looking; after Ctrl-C, say how far it came."""
    shown = None
    if _is_terminal(sys.stderr) and not os.environ.get("CI") and os.environ.get("TERM") != "dumb":
        shown = Progress(exports, sys.stderr)
        shown.start()
    try:
        yield
    except KeyboardInterrupt:
        if shown is not None:
            shown.stop()
        came = shown or Progress(exports, sys.stderr)
        sys.stderr.write(f"Stopped after {came.records:,} records, with {came.part:.0%} of the files read. No report was written.\n")
        shown = None
        raise
    finally:
        if shown is not None:
            shown.stop()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _duration(seconds: float) -> str:
    """Return a time in the two largest units that matter."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"
