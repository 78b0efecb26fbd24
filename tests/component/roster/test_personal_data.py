"""Phone and ID number as they lie in the database: sealed, whatever way they came in."""

import hashlib
import json
from functools import partial
from typing import Any

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from services.roster.sheets import SHEETS
from shared.storage.encryption import Vault
from shared.workbook import read
from tests.fixtures.apps import TOWN, Drive, Driver

PHONE, CARD = "13900001234", "34022519800101124X"
PERSON = {"name": "王示例01", "phone": PHONE, "id_number": CARD}


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    assert (await driver.call("PUT", "", {"name": "示例镇"})).status == 201
    return driver


async def dump(driver: Driver) -> str:
    """Everything the service's database holds, as text."""
    database = driver.alive.store.database
    names = await database.list_collection_names()
    return str([await database[name].find({}).to_list(None) for name in names])


async def test_neither_stands_anywhere_in_the_database(roster: Driver) -> None:
    key = {"Idempotency-Key": "once"}
    made = await roster.post("/people", PERSON, headers=key)
    await roster.post("/people:batch", {"items": [{**PERSON, "name": "李示例02"}]}, headers=key)
    await roster.call("PATCH", f"/people/{made['id']}", {"party": "群众"})
    again = await roster.call("POST", "/people", PERSON, headers=key)
    assert (again.json, again.headers["Idempotent-Replayed"]) == (made, "true")
    assert (await roster.get(f"/people/{made['id']}"))["id_number"] == CARD
    held = await dump(roster)
    assert "王示例01" in held
    assert PHONE not in held
    assert CARD not in held


async def test_what_was_stored_before_there_were_keys_is_read_and_sealed_at_the_next_start(
    roster: Driver, drive: Drive
) -> None:
    plain: dict[str, Any] = {**PERSON, "_id": "p1", "town": TOWN, "version": 3}
    await roster.alive.store.database["people"].insert_one(dict(plain))
    assert (await roster.get("/people/p1"))["phone"] == PHONE
    later = await drive(build(Settings()))
    assert PHONE not in await dump(later)
    assert await later.get("/people/p1") | {"_id": "p1"} == await roster.get("/people/p1") | {"_id": "p1"}
    assert (await later.get("/people/p1"))["version"] == 3


async def test_the_exported_workbook_has_both_and_goes_to_the_office_alone(roster: Driver) -> None:
    await roster.post("/people", PERSON)
    (row,) = read(await roster.get("/exports"), SHEETS).rows("人员")
    assert (row["phone"], row["id_number"]) == (PHONE, CARD)
    for role in ("county", "deputy", "auditor"):
        answer = await roster.call("GET", "/exports", token=roster.token(role))
        assert (answer.status, answer.code) == (403, "forbidden")
    stranger = roster.token("office", area="340281101")
    assert (await roster.call("GET", "/exports", token=stranger)).status == 404


async def test_without_a_key_only_what_is_personal_is_refused(drive: Drive) -> None:
    roster = await drive(build(Settings()), vault=Vault())
    assert (await roster.call("PUT", "", {"name": "示例镇"})).status == 201
    assert (await roster.call("POST", "/people", {"name": "王示例01"})).status == 201
    refused = await roster.call("POST", "/people", PERSON)
    assert (refused.status, refused.code) == (503, "no-data-key")
    assert "LVZHI_PERSONAL_DATA_KEYS" in refused.json["detail"]


async def test_whoever_needs_neither_asks_for_them_masked_and_reads_no_personal_data(roster: Driver) -> None:
    made = await roster.post("/people", PERSON)
    one = await roster.get(f"/people/{made['id']}?masked=true")
    (listed,) = (await roster.get("/people?masked=true"))["items"]
    assert one == listed
    assert (one["name"], one["phone"], one["id_number"]) == (
        PERSON["name"],
        "139****1234",
        "340225********124X",
    )
    assert "roster.personal_data.read.v1" not in {event["type"] for event in await roster.events()}
    assert (await roster.get(f"/people/{made['id']}"))["phone"] == PHONE
    assert (await roster.events())[-1]["type"] == "roster.personal_data.read.v1"


async def kept_digests(driver: Driver) -> set[str]:
    return {one["digest"] async for one in driver.alive.store.database["answers"].find({})}


