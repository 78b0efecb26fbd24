"""The ratings service alone in this process: real database, memory transport, driven over HTTP."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from services.ratings.app import service
from shared import outbox
from shared.auth import FileKeys, KeyStore, Verifier
from shared.clock import SystemClock, timestamp
from shared.envelope import GENESIS, Event, source_of
from shared.http import build_app
from shared.ids import new_id
from shared.runtime import Running, running
from shared.transport import Message
from shared.transport.memory import MemoryBroker, MemoryTransport

TOWN = "340281199"
ROW = {"satisfied": 30, "basically_satisfied": 10, "dissatisfied": 4, "abstain": 1, "spoiled": 0}


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def locs(self) -> set[str]:
        return {error["loc"] for error in self.body["errors"]}


@dataclass
class Town:
    """One town's ratings, seen from outside, and a roster that states facts to it."""

    client: TestClient[Any, Any]
    alive: Running
    keys: KeyStore
    transport: MemoryTransport
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        as_: str | None = "o1:office",
        area: str = TOWN,
        town: str = TOWN,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """`as_` is "subject:role"; None goes without a token."""
        sent = dict(headers or {})
        if as_ is not None:
            subject, *roles = as_.split(":")
            sent["Authorization"] = f"Bearer {self.keys.mint(subject, area, roles)}"
        url = f"/ratings/v1/towns/{town}/{path}"
        given: dict[str, Any] = {} if body is None else {"json": body}
        async with self.client.request(method, url, headers=sent, **given) as response:
            text = await response.text()
            return Answer(response.status, json.loads(text) if text else {}, response.headers)

    async def post(self, path: str, body: object = None, *, as_: str = "o1:office") -> Answer:
        return await self.ask("POST", path, {} if body is None else body, as_=as_)

    async def get(self, path: str, *, as_: str = "o1:office") -> Answer:
        return await self.ask("GET", path, as_=as_)

    async def hear(self, type: str, data: Mapping[str, Any]) -> None:
        """Another service states a fact; returns when it has been taken in."""
        source = source_of(TOWN, type.partition(".")[0])
        sequence, previous = self.heads.get(source, (0, GENESIS))
        event = Event(
            id=new_id(),
            source=source,
            type=type,
            subject=f"{type.split('.')[1]}/{data['id']}",
            time=timestamp(SystemClock().now()),
            town=TOWN,
            sequence=sequence + 1,
            previoushash=previous,
            actor="o1",
            data={"town": TOWN, "version": 1, **data},
        ).sealed()
        self.heads[source] = (event.sequence, event.hash)
        await self.transport.publish([Message(event.type, event.encode(), event.id)])

    async def deputy(self, id: str, name: str) -> str:
        await self.hear("roster.person.registered.v1", {"id": f"p-{id}", "name": name})
        fact = {
            "id": id,
            "person_id": f"p-{id}",
            "level": "town",
            "started_on": "2017-01-01",
            "unheard_of": 1,
        }
        await self.hear("roster.deputyship.started.v1", fact)
        return id

    async def events(self) -> list[Event]:
        """Everything this service has announced about the town."""
        return await outbox.read(self.alive.store, source_of(TOWN, "ratings"), after=0, limit=1000)

    async def scheme(self, **changes: Any) -> str:
        answer = await self.post("schemes", {"name": "满意度测评", "min_published": 10, **changes})
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    async def meeting(self, deputies: Sequence[str] = ("d1", "d2"), **changes: Any) -> str:
        """A planned meeting with its own scheme unless one is given."""
        for id in deputies:
            await self.deputy(id, f"示例{id}")
        body = {"held_on": "2020-12-03", "deputyship_ids": list(deputies), **changes}
        body.setdefault("scheme_id", await self.scheme())
        answer = await self.post("meetings", body)
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    async def opened(self, deputies: Sequence[str] = ("d1", "d2"), **changes: Any) -> str:
        id = await self.meeting(deputies, **changes)
        assert (await self.post(f"meetings/{id}:open")).status == 200
        return id

    async def counted(self, deputies: Sequence[str] = ("d1", "d2"), **changes: Any) -> str:
        """An open meeting with two equal entries by t1 and t2."""
        id = await self.opened(deputies, **changes)
        for entry, teller in ((1, "t1:teller"), (2, "t2:teller")):
            answer = await self.post(f"meetings/{id}/counts", a_sheet(entry, deputies), as_=teller)
            assert answer.status == 201, answer.body
        return id

    async def published(self, deputies: Sequence[str] = ("d1", "d2"), **changes: Any) -> str:
        id = await self.counted(deputies, **changes)
        for verb in ("close", "publish"):
            answer = await self.post(f"meetings/{id}:{verb}")
            assert answer.status == 200, answer.body
        return id


def a_sheet(entry: int, deputies: Sequence[str] = ("d1", "d2"), **changes: Any) -> dict[str, Any]:
    counts = {one: dict(ROW) for one in deputies}
    return {"entry": entry, "issued": 46, "returned": 46, "void": 1, "counts": counts, **changes}


@pytest.fixture
async def town(mongo_url: str, database_prefix: str, tmp_path: Path) -> AsyncIterator[Town]:
    keys = KeyStore(tmp_path)
    verifier = Verifier(FileKeys(keys.jwks_path))
    transport = MemoryTransport(MemoryBroker())
    await transport.start()
    async with running(
        service(), mongo_url=mongo_url, transport=transport, database=f"{database_prefix}ratings"
    ) as alive:
        app = build_app(alive.service.api, store=alive.store, verifier=verifier, ready=alive.ready)
        async with TestClient(TestServer(app)) as client:
            yield Town(client, alive, keys, transport)
    await transport.stop()
