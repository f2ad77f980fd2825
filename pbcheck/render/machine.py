"""What the machine formats share: the words and the path of a finding, the order by severity, fingerprints that are unique."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, islice
from typing import Any, TypeVar

import msgspec

from pbcheck.model import SEVERITIES, Finding, Report
from pbcheck.render.escapes import clean
from pbcheck.render.words import decided
from pbcheck.vcs import Checkout

T = TypeVar("T")
EVERYTHING = "-f json has them all"
_ENCODER = msgspec.json.Encoder()
_DRIVE = re.compile(r"[A-Za-z]:/")


def words_of(one: Finding) -> str:
    """Return what a finding says, with the value at its place where values were asked for, as it is."""
    return f"{one.message} Stated there: {one.value}" if one.value else one.message


def said(one: Finding) -> str:
    """Return what a finding says on one line that acts on no terminal and no build log; where it was set aside, by what."""
    words = clean(words_of(one))
    return f"Set aside: {words} ({clean(decided(one.set_aside))})" if one.set_aside else words


def json_line(data: Any) -> str:
    """Return plain data as JSON on one line, in which nothing is a command to a build log."""
    try:
        text = _ENCODER.encode(data).decode()
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can carry
        text = json.dumps(data)
    return text.replace("##", "#\\u0023") if "##" in text else text


def line(one: Finding) -> str:
    """Return a finding as one line, `file:line:column: severity: message [rule]`, which is no command to a build log.

    One that was set aside has `set aside` in the place of the severity, and severity and decision in round brackets at its end.
    """
    spot = one.location
    at = clean(spot.file)
    if at.lstrip().startswith("::"):
        at = f"./{at}"
    if spot.line:
        at = f"{at}:{spot.line}:{spot.column}" if spot.column else f"{at}:{spot.line}"
    at = at or "the audit as a whole"
    if one.set_aside:
        return f"{at}: set aside: {clean(words_of(one))} [{clean(one.rule)}] ({one.severity}; {clean(decided(one.set_aside))})"
    return f"{at}: {one.severity}: {said(one)} [{clean(one.rule)}]"


def worst_first(found: Iterable[tuple[Finding, T]], most: int) -> list[tuple[Finding, T]]:
    """Return at most so many findings, each with what belongs to it: those that count before those set aside, the most severe first.

    Otherwise they keep their order. The findings are gone through once, and never held all at once.
    """
    ranks: list[list[tuple[Finding, T]]] = [[] for _ in range(2 * len(SEVERITIES))]
    for pair in found:
        one = pair[0]
        held = ranks[SEVERITIES.index(one.severity) + (len(SEVERITIES) if one.set_aside else 0)]
        if len(held) < most:
            held.append(pair)
    return list(islice(chain.from_iterable(ranks), most))


def absolute(path: str) -> bool:
    """Return whether a path begins at the root of a file system."""
    return path.startswith("/") or bool(_DRIVE.match(path))


@lru_cache(maxsize=4096)
def path_of(file: str, checkout: Checkout | None) -> str:
    """Return the path of a file below the root of the checkout; as it was given, without detours, where there is none or it is outside."""
    if checkout is not None:
        whole = posixpath.normpath(file if absolute(file) else posixpath.join(checkout.folder, file))
        root = f"{checkout.root.rstrip('/')}/"
        if whole.startswith(root):
            return whole.removeprefix(root)
    return posixpath.normpath(file) if file else ""


@lru_cache(maxsize=4096)
def relative(file: str, checkout: Checkout | None) -> str:
    """Return a path that is relative in any case: of a file outside the checkout, what follows the root or the way up."""
    path = _DRIVE.sub("", path_of(file, checkout)).lstrip("/")
    while path.startswith("../"):
        path = path.removeprefix("../")
    return path


def home(report: Report) -> str:
    """Return the file for findings about the audit as a whole: the manifest, else the first file, else the manifest that should be."""
    manifests = [one.path for one in report.inputs if one.kind == "export"]
    files = manifests or [one.path for one in report.inputs]
    return files[0] if files else "export.yaml"
