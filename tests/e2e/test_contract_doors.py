"""The contract's doors as a client meets them: guards, paging, problems, feeds, identity, health."""

import asyncio
import re
import time
import uuid
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.e2e.conftest import COUNTY, TOWN, World
from tests.e2e.contract_client import refused
from tests.e2e.contract_feed import verify_chain, whole_feed

pytestmark = [pytest.mark.own_servers, pytest.mark.e2e]

SERVICES = ("roster", "activities", "ratings", "reports")


async def test_each_service_shows_its_health_its_measures_and_its_contract(world: World) -> None:
    nobody = world.nobody()
    assert (await nobody.send("GET", "/health/ready")).status == 200
    for service in SERVICES:
        for path in ("health/live", "health/ready", "metrics", "docs"):
            reply = await nobody.send("GET", f"/{service}/{path}")
            assert reply.status == 200, (service, path, reply.body)
        described = (await nobody.send("GET", f"/{service}/openapi.json")).body
        assert described["openapi"].startswith("3.")
        assert all(path.startswith((f"/{service}/", "/r/", "/o/")) for path in described["paths"])
    for service in SERVICES[:3]:
        paths = (await nobody.send("GET", f"/{service}/openapi.json")).body["paths"]
        assert f"/{service}/v1/towns/{{town}}/imports" in paths
        assert f"/{service}/v1/towns/{{town}}/events" in paths
        assert f"/{service}/v1/events" in paths


async def test_the_front_page_leads_to_what_there_is(world: World) -> None:
    async with ClientSession(world.office.url) as session:
        async with session.get("/") as answer:  # whoever is not signed in
            assert (answer.status, answer.url.path) == (200, "/sign-in")
            assert 'href="/docs"' in await answer.text()
        async with session.get("/docs") as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
            page = await answer.text()
        links = re.findall(r'href="([^"]+)"', page)
        assert {f"/{service}/docs" for service in SERVICES} | {"/openapi.json", "/asyncapi.json"} < set(links)
        for link in links:
            async with session.get(link) as answer:
                assert answer.status == 200, link


async def test_changes_are_guarded_by_the_version_read(world: World) -> None:
    office = world.office
    path = office.at("roster", f"/people/{world.book.people['p24']}")
    read = await office.send("GET", path)
    tag = read.headers["ETag"]
    changed = await office.send("PATCH", path, {"occupation": "教师"}, headers={"If-Match": tag})
    assert changed.status == 200
    assert changed.body["occupation"] == "教师"
    assert changed.body["version"] == read.body["version"] + 1
    assert changed.headers["ETag"] != tag
    refused(await office.send("PATCH", path, {"occupation": "医生"}, headers={"If-Match": tag}), 412)
    bare = {"If-Match": str(changed.body["version"])}
    assert (await office.send("PATCH", path, {"born_year": 1979}, headers=bare)).status == 200
    assert (await office.must("PATCH", path, {"party": "九三学社"}))["occupation"] == "教师"
    assert "posture" not in refused(await office.send("PATCH", path, {"posture": "x"}), (400, 422))["code"]


async def test_a_repeated_key_answers_as_before_and_makes_nothing_new(world: World) -> None:
    office, key = world.office, {"Idempotency-Key": str(uuid.uuid4())}
    body = {"received_on": "2022-05-05", "channel": "qr", "text": "路口积水", "state": "received"}
    path = office.at("activities", "/opinions")
    first = await office.send("POST", path, body, headers=key)
    second = await office.send("POST", path, body, headers=key)
    assert first.status == second.status == 201
    assert first.body == second.body
    refused(await office.send("POST", path, {**body, "channel": "letter"}, headers=key), (409, 422))
    found = [o for o in await office.listed("activities", "opinions") if o["received_on"] == "2022-05-05"]
    assert [o["id"] for o in found] == [first.body["id"]]


async def test_a_batch_is_all_or_nothing_and_lists_come_in_pages(world: World) -> None:
    office = world.office
    before = await office.listed("roster", "people", limit=5)
    assert len({person["id"] for person in before}) == len(before) >= 24
    items: list[dict[str, Any]] = [{"name": "好", "gender": "f"}, {"name": "坏", "gender": "z"}]
    problem = refused(await office.send("POST", office.at("roster", "/people:batch"), {"items": items}), 422)
    assert any("items.1.gender" in error["loc"] for error in problem["errors"]), problem
    assert len(await office.listed("roster", "people", limit=100)) == len(before)


async def test_a_foreign_id_is_waited_for_and_then_refused(world: World) -> None:
    office = world.office
    unknown = str(uuid.uuid4())
    body = {
        "kind": "training",
        "title": "未知代表",
        "held_on": "2022-03-03",
        "attendance": {"present": [unknown], "on_leave": [], "absent": []},
    }
    began = time.monotonic()
    problem = refused(await office.send("POST", office.at("activities", "/activities"), body), 422)
    assert time.monotonic() - began > 4.0
    assert any("attendance" in error["loc"] for error in problem["errors"]), problem


