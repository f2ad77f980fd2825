"""Worker processes that judge parts of an export: started like any program, asked and answering through pipes, one part at a time.

A worker holds nothing but the rules and what judging a case needs beside it. It ends when nobody can ask it any more.
"""

from __future__ import annotations

import io
import logging
import marshal
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import Popen
from types import CodeType
from typing import IO, Any

from pbcheck.collector import few_collections
from pbcheck.errors import UsageError
from pbcheck.judging import Context, judge_part
from pbcheck.known import Met
from pbcheck.opened import Part
from pbcheck.packing import packed

TRIES = 2
_SIZE = struct.Struct(">Q")
_log = logging.getLogger("pbcheck")


class Lost(Exception):
    """The worker that judged a part ended without an answer, and so did the one that was asked again."""


@dataclass(frozen=True)
class Duty:
    """What every part is judged by: the context, the folder that links must not leave, and the rules whose findings are looked at."""

    context: Context
    root: Path | None
    asked: frozenset[str]

    def written(self) -> bytes:
        """Return this as bytes for a worker, without the places of documents that no case's finding points to."""
        context = self.context
        bare = replace(
            context,
            rulebook=replace(context.rulebook, obligations={}, law=()),
            policies=replace(
                context.policies,
                whole=[replace(one, positions=None, place=None, parts=None) for one in context.policies.whole],
                findings=[],
            ),
            contracts=replace(context.contracts, judged=[]),
        )
        out = io.BytesIO()
        _Pickler(out, pickle.HIGHEST_PROTOCOL).dump(replace(self, context=bare))
        return out.getvalue()


class _Pickler(pickle.Pickler):
    """Writes the code of the rules as well, for the same Python."""

    def reducer_override(self, one: Any) -> Any:
        """Return how a thing is made again."""
        return (marshal.loads, (marshal.dumps(one),)) if isinstance(one, CodeType) else NotImplemented


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def as_message(part: Part, known: Iterable[bytes] = ()) -> bytes | None:
    """Return what a worker is sent; None for documents that cannot leave this process."""
    try:
        return pickle.dumps((part, tuple(known)), pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError):  # what pickle raises for functions that have no name
        return None


class Pool:
    """So many workers, started when they are first needed; a part whose worker dies is given to a new one, once."""

    def __init__(self, jobs: int, duty: Duty) -> None:
        self.duty = duty.written()
        self.threads = ThreadPoolExecutor(jobs, thread_name_prefix="pbcheck-worker")
        self.mine = threading.local()
        self.workers: list[_Worker] = []
        self.closed = False

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        """End all workers at once, whatever they are at."""
        self.closed = True
        for one in list(self.workers):
            one.stop()
        self.threads.shutdown(wait=True, cancel_futures=True)
        for one in self.workers:  # one that was started meanwhile
            one.stop()

    def submit(self, message: bytes) -> Future[bytes]:
        """Have a part judged; the result is the packed chunk, Lost, or the exception that was raised in the worker."""
        return self.threads.submit(self._ask, message)

    def _ask(self, message: bytes) -> bytes:
        for number in range(TRIES):
            try:
                done, answer = self._worker().ask(message)
            except (OSError, EOFError, pickle.UnpicklingError):
                self._forget()
                if self.closed:
                    break
                if not number:
                    _log.warning("A worker process ended without an answer: its part is judged again.")
                continue
            if not done:
                raise answer
            result: bytes = answer
            return result
        raise Lost

    def _worker(self) -> _Worker:
        """Return the worker of this thread; raises OSError where none can be started."""
        worker: _Worker | None = getattr(self.mine, "worker", None)
        if worker is None:
            worker = self.mine.worker = _Worker(self.duty)
            self.workers.append(worker)
        return worker

    def _forget(self) -> None:
        worker: _Worker | None = getattr(self.mine, "worker", None)
        if worker is not None:
            worker.stop()
            self.workers.remove(worker)
            self.mine.worker = None


def command() -> list[str]:
    """Return how a worker is started: this Python, with the places where it finds its modules."""
    if not sys.executable:
        raise UsageError("This program cannot start worker processes: leave out -j.")
    return [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; from pbcheck.workers import serve; serve()"]


class _Worker:
    """One process, and the pipes to it."""

    def __init__(self, duty: bytes) -> None:
        quiet = None if os.environ.get("PBCHECK_DEBUG") else subprocess.DEVNULL
        apart: dict[str, Any] = {"start_new_session": True}  # Ctrl-C is for this process, which ends its workers
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        self.process = Popen(command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=quiet, **apart)  # noqa: S603
        self.duty = duty

    def ask(self, message: bytes) -> tuple[bool, Any]:
        """Return the answer to a message; raises OSError or EOFError where there is none."""
        given, made = self.process.stdin, self.process.stdout
        assert given is not None
        assert made is not None
        if self.duty:
            _send(given, self.duty)
            self.duty = b""
        _send(given, message)
        answer: tuple[bool, Any] = pickle.loads(_receive(made))  # noqa: S301 from our own process
        return answer

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what could not be sent any more
                    continue


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(_SIZE.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes:
    head = pipe.read(_SIZE.size)
    if len(head) < _SIZE.size:
        raise EOFError
    (size,) = _SIZE.unpack(head)
    message = pipe.read(size)
    if len(message) < size:
        raise EOFError
    return message


def serve() -> None:
    """Answer messages from standard input until it ends: what a worker process does."""
    given = sys.stdin.buffer
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may write among the answers
    duty: Duty = pickle.loads(_receive(given))  # noqa: S301 from the process that started this one
    with few_collections():
        while True:
            try:
                message = _receive(given)
            except EOFError:
                return
            _send(out, pickle.dumps(_answer(duty, message), pickle.HIGHEST_PROTOCOL))


def _answer(duty: Duty, message: bytes) -> tuple[bool, Any]:
    part, known = pickle.loads(message)  # noqa: S301 from the process that started this one
    try:
        return True, packed(judge_part(part, duty.root, duty.context, Met(known)), duty.asked)
    except Exception as error:  # a bug: it is raised where the audit runs, as it would be without workers
        return False, RuntimeError(f"{type(error).__name__} in a worker")
