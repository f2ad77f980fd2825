"""The columns of the tables for analysts: name, type and meaning; names are a contract, to which columns are added and none renamed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

TYPES: Mapping[str, str] = {
    "text": "string",
    "texts": "list<string>",
    "count": "int64",
    "yes or no": "bool",
    "date": "date32",
    "number": "decimal128(38, 3)",
}
"""What a type is called in Arrow."""


class Column(NamedTuple):
    """A column: its name, one of TYPES, and what stands in it."""

    name: str
    type: str
    about: str


_RULE = Column("rule", "text", "The id of the rule; `rules` has its words.")
_SUBJECT = Column("subject", "text", "What the rule is about: policy, case, contract, portfolio, export, or file.")

_AUDIT = (
    Column("version", "text", "The version of pbcheck."),
    Column("rulebook", "text", "The hash of the rules that were asked."),
    Column("profile", "text", "Which notes were judged by: ppf, cwr, notes or today."),
    Column("as_of", "text", "The date judged by; several with commas, where exports of several dates were audited together."),
    Column("authorities", "texts", "The councils."),
    Column("complete", "yes or no", "Whether everything was read and judged."),
    Column("cases", "count", "Cases judged."),
    Column("policies", "count", "Policies judged."),
    Column("contracts", "count", "Contracts judged."),
    Column("errors", "count", "Findings of this severity that count."),
    Column("warnings", "count", "Findings of this severity that count."),
    Column("notes", "count", "Findings of this severity that count."),
    Column("set_aside", "count", "Findings that a decision sets aside."),
    Column("figures_lack", "count", "Documents and files that the figures over all cases lack, wholly or in part."),
    Column("remarks", "texts", "What else the reader of the result must know."),
)
_RULES = (
    Column("rule", "text", "The id of the rule."),
    Column("title", "text", "What the rule asks, in one sentence."),
    Column("theme", "text", "The theme it belongs to."),
    _SUBJECT,
    Column("severity", "text", "error, warning or note."),
    Column("force", "text", "What it rests on: statute, guidance-must, guidance-should, good-practice, or data-quality."),
    Column("obligations", "texts", "The passages of the notes it serves."),
    Column("law", "text", "What today's law says about it."),
    Column("why", "text", "Why it is asked, for an analyst."),
    Column("plain", "text", "The same for the person whose budget it is."),
    Column("remedy", "text", "What to do about a breach."),
    Column("who", "text", "Who can do it."),
    Column("not_checked", "text", "What the rule leaves unchecked."),
    Column("tags", "texts", "Its tags."),
    Column("locked", "yes or no", "Whether it may not be switched off: statute, and the musts of guidance."),
    Column("built_in", "yes or no", "Whether it is a check of the reader or of the schemas, without a condition."),
)
_FINDINGS = (
    _RULE,
    Column("severity", "text", "error, warning or note."),
    Column("message", "text", "What was found."),
    _SUBJECT,
    Column("record", "text", "The reference of the record."),
    Column("team", "text", "The team that holds the case, where that is stated."),
    Column("file", "text", "The file it stands in."),
    Column("line", "count", "The line, from 1; in a table the row."),
    Column("column", "count", "The column, from 1."),
    Column("end_column", "count", "The column after the last character, where it is on the same line."),
    Column("pointer", "text", "The place in the record, as a JSON pointer."),
    Column("obligations", "texts", "The passages of the notes."),
    Column("law", "text", "What today's law says about it."),
    Column("incomplete", "yes or no", "Whether the audit is incomplete by it: something could not be read or judged."),
    Column("fingerprint", "text", "A name that edits elsewhere leave alone; two findings may share it."),
    Column("arguments", "texts", "The values that the message was made with."),
    Column("value", "text", "What stands at the place; only where values were asked for."),
    Column("counts", "yes or no", "Whether no decision sets it aside."),
    Column("set_aside_by", "text", "waiver, suppression, baseline or per-file-ignore."),
    Column("set_aside_name", "text", "Which one: the id of a waiver, the place of a comment, or a file."),
    Column("set_aside_reason", "text", "Why."),
    Column("set_aside_approver", "text", "Who decided."),
    Column("set_aside_until", "date", "The last day of it."),
)
_OUTCOMES = (
    _RULE,
    _SUBJECT,
    Column("records", "count", "Records the rule met: the sum of the next five."),
    Column("passed", "count", "Records that passed."),
    Column("failed", "count", "Records that failed; one record may have several findings."),
    Column("excused", "count", "Records that an exception answers."),
    Column("not_applicable", "count", "Records the rule does not apply to."),
    Column("cannot_tell", "count", "Records that do not say."),
    Column("set_aside", "count", "Findings of the rule that a decision sets aside."),
)
_REASONS = (
    _RULE,
    _SUBJECT,
    Column("outcome", "text", "excused, or cannot tell."),
    Column("reason", "text", "What excuses it (an obligation or an entry of the law), or the field that is missing."),
    Column("records", "count", "Records for this reason."),
)
_INPUTS = (
    Column("file", "text", "The file, as it was named."),
    Column("sha256", "text", "Its hash; none where it could not be read, or was read by Spark from another place."),
    Column("bytes", "count", "Its size."),
    Column("kind", "text", "The kind of document it holds, where that was stated."),
    Column("records", "count", "Documents read from it."),
    Column("read", "yes or no", "Whether all of it could be read."),
)
_DECISIONS = (
    Column("kind", "text", "waiver, suppression, baseline or per-file-ignore."),
    Column("name", "text", "The id of a waiver, the place of a comment, or a file."),
    Column("rule", "text", "The rule it is about; none where it is about several."),
    Column("where", "text", "The records or files it is about; none where it is about all."),
    Column("reason", "text", "Why."),
    Column("approver", "text", "Who decided."),
    Column("reference", "text", "Where the decision is recorded."),
    Column("approved_on", "date", "When it was decided."),
    Column("until", "date", "The last day of it."),
    Column("in_force", "yes or no", "Whether it counted in this audit."),
    Column("standing", "text", "Why it is not in force."),
    Column("findings", "count", "Findings it set aside."),
)
_FIGURES = (
    Column("dimension", "text", "What groups are made by; `all` for everyone."),
    Column("group", "text", "The group; `all` for everyone."),
    Column("figure", "text", "The figure, as rules and reports call it."),
    Column("id", "text", "Its id in the register."),
    Column("title", "text", "What it is, in words."),
    Column("part", "text", "Which part of it."),
    Column("unit", "text", "percent, pounds, pounds a year, days, minutes, count and others."),
    Column("value", "text", "As a report shows it; where it is kept back or does not apply, the words that say so."),
    Column("exact", "text", "The same unrounded, as a whole number or a fraction; none where it is kept back or does not apply."),
    Column("number", "number", "The same as a number, rounded to three decimals."),
    Column("pence", "count", "The same in pence, rounded to the penny; of money only."),
    Column("numerator", "number", "Of a share: people, or pounds."),
    Column("denominator", "number", "Of a share: people, or pounds; of a sum or a median the cases it is about."),
    Column("suppressed", "text", "`small` or `protects` where a number of people is kept back."),
    Column("left_out", "texts", "Who is left out and why, with how many."),
    Column("citation", "texts", "Where the figure comes from."),
    Column("as_of", "date", "The date judged by; the first where cases have several."),
    Column("as_of_last", "date", "The last date judged by."),
    Column("note", "text", "What else to know of it."),
)
_CASE_FIGURES = (
    Column("record", "text", "The reference of the case."),
    Column("figure", "text", "The figure, as rules and reports call it."),
    Column("id", "text", "Its id in the register."),
    Column("title", "text", "What it is, in words."),
    Column("part", "text", "Which part of it, where it has several."),
    Column("unit", "text", "pounds, pounds a year, percent, days, months, hours a week, count, yes or no and others."),
    Column("status", "text", "known, at least, unknown or not applicable."),
    Column("value", "text", "Rounded, in the unit, without a sign of it; or a word, such as yes."),
    Column("exact", "text", "The same unrounded, as a whole number or a fraction; none where it is no number."),
    Column("number", "number", "The same as a number, rounded to three decimals."),
    Column("pence", "count", "The same in pence, rounded to the penny; of money only."),
    Column("up_to", "number", "The value with the longest year, where the policy states no number of weeks."),
    Column("lacking", "texts", "The fields without which it is unknown."),
    Column("reason", "text", "Why it does not apply."),
    Column("remarks", "texts", "What else to know of it."),
    Column("method", "text", "How costs were brought to a year: notes or national."),
    Column("weeks", "text", "How many weeks a year has."),
    Column("formula", "text", "How it is worked out, in words."),
    Column("sources", "texts", "Where it comes from."),
)
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "audit": _AUDIT,
    "rules": _RULES,
    "findings": _FINDINGS,
    "outcomes": _OUTCOMES,
    "reasons": _REASONS,
    "inputs": _INPUTS,
    "decisions": _DECISIONS,
    "figures": _FIGURES,
    "case_figures": _CASE_FIGURES,
}
