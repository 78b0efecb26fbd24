"""Migrations of data folders of before."""

from typing import Final

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
