"""What the person may do next, from this council's own policy; where it is silent, what the law and the notes give, and no more."""

from __future__ import annotations

from pbcheck.figures.figure import EMPTY, Data
from pbcheck.figures.forms import MANAGED_FORMS
from pbcheck.render.words import inert
from pbcheck.statement.amounts import day, recorded
from pbcheck.statement.known import Known
from pbcheck.statement.model import Point, Section
from pbcheck.statement.sources import source, stated
from pbcheck.statement.words import HELD, REACH, SERVICES, WHO_PAYS

DIRECT = "direct_payment"
SPENDING = ("spending.test", "spending.plan_items_only", "spending.change_needs_agreement", "spending.prior_approval_over")
OFFERS = "Your council offers these ways to hold the money:"
ONLY_THE_PLAN = ("plan_items", "agreed_services")
ROUTES = {
    "direct": "Agree the change with your provider. You do not need the council for this.",
    "direct_unless_risk": "Agree the change with your provider. The council only takes part if you agreed a risk with it before.",
    "council_approval": "The council has to agree the change first. The notes on good practice would leave it to you and your provider.",
}
KEPT = {
    "never": "The council does not take back money that is left.",
    "after_discussion": "The council talks to you before it takes back money that is left.",
    "above_threshold": "The council may take back what is left above a limit. Ask what the limit is.",
    "always": "The council takes back money that is left.",
}
YEAR_END = {
    "carry_forward": "Money left at the end of the year goes into your next year.",
    "clawback": "The council takes back money left at the end of the year.",
    "discretion": "The council decides what happens to money left at the end of the year.",
}


def next_steps(known: Known) -> Section:
    """Return what the person may do: change support, move, get help, challenge the amount, ask for a review, keep what is left."""
    direct, managed = DIRECT in known.forms, any(one in MANAGED_FORMS for one in known.forms)
    points = (
        _change(known, direct=direct, managed=managed),
        _move(known, direct=direct, managed=managed or not direct),
        _help(known),
        _amount(known),
        _review(known),
        _left_over(known),
    )
    return Section("next", "What you can do next", points=points)


def _change(known: Known, *, direct: bool, managed: bool) -> Point:
    names: list[str] = []
    found = [_spending(known, names)] if direct else []
    for words in dict.fromkeys(_route(known, one, names) for one in known.parts if one.get("derived", EMPTY).get("managed")):
        found.append(f"For the part that is managed for you: {words[0].lower()}{words[1:]}" if direct and managed else words)
    if not found:
        found = [f"{known.silent('changes', 'spending')} how you can change your support."]
    if stated(known.policy, "changes.rules_published"):
        found.append("The council publishes the rules for changes. Ask for a copy.")
    else:
        found.append("The notes on good practice say that you must know the rules for changes. Ask the council for them.")
        names.append("know_rules")
    settings = ("changes.rules_published", "changes.provider_held_route", *(SPENDING if direct else ()))
    return Point("Change your support", tuple(found), source=source(known.policy, settings, *dict.fromkeys(names)))


def _spending(known: Known, names: list[str]) -> str:
    """Return what a direct payment may buy and whether the council is asked first; the person's own controls count before the policy."""
    controls, terms = known.case.get("controls", EMPTY), known.policy.get("spending", EMPTY)
    narrow = controls.get("plan_items_only")
    names += ["use"] if narrow is None else ["use", "record"]
    if narrow is None:
        narrow = terms["test"] in ONLY_THE_PLAN if "test" in terms else terms.get("plan_items_only")
    found = ["A direct payment has to be spent on the needs in your plan. That is the law."]
    if narrow is None:
        found.append(f"{known.silent('spending')} if you may buy things that your plan does not list.")
        found.append("National guidance says that you may use it flexibly.")
        names.append("flexible")
    elif narrow:
        found.append("Your council only lets you buy what your plan lists.")
        found.append("The notes on good practice say that you should be free to change this.")
        names.append("beyond_plan")
    else:
        found.append("You can buy things that your plan does not list.")
    asks = terms.get("change_needs_agreement")
    if asks is not None:
        found.append("Ask the council before you use the money in a new way." if asks else "You do not have to ask the council first.")
    limit = controls.get("prior_approval_over") or terms.get("prior_approval_over")
    if limit is not None:
        found.append(f"Ask the council before you spend more than {recorded(limit)} on one thing.")
    return " ".join(found)


def _route(known: Known, arrangement: Data, names: list[str]) -> str:
    """Return how support in a managed arrangement is changed: as its contract says, else the policy on budgets that a provider holds."""
    contract = known.contracts.get(arrangement.get("contract_id", ""), EMPTY)
    route = contract.get("changes", EMPTY).get("route")
    if route in (None, "unstated"):
        third_party = arrangement["derived"].get("form") == "third_party_account"
        route = stated(known.policy, "changes.provider_held_route") if third_party else None
    else:
        names.append("contract")
    if route is None:
        return f"{known.silent('changes.provider_held_route')} how you change support that is managed for you."
    names += ["change_directly"] if route != "direct" else []
    risks = known.case.get("pre_agreed_risks")
    if route != "direct_unless_risk" or risks is None:
        return ROUTES[route]
    rest = f"On record for you: {len(risks)} such risk{'s' * (len(risks) > 1)}." if risks else "No such risk is on record for you."
    return f"{ROUTES[route]} {rest}"


