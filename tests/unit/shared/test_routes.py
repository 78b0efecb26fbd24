"""Routes: what a declaration takes from its handler, and what an Api makes of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import BaseModel

from shared.http import PUBLIC, Api, Call, Reply, Upload, edge, mount, route
from shared.http.openapi import document
from shared.http.paging import Paging
from shared.security.tokens import NOBODY, Actor
from tests.unit.shared.sample import CloseIn, Found, MemoryStore


@route("GET", "/things", roles=PUBLIC)
async def list_things(call: Call[Paging]) -> Reply[Found]:
    raise NotImplementedError


@route("POST", "/things/{id}:close", roles=PUBLIC)
async def close_thing(call: Call[None, CloseIn]) -> None:
    raise NotImplementedError


@route("POST", "/things/{id}/file", roles=PUBLIC)
async def put_file(call: Call[Paging, Upload]) -> None:
    raise NotImplementedError


@route("GET", "/things/{id}", roles=PUBLIC)
async def get_thing(call: Call) -> dict[str, str]:
    return {"name": "any", "id": call.path["id"]}


@route("GET", "/things/newest", roles=PUBLIC)
async def newest_thing(call: Call) -> dict[str, str]:
    return {"name": "newest"}


def added(api: Api) -> dict[str, tuple[type | None, type | None]]:
    return {one.name: (one.query, one.body) for one in api.operations}


def test_the_annotation_of_the_call_says_what_is_read() -> None:
    api = Api("x")
    api.add(list_things, close_thing, put_file, get_thing)
    assert added(api) == {
        "list_things": (Paging, None),
        "close_thing": (None, CloseIn),
        "put_file": (Paging, Upload),
        "get_thing": (None, None),
    }


def test_a_model_made_at_run_time_is_named_beside_the_annotation() -> None:
    async def patch(call: Call[None, BaseModel]) -> None:
        raise NotImplementedError

    api = Api("x")
    api.add(route("PATCH", "/things/{id}", roles=PUBLIC, body=CloseIn)(patch))
    assert added(api) == {"patch": (None, CloseIn)}


def test_a_handler_that_takes_no_call_is_refused() -> None:
    async def stray(request: str) -> None:
        raise NotImplementedError

    with pytest.raises(TypeError, match="takes a Call"):
        route("GET", "/things", roles=PUBLIC)(stray)


def test_a_declared_route_belongs_to_no_service_until_it_is_added_and_may_stand_under_several_bases() -> None:
    api = Api("x")
    for base, ending in (("/years/{year}", ""), ("/periods/{period}", "_of_period")):
        api.add(list_things, base=base, ending=ending)
    assert [(one.name, one.path, one.tag) for one in api.operations] == [
        ("list_things", "/x/v1/years/{year}/things", "years"),
        ("list_things_of_period", "/x/v1/periods/{period}/things", "periods"),
    ]


@dataclass(frozen=True)
class Greeting:
    word: str

    @route("GET", "/greeting", roles=PUBLIC)
    async def greet(self, _: Call) -> dict[str, str]:
        return {"word": self.word}


class Nobody:
    async def verify(self, token: str) -> Actor:  # noqa: ARG002 - whoever asks is nobody
        return NOBODY


@asynccontextmanager
async def served(api: Api) -> AsyncIterator[TestClient[Any, Any]]:
    async def ready() -> dict[str, bool]:
        return {}

    app = edge()
    mount(app, api, store=MemoryStore(), verifier=Nobody(), ready=ready)
    async with TestClient(TestServer(app, access_log=None)) as client:
        yield client


async def answered(api: Api, path: str) -> object:
    async with served(api) as client:
        return await (await client.get(path)).json()


async def test_a_route_of_a_class_is_bound_to_its_instance_like_a_method() -> None:
    for word in ("你好", "再见"):
        api = Api("x")
        api.add(Greeting(word).greet)
        assert await answered(api, "/x/v1/greeting") == {"word": word}


async def test_a_fixed_word_goes_before_a_variable_in_whatever_order_they_were_added() -> None:
    api = Api("x")
    api.add(get_thing, newest_thing)
    assert await answered(api, "/x/v1/things/newest") == {"name": "newest"}
    assert await answered(api, "/x/v1/things/7") == {"name": "any", "id": "7"}


async def test_a_fixed_word_has_none_of_the_methods_of_the_variable_in_its_place() -> None:
    async def change(call: Call[None, CloseIn]) -> None: ...

    api = Api("x")
    api.add(get_thing, newest_thing, route("PATCH", "/things/{id}", roles=PUBLIC)(change))
    async with served(api) as client:
        answer = await client.patch("/x/v1/things/newest", json={})
        assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")
        answer = await client.delete("/x/v1/things/newest2")
        assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD,PATCH")


async def test_the_end_of_an_operation_is_announced_with_every_answer() -> None:
    async def old_thing(call: Call) -> dict[str, str]:
        return {"name": "old"}

    days = date(2026, 1, 1), date(2027, 7, 1)
    old = route("GET", "/old", roles=PUBLIC, deprecated_on=days[0], sunset_on=days[1])(old_thing)
    api = Api("x")
    api.add(get_thing, old)
    async with served(api) as client:
        headers = (await client.get("/x/v1/old")).headers
        assert headers["Deprecation"] == "@1767225600"
        assert headers["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
        assert "Deprecation" not in (await client.get("/x/v1/things/1")).headers
    paths = document(api)["paths"]
    assert paths["/x/v1/old"]["get"]["deprecated"] is True
    assert "deprecated" not in paths["/x/v1/things/{id}"]["get"]
