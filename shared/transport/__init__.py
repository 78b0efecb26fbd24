"""The interface of a transport: publishing in order with confirms, and one durable queue per service."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Protocol


class PublishFailed(Exception):
    """The broker did not take every message. Some may have arrived: publish all of them again, in order."""


class TransportStopped(Exception):
    """Raised by `Queue.batch` once its transport has been stopped."""


@dataclass(frozen=True, slots=True)
class Message:
    """An event as a message: `type` is the routing key, `body` the structured CloudEvents JSON, `id` the message id;
    `town` determines its partition."""

    type: str
    body: bytes
    id: str
    town: str = ""


@dataclass(frozen=True, slots=True)
class Delivery(Message):
    """A message as a queue delivers it. `receipt` identifies the delivery to the transport that made it."""

    redelivered: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    receipt: object = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Partitions:
    """The partitions of a service's queue. All messages of a town are in the same one. `former`: other numbers that the
    queue had before and whose partitions may still hold messages: these are consumed first."""

    number: int = 1
    former: tuple[int, ...] = ()


SINGLE: Final = Partitions()


class Queue(Protocol):
    """A consumer of the queue of one service. Several consumers of the same service share its messages: with one
    partition they take them in turns, with several each consumes those that it is told to serve.

    First deliveries come in the order of publishing; redeliveries may come late. Settling a delivery whose
    connection is lost does nothing: the message is redelivered.
    """

    async def batch(self, limit: int = 100, wait: float = 0.02) -> list[Delivery]:
        """Wait for the first delivery, then collect more of them, up to `limit`, for at most `wait` seconds."""

    async def ack(self, deliveries: Sequence[Delivery]) -> None: ...

    async def park(self, delivery: Delivery, *, reason: str, handler: str) -> None:
        """Move a delivery to the dead letters with the headers x-reason, x-handler and x-type.

        Errors: PublishFailed, and the delivery stays unacked; the caller tries again.
        """

    async def serve(self, partitions: frozenset[int]) -> bool:
        """Consume these partitions from now on. To be called again and again: it is true once the former partitions
        are empty and removed, and false before."""


class Transport(Protocol):
    """The connection of one service to a broker."""

    async def start(self) -> None:
        """Return after the first attempt to connect, successful or not; reconnect until stopped."""

    async def stop(self) -> None:
        """Disconnect. Unacked deliveries are redelivered."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Publish in the given order; return once all messages are confirmed. Errors: PublishFailed."""

    async def subscribe(
        self, service: str, bindings: Sequence[str], partitions: Partitions = SINGLE
    ) -> Queue:
        """Declare the service's queue and bind it to topic patterns (`*` is one word, `#` any number of words)."""

    async def dead_letters(self, service: str, limit: int = 100) -> list[Delivery]:
        """Read the dead letters of a service, oldest first, without removing them."""

    async def drop_dead_letters(self, service: str, ids: Collection[str]) -> int:
        """Remove the dead letters with these message ids; return how many were removed."""

    async def unrouted(self) -> int:
        """Count the events that no queue was bound to; the broker keeps them apart."""

    @property
    def connections(self) -> int:
        """How often the connection that publishes was opened: each may be to a broker without its data."""

    @property
    def healthy(self) -> bool:
        """Whether every connection is open."""


@lru_cache(maxsize=4096)
def matches(pattern: str, type: str) -> bool:
    """Whether a topic pattern matches an event type, by the rules of an AMQP topic exchange."""
    return _match(pattern.split("."), type.split("."))


def _match(pattern: Sequence[str], words: Sequence[str]) -> bool:
    if not pattern:
        return not words
    if pattern[0] == "#":
        return any(_match(pattern[1:], words[start:]) for start in range(len(words) + 1))
    return bool(words) and pattern[0] in ("*", words[0]) and _match(pattern[1:], words[1:])
