"""Runs programs and says how long they took and how much memory they held at their peak, all processes of the tree together."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.02  # seconds between two looks at the memory of the process itself
TREE = 5  # looks between two at all that it started, which cost some milliseconds of a processor
SOON = 100  # after so many looks, those at all become rarer, so that they take next to nothing from what is measured
RARER = 10
MB = 1024 * 1024


@dataclass(frozen=True)
class Ran:
    """A program that ended: seconds by the clock and of processor time, peak memory of its tree in bytes, exit code, what it printed.

    `said` is the end of what it wrote beside, for an error message.
    """

    seconds: float
    processor: float
    peak: int
    code: int
    out: str
    said: str


def run(command: Sequence[object], *, watched: bool = True) -> Ran:
    """Run a program to its end.

    Memory is the proportional set size of the process and all below it, added up again and again (shared pages count once), or the
    most that the process itself ever held by the system's own count, if that is more. Processor time is that of the whole tree.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, tempfile.TemporaryFile("w+", encoding="utf-8") as beside:
        start = time.perf_counter()
        started = subprocess.Popen([str(one) for one in command], stdout=out, stderr=beside, env=surroundings())
        peaks = [0]
        ended = threading.Event()

        def look() -> None:
            looks = 0
            while not ended.wait(EVERY):
                at_all = looks % (TREE if looks < SOON else TREE * RARER) == 0
                peaks[0] = max(peaks[0], own_peak(started.pid), held(started.pid) if at_all else 0)
                looks += 1

        watcher = threading.Thread(target=look)
        if watched:
            watcher.start()
        try:
            _, status, used = os.wait4(started.pid, 0)
            seconds = time.perf_counter() - start
        finally:
            ended.set()
            if watched:
                watcher.join()
        started.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        beside.seek(0)
        return Ran(seconds, used.ru_utime + used.ru_stime, peaks[0], started.returncode, out.read(), beside.read()[-500:])


def surroundings() -> dict[str, str]:
    """Return this environment as a program meets it that pip installed: Python keeps the bytecode of what it imports."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def own_peak(process: int) -> int:
    """Return the most bytes that a process itself has held since it began; nil for one that has ended."""
    try:
        lines = (Path("/proc") / str(process) / "status").read_text().splitlines()
    except OSError:  # it has ended, or the system keeps no such file
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def held(process: int) -> int:
    """Return the bytes that a process and all it started hold at this moment; nil for what has ended."""
    folder = Path("/proc") / str(process)
    try:
        below = [int(one) for file in folder.glob("task/*/children") for one in file.read_text().split()]
        lines = (folder / "smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended, or the system keeps no such file
        return 0
    own = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
    return own + sum(held(one) for one in below)


def interleaved(commands: Mapping[str, Sequence[object]], rounds: int) -> dict[str, list[Ran]]:
    """Run every command so many times, round by round, so that a busy machine is busy for all of them alike."""
    found: dict[str, list[Ran]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            found[name].append(run(command))
    return found


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)
