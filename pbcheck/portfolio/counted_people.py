"""Whom a case counts as: covered by a budget or not, on which form, with which holder, for which term, in today's indicator."""

from __future__ import annotations

from pbcheck.figures.budget.base import Base, Not
from pbcheck.figures.figure import EMPTY, Addition, Data, Unknown
from pbcheck.figures.form_mix import PEOPLE_ON
from pbcheck.figures.holder_mix import HELD_BY

NO_BUDGET, ENDED = "no confirmed budget", "the budget has ended"
FULL_COST = "pays the full cost"


def count_people(delta: Addition, sheet: Base) -> None:
    """Add whom a case counts as; `current` is said of a case with a confirmed budget that has not ended."""
    _coverage(delta, sheet.case)
    ended = _why_not_current(sheet)
    if ended:
        delta[f"current.out:{ended}"] = 1
    else:
        delta["current"] = 1
        _form(delta)
        _holders(delta)
        _managed(delta, sheet)
        _term(delta, sheet.case)
    _today(delta, sheet)


def _coverage(delta: Addition, case: Data) -> None:
    """Count a case towards coverage (FIG-COVERAGE), or say why it is left out; the first reason counts."""
    person = case.get("person", EMPTY)
    confirmed = "budget" if "confirmed_on" in case.get("final", EMPTY) else "process"
    if delta["setting_eligible"]:
        delta[f"coverage.{confirmed}"] = 1
    elif person.get("eligible") is None:
        delta["coverage.out:eligibility is not recorded"] = 1
    elif not person["eligible"]:
        delta["coverage.out:not eligible"] = 1
    elif person.get("need_duration") == "ongoing":
        delta[f"coverage.out:{FULL_COST}"] = 1
        delta[f"full_cost.{confirmed}"] = 1
    else:
        reasons = {"short_term": "short-term need", "one_off": "one-off need"}
        reason = reasons.get(person.get("need_duration", ""), "duration of need is not recorded")
        delta[f"coverage.out:{reason}"] = 1


def _why_not_current(sheet: Base) -> str:
    """Return why a case has no current budget; nothing where it has one. The arrangements say what has ended, else the budget itself."""
    final, today = sheet.case.get("final", EMPTY), sheet.facts.as_of
    if "confirmed_on" not in final:
        return NO_BUDGET
    if today is None:
        return ""
    ends = [one.get("ends_on", today) for one in sheet.case.get("arrangements", ())] or [final.get("ends_on", today)]
    return "" if max(ends) >= today else ENDED


def _form(delta: Addition) -> None:
    """Count the form of a current budget (FIG-FORM-MIX); it is not known where that of an arrangement is not."""
    found = next((form for form, key in PEOPLE_ON.items() if key in delta), "not_known")
    delta[f"form.{found}"] = 1


def _holders(delta: Addition) -> None:
    """Count each kind of holder of a current budget once (FIG-HOLDER-MIX), and whether there are several."""
    kinds = [kind for kind, key in HELD_BY.items() if key in delta]
    for kind in kinds or ["none"]:
        delta[f"holder.{kind}"] = 1
    delta["holders.several" if len(kinds) > 1 else "holders.one"] = 1


def _managed(delta: Addition, sheet: Base) -> None:
    """Count a person as managed, with a direct payment, or with both; and the sums, where all of them are known (FIG-MANAGED-SHARE)."""
    try:
        share = sheet.value("managed_share")
    except Unknown as lack:
        delta[f"managed.out:{lack.args[0]} is not recorded"] = 1
        return
    if isinstance(share, Not):
        delta[f"managed.out:{share.reason}"] = 1
        return
    delta[f"managed.{share['person'].replace(' ', '_')}"] = 1
    if "by money" not in share:
        delta["managed_money.out:the sum of an arrangement is not recorded, or is nil"] = 1
        return
    managed, all_of_it = share["by money"].part, share["by money"].whole
    delta["managed_money.in"] = 1
    delta["managed_money.managed"] = managed
    delta["managed_money.direct"] = all_of_it - managed
    delta["managed_money.managed.people"] = managed > 0
    delta["managed_money.direct.people"] = all_of_it > managed


def _term(delta: Addition, case: Data) -> None:
    """Count the term of a current budget (FIG-TERM-MIX); one that states none counts as annual, by assumption (CWR-1-19)."""
    term = case["final"].get("term")
    delta[f"term.{term}" if term else "term.assumed"] = 1


def _today(delta: Addition, sheet: Base) -> None:
    """Count a case towards today's indicator of self-directed support, or say why it is left out; the first reason counts.

    The base are adults with long-term support in the community that runs on the date; a managed budget counts where it was
    confirmed, else the support is commissioned only.
    """
    reason = _why_not_today(sheet)
    if reason:
        delta[f"today.out:{reason}"] = 1
        return
    today = sheet.facts.as_of
    managed = {one["derived"].get("managed") for one in _running(sheet.case, today)}
    if None in managed:
        delta["today.out:the form is not known"] = 1
    elif managed == {False}:
        delta["today.direct"] = 1
    elif managed == {True, False}:
        delta["today.part"] = 1
    else:
        delta["today.managed" if "confirmed_on" in sheet.case.get("final", EMPTY) else "today.commissioned"] = 1


def _running(case: Data, today: str | None) -> list[Data]:
    parts: list[Data] = case.get("arrangements", [])
    return [one for one in parts if today is None or one.get("starts_on", today) <= today <= one.get("ends_on", today)]


def _why_not_today(sheet: Base) -> str:
    person, today = sheet.case.get("person", EMPTY), sheet.facts.as_of
    if today is None:
        return "no date to judge by"
    duration = person.get("need_duration")
    if duration is None:
        return "duration of need is not recorded"
    if duration != "ongoing":
        return "short-term or one-off need"
    if person.get("setting") == "residential":
        return "lives in a care home"
    if sheet.case.get("support_started_on", "9999") > today:
        return "support has not started"
    return "" if _running(sheet.case, today) else "no arrangement runs on the date"
