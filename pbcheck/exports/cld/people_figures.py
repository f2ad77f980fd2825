"""The figures over all people of a return: costs, shares of direct payments and self-directed support, and the timing of reviews.

Sources: the national code for costs (see `costs`), for ASCOF 3D, and ASCOF 3D's definition. A person is counted once, in the highest
setting, on the last day of the period; carers over the whole period. Direct payment is what either the delivery mechanism or the
service component says. The further tests of a managed personal budget (the person knew the amount beforehand, agreed a plan with
outcomes, and can use the money as they choose) cannot be seen in a return.
"""

from __future__ import annotations

from pbcheck.exports.cld.account import Account, Spent
from pbcheck.exports.cld.costs import cost_of, quarter
from pbcheck.exports.cld.events import Event
from pbcheck.exports.cld.fields import (
    AROUND_CARER,
    COMMISSIONED,
    COMMUNITY,
    DIRECT_PAYMENT,
    LONG_TERM,
    MANAGED,
    NURSING,
    PRISON,
    RESIDENTIAL,
    TO_CARER,
)
from pbcheck.exports.cld.person import Period, Person, open_at_end
from pbcheck.figures.dates import days
from pbcheck.figures.reviews import months_later

GROUPS = {**dict.fromkeys(LONG_TERM, "long-term support"), TO_CARER: "carers' support", AROUND_CARER: "carers' support"}
_SETTINGS = {
    (NURSING, ""): "nursing",
    (RESIDENTIAL, ""): "residential",
    (COMMUNITY, DIRECT_PAYMENT): "community: direct payment",
    (COMMUNITY, MANAGED): "community: managed personal budget",
    (COMMUNITY, COMMISSIONED): "community: commissioned support",
    (COMMUNITY, ""): "community: not stated",
    (PRISON, MANAGED): "prison",
    (PRISON, COMMISSIONED): "prison",
    (PRISON, ""): "prison",
}
_RANK = {found: number for number, found in enumerate(_SETTINGS)}
_CARERS = {DIRECT_PAYMENT: 0, MANAGED: 1, COMMISSIONED: 2}
_ADULT = 18


def mechanism_of(event: Event) -> str:
    """Return the delivery mechanism that counts: direct payment where the component says so, else what is stated, else nothing."""
    if event.said["component"] == DIRECT_PAYMENT:
        return DIRECT_PAYMENT
    return event.said["mechanism"] or ""


def count_person(person: Person, period: Period, account: Account) -> None:
    """Add one person to the figures of a return."""
    _costs(person, period, account)
    if not period.end:
        return
    if person.role == "carer":
        _carer_share(person, period, account)
    else:
        _share(person, period, account)
        _review(person, period, account)


def _costs(person: Person, period: Period, account: Account) -> None:
    if not period.end:
        return
    first, last = quarter(period)
    for event in person.of("Service"):
        if period.several and (event.said["period_end"] or period.end) != period.end:
            account.without_cost["earlier return"] += 1
            continue
        found = cost_of(event, first, last)
        if isinstance(found, str):
            account.without_cost[found] += 1
            continue
        group = account.spent.setdefault(GROUPS.get(event.said["service_type"] or "", "short-term support"), Spent())
        weak = event.doubtful & {"unit_cost", "units", "end"} or event.said["frequency"] is None
        group.add(found.weekly, found.period, doubtful=bool(weak))


def age_at(birth: str | None, day: str) -> int | None:
    """Return a person's age in whole years, from the first day of the month of birth (the national method); None where it is not known."""
    return None if birth is None else days(birth[:8] + "01", day) * 4 // 1461


def _birth(person: Person) -> str | None:
    stated = [one.said["birth"] for one in person.events if one.said["birth"]]
    return min((one for one in stated if one), default=None)


def _share(person: Person, period: Period, account: Account) -> None:
    running = [one for one in person.of("Service") if open_at_end(one, period) and one.said["service_type"] in LONG_TERM]
    death = max((one.said["death"] or "" for one in person.events), default="")
    age = age_at(_birth(person), period.end)
    if not running or (death and death < period.end) or (age is not None and age < _ADULT):
        return
    found = _SETTINGS[min((_setting(one) for one in running), key=_RANK.__getitem__)]
    account.shares[found] += 1


def _setting(event: Event) -> tuple[str, str]:
    kind, mechanism = event.said["service_type"] or "", mechanism_of(event)
    return (kind, mechanism) if (kind, mechanism) in _SETTINGS else (kind, "")


def _carer_share(person: Person, period: Period, account: Account) -> None:
    death = max((one.said["death"] or "" for one in person.events), default="")
    age = age_at(max((one.said["birth"] or "" for one in person.events), default="") or None, period.end)
    if (death and death < period.start) or (age is not None and age < _ADULT):
        return
    direct = [one for one in person.of("Service") if one.said["service_type"] == TO_CARER]
    if not direct:
        account.shares["carers: no direct support"] += 1
        return
    best = min((mechanism_of(one) for one in direct), key=lambda one: _CARERS.get(one, len(_CARERS)))
    words = {DIRECT_PAYMENT: "direct payment", MANAGED: "managed personal budget", COMMISSIONED: "commissioned support"}
    account.shares[f"carers: {words.get(best, 'not stated')}"] += 1


def _review(person: Person, period: Period, account: Account) -> None:
    """Count a person whose long-term support ran on the last day and began a year before it or earlier: reviewed in the period, or not."""
    running = [one for one in person.of("Service") if open_at_end(one, period) and one.said["service_type"] in LONG_TERM]
    if not running or not period.start:
        return
    began = min(one.start for one in running)
    if months_later(began, 12) > period.end:
        account.reviews["support for less than a year"] += 1
        return
    if days(period.start, period.end) < 364:
        account.reviews["cannot tell: the period is shorter than a year"] += 1
        return
    held = [one for one in person.of("Review") if one.said["review_reason"] != "Review of short term support"]
    account.reviews["support for a year, reviewed in the period" if held else "support for a year, no review in the period"] += 1
    if held:
        planned = any(one.said["review_reason"] == "Planned" for one in held)
        account.reviews["of these, a planned review" if planned else "of these, unplanned reviews only, or no reason stated"] += 1
