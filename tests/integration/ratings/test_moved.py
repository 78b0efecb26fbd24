"""A vote that began in one process is counted by another, started elsewhere; what runs beside it destroys no keys."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.fixtures.systems import alone
from tests.integration.ratings.test_killed import Office, vote
from tests.probes import PATIENCE

pytestmark = [pytest.mark.own_servers]

VOTERS = 20
EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.nightly
async def test_a_vote_is_counted_by_a_process_started_elsewhere(tmp_path: Path) -> None:
    here, elsewhere, data = (tmp_path / name for name in ("here", "elsewhere", "data"))
    for folder in (here, elsewhere, data, tmp_path / "other"):
        folder.mkdir()
    async with aiohttp.ClientSession() as client, alone(data, here) as system:
        office = Office(system, client)
        path, deputy, codes = await office.meeting()
        assert {await vote(office, code, deputy, "satisfied") for code in codes[:VOTERS]} == {200}
        async with alone(tmp_path / "other", here) as other:
            story = ("--examples", str(EXAMPLES), "--out", str(tmp_path / "out"))
            other.spawn("demo", "services.cli", "demo", *story)
            demo = other.processes.pop("demo")
            assert await asyncio.to_thread(demo.wait, PATIENCE) == 0, other.logs()
        system.stop()
        system.folder = elsewhere
        system.serve()
        await system.ready()
        for verb in ("close", "publish"):
            await office.send("POST", f"{path}:{verb}", {}, office.presiding)
        results = await office.send("GET", f"{path}/results")
        assert (results["returned"], results["valid"]) == (VOTERS, VOTERS)
        assert results["deputies"][0]["counts"]["satisfied"] == VOTERS
    assert list(elsewhere.iterdir()) == []
