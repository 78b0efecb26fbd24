"""A sub-district is told at every door that it has no congress, and nothing is written."""

from typing import Any

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from tests.component.roster.test_imports import send, tables
from tests.fixtures.apps import TOWN, Drive, Driver

SUB_DISTRICT = "银雀山街道"


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    return await drive(build(Settings()))


async def test_a_sub_district_is_not_registered(roster: Driver) -> None:
    body: dict[str, Any] = {"name": SUB_DISTRICT, "county_name": "示例区"}
    answer = await roster.call("PUT", "", body)
    assert (answer.status, answer.json["code"]) == (422, "not-a-congress")
    assert answer.json["errors"][0]["loc"] == "body.name"
    assert "人大工委" in answer.json["detail"]
    assert await roster.events() == []


async def test_the_workbook_names_the_cell(roster: Driver) -> None:
    rows = tables(镇情况=[{"code": TOWN, "name": SUB_DISTRICT}])
    answer = await send(roster, rows)
    assert answer.status == 422
    (error,) = [error for error in answer.json["errors"] if "不设人民代表大会" in error["message"]]
    assert error["loc"].startswith("镇情况.")
    assert await roster.events() == []


async def test_a_town_does_not_become_one_and_what_is_one_already_can_be_corrected(roster: Driver) -> None:
    assert (await roster.call("PUT", "", {"name": "示例镇"})).status == 201
    for method in ("PUT", "PATCH"):
        answer = await roster.call(method, "", {"name": SUB_DISTRICT})
        assert (answer.status, answer.json["code"]) == (422, "not-a-congress")
    assert (await roster.call("PATCH", "", {"quota": 63})).status == 200
    assert len(await roster.events()) == 2
