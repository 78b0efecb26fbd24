"""Drafts: activities that a leader entered for the own group, until the office confirms or declines them."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, Final

from services.activities.domain.activities import KIND_LABELS
from services.activities.domain.roster import Deputyship, Group
from services.activities.errors import GroupDissolved, NotOwnGroup, WrongState
from shared.errors import FieldError
from shared.storage.work import Record


class DraftState(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


STATE_LABELS: Final = {
    DraftState.PENDING: "待确认",
    DraftState.CONFIRMED: "已确认",
    DraftState.DECLINED: "已退回",
}


class Draft(Record):
    """`entry`: the request as it would be posted; `entered_by`: the leader. It is no activity: it has no event and
    counts in nothing. `activity_id`: the activity made of it; `reason`: why it was declined."""

    entry: dict[str, Any]
    entered_by: str
    entered_on: date
    state: DraftState = DraftState.PENDING
    settled_on: date | None = None
    activity_id: str | None = None
    reason: str | None = None

    @property
    def title(self) -> str:
        """As the activity would be called."""
        return str(self.entry.get("title") or KIND_LABELS[self.entry["kind"]])

    def confirmed(self, activity_id: str, on: date) -> "Draft":
        """Errors: WrongState."""
        self._check_pending("确认")
        change = {"state": DraftState.CONFIRMED, "activity_id": activity_id, "settled_on": on}
        return self.model_copy(update=change)

    def declined(self, reason: str, on: date) -> "Draft":
        """Errors: WrongState."""
        self._check_pending("退回")
        return self.model_copy(update={"state": DraftState.DECLINED, "reason": reason, "settled_on": on})

    def entered_again(self, entry: dict[str, Any], on: date) -> "Draft":
        """Corrected by the leader, and waiting again where it was declined. Errors: WrongState."""
        if self.state is DraftState.CONFIRMED:
            raise WrongState("草稿已确认，成为正式登记；要更正的请告诉镇人大办公室")
        fresh = {"state": DraftState.PENDING, "reason": None, "settled_on": None}
        return self.model_copy(update={**fresh, "entry": entry, "entered_on": on})

    def _check_pending(self, doing: str) -> None:
        if self.state is not DraftState.PENDING:
            raise WrongState(f"草稿{STATE_LABELS[self.state]}，不能再{doing}")


def led_by(groups: Iterable[Group], mandates: Iterable[Deputyship], day: date) -> list[str]:
    """Groups that the holder of these mandates leads on the day."""
    own = list(mandates)
    return sorted(group.id for group in groups if any(group.led_by(mandate, day) for mandate in own))


def check_own(led: Iterable[str], named: Iterable[str]) -> None:
    """Errors: NotOwnGroup where none of the groups of an activity is one that the leader leads."""
    if {*led}.isdisjoint(named):
        message = "组长只能登记本组的活动；联组活动须写上本组"
        raise NotOwnGroup(message, errors=[FieldError("body.group_id", message)])


def check_not_dissolved(groups: Iterable[Group], today: date) -> None:
    """Errors: GroupDissolved, naming each group and its day."""
    gone = [group for group in groups if group.dissolved_on is not None and group.dissolved_on <= today]
    if gone:
        said = "、".join(f"{group.called}（{group.dissolved_on}撤销）" for group in gone)
        message = f"{said}已不存在，草稿不能确认；活动确已举行的，请镇人大办公室直接登记"
        raise GroupDissolved(message, errors=[FieldError("entry.group_id", message)])
