"""A case in our vocabulary from the events of one person: what the return says, and nothing that it does not say.

`blocked` holds every path of the vocabulary that a return has no column for, so that a rule that asks for it answers that it cannot
tell, and every path whose cell is defective.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from pbcheck.exports.cld.account import USED, Account
from pbcheck.exports.cld.events import Event, cost_expected
from pbcheck.exports.cld.fields import COMMUNITY, DIRECT_PAYMENT, LONG_TERM, MANAGED, NURSING, PRISON, RESIDENTIAL, TO_CARER
from pbcheck.exports.cld.lines import Dialect, marks_at
from pbcheck.exports.cld.people_figures import mechanism_of
from pbcheck.exports.cld.person import Period, Person, open_at_end
from pbcheck.schema.store import load
from pbcheck.source.document import Document, Mark, Path

COLUMNS: dict[Path, str] = {
    ("id",): "person_id",
    ("as_of",): "period_end",
    ("person", "funding"): "funding",
    ("person", "setting"): "service_type",
    ("person", "eligible"): "eligible",
    ("carers",): "has_carer",
    ("assessment", "started_on"): "start",
    ("assessment", "completed_on"): "end",
    ("support_started_on",): "start",
    ("reviews", "*", "date"): "end",
    ("arrangements", "*", "id"): "mechanism",
    ("arrangements", "*", "label"): "mechanism",
    ("arrangements", "*", "form"): "mechanism",
    ("arrangements", "*", "starts_on"): "start",
    ("arrangements", "*", "ends_on"): "end",
    ("plan", "components", "*", "id"): "service_type",
    ("plan", "components", "*", "category"): "component",
    ("plan", "components", "*", "cost"): "unit_cost",
    ("plan", "components", "*", "period"): "frequency",
    ("plan", "components", "*", "units"): "units",
    ("plan", "components", "*", "unit"): "frequency",
    ("plan", "components", "*", "unit_rate"): "unit_cost",
    ("plan", "components", "*", "starts_on"): "start",
    ("plan", "components", "*", "ends_on"): "end",
    ("plan", "components", "*", "arrangement"): "mechanism",
}
"""Every field of a case that a return can fill, and the column it comes from."""

HARMLESS: tuple[Path, ...] = (("final", "term"), ("final", "starts_on"), ("final", "ends_on"))
"""Fields a return does not have, of which rules know what to do without: the start of support stands in, and an open service runs on."""

_FUNDING = {
    "Fully client funded": "full_cost_payer",
    "Joint client and social care funded": "part_funded",
    "Fully social care funded": "council_funded",
}
_UNITS = {"hour": "hours_per_week", "day": "days_per_week", "session": "visits_per_week"}
_PERIODS = {
    "week": ("week", 1),
    "fortnight": ("four_weeks", 2),
    "four_weeks": ("four_weeks", 1),
    "month": ("month", 1),
    "quarter": ("year", 4),
    "year": ("year", 1),
    "one_off": ("one_off", 1),
}
"""The period of the vocabulary for each frequency, and how often the cost occurs in it: two fortnights are four weeks, exactly."""


@cache
def not_said() -> tuple[Path, ...]:
    """Return the paths of a case that no return has a column for, the shortest that cover them.

    What a single review or part of the plan lacks is not among them, since that would stop every rule that counts them; it is absent.
    """
    said = {*COLUMNS, *HARMLESS}
    above = {path[:length] for path in said for length in range(len(path) + 1)}

    def below(node: dict[str, Any], path: Path) -> Iterator[Path]:
        for key, child in node.get("properties", {}).items():
            here = (*path, key)
            if here in said or here == ("kind",):
                continue
            if here not in above:
                yield here
            elif child.get("type") != "array":
                yield from below(child, here)
            elif key == "arrangements":
                yield from below(child["items"], (*here, "*"))

    return tuple(below(load("case"), ()))


@dataclass(frozen=True, slots=True)
class Places:
    """Where the fields of a case stand in the file: the row of each part, by its path, as line and byte."""

    path: FilePath
    dialect: Dialect
    columns: dict[str, int]
    rows: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def __call__(self, path: Path, key: bool) -> Mark:
        """Return the place of a field, or of the row that its part comes from where the return has no such field."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.rows:
                line, offset = self.rows[path[:length]]
                break
        else:
            return Mark(1, 1)
        at = self.columns.get(COLUMNS.get(tuple("*" if isinstance(step, int) else step for step in path), ""), -1)
        found = marks_at(self.path, offset, line, self.dialect)
        return found[at] if 0 <= at < len(found) else Mark(line, 1)


