"""What can be wrong with a row of the sheet 代表资格, each part by itself, so that one does not hide another."""

from typing import Final

from services.roster.imports.endings import ending
from services.roster.imports.lookups import named
from services.roster.imports.mandates import by_election_id, check_suspension, group_id, no_person
from services.roster.schemas.deputyships import DeputyshipIn
from shared.storage.work import Work
from shared.workbook import Check, Row, valid


async def _person(work: Work, row: Row) -> None:
    if await named(work, row["person"], "person") is None:
        raise no_person(row)


async def _suspension(_: Work, row: Row) -> None:
    check_suspension(row)


async def _ending(_: Work, row: Row) -> None:
    ending(row)


CHECKS: Final[tuple[Check, ...]] = (
    _person,
    group_id,
    by_election_id,
    valid(DeputyshipIn),
    _suspension,
    _ending,
)
