"""The deputyship aggregate (代表资格): groups, roles, suspensions, end, and its state on any day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal

from services.roster.domain.basis import article
from services.roster.domain.changes import Change, ChangeKind
from services.roster.domain.dated import Interval, Value, close, covers, not_after, not_before, unfit
from services.roster.errors import WrongStatus
from shared.storage.work import Record

Level = Literal["town", "county", "city", "province"]
LEVEL_LABELS: Final[Mapping[Level, str]] = {
    "town": "镇级",
    "county": "县级",
    "city": "市级",
    "province": "省级",
}
StartedBy = Literal["election", "by_election"]
Status = Literal["serving", "suspended", "ended", "voided"]
Role = Literal["chair", "vice_chair", "presidium", "group_leader"]
# 代表法 (2025) art. 61
SuspensionReason = Literal["criminal_detention", "serving_sentence"]
# 代表法 (2025) art. 62; `moved_away`: 迁出 (`moved_out`) or 调离 (`transferred`), not said which;
# `term_over` is the regular end, `area_abolished` (区划调整) ends with the town
EndReason = Literal[
    "moved_away",
    "moved_out",
    "transferred",
    "resigned",
    "ordered_resignation",
    "absent_twice",
    "recalled",
    "lost_nationality",
    "deprived_of_rights",
    "lost_capacity",
    "died",
    "term_over",
    "area_abolished",
]
ResignationOutcome = Literal["pending", "accepted", "not_accepted", "withdrawn", "lapsed"]
GIVEN_UP: Final = ("resigned", "ordered_resignation")
"""Reasons that need the acceptance of the congress (选举法 2020 art. 55, 代表法 2025 art. 62)."""


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


class Resignation(Value):
    """`requested_on` is None where only the acceptance was recorded; `settled_on` is the day of the outcome."""

    requested_on: date | None = None
    outcome: ResignationOutcome = "pending"
    settled_on: date | None = None
    accepted_by_session: str | None = None


class Deputyship(Record):
    """`reference`: the office's own number (编号).

    `voided`: entered by mistake. Its interval is empty, so that it was in office on no day, for every reader.
    """

    person_id: str
    reference: str | None = None
    level: Level
    congress_number: int | None = None
    constituency: str | None = None
    started_on: date
    started_by: StartedBy = "election"
    status: Status = "serving"
    group_id: str | None = None
    roles: list[Role] = []
    from_unit: str | None = None
    by_election_id: str | None = None
    ended_on: date | None = None
    ended_reason: EndReason | None = None
    void_reason: str | None = None
    suspensions: list[Suspension] = []
    group_history: list[Membership] = []
    role_history: list[RoleTerm] = []
    resignations: list[Resignation] = []
    changes: list[Change] = []


def start(deputyship: Deputyship) -> Deputyship:
    """Begin the history of a new deputyship with its group and roles."""
    began, how = deputyship.started_on, deputyship.started_by
    started = deputyship.model_copy(
        update={
            "group_history": [Membership(group_id=deputyship.group_id, from_on=began)]
            if deputyship.group_id
            else [],
            "role_history": [RoleTerm(role=role, from_on=began) for role in deputyship.roles],
        }
    )
    return written(started, "started", began, reason=how, basis=article(how, began))


def check_entry(
    status: Status, started_on: date, ended_on: date | None, ended_reason: EndReason | None
) -> None:
    """Check a new deputyship; one that has ended already is entered with its end. Errors: Invalid, ImpossibleDate."""
    if status == "suspended":
        raise unfit("status", "暂停请在登记之后用 :suspend 办理，须写明日期和原因")
    if status == "voided":
        raise unfit("status", "作废请在登记之后用 :void 办理，须写明原因")
    for name, value in (("ended_on", ended_on), ("ended_reason", ended_reason)):
        if status == "ended" and value is None:
            raise unfit(name, "已终止的代表资格须填终止日期和原因")
        if status != "ended" and value is not None:
            raise unfit(name, "填写了终止日期或原因，状态须为已终止（ended）")
    if ended_on is not None:
        not_after(started_on, ended_on, "任职开始", "body.ended_on")


def end(deputyship: Deputyship, *, reason: EndReason, on: date) -> Deputyship:
    """End the deputyship with its roles, group and suspension. Errors: WrongStatus, ImpossibleDate."""
    must_be_open(deputyship)
    not_after(deputyship.started_on, on, "任职开始")
    not_after(_latest(deputyship), on, "最近一次变动")
    ended = deputyship.model_copy(
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
    return written(ended, "ended", on, reason=reason, basis=article(reason, on))


def suspend(deputyship: Deputyship, *, reason: SuspensionReason, on: date) -> Deputyship:
    if deputyship.status != "serving":
        raise WrongStatus("只有在任的代表资格才能暂停")
    not_after(deputyship.started_on, on, "任职开始")
    not_after(_latest(deputyship), on, "最近一次变动")
    suspensions = [*deputyship.suspensions, Suspension(reason=reason, from_on=on)]
    suspended = deputyship.model_copy(update={"status": "suspended", "suspensions": suspensions})
    return written(suspended, "suspended", on, reason=reason, basis=article(reason, on))


def resume(deputyship: Deputyship, *, on: date) -> Deputyship:
    if deputyship.status != "suspended":
        raise WrongStatus("该代表资格没有被暂停")
    not_after(deputyship.suspensions[-1].from_on, on, "暂停")
    resumed = deputyship.model_copy(
        update={"status": "serving", "suspensions": close(deputyship.suspensions, on)}
    )
    return written(resumed, "resumed", on, basis=article("resumed", on))


def move(deputyship: Deputyship, *, group_id: str | None, on: date) -> Deputyship:
    """Change the group from `on`; earlier memberships stay in the history."""
    if group_id == deputyship.group_id:
        return deputyship
    must_be_open(deputyship)
    not_after(deputyship.started_on, on, "任职开始")
    not_after(_last_day(deputyship.group_history) or on, on, "上次编组")
    history = close(deputyship.group_history, on)
    if group_id is not None:
        history = [*history, Membership(group_id=group_id, from_on=on)]
    moved = deputyship.model_copy(update={"group_id": group_id, "group_history": history})
    return written(moved, "grouped", on, before=deputyship.group_id, after=group_id)


def appoint(deputyship: Deputyship, *, roles: Sequence[Role], on: date) -> Deputyship:
    """Change the roles from `on`: those no longer named end, new ones begin."""
    distinct = list(dict.fromkeys(roles))
    if set(distinct) == set(deputyship.roles):
        return deputyship.model_copy(update={"roles": distinct})
    must_be_open(deputyship)
    not_after(deputyship.started_on, on, "任职开始")
    dropped, new = set(deputyship.roles) - set(distinct), [r for r in distinct if r not in deputyship.roles]
    held_before = [term for term in deputyship.role_history if term.role in new]
    not_after(_last_day(held_before) or on, on, "上次担任该职务")
    history = [
        term.model_copy(update={"to_on": not_before(term.from_on, on)})
        if term.to_on is None and term.role in dropped
        else term
        for term in deputyship.role_history
    ]
    history += [RoleTerm(role=role, from_on=on) for role in new]
    appointed = deputyship.model_copy(update={"roles": distinct, "role_history": history})
    return written(appointed, "appointed", on, before=_named(deputyship.roles), after=_named(distinct))


def status_on(deputyship: Deputyship, day: date) -> Status | None:
    """What the deputyship was on a day; None before it began."""
    if day < deputyship.started_on:
        return None
    if deputyship.ended_on is not None and deputyship.ended_on <= day:
        return "ended"
    return "suspended" if any(covers(s, day) for s in deputyship.suspensions) else "serving"


def group_on(deputyship: Deputyship, day: date) -> str | None:
    return next((m.group_id for m in deputyship.group_history if covers(m, day)), None)


def roles_on(deputyship: Deputyship, day: date) -> list[Role]:
    return [term.role for term in deputyship.role_history if covers(term, day)]


def overlapping(new: Deputyship, others: Iterable[Deputyship]) -> Deputyship | None:
    """The first of `others` (same person and level) whose time overlaps the new one's; voided ones have no time."""
    if new.status == "voided":
        return None
    for other in others:
        if other.status == "voided":
            continue
        begins_before_other_ends = other.ended_on is None or new.started_on < other.ended_on
        ends_after_other_begins = new.ended_on is None or other.started_on < new.ended_on
        if other.id != new.id and begins_before_other_ends and ends_after_other_begins:
            return other
    return None


