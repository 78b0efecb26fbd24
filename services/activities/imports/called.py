"""Records by what a cell calls them: activities by number, sessions 人代会17-7, presidium meetings 主席团2020-1."""

import re
from typing import Final

from services.activities import repository
from services.activities.domain.activities import Activity
from services.activities.domain.meetings import PresidiumMeeting, Session
from services.activities.domain.suggestions import Suggestion
from services.activities.repository import ACTIVITIES
from shared.storage.work import Work
from shared.workbook import plain, row_id

_SESSION: Final = re.compile(r"人代会(\d{1,3})-(\d{1,3})")
_PRESIDIUM: Final = re.compile(r"主席团(\d{4})-(\d{1,3})")
_NUMBERED: Final = re.compile(r"(\d{4})-(.+)")
Held = Session | PresidiumMeeting | Activity


async def record_called(work: Work, written: str) -> Held | None:
    words = plain(written)
    if numbers := _SESSION.fullmatch(words):
        return await repository.session_numbered(work, int(numbers[1]), int(numbers[2]))
    if numbers := _PRESIDIUM.fullmatch(words):
        return await repository.presidium_meeting_numbered(work, int(numbers[1]), int(numbers[2]))
    return await activity_called(work, written)


async def suggestion_called(work: Work, written: str) -> Suggestion | None:
    """By year and number: 2020-3."""
    found = _NUMBERED.fullmatch(written.strip())
    if found is None:
        return None
    number = plain(found[2])
    return await repository.suggestion_numbered(
        work, int(found[1]), int(number) if number.isdecimal() else found[2]
    )


async def activity_called(work: Work, reference: str) -> Activity | None:
    """By the clerk's own number, or by the id, which stands in an export where there is no such number."""
    mine = await work.get(ACTIVITIES, row_id(work.town, "活动", reference))
    return mine or await work.get(ACTIVITIES, reference)
