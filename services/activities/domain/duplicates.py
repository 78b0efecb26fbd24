"""Activities that may be one, entered more than once: which they are, how they differ, and the merge.

Nothing is merged by itself. Two that are not one are declared different, and are not listed again.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations, groupby
from typing import Any, Final, Literal, TypeVar

from services.activities.domain.activities import Activity, ActivityState
from services.activities.domain.attendance import PARTS, Attendance
from services.activities.domain.values import Value
from services.activities.errors import MergeConflict
from shared.chinese.characters import key
from shared.errors import FieldError
from shared.storage.work import Record

Side = Literal["from", "into"]
R = TypeVar("R", bound=Record)
W = TypeVar("W", bound=str)
Reason = Literal["same_title", "same_place", "same_people"]

LABELS: Final[Mapping[str, str]] = {
    "title": "名称",
    "place": "地点",
    "group_id": "小组",
    "group_ids": "联合开展的小组",
    "ended_on": "结束日期",
    "questions": "询问的问题",
    "case": "案例",
    "station_id": "活动阵地",
    "notice_on": "公告日期",
    "topics": "议题",
    "opinions_count": "意见条数",
    "voters_count": "接待选民人次",
    "sites_count": "点位数",
    "laws": "涉及法律",
    "reports_count": "报告篇数",
    "organiser": "组织单位",
    "units": "评议单位",
    "households_count": "走访户数",
    "beneficiaries_count": "受益人数",
    "amount_yuan": "金额",
    "follow_up": "转交和反馈",
    "plan_item_id": "年度计划项目",
}
_FIXED: Final[Mapping[str, str]] = {"kind": "类型", "held_on": "日期"}
_NUMBER: Final = re.compile(r"[0-9〇零一二三四五六七八九十百]+")
_JOINED: Final = ("tags", "themes", "forms", "evidence")


class Duplicate(Value):
    """Activities of one day, kind and group that may be one, the earliest entry first."""

    activities: tuple[Activity, ...]
    reasons: tuple[Reason, ...]


def duplicates(activities: Iterable[Activity]) -> list[Duplicate]:
    """By day; three entries of one activity are one duplicate."""
    held = [activity for activity in activities if activity.state is ActivityState.HELD]
    order = sorted(held, key=lambda a: (a.held_on, a.kind, a.group_id or "", a.id))
    series = (list(s) for _, s in groupby(order, key=lambda a: (a.held_on, a.kind, a.group_id)))
    return [
        Duplicate(activities=found, reasons=reasons)
        for one in series
        for found, reasons in alike(one, likeness)
    ]


def alike(
    series: list[R], likeness: Callable[[R, R], list[W]]
) -> Iterator[tuple[tuple[R, ...], tuple[W, ...]]]:
    """Sets of records, each like another of its set, the earliest entry first, and why they are."""
    sets: dict[str, list[R]] = {record.id: [record] for record in series}
    reasons: dict[str, set[W]] = {}
    for one, other in combinations(series, 2):
        if not (why := likeness(one, other)):
            continue
        here, there = sets[one.id], sets[other.id]
        if here is not there:
            here += there
            sets.update(dict.fromkeys((record.id for record in there), here))
        for record in (one, other):
            reasons.setdefault(record.id, set()).update(why)
    for found in {id(found): found for found in sets.values()}.values():
        if len(found) > 1:
            why = sorted(set().union(*(reasons[record.id] for record in found)))
            yield tuple(sorted(found, key=lambda record: record.id)), tuple(why)


def repeated(
    held: Iterable[Activity], *, group_id: str | None, title: str | None, place: str | None
) -> list[Activity]:
    """Those of the group (all for none) whose title and place are not known to be others, oldest entry first."""
    return sorted(
        (
            activity
            for activity in held
            if activity.state is ActivityState.HELD
            and (group_id is None or group_id in activity.groups or not activity.groups)
            and not (title and differ_by_numbers(activity.title, title))
            and not (place and activity.place and key(place) != key(activity.place))
        ),
        key=lambda activity: activity.id,
    )


def likeness(one: Activity, other: Activity) -> list[Reason]:
    """Why two of one day, kind and group may be one.

    Nothing where people, station, number in the title, or title and place are others.
    """
    if other.id in one.different_from or one.id in other.different_from:
        return []
    here, there = set(one.attendance.present), set(other.attendance.present)
    stations = {one.station_id, other.station_id} - {None}
    if (
        len(stations) > 1
        or (here and there and not here & there)
        or differ_by_numbers(one.title, other.title)
    ):
        return []
    title = key(one.title) == key(other.title)
    places = {key(place) for place in (one.place, other.place) if place}
    if len(places) > 1 and not (title and here & there):
        return []
    found: list[Reason] = ["same_title"] if title else []
    if one.place and other.place and len(places) == 1:
        found.append("same_place")
    if here & there:
        found.append("same_people")
    return found


def differ_by_numbers(one: str, other: str) -> bool:
    """Whether two titles differ by their numbers alone, as 第一期培训 and 第二期培训 do."""
    return key(one) != key(other) and _NUMBER.sub("", key(one)) == _NUMBER.sub("", key(other))


def merged(duplicate: Activity, target: Activity, choices: Mapping[str, Side]) -> tuple[Activity, Activity]:
    """(tombstone, survivor). The survivor takes what only the duplicate says. Errors: ActivityVoided, MergeConflict."""
    duplicate.check_open()
    target.check_open()
    duplicate, target = duplicate.classified(()), target.classified(())
    faults = [*_fixed(duplicate, target), *_differing(duplicate, target, choices)]
    attendance, contradicted = _attendance(duplicate.attendance, target.attendance)
    faults += contradicted
    if faults:
        raise MergeConflict("；".join(fault.message for fault in faults), errors=faults)
    values: dict[str, Any] = {
        name: getattr(duplicate, name)
        for name in LABELS
        if _said(duplicate, name) and (not _said(target, name) or choices.get(name) == "from")
    }
    for name in _JOINED:
        values[name] = tuple(dict.fromkeys((*getattr(target, name), *getattr(duplicate, name))))
    survivor = target.model_copy(update=values | {"attendance": attendance}).classified(("themes", "forms"))
    reason = f"与 {target.held_on} 的“{target.title}”重复，已并入"
    tombstone = duplicate.voided(reason).model_copy(update={"merged_into": target.id})
    return tombstone, survivor


def _said(activity: Activity, name: str) -> bool:
    """Whether the field says anything; a count of zero does."""
    return getattr(activity, name) not in (None, "", ())


def _fixed(duplicate: Activity, target: Activity) -> Iterator[FieldError]:
    for name, label in _FIXED.items():
        if getattr(duplicate, name) != getattr(target, name):
            yield FieldError("body.into", f"两条的{label}不同，请先核对并更正")


def _differing(duplicate: Activity, target: Activity, choices: Mapping[str, Side]) -> Iterator[FieldError]:
    for name, label in LABELS.items():
        both = _said(duplicate, name) and _said(target, name)
        if both and name not in choices and getattr(duplicate, name) != getattr(target, name):
            yield FieldError(f"body.choices.{name}", f"两条的{label}不同，请选择保留哪一个")


def _attendance(duplicate: Attendance, target: Attendance) -> tuple[Attendance, list[FieldError]]:
    """Everybody named in either; who has two states in them is an error."""
    known = {id: place.partition(".")[0] for place, id in target.named()}
    new = {id: place.partition(".")[0] for place, id in duplicate.named()}
    part_time = {one.deputyship_id for one in target.half_day}
    faults = [
        FieldError("body.into", f"{id} 一条记为{PARTS[known[id]]}，另一条记为{PARTS[part]}，请先更正")
        for id, part in new.items()
        if known.get(id, part) != part
    ]
    return Attendance(
        present=(*target.present, *(id for id in duplicate.present if id not in known)),
        on_leave=(*target.on_leave, *(one for one in duplicate.on_leave if one.deputyship_id not in known)),
        absent=(*target.absent, *(id for id in duplicate.absent if id not in known)),
        online=tuple(dict.fromkeys((*target.online, *duplicate.online))),
        half_day=(
            *target.half_day,
            *(one for one in duplicate.half_day if one.deputyship_id not in part_time),
        ),
    ), faults
