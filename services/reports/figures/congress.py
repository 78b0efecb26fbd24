"""Figures of sessions of the congress and meetings of its presidium."""

from services.reports.events_in import Session
from services.reports.figures import attendance
from services.reports.figures.definition import Definition, FigureKind, Measured, count, refs, total
from services.reports.figures.mandates import in_presidium
from services.reports.figures.year import Year
from services.reports.notation import quarter_of, quarters


def _sessions(year: Year) -> attendance.Events:
    return year.sessions


def _meetings(year: Year) -> attendance.Events:
    return year.presidium_meetings


def _days(year: Year) -> Measured:
    """Days up to `as_of`: of a session that goes on after it, only those that have passed. An end before the beginning
    tells nothing."""

    def days(session: Session) -> int | None:
        if session.held_on is None or session.ended_on is None or session.ended_on < session.held_on:
            return None
        return (min(session.ended_on, year.as_of) - session.held_on).days + 1

    return total(year.sessions, days)


def _on_agenda(year: Year) -> Measured:
    moved = [fact for fact in year.sessions if fact.data.motions]
    answers = [motion.on_agenda for fact in moved for motion in fact.data.motions]
    if answers and all(answer is None for answer in answers):
        return Measured.missing(refs(moved))
    return Measured(answers.count(True), refs(year.sessions))


def quarters_held(year: Year) -> frozenset[tuple[int, int]]:
    """Quarters (year, number) with at least one presidium meeting."""
    days = [m.data.held_on for m in year.presidium_meetings if m.data.held_on]
    return frozenset((day.year, quarter_of(day)) for day in days)


def _quarters_missed(year: Year) -> Measured:
    lacking = set(quarters(year.start, year.as_of)) - quarters_held(year)
    return Measured(len(lacking), refs(year.presidium_meetings))


def _quarters_covered(year: Year) -> Measured:
    return Measured(len(quarters_held(year)), refs(year.presidium_meetings))


def _observers(session: Session) -> int | None:
    """The total as entered, otherwise the sum of the kinds."""
    if session.observers is None and session.observer_kinds:
        return sum(kind.count for kind in session.observer_kinds)
    return session.observers


_IN_PERIOD = "统计期内（起始日至截止日，含首尾两日，以举行日期为准）"
_SESSION_EXPECTED = "每次会议的应到人数为举行当日在任的镇人大代表（暂停执行职务的不计）"
_PRESIDIUM_EXPECTED = "每次会议的应到人数为举行当日在任的主席团成员（含主席、副主席）"

