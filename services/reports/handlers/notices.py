"""Notices of scheduled closings: given once each."""

from dataclasses import dataclass
from datetime import date

from services.reports.handlers import board
from services.reports.repository import NOTICES, Notice
from shared.storage.work import Work


@dataclass(frozen=True)
class Due:
    """Day a scheduled closing is due, and day of its figures."""

    on: date
    as_of: date


async def give(work: Work, kind: str, due: Due, blocks: int, warnings: int) -> None:
    period = str(due.as_of.year)
    id = f"{work.town}:{period}:{kind}"
    if await work.get(NOTICES, id) is None:
        about = {"town": work.town, "year": due.as_of.year, "period": period, "kind": kind}
        counts = {"blocks": blocks, "warnings": warnings}
        work.create(NOTICES, Notice(id=id, due_on=due.on, as_of=due.as_of, **about, **counts), "given")
        if kind == "due_soon":
            await board.note(work, period, due_on=due.on)
