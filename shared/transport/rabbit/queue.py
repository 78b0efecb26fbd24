"""Consumer of one service's RabbitMQ queue or of its partitions: deliveries in batches, acks, dead letters."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue

from shared.transport import Delivery, Partitions, TransportStopped
from shared.transport.rabbit.connection import DISCONNECTED, Connection, Publisher
from shared.transport.rabbit.topology import Names, bind, declare_partitions, unbind

LOOKS, LOOK_SECONDS = 3, 1.0
_PREFETCH = 500
_QUIET = 0.002  # seconds: a batch is complete when nothing has arrived for this long


class RabbitQueue:
    """A consumer with a channel of its own, so that one ack may cover several deliveries."""

    def __init__(
        self,
        url: str,
        names: Names,
        service: str,
        bindings: Sequence[str],
        publisher: Publisher,
        partitions: Partitions,
    ) -> None:
        self._names, self._service, self._publisher = names, service, publisher
        self._bindings = tuple(bindings)
        self._channel: AbstractChannel | None = None
        self._buffer: deque[Delivery] = deque()
        self._arrived = asyncio.Event()
        self._unsettled: dict[int, None] = {}  # delivery tags of the present channel, ascending
        self._stopped = False
        self._partitions = partitions
        self._served = frozenset({0} if partitions.number == 1 else ())
        # Of the present channel; those of the former number with their consumer tags.
        self._queues: list[AbstractQueue] = []
        self._former: list[tuple[AbstractQueue, str]] = []
        self._changing = asyncio.Lock()
        self.connection = Connection(url, names.connection(service, "inbox"), self._consume)

    async def stop(self) -> None:
        self._stopped = True
        self._arrived.set()
        await self.connection.close()

    async def batch(self, limit: int = 100, wait: float = 0.02) -> list[Delivery]:
        loop = asyncio.get_running_loop()
        while True:
            await self._arrived.wait()
            if self._stopped:
                raise TransportStopped
            seen, deadline = 0, loop.time() + wait
            while seen < len(self._buffer) < limit and loop.time() < deadline:
                seen = len(self._buffer)
                await asyncio.sleep(_QUIET)
            taken = [self._buffer.popleft() for _ in range(min(limit, len(self._buffer)))]
            if not self._buffer and not self._stopped:
                self._arrived.clear()
            if taken:
                return taken

    async def ack(self, deliveries: Sequence[Delivery]) -> None:
        """Ack with as few frames as possible.

        One frame covers all deliveries before the first unsettled one that is not among these.
        """
        tags = self._settled(deliveries)
        upto = 0
        for tag in self._unsettled:
            if tag not in tags:
                break
            upto = tag
        await self._answer(tags, upto)

    async def _answer(self, tags: dict[int, None], upto: int) -> None:
        if self._channel is None or not tags:
            return
        for tag in tags:
            del self._unsettled[tag]
        with suppress(*DISCONNECTED):  # the channel is lost: all of them are redelivered
            await self.connection.answered(_ack(self._channel, tags, upto))

    async def park(self, delivery: Delivery, *, reason: str, handler: str) -> None:
        if not self._settled([delivery]):
            return
        headers = {"x-reason": reason, "x-handler": handler, "x-type": delivery.type}
        await self._publisher.send(
            "", [delivery], key=self._names.dead_letters(self._service), headers=headers
        )
        await self.ack([delivery])

    def _settled(self, deliveries: Sequence[Delivery]) -> dict[int, None]:
        """The delivery tags that are unsettled on the present channel, ascending; tags of a lost channel are void."""
        receipts = [d.receipt for d in deliveries if isinstance(d.receipt, tuple)]
        return dict.fromkeys(
            sorted(tag for channel, tag in receipts if channel is self._channel and tag in self._unsettled)
        )

    async def serve(self, partitions: frozenset[int]) -> bool:
        """Partitions that are given up are left with the connection: what of them is in hand is redelivered, in order,
        to who serves them next."""
        async with self._changing:
            if self._partitions.former:
                self._served = partitions
                with suppress(*DISCONNECTED):
                    await self.connection.answered(self._leave_former())
                return not self._partitions.former
            gained, given_up = partitions - self._served, self._served - partitions
            self._served = partitions
            if given_up:
                self.connection.lose()
            elif self.connection.channel is not None:
                with suppress(*DISCONNECTED):  # the channel is lost: the next one consumes them
                    await self.connection.answered(self._consume_served(self.connection.channel, gained))
            return True

    async def _leave_former(self) -> None:
        """Remove the former partitions if they are empty; then the present ones are consumed.

        They are if nobody consumes them, this process included, and none holds a message.
        """
        channel = self.connection.channel
        if channel is None or self._unsettled:
            return
        for queue, tag in self._former:
            await queue.cancel(tag)
        try:
            names = [queue.name for queue, _ in self._former]

            async def used() -> bool:
                found = [await channel.declare_queue(name, passive=True) for name in names]
                counts = (queue.declaration_result for queue in found)
                return bool(self._unsettled) or any(c.message_count or c.consumer_count for c in counts)

            if await stays_unused(used):
                for name in names:
                    await channel.queue_delete(name)
                self._partitions = replace(self._partitions, former=())
        finally:
            self.connection.lose()

    async def _consume(self, channel: AbstractChannel) -> None:
        async with self._changing:
            names, service, number = self._names, self._service, self._partitions.number
            self._queues = await declare_partitions(channel, names, service, number)
            await bind(channel, names, service, self._queues, self._bindings)
            await channel.set_qos(prefetch_count=_PREFETCH)
            # Whatever the former channel delivered is redelivered on this one.
            self._buffer.clear()
            self._unsettled.clear()
            self._former.clear()
            self._channel = channel
            if self._partitions.former:
                await self._consume_former(channel)
            else:
                await self._consume_served(channel, self._served)

    async def _consume_served(self, channel: AbstractChannel, partitions: frozenset[int]) -> None:
        for partition in sorted(partitions):
            await self._queues[partition].consume(partial(self._take, channel))

    async def _consume_former(self, channel: AbstractChannel) -> None:
        """Consume former partitions, which get no further events, as the only replica that does."""
        names, service = self._names, self._service
        await channel.declare_queue(names.change(service), exclusive=True)
        for number in self._partitions.former:
            queues = await declare_partitions(channel, names, service, number)
            await unbind(channel, names, service, queues, self._bindings)
            for queue in queues:
                self._former.append((queue, await queue.consume(partial(self._take, channel))))

    async def _take(self, channel: AbstractChannel, message: AbstractIncomingMessage) -> None:
        if channel is not self._channel or message.delivery_tag is None:
            return
        self._unsettled[message.delivery_tag] = None
        self._buffer.append(delivery(message, (channel, message.delivery_tag)))
        self._arrived.set()


async def stays_unused(used: Callable[[], Awaitable[bool]]) -> bool:
    """Whether queues were found unused LOOKS times, LOOK_SECONDS apart. Once is not enough: RabbitMQ answers with no
    messages and no consumers for a quorum queue whose leader is away or does not answer within 250 ms."""
    for look in range(LOOKS):
        if look:
            await asyncio.sleep(LOOK_SECONDS)
        if await used():
            return False
    return True


async def _ack(channel: AbstractChannel, tags: Iterable[int], upto: int) -> None:
    wire = await channel.get_underlay_channel()
    if upto:
        await wire.basic_ack(upto, multiple=True, wait=False)
    for tag in tags:
        if tag > upto:
            await wire.basic_ack(tag, wait=False)


def delivery(message: AbstractIncomingMessage, receipt: object = None) -> Delivery:
    """A message of aio-pika as a Delivery. One that the broker dead-lettered itself gets a reason here."""
    headers = {name: value for name, value in message.headers.items() if isinstance(value, str)}
    if "x-death" in message.headers:
        headers.setdefault("x-reason", "delivery limit of the broker reached")
    return Delivery(
        message.type or message.routing_key or "",
        message.body,
        message.message_id or "",
        redelivered=bool(message.redelivered),
        headers=headers,
        receipt=receipt,
    )
