"""A deputyship (代表资格) through time: groups, roles, suspensions, its end; what was true of it on which day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, TypeVar

from services.roster.domain.dated import Interval, Value, close, covers, not_after, not_before, unfit
from services.roster.errors import WrongStatus
from shared.work import Record

Level = Literal["town", "county", "city", "province"]
StartedBy = Literal["election", "by_election"]
Status = Literal["serving", "suspended", "ended"]
Role = Literal["chair", "vice_chair", "presidium", "group_leader"]
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
        raise unfit("status", "暂停请在登记之后用 :suspend 办理，须写明日期和原因")
    for name, value in (("ended_on", ended_on), ("ended_reason", ended_reason)):
        if status == "ended" and value is None:
            raise unfit(name, "已终止的代表资格须填终止日期和原因")
        if status != "ended" and value is not None:
            raise unfit(name, "填写了终止日期或原因，状态须为已终止（ended）")
    if ended_on is not None:
        not_after(started_on, ended_on, "任职开始", "body.ended_on")


def end(deputyship: Deputyship, *, reason: EndReason, on: date) -> Deputyship:
    """Close the deputyship and everything that hung on it. Raises WrongStatus, ImpossibleDate."""
    if deputyship.status == "ended":
        raise WrongStatus("该代表资格已经终止")
    not_after(deputyship.started_on, on, "任职开始")
    not_after(_latest(deputyship), on, "最近一次变动")
    return deputyship.model_copy(
        update={
            "status": "ended",
            "ended_on": on,
            "ended_reason": reason,
            "group_id": None,
            "roles": [],
            "suspensions": close(deputyship.suspensions, on),
            "group_history": close(deputyship.group_history, on),
            "role_history": close(deputyship.role_history, on),
        }
    )


def suspend(deputyship: Deputyship, *, reason: SuspensionReason, on: date) -> Deputyship:
    if deputyship.status != "serving":
        raise WrongStatus("只有在任的代表资格才能暂停")
    not_after(deputyship.started_on, on, "任职开始")
    not_after(_latest(deputyship), on, "最近一次变动")
    suspensions = [*deputyship.suspensions, Suspension(reason=reason, from_on=on)]
    return deputyship.model_copy(update={"status": "suspended", "suspensions": suspensions})


def resume(deputyship: Deputyship, *, on: date) -> Deputyship:
    if deputyship.status != "suspended":
        raise WrongStatus("该代表资格没有被暂停")
    not_after(deputyship.suspensions[-1].from_on, on, "暂停")
    return deputyship.model_copy(
        update={"status": "serving", "suspensions": close(deputyship.suspensions, on)}
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
        not_after(started_on, item.from_on or started_on, "任职开始", "body.started_on")
    if moved.ended_on is not None:
        not_after(started_on, moved.ended_on, "任职开始", "body.started_on")
    return moved


def move(deputyship: Deputyship, *, group_id: str | None, on: date) -> Deputyship:
    """Change the group from `on`; who was in which group before stays on record."""
    if group_id == deputyship.group_id:
        return deputyship
    _open(deputyship)
    not_after(deputyship.started_on, on, "任职开始")
    not_after(max((m.from_on for m in deputyship.group_history), default=on), on, "上次编组")
    history = close(deputyship.group_history, on)
    if group_id is not None:
        history = [*history, Membership(group_id=group_id, from_on=on)]
    return deputyship.model_copy(update={"group_id": group_id, "group_history": history})


def appoint(deputyship: Deputyship, *, roles: Sequence[Role], on: date) -> Deputyship:
    """Change the roles from `on`: those no longer named end, new ones begin."""
    wanted = list(dict.fromkeys(roles))
    if set(wanted) == set(deputyship.roles):
        return deputyship.model_copy(update={"roles": wanted})
    _open(deputyship)
    not_after(deputyship.started_on, on, "任职开始")
    dropped = set(deputyship.roles) - set(wanted)
    history = [
        term.model_copy(update={"to_on": not_before(term.from_on, on)})
        if term.to_on is None and term.role in dropped
        else term
        for term in deputyship.role_history
    ]
    history += [RoleTerm(role=role, from_on=on) for role in wanted if role not in deputyship.roles]
    return deputyship.model_copy(update={"roles": wanted, "role_history": history})


def status_on(deputyship: Deputyship, day: date) -> Status | None:
    """What the deputyship was on a day; None before it began."""
    if day < deputyship.started_on:
        return None
    if deputyship.ended_on is not None and deputyship.ended_on <= day:
        return "ended"
    return "suspended" if any(covers(s, day) for s in deputyship.suspensions) else "serving"


def overlapping(new: Deputyship, others: Iterable[Deputyship]) -> Deputyship | None:
    """Another deputyship of the same person and level that the new one would run beside."""
    for other in others:
        begins_before_other_ends = other.ended_on is None or new.started_on < other.ended_on
        ends_after_other_begins = new.ended_on is None or other.started_on < new.ended_on
        if other.id != new.id and begins_before_other_ends and ends_after_other_begins:
            return other
    return None


Held = TypeVar("Held", Membership, RoleTerm)


def _rebegin(item: Held, before: date, started_on: date) -> Held:
    if item.from_on != before:
        return item
    if item.to_on is not None:
        not_after(started_on, item.to_on, "任职开始", "body.started_on")
    return item.model_copy(update={"from_on": started_on})


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
