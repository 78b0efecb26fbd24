"""Codes on posters by which voters leave an opinion at a station: on a wall for all to see, so not secret.

What a code takes in is limited by the hour and by the code, since no address of a voter is known to limit him by.
"""

from datetime import date, datetime
from typing import Final

from services.activities.errors import TooManyOpinions
from shared.storage.work import Record

LENGTH: Final = 12
AN_HOUR_MOST: Final = 30


class OpinionCode(Record):
    """`id` is the code itself. `hour` and `taken` say how much came in by it in the latest hour in which any did."""

    station_id: str
    issued_on: date
    revoked_on: date | None = None
    hour: str = ""
    taken: int = 0

    def taking_one(self, now: datetime) -> "OpinionCode":
        """Errors: TooManyOpinions."""
        hour = now.strftime("%Y-%m-%dT%H")
        taken = self.taken if self.hour == hour else 0
        if taken >= AN_HOUR_MOST:
            raise TooManyOpinions("这个二维码一小时内收到的意见太多，请过一会儿再试")
        return self.model_copy(update={"hour": hour, "taken": taken + 1})
