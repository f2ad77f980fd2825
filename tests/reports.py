"""Reports made up for tests: nothing found, a few findings, some set aside, very many, and every text hostile. Each ledger adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pbcheck.model import EXCEPTIONS, Decision, Finding, Input, Location, Report, Rule, SetAside, Tally

CASES = 20_000
THEMES = ("setting-the-budget", "support-planning", "use-of-the-budget", "sign-off-and-review")
FORCES = ("statute", "guidance-must", "guidance-should", "good-practice")
SEVERITIES = ("error", "warning", "note")
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>\'><a href="javascript:alert(4)">x</a>',
    "</title></style></script><!-- ]]>",
    "\x1b[31mred\x1b[0m\x1b]8;;https://example.org\x07link\x1b]8;;\x07",
    "::error file=a.py,line=1::annotated",
    "##[error]annotated",
    '=HYPERLINK("https://example.org","x")',
    "+1-1@SUM(A1)",
    "{{ 7 * 7 }}{% raw %}{# gone #}${{ secrets.TOKEN }}",
    "\u202eabc\u2066def\u2069\u200f",
    "first\nsecond\r\nthird\ttab",
    "nul\x00 bel\x07 del\x7f nel\x85 ls\u2028",
    "lone \ud800 surrogate",
    "| a | b |\n|---|---|\n`code` **bold** [x](https://example.org)",
    "%0A::warning::x%25",
)
"""Texts that act where they are not made inert: HTML, terminal, workflow commands, formulas, templates, direction, lines, Markdown."""

OBLIGATIONS: Mapping[str, Mapping[str, Any]] = {
    "PPF-1-5": {"section": "1", "locator": "section 1, para 2", "obligation": "The budget is agreed in full."},
    "CWR-1-10": {"section": "1", "locator": "part 1, page 9", "obligation": "The final budget may differ from the estimate."},
}
LAW: tuple[Mapping[str, Any], ...] = (
    {
        "id": "LAW-01",
        "theme": "budgets",
        "obligations": ["PPF-1-5"],
        "relation": "requires",
        "effect_on_rule": "None.",
        "provisions": [
            {
                "instrument": "Care Act 2014",
                "provision": "s.26(1)",
                "says": "A budget states the cost.",
                "status": "seen",
                "address": "https://www.legislation.gov.uk/ukpga/2014/23/section/26",
            }
        ],
    },
)


def rule(name: str, number: int = 0, **more: Any) -> Rule:
    """Return a rule with texts in every field; its number chooses theme, severity and force."""
    given: dict[str, Any] = {
        "id": name,
        "title": f"What {name.replace('-', ' ')} is about is not recorded.",
        "theme": THEMES[number % 4],
        "subject": "case",
        "severity": SEVERITIES[number % 3],
        "force": FORCES[number % 4],
        "obligations": ("PPF-1-5",) if number % 2 == 0 else ("CWR-1-10",),
        "why": "Without it nobody can follow how the budget was made.",
        "plain": "You can ask the council how your budget was made.",
        "remedy": f"Record what {name.replace('-', ' ')} asks for.",
        "who": "The case worker." if number % 3 else "",
        "law": "Care Act 2014 s.26(1)." if number % 2 == 0 else "",
        "not_checked": "Whether what is recorded is true." if number % 4 else "",
        "file": f"rules/{THEMES[number % 4]}/{name}.yaml",
    }
    return Rule(**(given | more))


def finding(one: Rule, record: str, location: Location, message: str = "", **more: Any) -> Finding:
    """Return a finding of a rule at a place."""
    words = message or f"{one.title} It is due."
    return Finding(one.id, one.severity, words, one.subject, record, location, one.obligations, one.law, **more)


def figure(name: str, part: str, value: str, numerator: str = "", denominator: str = "", **more: Any) -> dict[str, Any]:
    """Return a line of the portfolio as plain texts; a share unless told otherwise."""
    given: dict[str, Any] = {
        "dimension": "all",
        "group": "all",
        "figure": "FIG-" + name.upper().replace("_", "-"),
        "name": name,
        "title": f"People by {name.replace('_', ' ')}",
        "part": part,
        "value": value,
        "exact": value.rstrip("%").replace("£", "").replace(",", "") if not value.startswith(("suppressed", "n/a")) else "",
        "unit": "percent",
        "numerator": numerator,
        "denominator": denominator,
        "left_out": [],
        "citation": ["CWR-1-13"],
        "suppressed": "",
        "as_of": "2026-09-30",
        "note": "",
    }
    return given | more


def portfolio_lines() -> tuple[dict[str, Any], ...]:
    """Return lines of every kind: shares, one kept back, one that does not apply, money and days."""
    out = ["no reason for the missing estimate is recorded: 3"]
    return (
        figure("movement_people", "above", "25.0%", "50", "200", left_out=out),
        figure("movement_people", "below", "62.5%", "125", "200", left_out=out),
        figure("movement_people", "the same", "12.5%", "25", "200", left_out=out),
        figure("form_mix", "direct payment", "suppressed (to protect another number)", "", "200", suppressed="protects"),
        figure("form_mix", "council account", "suppressed (fewer than 5)", "", "200", suppressed="small", note="The form is derived."),
        figure("form_mix", "mixed", "0.0%", "0", "200"),
        figure("conversions", "two signs or more", "n/a (fewer than 20 cases)", "0", "12"),
        figure("days_to_support", "median", "38", "", "200", unit="days"),
        figure("gross_total", "gross", "£1,234,567.89", "", "200", unit="pounds a year"),
        figure("net_total", "council", "£1,000,000.00", "", "200", unit="pounds a year"),
        figure("unspent", "overspent", "-£12.50", "", "8", unit="pounds"),
        figure("named_by_nobody", "only", "7", "", "", unit="count"),
    )


def tally(one: Rule, records: int, failed: int = 0, excused: int = 0, cannot: int = 0, apart: int = 0, **more: Any) -> Tally:
    """Return the outcomes of a rule: what is not said passed."""
    passed = records - failed - excused - cannot - apart
    return Tally(one.id, one.subject, passed, failed, excused, apart, cannot, **more)


def report(rules: Sequence[Rule], tallies: Sequence[Tally], findings: Sequence[Finding], records: Mapping[str, int], **more: Any) -> Report:
    """Return a report of what is given, in the order in which an audit gives it."""
    given: dict[str, Any] = {
        "findings": tuple(sorted(findings, key=lambda one: one.sort_key)),
        "outcomes": tuple(sorted(tallies, key=lambda one: one.rule)),
        "inputs": (
            Input("export/cases.jsonl", "a" * 64, 12_345, "case", records.get("case", 0)),
            Input("export/policy.yaml", "b" * 64, 678, "policy", records.get("policy", 0)),
        ),
        "rules": {one.id: one for one in rules},
        "records": dict(records),
        "authorities": ("Exampleshire Council",),
        "profile": "today",
        "as_of": "2026-09-30",
        "rulebook_hash": "c" * 64,
        "version": "0.0.1",
        "obligations": OBLIGATIONS,
        "law": LAW,
    }
    return Report(**(given | more))


def none() -> Report:
    """Return a report with nothing found and everything told."""
    rules = [rule("first-rule"), rule("second-rule", 1), rule("policy-rule", 2, subject="policy")]
    tallies = [tally(one, 1 if one.subject == "policy" else 12) for one in rules]
    return report(rules, tallies, (), {"case": 12, "policy": 1}, figures=portfolio_lines())


def small(policy: str = "export/policy.yaml") -> Report:
    """Return a report with a few findings: a policy, cases, a file that could not be read, and an outcome of each kind."""
    rules = [
        rule("estimate-not-told", 0),
        rule("plan-not-costed", 1),
        rule("money-taken-back", 2, subject="policy", severity="warning"),
        rule("review-not-held", 3, severity="error", force="guidance-must"),
        rule("never-fails", 5),
        rule("unreadable", 4, theme="reading-the-files", subject="export", force="data-quality", obligations=(), law="", built_in=True),
    ]
    first, second, third, fourth, fifth, broken = rules
    findings = [
        finding(first, "C-001", Location("export/cases.jsonl", 1, 20, "/budget", 28), team="North"),
        finding(first, "C-002", Location("export/cases.jsonl", 2, 20, "/budget", 28), team="South"),
        finding(
            second, "C-002", Location("export/cases.jsonl", 2, 55, "/plan/components/0"), "Component P1 has no cost.", arguments=("P1",)
        ),
        finding(
            second, "C-002", Location("export/cases.jsonl", 2, 75, "/plan/components/1"), "Component P2 has no cost.", arguments=("P2",)
        ),
        finding(third, "policy.yaml", Location(policy, 4, 11, "/surplus/recoup", 17), "Unspent money is taken back always."),
        finding(fourth, "C-003", Location("export/cases.jsonl", 3, 9, "/reviews")),
        finding(broken, "", Location("export/more.jsonl", 7, 1), "The line is no JSON: a comma is missing.", incomplete=True),
    ]
    tallies = [
        tally(first, 12, failed=2, excused=1, cannot=3, apart=2, excused_by={"LAW-01": 1}, missing={"case.budget.indicative": 3}),
        tally(second, 12, failed=1, cannot=4, missing={"case.budget.indicative": 2, "case.plan": 2}),
        tally(third, 1, failed=1),
        tally(fourth, 12, failed=1, apart=6),
        tally(fifth, 12, apart=12),
    ]
    inputs = (
        Input("export/cases.jsonl", "a" * 64, 12_345, "case", 12),
        Input("export/more.jsonl", "d" * 64, 99, "", 0, read=False),
        Input(policy, "b" * 64, 678, "policy", 1),
    )
    remarks = ("export/expected.yaml was left out: it does not say its `kind`.",)
    figures = portfolio_lines()
    return report(rules, tallies, findings, {"case": 12, "policy": 1}, inputs=inputs, remarks=remarks, figures=figures, figures_lack=1)


WAIVED = SetAside("waiver", "W-001", "The new ledger comes in spring.", "Jo Lee, Head of Finance", "2027-03-31")
"""A waiver that is in force."""


def aside(policy: str = "export/policy.yaml") -> Report:
    """Return the report with a few findings, three of them set aside: one of two of a rule, and all of two others."""
    made = small(policy)
    comment = SetAside("suppression", f"{policy}:3", "The panel decides in November.", "", "2026-12-31")
    by = {
        "plan-not-costed": WAIVED,
        "money-taken-back": comment,
        "review-not-held": SetAside("baseline", "baseline.json", "there since 2026-07-01"),
    }
    findings = tuple(
        one if one.rule not in by or one.arguments == ("P1",) else replace(one, set_aside=by[one.rule]) for one in made.findings
    )
    waiver = Decision(
        "waiver", "W-001", "plan-not-costed", "C-002", WAIVED.reason, WAIVED.approver, "Minute 12", "2026-06-01", WAIVED.until
    )
    decisions = (
        Decision("baseline", "baseline.json", "", "baseline.json", "7 findings that were there before", findings=1),
        Decision("per-file-ignore", "drafts/*.yaml", "", "drafts/*.yaml", "per_file_ignores at pbcheck.yaml:9"),
        Decision("suppression", comment.name, "money-taken-back", policy, comment.reason, until=comment.until, findings=1),
        replace(waiver, findings=1),
        replace(waiver, name="W-002", rule="never-fails", where="", until="2026-08-31", standing="it lapsed on 2026-08-31"),
    )
    rules = {name: replace(one, force="good-practice", tags=("tried",)) if name in by else one for name, one in made.rules.items()}
    return replace(made, findings=findings, rules=rules, decisions=decisions)


def many(findings: int = 50_000, rules: int = 60) -> Report:
    """Return a report over 20,000 cases with so many findings, spread unevenly over rules."""
    made = [rule(f"rule-{number:03}", number) for number in range(rules)]
    weights = [1 + (rules - number) ** 2 for number in range(rules)]
    shares = [findings * weight // sum(weights) for weight in weights]
    shares[-1] += findings - sum(shares)
    found, tallies = [], []
    for number, (one, share) in enumerate(zip(made, shares, strict=True)):
        for place in range(share):
            case = (place * 7 + number) % CASES
            message = f"{one.title} It was due by 2026-0{1 + case % 9}-01." if number % 2 else ""
            found.append(finding(one, f"C-{case:05}", Location("export/cases.jsonl", case + 1, 10 + number, f"/plan/{number}"), message))
        failed = len({one.record for one in found[len(found) - share :]})
        missing = {"case.plan.components": CASES // 10} if number % 5 == 0 else {}
        tallies.append(tally(one, CASES, failed=failed, cannot=sum(missing.values()), missing=missing))
    return report(made, tallies, found, {"case": CASES}, figures=portfolio_lines())


def hostile() -> Report:
    """Return a report in which every text that comes from documents, rules or registers is hostile."""
    texts = HOSTILE
    rules = []
    for number, text in enumerate(texts):
        words = dict.fromkeys(("title", "why", "plain", "remedy", "who", "law", "not_checked", "message", "file"), text)
        rules.append(rule(f"hostile-{number:02}", number, **words, subject=("case", "policy", "contract")[number % 3], tags=(text,)))
    findings, tallies, decisions = [], [], []
    for one, text in zip(rules, texts, strict=True):
        spot = Location(text, 1, 2, f"/{text}", 5)
        why = SetAside(EXCEPTIONS[len(tallies) % 4], text, text, text, text)
        findings += [finding(one, text, spot, text, arguments=(text,)), finding(one, text + "2", spot, text + "2", incomplete=True)]
        findings.append(finding(one, text + "3", spot, text + "3", set_aside=why))
        decisions.append(Decision(why.by, *(text,) * 8, standing=text if len(tallies) % 2 else "", findings=1))
        tallies.append(tally(one, 5, failed=3, excused=1, cannot=1, excused_by={text: 1}, missing={text: 1}))
    lines = tuple(
        figure(f"hostile_{n}", text, text, text, text, title=text, note=text, left_out=[text], citation=[text], as_of=text)
        for n, text in enumerate(texts)
    )
    lines += tuple(figure("form_mix", text, "10.0%", "1", "10", title=text) for text in texts)
    law = {"id": texts[0], "theme": texts[1], "obligations": ["PPF-1-5"], "relation": "requires", "effect_on_rule": texts[2]}
    law["provisions"] = [{"instrument": text, "provision": text, "says": text, "status": text, "address": text} for text in texts]
    law["provisions"].append({"instrument": "Act", "provision": "s.1", "says": "x", "status": "seen", "address": "javascript:alert(5)"})
    made = report(rules, tallies, findings, {"case": 5, "policy": 5, "contract": 5}, figures=lines, law=(law,))
    return replace(
        made,
        inputs=tuple(Input(text, "e" * 64, 1, text, 1, read=number % 2 == 0) for number, text in enumerate(texts)),
        authorities=texts,
        remarks=texts,
        as_of=texts[0],
        version=texts[1],
        rulebook_hash=texts[2],
        decisions=tuple(sorted(decisions)),
        obligations={"PPF-1-5": {"section": texts[0], "locator": texts[1], "obligation": texts[2]}},
    )
