"""How much pbcheck finds of what auditors and the Ombudsman found: python -m benchmarks.evidence [--write].

Councils: the labels of `fixtures/councils/*/expected.yaml`, judged under the profile `notes`. Of those that expect a flag, how many
themes have a warning or error carrying one of their obligations; of those that expect none, how many have none. Only labels
on which both readers agree, or that were adjudicated, count for the measure; the rest are listed apart.

Ombudsman: of the decisions in which fault was found on firm ground and which the notes reach, in how many a finding carries one of the
obligations of `found_by`; of those not upheld, in how many there is no error.

`--write` puts the figures into fixtures/README.md, between the two marks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pbcheck import Report, audit

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
FIRM = ("both", "adjudicated")
BEGIN, END = "<!-- figures: python -m benchmarks.evidence --write -->", "<!-- end of figures -->"


@dataclass(frozen=True)
class Answer:
    """One expectation and what pbcheck says to it; `why` is the reason noted for what no rule can find."""

    where: str
    what: str
    expected: str
    firm: bool
    met: bool
    by: tuple[str, ...] = ()
    why: str = ""


def councils() -> Iterator[Answer]:
    """Yield the answer to every label that expects a flag or none."""
    for folder in sorted((FIXTURES / "councils").iterdir()):
        expected = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
        report = audit(folder / "policy.yaml", profile="notes")
        for label in expected["labels"]:
            if label["expect"] == "undecided":
                continue
            found = carrying(report, label["obligations"], ("error", "warning"))
            met = bool(found) == (label["expect"] == "flag")
            yield Answer(folder.name, label["theme"], label["expect"], label["basis"] in FIRM, met, tuple(found))


def ombudsman() -> Iterator[Answer]:
    """Yield the answer to every decision: found where there was fault, no error where there was none."""
    for folder in sorted((FIXTURES / "ombudsman").iterdir()):
        expected: dict[str, Any] = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
        report = audit(folder, profile="notes")
        if expected["outcome"] == "not_upheld":
            errors = sorted({one.rule for one in report.findings if one.severity == "error"})
            yield Answer(folder.name, "not upheld", "no error", True, not errors, tuple(errors))
        elif expected.get("found_by"):
            found = carrying(report, expected["found_by"], ("error", "warning", "note"))
            yield Answer(folder.name, "fault", "found", True, bool(found), tuple(found))
        else:
            yield Answer(folder.name, "fault", "found", True, False, why=expected["notes"])


def carrying(report: Report, obligations: list[str], severities: tuple[str, ...]) -> list[str]:
    """Return the rules with a finding of these severities that carries one of the obligations."""
    return sorted({one.rule for one in report.findings if one.severity in severities and set(one.obligations) & set(obligations)})


def share(answers: list[Answer]) -> str:
    """Return how many were met, as a count and a percentage to one decimal."""
    met = sum(one.met for one in answers)
    tenths = (met * 2000 + len(answers)) // (2 * len(answers)) if answers else 0
    return f"{met} of {len(answers)} ({tenths // 10}.{tenths % 10} %)"


def figures() -> str:
    """Return the measures as Markdown."""
    labels, decisions = list(councils()), list(ombudsman())
    firm = [one for one in labels if one.firm]
    loose = [one for one in labels if not one.firm]
    rows = ["| measure | met |", "|---|---|"]
    for words, answers in (
        ("council labels that expect a flag: flagged", [one for one in firm if one.expected == "flag"]),
        ("council labels that expect none: not flagged", [one for one in firm if one.expected == "no_flag"]),
        ("labels of one reader only that expect a flag: flagged", [one for one in loose if one.expected == "flag"]),
        ("labels of one reader only that expect none: not flagged", [one for one in loose if one.expected == "no_flag"]),
        ("Ombudsman decisions with fault, marked as detectable: found", [one for one in decisions if one.expected == "found"]),
        ("Ombudsman decisions not upheld: no error", [one for one in decisions if one.expected == "no error"]),
    ):
        rows.append(f"| {words} | {share(answers)} |")
    missed = [one for one in [*labels, *decisions] if not one.met]
    lines = [f"- {one.where}: {one.what}, expected {one.expected}, {said(one)}" for one in missed]
    parts = ["\n".join(rows), "Not met:", "\n".join(lines) or "- none"]
    return "\n\n".join(parts) + "\n"


def said(one: Answer) -> str:
    """Return which rules spoke, or why none did."""
    if one.why:
        return f"not found: {one.why}"
    return f"said by {', '.join(one.by)}" if one.by else "not yet found"


def main() -> int:
    text = figures()
    print(text, end="")
    if "--write" in sys.argv:
        path = FIXTURES / "README.md"
        before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        path.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
