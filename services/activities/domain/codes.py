"""Codes on posters at stations, by which voters submit opinions. They are displayed publicly and not secret.

Submissions are rate limited per code and hour, as voters' addresses are not known.
"""

from datetime import date, datetime
from typing import Final

from services.activities.errors import TooManyOpinions
from shared.storage.work import Record

LENGTH: Final = 12
AN_HOUR_MOST: Final = 30


class OpinionCode(Record):
    """`id` is the code itself. `taken` is the number of opinions received in `hour`, the last hour with any."""

    station_id: str
    issued_on: date
    revoked_on: date | None = None
    hour: str = ""
    taken: int = 0

    def with_opinion(self, now: datetime) -> "OpinionCode":
        """Count one more opinion. Errors: TooManyOpinions."""
        hour = now.strftime("%Y-%m-%dT%H")
        received = self.taken if self.hour == hour else 0
        if received >= AN_HOUR_MOST:
            raise TooManyOpinions("这个二维码一小时内收到的意见太多，请过一会儿再试")
        return self.model_copy(update={"hour": hour, "taken": received + 1})
