"""Sessions of the congress and meetings of its presidium."""

from services.activities import schemas
from services.activities.handlers import absences, meetings
from services.activities.repository import PRESIDIUM_MEETINGS, SESSIONS
from services.activities.routes.door import OFFICE, READERS, api
from shared.http import Call

api.resource(
    "sessions",
    SESSIONS,
    body=schemas.SessionIn,
    create=meetings.hold_session,
    change=meetings.change_session,
    filters=("year", "congress_number", "session_number"),
    read=READERS,
    write=OFFICE,
    label="人民代表大会会议",
)
api.resource(
    "presidium_meetings",
    PRESIDIUM_MEETINGS,
    body=schemas.PresidiumMeetingIn,
    create=meetings.hold_presidium_meeting,
    change=meetings.change_presidium_meeting,
    filters=("year", "number"),
    read=READERS,
    write=OFFICE,
    label="主席团会议",
)


@api.route("GET", "/towns/{town}/absences", roles=READERS, query=schemas.AbsencesQuery)
async def list_absences(call: Call) -> schemas.Absences:
    """一届之内未经批准不出席会议的代表和会议；两次的提请代表资格审查委员会核实，系统不作处理。"""
    return await absences.absences(call.work, call.query.congress_number, call.query.as_of)
