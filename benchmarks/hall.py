"""The ratings service with an open meeting, as a process: prints its URL, the deputyship and the codes as JSON."""

import asyncio
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.samples import TOWNS
from services.ratings import events_in, schemas
from services.ratings.app import build
from services.ratings.ballots import BoxKeys
from services.ratings.domain import Method
from services.ratings.handlers import meetings, schemes, voting
from services.ratings.repository import DEPUTYSHIPS, PEOPLE
from services.ratings.settings import Settings
from shared.observability import logs
from shared.process.runtime import running
from shared.process.serve import listening, service_app, until_stopped
from shared.process.service import Running
from shared.security.keystore import KeyStore
from shared.security.tokens import FileKeys, Verifier
from shared.storage.work import Work
from shared.transport.memory import MemoryBroker, MemoryTransport

DEPUTY = "d1"


async def open_meeting(alive: Running, keys: BoxKeys, count: int) -> list[str]:
    """Open a meeting with ballots online and one deputy; return its codes."""

    async def execute(run: Any) -> Any:
        return await alive.store.execute(town=TOWNS[0], actor="clerk", run=run)

    async def plan(work: Work) -> Any:
        work.project(PEOPLE, events_in.Person(id="p1", town=TOWNS[0], version=1, name="张三"))
        work.project(DEPUTYSHIPS, events_in.Deputyship(id=DEPUTY, town=TOWNS[0], version=1, person_id="p1"))
        return await schemes.adopt_scheme(work, schemas.SchemeIn(name="满意度"))

    scheme = await execute(plan)
    body = schemas.MeetingIn(
        held_on=date(2020, 12, 3), deputyship_ids=(DEPUTY,), scheme_id=scheme.id, method=Method.ONLINE
    )
    meeting = await execute(lambda work: meetings.plan_meeting(work, body))
    codes: list[str] = []
    for start in range(0, count, 2000):
        part = min(2000, count - start)
        codes += await execute(lambda work, part=part: voting.issue_slips(work, meeting, part))
    await execute(lambda work: meetings.open_meeting(work, meeting, keys))
    return codes


async def main(mongo_url: str, database: str, folder: str, count: str) -> None:
    logs.configure("ERROR", service="bench")
    settings = Settings(data_dir=Path(folder))
    ratings, transport = build(settings), MemoryTransport(MemoryBroker())
    await transport.start()
    async with running(ratings, mongo_url=mongo_url, transport=transport, database=database) as alive:
        codes = await open_meeting(alive, BoxKeys(settings.box_keys_dir), int(count))
        verifier = Verifier(FileKeys(KeyStore(Path(folder) / "keys").jwks_path))
        app = service_app(alive, verifier)
        async with listening(app, "127.0.0.1", 0) as url:
            print(json.dumps({"url": url, "deputy": DEPUTY, "codes": codes}), flush=True)
            await until_stopped()
    await transport.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
