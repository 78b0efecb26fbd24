"""Names over HTTP and from a workbook: stored in one form, refused with their place, compared alike."""

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from tests.fixtures.apps import Drive, Driver


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    assert (await driver.call("PUT", "", {"name": "示例 镇", "county_name": "示例　县"})).status == 201
    return driver


async def test_every_dot_is_stored_as_one_and_a_second_entry_is_listed(roster: Driver) -> None:
    names = {(await roster.post("/people", {"name": f"买买提{dot}阿不都"}))["name"] for dot in "·•・．‧●"}
    assert names == {"买买提·阿不都"}
    pairs = (await roster.get("/people/duplicates"))["items"]
    assert {reason for pair in pairs for reason in pair["reasons"]} == {"same_name"}


async def test_forms_of_one_character_are_kept_as_written_and_listed_as_one_name(roster: Driver) -> None:
    for name in ("\u2f1d水生", "口水生"):
        assert (await roster.post("/people", {"name": name}))["name"] == name
    assert len((await roster.get("/people/duplicates"))["items"]) == 1


async def test_names_of_places_have_one_form_too(roster: Driver) -> None:
    assert ((await roster.get(""))["name"], (await roster.get(""))["county_name"]) == ("示例镇", "示例县")
    drawn = await roster.post("/constituencies", {"name": "第１ 选区", "villages": ["新 城 村"]})
    assert (drawn["name"], drawn["villages"]) == ("第1 选区", ["新城村"])


@pytest.mark.parametrize(
    ("name", "told"),
    [("王\u200b伟", "第 2 个字符"), ("\ufeff王伟", "第 1 个字符"), ("王\ue000", "第 2 个字符")],
)
async def test_what_cannot_be_seen_is_refused_with_its_place(roster: Driver, name: str, told: str) -> None:
    answer = await roster.call("POST", "/people", {"name": name})
    assert answer.status == 422
    assert told in answer.json["errors"][0]["message"]
