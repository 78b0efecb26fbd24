"""Groups of deputies (代表小组) and the history of their leaders."""

from datetime import date
from typing import Literal

from services.roster.domain.dated import Value, close
from shared.storage.work import Record

GroupLevel = Literal["town", "upper"]


class Leadership(Value):
    """`from_on` is None where the first day was not recorded."""

    deputyship_id: str
    from_on: date | None = None
    to_on: date | None = None


class Group(Record):
    number: int
    name: str | None = None
    level: GroupLevel = "town"
    leader_deputyship_id: str | None = None
    leader_history: list[Leadership] = []
    station_id: str | None = None
    rules: list[str] = []
    formed_on: date | None = None
    dissolved_on: date | None = None


def never_led(group: Group, deputyship_id: str) -> Group:
    """The group without a leader who was entered by mistake."""
    history = [led for led in group.leader_history if led.deputyship_id != deputyship_id]
    leader = None if group.leader_deputyship_id == deputyship_id else group.leader_deputyship_id
    return group.model_copy(update={"leader_deputyship_id": leader, "leader_history": history})


def lead(group: Group, *, deputyship_id: str | None, on: date | None) -> Group:
    """Change the group's leader from `on`; None only for a group's first."""
    if deputyship_id == group.leader_deputyship_id:
        return group
    history = group.leader_history if on is None else close(group.leader_history, on)
    if deputyship_id is not None:
        history = [*history, Leadership(deputyship_id=deputyship_id, from_on=on)]
    return group.model_copy(update={"leader_deputyship_id": deputyship_id, "leader_history": history})
