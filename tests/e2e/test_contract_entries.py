"""What a town may leave out, say in a reasonable other way, and what the contract refuses."""

from typing import Any

import pytest

from tests.e2e.conftest import World
from tests.e2e.contract_client import refused
from tests.e2e.contract_votes import GRADES

pytestmark = [pytest.mark.own_servers, pytest.mark.e2e]

MINIMAL: list[tuple[str, str, dict[str, Any]]] = [
    ("roster", "people", {"name": "张三"}),
    ("roster", "groups", {"number": 9}),
    ("roster", "stations", {"name": "新站"}),
    ("roster", "stations", {"name": "新站二", "reception_day": 15}),
    ("roster", "constituencies", {"name": "第7选区"}),
    ("activities", "plans", {"year": 2021}),
    ("activities", "plans", {"year": 2020, "items": [{"title": "学习"}]}),
    ("activities", "sessions", {"congress_number": 17, "session_number": 9, "held_on": "2021-03-01"}),
    ("activities", "presidium_meetings", {"number": 1, "held_on": "2021-03-02"}),
    ("activities", "activities", {"kind": "training", "title": "学习", "held_on": "2021-03-03"}),
    ("activities", "activities", {"kind": "visit", "held_on": "2021-03-03"}),
    ("activities", "opinions", {"received_on": "2021-03-04"}),
    ("activities", "suggestions", {"number": 1, "raised_on": "2021-03-05", "title": "修路"}),
    ("ratings", "schemes", {"name": "默认"}),
]


@pytest.mark.parametrize(("service", "collection", "body"), MINIMAL)
async def test_what_identifies_and_dates_a_record_is_enough(
    world: World, service: str, collection: str, body: dict[str, Any]
) -> None:
    made = await world.office.post(service, f"/{collection}", body)
    assert made["id"]
    assert made["version"] == 1
    read = await world.office.get(service, f"/{collection}/{made['id']}")
    assert read == made
    refused(
        await world.office.send("POST", world.office.at(service, f"/{collection}"), {**body, "bogus": 1}),
        (400, 422),
    )


async def test_what_is_not_known_may_be_sent_as_null(world: World) -> None:
    office = world.office
    person = {"name": "李四", "gender": None, "born_year": None, "phone": None}
    made = await office.post("roster", "/people", person)
    body = {"person_id": made["id"], "level": "town", "started_on": "2016-12-01", "group_id": None}
    deputy = await office.post("roster", "/deputyships", body)
    await office.post(
        "roster", f"/deputyships/{deputy['id']}:end", {"reason": "term_over", "on": "2021-12-30"}
    )
    activity = {
        "kind": "visit",
        "title": "走访",
        "held_on": "2021-05-05",
        "group_id": None,
        "voters_count": None,
    }
    assert (await office.post("activities", "/activities", activity))["voters_count"] is None
    half = {
        "kind": "training",
        "title": "学习",
        "held_on": "2021-05-06",
        "attendance": {"present": [deputy["id"]]},
    }
    assert (await office.post("activities", "/activities", half))["attendance"]["absent"] == []


async def test_a_first_group_without_a_day_holds_from_the_beginning(world: World) -> None:
    office = world.office
    person = await office.post("roster", "/people", {"name": "王五"})
    body = {"person_id": person["id"], "level": "province", "started_on": "2018-01-20"}
    deputy = await office.post("roster", "/deputyships", body)
    path = f"/deputyships/{deputy['id']}"
    await office.patch("roster", path, {"group_id": world.book.groups["g4"][0], "roles": ["group_leader"]})
    activity = {"kind": "group_activity", "title": "早年活动", "held_on": "2019-05-05"}
    held = await office.post("activities", "/activities", activity | {"group_id": world.book.groups["g4"][0]})
    assert held["expected"] == [deputy["id"]]
    await office.post("roster", f"{path}:end", {"reason": "term_over", "on": "2022-01-20"})


async def test_a_day_of_closing_says_that_an_opinion_is_closed(world: World) -> None:
    office = world.office
    opinion = await office.post("activities", "/opinions", {"received_on": "2021-04-01"})
    changed = await office.patch("activities", f"/opinions/{opinion['id']}", {"closed_on": "2021-04-09"})
    assert changed["state"] == "closed"


async def test_thresholds_may_be_shares(world: World) -> None:
    scheme = {"name": "等次", "options": GRADES, "formula": "thresholds", "thresholds": [0.8, 0.5]}
    assert (await world.office.post("ratings", "/schemes", scheme))["thresholds"] == [80, 50]


