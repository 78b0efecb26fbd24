"""The activities service at work, knowing a small town: nine deputies of its own, one of the county's, two groups."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from services.activities.app import build
from services.activities.repository import OWN
from services.activities.settings import Settings
from tests.fixtures.apps import Answer, Drive, Driver

DEPUTIES = [f"d{n}" for n in range(1, 10)]
PRESIDIUM = ["d1", "d2", "d3"]


def a_deputyship(one: str, **state: Any) -> dict[str, Any]:
    number = int(one[1:])
    group = "g1" if number <= 5 else "g2"
    roles = ["presidium"] if one in PRESIDIUM else []
    return {
        "id": one,
        "person_id": f"p{number}",
        "level": "town",
        "congress_number": 17,
        "started_on": "2017-01-10",
        "status": "serving",
        "group_id": group,
        "roles": roles,
        "ended_on": None,
        "suspensions": [],
        "group_history": [{"group_id": group, "from_on": "2017-01-10", "to_on": None}],
        "role_history": [{"role": role, "from_on": "2017-01-10", "to_on": None} for role in roles],
        **state,
    }


@dataclass
class Office:
    """The clerk at work; `quiet` is how refusals are tested: nothing written, nothing told."""

    driver: Driver

    async def post(self, path: str, body: Any, **options: Any) -> Any:
        return await self.driver.post(path, body, **options)

    async def get(self, path: str, **options: Any) -> Any:
        return await self.driver.get(path, **options)

    async def patch(self, path: str, body: Any) -> Any:
        answer = await self.driver.call("PATCH", path, body)
        assert answer.status == 200, answer.json
        return answer.json

    async def told(self) -> list[str]:
        """Verbs and nouns of everything told so far."""
        return [event["type"].removeprefix("activities.") for event in await self.driver.events()]

    async def refused(
        self, method: str, path: str, body: Any, *, status: int, code: str, **options: Any
    ) -> Answer:
        """A refusal with this status and code, and no trace of it in the log or in what the town holds."""
        before = await self._everything()
        answer = await self.driver.call(method, path, body, **options)
        assert (answer.status, answer.json.get("code")) == (status, code), answer.json
        assert answer.json["title"]
        assert await self._everything() == before
        return answer

    async def _everything(self) -> list[Any]:
        database = self.driver.alive.store.database
        names = [collection.name for collection in OWN] + ["outbox"]
        return [await database[name].find().sort("_id").to_list(None) for name in names]


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that these tests name as unknown is on its way, and the broker is in this process."""
    monkeypatch.setattr("shared.storage.work.ARRIVAL_SECONDS", 0.3)
    monkeypatch.setattr("services.activities.repository.QUIET_SECONDS", 0.0)


@pytest.fixture
async def empty_office(drive: Drive) -> Office:
    """Before anything is known of the roster."""
    return Office(await drive(build(Settings())))


@pytest.fixture
async def office(empty_office: Office) -> Office:
    town = {"id": "340281199", "name": "示例镇", "congress_number": 17, "rules": {}}
    groups = [{"id": one, "number": int(one[1:]), "name": None, "level": "town"} for one in ("g1", "g2")]
    people = [{"id": f"p{one[1:]}", "name": f"王示例0{one[1:]}"} for one in DEPUTIES]
    county = a_deputyship("d20", level="county", group_id=None, group_history=[])
    facts: list[tuple[str, dict[str, Any]]] = [
        ("roster.town.registered.v1", town),
        ("roster.station.opened.v1", {"id": "st1", "name": "新城村部", "kind": "activity_room"}),
        *(("roster.group.formed.v1", group) for group in groups),
        *(("roster.person.registered.v1", one) for one in [*people, {"id": "p20", "name": "李示例20"}]),
        *(("roster.deputyship.started.v1", one) for one in [*map(a_deputyship, DEPUTIES), county]),
    ]
    await asyncio.gather(*(empty_office.driver.says(*fact) for fact in facts))
    return empty_office
