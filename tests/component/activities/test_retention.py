"""What is kept of voters' opinions, for how long and why; and that it goes in time, with a line that says how much."""

from datetime import timedelta
from typing import Any

import pytest
import structlog

from services.activities.driver import forget_now
from shared.process.turns import Turns
from tests.component.activities.conftest import Office
from tests.component.activities.test_contacts import CONTACT
from tests.fixtures.apps import TOWN

TEXT = "张家门口的路灯坏了"


async def closed_before(office: Office, days: int, **fields: Any) -> str:
    """An opinion with text, answer and contact, closed so many days ago."""
    day = (office.driver.alive.store.clock.today() - timedelta(days=days)).isoformat()
    body = {"received_on": day, "channel": "phone", "text": TEXT, "closed_on": day, **fields}
    return f"/opinions/{(await office.post('/opinions', body))['id']}"


async def ruled(office: Office, **rules: Any) -> None:
    town = {"id": "340281199", "version": 2, "name": "示例镇", "rules": rules}
    await office.driver.says("roster.town.changed.v1", town)


async def test_each_rule_says_what_how_long_and_why(office: Office) -> None:
    rules = {rule["id"]: rule for rule in (await office.get("/retention"))["items"]}
    assert rules["opinions.contacts"]["days"] == 30
    assert rules["opinions.texts"]["days"] == 3650
    assert all("第" in rule["basis"] or "规定" in rule["basis"] for rule in rules.values())
    await ruled(office, contact_keep_days=7, opinion_keep_days=1825)
    rules = {rule["id"]: rule["days"] for rule in (await office.get("/retention"))["items"]}
    assert (rules["opinions.contacts"], rules["opinions.texts"]) == (7, 1825)


@pytest.mark.parametrize(("days_ago", "left"), [(3650, True), (3651, False)])
async def test_text_and_answer_go_in_time_and_are_counted_as_before(
    office: Office, days_ago: int, left: bool
) -> None:
    path = await closed_before(office, days_ago)
    await office.driver.call("PUT", f"{path}/contact", CONTACT)
    with structlog.testing.capture_logs() as lines:
        for _ in range(2):
            await forget_now(office.driver.alive, Turns("activities", "test"))
    opinion = await office.get(path)
    assert (opinion["text"], opinion["erased"] is None) == ((TEXT, True) if left else ("", False))
    assert (opinion["state"], opinion["channel"]) == ("closed", "phone")
    assert (await office.driver.call("GET", f"{path}/contact")).status == 404, "closed long ago"
    said = [(line["rule"], line["records"]) for line in lines if line["event"] == "erased in time"]
    texts = [] if left else [("opinions.texts", 1)]
    assert said == [("opinions.contacts", 1), *texts]
    if not left:
        assert opinion["erased"]["by"] == "service:activities"
        assert "opinions.texts" in opinion["erased"]["reason"]
        assert (await office.told())[-1] == "opinion.erased.v1"
    assert (await office.get("/integrity"))["faults"] == []


async def test_the_rule_pack_says_how_long_a_text_is_kept(office: Office) -> None:
    await ruled(office, opinion_keep_days=400)
    gone, kept = await closed_before(office, 401), await closed_before(office, 399)
    await forget_now(office.driver.alive, Turns("activities", "test"))
    assert [(await office.get(path))["text"] for path in (gone, kept)] == ["", TEXT]


async def test_what_is_not_closed_is_kept(office: Office) -> None:
    path = await closed_before(office, 5000, closed_on=None)
    await forget_now(office.driver.alive, Turns("activities", "test"))
    assert (await office.get(path))["text"] == TEXT


async def test_an_opinion_that_cannot_be_read_is_counted_and_holds_up_no_other(office: Office) -> None:
    broken, over = [await closed_before(office, 3651) for _ in range(2)]
    for path in (broken, over):
        await office.driver.call("PUT", f"{path}/contact", CONTACT)
    store, turns = office.driver.alive.store, Turns("activities", "test")
    id = broken.removeprefix("/opinions/")
    unreadable = {"$set": {"channel": ["电话"]}}
    await store.database["opinions"].update_one({"_id": id, "town": TOWN}, unreadable)
    await forget_now(office.driver.alive, turns)
    assert (await office.get(over))["text"] == ""
    assert (await office.driver.call("GET", f"{over}/contact")).status == 404
    assert sorted(turns.failing) == [f"opinions.contacts/{id}", f"opinions.texts/{id}"]
    [kept] = await store.find("opinions", {"_id": id})
    assert kept["text"] == TEXT


@pytest.mark.parametrize("days", [0, 364, -1, "10", None])
async def test_a_town_cannot_have_its_ledger_erased_within_the_year(office: Office, days: Any) -> None:
    await ruled(office, opinion_keep_days=days)
    path = await closed_before(office, 1000)
    await forget_now(office.driver.alive, Turns("activities", "test"))
    assert (await office.get(path))["text"] == TEXT


@pytest.mark.parametrize(("role", "status"), [("deputy", 200), ("county", 200), ("teller", 403)])
async def test_who_may_read_the_records_may_read_how_long_they_are_kept(
    office: Office, role: str, status: int
) -> None:
    answer = await office.driver.call("GET", "/retention", token=office.driver.token(role))
    assert answer.status == status
