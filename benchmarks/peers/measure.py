"""The measurements beside peers: each returns a table, every number of which was measured in this run."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers import NODE, NPM, PEERS, ROOT, missing
from benchmarks.peers.exports import lines, write_export
from benchmarks.peers.prepared import write_for_peers
from benchmarks.peers.processes import MB, Ran, interleaved, middle
from benchmarks.peers.thirty import THIRTY
from pbcheck.ruletest import baseline
from tests.generated_cases import AS_OF

POLICY = ROOT / "fixtures" / "councils" / "st-helens" / "policy.yaml"
PYTHON = sys.executable
OWN = [PYTHON, "-m", "benchmarks.peers.ours"]


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first column is words."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """Return the table as Markdown."""
        rule = ["---", *("---:" for _ in self.headings[1:])]
        return "\n".join(f"| {' | '.join(row)} |" for row in (self.headings, rule, *self.rows))


@dataclass(frozen=True)
class Plan:
    """How much is measured: cases in an export that is judged, cases that the slow tools are given, and rounds."""

    cases: int
    few: int
    rounds: int


def parsing(plan: Plan) -> Table:
    """Measure the audit of an export against bare parsing of the same bytes, on one core."""
    asked = {
        "every rule": ["--no-totals"],
        "every rule, and the figures over all cases": [],
        "every rule, those figures, and the budget figures of each case": ["--figures"],
    }
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for kind in ("quiet", "full", "mixed", "invented"):
            folder = write_export(Path(name) / kind, plan.cases, kind)
            found = interleaved({words: [*OWN, folder, *flags] for words, flags in asked.items()}, plan.rounds)
            for words, ran in found.items():
                told = answers(ran)
                parsed, whole = each(told, "parsing"), each(told, "seconds")
                ratio = middle([one["seconds"] / one["parsing"] for one in told])
                rows.append((f"{kind}: {words}", micro(parsed), micro(whole), times(ratio), memory(ran)))
    return Table(("what", "`orjson.loads`, µs a case", "pbcheck, µs a case", "times", "peak MB"), tuple(rows))


def validation(plan: Plan) -> Table:
    """Measure validation against the schema of a case alone, beside the whole audit of the same cases."""
    tools = {
        "pbcheck (jsonschema-rs)": ("pbcheck", ""),
        "ajv": ("ajv", lacks("ajv-formats", "ajv ajv-formats")),
        "jsonschema": ("jsonschema", ""),
        "check-jsonschema": ("check-jsonschema", "" if beside("check-jsonschema") else "pip install check-jsonschema"),
    }
    there = {name: tool for name, (tool, install) in tools.items() if not install}
    with tempfile.TemporaryDirectory() as name:
        export = write_export(Path(name) / "export", plan.few, "invented")
        data = Path(name) / "some-invalid.jsonl"
        data.write_text("".join(f"{one}\n" for one in partly_invalid(plan.few)), encoding="utf-8")
        commands = {words: [PYTHON, "-m", "benchmarks.peers.validation", tool, data] for words, tool in there.items()}
        found = interleaved(commands | {"whole": [*OWN, export]}, plan.rounds)
    whole = each(answers(found.pop("whole")), "seconds")
    rows = [("pbcheck, the whole audit: every rule, and the figures over all cases", micro(whole), "1.00", "-")]
    for words, (_, install) in tools.items():
        if install:
            rows.append((words, f"not installed: {install}", "", ""))
            continue
        told = answers(found[words])
        rows.append((words, micro(each(told, "seconds")), ratio(each(told, "seconds"), whole), str(told[0]["invalid"])))
    return Table(("tool", "µs a case", "times the whole audit", "cases found invalid"), tuple(rows))


def partly_invalid(number: int) -> Iterable[str]:
    """Yield cases of which one in fifty has a key that no schema knows, and another one a word where a number belongs."""
    for index, line in enumerate(lines(number, "invented")):
        case = json.loads(line)
        if index % 50 == 7:
            case["no_such_key"] = 1
        elif index % 50 == 23:
            case.setdefault("assessment", {})["forms"] = "several"
        yield json.dumps(case)


def rules(plan: Plan) -> Table:
    """Measure thirty rules written for other tools, and the same in pbcheck; say where the verdicts differ."""
    found = {kind: asked_for_rules(plan, kind) for kind in ("quiet", "invented")}
    rows = []
    for words, number, cannot in (
        ("pbcheck, the whole audit", "", None),
        ("pbcheck, the thirty alone", "", None),
        *((name, str(len(THIRTY) - len(peer.cannot)), peer.cannot) for name, peer in PEERS.items()),
    ):
        if words in PEERS and missing(PEERS[words]):
            rows.append((words, number, missing(PEERS[words]), *[""] * 7))
            continue
        row, agreed = [], True
        for ran in found.values():
            told, whole = answers(ran[words]), answers(ran["pbcheck, the whole audit"])
            row += [micro(from_file(told)), ratio(from_file(told), from_file(whole)), rules_alone(told)]
            agreed = agreed and (cannot is None or agreement(cannot, told[0], whole[0]))
            number = number or str(told[0]["rules"])
        verdicts = "-" if cannot is None else "the same" if agreed else "NOT the same"
        rows.append((words, number, *row, memory(found["invented"][words]), verdicts))
    measured = ("µs a case", "times the whole audit", "of it the rules, µs")
    headings = ("tool", "rules", *(f"{kind}: {one}" for kind in found for one in measured), "peak MB", "verdicts")
    return Table(headings, tuple(rows))


def from_file(told: Sequence[dict[str, Any]]) -> float:
    """Return the median of seconds a case, from the bytes of the file to the verdicts."""
    return middle([(one.get("reading", 0.0) + one["seconds"]) / one["cases"] for one in told])


def rules_alone(told: Sequence[dict[str, Any]]) -> str:
    """Return what of that went into asking the rules, where it can be told apart."""
    return micro(each(told, "seconds")) if all(one.get("reading") for one in told) else "-"


def asked_for_rules(plan: Plan, kind: str) -> dict[str, list[Ran]]:
    """Return what pbcheck and the peers that are there said of an export of one kind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export = write_export(folder / "export", plan.few, kind)
        (folder / "prepared").mkdir()
        prepared = write_for_peers(folder / "prepared", map(json.loads, lines(plan.few, kind)), baseline()["policy"], AS_OF)
        commands: dict[str, Sequence[object]] = {
            "pbcheck, the whole audit": [*OWN, export],
            "pbcheck, the thirty alone": [*OWN, export, "--thirty", "--no-totals"],
        }
        for words, peer in PEERS.items():
            if not missing(peer):
                commands[words] = [PYTHON, "-m", peer.module, prepared]
        return interleaved(commands, plan.rounds)


