"""How long the console waits for a service that reads a file."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from services.console.api import Client, calling
from services.console.errors import Away
from services.console.pages.scanning import READING_SECONDS
from shared.documents.scan.worker import WALL_SECONDS


async def token() -> str:
    return "token"


async def test_a_file_is_waited_for_as_long_as_its_reading_may_take() -> None:
    asked, answers = asyncio.Event(), asyncio.Event()

    async def read(_: web.Request) -> web.Response:
        asked.set()
        await answers.wait()
        return web.json_response({"pages": []})

    app = web.Application()
    app.router.add_post("/read", read)
    async with TestServer(app) as server, calling() as http:
        client = Client(http, str(server.make_url("")).rstrip("/"), token)
        with pytest.raises(Away):
            await client.upload("/read", b"%PDF", "一.pdf", seconds=0.05)
        reading = asyncio.create_task(client.upload("/read", b"%PDF", "一.pdf", seconds=READING_SECONDS))
        await asked.wait()
        answers.set()
        assert (await reading).body == {"pages": []}
    assert READING_SECONDS > WALL_SECONDS
