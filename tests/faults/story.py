"""Clients of a run: one imports a year and closes it, a writer records which writes were acknowledged."""

import asyncio
import json
import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import aiohttp

from services.cli.client import Away, Client, Refused, calling
from services.cli.office import close_year, import_folder
from tests.faults.stage import Stage
from tests.probes import PATIENCE

T = TypeVar("T")

EXAMPLES: Final = Path("examples")
TOWN: Final = "340281199"
OTHER_TOWN: Final = "340281198"
YEAR: Final = f"/reports/v1/towns/{TOWN}/years/2020"
AS_OF: Final = "2020-12-07"
PACE_SECONDS: Final = 0.25
LOST: Final = (Away, aiohttp.ClientError, TimeoutError)


def unanswered(error: Exception) -> bool:
    """Whether the outcome is unknown or the request should be repeated."""
    if isinstance(error, Refused):
        return error.status in (502, 503, 504) or error.problem.get("code") == "workbook-wrong"
    return isinstance(error, LOST)


async def patiently(act: Callable[[], Awaitable[T]]) -> T:
    """Repeat until there is a response: all requests here are idempotent."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            return await act()
        except Exception as error:
            if not unanswered(error) or asyncio.get_running_loop().time() > deadline:
                raise
        await asyncio.sleep(0.1)


@dataclass(frozen=True)
class YearReport:
    """The report of the year, in the formats that are compared."""

    report: dict[str, Any]
    docx: bytes


async def import_and_close(stage: Stage) -> None:
    await import_example(stage)
    await close(stage)


async def import_example(stage: Stage) -> None:
    """Import the example, set the report's texts."""
    mint = stage.keys.mint
    tellers = [mint(f"teller-{n}", TOWN, ["teller"]) for n in (1, 2)]
    words = tomllib.loads((EXAMPLES / "总结设置.toml").read_text("utf-8"))
    body = json.loads(json.dumps({k: v for k, v in words.items() if k not in ("year", "as_of")}, default=str))
    async with calling() as session:
        office = Client(session, stage.url, mint("office", TOWN, ["office"]))
        await patiently(lambda: import_folder(office, EXAMPLES, tellers, dry_run=False, echo=lambda _: None))
        await patiently(lambda: office.json("PUT", f"{YEAR}/settings", body))


async def close(stage: Stage) -> None:
    """Close the example's year."""
    async with calling() as session:
        office = Client(session, stage.url, stage.keys.mint("office", TOWN, ["office"]))
        stage.closing_begins()
        await patiently(lambda: close_year(office, TOWN, 2020, AS_OF))


async def fetch_report(stage: Stage) -> YearReport:
    async with calling() as session:
        office = Client(session, stage.url, stage.keys.mint("office", TOWN, ["office"]))
        report = await patiently(lambda: office.download(f"{YEAR}/report.json"))
        return YearReport(json.loads(report), await patiently(lambda: office.download(f"{YEAR}/report.docx")))


@dataclass
class Writer:
    """Writes small records of another town to all four services until stopped, and closes its year now and then."""

    stage: Stage
    number: int = 0
    """Writers of one run are told apart by their numbers."""
    acknowledged: dict[str, dict[str, str]] = field(default_factory=dict)
    """{collection: {mark of the record: its id}}"""
    closings: list[str] = field(default_factory=list)
    tried: dict[str, list[str]] = field(default_factory=dict)

    async def write(self, stop: asyncio.Event) -> None:
        async with calling() as session:
            office = self.stage.keys.mint("scribe", OTHER_TOWN, ["office"])
            self._headers = {"Authorization": f"Bearer {office}"}
            town = {"name": "邻镇", "congress_number": 17}
            path = f"{self.stage.url}/roster/v1/towns/{OTHER_TOWN}"
            await patiently(lambda: self._send(session, "PUT", path, town, None))
            turn = 0
            while not stop.is_set():
                turn += 1
                await self._one_of_each(session, f"{turn}号{self.number}", closes=turn % 8 == 1)
                await asyncio.sleep(PACE_SECONDS if self.stage.plan.writers == 1 else 0)

    async def _one_of_each(self, session: aiohttp.ClientSession, turn: str, *, closes: bool) -> None:
        base = f"towns/{OTHER_TOWN}"
        await asyncio.gather(
            self._record(session, f"/roster/v1/{base}/people", f"甲{turn}", {"name": f"甲{turn}"}),
            self._record_once(session, f"/roster/v1/{base}/people", f"乙{turn}", {"name": f"乙{turn}"}),
            self._record(
                session,
                f"/activities/v1/{base}/activities",
                f"活动{turn}",
                {"kind": "group_activity", "title": f"活动{turn}", "held_on": "2020-03-05"},
            ),
            self._record(session, f"/ratings/v1/{base}/schemes", f"办法{turn}", {"name": f"办法{turn}"}),
        )
        if closes:
            closings = f"{self.stage.url}/reports/v1/{base}/years/2020/closings"
            closing = await patiently(
                lambda: self._send(session, "POST", closings, {"as_of": AS_OF}, f"closing {turn}")
            )
            self.closings.append(f"{closings}/{closing['id']}")

    async def _record(self, session: aiohttp.ClientSession, path: str, mark: str, body: Any) -> None:
        """Try until acknowledged, with one Idempotency-Key: exactly one record."""
        self.tried.setdefault(path, []).append(mark)
        created = await patiently(lambda: self._send(session, "POST", self.stage.url + path, body, mark))
        self.acknowledged.setdefault(path, {})[mark] = created["id"]

    async def _record_once(self, session: aiohttp.ClientSession, path: str, mark: str, body: Any) -> None:
        """Try once, without a key: one record or none, and one if acknowledged."""
        self.tried.setdefault(path, []).append(mark)
        try:
            created = await self._send(session, "POST", self.stage.url + path, body, None)
        except (*LOST, Refused) as error:
            if not unanswered(error):
                raise
        else:
            self.acknowledged.setdefault(path, {})[mark] = created["id"]

    async def _send(
        self, session: aiohttp.ClientSession, method: str, url: str, body: Any, key: str | None
    ) -> Any:
        headers = self._headers | ({"Idempotency-Key": f"{key}".encode().hex()} if key else {})
        async with session.request(method, url, json=body, headers=headers) as answer:
            response = await answer.json(content_type=None)
            if answer.status >= 400:
                raise Refused(answer.status, response)
            return response
