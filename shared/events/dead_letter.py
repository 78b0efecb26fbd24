"""The dead letter: an event that could not be applied, as it is stored."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from shared.envelope import Event, service_of
from shared.events.marks import Mark
from shared.storage import outbox
from shared.transport import Delivery

_POSITION: Final = re.compile(r"(/([0-9]{9})/([a-z]+))#([0-9]{12})")


@dataclass(frozen=True)
class DeadLetter:
    """An event that could not be applied.

    `id` is its position, for a conflicting event with a part of its hash; `message` is the message id on the broker.
    `upto`: how far the stream was received by then, where another event had been applied at its position.
    """

    id: str
    town: str
    source: str
    sequence: int
    type: str
    subject: str
    hash: str
    reason: str
    handler: str
    parked: datetime
    message: str
    body: str
    readable: bool
    conflicting: bool = False
    upto: int | None = None

    @classmethod
    def from_event(
        cls,
        event: Event,
        *,
        reason: str,
        handler: str,
        now: datetime,
        message: str = "",
        conflicting: bool = True,
    ) -> "DeadLetter":
        """The dead letter of an event. `conflicting`: another event has its position, or it breaks the hash chain."""
        position = outbox.position(event.source, event.sequence)
        return cls(
            id=f"{position}~{event.hash[:12]}" if conflicting else position,
            town=event.town,
            source=event.source,
            sequence=event.sequence,
            type=event.type,
            subject=event.subject,
            hash=event.hash,
            reason=reason,
            handler=handler,
            parked=now,
            message=message or position,
            body=event.encode().decode(),
            readable=True,
            conflicting=conflicting,
        )

    @classmethod
    def from_undecodable(
        cls, delivery: Delivery, *, reason: str, handler: str, now: datetime
    ) -> "DeadLetter | None":
        """The dead letter of an undecodable message, identified by its message id; None where that is no position."""
        place = _POSITION.fullmatch(delivery.id)
        if place is None:
            return None
        about = (place[2], place[1], int(place[4]), delivery.type, "", "")
        body = delivery.body.decode("utf-8", "replace")
        return cls(delivery.id, *about, reason, handler, now, delivery.id, body, readable=False)

    @classmethod
    def load(cls, document: Mapping[str, Any]) -> "DeadLetter":
        return cls(**{("id" if name == "_id" else name): value for name, value in document.items()})

    def is_foreign(self, mark: Mark) -> bool:
        """Whether it is of no log of its source, which went on from the event that was applied in its place."""
        return self.upto is not None and self.upto < mark.upto and not mark.broken

    @property
    def public_id(self) -> str:
        """`{service}-{sequence}`, for a conflicting event with `~` and a part of its hash."""
        _, twin, hash = self.id.partition("~")
        return f"{service_of(self.source)}-{self.sequence}{twin}{hash}"

    def document(self) -> dict[str, Any]:
        document = asdict(self)
        document["_id"] = document.pop("id")
        return document
