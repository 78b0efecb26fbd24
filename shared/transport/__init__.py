"""What every transport promises: events out in order and confirmed, and inboxes that lose nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol


class PublishFailed(Exception):
    """The broker did not take every message. Some may have arrived: publish all of them again, in order."""


class TransportStopped(Exception):
    """Raised by `Inbox.batch` once its transport has been stopped."""


@dataclass(frozen=True, slots=True)
class Message:
    """One event on its way: `type` is its routing key, `body` its structured CloudEvents JSON."""

    type: str
    body: bytes
    id: str


@dataclass(frozen=True, slots=True)
class Delivery(Message):
    """A message as an inbox hands it out. `receipt` belongs to the transport that made it."""

    redelivered: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    receipt: object = field(default=None, repr=False, compare=False)


class Inbox(Protocol):
    """The queue of one service. Several inboxes of the same service share its messages between them.

    First deliveries come in the order of publishing; what comes again may come late. Settling a delivery whose
    connection is gone does nothing: the message comes again by itself.
    """

    async def batch(self, limit: int = 100, wait: float = 0.02) -> list[Delivery]:
        """Block for the first delivery, then take what follows at once, up to `limit` or `wait` seconds."""

    async def ack(self, deliveries: Sequence[Delivery]) -> None: ...

    async def park(self, delivery: Delivery, *, reason: str, handler: str) -> None:
        """Move it to the dead letters with the headers x-reason, x-handler and x-type.

        PublishFailed leaves it unacked: broker trouble passes, so try again.
        """


class Transport(Protocol):
    async def start(self) -> None:
        """Return after the first attempt to connect, successful or not; it goes on trying until stopped."""

    async def stop(self) -> None:
        """Deliveries not acked by now will come again."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Send in the given order; return once all are confirmed, raise PublishFailed otherwise."""

    async def subscribe(self, service: str, bindings: Sequence[str]) -> Inbox:
        """Declare the service's inbox and bind it to topic patterns (`*` one word, `#` any number)."""

    async def dead(self, service: str, limit: int = 100) -> list[Delivery]:
        """Dead letters, oldest first; they stay where they are."""

    async def drop_dead(self, service: str, ids: Collection[str]) -> int:
        """Remove these dead letters; returns how many there were."""

    async def unrouted(self) -> int:
        """How many events no inbox was bound to; they are kept aside."""

    @property
    def healthy(self) -> bool: ...


@lru_cache(maxsize=4096)
def matches(pattern: str, type: str) -> bool:
    """Whether a topic pattern covers an event type, by the rules of a topic exchange."""
    return _match(pattern.split("."), type.split("."))


def _match(pattern: Sequence[str], words: Sequence[str]) -> bool:
    if not pattern:
        return not words
    if pattern[0] == "#":
        return any(_match(pattern[1:], words[start:]) for start in range(len(words) + 1))
    return bool(words) and pattern[0] in ("*", words[0]) and _match(pattern[1:], words[1:])
