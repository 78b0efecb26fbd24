"""A town's names have days, over HTTP and in the workbook; a town that is no more says what it became."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from services.roster.app import build
from services.roster.handlers import towns
from services.roster.settings import Settings
from services.roster.sheets import SHEETS
from shared.workbook import write
from tests.fixtures.apps import AS_XLSX, TOWN, Answer, Drive, Driver
from tests.fixtures.races import overtake

XIANG = {"name": "石桥乡", "county_name": "无为县", "city_name": "芜湖市"}
ZHEN = {"name": "石桥镇", "county_name": "无为市"}
OF_2019 = [{"until": "2020-07-01", **XIANG}]


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    assert (await driver.call("PUT", "", {**XIANG, "congress_number": 17, "quota": 9})).status == 201
    return driver


async def sent(roster: Driver, **rows: list[dict[str, Any]]) -> Answer:
    data = write([sheet for sheet in SHEETS if sheet.name in rows], rows)
    return await roster.call("POST", "/imports", data=data, headers=AS_XLSX)


@pytest.mark.parametrize(("method", "use_case"), [("PUT", "put_town"), ("PATCH", "correct_town")])
async def test_what_is_asked_of_one_version_is_not_done_to_the_next(
    roster: Driver, method: str, use_case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    overtake(monkeypatch, towns, use_case, partial(roster.call, "PATCH", "", {"quota": 11}))
    answer = await roster.call(method, "", {**XIANG, "quota": 10}, headers={"If-Match": '"1"'})
    assert (answer.status, answer.json.get("code")) == (412, "stale-version")
    kept = await roster.get("")
    assert (kept["version"], kept["quota"]) == (2, 11)


@pytest.mark.parametrize("tag", ['"1"', "*"])
async def test_a_version_of_a_town_that_is_not_registered_is_refused(drive: Drive, tag: str) -> None:
    driver = await drive(build(Settings()))
    answer = await driver.call("PUT", "", XIANG, headers={"If-Match": tag})
    assert (answer.status, answer.json.get("code")) == (412, "stale-version")


async def test_a_town_that_is_registered_meanwhile_is_changed(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = await drive(build(Settings()))
    overtake(monkeypatch, towns, "put_town", partial(driver.call, "PUT", "", XIANG))
    answer = await driver.call("PUT", "", {**XIANG, "quota": 10})
    assert (answer.status, answer.json["version"]) == (200, 2)


async def test_a_new_name_with_its_day_keeps_the_old_one(roster: Driver) -> None:
    answer = await roster.call("PATCH", "", {**ZHEN, "on": "2020-07-01"})
    assert (answer.status, answer.json["name"], answer.json["city_name"]) == (200, "石桥镇", "芜湖市")
    assert answer.json["former_names"] == OF_2019
    assert (await roster.events())[-1]["data"]["former_names"] == OF_2019
    again = await roster.call("PATCH", "", {**ZHEN, "on": "2020-07-01"})
    assert (again.status, again.json["former_names"]) == (200, OF_2019)
    earlier = await roster.call("PATCH", "", {"name": "石桥街道镇", "on": "2019-01-01"})
    assert (earlier.status, earlier.json["errors"][0]["loc"]) == (422, "body.on")
    whole = await roster.call("PUT", "", {**XIANG, **ZHEN, "quota": 9})
    assert (whole.status, whole.json["former_names"]) == (200, OF_2019)


async def test_without_a_day_a_name_is_corrected(roster: Driver) -> None:
    answer = await roster.call("PATCH", "", ZHEN)
    assert (answer.status, answer.json["former_names"]) == (200, [])


async def test_the_workbook_renames_and_brings_the_names_of_before(roster: Driver) -> None:
    row = {"code": TOWN, **ZHEN, "on": date(2020, 7, 1)}
    for outcome in ("changed", "unchanged"):
        answer = await sent(roster, 镇情况=[row])
        assert (answer.status, answer.json["totals"][outcome]) == (200, 1), answer.json
    earlier = {"until": date(1992, 5, 1), "name": "石桥区"}
    assert (await sent(roster, 镇名沿革=[earlier])).status == 200
    known = (await roster.get(""))["former_names"]
    assert [name["name"] for name in known] == ["石桥区", "石桥乡"]
    before, data = await roster.events(), await roster.get("/exports")
    assert (await roster.call("POST", "/imports", data=data, headers=AS_XLSX)).status == 200
    assert await roster.events() == before


async def test_a_town_that_is_no_more_says_what_it_became(roster: Driver) -> None:
    refused: list[dict[str, Any]] = [
        {"successor_codes": ["340281105"]},
        {"abolished_on": "2021-05-01", "successor_codes": [TOWN]},
        {"abolished_on": "2021-05-01", "successor_codes": ["34028"]},
        {"abolished_on": "2021-05-01", "successor_codes": ["３４０２８１１０５"]},
        {"rules": {"calendar": {"20２１": {}}}},
    ]
    for body in refused:
        assert (await roster.call("PATCH", "", body)).status == 422, body
    row = {
        "code": TOWN,
        "name": "石桥乡",
        "abolished_on": date(2021, 5, 1),
        "successor_codes": ("340281105",),
    }
    assert (await sent(roster, 镇情况=[row])).status == 200
    town = await roster.get("")
    assert (town["abolished_on"], town["successor_codes"]) == ("2021-05-01", ["340281105"])


async def test_a_mandate_ends_with_its_town(roster: Driver) -> None:
    person = (await roster.post("/people", {"name": "王示例01"}))["id"]
    body = {"person_id": person, "level": "town", "started_on": "2017-01-10"}
    mandate = (await roster.post("/deputyships", body))["id"]
    ended = await roster.post(f"/deputyships/{mandate}:end", {"reason": "area_abolished", "on": "2021-05-01"})
    assert (ended["ended_reason"], ended["changes"][-1]["basis"]) == ("area_abolished", None)


async def test_public_cards_are_off_until_the_office_switches_them_on(roster: Driver) -> None:
    assert (await roster.get(""))["public"] is False
    assert "public" not in (await roster.events())[-1]["data"]
    for role in ("county", "leader", "deputy", "auditor"):
        refused = await roster.call("PATCH", "", {"public": True}, token=roster.token(role))
        assert refused.status == 403
    assert (await roster.call("PATCH", "", {"public": True})).json["public"] is True
    assert (await roster.events())[-1]["data"]["public"] is True
    assert (await roster.call("PUT", "", {**XIANG, "quota": 12})).json["public"] is True
    await sent(roster, 镇情况=[{"name": "石桥乡", "quota": 13}])
    assert (await roster.get(""))["public"] is True
    assert (await roster.call("PATCH", "", {"public": None})).status == 422
    assert (await roster.call("PATCH", "", {"public": False})).json["public"] is False


async def test_addresses_of_public_cards_lead_to_their_pages(roster: Driver) -> None:
    for kind in ("deputies", "stations"):
        path = f"/roster/v1/public/towns/{TOWN}/{kind}/x"
        async with roster.client.get(path, allow_redirects=False) as answer:
            assert answer.status == 308
            assert answer.headers["Location"] == f"/reports/v1/public/towns/{TOWN}/{kind}/x"
            assert "Set-Cookie" not in answer.headers
