"""What a peer says of prepared cases: the processor time it took, and which rules failed, as a line of JSON for each folder."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Answer:
    """The seconds of processor time that a peer asked the rules, and the cases that each rule failed.

    `reading` are the seconds before, from the bytes of the file to the values that the peer judges; nil where it reads in `seconds`.
    """

    cases: int
    seconds: float = 0.0
    reading: float = 0.0
    failed: dict[str, list[str]] = field(default_factory=dict)

    def take(self, case: str, rules: Iterable[str]) -> None:
        """Take down the rules that failed on a case."""
        for rule in rules:
            self.failed.setdefault(rule, []).append(case)

    def show(self, verdicts: bool) -> None:
        """Print the answer: how many cases each rule failed, or with `verdicts` which."""
        failed = {rule: sorted(set(found)) for rule, found in sorted(self.failed.items())}
        told = failed if verdicts else {rule: len(found) for rule, found in failed.items()}
        print(json.dumps({"cases": self.cases, "seconds": self.seconds, "reading": self.reading, "failed": told}))


def asked(words: str | None) -> tuple[list[Path], bool]:
    """Return the folders of prepared cases and whether the verdicts are asked for, from the command line."""
    parser = argparse.ArgumentParser(description=words)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--verdicts", action="store_true", help="name the cases that each rule failed")
    given = parser.parse_args()
    return given.folders, given.verdicts
