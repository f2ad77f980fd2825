"""Plain words for what the record and the policy hold as codes."""

from __future__ import annotations

import re
from functools import cache

from pbcheck.figures.figure import Data
from pbcheck.render.words import inert
from pbcheck.schema.store import at, load

HELD = {
    "direct_payment": "a direct payment",
    "council_provided": "support that the council gives itself",
    "council_account": "an account that the council holds for you",
    "third_party_account": "an account that another organisation holds for you",
    "mixed": "a mix of these",
}
HELD_SHORT = {
    "direct_payment": "your direct payment",
    "council_provided": "the council’s own support",
    "council_account": "your council account",
    "third_party_account": "your account with another organisation",
}
HOLDS = {
    "direct_payment": "The money is paid to you as a direct payment.",
    "council_provided": "The council holds the money and gives the support itself.",
    "council_account": "The council holds the money in an account for you.",
    "third_party_account": "Another organisation holds the money in an account for you.",
}
HOLDS_FOR_YOU = {
    "representative": "The money is a direct payment. Someone who acts for you holds it.",
    "trust": "The money is a direct payment. A trust holds it for you.",
    "organisation_or_professional": "The money is a direct payment. An organisation holds it for you.",
    "support_provider": "The money is a direct payment. Your support provider holds it for you.",
    "local_authority": "The money is a direct payment. The council looks after it for you.",
    "other": "The money is a direct payment. Someone else holds it for you.",
}
SERVICES = {
    "peer_support": "people who have a budget too",
    "user_led_organisation": "an organisation run by people who use support",
    "external_brokerage": "help to plan and arrange support, from outside the council",
    "council_brokerage": "help to plan and arrange support, from the council",
    "advocacy": "someone to speak up with you",
    "advice_agency": "advice about money and rights",
    "community_group": "a group near you",
    "payroll_service": "help to pay people you employ",
    "managed_account_service": "help to look after the money",
    "employment_support": "help to find or keep a job",
}
REACH = {
    "self_referral": "You can go to them yourself.",
    "council_referral_only": "Ask the council to put you in touch.",
}
WHO_PAYS = {
    "council": "The council pays.",
    "added_to_budget": "Money is added to your budget for it.",
    "existing_budget": "It comes out of your budget.",
    "person": "You pay.",
}
FORMATS = {
    "plain_english": "plain English",
    "easy_read": "easy read",
    "audio": "a recording you can listen to",
    "translated": "another language",
    "in_person": "someone explaining it face to face",
}
BASIS = {"estimate": "an estimate", "notional": "a share of a block price"}
WEEKS = {"52": "52", "365/7": "52 and one seventh", "366/7": "52 and two sevenths"}


def category(component: Data) -> str:
    """Return the kind of spending of a plan item in words; empty where it is not recorded."""
    return inert(re.sub(r"[_\s]+", " ", str(component.get("category", "")))).strip()


def listed(words: list[str]) -> str:
    """Return several words as a list in a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


@cache
def title_of(path: str) -> str:
    """Return the title of a field by its dotted path, such as `case.final.gross`; its last word where the schema has none."""
    kind, *steps = path.replace("*", "0").split(".")
    if kind not in ("case", "policy", "contract"):
        return "Date of the record" if path == "as_of" else path
    node = at(load(kind), tuple(int(one) if one.isdigit() else one for one in steps))
    return str(node.get("title") or steps[-1].replace("_", " "))
