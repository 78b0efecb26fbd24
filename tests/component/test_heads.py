"""What a service says of its own log, signed: who may ask, and that it is the truth."""

import json
from pathlib import Path

from services.roster.app import build
from services.roster.settings import Settings
from shared.endpoints.heads import HEAD_TYPE, read_checkpoint, read_signed, verification_keys
from tests.fixtures.apps import TOWN, Drive, Driver


async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    answer = await driver.call("PUT", "", {"name": "示例镇"})
    assert answer.status == 201
    return driver


async def test_a_head_is_that_of_the_log_and_signed_with_the_published_key(drive: Drive) -> None:
    driver = await roster(drive)
    head = await driver.get("/head")
    (event,) = await driver.events()
    assert (head["source"], head["sequence"], head["hash"]) == (f"/{TOWN}/roster", 1, event["hash"])
    published = await driver.call("GET", "//roster/jwks.json", token="")
    keys = verification_keys(
        published.json if isinstance(published.json, bytes) else json.dumps(published.json)
    )
    said = read_checkpoint(head["statement"], keys)
    assert said.model_dump() == {name: head[name] for name in ("source", "sequence", "hash", "time")}
    assert json.loads(read_signed(head["statement"], keys, kind=HEAD_TYPE)) == said.model_dump()


async def test_before_anything_was_said_the_head_is_zero(drive: Drive) -> None:
    driver = await drive(build(Settings()))
    assert (await driver.get("/head"))["sequence"] == 0


async def test_a_county_asks_for_the_heads_of_its_towns_and_of_no_others(drive: Drive) -> None:
    driver = await roster(drive)
    county = driver.token("county", area="340281")
    answer = await driver.call("GET", "//roster/v1/heads?area=340281", token=county)
    assert [item["source"] for item in answer.json["items"]] == [f"/{TOWN}/roster"]
    assert (await driver.call("GET", "//roster/v1/heads?area=3402", token=county)).status == 404
    other = await driver.call(
        "GET", "//roster/v1/heads?area=340282", token=driver.token("county", area="340282")
    )
    assert other.json["items"] == []
    foreign = await driver.call("GET", "//roster/v1/heads?area=３４０２８１", token=county)
    assert (foreign.status, foreign.json["errors"][0]["loc"]) == (422, "query.area")


async def test_a_statement_is_no_token(drive: Drive) -> None:
    driver = await roster(drive)
    statement = (await driver.get("/head"))["statement"]
    assert (await driver.call("GET", "/head", token=statement)).status == 401


async def test_heads_are_for_those_who_may_read_the_log(drive: Drive) -> None:
    driver = await roster(drive)
    assert (await driver.call("GET", "/head", token=driver.token("deputy"))).status == 403


async def test_the_private_key_is_nowhere_told(drive: Drive) -> None:
    driver = await drive(build(Settings()))
    published = await driver.call("GET", "//roster/jwks.json", token="")
    assert '"d"' not in str(published.json)
    assert Path(driver.keys.jwks_path).exists()
