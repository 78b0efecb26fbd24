"""RabbitMQ as a transport: events through a topic exchange into one quorum queue per service."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from shared.transport import Delivery, Message
from shared.transport.rabbit.inbox import RabbitInbox, delivery
from shared.transport.rabbit.link import Link, Sender, connection
from shared.transport.rabbit.topology import Names, declare_dead, declare_unrouted

__all__ = ["RabbitTransport"]


class RabbitTransport:
    """One service's end of the broker: a connection for what it publishes and one for each inbox."""

    def __init__(self, url: str, *, service: str, namespace: str = "") -> None:
        self._url, self._service = url, service
        self._names = Names(namespace)
        self._sender = Sender(url, self._names, service)
        self._inboxes: list[RabbitInbox] = []

    async def start(self) -> None:
        await self._sender.link.open()

    async def stop(self) -> None:
        for inbox in self._inboxes:
            await inbox.stop()
        self._inboxes.clear()
        await self._sender.link.close()

    async def publish(self, messages: Sequence[Message]) -> None:
        await self._sender.send(self._names.events, messages)

    async def subscribe(self, service: str, bindings: Sequence[str]) -> RabbitInbox:
        inbox = RabbitInbox(self._url, self._names, service, bindings, self._sender)
        self._inboxes.append(inbox)
        await inbox.link.open()
        return inbox

    async def dead(self, service: str, limit: int = 100) -> list[Delivery]:
        async with self._channel() as channel:
            # Unacked, so the broker takes them back when the channel closes.
            return [delivery(m) async for m in self._letters(channel, service, limit)]

    async def drop_dead(self, service: str, ids: Collection[str]) -> int:
        dropped = 0
        async with self._channel() as channel:
            async for message in self._letters(channel, service):
                if message.message_id in ids:
                    await message.ack()
                    dropped += 1
        return dropped

    async def unrouted(self) -> int:
        async with self._channel() as channel:
            return (await declare_unrouted(channel, self._names)).declaration_result.message_count or 0

    @property
    def healthy(self) -> bool:
        links: list[Link] = [self._sender.link, *(inbox.link for inbox in self._inboxes)]
        return all(link.channel is not None for link in links)

    async def _letters(
        self, channel: AbstractChannel, service: str, limit: int | None = None
    ) -> AsyncIterator[AbstractIncomingMessage]:
        queue = await declare_dead(channel, self._names, service)
        taken = 0
        while limit is None or taken < limit:
            message = await queue.get(fail=False)
            if message is None:
                return
            taken += 1
            yield message

    @asynccontextmanager
    async def _channel(self) -> AsyncIterator[AbstractChannel]:
        """A passing connection for the clerk's errands, so that they never disturb the service's own."""
        async with connection(self._url, self._names.connection(self._service, "errand")) as opened:
            yield await opened.channel()
