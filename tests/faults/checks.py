"""Invariants after any run: every acknowledged write exists once, every event arrived, there are no dead letters."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import aiohttp
from motor.motor_asyncio import AsyncIOMotorClient

from services.activities import consumers as activities
from services.host.installation import LEDGERS
from services.ratings import consumers as ratings
from services.reports import consumers as reports
from services.roster import consumers as roster
from shared.envelope import Event, verify_chain
from shared.transport.rabbit import RabbitTransport
from tests.faults.stage import Stage
from tests.faults.story import OTHER_TOWN, TOWN, Writer
from tests.probes import eventually

RECEIVED: Final = {
    "roster": roster.SUBSCRIPTION.streams,
    "activities": activities.SUBSCRIPTION.streams,
    "ratings": ratings.SUBSCRIPTION.streams,
    "reports": reports.SUBSCRIPTION.streams,
}


async def log_of(stage: Stage, service: str, town: str) -> list[Event]:
    """A stream as served by the feed."""
    token = stage.keys.mint("auditor", town, ["auditor"])
    events: list[Event] = []
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        while True:
            url = f"{stage.url}/{service}/v1/towns/{town}/events?after={len(events)}&limit=1000"
            async with session.get(url) as answer:
                assert answer.status == 200, await answer.text()
                batch: list[dict[str, Any]] = await answer.json(content_type=None)
            events += [Event.model_validate(event) for event in batch]
            if len(batch) < 1000:
                return events


async def logs_are_whole(stage: Stage) -> dict[tuple[str, str], list[Event]]:
    """The sequence of every stream is 1, 2, 3 … without duplicates, and the hash chain is intact."""
    logs = {(s, town): await log_of(stage, s, town) for s in LEDGERS for town in (TOWN, OTHER_TOWN)}
    for (service, _), events in logs.items():
        sequence, _ = verify_chain(events)
        assert sequence == len(events)
        versions = Counter((e.subject, e.data.get("version")) for e in events if "version" in e.data)
        assert not [key for key, times in versions.items() if times > 1], service
    return logs


async def settled(stage: Stage) -> None:
    """Cursors equal the heads, every consumer has every event, and there are no open replay requests."""
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(stage.machines.mongo.url)

    async def numbers(service: str, collection: str, *fields: str) -> dict[str, tuple[int, ...]]:
        cursor = client[f"{stage.prefix}{service}"][collection].find({})
        return {d["_id"]: tuple(d[field] for field in fields) async for d in cursor}

    async def quiet() -> bool:
        heads = {service: await numbers(service, "streams", "sequence") for service in LEDGERS}
        for service, streams in heads.items():
            assert await numbers(service, "cursors", "published") == streams, service
        for listener, services in RECEIVED.items():
            due = {source: (n, n) for service in services for source, (n,) in heads[service].items()}
            assert await numbers(listener, "sources", "upto", "seen") == due, listener
        return heads == {service: await numbers(service, "streams", "sequence") for service in LEDGERS}

    try:
        await eventually(quiet, every=0.1)
        for service in LEDGERS:
            database = client[f"{stage.prefix}{service}"]
            assert await database["replays"].count_documents({}) == 0, service
            assert await database["inbox"].count_documents({"parked": {"$exists": True}}) == 0, service
    finally:
        client.close()


async def closings_become_whole(stage: Stage, writers: Sequence[Writer]) -> None:
    """Every closing that was requested while others wrote is compiled, or replaced by a later one that is."""
    token = stage.keys.mint("office", OTHER_TOWN, ["office"])
    asked = [url for writer in writers for url in writer.closings]
    assert asked
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:

        async def whole() -> bool:
            states = []
            for url in asked:
                async with session.get(url) as answer:
                    closing = await answer.json(content_type=None)
                    assert closing.get("state") in ("compiled", "superseded"), (url, closing)
                    states.append(closing["state"])
            return "compiled" in states

        await eventually(whole, every=0.2)


async def nothing_is_parked(stage: Stage) -> None:
    broker = RabbitTransport(stage.machines.amqp_url, service="checks")
    for service in LEDGERS:
        dead_letters = await broker.dead_letters(service)
        assert dead_letters == [], (service, dead_letters[0].headers)


async def writes_are_there_once(
    stage: Stage, writer: Writer, logs: dict[tuple[str, str], list[Event]]
) -> None:
    token = stage.keys.mint("auditor", OTHER_TOWN, ["office"])
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        for path, tried in writer.tried.items():
            acknowledged = writer.acknowledged.get(path, {})
            kept: dict[str, list[str]] = {}
            for event in logs[path.split("/")[1], OTHER_TOWN]:
                mark = event.data.get("name") or event.data.get("title")
                if mark in tried and event.data["version"] == 1:
                    kept.setdefault(mark, []).append(event.data["id"])
            assert {mark: ids for mark, ids in kept.items() if len(ids) > 1} == {}, "written twice"
            for mark, id in acknowledged.items():
                assert kept.get(mark) == [id], (path, mark)
                async with session.get(f"{stage.url}{path}/{id}") as answer:
                    assert answer.status == 200, (path, mark)


async def reached(stage: Stage) -> str:
    """Positions of streams, cursors and consumers, for the message of a failed run."""
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(stage.machines.mongo.url)
    lines = []
    try:
        for service in LEDGERS:
            database = client[f"{stage.prefix}{service}"]
            for name in ("streams", "cursors", "sources", "replays", "processes"):
                lines += [f"{service} {name} {d}" async for d in database[name].find({}, {"hash": 0})]
    finally:
        client.close()
    return "\n".join(lines)
