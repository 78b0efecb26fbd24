"""The whole system killed in the middle of voting and started again: every voter's ballot counts, once."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from shared.security.keystore import KeyStore
from tests.fixtures.systems import System, alone
from tests.probes import eventually

pytestmark = [pytest.mark.own_servers]

TOWN = "340281199"
VOTERS, AT_ONCE, BEFORE = 240, 24, 80
MARKS = ("satisfied", "basically_satisfied", "dissatisfied", "abstain")
JSON = {"Accept": "application/json"}


class Office:
    """One clerk's requests to one system."""

    def __init__(self, system: System, client: aiohttp.ClientSession) -> None:
        self.system, self.client = system, client
        keys = KeyStore(system.data / "keys")
        self.token, self.presiding = (keys.mint("o1", TOWN, ("office",)), keys.mint("p1", TOWN, ("teller",)))

    async def send(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        url = f"{self.system.url}/{path.format(town=TOWN)}"
        headers = {"Authorization": f"Bearer {token or self.token}", **JSON}
        async with self.client.request(method, url, json=body, headers=headers) as answer:
            told = await answer.json()
            assert answer.status in (200, 201), (path, told)
            return told

    async def meeting(self) -> tuple[str, str, list[str]]:
        """An open meeting by slips: its path, the deputyship rated there, and the codes."""
        await self.send("PUT", "roster/v1/towns/{town}", {"name": "示例镇", "congress_number": 17})
        person = await self.send("POST", "roster/v1/towns/{town}/people", {"name": "王示例01"})
        seat = {"person_id": person["id"], "level": "town", "congress_number": 17, "started_on": "2017-01-01"}
        deputy = await self.send("POST", "roster/v1/towns/{town}/deputyships", seat)
        ratings = "ratings/v1/towns/{town}"
        scheme = await self.send("POST", f"{ratings}/schemes", {"name": "满意度"})
        body = {
            "held_on": "2020-12-03",
            "deputyship_ids": [deputy["id"]],
            "scheme_id": scheme["id"],
            "method": "online",
            "presiding": "p1",
        }
        made = await self.send("POST", f"{ratings}/meetings", body)
        path = f"{ratings}/meetings/{made['id']}"
        slips = await self.send("POST", f"{path}/codes", {"count": VOTERS + 10})
        await self.send("POST", f"{path}:open", {}, self.presiding)
        return path, deputy["id"], slips["codes"]


async def vote(office: Office, code: str, deputy: str, mark: str) -> int | None:
    """The status, or None where no answer came."""
    url = f"{office.system.url}/r/{code}"
    try:
        async with office.client.post(url, json={"choices": {deputy: mark}}, headers=JSON) as answer:
            await answer.read()
            return answer.status
    except aiohttp.ClientError:
        return None


@dataclass
class Hall:
    """Voters with a slip each, before one system that is killed and set up again."""

    office: Office
    deputy: str
    votes: dict[str, str]
    accepted: set[str] = field(default_factory=set)
    up: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: Iterator[tuple[str, str]] = field(init=False)

    async def vote(self) -> None:
        """As people do: who got no receipt tries the same slip again, and is told if it has voted."""
        for code, mark in self.waiting:
            status = None
            while status is None:
                await self.up.wait()
                status = await vote(self.office, code, self.deputy, mark)
            assert status == 200 or (status == 409 and code not in self.accepted)
            if status == 200:
                self.accepted.add(code)

    async def all_vote(self) -> None:
        self.waiting = iter(self.votes.items())
        self.up.set()
        await asyncio.gather(*(self.vote() for _ in range(AT_ONCE)))


async def test_a_kill_in_the_middle_loses_no_ballot_and_doubles_none(tmp_path: Path) -> None:
    async with alone(tmp_path) as system, aiohttp.ClientSession() as client:
        office = Office(system, client)
        path, deputy, codes = await office.meeting()
        hall = Hall(office, deputy, {code: MARKS[n % 7 % 4] for n, code in enumerate(codes[:VOTERS])})

        async def kill() -> set[str]:
            await eventually(lambda: len(hall.accepted) >= BEFORE, every=0.001)
            hall.up.clear()
            system.processes["lvzhi"].kill()
            system.processes.pop("lvzhi").wait()
            before = set(hall.accepted)
            system.serve()
            await system.ready()
            hall.up.set()
            return before

        before, _ = await asyncio.gather(kill(), hall.all_vote())
        assert BEFORE <= len(before) < VOTERS
        again = [await vote(office, code, deputy, hall.votes[code]) for code in sorted(before)[:20]]
        assert set(again) == {409}
        await reconciled(office, path, Counter(hall.votes.values()))


async def reconciled(office: Office, path: str, cast: Counter[str]) -> None:
    for verb in ("close", "publish"):
        await office.send("POST", f"{path}:{verb}", {}, office.presiding)
    results = await office.send("GET", f"{path}/results")
    totals = (results["issued"], results["returned"], results["not_returned"], results["valid"])
    assert totals == (VOTERS + 10, VOTERS, 10, VOTERS)
    (line,) = results["deputies"]
    assert {**line["counts"], "abstain": line["abstain"]} == {mark: cast[mark] for mark in MARKS}
    assert (await office.send("GET", "ratings/v1/towns/{town}/integrity"))["faults"] == []
