"""`lvzhi check` on a running system: nothing to say of a whole one, and every kind of damage is named."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from services.cli.__main__ import app
from services.host.installation import SERVICES
from shared.envelope import Event
from shared.storage.outbox import position
from tests.integration.audit.conftest import TOWN, Office


async def first(office: Office, service: str, collection: str, fits: Callable[[Any], bool]) -> dict[str, str]:
    """The key of the first record that fits; a query for it would have no index."""
    documents = await office.collection(service, collection).find({}, sort=[("_id", 1)]).to_list(None)
    return next({"_id": document["_id"]} for document in documents if fits(document))


@asynccontextmanager
async def changed(
    office: Office, service: str, collection: str, found: Mapping[str, Any], change: Mapping[str, Any] | None
) -> AsyncIterator[dict[str, Any]]:
    """One document changed by a MongoDB update behind the service's back, or taken away; put back afterwards."""
    there = office.collection(service, collection)
    before = await there.find_one(found, sort=[("_id", 1)])
    assert before is not None
    place = {name: before[name] for name in ("_id", "town") if name in before}
    if change is None:
        await there.delete_one(place)
    else:
        await there.update_one(place, change)
    try:
        yield before
    finally:
        await there.replace_one(place, before, upsert=True)


async def said(office: Office) -> str:
    status, output = await office.lvzhi("check", TOWN)
    assert status == 1, output
    return output


async def test_a_whole_system_has_nothing_said_of_it(office: Office) -> None:
    status, output = await office.lvzhi("check")
    assert status == 0, output
    assert f"✓ {TOWN}" in output


# Damage to the log.


async def test_an_event_that_was_changed(office: Office) -> None:
    key = {"_id": position(f"/{TOWN}/activities", 7)}
    body = json.loads((await office.collection("activities", "outbox").find_one(key))["body"])
    body["data"]["year"] = 1999
    async with changed(office, "activities", "outbox", key, {"$set": {"body": json.dumps(body)}}):
        output = await said(office)
        assert f"/{TOWN}/activities：第 7 号（{body['type']} {body['subject']}）写成以后被改动过" in output


async def test_an_event_that_is_gone(office: Office) -> None:
    async with changed(office, "roster", "outbox", {"_id": position(f"/{TOWN}/roster", 9)}, None):
        assert f"/{TOWN}/roster：缺第 9 号" in await said(office)


async def test_an_event_sealed_anew_after_it_was_changed(office: Office) -> None:
    """The chain shows it at the event after, and so does every service that had heard the old one."""
    key = {"_id": position(f"/{TOWN}/ratings", 2)}
    event = Event.decode((await office.collection("ratings", "outbox").find_one(key))["body"])
    forged = event.model_copy(update={"actor": "somebody else"}).hashed()
    async with changed(office, "ratings", "outbox", key, {"$set": {"body": forged.encode().decode()}}):
        output = await said(office)
        assert "第 3 号接的不是这里的第 2 号" in output
        assert f"工作总结收到的 /{TOWN}/ratings：第 2 号的散列与来源的不同" in output


async def test_a_record_that_cites_a_roster_that_was_not(office: Office) -> None:
    """Sealed anew, so that only the chain and what the roster's log says of that day speak against it."""
    outbox = office.collection("activities", "outbox")
    bodies = [document["body"] async for document in outbox.find().sort("_id", 1)]
    events = [Event.decode(body) for body in bodies]
    held = next(event for event in events if event.type == "activities.session.held.v1")
    assert held.data["roster_hash"]
    forged = held.model_copy(update={"data": {**held.data, "roster_hash": "0" * 64}}).hashed()
    key = {"_id": position(held.source, held.sequence)}
    async with changed(office, "activities", "outbox", key, {"$set": {"body": forged.encode().decode()}}):
        output = await said(office)
        assert (
            f"{held.source} {held.subject}：引用的名册散列与名册第 {held.data['roster_sequence']} 号时"
            in output
        )


async def test_a_head_that_is_not_the_logs(office: Office) -> None:
    async with changed(office, "roster", "streams", {}, {"$set": {"hash": "0" * 64}}):
        output = await said(office)
        assert "登记的末号是第" in output
        assert "签名的末号声明" in output


async def test_a_cursor_beyond_the_log(office: Office) -> None:
    async with changed(office, "roster", "cursors", {}, {"$set": {"published": 99_999}}):
        assert "已交给消息通道到第 99999 号" in await said(office)


# Damage to the records.


async def test_a_record_that_differs_from_its_latest_event(office: Office) -> None:
    async with changed(office, "roster", "people", {}, {"$set": {"name": "改过的名字"}}) as before:
        output = await said(office)
        assert f"roster person/{before['_id']}：记录与最近的事件" in output
        assert "不一致：name" in output
        assert "改过的名字" not in output


async def test_a_record_that_is_gone(office: Office) -> None:
    async with changed(office, "roster", "people", {}, None) as before:
        output = await said(office)
        assert f"roster person/{before['_id']}：第" in output
        assert "事件说到的记录已经不在了" in output
        assert f"person_id 指向不存在的 people：{before['_id']}" in output


async def test_a_record_nobody_ever_announced(office: Office) -> None:
    stations = office.collection("roster", "stations")
    stray = {**await stations.find_one({}), "_id": "stray", "name": "无人宣布的站点"}
    await stations.insert_one(stray)
    try:
        assert "roster station/stray：有这条记录，日志中却没有它的事件" in await said(office)
    finally:
        await stations.delete_one({"_id": "stray", "town": stray["town"]})


async def test_a_record_no_rule_would_have_let_in(office: Office) -> None:
    async with changed(office, "roster", "deputyships", {}, {"$set": {"level": "moon"}}) as before:
        assert f"roster deputyship/{before['_id']}：记录不合规定：level" in await said(office)


