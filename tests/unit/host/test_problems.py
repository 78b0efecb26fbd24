"""The pages of the kinds of problems, made from the error trees."""

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from services.host.problems import Kind, add_problems, catalogue, classes, kind_of
from services.host.standalone import services
from shared.http.problems import PAGES
from shared.settings import Settings


@pytest.fixture
async def pages() -> Any:
    app = web.Application()
    add_problems(app, lambda: services(Settings()))
    async with TestClient(TestServer(app)) as client:
        yield client


def test_every_kind_says_in_both_languages_what_is_wrong() -> None:
    for kind in catalogue().values():
        assert any("一" <= sign <= "鿿" for sign in kind.title), kind
        assert kind.meaning.isascii(), kind
        assert kind.meaning, kind


def test_services_that_share_a_slug_mean_one_thing_by_it() -> None:
    services(Settings())
    kinds: dict[str, set[Kind]] = {}
    for problem in classes():
        kinds.setdefault(problem.slug, set()).add(kind_of(problem))
    assert [several for several in kinds.values() if len(several) > 1] == []


async def test_each_has_a_page_at_the_address_that_problems_name(pages: TestClient[Any, Any]) -> None:
    answer = await pages.get(f"{PAGES}stale-version")
    text = await answer.text()
    assert answer.status == 200
    assert "记录已被他人修改" in text
    assert "If-Match names another version than the current one" in text
    assert "HTTP 412" in text


async def test_all_of_them_stand_on_one_page(pages: TestClient[Any, Any]) -> None:
    text = await (await pages.get("/problems")).text()
    assert all(f'id="{slug}"' in text for slug in catalogue())
