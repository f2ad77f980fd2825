"""All measurements beside other tools, in one run: python -m benchmarks. Writes the tables into docs/benchmarks.md.

With --only it prints the tables that are named and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import jinja2

from benchmarks.peers import NODE, PEERS, ROOT
from benchmarks.peers.exports import DISTINCT
from benchmarks.peers.measure import Plan, Table, parsing, rules, start_up, validation
from benchmarks.scaling import LARGEST, scaling
from pbcheck import __version__
from pbcheck.figures.budget.sheet import Sheet

PAGE = ROOT / "docs" / "benchmarks.md"
TEMPLATE = Path(__file__).parent / "peers" / "page.md.jinja"
PYTHON_PEERS = ("orjson", "jsonschema", "jsonschema-rs", "check-jsonschema", "regopy", "pandera", "pandas", "yamllint", "zizmor")
NODE_PEERS = ("ajv", "@stoplight/spectral-cli")
GIB = 1024**3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="cases that are judged against bare parsing")
    parser.add_argument("--few", type=int, default=5_000, help="cases that the peers are given")
    parser.add_argument("--largest", type=int, default=LARGEST, help="the largest export by which growth is measured")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=("parsing", "validation", "rules", "start-up", "scaling"))
    given = parser.parse_args()
    plan = Plan(given.cases, given.few, given.rounds)
    sections: dict[str, Callable[[], Table]] = {
        "parsing": lambda: parsing(plan),
        "validation": lambda: validation(plan),
        "rules": lambda: rules(plan),
        "start-up": lambda: start_up(plan),
        "scaling": lambda: scaling(given.largest, given.rounds),
    }
    around = surroundings(plan)
    tables = {}
    for name in given.only or sections:
        print(f"measuring {name} ...", file=sys.stderr)
        tables[name] = sections[name]().markdown()
        print(f"{name}\n\n{tables[name]}\n")
    if not given.only:
        PAGE.write_text(page(tables, around), encoding="utf-8")
        print(f"written to {PAGE.relative_to(ROOT)}")


def page(tables: dict[str, str], around: dict[str, object]) -> str:
    """Return the page: the prose of the template around the tables of this run."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render({name.replace("-", "_"): table for name, table in tables.items()}, **around)


def surroundings(plan: Plan) -> dict[str, object]:
    """Return what the prose says beside the tables."""
    return {
        "rounds": plan.rounds,
        "cases": f"{plan.cases:,}",
        "few": f"{plan.few:,}",
        "distinct": f"{DISTINCT:,}",
        "figures": len(Sheet.table),
        "machine": machine(),
        "versions": versions(),
        "cannot": {name: reasons(dict(peer.cannot)) for name, peer in PEERS.items() if peer.cannot},
    }


def reasons(cannot: dict[str, str]) -> str:
    """Return the rules that a peer cannot say, by the reason."""
    grouped: dict[str, list[str]] = {}
    for rule, reason in cannot.items():
        grouped.setdefault(reason, []).append(f"`{rule}`")
    return "; ".join(f"{', '.join(names)}: {reason}" for reason, names in grouped.items()) + "."


def machine() -> str:
    """Return what the machine is like, without its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} on {platform.machine()}, Python {platform.python_version()}"


def versions() -> str:
    """Return the versions of pbcheck and of all peers that are installed."""
    found = [f"pbcheck {__version__}"]
    for name in PYTHON_PEERS:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    for name in NODE_PEERS:
        described = NODE / "node_modules" / name / "package.json"
        if described.exists():
            found.append(f"{name} {json.loads(described.read_text(encoding='utf-8'))['version']}")
    try:
        node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
        found.append(f"Node.js {node.removeprefix('v')}")
    except (OSError, subprocess.CalledProcessError):
        pass  # no Node.js: the peers that need it are named as not installed in their rows
    return ", ".join(found)


if __name__ == "__main__":
    main()
