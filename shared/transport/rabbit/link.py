"""One connection with one channel, brought back after every loss, and what is sent over it with confirms."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import CONNECTION_EXCEPTIONS
from pamqp.commands import Basic

from shared.envelope import CONTENT_TYPE
from shared.transport import Message, PublishFailed
from shared.transport.rabbit.topology import Names, declare_events

_Outcome = Basic.Ack | Basic.Nack | Basic.Reject | BaseException | None

TROUBLE = (*CONNECTION_EXCEPTIONS, TimeoutError)

_IN_FLIGHT = 200  # unconfirmed messages; more gain nothing
_HEARTBEAT = 15
_CONNECT_TIMEOUT = 10.0
_ANSWER_TIMEOUT = 30.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0

log = structlog.get_logger(__name__)


@asynccontextmanager
async def connection(url: str, name: str) -> AsyncIterator[AbstractConnection]:
    """A plain connection that the management pages show under `name`."""
    opened = await aio_pika.connect(
        url, timeout=_CONNECT_TIMEOUT, heartbeat=_HEARTBEAT, client_properties={"connection_name": name}
    )
    try:
        yield opened
    finally:
        with suppress(*TROUBLE):
            async with asyncio.timeout(_CONNECT_TIMEOUT):
                await opened.close()


class Link:
    """Keeps one channel open until closed; `set_up` runs on every new one."""

    def __init__(self, url: str, name: str, set_up: Callable[[AbstractChannel], Awaitable[None]]) -> None:
        self.channel: AbstractChannel | None = None
        self._url, self._name, self._set_up = url, name, set_up
        self._tried = asyncio.Event()
        self.lost = asyncio.Event()  # of the present channel
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Return after the first attempt, successful or not: a service starts without its broker."""
        self._task = asyncio.create_task(self._keep(), name=self._name)
        await self._tried.wait()

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    def lose(self) -> None:
        """Give this channel and its connection up and make others."""
        self.channel = None
        self.lost.set()

    async def _keep(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                async with connection(self._url, self._name) as opened:
                    await self._hold(await opened.channel(publisher_confirms=True, on_return_raises=True))
                pause = _FIRST_PAUSE
                log.warning("broker connection lost", connection=self._name)
            except TROUBLE as error:
                log.warning("broker not usable", connection=self._name, error=repr(error))
            finally:
                self.lose()
                self._tried.set()
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _hold(self, channel: AbstractChannel) -> None:
        self.lost = lost = asyncio.Event()
        channel.close_callbacks.add(lambda *_: lost.set())
        # The broker cancels a consumer whose queue was deleted or moved to another node.
        (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(lambda _: lost.set())
        async with asyncio.timeout(_ANSWER_TIMEOUT):
            await self._set_up(channel)
        self.channel = channel
        self._tried.set()
        await lost.wait()


class Sender:
    """The publishing connection of one service.

    Apart from the inbox, because a broker short of memory stops reading from connections that publish,
    acks included.
    """

    def __init__(self, url: str, names: Names, service: str) -> None:
        self.link = Link(url, names.connection(service, "events"), partial(declare_events, names=names))

    async def send(
        self,
        exchange: str,
        messages: Sequence[Message],
        *,
        key: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send in order, under `key` or each one's type; a nack, a return or no answer is PublishFailed."""
        for start in range(0, len(messages), _IN_FLIGHT):
            await self._confirmed(exchange, messages[start : start + _IN_FLIGHT], key, headers or {})

    async def _confirmed(
        self, exchange: str, messages: Sequence[Message], key: str, headers: Mapping[str, str]
    ) -> None:
        channel = self.link.channel
        if channel is None:
            raise PublishFailed("not connected to the broker")
        wire = await channel.get_underlay_channel()
        sending = asyncio.gather(
            *(
                # Exchange.publish would wait for the socket after each message; the wire keeps the order too.
                wire.basic_publish(
                    m.body,
                    exchange=exchange,
                    routing_key=key or m.type,
                    properties=_properties(m, headers),
                    mandatory=True,
                    wait=False,  # type: ignore[call-arg]  # missing in aiormq.abc only
                )
                for m in messages
            ),
            return_exceptions=True,
        )
        failed = [o for o in await self._outcomes(sending) if isinstance(o, BaseException)]
        if failed:
            count = f"{len(failed)} of {len(messages)}"
            raise PublishFailed(f"{count} not confirmed: {failed[0]!r}") from failed[0]

    async def _outcomes(self, sending: asyncio.Future[list[_Outcome]]) -> list[_Outcome]:
        """What became of each message. A channel that goes may leave its confirmations open for ever."""
        lost = asyncio.create_task(self.link.lost.wait())
        either: set[asyncio.Future[Any]] = {sending, lost}
        try:
            await asyncio.wait(either, timeout=_ANSWER_TIMEOUT, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                return sending.result()
            self.link.lose()
            raise PublishFailed("the broker went away or does not answer")
        finally:
            lost.cancel()
            if sending.cancel():
                await asyncio.wait([sending])
                sending.exception()  # seen, so that nobody complains about it


def _properties(message: Message, headers: Mapping[str, str]) -> Basic.Properties:
    return aio_pika.Message(
        message.body,
        content_type=CONTENT_TYPE,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=message.id,
        type=message.type,
        headers=dict(headers),
    ).properties
