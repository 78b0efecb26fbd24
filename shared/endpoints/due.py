"""The endpoint that lists what is due in a town by a service's own rules."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import date, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.days import Day
from shared.http import Call, Route, route
from shared.storage.work import Work


class DueItem(BaseModel):
    """What is to be done. `due_on`: null where no rule names a day; `subject`: `noun/id` of the record; `basis`:
    article or rule; `action`: what is done next, in one or two words; `path`: the record's address."""

    model_config = ConfigDict(frozen=True)

    kind: str
    due_on: date | None
    subject: str
    text: str
    basis: str
    action: str
    path: str = ""
    overdue: bool = False


class DueQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    on: Annotated[Day | None, Field(description="哪一天的情况；默认今天")] = None
    within: Annotated[int, Field(ge=0, le=366, description="其后多少天之内到期的")] = 30


class Due(BaseModel):
    """By due day, oldest first; what has no day comes last."""

    on: date
    within: int
    items: list[DueItem]


Find = Callable[[Work, date, date], Awaitable[Iterable[DueItem]]]
"""What is open on a day and due by another."""


def due_route(find: Find, roles: Collection[str], *, office: Find | None = None) -> Route:
    """The route GET `…/due`. `office`: what is due beside, and told to the office alone."""

    @route("GET", "/towns/{town}/due", roles=roles, name="list_due")
    async def list_due(call: Call[DueQuery]) -> Due:
        """到期、快到期和等待办理的事项：每件的期限、依据和下一步；没有期限的列在最后。"""
        query = call.query
        on = query.on or call.work.clock.today()
        last = min(on, date.max - timedelta(days=query.within)) + timedelta(days=query.within)
        finds = [find, office] if office is not None and call.actor.has("office") else [find]
        items = [_stated(item, on) for ask in finds for item in await ask(call.work, on, last)]
        items.sort(key=lambda item: (item.due_on is None, item.due_on or on, item.kind, item.subject))
        return Due(on=on, within=query.within, items=items)

    return list_due


def _stated(item: DueItem, on: date) -> DueItem:
    return item.model_copy(update={"overdue": item.due_on is not None and item.due_on < on})
