"""Lookup of records by the text of a cell: activities by number, sessions 人代会17-7, meetings 主席团2020-1."""

import re
from typing import Any, Final

from services.activities import repository
from services.activities.domain.activities import Activity
from services.activities.domain.meetings import PresidiumMeeting, Session
from services.activities.domain.suggestions import Suggestion
from services.activities.repository import ACTIVITIES
from shared.chinese.numerals import whole
from shared.storage.work import Work
from shared.workbook import plain, row_id

_SESSION: Final = re.compile(r"人代会([0-9]{1,3})-([0-9]{1,3})")
_PRESIDIUM: Final = re.compile(r"主席团([0-9]{4})-([0-9]{1,3})")
_NUMBERED: Final = re.compile(r"([0-9]{4})-(.+)")
HeldRecord = Session | PresidiumMeeting | Activity


async def find_record(work: Work, written: str) -> HeldRecord | None:
    words = plain(written)
    if numbers := _SESSION.fullmatch(words):
        return await repository.session_numbered(work, int(numbers[1]), int(numbers[2]))
    if numbers := _PRESIDIUM.fullmatch(words):
        return await repository.presidium_meeting_numbered(work, int(numbers[1]), int(numbers[2]))
    return await find_activity(work, written)


def refers_to(written: str) -> tuple[Any, ...]:
    """The sheet and key of the row that a cell refers to as `find_record` does."""
    words = plain(written)
    if numbers := _SESSION.fullmatch(words):
        return ("人代会", int(numbers[1]), int(numbers[2]))
    if numbers := _PRESIDIUM.fullmatch(words):
        return ("主席团会议", int(numbers[1]), int(numbers[2]))
    return ("活动", written)


def suggestion_key(written: str) -> tuple[int, int | str] | None:
    """Year and number, from 2020-3; None where it is something else."""
    parts = _NUMBERED.fullmatch(written.strip())
    if parts is None:
        return None
    number = whole(plain(parts[2]))
    return int(parts[1]), parts[2] if number is None else number


async def find_suggestion(work: Work, written: str) -> Suggestion | None:
    """By year and number, as in 2020-3."""
    named = suggestion_key(written)
    return None if named is None else await repository.suggestion_numbered(work, *named)


async def find_activity(work: Work, reference: str) -> Activity | None:
    """By the office's own number, or by the id, which an export writes where there is no number."""
    numbered = await work.get(ACTIVITIES, row_id(work.town, "活动", reference))
    return numbered or await work.get(ACTIVITIES, reference)
