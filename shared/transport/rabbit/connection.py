"""RabbitMQ connections: a reconnecting one with one channel, and a publisher with publisher confirms."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, TypeVar

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import CONNECTION_EXCEPTIONS
from pamqp.commands import Basic

from shared.clock import Backoff
from shared.envelope import CONTENT_TYPE
from shared.errors import CannotStart
from shared.transport import Message, PublishFailed
from shared.transport.rabbit.topology import TOWN, Names, declare_events

T = TypeVar("T")

_Outcome = Basic.Ack | Basic.Nack | Basic.Reject | BaseException | None

DISCONNECTED = (*CONNECTION_EXCEPTIONS, TimeoutError)

_IN_FLIGHT = 200  # unconfirmed messages at a time; more of them are no faster
_HEARTBEAT = 15
_CONNECT_TIMEOUT = 10.0
_ANSWER_TIMEOUT = 30.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0

log = structlog.get_logger(__name__)


@asynccontextmanager
async def connect(url: str, name: str) -> AsyncIterator[AbstractConnection]:
    """A plain connection, listed as `name` in the management interface."""
    connection = await aio_pika.connect(
        url, timeout=_CONNECT_TIMEOUT, heartbeat=_HEARTBEAT, client_properties={"connection_name": name}
    )
    try:
        yield connection
    finally:
        with suppress(*DISCONNECTED):
            async with asyncio.timeout(_CONNECT_TIMEOUT):
                await connection.close()


class Connection:
    """A connection with one channel that is reopened after every loss; `set_up` runs on each new channel."""

    def __init__(self, url: str, name: str, set_up: Callable[[AbstractChannel], Awaitable[None]]) -> None:
        self.channel: AbstractChannel | None = None
        self.opened = 0  # how often
        self._url, self._name, self._set_up = url, name, set_up
        self._tried = asyncio.Event()
        self.lost = asyncio.Event()  # of the present channel
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Return after the first attempt, successful or not: a service can start without its broker. Errors:
        CannotStart where no attempt can ever succeed."""
        self._task = asyncio.create_task(self._keep(), name=self._name)
        await self._tried.wait()
        if self._task.done() and (error := self._task.exception()) is not None:
            raise CannotStart("消息队列的地址（AMQP_URL）写得不对") from error

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    def lose(self) -> None:
        """Abandon the present channel and its connection, and reconnect."""
        self.channel = None
        self.lost.set()

    async def answered(self, call: Coroutine[Any, Any, T]) -> T:
        """What `call` on the present channel returns. aiormq leaves open for ever what waits for room in its write
        queue, or for a confirmation, when the connection dies.

        Errors: ConnectionError when the channel is lost or the broker does not answer, and those of the call.
        """
        calling, lost = asyncio.create_task(call), asyncio.create_task(self.lost.wait())
        try:
            await asyncio.wait({calling, lost}, timeout=_ANSWER_TIMEOUT, return_when=asyncio.FIRST_COMPLETED)
            if calling.done():
                return calling.result()
            if not lost.done():
                self.lose()
            raise ConnectionError("the connection was lost, or the broker does not answer")
        finally:
            lost.cancel()
            if calling.cancel():
                await asyncio.wait({calling})
                if not calling.cancelled():
                    calling.exception()  # retrieved, so that asyncio does not warn about it

    async def _keep(self) -> None:
        backoff = Backoff(_FIRST_PAUSE, _LONGEST_PAUSE)
        while True:
            try:
                async with connect(self._url, self._name) as connection:
                    async with asyncio.timeout(_ANSWER_TIMEOUT):
                        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
                    await self._use(channel)
                backoff.reset()
                log.warning("broker connection lost", connection=self._name)
            except DISCONNECTED as error:
                log.warning("broker not usable", connection=self._name, reason=error)
            except Exception:
                if not self._tried.is_set():
                    raise
                log.exception("broker not usable", connection=self._name)
            finally:
                self.lose()
                self._tried.set()
            await asyncio.sleep(backoff.postpone() * random.uniform(0.5, 1))  # noqa: S311 - jitter

    async def _use(self, channel: AbstractChannel) -> None:
        self.lost = lost = asyncio.Event()
        channel.close_callbacks.add(lambda *_: lost.set())
        # The broker cancels a consumer whose queue was deleted or moved to another node.
        (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(lambda _: lost.set())
        async with asyncio.timeout(_ANSWER_TIMEOUT):
            await self._set_up(channel)
        self.channel = channel
        self.opened += 1
        self._tried.set()
        await lost.wait()


class Publisher:
    """RabbitMQ connection of one service with publisher confirms.

    It is not the consumer's connection, because a broker short of memory stops reading from connections that
    publish, acks included.
    """

    def __init__(self, url: str, names: Names, service: str) -> None:
        self.connection = Connection(
            url, names.connection(service, "events"), partial(declare_events, names=names)
        )

    async def send(
        self,
        exchange: str,
        messages: Sequence[Message],
        *,
        key: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Publish in order, with `key` or each message's type as routing key.

        Errors: PublishFailed on a nack, a returned message or no answer.
        """
        for start in range(0, len(messages), _IN_FLIGHT):
            await self._confirmed(exchange, messages[start : start + _IN_FLIGHT], key, headers or {})

    async def _confirmed(
        self, exchange: str, messages: Sequence[Message], key: str, headers: Mapping[str, str]
    ) -> None:
        channel = self.connection.channel
        if channel is None:
            raise PublishFailed("not connected to the broker")
        wire = await channel.get_underlay_channel()

        async def outcomes() -> list[_Outcome]:
            # Exchange.publish would wait for the socket after each message; basic_publish keeps the order too.
            sending = (
                wire.basic_publish(
                    m.body,
                    exchange=exchange,
                    routing_key=key or m.type,
                    properties=_properties(m, headers),
                    mandatory=True,
                    wait=False,  # type: ignore[call-arg]  # missing in aiormq.abc only
                )
                for m in messages
            )
            return await asyncio.gather(*sending, return_exceptions=True)

        try:
            failed = [o for o in await self.connection.answered(outcomes()) if isinstance(o, BaseException)]
        except ConnectionError as error:
            raise PublishFailed(str(error)) from error
        if failed:
            count = f"{len(failed)} of {len(messages)}"
            raise PublishFailed(f"{count} not confirmed: {failed[0]!r}") from failed[0]


def _properties(message: Message, headers: Mapping[str, str]) -> Basic.Properties:
    return Basic.Properties(
        content_type=CONTENT_TYPE,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=message.id,
        message_type=message.type,
        headers={TOWN: message.town, **headers},
    )
