"""Sessions of the congress and meetings of its presidium."""

from services.activities import schemas
from services.activities.handlers import meetings
from services.activities.repository import PRESIDIUM_MEETINGS, SESSIONS
from services.activities.routes.door import OFFICE, READERS, api

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
