"""TLS to database and broker by their addresses alone: a certificate of the named authority is believed, no other."""

import asyncio
import gc
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import cast

import pytest
import trustme
from yarl import URL

from shared.settings import Settings
from shared.storage import mongo
from shared.transport.rabbit.connection import connect

pytestmark = [
    pytest.mark.mongo,
    pytest.mark.rabbit,
    # Of a refused handshake Python 3.11 leaves a transport in a reference cycle (gh-109534): that of the terminator.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    with suppress(OSError):
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def terminated(url: str, authority: trustme.CA, name: str = "localhost") -> AsyncIterator[int]:
    """A port that speaks TLS, and hands on to a server that does not."""
    place = URL(url)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(tls)
    conversations: set[asyncio.Task[None]] = set()

    async def hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversations.add(cast("asyncio.Task[None]", asyncio.current_task()))
        there, back = await asyncio.open_connection(place.host, place.port)
        await asyncio.gather(_pass(reader, back), _pass(there, writer))

    server = await asyncio.start_server(hand_on, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]
    if conversations:
        await asyncio.wait(conversations)
    gc.collect()


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    """Its certificate is the file that the addresses name."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "ca.pem")
    return made


async def test_the_database_is_believed_by_its_certificate(
    mongo_url: str, authority: trustme.CA, tmp_path: Path
) -> None:
    options = f"directConnection=true&tls=true&tlsCAFile={tmp_path / 'ca.pem'}"

    async def answers(port: int, options: str = options) -> bool:
        address = f"mongodb://localhost:{port}/?{options}"
        database = Settings(mongodb_url=address).database
        assert database is not None
        return await asyncio.to_thread(mongo.ping, database, timeout_seconds=3.0)

    async with terminated(mongo_url, authority) as port:
        assert await answers(port)
        assert not await answers(port, "directConnection=true")  # without TLS
    async with terminated(mongo_url, trustme.CA()) as port:
        assert not await answers(port)
    async with terminated(mongo_url, authority, "elsewhere.example.cn") as port:
        assert not await answers(port)


async def test_the_broker_is_believed_by_its_certificate(
    amqp_url: str, authority: trustme.CA, tmp_path: Path
) -> None:
    plain = URL(amqp_url)

    def address(port: int) -> str:
        at = f"{plain.user}:{plain.password}@localhost:{port}{plain.raw_path}"
        broker = Settings(amqp_url=f"amqps://{at}?cafile={tmp_path / 'ca.pem'}").broker
        assert broker is not None
        return broker

    async with terminated(amqp_url, authority) as port, connect(address(port), "tls") as connection:
        assert not connection.is_closed
    for others in (terminated(amqp_url, trustme.CA()), terminated(amqp_url, authority, "else.example.cn")):
        async with others as port:
            with pytest.raises(ConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
                async with connect(address(port), "tls"):
                    pass
