"""The columns of the return and the words its lists allow, in both releases.

Source: the headers and values that the published national code and councils' own code for Client Level Data use. Where the
published list of a column is not known to the end (`closed` is false), a word that is not in it may still be right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

HEADERS: Mapping[str, str] = {
    "la_code": "LA Code",
    "period_start": "Reporting Period Start Date",
    "period_end": "Reporting Period End Date",
    "nhs_number": "NHS Number",
    "person_id": "LA Person Unique Identifier",
    "first_name": "First Name",
    "last_name": "Last Name",
    "gp_name": "GP Practice Name",
    "gp_code": "GP Practice Code",
    "gender": "Gender",
    "ethnicity": "Ethnicity",
    "birth": "Date of Birth",
    "death": "Date of Death",
    "client_type": "Client Type",
    "support_reason": "Primary Support Reason",
    "postcode": "Postcode",
    "accommodation": "Accommodation Status",
    "employment": "Employment Status",
    "has_carer": "Has Unpaid Carer",
    "autism": "Autism Spectrum Disorder (ASD)",
    "sight": "Visual Impairment",
    "hearing": "Hearing Impairment",
    "dementia": "Dementia",
    "funding": "Client Funding Status",
    "event_type": "Event Type",
    "reference": "Event Reference",
    "start": "Event Start Date",
    "end": "Event End Date",
    "description": "Event Description",
    "outcome": "Event Outcome",
    "route": "Request: Route of Access",
    "assessment_type": "Assessment Type",
    "eligible": "Eligible Needs Identified",
    "assessment_method": "Method of Assessment",
    "caring_hours": "Total Hrs Caring per week",
    "cared_for": "No. of adults being cared for",
    "adult_1": "Adult 1 Linked Person_ID",
    "adult_2": "Adult 2 Linked Person_ID",
    "adult_3": "Adult 3 Linked Person_ID",
    "service_type": "Service Type",
    "component": "Service Component",
    "mechanism": "Delivery Mechanism",
    "provider_name": "Provider CQC Location Name",
    "provider_id": "Provider CQC Location ID",
    "review_reason": "Review Reason",
    "outcomes_achieved": "Review Outcomes Achieved",
    "review_method": "Method of Review",
    "unit_cost": "Unit Cost",
    "frequency": "Cost Frequency (Unit Type)",
    "units": "Planned units per week",
}
"""The header of each column in the order of the file, by our name for it."""

NEEDED = (
    *("period_start", "period_end", "person_id", "client_type", "event_type", "start", "end"),
    *("service_type", "component", "mechanism", "unit_cost", "frequency", "units"),
)
"""The columns without which no case can be built; all others may be left out, names and addresses best of all."""

READ = (
    *("la_code", "period_start", "period_end", "nhs_number", "person_id", "birth", "death", "client_type", "has_carer", "funding"),
    *("event_type", "start", "end", "outcome", "route", "assessment_type", "eligible", "service_type", "component", "mechanism"),
    *("review_reason", "unit_cost", "frequency", "units"),
)
"""The columns that are read; no other one leaves the file."""

DATES = ("period_start", "period_end", "birth", "death", "start", "end")
AMOUNTS = ("unit_cost", "units")

DIRECT_PAYMENT, MANAGED, COMMISSIONED = "Direct payment", "CASSR managed personal budget", "CASSR commissioned support"
NURSING, RESIDENTIAL = "Long term support: Nursing care", "Long term support: Residential care"
COMMUNITY, PRISON = "Long term support: Community", "Long term support: Prison"
LONG_TERM = (NURSING, RESIDENTIAL, COMMUNITY, PRISON)
TO_CARER, AROUND_CARER = "Unpaid carer support: Direct to unpaid carer", "Unpaid carer support: Support involving the person cared-for"
SERVICE_USER = "Service user"
ADVICE = "NFA: Information and advice or signposting"
OUTCOMES = (
    "Progress to reablement/ST-Max",
    "Progress to assessment, review or reassessment",
    "Progress to support planning or services",
    "Continuation of support or services",
    "Admitted to hospital",
    "NFA: Responsibility moved to another local authority",
    "NFA: Referral to NHS services or NHS funded social care",
    "NFA: Self-funded client or under 12wk disregard",
    ADVICE,
    "NFA: Referral to other service within the local authority",
    "NFA: Support declined",
    "NFA: Deceased",
    "NFA: Support ended as planned",
    "NFA: Support ended for other reason",
    "NFA: No services offered for other reason",
    "NFA: Other",
)
"""The outcomes of an event, in the order in which the national method prefers one of two records of the same event."""
ENDED = ("NFA: Deceased", "NFA: Support ended as planned", "NFA: Support ended for other reason")
SHORT_WITH_COST = ("Short term residential care", "Short term nursing care", "Carer respite")


@dataclass(frozen=True)
class Words:
    """The allowed words of one column: those of Release 2, and what Release 1 had in their place; `closed` where the list is whole."""

    now: tuple[str, ...]
    before: Mapping[str, str] = field(default_factory=dict)
    closed: bool = True

    def of(self, release: int) -> Mapping[str, str]:
        """Return the words of a release and what each means in the words of Release 2; words that Release 2 left alone are in both."""
        replaced = set(self.before.values()) if release == 1 else set()
        return {one: one for one in self.now if one not in replaced} | (dict(self.before) if release == 1 else {})


LISTS: Mapping[str, Words] = {
    "event_type": Words(("Request", "Assessment", "Service", "Review")),
    "client_type": Words(
        (SERVICE_USER, "Unpaid carer", "Unpaid carer known by association"),
        {
            "Service User": SERVICE_USER,
            "Carer": "Unpaid carer",
            "Carer known by association": "Unpaid carer known by association",
        },
    ),
    "service_type": Words(
        (
            *LONG_TERM,
            *("Short term support: ST-Max", "Short term support: Ongoing low level", "Short term support: Other short term"),
            *(TO_CARER, AROUND_CARER),
        ),
        {
            "Long Term Support: Nursing Care": NURSING,
            "Long Term Support: Residential Care": RESIDENTIAL,
            "Long Term Support: Community": COMMUNITY,
            "Long Term Support: Prison": PRISON,
            "Short Term Support: ST-Max": "Short term support: ST-Max",
            "Short Term Support: Ongoing Low Level": "Short term support: Ongoing low level",
            "Short Term Support: Other Short Term": "Short term support: Other short term",
            "Carer Support: Direct to Carer": TO_CARER,
            "Carer Support: Support involving the person cared-for": AROUND_CARER,
        },
    ),
    "component": Words(
        (
            *(DIRECT_PAYMENT, "Home support or domiciliary care", "Community supported living", "Extra care housing", "Shared Lives"),
            *("Day support", "Meals", "Transport", "Equipment", "Reablement", "Residential care", "Nursing care"),
            *(*SHORT_WITH_COST, "Other long term support", "Other short term support"),
        ),
        {
            "Direct Payment": DIRECT_PAYMENT,
            "Home Support": "Home support or domiciliary care",
            "Community Supported Living": "Community supported living",
            "Day Support": "Day support",
            "Residential Care": "Residential care",
            "Nursing Care": "Nursing care",
            "Short Term Residential Care": "Short term residential care",
            "Short Term Nursing Care": "Short term nursing care",
            "Carer Respite": "Carer respite",
            "Other Long Term Support": "Other long term support",
            "Other Short Term Support": "Other short term support",
        },
        closed=False,
    ),
    "mechanism": Words(
        (DIRECT_PAYMENT, MANAGED, COMMISSIONED),
        {
            "Direct Payment": DIRECT_PAYMENT,
            "CASSR Managed Personal Budget": MANAGED,
            "CASSR Commissioned Support": COMMISSIONED,
        },
    ),
    "funding": Words(
        ("Fully client funded", "Joint client and social care funded", "Fully social care funded"),
        {
            "18(3) (full cost client)": "Fully client funded",
            "Joint Client and Social Care Funded": "Joint client and social care funded",
            "Fully Social Care Funded": "Fully social care funded",
            "Unknown - Individual Level": "",
        },
    ),
    "outcome": Words(
        OUTCOMES,
        {
            "Progress to financial assessment": "",
            "No change in package": "Continuation of support or services",
            "Provision of service": "Progress to support planning or services",
            "Progress to end of life care": "",
            "NFA - Information & Advice / Signposting only": ADVICE,
            "NFA - 100% NHS funded care": "NFA: Referral to NHS services or NHS funded social care",
            "NFA - Self-funded client (Inc. 12wk disregard)": "NFA: Self-funded client or under 12wk disregard",
        },
        closed=False,
    ),
    "assessment_type": Words(
        ("Long term assessment", "Short term assessment"),
        {"Long Term Assessment": "Long term assessment", "Short Term Assessment": "Short term assessment"},
    ),
    "review_reason": Words(
        ("Planned", "Unplanned", "Review of short term support"),
        {
            "Unplanned - Hospital (Planned and unplanned episodes)": "Unplanned",
            "Unplanned - Carer related": "Unplanned",
            "Unplanned - Safeguarding concern": "Unplanned",
            "Unplanned - Other Reason": "Unplanned",
            "Unplanned - Provider Failure": "Unplanned",
            "Unplanned - Change in Commissioning arrangements": "Unplanned",
        },
        closed=False,
    ),
    "has_carer": Words(("Yes", "No", "Unknown"), closed=False),
    "eligible": Words(("Yes", "No"), closed=False),
}

FREQUENCIES: Mapping[str, str] = {
    "per session": "session",
    "session": "session",
    "hour": "hour",
    "daily": "day",
    "day": "day",
    "week": "week",
    "fortnight": "fortnight",
    "4-week": "four_weeks",
    "4 week": "four_weeks",
    "four-week": "four_weeks",
    "month": "month",
    "quarter": "quarter",
    "annual": "year",
    "one-off": "one_off",
    "one off": "one_off",
}
"""How often a cost occurs, by how the word begins: the national method goes by beginnings too."""
USUAL_FREQUENCIES = (
    *("per session", "hourly", "daily", "weekly", "fortnightly", "4-weekly", "monthly", "quarterly", "annually", "annual", "one-off"),
)
_SIGNS = re.compile(r"[^a-z0-9]+")


def plain(header: str) -> str:
    """Return a header or a word without what often differs: case, spaces, underscores, brackets, colons and hyphens."""
    return _SIGNS.sub("", header.lower())


BY_PLAIN: Mapping[str, str] = {plain(header): name for name, header in HEADERS.items()}
