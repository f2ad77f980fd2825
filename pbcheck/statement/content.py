"""A statement of one case, put together from its sections: what a reader is told, before it is written as HTML or text."""

from __future__ import annotations

from typing import Any

from pbcheck.figures.figure import EMPTY
from pbcheck.gather import record_name
from pbcheck.opened import Opened
from pbcheck.render.words import inert
from pbcheck.schema.store import load
from pbcheck.source.document import Document
from pbcheck.statement.amounts import A_PERIOD, day, pounds
from pbcheck.statement.budget import weeks_note, your_budget, your_support
from pbcheck.statement.known import Known
from pbcheck.statement.model import Key, Point, Section, Statement
from pbcheck.statement.movements import DIRECT, drawn_in, left_of, whats_left, your_period
from pbcheck.statement.next_steps import next_steps
from pbcheck.statement.period import HOW_OFTEN, Period, last_statement, period_of
from pbcheck.statement.sources import source
from pbcheck.statement.words import FORMATS, listed, title_of

NOT_KNOWN = "Not known"


def statement(opened: Opened, case: Document, asked: Period | None = None, *, names: bool = False) -> Statement:
    """Return the statement of a case of an export.

    Without a period asked for, the council's last one that has ended counts. `names` shows the names of plan items, which
    may identify the person; no other personal value is ever shown.
    """
    policy = opened.policy_for(case)
    terms = policy.data if policy else {}
    known = Known(
        case.data,
        terms,
        opened.contracts.known,
        opened.sheet(case),
        opened.clock(case),
        names,
        tuple(case.blocked),
        tuple(policy.blocked) if policy else (),
    )
    period = asked or period_of(case.data, terms, known.as_of)
    sections = (
        your_budget(known),
        your_support(known),
        your_period(known, period),
        whats_left(known, period),
        next_steps(known),
    )
    keys = _keys(known, period)
    council = str(terms.get("authority") or next((one.data["authority"] for one in opened.manifests if "authority" in one.data), ""))
    return Statement(
        reference=record_name(case),
        council=inert(council),
        period=period.words if period else "the days are not known",
        recorded=day(known.as_of) if known.as_of else "a date that is not known",
        warning=_warning(known),
        keys=keys,
        sections=(*sections, _not_shown(known), _about(known)),
        lacking=bool(known.gaps),
    )


def _keys(known: Known, period: Period | None) -> tuple[Key, ...]:
    """Return the amounts to show first: the budget, what was drawn or paid, and what is left."""
    view, left = left_of(known)
    last = last_statement(known.case, known.as_of)
    return _budget_key(known), _drawn_key(known, period), _left_key(view, left, day(last["to"]) if last else "")


def _budget_key(known: Known) -> Key:
    final = known.case.get("final", EMPTY)
    gross = known.figure("gross_final")
    if final.get("term") in ("short_term", "one_off_grant"):
        words = "for the whole time of your budget"
    else:
        words = "once" if final.get("period") == "one_off" else A_PERIOD["year"]
    return Key(
        "Your whole budget", NOT_KNOWN if gross is None else pounds(gross), words if gross is not None else "The record does not show it."
    )


def _drawn_key(known: Known, period: Period | None) -> Key:
    total = drawn_in(known, period) if period else None
    if total is not None:
        return Key("Drawn in this period", pounds(total), period.words if period else "")
    paid = known.figure("paid_to_date") if known.forms == {DIRECT} and len(known.parts) == 1 else None
    sums = [amount for name, amount in (paid or {}).items() if name.endswith(": paid")]
    if len(sums) == 1 and "starts_on" in known.parts[0]:
        return Key("Paid so far", pounds(sums[0]), f"since {day(known.parts[0]['starts_on'])}")
    return Key("Drawn in this period", NOT_KNOWN, "The record does not show it.")


def _left_key(view: str, left: Any, until: str) -> Key:
    if left is None:
        return Key("Left", NOT_KNOWN, "The record does not show it.")
    if left < 0:
        return Key("Overdrawn", pounds(-left), f"counted up to {until}")
    if view == "year view":
        return Key("Left of this year’s budget", pounds(left), f"counted up to {until}")
    return Key("Left in your account", pounds(left), f"of the money paid in, counted up to {until}")


def _warning(known: Known) -> str:
    """Return a sentence on what of the record or the policy could not be read; empty where all was."""
    titles = sorted({title_of(f"case.{path[0]}") for path in known.blocked if path and path[0] in load("case")["properties"]})
    found = []
    if known.blocked:
        what = f" Not read in full: {listed(titles)}." if titles else ""
        found.append(f"Part of your record could not be read. Amounts that need it are not shown.{what}")
    if known.policy_blocked:
        found.append("Part of your council’s policy could not be read.")
    return " ".join(found)


def _not_shown(known: Known) -> Section:
    title = "What we could not show"
    if not known.gaps:
        words = "We could show all that this statement is meant to show."
        return Section("gaps", title, (words,), easy=(words,))
    points = tuple(f"We could not show {what}, because {why}." for what, why in known.gaps.items())
    lead = "What we do not know, we have not counted as nothing."
    return Section("gaps", title, (lead,), points=(Point("", (), points),), easy=(lead,))


def _about(known: Known) -> Section:
    """Return how the statement was made, how to have it in another way, and what to do if it looks wrong."""
    frequency = known.policy.get("statements", EMPTY).get("frequency")
    formats = [FORMATS[one] for one in FORMATS if one in known.policy.get("information", EMPTY).get("formats", ())]
    needs = known.case.get("person", EMPTY).get("communication_format")
    sentences = ["This statement was made from the council’s own record.", "It shows only what is on record."]
    if not known.policy:
        sentences.append("We did not have your council’s policy, so we could not look up its rules.")
    if frequency in HOW_OFTEN:
        sentences.append(f"Your council’s policy is to send a statement {HOW_OFTEN[frequency]}.")
    elif frequency == "on_request":
        sentences.append("Your council sends a statement when you ask for one.")
    if known.case.get("final", EMPTY).get("period") is not None:
        sentences.append(weeks_note(known))
    if needs and needs != "plain_english":
        sentences.append(f"It is on record that you need information in this way: {FORMATS[needs]}. You can ask the council for that.")
    lead = (" ".join(sentences), "If something looks wrong, tell the council. Give your reference.")
    other = Point(
        "Other ways to have information", ("You can ask your council for:",), tuple(formats), source=source(known.policy, ("information",))
    )
    return Section("about", "About this statement", lead, points=(other,) if formats else (), easy=lead)
