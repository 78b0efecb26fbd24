"""The feed over HTTP: filters, a `Link` that asks for the same, compression, server-sent events, what an area costs."""

import asyncio
import json
import random
import time
from typing import Any

import pytest

from services.accounts import app as accounts_app
from services.accounts.settings import Settings as AccountsSettings
from services.roster.app import build
from services.roster.settings import Settings
from shared.endpoints.cursors import encode_cursor
from shared.storage import mongo
from shared.storage.outbox import position
from tests.fixtures.apps import TOWN, Answer, Drive, Driver
from tests.fixtures.commands import counted
from tests.fixtures.mongo import RULES

pytestmark = pytest.mark.mongo
COUNTY = TOWN[:6]
OTHER = "340282100"
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    assert (await driver.call("PUT", "", {"name": "示例镇"})).status == 201
    people = [{"name": f"张示例{n}", "born_year": 1970} for n in range(30)]
    await driver.post("/people:batch", {"items": people})
    await driver.post("/groups", {"name": "一组", "number": 1})
    return driver


def following(answer: Answer) -> str:
    return "/" + answer.headers["Link"].partition("<")[2].partition(">")[0]


async def followed(driver: Driver, path: str, token: str = "") -> list[dict[str, Any]]:
    """All pages, each by the `Link` of the one before."""
    events: list[dict[str, Any]] = []
    while True:
        answer = await driver.call("GET", path, token=token or driver.token("county", area=COUNTY))
        assert answer.status == 200
        if following(answer) == path:
            return events
        events += answer.json
        path = following(answer)


async def test_types_choose_and_the_link_keeps_them(roster: Driver) -> None:
    path = f"//roster/v1/towns/{TOWN}/events?types=roster.group.*,roster.town.*&limit=1&after=0"
    events = await followed(roster, path)
    assert {event["type"].split(".")[1] for event in events} <= {"group", "town"}
    assert [event["type"] for event in events][-1] == "roster.group.formed.v1"


async def test_from_chooses_by_instant_and_by_day(roster: Driver) -> None:
    log = await roster.events()
    since = log[-1]["time"]
    later = [event["id"] for event in log if event["time"] >= since]
    chosen = await roster.get(f"/events?from={since}&limit=1000")
    assert [event["id"] for event in chosen] == later
    assert await roster.get("/events?from=2999-01-01") == []
    assert len(await roster.get("/events?from=2020-01-01&limit=1000")) == len(log)


@pytest.mark.parametrize(
    "query",
    [
        *("from=yesterday", "from=2020-06-09T08:00:00", "from=2020-13-01", "types=roster", "types=*"),
        *("types=roster.person;drop", "limit=1001", "after=-1", "after=9999999999999", "wait=61"),
    ],
)
async def test_what_cannot_be_asked_names_its_parameter(roster: Driver, query: str) -> None:
    answer = await roster.call("GET", f"/events?{query}")
    assert answer.status == 422
    assert [error["loc"] for error in answer.json["errors"]] == [f"query.{query.partition('=')[0]}"]


