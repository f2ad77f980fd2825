"""The account of a return and what it teaches, as data for other programs and in words; small numbers of people are kept back."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from pbcheck.exports.cld.account import LEFT_OUT, TWICE, USED, Account
from pbcheck.exports.cld.learned import Learned

FEWEST = 5
KEPT_BACK = "kept back"
CLIENTS = ("community: direct payment", "community: managed personal budget", "community: commissioned support", "community: not stated")
CARERS = ("carers: direct payment", "carers: managed personal budget", "carers: commissioned support")
TESTS_NOT_SEEN = (
    "A managed personal budget counts as self-directed support only where the person knew the amount beforehand, agreed a plan with "
    "outcomes, and can use the money in ways and at times of their own choosing. A return shows none of the three: these shares are "
    "what was stated, not what was tested."
)
CANNOT_SHOW = (
    "A return has no estimate, no final budget, no contribution, no sign-off, no plan with its aims, no statement, no account and nothing "
    "of what people were told. It cannot show an individual service fund or a trust: both are stated as managed or commissioned support."
)


def pounds(pence: Fraction | int) -> str:
    """Return pence as pounds with two decimals, rounded half up once."""
    whole = (2 * Fraction(pence) + 1) // 2
    return f"{'-' if whole < 0 else ''}£{abs(whole) // 100:,}.{abs(whole) % 100:02}"


def as_data(account: Account, found: Learned, fewest: int = FEWEST) -> dict[str, Any]:
    """Return everything as plain data; money in pence as whole numbers, and exact fractions as text beside them."""
    return {
        "release": account.release,
        "period": {"from": account.period[0], "to": account.period[1]},
        "rows": _rows(account),
        "people": account.people,
        "cases": {"all": account.cases, "of carers": account.carers},
        "costs": _costs(account),
        "shares": shares(account, fewest),
        "reviews": _reviews(account, fewest),
        "defects": dict(sorted(account.defects.items())),
        "rules": {
            "asked": found.asked,
            "answered": [vars(one) | {"missing": dict(one.missing)} for one in found.answered],
            "unanswered": list(found.unanswered),
            "asking beside for": dict(found.beside),
            "one field unlocks": {field: list(rules) for field, rules in found.alone.items()},
            "steps": [{"fields": list(one.fields), "titles": list(one.titles), "rules": list(one.rules)} for one in found.steps],
        },
        "cannot show": [CANNOT_SHOW, TESTS_NOT_SEEN],
    }


def _rows(account: Account) -> dict[str, Any]:
    fates = [*USED, TWICE, *LEFT_OUT]
    booked = [
        {"what became of them": LEFT_OUT.get(one, one), "rows": account.rows[one], "unit costs in pence": account.pence[one]}
        for one in fates
    ]
    return {
        "in": account.rows_in,
        "used": sum(account.rows[one] for one in USED),
        "the same event again": account.rows[TWICE],
        "left out": sum(account.rows[one] for one in LEFT_OUT),
        "unit costs in pence": account.pence_in,
        "unit costs not read": account.unread_costs,
        "booked": [one for one in booked if one["rows"]],
        "reconciles": account.reconciles,
    }


def _costs(account: Account) -> list[dict[str, Any]]:
    return [
        {
            "of": group,
            "services": spent.services,
            "pence a week": int((2 * spent.weekly + 1) // 2),
            "exact a week": str(spent.weekly),
            "pence in the last three months": int((2 * spent.period + 1) // 2),
            "exact in the last three months": str(spent.period),
            "services with a defective cell": spent.doubtful,
            "of this from defective cells in pence": int((2 * spent.doubtful_period + 1) // 2),
        }
        for group, spent in sorted(account.spent.items())
    ]


def shares(account: Account, fewest: int = FEWEST) -> list[dict[str, Any]]:
    """Return the four parts of ASCOF 3D: numerator, denominator and per cent to one decimal; kept back where a small number would show."""
    found = []
    for who, names, out_of in (
        ("people with long-term community support on the last day", CLIENTS, 4),
        ("carers with direct support in the period", CARERS, 3),
    ):
        counts = [account.shares[name] for name in names[:out_of]]
        small = any(0 < one < fewest for one in (*counts[:2], sum(counts[2:])))
        whole = sum(counts)
        part = "a" if names is CLIENTS else "b"
        for label, number in ((f"1{part}, self-directed support", counts[0] + counts[1]), (f"2{part}, direct payments", counts[0])):
            hidden = small or whole == 0
            found.append(
                {
                    "measure": f"ASCOF 3D part {label}",
                    "of": who,
                    "numerator": KEPT_BACK if small else number,
                    "denominator": KEPT_BACK if 0 < whole < fewest else whole,
                    "per cent": None if hidden else f"{_tenths(number, whole) // 10}.{_tenths(number, whole) % 10}",
                }
            )
    return found


def _tenths(number: int, whole: int) -> int:
    return (2000 * number + whole) // (2 * whole)


def _reviews(account: Account, fewest: int) -> dict[str, int | str]:
    """Return how many people were reviewed in the period; where a part is small, all parts are kept back."""
    found: Mapping[str, int] = dict(sorted(account.reviews.items()))
    small = any(0 < one < fewest for one in found.values())
    return {name: KEPT_BACK if (small and "of these" in name) or 0 < number < fewest else number for name, number in found.items()}


def account_lines(shown: str, account: Account, fewest: int = FEWEST) -> list[str]:
    """Return the account of one return in sentences, for the remarks of a report."""
    rows = _rows(account)
    left = [f"{one['rows']:,} {one['what became of them']}" for one in rows["booked"] if one["what became of them"] not in (*USED, TWICE)]
    reasons = f" ({'; '.join(left)})" if left else ""
    said = (
        f"{shown} is a Client Level Data return (Release {account.release}) for {account.period[0]} to {account.period[1]}: "
        f"{rows['in']:,} rows, of which {rows['used']:,} were used in {account.cases:,} cases, {rows['the same event again']:,} are the "
        f"same event as another row, and {rows['left out']:,} were left out{reasons}."
    )
    lines = [said] if account.reconciles else [said, "The rows of the return do not add up: this is a bug in pbcheck."]
    for one in _costs(account):
        said = (
            f"By the national method, {one['of']} costs {pounds(one['pence a week'])} a week and "
            f"{pounds(one['pence in the last three months'])} in the last three months of the period ({one['services']:,} services "
            f"with a cost, {one['services with a defective cell']:,} of them with a defective cell)."
        )
        lines.append(said)
    for share in shares(account, fewest):
        value = "cannot be told" if share["per cent"] is None else f"{share['per cent']} per cent"
        value = KEPT_BACK if share["numerator"] == KEPT_BACK else value
        lines.append(f"{share['measure']}: {value} of {share['of']} ({share['numerator']} of {share['denominator']}).")
    lines += [f"Reviews: {name}: {number}." for name, number in _reviews(account, fewest).items()]
    return [*lines, TESTS_NOT_SEEN]


def learned_lines(found: Learned) -> list[str]:
    """Return what can and cannot be learned from a return in sentences, for the remarks of a report."""
    names = ", ".join(one.rule for one in found.answered)
    said = f"The return answers {len(found.answered)} of {found.asked} rules about cases{': ' + names if names else ''}."
    lines = [f"{said} All others cannot tell, since it does not hold what they ask for."]
    for step in found.steps[:3]:
        lines.append(
            f"With {', '.join(f'`{one}`' for one in step.fields)} from the council's own system, {_more(step.rules)} could be answered."
        )
    return [*lines, CANNOT_SHOW]


def _more(rules: tuple[str, ...]) -> str:
    return f"{len(rules)} more rule{'' if len(rules) == 1 else 's'}"


def as_text(shown: str, account: Account, found: Learned, fewest: int = FEWEST) -> str:
    """Return the whole answer for a terminal: the account, the rules that were answered, and the way to more."""
    blocks = ["\n".join(account_lines(shown, account, fewest))]
    if account.defects:
        blocks.append(
            "\n".join(["Defects (pbcheck explain ID says more):", *(f"  {n:>8,}  {name}" for name, n in sorted(account.defects.items()))])
        )
    lines = [f"Rules about cases: {found.asked} asked, {len(found.answered)} answered for some cases."]
    for one in found.answered:
        lines.append(
            f"  {one.rule}: passed {one.passed:,}, failed {one.failed:,}, excused {one.excused:,}, cannot tell {one.cannot_tell:,}"
        )
    blocks.append("\n".join([*lines, CANNOT_SHOW]))
    lines = ["What would answer more, from the council's own system; each line rests on those above it:"]
    for number, step in enumerate(found.steps, 1):
        fields = "; ".join(f"{title} ({field})" for field, title in zip(step.fields, step.titles, strict=True))
        lines.append(f"  {number}. {fields}: {_more(step.rules)} ({', '.join(step.rules)})")
    if any(found.beside.values()):
        lines.append(
            f"  {found.beside['policy']} of the rules ask for the council's policy as well, {found.beside['contract']} for its contracts."
        )
    blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"
