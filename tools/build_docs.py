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
from pbcheck.figures.budget.sheet import CASE, CONTRACT
from pbcheck.figures.from_register import OFFERED
from pbcheck.model import Finding, Rule
from pbcheck.portfolio.shares import FIGURES
from pbcheck.portfolio.table import SOURCES
from pbcheck.render.overview import overview
from pbcheck.render.rule_page import KINDS, prose
from pbcheck.render.text_report import PLACES, group_text, read_lines
from pbcheck.render.words import FORCES, law_lines
from pbcheck.rulebook.book import Rulebook, load_rulebook
from pbcheck.ruletest import baseline, patched, sources

ROOT = Path(__file__).resolve().parent.parent
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
PAGES = ROOT / "docs" / "rules"
FIGURES_INTRO = """`pbcheck figures EXPORT --case ID --trace` prints the figures of a case with the sum in digits, the formula and every
input with file, line and pointer; `pbcheck figures EXPORT` those over all cases, with `--by team` (or `holder_kind`, `form`, `complexity`)
by group. `-f csv`, `-f json` and `-f parquet -o FILE` hold the same for other programs; Parquet needs `pip install "pbcheck[parquet]"`.

- Money is exact: whole parts of a penny or fractions inside, rounded once where it is shown, half away from zero. Shares have one decimal.
- What cannot be worked out is *unknown*, with the inputs that are missing; it is never nil. What does not apply says why.
- A week counts as the policy says (`money.weeks_per_year`: 52, 365/7 or 366/7). Where it does not say, 52 is used and the value with 366/7
  is shown beside it.
- A part of a period counts its days, both ends; a one-off counts once; a budget year is twelve months from the start of the budget, unless
  a recorded year end says otherwise.
- Numbers of people below five (`--fewest`) are kept back, and so is whatever would give them away.
- `--cost-method national` brings the cost of the plan to a week and a year as the national statistics do: a frequency is trusted over
  planned units, a month is 12/52 of a week, weeks are days over seven. The figure says which way was used; what is held against the budget
  is always by the notes' way.
- `--policy OTHER.yaml` shows what another policy would change, in pounds a week and a year: the sections it states replace those of the
  export's policy.
"""
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
        found = overview(replace(report, findings=[_named(one, Path(folder)) for one in report.of_rule(rule.id)]), PLACES + 1).rules.get(
            rule.id
        )
        if found is None:
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


def figures_page() -> str:
    """Return the page of the budget figures: of cases, of contracts, and over all cases."""
    offered: dict[str, list[str]] = {}
    for name, figure, part in OFFERED:
        offered.setdefault(figure, []).append(f"`figure.{name}`" + (f" ({part})" if part else ""))
    parts = [f"{MADE}\n# Budget figures\n\n{FIGURES_INTRO}"]
    for heading, table in (("Of a case", CASE), ("Of a contract", CONTRACT)):
        rows = ["| figure | id | what | unit | worked out as | serves | in rules |", "|---|---|---|---|---|---|---|"]
        for one in table.values():
            rules = ", ".join(offered.get(one.name, ()))
            rows.append(f"| `{one.name}` | {one.id} | {one.title} | {one.unit} | {one.formula} | {', '.join(one.sources)} | {rules} |")
        parts.append(f"## {heading}\n\n" + "\n".join(rows) + "\n")
    rows = ["| figure | id | what | unit | parts | serves |", "|---|---|---|---|---|---|"]
    for made in FIGURES:
        named = "; ".join(name for name, _ in made.parts)
        rows.append(f"| `{made.name}` | {made.id} | {made.title} | {made.unit} | {named} | {', '.join(SOURCES[made.id])} |")
    parts.append("## Over all cases\n\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def outputs() -> dict[Path, str]:
    """Return every page with its text."""
    rulebook = load_rulebook(profile="today")
    examples = {one.data["id"]: one.data.get("examples", {}) for one in sources()}
    made = {PAGES / one.theme / f"{one.id}.md": page(one, examples[one.id], rulebook) for one in rulebook.rules.values()}
    made[ROOT / "docs" / "README.md"] = index(rulebook)
    made[ROOT / "docs" / "figures.md"] = figures_page()
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