class _Builder:
    """Builds one case: `data` grows, `blocked` and `rows` beside it."""

    def __init__(self, person: Person, period: Period, account: Account) -> None:
        self.person = person
        self.period = period
        self.account = account
        self.data: dict[str, Any] = {"kind": "case", "id": person.name}
        self.blocked: list[Path] = []
        self.rows: dict[Path, tuple[int, int]] = {(): _row(person.events[0])}
        self.used = False

    def run(self) -> bool:
        """Build the case; return whether the return says anything that a case has a place for."""
        if self.period.end:
            self.data["as_of"] = self.period.end
        services, assessments = self._sorted()
        if services:
            self._services(services)
        if assessments:
            self._assessment(assessments)
        self._reviews(services)
        self._about()
        return self.used

    def _sorted(self) -> tuple[list[Event], list[Event]]:
        """Return the services of a personal budget and the long-term assessments; all other rows are booked as left out."""
        services, assessments = [], []
        for event in self.person.events:
            if event.kind == "Request":
                self.account.book("request", event)
            elif event.kind == "Assessment":
                if event.said["assessment_type"] == "Long term assessment":
                    assessments.append(event)
                else:
                    self.account.book("other-assessment", event)
            elif event.kind == "Service":
                if (event.said["service_type"] or "").startswith("Short term") and not cost_expected(event):
                    self.account.book("short-term", event)
                else:
                    services.append(event)
        return services, assessments

    def _say(self, owner: dict[str, Any], path: Path, key: str, value: Any, *, refused: bool = False) -> None:
        """State a field where there is something to state; block its path where what stands there cannot be used."""
        if refused:
            self.blocked.append((*path, key))
        elif value is not None:
            owner[key] = value

    def _services(self, services: Sequence[Event]) -> None:
        self.used = True
        homes = self._arrangements(services)
        components = []
        for number, event in enumerate(services):
            path: Path = ("plan", "components", number)
            self.rows[path] = _row(event)
            components.append(self._component(event, path, homes.get(mechanism_of(event))))
            self.account.book(USED[0], event)
        self.data["plan"] = {"components": components}
        lasting = [one for one in services if one.said["service_type"] in (*LONG_TERM, TO_CARER)]
        if lasting:
            first = min(lasting, key=lambda one: (one.start, one.line))
            self.rows["support_started_on",] = _row(first)
            self._say(self.data, (), "support_started_on", first.start, refused="start" in first.doubtful)

    def _component(self, event: Event, path: Path, home: str | None) -> dict[str, Any]:
        said = event.said
        made: dict[str, Any] = {"id": f"P{int(path[-1]) + 1}"}
        self._say(made, path, "category", (said["component"] or "").lower() or None, refused="component" in event.refused)
        self._say(made, path, "starts_on", event.start, refused="start" in event.doubtful)
        self._say(made, path, "ends_on", event.ends, refused="end" in event.doubtful)
        self._say(made, path, "arrangement", home, refused=_mechanism_unsure(event))
        self._cost(event, made, path)
        return made

    def _cost(self, event: Event, made: dict[str, Any], path: Path) -> None:
        """State the cost of a component: by its period, or by the unit with how many of them are planned a week."""
        frequency = event.said["frequency"]
        unsure = event.refused | event.doubtful
        if event.pence is None or "unit_cost" in unsure or "frequency" in unsure:
            unknown = event.pence is not None or "unit_cost" in unsure or not cost_expected(event)
            self.blocked += [(*path, key) for key in ("cost", "period", "unit_rate") if unknown]
            return
        if frequency is None:
            made["cost"] = _pounds(event.pence)
            return
        if frequency in _PERIODS:
            period, times = _PERIODS[frequency]
            made |= {"cost": _pounds(event.pence * times), "period": period}
            if "units" in unsure or "units-with-period" in unsure:
                self.blocked += [(*path, "units"), (*path, "unit")]
            return
        made |= {"unit_rate": _pounds(event.pence), "unit": _UNITS[frequency]}
        if "units" in unsure or event.said["units"] is None:
            self.blocked += [(*path, "units"), (*path, "cost"), (*path, "period")]
            return
        made["units"] = event.said["units"]
        whole, rest = divmod(event.pence * int(event.said["units"].replace(".", "")), 100)
        if not rest:
            made |= {"cost": _pounds(whole), "period": "week"}
        else:
            self.blocked += [(*path, "cost"), (*path, "period")]

    def _arrangements(self, services: Sequence[Event]) -> dict[str, str]:
        """State how the money is held, one arrangement for direct payments and one for managed budgets; return their references."""
        if any(_mechanism_unsure(one) for one in services):
            self.blocked.append(("arrangements",))
            return {}
        made: list[dict[str, Any]] = []
        homes: dict[str, str] = {}
        for mechanism in (DIRECT_PAYMENT, MANAGED):
            held = [one for one in services if mechanism_of(one) == mechanism]
            if not held:
                continue
            path: Path = ("arrangements", len(made))
            homes[mechanism] = f"A{len(made) + 1}"
            one: dict[str, Any] = {"id": homes[mechanism], "label": mechanism}
            if mechanism == DIRECT_PAYMENT:
                one["form"] = "direct_payment"
            first = min(held, key=lambda event: (event.start, event.line))
            self.rows[path] = _row(first)
            self._say(one, path, "starts_on", first.start, refused=any("start" in event.doubtful for event in held))
            ended = [event.ends for event in held if event.ends is not None]
            last = max(ended) if len(ended) == len(held) else None
            self._say(one, path, "ends_on", last, refused=any("end" in event.doubtful for event in held))
            made.append(one)
        if made:
            self.data["arrangements"] = made
        return homes

    def _assessment(self, assessments: Sequence[Event]) -> None:
        self.used = True
        latest = max(assessments, key=lambda one: (one.ends or "", one.line))
        self.rows["assessment",] = self.rows["person", "eligible"] = _row(latest)
        found: dict[str, Any] = {"started_on": latest.start}
        self._say(found, ("assessment",), "completed_on", latest.ends)
        self.data["assessment"] = found
        eligible = {"Yes": True, "No": False}.get(latest.said["eligible"] or "")
        self._say(self._group("person"), ("person",), "eligible", eligible, refused="eligible" in latest.refused)
        for one in assessments:
            self.account.book(USED[1] if one is latest else "other-assessment", one)

    def _reviews(self, services: Sequence[Event]) -> None:
        """State the reviews, where the return holds all that matter: one at least, or the support began within its period.

        A return is silent on reviews before its period. Where there is none in it, and the support began earlier, nobody can tell.
        """
        held = self.person.of("Review")
        for number, event in enumerate(held):
            self.rows["reviews", number] = _row(event)
            self.account.book(USED[2], event)
        until = self._until()
        started = min((one.start for one in services), default="")
        within = bool(started) and bool(self.period.start) and self.period.start <= started
        once = bool(services) and all(one.said["frequency"] == "one_off" for one in services)
        self.used = self.used or bool(held)
        if any((one.ends or "") <= until for one in held):
            self.data["reviews"] = [{"date": one.ends} for one in held]
        elif within and not any("start" in one.doubtful for one in services) and not once:
            self.data["reviews"] = []
        else:
            self.blocked.append(("reviews",))
        if once:
            self.blocked.append(("final", "term"))

    def _until(self) -> str:
        """Return the date up to which reviews are asked for: the last of the period, or the day on which the last arrangement ended."""
        ended = [one.get("ends_on", "") for one in self.data.get("arrangements", ())]
        return min(self.period.end, max(ended)) if ended and all(ended) else self.period.end

    def _about(self) -> None:
        """State what is said of the person: who pays, whether they live in a home, whether there is no carer."""
        person = self._group("person")
        latest = max(
            self.person.events, key=lambda one: (one.said["period_end"] or "", one.said["funding"] is not None, one.start, one.line)
        )
        self.rows["person", "funding"] = _row(latest)
        self._say(person, ("person",), "funding", _FUNDING.get(latest.said["funding"] or ""), refused="funding" in latest.refused)
        running = [one for one in self.person.of("Service") if self.period.end and open_at_end(one, self.period)]
        setting = _setting(running)
        if setting or self.person.settings_clash:
            self.rows["person", "setting"] = _row(running[0])
            self._say(person, ("person",), "setting", setting, refused=self.person.settings_clash)
        if not person:
            del self.data["person"]
        if self.person.role == "adult" and {one.said["has_carer"] for one in self.person.events} - {None} == {"No"}:
            self.data["carers"] = []
        else:
            self.blocked.append(("carers",))

    def _group(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.data.setdefault(name, {})
        return found


def _row(event: Event) -> tuple[int, int]:
    return event.line, event.offset


def _mechanism_unsure(event: Event) -> bool:
    """Return whether nobody can tell if a service is a direct payment, a managed budget or neither."""
    if "mechanism" in event.refused or "mechanism" in event.doubtful:
        return mechanism_of(event) != DIRECT_PAYMENT or "mechanism" in event.doubtful
    return not mechanism_of(event) and event.said["service_type"] in (COMMUNITY, PRISON, TO_CARER)


def _setting(running: Sequence[Event]) -> str | None:
    kinds = {one.said["service_type"] for one in running}
    if kinds & {NURSING, RESIDENTIAL}:
        return "residential"
    supported = any(one.said["component"] in ("Community supported living", "Extra care housing") for one in running)
    return "supported_living" if supported and COMMUNITY in kinds else None


def _pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02}"


def build(person: Person, period: Period, account: Account, places: Callable[[dict[Path, tuple[int, int]]], Places]) -> Document | None:
    """Return the case of one person; None where the return says nothing of them that a case has a place for."""
    builder = _Builder(person, period, account)
    if not builder.run():
        return None
    found = places(builder.rows)
    blocked = (*not_said(), *builder.blocked)
    return Document("case", builder.data, place=found, blocked=blocked)