async def test_an_answer_is_compressed_for_who_takes_it(roster: Driver) -> None:
    url, headers = f"/roster/v1/towns/{TOWN}/events", {"Authorization": f"Bearer {roster.token()}"}
    async with roster.client.get(url, headers=headers | {"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Vary"] == "Accept, Accept-Encoding"
        content = await packed.json(content_type=None)
    async with roster.client.get(url, headers=headers | {"Accept-Encoding": "identity"}) as plain:
        assert "Content-Encoding" not in plain.headers
        assert await plain.json(content_type=None) == content


def messages(content: bytes) -> list[dict[str, str]]:
    """Server-sent events as a browser reads them, without comments."""
    found = []
    for block in content.decode().split("\n\n"):
        lines = [line.split(": ", 1) for line in block.splitlines() if not line.startswith(":")]
        if any(name == "data" for name, *_ in lines):
            found.append(dict(lines))
    return found


@pytest.mark.parametrize("path", [f"towns/{TOWN}/events?", f"events?area={COUNTY}&"])
async def test_a_stream_resumes_where_it_was_cut(roster: Driver, path: str) -> None:
    county = roster.token("county", area=COUNTY)
    url = f"//roster/v1/{path}wait=1&limit=20"
    first = await roster.call("GET", url, token=county, headers=STREAM)
    assert first.headers["Content-Type"] == "text/event-stream"
    events = messages(first.json)
    log = await roster.events()
    assert [json.loads(event["data"]) for event in events] == log
    assert [event["event"] for event in events] == [event["type"] for event in log]
    (cut,) = [event["id"] for event in events if "id" in event][:1]
    resumed = await roster.call("GET", url, token=county, headers=STREAM | {"Last-Event-ID": cut})
    assert [json.loads(event["data"]) for event in messages(resumed.json)] == log[20:]


async def test_head_of_a_stream_is_its_head_alone(roster: Driver) -> None:
    """A body behind it would be taken for the answer to what comes next on the connection."""
    for _ in range(2):
        head = await roster.call("HEAD", "/events?wait=1", headers=STREAM)
        assert (head.status, head.headers["Content-Type"], head.json) == (200, "text/event-stream", b"")
        assert len((await roster.call("GET", "/events?limit=1")).json) == 1


async def test_a_forged_place_in_a_stream_is_refused(roster: Driver) -> None:
    for forged in ("x", "-1", "9" * 40):
        answer = await roster.call("GET", "/events", headers=STREAM | {"Last-Event-ID": forged})
        assert (answer.status, answer.code) == (422, "invalid-input")
    area = f"//roster/v1/events?area={COUNTY}"
    county = roster.token("county", area=COUNTY)
    answer = await roster.call("GET", area, token=county, headers=STREAM | {"Last-Event-ID": "abc"})
    assert answer.status == 422


async def test_an_area_of_many_towns_costs_what_one_town_costs(drive: Drive) -> None:
    driver = await drive(build(Settings()))
    towns = [f"{COUNTY}{100 + n}" for n in range(40)]
    for town in towns:
        token = driver.token(area=town)
        path = f"//roster/v1/towns/{town}"
        assert (await driver.call("PUT", path, {"name": "示例镇"}, token=token)).status == 201
    token = driver.token(area=towns[0])
    people = [{"name": f"张示例{n}", "born_year": 1970} for n in range(40)]
    await driver.post(f"//roster/v1/towns/{towns[0]}/people:batch", {"items": people}, token=token)
    county = driver.token("county", area=COUNTY)
    costs = []
    for path in (f"towns/{towns[0]}/events?limit=40", f"events?area={COUNTY}&limit=40"):
        before = RULES.finds["outbox"]
        assert len(await driver.get(f"//roster/v1/{path}", token=county)) == 40
        costs.append(RULES.finds["outbox"] - before)
    assert costs == [1, 1]
    everything = await followed(driver, f"//roster/v1/events?area={COUNTY}&limit=7&after=", county)
    assert len({event["id"] for event in everything}) == len(everything) == 80


async def test_an_area_too_wide_for_a_cursor_is_refused_at_once_and_its_parts_go_on(roster: Driver) -> None:
    dice = random.Random(1)
    towns = [
        f"34{city:02d}{county:02d}{town}"
        for city in range(3, 28)
        for county in (1, 81)
        for town in range(100, 200)
    ]
    streams = [{"_id": f"/{town}/roster", "sequence": dice.randint(1, 10**6), "hash": ""} for town in towns]
    for part in mongo.parts(streams, 100):
        await roster.alive.store.database["streams"].insert_many(part)
    county = roster.token("county", area="34")
    for wait in ("", "&wait=1"):
        answer = await roster.call("GET", f"//roster/v1/events?area=34{wait}", token=county)
        assert (answer.status, [error["loc"] for error in answer.json["errors"]]) == (422, ["query.area"])
        assert "3402、3403、3404" in answer.json["detail"]
    wide = encode_cursor(dict.fromkeys(towns[::4], 7) | {TOWN: 30})
    path = f"//roster/v1/events?area={COUNTY}&after={wide}&limit=1"
    parts = await followed(roster, path)
    assert [event["sequence"] for event in parts if event["town"] == TOWN] == [31, 32]


async def test_types_for_which_a_next_page_has_no_room_are_refused(roster: Driver) -> None:
    token = roster.token("county", area=COUNTY)
    path = f"//roster/v1/events?area={TOWN}&types="
    answer = await roster.call("GET", path + "x" * (8_001 - len(path)) + ".*", token=token)
    assert (answer.status, [error["loc"] for error in answer.json["errors"]]) == (422, ["query.types"])


async def test_the_feed_of_an_area_goes_on_behind_the_events_of_a_county(drive: Drive) -> None:
    accounts = await drive(accounts_app.build(AccountsSettings()))
    source = f"/{COUNTY}/accounts"
    await accounts.alive.store.database["outbox"].insert_one(
        {"_id": position(source, 1), "type": "accounts.client.added.v1", "body": "{}"}
    )
    await accounts.alive.store.database["streams"].insert_one({"_id": source, "sequence": 1, "hash": ""})
    path, county = f"//accounts/v1/events?area={COUNTY}", accounts.token("county", area=COUNTY)
    first = await accounts.call("GET", path, token=county)
    assert len(first.json) == 1
    second = await accounts.call("GET", following(first), token=county)
    assert (second.status, second.json) == (200, [])


async def test_who_waits_for_an_area_shares_one_look_a_second_whatever_is_written(roster: Driver) -> None:
    county = roster.token("county", area=COUNTY)
    end = following(await roster.call("GET", f"//roster/v1/events?area={COUNTY}&limit=1000", token=county))
    other = roster.token(area=OTHER)

    async def follow() -> Answer:
        return await roster.call("GET", f"{end}&wait=3", token=county)

    with counted() as spent:
        begun = time.monotonic()
        followers = [asyncio.create_task(follow()) for _ in range(5)]
        while not all(follower.done() for follower in followers):
            answer = await roster.call("PUT", f"//roster/v1/towns/{OTHER}", {"name": "别处镇"}, token=other)
            assert answer.status in (200, 201)
        taken = time.monotonic() - begun
    assert [follower.result().json for follower in followers] == [[]] * 5
    # One look as they come, one as each second begins, one as their time is over; the relay has one of its own.
    assert spent.commands["find", "streams"] <= taken + 3


async def test_who_waits_for_an_area_gets_what_is_written(roster: Driver) -> None:
    county = roster.token("county", area=COUNTY)
    end = following(await roster.call("GET", f"//roster/v1/events?area={COUNTY}&limit=1000", token=county))
    waiting = [asyncio.create_task(roster.call("GET", f"{end}&wait=30", token=county)) for _ in range(2)]
    await roster.post("/groups", {"name": "二组", "number": 2})
    for follower in waiting:
        (event,) = (await follower).json
        assert event["data"]["name"] == "二组"
