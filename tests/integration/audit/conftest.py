"""The example's year in a system of this process, with its databases within reach."""

import asyncio
import json
import tomllib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.cli.__main__ import app
from services.cli.client import Client, calling
from services.cli.office import close_year, import_folder
from services.host.standalone import System, running_system
from shared.process.serve import key_store
from shared.settings import Settings
from tests.fixtures.mongo import dropped_afterwards

TOWN = "340281199"
EXAMPLES = Path("examples")


@dataclass(frozen=True)
class Office:
    """The system, a clerk's client for it, and a clerk at the command line."""

    system: System
    client: Client

    async def lvzhi(self, *arguments: str) -> tuple[int, str]:
        """A command as typed: the loop of this process goes on serving meanwhile."""
        given = [*arguments, "--url", self.client.url, "--token", self.client.token]
        result = await asyncio.to_thread(CliRunner().invoke, app, given)
        return result.exit_code, result.output

    def collection(self, service: str, name: str) -> Any:
        return self.system.services[service].store.database[name]


@pytest.fixture(scope="package")
async def office(mongo_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """One for all tests: who breaks something mends it."""
    data = tmp_path_factory.mktemp("audit")
    async with dropped_afterwards(mongo_url) as prefix:
        settings = Settings(
            port=0, data_dir=data, mongodb_url=mongo_url, amqp_url=None, database_prefix=prefix
        )
        async with running_system(settings) as system, calling() as session:
            keys = key_store(settings)
            client = Client(session, system.url, keys.mint("office", TOWN, ["office"]))
            tellers = [keys.mint(f"teller-{n}", TOWN, ["teller"]) for n in (1, 2)]
            await import_folder(client, EXAMPLES, tellers, dry_run=False, echo=lambda _: None)
            words = tomllib.loads((EXAMPLES / "总结设置.toml").read_text("utf-8"))
            year, as_of = words.pop("year"), words.pop("as_of").isoformat()
            body = json.loads(json.dumps(words, default=str))
            await client.json("PUT", f"/reports/v1/towns/{TOWN}/years/{year}/settings", body)
            await close_year(client, TOWN, year, as_of)
            yield Office(system, client)
