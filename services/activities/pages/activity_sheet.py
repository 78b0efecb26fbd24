"""What is printed of an activity: 活动登记表, with its attendance in the order of the sign-in sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.activities.domain.activities import KIND_LABELS, Activity
from services.activities.domain.leave import Leave
from services.activities.domain.roll import Line, Roll
from services.activities.pages.suggestion_sheets import BLANK, day
from services.activities.sheets.attendance import LEAVES
from shared.chinese.names import spaced
from shared.documents.sheets import Form, Row, Sheet, Table

NOT_RECORDED: Final = "没有记录"
_PAIR: Final = (15, 35, 15, 35)
_WHOLE: Final = (15, 85)
_LEAVES: Final = {code: word for word, code in LEAVES.items()}
_COUNTS: Final = {
    "voters_count": "接待选民（人次）",
    "opinions_count": "意见（条）",
    "sites_count": "点位（个）",
    "reports_count": "报告（篇）",
    "households_count": "走访（户）",
    "beneficiaries_count": "受益（人）",
    "amount_yuan": "金额（元）",
}


@dataclass(frozen=True)
class Held:
    """An activity with the names of those it refers to; `roll`: who was expected, numbered as on the sign-in sheet."""

    activity: Activity
    town: str
    groups: Sequence[str]
    station: str
    roll: Roll


def sheet(held: Held) -> Sheet:
    activity = held.activity
    until = f"至{day(activity.ended_on)}" if activity.ended_on else ""
    rows = [
        Row(("名称", activity.title, "类型", KIND_LABELS[activity.kind]), _PAIR),
        Row(("日期", f"{day(activity.held_on)}{until}", "地点", activity.place), _PAIR),
        Row(("小组", "、".join(held.groups), "站点", held.station), _PAIR),
        Row(("组织单位", activity.organiser, "编号", activity.reference or ""), _PAIR),
        Row(("议题和内容", "\n".join(_content(activity))), _WHOLE, 8),
        Row(("数量", "　".join(_counted(activity))), _WHOLE),
        Row(("反馈办理", _followed(activity)), _WHOLE),
        Row(("出席情况", _numbers(held)), _WHOLE),
    ]
    headers, widths = ("序号", "姓名", "组别", "选区（单位）", "出席情况"), (8, 18, 12, 32, 30)
    voided = (f"本条已作废：{activity.void_reason}",) if activity.void_reason is not None else ()
    return Sheet(
        "代表活动登记表",
        voided,
        (Form(rows), *((Table(headers, widths, list(_attended(held))),) if _anyone(held) else ())),
        (f"组长（主持人）签名：{BLANK}　　　登记人：{BLANK}　　　日期：{BLANK}",),
        letterhead=f"{held.town}人民代表大会",
    )


def _content(activity: Activity) -> Iterator[str]:
    yield from activity.topics
    yield from (f"法律法规：{law}" for law in activity.laws)
    yield from (
        f"评议单位：{unit.name}{'：' + unit.result if unit.result else ''}" for unit in activity.units
    )
    yield from (f"询问{one.unit}：{one.text}" for one in activity.questions)
    if activity.case is not None:
        yield from (text for text in (activity.case.raised, activity.case.done, activity.case.effect) if text)


def _counted(activity: Activity) -> Iterator[str]:
    """What was counted: left out is not counted, which is not zero."""
    for name, label in _COUNTS.items():
        if (count := getattr(activity, name)) is not None:
            yield f"{label} {count}"


def _followed(activity: Activity) -> str:
    follow = activity.follow_up
    if follow is None:
        return ""
    passed = f"{day(follow.passed_on)}转交{follow.passed_to}" if follow.passed_on or follow.passed_to else ""
    back = f"{day(follow.fed_back_on)}反馈" if follow.fed_back_on else ""
    return "，".join(part for part in (passed, back) if part)


def _anyone(held: Held) -> bool:
    return bool(held.roll.lines or held.activity.attendance.recorded)


def _numbers(held: Held) -> str:
    """Of those expected, by state; others who came are counted apart."""
    attendance, expected = held.activity.attendance, {line.deputyship_id for line in held.roll.lines}
    if not _anyone(held):
        return NOT_RECORDED
    on_leave = {leave.deputyship_id for leave in attendance.on_leave}
    present = {*attendance.present}
    counts = {
        "应到": len(expected),
        "实到": len(present & expected),
        "请假": len(on_leave & expected),
        "缺席": len({*attendance.absent} & expected),
        NOT_RECORDED: len(expected - {*attendance.ids}),
    }
    others = len(present - expected)
    told = [f"{word}{count}人" for word, count in counts.items() if count or word in ("应到", "实到")]
    return "，".join((*told, *((f"另有{others}人参加",) if others else ())))


def _attended(held: Held) -> Iterator[tuple[str, ...]]:
    """Those expected by their numbers, then others who are named."""
    named = {*held.activity.attendance.ids}
    guests = (line for line in held.roll.guests if line.deputyship_id in named)
    for line in (*held.roll.lines, *guests):
        group = f"第{line.group}组" if line.group else ""
        number = str(line.number or "")
        yield number, spaced(line.name), group, line.constituency, _state(held.activity, line)


def _state(activity: Activity, line: Line) -> str:
    attendance, id = activity.attendance, line.deputyship_id
    if id in attendance.present:
        ways = attendance.ways_of(id)
        return f"出席（{ways}）" if ways else "出席"
    if id in attendance.absent:
        return "缺席"
    leave = next((leave for leave in attendance.on_leave if leave.deputyship_id == id), None)
    return _leave(leave) if leave is not None else NOT_RECORDED


def _leave(leave: Leave) -> str:
    return f"请假（{_LEAVES[leave.reason]}）" if leave.reason is not None else "请假"
