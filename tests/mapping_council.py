"""An invented council's cases and contracts, and the tables that its systems would hand out for them.

The tables are written without the code that reads them, so that what is read can be held against what was meant.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

Case = dict[str, Any]

FORMS = {
    "DP - bank account": ("direct_payment", "bank_account", False),
    "DP - card": ("direct_payment", "prepaid_card", False),
    "ISF": ("third_party_account", "managed_account", True),
    "Arranged": ("council_account", "managed_account", False),
}
HELD = {"Client": "person", "Family": "representative", "Provider": "support_provider", "LA": "local_authority"}
CAPACITY = {"Has capacity": "has", "Lacks capacity": "lacks", "Fluctuates": "fluctuating"}
SETTING = {"Own tenancy": "own_home", "With family": "family_home", "Supported living": "supported_living"}
FUNDING = {"LA": "council_funded", "LA + client": "part_funded"}
MODE = {"SSA": "supported_self", "SA": "self_directed", "SW led": "professional_only"}
CODES = {"HC1": "home_support", "DO2": "day_opportunities", "PA3": "personal_assistant", "ZZ9": "never_used"}
SUPPORT = {"Peer support": "peer_support", "Payroll": "payroll_service", "Advocacy": "advocacy"}
DIRECTION = {"10": "to_holder", "30": "contribution_in"}


def word(known: dict[str, Any], value: Any) -> str:
    """Return the council's word for a value."""
    return next(local for local, ours in known.items() if ours == value)


def pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02}"


def day(text: str) -> str:
    """Return an ISO date as most systems of the council write it."""
    return date.fromisoformat(text).strftime("%d/%m/%Y")


def later(text: str, days: int) -> str:
    return (date.fromisoformat(text) + timedelta(days=days)).isoformat()


def cases(count: int, seed: int = 2) -> list[Case]:
    """Return cases in the vocabulary, the same for the same seed, with nothing in them that the tables cannot say."""
    dice = Random(seed)
    return [_case(dice, number) for number in range(1, count + 1)]


