"""Who is a deputy, on any date: people, deputyships with their dated history, groups, stations and constituencies.

Intervals are half-open, [from_on, to_on): on the day a deputyship ends its holder no longer serves, and on the day a
role passes on it belongs to the new holder.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from services.roster.errors import ImpossibleDate, WrongStatus
from shared.errors import FieldError, Invalid
from shared.work import Record

Gender = Literal["f", "m"]
Level = Literal["town", "county", "city", "province"]
StartedBy = Literal["election", "by_election"]
Status = Literal["serving", "suspended", "ended"]
Role = Literal["chair", "vice_chair", "presidium", "group_leader"]
GroupLevel = Literal["town", "upper"]
StationKind = Literal["activity_room", "liaison"]
# 代表法 (2025) art. 61
SuspensionReason = Literal["criminal_detention", "serving_sentence"]
# 代表法 (2025) art. 62; `term_over` is the regular end
EndReason = Literal[
    "moved_away",
    "resigned",
    "ordered_resignation",
    "absent_twice",
    "recalled",
    "lost_nationality",
    "deprived_of_rights",
    "lost_capacity",
    "died",
    "term_over",
]


class Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Suspension(Value):
    reason: SuspensionReason
    from_on: date
    to_on: date | None = None


class Membership(Value):
    group_id: str
    from_on: date
    to_on: date | None = None


class RoleTerm(Value):
    role: Role
    from_on: date
    to_on: date | None = None


class Leadership(Value):
    """`from_on` is None where nobody wrote down since when."""

    deputyship_id: str
    from_on: date | None = None
    to_on: date | None = None


class Town(Record):
    """`id` is the 9-digit code (GB/T 10114). `rules` is its rule pack; what it leaves out has defaults."""

    name: str
    county_name: str | None = None
    city_name: str | None = None
    congress_number: int | None = None
    quota: int | None = None
    population: int | None = None
    rules: dict[str, Any] = {}


class Person(Record):
    """`phone` and `id_number` never leave the service but to those whose role allows it."""

    name: str
    gender: Gender | None = None
    born_year: int | None = None
    ethnicity: str | None = None
    party: str | None = None
    education: str | None = None
    occupation: str | None = None
    phone: str | None = None
    id_number: str | None = None


class Deputyship(Record):
    person_id: str
    level: Level
    congress_number: int | None = None
    constituency: str | None = None
    started_on: date
    started_by: StartedBy = "election"
    status: Status = "serving"
    group_id: str | None = None
    roles: list[Role] = []
    from_unit: str | None = None
    ended_on: date | None = None
    ended_reason: EndReason | None = None
    suspensions: list[Suspension] = []
    group_history: list[Membership] = []
    role_history: list[RoleTerm] = []


class Group(Record):
    number: int
    name: str | None = None
    level: GroupLevel = "town"
    leader_deputyship_id: str | None = None
    leader_history: list[Leadership] = []
    station_id: str | None = None
    rules: list[str] = []
    formed_on: date | None = None
    dissolved_on: date | None = None


class Station(Record):
    name: str
    kind: StationKind = "activity_room"
    address: str | None = None
    serves: list[str] = []
    opened_on: date | None = None
    closed_on: date | None = None
    reception_day: int | str | None = None  # a day of every month, or in words


class Constituency(Record):
    name: str
    seats: int | None = None
    voters: int | None = None
    villages: list[str] = []


def start(deputyship: Deputyship) -> Deputyship:
    """Give a new deputyship the history its present group and roles imply."""
    began = deputyship.started_on
    return deputyship.model_copy(
        update={
            "group_history": [Membership(group_id=deputyship.group_id, from_on=began)]
            if deputyship.group_id
            else [],
            "role_history": [RoleTerm(role=role, from_on=began) for role in deputyship.roles],
        }
    )


def check_entry(
    status: Status, started_on: date, ended_on: date | None, ended_reason: EndReason | None
) -> None:
    """A deputyship may be entered when it is over already, then with its end. Raises Invalid, ImpossibleDate."""
    if status == "suspended":
        raise _unfit("status", "暂停请在登记之后用 :suspend 办理，须写明日期和原因")
    for name, value in (("ended_on", ended_on), ("ended_reason", ended_reason)):
        if status == "ended" and value is None:
            raise _unfit(name, "已终止的代表资格须填终止日期和原因")
        if status != "ended" and value is not None:
            raise _unfit(name, "填写了终止日期或原因，状态须为已终止（ended）")
    if ended_on is not None:
        _after(started_on, ended_on, "任职开始", "body.ended_on")


def check_period(from_on: date | None, to_on: date | None, *, loc: str) -> None:
    """What has been ended had begun. Raises ImpossibleDate."""
    if from_on is not None and to_on is not None:
        _after(from_on, to_on, "开始", loc)


def end(deputyship: Deputyship, *, reason: EndReason, on: date) -> Deputyship:
    """Close the deputyship and everything that hung on it. Raises WrongStatus, ImpossibleDate."""
    if deputyship.status == "ended":
        raise WrongStatus("该代表资格已经终止")
    _after(deputyship.started_on, on, "任职开始")
    _after(_latest(deputyship), on, "最近一次变动")
    return deputyship.model_copy(
        update={
            "status": "ended",
            "ended_on": on,
            "ended_reason": reason,
            "group_id": None,
            "roles": [],
            "suspensions": _close(deputyship.suspensions, on),
            "group_history": _close(deputyship.group_history, on),
            "role_history": _close(deputyship.role_history, on),
        }
    )


def suspend(deputyship: Deputyship, *, reason: SuspensionReason, on: date) -> Deputyship:
    if deputyship.status != "serving":
        raise WrongStatus("只有在任的代表资格才能暂停")
    _after(deputyship.started_on, on, "任职开始")
    _after(_latest(deputyship), on, "最近一次变动")
    suspensions = [*deputyship.suspensions, Suspension(reason=reason, from_on=on)]
    return deputyship.model_copy(update={"status": "suspended", "suspensions": suspensions})


def resume(deputyship: Deputyship, *, on: date) -> Deputyship:
    if deputyship.status != "suspended":
        raise WrongStatus("该代表资格没有被暂停")
    _after(deputyship.suspensions[-1].from_on, on, "暂停")
    return deputyship.model_copy(
        update={"status": "serving", "suspensions": _close(deputyship.suspensions, on)}
    )


def redate(deputyship: Deputyship, *, started_on: date) -> Deputyship:
    """Put the first day right, and with it the memberships and roles held since that day."""
    before = deputyship.started_on
    moved = deputyship.model_copy(
        update={
            "started_on": started_on,
            "group_history": [_rebegin(m, before, started_on) for m in deputyship.group_history],
            "role_history": [_rebegin(r, before, started_on) for r in deputyship.role_history],
        }
    )
    dated: list[Interval] = [*moved.suspensions, *moved.group_history, *moved.role_history]
    for item in dated:
        _after(started_on, item.from_on or started_on, "任职开始", "body.started_on")
    if moved.ended_on is not None:
        _after(started_on, moved.ended_on, "任职开始", "body.started_on")
    return moved


def move(deputyship: Deputyship, *, group_id: str | None, on: date) -> Deputyship:
    """Change the group from `on`; who was in which group before stays on record."""
    if group_id == deputyship.group_id:
        return deputyship
    _open(deputyship)
    _after(deputyship.started_on, on, "任职开始")
    _after(max((m.from_on for m in deputyship.group_history), default=on), on, "上次编组")
    history = _close(deputyship.group_history, on)
    if group_id is not None:
        history = [*history, Membership(group_id=group_id, from_on=on)]
    return deputyship.model_copy(update={"group_id": group_id, "group_history": history})


def appoint(deputyship: Deputyship, *, roles: Sequence[Role], on: date) -> Deputyship:
    """Change the roles from `on`: those no longer named end, new ones begin."""
    wanted = list(dict.fromkeys(roles))
    if set(wanted) == set(deputyship.roles):
        return deputyship.model_copy(update={"roles": wanted})
    _open(deputyship)
    _after(deputyship.started_on, on, "任职开始")
    dropped = set(deputyship.roles) - set(wanted)
    history = [
        term.model_copy(update={"to_on": _not_before(term.from_on, on)})
        if term.to_on is None and term.role in dropped
        else term
        for term in deputyship.role_history
    ]
    history += [RoleTerm(role=role, from_on=on) for role in wanted if role not in deputyship.roles]
    return deputyship.model_copy(update={"roles": wanted, "role_history": history})


def lead(group: Group, *, deputyship_id: str | None, on: date | None) -> Group:
    """Change the group's leader from `on`; None only for a group's first."""
    if deputyship_id == group.leader_deputyship_id:
        return group
    history = group.leader_history if on is None else _close(group.leader_history, on)
    if deputyship_id is not None:
        history = [*history, Leadership(deputyship_id=deputyship_id, from_on=on)]
    return group.model_copy(update={"leader_deputyship_id": deputyship_id, "leader_history": history})


def status_on(deputyship: Deputyship, day: date) -> Status | None:
    """What the deputyship was on a day; None before it began."""
    if day < deputyship.started_on:
        return None
    if deputyship.ended_on is not None and deputyship.ended_on <= day:
        return "ended"
    return "suspended" if any(covers(s, day) for s in deputyship.suspensions) else "serving"


class Interval(Protocol):
    @property
    def from_on(self) -> date | None: ...
    @property
    def to_on(self) -> date | None: ...


def covers(interval: Interval, day: date) -> bool:
    begun = interval.from_on is None or interval.from_on <= day
    return begun and (interval.to_on is None or day < interval.to_on)


Dated = TypeVar("Dated", Suspension, Membership, RoleTerm, Leadership)


def _rebegin(item: Dated, before: date, started_on: date) -> Dated:
    if item.from_on != before:
        return item
    if item.to_on is not None:
        _after(started_on, item.to_on, "任职开始", "body.started_on")
    return item.model_copy(update={"from_on": started_on})


def _close(history: Iterable[Dated], on: date) -> list[Dated]:
    return [
        item if item.to_on is not None else item.model_copy(update={"to_on": _not_before(item.from_on, on)})
        for item in history
    ]


def _not_before(earlier: date | None, day: date) -> date:
    if earlier is not None:
        _after(earlier, day, "上次变动")
    return day


def _latest(deputyship: Deputyship) -> date:
    """The last day on which something about the deputyship is known to have changed."""
    dated: list[Interval] = [
        *deputyship.suspensions,
        *deputyship.group_history,
        *deputyship.role_history,
    ]
    days = [day for item in dated for day in (item.from_on, item.to_on) if day is not None]
    return max([deputyship.started_on, *days])


def _open(deputyship: Deputyship) -> None:
    if deputyship.status == "ended":
        raise WrongStatus("该代表资格已经终止")


def _after(earlier: date, day: date, what: str, loc: str = "body.on") -> None:
    if day < earlier:
        message = f"{day} 早于{what}的日期 {earlier}"
        raise ImpossibleDate(message, errors=[FieldError(loc, message)])


def _unfit(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[FieldError(f"body.{field}", message)])


def overlapping(new: Deputyship, others: Iterable[Deputyship]) -> Deputyship | None:
    """Another deputyship of the same person and level that the new one would run beside."""
    for other in others:
        begins_before_other_ends = other.ended_on is None or new.started_on < other.ended_on
        ends_after_other_begins = new.ended_on is None or other.started_on < new.ended_on
        if other.id != new.id and begins_before_other_ends and ends_after_other_begins:
            return other
    return None
