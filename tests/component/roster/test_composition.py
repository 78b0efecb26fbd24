"""The make-up of the congress over HTTP: on any day, for whoever may read."""

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from tests.fixtures.apps import Drive, Driver


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    body = {"name": "示例镇", "congress_number": 17, "quota": 2, "population": 34500, "rules": {}}
    assert (await driver.call("PUT", "", body)).status == 201
    return driver


async def test_a_composition_is_that_of_its_day(roster: Driver) -> None:
    drawn = (await roster.post("/constituencies", {"name": "第一选区", "seats": 1}))["id"]
    assert (await roster.call("PATCH", f"/constituencies/{drawn}", {"seats": 2})).json["seats"] == 2
    person = await roster.post("/people", {"name": "丁示例01", "gender": "f"})
    body = {
        "person_id": person["id"],
        "level": "town",
        "started_on": "2017-01-12",
        "constituency": "第一选区",
    }
    deputyship = await roster.post("/deputyships", body | {"roles": ["chair"]})
    path = f"/deputyships/{deputyship['id']}:end"
    await roster.post(path, {"reason": "moved_away", "on": "2020-06-01"})
    made = await roster.get("/composition?as_of=2020-05-31")
    assert {key: made[key] for key in ("quota", "serving", "suspended", "vacant", "congress_number")} == {
        "quota": 2,
        "serving": 1,
        "suspended": 0,
        "vacant": 1,
        "congress_number": 17,
    }
    (seats,) = made["constituencies"]
    assert (seats["constituency"], seats["vacant"]) == ("第一选区", 1)
    assert [member["name"] for member in made["presidium"]["members"]] == ["丁示例01"]
    assert made["structure"]["women"] == {"count": 1, "known": 1}
    assert [f["rule"] for f in made["findings"]] == ["deputies.quota_population"]
    assert (await roster.get("/composition?as_of=2020-06-01"))["vacant"] == 2


async def test_it_is_read_in_the_area_by_a_day_that_is_one(roster: Driver) -> None:
    assert (await roster.get("/composition", token=roster.token("county", area="340281")))["town"]
    assert (await roster.call("GET", "/composition", token="")).status == 401
    assert (await roster.call("GET", "/composition", token=roster.token(area="340281200"))).status == 404
    assert (await roster.call("GET", "/composition?as_of=2020-02-30")).status == 422
    assert (await roster.call("GET", "/composition?day=2020-02-28")).status == 422


async def test_a_town_nobody_registered_has_none(drive: Drive) -> None:
    answer = await (await drive(build(Settings()))).call("GET", "/composition")
    assert (answer.status, answer.code) == (404, "town-unknown")
