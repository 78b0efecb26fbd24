"""The roster over HTTP: what it takes, what it refuses, and that a refusal leaves nothing behind."""

import hashlib
import json
from typing import Any

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from shared.envelope import Event, verify_chain
from tests.fixtures.apps import TOWN, Drive, Driver

TOWN_BODY = {"name": "示例镇", "county_name": "示例市", "congress_number": 17, "quota": 63, "rules": {}}


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    answer = await driver.call("PUT", "", TOWN_BODY)
    assert answer.status == 201, answer.json
    return driver


async def a_person(roster: Driver, name: str = "王示例01", **fields: Any) -> str:
    return str((await roster.post("/people", {"name": name, **fields}))["id"])


async def a_deputyship(roster: Driver, **fields: Any) -> dict[str, Any]:
    person = fields.pop("person_id", None) or await a_person(roster)
    body = {"person_id": person, "level": "town", "started_on": "2017-01-10", **fields}
    return dict(await roster.post("/deputyships", body))


async def test_a_town_is_registered_once_and_the_same_again_changes_nothing(roster: Driver) -> None:
    again = await roster.call("PUT", "", TOWN_BODY)
    assert (again.status, again.json["version"]) == (200, 1)
    assert [event["type"] for event in await roster.events()] == ["roster.town.registered.v1"]


async def test_what_is_written_is_told_with_its_full_state(roster: Driver) -> None:
    deputyship = await a_deputyship(roster, constituency="第一选区", roles=["presidium"])
    told = (await roster.events())[-1]
    assert told["type"] == "roster.deputyship.started.v1"
    assert told["subject"] == f"deputyship/{deputyship['id']}"
    assert {key: told["data"][key] for key in ("version", "constituency", "roles", "status")} == {
        "version": 1,
        "constituency": "第一选区",
        "roles": ["presidium"],
        "status": "serving",
    }
    verify_chain([Event.model_validate(event) for event in await roster.events()])


async def test_phone_and_id_number_are_masked_and_never_told(roster: Driver) -> None:
    person = await a_person(roster, phone="13900001234", id_number="340225198001011231")
    assert (await roster.get(f"/people/{person}"))["phone"] == "13900001234"
    masked = await roster.get(f"/people/{person}", token=roster.token("county", area="340281"))
    assert (masked["phone"], masked["id_number"]) == ("139****1234", "340225********1231")
    told = str([event["data"] for event in await roster.events()])
    assert not any(secret in told for secret in ("13900001234", "340225198001011231"))


async def test_a_deputyship_ends_and_the_roster_of_each_day_remembers(roster: Driver) -> None:
    deputyship = await a_deputyship(roster)
    path = f"/deputyships/{deputyship['id']}:end"
    ended = await roster.post(path, {"reason": "resigned", "on": "2020-06-09"})
    assert (ended["status"], ended["version"]) == ("ended", 2)
    assert len((await roster.get("/deputies?as_of=2020-06-08"))["items"]) == 1
    assert (await roster.get("/deputies?as_of=2020-06-09"))["items"] == []


async def test_the_roster_of_a_day_is_in_stroke_order_with_a_stable_hash(roster: Driver) -> None:
    for name in ("魏示例03", "丁示例01", "王示例02"):
        await a_deputyship(roster, person_id=await a_person(roster, name))
    first = await roster.get("/deputies?as_of=2020-06-09")
    assert [row["name"] for row in first["items"]] == ["丁示例01", "王示例02", "魏示例03"]
    assert first["hash"] == (await roster.get("/deputies?as_of=2020-06-09"))["hash"]