def _move(known: Known, *, direct: bool, managed: bool) -> Point:
    names: list[str] = []
    found = [*_to_managed(known, names)] if direct else []
    if managed:
        found += [
            "You can ask for a direct payment, for all or part of your budget. The law says that you get one if four conditions are met.",
            "No one can make you take a direct payment.",
            "If the council says no, it should tell you why in writing, and how to appeal.",
        ]
        names += ["request", "not_forced", "refusal"]
    control = stated(known.policy, "options.control_reviewable")
    if control == "any_time":
        found.append("You can ask at any time to change who looks after the money.")
    elif control == "at_review":
        found.append("Your council’s policy says that you can ask at a review to change who looks after the money.")
    if control != "any_time":
        found.append("The notes on good practice say that who looks after the money must be open to change.")
        names.append("control")
    forms = stated(known.policy, "options.forms")
    items = tuple(HELD[one] for one in HELD if one in forms) if forms else ()
    found.append(OFFERS if items else f"{known.silent('options.forms')} which ways there are to hold the money.")
    other = stated(known.policy, "options.other_arrangements_considered")
    after = ("You can suggest another way, and the council will think about it.",) if other else ()
    settings = ("options.forms", "options.move_to_managed_full", "options.move_to_managed_partial", "options.control_reviewable")
    return Point("Choose who holds the money", tuple(found), items, after, source(known.policy, settings, *names))


def _to_managed(known: Known, names: list[str]) -> list[str]:
    """Return when someone with a direct payment may ask to have all or part of it managed."""
    said = {one: stated(known.policy, f"options.move_to_managed_{one}") for one in ("full", "partial")}
    names += ["move_any_time", "meet_needs"]
    rest = "The council’s duty to meet your eligible needs goes on."
    if set(said.values()) == {"any_time"}:
        return [f"You can ask at any time for the council to manage all or part of your direct payment. {rest}"]
    found = []
    for part, words in (("full", "all"), ("partial", "part")):
        when = said[part]
        if when is None:
            found.append(f"{known.silent(f'options.move_to_managed_{part}')} when you can ask for {words} of it to be managed.")
        elif when == "any_time":
            found.append(f"You can ask at any time for {words} of it to be managed.")
        else:
            limit = "only at a review can you ask" if when == "at_review" else "you cannot ask"
            found.append(f"Your council’s policy says that {limit} for {words} of it to be managed.")
    return [*found, f"The notes on good practice say that you may ask at any time. {rest}"]


def _help(known: Known) -> Point:
    services = [one for one in known.policy.get("support_services", ()) if one.get("status") == "available" and "kind" in one]
    if not services:
        law = "The law says that the council must run a service for information and advice. Ask the council how to reach it."
        words = (f"{known.silent('support_services')} who can help you.", law)
        return Point("Get help", words, source=source(known.policy, (), "advice", "reach_help"))
    lead = ("These services can help you with your budget and your plan:",)
    return Point("Get help", lead, tuple(_service(one) for one in services), source=source(known.policy, ("support_services",)))


def _service(one: Data) -> str:
    what, name = SERVICES[one["kind"]], inert(str(one.get("name") or ""))
    found = [f"{name}: {what}." if name else f"{what[0].upper()}{what[1:]}."]
    found += [REACH[one["access"]]] if "access" in one else []
    found += [WHO_PAYS[one["cost_met_by"]]] if "cost_met_by" in one else []
    return " ".join(found)


def _amount(known: Known) -> Point:
    route = stated(known.policy, "appeals.route")
    if route:
        words = "Your council has a published way to challenge the amount of your budget. Ask the council how it works."
        return Point("Challenge the amount", (words,), source=source(known.policy, ("appeals.route",)))
    first = f"{known.silent('appeals.route')} how to challenge the amount."
    if route is False:
        first = "Your council’s policy says that there is no published way to challenge the amount."
    rest = (
        "National guidance says that the final amount of a budget can be challenged.",
        "The council must also give advice on how to raise a concern. That is the law.",
    )
    return Point("Challenge the amount", (first, *rest), source=source(known.policy, ("appeals.route",), "challenge", "advice"))


def _review(known: Known) -> Point:
    months = stated(known.policy, "reviews.interval_months")
    found = [
        "You, or someone for you, can ask for a review of your plan. The council must do it if the request is reasonable. That is the law."
    ]
    if months:
        every = "once a year" if months == 12 else f"every {months} months" if months != 1 else "every month"
        found.append(f"Your council’s policy is to review plans {every}.")
    else:
        found.append(f"{known.silent('reviews.interval_months')} how often plans are reviewed. National guidance says once a year.")
    reviews = [
        one["date"] for one in known.case.get("reviews", ()) if "date" in one and (known.as_of is None or one["date"] <= known.as_of)
    ]
    if reviews:
        found.append(f"The last review on record was on {day(max(reviews))}.")
    elif "reviews" in known.case:
        found.append("No review is on record yet.")
    names = ("review",) if months else ("review", "yearly")
    return Point("Ask for a review", tuple(found), source=source(known.policy, ("reviews.interval_months",), *names))


def _left_over(known: Known) -> Point:
    terms = known.policy.get("surplus", EMPTY)
    found = []
    if terms.get("tiers"):
        found.append("What happens depends on the kind of account. Ask the council about yours.")
    elif "recoup" in terms:
        found.append(KEPT[terms["recoup"]])
    if terms.get("agreed_saving_exempt"):
        found.append("You can keep savings that you agreed with the council.")
    year_end = stated(known.policy, "year_end.unspent")
    if year_end:
        found.append(YEAR_END[year_end])
    settings = ("surplus.recoup", "surplus.tiers", "surplus.agreed_saving_exempt", "year_end.unspent")
    kept = terms.get("recoup") == "never" and year_end in (None, "carry_forward") and not terms.get("tiers")
    if not kept:
        found = found or [f"{known.silent('surplus', 'year_end')} what happens to money that is left."]
        found.append("The notes on good practice say that you may keep money back without losing it.")
    return Point("If money is left", (" ".join(found),), source=source(known.policy, settings, *(() if kept else ("keep",))))