def _case(dice: Random, number: int) -> Case:
    started = later("2026-01-05", dice.randrange(60))
    done, signed = later(started, dice.randrange(40)), later(started, 45 + dice.randrange(40))
    gross, weekly = dice.randrange(400_000, 2_000_000), dice.choice([0, 1250, 4000, 6135])
    held = dice.sample(sorted(FORMS), dice.choice([1, 1, 2]))
    share = weekly * 52
    case: Case = {
        "kind": "case",
        "id": f"NM-{number:05}",
        "as_of": "2026-09-30",
        "team": dice.choice(["North", "South", "Learning disability"]),
        "person": {
            "capacity_budget": dice.choice(sorted(CAPACITY.values())),
            "setting": dice.choice(sorted(SETTING.values())),
            "funding": "part_funded" if weekly else "council_funded",
            "needs_stability": dice.choice(["stable", "likely_to_change"]),
            "communication_format": dice.choice([None, "easy_read", "audio"]),
        },
        "assessment": {
            "started_on": started,
            "completed_on": done,
            "mode": dice.choice(sorted(MODE.values())),
            "minutes": 95,
            "needs": _needs(dice),
        },
        "indicative": {"date": later(done, 2), "amount": pounds(gross - 40_050), "period": "year", "basis": "gross", "method": "ras"},
        "contribution": {"amount": pounds(weekly), "period": "week", "collection": dice.choice(["netted_off", "invoiced"])},
        "final": {
            "gross": pounds(gross),
            "council_amount": pounds(gross - share),
            "personal_amount": pounds(share),
            "period": "year",
            "term": "annual",
            "starts_on": later(signed, 7),
            "ends_on": later(signed, 371),
            "confirmed_on": signed,
        },
        "sign_off": {"date": signed, "by_role": dice.choice(["council_employee", "seconded_officer"])},
        "arrangements": [_arrangement(dice, at, name, gross // len(held), later(signed, 7)) for at, name in enumerate(held, 1)],
        "statements": [_statement(dice, later(signed, 7), quarter) for quarter in range(dice.randrange(3))],
    }
    case["plan"] = {"components": _components(dice, number, case["arrangements"])}
    events = [{"date": later(signed, 60), "outcomes_checked": ["O1", "O2"], "control_reviewed": True}]
    if dice.random() < 0.7:
        case["reviews"] = events + ([{"date": later(signed, 120), "control_reviewed": False}] if dice.random() < 0.4 else [])
    if dice.random() < 0.5:
        case["referrals"] = [{"date": later(started, 9), "to_kind": dice.choice(sorted(SUPPORT.values()))}]
    if dice.random() < 0.9:
        case["payments"] = [
            {
                "date": f"2026-0{month}-{dice.randrange(10, 28)}",
                "amount": pounds(dice.randrange(20_000, 90_000)),
                "arrangement": "A1",
                "direction": "to_holder",
            }
            for month in (4, 5)
        ]
    return case


def _needs(dice: Random) -> list[Case]:
    made = [{"id": "N1", "eligible": True, "unmet_hours_per_week": dice.choice(["10.5", "7", "3.25"])}]
    return made + ([{"id": "N2", "eligible": dice.random() < 0.5}] if dice.random() < 0.6 else [])


def _arrangement(dice: Random, at: int, name: str, share: int, start: str) -> Case:
    form, method, isf = FORMS[name]
    kind = dice.choice(["person", "representative"]) if form == "direct_payment" else "support_provider" if isf else "local_authority"
    made: Case = {"id": f"A{at}", "label": name, "form": form, "payment_method": method, "is_isf": isf, "holder_kind": kind}
    made |= {"amount": pounds(share), "period": "year", "starts_on": start, "agent": dice.choice(["none", "organisation"])}
    if kind in ("person", "representative"):
        made |= {"holder_name": "Robin Example", "agreement_covers": ["contribution", "records"]}
    else:
        made["contract_id"] = "K-11" if isf else "K-12"
    return made


def _statement(dice: Random, start: str, quarter: int) -> Case:
    first = later(start, 91 * quarter)
    drawn = [
        {"component": "P1", "date": later(first, 9 + at), "amount": pounds(dice.randrange(1000, 50_000))} for at in range(dice.randrange(4))
    ]
    made = {
        "from": first,
        "to": later(first, 90),
        "issued_on": later(first, 97),
        "opening": "0.00",
        "paid_in": "2850.00",
        "closing": "510.25",
    }
    return made | ({"drawdowns": drawn} if drawn else {})


def _components(dice: Random, number: int, held: list[Case]) -> list[Case]:
    made = []
    for at in range(dice.randrange(1, 4)):
        item: Case = {
            "id": f"{number}-{at + 1}",
            "name": "Support, mornings",
            "category": dice.choice(["day_opportunities", "home_support", "personal_assistant"]),
        }
        item |= {
            "cost": pounds(dice.randrange(2_000, 40_000)),
            "period": dice.choice(["week", "four_weeks"]),
            "arrangement": dice.choice(held)["id"],
        }
        if dice.random() < 0.6:
            item |= {"units": "7.5", "unit": "hours_per_week", "unit_rate": "14.20"}
        made.append(item | {"starts_on": "2026-04-06"} | ({"ends_on": "2026-12-20"} if at else {}))
    return made


CONTRACTS: list[Case] = [
    {
        "kind": "contract",
        "id": "K-11",
        "purchaser": "council",
        "provider": "Harbour Support Ltd",
        "form": "spot_under_framework",
        "signed_on": "2025-10-01",
        "unit_rates": {"hour": "24.80"},
        "day_to_day": {"between": ["person", "provider"]},
    },
    {
        "kind": "contract",
        "id": "K-12",
        "purchaser": "council",
        "provider": "Marlbrook & Daughters, home care",
        "form": "prepaid_block",
        "signed_on": "2024-04-01",
        "unit_rates": {"hour": "1022.50"},
        "day_to_day": {"between": ["council"]},
    },
]


def write_tables(folder: Path, made: list[Case]) -> None:
    """Write the council's tables for some cases and the contracts."""
    _people(folder / "people.csv", made)
    _assessments(folder / "assessments.csv", made)
    _budgets(folder / "budgets.csv", made)
    _lines(folder / "Care plan lines.xlsx", made)
    _agreements(folder / "agreements.csv", made)
    _statements(folder / "statements.csv", folder / "movements.csv", made)
    _events(folder / "events.csv", made)
    _payments(folder, made)
    _contracts(folder / "contracts.csv")


def _write(path: Path, headings: list[str], rows: Iterable[list[Any]], encoding: str = "utf-8", delimiter: str = ",") -> None:
    with path.open("w", encoding=encoding, newline="") as handle:
        writer = csv.writer(handle, delimiter=delimiter)
        writer.writerow(headings)
        writer.writerows([["" if one is None else one for one in row] for row in rows])


def _people(path: Path, made: list[Case]) -> None:
    headings = [
        "PersonRef",
        "Forename",
        "Surname",
        "DOB",
        "Locality",
        "Capacity (money)",
        "Lives in",
        "Funding",
        "Stable needs",
        "Format",
        "Last edited by",
    ]
    rows = []
    for one in made:
        person = one["person"]
        words = [word(CAPACITY, person["capacity_budget"]), word(SETTING, person["setting"]).upper(), word(FUNDING, person["funding"])]
        shown = {None: "None", "easy_read": "Easy read", "audio": "Audio"}[person["communication_format"]]
        stable = "Y" if person["needs_stability"] == "stable" else "N"
        rows.append([one["id"], "Sam", 'Specimen "Sammy"', "01/01/1950", one["team"], *words, stable, shown, "import"])
    _write(path, headings, rows, "utf-8-sig")


def _assessments(path: Path, made: list[Case]) -> None:
    headings = ["AssessmentID", "PersonRef", "Started", "Completed", "How done", "Length (min)"]
    for at in (1, 2):
        headings += [f"Need {at}", f"Need {at} eligible", f"Need {at} min/wk"]
    rows: list[list[Any]] = []
    for number, one in enumerate(made, 1):
        done = one["assessment"]
        cells: list[Any] = []
        for at in range(2):
            need = done["needs"][at] if at < len(done["needs"]) else {}
            minutes = int(float(need["unmet_hours_per_week"]) * 60) if "unmet_hours_per_week" in need else "NULL" if need else ""
            cells += [need.get("id"), {True: "Yes", False: "no", None: ""}[need.get("eligible")], minutes]
        row = [
            f"AS{number}",
            one["id"],
            day(done["started_on"]),
            day(done["completed_on"]),
            word(MODE, done["mode"]),
            done["minutes"],
            *cells,
        ]
        older = [f"AS{number}-old", one["id"], "03/02/2024", "09/02/2024", "SW led", 30, "N1", "Yes", 60, "", "", ""]
        rows += [older, row] if number % 3 else [row, older] if number % 2 else [row]
    _write(path, headings, rows)


def _budgets(path: Path, made: list[Case]) -> None:
    headings = ["Client", "Indicative date", "Indicative", "Method", "Client contribution pw", "Collected", "Gross budget", "Council share"]
    headings += ["Assessed share", "Top-up", "Budget year", "Signed off", "By"]
    rows = []
    for one in made:
        final, share = one["final"], one["contribution"]
        rows.append(
            [
                one["id"],
                date.fromisoformat(one["indicative"]["date"]).strftime("%d %b %y").lstrip("0"),
                f"£{float(one['indicative']['amount']):,.2f}",
                "RAS",
                "nil" if share["amount"] == "0.00" else f"£ {share['amount']}",
                "Net" if share["collection"] == "netted_off" else "Inv",
                f"£{int(final['gross'].split('.')[0]):,}.{final['gross'].split('.')[1]}",
                f"£{int(final['council_amount'].split('.')[0]):,}.{final['council_amount'].split('.')[1]}",
                final["personal_amount"],
                "",
                f"{day(final['starts_on'])} - {day(final['ends_on'])}",
                day(final["confirmed_on"]),
                "Team mgr" if one["sign_off"]["by_role"] == "council_employee" else "Seconded",
            ]
        )
    _write(path, headings, rows, "cp1252", ";")


def _lines(path: Path, made: list[Case]) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Lines"
    sheet.append(["Care plan lines, all teams"])
    sheet.append([])
    sheet.append(["Line no", "Person", "Description", "Code", "Cost", "Per", "Units", "Unit", "Unit\nrate", "From", "To", "Agreement"])
    for one in made:
        for item in one["plan"]["components"]:
            units = [float(item["units"]), "hrs", 14.2] if "units" in item else [None, None, None]
            until = datetime.fromisoformat(item["ends_on"]) if "ends_on" in item else None
            per = {"week": "wk", "four_weeks": "4wk"}[item["period"]]
            start = datetime.fromisoformat(item["starts_on"])
            code = word(CODES, item["category"])
            sheet.append([item["id"], one["id"], item["name"], code, float(item["cost"]), per, *units, start, until, item["arrangement"]])
    codes = book.create_sheet("Codes")
    codes.append(["Code", "Category"])
    for row in CODES.items():
        codes.append(row)
    book.save(path)


def _agreements(path: Path, made: list[Case]) -> None:
    headings = ["PersonRef", "Ref", "Service type", "Held by", "Holder forename", "Holder surname", "Contract", "Value", "Freq", "Start"]
    rows = []
    for one in made:
        for item in one["arrangements"]:
            first, _, last = item.get("holder_name", "").partition(" ")
            words = [item["id"], item["label"], word(HELD, item["holder_kind"]), first, last, item.get("contract_id")]
            covers = "Contribution; Records" if "agreement_covers" in item else ""
            agent = "None" if item["agent"] == "none" else "Payroll co"
            rows.append([one["id"], *words, f"{float(item['amount']):,.2f}", "A", day(item["starts_on"]), covers, agent])
    _write(path, [*headings, "Agreement covers", "Agent"], rows, delimiter="\t")


def _statements(path: Path, moved: Path, made: list[Case]) -> None:
    rows, movements = [], []
    for one in made:
        for number, item in reversed(list(enumerate(one["statements"], 1))):
            name = f"{one['id']}/{number}"
            issued = f"{day(item['issued_on'])} 14:05"
            money = [item["opening"], item["paid_in"], item["closing"]]
            rows.append([name, one["id"], item["from"].replace("-", ""), item["to"].replace("-", ""), issued, *money])
            for drawn in item.get("drawdowns", ()):
                movements.append([name, drawn["component"], date.fromisoformat(drawn["date"]).strftime("%d.%m.%Y"), drawn["amount"]])
    _write(path, ["StatementID", "PersonRef", "Period from", "Period to", "Issued", "Opening", "Paid in", "Closing"], rows)
    _write(moved, ["StatementID", "Line", "Date", "Amount"], movements)


def _events(path: Path, made: list[Case]) -> None:
    rows: list[list[Any]] = []
    for one in made:
        for item in one.get("reviews", ()):
            seen = "Yes" if item["control_reviewed"] else "No"
            rows.append(
                [
                    one["id"],
                    "Annual review" if seen == "Yes" else "unplanned  Review",
                    day(item["date"]),
                    ", ".join(item.get("outcomes_checked", ())),
                    seen,
                ]
            )
        for item in one.get("referrals", ()):
            rows.append([one["id"], "Referral", day(item["date"]), word(SUPPORT, item["to_kind"]), ""])
    _write(path, ["Ref", "Event", "On", "Detail", "Control looked at"], rows)


def _payments(folder: Path, made: list[Case]) -> None:
    for month in ("04", "05"):
        rows = []
        for one in made:
            for item in one.get("payments", ()):
                if item["date"][5:7] == month:
                    kind = word(DIRECTION, item["direction"])
                    rows.append([one["id"], item["date"].replace("-", ""), item["amount"].replace(".", ""), item["arrangement"], kind])
        _write(folder / f"payments-2026-{month}.csv", ["CLIENT_ID", "POSTED", "AMT_PENCE", "AGREEMENT", "TYPE"], rows, delimiter="|")


def _contracts(path: Path) -> None:
    kinds = {"spot_under_framework": "Framework spot", "prepaid_block": "Block"}
    headings = ["Contract ref", "Buyer", "Supplier", "Type", "Signed", "Hourly rate"]
    headings += ["Day to day - person", "Day to day - provider", "Day to day - council"]
    rows = []
    for one in CONTRACTS:
        ticks = ["Y" if name in one["day_to_day"]["between"] else "N" for name in ("person", "provider", "council")]
        rate = f"£{float(one['unit_rates']['hour']):,.2f}"
        rows.append([one["id"], "Council", one["provider"], kinds[one["form"]], day(one["signed_on"]), rate, *ticks])
    _write(path, headings, rows)
