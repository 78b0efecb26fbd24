"""Reconciliation: what a copy counts is what the service counts, and nothing is looked at without end."""

import hashlib

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from shared.endpoints import tallies
from shared.endpoints.tallies import TallyQuery, tally
from tests.fixtures.apps import TOWN, Drive, Driver

pytestmark = pytest.mark.mongo
COUNTY = TOWN[:6]


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    assert (await driver.call("PUT", "", {"name": "示例镇"})).status == 201
    people = [{"name": f"张示例{n}", "born_year": 1970} for n in range(20)]
    await driver.post("/people:batch", {"items": people})
    return driver


async def test_counts_and_hashes_are_those_of_the_log(roster: Driver) -> None:
    log = await roster.events()
    told = await roster.get("/tallies")
    assert told["upto"] == {f"/{TOWN}/roster": len(log)}
    assert sum(item["count"] for item in told["items"]) == len(log)
    (people,) = [item for item in told["items"] if item["count"] == 20]
    hashes = [event["hash"] for event in log if event["type"] == people["type"]]
    assert people["hash"] == hashlib.sha256("".join(f"{hash}\n" for hash in hashes).encode()).hexdigest()
    computed = [one.model_dump(mode="json") for one in tally(log, TallyQuery())]
    assert computed == told["items"]


async def test_an_area_is_the_sum_of_its_towns_and_nobody_elses(roster: Driver) -> None:
    county = roster.token("county", area=COUNTY)
    path = f"//roster/v1/tallies?area={COUNTY}"
    assert (await roster.get(path, token=county))["items"] == (await roster.get("/tallies"))["items"]
    assert (await roster.call("GET", "//roster/v1/tallies?area=3402", token=county)).status == 404
    assert (await roster.call("GET", "/tallies", token=roster.token("deputy"))).status == 403


async def test_a_period_is_of_days_in_china(roster: Driver) -> None:
    (day,) = {item["day"] for item in (await roster.get("/tallies"))["items"]}
    assert (await roster.get(f"/tallies?from={day}&to={day}"))["items"]
    assert (await roster.get("/tallies?to=2020-01-01"))["items"] == []
    answer = await roster.call("GET", "/tallies?from=2020-13-01")
    assert [error["loc"] for error in answer.json["errors"]] == ["query.from"]


async def test_too_much_at_once_is_refused_and_answered_town_by_town(
    roster: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that is longer than what an area may have, and than one step reads."""
    other = "340281198"
    answer = await roster.call(
        "PUT", f"//roster/v1/towns/{other}", {"name": "邻镇"}, token=roster.token("office", area=other)
    )
    assert answer.status == 201, answer.json
    whole = await roster.get("/tallies")
    county = roster.token("county", area=COUNTY)
    both = await roster.get(f"//roster/v1/tallies?area={COUNTY}", token=county)
    assert set(both["upto"]) == {f"/{TOWN}/roster", f"/{other}/roster"}
    monkeypatch.setattr(tallies, "MOST", 20)
    monkeypatch.setattr(tallies, "AT_ONCE", 7)
    answer = await roster.call("GET", f"//roster/v1/tallies?area={COUNTY}", token=county)
    assert (answer.status, answer.code) == (422, "invalid-input")
    assert [error["loc"] for error in answer.json["errors"]] == ["query.area"]
    assert "一次至多核对 20 件，请分镇核对" in answer.json["detail"]
    assert whole["upto"][f"/{TOWN}/roster"] > 20
    assert await roster.get("/tallies") == whole
    assert await roster.get(f"//roster/v1/tallies?area={TOWN}", token=county) == whole