def written(deputyship: Deputyship, kind: ChangeKind, on: date, **entry: Any) -> Deputyship:
    """Add an entry to the history, with the version about to be written."""
    change = Change(kind=kind, on=on, version=deputyship.version + 1, **entry)
    return deputyship.model_copy(update={"changes": [*deputyship.changes, change]})


def must_be_open(deputyship: Deputyship) -> None:
    """Errors: WrongStatus."""
    must_hold(deputyship)
    if deputyship.status == "ended":
        raise WrongStatus("该代表资格已经终止")


def must_hold(deputyship: Deputyship) -> None:
    """Errors: WrongStatus for a voided one, which is kept as it was."""
    if deputyship.status == "voided":
        raise WrongStatus(f"该代表资格已经作废（{deputyship.void_reason}），保留原样，不能再改")


def _latest(deputyship: Deputyship) -> date:
    """The last day on which something about the deputyship is known to have changed."""
    dated: list[Interval] = [
        *deputyship.suspensions,
        *deputyship.group_history,
        *deputyship.role_history,
    ]
    return max(deputyship.started_on, _last_day(dated) or deputyship.started_on)


def _last_day(history: Iterable[Interval]) -> date | None:
    return max(
        (day for item in history for day in (item.from_on, item.to_on) if day is not None), default=None
    )


def _named(roles: Sequence[Role]) -> str | None:
    return "、".join(roles) or None