def agreement(cannot: Mapping[str, str], theirs: dict[str, Any], mine: dict[str, Any]) -> bool:
    """Return whether a peer counts the same failures as pbcheck, rule by rule."""
    return all(theirs["failed"].get(one, 0) == mine["failed"].get(one, 0) for one in THIRTY if one not in cannot)


def start_up(plan: Plan) -> Table:
    """Measure how long a command takes to look at one file of its kind and end."""
    spectral = NODE / "node_modules" / ".bin" / "spectral"
    here = Path(__file__).parent
    commands: dict[str, tuple[Sequence[object], str]] = {
        "pbcheck check": ([PYTHON, "-m", "pbcheck", "check", POLICY], ""),
        "pbcheck check --no-cache": ([PYTHON, "-m", "pbcheck", "check", "--no-cache", POLICY], ""),
        "check-jsonschema (the same file, schema alone)": (
            [beside("check-jsonschema"), "--schemafile", ROOT / "schemas" / "policy.schema.json", POLICY],
            "" if beside("check-jsonschema") else "pip install check-jsonschema",
        ),
        "yamllint (the same file, its layout alone)": (
            [beside("yamllint"), "-d", "relaxed", POLICY],
            "" if beside("yamllint") else "pip install yamllint",
        ),
        "Spectral (the same file, one rule)": (
            [spectral, "lint", "--ruleset", here / "spectral" / "one-rule.yaml", POLICY],
            lacks("@stoplight/spectral-cli", "@stoplight/spectral-cli"),
        ),
        "zizmor (a workflow of its own kind, offline)": (
            [beside("zizmor"), "--offline", here / "workflow" / "checks.yml"],
            "" if beside("zizmor") else "pip install zizmor",
        ),
        "python -c pass": ([PYTHON, "-c", "pass"], ""),
    }
    there = {name: command for name, (command, install) in commands.items() if not install}
    interleaved(there, 1)  # the first run fills the caches
    found = interleaved(there, plan.rounds * 3)
    for one in (ran for runs in found.values() for ran in runs):
        if one.code not in (0, 1):
            raise RuntimeError(f"a command whose start was measured ended with exit code {one.code}: {one.said}")
    base = middle([one.seconds for one in found["pbcheck check"]])
    rows = []
    for name, (_, install) in commands.items():
        if install:
            rows.append((name, f"not installed: {install}", "", ""))
            continue
        seconds = middle([one.seconds for one in found[name]])
        rows.append((name, f"{seconds * 1000:.0f}", ratio(seconds, base), memory(found[name])))
    return Table(("command", "ms", "times `pbcheck check`", "peak MB"), tuple(rows))


def answers(found: Sequence[Ran]) -> list[dict[str, Any]]:
    """Return what the programs said; raises RuntimeError where one failed."""
    for one in found:
        if one.code:
            raise RuntimeError(f"a measured program ended with exit code {one.code}: {one.said}")
    return [json.loads(one.out) for one in found]


def each(told: Sequence[dict[str, Any]], key: str) -> float:
    """Return the median of seconds a case."""
    return middle([one[key] / one["cases"] for one in told])


def beside(program: str) -> Path | None:
    """Return a program that was installed with this Python, None where it was not."""
    path = Path(PYTHON).with_name(program)
    return path if path.exists() else None


def lacks(package: str, names: str) -> str:
    """Return how to install a JavaScript peer that is not there."""
    return "" if (NODE / "node_modules" / package).exists() else f"{NPM} {names}"


def micro(seconds: float) -> str:
    return f"{seconds * 1e6:,.1f}"


def times(value: float) -> str:
    return f"{value:.1f}"


def ratio(value: float, base: float) -> str:
    return f"{value / base:.2f}"


def memory(found: Sequence[Ran]) -> str:
    most = max(one.peak for one in found)
    return f"{most / MB:.0f}" if most else "-"  # it ended before it was looked at