async def test_what_is_kept_of_a_request_does_not_tell_whether_two_were_the_same(roster: Driver) -> None:
    """Else whoever has the database, and no key, could try all phone numbers until one fits."""
    for key in ("8d2c", "91fe"):
        await roster.post("/people", PERSON, headers={"Idempotency-Key": key})
    digests = await kept_digests(roster)
    assert len(digests) == 2
    body = hashlib.sha256(json.dumps(PERSON).encode()).hexdigest()
    assert hashlib.sha256(f"\n\n{body}".encode()).hexdigest() not in digests
    held = await dump(roster)
    assert "8d2c" not in held
    assert "91fe" not in held


async def test_a_request_answered_by_the_version_before_is_known_by_its_digest(roster: Driver) -> None:
    key, sent = {"Idempotency-Key": "8d2c"}, json.dumps(PERSON).encode()
    send = partial(roster.call, "POST", "/people", headers={**key, "Content-Type": "application/json"})
    made = await send(data=sent)
    unkeyed = hashlib.sha256(f"\n\n{hashlib.sha256(sent).hexdigest()}".encode()).hexdigest()
    await roster.alive.store.database["answers"].update_one({}, {"$set": {"digest": unkeyed}})
    again = await send(data=sent)
    assert (again.json, again.headers["Idempotent-Replayed"]) == (made.json, "true")
    other = await send(data=sent.replace(PHONE.encode(), b"13900005678"))
    assert (other.status, other.code) == (409, "conflict")


WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("PATCH", "", {}),
    ("PATCH", "", {"party": "群众"}),
    ("PATCH", "", {"phone": "13900005678"}),
    ("POST", ":rename", {"name": "王示例01"}),
    ("POST", ":rename", {"name": "王示例03"}),
]


@pytest.mark.parametrize(("method", "verb", "body"), WRITES)
async def test_the_answer_to_a_write_has_of_both_only_what_was_sent(
    roster: Driver, method: str, verb: str, body: dict[str, Any]
) -> None:
    made = await roster.post("/people", PERSON)
    assert (made["phone"], made["id_number"]) == (PHONE, CARD)
    answer = await roster.call(method, f"/people/{made['id']}{verb}", body)
    assert answer.status == 200
    assert answer.json["phone"] == body.get("phone", "139****1234")
    assert answer.json["id_number"] == "340225********124X"
    assert "roster.personal_data.read.v1" not in {event["type"] for event in await roster.events()}


async def test_the_answer_to_an_entry_has_what_was_sent_with_it(roster: Driver) -> None:
    items = [PERSON, {"name": "李示例02", "phone": "13900005678"}]
    made = await roster.post("/people:batch", {"items": items})
    assert [one["phone"] for one in made["items"]] == [PHONE, "13900005678"]
    other = made["items"][1]["id"]
    answer = await roster.post(f"/people/{made['items'][0]['id']}:differ", {"others": [other]})
    assert (answer["phone"], answer["id_number"]) == ("139****1234", "340225********124X")


async def test_an_erased_number_in_the_remark_of_a_task_is_in_no_stored_answer_either(drive: Drive) -> None:
    roster = await drive(build(Settings()), vault=Vault())
    assert (await roster.call("PUT", "", {"name": "示例镇"})).status == 201
    person = await roster.post("/people", {"name": "王示例01"})
    mandate = {"person_id": person["id"], "level": "town", "started_on": "2021-12-28"}
    held = await roster.post("/deputyships", mandate)
    asked = {"kind": "absent_twice", "deputyship_id": held["id"], "opened_on": "2026-03-01"}
    task = await roster.post("/tasks", asked)
    settle = (
        "POST",
        f"/tasks/{task['id']}:settle",
        {"outcome": "unfounded", "on": "2026-03-02", "remark": f"已电话 {PHONE} 核实"},
    )
    key = {"Idempotency-Key": "once"}
    assert (await roster.call(*settle, headers=key)).status == 200
    assert (await roster.call("PATCH", f"/tasks/{task['id']}", {"remark": "已核实"})).status == 200
    await roster.post(f"/people/{person['id']}:erase", {"reason": "本人要求"})
    assert PHONE not in await dump(roster)
    again = await roster.call(*settle, headers=key)
    assert (again.status, again.code) == (409, "answer-forgotten")
