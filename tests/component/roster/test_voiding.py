"""A deputyship entered by mistake, voided over HTTP: kept with its reason, in office on no day, changed by nothing."""

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from tests.fixtures.apps import Drive, Driver

BEGAN = "2017-01-10"


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    assert (await driver.call("PUT", "", {"name": "示例镇", "quota": 2})).status == 201
    return driver


async def a_mandate(roster: Driver, name: str, **facts: object) -> str:
    person = await roster.post("/people", {"name": name})
    body = {"person_id": person["id"], "level": "town", "started_on": BEGAN, **facts}
    return str((await roster.post("/deputyships", body))["id"])


async def test_it_is_kept_with_its_reason_and_published(roster: Driver) -> None:
    group = (await roster.post("/groups", {"number": 1}))["id"]
    id = await a_mandate(roster, "王示例01", group_id=group, roles=["presidium"])
    assert (await roster.call("PATCH", f"/groups/{group}", {"leader_deputyship_id": id})).status == 200
    await roster.post(f"/deputyships/{id}:resign", {"requested_on": "2019-01-01"})
    voided = await roster.post(f"/deputyships/{id}:void", {"reason": "登记错了人"})
    assert (voided["status"], voided["void_reason"], voided["ended_on"]) == ("voided", "登记错了人", BEGAN)
    assert [change["kind"] for change in voided["changes"]][-1] == "voided"
    assert (await roster.get(f"/groups/{group}"))["leader_deputyship_id"] is None
    assert [task["outcome"] for task in (await roster.get("/tasks"))["items"]] == ["lapsed"]
    assert (await roster.get(f"/deputies?as_of={BEGAN}"))["items"] == []
    assert (await roster.events())[-1]["type"] == "roster.deputyship.voided.v1"
    assert (await roster.get("/integrity"))["faults"] == []


async def test_nothing_changes_it_afterwards_and_the_person_may_be_entered_again(roster: Driver) -> None:
    id = await a_mandate(roster, "王示例01")
    assert (await roster.call("POST", f"/deputyships/{id}:void", {"reason": " "})).status == 422
    await roster.post(f"/deputyships/{id}:void", {"reason": "登记错了人"})
    for method, path, body in (
        ("PATCH", "", {"constituency": "第一选区"}),
        ("PATCH", "", {"ended_on": "2020-01-01"}),
        ("POST", ":void", {"reason": "再来一次"}),
        ("POST", ":end", {"reason": "died", "on": "2020-01-01"}),
        ("POST", ":suspend", {"reason": "serving_sentence", "on": "2020-01-01"}),
        ("POST", ":resign", {"requested_on": "2020-01-01"}),
    ):
        assert (await roster.call(method, f"/deputyships/{id}{path}", body)).status in (409, 422), path
    person = (await roster.get(f"/deputyships/{id}"))["person_id"]
    again = {"person_id": person, "level": "town", "started_on": BEGAN}
    assert (await roster.call("POST", "/deputyships", again)).status == 201


async def test_one_seat_taken_twice_is_listed_until_one_is_voided(roster: Driver) -> None:
    await roster.post("/constituencies", {"name": "第一选区", "seats": 1})
    ids = [await a_mandate(roster, name, constituency="第一选区") for name in ("王示例01", "王示例02")]
    (seat,) = (await roster.get("/duplicates"))["seats"]
    assert (seat["constituency"], seat["seats"], seat["on"]) == ("第一选区", 1, BEGAN)
    assert [one["deputyship_id"] for one in seat["mandates"]] == ids
    await roster.post(f"/deputyships/{ids[1]}:void", {"reason": "改名后又登记了一次"})
    assert (await roster.get("/duplicates"))["seats"] == []


async def test_one_deputy_more_than_the_quota_is_listed_with_the_seats_of_the_town(roster: Driver) -> None:
    for n in (1, 2):
        await a_mandate(roster, f"王示例0{n}")
    assert (await roster.get("/duplicates"))["seats"] == []
    await a_mandate(roster, "王示例03")
    (seat,) = (await roster.get("/duplicates"))["seats"]
    assert (seat["constituency"], seat["seats"], len(seat["mandates"])) == (None, 2, 3)


async def test_a_name_on_a_day_is_that_of_the_day(roster: Driver) -> None:
    await a_mandate(roster, "王示例01")
    (person,) = (await roster.get("/people"))["items"]
    after = await roster.post(f"/people/{person['id']}:rename", {"name": "赵示例", "on": "2019-05-01"})
    assert after["former_names"] == [{"name": "王示例01", "until": "2019-05-01"}]
    for day, name in (("2019-04-30", "王示例01"), ("2019-05-01", "赵示例")):
        (row,) = (await roster.get(f"/deputies?as_of={day}"))["items"]
        assert (row["name"], row["printed_name"]) == (name, name)
    earlier = await roster.call(
        "POST", f"/people/{person['id']}:rename", {"name": "钱示例", "on": "2019-01-01"}
    )
    assert earlier.status == 422
