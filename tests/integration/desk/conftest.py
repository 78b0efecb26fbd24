"""A system of this process without records, and a clerk at the command line."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.cli.__main__ import app
from services.cli.client import Client, calling
from services.host.standalone import running_system
from shared.process.serve import key_store
from shared.settings import Settings
from tests.fixtures.mongo import dropped_afterwards

TOWN = "340281199"


@dataclass(frozen=True)
class Desk:
    client: Client

    async def lvzhi(self, *arguments: str | Path) -> tuple[int, str]:
        """A command as typed: the loop of this process goes on serving meanwhile."""
        given = [*map(str, arguments), "--url", self.client.url, "--token", self.client.token]
        result = await asyncio.to_thread(CliRunner().invoke, app, given)
        return result.exit_code, result.output

    async def items(self, service: str, path: str) -> list[dict[str, Any]]:
        return list((await self.client.json("GET", f"/{service}/v1/towns/{TOWN}/{path}", limit=200))["items"])


@pytest.fixture
async def desk(mongo_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with dropped_afterwards(mongo_url) as prefix:
        settings = Settings(
            port=0, data_dir=tmp_path / "data", mongodb_url=mongo_url, amqp_url=None, database_prefix=prefix
        )
        async with running_system(settings) as system, calling() as session:
            yield Desk(Client(session, system.url, key_store(settings).mint("office", TOWN, ["office"])))