async def test_a_command_without_words_needs_no_body(world: World) -> None:
    office = world.office
    suggestion = await office.post(
        "activities", "/suggestions", {"number": 2, "raised_on": "2021-03-05", "title": "修桥"}
    )
    path = f"/suggestions/{suggestion['id']}"
    await office.post("activities", f"{path}:assign", {"unit": "交通站", "on": "2021-03-10"})
    await office.must("POST", office.at("activities", f"{path}:return"))
    await office.post("activities", f"{path}:assign", {"unit": "公路站", "on": "2021-03-30"})
    await office.post("activities", f"{path}:reply", {"on": "2021-05-01", "class": "a", "interviewed": True})
    await office.must("POST", office.at("activities", f"{path}:redo"))
    await office.post("activities", f"{path}:reply", {"on": "2021-06-01", "class": "a", "interviewed": True})
    assert (await office.must("POST", office.at("activities", f"{path}:close")))["state"] == "closed"


async def test_every_resource_has_its_patch(world: World) -> None:
    office, book = world.office, world.book
    plan = (await office.listed("activities", "plans"))[0]
    for service, path, patch in (
        ("roster", "", {"population": 7601}),
        ("roster", f"/stations/{book.stations['s2'][0]}", {"address": "桥南村部"}),
        ("roster", f"/groups/{book.groups['g3'][0]}", {"name": "第三小组"}),
        ("activities", f"/plans/{plan['id']}", {"year": plan["year"]}),
        ("activities", f"/sessions/{book.sessions[0]['id']}", {"observers": 15}),
        ("activities", f"/presidium_meetings/{book.presidium[0]['id']}", {"number": 1}),
        ("activities", f"/activities/{book.activities[0]['id']}", {"place": "村部"}),
        ("activities", f"/suggestions/{book.suggestions['late'].id}", {"category": "教育"}),
        ("ratings", f"/meetings/{book.meetings['planned'].id}", {"present": 12}),
    ):
        changed = await office.patch(service, path, patch)
        assert {key: changed[key] for key in patch} == patch, path


async def test_what_the_law_makes_void_is_refused_at_entry(world: World) -> None:
    office, book = world.office, world.book
    session: dict[str, Any] = {"congress_number": 18, "session_number": 8, "held_on": "2023-09-05"}
    few = session | {"attendance": book.attendance("t1 t2 t3 t4")}
    rest = "t5 t6 t7 t8 t10 t11 t12 t13 t14 t15 t16 t17 t18 t19 t20"
    no_quorum = few | {"attendance": book.attendance("t1 t2 t3 t4", rest)}
    refused(await office.send("POST", office.at("activities", "/sessions"), no_quorum), (409, 422))
    minority = session | {"elections": [{"post": "镇长", "name": "甲", "votes": 5}]}
    refused(await office.send("POST", office.at("activities", "/sessions"), minority), (409, 422))


async def test_words_the_contract_does_not_know_are_refused(world: World) -> None:
    office = world.office
    for service, collection, body in (
        ("activities", "activities", {"kind": "party", "title": "x", "held_on": "2021-01-01"}),
        ("activities", "activities", {"kind": "visit", "title": "x", "held_on": "2021-02-30"}),
        ("activities", "opinions", {"received_on": "2021-01-01", "channel": "fax"}),
        ("activities", "opinions", {"received_on": "2021-01-01", "state": "lost"}),
        ("roster", "people", {"name": "王", "gender": "x"}),
        ("roster", "people", {"name": "王", "born_year": "1970"}),
        (
            "roster",
            "deputyships",
            {"person_id": world.book.people["p1"], "level": "village", "started_on": "2021-01-01"},
        ),
    ):
        refused(await office.send("POST", office.at(service, f"/{collection}"), body), (400, 422))
    mandate = world.book.mandates["t2"].id
    path = office.at("roster", f"/deputyships/{mandate}:end")
    refused(await office.send("POST", path, {"reason": "bored", "on": "2024-01-01"}), (400, 422))
    refused(await office.send("POST", path, {"reason": "died"}), (400, 422))
    twice = {"present": [mandate], "on_leave": [], "absent": [mandate]}
    both = {"kind": "visit", "title": "x", "held_on": "2024-01-05", "attendance": twice}
    refused(await office.send("POST", office.at("activities", "/activities"), both), (400, 409, 422))
