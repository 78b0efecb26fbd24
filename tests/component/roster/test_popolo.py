"""The roster as Popolo: every reference leads somewhere; no contact details, no ID number, nothing voided."""

import re

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from tests.fixtures.apps import TOWN, Drive, Driver

PHONE, CARD = "13900001234", "34022519800101124X"


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    assert (await driver.call("PUT", "", {"name": "示例镇", "county_name": "无为市"})).status == 201
    return driver


async def a_deputy(roster: Driver, name: str, **mandate: object) -> tuple[str, str]:
    facts = {"name": name, "gender": "f", "born_year": 1980, "phone": PHONE, "id_number": CARD}
    person = str((await roster.post("/people", facts if name == "王示例01" else {"name": name}))["id"])
    body = {"person_id": person, "level": "town", "congress_number": 17, "started_on": "2017-01-10"}
    return person, str((await roster.post("/deputyships", body | mandate))["id"])


async def test_popolo_is_whole_and_public(roster: Driver) -> None:
    group = str((await roster.post("/groups", {"number": 1, "formed_on": "2017-02-01"}))["id"])
    chair, mandate = await a_deputy(
        roster, "王示例01", group_id=group, roles=["chair"], constituency="第一选区"
    )
    await a_deputy(roster, "李示例02", level="county")
    _, mistaken = await a_deputy(roster, "张示例03")
    await roster.post(f"/deputyships/{mistaken}:void", {"reason": "登记错了人"})
    answer = await roster.get("/popolo", token=roster.token("auditor", area="340281"))
    assert set(answer) == {"persons", "organizations", "posts", "memberships"}
    written = str(answer)
    assert not re.search(f"{PHONE}|{CARD}|phone|contact", written)
    person = next(person for person in answer["persons"] if person["id"] == chair)
    assert (person["name"], person["gender"], person["birth_date"]) == ("王示例01", "female", "1980")
    ids = {kind: {one["id"] for one in answer[kind]} for kind in ("persons", "organizations", "posts")}
    for one in answer["memberships"]:
        assert one["person_id"] in ids["persons"]
        assert one["organization_id"] in ids["organizations"]
        assert one["post_id"] is None or one["post_id"] in ids["posts"]
    found = {one["id"]: one for one in answer["memberships"]}
    assert len(found) == len(answer["memberships"])
    assert mistaken not in found
    assert found[mandate]["organization_id"] == TOWN
    assert (found[mandate]["label"], found[mandate]["area"]) == ("第17届镇级代表", {"name": "第一选区"})
    assert found[f"{mandate}:post:1"]["post_id"] == f"{TOWN}:chair"
    assert found[f"{mandate}:group:1"]["organization_id"] == group
    names = {one["id"]: one["name"] for one in answer["organizations"]}
    assert names[f"{TOWN}:county"] == "无为市人民代表大会"
    assert all(parent["parent_id"] in names for parent in answer["organizations"] if parent["parent_id"])
