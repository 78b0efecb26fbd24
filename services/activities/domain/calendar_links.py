"""Subscription addresses of calendars: whoever has the address may read, until it is revoked."""

from datetime import date

from services.activities.errors import WrongState
from shared.storage.work import Record


class CalendarLink(Record):
    """A link to the calendar of the town, or of one group. Only the fingerprint of its key is stored."""

    label: str = ""
    group_id: str | None = None
    fingerprint: str
    revoked_on: date | None = None

    def revoked(self, on: date) -> "CalendarLink":
        if self.revoked_on is not None:
            raise WrongState(f"该订阅地址已于 {self.revoked_on} 撤销")
        return self.model_copy(update={"revoked_on": on})
