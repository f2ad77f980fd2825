"""Write docs/rules/ from the rules, with the tool's real output on each rule's first failing example.

python -m tools.build_docs            write the pages
python -m tools.build_docs --check    exit 1 when one differs from what the rules say
"""

from __future__ import annotations

import copy
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from pbcheck import audit
from pbcheck.model import Finding, Rule
from pbcheck.render.rule_page import KINDS, prose
from pbcheck.render.text_report import group_text, read_lines
from pbcheck.render.words import FORCES, by_rule, law_lines
from pbcheck.rulebook.book import Rulebook, load_rulebook
from pbcheck.ruletest import baseline, patched, sources

ROOT = Path(__file__).resolve().parent.parent
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
PAGES = ROOT / "docs" / "rules"
MADE = "<!-- Made from the rule by python -m tools.build_docs; do not edit. -->\n"


def page(rule: Rule, examples: dict[str, Any], rulebook: Rulebook) -> str:
    """Return the page of a rule as Markdown."""
    parts = [
        f"{MADE}\n# {rule.id}\n\n{rule.title}\n",
        f"**{rule.severity}** · about: {rule.subject} · {FORCES[rule.force]} · theme: [{rule.theme}](../README.md#{rule.theme})\n",
    ]
    parts += [f"## {heading}\n\n{' '.join(words.split())}\n" for heading, words in prose(rule)]
    if rule.obligations:
        rows = [f"- **{one}**, section {_said(rulebook, one, 'section')}: {_said(rulebook, one, 'obligation')}" for one in rule.obligations]
        parts.append("## Where it comes from\n\n" + "\n".join(rows) + "\n")
    position = law_lines(rule, rulebook.law)
    if position:
        parts.append("## What the register of law says\n\n" + "\n".join(f"- {one}" for one in position) + "\n")
    if rule.expect:
        parts.append(_conditions(rule))
        parts.append(_examples(examples))
        first = examples["fail"][0]
        parts.append(f"## What pbcheck prints\n\nOn the example *{first['about']}*:\n\n```text\n{output(rule, first)}```\n")
    return "\n".join(parts)


def _said(rulebook: Rulebook, name: str, key: str) -> str:
    return str(rulebook.obligations.get(name, {}).get(key, ""))


def _conditions(rule: Rule) -> str:
    lines = []
    if rule.for_each:
        lines.append(f"for each {rule.as_} of {rule.for_each}")
    lines += [f"{name}: {' '.join(text.split())}" for name, text in (("when", rule.when), ("expect", rule.expect)) if text]
    lines += [f"unless: {' '.join(one.when.split())}   (because {one.because})" for one in rule.unless]
    return "## Conditions\n\n```text\n" + "\n".join(lines) + "\n```\n"


def _examples(examples: dict[str, Any]) -> str:
    rows = [f"- {words}: {one['about']}" for kind, words in KINDS.items() for one in examples.get(kind, ())]
    return "## Examples\n\n" + "\n".join(rows) + "\n"


def output(rule: Rule, example: dict[str, Any]) -> str:
    """Return what pbcheck prints of a rule on one example, from files in a folder of their own."""
    documents = patched(baseline(), example.get("set", {}))
    if rule.subject != "portfolio":
        documents.pop("portfolio")
    documents["export"].pop("files", None)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in documents.items():
            text = yaml.dump(_plain(data), Dumper=DUMPER, sort_keys=False, allow_unicode=True, width=1000)
            (Path(folder) / f"{name}.yaml").write_text(text, encoding="utf-8")
        report = audit(folder, profile=example.get("profile", "today"))
        found = [_named(one, Path(folder)) for one in by_rule(report.findings).get(rule.id, [])]
        if not found:
            return "(this example is about totals over many cases; see the conditions)\n"
        return group_text(rule, found, lambda name: read_lines(str(Path(folder) / name)))


def _named(one: Finding, folder: Path) -> Finding:
    return replace(one, location=replace(one.location, file=one.location.file.removeprefix(folder.as_posix() + "/")))


def _plain(data: Any) -> Any:
    made = copy.deepcopy(data)
    if isinstance(made, dict):
        return {key: _plain(one) for key, one in made.items() if key != "derived"}
    if isinstance(made, list):
        return [_plain(one) for one in made]
    return made if isinstance(made, (str, int, bool, type(None))) else str(made)


def index(rulebook: Rulebook) -> str:
    """Return the index of all rules by theme."""
    parts = [f"{MADE}\n# Rules\n\n{len(rulebook.rules)} rules by theme. `pbcheck explain RULE` prints the same pages.\n"]
    themes = sorted({one.theme for one in rulebook.rules.values()})
    for theme in themes:
        rows = ["| rule | severity | about | what it finds |", "|---|---|---|---|"]
        for one in rulebook.rules.values():
            if one.theme == theme:
                rows.append(f"| [{one.id}](rules/{theme}/{one.id}.md) | {one.severity} | {one.subject} | {one.title} |")
        parts.append(f"## {theme}\n\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def outputs() -> dict[Path, str]:
    """Return every page with its text."""
    rulebook = load_rulebook(profile="today")
    examples = {one.data["id"]: one.data.get("examples", {}) for one in sources()}
    made = {PAGES / one.theme / f"{one.id}.md": page(one, examples[one.id], rulebook) for one in rulebook.rules.values()}
    made[ROOT / "docs" / "README.md"] = index(rulebook)
    return made


def main() -> int:
    """Write the pages, or with --check compare them; return the exit code."""
    made = outputs()
    kept = set(PAGES.rglob("*.md"))
    stale = [path for path, text in made.items() if not path.exists() or path.read_text("utf-8") != text]
    gone = sorted(kept - made.keys())
    if "--check" in sys.argv:
        for path in [*stale, *gone]:
            print(f"{path.relative_to(ROOT)} is not what the rules say: run python -m tools.build_docs")
        return 1 if stale or gone else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path], encoding="utf-8")
    for path in gone:
        path.unlink()
    print(f"{len(stale)} of {len(made)} pages rewritten, {len(gone)} taken away")
    return 0


if __name__ == "__main__":
    sys.exit(main())