async def test_anyone_can_compute_the_hash_that_records_cite_from_the_answer(roster: Driver) -> None:
    person = await a_person(roster)
    await a_deputyship(roster, person_id=person, roles=["presidium", "chair"])
    await a_deputyship(roster, person_id=await a_person(roster, "丁示例02"))
    answer = await roster.get("/deputies?as_of=2020-06-09")
    fields = ("deputyship_id", "person_id", "level", "status", "group_id", "roles")
    deputies = [{name: row[name] for name in fields} for row in answer["items"]]
    for row in deputies:
        row["roles"] = sorted(row["roles"])
    form = {"as_of": "2020-06-09", "deputies": sorted(deputies, key=lambda row: row["deputyship_id"])}
    text = json.dumps({**form, "town": TOWN}, sort_keys=True, separators=(",", ":"))
    assert answer["roster_hash"] == hashlib.sha256(text.encode()).hexdigest()
    await roster.call("PATCH", f"/people/{person}", {"name": "王示例03"})
    corrected = await roster.get("/deputies?as_of=2020-06-09")
    assert corrected["roster_hash"] == answer["roster_hash"]
    assert corrected["hash"] != answer["hash"]


async def test_one_deputyship_twice_is_refused(roster: Driver) -> None:
    person = await a_person(roster)
    await a_deputyship(roster, person_id=person)
    body = {"person_id": person, "level": "town", "started_on": "2018-01-01"}
    answer = await roster.call("POST", "/deputyships", body)
    assert (answer.status, answer.code) == (409, "deputyship-exists")
    assert (await roster.post("/deputyships", {**body, "level": "county"}))["level"] == "county"


async def test_a_change_of_group_is_dated(roster: Driver) -> None:
    first = await roster.post("/groups", {"number": 1})
    second = await roster.post("/groups", {"number": 2})
    deputyship = await a_deputyship(roster, group_id=first["id"])
    answer = await roster.call(
        "PATCH", f"/deputyships/{deputyship['id']}", {"group_id": second["id"], "on": "2020-03-01"}
    )
    assert [(m["group_id"], m["to_on"]) for m in answer.json["group_history"]] == [
        (first["id"], "2020-03-01"),
        (second["id"], None),
    ]


async def test_a_stale_version_is_refused(roster: Driver) -> None:
    person = await a_person(roster)
    await roster.call("PATCH", f"/people/{person}", {"party": "中共党员"}, headers={"If-Match": '"1"'})
    answer = await roster.call("PATCH", f"/people/{person}", {"party": "群众"}, headers={"If-Match": '"1"'})
    assert (answer.status, answer.code) == (412, "stale-version")


async def test_a_batch_is_all_or_nothing(roster: Driver) -> None:
    before = await roster.events()
    answer = await roster.call("POST", "/people:batch", {"items": [{"name": "丁示例01"}, {"name": ""}]})
    assert answer.status == 422
    assert answer.json["errors"][0]["loc"] == "body.items.1.name"
    assert await roster.events() == before
    done = await roster.post("/people:batch", {"items": [{"name": "丁示例01"}, {"name": "万示例02"}]})
    assert [person["name"] for person in done["items"]] == ["丁示例01", "万示例02"]


async def test_the_same_idempotency_key_does_the_work_once(roster: Driver) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first = await roster.call("POST", "/people", {"name": "丁示例01"}, headers=headers)
    second = await roster.call("POST", "/people", {"name": "丁示例01"}, headers=headers)
    assert (first.status, second.status) == (201, 201)
    assert first.json == second.json
    other = await roster.call("POST", "/people", {"name": "万示例02"}, headers=headers)
    assert other.status == 409


async def test_a_seal_states_the_head_and_the_number_of_records(roster: Driver) -> None:
    await a_deputyship(roster)
    await roster.says("reports.closing.requested.v1", {"id": "c1", "year": 2020, "as_of": "2020-12-07"})
    *before, seal = await roster.events()
    assert seal["type"] == "roster.year.sealed.v1"
    assert seal["data"]["upto_sequence"] == before[-1]["sequence"]
    assert seal["data"]["hash"] == before[-1]["hash"]
    assert seal["data"]["counts"] == {
        "town": 1,
        "person": 1,
        "deputyship": 1,
        "group": 0,
        "station": 0,
        "constituency": 0,
        "term": 0,
        "task": 0,
        "by_election": 0,
        "office": 0,
    }


