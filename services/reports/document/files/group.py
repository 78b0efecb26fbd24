"""The printed file of a group, in eight parts; absent members are named, nobody is compared."""

from collections.abc import Iterable, Iterator

from services.reports.document.cells import Grid
from services.reports.document.files.booklet import (
    Booklet,
    Part,
    grid,
    part,
    reference,
    span,
    statement_lines,
    suggestions,
    took_part,
)
from services.reports.domain.files import Attendee, GroupEvent, GroupPlanItem
from services.reports.domain.statements import StatedGroupFile
from services.reports.names import ATTENDANCE, ITEM_STATES, KINDS, LEAVES, named
from services.reports.notation import day_text, days_text, rank_of, ranked

_LEVELS = {"town": "镇代表小组", "upper": "上级代表小组"}
_NAMED = ("on_leave", "absent", "not_recorded")


def group_booklet(file: StatedGroupFile) -> Booklet:
    own = [event for event in file.activities if event.kind == "group_activity"]
    others = [event for event in file.activities if event.kind != "group_activity"]
    return Booklet(
        title=f"{file.town_name}{file.name}履职档案（{file.year}年）",
        issuer=f"{file.town_name}人民代表大会主席团",
        year=file.year,
        parts=(
            part("基本情况", *_itself(file), notes=_rules(file)),
            part("组长和成员", *_people(file)),
            part("年度计划", _plan(file), notes=_done(file)),
            _events("小组活动", own),
            _events("视察、调研和其他活动", others),
            _events("学习培训", file.trainings),
            _events("出席人民代表大会会议", file.sessions),
            part("成员所提代表建议", suggestions(file.suggestions, leads=True)),
        ),
        statements=tuple(statement_lines(file, "组长")),
        signer="组长签名",
    )


def _itself(file: StatedGroupFile) -> Iterator[Grid]:
    columns = (("名称", 30), ("类别", 22), ("存续", 36), ("依据", 12))
    kind = ranked(named(_LEVELS, file.level), rank_of(file.town_name))
    stood = span(file.formed_on, file.dissolved_on)
    yield grid("", columns, [(file.name, kind, stood, reference(file.record))])
    station = file.station
    places = (("名称", 34), ("地址", 34), ("接待日", 20), ("依据", 12))
    day = station.reception_day if station else None
    shown = f"每月{day}日" if isinstance(day, int) else day or "—"
    rows = [(station.name, station.address or "—", shown, reference(station.record))] if station else []
    yield grid("活动场所", places, rows)


def _rules(file: StatedGroupFile) -> Iterator[str]:
    yield f"制度：{'、'.join(file.rules)}。" if file.rules else "没有登记制度。"


def _people(file: StatedGroupFile) -> Iterator[Grid]:
    leaders = (("姓名", 30), ("担任时间", 58), ("依据", 12))
    rows = (
        (leader.name, span(leader.from_on, leader.to_on), reference(leader.record)) for leader in file.leaders
    )
    yield grid("组长", leaders, rows)
    members = (("姓名", 20), ("选区", 28), ("在组时间", 40), ("依据", 12))
    yield grid(
        "成员",
        members,
        (
            (
                member.name,
                member.constituency or "—",
                span(member.from_on, member.to_on),
                reference(member.record),
            )
            for member in file.members
        ),
    )


def _plan(file: StatedGroupFile) -> Grid:
    columns = (("事项", 34), ("类型", 16), ("时限", 16), ("完成情况", 22), ("依据", 12))
    return grid("", columns, map(_item, file.plan), prose=(0,))


def _item(item: GroupPlanItem) -> tuple[str, ...]:
    done = "已完成" if item.done else named(ITEM_STATES, item.state)
    on = f"（{day_text(item.done_on)}）" if item.done and item.done_on else ""
    due = day_text(item.due_on) if item.due_on else "—"
    records = [item.record, *([item.activity] if item.activity else [])]
    return item.title, named(KINDS, item.kind) or "—", due, done + on, reference(*records)


def _done(file: StatedGroupFile) -> Iterator[str]:
    if file.plan:
        yield f"到期{file.plan_due}项，完成{file.plan_done}项。"


def _events(heading: str, events: Iterable[GroupEvent]) -> Part:
    columns = (("日期", 13), ("会议活动", 29), ("地点", 13), ("成员出席", 26), ("佐证", 7), ("依据", 12))
    rows = (
        (
            days_text(event.held_on, event.ended_on),
            event.title or named(KINDS, event.kind),
            event.place or "—",
            "\n".join(_came(event)),
            str(len(event.evidence)) if event.evidence else "—",
            reference(event.record),
        )
        for event in events
    )
    return part(heading, grid("", columns, rows, prose=(1, 3)))


def _came(event: GroupEvent) -> Iterator[str]:
    states = [member.state for member in event.members]
    due = len(states) - states.count("not_expected")
    yield f"应到{due}名，出席{states.count('present')}名" if due else f"出席{states.count('present')}名"
    for state in _NAMED:
        names = [_name(member) for member in event.members if member.state == state]
        if names:
            yield f"{named(ATTENDANCE, state)}：{'、'.join(names)}"
    partly = [f"{_name(member)}（{words}）" for member in event.members if (words := took_part(member))]
    if partly:
        yield f"其中：{'、'.join(partly)}"
    if event.others:
        yield f"另有{event.others}名代表参加"


def _name(member: Attendee) -> str:
    return f"{member.name}（{named(LEAVES, member.reason)}）" if member.reason else member.name
