"""The transport of the embedded installation: every service in one process, nothing kept beyond it.

A publish is confirmed only when every bound inbox has acked or parked every message. So the relay's cursor,
in the database, never passes an event that somebody has not committed, and none is lost with the process.
"""

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from shared.transport import Delivery, Message, PublishFailed, TransportStopped, matches

_KEPT_UNROUTED = 1_000


class _Publish:
    """Counts down what one call of publish still waits for."""

    def __init__(self) -> None:
        self.left = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def settled(self) -> None:
        self.left -= 1
        if self.left == 0 and not self.done.done():
            self.done.set_result(None)


@dataclass(eq=False, slots=True)
class _Parcel:
    message: Message
    publish: _Publish | None
    redelivered: bool = False

    def settle(self) -> None:
        if self.publish:
            self.publish.settled()
            self.publish = None


@dataclass(eq=False, slots=True)
class _Queue:
    """One service's inbox and its dead letters; it outlives the transports that read it."""

    bindings: set[str] = field(default_factory=set)
    waiting: deque[_Parcel] = field(default_factory=deque)
    dead: list[Delivery] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, parcel: _Parcel) -> None:
        self.waiting.append(parcel)
        self.arrived.set()

    def put_back(self, parcels: Sequence[_Parcel]) -> None:
        for parcel in parcels:
            parcel.redelivered = True
        self.waiting.extendleft(reversed(parcels))
        self.arrived.set()

    def take(self, limit: int) -> list[_Parcel]:
        taken = [self.waiting.popleft() for _ in range(min(limit, len(self.waiting)))]
        if not self.waiting:
            self.arrived.clear()
        return taken


class MemoryBroker:
    """What the transports of one process share."""

    def __init__(self) -> None:
        self.queues: dict[str, _Queue] = {}
        self.unrouted: deque[Message] = deque(maxlen=_KEPT_UNROUTED)
        self.unrouted_count = 0

    def queue(self, service: str) -> _Queue:
        return self.queues.setdefault(service, _Queue())

    def route(self, message: Message, publish: _Publish) -> None:
        bound = [q for q in self.queues.values() if any(matches(b, message.type) for b in q.bindings)]
        if not bound:
            self.unrouted.append(message)
            self.unrouted_count += 1
        publish.left += len(bound)
        for queue in bound:
            queue.put(_Parcel(message, publish))


class MemoryInbox:
    """Hands out deliveries of one queue and remembers them until they are settled."""

    def __init__(self, queue: _Queue) -> None:
        self._queue = queue
        self._unsettled: dict[_Parcel, None] = {}
        self._stopped = False

    async def batch(self, limit: int = 100, wait: float = 0.02) -> list[Delivery]:  # noqa: ARG002 - all is here
        await asyncio.sleep(0)  # let the other readers and the publishers in
        while not self._stopped and not self._queue.waiting:
            await self._queue.arrived.wait()
            # A stop rings the bell without a message; whoever shares the queue must not hear it for ever.
            if not self._queue.waiting:
                self._queue.arrived.clear()
        if self._stopped:
            raise TransportStopped
        parcels = self._queue.take(limit)
        self._unsettled.update(dict.fromkeys(parcels))
        return [_delivery(p) for p in parcels]

    async def ack(self, deliveries: Sequence[Delivery]) -> None:
        for parcel in self._mine(deliveries):
            parcel.settle()

    async def park(self, delivery: Delivery, *, reason: str, handler: str) -> None:
        for parcel in self._mine([delivery]):
            headers = {"x-reason": reason, "x-handler": handler, "x-type": delivery.type}
            self._queue.dead.append(replace(delivery, headers=headers, receipt=None))
            parcel.settle()

    def stop(self) -> None:
        self._stopped = True
        self._queue.put_back(list(self._unsettled))
        self._unsettled.clear()

    def _mine(self, deliveries: Sequence[Delivery]) -> list[_Parcel]:
        parcels = [d.receipt for d in deliveries if isinstance(d.receipt, _Parcel)]
        held = [parcel for parcel in parcels if parcel in self._unsettled]
        for parcel in held:
            del self._unsettled[parcel]
        return held


def _delivery(parcel: _Parcel) -> Delivery:
    m = parcel.message
    return Delivery(m.type, m.body, m.id, redelivered=parcel.redelivered, receipt=parcel)


class MemoryTransport:
    """One service's end of the broker; give the services of a process the same `MemoryBroker`."""

    def __init__(self, broker: MemoryBroker | None = None) -> None:
        self._broker = broker or MemoryBroker()
        self._inboxes: list[MemoryInbox] = []
        self._publishing: set[_Publish] = set()
        self._running = False

    async def start(self) -> None:
        self._running = True

    async def stop(self) -> None:
        self._running = False
        for inbox in self._inboxes:
            inbox.stop()
        self._inboxes.clear()
        for publish in self._publishing:
            if not publish.done.done():
                publish.done.set_exception(PublishFailed("stopped before every subscriber had committed"))

    async def publish(self, messages: Sequence[Message]) -> None:
        if not self._running:
            raise PublishFailed("the transport is not running")
        publish = _Publish()
        for message in messages:
            self._broker.route(message, publish)
        if not publish.left:
            return
        self._publishing.add(publish)
        try:
            await publish.done
        finally:
            self._publishing.discard(publish)

    async def subscribe(self, service: str, bindings: Sequence[str]) -> MemoryInbox:
        queue = self._broker.queue(service)
        queue.bindings.update(bindings)
        inbox = MemoryInbox(queue)
        self._inboxes.append(inbox)
        return inbox

    async def dead(self, service: str, limit: int = 100) -> list[Delivery]:
        return self._broker.queue(service).dead[:limit]

    async def drop_dead(self, service: str, ids: Collection[str]) -> int:
        queue = self._broker.queue(service)
        before = len(queue.dead)
        queue.dead = [letter for letter in queue.dead if letter.id not in ids]
        return before - len(queue.dead)

    async def unrouted(self) -> int:
        return self._broker.unrouted_count

    @property
    def healthy(self) -> bool:
        return self._running
