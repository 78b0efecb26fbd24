"""Titles, days and addresses of records, for lists in which people recognise them."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final, NamedTuple

from services.reports.domain import RecordRef, TitledRecord
from services.reports.events_in import (
    FACTS,
    Absence,
    Activity,
    ByElection,
    Constituency,
    Deputyship,
    DutyReport,
    Foreign,
    Group,
    Meeting,
    Office,
    Opinion,
    Person,
    Plan,
    PresidiumMeeting,
    Scheme,
    Session,
    Station,
    Suggestion,
    Task,
    Term,
    Town,
)
from services.reports.figures.ledger import Entry, LedgerFact
from services.reports.figures.year import Year
from services.reports.names import FORMS, KINDS, LEVELS, TASKS, named
from services.reports.notation import (
    congress_name,
    group_name,
    numeral,
    ranked,
    session_name,
    suggestion_name,
)
from shared.envelope import service_of


class _Kind(NamedTuple):
    """`label`: what a record of the kind is; `title` and `day` of a record; `path`: its collection, empty where single
    records are not served."""

    label: str
    path: str
    title: Callable[[Year, Any], str]
    day: Callable[[Any], date | None] = lambda _: None


def _presidium_meeting(_: Year, meeting: PresidiumMeeting) -> str:
    return f"主席团第{numeral(meeting.number)}次会议" if meeting.number else "主席团会议"


def _activity(_: Year, activity: Activity) -> str:
    return activity.title or named(KINDS, activity.kind)


def _deputyship(year: Year, deputyship: Deputyship) -> str:
    return f"{year.name_of(deputyship)}（{ranked(named(LEVELS, deputyship.level), year.rank)}代表）"


def _of_deputy(year: Year, deputyship_id: str) -> str:
    return year.name_of(year.ledger.get(Deputyship, deputyship_id))


def _plan(year: Year, plan: Plan) -> str:
    group = year.ledger.get(Group, plan.group_id)
    return f"{plan.year}年{group_name(group) if group else ''}工作计划"


def _absence(year: Year, absence: Absence) -> str:
    return f"{_of_deputy(year, absence.deputyship_id)}未经批准缺席"


def _duty_report(year: Year, report: DutyReport) -> str:
    return f"{_of_deputy(year, report.deputyship_id)}{named(FORMS, report.form)}"


def _task(year: Year, task: Task) -> str:
    return f"{_of_deputy(year, task.deputyship_id)}：{named(TASKS, task.kind)}"


def _name(_: Year, record: Any) -> str:
    return str(record.name)


def _held_on(record: Any) -> date | None:
    day: date | None = record.held_on
    return day


_KINDS: Final[dict[type[Foreign], _Kind]] = {
    Town: _Kind("基本情况", "", _name),
    Person: _Kind("人员", "people", _name),
    Deputyship: _Kind("代表职务", "deputyships", _deputyship, lambda d: d.started_on),
    Group: _Kind("代表小组", "groups", lambda _, g: group_name(g), lambda g: g.formed_on),
    Station: _Kind("联络站", "stations", _name, lambda s: s.opened_on),
    Constituency: _Kind("选区", "constituencies", _name),
    Term: _Kind("届次", "terms", lambda _, t: congress_name(t.congress_number), lambda t: t.started_on),
    Task: _Kind("代表资格事项", "tasks", _task, lambda t: t.opened_on),
    ByElection: _Kind("补选", "by_elections", lambda _, b: f"{b.constituency}补选", _held_on),
    Office: _Kind("工作机构", "office", lambda _, o: f"{o.year}年工作机构"),
    Plan: _Kind("工作计划", "plans", _plan),
    Session: _Kind("人代会会议", "sessions", lambda _, s: session_name(s), _held_on),
    Absence: _Kind("缺席", "", _absence),
    PresidiumMeeting: _Kind("主席团会议", "presidium_meetings", _presidium_meeting, _held_on),
    Activity: _Kind("履职活动", "activities", _activity, _held_on),
    Opinion: _Kind("群众意见", "opinions", lambda _, o: o.category or "群众意见", lambda o: o.received_on),
    Suggestion: _Kind("代表建议", "suggestions", lambda _, s: suggestion_name(s), lambda s: s.raised_on),
    Scheme: _Kind("评议办法", "schemes", _name),
    Meeting: _Kind("述职测评会", "meetings", lambda _, m: f"{m.constituency}述职测评会", _held_on),
    DutyReport: _Kind("述职报告", "duty_reports", _duty_report),
}


def titles(year: Year, refs: Iterable[RecordRef]) -> tuple[TitledRecord, ...]:
    """Titles in the order of the references; of a record that was not read what its entry says, if only its subject."""
    return tuple(_titled(year, ref, year.ledger.find(ref.source, ref.subject)) for ref in refs)


def _titled(year: Year, ref: RecordRef, record: LedgerFact[Any] | Entry | None) -> TitledRecord:
    if record is None or (isinstance(record, Entry) and not record.title):
        return TitledRecord(**dict(ref), kind="", title=ref.subject)
    if isinstance(record, Entry):
        kind, title, on = _KINDS[FACTS[record.kind]], record.title, record.day
    else:
        kind = _KINDS[type(record.data)]
        title, on = kind.title(year, record.data), kind.day(record.data)
    return TitledRecord(
        **dict(ref),
        kind=kind.label,
        title=title.strip() or ref.subject,
        on=on,
        path=_path(year.ledger.town, ref, kind.path),
    )


def _path(town: str, ref: RecordRef, collection: str) -> str:
    base = f"/{service_of(ref.source)}/v1/towns/{town}"
    return f"{base}/{collection}/{ref.subject.partition('/')[2]}" if collection else base
