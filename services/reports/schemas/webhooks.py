"""Webhooks over HTTP."""

from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from services.reports.domain.webhooks import Reason, State
from services.reports.schemas import In, Label
from shared.http.paging import Paging
from shared.http.parsing import SAFE_INTEGER, omitted

MOST: Final = 1000
"""Events sent again at once."""


def _distinct(types: list[str]) -> list[str]:
    if len(set(types)) < len(types):
        raise ValueError("同一类型写了两次")
    return types


Url = Annotated[str, Field(description="接收推送的网址，须为 https")]
EventType = Annotated[
    str,
    StringConstraints(
        max_length=100,
        pattern=r"^(roster|activities|ratings|reports)\.(\*|[a-z_]+\.(\*|[a-z_]+\.(\*|v[1-9][0-9]?)))$",
    ),
]
Types = Annotated[
    list[EventType],
    Field(max_length=50, description="要哪些类型的事件，如 reports.report.*；空表示全部"),
    AfterValidator(_distinct),
]
Ordered = Annotated[bool, Field(description="同一事件流是否严格按次序，前一件没有送到就不送后一件")]
Sequence = Annotated[int, Field(ge=1, le=SAFE_INTEGER)]


class WebhookIn(In):
    """`begin`: with the events from now on, or from the start of the log."""

    url: Url
    types: Types = []
    ordered: Ordered = False
    description: Label = ""
    begin: Literal["now", "start"] = "now"


class WebhookPatch(In):
    url: Url = omitted()
    types: Types = omitted()
    ordered: Ordered = omitted()
    description: Label = omitted()


class WebhookRotateIn(In):
    """`keep_hours`: how long the keys before still sign as well; 0 where a secret has become known."""

    keep_hours: Annotated[int, Field(ge=0, le=168, strict=True)] = 24


class WebhookReplayIn(In):
    """One event (`event_id`), a range of a stream (`source`, `from`, `to`), or all that did not arrive (`failed`)."""

    event_id: Annotated[str | None, Field(min_length=1, max_length=100)] = None
    source: Annotated[
        str | None, StringConstraints(pattern=r"^/[0-9]{9}/(roster|activities|ratings|reports)$")
    ] = None
    from_: Annotated[Sequence | None, Field(alias="from")] = None
    to: Sequence | None = None
    failed: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (self.event_id is not None, self.source is not None, self.failed)
        if sum(ways) != 1:
            raise ValueError("event_id、source、failed 三者写一个")
        if (self.source is None) != (self.from_ is None and self.to is None) or (
            self.source is not None and (self.from_ is None or self.to is None)
        ):
            raise ValueError("写了 source，就要写从第几号（from）到第几号（to）")
        if self.from_ is not None and self.to is not None and not 0 <= self.to - self.from_ < MOST:
            raise ValueError(f"from 不大于 to，一次至多 {MOST} 件")
        return self


class Replayed(BaseModel):
    """How many deliveries are due again."""

    deliveries: int


class WebhookOut(BaseModel):
    """`reason`: why it is disabled: `asked`, `gone` (the receiver answered 410), `failing` (everything failed for five
    days). `public_key` verifies the signatures `v1a`. `url` is null for auditors: it may contain a secret."""

    id: str
    version: int
    area: str
    url: str | None
    origin: str
    description: str
    types: list[str]
    ordered: bool
    state: State
    reason: Reason
    public_key: str
    added_at: datetime
    failing_since: datetime | None
    last_delivered_at: datetime | None


class WebhookGiven(WebhookOut):
    """`secret` is shown here and never again; it verifies the signatures `v1`."""

    secret: str


class WebhooksOut(BaseModel):
    items: list[WebhookOut]


class AttemptOut(BaseModel):
    """`status`: that of the answer, null without one; `error`: why it was no success."""

    at: datetime
    status: int | None
    error: str
    seconds: float


class DeliveryOut(BaseModel):
    """An event on its way to a webhook. `at`: when it is due next, or when it was delivered or given up. `tries`: since
    it was taken up or sent again; `attempts`: the last twenty of all."""

    event_id: str
    type: str
    source: str
    sequence: int
    state: Literal["pending", "delivered", "failed"]
    at: datetime
    tries: int
    attempts: list[AttemptOut]


class DeliveriesQuery(Paging):
    state: Annotated[
        Literal["pending", "delivered", "failed"] | None,
        Field(description="只要一种：待送的、送到的、已放弃的"),
    ] = None


class DeliveriesPage(BaseModel):
    items: list[DeliveryOut]
    next_cursor: str | None
