"""The in-memory transport of the embedded installation, where all services run in one process.

A publish is confirmed only when every bound queue has acked or parked every message. So the relay's cursor,
in the database, never passes an event that a subscriber has not committed, and no event is lost with the process.
"""

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from shared.transport import SINGLE, Delivery, Message, Partitions, PublishFailed, TransportStopped, matches

_KEPT_UNROUTED = 1_000


class _Confirmation:
    """The unsettled messages of one call of `publish`; `done` resolves when the last one is settled."""

    def __init__(self) -> None:
        self.left = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def settled(self) -> None:
        self.left -= 1
        if self.left == 0 and not self.done.done():
            self.done.set_result(None)


@dataclass(eq=False, slots=True)
class _QueuedMessage:
    message: Message
    confirmation: _Confirmation | None
    redelivered: bool = False

    def settle(self) -> None:
        if self.confirmation:
            self.confirmation.settled()
            self.confirmation = None


@dataclass(eq=False, slots=True)
class _Backlog:
    """The messages and the dead letters of one service; it outlives the transports that consume it."""

    bindings: set[str] = field(default_factory=set)
    waiting: deque[_QueuedMessage] = field(default_factory=deque)
    dead_letters: list[Delivery] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, queued: _QueuedMessage) -> None:
        self.waiting.append(queued)
        self.arrived.set()

    def put_back(self, queued_messages: Sequence[_QueuedMessage]) -> None:
        for queued in queued_messages:
            queued.redelivered = True
        self.waiting.extendleft(reversed(queued_messages))
        self.arrived.set()

    def take(self, limit: int) -> list[_QueuedMessage]:
        taken = [self.waiting.popleft() for _ in range(min(limit, len(self.waiting)))]
        if not self.waiting:
            self.arrived.clear()
        return taken


class MemoryBroker:
    """The broker that the transports of one process share."""

    def __init__(self) -> None:
        self.backlogs: dict[str, _Backlog] = {}
        self.unrouted: deque[Message] = deque(maxlen=_KEPT_UNROUTED)
        self.unrouted_count = 0

    def backlog(self, service: str) -> _Backlog:
        return self.backlogs.setdefault(service, _Backlog())

    def route(self, message: Message, confirmation: _Confirmation) -> None:
        bound = [
            b for b in self.backlogs.values() if any(matches(pattern, message.type) for pattern in b.bindings)
        ]
        if not bound:
            self.unrouted.append(message)
            self.unrouted_count += 1
        confirmation.left += len(bound)
        for backlog in bound:
            backlog.put(_QueuedMessage(message, confirmation))


class MemoryQueue:
    """A consumer of one service's messages; it tracks its deliveries until they are settled."""

    def __init__(self, backlog: _Backlog) -> None:
        self._backlog = backlog
        self._unsettled: dict[_QueuedMessage, None] = {}
        self._stopped = False

    async def batch(self, limit: int = 100, wait: float = 0.02) -> list[Delivery]:  # noqa: ARG002 - nothing to wait for
        await asyncio.sleep(0)  # lets the other consumers and the publishers run
        while not self._stopped and not self._backlog.waiting:
            await self._backlog.arrived.wait()
            # `stop` sets the event without a message; the other consumers of the queue clear it again.
            if not self._backlog.waiting:
                self._backlog.arrived.clear()
        if self._stopped:
            raise TransportStopped
        queued_messages = self._backlog.take(limit)
        self._unsettled.update(dict.fromkeys(queued_messages))
        return [_delivery(queued) for queued in queued_messages]

    async def ack(self, deliveries: Sequence[Delivery]) -> None:
        for queued in self._unsettle(deliveries):
            queued.settle()

    async def park(self, delivery: Delivery, *, reason: str, handler: str) -> None:
        for queued in self._unsettle([delivery]):
            headers = {"x-reason": reason, "x-handler": handler, "x-type": delivery.type}
            self._backlog.dead_letters.append(replace(delivery, headers=headers, receipt=None))
            queued.settle()

    async def serve(self, partitions: frozenset[int]) -> bool:  # noqa: ARG002 - one process has one partition
        return True

    def stop(self) -> None:
        self._stopped = True
        self._backlog.put_back(list(self._unsettled))
        self._unsettled.clear()

    def _unsettle(self, deliveries: Sequence[Delivery]) -> list[_QueuedMessage]:
        queued_messages = [d.receipt for d in deliveries if isinstance(d.receipt, _QueuedMessage)]
        unsettled = [queued for queued in queued_messages if queued in self._unsettled]
        for queued in unsettled:
            del self._unsettled[queued]
        return unsettled


def _delivery(queued: _QueuedMessage) -> Delivery:
    m = queued.message
    return Delivery(m.type, m.body, m.id, redelivered=queued.redelivered, receipt=queued)


class MemoryTransport:
    """The transport of one service. Services that share a `MemoryBroker` receive each other's events."""

    def __init__(self, broker: MemoryBroker | None = None) -> None:
        self._broker = broker or MemoryBroker()
        self._queues: list[MemoryQueue] = []
        self._unconfirmed: set[_Confirmation] = set()
        self._running = False

    async def start(self) -> None:
        self._running = True

    async def stop(self) -> None:
        self._running = False
        for queue in self._queues:
            queue.stop()
        self._queues.clear()
        for confirmation in self._unconfirmed:
            if not confirmation.done.done():
                confirmation.done.set_exception(
                    PublishFailed("stopped before every subscriber had committed")
                )

    async def publish(self, messages: Sequence[Message]) -> None:
        if not self._running:
            raise PublishFailed("the transport is not running")
        confirmation = _Confirmation()
        for message in messages:
            self._broker.route(message, confirmation)
        if not confirmation.left:
            return
        self._unconfirmed.add(confirmation)
        try:
            await confirmation.done
        finally:
            self._unconfirmed.discard(confirmation)

    async def subscribe(
        self,
        service: str,
        bindings: Sequence[str],
        partitions: Partitions = SINGLE,  # noqa: ARG002 - one process has one partition
    ) -> MemoryQueue:
        backlog = self._broker.backlog(service)
        backlog.bindings.update(bindings)
        queue = MemoryQueue(backlog)
        self._queues.append(queue)
        return queue

    async def dead_letters(self, service: str, limit: int = 100) -> list[Delivery]:
        return self._broker.backlog(service).dead_letters[:limit]

    async def drop_dead_letters(self, service: str, ids: Collection[str]) -> int:
        backlog = self._broker.backlog(service)
        before = len(backlog.dead_letters)
        backlog.dead_letters = [d for d in backlog.dead_letters if d.id not in ids]
        return before - len(backlog.dead_letters)

    async def unrouted(self) -> int:
        return self._broker.unrouted_count

    @property
    def connections(self) -> int:
        return 1

    @property
    def healthy(self) -> bool:
        return self._running
