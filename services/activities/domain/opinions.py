"""Opinions of voters (选民意见): the aggregate and its states.

    received, answered, forwarded, converted ─answer, forward, convert, close→ answered, forwarded, converted, closed

Invariants: a closed opinion stays closed, a voided one as it was; an erased one stays without text; no step is dated
before it was received or after it was closed.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal, get_args

from services.activities.domain.values import Value
from services.activities.errors import DatesOutOfOrder, OpinionErased, WrongState
from shared.errors import FieldError
from shared.storage.voiding import Voidable
from shared.storage.work import Record


class Channel(StrEnum):
    """How an opinion came in; `hotline` is 12345, `qr` the code of a station."""

    RECEPTION = "reception"
    SLIP = "slip"
    QR = "qr"
    VISIT = "visit"
    LETTER = "letter"
    PHONE = "phone"
    WECHAT = "wechat"
    WEB = "web"
    HOTLINE = "hotline"


VoterCategory = Literal["道路交通", "农田水利", "环境卫生", "教育医疗", "社会保障", "村务社区", "其他"]
"""What the voters' page offers; the office may use words of its own."""
VOTER_CATEGORIES: Final[tuple[str, ...]] = get_args(VoterCategory)


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
"""Date field of each step; steps of one day are in this order."""
STEP_LABELS: Final = {
    "forwarded_on": "转交",
    "answered_on": "答复",
    "converted_on": "转为建议",
    "closed_on": "办结",
}


class Erasure(Value):
    """Day, actor and reason of an erasure. The reason may name the voter and is not published."""

    on: date
    by: str
    reason: str


class Opinion(Voidable):
    """`text` and `answer` may contain names and are not published. `year` is that of `received_on`; `reference` the
    office's own number in its workbook; `activity_id` the reception or visit at which it was received; `suggestion_id`
    the suggestion it was converted to. Of a repeated step the latest is kept. An erased one is counted as before."""

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
    erased: Erasure | None = None

    def without_text(self, erased: Erasure) -> "Opinion":
        return self.model_copy(update={"text": "", "answer": "", "erased": erased})

    def check_erased(self) -> None:
        """Errors: OpinionErased when an erased opinion gets a text again."""
        if self.erased is not None and (self.text or self.answer):
            raise OpinionErased

    def with_step(self, state: OpinionState, on: date, **details: object) -> "Opinion":
        """The opinion after a step. Errors: RecordVoided, WrongState when closed, DatesOutOfOrder."""
        self.check_in_force()
        if self.state is OpinionState.CLOSED:
            raise WrongState("该意见已办结；登记有误的，请先更正状态")
        after = self.model_copy(update={"state": state, STEPS[state]: on, **details})
        after.check_dates(loc="body.on")
        after.check_erased()
        return after

    def unconverted(self) -> "Opinion":
        """As if it had never become a suggestion; a closed one stays closed."""
        state = OpinionState.RECEIVED if self.state is OpinionState.CONVERTED else self.state
        without = {"state": state, "converted_on": None, "suggestion_id": None}
        return self.model_copy(update=without).as_dated()

    def as_dated(self) -> "Opinion":
        """The opinion with the state that follows from the latest of its dates."""
        steps = [(on, state) for state, name in STEPS.items() if (on := getattr(self, name)) is not None]
        if not steps:
            return self
        if self.closed_on is not None:
            return self.model_copy(update={"state": OpinionState.CLOSED})
        _, _, latest = max((on, n, state) for n, (on, state) in enumerate(steps))
        return self.model_copy(update={"state": latest})

    def check_dates(self, *, loc: str | None = None) -> None:
        """`loc`: where to report an error; by default each date's own field. Errors: DatesOutOfOrder."""
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
        """The day from which the contact must be erased; None while the opinion is open."""
        return self.over_on(keep_days)

    def over_on(self, keep_days: int) -> date | None:
        """The day from which what was kept for so many days must be erased; None while the opinion is open."""
        ended_on = self.closed_on or self.voided_on
        return ended_on + timedelta(days=keep_days + 1) if ended_on is not None else None


class Contact(Record):
    """Contact of the voter, under the id of the opinion; a record of its own, so that it can be erased separately."""

    name: str = ""
    phone: str = ""


def _out_of_order(message: str, loc: str) -> DatesOutOfOrder:
    return DatesOutOfOrder(message, errors=[FieldError(loc, message)])
