"""Copies of the duty-report meetings of the ratings service, by which an item of a plan may be done."""

from datetime import date
from typing import Final

from shared.storage.voiding import Voidable

_HELD: Final = ("closed", "published", "revoked")


class RatingMeeting(Voidable):
    held_on: date
    state: str = ""
    plan_item_id: str | None = None

    @property
    def item_done(self) -> str | None:
        """The item it does: a meeting is held when its ballots were counted, even if the result is revoked."""
        return self.plan_item_id if self.state in _HELD else None
