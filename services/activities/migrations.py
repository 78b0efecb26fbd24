"""Migrations of data folders of before."""

from typing import Final

from services.activities.repository import RATING_MEETINGS, RECEIVED_MEETINGS
from shared.storage import mongo
from shared.storage.mongo import Database

_FREED: Final = (
    ("sessions", "sessions.town_congress_number_session_number"),
    ("presidium_meetings", "presidium_meetings.town_year_number"),
    ("suggestions", "suggestions.town_year_number"),
)
"""Unique indexes that held the numbers of voided records too; they are created again without those."""


async def free_numbers_of_voided_records(database: Database) -> None:
    """Migration: drop the indexes by which a voided record would keep its number."""
    for collection, index in _FREED:
        there = (await database[collection].index_information()).get(index)
        if there is not None and "partialFilterExpression" not in there:
            await database[collection].drop_index(index)


async def note_items_of_meetings(database: Database) -> None:
    """Migration: which item each rating meeting does by now was known from its copy alone."""
    documents = []
    async for document in database[RATING_MEETINGS.name].find({}):
        meeting = RATING_MEETINGS.load(document)
        item_id = None if meeting.is_voided else meeting.item_done
        received = RECEIVED_MEETINGS.model(
            id=meeting.id, town=meeting.town, version=1, received=meeting.version, item_id=item_id
        )
        documents.append(RECEIVED_MEETINGS.store(received))
    if documents:
        await mongo.insert_missing(database[RECEIVED_MEETINGS.name], documents)