DEFINITIONS = (
    Definition(
        "congress.sessions",
        "人民代表大会会议次数",
        f"{_IN_PERIOD}举行的镇人民代表大会会议次数。",
        "次",
        FigureKind.COUNT,
        lambda y: count(y.sessions),
    ),
    Definition(
        "congress.reports_heard",
        "听取报告项数",
        "统计期内各次会议听取和审议的报告项数之和。",
        "项",
        FigureKind.SUM,
        lambda y: total(y.sessions, lambda s: len(s.reports)),
    ),
    Definition(
        "congress.resolutions",
        "通过决议项数",
        "统计期内各次会议通过的决议项数之和。",
        "项",
        FigureKind.SUM,
        lambda y: total(y.sessions, lambda s: len(s.resolutions)),
    ),
    Definition(
        "congress.motions",
        "议案件数",
        "统计期内各次会议登记的议案件数之和。",
        "件",
        FigureKind.SUM,
        lambda y: total(y.sessions, lambda s: len(s.motions)),
    ),
    Definition(
        "congress.motions_on_agenda",
        "列入议程的议案件数",
        "统计期内各次会议登记的议案中，登记为列入会议议程的件数之和；有议案而均未登记是否列入的为缺数据。",
        "件",
        FigureKind.SUM,
        _on_agenda,
    ),
    Definition(
        "congress.days",
        "会期天数",
        "统计期内各次会议自举行日至结束日的天数之和，含首尾两日，截止日以后的不计；结束日均未登记的为缺数据。",
        "天",
        FigureKind.SUM,
        _days,
    ),
    Definition(
        "congress.elections",
        "选举和补选人数",
        "统计期内各次会议选举、补选国家机关工作人员的人次之和。",
        "名",
        FigureKind.SUM,
        lambda y: total(y.sessions, lambda s: len(s.elections)),
    ),
    Definition(
        "congress.observers",
        "列席人次",
        "统计期内各次会议登记的列席人数之和，没有登记总数的会议为各类列席人数之和；均未登记的为缺数据。",
        "人次",
        FigureKind.SUM,
        lambda y: total(y.sessions, _observers),
    ),
    Definition(
        "congress.expected",
        "会议应到人次",
        f"统计期内各次会议应到人数之和。{_SESSION_EXPECTED}。",
        "人次",
        FigureKind.SUM,
        attendance.expected_times(_sessions),
    ),
    Definition(
        "congress.present",
        "会议实到人次",
        "统计期内各次会议应到代表中实际出席的人数之和；考勤均未登记的为缺数据。",
        "人次",
        FigureKind.SUM,
        attendance.times(_sessions, lambda t: t.present),
    ),
    Definition(
        "congress.on_leave",
        "会议请假人次",
        "统计期内各次会议应到代表中请假的人数之和。",
        "人次",
        FigureKind.SUM,
        attendance.times(_sessions, lambda t: t.on_leave),
    ),
    Definition(
        "congress.absent",
        "会议缺席人次",
        "统计期内各次会议应到代表中未请假而缺席的人数之和；未登记的不算缺席。",
        "人次",
        FigureKind.SUM,
        attendance.times(_sessions, lambda t: t.absent),
    ),
    Definition(
        "congress.not_recorded",
        "会议考勤未登记人次",
        "统计期内各次会议应到代表中出席、请假、缺席均未登记的人数之和。",
        "人次",
        FigureKind.SUM,
        attendance.times(_sessions, lambda t: t.not_recorded),
    ),
    Definition(
        "congress.online",
        "线上出席人次",
        "各次镇人民代表大会会议实到人次中线上出席的，已计入实到，不再相加。",
        "人次",
        FigureKind.SUM,
        attendance.times(_sessions, lambda t: t.online & t.present),
    ),
    Definition(
        "congress.half_day",
        "出席半天人次",
        "各次镇人民代表大会会议实到人次中只出席一部分时间（如请假半天）的，仍按实到计一次，不再相加。",
        "人次",
        FigureKind.SUM,
        attendance.times(_sessions, lambda t: t.half_day & t.present),
    ),
    Definition(
        "congress.attendance_rate",
        "会议出席率",
        f"各次会议实到之和÷应到之和。{_SESSION_EXPECTED}；请假的仍在应到之内；分子只计应到者。",
        "",
        FigureKind.RATE,
        attendance.attendance_rate(_sessions),
    ),
    Definition(
        "presidium.meetings",
        "主席团会议次数",
        f"{_IN_PERIOD}举行的主席团会议次数。",
        "次",
        FigureKind.COUNT,
        lambda y: count(y.presidium_meetings),
    ),
    Definition(
        "presidium.quarters_covered",
        "召开主席团会议的季度数",
        "统计期内至少召开一次主席团会议的季度个数。",
        "个",
        FigureKind.COUNT,
        _quarters_covered,
    ),
    Definition(
        "presidium.quarters_missed",
        "没有召开主席团会议的季度数",
        "统计期内没有召开主席团会议的季度个数，截止日所在的季度计算在内。",
        "个",
        FigureKind.COUNT,
        _quarters_missed,
    ),
    Definition(
        "presidium.topics",
        "主席团会议议题数",
        "统计期内各次主席团会议登记的议题数之和。",
        "个",
        FigureKind.SUM,
        lambda y: total(y.presidium_meetings, lambda m: len(m.topics)),
    ),
    Definition(
        "presidium.special_reports",
        "听取专项工作报告项数",
        "统计期内各次主席团会议听取的专项工作报告项数之和。",
        "项",
        FigureKind.SUM,
        lambda y: total(y.presidium_meetings, lambda m: len(m.special_reports)),
    ),
    Definition(
        "presidium.opinions",
        "审议意见条数",
        "统计期内各次主席团会议形成的审议意见条数之和。",
        "条",
        FigureKind.SUM,
        lambda y: total(y.presidium_meetings, lambda m: len(m.opinions)),
    ),
    Definition(
        "presidium.decisions",
        "主席团议定事项数",
        "统计期内各次主席团会议议定的事项数之和。",
        "项",
        FigureKind.SUM,
        lambda y: total(y.presidium_meetings, lambda m: len(m.decisions)),
    ),
    Definition(
        "presidium.decisions_done",
        "已落实的议定事项数",
        "统计期内议定的事项中，截止日（含）以前登记落实日期的项数。",
        "项",
        FigureKind.SUM,
        lambda y: total(
            y.presidium_meetings,
            lambda m: sum(d.done_on is not None and d.done_on <= y.as_of for d in m.decisions),
        ),
    ),
    Definition(
        "presidium.members",
        "主席团成员",
        "截止日在任的主席团成员人数（含主席、副主席）。",
        "名",
        FigureKind.COUNT,
        lambda y: count([f for f in y.serving("town") if in_presidium(f.data, y.as_of)]),
    ),
    Definition(
        "presidium.expected",
        "主席团会议应到人次",
        "统计期内各次主席团会议应到人数之和，以举行当日在任的成员为准。",
        "人次",
        FigureKind.SUM,
        attendance.expected_times(_meetings),
    ),
    Definition(
        "presidium.present",
        "主席团会议实到人次",
        "统计期内各次主席团会议应到成员中实际出席的人数之和；考勤均未登记的为缺数据。",
        "人次",
        FigureKind.SUM,
        attendance.times(_meetings, lambda t: t.present),
    ),
    Definition(
        "presidium.attendance_rate",
        "主席团会议出席率",
        f"各次主席团会议实到之和÷应到之和。{_PRESIDIUM_EXPECTED}；请假的仍在应到之内。",
        "",
        FigureKind.RATE,
        attendance.attendance_rate(_meetings),
    ),
)
