"""What is read of a form of somebody who may not send it: what was typed, and nothing of its files."""

import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from shared.errors import Problem
from shared.http import texts

LIMIT, MOST = 1_000, 3_000_000
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async def read(request: web.Request) -> web.Response:
        try:
            found = await texts(request, limit=LIMIT, most=MOST)
        except Problem as problem:
            return web.json_response(problem.slug, status=problem.kind.value)
        return web.json_response(list(found.items()))

    app = web.Application(client_max_size=LIMIT)
    app.router.add_post("/", read)
    async with TestClient(TestServer(app)) as client:
        yield client


def form(*fields: tuple[str, str], file: int = 0) -> aiohttp.FormData:
    data = aiohttp.FormData()
    for name, value in fields[:1]:
        data.add_field(name, value)
    data.add_field("file", io.BytesIO(b"x" * file), filename="photo.jpg", content_type="image/jpeg")
    for name, value in fields[1:]:
        data.add_field(name, value)
    return data


async def read(client: Client, data: Any, **headers: str) -> tuple[int, Any]:
    async with client.post("/", data=data, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_texts_around_a_file_are_read_and_the_file_is_passed_over(client: Client) -> None:
    sent = ("title", "走访"), ("remark", "三月"), ("remark", "四月")
    assert await read(client, form(*sent, file=2_000_000)) == (200, [list(pair) for pair in sent])


async def test_a_form_without_files_is_read_as_ever(client: Client) -> None:
    assert await read(client, {"title": "走访"}) == (200, [["title", "走访"]])


@pytest.mark.parametrize(("remark", "file"), [("x" * 2_000, 0), ("", 3_500_000)], ids=["text", "file"])
async def test_more_than_that_is_refused(client: Client, remark: str, file: int) -> None:
    assert await read(client, form(("remark", remark), file=file)) == (413, "too-large")


async def test_many_empty_fields_are_more_than_that(client: Client) -> None:
    """A stranger's fields take memory by their number and names, too."""
    assert await read(client, form(*((f"name{n}", "") for n in range(20)), file=1)) == (413, "too-large")


async def test_a_name_that_is_not_utf8_is_refused(client: Client) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="\xff\xfe"\r\n\r\na\r\n--b--\r\n'
    sent = await read(client, body, **{"Content-Type": "multipart/form-data; boundary=b"})
    assert sent == (400, "malformed")


@pytest.mark.parametrize(
    "body",
    [b"--b\r\n", b"nothing", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--b--\r\n'],
)
async def test_what_is_no_form_is_refused(client: Client, body: bytes) -> None:
    status, slug = await read(client, body, **{"Content-Type": "multipart/form-data; boundary=b"})
    assert (status, slug) in ((400, "malformed"), (200, [])), slug
