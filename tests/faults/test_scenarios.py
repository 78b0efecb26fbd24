"""What no plan of faults at random has: a poisoned town, a service set back to yesterday, a long backlog."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any, Final

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from services.cli.auditing import audit
from services.cli.client import Client, calling
from shared.envelope import GENESIS, Event, source_of
from shared.events.sorting import ABANDONED
from shared.process.serve import started
from shared.storage.outbox import position
from shared.transport import Message
from shared.transport.rabbit import RabbitTransport
from tests.e2e.comparing import told, without_proof
from tests.faults import checks
from tests.faults.plan import Plan, calm
from tests.faults.stage import Stage
from tests.faults.story import (
    OTHER_TOWN,
    TOWN,
    YearReport,
    close,
    fetch_report,
    import_and_close,
    import_example,
)
from tests.fixtures.streams import people
from tests.probes import eventually

pytestmark = [pytest.mark.own_servers, pytest.mark.faults]

BACKLOG: Final = 50_000 if os.environ.get("FAULTS_N") else 5_000
"""The long one belongs to `make faults`."""
Database = Any
NewStage = Callable[[Plan], Awaitable[Stage]]


@asynccontextmanager
async def databases(stage: Stage) -> AsyncIterator[dict[str, Database]]:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(stage.machines.mongo.url)
    yield {service: client[f"{stage.prefix}{service}"] for service in checks.RECEIVED}
    client.close()


async def post(stage: Stage, town: str, path: str, body: dict[str, Any], role: str = "office") -> Any:
    async with calling() as session:
        client = Client(session, stage.url, stage.keys.mint("clerk", town, [role]))
        return await client.json("POST", path, body)


async def same_year(stage: Stage, calm_year: YearReport) -> None:
    year = await fetch_report(stage)
    for part, said in told(calm_year.report).items():
        assert told(year.report)[part] == said
    assert without_proof(year.docx) == without_proof(calm_year.docx)


def appended(town: str, after: int, previoushash: str, count: int) -> list[Event]:
    """Events of `count` new people after a head."""
    return list(islice(people(town, after, previoushash), count))


async def append(roster: Database, events: list[Event], *, missing: int = 0) -> None:
    """Write events to the log of `roster`, which is down; the first `missing` of them are lost."""
    documents = [
        {"_id": position(e.source, e.sequence), "type": e.type, "body": e.encode().decode()} for e in events
    ]
    for start in range(missing, len(documents), 100):
        await roster["outbox"].insert_many(documents[start : start + 100])
    head = {"sequence": events[-1].sequence, "hash": events[-1].hash}
    await roster["streams"].update_one({"_id": events[-1].source}, {"$set": head}, upsert=True)


@pytest.mark.nightly
async def test_a_poisoned_town_stops_no_other(calm_year: YearReport, new_stage: NewStage) -> None:
    async with await new_stage(calm()) as stage, databases(stage) as database:
        async with stage.down("roster"):
            await append(database["roster"], appended(OTHER_TOWN, 0, GENESIS, 3), missing=1)
        (first,) = appended(OTHER_TOWN, 3, "0" * 64, 1)
        wrong = {**first.data, "name": {"not": "a name"}}
        bodies = {
            "roster.person.registered.v1": b"\xff no event",
            "roster.person.registered.v2": first.encode(),
            "roster.deputyship.begun.v1": first.model_copy(update={"data": wrong}).hashed().encode(),
        }
        transport = RabbitTransport(stage.machines.amqp_url, service="roster")
        async with started(transport):
            await transport.publish(
                [
                    Message(type=type, body=body, id=position(source_of(OTHER_TOWN, "roster"), 10 + n))
                    for n, (type, body) in enumerate(bodies.items())
                ]
            )
        await import_and_close(stage)
        await same_year(stage, calm_year)
        assert stage.crashes == []
        async with calling() as session:
            client = Client(session, stage.url, stage.keys.mint("auditor", "3402", ["auditor"]))
            assert (await audit(client, TOWN)).faults == {}
            named = "\n".join((await audit(client, OTHER_TOWN)).faults)
            assert "未能处理" in named, named


@pytest.mark.nightly
async def test_a_service_set_back_to_yesterday_is_followed(
    calm_year: YearReport, new_stage: NewStage
) -> None:
    async with await new_stage(calm()) as stage, databases(stage) as database:
        await import_example(stage)
        await checks.settled(stage)
        names = await database["activities"].list_collection_names()
        yesterday = {name: await database["activities"][name].find({}).to_list(None) for name in names}
        for day in (1, 2, 3):
            activity = {"kind": "group_activity", "title": f"活动{day}", "held_on": f"2020-03-0{day}"}
            await post(stage, TOWN, f"/activities/v1/towns/{TOWN}/activities", activity)
        await checks.settled(stage)
        async with stage.down("activities"):
            for name, documents in yesterday.items():
                await database["activities"][name].delete_many({})
                for start in range(0, len(documents), 100):
                    await database["activities"][name].insert_many(documents[start : start + 100])
        await post(stage, TOWN[:6], "/activities/v1/streams:restored", {"area": TOWN}, role="service")
        await close(stage)
        dead = f"/reports/v1/towns/{TOWN}/dead"
        async with calling() as session:
            operator = Client(session, stage.url, stage.keys.mint("operator", TOWN, ["service"]))
            undone = (await operator.json("GET", dead))["items"]
            assert [letter["reason"] for letter in undone] == [ABANDONED] * 3
            # They were acknowledged once: the report names them until somebody has settled them.
            (named,) = [
                finding
                for finding in (await fetch_report(stage)).report["findings"]
                if finding["rule"] == "events.parked"
            ]
            assert "有3件" in named["message"]
            for letter in undone:
                await operator.json("POST", f"{dead}/{letter['id']}:drop", {"reason": "已重新登记"})
        await close(stage)
        await same_year(stage, calm_year)
        await checks.settled(stage)
        assert stage.crashes == []


@pytest.mark.nightly
async def test_a_long_backlog_is_caught_up_while_a_year_is_closed(
    calm_year: YearReport, new_stage: NewStage
) -> None:
    async with await new_stage(calm()) as stage, databases(stage) as database:
        async with stage.down("activities"):
            async with stage.down("roster"):
                await append(database["roster"], appended(OTHER_TOWN, 0, GENESIS, BACKLOG))

            async def relayed() -> bool:
                cursor = await database["roster"]["cursors"].find_one({})
                return bool(cursor and cursor["published"] == BACKLOG)

            await eventually(relayed)
        await import_and_close(stage)
        await same_year(stage, calm_year)
        await checks.settled(stage)
        assert stage.crashes == []
