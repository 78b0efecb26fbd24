"""A year as its services would announce it: facts go in by noun, sealed chains of events come out."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from services.reports.domain import Figure
from services.reports.figures import Ledger, Year, compute, fold
from shared.envelope import GENESIS, Event

TOWN = "340281100"
ROSTER = (
    *("town", "person", "deputyship", "group", "station", "constituency"),
    *("term", "task", "by_election", "office"),
)
RATINGS = ("scheme", "meeting", "duty_report")
SERVICES = ("roster", "activities", "ratings")


def service_of(noun: str) -> str:
    return "roster" if noun in ROSTER else "ratings" if noun in RATINGS else "activities"


class Book:
    """Facts of one town. `prefix` starts every id, so that two books of the same year share none."""

    def __init__(self, town: str = TOWN, prefix: str = "") -> None:
        self.town = town
        self.prefix = prefix
        self.events: dict[str, list[Event]] = {service: [] for service in SERVICES}
        self.versions: dict[str, int] = {}
        self.numbers: dict[str, int] = {}

    def add(self, noun: str, id: str | None = None, *, verb: str = "changed", **data: Any) -> str:
        """Announce a record's state and return its id; the same id again is its next version."""
        if id is None:
            self.numbers[noun] = self.numbers.get(noun, 0) + 1
            id = f"{self.prefix}{noun}-{self.numbers[noun]}"
        subject = f"{noun}/{id}"
        self.versions[subject] = self.versions.get(subject, 0) + 1
        state = {"id": id, "town": self.town, "version": self.versions[subject], **data}
        self.announce(service_of(noun), f"{noun}.{verb}.v1", subject, state)
        return id

    def announce(self, service: str, type: str, subject: str, data: dict[str, Any]) -> Event:
        log = self.events[service]
        event = Event(
            id=f"{service}-{len(log) + 1}",
            source=f"/{self.town}/{service}",
            type=f"{service}.{type}",
            subject=subject,
            time="2026-01-01T00:00:00.000Z",
            town=self.town,
            sequence=len(log) + 1,
            previoushash=log[-1].hash if log else GENESIS,
            actor="test",
            data=data,
        ).hashed()
        log.append(event)
        return event

    def seal(
        self, service: str, *, closing_id: str = "closing", year: int = 2020, as_of: str, **more: str
    ) -> Event:
        log = self.events[service]
        head = log[-1] if log else None
        data = {
            "closing_id": closing_id,
            "year": year,
            "as_of": as_of,
            "upto_sequence": len(log),
            "hash": head.hash if head else GENESIS,
            "counts": self.ledger.counts(service),
            **more,
        }
        return self.announce(service, "year.sealed.v1", f"year/{year}", data)

    def town_(self, **data: Any) -> str:
        return self.add("town", self.town, verb="registered", **{"name": "示例镇", **data})

    def deputy(self, name: str = "", *, level: str = "town", **data: Any) -> str:
        """A person and a mandate; returns the deputyship's id. `person_id` reuses a person, `gender` describes one."""
        gender = data.pop("gender", "m")
        person = data.pop("person_id", None)
        if person is None:
            person = self.add(
                "person", name=name or f"王示例{self.numbers.get('person', 0) + 1}", gender=gender
            )
        fields = {"started_on": "2016-12-20", "congress_number": 17, "constituency": "第一选区", **data}
        if fields.get("group_id") and "group_history" not in fields:
            fields["group_history"] = [{"group_id": fields["group_id"], "from_on": fields["started_on"]}]
        if fields.get("roles") and "role_history" not in fields:
            fields["role_history"] = [{"role": r, "from_on": fields["started_on"]} for r in fields["roles"]]
        return self.add("deputyship", person_id=person, level=level, **fields)

    def deputies(self, n: int, **data: Any) -> list[str]:
        return [self.deputy(**data) for _ in range(n)]

    def meeting(self, deputyship_ids: list[str], **data: Any) -> str:
        options = [{"code": c, "label": c} for c in ("satisfied", "basically_satisfied", "dissatisfied")]
        fields = {
            "year": 2020,
            "held_on": "2020-12-03",
            "state": "published",
            "scheme": {"id": "s", "name": "满意度测评", "options": options, "min_raters": 20},
            **data,
        }
        return self.add("meeting", deputyship_ids=deputyship_ids, **fields)

    @property
    def all_events(self) -> list[Event]:
        return [event for service in SERVICES for event in self.events[service]]

    @property
    def ledger(self) -> Ledger:
        return fold(self.town, self.all_events)

    def ledger_of(self, service: str) -> Ledger:
        return fold(self.town, self.events[service])

    def year(self, year: int = 2020, as_of: str = "2020-12-31") -> Year:
        return Year(self.ledger, year, date.fromisoformat(as_of))

    def figures(self, as_of: str = "2020-12-31", year: int = 2020) -> dict[str, Figure]:
        return compute(self.year(year, as_of))


def attendance(
    present: Iterable[str] = (), on_leave: Iterable[str] = (), absent: Iterable[str] = ()
) -> dict[str, Any]:
    return {
        "present": list(present),
        "on_leave": [{"deputyship_id": id, "reason": "illness"} for id in on_leave],
        "absent": list(absent),
    }


def result(
    deputies: dict[str, tuple[int, int, int]], *, issued: int, returned: int, void: int = 0
) -> dict[str, Any]:
    """Counts are (satisfied, basically satisfied, dissatisfied); what is left of the valid ballots abstained."""
    valid = returned - void
    codes = ("satisfied", "basically_satisfied", "dissatisfied")
    return {
        "issued": issued,
        "returned": returned,
        "not_returned": issued - returned,
        "void": void,
        "valid": valid,
        "suppressed": False,
        "deputies": [
            {
                "deputyship_id": id,
                "counts": dict(zip(codes, counts, strict=True)),
                "abstain": valid - sum(counts),
                "spoiled": 0,
            }
            for id, counts in deputies.items()
        ],
    }
