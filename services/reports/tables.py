"""Annex tables of figures and records, ordered by business data."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from services.reports.domain import Figure, Report, Table
from services.reports.domain.differences import changed
from services.reports.events_in import Deputyship, Meeting, Suggestion
from services.reports.figures import changes, shown
from services.reports.figures.handling import Handling
from services.reports.figures.ledger import by_date
from services.reports.figures.mandates import in_group
from services.reports.figures.ratings import of_deputies
from services.reports.figures.year import Year, leader
from services.reports.names import (
    ATTENDANCE,
    CHANGES,
    CLASS_MEANINGS,
    CLASSES,
    LEVELS,
    SATISFACTION,
    named,
    reason_of,
)
from services.reports.notation import group_name, ranked, units_text
from shared.chinese import strokes
from shared.chinese.names import spaced
from shared.chinese.percent import percent

_MARKED = ("present", "on_leave", "absent", "not_recorded")

Row = tuple[str, ...]

_LONGEST_KEY = 24  # Word takes tags of 64 characters


def tables(year: Year, figures: Mapping[str, Figure], corrected: Report | None = None) -> tuple[Table, ...]:
    """Annex tables that have rows. (The document makes the table of all figures itself.)"""
    all_tables = (
        *([corrections(corrected, figures)] if corrected else []),
        group_table(year, figures),
        attendance_matrix(year),
        suggestion_table(year),
        unit_table(year),
        rating_table(year, figures),
        change_table(year),
    )
    return tuple(table for table in all_tables if table.rows)


def row_keys(names: Iterable[str]) -> list[str]:
    """Keys of rows in tags: their names, a repeated name numbered."""
    seen: Counter[str] = Counter()
    keys = []
    for name in (name[:_LONGEST_KEY] for name in names):
        seen[name] += 1
        keys.append(name if seen[name] == 1 else f"{name}~{seen[name]}")
    return keys


def corrections(corrected: Report, figures: Mapping[str, Figure]) -> Table:
    """Figures that differ from the approved edition, before and after."""
    changes_ = list(changed(corrected.figures, figures.values()))
    rows = [
        (
            change.label,
            shown(change.before) if change.before else "—",
            shown(change.after),
            change.unit or "—",
        )
        for change in changes_
    ]
    none = ("各项数字没有变动", "", "", "")
    return Table(
        id="corrections",
        caption=f"更正说明（第{corrected.version}版）",
        header=("指标", "原数", "更正后", "单位"),
        rows=tuple(rows) or (none,),
        figures=tuple((None, None, change.id, None) for change in changes_) or None,
    )


def group_table(year: Year, figures: Mapping[str, Figure]) -> Table:
    rows: list[Row] = []
    groups = [fact.data for fact in year.groups]
    for group in groups:
        held = [fact for fact in year.of_group(group) if fact.data.kind == "group_activity"]
        turnouts = [year.turnout_of(group, fact.data) for fact in held]
        present, expected = sum(len(t.present) for t in turnouts), sum(len(t.expected) for t in turnouts)
        members = sum(in_group(fact.data, group.id, year.as_of) for fact in year.serving())
        attended = sum(len(t.attended) for t in turnouts)
        rows.append(
            (
                group_name(group),
                spaced(year.name_of(leader(year, group))),
                str(members),
                str(len(held)),
                str(attended),
                percent(present, expected) if expected else "不适用",
            )
        )
    bound = ("group_activities.times", "group_activities.person_times", "group_activities.attendance_rate")
    total = ("合计", "", "", *(shown(figures[id]) for id in bound))
    tags = [
        (None, None, *(f"{id}@{key}" for id in ("groups.members", *bound)))
        for key in row_keys(map(group_name, groups))
    ]
    return Table(
        id="groups",
        caption="代表小组活动统计表",
        header=("小组", "组长", "现有成员", "活动次数", "参加人次", "参加率"),
        rows=(*rows, total) if rows else (),
        figures=(*tags, (None, None, None, *bound)) if rows else None,
    )


def attendance_matrix(year: Year) -> Table:
    """Town deputies by sessions, names in stroke order; namesakes carry their constituency."""
    serving = {fact.data.id: fact.data for fact in year.serving("town")}
    for fact in year.sessions:
        expected = year.expected(fact.data)
        serving.update({fact.data.id: fact.data for fact in year.deputyships if fact.data.id in expected})
    ordered = [fact.data for fact in year.deputyships if fact.data.id in serving]
    names = [spaced(year.name_of(deputyship)) for deputyship in ordered]
    rows = [
        (f"{name}（{d.constituency}）" if names.count(name) > 1 else name, *_marks(year, d))
        for d, name in zip(ordered, names, strict=True)
    ]
    return Table(
        id="attendance",
        caption=f"{year.rank}人大代表出席会议情况表",
        header=("代表", *(year.dated(f.data.held_on) + "会议" for f in year.sessions if f.data.held_on)),
        rows=tuple(rows) if year.sessions else (),
    )


def _marks(year: Year, deputyship: Deputyship) -> Iterator[str]:
    for fact in year.sessions:
        turnout = year.turnout(fact.data)
        person = year.person_of(deputyship.id)
        part = next((ATTENDANCE[name] for name in _MARKED if person in getattr(turnout, name)), "—")
        yield part


def suggestion_table(year: Year) -> Table:
    """The words of suggestions that are not to be made public (不予公开) are not known here."""
    withheld = any(fact.data.withheld for fact in year.suggestions)
    handled = [(fact.data, year.handling(fact.data)) for fact in year.suggestions]
    return Table(
        id="suggestions",
        caption=f"代表建议办理情况表{'（不予公开的只列编号和办理情况）' if withheld else ''}",
        header=("编号", "标题", "领衔代表", "提出日期", "承办单位", "办理情况"),
        rows=tuple(_suggestion(year, suggestion, now) for suggestion, now in handled),
        prose=(1,),
        notes=tuple(_legend({now.reply_class for _, now in handled if now.replied})),
    )


def _suggestion(year: Year, suggestion: Suggestion, now: Handling) -> Row:
    lead = year.ledger.get(Deputyship, suggestion.lead_deputyship_id)
    return (
        str(suggestion.number if suggestion.number is not None else ""),
        suggestion.title,
        spaced(year.name_of(lead)),
        year.dated(suggestion.raised_on) if suggestion.raised_on else "",
        units_text(suggestion.unit, suggestion.co_units),
        _outcome(year, now),
    )


def _outcome(year: Year, now: Handling) -> str:
    """Class of the reply and evaluation by the deputy, or the due date; what is overdue is marked."""
    if now.rejected:
        return "不予受理"
    if now.forwarded and not now.replied:
        return "转县办理，已答复" if now.answered else "转县办理"
    if not now.replied:
        due = now.due_on
        overdue = "（逾期）" if due and due < year.as_of else ""
        return f"{year.dated(due)}前答复{overdue}" if due else "未交办"
    reply = CLASSES.get(now.reply_class, "已答复") + ("（逾期）" if now.replied_late else "")
    return f"{reply}，{SATISFACTION[now.result]}" if now.result in SATISFACTION else reply


def _legend(classes: Collection[str]) -> Iterator[str]:
    """What the classes of replies mean that the table has."""
    meanings = [f"{CLASSES[code]}：{meaning}" for code, meaning in CLASS_MEANINGS.items() if code in classes]
    if meanings:
        yield f"注：{'；'.join(meanings)}。"


def unit_table(year: Year) -> Table:
    """Suggestions by unit, in stroke order, the results at the unit that leads; none where there is but one unit."""
    handled = [(f.data, year.handling(f.data)) for f in year.suggestions]
    assigned = [(suggestion, now) for suggestion, now in handled if now.assigned]
    named = {unit for suggestion, _ in assigned for unit in (suggestion.unit, *suggestion.co_units) if unit}
    units = sorted(named, key=strokes.key)
    rows = []
    for unit in units:
        led = [now for suggestion, now in assigned if suggestion.unit == unit]
        co = sum(unit in suggestion.co_units for suggestion, _ in assigned)
        results = (sum(now.result == code for now in led) for code in SATISFACTION)
        rows.append((unit, *map(str, (len(led), co, sum(now.replied for now in led), *results))))
    bound = ("led", "co", "replied", *SATISFACTION)
    keys = dict(zip(sorted(units), row_keys(sorted(units)), strict=True))
    tags = [(None, *(f"suggestions.{id}@{keys[unit]}" for id in bound)) for unit in units]
    return Table(
        id="units",
        caption="代表建议承办单位情况表",
        header=("单位", "主办", "会办", "主办的已答复", *SATISFACTION.values()),
        rows=tuple(rows) if len(rows) > 1 else (),
        figures=tuple(tags) if len(rows) > 1 else None,
    )


_RATED = ("deputies", "issued", "returned", "void", "valid", "abstained")


def _hidden(meeting: Meeting) -> bool:
    return meeting.result is not None and meeting.result.suppressed


def rating_table(year: Year, figures: Mapping[str, Figure]) -> Table:
    """Ballots by meeting, never by deputy: the report must not rank people."""
    meetings = [fact.data for fact in year.rating_meetings]
    rows = [
        (
            year.dated(meeting.held_on) if meeting.held_on else "",
            meeting.constituency,
            str(len(year.persons(meeting.deputyship_ids))),
            *_counts(meeting.result, ("issued", "returned", "void", "valid")),
            "—" if _hidden(meeting) else str(of_deputies(meeting, "abstain")),
            "人数不足，不公布" if _hidden(meeting) else "已公布",
        )
        for meeting in meetings
    ]
    bound = tuple(f"ratings.{name}" for name in _RATED)
    total = ("合计", "", *(shown(figures[id]) for id in bound), "")
    keys = row_keys(f"{meeting.held_on} {meeting.constituency}".strip() for meeting in meetings)
    tags = [
        (
            None,
            None,
            *(f"{id}@{key}" for id in bound[:-1]),
            None if _hidden(m) else f"{bound[-1]}@{key}",
            None,
        )
        for key, m in zip(keys, meetings, strict=True)
    ]
    return Table(
        id="ratings",
        caption="代表述职测评情况表",
        header=("日期", "选区", "述职代表", "发出", "收回", "废票", "有效", "弃权", "结果"),
        rows=(*rows, total) if rows else (),
        figures=(*tags, (None, None, *bound, None)) if rows else None,
    )


def change_table(year: Year) -> Table:
    """By-elections, endings and suspensions by day; a general election appears as a figure only."""
    rows = [
        *((f.data.started_on, f.data, "补选") for f in changes.by_elected(year)),
        *((f.data.ended_on, f.data, _ending(f.data)) for f in changes.over(year)),
        *(
            (span.from_on, f.data, CHANGES["suspended"])
            for f in changes.suspended(year)
            for span in f.data.suspensions
            if year.within(span.from_on)
        ),
    ]
    return Table(
        id="changes",
        caption="代表变动情况表",
        header=("日期", "姓名", "层级", "选区", "变动"),
        rows=tuple(
            (
                year.dated(day),
                spaced(year.name_of(d)),
                ranked(named(LEVELS, d.level), year.rank),
                d.constituency,
                what,
            )
            for day, d, what in sorted(rows, key=lambda row: by_date(row[0]))
            if day
        ),
    )


def _ending(deputyship: Deputyship) -> str:
    reason = reason_of(deputyship.ended_reason)
    if deputyship.ended_reason in changes.NO_TERMINATION:
        return reason
    return f"{CHANGES['ended']}（{reason}）" if reason else CHANGES["ended"]


def _counts(result: object, names: Iterable[str]) -> Sequence[str]:
    return [str(getattr(result, name, "")) for name in names]
