"""Routes of webhooks: who may, what is refused, what a secret is shown to, and addresses that nothing is sent to."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.reports.app import build
from services.reports.settings import Settings
from shared.storage.encryption import Vault
from tests.fixtures.apps import TOWN, Drive, Driver
from tests.fixtures.receivers import LOOPBACK, Receiver, receiving
from tests.probes import PATIENCE, eventually

pytestmark = pytest.mark.mongo
COUNTY = TOWN[:6]
AREA = f"//reports/v1/areas/{COUNTY}/webhooks"
URL = "https://receiver.example.cn/hook?key=private"


@pytest.fixture
async def desk(drive: Drive) -> Driver:
    return await drive(build(Settings()))


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as there:
        yield there


async def test_a_secret_is_shown_once_and_stored_encrypted(desk: Driver) -> None:
    given = await desk.post("/webhooks", {"url": URL, "types": ["reports.report.*"]})
    shown = await desk.get(f"/webhooks/{given['id']}")
    assert given["secret"].startswith("whsec_")
    assert "secret" not in shown
    assert shown == {key: value for key, value in given.items() if key != "secret"}
    stored = await desk.alive.store.database["webhooks"].find_one({"_id": given["id"]})
    assert stored is not None
    assert stored["keys"].startswith("sealed:")
    assert stored["url"].startswith("sealed:")


async def test_without_a_key_nothing_is_stored_in_plain_text(drive: Drive) -> None:
    desk = await drive(build(Settings()), Vault())
    answer = await desk.call("POST", "/webhooks", {"url": URL})
    assert (answer.status, answer.code) == (503, "no-data-key")
    assert await desk.alive.store.find("webhooks", {"_id": {"$gt": ""}}) == []


async def test_neither_secret_nor_path_is_in_an_event(desk: Driver) -> None:
    given = await desk.post("/webhooks", {"url": URL})
    await desk.call("PATCH", f"/webhooks/{given['id']}", {"ordered": True})
    await desk.post(f"/webhooks/{given['id']}:rotate", {})
    log = str(await desk.events())
    assert [event["type"].split(".")[2] for event in await desk.events()] == ["added", "changed", "rotated"]
    assert "whsec_" not in log
    assert "private" not in log
    assert "https://receiver.example.cn" in log


async def test_a_county_sees_its_towns_webhooks_and_a_town_only_its_own(desk: Driver) -> None:
    county = desk.token("county", area=COUNTY)
    above = await desk.post(AREA, {"url": URL}, token=county)
    own = await desk.post("/webhooks", {"url": URL})
    seen = await desk.get(AREA, token=county)
    assert [hook["id"] for hook in seen["items"]] == [above["id"], own["id"]]
    assert [hook["id"] for hook in (await desk.get("/webhooks"))["items"]] == [own["id"]]
    assert (await desk.call("GET", f"/webhooks/{above['id']}")).status == 404
    assert (await desk.call("POST", f"/webhooks/{above['id']}:disable", {})).status == 404
    log = await desk.get(f"//reports/v1/towns/{COUNTY}000/events", token=county)
    assert [event["type"] for event in log] == ["reports.webhook.added.v1"]


async def test_an_auditor_reads_without_the_address(desk: Driver) -> None:
    given = await desk.post("/webhooks", {"url": URL})
    auditor = desk.token("auditor")
    shown = await desk.get(f"/webhooks/{given['id']}", token=auditor)
    assert (shown["url"], shown["origin"]) == (None, "https://receiver.example.cn")
    assert (await desk.call("POST", "/webhooks", {"url": URL}, token=auditor)).code == "forbidden"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"url": "http://receiver.example.cn/"}, "body.url"),
        ({"url": "https://127.0.0.1/"}, "body.url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "body.url"),
        ({"url": "https://0x7f.1/"}, "body.url"),
        ({"url": URL, "types": ["accounts.account.*"]}, "body.types.0"),
        ({"url": URL, "types": ["roster*"]}, "body.types.0"),
        ({"url": URL, "types": ["roster.*", "roster.*"]}, "body.types"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(
    desk: Driver, body: dict[str, object], place: str
) -> None:
    answer = await desk.call("POST", "/webhooks", body)
    assert answer.status == 422
    assert [error["loc"] for error in answer.json["errors"]] == [place]


async def test_one_of_two_at_once_acts_on_the_version_that_both_saw(desk: Driver) -> None:
    given = await desk.post("/webhooks", {"url": URL})
    path, seen = f"/webhooks/{given['id']}:rotate", {"If-Match": '"1"'}
    async with asyncio.timeout(PATIENCE):
        answers = await asyncio.gather(*(desk.call("POST", path, {}, headers=seen) for _ in range(3)))
    assert sorted(answer.status for answer in answers) == [200, 412, 412]


async def test_a_version_that_is_no_more_is_refused(desk: Driver) -> None:
    given = await desk.post("/webhooks", {"url": URL})
    path = f"/webhooks/{given['id']}"
    await desk.post(f"{path}:rotate", {}, headers={"If-Match": '"1"'})
    stale = await desk.call("POST", f"{path}:disable", {}, headers={"If-Match": '"1"'})
    assert stale.code == "stale-version"
    assert (await desk.call("POST", f"{path}:enable", {})).code == "webhook-off"
    await desk.post(f"{path}:disable", {})
    for verb in ("disable", "test"):
        assert (await desk.call("POST", f"{path}:{verb}", {})).code == "webhook-off"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid-input"),
        ({"event_id": "nobody"}, "no-event"),
        ({"source": f"/{TOWN}/roster"}, "invalid-input"),
        ({"source": f"/{TOWN}/roster", "from": 2, "to": 1}, "invalid-input"),
        ({"source": f"/{TOWN}/roster", "from": 1, "to": 5000}, "invalid-input"),
        ({"source": f"/{TOWN}/roster", "from": 1, "to": 5}, "no-event"),
        ({"source": "/340299199/roster", "from": 1, "to": 5}, "no-event"),
        ({"failed": True, "event_id": "x"}, "invalid-input"),
    ],
)
async def test_a_replay_says_what_and_only_of_its_own(
    desk: Driver, body: dict[str, object], code: str
) -> None:
    given = await desk.post("/webhooks", {"url": URL})
    assert (await desk.call("POST", f"/webhooks/{given['id']}:replay", body)).code == code


async def test_a_county_sees_and_sends_again_what_it_subscribed(desk: Driver) -> None:
    county = desk.token("county", area=COUNTY)
    await desk.says("roster.group.formed.v1", {"id": "g1", "name": "第一代表小组"})
    given = await desk.post(AREA, {"url": URL, "types": ["roster.group.*"]}, token=county)
    path = f"{AREA}/{given['id']}"
    assert (await desk.get(path, token=county))["area"] == COUNTY
    again = {"source": f"/{TOWN}/roster", "from": 1, "to": 1}
    assert await desk.post(f"{path}:replay", again, token=county) == {"deliveries": 1}
    assert (await desk.call("GET", path)).status == 404


async def test_the_log_is_read_page_by_page_and_by_state(drive: Drive, receiver: Receiver) -> None:
    desk = await drive(build(Settings.model_validate({"webhook_networks": LOOPBACK})))
    given = await desk.post("/webhooks", {"url": receiver.url, "types": ["reports.*"]})
    receiver.secret, path = given["secret"], f"/webhooks/{given['id']}"
    for _ in range(3):
        await desk.post(f"{path}:test", {})

    async def all_delivered() -> bool:
        """four, with the event that it was added"""
        return len((await desk.get(f"{path}/deliveries?state=delivered"))["items"]) == 4

    await eventually(all_delivered)
    seen: list[str] = []
    page = await desk.get(f"{path}/deliveries?limit=3&state=delivered")
    seen += [one["event_id"] for one in page["items"]]
    page = await desk.get(f"{path}/deliveries?limit=3&state=delivered&cursor={page['next_cursor']}")
    seen += [one["event_id"] for one in page["items"]]
    assert page["next_cursor"] is None
    assert sorted(seen, reverse=True) == seen
    assert set(seen) == set(receiver.ids)
    assert (await desk.get(f"{path}/deliveries?state=failed"))["items"] == []
