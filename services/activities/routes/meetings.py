"""Routes of sessions of the congress and meetings of its presidium."""

from collections.abc import Iterator

from services.activities import schemas
from services.activities.domain.meetings import PresidiumMeeting, Session
from services.activities.handlers import absences, meetings
from services.activities.repository import PRESIDIUM_MEETINGS, SESSIONS
from services.activities.routes.reasons import presidium_meeting_seen, session_seen, viewer
from services.activities.routes.roles import OFFICE, READERS
from shared.chinese.numerals import whole
from shared.endpoints.voiding import OF_VOIDED
from shared.http import Call, Reply, resource, route


def titles(session: Session) -> Iterator[str]:
    """Texts by which a list of sessions is searched."""
    yield from (report.title for report in session.reports)
    yield from (resolution.title for resolution in session.resolutions)


sessions = resource(
    "sessions",
    SESSIONS,
    body=schemas.SessionIn,
    create=meetings.hold_session,
    change=meetings.change_session,
    view=session_seen,
    viewer=viewer,
    equals=("year", "congress_number", "session_number"),
    filters={"voided": OF_VOIDED},
    day="held_on",
    words=titles,
    read=READERS,
    write=OFFICE,
    label="人民代表大会会议",
)
void_session = sessions.command(
    "void", schemas.ReasonIn, meetings.void_session, write=OFFICE, label="作废误登记的会议，须写明原因"
)
presidium_meetings = resource(
    "presidium_meetings",
    PRESIDIUM_MEETINGS,
    body=schemas.PresidiumMeetingIn,
    create=meetings.hold_presidium_meeting,
    change=meetings.change_presidium_meeting,
    view=presidium_meeting_seen,
    viewer=viewer,
    equals=("year", "number"),
    filters={"voided": OF_VOIDED},
    day="held_on",
    words=lambda meeting: (*meeting.topics, *meeting.special_reports, *meeting.opinions),
    read=READERS,
    write=OFFICE,
    label="主席团会议",
)
void_presidium_meeting = presidium_meetings.command(
    "void",
    schemas.ReasonIn,
    meetings.void_presidium_meeting,
    write=OFFICE,
    label="作废误登记的会议，须写明原因",
)


@route("GET", "/towns/{town}/absences", roles=READERS)
async def list_absences(call: Call[schemas.AbsencesQuery]) -> schemas.Absences:
    """一届之内未经批准不出席会议的代表和会议；两次的提请代表资格审查委员会核实，系统不作处理。"""
    return await absences.absences(call.work, call.query.congress_number, call.query.as_of)


@route(
    "POST",
    "/towns/{town}/presidium_meetings/{id}/decisions/{number}:done",
    roles=OFFICE,
    guarded=True,
)
async def finish_decision(call: Call[None, schemas.DecisionDoneIn]) -> Reply[PresidiumMeeting]:
    """登记主席团第几项议定事项（从1数起）何日落实、结果如何。"""
    meeting = await call.subject(PRESIDIUM_MEETINGS)
    meeting = await meetings.finish_decision(call.work, meeting, _number(call.path["number"]), call.body)
    return Reply(meeting, version=meeting.version)


@route("GET", "/towns/{town}/decisions", roles=READERS)
async def list_open_decisions(call: Call[schemas.OpenOn]) -> schemas.OpenDecisions:
    """到一天为止尚未落实的主席团议定事项，不论是哪一年议定的。"""
    return await meetings.open_decisions(call.work, call.query.open_on or call.work.clock.today())


@route(
    "POST", "/towns/{town}/sessions/{id}/livelihood_projects/{number}:progress", roles=OFFICE, guarded=True
)
async def report_progress(call: Call[None, schemas.ProjectProgressIn]) -> Reply[Session]:
    """登记第几个民生实事项目（从1数起）的进展，完成的写完成日期。"""
    session = await call.subject(SESSIONS)
    session = await meetings.follow_project(call.work, session, _number(call.path["number"]), call.body)
    return Reply(session, version=session.version)


@route("POST", "/towns/{town}/sessions/{id}/livelihood_projects/{number}:rate", roles=OFFICE, guarded=True)
async def rate_project(call: Call[None, schemas.ProjectRatedIn]) -> Reply[Session]:
    """登记对第几个民生实事项目（从1数起）的满意度测评：满意、基本满意、不满意、弃权各多少票。"""
    session = await call.subject(SESSIONS)
    session = await meetings.follow_project(call.work, session, _number(call.path["number"]), call.body)
    return Reply(session, version=session.version)


def _number(written: str) -> int:
    """A number in a path; 0, which no part has, for anything else."""
    return whole(written) or 0