async def test_the_roster_of_a_day(world: World) -> None:
    for day in ("2024-04-10", "2024-08-15", "2024-12-31"):
        answer = await world.office.get("roster", f"/deputies?as_of={day}")
        assert answer["hash"]
        listed = answer.get("items", answer.get("deputies"))
        serving = {
            d["deputyship_id"] if "deputyship_id" in d else d["id"]
            for d in listed
            if d["status"] == "serving"
        }
        assert serving == {m.id for m in world.book.mandates.values() if m.serving(day)}, day
        again = await world.office.get("roster", f"/deputies?as_of={day}")
        assert again["hash"] == answer["hash"]


async def test_the_town_is_kept_and_told(world: World) -> None:
    town = await world.office.get("roster")
    assert town["name"] == "莲泗镇"
    assert town["quota"] == 50
    assert (await world.callers["county"].get("roster"))["county_name"] == "秀水县"


async def test_who_may_do_what(world: World) -> None:
    office, county, stranger = world.office, world.callers["county"], world.callers["stranger"]
    people, person = office.at("roster", "/people"), {"name": "外人", "gender": "m"}
    refused(await world.nobody().send("GET", people), 401)
    refused(await stranger.send("GET", people), 404)
    refused(await stranger.send("GET", office.at("roster")), 404)
    refused(await world.callers["neighbour"].send("GET", people), 404)
    refused(await world.callers["neighbour"].send("POST", people, person), (403, 404))
    refused(await county.send("POST", people, person), 403)
    refused(await world.callers["teller-1"].send("POST", people, person), 403)
    assert (await county.send("GET", people)).status == 200
    refused(await office.send("GET", f"{people}/{uuid.uuid4()}"), 404)
    refused(await stranger.send("GET", office.at("reports", "/years/2024/report")), 404)
    refused(await stranger.send("GET", office.at("activities", "/events")), 404)


async def test_what_is_private_stays_in_its_service(world: World) -> None:
    path = world.office.at("roster", f"/people/{world.book.people['p1']}")
    clerk = await world.office.must("GET", path)
    assert clerk["phone"] == "13905731001"
    for caller in ("county", "auditor"):
        seen = await world.callers[caller].must("GET", path)
        for field in ("phone", "id_number"):
            assert seen.get(field) != clerk[field], (caller, field)
    assert any("路灯第" in o["text"] for o in await world.office.listed("activities", "opinions"))
    for caller in ("county", "auditor"):
        seen = await world.callers[caller].get("activities", "/opinions?limit=100")
        assert "路灯第" not in str(seen)
    for service in SERVICES:
        told = str(await whole_feed(world.office, service))
        assert "1390573" not in told
        assert "3304211956" not in told
        assert "路灯第" not in told


async def test_a_feed_is_whole_chained_and_can_be_waited_on(world: World) -> None:
    office = world.office
    events = await whole_feed(office, "activities", limit=17)
    verify_chain(events, f"/{TOWN}/activities")
    head = events[-1]["sequence"]
    empty = await office.send("GET", office.at("activities", f"/events?after={head}&limit=5&wait=1"))
    assert (empty.status, empty.body) == (200, [])
    waiting = asyncio.create_task(
        office.send("GET", office.at("activities", f"/events?after={head}&limit=5&wait=20"))
    )
    await office.post("activities", "/opinions", {"received_on": "2022-01-01", "channel": "slip"})
    (event,) = (await waiting).body
    assert event["type"] == "activities.opinion.received.v1"
    assert event["sequence"] == head + 1


async def test_a_county_reads_all_its_towns_from_one_feed(world: World) -> None:
    county = world.callers["county"]
    neighbour = {"name": "石泾镇", "congress_number": 18, "rules": {}}
    await world.callers["neighbour"].must("PUT", "/roster/v1/towns/330421106", neighbour)
    seen: list[dict[str, Any]] = []
    following = f"/roster/v1/events?area={COUNTY}&limit=20"
    while True:
        reply = await county.send("GET", following)
        assert reply.status == 200, reply.body
        assert len(reply.body) <= 20
        if not reply.body:
            break
        seen += reply.body
        target = re.search(r'<([^>]+)>; *rel="?next"?', reply.headers["Link"])
        assert target
        following = target[1] + "&limit=20"
    assert {event["town"] for event in seen} == {TOWN, "330421106"}
    verify_chain([event for event in seen if event["town"] == TOWN], f"/{TOWN}/roster")
    waiting = asyncio.create_task(county.send("GET", f"{following}&wait=20"))
    await world.office.post("roster", "/constituencies", {"name": "第9选区"})
    assert [event["type"] for event in (await waiting).body] == ["roster.constituency.drawn.v1"]
    refused(await world.callers["stranger"].send("GET", f"/roster/v1/events?area={COUNTY}"), (403, 404))


async def test_evidence_is_taken_and_given_back(world: World) -> None:
    office = world.office
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
    )
    path = office.at("activities", "/evidence")
    reply = await office.send("POST", path, data=pixel, headers={"Content-Type": "image/png"})
    assert reply.status == 201, reply.body
    back = await office.send("GET", f"{path}/{reply.body['id']}")
    assert back.status == 200
    body = {
        "kind": "visit",
        "title": "走访",
        "held_on": "2022-02-02",
        "evidence": [reply.body["id"]],
    }
    assert (await office.post("activities", "/activities", body))["evidence"] == [reply.body["id"]]
    refused(
        await office.send("POST", path, data=b"MZ", headers={"Content-Type": "application/x-dosexec"}), 415
    )
