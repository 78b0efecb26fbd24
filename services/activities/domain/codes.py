"""Codes on posters by which voters leave an opinion at a station: on a wall for all to see, so not secret.

What a code takes in is limited by the hour and by the code, since no address of a voter is known to limit him by.
"""

from datetime import date, datetime
from typing import Final

from services.activities.errors import TooManyOpinions
from shared.work import Record

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like a digit."""
LENGTH: Final = 12
AN_HOUR_MOST: Final = 30

_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


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


def shown(code: str) -> str:
    """In groups of four, as people read and type it."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(written: str) -> str | None:
    """The code however it was typed; None when it cannot be one."""
    code = written.upper().translate(_READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