@pytest.mark.parametrize(
    ("path", "body", "loc"),
    [
        ("/people", {"name": "丁示例01", "shoe_size": 42}, "body.shoe_size"),
        ("/people", {"gender": "f"}, "body.name"),
        ("/people", {"name": 5}, "body.name"),
        (
            "/deputyships",
            {"person_id": "nobody", "level": "town", "started_on": "2017-01-10"},
            "body.person_id",
        ),
        ("/deputyships", {"person_id": "p", "level": "town", "started_on": "2017-02-30"}, "body.started_on"),
        ("/deputyships", {"person_id": "p", "level": "village", "started_on": "2017-01-10"}, "body.level"),
        ("/deputyships", {"person_id": "p", "level": "town"}, "body.started_on"),
        ("/groups", {"number": "1"}, "body.number"),
        ("/groups", {"name": "一组"}, "body.number"),
        ("/groups", {"number": 1, "station_id": "none"}, "body.station_id"),
        ("/stations", {"kind": "activity_room"}, "body.name"),
        ("/constituencies", {"name": "一", "seats": -1}, "body.seats"),
    ],
)
async def test_bad_input_is_named_and_leaves_nothing(roster: Driver, path: str, body: Any, loc: str) -> None:
    before = await roster.events()
    answer = await roster.call("POST", path, body)
    assert answer.status == 422, answer.json
    assert loc in [error["loc"] for error in answer.json["errors"]]
    assert await roster.events() == before


@pytest.mark.parametrize("path", ["/people", "/deputyships", "/groups", "/stations", "/constituencies"])
async def test_who_may_not_is_kept_out(roster: Driver, path: str) -> None:
    assert (await roster.call("POST", path, {}, token="")).status == 401
    assert (await roster.call("POST", path, {}, token=roster.token("deputy"))).status == 403
    other = roster.token("office", area="340281200")
    assert (await roster.call("POST", path, {}, token=other)).status == 403
    assert (await roster.call("GET", path, token=other)).status == 404
    assert (await roster.call("GET", f"{path}/unknown")).status == 404
    assert (await roster.call("PATCH", f"{path}/unknown", {})).status == 404


@pytest.mark.parametrize("verb", ["end", "suspend", "resume"])
async def test_commands_refuse_what_is_wrong_missing_forbidden_or_unknown(roster: Driver, verb: str) -> None:
    path = f"/deputyships/{(await a_deputyship(roster))['id']}:{verb}"
    assert (await roster.call("POST", path, {"on": "2020-02-30"})).status == 422
    assert (await roster.call("POST", path, {})).status == 422
    assert (await roster.call("POST", path, {}, token=roster.token("deputy"))).status == 403
    body = {"on": "2020-01-01"} | ({} if verb == "resume" else {"reason": "resigned"})
    body |= {"reason": "criminal_detention"} if verb == "suspend" else {}
    assert (await roster.call("POST", f"/deputyships/unknown:{verb}", body)).status == 404


async def test_nothing_is_entered_for_a_town_nobody_registered(drive: Drive) -> None:
    driver = await drive(build(Settings()))
    answer = await driver.call("POST", "/people", {"name": "丁示例01"})
    assert (answer.status, answer.code) == (404, "town-unknown")
    assert TOWN in answer.json["detail"]


async def test_a_county_that_was_given_a_new_code_reads_by_the_new_one(drive: Drive) -> None:
    """340225 became 340281: towns stand below the new code, and ID numbers given under the old one stay as they are."""
    driver = await drive(build(Settings()))
    town = "//roster/v1/towns/340281118"
    clerk = driver.token(area="340281118")
    assert (await driver.call("PUT", town, {"name": "高沟镇"}, token=clerk)).status == 201
    card = {"name": "王示例01", "id_number": "34022519800101124X"}
    assert (await driver.post(f"{town}/people", card, token=clerk))["id_number"] == card["id_number"]
    for area, status in (("340281", 200), ("340225", 404), ("34", 200)):
        token = driver.token("county", area=area)
        assert (await driver.call("GET", f"{town}/deputies", token=token)).status == status
