"""Notices of scheduled closings: each day is told once, and so is that it is another now, or none."""

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
    """Give the notice, or give it again where it says another day."""
    period = str(due.as_of.year)
    id = f"{work.town}:{period}:{kind}"
    before = await work.get(NOTICES, id)
    if before is not None and (before.kind, before.due_on, before.as_of) == (kind, due.on, due.as_of):
        return
    notice = Notice(
        id=id,
        town=work.town,
        version=before.version if before else 0,
        year=due.as_of.year,
        period=period,
        kind=kind,
        due_on=due.on,
        as_of=due.as_of,
        blocks=blocks,
        warnings=warnings,
    )
    (work.change if before else work.create)(NOTICES, notice, "given")
    if kind == "due_soon":
        await board.note(work, period, due_on=due.on)


async def ahead(work: Work, today: date) -> list[Notice]:
    """Announcements of days that are still to come."""
    ids = [f"{work.town}:{year}:due_soon" for year in (today.year - 1, today.year)]
    announced = await work.find(NOTICES, {"_id": {"$in": ids}})
    return [one for one in announced if one.kind == "due_soon" and one.due_on > today]


async def call_off(work: Work, announced: Notice) -> None:
    """Tell that no closing is due any more on the day that was announced."""
    work.change(NOTICES, announced.model_copy(update={"kind": "called_off"}), "given")
    await board.note(work, announced.period, due_on=None)
