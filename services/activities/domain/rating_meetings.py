"""Copies of the duty-report meetings of the ratings service, by which an item of a plan may be done."""

from datetime import date
from typing import Final

from shared.storage.voiding import Voidable
from shared.storage.work import Record

_HELD: Final = ("closed", "published", "revoked")


class RatingMeeting(Voidable):
    held_on: date
    state: str = ""
    plan_item_id: str | None = None

    @property
    def item_done(self) -> str | None:
        """The item it does: a meeting is held when its ballots were counted, even if the result is revoked."""
        return self.plan_item_id if self.state in _HELD else None


class ReceivedMeeting(Record):
    """What the last event of a meeting, by its id, did to the plans. `epoch` and `received`: those of the event and the
    version of the meeting in it; `item_id`: the item that the meeting does. No copy: it stays when the copies are made
    anew."""

    epoch: str = ""
    received: int
    item_id: str | None = None

    def follows(self, epoch: str, version: int) -> bool:
        """Whether it is of the event with this version, or of a later one. A later epoch gives versions anew."""
        return (self.epoch, self.received) >= (epoch, version)