REFERENCES = [
    ("roster", "deputyships", "person_id"),
    ("roster", "deputyships", "group_id"),
    ("activities", "activities", "group_id"),
    ("activities", "activities", "station_id"),
    ("activities", "suggestions", "lead_deputyship_id"),
    ("ratings", "meetings", "deputyship_ids.0"),
    ("reports", "reports", "closing_id"),
]


async def test_a_reference_to_nothing(office: Office) -> None:
    async with AsyncExitStack() as stack:
        for service, collection, field in REFERENCES:
            nobody = {"$set": {field: "nobody"}}
            await stack.enter_async_context(changed(office, service, collection, {}, nobody))
        lines = (await said(office)).splitlines()
    for service, _, field in REFERENCES:
        wanted = f"{field.partition('.')[0]} 指向不存在的"
        assert [line for line in lines if service in line and wanted in line], (service, field)


async def test_an_attendance_sheet_that_names_somebody_unknown_or_twice(office: Office) -> None:
    key = await first(office, "activities", "activities", lambda a: len(a["attendance"]["present"]) > 1)
    async with changed(office, "activities", "activities", key, {"$set": {"attendance.present.0": "nobody"}}):
        assert "attendance.present 指向不存在的 deputyships：nobody" in await said(office)
    sheet = (await office.collection("activities", "activities").find_one(key))["attendance"]
    twice = {"$set": {"attendance.present.1": sheet["present"][0]}}
    async with changed(office, "activities", "activities", key, twice):
        assert "在出勤表中登记了两次" in await said(office)


async def test_a_count_that_does_not_add_up(office: Office) -> None:
    key = await first(office, "ratings", "meetings", lambda meeting: meeting["state"] == "published")
    async with changed(office, "ratings", "meetings", key, {"$inc": {"result.issued": 1}}):
        assert "发出票数不等于收回、未收回之和" in await said(office)


# Damage to what was taken in of others.


async def test_a_copy_that_fell_behind_and_one_that_is_missing(office: Office) -> None:
    async with changed(office, "activities", "people", {}, {"$set": {"version": 0}}) as before:
        assert f"activities people/{before['_id']}：副本是第 0 版，来源已是第 1 版" in await said(office)
    async with changed(office, "ratings", "deputyships", {}, None) as before:
        assert f"ratings deputyships/{before['_id']}：缺少副本" in await said(office)


async def test_an_event_taken_in_with_another_hash(office: Office) -> None:
    key = {"_id": position(f"/{TOWN}/roster", 5)}
    async with changed(office, "activities", "inbox", key, {"$set": {"hash": "0" * 64}}):
        assert f"履职活动收到的 /{TOWN}/roster：第 5 号的散列与来源的不同" in await said(office)


async def test_an_event_that_was_taken_in_and_is_gone(office: Office) -> None:
    async with changed(office, "reports", "inbox", {"_id": position(f"/{TOWN}/roster", 5)}, None):
        assert f"/{TOWN}/roster（工作总结）：没有收到第 5 号" in await said(office)


async def test_an_event_kept_in_other_words(office: Office) -> None:
    key = {"_id": position(f"/{TOWN}/activities", 7)}
    body = json.loads((await office.collection("reports", "inbox").find_one(key))["body"])
    body["data"]["year"] = 1999
    async with changed(office, "reports", "inbox", key, {"$set": {"body": json.dumps(body)}}):
        assert f"/{TOWN}/activities（工作总结）：第 7 号" in await said(office)


async def test_a_mark_that_promises_too_much(office: Office) -> None:
    mark = {"$set": {"upto": 99_999, "seen": 99_999}}
    async with changed(office, "reports", "sources", {"_id": f"/{TOWN}/roster"}, mark):
        assert f"/{TOWN}/roster（工作总结）：没有收到第" in await said(office)


async def test_after_everything_was_mended_nothing_is_said_again(office: Office) -> None:
    status, output = await office.lvzhi("check", TOWN)
    assert status == 0, output


# Accounts.


async def test_an_event_of_accounts_that_was_changed(office: Office) -> None:
    body = {"name": "check1", "display_name": "王示例01", "roles": ["office"], "areas": [TOWN]}
    await office.client.json("POST", "/accounts/v1/accounts", body)
    assert (await office.lvzhi("check", TOWN))[0] == 0
    key = {"_id": position(f"/{TOWN}/accounts", 1)}
    event = json.loads((await office.collection("accounts", "outbox").find_one(key))["body"])
    event["data"]["roles"] = ["county"]
    async with changed(office, "accounts", "outbox", key, {"$set": {"body": json.dumps(event)}}):
        assert f"/{TOWN}/accounts：第 1 号（{event['type']} {event['subject']}）" in await said(office)


async def test_a_copy_of_accounts_that_is_stale(office: Office) -> None:
    async with changed(office, "accounts", "deputyships", {}, {"$set": {"version": 99}}) as before:
        assert f"accounts deputyships/{before['_id']}：副本是第 99 版" in await said(office)


async def test_heads_of_accounts_are_signed_with_the_others(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "heads.txt"
    status, output = await office.lvzhi("heads", "sign", TOWN, "-o", str(file))
    assert status == 0, output
    published = [f"{office.client.url}/{name}/jwks.json" for name in SERVICES]
    keys = [argument for place in published for argument in ("--jwks", place)]
    given = [str(file), *keys, "-o", str(tmp_path / "w.txt"), "--keys", str(tmp_path / "county")]
    result = await asyncio.to_thread(CliRunner().invoke, app, ["heads", "witness", *given])
    assert result.exit_code == 0, result.output
    assert f"已见证 /{TOWN}/accounts" in result.output
