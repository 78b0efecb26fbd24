"""The RabbitMQ transport: events go through a topic exchange into one quorum queue per service, or its partitions."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from shared.transport import SINGLE, Delivery, Message, Partitions
from shared.transport.rabbit.connection import Connection, Publisher, connect
from shared.transport.rabbit.queue import RabbitQueue, delivery
from shared.transport.rabbit.topology import Names, declare_dead_letters, declare_unrouted

__all__ = ["RabbitTransport", "broker_version"]


class RabbitTransport:
    """The transport of one service: one connection for publishing and one for each queue it consumes."""

    def __init__(self, url: str, *, service: str, namespace: str = "") -> None:
        self._url, self._service = url, service
        self._names = Names(namespace)
        self._publisher = Publisher(url, self._names, service)
        self._queues: list[RabbitQueue] = []

    async def start(self) -> None:
        await self._publisher.connection.open()

    async def stop(self) -> None:
        for queue in self._queues:
            await queue.stop()
        self._queues.clear()
        await self._publisher.connection.close()

    async def publish(self, messages: Sequence[Message]) -> None:
        await self._publisher.send(self._names.events, messages)

    async def subscribe(
        self, service: str, bindings: Sequence[str], partitions: Partitions = SINGLE
    ) -> RabbitQueue:
        queue = RabbitQueue(self._url, self._names, service, bindings, self._publisher, partitions)
        self._queues.append(queue)
        await queue.connection.open()
        return queue

    async def dead_letters(self, service: str, limit: int = 100) -> list[Delivery]:
        async with self._channel() as channel:
            # They stay unacked, so the broker requeues them when the channel closes.
            return [delivery(m) async for m in self._read_dead_letters(channel, service, limit)]

    async def drop_dead_letters(self, service: str, ids: Collection[str]) -> int:
        dropped = 0
        async with self._channel() as channel:
            async for message in self._read_dead_letters(channel, service):
                if message.message_id in ids:
                    await message.ack()
                    dropped += 1
        return dropped

    async def unrouted(self) -> int:
        async with self._channel() as channel:
            return (await declare_unrouted(channel, self._names)).declaration_result.message_count or 0

    @property
    def connections(self) -> int:
        return self._publisher.connection.opened

    @property
    def healthy(self) -> bool:
        channels: list[Connection] = [
            self._publisher.connection,
            *(queue.connection for queue in self._queues),
        ]
        return all(channel.channel is not None for channel in channels)

    async def _read_dead_letters(
        self, channel: AbstractChannel, service: str, limit: int | None = None
    ) -> AsyncIterator[AbstractIncomingMessage]:
        queue = await declare_dead_letters(channel, self._names, service)
        taken = 0
        while limit is None or taken < limit:
            message = await queue.get(fail=False)
            if message is None:
                return
            taken += 1
            yield message

    @asynccontextmanager
    async def _channel(self) -> AsyncIterator[AbstractChannel]:
        """A channel on a connection of its own, so that administrative requests never disturb the others."""
        async with connect(self._url, self._names.connection(self._service, "admin")) as connection:
            yield await connection.channel()


async def broker_version(url: str) -> str:
    """The version of the broker, as it says when connected to. Errors: those of a connection, ValueError for a URL."""
    async with connect(url, "lvzhi doctor") as connection:
        assert connection.transport is not None
        return str(connection.transport.connection.server_properties["version"])
