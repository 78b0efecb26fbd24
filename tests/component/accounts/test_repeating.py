"""A command whose answer is lost on its way: nothing that is shown once is made twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner

from services.cli.__main__ import app
from tests.component.accounts.conftest import Desk
from tests.component.accounts.test_tokens import CLIENT, for_client
from tests.fixtures.apps import TOWN


@asynccontextmanager
async def losing(desk: Desk, done: list[str]) -> AsyncIterator[str]:
    """A way to the service on which the answers to commands are lost; `done`: the commands."""
    async with aiohttp.ClientSession() as session:

        async def forward(request: web.Request) -> web.StreamResponse:
            url = desk.driver.client.make_url(request.path_qs)
            sent = {name: request.headers[name] for name in request.headers if name != "Host"}
            async with session.request(
                request.method, url, headers=sent, data=await request.read()
            ) as answer:
                body = await answer.read()
                if request.method == "GET":
                    return web.Response(status=answer.status, body=body, content_type=answer.content_type)
            done.append(request.path)
            assert answer.status in (200, 201), body
            assert request.transport is not None
            request.transport.abort()
            raise ConnectionResetError

        through = web.Application()
        through.router.add_route("*", "/{rest:.*}", forward)
        async with TestServer(through) as server:
            yield str(server.make_url("")).rstrip("/")


async def lvzhi(desk: Desk, done: list[str], *arguments: str) -> str:
    async with losing(desk, done) as url:
        given = [*arguments, "--url", url, "--token", desk.token]
        result = await asyncio.to_thread(CliRunner().invoke, app, given)
    assert result.exit_code == 1, result.output
    return result.output


async def test_a_secret_in_use_outlives_a_rotation_whose_answer_was_lost(office: Desk) -> None:
    first = await office.must("POST", "/clients", CLIENT)
    in_use = await office.must("POST", f"/clients/{first['id']}:rotate", {})
    done: list[str] = []
    said = await lvzhi(office, done, "client", "rotate", first["id"])
    assert len(done) == 1
    assert "请先看是否已经办成" in said.replace("\n", "")
    assert (await for_client(office, in_use)).status == 200


@pytest.mark.parametrize(
    ("arguments", "listed"),
    [
        (("client", "add", "县系统", "--role", "service", "--expires-on", "2099-12-31"), "/clients"),
        (("account", "add", "zhao01", "--role", "office"), "/accounts"),
    ],
)
async def test_nothing_is_added_twice(office: Desk, arguments: tuple[str, ...], listed: str) -> None:
    before = len((await office.must("GET", listed))["items"])
    said = await lvzhi(office, [], *arguments, "--area", TOWN)
    assert "请先看是否已经办成" in said.replace("\n", "")
    assert len((await office.must("GET", listed))["items"]) == before + 1
