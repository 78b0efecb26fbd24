"""Annual plans of the town or of a group: items that are planned, postponed, done or cancelled."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from services.activities.domain.reminders import Reminder
from services.activities.domain.values import Title, Value
from services.activities.errors import DatesOutOfOrder, WrongState
from shared.errors import FieldError, NotFound
from shared.storage.work import Record


class ItemState(StrEnum):
    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class Postponement(Value):
    """Postponed on the day `on`, from `from_on` (None: it had no date)."""

    from_on: date | None = None
    to: date
    reason: str
    on: date


class PlanItem(Value):
    """Done by the activity, session, presidium meeting or rating meeting `activity_id`, held on `done_on`. A postponed
    item stays planned: `due_on` is the new day, `postponements` the history."""

    id: str
    title: Title
    kind: str = ""
    due_on: date | None = None
    theme: str = ""
    state: ItemState = ItemState.PLANNED
    activity_id: str | None = None
    done_on: date | None = None
    cancelled_reason: str | None = None
    postponements: tuple[Postponement, ...] = ()

    @property
    def awaited_on(self) -> date | None:
        return self.due_on if self.state is ItemState.PLANNED else None


class Plan(Record):
    """Without a group: the plan of the whole town. `told`: reminders published for items that are due soon or overdue;
    their `part` is the item's id."""

    year: int
    group_id: str | None = None
    items: tuple[PlanItem, ...] = ()
    told: tuple[Reminder, ...] = ()

    def item(self, item_id: str) -> PlanItem:
        for item in self.items:
            if item.id == item_id:
                return item
        raise NotFound(f"计划中没有编号为 {item_id} 的项目")

    def item_done(self, item_id: str, activity_id: str, done_on: date) -> "Plan":
        """Mark an item as done; a second call corrects the first."""
        if self.item(item_id).state is ItemState.CANCELLED:
            raise WrongState("该计划项目已取消，不能登记完成")
        return self._with(item_id, state=ItemState.DONE, activity_id=activity_id, done_on=done_on)

    def item_cancelled(self, item_id: str, reason: str) -> "Plan":
        if self.item(item_id).state is not ItemState.PLANNED:
            raise WrongState("只有尚未完成的计划项目才能取消")
        return self._with(item_id, state=ItemState.CANCELLED, cancelled_reason=reason)

    def item_postponed(self, item_id: str, to: date, reason: str, on: date) -> "Plan":
        item = self.item(item_id)
        if item.state is not ItemState.PLANNED:
            raise WrongState("只有尚未完成的计划项目才能推迟")
        if item.due_on is not None and to <= item.due_on:
            message = f"推迟后的日期（{to}）须晚于原定日期（{item.due_on}）"
            raise DatesOutOfOrder(message, errors=[FieldError("body.to", message)])
        postponement = Postponement(from_on=item.due_on, to=to, reason=reason, on=on)
        return self._with(item_id, due_on=to, postponements=(*item.postponements, postponement))

    def item_reopened(self, activity_id: str) -> "Plan":
        """Reopen the items done by an activity that was voided or moved to another item."""
        items = (
            item.model_copy(update={"state": ItemState.PLANNED, "activity_id": None, "done_on": None})
            if item.activity_id == activity_id
            else item
            for item in self.items
        )
        return self.model_copy(update={"items": tuple(items)})

    def revised(self, items: Iterable[PlanItem]) -> "Plan":
        """Replace the items; those with an existing id keep their state and history."""
        before = {item.id: item for item in self.items}
        outcome_fields = ("state", "activity_id", "done_on", "cancelled_reason", "postponements")
        merged = (
            item.model_copy(update={name: getattr(before[item.id], name) for name in outcome_fields})
            if item.id in before
            else item
            for item in items
        )
        return self.model_copy(update={"items": tuple(merged)})

    def _with(self, item_id: str, **update: object) -> "Plan":
        items = (item.model_copy(update=update) if item.id == item_id else item for item in self.items)
        return self.model_copy(update={"items": tuple(items)})
