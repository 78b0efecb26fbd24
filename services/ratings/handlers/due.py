"""Query: what is due about rating meetings."""

from collections.abc import Iterator
from datetime import date

from services.ratings import repository
from services.ratings.domain.due import next_steps
from shared.endpoints.due import DueItem
from shared.storage.work import Work


async def due(work: Work, _on: date, last: date) -> Iterator[DueItem]:
    steps = next_steps(await repository.meetings_by(work, last), last)
    return (DueItem(**step._asdict(), path=_path(work.town, step.subject)) for step in steps)


def _path(town: str, subject: str) -> str:
    return f"/ratings/v1/towns/{town}/meetings/{subject.partition('/')[2]}"
