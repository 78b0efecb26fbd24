"""Opinions of voters: what came in, by which way, and what became of it.

    received, answered, forwarded, converted ─answer, forward, convert, close→ answered, forwarded, converted, closed

Invariants: a closed opinion stays closed; nothing was done with it before it came in or after it was closed.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from services.activities.errors import DatesOutOfOrder, WrongState
from shared.errors import FieldError
from shared.storage.work import Record


class Channel(StrEnum):
    RECEPTION = "reception"
    SLIP = "slip"
    QR = "qr"
    VISIT = "visit"
    LETTER = "letter"
    PHONE = "phone"


class OpinionState(StrEnum):
    RECEIVED = "received"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    CONVERTED = "converted"
    CLOSED = "closed"


STEPS: Final = {
    OpinionState.FORWARDED: "forwarded_on",
    OpinionState.ANSWERED: "answered_on",
    OpinionState.CONVERTED: "converted_on",
    OpinionState.CLOSED: "closed_on",
}
"""The date of each step; of two on one day the later in this order came last."""
STEP_LABELS: Final = {
    "forwarded_on": "转交",
    "answered_on": "答复",
    "converted_on": "转为建议",
    "closed_on": "办结",
}


class Opinion(Record):
    """`text` and `answer` may hold names and stay in this service. `year` is that of `received_on`; `reference` the
    clerk's own number in the workbook it came from; `activity_id` the reception or visit at which it was told;
    `suggestion_id` what it was turned into. Of a step that was repeated the latest is kept."""

    year: int
    reference: str | None = None
    received_on: date
    channel: Channel | None = None
    station_id: str | None = None
    deputyship_id: str | None = None
    activity_id: str | None = None
    category: str = ""
    text: str = ""
    state: OpinionState = OpinionState.RECEIVED
    answered_on: date | None = None
    answered_by: str | None = None
    answer: str = ""
    forwarded_on: date | None = None
    forwarded_to: str | None = None
    converted_on: date | None = None
    suggestion_id: str | None = None
    closed_on: date | None = None

    def taken(self, state: OpinionState, on: date, **details: object) -> "Opinion":
        """After a step. Errors: WrongState on a closed one, DatesOutOfOrder."""
        if self.state is OpinionState.CLOSED:
            raise WrongState("该意见已办结；登记有误的，请先更正状态")
        after = self.model_copy(update={"state": state, STEPS[state]: on, **details})
        after.check_dates(loc="body.on")
        return after

    def as_dated(self) -> "Opinion":
        """In the state that the latest of its dates says, where nobody said which."""
        done = [(on, state) for state, name in STEPS.items() if (on := getattr(self, name)) is not None]
        if not done:
            return self
        if self.closed_on is not None:
            return self.model_copy(update={"state": OpinionState.CLOSED})
        _, _, latest = max((on, n, state) for n, (on, state) in enumerate(done))
        return self.model_copy(update={"state": latest})

    def check_dates(self, *, loc: str | None = None) -> None:
        """`loc`: the place of the date of a step; by default each date's own field. Errors: DatesOutOfOrder."""
        if self.closed_on is not None and self.state is not OpinionState.CLOSED:
            raise _out_of_order("填写了办结日期，状态须为“已办结”（closed）", loc or "body.closed_on")
        for name, label in STEP_LABELS.items():
            on = getattr(self, name)
            if on is not None and on < self.received_on:
                raise _out_of_order(
                    f"{self.received_on} 收到的意见不能在 {on} {label}", loc or f"body.{name}"
                )
            if on is not None and self.closed_on is not None and on > self.closed_on:
                message = f"{label}日期 {on} 晚于办结日期 {self.closed_on}"
                raise _out_of_order(message, loc or f"body.{name}")

    def contact_ends(self, keep_days: int) -> date | None:
        """The first day on which nothing is kept any more by which the voter could be reached."""
        return self.closed_on + timedelta(days=keep_days + 1) if self.closed_on is not None else None


class Contact(Record):
    """How to reach the voter who told an opinion, by whose id it goes; kept apart, so that it can go alone."""

    name: str = ""
    phone: str = ""


def _out_of_order(message: str, loc: str) -> DatesOutOfOrder:
    return DatesOutOfOrder(message, errors=[FieldError(loc, message)])
