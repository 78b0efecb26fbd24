"""The programs the tests stand on: they start, survive a kill, and are gone when told to stop."""

import asyncio
import subprocess
import sys
from pathlib import Path

import aio_pika
import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from services.host.embedded import EmbeddedMongo, answers
from tests.fixtures.rabbit import RabbitNode
from tests.probes import eventually


@pytest.mark.rabbit
async def test_each_test_has_a_virtual_host_of_its_own(rabbit: RabbitNode) -> None:
    first, second = rabbit.fresh_url(), rabbit.fresh_url()
    async with await aio_pika.connect(first) as connection:
        channel = await connection.channel()
        await channel.declare_queue("here", durable=True)
    async with await aio_pika.connect(second) as connection:
        channel = await connection.channel()
        with pytest.raises(aio_pika.exceptions.ChannelNotFoundEntity):
            await channel.declare_queue("here", passive=True)


@pytest.mark.mongo
def test_the_database_is_not_given_the_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LVZHI_PERSONAL_DATA_KEYS", "k1:secret")
    server = EmbeddedMongo(tmp_path)
    server.start()
    try:
        assert server._process is not None
        given = Path(f"/proc/{server._process.pid}/environ").read_bytes()
        assert b"PATH=" in given
        assert b"secret" not in given
    finally:
        server.kill()


async def test_a_killed_database_comes_back_with_what_it_acknowledged(private_mongo: EmbeddedMongo) -> None:
    client: AsyncIOMotorClient[dict[str, int]] = AsyncIOMotorClient(private_mongo.url)
    await client["t"]["kept"].insert_many([{"n": n} for n in range(20)])
    private_mongo.kill()
    private_mongo.start()
    assert await client["t"]["kept"].count_documents({}) == 20
    client.close()


@pytest.mark.mongo
async def test_the_database_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    program = (
        "import pathlib, time; from services.host.embedded import EmbeddedMongo\n"
        f"server = EmbeddedMongo(pathlib.Path({str(tmp_path)!r})); server.start()\n"
        "print(server.port, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        port = int(await asyncio.to_thread(parent.stdout.readline))
        assert answers(port)
        parent.kill()
    await eventually(lambda: not answers(port))
