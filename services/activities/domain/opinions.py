"""Opinions of voters: what came in, by which way, and what became of it."""

from datetime import date
from enum import StrEnum

from services.activities.errors import DatesOutOfOrder
from shared.errors import FieldError
from shared.work import Record


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


class Opinion(Record):
    """`text` may hold names and stays in this service. `year` is that of `received_on`; `reference` the clerk's own
    number in the workbook it came from."""

    year: int
    reference: str | None = None
    received_on: date
    channel: Channel | None = None
    station_id: str | None = None
    deputyship_id: str | None = None
    category: str = ""
    text: str = ""
    state: OpinionState = OpinionState.RECEIVED
    closed_on: date | None = None

    def check_dates(self) -> None:
        if self.closed_on is None:
            return
        if self.state is not OpinionState.CLOSED:
            message = "填写了办结日期，状态须为“已办结”（closed）"
        elif self.closed_on < self.received_on:
            message = f"{self.received_on} 收到的意见不能在 {self.closed_on} 办结"
        else:
            return
        raise DatesOutOfOrder(message, errors=[FieldError("body.closed_on", message)])
