"""Progress of a plan: status of each item on a day, and counts by the month it is due in."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from services.activities.domain.plans import ItemState, Plan, PlanItem
from services.activities.domain.values import Value


class ItemStatus(StrEnum):
    """`late`: done after its due date; `open`: due and not done; `ahead`: done, not due yet; `coming`: not done and not
    due yet."""

    DONE = "done"
    LATE = "late"
    OPEN = "open"
    AHEAD = "ahead"
    COMING = "coming"
    CANCELLED = "cancelled"


class Tally(Value):
    """`due` = `done` + `late` + `open`; `items` = `due` + `ahead` + `coming` + `cancelled`. `postponed`: items
    postponed at least once."""

    items: int = 0
    due: int = 0
    done: int = 0
    late: int = 0
    open: int = 0
    ahead: int = 0
    coming: int = 0
    cancelled: int = 0
    postponed: int = 0


class Month(Tally):
    """`month` as YYYY-MM."""

    month: str


class ItemProgress(Value):
    id: str
    title: str
    due_on: date
    done_on: date | None
    standing: ItemStatus
    postponed: bool


class Progress(Value):
    as_of: date
    total: Tally
    months: tuple[Month, ...]
    items: tuple[ItemProgress, ...]


def progress(plan: Plan, as_of: date) -> Progress:
    """Months with items, in order; items in the order of the plan."""
    items = [_item_progress(plan, item, as_of) for item in plan.items]
    months = sorted({_month(item) for item in items})
    return Progress(
        as_of=as_of,
        total=_tally(items),
        months=tuple(
            Month(month=month, **dict(_tally(item for item in items if _month(item) == month)))
            for month in months
        ),
        items=tuple(items),
    )


def _item_progress(plan: Plan, item: PlanItem, as_of: date) -> ItemProgress:
    due_on = due(plan, item)
    return ItemProgress(
        id=item.id,
        title=item.title,
        due_on=due_on,
        done_on=item.done_on,
        standing=_status(item, due_on, as_of),
        postponed=bool(item.postponements),
    )


def due(plan: Plan, item: PlanItem) -> date:
    """The due date; an item without one is due at the end of the year."""
    return item.due_on or date(plan.year, 12, 31)


def _status(item: PlanItem, due_on: date, as_of: date) -> ItemStatus:
    if item.state is ItemState.CANCELLED:
        return ItemStatus.CANCELLED
    done = item.done_on is not None and item.done_on <= as_of
    if due_on > as_of:
        return ItemStatus.AHEAD if done else ItemStatus.COMING
    if not done:
        return ItemStatus.OPEN
    return ItemStatus.LATE if item.done_on is not None and item.done_on > due_on else ItemStatus.DONE


def _month(item: ItemProgress) -> str:
    return f"{item.due_on:%Y-%m}"


def _tally(items: Iterable[ItemProgress]) -> Tally:
    here = list(items)
    counted = {standing.value: sum(item.standing is standing for item in here) for standing in ItemStatus}
    due_by_now = counted["done"] + counted["late"] + counted["open"]
    return Tally(items=len(here), due=due_by_now, postponed=sum(item.postponed for item in here), **counted)
