"""How a voter can be reached: kept apart and sealed, for the office alone, and gone in time."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
import structlog

from services.activities import driver
from services.activities.driver import forget_now
from shared.process.turns import Turns
from shared.storage.work import Work
from tests.component.activities.conftest import Office
from tests.component.activities.test_opinions import told

CONTACT = {"name": "王大爷", "phone": "13900001234"}


async def stored(office: Office) -> str:
    """The whole database as text."""
    database = office.driver.alive.store.database
    names = await database.list_collection_names()
    return json.dumps([await database[name].find().to_list(None) for name in names], default=str)


async def test_a_contact_is_kept_apart_sealed_and_read_on_record(office: Office) -> None:
    path = await told(office)
    made = await office.driver.call("PUT", f"{path}/contact", CONTACT)
    assert (made.status, made.json) == (201, {"version": 1, **CONTACT})
    changed = await office.driver.call("PUT", f"{path}/contact", {"phone": "0563-8881234"})
    assert (changed.status, changed.json["name"], changed.headers["ETag"]) == (200, "", '"2"')
    with structlog.testing.capture_logs() as lines:
        assert (await office.get(f"{path}/contact"))["phone"] == "0563-8881234"
    read = [line for line in lines if line["event"] == "personal data read"]
    assert [(line["reader"], line["subject"]) for line in read] == [
        ("clerk", path.replace("opinions", "opinion")[1:])
    ]
    everything = await stored(office)
    assert not [secret for secret in (*CONTACT.values(), "0563-8881234") if secret in everything]
    assert await office.told() == ["opinion.received.v1", "personal_data.read.v1"]
    (read_event,) = [e for e in await office.driver.events() if "personal_data" in e["type"]]
    assert (read_event["actor"], read_event["data"]["fields"]) == ("clerk", ["name", "phone"])
    assert "phone" not in json.dumps(await office.get(path))


async def test_a_contact_can_be_deleted_and_nothing_else_changes(office: Office) -> None:
    path = await told(office)
    before = await office.get(path)
    await office.driver.call("PUT", f"{path}/contact", CONTACT)
    answer = await office.driver.call("DELETE", f"{path}/contact")
    assert answer.status == 204
    await office.refused("GET", f"{path}/contact", None, status=404, code="not-found")
    await office.refused("DELETE", f"{path}/contact", None, status=404, code="not-found")
    assert await office.get(path) == before
    assert (await office.get("/integrity"))["faults"] == []


@pytest.mark.parametrize(("days_ago", "left"), [(30, True), (31, False)])
async def test_a_contact_goes_by_itself_so_many_days_after_closing(
    office: Office, days_ago: int, left: bool
) -> None:
    path, still_open = await told(office), await told(office)
    for one in (path, still_open):
        await office.driver.call("PUT", f"{one}/contact", CONTACT)
    closed = office.driver.alive.store.clock.today() - timedelta(days=days_ago)
    await office.post(f"{path}:close", {"on": closed.isoformat()})
    for _ in range(2):
        await forget_now(office.driver.alive, Turns("activities", "test"))
    assert (await office.driver.call("GET", f"{path}/contact")).status == (200 if left else 404)
    assert (await office.driver.call("GET", f"{still_open}/contact")).status == 200


async def test_the_rule_pack_says_how_long_a_contact_is_kept(office: Office) -> None:
    town = {"id": "340281199", "version": 2, "name": "示例镇", "rules": {"contact_keep_days": 0}}
    await office.driver.says("roster.town.changed.v1", town)
    path = await told(office)
    await office.driver.call("PUT", f"{path}/contact", CONTACT)
    yesterday: date = office.driver.alive.store.clock.today() - timedelta(days=1)
    await office.post(f"{path}:close", {"on": yesterday.isoformat()})
    await forget_now(office.driver.alive, Turns("activities", "test"))
    await office.refused("GET", f"{path}/contact", None, status=404, code="not-found")


async def test_nobody_but_the_office_reaches_a_voter(office: Office) -> None:
    path = f"{await told(office)}/contact"

    async def refused(method: str, body: Any, status: int, code: str, **options: Any) -> None:
        await office.refused(method, path, body, status=status, code=code, **options)

    wrong: tuple[Any, ...] = (
        {},
        {"name": " "},
        {"phone": "call me"},
        {**CONTACT, "address": "村东"},
        {"name": 1},
    )
    for body in wrong:
        await refused("PUT", body, 422, "invalid-input")
    await refused("PUT", CONTACT, 412, "stale-version", headers={"If-Match": "*"})
    await office.driver.call("PUT", path, CONTACT)
    await refused("PUT", CONTACT, 412, "stale-version", headers={"If-Match": '"7"'})
    await refused("DELETE", None, 412, "stale-version", headers={"If-Match": '"7"'})
    for role in ("deputy", "leader", "county", "auditor", "teller"):
        for method, body in (("PUT", CONTACT), ("GET", None), ("DELETE", None)):
            await refused(method, body, 403, "forbidden", token=office.driver.token(role))
    stranger = office.driver.token(area="340281198")
    await refused("GET", None, 404, "not-found", token=stranger)
    await refused("GET", None, 401, "unauthenticated", token="none")
    await office.refused("PUT", "/opinions/unknown/contact", CONTACT, status=404, code="not-found")


async def test_a_record_that_cannot_be_erased_stops_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [await told(office), await told(office)]
    closed = office.driver.alive.store.clock.today() - timedelta(days=31)
    for path in paths:
        await office.driver.call("PUT", f"{path}/contact", CONTACT)
        await office.post(f"{path}:close", {"on": closed.isoformat()})
    broken = [paths[0].rpartition("/")[2]]
    find, forget, rule = driver.FORGOTTEN[0]

    async def forget_or_fail(work: Work, id: str) -> bool:
        if id in broken:
            raise KeyError("a bug")
        return await forget(work, id=id)

    monkeypatch.setattr(driver, "FORGOTTEN", ((find, forget_or_fail, rule),))
    await forget_now(office.driver.alive, Turns("activities", "test"))
    left = [(await office.driver.call("GET", f"{path}/contact")).status for path in paths]
    assert left == [200, 404]
    broken.clear()
    await forget_now(office.driver.alive, Turns("activities", "test"))
    assert (await office.driver.call("GET", f"{paths[0]}/contact")).status == 404
