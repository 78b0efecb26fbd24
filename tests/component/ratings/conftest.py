"""The ratings service alone in this process, as a town's office, tellers and readers meet it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from services.ratings.app import build
from services.ratings.settings import Settings
from shared.envelope import Event, source_of
from shared.storage import outbox
from tests.fixtures.apps import TOWN, Answer, Drive, Driver

ROW = {"satisfied": 30, "basically_satisfied": 10, "dissatisfied": 4, "abstain": 1, "spoiled": 0}


def locs(answer: Answer) -> set[str]:
    return {error["loc"] for error in answer.json["errors"]}


@dataclass
class Town:
    """One town's ratings, seen from outside, and a roster that states facts to it."""

    driver: Driver

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        as_: str = "o1:office",
        area: str = TOWN,
        headers: Mapping[str, str] | None = None,
        data: bytes | None = None,
    ) -> Answer:
        """`as_` is "subject:role:role", with "@meeting" after it where the account is bound to one."""
        who, _, meeting = as_.partition("@")
        subject, *roles = who.split(":")
        bound: dict[str, Any] = {"meeting_id": meeting} if meeting else {}
        token = self.driver.keys.mint(subject, area, roles, **bound)
        return await self.driver.call(method, f"/{path}", body, token=token, headers=headers, data=data)

    async def post(self, path: str, body: object = None, *, as_: str = "o1:office") -> Answer:
        return await self.ask("POST", path, {} if body is None else body, as_=as_)

    async def get(self, path: str, *, as_: str = "o1:office") -> Answer:
        return await self.ask("GET", path, as_=as_)

    async def deputy(self, id: str, name: str, **facts: Any) -> str:
        """A deputy as the roster states him, with a field nobody here has heard of."""
        await self.driver.says("roster.person.registered.v1", {"id": f"p-{id}", "name": name})
        fact = {
            "id": id,
            "person_id": f"p-{id}",
            "level": "town",
            "started_on": "2017-01-01",
            "unheard_of": 1,
        }
        await self.driver.says("roster.deputyship.started.v1", {**fact, **facts})
        return id

    async def events(self) -> list[Event]:
        """Everything this service has announced about the town."""
        return await outbox.read(self.driver.alive.store, source_of(TOWN, "ratings"), after=0, limit=1000)

    async def scheme(self, **changes: Any) -> str:
        answer = await self.post("schemes", {"name": "满意度测评", "min_published": 10, **changes})
        assert answer.status == 201, answer.json
        return str(answer.json["id"])

    async def meeting(self, deputies: Sequence[str] = ("d1", "d2"), **changes: Any) -> str:
        """A planned meeting with its own scheme unless one is given."""
        for id in deputies:
            await self.deputy(id, f"示例{id}")
        body = {"held_on": "2020-12-03", "deputyship_ids": list(deputies), **changes}
        body.setdefault("scheme_id", await self.scheme())
        if body.get("method", "paper") != "paper":
            body.setdefault("presiding", "p1")
        answer = await self.post("meetings", body)
        assert answer.status == 201, answer.json
        return str(answer.json["id"])

    async def lead(self, meeting: str, verb: str, body: object = None) -> Answer:
        """Open, close, publish or revoke, as whoever leads the meeting."""
        presiding = (await self.get(f"meetings/{meeting}")).json["presiding"]
        leader = f"{presiding}:teller" if presiding else "o1:office"
        return await self.post(f"meetings/{meeting}:{verb}", body, as_=leader)

    async def opened(self, deputies: Sequence[str] = ("d1", "d2"), **changes: Any) -> str:
        id = await self.meeting(deputies, **changes)
        assert (await self.lead(id, "open")).status == 200
        return id

    async def counted(self, deputies: Sequence[str] = ("d1", "d2"), **changes: Any) -> str:
        """An open meeting with two equal entries by t1 and t2."""
        id = await self.opened(deputies, **changes)
        for entry, teller in ((1, "t1:teller"), (2, "t2:teller")):
            answer = await self.post(f"meetings/{id}/counts", a_sheet(entry, deputies), as_=teller)
            assert answer.status == 201, answer.json
        return id

    async def published(self, deputies: Sequence[str] = ("d1", "d2"), **changes: Any) -> str:
        id = await self.counted(deputies, **changes)
        for verb in ("close", "publish"):
            answer = await self.lead(id, verb)
            assert answer.status == 200, answer.json
        return id


def a_sheet(entry: int, deputies: Sequence[str] = ("d1", "d2"), **changes: Any) -> dict[str, Any]:
    counts = {one: dict(ROW) for one in deputies}
    return {"entry": entry, "issued": 46, "returned": 46, "void": 1, "counts": counts, **changes}


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that these tests name as unknown is on its way, and the broker is in this process."""
    monkeypatch.setattr("shared.storage.work.ARRIVAL_SECONDS", 0.3)


@pytest.fixture
async def town(drive: Drive, tmp_path: Path) -> Town:
    return Town(await drive(build(Settings(data_dir=tmp_path))))
